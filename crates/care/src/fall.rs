//! A fall, from the call to the follow-up a year later: since when somebody lies on the floor, who goes, how long they lay, what was
//! looked at, and why a full assessment is needed. A full assessment follows from a stated reason that anybody can check. Must not
//! put a number on how likely somebody is to fall: NICE (NG249, April 2025) says not to use such tools, and there is none here.

mod reason;

pub use reason::{About, Reason, needs_assessment};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::words::Words;

/// Lying longer than this is a long lie: it harms, and many who lay so long are admitted (NHS England, falls response).
pub const LONG_LIE: SignedDuration = SignedDuration::from_hours(1);

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
    /// A year later.
    FollowedUp {
        /// When.
        at: Timestamp,
        /// How it is.
        words: Words,
    },
}

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
    /// Not on the floor.
    #[error("they are not on the floor any more")]
    NotOnFloor,
    /// No reason.
    #[error("say why a full assessment is needed; each reason is one that anybody can check")]
    NoReason,
    /// Nothing was looked at.
    #[error("write down what was looked at")]
    NothingFound,
    /// A topic twice.
    #[error("one finding for each topic; the same one stands there twice")]
    TopicTwice,
}

/// One fall.
#[derive(Debug, Clone, Default)]
pub struct Fall {
    reported: bool,
    since: Option<Timestamp>,
    on_floor: bool,
    screen: Option<Screen>,
    reasons: Vec<Reason>,
    minutes: Option<i64>,
}

impl Fall {
    /// How long they have lain there; `None` where nobody knows since when, or they no longer do.
    #[must_use]
    pub fn on_floor_for(&self, now: Timestamp) -> Option<SignedDuration> {
        self.since.filter(|_| self.on_floor).map(|since| now.duration_since(since).max(SignedDuration::ZERO))
    }

    /// Whole minutes that they lay there, once they are up.
    #[must_use]
    pub const fn minutes_on_floor(&self) -> Option<i64> {
        self.minutes
    }

    /// Why a full assessment is needed; empty where nobody has asked for one.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

impl Aggregate for Fall {
    const KIND: &'static str = "fall";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.reported == matches!(command, Command::Report { .. }) {
            return Err(if self.reported { Refusal::AlreadyReported } else { Refusal::NotReported });
        }
        Ok(vec![match command {
            Command::Report { ask, person, place, on_floor_since, on_floor, alone } => {
                if on_floor_since.is_some_and(|since| since > now) {
                    return Err(Refusal::Time);
                }
                Event::FallReported { ask, person, place, on_floor_since, on_floor, alone }
            }
            Command::Screen(screen) => Event::FallScreened { screen },
            Command::Route { route, because, despite } => {
                let flags = self.screen.ok_or(Refusal::NotScreened)?.red_flags();
                let calls = route != Route::Ambulance && !flags.is_empty();
                if calls && despite.is_none() {
                    return Err(Refusal::RedFlag(flags.join(", ")));
                }
                // Where no flag is overridden there is nothing to explain.
                Event::FallRouted { route, because, despite: despite.filter(|_| calls) }
            }
            Command::HelpUp { at, care } => {
                if !self.on_floor {
                    return Err(Refusal::NotOnFloor);
                }
                if at > now || self.since.is_some_and(|since| at < since) {
                    return Err(Refusal::Time);
                }
                let minutes_on_floor = self.since.map(|since| at.duration_since(since).as_mins());
                Event::HelpedUp { at, care, minutes_on_floor }
            }
            Command::AskAssessment(mut reasons) => {
                reasons.sort_unstable();
                reasons.dedup();
                if reasons.is_empty() {
                    return Err(Refusal::NoReason);
                }
                Event::AssessmentAsked { reasons }
            }
            Command::Assess { at, findings } => {
                if at > now {
                    return Err(Refusal::Time);
                }
                let topics: std::collections::BTreeSet<Topic> = findings.iter().map(|finding| finding.topic).collect();
                if findings.is_empty() {
                    return Err(Refusal::NothingFound);
                }
                if topics.len() != findings.len() {
                    return Err(Refusal::TopicTwice);
                }
                Event::FallAssessed { at, findings }
            }
            Command::BookHazardVisit(on) => Event::HazardVisitBooked { on },
            Command::BookStrength { on, place } => Event::StrengthPlaceBooked { on, place },
            Command::FollowUp { at, words } => {
                if at > now {
                    return Err(Refusal::Time);
                }
                Event::FollowedUp { at, words }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::FallReported { on_floor_since, on_floor, .. } => {
                self.reported = true;
                self.since = *on_floor_since;
                self.on_floor = *on_floor;
            }
            Event::FallScreened { screen } => self.screen = Some(*screen),
            Event::HelpedUp { minutes_on_floor, .. } => {
                self.on_floor = false;
                self.minutes = *minutes_on_floor;
            }
            Event::AssessmentAsked { reasons } => self.reasons.clone_from(reasons),
            Event::FallRouted { .. }
            | Event::FallAssessed { .. }
            | Event::HazardVisitBooked { .. }
            | Event::StrengthPlaceBooked { .. }
            | Event::FollowedUp { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests;
