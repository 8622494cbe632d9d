//! What a reference may look like: a resource here, elsewhere, contained, in the same transaction, or known by identifier.
//! Must not ask whether it resolves.

use super::{primitive, words};
use crate::definitions;

/// What the text of a reference is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A contained resource's id; empty: the container.
    Contained(&'a str),
    /// A type it certainly points at.
    Kind(&'a str),
    /// Elsewhere; of what type cannot be told.
    Elsewhere,
}

/// Reads a reference; else what is wrong with it, in words.
pub(super) fn read(text: &str) -> Result<Target<'_>, String> {
    if let Some(id) = text.strip_prefix('#') {
        return Ok(Target::Contained(id));
    }
    if text.starts_with("urn:") {
        let is_one = text.strip_prefix("urn:uuid:").is_some_and(|uuid| primitive::is_uuid(&uuid.to_ascii_lowercase()))
            || primitive::is_oid(text);
        return if is_one { Ok(Target::Elsewhere) } else { Err(wrong(text)) };
    }
    if text.contains("://") {
        return Ok(kind_of(text).map_or(Target::Elsewhere, Target::Kind));
    }
    if let Some((kind, asked)) = text.split_once('?') {
        // A search instead of an id: only the transaction that holds it can resolve it.
        return if definitions::is_resource(kind) && asked.contains('=') {
            Ok(Target::Kind(kind))
        } else {
            Err(wrong(text))
        };
    }
    let kind = kind_of(text).ok_or_else(|| wrong(text))?;
    if text.starts_with(kind) { Ok(Target::Kind(kind)) } else { Err(wrong(text)) }
}

/// The type in `.../Type/id` or `.../Type/id/_history/version`.
fn kind_of(text: &str) -> Option<&str> {
    let mut parts = text.rsplit('/');
    let (mut id, mut kind) = (parts.next()?, parts.next()?);
    if kind == "_history" {
        if !primitive::is_id(id) {
            return None;
        }
        (id, kind) = (parts.next()?, parts.next()?);
    }
    (primitive::is_id(id) && definitions::is_resource(kind)).then_some(kind)
}

fn wrong(text: &str) -> String {
    if let Some((kind, id)) = text.split_once('/') {
        if !definitions::is_resource(kind) {
            return format!(
                "points at \"{}\", but `{}` is no type of resource in R4",
                words::clipped(text),
                words::clipped(kind)
            );
        }
        if !primitive::is_id(id) {
            return format!(
                "points at \"{}\", whose id is not 1 to 64 letters A to Z, digits, hyphens and full stops",
                words::clipped(text)
            );
        }
    }
    format!(
        "is \"{}\": write type and id as Patient/123, an absolute address, urn:uuid:..., or #id for a contained resource",
        words::clipped(text)
    )
}
