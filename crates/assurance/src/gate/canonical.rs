//! One text for one meaning, and its SHA-256: the same protocol has the same hash whoever writes it down, in whatever order
//! (JSON Canonicalization Scheme, RFC 8785). Must not be used to read anything.

use serde::Serialize;
use serde_json::Value;

/// Cannot be written so that everybody writes it the same.
#[derive(Debug, thiserror::Error)]
pub enum NotCanonical {
    /// A number that other programs might round or write otherwise.
    #[error(
        "{0} is a number of a size that is not written the same everywhere; use one between 0.000001 and 9007199254740991"
    )]
    Number(String),
    /// Cannot be written as JSON at all.
    #[error("this cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The canonical text of a value.
///
/// # Errors
/// Where a number is too large, too small or none.
pub fn text(value: &impl Serialize) -> Result<String, NotCanonical> {
    let mut written = String::new();
    write(&serde_json::to_value(value)?, &mut written)?;
    Ok(written)
}

/// The SHA-256 of the canonical text, as 64 hexadecimal digits.
///
/// # Errors
/// As for [`text`].
pub fn hash(value: &impl Serialize) -> Result<String, NotCanonical> {
    Ok(hex(&store::blob::sha256(text(value)?.as_bytes())))
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(value: &Value, into: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => into.push_str(&serde_json::to_string(value)?),
        Value::Number(number) => into.push_str(&number_text(&number.to_string())?),
        Value::Array(values) => {
            into.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    into.push(',');
                }
                write(value, into)?;
            }
            into.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            // RFC 8785 orders names by their UTF-16 code units.
            fields.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<u16>>());
            into.push('{');
            for (at, (name, value)) in fields.into_iter().enumerate() {
                if at > 0 {
                    into.push(',');
                }
                into.push_str(&serde_json::to_string(name)?);
                into.push(':');
                write(value, into)?;
            }
            into.push('}');
        }
    }
    Ok(())
}

/// As ECMAScript writes a number: the shortest digits that give it back. Without an exponent, in the range that we take.
fn number_text(written: &str) -> Result<String, NotCanonical> {
    let wrong = || NotCanonical::Number(written.to_owned());
    let value: f64 = written.parse().map_err(|_| wrong())?;
    if value == 0.0 {
        return Ok("0".to_owned());
    }
    if !value.is_finite() || !(1e-6..=9_007_199_254_740_991.0).contains(&value.abs()) {
        return Err(wrong());
    }
    Ok(format!("{value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_meaning_has_the_same_text_and_hash() {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let one = read(r#"{"b": [1.50, 0, -3], "a": "\u00e9\n", "\u20ac": null, "\ud83d\ude00": true}"#);
        let other = read(r#"{ "a":"é\n","b":[15e-1,-0.0,-3.0],"😀":true,"€":null}"#);
        assert_eq!(text(&one).unwrap(), text(&other).unwrap());
        assert_eq!(text(&one).unwrap(), r#"{"a":"é\n","b":[1.5,0,-3],"€":null,"😀":true}"#);
        assert_eq!(hash(&one).unwrap(), hash(&other).unwrap());
        // The SHA-256 of "{}".
        assert_eq!(hash(&read("{}")).unwrap(), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    #[test]
    fn numbers_that_others_would_write_otherwise_are_refused() {
        for wrong in ["1e21", "1e-9", "9007199254740993000"] {
            assert!(text(&serde_json::from_str::<Value>(wrong).unwrap()).is_err(), "{wrong}");
        }
    }
}
