//! Codes of clinical terminologies: which system, and the code as we compare it. Knows the shape of a code and never its meaning;
//! no term of any terminology is in this repository.

use std::collections::HashMap;

/// A system that codes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// ICD-10, as English hospitals write it (fifth edition of the UK: no dot, `X` as filler, dagger and asterisk marks).
    Icd10,
    /// SNOMED CT.
    Snomed,
    /// Read codes, version 3 (CTV3).
    Ctv3,
    /// Read codes, version 2.
    Read2,
    /// The dictionary of medicines and devices.
    Dmd,
    /// Procedures, OPCS-4.
    Opcs4,
    /// Measurements and observations, LOINC.
    Loinc,
    /// Words of the place's own and of this software: `urgent-contact`, `smoking-status`.
    Local,
}

/// Each system, the word we write, and others that are read.
const NAMES: &[(System, &str, &[&str])] = &[
    (
        System::Icd10,
        "icd10",
        &[
            "icd-10",
            "icd-10 (prefix)",
            "icd-10 (3-char)",
            "icd-10-uk",
            "http://hl7.org/fhir/sid/icd-10",
            "https://fhir.hl7.org.uk/id/icd-10",
        ],
    ),
    (System::Snomed, "snomed", &["snomed ct", "snomed-ct", "snomedct", "sct", "http://snomed.info/sct"]),
    (System::Ctv3, "ctv3", &["read v3", "readv3", "read3", "http://read.info/ctv3"]),
    (System::Read2, "read2", &["read v2", "readv2", "http://read.info/readv2"]),
    (System::Dmd, "dmd", &["dm+d", "https://dmd.nhs.uk"]),
    (System::Opcs4, "opcs4", &["opcs-4", "opcs", "https://fhir.hl7.org.uk/codesystem/opcs-4"]),
    (System::Loinc, "loinc", &["http://loinc.org"]),
    (System::Local, "local", &["weft"]),
];

/// Why something is no code of a system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{code}` is no {} code: {why}", system.word())]
pub struct NoCode {
    /// As it came.
    pub code: String,
    /// The system it was said to be of.
    pub system: System,
    /// What such a code looks like.
    pub why: &'static str,
}

impl System {
    /// The system of a name or address, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        NAMES
            .iter()
            .find(|(_, word, others)| *word == name || others.contains(&name.as_str()))
            .map(|(system, ..)| *system)
    }

    /// The word we write for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        NAMES.iter().find(|(system, ..)| *system == self).map_or("", |(_, word, _)| word)
    }

    /// All words, for a complaint.
    #[must_use]
    pub fn words() -> String {
        NAMES.iter().map(|(_, word, _)| *word).collect::<Vec<_>>().join(", ")
    }

    /// The word of our own for this: what a code of this system said was over on a day, as its source says. It stands as a [`System::Local`]
    /// code on that day.
    #[must_use]
    pub fn over(self, clean: &str) -> String {
        format!("over:{}:{clean}", self.word())
    }

    /// The code as we compare it: without dots, filler and marks in ICD-10, as it stands elsewhere.
    pub fn clean(self, code: &str) -> Result<String, NoCode> {
        let code = code.trim();
        let no = |why| Err(NoCode { code: code.to_owned(), system: self, why });
        match self {
            Self::Icd10 => {
                let mut clean = code.to_uppercase();
                clean.retain(|c| c != '.' && c != '-' && c != ' ');
                // Dagger and asterisk (D, A) and the filler X say nothing that an index asks about.
                while clean.len() > 3 && clean.ends_with(['A', 'D', 'X']) {
                    clean.pop();
                }
                let bytes = clean.as_bytes();
                let shaped = (3..=7).contains(&bytes.len())
                    && bytes[0].is_ascii_uppercase()
                    && bytes[1].is_ascii_digit()
                    && bytes[2..].iter().all(u8::is_ascii_alphanumeric);
                // Other countries' editions have letters further on (C96.Z); how such a code begins still says what it is.
                if shaped {
                    Ok(clean)
                } else {
                    no("it has a letter, a digit, and one to five more of either, such as I21, I21.9 or E1190")
                }
            }
            Self::Opcs4 => {
                let mut clean = code.to_uppercase();
                clean.retain(|c| c != '.');
                let bytes = clean.as_bytes();
                let shaped = (3..=4).contains(&bytes.len())
                    && bytes[0].is_ascii_uppercase()
                    && bytes[1..].iter().all(u8::is_ascii_digit);
                if shaped { Ok(clean) } else { no("it has a letter and two or three digits, such as W40.1") }
            }
            Self::Loinc => {
                let shaped = code.split_once('-').is_some_and(|(number, check)| {
                    (1..=7).contains(&number.len())
                        && check.len() == 1
                        && number.bytes().chain(check.bytes()).all(|byte| byte.is_ascii_digit())
                });
                if shaped {
                    Ok(code.to_owned())
                } else {
                    no("it has up to seven digits, a hyphen and one more, such as 718-7")
                }
            }
            Self::Snomed | Self::Dmd => {
                let shaped = (6..=18).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
                if shaped { Ok(code.to_owned()) } else { no("it has 6 to 18 digits") }
            }
            Self::Ctv3 | Self::Read2 => {
                // Lists carry the two digits of the description after the code's five characters.
                let stem = if code.len() == 7 { code.get(..5).unwrap_or(code) } else { code };
                let shaped =
                    !stem.is_empty() && stem.len() <= 5 && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
                if shaped { Ok(format!("{stem:.<5}")) } else { no("it has up to five letters, digits and dots") }
            }
            Self::Local => {
                let shaped = !code.is_empty()
                    && code.len() <= 60
                    && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/".contains(&b));
                if shaped { Ok(code.to_owned()) } else { no("it has up to 60 letters, digits and -_.:/") }
            }
        }
    }
}

/// The dihedral group of ten, in which Verhoeff's check digit is worked out: five turns, and five turns of the other side.
fn turned(one: usize, other: usize) -> usize {
    match (one < 5, other < 5) {
        (true, true) => (one + other) % 5,
        (true, false) => 5 + (one + other - 5) % 5,
        (false, true) => 5 + (one - other) % 5,
        (false, false) => (one + 5 - other) % 5,
    }
}

/// Verhoeff's permutation of the digits.
const MIXED: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

fn verhoeff(digits: impl Iterator<Item = u8>) -> usize {
    let mut sum = 0;
    for (place, byte) in digits.enumerate() {
        let digit = (0..place % 8).fold(usize::from(byte - b'0'), |digit, _| MIXED[digit]);
        sum = turned(sum, digit);
    }
    sum
}

/// Whether an identifier of SNOMED CT or of a medicine ends in the check digit that it should (Verhoeff; SNOMED CT Release File
/// Specification, section 6). A mistyped code that is not told would be a lower score.
#[must_use]
pub fn check_digit(code: &str) -> bool {
    (6..=18).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && verhoeff(code.bytes().rev()) == 0
}

/// Digits with their check digit at the end.
#[cfg(test)]
pub(crate) fn with_check_digit(digits: &str) -> String {
    (0..10).map(|digit| format!("{digits}{digit}")).find(|code| check_digit(code)).unwrap()
}

/// Every code there is, numbered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codes {
    list: Vec<(System, Box<str>)>,
    numbers: HashMap<(System, Box<str>), u32>,
}

impl Codes {
    /// The number of a clean code, new or known.
    pub fn number(&mut self, system: System, clean: &str) -> u32 {
        let key = (system, Box::from(clean));
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(key.clone());
        self.numbers.insert(key, number);
        number
    }

    /// System and code of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<(System, &str)> {
        self.list.get(number as usize).map(|(system, code)| (*system, &**code))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (System, &str)> {
        self.list.iter().map(|(system, code)| (*system, &**code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hospitals_ways_of_writing_a_code_are_one_code() {
        for (written, clean) in [
            ("I21.9", "I219"),
            ("i10x", "I10"),
            ("F00.1A", "F001"),
            ("G30.9D", "G309"),
            (" E11.90 ", "E1190"),
            ("I10-", "I10"),
            ("C96.Z", "C96Z"),
        ] {
            assert_eq!(System::Icd10.clean(written).unwrap(), clean);
        }
        assert_eq!(System::Ctv3.clean("XE1DV").unwrap(), "XE1DV");
        assert_eq!(System::Read2.clean("14G1.00").unwrap(), "14G1.");
        assert_eq!(System::Read2.clean("H33").unwrap(), "H33..");
        assert_eq!(System::named("http://loinc.org").unwrap().clean(" 718-7 ").unwrap(), "718-7");
    }

    #[test]
    fn the_check_digit_finds_every_wrong_digit_and_every_pair_turned_round() {
        for code in ["73211009", "116680003", "900000000000011006", "900000000000010007"] {
            assert!(check_digit(code), "{code}");
            for place in 0..code.len() {
                for digit in b'0'..=b'9' {
                    let mut other = code.as_bytes().to_vec();
                    other[place] = digit;
                    let other = String::from_utf8(other).unwrap();
                    assert_eq!(check_digit(&other), other == code, "{other}");
                }
                let mut turned = code.as_bytes().to_vec();
                turned.swap(place, (place + 1).min(code.len() - 1));
                let turned = String::from_utf8(turned).unwrap();
                assert_eq!(check_digit(&turned), turned == code, "{turned}");
            }
        }
        assert!(!check_digit("7321"));
        assert!(!check_digit("7321100x"));
    }

    #[test]
    fn what_is_no_code_of_its_system_is_refused() {
        for (system, code) in [
            (System::Icd10, "120"),
            (System::Icd10, ""),
            (System::Icd10, "XE1DV"),
            (System::Icd10, "I2"),
            (System::Snomed, "I21"),
            (System::Snomed, "12345"),
            (System::Read2, "no code"),
            (System::Opcs4, "40W"),
            (System::Loinc, "718"),
            (System::Loinc, "LP-7"),
            (System::Icd10, "é12"),
        ] {
            assert!(system.clean(code).is_err(), "{code}");
        }
        assert_eq!(System::named("ICD-9"), None);
        assert_eq!(System::named("http://snomed.info/sct"), Some(System::Snomed));
    }
}
