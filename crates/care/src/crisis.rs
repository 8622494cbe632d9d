//! A crisis response: somebody comes within two hours, makes things safe within 72, and hands the person to their neighbourhood or
//! to more support. Must not compute its own clocks: it only says what happened and when, and the rules of the place count.

mod board;

pub use board::{Waiting, by_time_left};

use jiff::Timestamp;
use place::Place;
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::clock::Moment;
use crate::episode::Without;
use crate::team::Team;
use crate::views::crisis as rows;
use crate::words::Words;

/// The clock until the first care.
pub const RESPONSE: &str = "crisis-response";
/// The clock from then until the person is handed on.
pub const STABILISE: &str = "crisis-stabilise";

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
    const fn range(self) -> (u16, u16) {
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
        /// Which of the conditions, by its short name.
        condition: String,
        /// When the referral had enough in it to act on: the clock's start.
        received: Timestamp,
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
    /// It ended before anybody came.
    ResponseVoided {
        /// Why, in one word.
        why: Void,
        /// Why.
        because: Words,
        /// When.
        at: Timestamp,
    },
}

/// What can be asked of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take it.
    Accept {
        /// The ask it answers.
        ask: Uuid,
        /// Whose.
        person: Uuid,
        /// Which condition.
        condition: String,
        /// When the referral had enough in it to act on.
        received: Timestamp,
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
}

/// How far a response has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nowhere.
    #[default]
    None,
    /// Taken; nobody is assigned.
    Accepted,
    /// Somebody is to go.
    Assigned,
    /// They are on their way.
    EnRoute,
    /// They are there.
    Arrived,
    /// Things are being made safe.
    Stabilising,
    /// The person goes on, and nobody has them yet.
    Stepped,
    /// Somebody by name has them, or it did not count.
    Closed,
}

impl Stage {
    /// Every stage of a response that was taken.
    pub const ALL: [Self; 7] =
        [Self::Accepted, Self::Assigned, Self::EnRoute, Self::Arrived, Self::Stabilising, Self::Stepped, Self::Closed];

    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Accepted => "accepted",
            Self::Assigned => "assigned",
            Self::EnRoute => "en-route",
            Self::Arrived => "arrived",
            Self::Stabilising => "stabilising",
            Self::Stepped => "stepped",
            Self::Closed => "closed",
        }
    }

    /// The stage of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

/// One response.
#[derive(Debug, Clone, Default)]
pub struct Response {
    stage: Stage,
    received: Option<Timestamp>,
    arrived: Option<Timestamp>,
    onward: Option<Onward>,
    moments: Vec<Moment>,
}

impl Response {
    /// How far it has come.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.stage
    }

    /// The moments that its clocks hear.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// A time that has come and is not before the referral.
    fn fits(&self, at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        if at > now || self.received.is_some_and(|received| at < received) { Err(Refusal::Time) } else { Ok(()) }
    }

    /// After the first care, and no earlier than it.
    fn there(&self, at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        self.fits(at, now)?;
        match self.arrived {
            None => Err(Refusal::OutOfTurn("nobody has arrived yet")),
            Some(arrived) if at < arrived => Err(Refusal::OutOfTurn("that is before anybody arrived; check the time")),
            Some(_) => Ok(()),
        }
    }

    fn may(&self, command: &Command, now: Timestamp) -> Result<(), Refusal> {
        match (self.stage, command) {
            (Stage::None, Command::Accept { .. }) => Ok(()),
            (Stage::None, _) => Err(Refusal::NotAccepted),
            (_, Command::Accept { .. }) => Err(Refusal::AlreadyAccepted),
            (Stage::Closed, _) => Err(Refusal::OutOfTurn("this response is closed")),
            (Stage::Accepted, Command::SetOff(_) | Command::Arrive(_)) => Err(Refusal::NobodyAssigned),
            (stage, Command::Assign { .. } | Command::Void { .. } | Command::Arrive(_)) if stage >= Stage::Arrived => {
                Err(Refusal::OutOfTurn("somebody has arrived already"))
            }
            (_, Command::SetOff(at)) => match self.arrived {
                // Told late; it is written down and changes nothing.
                Some(arrived) if *at > arrived => Err(Refusal::OutOfTurn("they had arrived before; check the time")),
                _ => self.fits(*at, now),
            },
            (_, Command::Arrive(at) | Command::Void { at, .. }) => self.fits(*at, now),
            (stage, Command::Stabilise { at, .. }) => {
                self.there(*at, now)?;
                if stage == Stage::Arrived { Ok(()) } else { Err(Refusal::OutOfTurn("a plan has begun already")) }
            }
            (stage, Command::Step { at, .. }) => {
                self.there(*at, now)?;
                if stage < Stage::Stepped { Ok(()) } else { Err(Refusal::OutOfTurn("they have gone on already")) }
            }
            (_, Command::Measure { measure, value, at }) => {
                self.there(*at, now)?;
                let (from, to) = measure.range();
                if (from..=to).contains(value) { Ok(()) } else { Err(Refusal::Value { value: *value, from, to }) }
            }
            (stage, Command::HandOver { team, at, .. }) => {
                self.there(*at, now)?;
                if stage != Stage::Stepped {
                    return Err(Refusal::OutOfTurn("say first where they go on to"));
                }
                let down = self.onward == Some(Onward::Down);
                if down && team.parts().0 != "neighbourhood" { Err(Refusal::NotANeighbourhood) } else { Ok(()) }
            }
            (_, Command::Assign { .. }) => Ok(()),
        }
    }

    fn hear(&mut self, at: Timestamp, told: Timestamp, signal: &str) {
        self.moments.push(Moment::new(at, signal).told(told));
    }
}

impl Aggregate for Response {
    const KIND: &'static str = "crisis-response";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.may(&command, now)?;
        Ok(vec![match command {
            Command::Accept { ask, person, condition, received } => {
                if received > now {
                    return Err(Refusal::Time);
                }
                Event::ResponseAccepted { ask, person, condition, received }
            }
            Command::Assign { responder, equipment } => Event::ResponderAssigned { responder, equipment, at: now },
            Command::SetOff(at) => Event::SetOff { at, told: now },
            Command::Arrive(at) => Event::Arrived { at, told: now },
            Command::Measure { measure, value, at } => Event::Measured { measure, value, at },
            Command::Stabilise { at, plan } => Event::StabilisingBegan { at, plan },
            Command::Step { onward, to, at } => Event::Stepped { onward, to, at },
            Command::HandOver { team, name, at, without } => Event::HandedOver { team, name, at, without },
            Command::Void { why, because, at } => Event::ResponseVoided { why, because, at },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::ResponseAccepted { received, .. } => {
                self.stage = Stage::Accepted;
                self.received = Some(*received);
                self.hear(*received, *received, "crisis-referral-received");
            }
            Event::ResponderAssigned { .. } => self.stage = Stage::Assigned,
            Event::SetOff { .. } => self.stage = self.stage.max(Stage::EnRoute),
            Event::Arrived { at, told } => {
                self.stage = Stage::Arrived;
                self.arrived = Some(*at);
                self.hear(*at, *told, "first-contact");
            }
            Event::Measured { .. } => {}
            Event::StabilisingBegan { .. } => self.stage = Stage::Stabilising,
            Event::Stepped { onward, at, .. } => {
                self.stage = Stage::Stepped;
                self.onward = Some(onward.clone());
                self.hear(*at, *at, if *onward == Onward::Down { "stepped-down" } else { "stepped-up" });
            }
            Event::HandedOver { .. } => self.stage = Stage::Closed,
            Event::ResponseVoided { why, at, .. } => {
                self.stage = Stage::Closed;
                self.hear(*at, *at, why.word());
            }
        }
    }
}

/// Does what is asked of a response. It is taken for one of the conditions that the place lists, and once for an ask; the second
/// rule the database keeps as well.
///
/// # Errors
/// [`Refusal`] in words, or the store's trouble.
pub fn accept(
    write: &mut Write<'_>,
    place: &Place,
    id: Uuid,
    command: Command,
    actor: &str,
    at: Timestamp,
) -> Result<Response, Refused<Refusal>> {
    if let Command::Accept { condition, .. } = &command
        && place.conditions().iter().all(|known| known.id != **condition)
    {
        return Err(Refused::Rules(Refusal::NoCondition(condition.clone())));
    }
    if let Command::Accept { ask, .. } = &command
        && rows::open_for(write.tx(), *ask)?.is_some_and(|open| open != id)
    {
        return Err(Refused::Rules(Refusal::AlreadyAccepted));
    }
    write.execute::<Response>(id, command, actor, at)
}

#[cfg(test)]
mod tests;
