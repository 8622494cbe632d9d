//! The address of a request inside a Bundle (`Type/id`, `Type/id/_history/3`, `Type?search`), a version as `If-Match` writes
//! it, and a JSON Patch as FHIR carries one in a Bundle. It must not look anything up.

use fhir::issue::Code;
use fhir::query::{Limits, Query};
use serde_json::Value;

use super::{Patch, Refusal, sound_id};
use crate::feed::fhir::is_r4_type;
use crate::resource::text;

/// What a url names.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) kind: String,
    pub(super) id: Option<String>,
    pub(super) version: Option<i64>,
    pub(super) query: Option<Box<Query>>,
}

fn bad(words: impl Into<String>) -> Refusal {
    Refusal::new(400, Code::Value, words)
}

/// Reads a url relative to the API's address.
pub(super) fn read(url: &str, reading: &Limits<'_>) -> Result<Target, Refusal> {
    let url = url.strip_prefix('/').unwrap_or(url);
    let (path, asked) = url.split_once('?').map_or((url, None), |(path, asked)| (path, Some(asked)));
    let mut parts = path.split('/');
    let kind = parts.next().unwrap_or_default();
    if !is_r4_type(kind) {
        let plain = !kind.is_empty() && kind.len() <= 40 && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
        let shown = if plain { format!("\"{kind}\"") } else { "what it begins with".to_owned() };
        return Err(bad(format!(
            "{shown} is not a resource type of FHIR R4; write the url as Type, Type/id or Type?search"
        )));
    }
    let id = parts.next();
    if id.is_some_and(|id| id.starts_with('$') || id == "_history" || id == "_search") {
        return Err(Refusal::new(
            400,
            Code::NotSupported,
            "operations, histories and _search cannot be asked for inside a Bundle; send them alone",
        ));
    }
    if let Some(id) = id.filter(|id| !sound_id(id)) {
        let shown: String = id.chars().take(64).collect();
        return Err(bad(format!("\"{shown}\" is not an id as FHIR writes it: 1 to 64 letters, digits, '-' and '.'")));
    }
    let version = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => None,
        (Some("_history"), Some(number), None) => {
            let number = number.parse::<i64>().ok().filter(|number| *number > 0);
            Some(number.ok_or_else(|| bad("the version after _history/ must be a number from 1"))?)
        }
        _ => return Err(bad("after the id only _history/version may follow")),
    };
    let query = asked.map(|asked| self::query(kind, asked, reading)).transpose()?;
    Ok(Target { kind: kind.to_owned(), id: id.map(str::to_owned), version, query })
}

/// Reads a search: `identifier=a|b&active=true`.
pub(super) fn query(kind: &str, text: &str, reading: &Limits<'_>) -> Result<Box<Query>, Refusal> {
    let pairs: Vec<(String, String)> = text
        .trim_start_matches('?')
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    fhir::query::parse(kind, &pairs, reading).map(Box::new).map_err(|issues| Refusal { status: 400, issues })
}

/// Text of a query with its percent escapes and plus signs undone.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |byte: u8| char::from(byte).to_digit(16);
        let ahead: Vec<u8> = bytes.clone().take(2).collect();
        match (byte, ahead.as_slice()) {
            (b'%', [high, low]) if hex(*high).is_some() && hex(*low).is_some() => {
                let value = hex(*high).unwrap_or_default() * 16 + hex(*low).unwrap_or_default();
                out.push(u8::try_from(value).unwrap_or_default());
                bytes.nth(1);
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The version of an `If-Match`: `W/"3"`.
pub(super) fn version(written: &str) -> Result<i64, Refusal> {
    let bare = written.trim().strip_prefix("W/").unwrap_or(written.trim());
    let inside = bare.strip_prefix('"').and_then(|bare| bare.strip_suffix('"')).unwrap_or(bare);
    inside.parse::<i64>().ok().filter(|number| *number > 0).ok_or_else(|| bad("write the version like W/\"3\""))
}

/// The JSON Patch that an entry carries as a Binary.
pub(super) fn patch(resource: &Value) -> Result<Patch, Refusal> {
    let words = "a PATCH in a Bundle carries a Binary with contentType application/json-patch+json and the patch in base64 as its data";
    if text(resource, "resourceType") != Some("Binary")
        || text(resource, "contentType") != Some("application/json-patch+json")
    {
        return Err(bad(words));
    }
    let bytes = text(resource, "data").and_then(base64).ok_or_else(|| bad(words))?;
    serde_json::from_slice(&bytes).map_err(|error| super::body::unreadable(&error))
}

/// Bytes of base64 text (RFC 4648), white space passed over; `None` where it is none.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held, mut letters) = (0_u32, 0_u32, 0_usize);
    let clean = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let mut padding = 0;
    for byte in clean {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        letters += 1;
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    ((letters + padding) % 4 == 0 && padding <= 2).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Target, Refusal> {
        super::read(url, &Limits::new(None, jiff::Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn urls_are_read_or_refused() {
        let target = read("Patient/a-1/_history/3").unwrap();
        assert_eq!((target.kind.as_str(), target.id.as_deref(), target.version), ("Patient", Some("a-1"), Some(3)));
        assert_eq!(read("Observation").unwrap().id, None);
        for bad in [
            "",
            "patient/1",
            "Patient/a b",
            "Patient/1/x",
            "Patient/1/_history/0",
            "Patient/1/_history/1/2",
            "Patient/$match",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn versions_are_weak_tags() {
        assert_eq!(version("W/\"3\"").unwrap(), 3);
        assert_eq!(version("\"12\"").unwrap(), 12);
        assert!(version("W/\"x\"").is_err() && version("*").is_err() && version("W/\"0\"").is_err());
    }

    #[test]
    fn base64_is_read_strictly() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob")] {
            assert_eq!(base64(text).as_deref(), Some(bytes.as_bytes()));
        }
        for bad in ["Zg", "Z===", "Zg=a", "Zm9*"] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn query_text_is_decoded() {
        assert_eq!(decoded("a%7Cb+c%2"), "a|b c%2");
        assert_eq!(decoded("%C3%A9"), "é");
    }
}
