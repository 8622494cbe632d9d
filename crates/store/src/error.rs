//! What can go wrong with durable memory, in words that say what to do. Must not carry row contents: errors reach logs.

/// The result of anything the store does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the store could not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// No room left on the disk. Nothing of the write was kept; reads go on.
    #[error(
        "the disk that holds the database is full; nothing of this write was kept. Free some space and try again ({0})"
    )]
    Full(String),
    /// The database cannot be reached or was shut down.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Another process holds the database for longer than we wait.
    #[error("the database is held by another process; try again in a moment ({0})")]
    Busy(String),
    /// Somebody else wrote to the same stream first.
    #[error(
        "somebody else changed {kind} {stream} in the meantime (expected version {expected}, found {found}); read it again"
    )]
    Conflict {
        /// The aggregate's kind.
        kind: String,
        /// The stream's id.
        stream: uuid::Uuid,
        /// The version the caller had seen.
        expected: i64,
        /// The version that stands.
        found: i64,
    },
    /// A rule that the database itself enforces was broken; the name of the rule.
    #[error("a rule of the database forbids this: {0}")]
    Constraint(String),
    /// What is stored does not agree with itself.
    #[error("the database does not agree with itself: {0}. Run `weft verify`")]
    Corrupt(String),
    /// The database was made by another version, or is not ours.
    #[error("this database cannot be used: {0}")]
    Schema(String),
    /// An event could not be read or written as JSON.
    #[error("an event of {kind} cannot be understood: {why}")]
    Event {
        /// The aggregate's kind.
        kind: String,
        /// serde's words.
        why: String,
    },
    /// Anything else the database said.
    #[error("the database refused: {0}")]
    Backend(String),
}

impl Error {
    /// True where trying the same write again later can succeed without anybody changing it.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Full(_) | Self::Unavailable(_) | Self::Busy(_))
    }
}
