//! Dates, times and ages in the words people use: "11 January 1960", "Tuesday 3 March 2026 at 10:14", "3 days ago".
//! Local time is Europe/London and appears only here. Must not read the clock: "now" is an argument.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// `11 January 1960`.
#[must_use]
pub fn uk_date(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date.month()), date.year())
}

/// `Tuesday 3 March 2026 at 10:14`, in London's local time.
#[must_use]
pub fn uk_datetime(at: Timestamp) -> String {
    let local = london(at);
    format!("{} at {:02}:{:02}", uk_day(local.date()), local.hour(), local.minute())
}

/// `Tuesday 3 March 2026`.
#[must_use]
pub fn uk_day(date: Date) -> String {
    format!("{} {}", weekday(date), uk_date(date))
}

/// `March 2026`: the heading of a month in a timeline.
#[must_use]
pub fn uk_month(date: Date) -> String {
    format!("{} {}", month(date.month()), date.year())
}

/// The day it is in London at that moment.
#[must_use]
pub fn london_date(at: Timestamp) -> Date {
    london(at).date()
}

/// `10:14`, in London's local time.
#[must_use]
pub fn uk_time(at: Timestamp) -> String {
    let local = london(at);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The moment at which a day begins in London.
#[must_use]
pub fn day_begins(day: Date) -> Timestamp {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).map_or(Timestamp::MIN, |begins| begins.timestamp())
}

/// How long before `now` it was, in one unit: `just now`, `12 minutes ago`, `3 days ago`, `2 years ago`. What lies ahead
/// reads `in 3 days`, so that a source's wrong clock shows instead of hiding.
#[must_use]
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second());
    let (count, unit) = match seconds.unsigned_abs() {
        0..60 => return "just now".to_owned(),
        s @ 60..3_600 => (s / 60, "minute"),
        s @ 3_600..86_400 => (s / 3_600, "hour"),
        s if s < 60 * 86_400 => (s / 86_400, "day"),
        _ => match whole_months(then.min(now), then.max(now)) {
            months @ 0..24 => (months, "month"),
            months => (months / 12, "year"),
        },
    };
    let many = if count == 1 { "" } else { "s" };
    if seconds > 0 { format!("{count} {unit}{many} ago") } else { format!("in {count} {unit}{many}") }
}

/// Whole years lived on `on`. Somebody born on 29 February is a year older on 1 March of a common year. Zero before birth.
#[must_use]
pub fn age_years(birth: Date, on: Date) -> i16 {
    let had_birthday = (on.month(), on.day()) >= (birth.month(), birth.day());
    (on.year() - birth.year() - i16::from(!had_birthday)).max(0)
}

/// `14 March 1938 (88 years)`; for somebody who has died, the age at death: `14 March 1938 (died aged 88 years)`.
#[must_use]
pub fn birth_and_age(birth: Date, today: Date, died: Option<Date>) -> String {
    let age = age_years(birth, died.unwrap_or(today));
    let years = if age == 1 { "year" } else { "years" };
    match died {
        Some(_) => format!("{} (died aged {age} {years})", uk_date(birth)),
        None => format!("{} ({age} {years})", uk_date(birth)),
    }
}

/// A FHIR date or dateTime in words, to the precision it has: `2011`, `May 2011`, `31 May 2011`,
/// `Tuesday 31 May 2011 at 10:14`. A text that is none of these comes back as it is: nothing is lost.
#[must_use]
pub fn fhir_date(text: &str) -> String {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return uk_datetime(at);
    }
    let date = |day: &str| format!("{text}{day}").parse::<Date>();
    match text.len() {
        4 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.to_owned(),
        7 => date("-01").map_or_else(|_| text.to_owned(), uk_month),
        10 => date("").map_or_else(|_| text.to_owned(), uk_date),
        _ => text.to_owned(),
    }
}

/// Whole calendar months from one moment to a later one.
fn whole_months(earlier: Timestamp, later: Timestamp) -> u64 {
    let (from, to) = (london_date(earlier), london_date(later));
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
    u64::try_from(months - i32::from(to.day() < from.day())).unwrap_or_default()
}

fn london(at: Timestamp) -> Zoned {
    // The zone is bundled with the program; UTC is what is left if somebody builds it without.
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
}

fn month(number: i8) -> &'static str {
    match number {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

fn weekday(date: Date) -> &'static str {
    match date.weekday().to_monday_one_offset() {
        1 => "Monday",
        2 => "Tuesday",
        3 => "Wednesday",
        4 => "Thursday",
        5 => "Friday",
        6 => "Saturday",
        _ => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn dates_and_times_are_in_words_and_in_london() {
        assert_eq!(uk_date(date(1960, 1, 11)), "11 January 1960");
        assert_eq!(uk_datetime(at("2026-03-03T10:14:00Z")), "Tuesday 3 March 2026 at 10:14");
        assert_eq!(uk_datetime(at("2026-07-03T23:14:00Z")), "Saturday 4 July 2026 at 00:14", "summer time");
        assert_eq!(london_date(at("2026-07-03T23:14:00Z")), date(2026, 7, 4));
        assert_eq!(day_begins(date(2026, 7, 4)), at("2026-07-03T23:00:00Z"));
        assert_eq!(uk_time(at("2026-07-03T23:14:00Z")), "00:14");
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        assert_eq!(age_years(date(1938, 3, 14), date(2026, 3, 13)), 87);
        assert_eq!(age_years(date(1938, 3, 14), date(2026, 3, 14)), 88);
        assert_eq!(age_years(date(2004, 2, 29), date(2026, 2, 28)), 21);
        assert_eq!(age_years(date(2004, 2, 29), date(2026, 3, 1)), 22);
        assert_eq!(age_years(date(2026, 5, 1), date(2026, 3, 1)), 0);
        assert_eq!(birth_and_age(date(1938, 3, 14), date(2026, 3, 14), None), "14 March 1938 (88 years)");
        assert_eq!(
            birth_and_age(date(1938, 3, 14), date(2026, 3, 14), Some(date(2020, 1, 1))),
            "14 March 1938 (died aged 81 years)"
        );
    }

    #[test]
    fn how_long_ago_is_one_unit() {
        let now = at("2026-03-03T12:00:00Z");
        for (then, words) in [
            ("2026-03-03T11:59:30Z", "just now"),
            ("2026-03-03T11:59:00Z", "1 minute ago"),
            ("2026-03-03T11:48:00Z", "12 minutes ago"),
            ("2026-03-03T09:00:00Z", "3 hours ago"),
            ("2026-02-28T12:00:00Z", "3 days ago"),
            ("2025-12-03T12:00:00Z", "3 months ago"),
            ("2020-03-03T12:00:00Z", "6 years ago"),
            ("2026-03-06T12:00:00Z", "in 3 days"),
        ] {
            assert_eq!(ago(at(then), now), words);
        }
    }

    #[test]
    fn partial_dates_keep_their_precision_and_odd_ones_their_text() {
        for (text, words) in [
            ("2011", "2011"),
            ("2011-05", "May 2011"),
            ("2011-05-31", "31 May 2011"),
            ("2011-05-31T09:14:00Z", "Tuesday 31 May 2011 at 10:14"),
            ("2011-05-31T10:14:00+01:00", "Tuesday 31 May 2011 at 10:14"),
            ("2011-13", "2011-13"),
            ("last spring", "last spring"),
        ] {
            assert_eq!(fhir_date(text), words);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,30}") {
            let words = fhir_date(&text);
            prop_assert!(!words.is_empty() || text.trim().is_empty());
        }

        #[test]
        fn nobody_is_younger_later(birth in 0i64..30_000, first in 0i64..40_000, more in 0i64..4_000) {
            let day = |days: i64| date(1900, 1, 1).saturating_add(jiff::Span::new().days(days));
            prop_assert!(age_years(day(birth), day(first)) <= age_years(day(birth), day(first + more)));
        }
    }
}
