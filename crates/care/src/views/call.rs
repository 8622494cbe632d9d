//! Calls as a table: what rings, what waits for an outcome, what came of it, and how long a line takes to answer. Of a ring that
//! nobody answered nothing stays: no row, now or later, says whom it rang. Must not hold what was said.

use access::{DeskPermit, Level, WorklistPermit};
use jiff::{SignedDuration, Timestamp};
use store::table::{Index, Table, Type, column};
use store::{Aggregate as _, Entry, Param, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::call::outcome::settled;
use crate::call::{Call, End, Event, OTHER_END, Outcome, Settled, Start};

/// Never.
const NEVER: i64 = i64::MAX;

static CALL: Table = Table {
    name: "advice_call",
    columns: &[
        column("id", Type::Uuid),
        column("journey", Type::Uuid),
        column("specialty", Type::Text),
        column("caller", Type::Text),
        column("caller_name", Type::Text),
        column("team", Type::Text),
        column("person", Type::Uuid),
        column("started", Type::Int),
        column("state", Type::Text),
        column("ring", Type::Int),
        column("rung", Type::Text),
        column("rung_name", Type::Text),
        column("ring_seconds", Type::Int),
        column("due", Type::Int),
        column("consultant", Type::Text),
        column("consultant_name", Type::Text),
        column("answered", Type::Int),
        column("talk", Type::Int),
        column("gp_outcome", Type::Text),
        column("consultant_outcome", Type::Text),
        column("missing", Type::Text),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "advice_call_due", columns: &["due", "id"], unique: false, only: "" },
        Index { name: "advice_call_specialty", columns: &["specialty", "started", "id"], unique: false, only: "" },
        Index { name: "advice_call_journey", columns: &["journey", "id"], unique: false, only: "" },
        Index { name: "advice_call_team", columns: &["team", "started", "id"], unique: false, only: "" },
        Index { name: "advice_call_consultant", columns: &["consultant", "started", "id"], unique: false, only: "" },
        Index { name: "advice_call_rung", columns: &["rung", "id"], unique: false, only: "" },
        Index { name: "advice_call_state", columns: &["state", "id"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&CALL];

static BEGIN: Sql = Sql::both(
    "INSERT INTO advice_call (id, journey, specialty, caller, caller_name, team, person, started, state, ring, rung,
       rung_name, ring_seconds, due, consultant, consultant_name, answered, talk, gp_outcome, consultant_outcome, missing)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'ringing', 0, '', '', $9, $10, '', '', 0, -1, '', '', '')",
);
static RINGS: Sql = Sql::both("UPDATE advice_call SET ring = $2, rung = $3, rung_name = $4, due = $5 WHERE id = $1");
static STATE: Sql = Sql::both("UPDATE advice_call SET state = $2, rung = '', rung_name = '', due = $3 WHERE id = $1");
static ANSWER: Sql = Sql::both(
    "UPDATE advice_call SET state = 'answered', rung = '', rung_name = '', due = $2, consultant = $3,
       consultant_name = $4, answered = $5 WHERE id = $1",
);
static END: Sql = Sql::both("UPDATE advice_call SET state = 'ended', talk = $2 - answered WHERE id = $1");
static KEY_GP: Sql = Sql::both(
    "UPDATE advice_call SET gp_outcome = $2,
       due = CASE WHEN consultant_outcome = '' THEN CAST($3 AS BIGINT) ELSE CAST($4 AS BIGINT) END WHERE id = $1",
);
static KEY_CONSULTANT: Sql = Sql::both(
    "UPDATE advice_call SET consultant_outcome = $2,
       due = CASE WHEN gp_outcome = '' THEN CAST($3 AS BIGINT) ELSE CAST($4 AS BIGINT) END WHERE id = $1",
);
static MISSING: Sql = Sql::both("UPDATE advice_call SET missing = $2, due = $3 WHERE id = $1");
static RING_SECONDS: Sql = Sql::both("SELECT ring_seconds FROM advice_call WHERE id = $1");
static DUE: Sql = Sql::both("SELECT id FROM advice_call WHERE due <= $1 ORDER BY due, id LIMIT $2");
static OF_JOURNEY: Sql = Sql::both("SELECT person FROM advice_call WHERE journey = $1 LIMIT 1");
static LIVE: Sql =
    Sql::both("SELECT id FROM advice_call WHERE state IN ('ringing', 'answered') AND started >= $1 ORDER BY id");
static OF_TEAM: Sql = Sql::both(
    "SELECT id, journey, specialty, caller_name, person, started, state, ring, rung_name, consultant_name, answered, talk,
       gp_outcome, consultant_outcome, missing
     FROM advice_call WHERE team = $1 AND started >= $2 ORDER BY started DESC, id LIMIT $3",
);
static OF_CONSULTANT: Sql = Sql::both(
    "SELECT id, journey, specialty, caller_name, person, started, state, ring, rung_name, consultant_name, answered, talk,
       gp_outcome, consultant_outcome, missing
     FROM advice_call WHERE consultant = $1 AND started >= $2 ORDER BY started DESC, id LIMIT $3",
);
static RINGS_AT: Sql = Sql::both("SELECT id FROM advice_call WHERE rung = $1 ORDER BY id LIMIT 1");
static CONNECTS: Sql = Sql::both(
    "SELECT answered - started FROM advice_call
     WHERE specialty = $1 AND started >= $2 AND started < $3 AND answered > 0 ORDER BY answered - started",
);
static COUNTS: Sql = Sql::both(
    "SELECT state, gp_outcome, consultant_outcome, missing, count(*) FROM advice_call
     WHERE specialty = $1 AND started >= $2 AND started < $3
     GROUP BY state, gp_outcome, consultant_outcome, missing
     ORDER BY state, gp_outcome, consultant_outcome, missing",
);
static EPISODES: Sql = Sql::both(
    "SELECT count(DISTINCT journey) FROM advice_call WHERE specialty = $1 AND started >= $2 AND started < $3 AND answered > 0",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &BEGIN,
    &RINGS,
    &STATE,
    &ANSWER,
    &END,
    &KEY_GP,
    &KEY_CONSULTANT,
    &MISSING,
    &RING_SECONDS,
    &DUE,
    &OF_JOURNEY,
    &LIVE,
    &OF_TEAM,
    &OF_CONSULTANT,
    &RINGS_AT,
    &CONNECTS,
    &COUNTS,
    &EPISODES,
];

/// Keeps the table of calls.
pub struct Calls;

impl View for Calls {
    fn name(&self) -> &'static str {
        "advice calls"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Call::KIND {
            return Ok(());
        }
        let id: Param<'_> = entry.stream.into();
        let tomorrow = |at: Timestamp| later(at, OTHER_END);
        match &aggregate::read::<Call>(entry)? {
            Event::CallStarted { start, at } => begin(tx, entry.stream, start, *at),
            Event::CallRinging { ring, who, at } => {
                let seconds = tx.first(&RING_SECONDS, &[id], |row| row.int(0))?.unwrap_or_default();
                let due = later(*at, SignedDuration::from_secs(seconds));
                let (reader, name) = ((&who.reader).into(), (&who.name).into());
                changed(tx, &RINGS, &[entry.stream.into(), i64::from(*ring).into(), reader, name, due.into()])
            }
            Event::CallHeard { .. } | Event::CallLooped { .. } => Ok(()),
            Event::CallAnswered { who, at, .. } => {
                let at = at.as_microsecond();
                changed(tx, &ANSWER, &[id, NEVER.into(), (&who.reader).into(), (&who.name).into(), at.into()])
            }
            Event::CallEnded { at } => changed(tx, &END, &[id, at.as_microsecond().into()]),
            Event::CallUnanswered { .. } => changed(tx, &STATE, &[id, "unanswered".into(), NEVER.into()]),
            Event::CallGivenUp { .. } => changed(tx, &STATE, &[id, "given-up".into(), NEVER.into()]),
            Event::CallOutcomeGp { outcome, at, .. } => {
                changed(tx, &KEY_GP, &[id, outcome.word().into(), tomorrow(*at).into(), NEVER.into()])
            }
            Event::CallOutcomeConsultant { outcome, at, .. } => {
                changed(tx, &KEY_CONSULTANT, &[id, outcome.word().into(), tomorrow(*at).into(), NEVER.into()])
            }
            Event::CallOutcomeMissing { end } => changed(tx, &MISSING, &[id, end.word().into(), NEVER.into()]),
        }
    }
}

fn later(at: Timestamp, by: SignedDuration) -> i64 {
    at.saturating_add(by).unwrap_or(at).as_microsecond()
}

fn changed(tx: &mut dyn Tx, sql: &Sql, params: &[Param<'_>]) -> Result<()> {
    tx.execute(sql, params).map(|_| ())
}

fn begin(tx: &mut dyn Tx, id: Uuid, start: &Start, at: Timestamp) -> Result<()> {
    let params = [
        id.into(),
        start.journey.into(),
        (&start.specialty).into(),
        (&start.by.id).into(),
        (&start.by.name).into(),
        start.team.word().into(),
        start.person.unwrap_or_default().into(),
        at.as_microsecond().into(),
        i64::from(start.ring_seconds).into(),
        NEVER.into(),
    ];
    changed(tx, &BEGIN, &params)
}

/// The calls for which time changes something by now: a ring's seconds are over, or the other end's day.
///
/// # Errors
/// What the database says.
pub fn due(tx: &mut dyn Tx, now: Timestamp, most: i64) -> Result<Vec<Uuid>> {
    tx.all(&DUE, &[now.as_microsecond().into(), most.into()], |row| row.uuid(0))
}

/// The calls since a moment that ring or are spoken on: whose orders are asked of the exchange again after a restart.
///
/// # Errors
/// What the database says.
pub fn live(tx: &mut dyn Tx, since: Timestamp) -> Result<Vec<Uuid>> {
    tx.all(&LIVE, &[since.as_microsecond().into()], |row| row.uuid(0))
}

/// The call by which a reader is being rung at this moment.
///
/// # Errors
/// What the database says.
pub fn rings_at(tx: &mut dyn Tx, reader: &str) -> Result<Option<Uuid>> {
    tx.first(&RINGS_AT, &[reader.into()], |row| row.uuid(0))
}

/// One call, as the log tells it; `None` where there is none. It says nothing about the person but who they are by their id.
///
/// # Errors
/// What the database says, and where the log cannot be read.
pub fn of(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Call>> {
    let history = store::log::stream(tx, id)?;
    if history.first().is_none_or(|first| first.kind != Call::KIND) {
        return Ok(None);
    }
    Ok(Some(aggregate::load::<Call>(&history)?.0))
}

/// One call on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its id.
    pub id: Uuid,
    /// The journey it belongs to.
    pub journey: Uuid,
    /// The specialty's short name.
    pub specialty: String,
    /// Who asked.
    pub caller: String,
    /// Whom it is about.
    pub person: Option<Uuid>,
    /// When it began.
    pub started: Timestamp,
    /// How it stands: `ringing`, `answered`, `ended`, `unanswered`, `given-up`.
    pub state: String,
    /// How many rings there were, the one that goes on among them.
    pub ring: i64,
    /// Who is being rung; empty when nobody is.
    pub rung: String,
    /// Who answered; empty where nobody did.
    pub consultant: String,
    /// How long it took until somebody answered.
    pub connect: Option<SignedDuration>,
    /// How long they spoke.
    pub talk: Option<SignedDuration>,
    /// How the two ends stand.
    pub settled: Settled,
}

impl CallRow {
    /// Whether an end is to be keyed still, in its time or late.
    #[must_use]
    pub fn waits_for(&self, end: End) -> bool {
        let spoken = matches!(self.state.as_str(), "answered" | "ended");
        spoken
            && match self.settled {
                Settled::Neither => true,
                Settled::Waits(missing) | Settled::Missing(missing, _) => missing == end,
                Settled::Agreed(_) | Settled::Disagreed { .. } => false,
            }
    }
}

/// Calls on a list, shut until there is a permit to see whom they are about.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    rows: Vec<CallRow>,
}

impl Listed {
    /// The people they are about, for the permit.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.rows.iter().filter_map(|row| row.person)
    }

    /// The calls that the permit covers, and those that are about nobody.
    #[must_use]
    pub fn open(self, permit: &WorklistPermit) -> Vec<CallRow> {
        let covered = |row: &CallRow| row.person.is_none_or(|person| permit.of(person).is_some());
        self.rows.into_iter().filter(covered).collect()
    }
}

/// The calls that the teams of a reader asked since a moment, the latest first.
///
/// # Errors
/// What the database says.
pub fn of_teams(tx: &mut dyn Tx, permit: &DeskPermit, teams: &[String], since: Timestamp, most: i64) -> Result<Listed> {
    let mut rows = Vec::new();
    if permit.level(access::Class::Encounter) == Level::Hidden {
        return Ok(Listed { rows });
    }
    for team in teams {
        rows.extend(tx.all(&OF_TEAM, &[team.into(), since.as_microsecond().into(), most.into()], call)?);
    }
    rows.sort_by_key(|row: &CallRow| (std::cmp::Reverse(row.started), row.id));
    Ok(Listed { rows })
}

/// The calls that a consultant answered since a moment, the latest first.
///
/// # Errors
/// What the database says.
pub fn of_consultant(
    tx: &mut dyn Tx,
    permit: &DeskPermit,
    reader: &str,
    since: Timestamp,
    most: i64,
) -> Result<Listed> {
    if permit.level(access::Class::Encounter) == Level::Hidden {
        return Ok(Listed::default());
    }
    let rows = tx.all(&OF_CONSULTANT, &[reader.into(), since.as_microsecond().into(), most.into()], call)?;
    Ok(Listed { rows })
}

fn call(row: &dyn Row) -> Result<CallRow> {
    let (started, answered, talk) = (row.int(5)?, row.int(10)?, row.int(11)?);
    let (gp, consultant) = (Outcome::from_word(row.text(12)?), Outcome::from_word(row.text(13)?));
    Ok(CallRow {
        id: row.uuid(0)?,
        journey: row.uuid(1)?,
        specialty: row.string(2)?,
        caller: row.string(3)?,
        person: Some(row.uuid(4)?).filter(|person| !person.is_nil()),
        started: row.time(5)?,
        state: row.string(6)?,
        ring: row.int(7)?,
        rung: row.string(8)?,
        consultant: row.string(9)?,
        connect: (answered > 0).then(|| SignedDuration::from_micros(answered - started)),
        talk: (talk >= 0).then(|| SignedDuration::from_micros(talk)),
        settled: settled(gp, consultant, !row.text(14)?.is_empty()),
    })
}

/// The fewest answered calls from which "usually answers in" is said.
pub const FEWEST: usize = 5;

/// How long a line usually takes to answer: the middle of the answered calls of a time; `None` where there are too few to say.
///
/// # Errors
/// What the database says.
pub fn usually(tx: &mut dyn Tx, specialty: &str, from: Timestamp, until: Timestamp) -> Result<Option<SignedDuration>> {
    let connects = connects(tx, specialty, from, until)?;
    Ok(if connects.len() < FEWEST { None } else { middle(&connects) })
}

fn connects(tx: &mut dyn Tx, specialty: &str, from: Timestamp, until: Timestamp) -> Result<Vec<i64>> {
    let params = [specialty.into(), from.as_microsecond().into(), until.as_microsecond().into()];
    tx.all(&CONNECTS, &params, |row| row.int(0))
}

/// The middle of some numbers in order; of an even count, the lower of the two.
fn middle(sorted: &[i64]) -> Option<SignedDuration> {
    sorted.get(sorted.len().checked_sub(1)? / 2).map(|micros| SignedDuration::from_micros(*micros))
}

/// A time of one line, in counts: no person, nobody who was rung.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Calls that began.
    pub calls: i64,
    /// Somebody answered.
    pub answered: i64,
    /// Nobody answered in all rounds.
    pub unanswered: i64,
    /// The caller gave up before.
    pub given_up: i64,
    /// Journeys with at least one answered call: what activity is counted by.
    pub episodes: i64,
    /// Both ends say: no referral, no stay.
    pub advised: i64,
    /// Both ends say: a referral, or a stay.
    pub referred: i64,
    /// The two ends say different things, of which one sends the person to hospital and the other does not.
    pub disagreed: i64,
    /// One end is missing, for good or still.
    pub one_end: i64,
    /// Neither end has keyed anything.
    pub neither: i64,
    /// The middle of the times to an answer.
    pub connect: Option<SignedDuration>,
}

impl Report {
    /// The share of calls that were answered, of those that were answered or were not; the caller who gave up counts for
    /// neither. In parts of a thousand.
    #[must_use]
    pub fn share_answered(&self) -> Option<i64> {
        (self.answered * 1_000).checked_div(self.answered + self.unanswered)
    }
}

/// What one line did in a time.
///
/// # Errors
/// What the database says.
pub fn report(tx: &mut dyn Tx, specialty: &str, from: Timestamp, until: Timestamp) -> Result<Report> {
    let span = || [specialty.into(), from.as_microsecond().into(), until.as_microsecond().into()];
    let mut report = Report {
        connect: middle(&connects(tx, specialty, from, until)?),
        episodes: tx.first(&EPISODES, &span(), |row| row.int(0))?.unwrap_or_default(),
        ..Report::default()
    };
    tx.query(&COUNTS, &span(), &mut |row| {
        let count = row.int(4)?;
        report.calls += count;
        match row.text(0)? {
            "unanswered" => report.unanswered += count,
            "given-up" => report.given_up += count,
            "answered" | "ended" => {
                report.answered += count;
                let (gp, consultant) = (Outcome::from_word(row.text(1)?), Outcome::from_word(row.text(2)?));
                *match (gp.map(Outcome::sends_to_hospital), consultant.map(Outcome::sends_to_hospital)) {
                    (Some(false), Some(false)) => &mut report.advised,
                    (Some(true), Some(true)) => &mut report.referred,
                    (Some(_), Some(_)) => &mut report.disagreed,
                    (None, None) => &mut report.neither,
                    _ => &mut report.one_end,
                } += count;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(report)
}

/// What the clocks hear of a call: times and words, and of nobody.
///
/// # Errors
/// What the database says.
pub fn moments(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<crate::clock::Moment>> {
    let events = store::log::stream(tx, id)?.iter().map(aggregate::read::<Call>).collect::<Result<Vec<_>>>()?;
    let heard = crate::advice::moment::of_call(&events).into_iter();
    Ok(heard.map(|(at, word)| crate::clock::Moment::new(at, word)).collect())
}

/// Whom a journey that began with a call is about; `None` where no call belongs to it, or it is about nobody.
///
/// # Errors
/// What the database says.
pub fn person_of_journey(tx: &mut dyn Tx, journey: Uuid) -> Result<Option<Uuid>> {
    let found = tx.first(&OF_JOURNEY, &[journey.into()], |row| row.uuid(0))?;
    Ok(found.filter(|person| !person.is_nil()))
}
