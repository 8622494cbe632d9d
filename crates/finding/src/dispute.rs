//! A deficit of somebody's score that a professional says is not so, with the ground and the reason. It is an event; while it
//! stands the score is made without the deficit and says so. Taken back, it counts again. Must not change the record: the source
//! that said it is told in the usual way.

use access::Subject;
use jiff::Timestamp;
use population::dispute::Ground;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::words;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody says that it is not so.
    DeficitDisputed {
        /// Who.
        by: Subject,
        /// Of whom, by the root at the time.
        person: Uuid,
        /// The rule set: `hfrs`.
        instrument: String,
        /// The deficit, by its id in the rule set.
        part: String,
        /// The ground, in the word of [`Ground::named`].
        ground: String,
        /// In their words.
        reason: String,
    },
    /// They, or a colleague, take it back.
    DisputeWithdrawn {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Say that a deficit is not so.
    Say {
        /// Who.
        by: Subject,
        /// Of whom.
        person: Uuid,
        /// The rule set.
        instrument: String,
        /// The deficit.
        part: String,
        /// The ground's word.
        ground: String,
        /// Why.
        reason: String,
    },
    /// Take it back.
    Withdraw {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("sign in with two factors before you dispute an entry")]
    NotAssured,
    /// Not one of the grounds.
    #[error("choose what is wrong with it")]
    NoGround,
    /// Too short or too long.
    #[error("say why in at least {least} characters, so that a colleague understands", least = words::LEAST)]
    NoReason,
    /// Said once.
    #[error("this dispute stands already")]
    StandsAlready,
    /// It is not there, or was taken back.
    #[error("this dispute does not stand any more")]
    NotStanding,
}

/// One dispute.
#[derive(Debug, Clone, Default)]
pub struct Dispute {
    said: bool,
    withdrawn: bool,
}

fn reasoned(reason: &str) -> Result<String, Refusal> {
    words::read(reason).ok_or(Refusal::NoReason)
}

impl Aggregate for Dispute {
    const KIND: &'static str = "score-dispute";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Say { by, .. } | Command::Withdraw { by, .. } if !by.assured => Err(Refusal::NotAssured),
            Command::Say { .. } if self.said => Err(Refusal::StandsAlready),
            Command::Say { by, person, instrument, part, ground, reason } => {
                if Ground::named(&ground).is_none() {
                    return Err(Refusal::NoGround);
                }
                let reason = reasoned(&reason)?;
                Ok(vec![Event::DeficitDisputed { by, person, instrument, part, ground, reason }])
            }
            Command::Withdraw { .. } if !self.said || self.withdrawn => Err(Refusal::NotStanding),
            Command::Withdraw { by, reason } => Ok(vec![Event::DisputeWithdrawn { by, reason: reasoned(&reason)? }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::DeficitDisputed { .. } => self.said = true,
            Event::DisputeWithdrawn { .. } => self.withdrawn = true,
        }
    }
}
