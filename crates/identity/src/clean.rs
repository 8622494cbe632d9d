//! What a source wrote, made comparable: small letters without accents, one space between words, no titles, and nothing at all
//! where the text says only that nothing is known. Cleaning never guesses; what it takes away it takes away on both sides.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words before a name that are no part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "lady",
    "lord",
    "rev",
    "master",
];

/// What is written in the place of a name when there is none (NHS Data Dictionary, "PERSON GIVEN NAME": babies before they are named).
const NO_NAME: &[&str] = &[
    "baby",
    "babe",
    "infant",
    "newborn",
    "twin",
    "triplet",
    "boy",
    "girl",
    "male",
    "female",
    "unknown",
    "unk",
    "not",
    "known",
    "none",
    "null",
    "na",
    "nk",
    "nil",
    "blank",
    "test",
    "anon",
    "anonymous",
    "unnamed",
    "no",
    "name",
    "given",
    "one",
    "two",
    "1",
    "2",
    "3",
    "of",
];

/// Small letters, digits and single spaces; accents go, apostrophes vanish, all else parts words.
pub fn letters(text: &str, into: &mut String) {
    into.clear();
    let mut gap = false;
    let mut put = |c: char, into: &mut String| {
        if c.is_alphanumeric() {
            if gap && !into.is_empty() {
                into.push(' ');
            }
            gap = false;
            into.push(c);
        } else if !matches!(c, '\'' | '\u{2019}' | '`') {
            gap = true;
        }
    };
    if text.is_ascii() {
        text.chars().for_each(|c| put(c.to_ascii_lowercase(), into));
    } else {
        let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        plain.for_each(|c| put(c, into));
    }
}

/// A name without titles; empty where it only says that there is none, as `baby`, `twin 2` or `not known` do.
pub fn name(text: &str, into: &mut String) {
    letters(text, into);
    while let Some((first, rest)) = into.split_once(' ')
        && TITLES.contains(&first)
    {
        *into = rest.to_owned();
    }
    if into.split(' ').all(|word| NO_NAME.contains(&word)) {
        into.clear();
    }
}

/// A postcode without spaces; empty for the codes that name no place (`ZZ99…`, of no fixed abode or abroad).
pub fn postcode(text: &str, into: &mut String) {
    into.clear();
    into.extend(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    if into.starts_with("zz99") {
        into.clear();
    }
}

/// The district of a cleaned postcode: `sk2` of `sk27je`. A code that is no British postcode is its own district.
#[must_use]
pub fn district(postcode: &str) -> &str {
    let bytes = postcode.as_bytes();
    let british = (5..=7).contains(&bytes.len())
        && bytes[0].is_ascii_alphabetic()
        && bytes[bytes.len() - 3].is_ascii_digit()
        && bytes[bytes.len() - 2..].iter().all(u8::is_ascii_alphabetic);
    if british { &postcode[..postcode.len() - 3] } else { postcode }
}

/// An address line; empty where it says that there is none.
pub fn address(text: &str, into: &mut String) {
    letters(text, into);
    if matches!(
        into.as_str(),
        "no fixed abode" | "nfa" | "unknown" | "not known" | "no fixed address" | "homeless" | "none"
    ) {
        into.clear();
    }
}

/// Whether a person is written down as male (1) or female (2); 0 is not given or neither.
/// Anything else than those two is taken as not given: it is too rare to be learnt from and too personal to be held against anybody.
#[must_use]
pub fn sex(text: &str) -> u8 {
    match text.trim().to_ascii_lowercase().as_str() {
        "m" | "male" | "1" => 1,
        "f" | "female" | "2" => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(by: fn(&str, &mut String), text: &str) -> String {
        let mut into = "left over".to_owned();
        by(text, &mut into);
        into
    }

    #[test]
    fn case_accents_titles_and_marks_make_no_difference() {
        assert_eq!(made(name, "Mrs. ZOË"), "zoe");
        assert_eq!(made(name, "Dr  O'Brien"), "obrien");
        assert_eq!(made(name, "Smith-Jones"), "smith jones");
        assert_eq!(made(name, "ＭＵＬＬＥＲ"), "muller");
        assert_eq!(made(name, "Master"), "master", "a title alone is a name");
    }

    #[test]
    fn a_name_that_says_there_is_none_is_none() {
        for text in ["Baby", "BABY BOY", "twin 2", "Not Known", "", " - ", "Infant of"] {
            assert_eq!(made(name, text), "", "{text}");
        }
        assert_eq!(made(name, "Baby Smith"), "baby smith");
    }

    #[test]
    fn a_postcode_that_names_no_place_is_none() {
        assert_eq!(made(postcode, "ZZ99 3VZ"), "");
        assert_eq!(made(postcode, "SK2 7JE"), "sk27je");
        assert_eq!(district("sk27je"), "sk2");
        assert_eq!(district("sk127je"), "sk12");
        assert_eq!(district("4011"), "4011");
        assert_eq!(made(address, "No fixed abode"), "");
    }

    #[test]
    fn sex_is_read_by_letter_word_or_code() {
        assert_eq!([sex("M"), sex("female"), sex("2"), sex("x"), sex("")], [1, 2, 2, 0, 0]);
    }
}
