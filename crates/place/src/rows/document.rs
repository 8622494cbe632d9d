//! Reads a TOML file of lists. Each entry is read on its own, so that a mistake in one hides none in the next.

use super::{Row, Table};
use crate::{Files, Lines, Problems};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

/// A TOML file that could be parsed.
pub(crate) struct Document<'t> {
    file: &'t str,
    lines: Lines,
    table: Spanned<DeTable<'t>>,
}

/// What remains of a file that has nothing but its list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<'t> Document<'t> {
    /// The text of a file, or a problem.
    pub(crate) fn text<'f>(files: &'f dyn Files, file: &str, problems: &mut Problems) -> Option<Cow<'f, str>> {
        let text = files.text(file);
        match &text {
            None => problems.add(file, None, "the file is missing; add it to the folder"),
            Some(text) if text.trim().is_empty() => problems.add(file, None, "the file is empty; fill it in"),
            Some(_) => return text,
        }
        None
    }

    /// Parses; everything that is not TOML is a problem.
    pub(crate) fn parse(file: &'t str, text: &'t str, problems: &mut Problems) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        let lines = Lines::of(text);
        for error in &errors {
            let line = error.span().map(|span| lines.at(span.start) as u64);
            problems.add(file, line, format!("this is not TOML: {}", error.message()));
        }
        errors.is_empty().then_some(Self { file, lines, table })
    }

    /// Takes the list of that name out of the document; `key` is the field by which its entries are told apart.
    pub(crate) fn list<T: DeserializeOwned>(&mut self, name: &str, key: &str, problems: &mut Problems) -> Table<T> {
        let mut table = Table::new(self.file);
        match self.table.get_mut().remove(name).map(Spanned::into_inner) {
            None => {}
            Some(DeValue::Array(entries)) => {
                for entry in entries {
                    self.entry(entry, key, &mut table, problems);
                }
            }
            Some(_) => {
                problems.add(self.file, None, format!("\"{name}\" is not a list; begin each entry with [[{name}]]"));
                return Table::unread(self.file);
            }
        }
        table.complain_if_empty(problems);
        table
    }

    /// Everything that was not taken out, as one value; a field that nobody asked for is a problem.
    pub(crate) fn rest<T: DeserializeOwned>(self, problems: &mut Problems) -> Option<Row<T>> {
        let span = self.table.span();
        let table = self.table.clone().into_inner();
        let fields = self.lines(&table);
        match T::deserialize(ValueDeserializer::from(Spanned::new(span, DeValue::Table(table.clone())))) {
            Ok(value) => Some(Row { value, line: 1, fields }),
            Err(error) => {
                self.complain(&error, Some(&table), 1, problems);
                None
            }
        }
    }

    fn entry<T: DeserializeOwned>(
        &self,
        entry: Spanned<DeValue<'t>>,
        key: &str,
        table: &mut Table<T>,
        problems: &mut Problems,
    ) {
        let line = self.line(entry.span().start);
        let known = entry.get_ref().as_table().cloned();
        let fields = known.as_ref().map(|fields| self.lines(fields)).unwrap_or_default();
        match known.as_ref().and_then(|fields| fields.get(key)).and_then(|value| value.get_ref().as_str()) {
            Some(text) => table.note(key, text, fields.get(key).copied().unwrap_or(line), problems),
            None => table.whole = false,
        }
        match T::deserialize(ValueDeserializer::from(entry)) {
            Ok(value) => table.rows.push(Row { value, line, fields }),
            Err(error) => self.complain(&error, known.as_ref(), line, problems),
        }
    }

    fn line(&self, offset: usize) -> u64 {
        self.lines.at(offset) as u64
    }

    /// The line of each field.
    fn lines(&self, table: &DeTable<'t>) -> BTreeMap<String, u64> {
        table.iter().map(|(key, _)| (key.get_ref().to_string(), self.line(key.span().start))).collect()
    }

    fn complain(&self, error: &Error, table: Option<&DeTable<'t>>, line: u64, problems: &mut Problems) {
        let within = |outer: Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
        let span = error.span();
        let field = span.as_ref().and_then(|span| {
            table?.iter().find(|(_, value)| within(value.span(), span)).map(|(key, _)| format!("{}: ", key.get_ref()))
        });
        let line = span.map_or(line, |span| self.line(span.start));
        let advice = if error.message().starts_with("missing field") { "; add it" } else { "" };
        let message = format!("{}{}{advice}", field.unwrap_or_default(), error.message());
        problems.add(self.file, Some(line), message);
    }
}
