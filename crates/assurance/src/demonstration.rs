//! Invented figures for the demonstration: indicators with their lives, a decision about beds with looks in it, two challenges.
//! All of it comes from a seed, and every title and every reason says that it is invented. It goes through the same aggregates as
//! real figures do; must never be written into data that are not a demonstration's.

mod challenge;
mod gate;
mod indicator;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::gate::month::Month;
use crate::gate::protocol::day;
use crate::indicator::Definition;

/// What every title ends with.
pub const INVENTED: &str = "(invented for the demonstration)";
/// Who writes it all down.
const WEFT: &str = "weft";
/// What chance begins from.
const SEED: u64 = 2016;

/// Writes everything up to a moment. `neighbourhoods` are the names of the place's.
///
/// # Errors
/// What the database says, or an aggregate that refuses what was invented.
pub fn begin(
    write: &mut Write<'_>,
    definitions: &[Definition],
    neighbourhoods: &[String],
    now: Timestamp,
) -> store::Result<()> {
    indicator::begin(write, definitions, neighbourhoods, now)?;
    gate::begin(write, now)?;
    challenge::begin(write, now)
}

/// Tells an aggregate something, as everything here does.
fn tell<A: Aggregate>(write: &mut Write<'_>, id: Uuid, command: A::Command, at: Timestamp) -> store::Result<A> {
    write.execute::<A>(id, command, WEFT, at).map_err(|refused| match refused {
        Refused::Store(error) => error,
        Refused::Rules(refusal) => store::Error::Constraint(format!("the demonstration was refused: {refusal}")),
    })
}

/// The latest month whose figures have come in by a moment: they come on the tenth of the month after.
fn latest(now: Timestamp) -> Month {
    let today = day(now);
    Month::of(today).plus(if today.day() > 10 { -1 } else { -2 })
}

/// A moment so many days after the end of a month.
fn after(month: Month, days: i64) -> Timestamp {
    let first = month.plus(1).first_day().to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp());
    first + jiff::SignedDuration::from_hours(24 * days + 9)
}

#[cfg(test)]
mod tests;
