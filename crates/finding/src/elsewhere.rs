//! What came after where no such list looks: everybody whom a rule would have found on the day on which a list first looked, here
//! and in the neighbourhoods where none by that rule ever has, followed over the same days. Whoever was taken on is not picked out,
//! so nobody is compared with whom a team chose. Counts are made fit to be shown. Must not be called a proof.

use jiff::civil::Date;
use place::rounding::Rounded;
use population::day::{Day, Span};

use crate::effect::DAYS;
use crate::held::Held;
use crate::list::{Definition, Found};
use crate::run::NotRun;

/// What is said beside it.
pub const CAVEAT: &str = "Both are whom the rule finds as of that day by what is known today, at most a hundred to a neighbourhood, \
    of those who are alive; nobody is left out for what a team decided. They live in different places, which differ in more than \
    this list, so a difference is a reason to look further and no proof.";

/// One side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// How many people.
    pub people: Rounded,
    /// On how many days they had an urgent contact in the [`DAYS`] days before, all together.
    pub before: Rounded,
    /// The same after.
    pub after: Rounded,
}

impl Side {
    /// Days to a hundred people, from rounded counts; nothing where either is few.
    #[must_use]
    pub fn to_a_hundred(&self, days: Rounded) -> Option<f64> {
        let (days, people) = (days.number()?, self.people.number().filter(|people| *people > 0)?);
        Some(100.0 * days as f64 / people as f64)
    }
}

/// What can be set beside a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Elsewhere {
    /// It has not looked yet.
    Never,
    /// Not enough days have passed since it first looked; on this day they will have.
    TooSoon(Date),
    /// A list by the same rule looks, or has looked, in every other neighbourhood.
    Everywhere,
    /// On one side or the other there are fewer than eight people.
    TooFew,
    /// Both.
    Beside {
        /// The day on which the list first looked.
        from: Date,
        /// Here.
        here: Side,
        /// Where no such list has looked.
        there: Side,
    },
}

/// Sets what came after beside the same where no such list looks. `first`: the day on which it first looked; `here`: its
/// neighbourhood's name; `others`: the names of those without such a list.
///
/// # Errors
/// [`NotRun`].
pub fn of(
    held: &Held,
    definition: &Definition,
    first: Option<Date>,
    (here, others): (&str, &[String]),
    as_of: Day,
) -> Result<Elsewhere, NotRun> {
    let Some((date, from)) = first.and_then(|date| Some((date, Day::of(date)?))) else { return Ok(Elsewhere::Never) };
    let until = Day(from.0.saturating_add(DAYS));
    if until > as_of {
        return Ok(Elsewhere::TooSoon(until.date().unwrap_or(date)));
    }
    if others.is_empty() {
        return Ok(Elsewhere::Everywhere);
    }
    let here = held.find(definition, here, from)?.found;
    let mut there = Vec::new();
    for name in others {
        there.extend(held.find(definition, name, from)?.found);
    }
    let (here, there) = (side(held, &here, from, until), side(held, &there, from, until));
    let is_shown = |side: &Side| matches!(side.people, Rounded::About(_));
    if !is_shown(&here) || !is_shown(&there) {
        return Ok(Elsewhere::TooFew);
    }
    Ok(Elsewhere::Beside { from: date, here, there })
}

fn side(held: &Held, found: &[Found], from: Day, until: Day) -> Side {
    let days = |after: Day, upto: Day| -> u64 {
        found.iter().map(|one| held.urgent_days(one.person, after, upto) as u64).sum()
    };
    Side {
        people: Rounded::of(found.len() as u64),
        before: Rounded::of(days(from.before(Span::Days(DAYS)), from)),
        after: Rounded::of(days(from, until)),
    }
}

#[cfg(test)]
mod tests;
