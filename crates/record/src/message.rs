//! The message: an aggregate whose history says what became of one thing a feed sent. Received = applied + duplicates +
//! quarantined, always, because every message begins with exactly one of these three and only a mend can move it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::feed::Reason;

/// What is known of a message before it is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The feed it came by.
    pub feed: String,
    /// SHA-256 (hex) of the feed with the source's message id, or with the content where the source gives none. Two messages
    /// with one key are one message.
    pub key: String,
    /// SHA-256 (hex) of its bytes, under which they are kept.
    pub blob: String,
    /// How many bytes.
    pub size: u64,
    /// The line of the file it began on, where it came from a file.
    pub line: Option<u64>,
    /// What sort of message, as far as could be told.
    pub kind: String,
    /// The source's own time for it, where it says one.
    pub as_of: Option<Timestamp>,
    /// True where it holds an entry that the law restricts: its words are then shown to nobody who minds messages.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restricted: bool,
}

/// What it brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// Resource versions that are current now.
    pub current: u32,
    /// Versions that came late and joined the history.
    pub late: u32,
    /// Resources that stood already, word for word.
    pub same: u32,
    /// The people it is about.
    pub people: Vec<Uuid>,
}

/// What happened to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Taken in, whole.
    Applied {
        /// What it was.
        receipt: Receipt,
        /// What it brought.
        brought: Brought,
    },
    /// The same message had come before.
    Repeated {
        /// What it was.
        receipt: Receipt,
        /// The earlier one.
        of: Uuid,
    },
    /// Kept, and waiting for somebody to mend it.
    Quarantined {
        /// What it was.
        receipt: Receipt,
        /// Why.
        reason: Reason,
    },
    /// Somebody changed its words (or changed nothing, and tried again).
    Mended {
        /// SHA-256 (hex) of the mended bytes.
        blob: String,
        /// What they say they changed.
        note: String,
    },
}

/// What can be asked of a message.
#[derive(Debug, Clone)]
pub enum Command {
    /// Write down how its arrival ended.
    Arrive(Event),
    /// Write down a mend and how the replay ended.
    Replay {
        /// SHA-256 (hex) of the mended bytes.
        blob: String,
        /// What was changed.
        note: String,
        /// How it ended.
        ended: Event,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A message arrives once.
    #[error("this message has arrived already")]
    ArrivedAlready,
    /// Only what waits in quarantine can be mended.
    #[error("this message is not in quarantine any more; somebody may have mended it a moment ago")]
    NotInQuarantine,
    /// A mend has to say what was done.
    #[error("say in a few words what you changed, so that the next person understands")]
    NoteMissing,
    /// What the law restricts is not shown, and so cannot be mended by hand.
    #[error("this message cannot be changed here; ask its source to send it again")]
    NotByHand,
    /// A mend is not an outcome.
    #[error("a message ends as applied, repeated or quarantined")]
    NotAnOutcome,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Not here yet.
    #[default]
    Unknown,
    /// Taken in.
    Applied,
    /// Known to be a duplicate.
    Repeated,
    /// Waiting.
    Quarantined,
}

/// One message.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Where it stands.
    pub stage: Stage,
    /// What was written down when it came (and renewed when it was mended).
    pub receipt: Option<Receipt>,
    /// The bytes to replay: as they came, or as last mended.
    pub blob: Option<String>,
}

impl Aggregate for Message {
    const KIND: &'static str = "message";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Arrive(Event::Mended { .. }) | Command::Replay { ended: Event::Mended { .. }, .. } => {
                Err(Refusal::NotAnOutcome)
            }
            Command::Arrive(_) if self.stage != Stage::Unknown => Err(Refusal::ArrivedAlready),
            Command::Arrive(outcome) => Ok(vec![outcome]),
            Command::Replay { .. } if self.stage != Stage::Quarantined => Err(Refusal::NotInQuarantine),
            Command::Replay { note, .. } if note.trim().is_empty() => Err(Refusal::NoteMissing),
            Command::Replay { blob, .. } if self.is_restricted() && self.blob.as_ref() != Some(&blob) => {
                Err(Refusal::NotByHand)
            }
            Command::Replay { blob, note, ended } => {
                Ok(vec![Event::Mended { blob, note: note.trim().to_owned() }, ended])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Applied { receipt, .. } => self.stand(Stage::Applied, receipt),
            Event::Repeated { receipt, .. } => self.stand(Stage::Repeated, receipt),
            Event::Quarantined { receipt, .. } => self.stand(Stage::Quarantined, receipt),
            Event::Mended { blob, .. } => self.blob = Some(blob.clone()),
        }
    }
}

impl Message {
    fn is_restricted(&self) -> bool {
        self.receipt.as_ref().is_some_and(|receipt| receipt.restricted)
    }

    fn stand(&mut self, stage: Stage, receipt: &Receipt) {
        self.stage = stage;
        self.blob = Some(receipt.blob.clone());
        // Once restricted, always: the words are the same or worse.
        let restricted = receipt.restricted || self.is_restricted();
        self.receipt = Some(Receipt { restricted, ..receipt.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn receipt() -> Receipt {
        Receipt {
            feed: "gp".into(),
            key: "k".into(),
            blob: "b".into(),
            size: 1,
            line: None,
            kind: "Bundle".into(),
            as_of: None,
            restricted: false,
        }
    }

    fn outcome(number: u8) -> Event {
        match number % 4 {
            0 => Event::Applied { receipt: receipt(), brought: Brought::default() },
            1 => Event::Repeated { receipt: receipt(), of: Uuid::nil() },
            2 => Event::Quarantined { receipt: receipt(), reason: Reason::new("x", "y") },
            _ => Event::Mended { blob: "c".into(), note: "n".into() },
        }
    }

    #[test]
    fn what_the_law_restricts_is_replayed_as_it_came_or_not_at_all() {
        let mut message = Message::default();
        let receipt = Receipt { restricted: true, ..receipt() };
        message.apply(&Event::Quarantined { receipt, reason: Reason::new("legally-restricted", "y") });
        let replay = |blob: &str| Command::Replay { blob: blob.into(), note: "n".into(), ended: outcome(2) };
        assert_eq!(message.decide(replay("c"), Timestamp::UNIX_EPOCH), Err(Refusal::NotByHand));
        assert!(message.decide(replay("b"), Timestamp::UNIX_EPOCH).is_ok());
    }

    proptest! {
        /// Whatever is asked in whatever order, a message stands in exactly one of the three places once it has arrived,
        /// leaves quarantine only by a mend that says what was done, and never leaves the other two.
        #[test]
        fn a_message_is_always_in_one_place(steps in proptest::collection::vec((any::<bool>(), any::<u8>(), "[ a]{0,2}"), 1..20)) {
            let mut message = Message::default();
            for (arrives, number, note) in steps {
                let before = message.stage;
                let command = if arrives {
                    Command::Arrive(outcome(number))
                } else {
                    Command::Replay { blob: "c".into(), note: note.clone(), ended: outcome(number) }
                };
                match message.decide(command, Timestamp::UNIX_EPOCH) {
                    Err(_) => prop_assert_eq!(message.stage, before),
                    Ok(events) => {
                        prop_assert!(matches!(before, Stage::Unknown | Stage::Quarantined));
                        prop_assert!(before == Stage::Unknown || !note.trim().is_empty());
                        for event in &events { message.apply(event); }
                        prop_assert_ne!(message.stage, Stage::Unknown);
                    }
                }
            }
        }
    }
}
