//! The rules and lists there are: those that come with Weft, and a place's own beside them. A rule set that names a list which is
//! not there can be read and listed, but not used.

mod condition;
mod expected;
mod list;
pub(crate) mod node;
mod read;
mod shipped;

use std::collections::BTreeMap;
use std::path::Path;

use crate::fault::{Fault, Faults};
use crate::rule::{Kind, Name, RuleSet};
pub use expected::{Among, Expected};
pub(crate) use list::over;
pub use list::{CodeList, Listed, Matching};
pub(crate) use read::recalibration;

/// Rules and lists by name.
#[derive(Debug, Clone, Default)]
pub struct Library {
    lists: BTreeMap<String, CodeList>,
    sets: BTreeMap<String, RuleSet>,
}

/// Why a library cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// What stands in the files is wrong.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// A file cannot be read.
    #[error("{path} cannot be read: {why}")]
    File {
        /// Which.
        path: String,
        /// As the system said.
        why: std::io::Error,
    },
}

impl From<Fault> for LibraryError {
    fn from(fault: Fault) -> Self {
        Self::Faults(fault.into())
    }
}

impl Library {
    /// What comes with Weft.
    pub fn shipped() -> Result<Self, LibraryError> {
        let mut library = Self::default();
        let mut faults = Vec::new();
        for (file, text) in shipped::FILES {
            if let Err(Faults(more)) = library.add(file, text) {
                faults.extend(more);
            }
        }
        if faults.is_empty() { Ok(library) } else { Err(Faults(faults).into()) }
    }

    /// Adds every `.toml` and `.csv` of a folder, by name: lists of codes and rule sets.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), LibraryError> {
        let file = |path: &Path, why| LibraryError::File { path: path.display().to_string(), why };
        let entries = std::fs::read_dir(folder).map_err(|why| file(folder, why))?;
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.map_err(|why| file(folder, why))?.path());
        }
        paths.sort();
        let mut faults = Vec::new();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|kind| kind == "toml" || kind == "csv")) {
            let text = std::fs::read_to_string(path).map_err(|why| file(path, why))?;
            if let Err(Faults(more)) = self.add(&path.display().to_string(), &text) {
                faults.extend(more);
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults).into()) }
    }

    /// Adds one file by its text: a rule set or lists in TOML, or lists in CSV.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), Faults> {
        let read = if file.ends_with(".csv") { list::from_csv(file, text)? } else { read::document(file, text)? };
        let mut faults = Vec::new();
        for (line, found) in read.lists {
            match self.lists.get(&found.name) {
                Some(known) => faults.push(Fault::new(
                    file,
                    line,
                    format!("the list `{}` is already in {}; give this one another name", found.name, known.file),
                )),
                None => drop(self.lists.insert(found.name.clone(), found)),
            }
        }
        if let Some(set) = read.set {
            match self.sets.get(&set.id) {
                Some(known) => faults.push(Fault::new(
                    file,
                    1,
                    format!("the rule set `{}` is already in {}; give this one another id", set.id, known.file),
                )),
                None => drop(self.sets.insert(set.id.clone(), set)),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }

    /// Every rule set, by id.
    pub fn sets(&self) -> impl Iterator<Item = &RuleSet> {
        self.sets.values()
    }

    /// A rule set.
    #[must_use]
    pub fn set(&self, id: &str) -> Option<&RuleSet> {
        self.sets.get(id)
    }

    /// A list of codes.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// What a rule set names, itself or through others, and is not there. Empty, and it can be used.
    #[must_use]
    pub fn missing(&self, set: &RuleSet) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut waiting = vec![set];
        let mut seen = vec![set.id.as_str()];
        while let Some(set) = waiting.pop() {
            for (name, line) in &set.names {
                match name {
                    Name::List(list) if !self.lists.contains_key(list) => faults.push(Fault::new(
                        &set.file,
                        *line,
                        format!("`{}` needs the list `{list}`, which is not here: load it from a file that you hold a licence for", set.id),
                    )),
                    Name::Score(id) if self.sets.get(id).is_some_and(|other| other.kind != Kind::Score) => {
                        let what = format!("`{}` asks for the score of `{id}`, which makes none; write `set = \"{id}\"`", set.id);
                        faults.push(Fault::new(&set.file, *line, what));
                    }
                    Name::Set(id) | Name::Score(id) => match self.sets.get(id) {
                        Some(other) if !seen.contains(&other.id.as_str()) => {
                            seen.push(&other.id);
                            waiting.push(other);
                        }
                        Some(_) => {}
                        None => faults.push(Fault::new(
                            &set.file,
                            *line,
                            format!("`{}` needs the rule set `{id}`, which is not here", set.id),
                        )),
                    },
                    Name::List(_) => {}
                }
            }
        }
        faults
    }

    /// SHA-256 over every list that a rule set uses, itself or through others.
    #[must_use]
    pub fn lists_hash(&self, set: &RuleSet) -> String {
        let mut lists: BTreeMap<&str, &str> = BTreeMap::new();
        let (mut waiting, mut seen) = (vec![set], Vec::new());
        while let Some(set) = waiting.pop() {
            if seen.contains(&&set.id) {
                continue;
            }
            seen.push(&set.id);
            for (name, _) in &set.names {
                match name {
                    Name::List(list) => {
                        lists.insert(list, self.lists.get(list).map_or("", |list| &list.hash));
                    }
                    Name::Set(id) | Name::Score(id) => waiting.extend(self.sets.get(id)),
                }
            }
        }
        let text: String = lists.iter().map(|(name, hash)| format!("{name} {hash}\n")).collect();
        digest(&text)
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn digest(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What one file holds.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) lists: Vec<(usize, CodeList)>,
    pub(crate) set: Option<RuleSet>,
}

#[cfg(test)]
mod tests;
