//! Stays in intermediate care: who is where, until when, and what both sides said at the end. Must not hold goals or reasons: those
//! are in the log.

use access::DeskPermit;
use jiff::Timestamp;
use jiff::civil::Date;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::ask::root;
use super::listed::{About, Listed, may_know, moved};
use crate::episode::{Episode, Event, Without};
use crate::service::Step;

static EPISODE: Table = Table {
    name: "episode",
    columns: &[
        column("id", Type::Uuid),
        column("person", Type::Uuid),
        optional("ask", Type::Uuid),
        column("service", Type::Text),
        column("step", Type::Text),
        column("started", Type::Int),
        column("until", Type::Text),
        column("policy", Type::Text),
        column("interrupted", Type::Int),
        optional("ended", Type::Int),
        column("outcome", Type::Text),
        column("professional", Type::Text),
        column("persons", Type::Text),
        column("named", Type::Uuid),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "episode_open", columns: &["service", "until", "id"], unique: false, only: "ended IS NULL" },
        Index { name: "episode_person", columns: &["person", "started"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&EPISODE];

static START: Sql = Sql::both(
    "INSERT INTO episode (id, person, ask, service, step, started, until, policy, interrupted, ended, outcome, professional, persons, named)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, NULL, '', '', '', $9)",
);
static EXTEND: Sql = Sql::both("UPDATE episode SET until = $2 WHERE id = $1");
static INTERRUPT: Sql = Sql::both("UPDATE episode SET interrupted = $2 WHERE id = $1");
static END: Sql = Sql::both(
    "UPDATE episode SET ended = $2, outcome = $3, professional = $4, persons = $5, interrupted = 0 WHERE id = $1",
);
static ANSWER: Sql = Sql::both("UPDATE episode SET persons = $2 WHERE id = $1");
static OPEN: Sql = Sql::both(
    "SELECT id, person, ask, service, step, started, until, policy, interrupted FROM episode
     WHERE ended IS NULL AND service = $1 ORDER BY until, id LIMIT $2",
);
static WITHOUT: Sql = Sql::both(
    "SELECT service, step, professional, persons, count(*) FROM episode WHERE ended IS NOT NULL AND ended >= $1 AND ended < $2
     GROUP BY service, step, professional, persons ORDER BY service, step, professional, persons",
);

static MOVE: Sql = Sql::both("UPDATE episode SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE episode SET person = $1 WHERE person = $2 AND named = $3");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&MOVE, &GIVE_BACK, &START, &EXTEND, &INTERRUPT, &END, &ANSWER, &OPEN, &WITHOUT];

/// Keeps the episodes.
pub struct Episodes;

const fn step_word(step: Step) -> &'static str {
    match step {
        Step::Up => "up",
        Step::Down => "down",
    }
}

fn step_of(word: &str) -> Step {
    if word == "up" { Step::Up } else { Step::Down }
}

impl View for Episodes {
    fn name(&self) -> &'static str {
        "episode"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if moved(tx, entry, &MOVE, &GIVE_BACK)? {
            return Ok(());
        }
        if entry.kind != Episode::KIND {
            return Ok(());
        }
        let id = entry.stream.into();
        match aggregate::read::<Episode>(entry)? {
            Event::EpisodeStarted { ask, person, service, step, at, cap, policy, goals: _ } => {
                let until = cap.to_string();
                let (named, person) = (person, root(tx, person)?);
                let row = [
                    id,
                    person.into(),
                    ask.into(),
                    (&service).into(),
                    step_word(step).into(),
                    at.as_microsecond().into(),
                    (&until).into(),
                    (&policy).into(),
                    named.into(),
                ];
                tx.execute(&START, &row)?;
            }
            Event::GoalAdded { .. } => {}
            Event::EpisodeExtended { until, .. } => {
                let until = until.to_string();
                tx.execute(&EXTEND, &[id, (&until).into()])?;
            }
            Event::EpisodeInterrupted { .. } => {
                tx.execute(&INTERRUPT, &[id, true.into()])?;
            }
            Event::EpisodeResumed { .. } => {
                tx.execute(&INTERRUPT, &[id, false.into()])?;
            }
            Event::EpisodeEnded { at, outcome, professional, person, .. } => {
                let persons = person.answer().map_or("", Without::word);
                let at = at.as_microsecond().into();
                tx.execute(&END, &[id, at, outcome.word().into(), professional.word().into(), persons.into()])?;
            }
            Event::PersonAnswered { answer } => {
                tx.execute(&ANSWER, &[id, answer.answer().map_or("", Without::word).into()])?;
            }
        }
        Ok(())
    }
}

/// One open episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// Whose.
    pub person: Uuid,
    /// The ask it answers.
    pub ask: Option<Uuid>,
    /// The service.
    pub service: String,
    /// Up or down.
    pub step: Step,
    /// Since when.
    pub started: Timestamp,
    /// The last day within its length.
    pub until: Option<Date>,
    /// The rule that says so.
    pub policy: String,
    /// Whether a stay in hospital interrupts it.
    pub interrupted: bool,
}

impl About for Line {
    fn person(&self) -> Option<Uuid> {
        Some(self.person)
    }
}

fn line(row: &dyn Row) -> Result<Line> {
    Ok(Line {
        id: row.uuid(0)?,
        person: row.uuid(1)?,
        ask: row.uuid_or_null(2)?,
        service: row.string(3)?,
        step: step_of(row.text(4)?),
        started: row.time(5)?,
        until: row.text(6)?.parse().ok(),
        policy: row.string(7)?,
        interrupted: row.int(8)? != 0,
    })
}

/// Who is in a service, those whose length ends first before the others.
///
/// # Errors
/// What the database says.
pub fn in_service(tx: &mut dyn Tx, permit: &DeskPermit, service: &str, most: i64) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    Ok(Listed::of(tx.all(&OPEN, &[service.into(), most.into()], line)?))
}

/// How often both sides said what: numbers, no people. Small ones are for whoever shows them to leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The service.
    pub service: String,
    /// Up or down.
    pub step: Step,
    /// What whoever gave the care said.
    pub professional: Option<Without>,
    /// What whoever had it said; `None` where they could not be asked.
    pub person: Option<Without>,
    /// How often.
    pub count: i64,
}

/// What both sides said of the episodes that ended between two moments.
///
/// # Errors
/// What the database says.
pub fn said(tx: &mut dyn Tx, from: Timestamp, until: Timestamp) -> Result<Vec<Said>> {
    tx.all(&WITHOUT, &[from.as_microsecond().into(), until.as_microsecond().into()], |row| {
        Ok(Said {
            service: row.string(0)?,
            step: step_of(row.text(1)?),
            professional: Without::from_word(row.text(2)?),
            person: Without::from_word(row.text(3)?),
            count: row.int(4)?,
        })
    })
}
