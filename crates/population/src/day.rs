//! A day as the columns hold it: sixteen bits, from 1900 to 2079. No time of day, no zone, no clock.

use jiff::civil::Date;

/// A day: 1 is 1 January 1900. 0 is "no day given", which is before every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Day(pub u16);

const FIRST: Date = jiff::civil::date(1900, 1, 1);

impl Day {
    /// No day given.
    pub const NONE: Self = Self(0);

    /// The day of a date, or `None` outside 1900 to 2079.
    #[must_use]
    pub fn of(date: Date) -> Option<Self> {
        let days = (date - FIRST).get_days();
        u16::try_from(i64::from(days) + 1).ok().filter(|day| *day > 0).map(Self)
    }

    /// The date of a day, or `None` where none was given.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        let days = self.0.checked_sub(1)?;
        FIRST.checked_add(jiff::Span::new().days(i64::from(days))).ok()
    }

    /// The day some time before this one; the first day where that would be earlier.
    #[must_use]
    pub fn before(self, span: Span) -> Self {
        let earlier = self.date().and_then(|date| date.checked_sub(span.as_jiff()).ok()).and_then(Self::of);
        earlier.unwrap_or(Self(1))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.date().map_or(Ok(()), |date| write!(f, "{date}"))
    }
}

/// How far back a rule looks: so many days, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// `30d`
    Days(u16),
    /// `12m`
    Months(u16),
    /// `2y`
    Years(u16),
}

impl Span {
    /// Reads `30d`, `12m` or `2y`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let unit = text.chars().last()?;
        let number = text.strip_suffix(unit)?.parse::<u16>().ok().filter(|number| (1..=36_500).contains(number))?;
        match unit {
            'd' => Some(Self::Days(number)),
            'm' => Some(Self::Months(number)),
            'y' => Some(Self::Years(number)),
            _ => None,
        }
    }

    fn as_jiff(self) -> jiff::Span {
        match self {
            Self::Days(number) => jiff::Span::new().days(i64::from(number)),
            Self::Months(number) => jiff::Span::new().months(i64::from(number.min(2_400))),
            Self::Years(number) => jiff::Span::new().years(i64::from(number.min(200))),
        }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(number) => write!(f, "{number}d"),
            Self::Months(number) => write!(f, "{number}m"),
            Self::Years(number) => write!(f, "{number}y"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_day_comes_back_as_the_date_it_was() {
        for number in 1..=u16::MAX {
            let day = Day(number);
            assert_eq!(day.date().and_then(Day::of), Some(day));
        }
        assert_eq!(Day::of(date(1900, 1, 1)), Some(Day(1)));
        assert_eq!((Day::of(date(1899, 12, 31)), Day::of(date(2079, 6, 7))), (None, None));
        assert_eq!(Day::NONE.date(), None);
    }

    #[test]
    fn months_and_years_go_by_the_calendar() {
        let day = |year, month, day| Day::of(date(year, month, day)).unwrap();
        assert_eq!(day(2024, 2, 29).before(Span::Years(1)), day(2023, 2, 28));
        assert_eq!(day(2024, 3, 31).before(Span::Months(1)), day(2024, 2, 29));
        assert_eq!(day(1900, 1, 5).before(Span::Days(30)), Day(1));
        for (text, span) in [
            ("30d", Some(Span::Days(30))),
            ("2y", Some(Span::Years(2))),
            ("", None),
            ("0d", None),
            ("2 y", None),
            ("d", None),
            ("12é", None),
        ] {
            assert_eq!(Span::read(text), span, "{text}");
        }
    }
}
