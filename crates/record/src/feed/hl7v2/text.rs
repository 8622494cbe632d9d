//! Bytes to text and back out of HL7's escapes. Total: any bytes give some text, in time linear in their number.
//! Must not know segments or fields.

use std::borrow::Cow;

use super::message::Separators;

/// What Windows writes in 0x80..=0x9F where Latin-1 has control characters: letters are full of its quotation marks.
/// A zero keeps the byte's own Latin-1 character.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// The text of a message: as MSH-18 states, else UTF-8 if it is that, else Latin-1. A byte order mark is taken off.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match (states_latin(bytes), std::str::from_utf8(bytes)) {
        (false, Ok(text)) => Cow::Borrowed(text),
        (true, Ok(text)) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(latin(bytes)),
    }
}

/// Whether MSH-18 names an ISO 8859 character set. Reads the first line as bytes, as it is needed before decoding.
fn states_latin(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let (Some(b"MSH"), Some(separator)) = (line.get(..3), line.get(3)) else { return false };
    let stated = line.split(|byte| byte == separator).nth(17).unwrap_or_default();
    stated.starts_with(b"8859") || stated.starts_with(b"ISO8859") || stated.starts_with(b"ISO-8859")
}

fn latin(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9F => match WINDOWS_1252.get(usize::from(byte - 0x80)) {
                Some(&code) if code != 0 => char::from_u32(u32::from(code)).unwrap_or(char::from(byte)),
                _ => char::from(byte),
            },
            _ => char::from(byte),
        })
        .collect()
}

/// The text with its escapes resolved. An escape that is not known stays as it was written, so that nothing is lost.
pub(super) fn unescape(text: &str, separators: Separators) -> Cow<'_, str> {
    let escape = separators.escape;
    if !text.contains(escape) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(escape) {
        out.push_str(&rest[..start]);
        let after = &rest[start + escape.len_utf8()..];
        let Some(end) = after.find(escape) else {
            out.push_str(&rest[start..]);
            return Cow::Owned(out);
        };
        if resolve(&after[..end], separators, &mut out) {
            rest = &after[end + escape.len_utf8()..];
        } else {
            // Not an escape: this mark is a plain character, and the next may begin a real one.
            out.push(escape);
            out.push_str(&after[..end]);
            rest = &after[end..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what one escape stands for; false if it is none that HL7 knows.
fn resolve(name: &str, separators: Separators, out: &mut String) -> bool {
    match name {
        "F" => out.push(separators.field),
        "S" => out.push(separators.component),
        "T" => out.push(separators.subcomponent),
        "R" => out.push(separators.repetition),
        "E" => out.push(separators.escape),
        // Highlighting on and off: the words stay, the look goes.
        "H" | "N" | ".fi" | ".nf" => {}
        ".br" | ".ce" => out.push('\n'),
        _ if name.starts_with(".sp") => {
            let lines = name[3..].trim_start_matches('+').parse::<usize>().unwrap_or(1).clamp(1, 9);
            out.extend(std::iter::repeat_n('\n', lines));
        }
        _ if [".in", ".ti", ".sk"].iter().any(|start| name.starts_with(start)) && name.len() <= 6 => out.push(' '),
        _ => return name.strip_prefix('X').is_some_and(|hex| resolve_hex(hex, out)),
    }
    true
}

fn resolve_hex(hex: &str, out: &mut String) -> bool {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    match digits {
        Some(digits) if !digits.is_empty() && digits.len() % 2 == 0 => {
            let bytes: Vec<u8> =
                digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
            out.push_str(&decode(&bytes));
            true
        }
        _ => false,
    }
}
