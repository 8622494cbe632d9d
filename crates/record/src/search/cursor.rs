//! Cursors: where a page ended, in words that only this module reads. A cursor names the last resource of the page, which the
//! caller has seen, and nothing else: no place in the order of arrival (it would tell how much is hidden) and no key of the
//! sort (it may be a name, and cursors stand in addresses). A mark over the search, the scope, the keys and our own key shows
//! that we made it, for this search and this caller, and that what it was put in order by has not changed since.

use access::Scope;
use fhir::query::Query;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::views::search::order::Key;

/// Bytes of the mark.
const MARK: usize = 12;

/// A digest of everything that decides what a search finds and in which order.
pub(super) fn fingerprint(query: &Query, scope: &Scope, key: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"weft-search-1");
    hasher.update(key);
    let asked = format!("{:?}\0{:?}\0{:?}\0{:?}", query.kind, query.filters, query.sort, scope.words());
    hasher.update(asked.as_bytes());
    hasher.finalize().into()
}

fn mark(fingerprint: &[u8; 32], id: Uuid, keys: &[Key]) -> [u8; MARK] {
    let mut hasher = Sha256::new();
    hasher.update(fingerprint);
    hasher.update(id.as_bytes());
    for key in keys {
        let bytes = key.bytes();
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut mark = [0; MARK];
    mark.copy_from_slice(&digest[..MARK]);
    mark
}

/// The cursor after a resource.
pub(super) fn after(fingerprint: &[u8; 32], id: Uuid, keys: &[Key]) -> String {
    let mark = mark(fingerprint, id, keys);
    id.as_bytes().iter().chain(&mark).map(|byte| format!("{byte:02x}")).collect()
}

/// The id in a cursor; `None` for what is none.
pub(super) fn id(cursor: &str) -> Option<Uuid> {
    let sound = cursor.len() == 2 * (16 + MARK) && cursor.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if sound { Uuid::try_parse(cursor.get(..32)?).ok() } else { None }
}

/// Whether a cursor is ours: for this search, this caller, this resource as it is put in order now.
pub(super) fn is_ours(cursor: &str, fingerprint: &[u8; 32], id: Uuid, keys: &[Key]) -> bool {
    cursor == after(fingerprint, id, keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_for_one_search_one_resource_and_its_keys() {
        let (one, other) = ([1; 32], [2; 32]);
        let (id, keys) = (Uuid::from_u128(7), [Key::Text("ashworth".to_owned())]);
        let cursor = after(&one, id, &keys);
        assert_eq!(super::id(&cursor), Some(id));
        assert!(is_ours(&cursor, &one, id, &keys));
        assert!(!is_ours(&cursor, &other, id, &keys), "another search");
        assert!(!is_ours(&cursor, &one, id, &[Key::None]), "the key has changed");
        assert!(!is_ours(&after(&other, id, &keys), &one, id, &keys));
        for bad in ["", "7", &cursor[1..], &cursor.to_uppercase(), &cursor.replace('0', "é")] {
            assert_eq!(super::id(bad).filter(|id| is_ours(bad, &one, *id, &keys)), None, "{bad}");
        }
    }
}
