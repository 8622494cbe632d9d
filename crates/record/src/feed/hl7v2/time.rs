//! HL7 dates and times (`20080917`, `200809171430+0100`) to FHIR text of the same precision and to an instant. A time
//! without a zone is the clock on the wall in England. Must not guess: what is no date gives a reason.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use super::message::Segment;
use crate::feed::Reason;

/// The zone of every source in the place that states none.
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));

/// A date, perhaps with a time, as a source gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// FHIR date or dateTime: `2008`, `2008-09`, `2008-09-17`, `2008-09-17T14:30:00+01:00`.
    pub text: String,
    /// The date part of it: never more than a day.
    pub date: String,
    /// The first instant it may mean, for ordering.
    pub at: Timestamp,
    /// Whether it says the time of day.
    pub timed: bool,
}

/// Reads one HL7 date and time; `None` if it is none.
#[must_use]
pub fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    let zone_at = text.find(['+', '-', 'Z']);
    let (clock, zone) = text.split_at(zone_at.unwrap_or(text.len()));
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || fraction.len() > 9 || (clock.contains('.') && fraction.is_empty()) {
        return None;
    }
    let number = |from: usize, to: usize| whole.get(from..to).and_then(|digits| digits.parse::<i8>().ok());
    let timed = match whole.len() {
        4 | 6 | 8 => false,
        10 | 12 | 14 => true,
        _ => return None,
    };
    let exact = whole.len() == 14;
    if (!exact && !fraction.is_empty()) || (!timed && !zone.is_empty()) {
        return None;
    }
    let year = whole.get(..4)?.parse::<i16>().ok().filter(|&year| year > 0)?;
    let part = |from: usize, absent: i8| if whole.len() > from { number(from, from + 2) } else { Some(absent) };
    let date = Date::new(year, part(4, 1)?, part(6, 1)?).ok()?;
    let nanos = format!("{fraction:0<9}").parse::<i32>().ok()?;
    let time = Time::new(part(8, 0)?, part(10, 0)?, part(12, 0)?, nanos).ok()?;
    let civil = DateTime::from_parts(date, time);
    let zone = if zone.is_empty() { LONDON.clone() } else { TimeZone::fixed(offset(zone)?) };
    let zoned = civil.to_zoned(zone).ok()?;
    let day = match whole.len() {
        4 => format!("{year:04}"),
        6 => format!("{year:04}-{:02}", date.month()),
        _ => date.to_string(),
    };
    let text = if timed {
        let dot = if fraction.is_empty() { "" } else { "." };
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        format!("{day}T{hour:02}:{minute:02}:{second:02}{dot}{fraction}{}", zone_text(zoned.offset()))
    } else {
        day.clone()
    };
    Some(Moment { text, date: day, at: zoned.timestamp(), timed })
}

/// `+0215`, `-08`, `Z`. Zones that no country keeps occur, so only the clock's own limits are held.
fn offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.get(1..).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
    (hours <= 14 && minutes < 60).then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

fn zone_text(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    // London kept local mean time before 1847; FHIR has no seconds in a zone.
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The moment in a field of one value; `None` if the field is empty.
///
/// # Errors
/// `bad-date` with the field's place, if something stands there that is no date. The value itself is not repeated.
pub fn moment(segment: &Segment<'_>, number: usize) -> Result<Option<Moment>, Reason> {
    let field = segment.field(number).repetition(0).component(1);
    let Some(text) = field.subcomponent(1) else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| bad_date(&segment.location(number)))
}

/// The reason for a date that is none.
pub(super) fn bad_date(location: &str) -> Reason {
    Reason::new(
        "bad-date",
        format!(
            "{location} is not a date that exists. HL7 writes dates as YYYYMMDD, with HHMM and a zone such as +0100 \
             after it if the time is known. Correct it and replay."
        ),
    )
    .at(location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_precision_and_the_odd_zone_of_the_source() {
        for (hl7, fhir, instant) in [
            ("1938", "1938", "1938-01-01T00:00:00Z"),
            ("193803", "1938-03", "1938-03-01T00:00:00Z"),
            ("19380314", "1938-03-14", "1938-03-14T00:00:00Z"),
            ("198808181126+0215", "1988-08-18T11:26:00+02:15", "1988-08-18T09:11:00Z"),
            ("20190504181205-0800", "2019-05-04T18:12:05-08:00", "2019-05-05T02:12:05Z"),
            ("20210817151943.4+0200", "2021-08-17T15:19:43.4+02:00", "2021-08-17T13:19:43.4Z"),
            ("2026070109", "2026-07-01T09:00:00+01:00", "2026-07-01T08:00:00Z"),
            ("202601010930", "2026-01-01T09:30:00+00:00", "2026-01-01T09:30:00Z"),
        ] {
            let moment = parse(hl7).unwrap();
            assert_eq!((moment.text.as_str(), moment.at.to_string().as_str()), (fhir, instant), "{hl7}");
        }
        assert_eq!(parse("198808181126+0215").unwrap().date, "1988-08-18");
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "2026-01-01",
            "20260230",
            "19700001",
            "00000000",
            "2026010125",
            "202601012460",
            "20260101+0100",
            "202",
            "20260101093000.",
            "202601010930.5",
            "20260101093000+9999",
            "20260101093000+01:00",
            "yesterday",
            "２０２６",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
