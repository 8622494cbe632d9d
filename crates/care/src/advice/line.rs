//! Lines: what was agreed in advice, who does it and by when. A line begins as "promised"; whoever keeps plans takes it from
//! there. Must not hold a line without an owner.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rota::hours::day;
use crate::team::Team;

/// Something that was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What: `Bloods: cortisol at 9 in the morning`.
    pub what: String,
    /// Who does it.
    pub owner: Team,
    /// By the end of this day, where one was agreed.
    pub by: Option<Date>,
}

/// The most lines of one piece of advice.
pub const MOST: usize = 12;
/// The most characters of a line.
pub const LONGEST: usize = 200;

/// A line that cannot stand in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// Too many.
    #[error("write at most {MOST} lines")]
    TooMany,
    /// No words, or too many.
    #[error("a line says what is to be done in 1 to {LONGEST} characters")]
    Words,
    /// A day that is over.
    #[error("a line is to be done by a day that is over")]
    Over,
}

/// Whether lines can stand, at a moment; what they say is kept without the blanks around it.
///
/// # Errors
/// [`BadLine`].
pub fn checked(lines: Vec<Line>, at: Timestamp) -> Result<Vec<Line>, BadLine> {
    if lines.len() > MOST {
        return Err(BadLine::TooMany);
    }
    let checked = |line: Line| {
        let what = line.what.trim().to_owned();
        if !(1..=LONGEST).contains(&what.chars().count()) {
            return Err(BadLine::Words);
        }
        if line.by.is_some_and(|by| by < day(at)) {
            return Err(BadLine::Over);
        }
        Ok(Line { what, ..line })
    };
    lines.into_iter().map(checked).collect()
}
