//! A mapping: what the rows of one extract mean, as data. Read once from its TOML text, with every mistake told at once,
//! and used for every row. The language is described in `docs/manual/csv-mappings.md`. Must not open files.

use super::column::{Column, Columns, Ignored, Scope};
use super::condition::{self, Condition};
use super::header::Plan;
use super::person::Person;
use super::problem::{Notes, Problems};
use super::table::{Located, Table};
use super::template::Template;
use super::value::{Reading, Source, Value};
use jiff::tz::TimeZone;
use std::sync::{Arc, PoisonError, RwLock};
use toml::de::DeTable;

/// One extract's mapping, ready for use. Shared by threads.
#[derive(Debug)]
pub struct Mapping {
    pub(super) title: String,
    pub(super) columns: Columns,
    pub(super) required: Vec<String>,
    pub(super) ignored: Ignored,
    pub(super) nulls: Vec<String>,
    pub(super) zone: TimeZone,
    pub(super) message_id: Vec<Column>,
    pub(super) as_of: Option<Value>,
    pub(super) expect: Vec<Condition>,
    pub(super) person: Person,
    pub(super) templates: Vec<Template>,
    /// The header seen last and what it means: a file has one header and many rows.
    plan: RwLock<Option<Arc<Plan>>>,
}

impl Mapping {
    /// Reads a mapping from its text. `file_name` is only for the sentences.
    ///
    /// # Errors
    /// Every mistake in the text, with its line.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, Problems> {
        let mut notes = Notes::new(text, file_name);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            notes.add(&error.span().unwrap_or(0..0), format!("this is not TOML: {}", error.message()));
        }
        let table = Table::new(document.get_ref(), "the mapping", 0..0);
        let mapping = Self::parse_table(table, &mut notes);
        match (notes.finish(), mapping) {
            (None, Some(mapping)) => Ok(mapping),
            (Some(problems), _) => Err(problems),
            (None, None) => Err(Problems(Vec::new())),
        }
    }

    fn parse_table(mut table: Table<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        let mut scope = Scope { columns: Columns::default(), notes, each: None };
        let scope = &mut scope;
        let title = table.needed_text("title", scope.notes);
        let required = table.texts("required", scope.notes);
        if required.is_empty() {
            scope.notes.add(&table.span, "the mapping needs `required`: the columns by which its files are recognised");
        }
        let nulls = table.texts("nulls", scope.notes).into_iter().map(|null| null.text.trim().to_owned()).collect();
        let ignored = ignored(&mut table, scope);
        let zone = zone(table.text("time_zone", scope.notes), scope);
        let message_id = table.texts("message_id", scope.notes).iter().map(|name| scope.column(name)).collect();
        let as_of = table.raw("as_of").and_then(|raw| {
            let value = Value::parse(raw, "as_of", scope)?;
            if !matches!((&value.source, &value.reading), (Source::Column(_), Reading::Date { .. })) {
                scope.notes.add(&raw.span(), "as_of needs { column = \"...\", date = [\"DD/MM/YYYY\"] }");
            }
            Some(value)
        });
        let expect = condition::list(&mut table, "expect", scope);
        let person = match table.table("person", scope.notes) {
            Some(person) => Some(Person::parse(person, scope)),
            None => {
                scope.notes.add(&table.span, "the mapping needs [person]: which columns say whose row it is");
                None
            }
        };
        let written = table.tables("resource", scope.notes);
        let templates: Vec<_> = written.iter().flat_map(|table| Template::parse(table, scope)).collect();
        let person = person?;
        if written.is_empty() && !person.alone {
            scope.notes.add(&table.span, "the mapping needs at least one [[resource]], or `alone = true` in [person]");
        }
        table.finish(scope.notes);
        for name in &required {
            if !scope.columns.contains(&name.text) && !ignored.covers(&name.text) {
                let what = format!("column `{}` is required but neither mapped nor ignored", name.text);
                scope.notes.add(&name.span, what);
            }
        }
        let columns = std::mem::take(&mut scope.columns);
        let required = required.into_iter().map(|name| name.text).collect();
        let title = title?.text;
        let plan = RwLock::new(None);
        Some(Self {
            title,
            columns,
            required,
            ignored,
            nulls,
            zone,
            message_id,
            as_of,
            expect,
            person,
            templates,
            plan,
        })
    }

    /// What a row of this extract is, in plain words: `Social care event`.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether a file with this header line is one of this mapping's: all its required columns are there.
    #[must_use]
    pub fn matches(&self, header: &[u8]) -> bool {
        let names = super::header::names(super::rows::header_of(header));
        names.is_some_and(|names| self.required.iter().all(|required| names.contains(required)))
    }

    /// What a header means to this mapping; worked out once for each file.
    pub(super) fn plan(&self, header: &[u8]) -> Arc<Plan> {
        let seen = self.plan.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(plan) = seen.filter(|plan| plan.header == header) {
            return plan;
        }
        let plan = Arc::new(Plan::new(self, header));
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&plan));
        plan
    }
}

/// Columns left out on purpose, each with its reason.
fn ignored(table: &mut Table<'_>, scope: &mut Scope<'_, '_>) -> Ignored {
    let mut ignored = Ignored::default();
    for mut entry in table.tables("ignored", scope.notes) {
        let _reason = entry.needed_text("reason", scope.notes);
        for name in entry.texts("columns", scope.notes) {
            if let Err(sentence) = ignored.add(&name.text) {
                scope.notes.add(&name.span, sentence);
            }
        }
        entry.finish(scope.notes);
    }
    if let Some(others) = table.raw("ignore_others") {
        ignored.others = true;
        if others.get_ref().as_str().is_none_or(|reason| reason.trim().is_empty()) {
            scope
                .notes
                .add(&others.span(), "ignore_others needs its reason as a text: ignore_others = \"because ...\"");
        }
    }
    ignored
}

/// The zone of times without offset: Europe/London unless the mapping says otherwise.
fn zone(name: Option<Located>, scope: &mut Scope<'_, '_>) -> TimeZone {
    let (name, span) = name.map_or(("Europe/London".to_owned(), 0..0), |name| (name.text, name.span));
    TimeZone::get(&name).unwrap_or_else(|_| {
        scope.notes.add(&span, format!("`{name}` is not a time zone; write it like Europe/London"));
        TimeZone::UTC
    })
}
