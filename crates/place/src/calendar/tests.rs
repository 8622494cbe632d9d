//! The calendar of England as the binary carries it: known days, and rules that hold for every day.

use super::*;
use crate::Place;
use jiff::civil::date as day;
use proptest::prelude::*;
use std::sync::LazyLock;

static ENGLAND: LazyLock<Calendar> = LazyLock::new(|| Place::built_in().unwrap().calendar().clone());

#[test]
fn knows_the_moved_and_the_special_days() {
    for holiday in [
        day(2015, 12, 28),
        day(2016, 12, 27),
        day(2020, 5, 8),
        day(2020, 12, 28),
        day(2021, 12, 27),
        day(2021, 12, 28),
        day(2022, 1, 3),
        day(2022, 6, 2),
        day(2022, 6, 3),
        day(2022, 9, 19),
        day(2023, 1, 2),
        day(2023, 5, 8),
        day(2024, 3, 29),
        day(2025, 4, 21),
        day(2027, 12, 28),
        day(2028, 1, 3),
        day(2030, 4, 22),
    ] {
        assert!(ENGLAND.holiday(holiday).is_some(), "{holiday}");
        assert_eq!(ENGLAND.is_working_day(holiday), Ok(false));
    }
    for worked in [day(2020, 5, 4), day(2022, 5, 30), day(2016, 12, 28), day(2026, 11, 20)] {
        assert_eq!(ENGLAND.is_working_day(worked), Ok(true), "{worked}");
    }
}

#[test]
fn each_year_has_its_eight_and_the_special_ones() {
    for year in ENGLAND.years() {
        let count = ENGLAND.holidays().filter(|(holiday, _)| holiday.year() == year).count();
        let special = match year {
            2022 => 2,
            2023 => 1,
            _ => 0,
        };
        assert_eq!(count, 8 + special, "{year}");
    }
}

#[test]
fn counts_over_easter_and_christmas() {
    assert_eq!(ENGLAND.add_working_days(day(2016, 3, 24), 1), Ok(day(2016, 3, 29)));
    assert_eq!(ENGLAND.add_working_days(day(2016, 12, 23), 2), Ok(day(2016, 12, 29)));
    assert_eq!(ENGLAND.add_working_days(day(2016, 12, 25), 0), Ok(day(2016, 12, 28)));
    assert_eq!(ENGLAND.add_working_days(day(2016, 12, 28), 0), Ok(day(2016, 12, 28)));
}

#[test]
fn refuses_years_it_does_not_know() {
    let beyond = BeyondCalendar { year: 2031, first: 2015, last: 2030 };
    assert_eq!(ENGLAND.is_working_day(day(2031, 1, 2)), Err(beyond));
    assert_eq!(ENGLAND.add_working_days(day(2030, 12, 31), 1), Err(beyond));
    assert!(ENGLAND.add_working_days(Date::MAX, 1).is_err());
    assert!(beyond.to_string().contains("bank_holidays.toml"));
}

proptest! {
    #[test]
    fn lands_on_a_working_day_with_the_count_between(offset in 0i32..5400, count in 1u32..40) {
        let from = day(2015, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
        let to = ENGLAND.add_working_days(from, count).unwrap();
        prop_assert_eq!(ENGLAND.is_working_day(to), Ok(true));
        let between = std::iter::successors(from.tomorrow().ok(), |at| at.tomorrow().ok())
            .take_while(|at| *at <= to)
            .filter(|at| ENGLAND.is_working_day(*at) == Ok(true))
            .count();
        prop_assert_eq!(between, count as usize);
    }

    #[test]
    fn adding_twice_is_adding_the_sum(offset in 0i32..5000, first in 0u32..20, second in 1u32..20) {
        let from = day(2015, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
        let start = ENGLAND.add_working_days(from, 0).unwrap();
        let twice = ENGLAND.add_working_days(ENGLAND.add_working_days(start, first).unwrap(), second);
        prop_assert_eq!(twice, ENGLAND.add_working_days(start, first + second));
    }
}
