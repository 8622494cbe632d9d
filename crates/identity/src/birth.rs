//! Dates of birth as people write them down, and the ways in which two of one person differ. A date that no calendar has still
//! says something by its digits, so it is compared, and the reader counts it.

/// A date of birth as eight digits, `19480312`; 0 is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Birth(pub u32);

/// How two dates of birth stand to each other, nested: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum BirthLevel {
    /// One of them is not given.
    Missing = 0,
    /// The same.
    Same = 1,
    /// Day and month have changed places.
    DayMonth = 2,
    /// One digit differs, two neighbouring digits have changed places, or only the year differs and by 1, 10 or 100.
    Slip = 3,
    /// The same year, and one of them is its first of January, which many systems write for "year known only".
    FirstOfJanuary = 4,
    /// Two of year, month and day are the same.
    TwoParts = 5,
    /// Within twelve days.
    Near = 6,
    /// The same year or the same day and nothing more, or years that may be mistaken.
    Different = 7,
    /// Fifteen years or more apart and no slip: another generation.
    Generation = 8,
}

impl BirthLevel {
    /// How many levels there are.
    pub const COUNT: usize = 9;
}

/// What a text says of a date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Nothing.
    Missing,
    /// A date that a calendar has.
    Date(Birth),
    /// Eight digits that are no date, such as 31 February.
    Impossible(Birth),
    /// No date at all.
    Unreadable,
}

impl Birth {
    /// Reads `1948-03-12`, `19480312`, `12/03/1948` or `1948-03-12T00:00:00`.
    #[must_use]
    pub fn read(text: &str) -> Read {
        let text = text.trim();
        if text.is_empty() {
            return Read::Missing;
        }
        let bytes = text.as_bytes();
        let digits = |places: &[usize]| {
            places.iter().try_fold(0u32, |sum, place| {
                let byte = bytes.get(*place).copied().filter(u8::is_ascii_digit)?;
                Some(sum * 10 + u32::from(byte - b'0'))
            })
        };
        let divided = |at: usize, with: &[u8]| bytes.get(at).is_some_and(|byte| with.contains(byte));
        let number = if bytes.len() == 8 {
            digits(&[0, 1, 2, 3, 4, 5, 6, 7])
        } else if (bytes.len() == 10 || bytes.get(10) == Some(&b'T')) && divided(4, b"-/") && divided(7, b"-/") {
            digits(&[0, 1, 2, 3, 5, 6, 8, 9])
        } else if bytes.len() == 10 && divided(2, b"-/.") && divided(5, b"-/.") {
            digits(&[6, 7, 8, 9, 3, 4, 0, 1])
        } else {
            None
        };
        match number {
            None | Some(0) => Read::Unreadable,
            Some(number) if Self(number).is_possible() => Read::Date(Self(number)),
            Some(number) => Read::Impossible(Self(number)),
        }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u32 {
        self.0 / 10_000
    }

    /// The month.
    #[must_use]
    pub const fn month(self) -> u32 {
        self.0 / 100 % 100
    }

    /// The day of the month.
    #[must_use]
    pub const fn day(self) -> u32 {
        self.0 % 100
    }

    /// Month and day together.
    #[must_use]
    pub const fn month_day(self) -> u32 {
        self.0 % 10_000
    }

    fn is_possible(self) -> bool {
        let leap =
            self.year().is_multiple_of(4) && (!self.year().is_multiple_of(100) || self.year().is_multiple_of(400));
        let days = match self.month() {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => 0,
        };
        (1..=days).contains(&self.day()) && self.year() >= 1850
    }

    /// Days since the first of March of year 0 (the count of Howard Hinnant's civil calendar). Good enough for digits that are
    /// no date.
    fn days(self) -> i64 {
        let (year, month, day) = (i64::from(self.year()), i64::from(self.month()), i64::from(self.day()));
        let year = if month <= 2 { year - 1 } else { year };
        let shifted = (month + 9) % 12;
        365 * year + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 + day
    }

    /// Compares two dates of birth.
    #[must_use]
    pub fn compare(self, other: Self) -> BirthLevel {
        if self.0 == 0 || other.0 == 0 {
            return BirthLevel::Missing;
        }
        if self == other {
            return BirthLevel::Same;
        }
        let same_year = self.year() == other.year();
        if same_year && self.day() == other.month() && self.month() == other.day() {
            return BirthLevel::DayMonth;
        }
        let first = self.month_day() == 101 || other.month_day() == 101;
        let apart = self.year().abs_diff(other.year());
        // Two first days of January say nothing of the day, so a year that differs is no slip.
        let same_day = self.month_day() == other.month_day();
        let two_firsts = first && same_day;
        let slip = self.one_slip(other) || (same_day && matches!(apart, 1 | 10 | 100));
        if slip && !two_firsts {
            return BirthLevel::Slip;
        }
        if same_year && first {
            return BirthLevel::FirstOfJanuary;
        }
        let parts = u8::from(same_year) + u8::from(self.month() == other.month()) + u8::from(self.day() == other.day());
        if parts == 2 && apart < 15 && (same_year || !first) {
            return BirthLevel::TwoParts;
        }
        if self.days().abs_diff(other.days()) <= 12 {
            return BirthLevel::Near;
        }
        if apart >= 15 { BirthLevel::Generation } else { BirthLevel::Different }
    }

    /// One digit changed, or two neighbouring digits exchanged.
    fn one_slip(self, other: Self) -> bool {
        let (mut one, mut two) = (self.0, other.0);
        let mut differing = [(0u32, 0u32, 0u8); 2];
        let mut count = 0;
        for place in 0..8u8 {
            let (a, b) = (one % 10, two % 10);
            if a != b {
                if count == 2 {
                    return false;
                }
                differing[count] = (a, b, place);
                count += 1;
            }
            one /= 10;
            two /= 10;
        }
        let [(a, b, first), (c, d, second)] = differing;
        count == 1 || (second == first + 1 && a == d && b == c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_mistakes_are_recognised() {
        use BirthLevel::{Different, FirstOfJanuary, Generation, Missing, Near, Same, Slip, TwoParts};
        for (one, other, expected) in [
            (19480312, 19480312, Same),
            (19480312, 19481203, BirthLevel::DayMonth),
            (19480312, 19480313, Slip),
            (19480312, 19840312, Slip),
            (19991231, 20001231, Slip),
            (19480312, 18480312, Slip),
            (19480312, 19480101, FirstOfJanuary),
            (19480312, 19480725, Different),
            (19480312, 19480912, Slip),
            (19480312, 19481112, TwoParts),
            (19480228, 19480301, Near),
            (19480312, 19750625, Generation),
            (19480101, 19580101, Different),
            (19480312, 0, Missing),
        ] {
            assert_eq!(Birth(one).compare(Birth(other)), expected, "{one} {other}");
        }
    }

    #[test]
    fn reads_the_usual_shapes_and_says_what_is_no_date() {
        assert_eq!(Birth::read("1948-03-12"), Read::Date(Birth(19480312)));
        assert_eq!(Birth::read("19480312"), Read::Date(Birth(19480312)));
        assert_eq!(Birth::read("12/03/1948"), Read::Date(Birth(19480312)));
        assert_eq!(Birth::read("1948-03-12T00:00:00"), Read::Date(Birth(19480312)));
        assert_eq!(Birth::read("2017-02-31"), Read::Impossible(Birth(20170231)));
        assert_eq!(Birth::read("spring"), Read::Unreadable);
        assert_eq!(Birth::read("1948-03-1é"), Read::Unreadable);
        assert_eq!(Birth::read("  "), Read::Missing);
    }

    proptest! {
        #[test]
        fn comparing_is_symmetric(one in 18500000u32..20301399, other in 18500000u32..20301399) {
            prop_assert_eq!(Birth(one).compare(Birth(other)), Birth(other).compare(Birth(one)));
        }

        #[test]
        fn no_text_is_too_odd_to_read(text in ".{0,12}") {
            let _ = Birth::read(&text);
        }
    }
}
