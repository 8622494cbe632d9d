//! The tables of assurance and the only SQL about them.

pub mod challenge;
pub mod gate;
pub mod indicator;

use uuid::Uuid;

/// A stream's id that follows from a name, so that one thing cannot be begun twice under it.
fn named(kind: &str, name: &str) -> Uuid {
    let digest = store::blob::sha256(&[kind.as_bytes(), name.as_bytes()].concat());
    let mut half = [0; 16];
    half.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    uuid::Builder::from_custom_bytes(half).into_uuid()
}
