//! What somebody adds to what happened because a clock was told wrong: a moment nobody had written down, or a doubt about one
//! that was. Must not change a clock: no figure can be typed, and what was said first stays said.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use super::Moment;

/// The fewest characters of a reason.
pub const SHORTEST: usize = 10;
/// The most characters of a reason.
pub const LONGEST: usize = 1_000;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody says that something happened which nobody had written down.
    MomentAdded {
        /// What it is about: an ask, an episode, a visit.
        about: Uuid,
        /// The word.
        signal: String,
        /// When it happened.
        at: Timestamp,
        /// How they know.
        reason: String,
    },
    /// Somebody says that something which was written down did not happen, or not then.
    MomentStruck {
        /// What it is about.
        about: Uuid,
        /// The word.
        signal: String,
        /// When it was said to have happened.
        at: Timestamp,
        /// How they know.
        reason: String,
    },
}

/// What somebody wants to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What it is about.
    pub about: Uuid,
    /// The word.
    pub signal: String,
    /// When it happened, or was said to have.
    pub at: Timestamp,
    /// How they know.
    pub reason: String,
    /// True to strike a moment, false to add one.
    pub strike: bool,
}

/// Why it was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No reason, or one that tells nothing.
    #[error(
        "say how you know, in {SHORTEST} to {LONGEST} characters: a clock is corrected by an event with a reason, never by hand"
    )]
    NoReason,
    /// Not a word.
    #[error("\"{0}\" is no word that a clock hears; use small letters and hyphens, such as first-contact")]
    NoWord(String),
    /// It has not happened.
    #[error("that time has not come yet; say what happened, not what will")]
    Ahead,
    /// One amendment is one statement.
    #[error("this has been said already")]
    AlreadySaid,
}

/// One statement; it says one thing and stands.
#[derive(Debug, Clone, Default)]
pub struct Amendment {
    said: bool,
}

impl Aggregate for Amendment {
    const KIND: &'static str = "clock-amendment";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Command { about, signal, at: when, reason, strike } = command;
        let reason = reason.trim().to_owned();
        if self.said {
            return Err(Refusal::AlreadySaid);
        }
        if !(SHORTEST..=LONGEST).contains(&reason.chars().count()) {
            return Err(Refusal::NoReason);
        }
        if signal.parse::<place::Slug>().is_err() {
            return Err(Refusal::NoWord(signal));
        }
        if when > at {
            return Err(Refusal::Ahead);
        }
        Ok(vec![if strike {
            Event::MomentStruck { about, signal, at: when, reason }
        } else {
            Event::MomentAdded { about, signal, at: when, reason }
        }])
    }

    fn apply(&mut self, _event: &Event) {
        self.said = true;
    }
}

/// One amendment without its reason, as a clock needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The word.
    pub signal: String,
    /// When it happened, or was said to have.
    pub at: Timestamp,
    /// When the amendment was made.
    pub told: Timestamp,
    /// True where the moment was struck, false where it was added.
    pub struck: bool,
}

/// The moments as they are after the amendments to one thing, in the order of the log.
#[must_use]
pub fn amended(mut moments: Vec<Moment>, amendments: &[Said]) -> Vec<Moment> {
    for Said { signal, at, told, struck } in amendments {
        if *struck {
            moments.retain(|moment| moment.at != *at || moment.signal != *signal);
        } else {
            moments.push(Moment::new(*at, signal.clone()).told(*told));
        }
    }
    moments
}
