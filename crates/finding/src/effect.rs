//! What came after a list: urgent contacts in the months before a decision and after it, of those taken on and those not. It says
//! what happened and not why: whoever is taken on is another person than whoever is not, and somebody found at their worst is
//! mostly better later, whatever was done. Must not be shown as what the list achieved.

use jiff::Timestamp;
use population::day::{Day, Span};
use record::resource::date;

use crate::held::Held;
use crate::views::list::{Listed, State};

/// How many days before a decision, and after it.
pub const DAYS: u16 = 90;

/// What is said beside every such number.
pub const CAVEAT: &str = "These numbers do not say what the list achieved. Those taken on were chosen, and are other people \
    than those who were not; and whoever is found at their worst is mostly better later, whatever was done. A fair test begins \
    in some neighbourhoods before others, by lot.";

/// One group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Group {
    /// How many of them have been decided about for long enough.
    pub people: usize,
    /// Days with an urgent contact before the decision, all together.
    pub before: usize,
    /// The same after it.
    pub after: usize,
    /// How many were decided about too lately to be counted.
    pub too_soon: usize,
}

/// What came after the decisions of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effect {
    /// Those who were taken on.
    pub accepted: Group,
    /// Those who were not.
    pub declined: Group,
}

/// Counts, as of a day.
#[must_use]
pub fn of(held: &Held, listed: &[Listed], as_of: Day) -> Effect {
    let mut effect = Effect::default();
    for one in listed {
        let group = match one.state {
            State::Accepted => &mut effect.accepted,
            State::Declined => &mut effect.declined,
            State::Open | State::Later => continue,
        };
        let Some(decided) = one.decided.and_then(day) else { continue };
        let until = Day(decided.0.saturating_add(DAYS));
        if until > as_of {
            group.too_soon += 1;
            continue;
        }
        group.people += 1;
        group.before += held.urgent_days(one.person, decided.before(Span::Days(DAYS)), decided);
        group.after += held.urgent_days(one.person, decided, until);
    }
    effect
}

fn day(at: Timestamp) -> Option<Day> {
    Day::of(date::london(at).date())
}

#[cfg(test)]
mod tests;
