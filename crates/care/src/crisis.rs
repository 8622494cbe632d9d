//! A crisis response: somebody comes within two hours, makes things safe within 72, and hands the person to their neighbourhood or
//! to more support. Must not compute its own clocks: it only says what happened and when, and the rules of the place count.

mod board;
mod carry;
mod command;
mod event;
mod told;

pub use board::{Waiting, by_time_left};
pub(crate) use carry::follow;
pub use carry::{Act, TEAM, act, says};
pub use command::{Command, Refusal};
pub use event::{Event, Measure, Onward, Void};

use jiff::{SignedDuration, Timestamp};
use place::Place;
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::clock::Moment;
use crate::team::Team;
use crate::views::crisis as rows;
use crate::words::Words;

/// The clock until the first care.
pub const RESPONSE: &str = "crisis-response";
/// The clock from then until the person is handed on.
pub const STABILISE: &str = "crisis-stabilise";

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
    ask: Uuid,
    person: Uuid,
    condition: String,
    received: Option<Timestamp>,
    responder: Option<Words>,
    equipment: Option<Words>,
    set_off: Option<Timestamp>,
    arrived: Option<Timestamp>,
    measured: Vec<(Measure, u16, Timestamp)>,
    plan: Option<Words>,
    onward: Option<Onward>,
    handed: Option<(Team, Words)>,
    moments: Vec<Moment>,
    last: Option<Event>,
}

impl Response {
    /// How far it has come.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.stage
    }

    /// The ask it answers.
    #[must_use]
    pub const fn ask(&self) -> Uuid {
        self.ask
    }

    /// Whose, when it was taken. Where two were found to be one, the view says who goes on.
    #[must_use]
    pub const fn person(&self) -> Uuid {
        self.person
    }

    /// Which of the conditions, by its short name; `None` where nobody has said yet.
    #[must_use]
    pub fn condition(&self) -> Option<&str> {
        Some(self.condition.as_str()).filter(|condition| !condition.is_empty())
    }

    /// Who goes, or went, and what they take along.
    #[must_use]
    pub fn responder(&self) -> Option<(&Words, Option<&Words>)> {
        self.responder.as_ref().map(|responder| (responder, self.equipment.as_ref()))
    }

    /// When they set off.
    #[must_use]
    pub const fn set_off(&self) -> Option<Timestamp> {
        self.set_off
    }

    /// When they arrived.
    #[must_use]
    pub const fn arrived(&self) -> Option<Timestamp> {
        self.arrived
    }

    /// What was measured, as it was told.
    #[must_use]
    pub fn measured(&self) -> &[(Measure, u16, Timestamp)] {
        &self.measured
    }

    /// The plan to make things safe.
    #[must_use]
    pub const fn plan(&self) -> Option<&Words> {
        self.plan.as_ref()
    }

    /// Who has the person now: the team, and who in it.
    #[must_use]
    pub const fn handed(&self) -> Option<&(Team, Words)> {
        self.handed.as_ref()
    }

    /// The moments that its clocks hear.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// A moment written to the minute, as people write it: where the referral or the arrival fell into that minute, it is no
    /// earlier than that.
    pub(crate) fn within_the_minute(&self, at: Timestamp) -> Timestamp {
        let ends = at.checked_add(SignedDuration::from_mins(1)).unwrap_or(at);
        [self.received, self.arrived].into_iter().flatten().filter(|known| *known < ends).fold(at, Timestamp::max)
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

    /// The last thing that happened is this very thing: a double click, or a message sent twice. When it was told is no part of it.
    fn is_again(&self, command: &Command) -> bool {
        match (command, &self.last) {
            (Command::Name { condition }, Some(Event::ConditionNamed { condition: said })) => condition == said,
            (
                Command::Assign { responder, equipment },
                Some(Event::ResponderAssigned { responder: who, equipment: what, .. }),
            ) => responder == who && equipment == what,
            (Command::SetOff(at), Some(Event::SetOff { at: said, .. }))
            | (Command::Arrive(at), Some(Event::Arrived { at: said, .. })) => at == said,
            (Command::Measure { measure, value, at }, _) => self.measured.contains(&(*measure, *value, *at)),
            (Command::Stabilise { at, plan }, Some(Event::StabilisingBegan { at: when, plan: what })) => {
                at == when && plan == what
            }
            (Command::Step { onward, to, at }, Some(Event::Stepped { onward: way, to: whither, at: when })) => {
                (onward, to, at) == (way, whither, when)
            }
            (
                Command::HandOver { team, name, at, .. },
                Some(Event::HandedOver { team: to, name: who, at: when, .. }),
            ) => (team, name, at) == (to, who, when),
            (Command::Void { why, because, .. }, Some(Event::ResponseVoided { why: word, because: words, .. })) => {
                why == word && because == words
            }
            _ => false,
        }
    }

    fn may(&self, command: &Command, now: Timestamp) -> Result<(), Refusal> {
        match (self.stage, command) {
            (Stage::None, Command::Accept { .. }) => Ok(()),
            (Stage::None, _) => Err(Refusal::NotAccepted),
            (_, Command::Accept { .. }) => Err(Refusal::AlreadyAccepted),
            (Stage::Closed, _) => Err(Refusal::OutOfTurn("this response is closed")),
            (_, Command::Name { .. }) => Ok(()),
            (Stage::Accepted, Command::SetOff(_) | Command::Arrive(_)) => Err(Refusal::NobodyAssigned),
            // Somebody may die while the team is there; nothing else ends what has begun without somebody who has the person.
            (_, Command::Void { why: Void::Died, at, .. }) => self.fits(*at, now),
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
            (_, Command::Assign { .. }) => {
                if self.condition.is_empty() {
                    Err(Refusal::NoConditionYet)
                } else {
                    Ok(())
                }
            }
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
        if self.is_again(&command) {
            return Ok(Vec::new());
        }
        self.may(&command, now)?;
        Ok(vec![match command {
            Command::Accept { ask, person, condition, received } => {
                if received > now {
                    return Err(Refusal::Time);
                }
                Event::ResponseAccepted { ask, person, condition, received }
            }
            Command::Name { condition } => Event::ConditionNamed { condition },
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
            Event::ResponseAccepted { ask, person, condition, received } => {
                self.stage = Stage::Accepted;
                (self.ask, self.person) = (*ask, *person);
                self.condition.clone_from(condition);
                self.received = Some(*received);
                self.hear(*received, *received, "crisis-referral-received");
            }
            Event::ConditionNamed { condition } => self.condition.clone_from(condition),
            Event::ResponderAssigned { responder, equipment, .. } => {
                self.stage = Stage::Assigned;
                (self.responder, self.equipment) = (Some(responder.clone()), equipment.clone());
            }
            Event::SetOff { at, .. } => {
                self.stage = self.stage.max(Stage::EnRoute);
                self.set_off = Some(*at);
            }
            Event::Arrived { at, told } => {
                self.stage = Stage::Arrived;
                self.arrived = Some(*at);
                self.hear(*at, *told, "first-contact");
            }
            Event::Measured { measure, value, at } => self.measured.push((*measure, *value, *at)),
            Event::StabilisingBegan { plan, .. } => {
                self.stage = Stage::Stabilising;
                self.plan = Some(plan.clone());
            }
            Event::Stepped { onward, at, .. } => {
                self.stage = Stage::Stepped;
                self.onward = Some(onward.clone());
                self.hear(*at, *at, if *onward == Onward::Down { "stepped-down" } else { "stepped-up" });
            }
            Event::HandedOver { team, name, .. } => {
                self.stage = Stage::Closed;
                self.handed = Some((team.clone(), name.clone()));
            }
            Event::ResponseVoided { why, at, .. } => {
                self.stage = Stage::Closed;
                self.hear(*at, *at, why.word());
            }
        }
        self.last = Some(event.clone());
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
    if let Command::Accept { condition, .. } | Command::Name { condition } = &command
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
