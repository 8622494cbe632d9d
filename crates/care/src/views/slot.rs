//! Slots and who has them. A place is offered once for one time, and a slot has one holder: both are keys here, so that not even a
//! fault of the program can give one place to two. Must not end a hold: that it has ended follows from the time.

use access::DeskPermit;
use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::ask::root;
use super::listed::{About, Listed, may_know, moved};
use crate::slot::{Alternative, Event, Holder, Slot, Step};

static SLOT: Table = Table {
    name: "slot",
    columns: &[
        column("id", Type::Uuid),
        column("service", Type::Text),
        column("place", Type::Text),
        column("starts", Type::Int),
        column("ends", Type::Int),
        column("withdrawn", Type::Int),
        optional("arrived", Type::Int),
        optional("initial", Type::Int),
        optional("senior", Type::Int),
        optional("ended", Type::Int),
        column("disposition", Type::Text),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[Index {
        name: "slot_once",
        columns: &["service", "starts", "place"],
        unique: true,
        only: "withdrawn = 0",
    }],
};
/// One row for each slot that is held or taken: its key is the slot, so a second holder cannot be written.
static HOLDER: Table = Table {
    name: "slot_holder",
    columns: &[
        column("slot", Type::Uuid),
        column("reader", Type::Text),
        optional("person", Type::Uuid),
        optional("ask", Type::Uuid),
        optional("until", Type::Int),
    ],
    key: &["slot"],
    clustered: true,
    indexes: &[
        Index { name: "slot_holder_person", columns: &["person"], unique: false, only: "person IS NOT NULL" },
        Index { name: "slot_holder_ask", columns: &["ask"], unique: false, only: "ask IS NOT NULL" },
    ],
};
static TABLES: &[&Table] = &[&SLOT, &HOLDER];

static OFFER: Sql = Sql::both(
    "INSERT INTO slot (id, service, place, starts, ends, withdrawn, arrived, initial, senior, ended, disposition)
     VALUES ($1, $2, $3, $4, $5, 0, NULL, NULL, NULL, NULL, '')",
);
static WITHDRAW: Sql = Sql::both("UPDATE slot SET withdrawn = 1 WHERE id = $1");
static HOLD: Sql = Sql::both("INSERT INTO slot_holder (slot, reader, person, ask, until) VALUES ($1, $2, $3, $4, $5)");
static TAKE: Sql = Sql::both("UPDATE slot_holder SET reader = $2, person = $3, ask = $4, until = NULL WHERE slot = $1");
static LET_GO: Sql = Sql::both("DELETE FROM slot_holder WHERE slot = $1");
static ARRIVED: Sql = Sql::both("UPDATE slot SET arrived = $2 WHERE id = $1");
static INITIAL: Sql = Sql::both("UPDATE slot SET initial = $2 WHERE id = $1");
static SENIOR: Sql = Sql::both("UPDATE slot SET senior = $2 WHERE id = $1");
static ENDED: Sql = Sql::both("UPDATE slot SET ended = $2, disposition = $3 WHERE id = $1");
static ONE: Sql = Sql::both("SELECT service, starts FROM slot WHERE id = $1");
static SAME: Sql = Sql::both("SELECT id FROM slot WHERE service = $1 AND starts = $2 AND place = $3 AND withdrawn = 0");
static FREE: Sql = Sql::both(
    "SELECT s.id, s.place, s.starts, s.ends FROM slot s LEFT JOIN slot_holder h ON h.slot = s.id
     WHERE s.service = $1 AND s.withdrawn = 0 AND s.starts > $2
       AND (h.slot IS NULL OR (h.until IS NOT NULL AND h.until <= $2))
     ORDER BY s.starts, s.id LIMIT 200",
);
static BOARD: Sql = Sql::both(
    "SELECT s.id, s.place, s.starts, s.ends, h.person, h.ask, h.until, s.arrived, s.initial, s.senior, s.ended, s.disposition
     FROM slot s JOIN slot_holder h ON h.slot = s.id
     WHERE s.service = $1 AND s.starts >= $2 AND s.starts < $3 AND (h.until IS NULL OR h.until > $4)
     ORDER BY s.starts, s.id",
);

static OF_ASK: Sql = Sql::both(
    "SELECT s.id, s.service, s.place, s.starts, s.ends, s.arrived, s.ended FROM slot_holder h JOIN slot s ON s.id = h.slot
     WHERE h.ask = $1 AND h.ask IS NOT NULL AND h.until IS NULL AND s.disposition <> 'did-not-attend'
     ORDER BY s.starts DESC, s.id LIMIT 1",
);
static WHOSE: Sql = Sql::both("SELECT person FROM slot_holder WHERE slot = $1");
static DAY: Sql = Sql::both(
    "SELECT s.id, s.place, s.starts, s.ends, h.slot FROM slot s LEFT JOIN slot_holder h ON h.slot = s.id AND (h.until IS NULL OR h.until > $4)
     WHERE s.service = $1 AND s.withdrawn = 0 AND s.starts >= $2 AND s.starts < $3 ORDER BY s.starts, s.place, s.id",
);

static MOVE: Sql = Sql::both("UPDATE slot_holder SET person = $1 WHERE person = $2");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &MOVE, &OFFER, &WITHDRAW, &HOLD, &TAKE, &LET_GO, &ARRIVED, &INITIAL, &SENIOR, &ENDED, &ONE, &SAME, &FREE, &BOARD,
    &OF_ASK, &WHOSE, &DAY,
];

/// Keeps the slots and their holders.
pub struct Slots;

impl View for Slots {
    fn name(&self) -> &'static str {
        "slot"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if let Some((was, now)) = moved(tx, entry)? {
            tx.execute(&MOVE, &[now.into(), was.into()])?;
            return Ok(());
        }
        if entry.kind != Slot::KIND {
            return Ok(());
        }
        let id = entry.stream.into();
        match aggregate::read::<Slot>(entry)? {
            Event::SlotOpened { service, place, starts, ends } => {
                let (starts, ends) = (starts.as_microsecond().into(), ends.as_microsecond().into());
                tx.execute(&OFFER, &[id, (&service).into(), (&place).into(), starts, ends])?;
            }
            Event::SlotHeld { holder: Holder { by, ask, person }, until } => {
                let person = person.map(|person| root(tx, person)).transpose()?;
                tx.execute(&HOLD, &[id, (&by).into(), person.into(), ask.into(), until.as_microsecond().into()])?;
            }
            Event::SlotTaken { holder: Holder { by, ask, person } } => {
                let person = person.map(|person| root(tx, person)).transpose()?;
                tx.execute(&TAKE, &[id, (&by).into(), person.into(), ask.into()])?;
            }
            Event::HoldExpired { .. } | Event::HoldReleased {} | Event::SlotFreed { .. } => {
                tx.execute(&LET_GO, &[id])?;
            }
            Event::SlotWithdrawn { .. } => {
                tx.execute(&LET_GO, &[id])?;
                tx.execute(&WITHDRAW, &[id])?;
            }
            Event::VisitStepped { step, at } => stepped(tx, entry.stream, step, at)?,
        }
        Ok(())
    }
}

fn stepped(tx: &mut dyn Tx, id: Uuid, step: Step, at: Timestamp) -> Result<()> {
    let (id, at) = (id.into(), at.as_microsecond().into());
    match step {
        Step::Arrived => tx.execute(&ARRIVED, &[id, at])?,
        Step::Initial => tx.execute(&INITIAL, &[id, at])?,
        Step::Senior => tx.execute(&SENIOR, &[id, at])?,
        Step::Disposed(to) => tx.execute(&ENDED, &[id, at, to.word().into()])?,
        Step::LeftUnseen => tx.execute(&ENDED, &[id, at, "left-unseen".into()])?,
        Step::DidNotAttend => tx.execute(&ENDED, &[id, at, "did-not-attend".into()])?,
    };
    Ok(())
}

/// The service of a slot and when it begins.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, slot: Uuid) -> Result<Option<(String, Timestamp)>> {
    tx.first(&ONE, &[slot.into()], |row| Ok((row.string(0)?, row.time(1)?)))
}

/// Whether a place is offered for that time already.
///
/// # Errors
/// What the database says.
pub fn offered(tx: &mut dyn Tx, service: &str, starts: Timestamp, place: &str) -> Result<bool> {
    let same = tx.first(&SAME, &[service.into(), starts.as_microsecond().into(), place.into()], |row| row.uuid(0))?;
    Ok(same.is_some())
}

/// The slots of a service that are free now and still to come, the next 200 in order of time. About nobody.
///
/// # Errors
/// What the database says.
pub fn free(tx: &mut dyn Tx, service: &str, now: Timestamp) -> Result<Vec<Alternative>> {
    tx.all(&FREE, &[service.into(), now.as_microsecond().into()], |row| {
        Ok(Alternative { id: row.uuid(0)?, place: row.string(1)?, starts: row.time(2)?, ends: row.time(3)? })
    })
}

/// A place that is booked for an ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfAsk {
    /// The slot.
    pub id: Uuid,
    /// The clinic, by its short name.
    pub service: String,
    /// Which place.
    pub place: String,
    /// From.
    pub starts: Timestamp,
    /// Until.
    pub ends: Timestamp,
    /// When they came.
    pub arrived: Option<Timestamp>,
    /// When it was over.
    pub ended: Option<Timestamp>,
}

/// The place that is booked for an ask, the latest; not one that they did not come to.
///
/// # Errors
/// What the database says.
pub fn of_ask(tx: &mut dyn Tx, ask: Uuid) -> Result<Option<OfAsk>> {
    tx.first(&OF_ASK, &[ask.into()], |row| {
        Ok(OfAsk {
            id: row.uuid(0)?,
            service: row.string(1)?,
            place: row.string(2)?,
            starts: row.time(3)?,
            ends: row.time(4)?,
            arrived: row.time_or_null(5)?,
            ended: row.time_or_null(6)?,
        })
    })
}

/// Whose a slot is, by the root; nothing else of it. What a gate is asked about before anything is shown.
///
/// # Errors
/// What the database says.
pub fn person_of(tx: &mut dyn Tx, slot: Uuid) -> Result<Option<Uuid>> {
    Ok(tx.first(&WHOSE, &[slot.into()], |row| row.uuid_or_null(0))?.flatten())
}

/// Every slot of a service that begins between two moments and is offered, in order of time, and whether it is free. About nobody.
///
/// # Errors
/// What the database says.
pub fn day(
    tx: &mut dyn Tx,
    service: &str,
    between: (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<(Alternative, bool)>> {
    let (from, until) = (between.0.as_microsecond().into(), between.1.as_microsecond().into());
    tx.all(&DAY, &[service.into(), from, until, now.as_microsecond().into()], |row| {
        let slot = Alternative { id: row.uuid(0)?, place: row.string(1)?, starts: row.time(2)?, ends: row.time(3)? };
        Ok((slot, row.uuid_or_null(4)?.is_none()))
    })
}

/// One slot of a day that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// Which place.
    pub place: String,
    /// From.
    pub starts: Timestamp,
    /// Until.
    pub ends: Timestamp,
    /// Whose; `None` while it is held for nobody by name.
    pub person: Option<Uuid>,
    /// The ask it answers.
    pub ask: Option<Uuid>,
    /// Until when it is held; `None` where it is taken.
    pub held_until: Option<Timestamp>,
    /// When they came.
    pub arrived: Option<Timestamp>,
    /// When they were first assessed.
    pub initial: Option<Timestamp>,
    /// When a senior clinician saw them.
    pub senior: Option<Timestamp>,
    /// When it was over.
    pub ended: Option<Timestamp>,
    /// What came of it.
    pub disposition: String,
}

impl About for Line {
    fn person(&self) -> Option<Uuid> {
        self.person
    }
}

fn line(row: &dyn Row) -> Result<Line> {
    Ok(Line {
        id: row.uuid(0)?,
        place: row.string(1)?,
        starts: row.time(2)?,
        ends: row.time(3)?,
        person: row.uuid_or_null(4)?,
        ask: row.uuid_or_null(5)?,
        held_until: row.time_or_null(6)?,
        arrived: row.time_or_null(7)?,
        initial: row.time_or_null(8)?,
        senior: row.time_or_null(9)?,
        ended: row.time_or_null(10)?,
        disposition: row.string(11)?,
    })
}

/// Who has the slots of a service between two moments.
///
/// # Errors
/// What the database says.
pub fn board(
    tx: &mut dyn Tx,
    permit: &DeskPermit,
    service: &str,
    between: (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    let (from, until) = (between.0.as_microsecond().into(), between.1.as_microsecond().into());
    Ok(Listed::of(tx.all(&BOARD, &[service.into(), from, until, now.as_microsecond().into()], line)?))
}
