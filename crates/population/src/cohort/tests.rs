//! Slices against counting person by person, and what standardising by age is for.

use proptest::prelude::*;

use super::*;
use crate::people::Person;
use crate::words::Words;

const AS_OF: Day = Day(46_000);

fn person(age: u16, quintile: u8, neighbourhood: u16) -> Person {
    Person { birth: AS_OF.before(crate::day::Span::Years(age.max(1))), quintile, neighbourhood, ..Person::default() }
}

fn people(list: Vec<Person>) -> People {
    People { list, neighbourhoods: Words::of(&["Heatons".into(), "Marple".into()]), ..People::default() }
}

fn bits(len: usize, is_in: impl Fn(usize) -> bool) -> Bits {
    let mut bits = Bits::none(len);
    (0..len).filter(|at| is_in(*at)).for_each(|at| bits.set(at as u32));
    bits
}

proptest! {
    #[test]
    fn every_cell_holds_those_whom_counting_one_by_one_finds(
        drawn in prop::collection::vec((1u16..99, 0u8..6, 0u16..2, any::<bool>(), any::<bool>()), 1..200)
    ) {
        let people = people(drawn.iter().map(|(age, quintile, hood, ..)| person(*age, *quintile, *hood)).collect());
        let (cohort, among) = (bits(drawn.len(), |at| drawn[at].3), bits(drawn.len(), |at| drawn[at].4));
        let grid = Grid::of(&people, AS_OF);
        let sliced = grid.slice(&cohort, &grid.base(&among));
        prop_assert_eq!(sliced.count, drawn.iter().filter(|row| row.3 && row.4).count() as u64);
        prop_assert_eq!(sliced.of, drawn.iter().filter(|row| row.4).count() as u64);
        for (slice, cells) in &sliced.slices {
            prop_assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), sliced.count);
            prop_assert_eq!(cells.iter().map(|cell| cell.of).sum::<u64>(), sliced.of);
            // What is expected of all the cells is what there is.
            let expected: f64 = cells.iter().map(|cell| cell.expected).sum();
            prop_assert!((expected - sliced.count as f64).abs() < 1e-6, "{:?}", slice);
        }
        let (_, fifths) = &sliced.slices[Slice::Deprivation.at()];
        for (fifth, cell) in fifths.iter().enumerate() {
            let own = drawn.iter().filter(|row| usize::from(row.1) == fifth && row.4);
            prop_assert_eq!(cell.of, own.clone().count() as u64);
            prop_assert_eq!(cell.count, own.filter(|row| row.3).count() as u64);
        }
    }
}

#[test]
fn two_neighbourhoods_that_differ_in_age_alone_are_equal_once_standardised() {
    // One in ten at 30 and five in ten at 80, in both; the second is older.
    let mut list = Vec::new();
    let mut members = Vec::new();
    for (hood, young, old) in [(0, 800, 200), (1, 200, 800)] {
        for (age, many, each) in [(30, young, 10), (80, old, 2)] {
            for number in 0..many {
                list.push(person(age, 1, hood));
                members.push(number % each == 0);
            }
        }
    }
    let people = people(list);
    let grid = Grid::of(&people, AS_OF);
    let sliced = grid.slice(&bits(people.len(), |at| members[at]), &grid.base(&Bits::all(people.len())));
    let (_, hoods) = &sliced.slices[Slice::Neighbourhood.at()];
    let crude: Vec<f64> = hoods.iter().map(|cell| cell.count as f64 / cell.of as f64).collect();
    assert!((crude[0] - 0.18).abs() < 1e-9 && (crude[1] - 0.42).abs() < 1e-9);
    for cell in hoods {
        assert!((cell.standardised.unwrap() - 0.30).abs() < 1e-9);
        assert!((cell.expected - cell.count as f64).abs() < 1e-9);
    }
}
