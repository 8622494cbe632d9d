//! Lists of codes: identifiers and how they match, never a term. From TOML, or from the CSV of a place's own terminology release.

use super::{Read, digest};
use crate::code::{System, check_digit};
use crate::fault::{Fault, Faults};

/// How a code of a list matches a code of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matching {
    /// The same.
    Exact,
    /// It begins so.
    Prefix,
    /// Every code of the system; the list itself has none.
    Whole,
}

impl Matching {
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "exact" => Some(Self::Exact),
            "prefix" => Some(Self::Prefix),
            "whole-system" => Some(Self::Whole),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
            Self::Whole => "whole-system",
        }
    }
}

/// System, how it matches, and the code as it is compared.
pub type Listed = (System, Matching, String);

/// A list of codes. One name can have codes of several systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    /// Its name: `charlson-quan-2005/dementia`.
    pub name: String,
    /// In order, each once.
    pub codes: Vec<Listed>,
    /// The file it came from.
    pub file: String,
    /// SHA-256 over its codes.
    pub hash: String,
}

impl CodeList {
    pub(crate) fn of(name: String, mut codes: Vec<Listed>, file: &str) -> Self {
        codes.sort();
        codes.dedup();
        let text: String = codes
            .iter()
            .map(|(system, matching, code)| format!("{} {} {code}\n", system.word(), matching.word()))
            .collect();
        Self { name, hash: digest(&text), codes, file: file.to_owned() }
    }
}

/// The words that say of the codes of a list that what they said is over.
pub(crate) fn over(list: &CodeList) -> impl Iterator<Item = Listed> {
    list.codes.iter().map(|(system, matching, code)| {
        // Of a whole system, whatever its codes: all that begin as its words do.
        let matching = if *matching == Matching::Whole { Matching::Prefix } else { *matching };
        (System::Local, matching, system.over(code))
    })
}

/// A prefix need not be a whole code.
pub(crate) fn clean(system: System, matching: Matching, code: &str) -> Result<String, String> {
    if matching == Matching::Prefix && system == System::Icd10 {
        let mut prefix = code.trim().to_uppercase();
        prefix.retain(|c| c != '.');
        let is_shaped = prefix.len() >= 2
            && prefix.starts_with(|c: char| c.is_ascii_uppercase())
            && prefix.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        return if is_shaped { Ok(prefix) } else { Err(format!("`{code}` begins no ICD-10 code")) };
    }
    let clean = system.clean(code).map_err(|error| error.to_string())?;
    // A record may hold whatever its source wrote; a list is written by us, and a mistyped code in it finds nobody.
    if matches!(system, System::Snomed | System::Dmd) && matching == Matching::Exact && !check_digit(&clean) {
        return Err(format!("`{clean}` is no {} code: its check digit is not right", system.word()));
    }
    Ok(clean)
}

/// Lists from CSV with the columns `list`, `system`, `code` and, if wanted, `match`; others are passed over.
pub(crate) fn from_csv(file: &str, text: &str) -> Result<Read, Faults> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut faults = Vec::new();
    let headers = reader.headers().map_err(|error| Fault::new(file, 1, error.to_string()))?.clone();
    let column = |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let (Some(list), Some(system), Some(code)) = (column("list"), column("system"), column("code")) else {
        return Err(Fault::new(file, 1, "a file of lists has the columns `list`, `system` and `code`").into());
    };
    let matching = column("match");
    let mut found: Vec<(String, usize, Vec<Listed>)> = Vec::new();
    for row in reader.records() {
        let at = |error: &csv::Error| error.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(1);
        let row = row.map_err(|error| Fault::new(file, at(&error), error.to_string()))?;
        let line = row.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let name = cell(list);
        let Some(system) = System::named(cell(system)) else {
            faults.push(Fault::new(
                file,
                line,
                format!("`{}` is no system; there are {}", cell(system), System::words()),
            ));
            continue;
        };
        let word = matching.map_or("exact", cell);
        let matching = match word {
            "" => Some(Matching::Exact),
            word => Matching::named(word),
        };
        let Some(matching) = matching else {
            faults.push(Fault::new(
                file,
                line,
                format!("`{word}` is no way to match; write exact, prefix or whole-system"),
            ));
            continue;
        };
        let code = match clean(system, matching, cell(code)) {
            Ok(code) => code,
            Err(why) => {
                faults.push(Fault::new(file, line, why));
                continue;
            }
        };
        if name.is_empty() {
            faults.push(Fault::new(file, line, "the list has no name"));
            continue;
        }
        match found.iter_mut().find(|(known, ..)| known == name) {
            Some((.., codes)) => codes.push((system, matching, code)),
            None => found.push((name.to_owned(), line, vec![(system, matching, code)])),
        }
    }
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let lists = found.into_iter().map(|(name, line, codes)| (line, CodeList::of(name, codes, file))).collect();
    Ok(Read { lists, set: None })
}
