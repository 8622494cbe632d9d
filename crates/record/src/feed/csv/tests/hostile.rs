//! Mutated rows: nothing panics, and splitting loses no byte.

use super::super::{Mapping, Rows, map};
use super::{mapping, root, split};
use proptest::prelude::*;
use std::sync::LazyLock;

const SAMPLES: [(&str, &str); 6] = [
    ("gp-extract", "samples/demo/gp-extract.csv"),
    ("community", "samples/demo/community.csv"),
    ("mental-health", "samples/demo/mental-health.csv"),
    ("social-care", "samples/demo/social-care.csv"),
    ("hospice", "samples/demo/hospice.csv"),
    ("social-care", "samples/broken/social-care.csv"),
];

static FILES: LazyLock<Vec<(Mapping, Vec<u8>)>> = LazyLock::new(|| {
    SAMPLES.iter().map(|(name, path)| (mapping(name), std::fs::read(root().join(path)).unwrap())).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_lose_no_byte_and_never_panic(
        which in 0usize..6,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\",\r\n\xFF{[0/\0".to_vec()), 0u8..3), 0..12),
    ) {
        let (mapping, bytes) = &FILES[which];
        let mut bytes = bytes.clone();
        for (index, byte, what) in &changes {
            let at = index.index(bytes.len());
            match what {
                0 => bytes[at] = *byte,
                1 => bytes.insert(at, *byte),
                _ => { bytes.remove(at); }
            }
        }
        let mut rows = Rows::new(&bytes[..]);
        let mut joined = Vec::new();
        while let Some((_, row)) = rows.next_row().unwrap() {
            joined.extend(row);
        }
        prop_assert_eq!(&joined, &bytes);
        for message in split(&bytes) {
            match map(&message.bytes, mapping) {
                Ok(mapped) => prop_assert!(!mapped.resources.is_empty()),
                Err(reason) => prop_assert!(!reason.code.is_empty() && !reason.sentence.is_empty()),
            }
        }
    }

    #[test]
    fn any_bytes_are_a_message_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let header = split(&FILES[3].1)[0].bytes.split(|byte| *byte == b'\n').next().unwrap().to_vec();
        let _ = map(&bytes, &FILES[3].0);
        let _ = map(&[header, b"\n".to_vec(), bytes].concat(), &FILES[3].0);
    }

    #[test]
    fn mutated_mappings_never_panic(index in any::<prop::sample::Index>(), byte in prop::sample::select(b"\"[]{}=#.,a@\n".to_vec())) {
        let text = std::fs::read_to_string(root().join("places/stockport/mappings/community.toml")).unwrap();
        let mut bytes = text.into_bytes();
        let at = index.index(bytes.len());
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = Mapping::parse(&text, "community.toml");
        }
    }
}
