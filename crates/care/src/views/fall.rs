//! Falls: who lies on the floor and since when, and how many falls somebody had before and after one of them. Must not hold what
//! was found in an assessment, nor any number made of several things.

use access::{Class, DeskPermit, Level, Permit};
use jiff::{SignedDuration, Timestamp};
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::ask::root;
use super::listed::{About, Listed, found, may_know, moved};
use super::step::{Step, is_shown, of_history};
use crate::clock::Moment;
use crate::fall::{Event, Fall};

static FALL: Table = Table {
    name: "fall",
    columns: &[
        column("id", Type::Uuid),
        optional("ask", Type::Uuid),
        column("person", Type::Uuid),
        column("reported", Type::Int),
        column("place", Type::Text),
        optional("since", Type::Int),
        column("on_floor", Type::Int).checked("on_floor IN (0, 1)"),
        optional("up", Type::Int).checked("up IS NULL OR on_floor = 0"),
        optional("minutes", Type::Int).checked("minutes IS NULL OR up IS NOT NULL"),
        column("reasons", Type::Int),
        optional("assessed", Type::Int),
        optional("looked_in", Type::Int).checked("looked_in IS NULL OR on_floor = 0"),
        column("hazard_visit", Type::Text),
        column("strength", Type::Text),
        column("named", Type::Uuid),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "fall_on_floor", columns: &["since", "reported", "id"], unique: false, only: "on_floor = 1" },
        Index { name: "fall_ask", columns: &["ask", "reported"], unique: false, only: "" },
        Index { name: "fall_person", columns: &["person", "reported"], unique: false, only: "" },
        Index {
            name: "fall_unassessed",
            columns: &["reported", "id"],
            unique: false,
            only: "reasons > 0 AND assessed IS NULL",
        },
        Index {
            name: "fall_not_looked_in_on",
            columns: &["reported", "id"],
            unique: false,
            only: "on_floor = 0 AND looked_in IS NULL",
        },
    ],
};
static TABLES: &[&Table] = &[&FALL];

static REPORT: Sql = Sql::both(
    "INSERT INTO fall (id, ask, person, reported, place, since, on_floor, up, minutes, reasons, assessed, looked_in, hazard_visit, strength, named)
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, 0, NULL, NULL, '', '', $8)",
);
static FOUND: Sql = Sql::both("UPDATE fall SET person = $2, named = $3 WHERE ask = $1");
static OF_ASK: Sql = Sql::both("SELECT id FROM fall WHERE ask = $1 ORDER BY reported DESC, id LIMIT 1");
static BELONGS: Sql = Sql::both("SELECT ask FROM fall WHERE id = $1");
static REPORTED: Sql = Sql::both("SELECT reported FROM fall WHERE id = $1");
static UP: Sql = Sql::both("UPDATE fall SET on_floor = 0, up = $2, minutes = $3 WHERE id = $1");
static NEEDS: Sql = Sql::both("UPDATE fall SET reasons = $2 WHERE id = $1");
static ASSESSED: Sql = Sql::both("UPDATE fall SET assessed = $2 WHERE id = $1");
static LOOKED_IN: Sql = Sql::both("UPDATE fall SET looked_in = $2 WHERE id = $1 AND looked_in IS NULL");
static HAZARD: Sql = Sql::both("UPDATE fall SET hazard_visit = $2 WHERE id = $1");
static STRENGTH: Sql = Sql::both("UPDATE fall SET strength = $2 WHERE id = $1");
static ON_FLOOR: Sql = Sql::both(
    "SELECT id, ask, person, reported, place, since, minutes, assessed, hazard_visit, strength FROM fall WHERE on_floor = 1
     ORDER BY coalesce(since, reported), id LIMIT $1",
);
static UNASSESSED: Sql = Sql::both(
    "SELECT id, ask, person, reported, place, since, minutes, assessed, hazard_visit, strength FROM fall
     WHERE reasons > 0 AND assessed IS NULL ORDER BY reported, id LIMIT $1",
);
static TO_LOOK_IN: Sql = Sql::both(
    "SELECT id, ask, person, reported, place, since, minutes, assessed, hazard_visit, strength FROM fall
     WHERE on_floor = 0 AND looked_in IS NULL AND reported >= $2 ORDER BY reported, id LIMIT $1",
);
static BETWEEN: Sql = Sql::both("SELECT count(*) FROM fall WHERE person = $1 AND reported >= $2 AND reported < $3");

static MOVE: Sql = Sql::both("UPDATE fall SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE fall SET person = $1 WHERE person = $2 AND named = $3");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &MOVE,
    &GIVE_BACK,
    &REPORT,
    &FOUND,
    &OF_ASK,
    &BELONGS,
    &REPORTED,
    &UP,
    &NEEDS,
    &ASSESSED,
    &HAZARD,
    &STRENGTH,
    &ON_FLOOR,
    &UNASSESSED,
    &LOOKED_IN,
    &TO_LOOK_IN,
    &BETWEEN,
];

/// Keeps the falls.
pub struct Falls;

impl View for Falls {
    fn name(&self) -> &'static str {
        "fall"
    }

    fn version(&self) -> u32 {
        3
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if moved(tx, entry, &MOVE, &GIVE_BACK)? {
            return Ok(());
        }
        if let Some((ask, person, named)) = found(tx, entry)? {
            tx.execute(&FOUND, &[ask.into(), person.into(), named.into()])?;
            return Ok(());
        }
        if entry.kind != Fall::KIND {
            return Ok(());
        }
        let id = entry.stream.into();
        match aggregate::read::<Fall>(entry)? {
            Event::FallReported { ask, person, place, on_floor_since, on_floor, alone: _ } => {
                let (named, person) = (person, root(tx, person)?);
                let row = [
                    id,
                    ask.into(),
                    person.into(),
                    entry.at.as_microsecond().into(),
                    place.as_str().into(),
                    on_floor_since.map(Timestamp::as_microsecond).into(),
                    on_floor.into(),
                    named.into(),
                ];
                tx.execute(&REPORT, &row)?;
            }
            Event::FallScreened { .. } | Event::FallRouted { .. } | Event::FollowedUp { .. } => {}
            Event::HelpedUp { at, minutes_on_floor, .. } => {
                tx.execute(&UP, &[id, at.as_microsecond().into(), minutes_on_floor.into()])?;
            }
            Event::AssessmentAsked { reasons } => {
                tx.execute(&NEEDS, &[id, i64::try_from(reasons.len()).unwrap_or(i64::MAX).into()])?;
            }
            Event::FallAssessed { at, .. } => {
                tx.execute(&ASSESSED, &[id, at.as_microsecond().into()])?;
            }
            Event::LookedInOn { at, .. } => {
                tx.execute(&LOOKED_IN, &[id, at.as_microsecond().into()])?;
            }
            Event::HazardVisitBooked { on } => {
                tx.execute(&HAZARD, &[id, (&on.to_string()).into()])?;
            }
            Event::StrengthPlaceBooked { on, .. } => {
                tx.execute(&STRENGTH, &[id, (&on.to_string()).into()])?;
            }
        }
        Ok(())
    }
}

/// One fall on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// The ask it belongs to.
    pub ask: Option<Uuid>,
    /// Who.
    pub person: Uuid,
    /// When it was reported.
    pub reported: Timestamp,
    /// Where they fell.
    pub place: String,
    /// Since when they lie, or lay, there.
    pub since: Option<Timestamp>,
    /// Whole minutes on the floor, once they are up.
    pub minutes: Option<i64>,
    /// When the full assessment was made.
    pub assessed: Option<Timestamp>,
    /// The day of the visit for hazards at home, or nothing.
    pub hazard_visit: String,
    /// The first day of the class for strength and balance, or nothing.
    pub strength: String,
}

impl About for Line {
    fn person(&self) -> Option<Uuid> {
        Some(self.person)
    }
}

fn line(row: &dyn Row) -> Result<Line> {
    Ok(Line {
        id: row.uuid(0)?,
        ask: row.uuid_or_null(1)?,
        person: row.uuid(2)?,
        reported: row.time(3)?,
        place: row.string(4)?,
        since: row.time_or_null(5)?,
        minutes: row.int_or_null(6)?,
        assessed: row.time_or_null(7)?,
        hazard_visit: row.string(8)?,
        strength: row.string(9)?,
    })
}

/// The fall that belongs to an ask; about nobody by itself.
///
/// # Errors
/// What the database says.
pub fn of_ask(tx: &mut dyn Tx, ask: Uuid) -> Result<Option<Uuid>> {
    tx.first(&OF_ASK, &[ask.into()], |row| row.uuid(0))
}

/// The ask that a fall belongs to; about nobody by itself.
///
/// # Errors
/// What the database says.
pub fn belongs(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    Ok(tx.first(&BELONGS, &[id.into()], |row| row.uuid_or_null(0))?.flatten())
}

/// Everything of one fall, as it is shown to whom its ask is shown whole.
#[derive(Debug, Clone)]
pub struct Full {
    /// The fall.
    pub fall: Fall,
    /// Each thing that happened, in words, the first first.
    pub steps: Vec<Step>,
    /// How many falls of theirs were reported in the year before this one, and in the year from it on, this one included.
    pub falls: (i64, i64),
    /// What the clock of the follow-up hears.
    pub moments: Vec<Moment>,
}

/// Everything of one fall; `None` where the permit does not cover the ask it belongs to whole.
///
/// # Errors
/// What the database says.
pub fn full(tx: &mut dyn Tx, permit: &Permit, id: Uuid) -> Result<Option<Full>> {
    let Some(ask) = belongs(tx, id)? else { return Ok(None) };
    if !is_shown(tx, permit, ask)? {
        return Ok(None);
    }
    let Some(reported) = tx.first(&REPORTED, &[id.into()], |row| row.time(0))? else { return Ok(None) };
    let falls = before_and_after(tx, permit, reported)?.unwrap_or_default();
    let history = store::log::stream(tx, id)?;
    let (fall, _) = aggregate::load::<Fall>(&history)?;
    let steps = of_history(tx, permit, &history, |entry| Ok(aggregate::read::<Fall>(entry)?.told()))?;
    let heard = |entry: &Entry| Ok(aggregate::read::<Fall>(entry)?.heard(entry.at));
    let moments = history.iter().map(heard).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    Ok(Some(Full { fall, steps, falls, moments }))
}

/// Of whose fall since a moment nobody has asked yet how they are, the oldest first. Whether it is time is the clock's to say.
///
/// # Errors
/// What the database says.
pub fn to_look_in(tx: &mut dyn Tx, permit: &DeskPermit, since: Timestamp, most: i64) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    Ok(Listed::of(tx.all(&TO_LOOK_IN, &[most.into(), since.as_microsecond().into()], line)?))
}

/// Who lies on the floor, the longest first; of whom nobody knows since when, since the call.
///
/// # Errors
/// What the database says.
pub fn on_the_floor(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<Listed<Line>> {
    listed(tx, permit, &ON_FLOOR, most)
}

/// Who needs a full assessment and has not had it, the longest waiting first.
///
/// # Errors
/// What the database says.
pub fn unassessed(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<Listed<Line>> {
    listed(tx, permit, &UNASSESSED, most)
}

fn listed(tx: &mut dyn Tx, permit: &DeskPermit, sql: &Sql, most: i64) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    Ok(Listed::of(tx.all(sql, &[most.into()], line)?))
}

/// Falls that were reported of somebody in the year before a moment and in the year from it on, up to now. Nothing for whoever may
/// not read asks about them.
///
/// # Errors
/// What the database says.
pub fn before_and_after(tx: &mut dyn Tx, permit: &Permit, at: Timestamp) -> Result<Option<(i64, i64)>> {
    if permit.level_of(Class::Ask) != Level::Full {
        return Ok(None);
    }
    let year = SignedDuration::from_hours(365 * 24);
    let (first, last) = (at.saturating_sub(year), at.saturating_add(year));
    let (Ok(first), Ok(last)) = (first, last) else { return Ok(None) };
    let mut count = |from: Timestamp, until: Timestamp| {
        let params = [permit.person().into(), from.as_microsecond().into(), until.as_microsecond().into()];
        tx.first(&BETWEEN, &params, |row| row.int(0)).map(Option::unwrap_or_default)
    };
    let (before, after) = (count(first, at)?, count(at, last)?);
    Ok(Some((before, after)))
}
