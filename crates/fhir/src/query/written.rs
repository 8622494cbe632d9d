//! How values are written in a search: commas between alternatives, bars within one, backslashes before signs that are meant
//! as themselves.

/// The alternatives, still with their backslashes.
pub(super) fn alternatives(written: &str) -> Vec<&str> {
    split(written, b',')
}

/// The parts of one value, without backslashes.
pub(super) fn parts(written: &str) -> Vec<String> {
    split(written, b'|').into_iter().map(plain).collect()
}

/// Without backslashes.
pub(super) fn plain(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some(escaped @ (',' | '|' | '$' | '\\')) => plain.push(escaped),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

fn split(written: &str, sign: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let bytes = written.as_bytes();
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' {
            at += 1;
        } else if *byte == sign {
            parts.push(&written[start..at]);
            start = at + 1;
        }
        at += 1;
    }
    parts.push(&written[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_keep_signs_from_meaning_anything() {
        assert_eq!(alternatives(r"a,b\,c,"), ["a", r"b\,c", ""]);
        assert_eq!(parts(r"s\|t|a\\b\$"), ["s|t", r"a\b$"]);
        assert_eq!(plain(r"a\,b\x\"), r"a,b\x\");
    }
}
