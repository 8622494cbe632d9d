//! Dates and times as the services write them, all by the clock on the wall in England. Must not read a clock.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// The zone of every service of the borough.
pub(super) fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

/// The instant of a time on the wall.
pub(super) fn instant(at: DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(at).compatible().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A time that the clock on the wall shows: the hour that is left out in March is passed over.
pub(super) fn shown(at: DateTime) -> DateTime {
    let missing = at.month() == 3 && at.day() >= 25 && at.hour() == 1 && at.weekday() == Weekday::Sunday;
    if missing { later(at, Span::new().hours(1)) } else { at }
}

/// A later time (or an earlier one); the same where no calendar reaches that far.
pub(super) fn later(at: DateTime, by: Span) -> DateTime {
    at.checked_add(by).unwrap_or(at)
}

/// Some days later (or earlier).
pub(super) fn days(date: Date, count: i64) -> Date {
    date.checked_add(Span::new().days(count)).unwrap_or(date)
}

/// Some minutes later.
pub(super) fn minutes(at: DateTime, count: i64) -> DateTime {
    later(at, Span::new().minutes(count))
}

/// `20260107143500`.
pub(super) fn hl7(at: DateTime) -> String {
    let at = shown(at);
    format!("{:04}{:02}{:02}{:02}{:02}{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second())
}

/// `20260107`.
pub(super) fn hl7_date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// `07/01/2026`.
pub(super) fn slashed(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `07/01/2026 14:35`.
pub(super) fn slashed_time(at: DateTime) -> String {
    let at = shown(at);
    format!("{} {:02}:{:02}", slashed(at.date()), at.hour(), at.minute())
}

/// `Jan`.
pub(super) fn month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS[usize::from(date.month().unsigned_abs().saturating_sub(1)).min(11)]
}

/// `2026-01-07T14:35:00Z` or with `+01:00`, as FHIR writes an instant on the wall in England.
pub(super) fn fhir(at: DateTime, zone: &TimeZone) -> String {
    let zoned = instant(at, zone).to_zoned(zone.clone());
    let local = zoned.datetime();
    let offset = if zoned.offset().seconds() == 0 { "+00:00" } else { "+01:00" };
    format!("{local}{offset}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_hour_that_is_left_out_is_never_written() {
        assert_eq!(hl7(date(2027, 3, 28).at(1, 30, 0, 0)), "20270328023000");
        assert_eq!(hl7(date(2027, 3, 21).at(1, 30, 0, 0)), "20270321013000");
        assert_eq!(fhir(date(2026, 7, 1).at(9, 0, 0, 0), &london()), "2026-07-01T09:00:00+01:00");
        assert_eq!(fhir(date(2026, 1, 1).at(9, 0, 0, 0), &london()), "2026-01-01T09:00:00+00:00");
    }
}
