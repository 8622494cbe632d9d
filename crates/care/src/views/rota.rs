//! Rotas as tables: who is on now and in which order, and when somebody is on. Published versions only. Must not hold how often
//! anybody was rung.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column};
use store::{Aggregate as _, Entry, Result, Row, Sql, Tx, View, aggregate};

use crate::call::Who;
use crate::rota::{Event, Rota};

static VERSION: Table = Table {
    name: "rota_version",
    columns: &[
        column("specialty", Type::Text),
        column("version", Type::Int),
        column("published", Type::Int),
        column("begins", Type::Int),
        column("ends", Type::Int),
    ],
    key: &["specialty", "version"],
    clustered: true,
    indexes: &[],
};
static SHIFT: Table = Table {
    name: "rota_shift",
    columns: &[
        column("specialty", Type::Text),
        column("version", Type::Int),
        column("number", Type::Int),
        column("reader", Type::Text),
        column("name", Type::Text),
        column("begins", Type::Int),
        column("ends", Type::Int),
        column("place", Type::Int),
    ],
    key: &["specialty", "version", "number"],
    clustered: true,
    indexes: &[Index { name: "rota_shift_reader", columns: &["reader", "ends"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&VERSION, &SHIFT];

static PUT_VERSION: Sql =
    Sql::both("INSERT INTO rota_version (specialty, version, published, begins, ends) VALUES ($1, $2, $3, $4, $5)");
static PUT_SHIFT: Sql = Sql::both(
    "INSERT INTO rota_shift (specialty, version, number, reader, name, begins, ends, place)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
/// The shifts of the version that was in force at a moment, at that moment.
static ON: Sql = Sql::both(
    "SELECT s.reader, s.name FROM rota_shift s
     WHERE s.specialty = $1 AND s.begins <= $2 AND s.ends > $2 AND s.version =
       (SELECT max(v.version) FROM rota_version v
        WHERE v.specialty = $1 AND v.begins <= $2 AND v.ends > $2 AND v.published <= $2)
     ORDER BY s.place, s.number",
);
static MINE: Sql = Sql::both(
    "SELECT s.specialty, s.version, s.begins, s.ends, s.place FROM rota_shift s
     WHERE s.reader = $1 AND s.ends > $2 ORDER BY s.begins, s.specialty, s.version LIMIT $3",
);
static LATER: Sql =
    Sql::both("SELECT begins, ends FROM rota_version WHERE specialty = $1 AND version > $2 ORDER BY begins, ends");
static OWN: Sql = Sql::both("SELECT begins, ends FROM rota_version WHERE specialty = $1 AND version = $2");
static NEXT: Sql = Sql::both(
    "SELECT min(s.begins) FROM rota_shift s
     WHERE s.specialty = $1 AND s.begins > $2 AND s.version =
       (SELECT max(v.version) FROM rota_version v
        WHERE v.specialty = $1 AND v.begins <= s.begins AND v.ends > s.begins)",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT_VERSION, &PUT_SHIFT, &ON, &MINE, &LATER, &OWN, &NEXT];

/// Keeps the tables of rotas.
pub struct Rotas;

impl View for Rotas {
    fn name(&self) -> &'static str {
        "rotas"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Rota::KIND {
            return Ok(());
        }
        let Event::Published { version, draft, .. } = aggregate::read::<Rota>(entry)? else { return Ok(()) };
        let Some(period) = draft.period() else { return Ok(()) };
        let version = i64::from(version);
        tx.execute(
            &PUT_VERSION,
            &[
                (&draft.specialty).into(),
                version.into(),
                entry.at.as_microsecond().into(),
                period.start.as_microsecond().into(),
                period.end.as_microsecond().into(),
            ],
        )?;
        for (number, shift) in (0_i64..).zip(&draft.entries) {
            tx.execute(
                &PUT_SHIFT,
                &[
                    (&draft.specialty).into(),
                    version.into(),
                    number.into(),
                    (&shift.reader).into(),
                    (&shift.name).into(),
                    shift.from.as_microsecond().into(),
                    shift.until.as_microsecond().into(),
                    i64::from(shift.order).into(),
                ],
            )?;
        }
        Ok(())
    }
}

/// Who is on a specialty's line at a moment, in the order in which they are rung.
///
/// # Errors
/// What the database says.
pub fn on(tx: &mut dyn Tx, specialty: &str, at: Timestamp) -> Result<Vec<Who>> {
    let who = |row: &dyn Row| Ok(Who { reader: row.string(0)?, name: row.string(1)? });
    tx.all(&ON, &[specialty.into(), at.as_microsecond().into()], who)
}

/// When somebody is next on a specialty's line; `None` where no rota says.
///
/// # Errors
/// What the database says.
pub fn next(tx: &mut dyn Tx, specialty: &str, after: Timestamp) -> Result<Option<Timestamp>> {
    let found = tx.first(&NEXT, &[specialty.into(), after.as_microsecond().into()], |row| row.time_or_null(0))?;
    Ok(found.flatten())
}

/// When somebody is on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Whose line.
    pub specialty: String,
    /// From this moment.
    pub from: Timestamp,
    /// Up to this moment.
    pub until: Timestamp,
    /// At which place in the order.
    pub place: i64,
}

/// The most shifts that one reader's list reads.
const MOST: i64 = 400;

/// When a reader is on any line, from a moment on: what is in force, without what a later version has taken the place of.
///
/// # Errors
/// What the database says.
pub fn mine(tx: &mut dyn Tx, reader: &str, from: Timestamp) -> Result<Vec<Shift>> {
    let rows = tx.all(&MINE, &[reader.into(), from.as_microsecond().into(), MOST.into()], |row| {
        Ok((row.string(0)?, row.int(1)?, (row.int(2)?, row.int(3)?), row.int(4)?))
    })?;
    let span = |row: &dyn Row| Ok((row.int(0)?, row.int(1)?));
    let mut shifts = Vec::new();
    for (specialty, version, (begins, ends), place) in rows {
        let params = [(&specialty).into(), version.into()];
        let own = tx.first(&OWN, &params, span)?.unwrap_or((begins, ends));
        let mut left = vec![(begins.max(own.0), ends.min(own.1))];
        for (taken_from, taken_until) in tx.all(&LATER, &params, span)? {
            left = left
                .into_iter()
                .flat_map(|(begins, ends)| [(begins, ends.min(taken_from)), (begins.max(taken_until), ends)])
                .filter(|(begins, ends)| begins < ends)
                .collect();
        }
        for (begins, ends) in left {
            let moment = |micros| Timestamp::from_microsecond(micros).unwrap_or(from);
            if moment(ends) > from {
                let (from, until) = (moment(begins), moment(ends));
                shifts.push(Shift { specialty: specialty.clone(), from, until, place });
            }
        }
    }
    shifts.sort_by(|one, other| (one.from, &one.specialty).cmp(&(other.from, &other.specialty)));
    Ok(shifts)
}
