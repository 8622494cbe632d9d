//! Hours that are promised, in the local time of the place, as moments: exact on the nights when the clocks change and on bank
//! holidays. Must not read any clock.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};
use place::{BeyondCalendar, Calendar};
use serde::{Deserialize, Serialize};

use super::Draft;

/// On which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Days {
    /// All seven.
    EveryDay,
    /// Monday to Friday.
    Weekdays,
    /// Saturday and Sunday.
    Weekends,
}

/// Hours in which somebody answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covered {
    /// On which days they begin.
    pub days: Days,
    /// From this time of the day.
    pub from: Time,
    /// Until this time; where it is not later than `from`, on the next day. Day and night: from 00:00 until 00:00.
    pub until: Time,
    /// Whether bank holidays are days like others. If not, hours that would begin on one are not promised.
    #[serde(default)]
    pub bank_holidays: bool,
}

impl Covered {
    /// Whether the hours begin on that day.
    pub(super) fn begins_on(&self, day: Date, holidays: &BTreeSet<Date>) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let fits = match self.days {
            Days::EveryDay => true,
            Days::Weekdays => !weekend,
            Days::Weekends => weekend,
        };
        fits && (self.bank_holidays || !holidays.contains(&day))
    }
}

/// Which end of a span a local time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Its beginning.
    From,
    /// Its end, which is not in it.
    Until,
}

/// The moment of a local time. Of an hour that comes twice, a span takes in both: it begins with the first and ends with the
/// second. An hour that is left out is the moment at which the clocks go forward.
#[must_use]
pub fn moment(local: DateTime, edge: Edge) -> Timestamp {
    let zone = zone();
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let either = match (ambiguous.offset(), edge) {
        (AmbiguousOffset::Gap { before, .. }, _) => {
            // Read with the offset from before the change it lies behind it; the change is the last one up to there.
            let behind = before.to_timestamp(local).unwrap_or(Timestamp::MAX);
            let just_after = behind.saturating_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(behind);
            return zone.preceding(just_after).next().map_or(behind, |change| change.timestamp());
        }
        (_, Edge::From) => ambiguous.earlier(),
        (_, Edge::Until) => ambiguous.later(),
    };
    either.unwrap_or(if edge == Edge::From { Timestamp::MIN } else { Timestamp::MAX })
}

/// The first moment of a day.
#[must_use]
pub fn midnight(day: Date) -> Timestamp {
    moment(day.to_datetime(Time::midnight()), Edge::From)
}

/// The day it is at a moment.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    local(at).date()
}

/// A moment as people say it: `Monday 4 January 2027 09:00`; on the night when an hour comes twice, with which of the two.
#[must_use]
pub fn said(at: Timestamp) -> String {
    let there = local(at);
    let twice = matches!(zone().to_ambiguous_timestamp(there.datetime()).offset(), AmbiguousOffset::Fold { .. });
    there.strftime(if twice { "%A %-d %B %Y %H:%M %Z" } else { "%A %-d %B %Y %H:%M" }).to_string()
}

pub(crate) fn local(at: Timestamp) -> Zoned {
    at.to_zoned(zone())
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

/// The bank holidays that bear on a rota: in its days and on the day before, whose hours may run into the first.
pub(super) fn holidays(draft: &Draft, calendar: &Calendar) -> Result<BTreeSet<Date>, BeyondCalendar> {
    let mut holidays = BTreeSet::new();
    for day in days(draft) {
        calendar.is_working_day(day)?;
        if calendar.holiday(day).is_some() {
            holidays.insert(day);
        }
    }
    Ok(holidays)
}

/// The days of a rota and the one before.
fn days(draft: &Draft) -> impl Iterator<Item = Date> {
    let first = draft.from.yesterday().unwrap_or(draft.from);
    let last = draft.until;
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
}

/// The promised hours of a rota as spans in order, none touching the next, nothing outside its days.
pub(super) fn promised(draft: &Draft, holidays: &BTreeSet<Date>) -> Vec<(Timestamp, Timestamp)> {
    let Some(period) = draft.period() else { return Vec::new() };
    let mut spans = Vec::new();
    for day in days(draft) {
        for hours in draft.covered.iter().filter(|hours| hours.begins_on(day, holidays)) {
            let last = if hours.until > hours.from { day } else { day.tomorrow().unwrap_or(day) };
            let from = moment(day.to_datetime(hours.from), Edge::From).max(period.start);
            let until = moment(last.to_datetime(hours.until), Edge::Until).min(period.end);
            if from < until {
                spans.push((from, until));
            }
        }
    }
    joined(spans)
}

/// Spans in order, those that touch made one.
pub(super) fn joined(mut spans: Vec<(Timestamp, Timestamp)>) -> Vec<(Timestamp, Timestamp)> {
    spans.sort_unstable();
    let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (from, until) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => joined.push((from, until)),
        }
    }
    joined
}
