//! What happened in a response, in words: one sentence for each thing, without who said it. Must not say how long anything took;
//! that is the clocks'.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::event::{Event, Measure, Onward, Void};
use crate::team::Team;

impl Void {
    /// Every reason.
    pub const ALL: [Self; 4] =
        [Self::WithdrawnBeforeContact, Self::AdmittedBeforeContact, Self::Inappropriate, Self::Died];

    /// The reason of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Inappropriate => "it is not for the crisis team",
            Self::WithdrawnBeforeContact => "they no longer want it",
            Self::AdmittedBeforeContact => "they are in hospital already",
            Self::Died => "they have died",
        }
    }
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 4] = [Self::News2, Self::FourAt, Self::ClinicalFrailty, Self::StandingDrop];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::News2 => "news2",
            Self::FourAt => "four-at",
            Self::ClinicalFrailty => "clinical-frailty",
            Self::StandingDrop => "standing-drop",
        }
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::News2 => "NEWS2",
            Self::FourAt => "4AT",
            Self::ClinicalFrailty => "clinical frailty scale",
            Self::StandingDrop => "drop of the upper blood pressure on standing, mmHg",
        }
    }

    /// What can be said of it: the least and the most.
    #[must_use]
    pub const fn between(self) -> (u16, u16) {
        self.range()
    }
}

/// `10:41 on 24 November 2026`, in London.
fn when(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%H:%M on %-d %B %Y").to_string()
}

impl Event {
    /// What happened, in a sentence, with teams by the names that `named` knows.
    #[must_use]
    pub fn told_with(&self, named: &dyn Fn(&Team) -> String) -> String {
        match self {
            Self::ResponseAccepted { received, .. } => {
                format!("The crisis team took it. The clock runs from {}", when(*received))
            }
            Self::ConditionNamed { condition } => format!("The condition was named: {}", condition.replace('-', " ")),
            Self::ResponderAssigned { responder, equipment: Some(equipment), .. } => {
                format!("{responder} is to go, and takes along: {equipment}")
            }
            Self::ResponderAssigned { responder, equipment: None, .. } => format!("{responder} is to go"),
            Self::SetOff { at, .. } => format!("Set off at {}", when(*at)),
            Self::Arrived { at, .. } => format!("Arrived at {}", when(*at)),
            Self::Measured { measure, value, at } => format!("{}: {value}, at {}", measure.said(), when(*at)),
            Self::StabilisingBegan { plan, .. } => format!("The plan to make things safe: {plan}"),
            Self::Stepped { onward: Onward::Down, to, at } => format!("They go on to {to}, at {}", when(*at)),
            Self::Stepped { onward: Onward::Up, to, at } => format!("They go up to {to}, at {}", when(*at)),
            Self::HandedOver { team, name, without, .. } => {
                let team = named(team);
                format!("{name} of {team} has them now. Without this team, in its own eyes: {}", without.said())
            }
            Self::ResponseVoided { why, because, .. } => format!("Nobody goes, because {}: {because}", why.said()),
        }
    }
}
