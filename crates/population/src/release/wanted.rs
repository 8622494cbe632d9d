//! Which lists a place wants out of its release: a file of TOML, read with its lines.

use super::super::library::node::{Reading, Table, parse};
use crate::code::check_digit;
use crate::fault::Faults;

/// One thing that brings codes in, or takes them off again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The members of a reference set.
    Refset(u64),
    /// A concept itself.
    Code(u64),
    /// A concept and everything beneath it.
    Beneath(u64),
    /// Not this concept.
    WithoutCode(u64),
    /// Neither this concept nor anything beneath it.
    WithoutBeneath(u64),
}

impl Asked {
    /// Whether it takes codes off.
    #[must_use]
    pub fn takes_off(self) -> bool {
        matches!(self, Self::WithoutCode(_) | Self::WithoutBeneath(_))
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refset(refset) => write!(f, "reference set {refset}"),
            Self::Code(_) => f.write_str("named"),
            Self::Beneath(concept) => write!(f, "beneath {concept}"),
            Self::WithoutCode(concept) => write!(f, "without {concept}"),
            Self::WithoutBeneath(concept) => write!(f, "without what is beneath {concept}"),
        }
    }
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedList {
    /// Its name, as rules name it: `place/carer`.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// What makes it, each with its line: all that brings in, then all that takes off.
    pub asked: Vec<(usize, Asked)>,
}

/// Every list that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The file, as it was named to us.
    pub file: String,
    /// In the order of the file.
    pub lists: Vec<WantedList>,
}

type Of = fn(u64) -> Asked;

/// The keys of a list, in the order in which they count.
const KEYS: [(&str, Of); 5] = [
    ("refsets", Asked::Refset),
    ("codes", Asked::Code),
    ("beneath", Asked::Beneath),
    ("without", Asked::WithoutCode),
    ("without_beneath", Asked::WithoutBeneath),
];

impl Wanted {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong, with its line: a number that no concept can have, a name twice, a list that asks for nothing.
    pub fn read(file: &str, text: &str) -> Result<Self, Faults> {
        let mut table = parse(file, text)?;
        let mut reading = Reading { file, faults: Vec::new() };
        let mut lists: Vec<WantedList> = Vec::new();
        for mut entry in table.tables("list", &mut reading) {
            let list = list(&mut entry, &mut reading);
            entry.finish(&mut reading);
            if lists.iter().any(|known| known.name == list.name) {
                reading.fault(list.line, format!("the list `{}` stands here twice", list.name));
            }
            lists.push(list);
        }
        table.finish(&mut reading);
        if lists.is_empty() && reading.faults.is_empty() {
            reading.fault(1, "no list is asked for; begin each with [[list]]");
        }
        if reading.faults.is_empty() { Ok(Self { file: file.to_owned(), lists }) } else { Err(Faults(reading.faults)) }
    }
}

fn list(entry: &mut Table, reading: &mut Reading<'_>) -> WantedList {
    let name = entry.needed("name", reading);
    let mut asked = Vec::new();
    for (key, of) in KEYS {
        for (line, text) in entry.texts(key, reading) {
            match text.parse::<u64>().ok().filter(|_| check_digit(&text)) {
                Some(number) => asked.push((line, of(number))),
                None => {
                    reading
                        .fault(line, format!("`{text}` is no identifier of SNOMED CT: its check digit is not right"));
                }
            }
        }
    }
    if !asked.iter().any(|(_, asked)| !asked.takes_off()) {
        reading.fault(entry.line, format!("`{name}` asks for nothing: give it refsets, codes or beneath"));
    }
    WantedList { name, line: entry.line, asked }
}
