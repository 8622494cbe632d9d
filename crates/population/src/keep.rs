//! Columns kept as Parquet, so that any other engine can open them: `events.parquet` by person and day, and beside it what its
//! numbers mean. A save is there whole or not at all, and a sum of every part of it shows whatever was changed since. Sources and
//! record ids stay on the disk until somebody asks for evidence. Whoever can read the folder can read what happened to everybody:
//! nobody but its owner can.

mod read;
mod row;
mod sums;
mod write;

use std::path::{Path, PathBuf};

pub use read::{Loaded, Origins, Saved, load};
pub(crate) use row::Kept;
pub use write::{Writer, save};

/// Rows of a row group: what is read at once, and what is written at once.
pub(crate) const GROUP: usize = 1 << 20;

pub(crate) const EVENTS: &str = "events.parquet";
pub(crate) const CODES: &str = "codes.parquet";
pub(crate) const WORDS: &str = "words.parquet";
pub(crate) const PEOPLE: &str = "people.parquet";
/// What whoever saved them wrote beside them.
pub(crate) const NOTE: &str = "note.json";

/// 1 January 1970 as a [`crate::day::Day`]; Parquet's days begin there.
pub(crate) const EPOCH: i32 = 25_568;

/// Why columns cannot be saved or loaded.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The system says no.
    #[error("{path}: {why}")]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// As the system said.
        why: std::io::Error,
    },
    /// It is not Parquet as it should be.
    #[error("{path}: {why}")]
    Parquet {
        /// Which file.
        path: PathBuf,
        /// As the library said.
        why: parquet::errors::ParquetError,
    },
    /// What stands there cannot be.
    #[error("{path}: {what}; build the columns again")]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// What is wrong, and where.
        what: String,
    },
    /// Another program is writing.
    #[error("{path}: another program is writing columns there; try again when it is done")]
    Busy {
        /// Where.
        path: PathBuf,
    },
    /// Something that cannot be kept.
    #[error("{0}")]
    NotKept(String),
}

impl KeepError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self::File { path, why }
    }

    pub(crate) fn parquet(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        let path = path.to_owned();
        move |why| Self::Parquet { path, why }
    }

    pub(crate) fn wrong(path: &Path, what: impl Into<String>) -> Self {
        Self::Wrong { path: path.to_owned(), what: what.into() }
    }
}

#[cfg(test)]
mod tests;
