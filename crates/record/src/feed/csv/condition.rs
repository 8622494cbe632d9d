//! When a template or a field applies to a row: a column is filled, is empty, or says one of some words.

use super::column::{Column, Scope};
use super::table::Table;

/// One condition. A list of them holds when all do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) column: Column,
    pub(super) test: Test,
}

/// What is asked of the column. Words are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Filled,
    Empty,
    In(Vec<String>),
    /// None of these; an empty column is none of them.
    NotIn(Vec<String>),
}

impl Condition {
    /// Whether it holds for what the column says.
    pub(super) fn holds(&self, said: Option<&str>) -> bool {
        let among = |words: &[String]| said.is_some_and(|said| words.iter().any(|word| same(word, said)));
        match &self.test {
            Test::Filled => said.is_some(),
            Test::Empty => said.is_none(),
            Test::In(words) => among(words),
            Test::NotIn(words) => !among(words),
        }
    }

    /// Reads one: `{ column = "Event Type", in = ["Service"] }`.
    pub(super) fn parse(mut table: Table<'_>, scope: &mut Scope<'_, '_>) -> Option<Self> {
        let column = table.needed_text("column", scope.notes).map(|name| scope.column(&name));
        let mut tests = Vec::new();
        for (key, test) in [("filled", Test::Filled), ("empty", Test::Empty)] {
            if table.has(key) && table.flag(key, scope.notes) {
                tests.push(test);
            }
        }
        let mut words = |key, scope: &mut Scope<'_, '_>| -> Vec<String> {
            table.texts(key, scope.notes).into_iter().map(|word| word.text).collect()
        };
        let (equals, within, outside) = (words("equals", scope), words("in", scope), words("not_in", scope));
        tests.extend([equals, within].into_iter().filter(|words| !words.is_empty()).map(Test::In));
        tests.extend(Some(outside).filter(|words| !words.is_empty()).map(Test::NotIn));
        if tests.len() != 1 {
            let what = "a condition needs exactly one of filled = true, empty = true, equals, in, not_in";
            scope.notes.add(&table.span, what);
        }
        // Named so that a wrong key is answered with the whole list.
        let _ = (table.raw("filled"), table.raw("empty"));
        table.finish(scope.notes);
        Some(Self { column: column?, test: tests.pop()? })
    }
}

fn same(word: &str, said: &str) -> bool {
    word.eq_ignore_ascii_case(said) || word.to_lowercase() == said.to_lowercase()
}

/// The conditions under a key: one table or a list of them.
pub(super) fn list(table: &mut Table<'_>, key: &'static str, scope: &mut Scope<'_, '_>) -> Vec<Condition> {
    let single = table.raw(key).is_some_and(|raw| raw.get_ref().as_table().is_some());
    let tables = match single {
        true => table.table(key, scope.notes).into_iter().collect(),
        false => table.tables(key, scope.notes),
    };
    tables.into_iter().filter_map(|table| Condition::parse(table, scope)).collect()
}
