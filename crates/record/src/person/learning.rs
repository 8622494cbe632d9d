//! What has been learnt of how people are told apart, and that it is in force. A learning is a blob of the store; from the moment
//! it is adopted the weights judge, and every later one is a new version.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// From now on this one judges.
    Adopted {
        /// Its number, from 1.
        version: u32,
        /// The SHA-256 of the blob, in hex.
        blob: String,
        /// How many rows it was learnt from.
        rows: u32,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Let this one judge.
    Adopt {
        /// Its number.
        version: u32,
        /// The blob.
        blob: String,
        /// How many rows it was learnt from.
        rows: u32,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Versions count up.
    #[error("the next learning is number {0}")]
    NotNext(u32),
}

/// The learnings of this record, in order.
#[derive(Debug, Default)]
pub struct Learning {
    version: u32,
}

impl Aggregate for Learning {
    const KIND: &'static str = "learning";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Command::Adopt { version, blob, rows } = command;
        if version != self.version + 1 {
            return Err(Refusal::NotNext(self.version + 1));
        }
        Ok(vec![Event::Adopted { version, blob, rows }])
    }

    fn apply(&mut self, event: &Event) {
        let Event::Adopted { version, .. } = event;
        self.version = *version;
    }
}

/// The stream of the learnings.
#[must_use]
pub fn stream() -> Uuid {
    store::resource::resource_id("", "learning", "people")
}
