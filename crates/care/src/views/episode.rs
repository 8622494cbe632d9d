//! Stays in intermediate care: who is where, until when, and what both sides said at the end. Must not hold goals or reasons: those
//! are in the log.

use access::{Class, DeskPermit, Level, Permit};
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
        column("taken", Type::Int),
        optional("started", Type::Int),
        column("until", Type::Text),
        column("policy", Type::Text),
        column("interrupted", Type::Int),
        column("goals", Type::Int),
        optional("reviewed", Type::Int),
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
        Index { name: "episode_person", columns: &["person", "taken"], unique: false, only: "" },
        Index { name: "episode_ask", columns: &["ask"], unique: false, only: "ask IS NOT NULL" },
    ],
};
static TABLES: &[&Table] = &[&EPISODE];

static TAKE: Sql = Sql::both(
    "INSERT INTO episode (id, person, ask, service, step, taken, started, until, policy, interrupted, goals, reviewed, ended, outcome,
     professional, persons, named)
     VALUES ($1, $2, $3, $4, $5, $6, NULL, '', '', 0, 0, NULL, NULL, '', '', '', $7)",
);
static START: Sql = Sql::both(
    "INSERT INTO episode (id, person, ask, service, step, taken, started, until, policy, interrupted, goals, reviewed, ended, outcome,
     professional, persons, named)
     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, 0, $9, NULL, NULL, '', '', '', $10)
     ON CONFLICT (id) DO UPDATE SET step = excluded.step, started = excluded.started, until = excluded.until,
     policy = excluded.policy, goals = excluded.goals",
);
static LET_GO: Sql = Sql::both("UPDATE episode SET ended = $2, outcome = 'let-go' WHERE id = $1");
static FOUND: Sql = Sql::both("UPDATE episode SET person = $2, named = $3 WHERE id = $1");
static ADD_GOAL: Sql = Sql::both("UPDATE episode SET goals = goals + 1 WHERE id = $1");
static REVIEW: Sql = Sql::both("UPDATE episode SET reviewed = $2 WHERE id = $1");
static EXTEND: Sql = Sql::both("UPDATE episode SET until = $2 WHERE id = $1");
static INTERRUPT: Sql = Sql::both("UPDATE episode SET interrupted = $2 WHERE id = $1");
static END: Sql = Sql::both(
    "UPDATE episode SET ended = $2, outcome = $3, professional = $4, persons = $5, interrupted = 0 WHERE id = $1",
);
static ANSWER: Sql = Sql::both("UPDATE episode SET persons = $2 WHERE id = $1");
static OPEN: Sql = Sql::both(
    "SELECT id, person, ask, service, step, taken, started, until, policy, interrupted, goals, reviewed FROM episode
     WHERE ended IS NULL AND service = $1 ORDER BY until, id LIMIT $2",
);
static UNANSWERED: Sql = Sql::both(
    "SELECT id, person, ask, service, step, taken, started, until, policy, interrupted, goals, reviewed FROM episode
     WHERE ended IS NOT NULL AND persons = '' AND outcome <> 'let-go' AND outcome <> 'died' AND service = $1 AND ended >= $2
     ORDER BY ended, id LIMIT $3",
);
static WHOSE: Sql = Sql::both("SELECT person FROM episode WHERE id = $1");
static OF_ASK: Sql = Sql::both(
    "SELECT id, person, service, started, ended FROM episode WHERE ask = $1 AND ask IS NOT NULL ORDER BY taken, id",
);
static WITHOUT: Sql = Sql::both(
    "SELECT service, step, professional, persons, count(*) FROM episode WHERE ended IS NOT NULL AND outcome <> 'let-go' AND ended >= $1 AND ended < $2
     GROUP BY service, step, professional, persons ORDER BY service, step, professional, persons",
);

static MOVE: Sql = Sql::both("UPDATE episode SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE episode SET person = $1 WHERE person = $2 AND named = $3");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &MOVE,
    &GIVE_BACK,
    &TAKE,
    &START,
    &LET_GO,
    &FOUND,
    &ADD_GOAL,
    &REVIEW,
    &EXTEND,
    &INTERRUPT,
    &END,
    &ANSWER,
    &OPEN,
    &UNANSWERED,
    &WHOSE,
    &OF_ASK,
    &WITHOUT,
];

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
            Event::StayTaken { ask, person, service, step, at } => {
                let (named, person) = (person, root(tx, person)?);
                let (ask, at) = (ask.into(), at.as_microsecond().into());
                tx.execute(
                    &TAKE,
                    &[id, person.into(), ask, (&service).into(), step_word(step).into(), at, named.into()],
                )?;
            }
            Event::StayLetGo { at, .. } => {
                tx.execute(&LET_GO, &[id, at.as_microsecond().into()])?;
            }
            Event::StayFound { person } => {
                let (named, person) = (person, root(tx, person)?);
                tx.execute(&FOUND, &[id, person.into(), named.into()])?;
            }
            Event::EpisodeStarted { ask, person, service, step, at, cap, policy, goals } => {
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
                    i64::try_from(goals.len()).unwrap_or(i64::MAX).into(),
                    named.into(),
                ];
                tx.execute(&START, &row)?;
            }
            Event::GoalAdded { .. } => {
                tx.execute(&ADD_GOAL, &[id])?;
            }
            Event::GoalJudged { .. } => {}
            Event::EpisodeReviewed { at, .. } => {
                tx.execute(&REVIEW, &[id, at.as_microsecond().into()])?;
            }
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

/// One stay of a service.
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
    /// When it was taken with the ask, or began without one.
    pub taken: Timestamp,
    /// Since when; `None` while the person is expected.
    pub started: Option<Timestamp>,
    /// The last day within its length.
    pub until: Option<Date>,
    /// The rule that says so.
    pub policy: String,
    /// Whether a stay in hospital interrupts it.
    pub interrupted: bool,
    /// How many goals it has.
    pub goals: i64,
    /// When somebody last looked at how it goes.
    pub reviewed: Option<Timestamp>,
}

impl Line {
    /// Whether its length is over on a day. A stay in hospital does not count, so an interrupted one is not said to be over.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        !self.interrupted && self.until.is_some_and(|until| until < today)
    }
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
        taken: row.time(5)?,
        started: row.time_or_null(6)?,
        until: row.text(7)?.parse().ok(),
        policy: row.string(8)?,
        interrupted: row.int(9)? != 0,
        goals: row.int(10)?,
        reviewed: row.time_or_null(11)?,
    })
}

/// Who is in a service or expected there: first who is expected, then those whose length ends first.
///
/// # Errors
/// What the database says.
pub fn in_service(tx: &mut dyn Tx, permit: &DeskPermit, service: &str, most: i64) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    Ok(Listed::of(tx.all(&OPEN, &[service.into(), most.into()], line)?))
}

/// Of whose stays the person has not said what would have happened otherwise, of those that ended since a moment, the oldest first.
///
/// # Errors
/// What the database says.
pub fn unanswered(
    tx: &mut dyn Tx,
    permit: &DeskPermit,
    service: &str,
    since: Timestamp,
    most: i64,
) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    Ok(Listed::of(tx.all(&UNANSWERED, &[service.into(), since.as_microsecond().into(), most.into()], line)?))
}

/// Whose a stay is, by the root; nothing else of it. What a gate is asked about before anything is shown.
///
/// # Errors
/// What the database says.
pub fn person_of(tx: &mut dyn Tx, stay: Uuid) -> Result<Option<Uuid>> {
    tx.first(&WHOSE, &[stay.into()], |row| row.uuid(0))
}

/// A stay as far as its ask has to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfAsk {
    /// Its history in the log.
    pub id: Uuid,
    /// Whose, by the root.
    pub person: Uuid,
    /// The service.
    pub service: String,
    /// When the person was there.
    pub started: Option<Timestamp>,
    /// When it ended, or was let go.
    pub ended: Option<Timestamp>,
}

/// The stays that were taken with an ask, the oldest first.
///
/// # Errors
/// What the database says.
pub fn of_ask(tx: &mut dyn Tx, ask: Uuid) -> Result<Vec<OfAsk>> {
    tx.all(&OF_ASK, &[ask.into()], |row| {
        Ok(OfAsk {
            id: row.uuid(0)?,
            person: row.uuid(1)?,
            service: row.string(2)?,
            started: row.time_or_null(3)?,
            ended: row.time_or_null(4)?,
        })
    })
}

/// One thing that happened to a stay: when and by whom, with its words left to whoever shows it; and what it was.
pub type Happened = (super::step::Step, Event);

/// Everything that happened to a stay; nothing where the permit does not show asks whole, or is
/// for somebody else.
///
/// # Errors
/// What the database says.
pub fn full(tx: &mut dyn Tx, permit: &Permit, stay: Uuid) -> Result<Option<(Episode, Vec<Happened>)>> {
    if person_of(tx, stay)? != Some(permit.person()) || permit.level_of(Class::Ask) != Level::Full {
        return Ok(None);
    }
    let history = store::log::stream(tx, stay)?;
    let (episode, _) = aggregate::load::<Episode>(&history)?;
    let steps = super::step::of_history(tx, permit, &history, |_| Ok(String::new()))?;
    let events = history.iter().map(aggregate::read::<Episode>).collect::<Result<Vec<_>>>()?;
    Ok(Some((episode, steps.into_iter().zip(events).collect())))
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
