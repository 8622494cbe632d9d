//! A calendar month, as `2026-04`. Must not know of days but its first and its last.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    /// Months since January of the year 0.
    number: i32,
}

/// Not a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no month; write it as 2026-04")]
pub struct NoMonth(String);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { number: i32::from(day.year()) * 12 + i32::from(day.month()) - 1 }
    }

    /// The month so many months on.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self { number: self.number.saturating_add(months) }
    }

    /// How many months from another one to this; below zero where this is the earlier.
    #[must_use]
    pub fn since(self, other: Self) -> i32 {
        self.number - other.number
    }

    /// January is 1.
    #[must_use]
    pub fn of_year(self) -> u32 {
        self.number.rem_euclid(12).unsigned_abs() + 1
    }

    /// Whether it is December, January or February.
    #[must_use]
    pub fn is_winter(self) -> bool {
        matches!(self.of_year(), 12 | 1 | 2)
    }

    /// Its first day; the earliest day there is where it is out of the calendar.
    #[must_use]
    pub fn first_day(self) -> Date {
        let year = i16::try_from(self.number.div_euclid(12)).unwrap_or(i16::MIN);
        let month = i8::try_from(self.of_year()).unwrap_or(1);
        Date::new(year, month, 1).unwrap_or(Date::MIN)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.number.div_euclid(12), self.of_year())
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let wrong = || NoMonth(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let digits = |part: &str, many: usize| part.len() == many && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(wrong());
        }
        let (year, month): (i32, i32) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
        if !(1..=12).contains(&month) {
            return Err(wrong());
        }
        Ok(Self { number: year * 12 + month - 1 })
    }
}

impl TryFrom<String> for Month {
    type Error = NoMonth;

    fn try_from(text: String) -> Result<Self, NoMonth> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_counted_and_written() {
        let march: Month = "2027-03".parse().unwrap();
        assert_eq!(march.plus(10).to_string(), "2028-01");
        assert_eq!(march.plus(-3).to_string(), "2026-12");
        assert_eq!(march.plus(10).since(march), 10);
        assert_eq!(march.last_day().to_string(), "2027-03-31");
        assert!(march.plus(-3).is_winter() && !march.is_winter());
        assert_eq!(Month::of(march.last_day()), march);
        for wrong in ["", "2027", "2027-3", "2027-13", "2027-00", "27-03", "2027-03-01", "+027-03"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }
}
