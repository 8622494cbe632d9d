//! Reading a TOML table strictly: each key is asked for by name and type, and what nobody asked for is a mistake.
//! Must not know what the keys mean, and must go on after a mistake so that all of them are found.

use super::problem::Notes;
use serde_json::Value;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text of the file and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// One table of the file while it is read.
pub(super) struct Table<'a> {
    map: &'a DeTable<'a>,
    /// What the table is called in sentences: `[person]`, `[[resource]]`, `field "status"`.
    pub(super) name: String,
    pub(super) span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(map: &'a DeTable<'a>, name: impl Into<String>, span: Range<usize>) -> Self {
        Self { map, name: name.into(), span, asked: Vec::new() }
    }

    /// The same table, to be read from the start.
    pub(super) fn again(&self) -> Self {
        Self::new(self.map, self.name.clone(), self.span.clone())
    }

    /// The raw value of a key.
    pub(super) fn raw(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.map.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Whether the key is there, without reading it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.keys().any(|name| name.get_ref() == key)
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Located> {
        let value = self.raw(key)?;
        text_of(value).or_else(|| {
            notes.add(&value.span(), format!("{} of {} must be a text in quotes", key, self.name));
            None
        })
    }

    /// A text that must be there.
    pub(super) fn needed_text(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Located> {
        if !self.has(key) {
            self.asked.push(key);
            notes.add(&self.span, format!("{} needs `{key} = \"...\"`", self.name));
            return None;
        }
        self.text(key, notes)
    }

    /// A list of texts; one text alone counts as a list of one.
    pub(super) fn texts(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Vec<Located> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        if let Some(one) = text_of(value) {
            return vec![one];
        }
        let Some(array) = value.get_ref().as_array() else {
            notes.add(&value.span(), format!("{key} of {} must be a list of texts", self.name));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array {
            match text_of(item) {
                Some(text) => texts.push(text),
                None => notes.add(&item.span(), format!("{key} of {} must hold texts in quotes only", self.name)),
            }
        }
        texts
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn flag(&mut self, key: &'static str, notes: &mut Notes<'_>) -> bool {
        let Some(value) = self.raw(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            notes.add(&value.span(), format!("{key} of {} must be true or false", self.name));
            false
        })
    }

    /// A table under a key.
    pub(super) fn table(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Table<'a>> {
        let value = self.raw(key)?;
        let found =
            value.get_ref().as_table().map(|map| Table::new(map, format!("{key} of {}", self.name), value.span()));
        if found.is_none() {
            notes.add(&value.span(), format!("{key} of {} must be a table, {{ ... }} or [{key}]", self.name));
        }
        found
    }

    /// A list of tables under a key.
    pub(super) fn tables(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Vec<Table<'a>> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            notes.add(&value.span(), format!("{key} of {} must be a list of tables", self.name));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array {
            match item.get_ref().as_table() {
                Some(map) => tables.push(Table::new(map, format!("[[{key}]]"), item.span())),
                None => notes.add(&item.span(), format!("{key} of {} must hold tables only", self.name)),
            }
        }
        tables
    }

    /// Every key of the table with its value, in the order of the file (for tables whose keys are data).
    pub(super) fn entries(&self) -> Vec<(Located, &'a Spanned<DeValue<'a>>)> {
        let mut entries: Vec<_> = self
            .map
            .iter()
            .map(|(key, value)| (Located { text: key.get_ref().to_string(), span: key.span() }, value))
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        entries
    }

    /// Reports the keys that nobody asked for. To be called when all others have been read.
    pub(super) fn finish(self, notes: &mut Notes<'_>) {
        for (key, _) in self.entries() {
            if !self.asked.contains(&key.text.as_str()) {
                let mut known = self.asked.clone();
                known.sort_unstable();
                known.dedup();
                notes.add(
                    &key.span,
                    format!("{} has no key `{}`; it may have: {}", self.name, key.text, known.join(", ")),
                );
            }
        }
    }
}

/// The text of a TOML string.
pub(super) fn text_of(value: &Spanned<DeValue<'_>>) -> Option<Located> {
    value.get_ref().as_str().map(|text| Located { text: text.to_owned(), span: value.span() })
}

/// A TOML constant as JSON: text, whole or decimal number (digits kept), true or false.
pub(super) fn constant(value: &Spanned<DeValue<'_>>) -> Option<Value> {
    match value.get_ref() {
        DeValue::String(text) => Some(Value::String(text.to_string())),
        DeValue::Boolean(flag) => Some(Value::Bool(*flag)),
        DeValue::Integer(number) => serde_json::from_str(number.as_str()).ok(),
        DeValue::Float(number) => serde_json::from_str(number.as_str()).ok(),
        _ => None,
    }
}
