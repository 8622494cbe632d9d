//! Asks as they stand: one row an ask, with who has it and by when, so that every list is one range of an index. The database
//! itself holds what may never be: an ask without an owner, a decline without an alternative, a close without outcome and
//! answer. Must not decide anything; it writes down what was decided.

pub(crate) mod read;

pub(crate) use read::{Found, Range, count, one, part};
pub use read::{Line, Place, Shown, Whole, described, ids_of, of, of_person, person_of, whole};

use jiff::Timestamp;
use serde::Deserialize;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Param, Result, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::age::{Age, Child};
use crate::ask::{Ask, Event, Request, Urgency};
use crate::team::Team;
use crate::triage::{Decision, Destination, Level, Triage};
use crate::words::Words;

static ASK: Table = Table {
    name: "ask",
    columns: &[
        column("id", Type::Uuid),
        column("person", Type::Uuid),
        optional("described", Type::Text),
        column("child", Type::Int).checked("child IN (0, 1)"),
        column("kind", Type::Text),
        column("urgency", Type::Text),
        column("state", Type::Text).checked("(state = 'closed') = (closed IS NOT NULL)"),
        column("owner", Type::Text).checked("owner LIKE '%_:_%'"),
        column("sender", Type::Text),
        column("author", Type::Text),
        column("asker", Type::Text),
        column("happened", Type::Text),
        column("submitted", Type::Int),
        column("due", Type::Int),
        optional("received", Type::Int),
        optional("worker", Type::Text),
        optional("offered", Type::Text).checked("offered IS NULL OR offered <> owner"),
        optional("offered_at", Type::Int).checked("(offered_at IS NULL) = (offered IS NULL)"),
        optional("decision", Type::Text),
        optional("goes_to", Type::Text),
        optional("level", Type::Text).checked(
            "level IS NULL OR level IN ('home-7-day', 'intermediate-24/7-nearby', 'hospital-24/7', 'advice', 'community')",
        ),
        optional("redirected", Type::Text),
        optional("alternative", Type::Text)
            .checked("decision IS NULL OR decision <> 'declined' OR alternative IS NOT NULL"),
        optional("answerable", Type::Text)
            .checked("decision IS NULL OR decision <> 'declined' OR answerable IS NOT NULL"),
        optional("scheduled", Type::Int),
        optional("ending", Type::Text).checked("closed IS NULL OR ending IS NOT NULL"),
        optional("answered", Type::Int).checked("closed IS NULL OR answered IS NOT NULL"),
        optional("answer", Type::Text).checked("(answer IS NULL) = (answered IS NULL)"),
        optional("closed", Type::Int).checked("closed IS NULL OR child = 0 OR redirected IS NOT NULL"),
        optional("neighbour", Type::Text).checked("neighbour IS NULL OR closed IS NULL"),
        optional("neighbour_by", Type::Int).checked("(neighbour_by IS NULL) = (neighbour IS NULL)"),
        column("named", Type::Uuid),
    ],
    key: &["id"],
    clustered: false,
    indexes: &[
        Index { name: "ask_owner", columns: &["owner", "due", "id"], unique: false, only: "closed IS NULL" },
        Index { name: "ask_worker", columns: &["worker", "due", "id"], unique: false, only: "closed IS NULL" },
        Index {
            name: "ask_offered",
            columns: &["offered", "offered_at", "id"],
            unique: false,
            only: "offered IS NOT NULL",
        },
        Index {
            name: "ask_waits",
            columns: &["owner", "offered_at", "id"],
            unique: false,
            only: "offered IS NOT NULL",
        },
        Index {
            name: "ask_neighbour",
            columns: &["owner", "neighbour_by", "id"],
            unique: false,
            only: "neighbour IS NOT NULL",
        },
        Index { name: "ask_sender", columns: &["sender", "submitted", "id"], unique: false, only: "sender <> ''" },
        Index { name: "ask_author", columns: &["author", "submitted", "id"], unique: false, only: "" },
        Index { name: "ask_for_person", columns: &["person", "submitted", "id"], unique: false, only: "" },
    ],
};
/// Under whom somebody goes on who was found to be somebody else: the care side's own copy of what the index of people says,
/// because an ask may be sent under an id that was joined before.
static JOINED: Table = Table {
    name: "ask_person",
    columns: &[column("was", Type::Uuid), column("now", Type::Uuid)],
    key: &["was"],
    clustered: true,
    indexes: &[Index { name: "ask_person_now", columns: &["now"], unique: false, only: "" }],
};
static TABLES: &[&Table] = &[&ASK, &JOINED];

static PUT: Sql = Sql::both(
    "INSERT INTO ask (id, person, described, child, kind, urgency, state, owner, sender, author, asker, happened, submitted, due, named)
     VALUES ($1, $2, $3, $4, $5, $6, 'submitted', $7, $8, $9, $10, $11, $12, $13, $14)",
);
static STATE: Sql = Sql::both("UPDATE ask SET state = $2 WHERE id = $1");
static RECEIVED: Sql = Sql::both("UPDATE ask SET state = 'received', received = $2, worker = $3 WHERE id = $1");
static TRIAGING: Sql = Sql::both(
    "UPDATE ask SET state = 'triaging', worker = $2, decision = NULL, goes_to = NULL, level = NULL, redirected = NULL,
     alternative = NULL, answerable = NULL, answered = NULL, answer = NULL WHERE id = $1",
);
static DECIDED: Sql = Sql::both(
    "UPDATE ask SET state = 'decided', decision = $2, goes_to = $3, level = $4, redirected = $5, alternative = $6,
     answerable = $7, urgency = $8, due = $9 WHERE id = $1",
);
static SUBMITTED: Sql = Sql::both("SELECT submitted FROM ask WHERE id = $1");
static OFFERED: Sql = Sql::both("UPDATE ask SET offered = $2, offered_at = $3 WHERE id = $1");
static ACCEPTED: Sql =
    Sql::both("UPDATE ask SET owner = $2, worker = $3, offered = NULL, offered_at = NULL WHERE id = $1");
static KEPT: Sql = Sql::both("UPDATE ask SET offered = NULL, offered_at = NULL WHERE id = $1");
/// The service that was chosen did not take it: there is no decision any more.
static UNDECIDED: Sql = Sql::both(
    "UPDATE ask SET state = CASE WHEN state = 'decided' THEN 'triaging' ELSE state END, decision = NULL, goes_to = NULL,
     level = NULL, redirected = NULL, alternative = NULL, answerable = NULL, answered = NULL, answer = NULL
     WHERE id = $1 AND state IN ('decided', 'cannot-contact') AND goes_to = $2",
);
static SCHEDULED: Sql = Sql::both("UPDATE ask SET state = 'scheduled', scheduled = $2 WHERE id = $1");
static ENDED: Sql = Sql::both("UPDATE ask SET state = 'outcome-recorded', ending = $2 WHERE id = $1");
static ANSWERED: Sql = Sql::both("UPDATE ask SET answered = $2, answer = $3 WHERE id = $1");
static CLOSED: Sql =
    Sql::both("UPDATE ask SET state = 'closed', closed = $2, child = $3, redirected = $4 WHERE id = $1");
static NEIGHBOUR: Sql = Sql::both("UPDATE ask SET neighbour = $2, neighbour_by = $3 WHERE id = $1");
static FOUND: Sql = Sql::both("UPDATE ask SET person = $2, child = $3, described = NULL, named = $4 WHERE id = $1");
static MOVE: Sql = Sql::both("UPDATE ask SET person = $1 WHERE person = $2");
static GIVE_BACK: Sql = Sql::both("UPDATE ask SET person = $1 WHERE person = $2 AND named = $3");
static UNJOIN: Sql = Sql::both("DELETE FROM ask_person WHERE was = $1");
static JOIN: Sql =
    Sql::both("INSERT INTO ask_person (was, now) VALUES ($1, $2) ON CONFLICT (was) DO UPDATE SET now = excluded.now");
static REJOIN: Sql = Sql::both("UPDATE ask_person SET now = $1 WHERE now = $2");
static ROOT: Sql = Sql::both("SELECT now FROM ask_person WHERE was = $1");

/// Every statement that keeps the table, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[
    &PUT, &STATE, &RECEIVED, &TRIAGING, &DECIDED, &SUBMITTED, &OFFERED, &ACCEPTED, &KEPT, &UNDECIDED, &SCHEDULED,
    &ENDED, &ANSWERED, &CLOSED, &NEIGHBOUR, &FOUND, &MOVE, &GIVE_BACK, &UNJOIN, &JOIN, &REJOIN, &ROOT,
];

/// Keeps the table of asks.
#[derive(Debug)]
pub struct Asks;

/// What the index of people says in the log, as far as it is needed here. The words are the record's; a test that knows both
/// holds them together.
#[derive(Debug, Deserialize)]
enum Said {
    Joined { into: Uuid },
    Parted { from: Uuid, with: Vec<Uuid> },
}

/// The word under which people stand in the log.
const PERSON: &str = "person";

/// The due moment of what can wait its turn: after every other.
pub(crate) const WHENEVER: i64 = 253_370_764_800_000_000;

pub(crate) fn due(urgency: Urgency, submitted: Timestamp) -> i64 {
    urgency.by(submitted).map_or(WHENEVER, Timestamp::as_microsecond)
}

fn child(age: &Age) -> i64 {
    i64::from(age.child() != Child::No)
}

fn whither(to: &Destination) -> String {
    format!("{} ({})", to.name, to.contact)
}

impl View for Asks {
    fn name(&self) -> &'static str {
        "asks"
    }

    fn version(&self) -> u32 {
        3
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind == PERSON {
            return if matches!(entry.event.as_str(), "Joined" | "Parted") { moved(tx, entry) } else { Ok(()) };
        }
        if entry.kind != Ask::KIND {
            return Ok(());
        }
        let (id, at) = (entry.stream, entry.at.as_microsecond());
        let state = |tx: &mut dyn Tx, word: &'static str| tx.execute(&STATE, &[id.into(), word.into()]).map(|_| ());
        match aggregate::read::<Ask>(entry)? {
            Event::Drafted { .. } | Event::DraftDiscarded { .. } | Event::WordsAdded { .. } => Ok(()),
            Event::AskSubmitted { by, request, owner, at } => put(tx, id, &by.id, &request, owner.word(), at),
            Event::AskReceived { by } => run(tx, &RECEIVED, &[id.into(), at.into(), (&by.id).into()]),
            Event::TriageStarted { by } => run(tx, &TRIAGING, &[id.into(), (&by.id).into()]),
            Event::MoreInfoAsked { .. } => state(tx, "more-info-asked"),
            Event::MoreInfoGiven { .. } => state(tx, "triaging"),
            Event::TriageDecided { triage, .. } => decided(tx, id, &triage),
            Event::HopOffered { to, .. } => run(tx, &OFFERED, &[id.into(), to.word().into(), at.into()]),
            Event::HopAccepted { by, to, .. } => run(tx, &ACCEPTED, &[id.into(), to.word().into(), (&by.id).into()]),
            Event::HopReturned { to, .. } | Event::HopTakenBack { to, .. } => {
                run(tx, &KEPT, &[id.into()])?;
                run(tx, &UNDECIDED, &[id.into(), to.word().into()])
            }
            Event::AskScheduled { when, .. } => run(tx, &SCHEDULED, &[id.into(), when.as_microsecond().into()]),
            Event::ContactStarted { .. } | Event::ContactEnded { goes_on: false, .. } => state(tx, "attended"),
            Event::ContactEnded { goes_on: true, .. } => state(tx, "in-treatment"),
            Event::OutcomeRecorded { ending, .. } => run(tx, &ENDED, &[id.into(), ending.word().into()]),
            Event::AnswerSent { .. } => run(tx, &ANSWERED, &[id.into(), at.into(), "sent".into()]),
            Event::AnswerNotSent { .. } => run(tx, &ANSWERED, &[id.into(), at.into(), "not-sent".into()]),
            Event::AskClosed { age, redirected, .. } => {
                let to = redirected.as_ref().map(whither);
                run(tx, &CLOSED, &[id.into(), at.into(), child(&age).into(), to.as_ref().into()])
            }
            Event::AskWithdrawn { .. } => state(tx, "withdrawn"),
            Event::ContactFailed { .. } => state(tx, "cannot-contact"),
            Event::DeathNoted { .. } => state(tx, "died"),
            Event::ReciprocalAsked { reciprocal, .. } => {
                let asked = format!("{}, {}", reciprocal.named, reciprocal.neighbour.word());
                let by = reciprocal.late_from().as_microsecond();
                run(tx, &NEIGHBOUR, &[id.into(), (&asked).into(), by.into()])
            }
            Event::ReciprocalAnswered { .. } => {
                run(tx, &NEIGHBOUR, &[id.into(), None::<&str>.into(), None::<i64>.into()])
            }
            Event::PersonFound { person, age, .. } => {
                let (named, person) = (person, root(tx, person)?);
                run(tx, &FOUND, &[id.into(), person.into(), child(&age).into(), named.into()])
            }
        }
    }
}

fn run(tx: &mut dyn Tx, sql: &Sql, params: &[Param<'_>]) -> Result<()> {
    tx.execute(sql, params).map(|_| ())
}

fn put(tx: &mut dyn Tx, id: Uuid, author: &str, request: &Request, owner: &str, at: Timestamp) -> Result<()> {
    let person = root(tx, request.whom.person)?;
    let asker = format!("{}, {}", request.asked_by.name, request.asked_by.relation);
    let params = [
        id.into(),
        person.into(),
        request.whom.described.as_ref().map(Words::as_str).into(),
        child(&request.whom.age).into(),
        request.kind.word().into(),
        request.urgency.word().into(),
        owner.into(),
        request.asked_by.team.as_ref().map_or("", |team| team.word()).into(),
        author.into(),
        (&asker).into(),
        request.happened.as_str().into(),
        at.as_microsecond().into(),
        due(request.urgency, at).into(),
        request.whom.person.into(),
    ];
    run(tx, &PUT, &params)
}

fn decided(tx: &mut dyn Tx, id: Uuid, triage: &Triage) -> Result<()> {
    let submitted = tx.first(&SUBMITTED, &[id.into()], |row| row.time(0))?.unwrap_or_default();
    let (mut redirected, mut alternative, mut answerable) = (None, None, None);
    match &triage.decision {
        Decision::Redirected { to, .. } => redirected = Some(whither(to)),
        Decision::Declined { alternative: other, owner, .. } => {
            alternative = Some(format!("{} ({})", other.what, other.how));
            answerable = Some(format!("{}, {}", owner.name, owner.team.word()));
        }
        Decision::Accepted { .. } | Decision::AdviceOnly { .. } => {}
    }
    let params = [
        id.into(),
        triage.decision.word().into(),
        triage.decision.goes_to().map(Team::word).into(),
        triage.decision.level().map(Level::word).into(),
        redirected.as_ref().into(),
        alternative.as_ref().into(),
        answerable.as_ref().into(),
        triage.urgency.word().into(),
        due(triage.urgency, submitted).into(),
    ];
    run(tx, &DECIDED, &params)
}

fn moved(tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
    let said = serde_json::from_str(&entry.body)
        .map_err(|error| store::Error::Event { kind: entry.kind.clone(), why: error.to_string() })?;
    match said {
        Said::Joined { into } => {
            let (was, now) = (entry.stream, root(tx, into)?);
            run(tx, &REJOIN, &[now.into(), was.into()])?;
            run(tx, &JOIN, &[was.into(), now.into()])?;
            run(tx, &MOVE, &[now.into(), was.into()])
        }
        Said::Parted { from, with } => {
            for named in with {
                run(tx, &GIVE_BACK, &[entry.stream.into(), from.into(), named.into()])?;
                if named == entry.stream {
                    run(tx, &UNJOIN, &[named.into()])?;
                } else {
                    run(tx, &JOIN, &[named.into(), entry.stream.into()])?;
                }
            }
            Ok(())
        }
    }
}

/// Under which id somebody goes on who was perhaps found to be somebody else.
///
/// # Errors
/// What the database says.
pub fn root(tx: &mut dyn Tx, person: Uuid) -> Result<Uuid> {
    Ok(tx.first(&ROOT, &[person.into()], |row| row.uuid(0))?.unwrap_or(person))
}
