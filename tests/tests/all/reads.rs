//! Reading: nothing beyond the permit, and no permit without its look in the log first.

use std::sync::Arc;

use access::{Action, Asking, Denied, Purpose, Role, Subject};
use place::NhsNumber;
use record::fact::Kind;
use record::find::{Query, search};
use serde_json::json;
use store::Store;
use uuid::Uuid;
use weft_tests::people::{MARGARET, Said, bundle};
use weft_tests::samples::{reader, take};
use weft_tests::{Database, at, on_both, outside};

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn subject(role: Role) -> Subject {
    Subject {
        id: format!("test:{}", role.word()),
        name: "A. Tester".into(),
        role,
        organisation: "Test".into(),
        own: None,
        teams: match role {
            Role::Gp | Role::Receptionist => vec!["ods:P88002".to_owned()],
            _ => vec!["neighbourhood:marple".to_owned()],
        },
        assured: true,
    }
}

fn asking(subject: &Subject, purpose: Purpose) -> Asking<'_> {
    Asking { subject, purpose, at: at(1_000) }
}

/// Margaret with something of every kind, and somebody else.
fn filled(database: &Database) -> (Arc<Store>, Uuid, Uuid) {
    let store = database.open();
    let about = json!({"reference": "Patient/m1"});
    let coded =
        |kind: &str, words: &str| json!({"resourceType": kind, "id": kind, "subject": about, "code": {"text": words}});
    let words = bundle(
        "1",
        &[
            MARGARET.patient(),
            coded("Condition", "Secret problem"),
            coded("Observation", "Secret result"),
            coded("Flag", "Secret alert"),
            coded("Procedure", "Secret procedure"),
            json!({"resourceType": "AllergyIntolerance", "id": "a", "patient": about, "code": {"text": "Secret allergy"}}),
            json!({"resourceType": "DocumentReference", "id": "d", "status": "current", "subject": about, "description": "Secret letter"}),
            json!({"resourceType": "RelatedPerson", "id": "r", "patient": about, "name": [{"text": "Ruth Ashworth"}]}),
        ],
    );
    let first = take(&store, &reader("gp"), &words, at(0));
    let other = Said {
        id: "z",
        number: Some("9990002371"),
        family: "Zieliński",
        given: "Siân",
        birth: "1960-06-06",
        ..MARGARET
    };
    let second = take(&store, &reader("gp"), &other.message(), at(1));
    let person = |received: record::ingest::Received| match received.outcome {
        record::ingest::Outcome::Applied(brought) => brought.people[0],
        other => panic!("{other:?}"),
    };
    (Arc::new(store), person(first), person(second))
}

fn looks(database: &Database, allowed: bool) -> i64 {
    outside::number(database, &format!("SELECT count(*) FROM look WHERE allowed = {}", i32::from(allowed)))
}

#[test]
fn a_record_shows_what_the_permit_covers_and_nothing_more() {
    on_both(|database| {
        let (store, margaret, _) = filled(database);
        let gate = weft_tests::samples::gate(&store);
        let read = |role, purpose| {
            let by = subject(role);
            let permit = wait(gate.record(&asking(&by, purpose), margaret)).unwrap();
            store.read(|tx| record::summary::record(tx, &permit)).unwrap().unwrap()
        };
        let gp = read(Role::Gp, Purpose::DirectCare);
        assert_eq!(gp.lines.len(), 7);
        assert!(gp.withheld.is_empty());
        let reception = read(Role::Receptionist, Purpose::Administration);
        assert!(reception.lines.is_empty(), "{:?}", reception.lines);
        assert!(reception.withheld.is_empty(), "not even that there is something");
        assert!(!format!("{reception:?}").contains("Secret"));
        let social = read(Role::SocialWorker, Purpose::DirectCare);
        assert_eq!(social.withheld.into_iter().collect::<Vec<_>>(), [(Kind::Result, 1), (Kind::Document, 1)]);
        let words = format!("{:?}", social.lines);
        assert!(
            words.contains("Secret problem") && !words.contains("Secret result") && !words.contains("Secret letter")
        );
    });
}

#[test]
fn every_permit_writes_one_look_a_person_before_anything_is_read() {
    on_both(|database| {
        let (store, margaret, other) = filled(database);
        let gate = weft_tests::samples::gate(&store);
        let gp = subject(Role::Gp);
        let ask = asking(&gp, Purpose::DirectCare);
        let _permit = wait(gate.record(&ask, margaret)).unwrap();
        assert_eq!(looks(database, true), 1, "the look stands before the permit is used");
        let search_permit = wait(gate.search(&ask)).unwrap();
        assert_eq!(looks(database, true), 1, "nothing is shown by a search");
        let found =
            store.read(|tx| search(tx, &search_permit, &Query { name: "a".into(), ..Query::default() })).unwrap();
        assert!(!found.people.is_empty());
        let list = wait(gate.list(&ask, vec![margaret, other])).unwrap();
        assert_eq!(looks(database, true), 3, "one each");
        assert_eq!(store.read(|tx| record::find::identities(tx, &list)).unwrap().len(), 2);
        let who = wait(gate.looks(&ask, margaret, Vec::new())).unwrap();
        let rows = store.read(|tx| access::views::look::of_person(tx, &who, 100)).unwrap();
        let actions: Vec<Option<Action>> = rows.iter().map(|row| row.action).collect();
        assert_eq!(
            actions,
            [Some(Action::SeeLooks), Some(Action::FindPeople), Some(Action::ReadRecord)].map(Some).map(Option::flatten)
        );
        assert!(rows.iter().all(|row| row.name == "A. Tester" && row.role == Some(Role::Gp) && row.allowed));
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_refusal_is_written_down_and_shows_nothing() {
    on_both(|database| {
        let (store, margaret, _) = filled(database);
        let gate = weft_tests::samples::gate(&store);
        let mut refused = 0;
        for (role, purpose) in [
            (Role::Analyst, Purpose::DirectCare),
            (Role::Receptionist, Purpose::DirectCare),
            (Role::PrivacyOfficer, Purpose::Privacy),
            (Role::RecordsOfficer, Purpose::DataQuality),
        ] {
            let by = subject(role);
            let denied = wait(gate.record(&asking(&by, purpose), margaret));
            assert!(matches!(denied, Err(Denied::Policy(_))), "{role:?}");
            refused += 1;
            assert_eq!((looks(database, false), looks(database, true)), (refused, 0));
        }
        let analyst = subject(Role::Analyst);
        let entries = outside::number(database, "SELECT count(*) FROM log WHERE event = 'Refused'");
        assert!(wait(gate.search(&asking(&analyst, Purpose::DirectCare))).is_err());
        assert_eq!(outside::number(database, "SELECT count(*) FROM log WHERE event = 'Refused'"), entries + 1);
    });
}

#[test]
fn no_look_no_permit() {
    // The look cannot be written: then there is nothing to read with.
    let database = Database::sqlite();
    let (store, margaret, _) = filled(&database);
    outside::run(&database, "DROP TABLE look");
    let gp = subject(Role::Gp);
    let denied = wait(weft_tests::samples::gate(&store).record(&asking(&gp, Purpose::DirectCare), margaret));
    assert!(matches!(denied, Err(Denied::NotAudited(_))), "{denied:?}");
}

#[test]
fn a_search_finds_by_any_part_in_either_order() {
    on_both(|database| {
        let (store, margaret, other) = filled(database);
        let gp = subject(Role::Gp);
        let permit = wait(weft_tests::samples::gate(&store).search(&asking(&gp, Purpose::DirectCare))).unwrap();
        let find = |query: Query| store.read(|tx| search(tx, &permit, &query)).unwrap().people;
        let name = |words: &str| find(Query { name: words.into(), ..Query::default() });
        for words in
            ["Ashworth", "ashw", "Margaret", "Margaret Ashworth", "ASHWORTH, Margaret", "ashworth m", "Marg Ash"]
        {
            assert_eq!(name(words), [margaret], "{words}");
        }
        for words in ["Zielinski", "ZIELIŃSKI", "sian", "Siân Zieliński", "zielinski sian"] {
            assert_eq!(name(words), [other], "{words}");
        }
        assert!(name("Nobody").is_empty() && name("").is_empty() && name(" - , ").is_empty());
        assert!(name("Margaret Zieliński").is_empty());
        let born = |words: &str, date: &str| {
            find(Query { name: words.into(), birth_date: date.parse().ok(), nhs_number: None })
        };
        assert_eq!(born("", "1938-03-14"), [margaret]);
        assert_eq!(born("Ashworth", "1938-03-14"), [margaret]);
        assert!(born("Ashworth", "1938-03-15").is_empty());
        let number = NhsNumber::parse("999 000 2371").ok();
        assert_eq!(find(Query { nhs_number: number, ..Query::default() }), [other]);
    });
}

#[test]
fn a_withheld_address_is_nowhere_in_the_record() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gp = reader("gp");
        let practice = json!([{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"}, "display": "Marple Bridge Surgery"}]);
        let mut open = Said { id: "m1", ..MARGARET }.patient();
        open["generalPractitioner"] = practice.clone();
        open["telecom"] = json!([{"system": "phone", "value": "0161 496 0123"}]);
        let mut closed = Said { id: "m2", restricted: true, ..MARGARET }.patient();
        closed["generalPractitioner"] = practice;
        closed["address"][0]["postalCode"] = json!("SK7 7XX");
        let mut third = Said { id: "m3", postcode: "SK1 1XX", ..MARGARET }.patient();
        third["address"][0]["line"] = json!(["77 Other Street"]);
        let mut person = None;
        for (number, patient) in [open, closed, third].iter().enumerate() {
            let received = take(&store, &gp, patient.to_string().as_bytes(), at(number as i64));
            if let record::ingest::Outcome::Applied(brought) = received.outcome {
                person = Some(brought.people[0]);
            }
        }
        let root = store.read(|tx| record::views::person::root(tx, person.unwrap())).unwrap();
        let by = subject(Role::Gp);
        let gate = weft_tests::samples::gate(&store);
        let permit = wait(gate.record(&asking(&by, Purpose::DirectCare), root)).unwrap();
        let record = store.read(|tx| record::summary::record(tx, &permit)).unwrap().unwrap();
        assert!(record.identity.address_withheld);
        let list = wait(gate.list(&asking(&by, Purpose::DirectCare), vec![root])).unwrap();
        let listed = store.read(|tx| record::find::identities(tx, &list)).unwrap();
        let words = format!("{record:?} {listed:?}");
        for hint in ["Bobbin", "Other Street", "SK6", "SK7", "SK1", "Marple", "P88002", "0161"] {
            assert!(!words.contains(hint), "{hint} in {words}");
        }
    });
}
