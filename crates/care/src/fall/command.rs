//! What can be asked of a fall, and why it says no.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::event::{Care, Finding, Known, Route, Screen};
use super::reason::Reason;
use crate::words::Words;

/// What can be asked of a fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Somebody has fallen.
    Report {
        /// The ask it belongs to.
        ask: Option<Uuid>,
        /// Who.
        person: Uuid,
        /// Where.
        place: Words,
        /// Since when they lie there.
        on_floor_since: Option<Timestamp>,
        /// Whether they still do.
        on_floor: bool,
        /// Whether they are alone.
        alone: Known,
    },
    /// What was asked.
    Screen(Screen),
    /// Who goes.
    Route {
        /// Who.
        route: Route,
        /// Why.
        because: Words,
        /// Where somebody goes although a red flag calls for 999: which clinician has seen or spoken to them, and why.
        despite: Option<Words>,
    },
    /// They are off the floor.
    HelpUp {
        /// When.
        at: Timestamp,
        /// How much was done.
        care: Care,
    },
    /// A full assessment is needed.
    AskAssessment(Vec<Reason>),
    /// It was made.
    Assess {
        /// When.
        at: Timestamp,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// The home will be looked at.
    BookHazardVisit(Date),
    /// A place in a class.
    BookStrength {
        /// From when.
        on: Date,
        /// Where.
        place: Words,
    },
    /// Thirty days on, how they are.
    LookIn {
        /// When somebody asked.
        at: Timestamp,
        /// Whether they have fallen again.
        again: Known,
        /// How they are, and what is done about it.
        words: Words,
    },
    /// A year later.
    FollowUp {
        /// When.
        at: Timestamp,
        /// How it is.
        words: Words,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody has reported it.
    #[error("nobody has reported this fall yet")]
    NotReported,
    /// Reported already.
    #[error("this fall was reported already")]
    AlreadyReported,
    /// A time that cannot be.
    #[error("that time does not fit: it is to come, or before they lay on the floor")]
    Time,
    /// Nobody asked before sending somebody.
    #[error("ask first: consciousness, head, blood thinners, injury, whether they can get up")]
    NotScreened,
    /// A red flag.
    #[error("{0}: this is for 999; where somebody else goes instead, say which clinician has decided so and why")]
    RedFlag(String),
    /// An ambulance goes.
    #[error(
        "an ambulance goes: somebody of the team goes only where a clinician has decided so, by name and with a reason"
    )]
    AmbulanceGoes,
    /// Advice was enough.
    #[error("it was decided that advice is enough; decide again who goes before you send somebody")]
    NobodyGoes,
    /// Not on the floor.
    #[error("they are not on the floor any more")]
    NotOnFloor,
    /// They lie there still.
    #[error("they are still on the floor, as far as anybody has said: write down first when they were helped up")]
    OnTheFloor,
    /// No reason.
    #[error("say why a full assessment is needed; each reason is one that anybody can check")]
    NoReason,
    /// Nothing was looked at.
    #[error("write down what was looked at")]
    NothingFound,
    /// A topic twice.
    #[error("one finding for each topic; the same one stands there twice")]
    TopicTwice,
    /// The leave is for something else.
    #[error(transparent)]
    Ask(Box<crate::ask::Refusal>),
}

impl Refusal {
    /// The team that it names, for whoever says it with that team's own name.
    #[must_use]
    pub const fn team(&self) -> Option<&crate::team::Team> {
        match self {
            Self::Ask(refusal) => refusal.team(),
            _ => None,
        }
    }
}
