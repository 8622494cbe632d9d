//! What is known from elsewhere of how many there should be: a file of the place's own, each share with who says so.

use super::node::{Reading, parse};
use crate::explore::NoWord;
use crate::fault::Faults;
use crate::people::Person;

/// Of which people a share is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// On the list of one of the place's practices.
    Registered,
    /// Living in the place.
    Resident,
}

impl Among {
    /// Whether somebody is one of them.
    #[must_use]
    pub fn has(self, person: &Person) -> bool {
        match self {
            Self::Registered => person.is_registered,
            Self::Resident => person.is_resident,
        }
    }
}

impl std::fmt::Display for Among {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Registered => "registered",
            Self::Resident => "resident",
        })
    }
}

impl std::str::FromStr for Among {
    type Err = NoWord;

    fn from_str(text: &str) -> Result<Self, NoWord> {
        let known = [Self::Registered, Self::Resident].into_iter().find(|among| among.to_string() == text);
        known.ok_or_else(|| NoWord(text.to_owned()))
    }
}

/// A share that is known from elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The rule set that finds the same people where they are coded.
    pub set: String,
    /// The share.
    pub share: f64,
    /// Of which people.
    pub among: Among,
    /// And of this age or more.
    pub age_from: u8,
    /// Who says so, when.
    pub source: String,
}

impl Expected {
    /// Reads `[[expected]]` tables with `set`, `share`, `among` (registered or resident), `source` and, if wanted, `age_from`.
    pub fn read(file: &str, text: &str) -> Result<Vec<Self>, Faults> {
        let mut table = parse(file, text)?;
        let mut reading = Reading { file, faults: Vec::new() };
        let mut all: Vec<Self> = Vec::new();
        for mut inner in table.tables("expected", &mut reading) {
            let line = inner.line;
            let (set, source) = (inner.needed("set", &mut reading), inner.needed("source", &mut reading));
            let share = inner.decimal("share", &mut reading).map_or(0.0, crate::decimal::Decimal::as_f64);
            if !(share > 0.0 && share <= 1.0) {
                reading.fault(line, "`share` is a number above 0 and at most 1, such as 0.094");
            }
            let word = inner.needed("among", &mut reading);
            let among = word.parse().unwrap_or_else(|_| {
                reading.fault(line, format!("`among = \"{word}\"`: write registered or resident"));
                Among::Registered
            });
            let age_from =
                inner.whole("age_from", 120, &mut reading).and_then(|age| u8::try_from(age).ok()).unwrap_or(0);
            if all.iter().any(|known| known.set == set) {
                reading.fault(line, format!("`{set}` is expected twice"));
            }
            inner.finish(&mut reading);
            all.push(Self { set, share, among, age_from, source });
        }
        table.finish(&mut reading);
        if reading.faults.is_empty() { Ok(all) } else { Err(Faults(reading.faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_read_with_who_says_so_and_faults_are_told_with_their_line() {
        let text = "[[expected]]\nset = \"list-carers\"\nshare = 0.094\namong = \"resident\"\nage_from = 5\nsource = \"census\"\n";
        let found = Expected::read("expected.toml", text).unwrap();
        assert_eq!((found.len(), found[0].among, found[0].age_from), (1, Among::Resident, 5));
        assert!((found[0].share - 0.094).abs() < 1e-12);
        for (was, is, line, what) in [
            ("0.094", "9.4", 1, "at most 1"),
            ("resident", "everybody", 1, "registered or resident"),
            ("age_from", "age_form", 5, "`age_form` means nothing"),
            ("source = \"census\"\n", "", 1, "`source` is missing"),
        ] {
            let told = Expected::read("expected.toml", &text.replace(was, is)).unwrap_err().to_string();
            assert!(told.contains(&format!("expected.toml:{line}: ")) && told.contains(what), "{told}");
        }
        assert!(Expected::read("expected.toml", &text.repeat(2)).unwrap_err().to_string().contains("twice"));
    }
}
