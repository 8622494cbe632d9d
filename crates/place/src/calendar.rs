//! The days on which offices work, by the bank holidays of the place. Must not guess: for a year that is not listed it
//! refuses to answer, because a clock that is wrong by a day is worse than one that says so.

use crate::rows::{date, words};
use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// One bank holiday, by the day on which work stops.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day; a holiday on a weekend is given by its substitute.
    #[serde(deserialize_with = "date")]
    pub date: Date,
    /// What it is called.
    #[serde(deserialize_with = "words")]
    pub name: String,
}

/// The working days of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    years: RangeInclusive<i16>,
    holidays: BTreeMap<Date, String>,
}

/// A day in a year whose bank holidays are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the bank holidays of {year} are not listed (only {first} to {last}); add them to bank_holidays.toml to count working days there"
)]
pub struct BeyondCalendar {
    /// The year that was asked for.
    pub year: i16,
    /// The first year that is listed.
    pub first: i16,
    /// The last year that is listed.
    pub last: i16,
}

impl Calendar {
    /// A calendar that knows every bank holiday of these years.
    #[must_use]
    pub fn new(years: RangeInclusive<i16>, holidays: impl IntoIterator<Item = Holiday>) -> Self {
        let holidays = holidays.into_iter().map(|holiday| (holiday.date, holiday.name)).collect();
        Self { years, holidays }
    }

    /// The years whose bank holidays are listed.
    #[must_use]
    pub fn years(&self) -> RangeInclusive<i16> {
        self.years.clone()
    }

    /// The name of the bank holiday on that day, if it is one.
    #[must_use]
    pub fn holiday(&self, day: Date) -> Option<&str> {
        self.holidays.get(&day).map(String::as_str)
    }

    /// All bank holidays in order.
    pub fn holidays(&self) -> impl Iterator<Item = (Date, &str)> {
        self.holidays.iter().map(|(day, name)| (*day, name.as_str()))
    }

    /// Whether that day is neither a Saturday, a Sunday nor a bank holiday.
    ///
    /// # Errors
    /// [`BeyondCalendar`] for a day in a year that is not listed.
    pub fn is_working_day(&self, day: Date) -> Result<bool, BeyondCalendar> {
        if !self.years.contains(&day.year()) {
            return Err(BeyondCalendar { year: day.year(), first: *self.years.start(), last: *self.years.end() });
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(!weekend && !self.holidays.contains_key(&day))
    }

    /// The working day that is `count` working days after `day`. The day itself is not counted, whether it is a working
    /// day or not; nought gives the day itself if it is a working day and the next one if not.
    ///
    /// # Errors
    /// [`BeyondCalendar`] where the counting leaves the years that are listed.
    pub fn add_working_days(&self, day: Date, count: u32) -> Result<Date, BeyondCalendar> {
        let mut at = day;
        let mut left = count;
        if left == 0 {
            while !self.is_working_day(at)? {
                at = self.next(at)?;
            }
            return Ok(at);
        }
        // The first day is looked at too, so that a day beyond the calendar is refused and not counted from.
        self.is_working_day(at)?;
        while left > 0 {
            at = self.next(at)?;
            if self.is_working_day(at)? {
                left -= 1;
            }
        }
        Ok(at)
    }

    /// The day after; the last day that can be written at all is beyond any calendar.
    fn next(&self, day: Date) -> Result<Date, BeyondCalendar> {
        let beyond = BeyondCalendar { year: day.year(), first: *self.years.start(), last: *self.years.end() };
        day.tomorrow().map_err(|_| beyond)
    }
}

#[cfg(test)]
mod tests;
