//! What happens after a fall, in the past tense, and the words it is said in. These stand in the log for ever: a new meaning is a
//! new variant.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reason::Reason;
use crate::clock::Moment;
use crate::words::Words;

/// Yes, no, or nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nobody knows.
    Unknown,
}

/// What is hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Injury {
    /// Nothing.
    None,
    /// Something small.
    Minor,
    /// Something serious, or it looks so.
    Serious,
    /// Nobody knows.
    Unknown,
}

/// What is asked before anybody is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Whether they lost consciousness.
    pub lost_consciousness: Known,
    /// Whether they hit their head.
    pub head: Known,
    /// Whether they take something that thins the blood.
    pub blood_thinner: Known,
    /// What is hurt.
    pub injury: Injury,
    /// Whether they can get up.
    pub can_get_up: Known,
}

impl Screen {
    /// What calls for 999 before anything else, in words; empty where nothing does. General words, to be reviewed by clinicians
    /// of the place before use.
    #[must_use]
    pub fn red_flags(&self) -> Vec<&'static str> {
        let mut flags = Vec::new();
        if self.lost_consciousness == Known::Yes {
            flags.push("they lost consciousness");
        }
        if self.injury == Injury::Serious {
            flags.push("a serious injury is apparent");
        }
        if self.head == Known::Yes && self.blood_thinner != Known::No {
            flags.push("they hit their head and take, or may take, something that thins the blood");
        }
        flags
    }
}

/// Who goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// An ambulance, by 999.
    Ambulance,
    /// The crisis team or the falls service.
    Visit,
    /// Advice is enough.
    Advice,
}

/// How much whoever goes does (general knowledge, unverified).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Care {
    /// Level 1: no or minor injury; helped up.
    HelpedUp,
    /// Level 2: assessed as well.
    Assessed,
    /// Others helped them up, or took them to hospital, before anybody of the team came.
    ByOthers,
}

/// What a full assessment looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Medicines that make drowsy or lower the blood pressure.
    Medicines,
    /// Blood pressure lying and standing.
    StandingBloodPressure,
    /// Walking and balance.
    GaitAndBalance,
    /// Seeing.
    Vision,
    /// Feet and shoes.
    Feet,
    /// Hazards at home, by an occupational therapist.
    HomeHazards,
    /// Fear of falling.
    FearOfFalling,
    /// Bones.
    BoneHealth,
    /// Memory and thinking.
    Memory,
    /// Bladder and bowel.
    Continence,
}

/// What was found about one topic, and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// About what.
    pub topic: Topic,
    /// What was found.
    pub found: Words,
    /// What is done; `None` where nothing needs to be.
    pub action: Option<Words>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody says that somebody has fallen.
    FallReported {
        /// The ask it belongs to.
        ask: Option<Uuid>,
        /// Who.
        person: Uuid,
        /// Where they fell.
        place: Words,
        /// Since when they lie there, where anybody knows.
        on_floor_since: Option<Timestamp>,
        /// Whether they still do.
        on_floor: bool,
        /// Whether they are alone.
        alone: Known,
    },
    /// What was asked before anybody was sent.
    FallScreened {
        /// The answers.
        screen: Screen,
    },
    /// Who goes.
    FallRouted {
        /// Who.
        route: Route,
        /// Why.
        because: Words,
        /// Where somebody goes although a red flag calls for 999: which clinician has seen or spoken to them, and why.
        despite: Option<Words>,
    },
    /// They are off the floor.
    HelpedUp {
        /// When.
        at: Timestamp,
        /// How much was done.
        care: Care,
        /// Whole minutes on the floor, where it is known since when.
        minutes_on_floor: Option<i64>,
    },
    /// A full assessment is needed, and why.
    AssessmentAsked {
        /// Why; never empty.
        reasons: Vec<Reason>,
    },
    /// A full assessment was made.
    FallAssessed {
        /// When.
        at: Timestamp,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// An occupational therapist will look at the home.
    HazardVisitBooked {
        /// When.
        on: Date,
    },
    /// A place in a class for strength and balance.
    StrengthPlaceBooked {
        /// From when.
        on: Date,
        /// Where.
        place: Words,
    },
    /// Thirty days on, somebody asked how they are.
    LookedInOn {
        /// When.
        at: Timestamp,
        /// Whether they have fallen again.
        again: Known,
        /// How they are, and what is done about it.
        words: Words,
    },
    /// A year later.
    FollowedUp {
        /// When.
        at: Timestamp,
        /// How it is.
        words: Words,
    },
}

impl Event {
    /// What the clock of the follow-up hears of it; `told` is the time of its entry in the log.
    #[must_use]
    pub fn heard(&self, told: Timestamp) -> Option<Moment> {
        match self {
            Self::FallReported { .. } => Some(Moment::new(told, "fall-reported")),
            Self::LookedInOn { at, .. } => Some(Moment::new(*at, "fall-looked-in-on").told(told)),
            _ => None,
        }
    }
}
