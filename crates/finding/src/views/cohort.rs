//! The kept cohorts that are in use: what each is called, why it is kept, and what it asks. Nobody is in it.

use jiff::Timestamp;
use store::table::{Table, Type, column};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::cohort::{Asked, Cohort, Event};

static COHORT: Table = Table {
    name: "kept_cohort",
    columns: &[
        column("id", Type::Uuid),
        column("name", Type::Text),
        column("why", Type::Text),
        column("asked", Type::Text),
        column("version", Type::Int),
        column("who", Type::Text),
        column("at", Type::Int),
        column("changed", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&COHORT];

static KEEP: Sql = Sql::both(
    "INSERT INTO kept_cohort (id, name, why, asked, version, who, at, changed) VALUES ($1, $2, $3, $4, 1, $5, $6, $6)",
);
static RENAME: Sql = Sql::both("UPDATE kept_cohort SET name = $2, changed = $3 WHERE id = $1");
static REVISE: Sql = Sql::both("UPDATE kept_cohort SET asked = $2, version = version + 1, changed = $3 WHERE id = $1");
static WITHDRAW: Sql = Sql::both("DELETE FROM kept_cohort WHERE id = $1");
static ALL: Sql =
    Sql::both("SELECT id, name, why, asked, version, who, at, changed FROM kept_cohort ORDER BY name, at, id");
static ONE: Sql = Sql::both("SELECT id, name, why, asked, version, who, at, changed FROM kept_cohort WHERE id = $1");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&KEEP, &RENAME, &REVISE, &WITHDRAW, &ALL, &ONE];

/// Keeps the table of cohorts.
pub struct Cohorts;

impl View for Cohorts {
    fn name(&self) -> &'static str {
        "kept-cohorts"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Cohort::KIND {
            return Ok(());
        }
        let (id, at) = (entry.stream.into(), entry.at.as_microsecond().into());
        match aggregate::read::<Cohort>(entry)? {
            Event::CohortKept { by, name, why, asked } => {
                let asked = text(&asked)?;
                tx.execute(&KEEP, &[id, (&name).into(), (&why).into(), (&asked).into(), (&by.name).into(), at])?
            }
            Event::CohortRenamed { name, .. } => tx.execute(&RENAME, &[id, (&name).into(), at])?,
            Event::CohortRevised { asked, .. } => tx.execute(&REVISE, &[id, (&text(&asked)?).into(), at])?,
            Event::CohortWithdrawn { .. } => tx.execute(&WITHDRAW, &[id])?,
        };
        Ok(())
    }
}

fn text(asked: &Asked) -> Result<String> {
    serde_json::to_string(asked)
        .map_err(|error| store::Error::Corrupt(format!("what a cohort asks cannot be kept: {error}")))
}

/// A kept cohort that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Why it is kept.
    pub why: String,
    /// What it asks.
    pub asked: Asked,
    /// Which version that is, from 1.
    pub version: u32,
    /// Who kept it.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// When it was last changed.
    pub changed: Timestamp,
}

fn line(row: &dyn Row) -> Result<Line> {
    let asked = serde_json::from_str(row.text(3)?)
        .map_err(|error| store::Error::Corrupt(format!("what a cohort asks cannot be read: {error}")))?;
    Ok(Line {
        id: row.uuid(0)?,
        name: row.string(1)?,
        why: row.string(2)?,
        asked,
        version: u32::try_from(row.int(4)?).unwrap_or(u32::MAX),
        who: row.string(5)?,
        at: row.time(6)?,
        changed: row.time(7)?,
    })
}

/// Every cohort in use, by name.
///
/// # Errors
/// What the database says.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Line>> {
    tx.all(&ALL, &[], line)
}

/// One cohort in use.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Line>> {
    tx.first(&ONE, &[id.into()], line)
}

/// A cohort, and everything that happened to it, the first first.
pub type Told = (Cohort, Vec<(Timestamp, Event)>);

/// A cohort with its history; one that was withdrawn, too. `None` where there never was one.
///
/// # Errors
/// What the database says.
pub fn told(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Told>> {
    let entries = store::log::stream(tx, id)?;
    if entries.first().is_none_or(|entry| entry.kind != Cohort::KIND) {
        return Ok(None);
    }
    let events = entries.iter().map(|entry| Ok((entry.at, aggregate::read::<Cohort>(entry)?)));
    let events = events.collect::<Result<Vec<_>>>()?;
    let mut cohort = Cohort::default();
    events.iter().for_each(|(_, event)| cohort.apply(event));
    Ok(Some((cohort, events)))
}
