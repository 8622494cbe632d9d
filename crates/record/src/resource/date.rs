//! FHIR dates to the precision they were written in: `2011`, `2011-05`, `2011-05-31`, `2011-05-31T01:56:59+01:00`.
//! Ordering takes a partial date at its start and a date without an offset in Stockport's own time. A date is never
//! made more precise than its source made it.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Where a date without an offset was written.
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment on the clocks of the place.
#[must_use]
pub fn london(at: jiff::Timestamp) -> jiff::Zoned {
    at.to_zoned(LONDON.clone())
}

/// The moment at which a day begins there; `None` where no clock holds it.
#[must_use]
pub fn midnight(day: Date) -> Option<jiff::Timestamp> {
    LONDON.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

/// A FHIR `date`, `dateTime` or `instant`, read to its own precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FhirDate {
    /// The day, at the start of the month or year where only those are known.
    day: Date,
    /// How much of it was written: 1 year, 2 month, 3 day.
    parts: u8,
    /// The time of day, where written.
    time: Option<Time>,
    /// Its distance from UTC, where written.
    offset: Option<Offset>,
}

impl FhirDate {
    /// Reads what FHIR R4 permits, and a time without an offset besides (many systems write local time); else `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let year = i16::try_from(number(bytes.get(..4)?)?).ok().filter(|year| *year > 0)?;
        let partial = |month: u32, day: u32, parts: u8| {
            let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
            Some(Self { day, parts, time: None, offset: None })
        };
        if bytes.len() == 4 {
            return partial(1, 1, 1);
        }
        let month = number(after(bytes, 4, b'-', 2)?)?;
        if bytes.len() == 7 {
            return partial(month, 1, 2);
        }
        let mut date = partial(month, number(after(bytes, 7, b'-', 2)?)?, 3)?;
        if bytes.len() == 10 {
            return Some(date);
        }
        let hour = number(after(bytes, 10, b'T', 2)?)?;
        let minute = number(after(bytes, 13, b':', 2)?)?;
        let mut at = 16;
        let (mut second, mut nanosecond) = (0, 0);
        if bytes.get(at) == Some(&b':') {
            // A leap second is written 60; no clock here has one, so it is the second before.
            second = number(after(bytes, at, b':', 2)?).filter(|second| *second <= 60)?.min(59);
            at += 3;
            if bytes.get(at) == Some(&b'.') {
                let fraction: &[u8] = &bytes[at + 1..];
                let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let kept = length.min(9);
                nanosecond = number(fraction.get(..kept)?)? * 10u32.pow(u32::try_from(9 - kept).ok()?);
                at += 1 + length;
            }
        }
        date.time = Some(
            Time::new(
                i8::try_from(hour).ok()?,
                i8::try_from(minute).ok()?,
                i8::try_from(second).ok()?,
                i32::try_from(nanosecond).ok()?,
            )
            .ok()?,
        );
        date.offset = match bytes.get(at..)? {
            [] => None,
            b"Z" => Some(Offset::UTC),
            [sign @ (b'+' | b'-'), rest @ ..] if rest.len() == 5 => {
                let hours = number(rest.get(..2)?)?;
                let minutes = number(after(rest, 2, b':', 2)?)?;
                let seconds =
                    i32::try_from(hours * 3600 + minutes * 60).ok().filter(|_| hours <= 14 && minutes < 60)?;
                Some(Offset::from_seconds(if *sign == b'-' { -seconds } else { seconds }).ok()?)
            }
            _ => return None,
        };
        Some(date)
    }

    /// The calendar day, where the day was written without a time: a birth date.
    #[must_use]
    pub fn whole_day(&self) -> Option<Date> {
        (self.parts == 3 && self.time.is_none()).then_some(self.day)
    }

    /// True if a time of day was written.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// The moment it begins.
    #[must_use]
    pub fn timestamp(&self) -> Option<jiff::Timestamp> {
        let civil = DateTime::from_parts(self.day, self.time.unwrap_or(Time::midnight()));
        match self.offset {
            Some(offset) => offset.to_timestamp(civil).ok(),
            None => LONDON.to_timestamp(civil).ok(),
        }
    }

    /// In words, to its own precision and without the time: `31 May 2011`, `May 2011`, `2011`.
    #[must_use]
    pub fn plain(&self) -> String {
        let year = self.day.year();
        let month = usize::try_from(self.day.month() - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
        match self.parts {
            1 => year.to_string(),
            2 => format!("{month} {year}"),
            _ => format!("{} {month} {year}", self.day.day()),
        }
    }
}

/// The digits that follow a separator at a place.
fn after(bytes: &[u8], at: usize, separator: u8, length: usize) -> Option<&[u8]> {
    (*bytes.get(at)? == separator).then(|| bytes.get(at + 1..at + 1 + length))?
}

/// Digits only, so that `+1` and ` 1` are no numbers.
fn number(digits: &[u8]) -> Option<u32> {
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
        .then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

/// Microseconds since 1970 UTC at which a FHIR date begins, for ordering only; `None` if it is no FHIR date.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    FhirDate::parse(text)?.timestamp().map(jiff::Timestamp::as_microsecond)
}

/// A FHIR date in words (`31 May 2011`); what cannot be read is shown as it came.
#[must_use]
pub fn plain_date(text: &str) -> String {
    FhirDate::parse(text).map_or_else(|| text.to_owned(), |date| date.plain())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn partial_dates_begin_at_their_start_in_london() {
        assert_eq!(instant("1970"), Some(-3_600_000_000), "London kept summer time all through the winter of 1970");
        assert_eq!(instant("2011-01"), instant("2011-01-01T00:00:00Z"));
        assert_eq!(instant("2011-07-01"), instant("2011-06-30T23:00:00Z"), "summer time");
        assert_eq!(instant("2011-05-31T00:56:59.769+00:00"), Some(1_306_803_419_769_000));
        assert_eq!(instant("2011-07-01T09:30"), instant("2011-07-01T08:30:00Z"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "11", "2011-13", "2011-02-30", "31/05/2011", "20110531", "2011-05-31T25:00:00Z", "2011-5-1"] {
            assert_eq!(instant(text), None, "{text}");
        }
        for text in ["2011-05-31T01:00:00+1:00", "2011-05-31T", "2011-05-31 01:00:00", "0000-01-01", "2011-05-31Tä"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_no_more_precise_than_the_source() {
        assert_eq!(plain_date("2011"), "2011");
        assert_eq!(plain_date("2011-05"), "May 2011");
        assert_eq!(plain_date("2011-05-31T01:00:00Z"), "31 May 2011");
        assert_eq!(plain_date("last spring"), "last spring");
    }

    proptest! {
        #[test]
        fn order_of_text_is_order_of_instants(a in 0i64..4_000_000_000, b in 0i64..4_000_000_000) {
            let (a, b) = (jiff::Timestamp::new(a, 0).unwrap(), jiff::Timestamp::new(b, 0).unwrap());
            prop_assert_eq!(a.cmp(&b), instant(&a.to_string()).cmp(&instant(&b.to_string())));
        }

        #[test]
        fn a_shorter_date_never_sorts_after_the_longer(y in 1900i16..2100, m in 1u8..=12, d in 1u8..=28, h in 0u8..24) {
            let full = format!("{y:04}-{m:02}-{d:02}T{h:02}:59:59");
            for length in [4, 7, 10, 16] {
                prop_assert!(instant(&full[..length]).unwrap() <= instant(&full).unwrap());
            }
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".{0,40}", cut in 0usize..40) {
            let _ = instant(&text);
            let bent: String = "2011-05-31T00:56:59.769123456789+00:00".chars().take(cut).chain(text.chars()).collect();
            let _ = instant(&bent);
        }
    }
}
