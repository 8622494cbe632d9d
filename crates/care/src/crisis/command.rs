//! What can be asked of a crisis response, and why it says no.

use jiff::Timestamp;
use uuid::Uuid;

use super::event::{Measure, Onward, Void};
use crate::episode::Without;
use crate::team::Team;
use crate::words::Words;

/// What can be asked of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take it.
    Accept {
        /// The ask it answers.
        ask: Uuid,
        /// Whose.
        person: Uuid,
        /// Which condition; empty where nobody has said yet.
        condition: String,
        /// When the referral had enough in it to act on.
        received: Timestamp,
    },
    /// Say which of the conditions it is.
    Name {
        /// Its short name.
        condition: String,
    },
    /// Say who goes; once more before they arrive, where somebody else is nearer.
    Assign {
        /// Who.
        responder: Words,
        /// What they take along.
        equipment: Option<Words>,
    },
    /// They are on their way.
    SetOff(Timestamp),
    /// They are there.
    Arrive(Timestamp),
    /// Something was measured.
    Measure {
        /// What.
        measure: Measure,
        /// How much.
        value: u16,
        /// When.
        at: Timestamp,
    },
    /// Begin to make things safe.
    Stabilise {
        /// When.
        at: Timestamp,
        /// The plan.
        plan: Words,
    },
    /// The person goes on.
    Step {
        /// Down or up.
        onward: Onward,
        /// Where to.
        to: Words,
        /// When.
        at: Timestamp,
    },
    /// Hand them over and close.
    HandOver {
        /// To whom.
        team: Team,
        /// Who in it.
        name: Words,
        /// When.
        at: Timestamp,
        /// What would have happened without it.
        without: Without,
    },
    /// It does not count.
    Void {
        /// Why, in one word.
        why: Void,
        /// Why.
        because: Words,
        /// When.
        at: Timestamp,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a condition of the place.
    #[error("\"{0}\" is none of the conditions for which a crisis team comes; choose one of the list")]
    NoCondition(String),
    /// Nobody has said which.
    #[error("say first which of the conditions it is")]
    NoConditionYet,
    /// Not taken yet.
    #[error("nobody has taken this response yet")]
    NotAccepted,
    /// Taken already.
    #[error("this response was taken already")]
    AlreadyAccepted,
    /// Nobody is assigned.
    #[error("say first who goes")]
    NobodyAssigned,
    /// Out of turn.
    #[error("{0}")]
    OutOfTurn(&'static str),
    /// A time that cannot be.
    #[error("that time does not fit: it is to come, or before the referral")]
    Time,
    /// Not a value of that measure.
    #[error("{value} is not possible here; it is between {from} and {to}")]
    Value {
        /// What was given.
        value: u16,
        /// The least.
        from: u16,
        /// The most.
        to: u16,
    },
    /// Handed to somebody who is no neighbourhood.
    #[error("whoever steps down is handed to a neighbourhood's team; choose one")]
    NotANeighbourhood,
    /// They still lie there.
    #[error("they are still on the floor, as far as anybody has said: write down first when they were helped up")]
    OnTheFloor,
    /// No figure.
    #[error("write down at least one figure")]
    NothingMeasured,
    /// Whoever asked has not been told.
    #[error("whoever asked has not been told: say how they were")]
    NotTold,
    /// The fall that goes with it says no.
    #[error(transparent)]
    Fall(#[from] crate::fall::Refusal),
    /// The ask that it answers says no.
    #[error(transparent)]
    Ask(Box<crate::ask::Refusal>),
}

impl From<crate::ask::Refusal> for Refusal {
    fn from(refusal: crate::ask::Refusal) -> Self {
        Self::Ask(Box::new(refusal))
    }
}

impl Refusal {
    /// The team that it names, for whoever says it with that team's own name.
    #[must_use]
    pub const fn team(&self) -> Option<&crate::team::Team> {
        match self {
            Self::Ask(refusal) => refusal.team(),
            Self::Fall(refusal) => refusal.team(),
            _ => None,
        }
    }
}
