//! What happens in a crisis response, in the past tense. These words stand in the log for ever: a new meaning is a new variant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::episode::Without;
use crate::team::Team;
use crate::words::Words;

/// Why a response does not count, in the words that its clock hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Void {
    /// It was not for this service.
    Inappropriate,
    /// They no longer wanted it.
    WithdrawnBeforeContact,
    /// They were in hospital before anybody came.
    AdmittedBeforeContact,
    /// They died before anybody came.
    Died,
}

impl Void {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inappropriate => "inappropriate",
            Self::WithdrawnBeforeContact => "withdrawn-before-contact",
            Self::AdmittedBeforeContact => "admitted-before-contact",
            Self::Died => "died",
        }
    }
}

/// What was measured at the visit. Each is a plain observation of that day; nothing is added up from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Acute illness, 0 to 20.
    News2,
    /// Confusion, 0 to 12.
    FourAt,
    /// Frailty by the clinical scale, 1 to 9.
    ClinicalFrailty,
    /// The drop of the upper blood pressure on standing, in mmHg.
    StandingDrop,
}

impl Measure {
    pub(super) const fn range(self) -> (u16, u16) {
        match self {
            Self::News2 => (0, 20),
            Self::FourAt => (0, 12),
            Self::ClinicalFrailty => (1, 9),
            Self::StandingDrop => (0, 200),
        }
    }
}

/// Where somebody goes from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Onward {
    /// Down: to the neighbourhood, or to a stay in intermediate care.
    Down,
    /// Up: to the ambulatory unit, the emergency department, a ward, a virtual ward.
    Up,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The team took it.
    ResponseAccepted {
        /// The ask it answers.
        ask: Uuid,
        /// Whose.
        person: Uuid,
        /// Which of the conditions, by its short name; empty where nobody has said yet.
        condition: String,
        /// When the referral had enough in it to act on: the clock's start.
        received: Timestamp,
    },
    /// Somebody has said which of the conditions it is.
    ConditionNamed {
        /// Its short name.
        condition: String,
    },
    /// Somebody is to go.
    ResponderAssigned {
        /// Who.
        responder: Words,
        /// What they take along: a raiser, a commode.
        equipment: Option<Words>,
        /// When.
        at: Timestamp,
    },
    /// They are on their way.
    SetOff {
        /// When.
        at: Timestamp,
        /// When it was told.
        told: Timestamp,
    },
    /// They are there, and care has begun.
    Arrived {
        /// When.
        at: Timestamp,
        /// When it was told: a phone without signal tells it later.
        told: Timestamp,
    },
    /// Something was measured.
    Measured {
        /// What.
        measure: Measure,
        /// How much.
        value: u16,
        /// When.
        at: Timestamp,
    },
    /// The plan to make things safe has begun.
    StabilisingBegan {
        /// When.
        at: Timestamp,
        /// The plan.
        plan: Words,
    },
    /// The person goes on.
    Stepped {
        /// Down or up.
        onward: Onward,
        /// Where to.
        to: Words,
        /// When.
        at: Timestamp,
    },
    /// Somebody by name has them now.
    HandedOver {
        /// The team.
        team: Team,
        /// Who in it.
        name: Words,
        /// When.
        at: Timestamp,
        /// What would have happened without it, in the eyes of whoever gave the care.
        without: Without,
    },
    /// It ended before anybody came, or by a death.
    ResponseVoided {
        /// Why, in one word.
        why: Void,
        /// Why.
        because: Words,
        /// When.
        at: Timestamp,
    },
}
