//! Lists of codes out of a place's own release of SNOMED CT: the members of its reference sets, and what stands beneath a concept.
//! Reads the tables of Release Format 2 that the place holds a licence for. Nothing of a release is in this repository, and no term
//! is read. Must not choose: which sets and concepts make a list stands in a file of the place's.

mod wanted;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;

pub use wanted::{Asked, Wanted, WantedList};

use crate::fault::{Fault, Faults};

/// Is a.
const IS_A: u64 = 116_680_003;
/// A relationship as authors wrote it; what follows from all of them is another row, and is the one that counts.
const STATED: u64 = 900_000_000_000_010_007;

/// What a table of a release holds, by its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Concepts.
    Concepts,
    /// What stands beneath what.
    Relationships,
    /// Members of reference sets.
    Members,
    /// Terms and the like: not read.
    Other,
}

/// The table of a header line.
fn table(header: &csv::ByteRecord) -> Table {
    let names: Vec<&[u8]> = header.iter().collect();
    match names.as_slice() {
        [b"id", b"effectiveTime", b"active", b"moduleId", rest @ ..] => match rest {
            [b"definitionStatusId"] => Table::Concepts,
            [
                b"sourceId",
                b"destinationId",
                b"relationshipGroup",
                b"typeId",
                b"characteristicTypeId",
                b"modifierId",
            ] => Table::Relationships,
            // Maps and languages have further columns; a simple reference set has none.
            [b"refsetId", b"referencedComponentId"] => Table::Members,
            _ => Table::Other,
        },
        _ => Table::Other,
    }
}

/// Why a row cannot be read.
fn why(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns, where the header has {expected_len}; is the file whole?")
        }
        _ => error.to_string(),
    }
}

/// What is needed of a release, table by table. Only what is active counts.
#[derive(Debug, Clone, Default)]
pub struct Release {
    members: HashMap<u64, Vec<u64>>,
    children: HashMap<u64, Vec<u64>>,
    concepts: HashSet<u64>,
}

impl Release {
    /// Takes a table in: which it is, and how many rows of it were read. Tables of snapshots only: a full history would count
    /// what is over.
    ///
    /// # Errors
    /// What cannot be read, with file and line.
    pub fn take(&mut self, file: &str, source: impl Read) -> Result<(Table, u64), Faults> {
        let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).from_reader(source);
        // Every row is a line, whatever ends it: the reader's own count is one behind after a carriage return and a line feed.
        let fault =
            |line: u64, what: String| Faults::from(Fault::new(file, usize::try_from(line).unwrap_or(usize::MAX), what));
        let table = table(reader.byte_headers().map_err(|error| fault(1, error.to_string()))?);
        let mut rows = 0;
        if table == Table::Other {
            return Ok((table, rows));
        }
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).map_err(|error| fault(rows + 2, why(&error)))? {
            rows += 1;
            let number = |at: usize| {
                let text = row.get(at).unwrap_or_default();
                std::str::from_utf8(text).ok().and_then(|text| text.parse::<u64>().ok()).ok_or_else(|| {
                    fault(rows + 1, format!("`{}` is no identifier of a concept", String::from_utf8_lossy(text)))
                })
            };
            if row.get(2) != Some(b"1") {
                continue;
            }
            match table {
                Table::Concepts => {
                    self.concepts.insert(number(0)?);
                }
                Table::Relationships if number(7)? == IS_A && number(8)? != STATED => {
                    self.children.entry(number(5)?).or_default().push(number(4)?);
                }
                Table::Members => self.members.entry(number(4)?).or_default().push(number(5)?),
                Table::Relationships | Table::Other => {}
            }
        }
        Ok((table, rows))
    }

    /// Whether anything of it can be used.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.is_empty()
    }

    /// A concept and everything beneath it.
    fn beneath(&self, concept: u64) -> HashSet<u64> {
        let mut found = HashSet::from([concept]);
        let mut waiting = vec![concept];
        while let Some(next) = waiting.pop() {
            for child in self.children.get(&next).into_iter().flatten() {
                if found.insert(*child) {
                    waiting.push(*child);
                }
            }
        }
        found
    }

    /// The lists that are wanted: each code with what brought it in, such as `beneath 73211009`.
    ///
    /// # Errors
    /// A reference set without members, a concept that is not in the release, a list that comes to nothing: with file and line.
    pub fn lists(&self, wanted: &Wanted) -> Result<Vec<Made>, Faults> {
        let mut faults = Vec::new();
        let mut made = Vec::new();
        for list in &wanted.lists {
            let mut codes = BTreeMap::new();
            for (line, asked) in &list.asked {
                let found = match self.found(*asked) {
                    Ok(found) => found,
                    Err(why) => {
                        faults.push(Fault::new(&wanted.file, *line, why));
                        continue;
                    }
                };
                if asked.takes_off() {
                    codes.retain(|code, _| !found.contains(code));
                } else {
                    for code in found {
                        codes.entry(code).or_insert_with(|| asked.to_string());
                    }
                }
            }
            if codes.is_empty() && faults.is_empty() {
                faults.push(Fault::new(&wanted.file, list.line, format!("the list `{}` comes to no code", list.name)));
            }
            made.push(Made { name: list.name.clone(), codes });
        }
        if faults.is_empty() { Ok(made) } else { Err(Faults(faults)) }
    }

    fn found(&self, asked: Asked) -> Result<HashSet<u64>, String> {
        let known = |concept: u64| match self.concepts.is_empty() || self.concepts.contains(&concept) {
            true => Ok(concept),
            false => Err(format!(
                "{concept} is not an active concept of this release; is it mistyped, or has it been retired?"
            )),
        };
        match asked {
            Asked::Refset(refset) => match self.members.get(&refset) {
                Some(members) => Ok(members.iter().copied().collect()),
                None => Err(format!("no table of this release has an active member of the reference set {refset}")),
            },
            // Sources write retired codes for years: whoever names one means it.
            Asked::Code(concept) | Asked::WithoutCode(concept) => Ok(HashSet::from([concept])),
            Asked::Beneath(concept) | Asked::WithoutBeneath(concept) => {
                if self.children.is_empty() {
                    return Err(
                        "no table of relationships is here, so nothing is known to stand beneath a concept".to_owned()
                    );
                }
                Ok(self.beneath(known(concept)?))
            }
        }
    }
}

/// A list that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its name, as rules name it.
    pub name: String,
    /// Its codes, each with what brought it in first.
    pub codes: BTreeMap<u64, String>,
}

#[cfg(test)]
mod tests;
