//! What the engine knows of people: enough to slice by, nothing to find anybody with. An opaque id, and no name, number or address.

use crate::day::{Day, Span};
use crate::words::Words;

/// Sex as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Sex {
    /// Nobody said.
    #[default]
    Unknown,
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither.
    Other,
}

impl Sex {
    /// Every value in the order of its number.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Female, Self::Male, Self::Other];

    /// Reads `f`, `female`, `2` and so on; nothing given is unknown, anything else is `None`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "" | "unknown" | "u" | "not known" => Some(Self::Unknown),
            "f" | "female" | "2" => Some(Self::Female),
            "m" | "male" | "1" => Some(Self::Male),
            "o" | "other" | "9" => Some(Self::Other),
            _ => None,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "not known",
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }
}

/// One person, as the engine knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Person {
    /// Opaque; the record's own id, which no address or log line shows.
    pub id: u128,
    /// Day of birth; none where nobody said.
    pub birth: Day,
    /// Sex as recorded.
    pub sex: Sex,
    /// Ethnicity, a number of [`People::ethnicities`].
    pub ethnicity: u16,
    /// Deprivation of where they live: 1 the most deprived fifth of England to 5; 0 not known.
    pub quintile: u8,
    /// A number of [`People::neighbourhoods`].
    pub neighbourhood: u16,
    /// The system that their practice records in, a number of [`People::systems`].
    pub system: u16,
    /// On the list of one of the borough's practices.
    pub is_registered: bool,
    /// Living in the borough. Registered and resident are two populations.
    pub is_resident: bool,
}

/// Everybody, in the order of the columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// One after the other.
    pub list: Vec<Person>,
    /// Names of ethnic groups.
    pub ethnicities: Words,
    /// Names of neighbourhoods.
    pub neighbourhoods: Words,
    /// Names of record systems.
    pub systems: Words,
}

impl People {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True where there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The latest day of birth of somebody who is of an age on a day. Who was born on 29 February is a year older on 1 March.
#[must_use]
pub fn born_by(as_of: Day, age: u8) -> Day {
    if age == 0 { as_of } else { as_of.before(Span::Years(u16::from(age))) }
}

/// Whole years on a day; `None` where the birth is not known or yet to come.
#[must_use]
pub fn age(birth: Day, as_of: Day) -> Option<u8> {
    let (born, on) = (birth.date()?, as_of.date()?);
    let years = i32::from(on.year()) - i32::from(born.year());
    let is_before = (on.month(), on.day()) < (born.month(), born.day());
    u8::try_from(years - i32::from(is_before)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn somebody_is_of_an_age_from_the_day_that_says_so(as_of in 45_000u16..60_000, days in 0u16..45_000, years in 0u8..120) {
            let (birth, as_of) = (Day(as_of - days.min(as_of - 1)), Day(as_of));
            prop_assert_eq!(age(birth, as_of).unwrap() >= years, birth <= born_by(as_of, years));
        }
    }

    #[test]
    fn a_leap_day_child_is_a_year_older_on_the_first_of_march() {
        let day = |year, month, day| Day::of(jiff::civil::date(year, month, day)).unwrap();
        assert_eq!(age(day(2004, 2, 29), day(2022, 2, 28)), Some(17));
        assert_eq!(age(day(2004, 2, 29), day(2022, 3, 1)), Some(18));
        assert!(day(2004, 2, 29) > born_by(day(2022, 2, 28), 18));
        assert_eq!(age(Day::NONE, day(2022, 2, 28)), None);
        assert_eq!(age(day(2023, 1, 1), day(2022, 2, 28)), None);
    }
}
