//! Reads the lists of a place's files into rows that remember their lines, so that every later complaint can name one.
//! Must not know what the rows mean; that is `check`.

mod cell;
mod csv_list;
mod document;

pub(crate) use csv_list::read_csv;
pub(crate) use document::{Document, Nothing};

use crate::Problems;
use jiff::civil::Date;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One entry of a list and where it stands.
#[derive(Debug)]
pub(crate) struct Row<T> {
    /// The entry.
    pub(crate) value: T,
    /// The line on which it begins.
    line: u64,
    /// The lines of its fields, where they have lines of their own.
    fields: BTreeMap<String, u64>,
}

impl<T> Row<T> {
    /// The line of one field, else that of the entry.
    pub(crate) fn line_of(&self, field: &str) -> Option<u64> {
        Some(self.fields.get(field).copied().unwrap_or(self.line))
    }
}

/// A list as read: the rows that could be understood, and the keys of all that were seen.
#[derive(Debug)]
pub(crate) struct Table<T> {
    /// The file it came from.
    pub(crate) file: String,
    /// What could be understood.
    pub(crate) rows: Vec<Row<T>>,
    /// Keys of all rows, also of those that could not be understood, with their first line.
    keys: BTreeMap<String, u64>,
    /// Whether every row was seen. If not, nothing can be called missing from it.
    whole: bool,
}

impl<T> Table<T> {
    fn new(file: &str) -> Self {
        Self { file: file.to_owned(), rows: Vec::new(), keys: BTreeMap::new(), whole: true }
    }

    /// A list of which nothing could be read.
    pub(crate) fn unread(file: &str) -> Self {
        Self { whole: false, ..Self::new(file) }
    }

    /// Whether an entry has this key; also true where we cannot tell, so that one mistake is told once.
    pub(crate) fn knows(&self, key: &str) -> bool {
        !self.whole || self.keys.contains_key(key)
    }

    /// The keys, for a message that says what there is to choose from.
    pub(crate) fn known(&self) -> String {
        let keys: BTreeSet<&str> = self.keys.keys().map(String::as_str).collect();
        let shown: Vec<&str> = keys.iter().copied().take(12).collect();
        let more = if keys.len() > shown.len() { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    }

    /// Notes a key; one that was there before is a problem.
    fn note(&mut self, field: &str, key: &str, line: u64, problems: &mut Problems) {
        if key.is_empty() {
            return;
        }
        if let Some(first) = self.keys.get(key) {
            let message = format!(
                "the {field} \"{key}\" is already on line {first}; each may stand once, so remove or rename one"
            );
            problems.add(&self.file, Some(line), message);
        } else {
            self.keys.insert(key.to_owned(), line);
        }
    }

    /// A list that reads well and says nothing is a mistake too.
    fn complain_if_empty(&self, problems: &mut Problems) {
        if self.whole && self.keys.is_empty() && self.rows.is_empty() {
            problems.add(&self.file, None, "the file has no entries; add at least one");
        }
    }

    /// The entries without their lines.
    pub(crate) fn into_values(self) -> Vec<T> {
        self.rows.into_iter().map(|row| row.value).collect()
    }
}

/// A text with something in it, spaces around it dropped.
pub(crate) fn words<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    let text = text.trim();
    if text.is_empty() { Err(D::Error::custom("this is empty; fill it in")) } else { Ok(text.to_owned()) }
}

/// A day, as `2016-04-25`.
pub(crate) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    from.deserialize_str(Day)
}

/// A day, as `2016-04-25`, or nothing.
pub(crate) fn optional_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    struct Wrapped(Date);
    impl<'de> Deserialize<'de> for Wrapped {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            date(from).map(Self)
        }
    }
    Ok(Option::<Wrapped>::deserialize(from)?.map(|wrapped| wrapped.0))
}

struct Day;

impl Visitor<'_> for Day {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date in quotes, such as \"2016-04-25\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        // Ten characters, or a time of day or a week date would pass as well.
        let read = if text.len() == 10 { text.parse().ok() } else { None };
        read.ok_or_else(|| E::custom(format!("\"{text}\" is not a date; write it as 2016-04-25")))
    }
}
