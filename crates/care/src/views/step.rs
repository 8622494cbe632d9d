//! The thread of an ask: one row for everything that happened, in words, in order. What the page of an ask tells, and what the
//! person and whoever asked can follow.

use access::{Permit, Role};
use jiff::Timestamp;
use store::table::{Table, Type, column};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::ask::{Ask, Event};
use crate::team::Team;

static STEP: Table = Table {
    name: "ask_step",
    columns: &[
        column("ask", Type::Uuid),
        column("number", Type::Int),
        column("at", Type::Int),
        column("event", Type::Text),
        column("who", Type::Text),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("words", Type::Text),
    ],
    key: &["ask", "number"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&STEP];

static PUT: Sql = Sql::both(
    "INSERT INTO ask_step (ask, number, at, event, who, role, organisation, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
static OF: Sql =
    Sql::both("SELECT number, at, event, who, role, organisation, words FROM ask_step WHERE ask = $1 ORDER BY number");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &OF];

/// Keeps the threads. Drafts leave no trace here: they are nobody's but their author's.
#[derive(Debug)]
pub struct Steps;

impl View for Steps {
    fn name(&self) -> &'static str {
        "ask-steps"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Ask::KIND {
            return Ok(());
        }
        let event = aggregate::read::<Ask>(entry)?;
        if matches!(event, Event::Drafted { .. } | Event::DraftDiscarded { .. }) {
            return Ok(());
        }
        let (by, words) = (event.by(), event.told());
        let params = [
            entry.stream.into(),
            entry.version.into(),
            entry.at.as_microsecond().into(),
            (&entry.event).into(),
            (&by.name).into(),
            by.role.word().into(),
            (&by.organisation).into(),
            (&words).into(),
        ];
        tx.execute(&PUT, &params).map(|_| ())
    }
}

/// One thing that happened, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the ask's history.
    pub number: i64,
    /// When it was written down.
    pub at: Timestamp,
    /// The name of the event.
    pub event: String,
    /// Who.
    pub who: String,
    /// In which role; `None` for one that this Weft does not know.
    pub role: Option<Role>,
    /// Of which organisation.
    pub organisation: String,
    /// What, in a sentence without who: "took it from …".
    pub words: String,
}

/// Everything that happened to an ask since it was sent, with teams by the names that `named` knows; nothing where the permit does
/// not cover it whole.
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut dyn Tx, permit: &Permit, ask: Uuid, named: &dyn Fn(&Team) -> String) -> Result<Vec<Step>> {
    if super::ask::of(tx, permit, ask)?.is_none_or(|line| line.shown.is_none()) {
        return Ok(Vec::new());
    }
    let mut told = std::collections::BTreeMap::new();
    for entry in store::log::stream(tx, ask)? {
        told.insert(entry.version, aggregate::read::<Ask>(&entry)?.told_with(named));
    }
    tx.all(&OF, &[ask.into()], |row| {
        let role = row.string(4)?;
        Ok(Step {
            number: row.int(0)?,
            at: row.time(1)?,
            event: row.string(2)?,
            who: row.string(3)?,
            role: Role::ALL.into_iter().find(|one| one.word() == role),
            organisation: row.string(5)?,
            // The table keeps what can be said without a place; here is one that knows the names.
            words: told.remove(&row.int(0)?).map_or_else(|| row.string(6), Ok)?,
        })
    })
}
