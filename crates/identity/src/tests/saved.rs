//! A model that was kept says the same of every pair as the one that was learnt.

use super::making::{self, Making};
use crate::blocking::stable_keys;
use crate::cluster::Judge as _;
use crate::desk::{Desk, found};
use crate::link::{Bench, Options, link};
use crate::pattern::Comparer;
use crate::roll::Claim;
use crate::saved::Saved;
use crate::schema::Schema;
use crate::table::Table;

fn claim(row: &making::Person) -> Claim<'_> {
    Claim {
        nhs_number: &row.nhs_number,
        given_name: &row.given_name,
        surname: &row.surname,
        sex: &row.sex,
        dob: &row.dob,
        address: &row.address_1,
        postcode: &row.postcode,
        ..Claim::default()
    }
}

#[test]
fn a_kept_model_judges_as_the_learnt_one_did() {
    let rows = Making::new(4).rows(2_000);
    let mut table = Table::new(Schema::default(), true);
    table.read(making::csv(&rows).as_bytes()).expect("a file of ours is read");
    let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
    let mut desk = Desk::of(Saved::of(&table.roll, &linkage.model)).expect("of this version");
    assert_eq!(desk.threshold().to_bits(), linkage.model.threshold.to_bits());
    // In the reverse order, so that no number is what it was.
    let places: Vec<u32> = rows.iter().rev().map(|row| desk.lay(&claim(row), 0)).collect();
    let place = |row: u32| places[places.len() - 1 - row as usize];
    let mut comparer = Comparer::default();
    let mut bench = Bench::new(&table.roll, &linkage.model, &linkage.rates, &mut comparer);
    let (mut likely, mut others) = (0, 0);
    let beside = (1..2_000u32).map(|row| (row - 1, row));
    for (one, other) in linkage.pairs.iter().map(|pair| (pair.one, pair.other)).chain(beside) {
        let (was, is) = (bench.judge(one, other), desk.judge(place(one), place(other)));
        assert_eq!((was.pattern, was.odds.to_bits(), was.ruling), (is.pattern, is.odds.to_bits(), is.ruling));
        likely += u32::from(was.odds >= desk.threshold());
        others += u32::from(was.odds < 0.0);
    }
    assert!(likely > 1_000 && others > 1_000, "{likely} likely, {others} not");
    for (row, person) in (0u32..).zip(&rows) {
        let here = stable_keys(&table.roll, &table.roll.rows()[row as usize]);
        assert_eq!(here, desk.keys(place(row)), "keys follow from words");
        assert_eq!(here, found(&claim(person)).keys);
    }
    // What lay there before makes no difference.
    let first = desk.explain(place(0), place(1));
    desk.clear();
    let (one, other) = (desk.lay(&claim(&rows[0]), 0), desk.lay(&claim(&rows[1]), 0));
    assert_eq!(desk.explain(one, other), first);
}

#[test]
fn pairs_that_are_joined_share_a_key_that_can_be_kept() {
    let rows = Making::new(5).rows(2_000);
    let mut table = Table::new(Schema::default(), true);
    table.read(making::csv(&rows).as_bytes()).expect("a file of ours is read");
    let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
    let keys: Vec<Vec<u64>> = table.roll.rows().iter().map(|row| stable_keys(&table.roll, row)).collect();
    let joined: Vec<_> = linkage.pairs.iter().take_while(|pair| pair.odds >= linkage.model.threshold).collect();
    let found =
        joined.iter().filter(|pair| keys[pair.one as usize].iter().any(|key| keys[pair.other as usize].contains(key)));
    let found = found.count();
    assert!(found * 1000 >= joined.len() * 995, "{found} of {}", joined.len());
}

#[test]
fn a_home_is_known_by_its_words_and_a_withheld_one_by_nothing() {
    let home = |address, postcode, withheld| found(&Claim { address, postcode, withheld, ..Claim::default() }).home;
    let here = home("12 High Road", "SK4 1AA", false);
    assert!(here.is_some());
    assert_eq!(here, home("12, high road", "sk41aa", false), "however it is written");
    assert_ne!(here, home("13 High Road", "SK4 1AA", false));
    for (address, postcode, withheld) in [
        ("12 High Road", "SK4 1AA", true),
        ("12 High Road", "", false),
        ("", "SK4 1AA", false),
        ("none", "ZZ99 3VZ", false),
    ] {
        assert_eq!(home(address, postcode, withheld), None, "{address} {postcode}");
    }
}
