//! How much a clock has counted, in what it counts in. Must not round up: a person who waited 119 minutes and 59 seconds waited 119
//! minutes.

use jiff::SignedDuration;
use place::{Unit, Within};
use serde::Serialize;
use std::fmt;

/// So much of what a clock counts in; below nought where its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// Time that passed, to the microsecond.
    Time(SignedDuration),
    /// Days of the calendar.
    Days(i64),
    /// Working days.
    WorkingDays(i64),
}

impl Amount {
    /// The whole of a clock's time.
    #[must_use]
    pub fn of(within: Within) -> Self {
        let count = i64::from(within.count);
        match within.unit {
            Unit::Seconds => Self::Time(SignedDuration::from_secs(count)),
            Unit::Minutes => Self::Time(SignedDuration::from_mins(count)),
            Unit::Hours => Self::Time(SignedDuration::from_hours(count)),
            Unit::Days => Self::Days(count),
            Unit::Weeks => Self::Days(7 * count),
            Unit::WorkingDays => Self::WorkingDays(count),
        }
    }

    /// As a bare number of what it counts in: microseconds, days or working days. Two amounts of one clock compare by it.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Time(time) => i64::try_from(time.as_micros()).unwrap_or(i64::MAX),
            Self::Days(days) | Self::WorkingDays(days) => days,
        }
    }

    /// The same kind of amount with another number.
    pub(crate) fn with(self, number: i64) -> Self {
        match self {
            Self::Time(_) => Self::Time(SignedDuration::from_micros(number)),
            Self::Days(_) => Self::Days(number),
            Self::WorkingDays(_) => Self::WorkingDays(number),
        }
    }

    /// Whole minutes, for boards that show nothing else; `None` where days are counted.
    #[must_use]
    pub const fn minutes(self) -> Option<i64> {
        match self {
            Self::Time(time) => Some(time.as_mins()),
            Self::Days(_) | Self::WorkingDays(_) => None,
        }
    }
}

impl fmt::Display for Amount {
    /// Without its sign: `1 hour 49 minutes`, `3 working days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time(time) => {
                let seconds = time.abs().as_secs();
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                match (hours, minutes) {
                    (0, 0) => f.write_str(&Unit::Seconds.said(seconds)),
                    (0, minutes) => f.write_str(&Unit::Minutes.said(minutes)),
                    (hours, 0) => f.write_str(&Unit::Hours.said(hours)),
                    (hours, minutes) => write!(f, "{} {}", Unit::Hours.said(hours), Unit::Minutes.said(minutes)),
                }
            }
            Self::Days(days) => f.write_str(&Unit::Days.said(days.abs())),
            Self::WorkingDays(days) => f.write_str(&Unit::WorkingDays.said(days.abs())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_reads_as_people_say_it_and_never_rounds_up() {
        for (seconds, said) in [
            (0, "0 seconds"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (7_199, "1 hour 59 minutes"),
            (7_200, "2 hours"),
            (-6_540, "1 hour 49 minutes"),
        ] {
            assert_eq!(Amount::Time(SignedDuration::from_secs(seconds)).to_string(), said);
        }
        assert_eq!(Amount::of(Within::try_from("18 weeks".to_owned()).unwrap()), Amount::Days(126));
        assert_eq!(Amount::WorkingDays(-1).to_string(), "1 working day");
    }
}
