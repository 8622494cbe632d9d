//! Why a challenge refuses what it is asked, in words for whoever asked. Must not decide anything.

use jiff::civil::Date;

/// Why not.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// It has one.
    #[error("this challenge has a charter already; another aim is another challenge")]
    Chartered,
    /// It has none.
    #[error("there is no charter yet")]
    NoCharter,
    /// Words are missing.
    #[error("{0}")]
    NoWords(&'static str),
    /// A team of nobody.
    #[error("name at least two people of the team, each once, and a sponsor who is not among them")]
    Team,
    /// Not of the team.
    #[error("only the team and its sponsor do this")]
    NotOfTheTeam,
    /// Not the sponsor.
    #[error("the verdict is the sponsor\u{2019}s, who is not of the team")]
    NotTheSponsor,
    /// It is over.
    #[error("the challenge is over; its verdict stands")]
    Over,
    /// Not begun.
    #[error("the challenge begins on {0}")]
    NotBegun(Date),
    /// Too late for a new test.
    #[error("day 100 has passed; a new test belongs to a new challenge")]
    TooLate,
    /// No such test.
    #[error("there is no such test of change")]
    NoSuchTest,
    /// It has a result.
    #[error("this test has its result; what comes next is a new test with a prediction of its own")]
    HasResult,
    /// At the same moment as its prediction.
    #[error("a prediction is made before its result; this one was made only now")]
    NotBefore,
    /// Not a week of it.
    #[error("give the Monday of a week of the challenge that is over")]
    NotAWeek,
    /// No number.
    #[error("the value must be a number")]
    NoNumber,
    /// Already known.
    #[error("this is what was reported already")]
    Same,
    /// A hole.
    #[error("the week of {0} is missing before it; report that first, so that nobody takes the gap for a change")]
    Gap(Date),
    /// Changed without a word.
    #[error("{was} was reported before for this week; say why it is {is} now, and both are kept")]
    Restatement {
        /// As it was.
        was: f64,
        /// As it would be.
        is: f64,
    },
    /// Before day 50.
    #[error("the mid-point is on day 50, {0}")]
    NotHalf(Date),
    /// Thought about already.
    #[error("the mid-point has been held")]
    Held,
    /// Before day 100.
    #[error("the verdict is given on day 100, {0}, or after; a good week is no reason to stop looking")]
    NotOver(Date),
    /// Nothing was tried.
    #[error("no test of change has a result; there is nothing to judge")]
    NothingTried,
    /// A test without a result.
    #[error("test {0} has no result yet; say what happened, even if it was not tried")]
    Unfinished(usize),
    /// No mid-point.
    #[error("the mid-point was not held; hold it, late as it is, and say so")]
    NoMiddle,
}
