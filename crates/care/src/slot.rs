//! A slot: one place at one time, for one person. It is free, held for a few minutes while a form is filled in, taken, and then has
//! the times of the visit. A hold ends by itself: that it has is worked out from the time, and no timer has to run. Must not be
//! held by two: the rules say so here, and the key of the table `slot_holder` says it again.

mod book;
mod clinic;
mod hold;
mod visit;

pub use book::{Booked, NotBooked, Published, book, carry_booking, carry_visit, publish, visit, withdraw};
pub use clinic::{Clinic, Clinics, Unfit};
pub use hold::{ALTERNATIVES, Alternative, NotHeld, hold, open};
pub use visit::{Disposition, Step, Times};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::clock::Moment;
use crate::words::Words;

/// How long a hold lasts.
pub const HOLD: SignedDuration = SignedDuration::from_mins(10);

/// For whom a slot is held or taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who holds it, by the id of the sign-in.
    pub by: String,
    /// The ask it answers.
    pub ask: Option<Uuid>,
    /// The person; `None` while nobody has said who they are.
    pub person: Option<Uuid>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A place is there at a time.
    SlotOpened {
        /// The service, by its short name.
        service: String,
        /// Which place: a chair, a room, a clinician.
        place: String,
        /// From.
        starts: Timestamp,
        /// Until.
        ends: Timestamp,
    },
    /// Somebody holds it.
    SlotHeld {
        /// Who, for whom.
        holder: Holder,
        /// Until when, unless it is taken before.
        until: Timestamp,
    },
    /// A hold ran out; written down when the slot is next touched.
    HoldExpired {
        /// When.
        at: Timestamp,
    },
    /// Whoever held it let it go.
    HoldReleased {},
    /// It is taken.
    SlotTaken {
        /// Who, for whom.
        holder: Holder,
    },
    /// It is free again.
    SlotFreed {
        /// Why.
        because: Words,
    },
    /// It is not offered any more.
    SlotWithdrawn {
        /// Why.
        because: Words,
    },
    /// The visit has come so far.
    VisitStepped {
        /// How far.
        step: Step,
        /// When.
        at: Timestamp,
    },
}

/// What can be asked of a slot.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Offer it.
    Open {
        /// The service.
        service: String,
        /// Which place.
        place: String,
        /// From.
        starts: Timestamp,
        /// Until.
        ends: Timestamp,
    },
    /// Hold it.
    Hold(Holder),
    /// Let it go.
    Release {
        /// Who held it.
        by: String,
    },
    /// Take what one holds.
    Take(Holder),
    /// Give it back.
    Free(Words),
    /// Offer it no more.
    Withdraw(Words),
    /// The visit goes on.
    Visit {
        /// How far.
        step: Step,
        /// When.
        at: Timestamp,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else was faster. Nobody is told who.
    #[error("this was just taken")]
    JustTaken,
    /// Its time is over.
    #[error("this has begun or is over; choose one that is still to come")]
    Past,
    /// No such slot, or it is not offered any more.
    #[error("this is not offered any more")]
    NotOffered,
    /// Opened twice.
    #[error("this has been offered already")]
    AlreadyOffered,
    /// It ends before it begins.
    #[error("it must end after it begins")]
    Backwards,
    /// Nothing says where.
    #[error("say which place it is: a chair, a room, a clinician")]
    NoPlace,
    /// Not held by whoever wants to take it.
    #[error("the hold has run out, and nothing is held for you here; hold it again")]
    NotHeld,
    /// Nobody has it.
    #[error("nobody has taken this")]
    NotTaken,
    /// A time that cannot be, or a step that is out of turn.
    #[error("{0}")]
    Visit(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    None,
    Free,
    Held(Holder, Timestamp),
    Taken(Holder),
    Withdrawn,
}

/// One slot.
#[derive(Debug, Clone, Default)]
pub struct Slot {
    stage: Stage,
    service: String,
    starts: Option<Timestamp>,
    times: Times,
}

impl Slot {
    /// The service.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// When it begins.
    #[must_use]
    pub const fn starts(&self) -> Option<Timestamp> {
        self.starts
    }

    /// Who has it at this moment, held or taken; a hold that has run out holds nothing.
    #[must_use]
    pub fn holder(&self, now: Timestamp) -> Option<&Holder> {
        match &self.stage {
            Stage::Held(holder, until) if now < *until => Some(holder),
            Stage::Taken(holder) => Some(holder),
            _ => None,
        }
    }

    /// Whether somebody may hold it at this moment.
    #[must_use]
    pub fn is_free(&self, now: Timestamp) -> bool {
        matches!(self.stage, Stage::Free | Stage::Held(..))
            && self.holder(now).is_none()
            && self.starts.is_some_and(|starts| now < starts)
    }

    /// The times of the visit.
    #[must_use]
    pub const fn times(&self) -> &Times {
        &self.times
    }

    /// The moments that the clocks of the visit hear.
    #[must_use]
    pub fn moments(&self) -> Vec<Moment> {
        self.times.moments()
    }

    fn hold(&self, holder: Holder, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match &self.stage {
            Stage::None | Stage::Withdrawn => return Err(Refusal::NotOffered),
            Stage::Taken(_) => return Err(Refusal::JustTaken),
            // A double click: it is held for them already.
            Stage::Held(mine, until) if now < *until && *mine == holder => return Ok(Vec::new()),
            Stage::Held(_, until) if now < *until => return Err(Refusal::JustTaken),
            Stage::Free | Stage::Held(..) => {}
        }
        let Some(starts) = self.starts.filter(|starts| now < *starts) else { return Err(Refusal::Past) };
        let expired = match &self.stage {
            Stage::Held(_, until) => Some(Event::HoldExpired { at: *until }),
            _ => None,
        };
        // Never longer than until it begins: afterwards nobody could take it.
        let until = now.checked_add(HOLD).map_or(starts, |until| until.min(starts));
        Ok(expired.into_iter().chain([Event::SlotHeld { holder, until }]).collect())
    }

    fn take(&self, holder: Holder, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match &self.stage {
            Stage::Taken(mine) if *mine == holder => Ok(Vec::new()),
            Stage::Taken(_) => Err(Refusal::JustTaken),
            Stage::Held(mine, until) if now < *until && mine.by == holder.by => Ok(vec![Event::SlotTaken { holder }]),
            Stage::Held(_, until) if now < *until => Err(Refusal::JustTaken),
            Stage::Free | Stage::Held(..) => Err(Refusal::NotHeld),
            Stage::None | Stage::Withdrawn => Err(Refusal::NotOffered),
        }
    }
}

impl Aggregate for Slot {
    const KIND: &'static str = "slot";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open { service, place, starts, ends } => match self.stage {
                Stage::None if ends <= starts => Err(Refusal::Backwards),
                Stage::None if place.trim().is_empty() => Err(Refusal::NoPlace),
                Stage::None => Ok(vec![Event::SlotOpened { service, place, starts, ends }]),
                _ => Err(Refusal::AlreadyOffered),
            },
            Command::Hold(holder) => self.hold(holder, now),
            Command::Take(holder) => self.take(holder, now),
            Command::Release { by } => match &self.stage {
                Stage::Held(mine, until) if now < *until && mine.by == by => Ok(vec![Event::HoldReleased {}]),
                // It has run out or was let go already: what was wanted is so.
                Stage::Free | Stage::Held(..) => Ok(Vec::new()),
                _ => Err(Refusal::NotHeld),
            },
            Command::Free(because) => match (&self.stage, self.times.steps().first()) {
                (Stage::Taken(_), None) => Ok(vec![Event::SlotFreed { because }]),
                (Stage::Taken(_), Some(_)) => {
                    Err(Refusal::Visit("they have come already, or their time is over; the place was theirs"))
                }
                _ => Err(Refusal::NotTaken),
            },
            Command::Withdraw(because) => match self.holder(now) {
                _ if matches!(self.stage, Stage::None | Stage::Withdrawn) => Err(Refusal::NotOffered),
                Some(_) => Err(Refusal::JustTaken),
                None => Ok(vec![Event::SlotWithdrawn { because }]),
            },
            Command::Visit { step, at } => match self.stage {
                Stage::Taken(_) => {
                    self.times.may(step, at, now).map_err(Refusal::Visit)?;
                    if step == Step::DidNotAttend && self.starts.is_none_or(|starts| at < starts) {
                        return Err(Refusal::Visit("their time has not come yet"));
                    }
                    Ok(vec![Event::VisitStepped { step, at }])
                }
                _ => Err(Refusal::NotTaken),
            },
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::SlotOpened { service, starts, .. } => {
                self.stage = Stage::Free;
                self.service.clone_from(service);
                self.starts = Some(*starts);
            }
            Event::SlotHeld { holder, until } => self.stage = Stage::Held(holder.clone(), *until),
            Event::HoldExpired { .. } | Event::HoldReleased {} | Event::SlotFreed { .. } => self.stage = Stage::Free,
            Event::SlotTaken { holder } => self.stage = Stage::Taken(holder.clone()),
            Event::SlotWithdrawn { .. } => self.stage = Stage::Withdrawn,
            Event::VisitStepped { step, at } => self.times.take(*step, *at),
        }
    }
}

#[cfg(test)]
mod tests;
