//! Where the files of a place come from: a folder on disk, the table that the binary carries, or one with some files beside it. Must not judge what
//! they say.

use crate::Problems;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

mod built_in {
    include!(concat!(env!("OUT_DIR"), "/built_in.rs"));
}

/// A set of text files by name.
pub trait Files {
    /// The text of one file, by its name in the folder (`mappings/hospice.toml`); `None` where there is none.
    fn text(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The names of all files.
    fn names(&self) -> Vec<String>;
}

/// The place that the binary carries: `places/stockport` as it was when it was built.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

impl Files for BuiltIn {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        built_in::FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| Cow::Borrowed(*text))
    }

    fn names(&self) -> Vec<String> {
        built_in::FILES.iter().map(|(name, _)| (*name).to_owned()).collect()
    }
}

/// A folder on disk, read whole when it is opened, so that an edit half-way through cannot mix two versions.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    texts: BTreeMap<String, String>,
}

/// Deep enough for `mappings/` and what a place may add; a link in a circle ends here.
const DEEPEST: usize = 8;

impl Folder {
    /// Reads every file of the folder and the folders in it; names that begin with a dot are left out.
    ///
    /// # Errors
    /// [`Problems`] naming each file that cannot be read or is not UTF-8 text.
    pub fn open(path: &Path) -> Result<Self, Problems> {
        let mut folder = Self::default();
        let mut problems = Problems::default();
        folder.gather(path, "", DEEPEST, &mut problems);
        problems.or(Some(folder))
    }

    fn gather(&mut self, path: &Path, prefix: &str, deeper: usize, problems: &mut Problems) {
        let shown = if prefix.is_empty() { path.display().to_string() } else { prefix.to_owned() };
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                problems.add(&shown, None, format!("the folder of the place cannot be read ({error}); check its name"));
                return;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    problems.add(&shown, None, format!("the folder cannot be read to its end ({error})"));
                    return;
                }
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let full = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if entry.path().is_dir() {
                match deeper.checked_sub(1) {
                    Some(deeper) => self.gather(&entry.path(), &full, deeper, problems),
                    None => problems.add(&full, None, "the folders are nested too deep; a place needs two levels"),
                }
                continue;
            }
            match fs::read(entry.path()) {
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => {
                        self.texts.insert(full, text);
                    }
                    Err(_) => problems.add(&full, None, "this is not UTF-8 text; save it as UTF-8"),
                },
                Err(error) => problems.add(&full, None, format!("the file cannot be read ({error})")),
            }
        }
    }
}

impl Files for Folder {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.texts.get(name).map(|text| Cow::Borrowed(text.as_str()))
    }

    fn names(&self) -> Vec<String> {
        self.texts.keys().cloned().collect()
    }
}

/// The files of a place, and some more beside it: what a demonstration adds to the place that it is of.
pub struct Beside<'f> {
    first: &'f dyn Files,
    more: Folder,
}

impl<'f> Beside<'f> {
    /// A place's files with those of another folder.
    ///
    /// # Errors
    /// [`Problems`] naming each file that is in both: nothing of a place is put in place of in silence.
    pub fn of(first: &'f dyn Files, more: Folder) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        for name in more.names().iter().filter(|name| first.text(name).is_some()) {
            let message = "this file beside the data is in the place's own folder too; remove one of the two";
            problems.add(name, None, message);
        }
        problems.or(Some(Self { first, more }))
    }
}

impl Files for Beside<'_> {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.first.text(name).or_else(|| self.more.text(name))
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.first.names();
        names.extend(self.more.names());
        names.sort();
        names
    }
}
