//! FHIR's dates as stretches of time: what `2024-03` covers, in microseconds since 1970 UTC, from within to just outside.
//! A date or time without a zone is taken as UTC on both sides, in the resource and in the question, so that a day is always
//! found by itself; within an hour of midnight in a British summer that can put a zoned time on the day before.

use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The stretch that a `date`, `dateTime` or `instant` covers: `[low, high)`. `None` for what is none, 31 February included.
#[must_use]
pub fn stretch(written: &str) -> Option<(i64, i64)> {
    let bytes = written.as_bytes();
    let year = i16::try_from(digits(bytes, 0, 4)?).ok()?;
    match bytes.len() {
        4 => return Some((day(year, 1, 1)?, day(year.checked_add(1)?, 1, 1)?)),
        7 if bytes[4] == b'-' => {
            let month = i8::try_from(digits(bytes, 5, 2)?).ok()?;
            let (next_year, next) = if month == 12 { (year.checked_add(1)?, 1) } else { (year, month + 1) };
            return Some((day(year, month, 1)?, day(next_year, next, 1)?));
        }
        0..10 => return None,
        _ if bytes[4] != b'-' || bytes[7] != b'-' => return None,
        _ => {}
    }
    let month = i8::try_from(digits(bytes, 5, 2)?).ok()?;
    let low = day(year, month, i8::try_from(digits(bytes, 8, 2)?).ok()?)?;
    if bytes.len() == 10 {
        return Some((low, low + DAY));
    }
    if bytes[10] != b'T' || *bytes.get(13)? != b':' {
        return None;
    }
    let (hour, minute) = (digits(bytes, 11, 2)?, digits(bytes, 14, 2)?);
    if hour > 23 || minute > 59 {
        return None;
    }
    let mut at = 16;
    let mut low = low + (hour * 3_600 + minute * 60) * SECOND;
    let mut width = 60 * SECOND;
    if bytes.get(at) == Some(&b':') {
        let second = digits(bytes, 17, 2)?;
        if second > 60 {
            return None;
        }
        // A leap second counts as the last one of its minute.
        low += second.min(59) * SECOND;
        width = SECOND;
        at = 19;
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            let start = at;
            let mut unit = SECOND;
            while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
                unit /= 10;
                low += i64::from(digit - b'0') * unit;
                at += 1;
            }
            if at == start {
                return None;
            }
            width = unit.max(1);
        }
    }
    let offset = match bytes.get(at) {
        None => 0,
        Some(b'Z') if bytes.len() == at + 1 => 0,
        Some(sign @ (b'+' | b'-')) if bytes.len() == at + 6 && bytes[at + 3] == b':' => {
            let (hours, minutes) = (digits(bytes, at + 1, 2)?, digits(bytes, at + 4, 2)?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            let offset = (hours * 3_600 + minutes * 60) * SECOND;
            if *sign == b'+' { offset } else { -offset }
        }
        Some(_) => return None,
    };
    Some((low - offset, low - offset + width))
}

fn digits(bytes: &[u8], from: usize, count: usize) -> Option<i64> {
    bytes
        .get(from..from + count)?
        .iter()
        .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

/// Midnight UTC.
fn day(year: i16, month: i8, day: i8) -> Option<i64> {
    // Year 10000 is only ever the end of 9999.
    if year == 10_000 {
        return self::day(9_999, 12, 31).map(|last| last + DAY);
    }
    let since = Date::new(year, month, day).ok()?.duration_since(EPOCH);
    Some(since.as_secs() * SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_date_covers() {
        assert_eq!(stretch("1970"), Some((0, 365 * DAY)));
        assert_eq!(stretch("1970-02"), Some((31 * DAY, 59 * DAY)));
        assert_eq!(stretch("1970-01-02"), Some((DAY, 2 * DAY)));
        assert_eq!(stretch("1970-01-01T00:01Z"), Some((60 * SECOND, 120 * SECOND)));
        assert_eq!(stretch("1970-01-01T01:00:00+01:00"), Some((0, SECOND)));
        assert_eq!(stretch("1970-01-01T00:00:00.25Z"), Some((250_000, 260_000)));
        assert_eq!(stretch("1969-12-31T23:59:60Z"), Some((-SECOND, 0)));
        assert!(stretch("9999").is_some());
    }

    #[test]
    fn what_is_no_date() {
        for bad in [
            "",
            "19",
            "1970-1",
            "1970-13",
            "2023-02-31",
            "1970-01-01T",
            "1970-01-01T25:00Z",
            "1970-01-01T00:00:00.Z",
            "1970-01-01Z",
            "1970-01-01T00:00:00+1:00",
            "1970-01-01T00:00:00ZZ",
            "1970/01/01",
            "197O",
            "１９７０",
            "1970-01-01 00:00",
        ] {
            assert_eq!(stretch(bad), None, "{bad}");
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        proptest::proptest!(|(text in "[0-9T:.Z+-]{0,30}")| {
            if let Some((low, high)) = stretch(&text) {
                proptest::prop_assert!(low < high);
            }
        });
    }
}
