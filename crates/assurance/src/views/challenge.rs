//! 100-day challenges as a table: which there are and how each stands. What happened in one is read from its own history.

use jiff::Timestamp;
use jiff::civil::Date;
use store::table::{Table, Type, column, optional};
use store::{Aggregate as _, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::challenge::{Challenge, Event};

static CHALLENGE: Table = Table {
    name: "challenge",
    columns: &[
        column("id", Type::Uuid),
        column("title", Type::Text),
        column("aim", Type::Text),
        column("start", Type::Text),
        column("tests", Type::Int),
        column("weeks", Type::Int),
        column("held", Type::Int),
        optional("verdict", Type::Text),
        column("at", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[],
};

static TABLES: &[&Table] = &[&CHALLENGE];

static CHARTER: Sql = Sql::both(
    "INSERT INTO challenge (id, title, aim, start, tests, weeks, held, verdict, at) VALUES ($1, $2, $3, $4, 0, 0, 0, NULL, $5)",
);
static TEST: Sql = Sql::both("UPDATE challenge SET tests = tests + 1 WHERE id = $1");
static WEEK: Sql = Sql::both("UPDATE challenge SET weeks = weeks + 1 WHERE id = $1");
static HOLD: Sql = Sql::both("UPDATE challenge SET held = 1 WHERE id = $1");
static JUDGE: Sql = Sql::both("UPDATE challenge SET verdict = $1 WHERE id = $2");
static ALL: Sql =
    Sql::both("SELECT id, title, aim, start, tests, weeks, held, verdict, at FROM challenge ORDER BY at, id");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&CHARTER, &TEST, &WEEK, &HOLD, &JUDGE, &ALL];

/// Keeps the table of challenges.
pub struct Challenges;

impl View for Challenges {
    fn name(&self) -> &'static str {
        "challenges"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Challenge::KIND {
            return Ok(());
        }
        let id = entry.stream;
        match aggregate::read::<Challenge>(entry)? {
            Event::Chartered { charter, .. } => {
                let (start, at) = (charter.start.to_string(), entry.at.as_microsecond());
                let values = [id.into(), (&charter.title).into(), (&charter.aim).into(), (&start).into(), at.into()];
                tx.execute(&CHARTER, &values)?;
            }
            Event::Predicted { .. } => {
                tx.execute(&TEST, &[id.into()])?;
            }
            Event::Measured { .. } => {
                tx.execute(&WEEK, &[id.into()])?;
            }
            Event::Paused { .. } => {
                tx.execute(&HOLD, &[id.into()])?;
            }
            Event::Judged { verdict, .. } => {
                tx.execute(&JUDGE, &[verdict.word().into(), id.into()])?;
            }
            Event::Found { .. } | Event::Remeasured { .. } => {}
        }
        Ok(())
    }
}

/// A challenge in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeRow {
    /// Its stream.
    pub id: Uuid,
    /// In a few words.
    pub title: String,
    /// By how much, by when.
    pub aim: String,
    /// Day 0.
    pub start: Date,
    /// How many tests of change were predicted.
    pub tests: i64,
    /// How many weeks were counted.
    pub weeks: i64,
    /// Whether the mid-point was held.
    pub held: bool,
    /// The verdict, once there is one.
    pub verdict: Option<String>,
    /// When it was agreed on.
    pub at: Timestamp,
}

/// Every challenge, the oldest first.
///
/// # Errors
/// What the database says, or a day that cannot be read.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<ChallengeRow>> {
    tx.all(&ALL, &[], |row| {
        let start = row.text(3)?;
        let start =
            start.parse().map_err(|_| store::Error::Corrupt(format!("the day {start} of a challenge is none")))?;
        Ok(ChallengeRow {
            id: row.uuid(0)?,
            title: row.string(1)?,
            aim: row.string(2)?,
            start,
            tests: row.int(4)?,
            weeks: row.int(5)?,
            held: row.int(6)? == 1,
            verdict: row.string_or_null(7)?,
            at: row.time(8)?,
        })
    })
}

/// A challenge as its history tells it; nothing where there is none of this id.
///
/// # Errors
/// What the database says.
pub fn told(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Challenge>> {
    let history = store::log::stream(tx, id)?;
    if history.first().is_none_or(|entry| entry.kind != Challenge::KIND) {
        return Ok(None);
    }
    Ok(Some(aggregate::load::<Challenge>(&history)?.0))
}

/// The stream of a challenge, which follows from its title.
#[must_use]
pub fn stream(title: &str) -> Uuid {
    super::named("weft-challenge-1", title)
}
