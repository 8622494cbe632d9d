//! Names and values as an address or a form carries them (`application/x-www-form-urlencoded`). Strict: an escape that is
//! none, or bytes that are no UTF-8, are said and not guessed at. Must not know what any name means.

use fhir::issue::{Code, Issue};

/// The pairs of a query string or a form, in order.
pub(super) fn pairs(text: &str) -> Result<Vec<(String, String)>, Issue> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decoded(name, true)?, decoded(value, true)?))
        })
        .collect()
}

/// Text with its escapes undone; in a query or form a plus is a blank, in a path it is a plus.
pub(super) fn decoded(text: &str, plus_is_blank: bool) -> Result<String, Issue> {
    if !text.bytes().any(|byte| byte == b'%' || (plus_is_blank && byte == b'+')) {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => match (rest.next().and_then(digit), rest.next().and_then(digit)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err(Issue::error(Code::Invalid, "A % in an address or a form must be followed by two hexadecimal digits; write % itself as %25.")),
            },
            b'+' if plus_is_blank => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| {
        Issue::error(Code::Invalid, "The escapes (%..) in the address or the form do not make UTF-8 text.")
    })
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A value as it stands in an address. What FHIR's own syntax uses (`:|,$/`) stays readable.
pub(super) fn encoded(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:|,/$*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_in_order_and_written_back() {
        let read = pairs("name=Ann+Sample&birthdate=ge1938-01-01&name=%C3%89va&_summary").unwrap();
        let expected = [("name", "Ann Sample"), ("birthdate", "ge1938-01-01"), ("name", "\u{c9}va"), ("_summary", "")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let mut out = String::new();
        encoded("a|b,c d+\u{c9}&", &mut out);
        assert_eq!(out, "a|b,c%20d%2B%C3%89%26");
        assert_eq!(decoded(&out, true).unwrap(), "a|b,c d+\u{c9}&");
    }

    #[test]
    fn what_is_no_escape_is_refused() {
        for bad in ["%", "%4", "%zz", "%FF"] {
            assert!(pairs(&format!("name={bad}")).is_err(), "{bad}");
        }
        assert_eq!(decoded("a+b", false).unwrap(), "a+b");
    }
}
