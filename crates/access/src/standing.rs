//! How a person stands to a reader: asked by the gate before it decides, answered by the record, which knows registrations,
//! stays and who was joined with whom. Must not decide anything.

use jiff::Timestamp;
use store::{Result, Tx};
use uuid::Uuid;

use crate::look::Subject;
use crate::relationship::Ties;

/// Answers how a person stands to a reader.
pub trait Standing: Send + Sync {
    /// The ties of a person (by the root) to a reader at a moment, and whether the person objects to sharing.
    ///
    /// # Errors
    /// What the database says; nothing is then shown.
    fn of(&self, tx: &mut dyn Tx, person: Uuid, reader: &Subject, at: Timestamp) -> Result<Ties>;

    /// The feeds that the reader's own organisations send: what comes by them is theirs ([`crate::item::Item::ours`]).
    fn feeds(&self, reader: &Subject) -> Vec<String>;
}
