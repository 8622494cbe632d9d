//! One value of a resource: where it comes from in the row and how it is read. Parsed from a field of a mapping.
//! Must not decide what happens to a value that cannot be read; it says so, and the template keeps or refuses it.

use super::column::{Column, Scope};
use super::condition::{self, Condition};
use super::date::Pattern;
use super::form::Form;
use super::path::Path;
use super::table::{Located, Table, constant, text_of};
use super::text::Text;
use serde_json::Value as Json;
use std::collections::HashMap;
use toml::Spanned;
use toml::de::DeValue;

/// Where a value comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Column(Column),
    Constant(Json),
    Text(Text),
    /// One word if the column says anything, another if it says nothing.
    Presence {
        column: Column,
        filled: Option<String>,
        empty: Option<String>,
    },
    Coding(Box<Coding>),
}

/// A code with its system and words.
#[derive(Debug, Clone)]
pub(super) struct Coding {
    pub(super) system: Option<Value>,
    pub(super) code: Option<Value>,
    pub(super) display: Option<Value>,
    pub(super) text: Option<Value>,
    /// A Coding instead of a CodeableConcept.
    pub(super) bare: bool,
}

/// How the text of a column is read.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    AsIs,
    Number,
    Form(Form),
    Values { known: HashMap<String, String>, otherwise: Option<Otherwise>, or_as_is: bool },
    Date { patterns: Vec<Pattern>, only: bool, time: Option<(Column, Vec<Pattern>)> },
}

/// What stands for a word that is not in the list.
#[derive(Debug, Clone)]
pub(super) enum Otherwise {
    Word(String),
    /// A sentence with columns in it.
    Text(Text),
}

/// One value, ready to be read from a row.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) source: Source,
    pub(super) reading: Reading,
    pub(super) required: bool,
    pub(super) nulls: Vec<String>,
    pub(super) when: Vec<Condition>,
    /// Where the text goes if it cannot be read, instead of the extension for unread values.
    pub(super) or_text: Option<Path>,
}

impl Value {
    /// A value that is one column as it stands.
    pub(super) fn column(column: Column) -> Self {
        Self::of(Source::Column(column))
    }

    pub(super) fn of(source: Source) -> Self {
        Self { source, reading: Reading::AsIs, required: false, nulls: Vec::new(), when: Vec::new(), or_text: None }
    }

    /// Reads a field: a column's name, or a table that says more.
    pub(super) fn parse(raw: &Spanned<DeValue<'_>>, name: &str, scope: &mut Scope<'_, '_>) -> Option<Self> {
        if let Some(column) = text_of(raw) {
            return Some(Self::column(scope.column(&column)));
        }
        let Some(map) = raw.get_ref().as_table() else {
            scope.notes.add(&raw.span(), format!("{name} must be a column's name in quotes, or {{ column = ... }}"));
            return None;
        };
        let mut table = Table::new(map, name, raw.span());
        let value = Self::parse_table(&mut table, scope);
        table.finish(scope.notes);
        value
    }

    fn parse_table(table: &mut Table<'_>, scope: &mut Scope<'_, '_>) -> Option<Self> {
        let source = source(table, scope);
        let reading = reading(table, scope);
        let required = table.flag("required", scope.notes);
        let nulls = table.texts("nulls", scope.notes).into_iter().map(|null| null.text).collect();
        let when = condition::list(table, "when", scope);
        let or_text = table.text("or_text", scope.notes).and_then(|text| match Path::parse(&text.text) {
            Ok(path) => Some(path),
            Err(sentence) => {
                scope.notes.add(&text.span, sentence);
                None
            }
        });
        let source = source?;
        if !matches!(reading, Reading::AsIs) && !matches!(source, Source::Column(_)) {
            scope.notes.add(&table.span, format!("{}: date, values, form and number need `column`", table.name));
        }
        Some(Self { source, reading, required, nulls, when, or_text })
    }
}

/// Exactly one of the five sources.
fn source(table: &mut Table<'_>, scope: &mut Scope<'_, '_>) -> Option<Source> {
    let column = table.text("column", scope.notes).map(|name| scope.column(&name));
    let fixed = table.raw("constant").map(|raw| {
        let found = text_of(raw).map(|text| Json::String(scope.filled(&text))).or_else(|| constant(raw));
        found.unwrap_or_else(|| {
            scope.notes.add(&raw.span(), "constant must be a text, a number, true or false");
            Json::Null
        })
    });
    let text = table.text("text", scope.notes).map(|text| Text::parse(&text, scope));
    let coding = table.table("coding", scope.notes).map(|table| Coding::parse(table, scope));
    let filled = table.text("filled", scope.notes).map(|text| text.text);
    let empty = table.text("empty", scope.notes).map(|text| text.text);
    let named = usize::from(column.is_some())
        + usize::from(fixed.is_some())
        + usize::from(text.is_some())
        + usize::from(coding.is_some());
    if named != 1 {
        scope.notes.add(&table.span, format!("{} needs exactly one of column, constant, text, coding", table.name));
        return None;
    }
    if filled.is_some() || empty.is_some() {
        let Some(column) = column else {
            scope.notes.add(&table.span, format!("{}: filled and empty need `column`", table.name));
            return None;
        };
        return Some(Source::Presence { column, filled, empty });
    }
    let coding = coding.map(|coding| Source::Coding(Box::new(coding)));
    column.map(Source::Column).or(fixed.map(Source::Constant)).or(text.map(Source::Text)).or(coding)
}

/// At most one of the readings.
fn reading(table: &mut Table<'_>, scope: &mut Scope<'_, '_>) -> Reading {
    let mut found = Vec::new();
    if table.flag("number", scope.notes) {
        found.push(Reading::Number);
    }
    if let Some(form) = table.text("form", scope.notes) {
        match Form::parse(&form.text) {
            Some(form) => found.push(Reading::Form(form)),
            None => {
                scope.notes.add(&form.span, format!("no form is called `{}`; there are: {}", form.text, Form::WORDS));
            }
        }
    }
    let otherwise = table.text("otherwise", scope.notes).map(|text| match text.text.contains('{') {
        true => Otherwise::Text(Text::parse(&text, scope)),
        false => Otherwise::Word(text.text),
    });
    let or_as_is = table.flag("or_as_is", scope.notes);
    match table.table("values", scope.notes) {
        Some(values) => found.push(Reading::Values { known: value_map(&values, scope), otherwise, or_as_is }),
        None if otherwise.is_some() || or_as_is => {
            scope.notes.add(&table.span, format!("{}: otherwise and or_as_is need `values`", table.name));
        }
        None => {}
    }
    let patterns = patterns(&table.texts("date", scope.notes), scope);
    let only = table.flag("date_only", scope.notes);
    let time_column = table.text("time_column", scope.notes).map(|name| scope.column(&name));
    let times = self::patterns(&table.texts("time", scope.notes), scope);
    let time = match (time_column, times.is_empty()) {
        (Some(column), false) => Some((column, times)),
        (None, true) => None,
        _ => {
            scope.notes.add(&table.span, format!("{}: time_column and time = [\"hh:mm\"] go together", table.name));
            None
        }
    };
    if !patterns.is_empty() {
        found.push(Reading::Date { patterns, only, time });
    } else if only || time.is_some() {
        scope.notes.add(&table.span, format!("{}: date_only and time need `date = [\"DD/MM/YYYY\"]`", table.name));
    }
    if found.len() > 1 {
        scope
            .notes
            .add(&table.span, format!("{} can be read in one way only: date, values, form or number", table.name));
    }
    found.pop().unwrap_or(Reading::AsIs)
}

/// Date patterns, with a mistake noted for each that cannot be read.
pub(super) fn patterns(texts: &[Located], scope: &mut Scope<'_, '_>) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for text in texts {
        match Pattern::parse(&text.text) {
            Ok(pattern) => patterns.push(pattern),
            Err(sentence) => scope.notes.add(&text.span, sentence),
        }
    }
    patterns
}

/// What a code means. Keys are compared without regard to case.
fn value_map(table: &Table<'_>, scope: &mut Scope<'_, '_>) -> HashMap<String, String> {
    let mut known = HashMap::new();
    for (key, value) in table.entries() {
        let Some(value) = text_of(value) else {
            scope.notes.add(&value.span(), format!("the value for `{}` must be a text in quotes", key.text));
            continue;
        };
        if known.insert(key.text.trim().to_lowercase(), value.text).is_some() {
            scope
                .notes
                .add(&key.span, format!("`{}` stands twice in this list of values (case does not count)", key.text));
        }
    }
    known
}

impl Coding {
    fn parse(mut table: Table<'_>, scope: &mut Scope<'_, '_>) -> Self {
        let system = table.raw("system").and_then(|raw| match text_of(raw) {
            Some(text) => Some(Value::of(Source::Constant(Json::String(text.text)))),
            None => Value::parse(raw, "system of a coding", scope),
        });
        let mut part = |key, scope: &mut Scope<'_, '_>| {
            table.raw(key).and_then(|raw| Value::parse(raw, &format!("{key} of a coding"), scope))
        };
        let (code, display, text) = (part("code", scope), part("display", scope), part("text", scope));
        let bare = table.flag("bare", scope.notes);
        if code.is_none() && display.is_none() && text.is_none() {
            scope.notes.add(&table.span, "a coding needs a code, a display or a text");
        }
        table.finish(scope.notes);
        Self { system, code, display, text, bare }
    }
}
