//! The place's data is open data about services, not a directory: telephone numbers in it go stale and some ring at
//! somebody's home, so none is kept.

use super::Violation;
use super::tree::Tree;

/// Telephone numbers in `places/`.
pub(crate) fn telephones(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with("places/")) {
        for (line, text) in file.lines() {
            if holds_telephone(text) {
                let message = "a telephone number: the place's data keeps none. Drop the column";
                violations.push(Violation::new(&file.path, line, message));
            }
        }
    }
    violations
}

/// A British number: 10 or 11 digits from a 0 or +44 on, in groups parted by one space or hyphen, the first of at
/// least three digits (so that dates and times are none).
fn holds_telephone(text: &str) -> bool {
    let starts = text.char_indices().filter(|(at, _)| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '/' | '_' | '+'))
    });
    starts.filter_map(|(at, _)| text.get(at..)).any(is_telephone)
}

fn is_telephone(text: &str) -> bool {
    let text = text.strip_prefix('(').unwrap_or(text);
    let (prefix, rest) = match text.strip_prefix("+44") {
        Some(rest) => (1, rest.trim_start()),
        None if text.starts_with('0') && !text.starts_with("00") => (0, text),
        None => return false,
    };
    let mut groups = vec![0_usize];
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        let next_is_digit = characters.peek().is_some_and(char::is_ascii_digit);
        match character {
            digit if digit.is_ascii_digit() => {
                if let Some(last) = groups.last_mut() {
                    *last += 1;
                }
            }
            ' ' | '-' | ')' if next_is_digit => groups.push(0),
            ')' => {}
            letter if letter.is_alphanumeric() || letter == '.' => return false,
            _ => break,
        }
    }
    let digits: usize = prefix + groups.iter().sum::<usize>();
    (10..=11).contains(&digits) && groups.first().is_some_and(|first| prefix + first >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_found_however_they_are_written() {
        for text in [
            "0161 496 0000",
            "01614960000",
            "a,0161-496-0000,b",
            "(0161) 496 0000",
            "+44 161 496 0000",
            "tel = \"07700 900123\"",
        ] {
            assert!(holds_telephone(text), "{text}");
        }
    }

    #[test]
    fn codes_dates_and_amounts_are_none() {
        for text in [
            "E01005800",
            "2019-01-01",
            "01-02-2019 10:15",
            "0.0123456789",
            "P88002,SK3 8NY",
            "1234567890",
            "00000000000",
        ] {
            assert!(!holds_telephone(text), "{text}");
        }
    }

    #[test]
    fn only_the_places_are_looked_at() {
        let tree =
            Tree::of(&[("places/x/homes.csv", "a\n0161 496 0000\n"), ("crates/place/src/a.rs", "0161 496 0000\n")]);
        assert_eq!(telephones(&tree).iter().map(|v| v.line).collect::<Vec<_>>(), [2]);
    }
}
