//! Names and postcodes in the form in which two writings of one are equal. For comparison only: what is shown to people
//! is what the source wrote. It must not join names that differ by more than case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A family name for exact matching: upper case, accents folded, letters only. `O'Brien-Khan` is `OBRIENKHAN`.
#[must_use]
pub fn family_key(family: &str) -> String {
    fold(family)
}

/// A given name for exact matching, in the same form: `Siân` is `SIAN`.
#[must_use]
pub fn given_key(given: &str) -> String {
    fold(given)
}

/// The longest key, in letters: longer than anybody's name, short enough for any database's index.
const LONGEST: usize = 120;

/// Upper case, accents folded, letters only (of any alphabet), at most a hundred and twenty of them.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut key = fold_all(text);
    if let Some((end, _)) = key.char_indices().nth(LONGEST) {
        key.truncate(end);
    }
    key
}

/// The same of words of any length, to look for keys in.
pub(crate) fn fold_all(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        // Letters with a stroke or joined have no decomposition; these are the ones met in English records.
        match letter {
            'ł' | 'Ł' => key.push('L'),
            'ø' | 'Ø' => key.push('O'),
            'đ' | 'Đ' | 'ð' | 'Ð' => key.push('D'),
            'ħ' | 'Ħ' => key.push('H'),
            'ı' => key.push('I'),
            'æ' | 'Æ' => key.push_str("AE"),
            'œ' | 'Œ' => key.push_str("OE"),
            'þ' | 'Þ' => key.push_str("TH"),
            'ß' | 'ẞ' => key.push_str("SS"),
            letter if letter.is_alphabetic() => key.extend(letter.to_uppercase().filter(|upper| upper.is_alphabetic())),
            _ => {}
        }
    }
    key
}

/// The lines of an address for comparison: upper case letters and digits only. `81 Fir Road` is `81FIRROAD`: the number
/// counts, because the neighbours have everything else the same.
#[must_use]
pub fn address_key(lines: &[String]) -> Option<String> {
    let key: String = lines
        .iter()
        .flat_map(|line| line.chars())
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .take(LONGEST)
        .collect();
    (!key.is_empty()).then_some(key)
}

/// A postcode as it is usually written: upper case, one space before the last three. What is no United Kingdom postcode
/// is only trimmed and put in upper case.
#[must_use]
pub fn postcode(written: &str) -> String {
    let bare: String =
        written.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    let inward = bare.len().checked_sub(3).filter(|outward| (2..=4).contains(outward));
    let shaped = inward.and_then(|at| {
        let (outward, inward) = bare.split_at_checked(at)?;
        let mut end = inward.chars();
        let usual = outward.starts_with(|first: char| first.is_ascii_alphabetic())
            && end.next().is_some_and(|digit| digit.is_ascii_digit())
            && end.all(|letter| letter.is_ascii_alphabetic());
        usual.then(|| format!("{outward} {inward}"))
    });
    shaped.unwrap_or_else(|| written.trim().to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_case_and_punctuation_do_not_tell_people_apart() {
        assert_eq!(given_key("Siân"), "SIAN");
        assert_eq!(given_key("Sia\u{302}n"), "SIAN", "the accent as a character of its own");
        assert_eq!(family_key("O’Brien-Khan"), family_key("O'BRIEN KHAN"));
        assert_eq!(family_key("Zieliński"), "ZIELINSKI");
        assert_eq!(family_key("Wałęsa-Sørensen"), "WALESASORENSEN");
        assert_eq!(family_key("Großmann"), "GROSSMANN");
        assert_eq!(family_key("Ματθαίου"), "ΜΑΤΘΑΙΟΥ");
        assert_eq!(family_key(" - "), "");
        assert_ne!(given_key("Jean"), given_key("June"));
    }

    #[test]
    fn postcodes_have_one_form() {
        for written in ["sk66xx", "SK6 6XX", " sk6  6xx", "SK6-6XX"] {
            assert_eq!(postcode(written), "SK6 6XX");
        }
        assert_eq!(postcode("M11AA"), "M1 1AA");
        assert_eq!(postcode(" 02114 "), "02114");
        assert_eq!(postcode("bfpo 57"), "BFPO 57");
    }

    proptest! {
        #[test]
        fn folding_is_settled_and_blind_to_case(name in "\\PC{0,20}") {
            let key = fold(&name);
            prop_assert_eq!(fold(&key), key.clone());
            prop_assert!(key.chars().all(char::is_alphabetic));
        }

        #[test]
        fn case_of_plain_names_is_nothing(name in "[a-zA-Zéüöñç' -]{0,20}") {
            prop_assert_eq!(fold(&name.to_lowercase()), fold(&name.to_uppercase()));
        }

        #[test]
        fn a_settled_postcode_stays(written in "\\PC{0,10}") {
            let once = postcode(&written);
            prop_assert_eq!(postcode(&once), once.clone());
        }
    }
}
