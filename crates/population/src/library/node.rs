//! TOML with its lines. Each key is taken out once; what is left at the end is a key that nobody knows, and is told.

use place::Lines;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::decimal::Decimal;
use crate::fault::{Fault, Faults};

/// A value and the line it stands on.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    Number(String),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
    Other,
}

/// A table, and what has gone wrong in the file so far.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) line: usize,
    entries: Vec<(String, Node)>,
}

/// The file being read, and its faults.
pub(crate) struct Reading<'a> {
    pub(crate) file: &'a str,
    pub(crate) faults: Vec<Fault>,
}

impl Reading<'_> {
    pub(crate) fn fault(&mut self, line: usize, what: impl Into<String>) {
        self.faults.push(Fault::new(self.file, line, what));
    }
}

/// The whole file as a table.
pub(crate) fn parse(file: &str, text: &str) -> Result<Table, Faults> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => Ok(of_table(table.get_ref(), 1, &lines)),
        Err(error) => {
            let at = error.span().map_or(1, |span| lines.at(span.start));
            Err(Fault::new(file, at, error.message().replace('\n', ", ")).into())
        }
    }
}

fn of_table(table: &DeTable<'_>, line: usize, lines: &Lines) -> Table {
    let entry = |(key, value): (&Spanned<toml::de::DeString<'_>>, &Spanned<DeValue<'_>>)| {
        (key.get_ref().to_string(), of_value(value, lines.at(key.span().start), lines))
    };
    Table { line, entries: table.iter().map(entry).collect() }
}

fn of_value(value: &Spanned<DeValue<'_>>, line: usize, lines: &Lines) -> Node {
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Value::Number(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| of_value(item, lines.at(item.span().start), lines)).collect())
        }
        DeValue::Table(table) => Value::Table(of_table(table, line, lines)),
        _ => Value::Other,
    };
    Node { line, value }
}

impl Table {
    /// Takes a key out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Node> {
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(at).1)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == key)
    }

    pub(crate) fn into_entries(self) -> Vec<(String, Node)> {
        self.entries
    }

    /// Tells of what nobody asked for.
    pub(crate) fn finish(self, reading: &mut Reading<'_>) {
        for (key, node) in self.entries {
            reading.fault(node.line, format!("`{key}` means nothing here; is it misspelt?"));
        }
    }

    pub(crate) fn text(&mut self, key: &str, reading: &mut Reading<'_>) -> Option<String> {
        match self.take(key)? {
            Node { value: Value::Text(text), .. } => Some(text),
            Node { line, .. } => {
                reading.fault(line, format!("`{key}` is a text in quotation marks"));
                None
            }
        }
    }

    /// A text that must be there and say something.
    pub(crate) fn needed(&mut self, key: &str, reading: &mut Reading<'_>) -> String {
        let is_there = self.has(key);
        let text = self.text(key, reading).filter(|text| !text.trim().is_empty());
        if text.is_none() && !is_there {
            reading.fault(self.line, format!("`{key}` is missing"));
        } else if text.is_none() {
            reading.fault(self.line, format!("`{key}` says nothing"));
        }
        text.unwrap_or_default()
    }

    pub(crate) fn texts(&mut self, key: &str, reading: &mut Reading<'_>) -> Vec<(usize, String)> {
        let Some(Node { line, value }) = self.take(key) else { return Vec::new() };
        let Value::List(items) = value else {
            reading.fault(line, format!("`{key}` is a list of texts"));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.value {
                Value::Text(text) => texts.push((item.line, text)),
                _ => reading.fault(item.line, format!("`{key}` has texts in quotation marks only")),
            }
        }
        texts
    }

    /// `true`, or not there.
    pub(crate) fn flag(&mut self, key: &str, reading: &mut Reading<'_>) -> bool {
        match self.take(key) {
            None => false,
            Some(Node { value: Value::Flag(true), .. }) => true,
            Some(Node { line, .. }) => {
                reading.fault(line, format!("write `{key} = true`, or leave it away"));
                false
            }
        }
    }

    pub(crate) fn decimal(&mut self, key: &str, reading: &mut Reading<'_>) -> Option<Decimal> {
        let Node { line, value } = self.take(key)?;
        let number = match &value {
            Value::Number(text) => Decimal::read(text),
            _ => None,
        };
        if number.is_none() {
            reading.fault(line, format!("`{key}` is a number with at most nine digits after the point"));
        }
        number
    }

    /// A whole number within limits.
    pub(crate) fn whole(&mut self, key: &str, most: u32, reading: &mut Reading<'_>) -> Option<u32> {
        let Node { line, value } = self.take(key)?;
        let number = match &value {
            Value::Number(text) => text.parse::<u32>().ok().filter(|number| *number <= most),
            _ => None,
        };
        if number.is_none() {
            reading.fault(line, format!("`{key}` is a whole number from 0 to {most}"));
        }
        number
    }

    pub(crate) fn tables(&mut self, key: &str, reading: &mut Reading<'_>) -> Vec<Table> {
        let Some(Node { line, value }) = self.take(key) else { return Vec::new() };
        let items = match value {
            Value::List(items) => items,
            _ => {
                reading.fault(line, format!("`{key}` is a list of tables"));
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for item in items {
            match item.value {
                Value::Table(mut table) => {
                    table.line = item.line;
                    tables.push(table);
                }
                _ => reading.fault(item.line, format!("`{key}` has tables only")),
            }
        }
        tables
    }
}
