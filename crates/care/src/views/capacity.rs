//! The figures of every service, the latest and those before. Nobody's data: who is in a place is not here. Must not say whether a figure is stale; that
//! follows from the time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use store::table::{Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::capacity::{Capacity, Event, Figure};

static CAPACITY: Table = Table {
    name: "capacity",
    columns: &[
        column("service", Type::Text),
        column("stream", Type::Uuid),
        column("free", Type::Int),
        optional("places", Type::Int),
        column("observed_at", Type::Int),
        column("source", Type::Text),
    ],
    key: &["service"],
    clustered: true,
    indexes: &[],
};
static TOLD: Table = Table {
    name: "capacity_told",
    columns: &[
        column("service", Type::Text),
        column("seq", Type::Int),
        column("free", Type::Int),
        optional("places", Type::Int),
        column("observed_at", Type::Int),
        column("source", Type::Text),
        column("told_at", Type::Int),
    ],
    key: &["service", "seq"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&CAPACITY, &TOLD];

static FIRST: Sql = Sql::both(
    "INSERT INTO capacity (service, stream, free, places, observed_at, source) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (service) DO NOTHING",
);
static NEWER: Sql = Sql::both(
    "UPDATE capacity SET free = $2, places = $3, observed_at = $4, source = $5 WHERE service = $1 AND observed_at <= $4",
);
static STREAM: Sql = Sql::both("SELECT stream FROM capacity WHERE service = $1");
static TELL: Sql = Sql::both(
    "INSERT INTO capacity_told (service, seq, free, places, observed_at, source, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
static HISTORY: Sql = Sql::both(
    "SELECT free, places, observed_at, source, told_at FROM capacity_told WHERE service = $1 ORDER BY seq DESC LIMIT $2",
);
static ALL: Sql = Sql::both("SELECT service, free, places, observed_at, source FROM capacity ORDER BY service");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&FIRST, &NEWER, &STREAM, &TELL, &HISTORY, &ALL];

/// Keeps the figures.
pub struct Figures;

impl View for Figures {
    fn name(&self) -> &'static str {
        "capacity"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Capacity::KIND {
            return Ok(());
        }
        let Event::CapacityObserved { service, free, of, observed_at, source } = aggregate::read::<Capacity>(entry)?;
        let (free, of, seen) = (i64::from(free), of.map(i64::from), observed_at.as_microsecond());
        let row = [(&service).into(), entry.stream.into(), free.into(), of.into(), seen.into(), (&source).into()];
        tx.execute(&FIRST, &row)?;
        tx.execute(&NEWER, &[(&service).into(), free.into(), of.into(), seen.into(), (&source).into()])?;
        let (seq, at) = (entry.seq.into(), entry.at.as_microsecond().into());
        tx.execute(&TELL, &[(&service).into(), seq, free.into(), of.into(), seen.into(), (&source).into(), at])?;
        Ok(())
    }
}

/// The history of a service's figures in the log, where it has any.
///
/// # Errors
/// What the database says.
pub fn stream(tx: &mut dyn Tx, service: &str) -> Result<Option<Uuid>> {
    tx.first(&STREAM, &[service.into()], |row| row.uuid(0))
}

/// A figure as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The figure, with the time at which it was so.
    pub figure: Figure,
    /// When it was told.
    pub at: Timestamp,
}

/// The figures of a service as they were told, the latest told first.
///
/// # Errors
/// What the database says.
pub fn history(tx: &mut dyn Tx, service: &str, most: i64) -> Result<Vec<Told>> {
    tx.all(&HISTORY, &[service.into(), most.into()], |row| {
        Ok(Told {
            figure: Figure {
                free: count(row.int(0)?),
                of: row.int_or_null(1)?.map(count),
                observed_at: row.time(2)?,
                source: row.string(3)?,
            },
            at: row.time(4)?,
        })
    })
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The latest figure of every service that has one.
///
/// # Errors
/// What the database says.
pub fn figures(tx: &mut dyn Tx) -> Result<BTreeMap<String, Figure>> {
    let rows = tx.all(&ALL, &[], |row| {
        Ok((
            row.string(0)?,
            Figure {
                free: count(row.int(1)?),
                of: row.int_or_null(2)?.map(count),
                observed_at: row.time(3)?,
                source: row.string(4)?,
            },
        ))
    })?;
    Ok(rows.into_iter().collect())
}
