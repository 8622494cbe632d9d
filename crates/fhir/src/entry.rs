//! What a search index holds of one resource. Equality is by *term*: the first eight bytes of a SHA-256 over type, search
//! parameter, form and value, so that one narrow table answers every token, exact string, address and reference.
//! The record keeps these in tables; this module must not know how.

use sha2::{Digest, Sha256};

/// One row of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A value to be found by equality.
    Term(i64),
    /// Text to be found by its beginning or a part: without case, accents and marks ([`crate::entry::folded`]).
    Text {
        /// [`parameter`].
        parameter: i64,
        /// Folded text.
        text: String,
    },
    /// A stretch of time: microseconds since 1970 UTC, `low` within, `high` just outside (`i64::MIN`/`MAX` where open).
    Date {
        /// [`parameter`].
        parameter: i64,
        /// From.
        low: i64,
        /// To.
        high: i64,
    },
    /// A number or quantity with its implied precision, as [`ordered`] bits. Quantities are entered once without a unit, once
    /// for their code, once for system and code ([`with_unit`]).
    Number {
        /// [`parameter`] or [`with_unit`].
        parameter: i64,
        /// From.
        low: i64,
        /// To.
        high: i64,
    },
    /// A reference to a resource here: for chains, `_has` and includes. `target` is the [`half`] of its id.
    Link {
        /// [`parameter`].
        parameter: i64,
        /// The resource it points at.
        target: i64,
    },
}

/// All of one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// Which search parameters of its type have a value: bit n for the n-th of [`crate::parameter`]'s list for the type.
    pub present: i64,
    /// The rows, sorted, each once.
    pub entries: Vec<Entry>,
}

/// A hash of some words, for a column of eight bytes.
#[must_use]
pub fn term(kind: &str, parameter: &str, form: &str, value: &str) -> i64 {
    // Terms are short and made by the dozen for every resource: put together on the stack and hashed at once.
    let parts = [kind, parameter, form, value];
    let length = parts.iter().map(|part| 8 + part.len()).sum::<usize>();
    let mut short = [0_u8; 256];
    let mut long = Vec::new();
    let whole = match short.get_mut(..length) {
        Some(short) => short,
        None => {
            long.resize(length, 0);
            long.as_mut_slice()
        }
    };
    let mut rest = &mut *whole;
    for part in parts {
        let (size, after) = rest.split_at_mut(8);
        size.copy_from_slice(&(part.len() as u64).to_le_bytes());
        let (text, after) = after.split_at_mut(part.len());
        text.copy_from_slice(part.as_bytes());
        rest = after;
    }
    let digest: [u8; 32] = Sha256::digest(whole).into();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    i64::from_le_bytes(bytes)
}

/// A search parameter of a type.
#[must_use]
pub fn parameter(kind: &str, code: &str) -> i64 {
    term(kind, code, "parameter", "")
}

/// A quantity parameter with a unit: `unit` is `code` or `system|code`.
#[must_use]
pub fn with_unit(kind: &str, code: &str, unit: &str) -> i64 {
    term(kind, code, "unit", unit)
}

/// The last eight bytes of a resource's id.
#[must_use]
pub fn half(id: [u8; 16]) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&id[8..]);
    i64::from_le_bytes(bytes)
}

/// A number whose order as a whole number is its order as a fraction (IEEE 754 total order).
#[must_use]
pub fn ordered(number: f64) -> i64 {
    let bits = number.to_bits().cast_signed();
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}

/// Text as it is compared: without case, accents and marks, runs of spaces as one.
#[must_use]
pub fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    let mut folded = String::with_capacity(text.len());
    let mut push = |letter: char| {
        if letter.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.push(letter);
        }
    };
    if text.is_ascii() {
        text.chars().map(|letter| letter.to_ascii_lowercase()).for_each(&mut push);
    } else {
        let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
        plain.nfkd().filter(|letter| !is_combining_mark(*letter)).for_each(&mut push);
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_the_digest_of_its_parts_each_with_its_length() {
        for value in ["", "718-7", &"long ".repeat(100)] {
            let mut hasher = Sha256::new();
            for part in ["Observation", "code", "code", value] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
            let digest: [u8; 32] = hasher.finalize().into();
            let expected = i64::from_le_bytes(digest[..8].try_into().unwrap());
            assert_eq!(term("Observation", "code", "code", value), expected);
        }
        assert_ne!(term("a", "bc", "", ""), term("ab", "c", "", ""));
    }

    #[test]
    fn order_of_numbers_and_folded_text() {
        let numbers = [f64::MIN, -1.5, -1.0, 0.0, 0.5, 1e300];
        assert!(numbers.windows(2).all(|pair| ordered(pair[0]) < ordered(pair[1])));
        for (written, expected) in [
            ("  Zoë  ANN ", "zoe ann"),
            ("ÅNGSTRÖM", "angstrom"),
            ("ﬁ", "fi"),
            ("O'Brien", "o'brien"),
            ("", ""),
            ("İ", "i"),
            ("王", "王"),
        ] {
            assert_eq!(folded(written), expected, "{written}");
        }
    }
}
