//! The steps of a list by group, against a slow obvious count, and fit to be shown.

use std::collections::BTreeSet;

use population::library::Library;
use population::people::{Sex, born_by};
use proptest::prelude::*;
use record::whole::Choices;
use uuid::Uuid;

use super::*;
use crate::held::Gathered;
use crate::make::{Counted, Made};

const AS_OF: Day = Day(46_000);

#[derive(Debug, Clone)]
struct Somebody {
    age: u8,
    female: bool,
    marple: bool,
    registered: bool,
    refuses: bool,
    /// Not on the list, or where they stand.
    state: Option<State>,
}

fn somebody() -> impl Strategy<Value = Somebody> {
    let state = prop_oneof![
        Just(None),
        Just(Some(State::Open)),
        Just(Some(State::Later)),
        Just(Some(State::Declined)),
        Just(Some(State::Accepted))
    ];
    let often = || prop::bool::weighted(0.9);
    (0u8..100, any::<bool>(), often(), often(), prop::bool::weighted(0.1), state).prop_map(
        |(age, female, marple, registered, refuses, state)| Somebody {
            age,
            female,
            marple,
            registered,
            refuses,
            state,
        },
    )
}

fn held(people: &[Somebody]) -> (Held, Vec<Listed>) {
    let (mut gathered, mut choices, mut listed) = (Gathered::default(), Choices::default(), Vec::new());
    for (number, one) in (1u128..).zip(people) {
        let root = Uuid::from_u128(number);
        let traits = Counted {
            birth: born_by(AS_OF, one.age),
            sex: if one.female { Sex::Female } else { Sex::Male },
            neighbourhood: if one.marple { "Marple" } else { "Victoria" }.to_owned(),
            is_registered: one.registered,
            ..Counted::default()
        };
        gathered.take(root, Made { traits: Some(traits), ..Made::default() }).unwrap();
        if one.refuses {
            choices.refused.push(root);
        }
        listed.extend(one.state.map(|state| Listed {
            found: root,
            person: root,
            now: true,
            because: Vec::new(),
            state,
            decided: None,
            words: String::new(),
            who: String::new(),
        }));
    }
    (Held::of(gathered, Library::default(), choices, Vec::new(), 1).unwrap(), listed)
}

fn cells(told: &Told, slice: Slice) -> Option<Vec<(String, Rounded)>> {
    let (_, cells) = told.slices.iter().find(|(one, _)| *one == slice)?;
    Some(cells.as_ref()?.iter().map(|cell| (cell.name.clone(), cell.count)).collect())
}

proptest! {
    #[test]
    fn every_step_is_counted_among_those_registered_here_and_rounded(people in prop::collection::vec(somebody(), 0..120)) {
        let (held, listed) = held(&people);
        let cascade = Registered::of(&held, Some("Marple"), AS_OF).cascade(&listed);
        let here = |one: &&Somebody| one.marple && one.registered && !one.refuses;
        let count = |is_wanted: &dyn Fn(State) -> bool| {
            people.iter().filter(here).filter(|one| one.state.is_some_and(is_wanted)).count() as u64
        };
        let registered = people.iter().filter(here).count() as u64;
        let accepted = |state| state == State::Accepted;
        for (told, wanted) in [
            (&cascade.found, count(&|_| true)),
            (&cascade.decided, count(&|state| accepted(state) || state == State::Declined)),
            (&cascade.taken, count(&accepted)),
        ] {
            prop_assert_eq!((told.count, told.of), (Rounded::of(wanted), Rounded::of(registered)));
        }
        prop_assert_eq!(cascade.taken_of_found.of, Rounded::of(count(&|_| true)));
        prop_assert_eq!(cascade.is_too_small(), count(&|_| true) < 8);
        if let Some(cells) = cells(&cascade.found, Slice::Sex) {
            for (name, shown) in cells {
                let of = |one: &&Somebody| here(one) && one.state.is_some() && (name == "female") == one.female;
                prop_assert_eq!(shown, Rounded::of(people.iter().filter(of).count() as u64));
            }
        }
    }
}

#[test]
fn a_group_that_is_found_less_than_its_ages_lead_one_to_expect_is_named_and_chance_is_not() {
    let one = |female: bool, found: bool| Somebody {
        age: 80,
        female,
        marple: true,
        registered: true,
        refuses: false,
        state: found.then_some(State::Open),
    };
    let borough = |women: usize, men: usize| {
        let of = |female: bool, found: usize| (0..200).map(move |number| one(female, number < found));
        let (held, listed) = held(&of(true, women).chain(of(false, men)).collect::<Vec<_>>());
        let named = fewer(&Registered::of(&held, None, AS_OF).cascade(&listed).found);
        named.into_iter().collect::<BTreeSet<_>>()
    };
    assert_eq!(borough(20, 80), BTreeSet::from([(Slice::Sex, "female".to_owned())]));
    assert_eq!(borough(50, 55), BTreeSet::new());
}
