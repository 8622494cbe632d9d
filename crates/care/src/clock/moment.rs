//! Moments: what happened, as a clock hears it. Must not know what a word means; that is the rule's.

use jiff::Timestamp;

/// A word that was said of something, with the time it happened and the time it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When it happened.
    pub at: Timestamp,
    /// When it was told: what a crew writes in a cellar reaches the log an hour later. Spans are counted by `at`.
    pub told: Timestamp,
    /// The word: `first-contact`.
    pub signal: String,
}

impl Moment {
    /// One that was told as it happened.
    #[must_use]
    pub fn new(at: Timestamp, signal: impl Into<String>) -> Self {
        Self { at, told: at, signal: signal.into() }
    }

    /// The same, told at another time.
    #[must_use]
    pub fn told(self, told: Timestamp) -> Self {
        Self { told, ..self }
    }
}
