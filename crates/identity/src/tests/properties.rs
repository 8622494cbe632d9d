//! What holds of any rows whatever, of odd words and of crowds of people who are all alike: the borough is too well-behaved for it.
//! The model is learnt once from the borough; it knows nothing of these rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::making::{self, Making};
use crate::blocking::Blocking;
use crate::constraint::Word;
use crate::desk::Desk;
use crate::index::Index;
use crate::link::{Options, link};
use crate::model::Model;
use crate::roll::{Claim, Roll};
use crate::saved::Saved;
use crate::schema::Schema;
use crate::table::Table;

static LEARNT: LazyLock<(Roll, Model, Blocking)> = LazyLock::new(|| {
    let rows = Making::new(21).rows(2_000);
    let mut table = Table::new(Schema::default(), true);
    table.read(making::csv(&rows).as_bytes()).expect("a file of ours is read");
    let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
    (table.roll, linkage.model, linkage.blocking)
});

/// What a row says, owned.
#[derive(Debug, Clone)]
struct Said([String; 7], bool);

impl Said {
    fn claim(&self) -> Claim<'_> {
        let [nhs_number, given_name, surname, sex, dob, address, postcode] = self.0.each_ref().map(String::as_str);
        Claim { nhs_number, given_name, surname, sex, dob, address, postcode, withheld: self.1, ..Claim::default() }
    }
}

/// Anything at all, now and then something that could be meant.
fn odd() -> impl Strategy<Value = Said> {
    let word = || prop_oneof!["\\PC{0,12}", "[a-zé' -]{0,10}", Just("baby".to_owned()), Just(String::new())];
    let dob = prop_oneof!["[0-9/-]{0,10}", "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]", Just(String::new())];
    let number = prop_oneof!["[0-9]{0,11}", Just("9990001006".to_owned()), Just(String::new())];
    let postcode = prop_oneof!["[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}", "\\PC{0,8}", Just("ZZ99 3VZ".to_owned())];
    (number, word(), word(), word(), dob, word(), postcode, any::<bool>()).prop_map(
        |(number, given, surname, sex, dob, address, postcode, withheld)| {
            Said([number, given, surname, sex, dob, address, postcode], withheld)
        },
    )
}

/// Somebody of a crowd in which everybody is like everybody else.
fn alike() -> impl Strategy<Value = Said> {
    let of = |values: &'static [&'static str]| prop::sample::select(values).prop_map(str::to_owned);
    (
        of(&["", "", "", "9990001006", "9990002371"]),
        of(&["margaret", "margret", "peggy", "robert", "rob", "m", ""]),
        of(&["ashford", "ashfrod", "barton", "ashford-barton"]),
        of(&["f", "m", ""]),
        of(&["1938-03-14", "1938-03-15", "1938-14-03", "1938-01-01", "1965-11-02", ""]),
        of(&["12 high road", "12 hihg road", "3 mill lane", ""]),
        of(&["sk4 1aa", "m20 2bb", "zz99 3vz", ""]),
    )
        .prop_map(|(number, given, surname, sex, dob, address, postcode)| {
            Said([number, given, surname, sex, dob, address, postcode], false)
        })
}

fn index() -> Index {
    let (roll, model, blocking) = &*LEARNT;
    Index::empty(roll, model.clone(), blocking.clone())
}

/// Feeds the crowd in some order; the place of each.
fn fed(crowd: &[Said], order: &[usize]) -> (Index, Vec<u32>) {
    let mut index = index();
    let mut places = vec![0; crowd.len()];
    for at in order {
        places[*at] = index.insert(&crowd[*at].claim(), *at as u64).0;
    }
    (index, places)
}

/// Who is with whom, by the places in the crowd.
fn people(index: &Index, places: &[u32]) -> BTreeSet<Vec<usize>> {
    let mut people: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        people.entry(index.person(*place)).or_default().push(at);
    }
    people.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_two_rows_say_neither_comes_first(one in odd(), other in odd()) {
        let (roll, model, _) = &*LEARNT;
        let mut desk = Desk::of(Saved::of(roll, model)).expect("of this version");
        let (a, b) = (desk.lay(&one.claim(), 0), desk.lay(&other.claim(), 1));
        let (there, back) = (desk.judge(a, b), desk.judge(b, a));
        prop_assert_eq!((there.pattern, there.odds.to_bits(), there.ruling), (back.pattern, back.odds.to_bits(), back.ruling));
        prop_assert!(there.odds.is_finite());
        let (why, also) = (desk.explain(a, b), desk.explain(b, a));
        prop_assert_eq!(&why, &also);
        let sum = why.before + why.household + why.bars.iter().map(|bar| bar.weight).sum::<f32>();
        prop_assert!(why.ruling.is_some() || (sum - why.odds).abs() < 0.02 || why.odds.abs() >= 40.0, "{} {}", sum, why.odds);
    }

    #[test]
    fn a_withheld_address_changes_nothing_whatever_it_is(one in odd(), other in odd(), elsewhere in odd()) {
        let (roll, model, _) = &*LEARNT;
        let mut desk = Desk::of(Saved::of(roll, model)).expect("of this version");
        let hidden = Said(one.0.clone(), true);
        let mut moved = hidden.clone();
        for part in [5, 6] {
            moved.0[part].clone_from(&elsewhere.0[part]);
        }
        let [a, b, c] = [&hidden, &moved, &other].map(|said| desk.lay(&said.claim(), 0));
        prop_assert_eq!(desk.explain(a, c), desk.explain(b, c));
        prop_assert_eq!(desk.keys(a), desk.keys(b));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_crowd_is_divided_alike_in_whatever_order_it_comes(
        (crowd, order) in prop::collection::vec(alike(), 2..24)
            .prop_flat_map(|crowd| { let order: Vec<usize> = (0..crowd.len()).collect(); (Just(crowd), Just(order).prop_shuffle()) }),
    ) {
        let (index, places) = fed(&crowd, &(0..crowd.len()).collect::<Vec<_>>());
        let (again, others) = fed(&crowd, &order);
        let found = people(&index, &places);
        prop_assert_eq!(&found, &people(&again, &others));
        for person in found {
            let numbers: BTreeSet<&str> = person.iter().map(|at| crowd[*at].0[0].as_str()).filter(|text| !text.is_empty()).collect();
            prop_assert!(numbers.len() < 2, "no weight joins two numbers, nor two rows by way of a third");
        }
    }

    #[test]
    fn decisions_are_never_crossed_come_in_any_order_and_taken_back_leave_no_trace(
        crowd in prop::collection::vec(alike(), 3..16),
        said in prop::collection::btree_map((0usize..16, 0usize..16), any::<bool>(), 1..8),
        turn in any::<prop::sample::Index>(),
    ) {
        let order: Vec<usize> = (0..crowd.len()).collect();
        let (mut index, places) = fed(&crowd, &order);
        let before = people(&index, &places);
        let mut words: BTreeMap<(u32, u32), Word> = BTreeMap::new();
        for ((one, other), same) in said {
            let (one, other) = (places[one % places.len()], places[other % places.len()]);
            if one != other {
                words.insert((one.min(other), one.max(other)), if same { Word::Same } else { Word::NotSame });
            }
        }
        let mut words: Vec<((u32, u32), Word)> = words.into_iter().collect();
        for ((one, other), word) in &words {
            index.decide(*one, *other, Some(*word));
        }
        for ((one, other), word) in &words {
            if *word == Word::NotSame {
                prop_assert_ne!(index.person(*one), index.person(*other), "kept apart, by whatever way");
            }
        }
        let decided = people(&index, &places);
        if !words.is_empty() {
            let by = turn.index(words.len());
            words.rotate_left(by);
        }
        let (mut again, _) = fed(&crowd, &order);
        for ((one, other), word) in &words {
            again.decide(*one, *other, Some(*word));
        }
        prop_assert_eq!(people(&again, &places), decided, "the order of decisions decides nothing");
        for ((one, other), _) in words {
            index.decide(one, other, None);
        }
        prop_assert_eq!(people(&index, &places), before);
    }

    #[test]
    fn one_at_a_time_is_all_at_once_in_any_borough(seed in 0u64..10_000, turn in any::<u64>(), uses_nhs_number in any::<bool>()) {
        let rows = Making::new(seed).rows(120);
        let mut table = Table::new(Schema::default(), uses_nhs_number);
        table.read(making::csv(&rows).as_bytes()).expect("a file of ours is read");
        let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|row| crate::text::mix(*row as u64 ^ turn));
        let mut index = Index::empty(&table.roll, linkage.model.clone(), linkage.blocking.clone());
        let mut places = vec![0; rows.len()];
        for at in order {
            let row = u32::try_from(at).expect("few");
            places[at] = index.insert_row(table.roll.rows()[at], table.roll.rank(row)).0;
        }
        let mut batch: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, person) in linkage.people.iter().enumerate() {
            batch.entry(*person).or_default().push(at);
        }
        prop_assert_eq!(people(&index, &places), batch.into_values().collect::<BTreeSet<_>>());
    }
}
