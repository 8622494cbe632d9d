//! What can be asked of a call, what can have happened to it, and why it says no. Words of events are never changed once written.

use access::Subject;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::outcome::{End, Outcome};
use crate::advice::line::{BadLine, Line};
use crate::team::Team;
use crate::telephony::{LONGEST_ID, Signal, What};

/// The seconds that one ring may be set to. Stockport's line gave each consultant 15 to 20 (Consultant Connect, 2016).
pub const RING_SECONDS: std::ops::RangeInclusive<u32> = 15..=20;
/// How often a line may go round its rota before it gives up.
pub const ROUNDS: std::ops::RangeInclusive<u32> = 1..=10;
/// How long the other end has, from when the first end keyed an outcome.
pub const OTHER_END: SignedDuration = SignedDuration::from_hours(24);
/// The most characters of what a call is about.
pub const LONGEST_QUESTION: usize = 300;
/// The most signals that are taken for one call; a hundred would be a long one.
pub(super) const MOST_SIGNALS: usize = 2_000;

/// Somebody who is rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The id of their sign-in.
    pub reader: String,
    /// Their name.
    pub name: String,
}

/// What a call begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Who asks.
    pub by: Subject,
    /// For which team: what is promised on their side is this team's.
    pub team: Team,
    /// The specialty's short name.
    pub specialty: String,
    /// Whom it is about, by the root at the time; a general question is about nobody.
    pub person: Option<Uuid>,
    /// Whether the person is in the room.
    pub present: bool,
    /// What it is about, in a line; may be empty: they will speak.
    pub question: String,
    /// The ask that it belongs to, door to door; a new id where it is the first of it.
    pub journey: Uuid,
    /// Who is on, in the order in which they are rung.
    pub on: Vec<Who>,
    /// For how many seconds each is rung.
    pub ring_seconds: u32,
    /// How often the line goes round before it gives up.
    pub rounds: u32,
}

/// Why a ring was over without an answer. Never told of anybody by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passed {
    /// Its seconds had gone by.
    Time,
    /// They were speaking to somebody else.
    Busy,
    /// The exchange said that nobody picked up.
    NotAnswered,
    /// They could not be rung.
    Failed,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody pressed "ask now".
    CallStarted {
        /// With what.
        start: Start,
        /// When.
        at: Timestamp,
    },
    /// Somebody is rung.
    CallRinging {
        /// Which ring of the call: 1, 2, 3.
        ring: u32,
        /// Whom.
        who: Who,
        /// Since when.
        at: Timestamp,
    },
    /// The exchange told something; kept so that it is known when it is told again.
    CallHeard {
        /// Its id of it.
        id: String,
        /// Of which ring.
        ring: u32,
        /// What.
        what: What,
        /// When, by its clock.
        at: Timestamp,
    },
    /// A ring was over without an answer.
    CallLooped {
        /// Which.
        ring: u32,
        /// Why.
        why: Passed,
    },
    /// Somebody answered.
    CallAnswered {
        /// Which ring.
        ring: u32,
        /// Who.
        who: Who,
        /// When.
        at: Timestamp,
    },
    /// The conversation was over.
    CallEnded {
        /// When.
        at: Timestamp,
    },
    /// Nobody answered in all rounds; written advice is offered.
    CallUnanswered {
        /// When.
        at: Timestamp,
    },
    /// The caller gave up before anybody answered.
    CallGivenUp {
        /// When.
        at: Timestamp,
    },
    /// What came of it, as the asker says.
    CallOutcomeGp {
        /// Who keyed it.
        by: Subject,
        /// What.
        outcome: Outcome,
        /// What they promised.
        lines: Vec<Line>,
        /// When.
        at: Timestamp,
    },
    /// What came of it, as the consultant says.
    CallOutcomeConsultant {
        /// Who keyed it.
        by: Subject,
        /// What.
        outcome: Outcome,
        /// What they promised.
        lines: Vec<Line>,
        /// When.
        at: Timestamp,
    },
    /// One end keyed nothing within a day of the other.
    CallOutcomeMissing {
        /// Which.
        end: End,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Begin.
    Start(Box<Start>),
    /// The exchange says something.
    Heard(Signal),
    /// Time has gone by: ring the next, give up, or write down that an end is missing.
    Pass,
    /// The caller stops.
    GiveUp {
        /// Who.
        by: Subject,
    },
    /// Somebody keys what came of it.
    Key {
        /// Who.
        by: Subject,
        /// What.
        outcome: Outcome,
        /// What they promise.
        lines: Vec<Line>,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a clinician, or not signed in well enough.
    #[error(
        "a clinician rings a consultant: a GP, a district nurse, a therapist or a consultant, signed in with two factors"
    )]
    NotClinical,
    /// Not signed in well enough.
    #[error("sign in with two factors before you key what came of a call")]
    NotAssured,
    /// It began before: a double press.
    #[error("this call has begun already")]
    StartedAlready,
    /// There is none.
    #[error("there is no such call")]
    NotStarted,
    /// Nobody to ring.
    #[error("nobody is on this line now; send the question in writing")]
    NobodyOn,
    /// Settings that are none.
    #[error("a line rings each for 15 to 20 seconds and goes round one to ten times; see the specialty's settings")]
    BadSettings,
    /// Present without a person.
    #[error("say whom it is about before you say that they are with you")]
    NobodyPresent,
    /// Too many words.
    #[error("say what it is about in at most {LONGEST_QUESTION} characters")]
    TooLong,
    /// A signal of a ring that was never asked for.
    #[error("the exchange speaks of ring {0}, which was never asked for; see that it speaks of the right call")]
    NoSuchRing(u32),
    /// Two different signals under one id.
    #[error("the exchange told two different things under one id; each thing that happens needs an id of its own")]
    AnotherUnderOneId,
    /// A signal without a usable id, or too many of them.
    #[error("a signal needs an id of 1 to {LONGEST_ID} characters, and a call has at most {MOST_SIGNALS} of them")]
    BadSignal,
    /// Over.
    #[error("this call is over")]
    Over,
    /// Nobody has answered.
    #[error("nobody has answered yet, so nothing can have come of it")]
    NotAnswered,
    /// Neither end.
    #[error("only the two ends of the call key what came of it")]
    NotTheirs,
    /// Something else stands there.
    #[error("this end has keyed what came of the call already")]
    KeyedAlready,
    /// A line is wrong.
    #[error("{0}")]
    Line(#[from] BadLine),
    /// The consultant could not be let see the record.
    #[error("whoever is rung cannot be let see the record: {0}")]
    NotOpened(access::tie::Refusal),
}
