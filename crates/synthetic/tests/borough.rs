//! What holds of every borough: the same from the same seed, each person and each day alone, nobody acting before birth
//! or after death.

#![expect(clippy::unwrap_used, reason = "a test may stop where something is missing")]

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use place::{Place, Postcode};
use proptest::prelude::*;
use synthetic::event::{Held, What};
use synthetic::{Borough, Error, Settings};

const TODAY: Date = date(2026, 11, 2);

fn make(people: u32, seed: u64) -> Borough {
    Borough::of(&Place::built_in().unwrap(), Settings::new(people, seed, TODAY)).unwrap()
}

fn borough() -> &'static Borough {
    static BOROUGH: OnceLock<Borough> = OnceLock::new();
    BOROUGH.get_or_init(|| make(6_000, 5))
}

fn fingerprint(borough: &Borough) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut text = String::new();
    for person in borough.people() {
        text.clear();
        let events = borough.events(&person, date(2026, 9, 1)..TODAY);
        write!(text, "{} {person:?} {events:?}", person.nhs_number).unwrap();
        text.hash(&mut hasher);
    }
    hasher.finish()
}

#[test]
fn a_seed_is_a_borough_and_another_seed_another() {
    let first = fingerprint(&make(1_500, 1));
    assert_eq!(first, fingerprint(&make(1_500, 1)));
    assert_ne!(first, fingerprint(&make(1_500, 2)));
}

#[test]
fn no_two_people_share_an_nhs_number_nor_two_events_a_number() {
    let borough = borough();
    let numbers: BTreeSet<_> = borough.people().map(|person| person.nhs_number).collect();
    assert_eq!(numbers.len(), 6_000);
    assert!(numbers.iter().all(|number| number.as_str().starts_with("999")));
    let mut seen = HashSet::new();
    for person in borough.people() {
        for event in borough.events(&person, borough.settings().history_start()..date(2027, 3, 1)) {
            assert!(seen.insert(event.number), "{} {event:?}", person.number);
            assert!(event.number < 1 << 53);
        }
    }
    assert!(seen.len() > 20_000);
}

#[test]
fn a_household_shares_its_address_and_those_alone_are_alone() {
    let borough = borough();
    let mut addresses = HashSet::new();
    for household in 0..borough.households() {
        let people: Vec<_> = borough.household(household).map(|number| borough.person(number)).collect();
        let first = &people[0];
        assert!(people.iter().all(|person| person.household == household));
        assert!(people.iter().all(|person| person.address == first.address && person.moves == first.moves));
        let home = first.address.care_home.is_some();
        assert!(people.iter().all(|person| person.lives_alone == (people.len() == 1 && !home)));
        assert!(addresses.insert(format!("{} {}", first.address.line, first.address.postcode)), "{:?}", first.address);
        assert!(Postcode::parse(&first.address.postcode).is_ok());
        // Nobody under 16 lives alone, and homes are for adults.
        assert!(people.iter().any(|person| person.age_on(TODAY) >= 16), "{people:?}");
    }
}

#[test]
fn twins_share_birth_date_and_family_and_name_each_other() {
    let twins: Vec<_> = borough().people().filter(|person| person.twin.is_some()).collect();
    assert!(twins.len() >= 10, "{} in 6,000 people", twins.len());
    for person in &twins {
        let other = borough().person(person.twin.unwrap());
        assert_eq!(other.twin, Some(person.number));
        assert_eq!((other.born, &other.address, &other.practice), (person.born, &person.address, &person.practice));
        assert_eq!(other.household, person.household);
        assert_ne!(other.nhs_number, person.nhs_number);
    }
    let named = twins
        .iter()
        .filter(|person| {
            // A Polish girl is Kowalska where her brother is Kowalski.
            let stem = |name: &str| name.trim_end_matches(['i', 'a']).to_owned();
            stem(&borough().person(person.twin.unwrap()).family) == stem(&person.family)
        })
        .count();
    assert_eq!(named, twins.len());
}

#[test]
fn nothing_happens_before_birth_after_death_or_outside_the_days() {
    let (borough, mut deaths) = (borough(), 0);
    let days = date(2025, 9, 1)..date(2027, 6, 1);
    for person in borough.people() {
        assert!(person.died.is_none_or(|died| died > person.born && died >= borough.settings().history_start()));
        assert!(person.problems.iter().all(|problem| problem.since >= person.born && problem.since < TODAY));
        let events = borough.events(&person, days.clone());
        assert!(events.is_sorted_by_key(|event| event.at));
        for (place, event) in events.iter().enumerate() {
            let day = event.at.date();
            assert!(days.contains(&day) && day >= person.born, "{person:?} {event:?}");
            assert!(person.died.is_none_or(|died| day <= died), "{person:?} {event:?}");
            if let What::Stay { until, .. } = event.what {
                assert!(
                    until >= event.at && person.died.is_none_or(|died| until.date() <= died),
                    "{person:?} {event:?}"
                );
            }
            if event.what == What::Death {
                deaths += 1;
                assert_eq!(place, events.len() - 1, "death is the last thing: {events:?}");
            }
        }
    }
    assert!(deaths > 50);
}

#[test]
fn an_admission_follows_its_attendance_and_nobody_is_in_two_places() {
    let borough = borough();
    let mut joined = 0;
    for person in borough.people() {
        let events = borough.events(&person, date(2025, 11, 10)..TODAY);
        let mut bed: Option<jiff::civil::DateTime> = None;
        for event in &events {
            match &event.what {
                What::Attendance { until, stay: Some(stay), .. } if until.date() < TODAY => {
                    let follows = events.iter().find(|other| other.number == *stay);
                    // Whoever dies in the department is not admitted.
                    assert!(follows.is_some_and(|stay| stay.at == *until) || person.died.is_some(), "{event:?}");
                    joined += 1;
                }
                What::Stay { until, .. } => {
                    assert!(bed.is_none_or(|bed| event.at >= bed), "{events:?}");
                    bed = Some(*until);
                }
                What::Contact { held: Held::Seen, .. } => {
                    assert!(bed.is_none_or(|bed| event.at >= bed), "{event:?} while in bed until {bed:?}");
                }
                _ => {}
            }
        }
    }
    assert!(joined > 200, "{joined}");
}

#[test]
fn conditions_are_coded_or_not_and_found_once() {
    let borough = borough();
    let mut found = 0;
    for person in borough.people() {
        let conditions: BTreeSet<_> = person.problems.iter().map(|problem| problem.condition).collect();
        assert_eq!(conditions.len(), person.problems.len());
        for event in borough.events(&person, borough.settings().history_start()..TODAY) {
            if let What::Diagnosis { condition } = event.what {
                found += 1;
                let problem = person.problem(condition).unwrap();
                assert!(problem.coded && problem.since == event.at.date());
            }
        }
    }
    assert!(found > 100);
}

#[test]
fn what_is_wrong_with_a_place_is_said() {
    let place = Place::built_in().unwrap();
    let error = Borough::of(&place, Settings::new(2_000_000, 1, TODAY)).unwrap_err();
    assert!(matches!(error, Error::TooMany { asked: 2_000_000, .. }), "{error}");
    assert!(error.to_string().contains("ask for fewer"));
    assert!(Borough::of(&place, Settings::new(0, 1, TODAY)).is_err());
    // A handful is a borough too.
    for people in [1, 2, 7, 60] {
        let borough = make(people, 3);
        assert_eq!(borough.people().count(), people as usize);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn windows_add_up(number in 0_u32..6_000, from in 0_i64..500, first in 0_i64..200, second in 0_i64..200) {
        let borough = borough();
        let person = borough.person(number);
        let after = |days: i64| borough.settings().history_start().saturating_add(Span::new().days(days - 30));
        let (a, b, c) = (after(from), after(from + first), after(from + first + second));
        let mut parts = borough.events(&person, a..b);
        parts.extend(borough.events(&person, b..c));
        prop_assert_eq!(borough.events(&person, a..c), parts);
    }
}

#[test]
fn days_one_by_one_add_up_to_a_year() {
    let borough = borough();
    let frail: Vec<_> = borough.people().filter(|person| person.frailty > 0.3).take(12).collect();
    for person in frail {
        let (start, end) = (borough.settings().history_start(), TODAY);
        let whole = borough.events(&person, start..end);
        let mut parts = Vec::new();
        let mut day = start;
        while day < end {
            let next = day.saturating_add(1.day());
            parts.extend(borough.events(&person, day..next));
            day = next;
        }
        assert_eq!(whole, parts);
        assert!(!whole.is_empty());
    }
}

#[test]
fn every_address_lies_in_the_area_that_the_list_of_postcodes_says() {
    for seed in [1, 8] {
        let borough = make(4_000, seed);
        let postcodes = borough.postcodes();
        let place = Place::built_in().unwrap();
        let home = |text: &str| place.care_homes().iter().any(|home| home.postcode.as_str() == text);
        for (postcode, area) in &postcodes {
            assert!(place.area(area).is_some(), "{area}");
            // The inward half of a postcode never ends in these letters: no such postcode is anybody's.
            let unused = postcode.bytes().rev().take(2).any(|byte| b"CIKMOV".contains(&byte));
            assert!(unused || home(postcode), "{postcode}");
        }
        let (mut at_home, mut moved) = (0, 0);
        for person in borough.people() {
            let addresses = [Some(&person.address), person.moves.as_ref().map(|(_, to)| to)];
            for address in addresses.into_iter().flatten() {
                let area = postcodes.get(&address.postcode);
                // Homes that share a postcode share an area in the list.
                assert!(area == Some(&address.area) || address.care_home.is_some() && area.is_some(), "{address:?}");
            }
            at_home += usize::from(person.address.care_home.is_none());
            moved += usize::from(person.moves.is_some());
        }
        assert!(at_home > 3_500 && moved > 100);
    }
}

#[test]
fn somebody_is_homeless_in_every_large_borough_and_more_where_it_is_more_deprived() {
    for seed in [1, 8] {
        let borough = make(20_000, seed);
        let (mut deprived, mut others) = ((0, 0), (0, 0));
        for person in borough.people() {
            let count = if person.address.imd_decile <= 3 { &mut deprived } else { &mut others };
            count.1 += 1;
            count.0 += usize::from(person.homeless.is_some());
            assert!(person.homeless.is_none_or(|since| since < TODAY && person.address.care_home.is_none()));
        }
        assert!(deprived.0 > 3 && others.0 > 3, "{deprived:?} {others:?}");
        assert!(deprived.0 * others.1 > others.0 * deprived.1, "{deprived:?} {others:?}");
    }
}
