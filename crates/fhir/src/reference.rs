//! The text of a reference: where it says the resource is.

/// The type and id that a reference names: `Patient/1`, `https://elsewhere/fhir/Patient/1/_history/2`. `None` for `urn:`,
/// `#contained`, canonical addresses and anything else that does not end in a type and an id.
#[must_use]
pub fn place(written: &str) -> Option<(&str, &str)> {
    let path = match written.split_once("/_history/") {
        Some((path, _)) => path,
        None => written,
    };
    let (before, id) = path.rsplit_once('/')?;
    let kind = before.rsplit_once('/').map_or(before, |(_, kind)| kind);
    (is_kind(kind) && is_id(id)).then_some((kind, id))
}

/// The same, only where the reference is relative: to a resource of whoever wrote it.
#[must_use]
pub fn relative(written: &str) -> Option<(&str, &str)> {
    let (kind, rest) = written.split_once('/')?;
    let id = rest.split_once("/_history/").map_or(rest, |(id, _)| id);
    (is_kind(kind) && is_id(id)).then_some((kind, id))
}

/// Whether this can be a type's name.
fn is_kind(word: &str) -> bool {
    word.as_bytes().first().is_some_and(u8::is_ascii_uppercase) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether this can be a logical id: 1 to 64 letters, digits, hyphens and dots.
#[must_use]
pub fn is_id(word: &str) -> bool {
    (1..=64).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_a_type_and_an_id_or_nothing() {
        assert_eq!(place("Patient/1"), Some(("Patient", "1")));
        assert_eq!(place("https://elsewhere.example/fhir/Patient/a.b-c/_history/3"), Some(("Patient", "a.b-c")));
        assert_eq!(relative("Patient/1/_history/2"), Some(("Patient", "1")));
        for other in
            ["", "#p", "urn:uuid:1", "Patient/", "/1", "patient/1", "Patient/a b", "https://x.example/Patient/1"]
        {
            assert_eq!(relative(other), None, "{other}");
        }
    }
}
