//! The register of broken glass, the alerts to the privacy officer, and which looks were made through an open glass. An alert
//! names nobody: not whoever broke it, not the person, not the reason. Must not say when a review is due; that follows from the
//! events and the calendar ([`crate::glass::stage`]).

use std::collections::BTreeSet;

use jiff::Timestamp;
use place::calendar::Calendar;
use store::table::{Index, Table, Type, column, optional};
use store::{Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::decide::Level;
use crate::glass::{Event, Glass, Outcome, Stage, Why, stage};
use crate::look::Look;
use crate::permit::{GlassPermit, LooksPermit};
use crate::role::{Class, Role};
use crate::worklist::DeskPermit;

static GLASS: Table = Table {
    name: "glass",
    columns: &[
        column("id", Type::Uuid),
        column("person", Type::Uuid),
        column("reader", Type::Text),
        column("name", Type::Text),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("code", Type::Text),
        column("reason", Type::Text),
        column("at", Type::Int),
        column("until", Type::Int),
        optional("ended", Type::Int),
        column("withheld", Type::Int),
        column("withheld_by", Type::Text),
        column("withheld_because", Type::Text),
        optional("reviewed", Type::Int),
        column("reviewer", Type::Text),
        column("outcome", Type::Text),
        column("words", Type::Text),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "glass_reader", columns: &["reader", "until"], unique: false, only: "" },
        Index { name: "glass_person", columns: &["person"], unique: false, only: "" },
        Index { name: "glass_at", columns: &["at"], unique: false, only: "" },
        Index { name: "glass_waits", columns: &["at", "id"], unique: false, only: "reviewed IS NULL" },
    ],
};
/// The looks a reader made at anybody while they had a glass open: a person may be joined with another within the hour.
static THROUGH: Table = Table {
    name: "glass_look",
    columns: &[column("glass", Type::Uuid), column("seq", Type::Int)],
    key: &["glass", "seq"],
    clustered: true,
    indexes: &[],
};
static ALERT: Table = Table {
    name: "alert",
    columns: &[
        column("seq", Type::Int),
        column("at", Type::Int),
        column("role", Type::Text),
        column("organisation", Type::Text),
        column("source", Type::Uuid),
    ],
    key: &["seq"],
    clustered: true,
    indexes: &[Index { name: "alert_source", columns: &["source"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&GLASS, &THROUGH, &ALERT];

static BREAK: Sql = Sql::both(
    "INSERT INTO glass (id, person, reader, name, role, organisation, code, reason, at, until, ended, withheld, withheld_by,
       withheld_because, reviewed, reviewer, outcome, words)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11, $12, $13, NULL, '', '', '')",
);
static TELL: Sql = Sql::both("INSERT INTO alert (seq, at, role, organisation, source) VALUES ($1, $2, $3, $4, $5)");
static END: Sql = Sql::both("UPDATE glass SET ended = $2 WHERE id = $1");
static REVIEW: Sql = Sql::both(
    "UPDATE glass SET withheld = $2, withheld_by = $3, withheld_because = $4, reviewed = $5, reviewer = $6, outcome = $7,
       words = $8 WHERE id = $1",
);
static HEARD: Sql = Sql::both("DELETE FROM alert WHERE source = $1");
static OPEN_OF_READER: Sql =
    Sql::both("SELECT id FROM glass WHERE reader = $1 AND until > $2 AND ended IS NULL ORDER BY id");
static SEEN_THROUGH: Sql = Sql::both("INSERT INTO glass_look (glass, seq) VALUES ($1, $2)");
static OPEN: Sql = Sql::both(
    "SELECT id, at, until FROM glass WHERE reader = $1 AND until > $2 AND ended IS NULL AND person = $3
     ORDER BY until DESC, id LIMIT 1",
);
static ALERTS: Sql = Sql::both("SELECT at, role, organisation, source FROM alert ORDER BY seq DESC LIMIT $1");
static WAITING: Sql = Sql::both(
    "SELECT id, name, role, organisation, code, at, until, ended, withheld, reviewed, outcome FROM glass
     WHERE reviewed IS NULL ORDER BY at, id LIMIT $1",
);
static REVIEWED: Sql = Sql::both(
    "SELECT id, name, role, organisation, code, at, until, ended, withheld, reviewed, outcome FROM glass
     WHERE reviewed IS NOT NULL ORDER BY at DESC, id LIMIT $1",
);
static COUNT: Sql = Sql::both("SELECT count(*) FROM glass WHERE reviewed IS NULL");
static ONE: Sql = Sql::both(
    "SELECT id, name, role, organisation, code, at, until, ended, withheld, reviewed, outcome, person, reader, reason,
       withheld_by, withheld_because, reviewer, words FROM glass WHERE id = $1",
);
static LOOKS: Sql = Sql::both("SELECT count(*) FROM glass_look WHERE glass = $1");
static WITHHELD: Sql =
    Sql::both("SELECT l.seq FROM glass g JOIN glass_look l ON l.glass = g.id WHERE g.person = $1 AND g.withheld = 1");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &BREAK,
    &TELL,
    &END,
    &REVIEW,
    &HEARD,
    &OPEN_OF_READER,
    &SEEN_THROUGH,
    &OPEN,
    &ALERTS,
    &WAITING,
    &REVIEWED,
    &COUNT,
    &ONE,
    &LOOKS,
    &WITHHELD,
];

/// Keeps the register and the alerts.
pub struct Register;

impl View for Register {
    fn name(&self) -> &'static str {
        "glass"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        let at = entry.at.as_microsecond();
        if entry.kind == <Look as store::Aggregate>::KIND {
            return through(tx, entry);
        }
        if entry.kind != <Glass as store::Aggregate>::KIND {
            return Ok(());
        }
        match aggregate::read::<Glass>(entry)? {
            Event::Broken { by, person, reason_code, reason, until, harm, harm_because } => {
                tx.execute(
                    &BREAK,
                    &[
                        entry.stream.into(),
                        person.into(),
                        (&by.id).into(),
                        (&by.name).into(),
                        by.role.word().into(),
                        (&by.organisation).into(),
                        reason_code.word().into(),
                        (&reason).into(),
                        at.into(),
                        until.as_microsecond().into(),
                        i64::from(harm).into(),
                        if harm { by.name.as_str() } else { "" }.into(),
                        (&harm_because).into(),
                    ],
                )?;
                let alert = [
                    entry.seq.into(),
                    at.into(),
                    by.role.word().into(),
                    (&by.organisation).into(),
                    entry.stream.into(),
                ];
                tx.execute(&TELL, &alert)?;
            }
            Event::Ended { .. } => {
                tx.execute(&END, &[entry.stream.into(), at.into()])?;
            }
            Event::Reviewed { by, outcome, words, harm, harm_because } => {
                tx.execute(
                    &REVIEW,
                    &[
                        entry.stream.into(),
                        i64::from(harm).into(),
                        if harm { by.name.as_str() } else { "" }.into(),
                        (&harm_because).into(),
                        at.into(),
                        (&by.name).into(),
                        outcome.word().into(),
                        (&words).into(),
                    ],
                )?;
                tx.execute(&HEARD, &[entry.stream.into()])?;
            }
        }
        Ok(())
    }
}

/// A look by somebody who has a glass open.
fn through(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    let reader = match aggregate::read::<Look>(entry)? {
        crate::look::Event::Looked { by, .. } | crate::look::Event::Refused { by, .. } => by.id,
    };
    let at = entry.at.as_microsecond();
    for glass in tx.all(&OPEN_OF_READER, &[(&reader).into(), at.into()], |row| row.uuid(0))? {
        tx.execute(&SEEN_THROUGH, &[glass.into(), entry.seq.into()])?;
    }
    Ok(())
}

/// A glass that stands open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Its history in the log.
    pub id: Uuid,
    /// Since when.
    pub since: Timestamp,
    /// When it closes by itself.
    pub until: Timestamp,
}

/// The glass that a reader has open for a person, under any id by which the person has been known.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut dyn Tx, reader: &str, person: &[Uuid], at: Timestamp) -> Result<Option<Open>> {
    let mut open: Option<Open> = None;
    for id in person {
        let one = tx.first(&OPEN, &[reader.into(), at.as_microsecond().into(), (*id).into()], |row| {
            Ok(Open { id: row.uuid(0)?, since: row.time(1)?, until: row.time(2)? })
        })?;
        open = open.into_iter().chain(one).max_by_key(|open| open.until);
    }
    Ok(open)
}

/// What a privacy officer is told the moment a glass is broken: nothing by which anybody could be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// When.
    pub at: Timestamp,
    /// The role of whoever broke it.
    pub role: Option<Role>,
    /// Their organisation.
    pub organisation: String,
    /// Its history in the log, where the register opens it.
    pub glass: Uuid,
}

fn watches(permit: &DeskPermit) -> bool {
    permit.level(Class::Looks) == Level::Full
}

/// The alerts that nobody has answered with a review, the latest first. Nothing for anybody else's desk.
///
/// # Errors
/// What the database says.
pub fn alerts(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<Vec<Alert>> {
    if !watches(permit) {
        return Ok(Vec::new());
    }
    tx.all(&ALERTS, &[most.into()], |row| {
        Ok(Alert {
            at: row.time(0)?,
            role: Role::from_word(row.text(1)?),
            organisation: row.string(2)?,
            glass: row.uuid(3)?,
        })
    })
}

/// One line of the register: who broke it, when and for what sort of reason; not whose record it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// Who broke it, by name.
    pub name: String,
    /// Their role.
    pub role: Option<Role>,
    /// Their organisation.
    pub organisation: String,
    /// Why, in one word.
    pub why: Why,
    /// When.
    pub at: Timestamp,
    /// When it closed, or will by itself.
    pub closes: Timestamp,
    /// Whether the reader closed it before its time.
    pub ended: bool,
    /// Whether the person is not told.
    pub withheld: bool,
    /// When it was reviewed.
    pub reviewed: Option<Timestamp>,
    /// With what outcome.
    pub outcome: Option<Outcome>,
}

impl Line {
    /// Where it stands.
    #[must_use]
    pub fn stage(&self, calendar: &Calendar, now: Timestamp) -> Stage {
        stage(self.at, self.closes, self.reviewed.is_some(), calendar, now)
    }
}

fn line(row: &dyn Row) -> Result<Line> {
    let (until, ended) = (row.time(6)?, row.time_or_null(7)?);
    Ok(Line {
        id: row.uuid(0)?,
        name: row.string(1)?,
        role: Role::from_word(row.text(2)?),
        organisation: row.string(3)?,
        // What is no reason is shown as the one that has to be read.
        why: Why::from_word(row.text(4)?).unwrap_or(Why::Other),
        at: row.time(5)?,
        closes: ended.unwrap_or(until),
        ended: ended.is_some(),
        withheld: row.int(8)? != 0,
        reviewed: row.time_or_null(9)?,
        outcome: Outcome::from_word(row.text(10)?),
    })
}

/// Those that nobody has reviewed, the oldest first. Nothing for anybody else's desk.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<Vec<Line>> {
    if watches(permit) { tx.all(&WAITING, &[most.into()], line) } else { Ok(Vec::new()) }
}

/// How many nobody has reviewed.
///
/// # Errors
/// What the database says.
pub fn count_waiting(tx: &mut dyn Tx, permit: &DeskPermit) -> Result<i64> {
    if !watches(permit) {
        return Ok(0);
    }
    Ok(tx.first(&COUNT, &[], |row| row.int(0))?.unwrap_or_default())
}

/// Those that have been reviewed, the latest first. Nothing for anybody else's desk.
///
/// # Errors
/// What the database says.
pub fn reviewed(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<Vec<Line>> {
    if watches(permit) { tx.all(&REVIEWED, &[most.into()], line) } else { Ok(Vec::new()) }
}

/// One entry of the register, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its line.
    pub line: Line,
    /// Whose record.
    pub person: Uuid,
    /// Why, as it was typed.
    pub reason: String,
    /// Who decided that the person is not told; empty where they are.
    pub withheld_by: String,
    /// Why the person is not told.
    pub withheld_because: String,
    /// Who reviewed it, by name.
    pub reviewer: String,
    /// What they found, in words.
    pub words: String,
    /// How many looks were made through it.
    pub looks: i64,
    /// Whether the reader of this entry is whoever broke it: they do not review it.
    pub theirs: bool,
}

/// One entry of the register. `None`: there is none.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, permit: &GlassPermit) -> Result<Option<Whole>> {
    let id = permit.glass();
    let looks = tx.first(&LOOKS, &[id.into()], |row| row.int(0))?.unwrap_or_default();
    tx.first(&ONE, &[id.into()], |row| {
        Ok(Whole {
            line: line(row)?,
            person: row.uuid(11)?,
            theirs: row.text(12)? == permit.reader(),
            reason: row.string(13)?,
            withheld_by: row.string(14)?,
            withheld_because: row.string(15)?,
            reviewer: row.string(16)?,
            words: row.string(17)?,
            looks,
        })
    })
}

/// Whose record a glass was broken for; for the gate, which writes the look at them before it lets anybody see it.
pub(crate) fn person(tx: &mut dyn Tx, glass: Uuid) -> Result<Option<Uuid>> {
    tx.first(&ONE, &[glass.into()], |row| row.uuid(11))
}

/// The looks of which the person is not told, by their place in the log.
pub(super) fn withheld(tx: &mut dyn Tx, permit: &LooksPermit) -> Result<BTreeSet<i64>> {
    let mut seqs = BTreeSet::new();
    for id in permit.ids() {
        seqs.extend(tx.all(&WITHHELD, &[id.into()], |row| row.int(0))?);
    }
    Ok(seqs)
}
