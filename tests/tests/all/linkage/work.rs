//! What is done for somebody, across a join and its undoing: asks, stays, who is tied to them, what lists they stand on, what is
//! known of them. Ids stay; everything goes back to the person it was made for.

use care::ask::Act;
use care::views::ask::person_of;
use record::feed::RawMessage;
use record::ingest::{Arrival, Outcome as Became, receive};
use serde_json::json;
use store::Sql;
use weft_tests::people::bundle;
use weft_tests::samples::reader;

use super::*;
use crate::stays::{House, beds, nurse};

const BEFORE: Uuid = Uuid::from_u128(0xB1);
const BETWEEN: Uuid = Uuid::from_u128(0xB2);

static ALLERGIES: Sql = Sql::both(
    "SELECT count(*) FROM fact AS f JOIN person AS p ON p.id = f.person WHERE p.root = $1 AND f.kind = 'allergy'",
);

fn allergies(store: &Store, person: Uuid) -> i64 {
    store.read(|tx| tx.first(&ALLERGIES, &[person.into()], |row| row.int(0))).unwrap().unwrap_or_default()
}

/// The other practice's patient, and an allergy that it knows of.
fn allergic(store: &Store, index: &Arc<Weighed>) {
    let patient = Row { number: "9990002371".to_owned(), ..row("c", "Margaret", "1938-03-14") };
    let penicillin =
        json!({"system": "http://snomed.info/sct", "code": "91936005", "display": "Allergy to penicillin"});
    let allergy = json!({"resourceType": "AllergyIntolerance", "id": "c-allergy", "patient": {"reference": "Patient/c"},
        "code": {"coding": [penicillin]}});
    let raw = RawMessage { bytes: bundle("with-an-allergy", &[patient.patient(), allergy]), line: None };
    let (arrival, index) = (Arrival::of(&reader("gp"), &raw, at(4)), index.clone());
    let outcome = store.write(move |write| receive(write, &*index, &arrival)).unwrap().outcome;
    assert!(matches!(outcome, Became::Applied(_)), "{outcome:?}");
}

/// Every view row but those that say who looked: this test looks.
fn rows_but_looks(store: &Store) -> Vec<String> {
    let looks = ["look", "audit", "reader"];
    rows(store).into_iter().filter(|row| !looks.iter().any(|table| row.starts_with(table))).collect()
}

fn joined(store: &Store, index: &Arc<Weighed>, pair: Uuid) {
    if decide(store, index, pair, Verdict::Same, "a").unwrap() == Outcome::WantsAnother {
        assert_eq!(decide(store, index, pair, Verdict::Same, "b"), Ok(Outcome::Done));
    }
}

#[test]
fn asks_stays_ties_lists_and_facts_go_with_a_join_and_back_with_its_undoing() {
    on_both(|database| {
        let house = House::of(database);
        let store = house.store.clone();
        let index = weighed(&store, at(0));
        let [first, _, other] = two(&store, &index);
        allergic(&store, &index);
        let stay = house.taken(BEFORE, other);
        let whose = |ask| store.read(|tx| person_of(tx, ask)).unwrap();
        let tied = |person| house.leave(&beds(), person).is_some();
        let pair = the_pair(&store);
        let before = rows_but_looks(&store);
        let apart = || {
            assert_eq!(whose(BEFORE), Some(other), "the ask keeps its id and goes back to whom it was made for");
            assert_eq!((allergies(&store, first), allergies(&store, other)), (0, 1));
            assert!(tied(other) && !tied(first), "and so does who is tied to them");
        };
        apart();
        joined(&store, &index, pair);
        assert_eq!(whose(BEFORE), Some(first));
        assert_eq!((allergies(&store, first), allergies(&store, other)), (1, 0));
        assert!(tied(first), "whoever has the ask sees the one record");
        house.sound();
        undo(&store, &index, pair);
        apart();
        assert_eq!(rows_but_looks(&store), before, "every row of every view is as it was");
        house.sound();

        // Once more; meanwhile the ask goes on and another is made for the two as one.
        joined(&store, &index, pair);
        let leave = house.leave(&beds(), first).expect("the beds have the ask");
        house.admit(&leave, stay, 20).unwrap();
        house.act(BETWEEN, &nurse(), Act::Submit(Box::new(crate::stays::request(first))), 21).unwrap();
        undo(&store, &index, pair);
        apart();
        assert_eq!(whose(BETWEEN), Some(first), "what was made for them as one stays where it was said");
        house.sound();
    });
}
