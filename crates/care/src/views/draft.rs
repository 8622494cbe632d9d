//! Drafts: what somebody has typed and not yet sent. One row an ask, the last there is; read by its author and nobody else.

use access::DraftPermit;
use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::ask::{Ask, Event};
use crate::draft::Draft;

static DRAFT: Table = Table {
    name: "ask_draft",
    columns: &[
        column("ask", Type::Uuid),
        column("author", Type::Text),
        column("at", Type::Int),
        column("body", Type::Text),
    ],
    key: &["ask"],
    clustered: true,
    indexes: &[Index { name: "ask_draft_author", columns: &["author", "at"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&DRAFT];

static PUT: Sql = Sql::both(
    "INSERT INTO ask_draft (ask, author, at, body) VALUES ($1, $2, $3, $4)
     ON CONFLICT (ask) DO UPDATE SET at = excluded.at, body = excluded.body",
);
static TAKE: Sql = Sql::both("DELETE FROM ask_draft WHERE ask = $1");
static OF: Sql = Sql::both("SELECT ask, at, body FROM ask_draft WHERE author = $1 ORDER BY at DESC, ask DESC LIMIT $2");
static ONE: Sql = Sql::both("SELECT ask, at, body FROM ask_draft WHERE author = $1 AND ask = $2");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &TAKE, &OF, &ONE];

/// Keeps the table of drafts.
#[derive(Debug)]
pub struct Drafts;

impl View for Drafts {
    fn name(&self) -> &'static str {
        "ask-drafts"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Ask::KIND || !matches!(entry.event.as_str(), "Drafted" | "DraftDiscarded" | "AskSubmitted") {
            return Ok(());
        }
        let Event::Drafted { by, draft } = aggregate::read::<Ask>(entry)? else {
            return tx.execute(&TAKE, &[entry.stream.into()]).map(|_| ());
        };
        let body = serde_json::to_string(&draft)
            .map_err(|error| store::Error::Event { kind: entry.kind.clone(), why: error.to_string() })?;
        let params = [entry.stream.into(), (&by.id).into(), entry.at.as_microsecond().into(), (&body).into()];
        tx.execute(&PUT, &params).map(|_| ())
    }
}

/// A draft that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The id of the ask it will be.
    pub ask: Uuid,
    /// When it was written on last.
    pub at: Timestamp,
    /// What there is.
    pub draft: Draft,
}

fn kept(row: &dyn Row) -> Result<Kept> {
    let unreadable = |error: serde_json::Error| store::Error::Corrupt(format!("a draft cannot be read: {error}"));
    Ok(Kept { ask: row.uuid(0)?, at: row.time(1)?, draft: serde_json::from_str(row.text(2)?).map_err(unreadable)? })
}

/// Somebody's own drafts, the newest first, at most so many.
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut dyn Tx, permit: &DraftPermit, most: usize) -> Result<Vec<Kept>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.all(&OF, &[permit.author().into(), most.into()], kept)
}

/// One draft of somebody's own; `None` where there is none, or it is another's.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, permit: &DraftPermit, ask: Uuid) -> Result<Option<Kept>> {
    tx.first(&ONE, &[permit.author().into(), ask.into()], kept)
}
