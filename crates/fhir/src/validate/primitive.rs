//! Single values: the JSON sort each primitive type must have, and how its text must look. Dates are days of the calendar.
//! The answer is what is wrong in words, to follow the element's name.

use serde_json::{Number, Value};

use super::{narrative, words};
use crate::definitions::Primitive;

/// The longest text (FHIR: 1 MB of characters).
const LONGEST: usize = 1_048_576;

/// What is wrong with a value of this type.
pub(super) fn check(primitive: Primitive, value: &Value) -> Result<(), String> {
    match primitive {
        Primitive::Boolean => match value {
            Value::Bool(_) => Ok(()),
            other => Err(format!("must be true or false without quotation marks, not {}", words::value(other))),
        },
        Primitive::Integer | Primitive::UnsignedInt | Primitive::PositiveInt | Primitive::Decimal => match value {
            Value::Number(found) => number(primitive, found),
            other => Err(format!("must be a number without quotation marks, not {}", words::value(other))),
        },
        _ => match value {
            Value::String(found) => text(primitive, found),
            other => Err(format!("must be text in quotation marks, not {}", words::value(other))),
        },
    }
}

fn number(primitive: Primitive, found: &Number) -> Result<(), String> {
    if primitive == Primitive::Decimal {
        // What is beyond a 64-bit float cannot be searched or calculated with by anybody.
        return if found.as_f64().is_some_and(f64::is_finite) {
            Ok(())
        } else {
            Err(format!("is {}, which is too large to calculate with", words::clipped(&found.to_string())))
        };
    }
    let whole = found.as_i64().and_then(|whole| i32::try_from(whole).ok());
    let least = match primitive {
        Primitive::PositiveInt => 1,
        Primitive::UnsignedInt => 0,
        _ => i32::MIN,
    };
    match whole {
        Some(whole) if whole >= least => Ok(()),
        _ => Err(format!(
            "must be a whole number from {least} to {}, not {}",
            i32::MAX,
            words::clipped(&found.to_string())
        )),
    }
}

fn text(primitive: Primitive, found: &str) -> Result<(), String> {
    if found.is_empty() {
        return Err("is empty: leave the element out if there is nothing to say".to_owned());
    }
    if found.len() > LONGEST
        && found.chars().count() > LONGEST
        && !matches!(primitive, Primitive::Base64Binary | Primitive::Xhtml)
    {
        return Err(format!("is longer than {LONGEST} letters: send it as an Attachment or a Binary"));
    }
    let shown = || words::clipped(found);
    match primitive {
        Primitive::String | Primitive::Markdown => match found.bytes().find(|byte| is_bad_control(*byte)) {
            Some(byte) => Err(format!("holds the control character U+{byte:04X}: take it out")),
            None => Ok(()),
        },
        Primitive::Xhtml => narrative::check(found),
        Primitive::Code => code(found),
        Primitive::Id => is_id(found).then_some(()).ok_or_else(|| {
            format!("must be 1 to 64 letters A to Z, digits, hyphens and full stops, not \"{}\"", shown())
        }),
        Primitive::Uri | Primitive::Url | Primitive::Canonical => address(found),
        Primitive::Oid => is_oid(found)
            .then_some(())
            .ok_or_else(|| format!("must be an OID such as urn:oid:1.2.3, not \"{}\"", shown())),
        Primitive::Uuid => found.strip_prefix("urn:uuid:").is_some_and(is_uuid).then_some(()).ok_or_else(|| {
            format!(
                "must be a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520 in lower case, not \"{}\"",
                shown()
            )
        }),
        Primitive::Base64Binary => base64(found),
        Primitive::Date => date(found),
        Primitive::DateTime => date_time(found),
        Primitive::Instant => instant(found),
        Primitive::Time => time(found),
        Primitive::Boolean
        | Primitive::Integer
        | Primitive::UnsignedInt
        | Primitive::PositiveInt
        | Primitive::Decimal => Ok(()),
    }
}

fn is_bad_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Letters that make two codes or addresses look alike that are not.
fn unseen(found: &str) -> Result<(), String> {
    if found.is_ascii() && !found.bytes().any(|byte| byte.is_ascii_control()) {
        return Ok(());
    }
    match found.chars().find(|letter| words::is_unseen(*letter)) {
        Some(letter) => Err(format!("holds U+{:04X}, which cannot be seen: take it out", u32::from(letter))),
        None => Ok(()),
    }
}

fn code(found: &str) -> Result<(), String> {
    unseen(found)?;
    let mut before = ' ';
    for letter in found.chars() {
        if letter.is_whitespace() && (before == ' ' || letter != ' ') {
            return Err(format!(
                "is the code \"{}\", which begins with or has more than single spaces",
                words::clipped(found)
            ));
        }
        before = if letter.is_whitespace() { ' ' } else { letter };
    }
    if before == ' ' {
        Err(format!("is the code \"{}\", which ends with a space", words::clipped(found)))
    } else {
        Ok(())
    }
}

fn address(found: &str) -> Result<(), String> {
    unseen(found)?;
    if found.chars().any(char::is_whitespace) {
        return Err(format!("is the address \"{}\", which has a space in it: write %20", words::clipped(found)));
    }
    if let Some(uuid) = found.strip_prefix("urn:uuid:")
        && !is_uuid(&uuid.to_ascii_lowercase())
    {
        return Err(format!("is \"{}\", which begins like a UUID and is none", words::clipped(found)));
    }
    Ok(())
}

/// FHIR's id.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// Of lower-case hexadecimal digits with four hyphens.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

pub(super) fn is_oid(text: &str) -> bool {
    let Some(dotted) = text.strip_prefix("urn:oid:") else { return false };
    let mut parts = dotted.split('.');
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    matches!(parts.next(), Some("0" | "1" | "2")) && dotted.contains('.') && parts.all(is_number)
}

fn base64(found: &str) -> Result<(), String> {
    let (mut digits, mut padding) = (0_usize, 0_usize);
    for byte in found.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            b'=' => padding += 1,
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => return Err("is not Base64: only A to Z, a to z, 0 to 9, + and /, with = at the end".to_owned()),
        }
    }
    if padding <= 2 && (digits + padding).is_multiple_of(4) && digits > 0 {
        Ok(())
    } else {
        Err("is not Base64: its length is wrong, so something is missing or too much".to_owned())
    }
}

const DATE_WORDS: &str = "write a real day as 1950-02-28, or only 1950-02 or 1950";

fn date(found: &str) -> Result<(), String> {
    if is_day(found.as_bytes()) { Ok(()) } else { Err(format!("is \"{}\": {DATE_WORDS}", words::clipped(found))) }
}

fn date_time(found: &str) -> Result<(), String> {
    let is_one = match found.split_once('T') {
        None => is_day(found.as_bytes()),
        Some((day, time)) => day.len() == 10 && is_day(day.as_bytes()) && is_zoned(time),
    };
    is_one.then_some(()).ok_or_else(|| {
        format!(
            "is \"{}\": {DATE_WORDS}; with a time it needs seconds and a zone, as 1950-02-28T09:30:00Z or +01:00",
            words::clipped(found)
        )
    })
}

fn instant(found: &str) -> Result<(), String> {
    let is_one =
        found.split_once('T').is_some_and(|(day, time)| day.len() == 10 && is_day(day.as_bytes()) && is_zoned(time));
    is_one.then_some(()).ok_or_else(|| {
        format!("is \"{}\": write day, time, seconds and zone, as 2026-02-28T09:30:00Z", words::clipped(found))
    })
}

fn time(found: &str) -> Result<(), String> {
    if clock(found) == Some("") {
        Ok(())
    } else {
        Err(format!("is \"{}\": write a time of day as 09:30:00", words::clipped(found)))
    }
}

/// Two digits as a number.
fn two(text: &[u8]) -> Option<u32> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
        _ => None,
    }
}

/// A year, a month of one or a day of that.
fn is_day(text: &[u8]) -> bool {
    let (Some(century), Some(years)) = (text.get(..2).and_then(two), text.get(2..4).and_then(two)) else {
        return false;
    };
    let year = century * 100 + years;
    let month = match text.get(4..) {
        Some([]) => return year > 0,
        Some([b'-', rest @ ..]) => rest.get(..2).and_then(two),
        _ => None,
    };
    let days = match month {
        Some(2) if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        Some(1..=12) => 31,
        _ => return false,
    };
    match text.get(7..) {
        Some([]) => year > 0,
        Some([b'-', day @ ..]) => year > 0 && two(day).is_some_and(|day| (1..=days).contains(&day)),
        _ => false,
    }
}

/// What follows hours, minutes, seconds and their fraction (60 is a leap second).
fn clock(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_in = |from: usize, below: u32| bytes.get(from..from + 2).and_then(two).is_some_and(|number| number < below);
    if !(is_in(0, 24) && bytes.get(2) == Some(&b':') && is_in(3, 60) && bytes.get(5) == Some(&b':') && is_in(6, 61)) {
        return None;
    }
    let rest = text.get(8..)?;
    match rest.strip_prefix('.') {
        None => Some(rest),
        Some(fraction) => {
            let after = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
            (after.len() < fraction.len()).then_some(after)
        }
    }
}

fn is_zoned(time: &str) -> bool {
    match clock(time) {
        Some("Z") => true,
        Some(zone) => match zone.as_bytes() {
            [b'+' | b'-', hours @ .., b':', tens, ones] => {
                let minutes = two(&[*tens, *ones]);
                match two(hours) {
                    Some(0..=13) => minutes.is_some_and(|minutes| minutes < 60),
                    Some(14) => minutes == Some(0),
                    _ => false,
                }
            }
            _ => false,
        },
        None => false,
    }
}
