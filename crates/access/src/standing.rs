//! How a person stands to a reader: asked by the gate before it decides, answered by the record, which knows registrations,
//! stays and who was joined with whom. Must not decide anything.

use jiff::Timestamp;
use store::{Result, Tx};
use uuid::Uuid;

use crate::look::Subject;
use crate::relationship::{Tie, Ties};
use crate::role::Class;

/// The feeds whose entries are a reader's own organisations' word ([`crate::Test::Ours`]).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feeds {
    /// Theirs, whoever it is about.
    pub own: Vec<String>,
    /// Feeds by which many practices speak, each of the people on its list: theirs of whoever is registered with them.
    pub of_registered: Vec<String>,
}

impl Feeds {
    /// Whether what came by a feed about a person with these ties is the reader's own.
    #[must_use]
    pub fn ours(&self, feed: &str, ties: &Ties, class: Class) -> bool {
        let among = |feeds: &[String]| feeds.iter().any(|one| one == feed);
        among(&self.own) || ties.has(Tie::Registration, class) && among(&self.of_registered)
    }

    /// True where nothing is theirs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.of_registered.is_empty()
    }
}

/// Answers how a person stands to a reader.
pub trait Standing: Send + Sync {
    /// The ties of a person (by the root) to a reader at a moment, and whether the person objects to sharing.
    ///
    /// # Errors
    /// What the database says; nothing is then shown.
    fn of(&self, tx: &mut dyn Tx, person: Uuid, reader: &Subject, at: Timestamp) -> Result<Ties>;

    /// The feeds by which the reader's own organisations speak ([`crate::item::Item::ours`]).
    fn feeds(&self, reader: &Subject) -> Feeds;
}
