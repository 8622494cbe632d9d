//! Writing the rows of the index. Must not know where they come from.

use std::sync::LazyLock;

use fhir::entry::Entry;
use store::{Composed, Dialect, Param, Result, Sql, Tx};

/// Rows in the larger statement, for the server: there a statement is a journey. A typical observation has some twenty terms.
/// SQLite guards a statement of several rows by a savepoint of its own, and ending that walks all that the transaction has
/// kept to undo itself: in a large one, half of the writer's time. One row needs none.
const MANY: usize = 8;

/// The statements that put rows of one table: one row, and many.
pub(super) struct Rows {
    one: Sql,
    many: Sql,
}

fn rows(into: &'static str, columns: usize) -> Rows {
    let statement = |count: usize| {
        let mut statement = Composed::new();
        statement.sql(into);
        for row in 0..count {
            statement.sql(if row == 0 { "(" } else { ", (" }).ints((0..columns).map(|_| 0)).sql(")");
        }
        statement.statement()
    };
    Rows { one: statement(1), many: statement(MANY) }
}

pub(super) static TERMS: LazyLock<Rows> = LazyLock::new(|| rows("INSERT INTO search_term (term, seq) VALUES ", 2));
pub(super) static TEXTS: LazyLock<Rows> =
    LazyLock::new(|| rows("INSERT INTO search_text (seq, parameter, text) VALUES ", 3));
pub(super) static DATES: LazyLock<Rows> =
    LazyLock::new(|| rows("INSERT INTO search_date (seq, parameter, low, high) VALUES ", 4));
pub(super) static NUMBERS: LazyLock<Rows> =
    LazyLock::new(|| rows("INSERT INTO search_number (seq, parameter, low, high) VALUES ", 4));
pub(super) static LINKS: LazyLock<Rows> =
    LazyLock::new(|| rows("INSERT INTO search_link (seq, parameter, target) VALUES ", 3));

static TAKE_TERM: Sql = Sql::both("DELETE FROM search_term WHERE term = $1 AND seq = $2");
static TAKE_TEXT: Sql = Sql::both("DELETE FROM search_text WHERE seq = $1 AND parameter = $2 AND text = $3");
static TAKE_DATE: Sql =
    Sql::both("DELETE FROM search_date WHERE seq = $1 AND parameter = $2 AND low = $3 AND high = $4");
static TAKE_NUMBER: Sql =
    Sql::both("DELETE FROM search_number WHERE seq = $1 AND parameter = $2 AND low = $3 AND high = $4");
static TAKE_LINK: Sql = Sql::both("DELETE FROM search_link WHERE seq = $1 AND parameter = $2 AND target = $3");

/// Every statement, for the test that prepares each against both databases.
pub(crate) static STATEMENTS: &[&Sql] = &[&TAKE_TERM, &TAKE_TEXT, &TAKE_DATE, &TAKE_NUMBER, &TAKE_LINK];

impl Rows {
    /// Puts rows of whole numbers.
    pub(super) fn put<const WIDTH: usize>(&self, tx: &mut dyn Tx, rows: &[[i64; WIDTH]]) -> Result<()> {
        let mut params: Vec<Param<'_>> = Vec::with_capacity(MANY * WIDTH);
        for (many, few) in groups(rows, tx.dialect()) {
            params.clear();
            params.extend(many.iter().flatten().map(|value| Param::Int(*value)));
            tx.execute(if few { &self.one } else { &self.many }, &params)?;
        }
        Ok(())
    }

    /// Puts rows of text.
    pub(super) fn put_texts(&self, tx: &mut dyn Tx, seq: i64, rows: &[(i64, &str)]) -> Result<()> {
        for (many, few) in groups(rows, tx.dialect()) {
            let params: Vec<Param<'_>> =
                many.iter().flat_map(|(parameter, text)| [seq.into(), (*parameter).into(), (*text).into()]).collect();
            tx.execute(if few { &self.one } else { &self.many }, &params)?;
        }
        Ok(())
    }
}

/// Rows in groups of many, and the rest one by one (true).
fn groups<T>(rows: &[T], dialect: Dialect) -> impl Iterator<Item = (&[T], bool)> {
    let together = if dialect == Dialect::Postgres { rows.len() - rows.len() % MANY } else { 0 };
    let (together, rest) = rows.split_at(together);
    let whole = together.chunks_exact(MANY);
    whole.map(|many| (many, false)).chain(rest.chunks(1).map(|one| (one, true)))
}

/// Takes one row out.
pub(super) fn take(tx: &mut dyn Tx, seq: i64, entry: &Entry) -> Result<()> {
    match entry {
        Entry::Term(term) => tx.execute(&TAKE_TERM, &[(*term).into(), seq.into()]),
        Entry::Text { parameter, text } => tx.execute(&TAKE_TEXT, &[seq.into(), (*parameter).into(), text.into()]),
        Entry::Date { parameter, low, high } => {
            tx.execute(&TAKE_DATE, &[seq.into(), (*parameter).into(), (*low).into(), (*high).into()])
        }
        Entry::Number { parameter, low, high } => {
            tx.execute(&TAKE_NUMBER, &[seq.into(), (*parameter).into(), (*low).into(), (*high).into()])
        }
        Entry::Link { parameter, target } => {
            tx.execute(&TAKE_LINK, &[seq.into(), (*parameter).into(), (*target).into()])
        }
    }
    .map(|_| ())
}
