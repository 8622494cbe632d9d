//! The index by weights, durably: rows one by one end where all at once would, what was joined can be taken apart, what a steward
//! said outranks every weight, and a withheld address shows in nothing.

mod asked;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use record::linkage::Weighed;
use record::person::pair::{Refusal, Verdict, pair_id};
use record::person::{Ground, PersonIndex as _};
use record::review::{self, Outcome};
use store::{Refused, Store};
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::linkage::{Row, hear, weighed};
use weft_tests::{Database, Seeded, at, on_both, outside};

fn row(id: &str, given: &str, birth: &str) -> Row {
    Row {
        id: id.to_owned(),
        given: given.to_owned(),
        family: "Ashworth".to_owned(),
        birth: birth.to_owned(),
        sex: "female".to_owned(),
        line: "12 Cotton Road".to_owned(),
        postcode: "SK6 1AA".to_owned(),
        ..Row::default()
    }
}

fn root(store: &Store, leaf: Uuid) -> Uuid {
    store.read(|tx| record::views::person::root(tx, leaf)).unwrap()
}

fn decide(store: &Store, index: &Arc<Weighed>, pair: Uuid, verdict: Verdict, by: &str) -> Result<Outcome, Refusal> {
    let (index, by) = (index.clone(), by.to_owned());
    match store.write(move |write| review::decide(write, &*index, pair, verdict, (&by, "asked the practice"), at(900)))
    {
        Ok(outcome) => Ok(outcome),
        Err(Refused::Rules(refusal)) => Err(refusal),
        Err(Refused::Store(error)) => panic!("{error}"),
    }
}

fn undo(store: &Store, index: &Arc<Weighed>, pair: Uuid) {
    let index = index.clone();
    store.write(move |write| review::undo(write, &*index, pair, ("b", "it was wrong"), at(950))).unwrap();
}

/// Two records of one person, and a third that is like them but for its NHS number: nobody joins it by weight.
fn two(store: &Store, index: &Arc<Weighed>) -> [Uuid; 3] {
    let ours = |id: &str, number: &str| Row { number: number.to_owned(), ..row(id, "Margaret", "1938-03-14") };
    let first = hear(store, index, "gp", &ours("a", "9990001006"), at(1));
    let again = hear(store, index, "gp", &ours("b", "9990001006"), at(2));
    let other = hear(store, index, "gp", &ours("c", "9990002371"), at(3));
    [first, again, other]
}

fn the_pair(store: &Store) -> Uuid {
    let waiting = store.read(|tx| review::waiting(tx)).unwrap();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    waiting[0].id
}

/// Every view row but those that say what was decided of pairs.
fn rows(store: &Store) -> Vec<String> {
    let tables: Vec<_> = outside::view_tables().into_iter().filter(|table| table.name != "linkage_pair").collect();
    outside::dump(store, &tables, &[])
}

fn rebuilt_the_same(store: &Store) {
    let tables = outside::view_tables();
    let before = outside::dump(store, &tables, &[]);
    store.replay().unwrap();
    assert_eq!(outside::dump(store, &tables, &[]), before, "made again from the log and the record");
    assert!(store.verify(None).unwrap().findings.is_empty());
}

#[test]
fn one_person_is_joined_by_weight_and_the_event_says_why() {
    on_both(|database| {
        let store = database.open();
        let index = weighed(&store, at(0));
        let [first, again, other] = two(&store, &index);
        assert_eq!(root(&store, again), first, "the id that was theirs first");
        assert_eq!(root(&store, other), other);
        let events = store.read(|tx| store::log::stream(tx, again)).unwrap();
        let joined = events.iter().find(|entry| entry.event == "Joined").unwrap();
        for part in ["\"ground\":\"weights\"", "\"model\":1", "\"pattern\":", "date of birth", "\"household\":"] {
            assert!(joined.body.contains(part), "{part} in {}", joined.body);
        }
        rebuilt_the_same(&store);
    });
}

#[test]
fn a_join_taken_back_gives_every_row_back_under_the_earlier_ids() {
    on_both(|database| {
        let store = database.open();
        let index = weighed(&store, at(0));
        let [first, again, other] = two(&store, &index);
        let pair = the_pair(&store);
        let before = rows(&store);
        let mut outcome = decide(&store, &index, pair, Verdict::Same, "a").unwrap();
        if outcome == Outcome::WantsAnother {
            assert_eq!(decide(&store, &index, pair, Verdict::Same, "a"), Err(Refusal::SamePerson));
            outcome = decide(&store, &index, pair, Verdict::Same, "b").unwrap();
        }
        assert_eq!(outcome, Outcome::Done);
        assert_eq!([root(&store, again), root(&store, other)], [first, first]);
        rebuilt_the_same(&store);
        undo(&store, &index, pair);
        assert_eq!([root(&store, again), root(&store, other)], [first, other]);
        assert_eq!(rows(&store), before);
        rebuilt_the_same(&store);
    });
}

#[test]
fn what_a_steward_keeps_apart_no_weight_and_no_new_learning_joins() {
    on_both(|database| {
        let store = database.open();
        let index = weighed(&store, at(0));
        let [first, again, _] = two(&store, &index);
        // The two that weights joined: a steward parts them.
        let pair = pair_id(first, again);
        let weights = store.read(|tx| index.compare(tx, first, again)).unwrap().unwrap();
        let raise = record::person::pair::Command::Raise { why: record::person::pair::Why::Near, weights };
        store
            .write(move |write| write.execute::<record::person::pair::Pair>(pair, raise.clone(), "test", at(5)))
            .unwrap();
        assert_eq!(decide(&store, &index, pair, Verdict::NotSame, "a"), Ok(Outcome::Done));
        assert_ne!(root(&store, first), root(&store, again));
        // The same words again, others of the same person, and everybody looked at again.
        let again_said = Row { number: "9990001006".into(), ..row("b", "Margaret", "1938-03-14") };
        let _ = hear(&store, &index, "gp", &again_said, at(6));
        let older = Row { id: "d".into(), line: "12 Cotton Rd".into(), ..again_said };
        let _ = hear(&store, &index, "gp", &older, at(7));
        let looking = index.clone();
        store
            .write(move |write| record::linkage::look_again(write, &*looking, Uuid::nil(), 100, "test", at(8)))
            .unwrap();
        assert_ne!(root(&store, first), root(&store, again));
        rebuilt_the_same(&store);
        undo(&store, &index, pair);
        assert_eq!(root(&store, first), root(&store, again));
    });
}

/// Some rows of two households: slips, missing values, twins, a withheld address.
fn some_rows(seed: u64, count: usize) -> Vec<Row> {
    let mut draw = Seeded::new(seed);
    let given = ["Margaret", "Margret", "Susan", "Peggy", "Robert", "Rob"];
    let births = ["1938-03-14", "1938-03-15", "1965-11-02", "1938-03-14", ""];
    let numbers = ["", "", "", "9990001006", "9990002371"];
    let homes = [("12 Cotton Road", "SK6 1AA"), ("12 Coton Road", "SK6 1AA"), ("3 Mill Lane", "M20 2BB"), ("", "")];
    (0..count)
        .map(|at| {
            let (line, postcode) = homes[draw.below(homes.len())];
            Row {
                number: numbers[draw.below(numbers.len())].into(),
                family: ["Ashworth", "Ashworth", "Bartonshaw"][draw.below(3)].into(),
                line: line.into(),
                postcode: postcode.into(),
                restricted: draw.below(7) == 0,
                ..row(&format!("r{at}"), given[draw.below(given.len())], births[draw.below(births.len())])
            }
        })
        .collect()
}

/// Who is one person, by the feed's own ids.
fn partition(store: &Store, leaves: &BTreeMap<String, Uuid>) -> BTreeSet<BTreeSet<String>> {
    let mut people: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    for (id, leaf) in leaves {
        people.entry(root(store, *leaf)).or_default().insert(id.clone());
    }
    people.into_values().collect()
}

fn one_by_one(database: &Database, rows: &[Row]) -> (Store, Arc<Weighed>, BTreeMap<String, Uuid>) {
    let store = database.open();
    let index = weighed(&store, at(0));
    let mut leaves = BTreeMap::new();
    for (moment, row) in (1..).zip(rows) {
        leaves.insert(row.id.clone(), hear(&store, &index, "gp", row, at(moment)));
    }
    (store, index, leaves)
}

#[test]
fn rows_that_come_one_by_one_in_any_order_end_where_all_at_once_would() {
    property_on_both(8, &(any::<u64>(), 2usize..9), |database, (seed, count)| {
        let rows = some_rows(seed, count);
        let mut shuffled = rows.clone();
        Seeded::new(seed ^ 1).shuffle(&mut shuffled);
        // Some are corrected: what they said first was another row's words.
        let mut said = rows.clone();
        let wrong = Row { id: rows[0].id.clone(), ..rows[count - 1].clone() };
        said.insert(count / 2, wrong);
        said.push(rows[0].clone());
        let (store, index, leaves) = one_by_one(database, &said);
        let found = partition(&store, &leaves);
        let other = Database::sqlite();
        let (again, _, same) = one_by_one(&other, &shuffled);
        prop_assert_eq!(&found, &partition(&again, &same));
        // All at once: looked at again from nothing changes nobody.
        let head = store.read(|tx| store::log::head(tx)).unwrap().seq;
        store
            .write(move |write| record::linkage::look_again(write, &*index, Uuid::nil(), 100, "test", at(99)))
            .unwrap();
        prop_assert_eq!(partition(&store, &leaves), found);
        let mut people = 0;
        store
            .read(|tx| {
                store::log::walk(tx, head + 1, &mut |_, entry| {
                    people += i32::from(entry.kind == "person" && entry.event != "Disputed");
                    Ok(())
                })
            })
            .unwrap();
        prop_assert_eq!(people, 0, "no join and no split is left to do");
        let before = outside::dump(&store, &outside::view_tables(), &[]);
        store.replay().unwrap();
        prop_assert_eq!(outside::dump(&store, &outside::view_tables(), &[]), before);
        Ok(())
    });
}

#[test]
fn whatever_stewards_decide_holds_and_taking_it_all_back_gives_every_row_back() {
    property_on_both(8, &(any::<u64>(), 3usize..8), |database, (seed, count)| {
        let rows = some_rows(seed, count);
        let (store, index, leaves) = one_by_one(database, &rows);
        let before = self::rows(&store);
        let mut draw = Seeded::new(seed ^ 2);
        let waiting = store.read(|tx| review::waiting(tx)).unwrap();
        let mut decided = Vec::new();
        for pair in waiting {
            let verdict = [Verdict::Same, Verdict::NotSame, Verdict::NotSure][draw.below(3)];
            let outcome = match decide(&store, &index, pair.id, verdict, "a") {
                Ok(Outcome::WantsAnother) => decide(&store, &index, pair.id, verdict, "b"),
                outcome => outcome,
            };
            match outcome {
                Ok(Outcome::Done) => decided.push((pair.id, verdict)),
                Ok(Outcome::WantsAnother) => prop_assert!(false, "two are enough"),
                // The first of two stewards has said so, and the second may not: that stands as a proposal.
                Err(_) => decided.push((pair.id, Verdict::NotSure)),
            }
            for (id, verdict) in &decided {
                let people = store.read(|tx| review::people_of(tx, *id)).unwrap().unwrap();
                match verdict {
                    Verdict::Same => prop_assert_eq!(people[0], people[1]),
                    Verdict::NotSame => prop_assert_ne!(people[0], people[1]),
                    Verdict::NotSure => {}
                }
            }
        }
        Seeded::new(seed ^ 3).shuffle(&mut decided);
        for (pair, _) in decided {
            let index = index.clone();
            // A proposal that was refused left nothing to take back.
            let _ = store.write(move |write| review::undo(write, &*index, pair, ("b", "all back"), at(960)));
        }
        prop_assert_eq!(self::rows(&store), before);
        prop_assert_eq!(leaves.len(), count);
        Ok(())
    });
}

/// Who is one person; and of what waits who, and why, how and in what order.
type GivenOut = (BTreeSet<BTreeSet<String>>, Vec<(Vec<String>, String)>);

/// What the index gives out: who is one person, and of what waits who, why, how and in what order.
fn given_out(store: &Store, leaves: &BTreeMap<String, Uuid>) -> GivenOut {
    let name = |leaf: Uuid| leaves.iter().find(|(_, id)| **id == leaf).map(|(name, _)| name.clone()).unwrap();
    let waiting = store.read(|tx| review::waiting(tx)).unwrap();
    let told = waiting.iter().map(|pair| {
        let mut who = vec![name(pair.weights.one), name(pair.weights.other)];
        who.sort();
        let weights = format!("{:?} {} {} {:?}", pair.why, pair.weights.odds, pair.weights.pattern, pair.weights.bars);
        (who, weights)
    });
    (partition(store, leaves), told.collect())
}

#[test]
fn where_somebody_withheld_lives_shows_in_no_person_no_score_and_no_order() {
    property_on_both(8, &(any::<u64>(), 2usize..8), |database, (seed, count)| {
        let mut rows = some_rows(seed, count);
        rows[0].restricted = true;
        let (store, _, leaves) = one_by_one(database, &rows);
        let is = given_out(&store, &leaves);
        // Everybody who is that person: by any feed, also one that does not know that the address is withheld.
        let theirs = is.0.iter().find(|person| person.contains(&rows[0].id)).unwrap().clone();
        for row in rows.iter_mut().filter(|row| theirs.contains(&row.id)) {
            (row.line, row.postcode) =
                [("12 Cotton Road", "SK6 1AA"), ("9 Far Street", "SK1 9ZZ")][(seed % 2) as usize].into_strings();
        }
        let other = Database::sqlite();
        let (store, _, leaves) = one_by_one(&other, &rows);
        prop_assert_eq!(given_out(&store, &leaves), is);
        Ok(())
    });
}

trait IntoStrings {
    fn into_strings(self) -> (String, String);
}

impl IntoStrings for (&str, &str) {
    fn into_strings(self) -> (String, String) {
        (self.0.to_owned(), self.1.to_owned())
    }
}

#[test]
fn a_source_that_merges_two_whom_a_steward_keeps_apart_is_heard_by_nobody() {
    on_both(|database| {
        let store = database.open();
        let index = weighed(&store, at(0));
        let [first, _, other] = two(&store, &index);
        let pair = the_pair(&store);
        assert_eq!(decide(&store, &index, pair, Verdict::NotSame, "a"), Ok(Outcome::Done));
        let settling = index.clone();
        let after = store.write(move |write| {
            record::person::join(write, other, first, Ground::Source, "feed:gp", at(20))?;
            settling.settle(write, &[other, first], Ground::Weights, "feed:gp", at(20))
        });
        after.unwrap();
        assert_ne!(root(&store, other), root(&store, first), "even if it were joined it would not stay so");
    });
}

#[test]
fn a_word_a_learning_or_a_pair_changed_from_outside_is_found() {
    on_both(|database| {
        let store = database.open();
        let index = weighed(&store, at(0));
        two(&store, &index);
        decide(&store, &index, the_pair(&store), Verdict::NotSame, "a").unwrap();
        for table in ["linkage_row", "linkage_key", "linkage_word", "linkage_model", "linkage_pair"] {
            assert!(outside::number(database, &format!("SELECT count(*) FROM {table}")) > 0, "{table}");
            outside::run(database, &format!("DELETE FROM {table}"));
            let found = store.verify(None).unwrap().findings;
            assert!(found.iter().all(|one| one.table == table) && !found.is_empty(), "{table}: {found:?}");
            store.replay().unwrap();
        }
        outside::run(database, "UPDATE linkage_word SET word = 'other'");
        assert!(!store.verify(None).unwrap().findings.is_empty());
    });
}
