//! The latest figure of every service. Nobody's data: who is in a place is not here. Must not say whether a figure is stale; that
//! follows from the time.

use std::collections::BTreeMap;

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
static TABLES: &[&Table] = &[&CAPACITY];

static FIRST: Sql = Sql::both(
    "INSERT INTO capacity (service, stream, free, places, observed_at, source) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (service) DO NOTHING",
);
static NEWER: Sql = Sql::both(
    "UPDATE capacity SET free = $2, places = $3, observed_at = $4, source = $5 WHERE service = $1 AND observed_at <= $4",
);
static STREAM: Sql = Sql::both("SELECT stream FROM capacity WHERE service = $1");
static ALL: Sql = Sql::both("SELECT service, free, places, observed_at, source FROM capacity ORDER BY service");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&FIRST, &NEWER, &STREAM, &ALL];

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

/// The latest figure of every service that has one.
///
/// # Errors
/// What the database says.
pub fn figures(tx: &mut dyn Tx) -> Result<BTreeMap<String, Figure>> {
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
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
