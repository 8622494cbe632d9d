//! No bytes may stop the program, nor make it do more work than they are worth.

use std::io::{self, BufReader, Read};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::feed::hl7v2::{MAX_MESSAGE, Outcome, acknowledge, map, messages};

/// Every message in the samples.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder().join("hl7v2"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "hl7"))
        .collect();
    files.sort();
    let mut seeds: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
    seeds.extend(read("demo/hospital.hl7").into_iter().map(|raw| raw.bytes));
    assert_eq!(seeds.len(), 22);
    seeds
});

/// One change to a message.
#[derive(Debug, Clone)]
enum Change {
    Byte(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize),
    Insert(Index, Vec<u8>),
    Swap(Index, Index),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let telling = prop_oneof![
        Just(b"|".to_vec()),
        Just(b"^".to_vec()),
        Just(b"~".to_vec()),
        Just(b"&".to_vec()),
        Just(b"\\".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\rPID|".to_vec()),
        Just(b"\rOBX|1|NM|".to_vec()),
        Just(b"\\X0\\".to_vec()),
        Just(b"\xE2\x82".to_vec()),
        Just("é🦀".as_bytes().to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"99999999".to_vec()),
        Just(b"-".to_vec()),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (any::<Index>(), 1usize..40).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<Index>(), 1usize..40).prop_map(|(at, count)| Change::Repeat(at, count)),
        (any::<Index>(), telling).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Swap(from, to)),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match change {
        Change::Byte(at, byte) => bytes[at.index(length)] = *byte,
        Change::Remove(at, count) => {
            let at = at.index(length);
            bytes.drain(at..(at + count).min(length));
        }
        Change::Repeat(at, count) => {
            let at = at.index(length);
            let again = bytes[at..(at + count).min(length)].to_vec();
            bytes.splice(at..at, again);
        }
        Change::Insert(at, more) => {
            let at = at.index(length);
            bytes.splice(at..at, more.iter().copied());
        }
        Change::Swap(from, to) => bytes.swap(from.index(length), to.index(length)),
        Change::Cut(at) => bytes.truncate(at.index(length)),
    }
}

fn survives(bytes: &[u8]) {
    match map(bytes) {
        Ok(mapped) => holds_loosely(&mapped),
        Err(reason) => {
            assert!(!reason.code.is_empty() && reason.sentence.ends_with('.'), "{reason}");
        }
    }
    let reply = acknowledge(bytes, Outcome::Quarantined("x"), None);
    assert!(reply.starts_with(b"MSH") && reply.len() < 4096);
    for raw in messages(bytes) {
        assert!(!raw.unwrap().bytes.is_empty());
    }
}

/// As [`holds`], without what a value itself may contain.
fn holds_loosely(mapped: &Mapped) {
    let mut ids: Vec<(&str, &str)> =
        mapped.resources.iter().map(|one| (one.resource_type.as_str(), one.source_id.as_str())).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1] || mapped.kind != "ADT^A01"));
    for one in &mapped.resources {
        assert_eq!(serde_json::from_str::<Value>(&one.body).unwrap(), one.value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_mutation_of_a_real_message_panics(seed in any::<Index>(), changes in proptest::collection::vec(change(), 1..8)) {
        let mut bytes = SEEDS[seed.index(SEEDS.len())].clone();
        for change in &changes {
            apply(&mut bytes, change);
        }
        survives(&bytes);
    }

    #[test]
    fn no_bytes_at_all_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes);
        survives(&[b"MSH|^~\\&|A|B|C|D||||1\rPID|1||".as_slice(), &bytes].concat());
        survives(&[b"MSH|^~\\&|A|B|C|D|||ADT^A01|1\rPID|1||S1\rPV1|".as_slice(), &bytes].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn cutting_keeps_every_line(pieces in proptest::collection::vec(prop_oneof![
        Just("MSH|^~\\&|x".to_owned()), "[a-z]{1,4}".prop_map(|text| text), Just(String::new())], 0..12),
        ends in proptest::collection::vec(prop_oneof![Just("\r"), Just("\n"), Just("\r\n")], 12), small in 1usize..9)
    {
        let file: String = pieces.iter().zip(&ends).map(|(piece, end)| format!("{piece}{end}")).collect();
        let cut: Vec<RawMessage> = messages(BufReader::with_capacity(small, file.as_bytes())).collect::<Result<_, _>>().unwrap();
        let words = |text: &str| text.split(['\r', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let kept: Vec<String> = cut.iter().flat_map(|raw| words(std::str::from_utf8(&raw.bytes).unwrap())).collect();
        prop_assert_eq!(kept, words(&file));
        // A line number names the line on which a message begins, as an editor counts.
        let lines: Vec<&str> = pieces.iter().map(String::as_str).collect();
        if ends.iter().all(|end| *end == ends[0]) {
            for raw in &cut {
                let line = lines[usize::try_from(raw.line.unwrap()).unwrap() - 1];
                prop_assert!(!line.is_empty() && raw.bytes.starts_with(line.as_bytes()));
            }
        }
    }
}

#[test]
fn a_file_without_end_comes_in_pieces_that_are_refused() {
    let start = b"MSH|^~\\&|A|B|||2026||ADT^A31|1\rPID|1||S1||";
    let endless = io::Cursor::new(start).chain(io::repeat(b'x').take(34 << 20));
    let pieces: Vec<RawMessage> = messages(BufReader::new(endless)).collect::<Result<_, _>>().unwrap();
    assert_eq!(pieces.iter().map(|piece| piece.bytes.len()).sum::<usize>(), (34 << 20) + start.len());
    assert!(pieces.iter().all(|piece| piece.bytes.len() <= 2 * (MAX_MESSAGE + 1)));
    let codes: Vec<String> = pieces.iter().map(|piece| map(&piece.bytes).unwrap_err().code).collect();
    assert!(codes.iter().all(|code| code == "too-large" || code == "not-hl7"), "{codes:?}");
    assert_eq!(codes[0], "too-large");
}

/// Work that grows with the square of a message would take minutes here.
#[test]
fn many_repetitions_take_no_more_than_their_number() {
    let many = |from: usize| (0..20_000).map(|number| format!("{}", from + number)).collect::<Vec<_>>().join("~");
    let raw = format!("MSH|^~\\&|A|B|||2026||ADT^A40|1\rPID|1||S1||||||||||{}\rMRG|{}", many(1), many(70_000));
    let mapped = map(raw.as_bytes()).unwrap();
    assert_eq!(mapped.merges.len(), 20_000);
    assert_eq!(only(&mapped, "Patient")["telecom"].as_array().unwrap().len(), 20_000);
}

#[test]
fn a_small_message_cannot_ask_for_much() {
    for piece in ["AL1|1|DA|a\r", "~"] {
        let raw = format!("MSH|^~\\&|A|B|||2026||ADT^A31|1\rPID|1||S1{}", piece.repeat(60_000));
        assert_eq!(map(raw.as_bytes()).unwrap_err().code, "too-large");
    }
}
