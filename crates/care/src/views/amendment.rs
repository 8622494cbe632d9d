//! What was added to what the clocks hear, and what was struck, by what it is about. Must not hold the reasons: they may speak of a
//! person, and are in the log.

use store::table::{Index, Table, Type, column};
use store::{Aggregate, Entry, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::clock::amendment::{Amendment, Event, Said};

static AMENDMENT: Table = Table {
    name: "clock_amendment",
    columns: &[
        column("seq", Type::Int),
        column("about", Type::Uuid),
        column("signal", Type::Text),
        column("at", Type::Int),
        column("told", Type::Int),
        column("struck", Type::Int),
    ],
    key: &["seq"],
    clustered: true,
    indexes: &[Index { name: "clock_amendment_about", columns: &["about", "seq"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&AMENDMENT];

static SAY: Sql =
    Sql::both("INSERT INTO clock_amendment (seq, about, signal, at, told, struck) VALUES ($1, $2, $3, $4, $5, $6)");
static OF: Sql = Sql::both("SELECT signal, at, told, struck FROM clock_amendment WHERE about = $1 ORDER BY seq");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&SAY, &OF];

/// Keeps the amendments.
pub struct Amendments;

impl View for Amendments {
    fn name(&self) -> &'static str {
        "clock_amendment"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Amendment::KIND {
            return Ok(());
        }
        let event = aggregate::read::<Amendment>(entry)?;
        let struck = matches!(event, Event::MomentStruck { .. });
        let (Event::MomentAdded { about, signal, at, .. } | Event::MomentStruck { about, signal, at, .. }) = &event;
        let row = [
            entry.seq.into(),
            (*about).into(),
            signal.into(),
            at.as_microsecond().into(),
            entry.at.as_microsecond().into(),
            struck.into(),
        ];
        tx.execute(&SAY, &row)?;
        Ok(())
    }
}

/// What was said about one thing, in the order of the log; for [`crate::clock::amendment::amended`].
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut dyn Tx, about: Uuid) -> Result<Vec<Said>> {
    tx.all(&OF, &[about.into()], |row| {
        Ok(Said { signal: row.string(0)?, at: row.time(1)?, told: row.time(2)?, struck: row.int(3)? != 0 })
    })
}
