//! Why the decision refuses what it is asked, in words for whoever asked. Must not decide anything.

use super::super::book::Unusable;
use super::super::look::NoLook;
use super::super::month::Month;
use super::super::protocol::Fault;

/// Why not.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// A protocol is there already.
    #[error("a protocol is registered already; amend it, which begins a new clock")]
    Registered,
    /// None is.
    #[error("no protocol is registered; register one before its first month begins")]
    NotRegistered,
    /// The protocol is not sound.
    #[error("the protocol cannot be registered. {}", said(.0))]
    Protocol(Vec<Fault>),
    /// The threshold is not this protocol's.
    #[error("the threshold was not found for this protocol: {0}. Calibrate again")]
    Calibration(&'static str),
    /// The start has passed.
    #[error(
        "the first month that counts, {0}, has begun; a protocol is frozen before it. Choose a start in the future"
    )]
    StartHasPassed(Month),
    /// Nothing was changed.
    #[error("this is the protocol that stands already")]
    Unchanged,
    /// Words are missing.
    #[error("say why in a few words")]
    NoReason,
    /// A figure cannot be used.
    #[error(transparent)]
    Figure(#[from] Unusable),
    /// Something is changed without a word.
    #[error(
        "{series}, {month}: {was} was reported before, now {is}. Say why, and it is kept beside what was known before"
    )]
    Restatement {
        /// The series.
        series: String,
        /// The month.
        month: Month,
        /// As it was.
        was: i64,
        /// As it would be.
        is: i64,
    },
    /// A month that is not over.
    #[error("{0} is not over yet")]
    NotOver(Month),
    /// Not a measure of the protocol.
    #[error("the protocol has no balancing measure \"{0}\"")]
    NoSuchMeasure(String),
    /// Not a number.
    #[error("a change must be a number")]
    NoNumber,
    /// Not a series of the protocol.
    #[error("the protocol has no series \"{0}\"")]
    NoSuchSeries(String),
    /// No look there.
    #[error(transparent)]
    Look(#[from] NoLook),
    /// Nothing has changed since.
    #[error("{0} has been looked at, and nothing has been reported since; the look stands")]
    LookedAlready(Month),
    /// Looks go forward.
    #[error("{0} has been looked at already, so an earlier month cannot be; it can be read among the looks")]
    Backwards(Month),
    /// There is no look.
    #[error("no month has been looked at yet")]
    NoLookYet,
    /// Public already.
    #[error("this look is public already")]
    Published,
    /// Not public for long enough.
    #[error("the look must have been public for {days} days before anybody signs; {left} are left")]
    NotPublicYet {
        /// How many it must be.
        days: u32,
        /// How many are left.
        left: i64,
    },
    /// The figures have changed.
    #[error("something has been reported since this look; look again, publish that, and sign it")]
    Outdated,
    /// The answer is NO.
    #[error("{0}")]
    AnswerIsNo(String),
    /// Not a member.
    #[error("{0} has no vote on this side")]
    NoVote(String),
    /// Signed already.
    #[error("{0} has signed this look already")]
    Signed(String),
    /// Too many beds.
    #[error("{asked} beds are more than the {most} that are proved free and were asked for")]
    TooManyBeds {
        /// Asked.
        asked: u32,
        /// The most.
        most: u32,
    },
    /// Beds have gone.
    #[error("beds have gone already on this decision; a further one needs a protocol of its own")]
    Released,
    /// They have not.
    #[error("no beds have gone, so there is no harm of it to look for")]
    NotReleased,
    /// They are open again.
    #[error("the beds have been opened again; to close any needs a new protocol")]
    Reversed,
    /// Figures are missing.
    #[error("figures are missing up to {0}; report them, then look for harm")]
    FiguresMissing(Month),
    /// The comparison cannot be made.
    #[error("the comparison cannot be made: {0}")]
    Incomparable(String),
}

fn said(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
