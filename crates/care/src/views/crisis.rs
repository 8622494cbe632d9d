//! The crisis team's open responses. Must not say how much time is left: that follows from the rules of the place and the time.

use access::{DeskPermit, Permit};
use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use super::ask::root;
use super::listed::{About, Listed, found, may_know, moved};
use super::step::{Step, is_shown, of_history};
use crate::crisis::{Event, Response, Stage};
use crate::team::Team;

static CRISIS: Table = Table {
    name: "crisis",
    columns: &[
        column("id", Type::Uuid),
        column("ask", Type::Uuid),
        column("person", Type::Uuid),
        column("condition", Type::Text),
        column("received", Type::Int),
        column("stage", Type::Text).checked("(stage = 'closed') = (closed IS NOT NULL)"),
        column("responder", Type::Text),
        optional("set_off", Type::Int),
        // Nobody arrives whom nobody sent, and nobody goes on before somebody was there.
        optional("arrived", Type::Int).checked("arrived IS NULL OR responder <> ''"),
        optional("stepped", Type::Int).checked("stepped IS NULL OR arrived IS NOT NULL"),
        optional("closed", Type::Int),
        column("ending", Type::Text).checked("(closed IS NULL) = (ending = '')"),
        column("named", Type::Uuid),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "crisis_open", columns: &["received", "id"], unique: false, only: "closed IS NULL" },
        Index { name: "crisis_person", columns: &["person", "received"], unique: false, only: "" },
        // One ask has one response at a time: two teams never go to one door for the same call.
        Index { name: "crisis_ask", columns: &["ask"], unique: true, only: "closed IS NULL" },
        Index { name: "crisis_of_ask", columns: &["ask", "received"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&CRISIS];

static ACCEPT: Sql = Sql::both(
    "INSERT INTO crisis (id, ask, person, condition, received, stage, responder, set_off, arrived, stepped, closed, ending, named)
     VALUES ($1, $2, $3, $4, $5, 'accepted', '', NULL, NULL, NULL, NULL, '', $6)",
);
static NAME: Sql = Sql::both("UPDATE crisis SET condition = $2 WHERE id = $1");
static FOUND: Sql = Sql::both("UPDATE crisis SET person = $2, named = $3 WHERE ask = $1");
static ASSIGN: Sql = Sql::both("UPDATE crisis SET stage = 'assigned', responder = $2 WHERE id = $1");
static SET_OFF: Sql = Sql::both(
    "UPDATE crisis SET set_off = $2, stage = CASE WHEN stage = 'assigned' THEN 'en-route' ELSE stage END WHERE id = $1",
);
static ARRIVE: Sql = Sql::both("UPDATE crisis SET arrived = $2, stage = 'arrived' WHERE id = $1");
static STABILISE: Sql = Sql::both("UPDATE crisis SET stage = 'stabilising' WHERE id = $1");
static STEP: Sql = Sql::both("UPDATE crisis SET stepped = $2, stage = 'stepped' WHERE id = $1");
static CLOSE: Sql = Sql::both("UPDATE crisis SET closed = $2, ending = $3, stage = 'closed' WHERE id = $1");
static OF_ASK: Sql = Sql::both("SELECT id FROM crisis WHERE ask = $1 AND closed IS NULL");
static LATEST: Sql = Sql::both(
    "SELECT id FROM crisis WHERE ask = $1 ORDER BY CASE WHEN closed IS NULL THEN 0 ELSE 1 END, closed DESC, id LIMIT 1",
);
static ANSWERS: Sql = Sql::both("SELECT ask FROM crisis WHERE id = $1");
static OPEN: Sql = Sql::both(
    "SELECT id, ask, person, condition, received, stage, responder, set_off, arrived, stepped FROM crisis
     WHERE closed IS NULL ORDER BY received, id LIMIT $1",
);

static MOVE: Sql = Sql::both("UPDATE crisis SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE crisis SET person = $1 WHERE person = $2 AND named = $3");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &MOVE, &GIVE_BACK, &ACCEPT, &NAME, &FOUND, &ASSIGN, &SET_OFF, &ARRIVE, &STABILISE, &STEP, &CLOSE, &OF_ASK, &LATEST,
    &ANSWERS, &OPEN,
];

/// Keeps the responses.
pub struct Responses;

impl View for Responses {
    fn name(&self) -> &'static str {
        "crisis"
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
        if let Some((ask, person, named)) = found(tx, entry)? {
            tx.execute(&FOUND, &[ask.into(), person.into(), named.into()])?;
            return Ok(());
        }
        if entry.kind != Response::KIND {
            return Ok(());
        }
        let id = entry.stream.into();
        match aggregate::read::<Response>(entry)? {
            Event::ResponseAccepted { ask, person, condition, received } => {
                let received = received.as_microsecond().into();
                let (named, person) = (person, root(tx, person)?);
                tx.execute(&ACCEPT, &[id, ask.into(), person.into(), (&condition).into(), received, named.into()])?;
            }
            Event::ConditionNamed { condition } => {
                tx.execute(&NAME, &[id, (&condition).into()])?;
            }
            Event::ResponderAssigned { responder, .. } => {
                tx.execute(&ASSIGN, &[id, responder.as_str().into()])?;
            }
            Event::SetOff { at, .. } => {
                tx.execute(&SET_OFF, &[id, at.as_microsecond().into()])?;
            }
            Event::Arrived { at, .. } => {
                tx.execute(&ARRIVE, &[id, at.as_microsecond().into()])?;
            }
            Event::Measured { .. } => {}
            Event::StabilisingBegan { .. } => {
                tx.execute(&STABILISE, &[id])?;
            }
            Event::Stepped { at, .. } => {
                tx.execute(&STEP, &[id, at.as_microsecond().into()])?;
            }
            Event::HandedOver { team, at, .. } => {
                tx.execute(&CLOSE, &[id, at.as_microsecond().into(), team.word().into()])?;
            }
            Event::ResponseVoided { why, at, .. } => {
                tx.execute(&CLOSE, &[id, at.as_microsecond().into(), why.word().into()])?;
            }
        }
        Ok(())
    }
}

/// One open response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its history in the log.
    pub id: Uuid,
    /// The ask it answers.
    pub ask: Uuid,
    /// Whose.
    pub person: Uuid,
    /// Which condition.
    pub condition: String,
    /// When the referral had enough in it to act on.
    pub received: Timestamp,
    /// How far it has come.
    pub stage: Stage,
    /// Who goes.
    pub responder: String,
    /// When they set off.
    pub set_off: Option<Timestamp>,
    /// When they arrived.
    pub arrived: Option<Timestamp>,
    /// When the person went on.
    pub stepped: Option<Timestamp>,
}

impl About for Line {
    fn person(&self) -> Option<Uuid> {
        Some(self.person)
    }
}

fn line(row: &dyn Row) -> Result<Line> {
    Ok(Line {
        id: row.uuid(0)?,
        ask: row.uuid(1)?,
        person: row.uuid(2)?,
        condition: row.string(3)?,
        received: row.time(4)?,
        stage: Stage::from_word(row.text(5)?).unwrap_or_default(),
        responder: row.string(6)?,
        set_off: row.time_or_null(7)?,
        arrived: row.time_or_null(8)?,
        stepped: row.time_or_null(9)?,
    })
}

/// The open response of an ask; about nobody by itself.
///
/// # Errors
/// What the database says.
pub fn open_for(tx: &mut dyn Tx, ask: Uuid) -> Result<Option<Uuid>> {
    tx.first(&OF_ASK, &[ask.into()], |row| row.uuid(0))
}

/// The response of an ask, the open one before those that are closed; about nobody by itself.
///
/// # Errors
/// What the database says.
pub fn of_ask(tx: &mut dyn Tx, ask: Uuid) -> Result<Option<Uuid>> {
    tx.first(&LATEST, &[ask.into()], |row| row.uuid(0))
}

/// Which ask a response answers; about nobody by itself.
///
/// # Errors
/// What the database says.
pub fn answers(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Uuid>> {
    tx.first(&ANSWERS, &[id.into()], |row| row.uuid(0))
}

/// Everything of one response, with each thing that happened in words, the first first, and teams by the names that `named` knows;
/// `None` where the permit does not cover the ask it answers whole.
///
/// # Errors
/// What the database says.
pub fn full(
    tx: &mut dyn Tx,
    permit: &Permit,
    id: Uuid,
    named: &dyn Fn(&Team) -> String,
) -> Result<Option<(Response, Vec<Step>)>> {
    let Some(ask) = answers(tx, id)? else { return Ok(None) };
    if !is_shown(tx, permit, ask)? {
        return Ok(None);
    }
    let history = store::log::stream(tx, id)?;
    let (response, _) = aggregate::load::<Response>(&history)?;
    let told = |entry: &Entry| Ok(aggregate::read::<Response>(entry)?.told_with(named));
    Ok(Some((response, of_history(tx, permit, &history, told)?)))
}

/// Every open response. Opened with a permit, [`crate::crisis::by_time_left`] puts them in order.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut dyn Tx, permit: &DeskPermit, most: i64) -> Result<Listed<Line>> {
    if !may_know(permit) {
        return Ok(Listed::of(Vec::new()));
    }
    Ok(Listed::of(tx.all(&OPEN, &[most.into()], line)?))
}
