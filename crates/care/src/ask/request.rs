//! What is asked: for whom, by whom, how soon, in whose words. Taken down once and never rewritten; what comes later is added
//! beside it. Must not hold what the record holds already: allergies and decisions about resuscitation are shown from there.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::age::Age;
use crate::team::Team;
use crate::words::Words;

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Within two hours.
    TwoHours,
    /// Before the day is over.
    SameDay,
    /// Within two days.
    TwoDays,
    /// It can wait its turn.
    Routine,
}

impl Urgency {
    /// Every urgency, the soonest first.
    pub const ALL: [Self; 4] = [Self::TwoHours, Self::SameDay, Self::TwoDays, Self::Routine];

    /// The word in the log and in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TwoHours => "two-hours",
            Self::SameDay => "same-day",
            Self::TwoDays => "two-days",
            Self::Routine => "routine",
        }
    }

    /// The urgency of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// By when, for something asked at a moment; `None` where it can wait its turn. What whoever asked can expect, for the order
    /// of a list: which standard counts, and whether it was met, the clocks say.
    #[must_use]
    pub fn by(self, asked: Timestamp) -> Option<Timestamp> {
        match self {
            Self::TwoHours => asked.checked_add(SignedDuration::from_hours(2)).ok(),
            Self::SameDay => {
                let here = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
                asked.to_zoned(here).end_of_day().ok().map(|end| end.timestamp())
            }
            Self::TwoDays => asked.checked_add(SignedDuration::from_hours(48)).ok(),
            Self::Routine => None,
        }
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::TwoHours => "within two hours",
            Self::SameDay => "today",
            Self::TwoDays => "within two days",
            Self::Routine => "when there is a place",
        }
    }
}

/// What kind of help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody is getting worse at home and might be in hospital by tomorrow.
    Crisis,
    /// Somebody has fallen.
    Fall,
    /// Short, intensive help near home.
    IntermediateCare,
    /// Same-day assessment beside the hospital.
    AmbulatoryCare,
    /// A clinician's advice.
    Advice,
    /// To be seen by a specialist.
    Referral,
    /// Nursing or therapy at home.
    CareAtHome,
    /// Help of the council: washing, meals, a break for a carer.
    SocialCare,
    /// Help to leave hospital.
    LeavingHospital,
    /// The neighbour borough's help for somebody of theirs, or ours for theirs.
    Reciprocal,
    /// Anything else; the door decides.
    Other,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Crisis,
        Self::Fall,
        Self::IntermediateCare,
        Self::AmbulatoryCare,
        Self::Advice,
        Self::Referral,
        Self::CareAtHome,
        Self::SocialCare,
        Self::LeavingHospital,
        Self::Reciprocal,
        Self::Other,
    ];

    /// The word in the log and in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Crisis => "crisis",
            Self::Fall => "fall",
            Self::IntermediateCare => "intermediate-care",
            Self::AmbulatoryCare => "ambulatory-care",
            Self::Advice => "advice",
            Self::Referral => "referral",
            Self::CareAtHome => "care-at-home",
            Self::SocialCare => "social-care",
            Self::LeavingHospital => "leaving-hospital",
            Self::Reciprocal => "reciprocal",
            Self::Other => "other",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Crisis => "a crisis at home",
            Self::Fall => "a fall",
            Self::IntermediateCare => "intermediate care",
            Self::AmbulatoryCare => "same-day assessment",
            Self::Advice => "advice",
            Self::Referral => "a referral",
            Self::CareAtHome => "nursing or therapy at home",
            Self::SocialCare => "social care",
            Self::LeavingHospital => "help to leave hospital",
            Self::Reciprocal => "help between neighbour boroughs",
            Self::Other => "something else",
        }
    }
}

/// What would happen without help, in the eyes of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// They would go to the emergency department.
    EmergencyDepartment,
    /// Somebody would ring 999.
    Ambulance,
    /// They would be admitted.
    Admission,
    /// They would wait.
    Wait,
    /// Whoever asks cannot say.
    Unsure,
}

impl Otherwise {
    /// Every answer.
    pub const ALL: [Self; 5] = [Self::EmergencyDepartment, Self::Ambulance, Self::Admission, Self::Wait, Self::Unsure];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EmergencyDepartment => "emergency-department",
            Self::Ambulance => "ambulance",
            Self::Admission => "admission",
            Self::Wait => "wait",
            Self::Unsure => "unsure",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::EmergencyDepartment => "they would go to the emergency department",
            Self::Ambulance => "somebody would ring 999",
            Self::Admission => "they would be admitted to hospital",
            Self::Wait => "they would wait",
            Self::Unsure => "not sure",
        }
    }
}

/// Whether the person knows of the ask and agrees.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// They know and agree.
    Agrees {},
    /// They cannot decide this now; it is asked in their best interests.
    BestInterests {
        /// Why they cannot, and who was asked.
        because: Words,
    },
    /// They have not been asked.
    NotAsked {
        /// Why not.
        because: Words,
    },
}

/// Who asks, and where the answer goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Asker {
    /// Their name.
    pub name: Words,
    /// What they are to the person: daughter, GP, paramedic, the person themselves.
    pub relation: Words,
    /// How the answer reaches them: a number, an address.
    pub call_back: Words,
    /// The team here that asks, where it is one: it owns the ask until another has taken it.
    pub team: Option<Team>,
}

/// For whom. Somebody who is not found has an id of their own and is described.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Whom {
    /// The person's root, or a fresh id for somebody nobody has found.
    pub person: Uuid,
    /// Who they are, where they were not found: what they look like, what they are called, where they are.
    pub described: Option<Words>,
    /// How old.
    pub age: Age,
}

/// What whoever goes there has to know before they go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Visit {
    /// Whether they are alone now.
    pub alone: Option<bool>,
    /// How one gets in: a key safe, a neighbour.
    pub door: Option<Words>,
    /// What is dangerous to whoever comes.
    pub hazards: Option<Words>,
    /// Where they are, where that is not their address in the record.
    pub place: Option<Words>,
    /// Since when somebody has been lying on the floor.
    pub on_floor_since: Option<Timestamp>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// For whom.
    pub whom: Whom,
    /// What kind of help.
    pub kind: Kind,
    /// Who asks.
    pub asked_by: Asker,
    /// The team that is asked.
    pub asked_for: Team,
    /// How soon.
    pub urgency: Urgency,
    /// What happened, in one line.
    pub happened: Words,
    /// What worries whoever asks.
    pub worries: Words,
    /// What would happen without help.
    pub otherwise: Otherwise,
    /// Whether the person knows and agrees.
    pub consent: Consent,
    /// For whoever goes there.
    pub visit: Visit,
}

impl Request {
    /// Whether the person was found, or is only described.
    #[must_use]
    pub const fn is_described(&self) -> bool {
        self.whom.described.is_some()
    }
}
