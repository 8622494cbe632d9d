//! Clocks: how much time an ask, a visit or a bed has left, counted from what happened and nothing else. A clock has no state of
//! its own: a [`Span`] is a pure function of the moments, the time that is asked about and the calendar, and it names the rule by
//! which it was counted. Must not be written to: whoever finds a figure wrong adds an event with a reason ([`amendment`]).
//!
//! The rules are data of the place ([`place::Clock`]); the words of their `start`, `stop`, `pause`, `resume` and `void` are the
//! words of the [`Moment`]s.

pub mod amendment;
pub mod amount;
mod counting;
pub mod figure;
mod journey;
pub mod moment;
pub mod share;
pub mod span;

pub use amount::Amount;
pub use journey::{heard, since_last};
pub use moment::Moment;
pub use share::Share;
pub use span::{Oddity, Span, State};

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use place::{BeyondCalendar, Calendar, Clock, ClockVersion, Place};
use serde::Serialize;

/// The rule by which a figure was counted: `crisis-response@2026-1`. Every figure carries it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Named {
    /// The clock.
    pub clock: String,
    /// The version of its rule.
    pub version: String,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.clock, self.version)
    }
}

/// A place whose time zone nobody knows, so that nothing can be counted in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the time zone \"{0}\" of the place is not known; correct time_zone in place.toml")]
pub struct NoZone(String);

/// The clocks of a place, with what is needed to count by them.
#[derive(Debug, Clone)]
pub struct Clocks {
    clocks: Vec<Clock>,
    zone: TimeZone,
    calendar: Calendar,
}

impl Clocks {
    /// Those of a place.
    ///
    /// # Errors
    /// [`NoZone`].
    pub fn of(place: &Place) -> Result<Self, NoZone> {
        let name = &place.about().time_zone;
        let zone = TimeZone::get(name).map_err(|_| NoZone(name.clone()))?;
        Ok(Self { clocks: place.clocks().to_vec(), zone, calendar: place.calendar().clone() })
    }

    /// Every clock.
    #[must_use]
    pub fn all(&self) -> &[Clock] {
        &self.clocks
    }

    /// The local time zone of the place.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The rule of a clock that holds for what starts on this day.
    #[must_use]
    pub fn rule(&self, clock: &str, day: Date) -> Option<Rule<'_>> {
        self.rules_of(clock).find(|rule| rule.version.holds_on(day))
    }

    /// The rule of a clock in a rule set, whatever the day: as it was in `2016`, as it is in `2026`. Of several the first.
    #[must_use]
    pub fn rule_in(&self, clock: &str, rules: &str) -> Option<Rule<'_>> {
        self.rules_of(clock).find(|rule| rule.version.rules == *rules)
    }

    /// Every rule of a clock, the oldest first.
    pub fn rules_of(&self, clock: &str) -> impl Iterator<Item = Rule<'_>> {
        let clock = self.clocks.iter().find(move |known| known.id == *clock);
        let of = move |clock| move |version| Rule { clock, version, zone: &self.zone, calendar: &self.calendar };
        clock.into_iter().flat_map(move |clock| clock.versions.iter().map(of(clock)))
    }

    /// The span of a clock, by the rule that held on the day on which it started; `None` where the place has no such clock or no
    /// rule of it for that day. What has not started is told by the rule of today.
    ///
    /// # Errors
    /// [`BeyondCalendar`] where working days are counted in a year whose bank holidays are not listed.
    pub fn span(&self, clock: &str, moments: &[Moment], now: Timestamp) -> Result<Option<Span>, BeyondCalendar> {
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
        let held = self.rules_of(clock).find(|rule| {
            let started = moments.iter().filter(|moment| rule.version.start.iter().any(|word| *word == *moment.signal));
            started.map(|moment| moment.at).min().is_some_and(|at| at <= now && rule.version.holds_on(day(at)))
        });
        held.or_else(|| self.rule(clock, day(now))).map(|rule| rule.span(moments, now)).transpose()
    }
}

/// One version of one clock, ready to count.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The clock.
    pub clock: &'a Clock,
    /// The version.
    pub version: &'a ClockVersion,
    pub(crate) zone: &'a TimeZone,
    pub(crate) calendar: &'a Calendar,
}

impl Rule<'_> {
    /// Its name, as every figure carries it.
    #[must_use]
    pub fn named(&self) -> Named {
        Named { clock: self.clock.id.to_string(), version: self.version.version.to_string() }
    }

    /// What this rule says of these moments at this time.
    ///
    /// # Errors
    /// [`BeyondCalendar`] where working days are counted in a year whose bank holidays are not listed.
    pub fn span(&self, moments: &[Moment], now: Timestamp) -> Result<Span, BeyondCalendar> {
        span::span(self, moments, now)
    }
}

#[cfg(test)]
mod tests;
