//! Dates as extracts write them (`DD/MM/YYYY hh:mm`, `MMYYYY`, ISO 8601) into FHIR dates to the same precision.
//! A date is never guessed: a pattern fits whole or not at all, and the day must exist. Must not read the clock.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Year,
    Month { fixed: bool },
    MonthName,
    Day { fixed: bool },
    Hour,
    Minute,
    Second,
    Fraction,
    Literal(char),
}

/// One way a column may write a date or a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// ISO 8601: `2024`, `2024-05`, `2024-05-31`, `2024-05-31T10:20:30Z`, `2024-05-31 10:20:30`.
    Iso,
    /// Spelt out with tokens.
    Tokens(Vec<TokenSlot>),
}

/// A token, opaque outside this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TokenSlot(Token);

const TOKENS: [(&str, Token); 11] = [
    ("YYYY", Token::Year),
    ("MON", Token::MonthName),
    ("MM", Token::Month { fixed: true }),
    ("M", Token::Month { fixed: false }),
    ("DD", Token::Day { fixed: true }),
    ("D", Token::Day { fixed: false }),
    ("hh", Token::Hour),
    ("mm", Token::Minute),
    ("ss", Token::Second),
    ("f", Token::Fraction),
    ("T", Token::Literal('T')),
];

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date, or a date and time, to the precision that was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Moment {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: Option<i8>,
    minute: Option<i8>,
    second: Option<i8>,
    fraction: String,
    /// An instant with its offset, where the text had one.
    fixed: Option<Timestamp>,
}

impl Pattern {
    /// Reads a pattern such as `DD/MM/YYYY hh:mm`.
    ///
    /// # Errors
    /// A sentence naming the letters that may be used.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == "ISO" {
            return Ok(Self::Iso);
        }
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((letters, token)) = TOKENS.iter().find(|(letters, _)| rest.starts_with(letters)) {
                tokens.push(TokenSlot(token.clone()));
                rest = rest.get(letters.len()..).unwrap_or_default();
            } else if first.is_alphanumeric() {
                return Err(format!(
                    "`{text}` is not a date pattern at `{rest}`; use YYYY, MM or M, MON (Jan), DD or D, hh, mm, ss, f and signs between them, or ISO"
                ));
            } else {
                tokens.push(TokenSlot(Token::Literal(first)));
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
        if tokens.is_empty() {
            return Err("a date pattern cannot be empty".to_owned());
        }
        Ok(Self::Tokens(tokens))
    }

    /// Reads one text. `None` if it does not fit whole, or names a day or time that does not exist.
    pub(super) fn read(&self, text: &str) -> Option<Moment> {
        let moment = match self {
            Self::Iso => iso(text)?,
            Self::Tokens(tokens) => by_tokens(tokens, text)?,
        };
        moment.exists().then_some(moment)
    }
}

fn iso(text: &str) -> Option<Moment> {
    if text.len() > 10 {
        if let Ok(instant) = text.parse::<Timestamp>() {
            // The clock as it was written; after Z it is UTC's.
            let civil = text.parse::<DateTime>().unwrap_or_else(|_| TimeZone::UTC.to_datetime(instant));
            return Some(Moment { fixed: Some(instant), ..Moment::of(civil) });
        }
        return text.parse::<DateTime>().ok().map(Moment::of);
    }
    ["YYYY-MM-DD", "YYYY-MM", "YYYY"].iter().find_map(|pattern| match Pattern::parse(pattern) {
        Ok(Pattern::Tokens(tokens)) => by_tokens(&tokens, text),
        _ => None,
    })
}

fn by_tokens(tokens: &[TokenSlot], text: &str) -> Option<Moment> {
    let mut moment = Moment::default();
    let mut rest = text;
    for TokenSlot(token) in tokens {
        match token {
            Token::Literal(sign) => rest = rest.strip_prefix(*sign)?,
            Token::Year => moment.year = Some(digits(&mut rest, 4, 4)?.parse().ok()?),
            Token::Month { fixed } => moment.month = Some(digits(&mut rest, 1 + usize::from(*fixed), 2)?.parse().ok()?),
            Token::Day { fixed } => moment.day = Some(digits(&mut rest, 1 + usize::from(*fixed), 2)?.parse().ok()?),
            Token::Hour => moment.hour = Some(digits(&mut rest, 2, 2)?.parse().ok()?),
            Token::Minute => moment.minute = Some(digits(&mut rest, 2, 2)?.parse().ok()?),
            Token::Second => moment.second = Some(digits(&mut rest, 2, 2)?.parse().ok()?),
            Token::Fraction => digits(&mut rest, 1, 9)?.trim_end_matches('0').clone_into(&mut moment.fraction),
            Token::MonthName => {
                let name = rest.get(..3)?.to_ascii_lowercase();
                let index = MONTHS.iter().position(|month| *month == name)?;
                moment.month = i8::try_from(index + 1).ok();
                rest = rest.get(3..)?;
            }
        }
    }
    rest.is_empty().then_some(moment)
}

/// Takes from `least` to `most` ASCII digits off the front.
fn digits<'t>(rest: &mut &'t str, least: usize, most: usize) -> Option<&'t str> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

impl Moment {
    fn of(civil: DateTime) -> Self {
        let nanoseconds = format!("{:09}", civil.subsec_nanosecond());
        Self {
            year: Some(civil.year()),
            month: Some(civil.month()),
            day: Some(civil.day()),
            hour: Some(civil.hour()),
            minute: Some(civil.minute()),
            second: Some(civil.second()),
            fraction: nanoseconds.trim_end_matches('0').to_owned(),
            fixed: None,
        }
    }

    fn exists(&self) -> bool {
        let date = match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => Date::new(year, month, day).is_ok(),
            (Some(year), Some(month), None) => Date::new(year, month, 1).is_ok(),
            (Some(year), None, None) => Date::new(year, 1, 1).is_ok(),
            (None, None, None) => self.hour.is_some(),
            _ => false,
        };
        let time =
            jiff::civil::Time::new(self.hour.unwrap_or(0), self.minute.unwrap_or(0), self.second.unwrap_or(0), 0);
        date && time.is_ok() && (self.hour.is_some() || self.minute.is_none() && self.second.is_none())
    }

    /// This date with the time of another text.
    pub(super) fn with_time(&self, time: &Self) -> Self {
        let Self { hour, minute, second, fraction, .. } = time.clone();
        Self { hour, minute, second, fraction, fixed: None, ..self.clone() }
    }

    /// Whether a day is named (and not only a time of day).
    pub(super) fn has_date(&self) -> bool {
        self.year.is_some()
    }

    /// The FHIR date: `1938`, `1938-03`, `1938-03-14`.
    pub(super) fn date(&self) -> String {
        match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
            (Some(year), ..) => format!("{year:04}"),
            _ => String::new(),
        }
    }

    /// The FHIR date or, where a time was written, dateTime. A local time gets the offset its zone had on that day.
    pub(super) fn date_time(&self, zone: &TimeZone) -> String {
        let (Some(civil), true) = (self.civil(), self.hour.is_some()) else { return self.date() };
        let point = if self.fraction.is_empty() { "" } else { "." };
        let offset = match self.fixed {
            // The text's own offset is the distance between its clock and the instant.
            Some(instant) => {
                (civil.to_zoned(TimeZone::UTC).map(|utc| utc.timestamp().as_second() - instant.as_second()))
                    .unwrap_or(0)
            }
            None => civil.to_zoned(zone.clone()).map(|zoned| i64::from(zoned.offset().seconds())).unwrap_or(0),
        };
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.abs() / 60;
        format!(
            "{}T{:02}:{:02}:{:02}{point}{}{sign}{:02}:{:02}",
            self.date(),
            civil.hour(),
            civil.minute(),
            civil.second(),
            self.fraction,
            minutes / 60,
            minutes % 60
        )
    }

    /// The instant; a date alone is its first moment in the zone.
    pub(super) fn instant(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self.fixed {
            Some(instant) => Some(instant),
            None => self.civil()?.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp()),
        }
    }

    fn civil(&self) -> Option<DateTime> {
        let date = Date::new(self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let nanoseconds = format!("{:0<9}", self.fraction).parse().unwrap_or(0);
        let (hour, minute, second) = (self.hour.unwrap_or(0), self.minute.unwrap_or(0), self.second.unwrap_or(0));
        date.at(0, 0, 0, 0).with().hour(hour).minute(minute).second(second).subsec_nanosecond(nanoseconds).build().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<String> {
        let zone = TimeZone::get("Europe/London").unwrap();
        Pattern::parse(pattern).unwrap().read(text).map(|moment| moment.date_time(&zone))
    }

    #[test]
    fn keeps_the_precision_that_was_written() {
        assert_eq!(read("DD/MM/YYYY", "14/03/1938").unwrap(), "1938-03-14");
        assert_eq!(read("D/M/YYYY", "4/3/1938").unwrap(), "1938-03-04");
        assert_eq!(read("MMYYYY", "092001").unwrap(), "2001-09");
        assert_eq!(read("DD-MON-YYYY", "02-Nov-1936").unwrap(), "1936-11-02");
        assert_eq!(read("ISO", "2024").unwrap(), "2024");
    }

    #[test]
    fn gives_a_local_time_the_offset_of_its_day() {
        assert_eq!(read("DD/MM/YYYY hh:mm", "01/07/2024 09:05").unwrap(), "2024-07-01T09:05:00+01:00");
        assert_eq!(read("YYYY-MM-DD hh:mm:ss.f", "2024-01-01 09:05:30.250").unwrap(), "2024-01-01T09:05:30.25+00:00");
        assert_eq!(read("ISO", "2024-05-31T10:20:30-05:00").unwrap(), "2024-05-31T10:20:30-05:00");
        assert_eq!(read("ISO", "2024-05-31T10:20:30.5Z").unwrap(), "2024-05-31T10:20:30.5+00:00");
        assert_eq!(read("ISO", "2024-05-31 10:20:30").unwrap(), "2024-05-31T10:20:30+01:00");
    }

    #[test]
    fn refuses_days_that_do_not_exist_and_texts_that_do_not_fit() {
        for (pattern, text) in [
            ("DD/MM/YYYY", "31/02/2024"),
            ("DD/MM/YYYY", "14/03/38"),
            ("DD/MM/YYYY", "14/03/1938 "),
            ("DD/MM/YYYY", "3/14/1938"),
            ("hhmm", "4000"),
            ("ISO", "2024-13-01"),
        ] {
            assert_eq!(read(pattern, text), None, "{pattern} {text}");
        }
        assert!(Pattern::parse("dd/mm/yy").is_err());
    }
}
