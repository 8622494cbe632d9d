//! What is shown of counts: nothing small, nothing that gives it away, nothing finer than the counts themselves.

use proptest::prelude::*;

use super::*;
use crate::bits::Bits;
use crate::cohort::Grid;
use crate::day::{Day, Span};
use crate::people::{People, Person};
use crate::words::Words;

const AS_OF: Day = Day(46_000);

/// Age, fifth, neighbourhood, whether in the cohort; so many times.
type Drawn = (u16, u8, u16, bool, usize);

fn sliced(drawn: &[Drawn]) -> Sliced {
    let (mut list, mut members) = (Vec::new(), Vec::new());
    for (age, quintile, neighbourhood, is_in, many) in drawn {
        for _ in 0..*many {
            let birth = AS_OF.before(Span::Years((*age).max(1)));
            list.push(Person { birth, quintile: *quintile, neighbourhood: *neighbourhood, ..Person::default() });
            members.push(*is_in);
        }
    }
    let neighbourhoods = Words::of(&["Heatons".into(), "Marple".into(), "Werneth".into()]);
    let people = People { list, neighbourhoods, ..People::default() };
    let grid = Grid::of(&people, AS_OF);
    let mut cohort = Bits::none(people.len());
    (0u32..).zip(&members).filter(|(_, is_in)| **is_in).for_each(|(at, _)| cohort.set(at));
    grid.slice(&cohort, &grid.base(&Bits::all(people.len())))
}

fn cells(told: &Told, wanted: Slice) -> Option<&Vec<ToldCell>> {
    told.slices.iter().find(|(slice, _)| *slice == wanted)?.1.as_ref()
}

#[test]
fn no_small_count_is_shown_nor_what_would_give_it_away() {
    let told = told(&sliced(&[
        (40, 1, 0, true, 100),
        (40, 1, 0, false, 800),
        (40, 1, 1, true, 3),
        (40, 1, 1, false, 400),
        (40, 1, 2, false, 50),
    ]));
    assert_eq!((told.count, told.of), (Rounded::About(105), Rounded::About(1_355)));
    let cells = cells(&told, Slice::Neighbourhood).unwrap();
    let counts: Vec<Rounded> = cells.iter().map(|cell| cell.count).collect();
    assert_eq!(counts, [Rounded::About(100), Rounded::Few, Rounded::Nought], "none is shown as none");
    assert_eq!((cells[1].percent, cells[1].standardised, cells[1].ratio), (None, None, None));
    assert_eq!((cells[2].percent, cells[2].of), (Some(0.0), Rounded::About(50)));
    // Seven and seven under about 15 could only be six or seven each.
    let told = super::told(&sliced(&[(40, 1, 0, true, 7), (40, 1, 1, true, 7), (40, 1, 2, false, 100)]));
    assert_eq!(told.slices.iter().find(|(slice, _)| *slice == Slice::Neighbourhood).unwrap().1, None);
}

#[test]
fn all_but_a_few_is_told_no_nearer_than_five() {
    let told = told(&sliced(&[(40, 1, 0, true, 398), (40, 1, 0, false, 2), (40, 1, 1, false, 400)]));
    let cells = cells(&told, Slice::Neighbourhood).unwrap();
    assert_eq!((cells[0].count, cells[0].of), (Rounded::About(400), Rounded::About(400)));
    assert_eq!(
        told,
        super::told(&sliced(&[(40, 1, 0, true, 400), (40, 1, 1, false, 400)])),
        "two outside or none look the same"
    );
}

#[test]
fn two_neighbourhoods_that_differ_in_age_alone_are_equal_once_standardised_from_rounded_counts() {
    // One in ten at 30 and five in ten at 80, in both; the second is older, and nobody there is 90 or a child.
    let told = told(&sliced(&[
        (30, 1, 0, true, 80),
        (30, 1, 0, false, 720),
        (80, 1, 0, true, 100),
        (80, 1, 0, false, 100),
        (30, 1, 1, true, 20),
        (30, 1, 1, false, 180),
        (80, 1, 1, true, 400),
        (80, 1, 1, false, 400),
    ]));
    let cells = cells(&told, Slice::Neighbourhood).unwrap();
    let crude: Vec<f64> = cells.iter().filter_map(|cell| cell.percent).collect();
    assert!((crude[0] - 18.0).abs() < 1e-9 && (crude[1] - 42.0).abs() < 1e-9, "{crude:?}");
    for cell in cells {
        assert!((cell.standardised.unwrap() - 30.0).abs() < 1e-9, "{cell:?}");
        assert!((cell.ratio.unwrap().value - 1.0).abs() < 1e-9, "{cell:?}");
    }
    assert!(self::cells(&told, Slice::Age).unwrap().iter().all(|cell| cell.standardised.is_none()));
}

#[test]
fn an_age_with_few_people_in_a_slice_goes_with_the_next_and_gives_no_wild_share() {
    // One person of ninety in the second neighbourhood, and they are in the cohort.
    let told = told(&sliced(&[
        (40, 1, 0, true, 100),
        (40, 1, 0, false, 900),
        (95, 1, 0, true, 50),
        (95, 1, 0, false, 450),
        (40, 1, 1, true, 100),
        (40, 1, 1, false, 900),
        (95, 1, 1, true, 1),
    ]));
    let cells = cells(&told, Slice::Neighbourhood).unwrap();
    assert!((cells[1].standardised.unwrap() - 10.0).abs() < 1.0, "{:?}", cells[1]);
}

#[test]
fn byars_limits_are_those_of_the_textbook() {
    // Breslow and Day 1987, volume II, page 69 and after: 10 observed, 95 % from 4.79 to 18.39.
    let found = ratio_of(10, 1.0).unwrap();
    assert!((found.lower - 4.79).abs() < 0.01 && (found.upper - 18.39).abs() < 0.01, "{found:?}");
    assert_eq!(ratio_of(0, 2.0).unwrap().lower, 0.0);
    assert_eq!(ratio_of(3, 0.0), None);
}

#[test]
fn carers_of_whom_four_in_ten_are_coded() {
    let found = gap(3_930, 100_000, 0.094).unwrap();
    assert_eq!(found.not_coded, Some(Rounded::About(5_470)));
    assert!((found.found.unwrap() - 0.418).abs() < 0.001);
    assert_eq!(gap(3, 100_000, 0.094).unwrap().found, None, "three are not told by their share");
    assert_eq!(gap(0, 100_000, 0.094).unwrap().found, Some(0.0));
    for share in [0.0, -1.0, 1.1, f64::NAN] {
        assert_eq!(gap(3_930, 100_000, share), None);
    }
}

proptest! {
    #[test]
    fn two_cohorts_whose_rounded_counts_are_the_same_look_the_same(
        drawn in prop::collection::vec((1u16..99, 1u8..6, 0u16..3, any::<bool>(), 0usize..40), 1..12),
        at in 0usize..12,
    ) {
        // One person more, where no count of any age and slice is rounded otherwise for it: then nothing at all may differ.
        let mut other = drawn.clone();
        let at = at % other.len();
        other[at].4 += 1;
        let (one, two) = (sliced(&drawn), sliced(&other));
        let seen = |sliced: &Sliced| -> Vec<Rounded> {
            let cells = sliced.slices.iter().flat_map(|(_, cells)| cells);
            let of_ages = |cell: &Cell| cell.ages.iter().flat_map(|(inside, all)| [u64::from(*inside), u64::from(*all)]).chain([cell.count, cell.of]).collect::<Vec<_>>();
            cells.flat_map(of_ages).chain([sliced.count, sliced.of]).map(Rounded::of).collect()
        };
        if seen(&one) == seen(&two) {
            prop_assert_eq!(told(&one), told(&two));
        }
    }

    #[test]
    fn what_is_told_is_the_count_as_it_is_rounded_and_shares_lie_between_none_and_all(
        drawn in prop::collection::vec((1u16..99, 1u8..6, 0u16..3, any::<bool>(), 0usize..60), 1..12),
    ) {
        let sliced = sliced(&drawn);
        let told = told(&sliced);
        prop_assert_eq!((told.count, told.of), (Rounded::of(sliced.count), Rounded::of(sliced.of)));
        for ((slice, cells), (_, exact)) in told.slices.iter().zip(&sliced.slices) {
            let Some(cells) = cells else { continue };
            for (cell, exact) in cells.iter().zip(exact.iter().filter(|cell| cell.of > 0)) {
                prop_assert_eq!((cell.count, cell.of), (Rounded::of(exact.count), Rounded::of(exact.of)), "{:?}", slice);
                for share in [cell.percent, cell.standardised].into_iter().flatten() {
                    prop_assert!((0.0..=100.0 + 1e-9).contains(&share), "{cell:?}");
                }
            }
        }
    }
}
