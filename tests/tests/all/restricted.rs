//! What the law restricts: kept out of the record by every door unless its source marks that sharing it is lawful, with words
//! that tell nobody what it is.

use access::{Action, Asking, Purpose, Role, Subject};
use proptest::prelude::*;
use record::ingest::{Arrival, LEGALLY_RESTRICTED, Outcome, replay};
use record::interaction::Read;
use record::message::Refusal;
use record::sensitivity::{LAWFUL, SHARING};
use serde_json::{Value, json};
use store::{Refused, Store};
use weft_tests::api::{Api, refusal};
use weft_tests::database::property_on_both;
use weft_tests::people::{MARGARET, bundle};
use weft_tests::samples::{INDEX, demo, reader, take};
use weft_tests::{Database, at, on_both, outside};

/// A word that stands only in what is restricted, and its code.
const WORDS: &str = "Zyzzyva clinic";

/// A condition: 0 ordinary, 1 sensitive, 2 restricted, 3 restricted and marked.
fn condition(id: &str, sort: u8) -> Value {
    let code = ["J45.9", "O04.9", "N98.1", "F64.0"][usize::from(sort % 4)];
    let mut value = json!({
        "resourceType": "Condition", "id": id, "subject": {"reference": "Patient/m1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}], "text": if sort < 2 { "Seen" } else { WORDS }},
    });
    if sort == 3 {
        value["meta"] = json!({"security": [{"system": SHARING, "code": LAWFUL}]});
    }
    value
}

fn rows(database: &Database, table: &str) -> i64 {
    outside::number(database, &format!("SELECT count(*) FROM {table}"))
}

/// Received, applied, duplicates, quarantined of a feed; checked to add up, and the database to agree with itself.
fn tally(store: &Store, feed: &str) -> [i64; 4] {
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let tallies = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap();
    let ever = tallies.into_iter().find(|tally| tally.feed == feed).map(|tally| tally.ever).unwrap_or_default();
    assert_eq!(ever.received, ever.applied + ever.duplicates + ever.quarantined);
    [ever.received, ever.applied, ever.duplicates, ever.quarantined]
}

#[test]
fn nothing_restricted_reaches_the_record_unless_it_is_marked() {
    let sorts = proptest::collection::vec(0..4_u8, 0..5);
    property_on_both(24, &sorts, |database, sorts| {
        let store = database.open();
        let mut resources = vec![MARGARET.patient()];
        resources.extend(sorts.iter().enumerate().map(|(at, sort)| condition(&format!("c{at}"), *sort)));
        let received = take(&store, &reader("gp"), &bundle("1", &resources), at(0));
        let barred = sorts.contains(&2);
        match received.outcome {
            Outcome::Quarantined(reason) => {
                prop_assert!(barred);
                prop_assert_eq!(&reason.code, LEGALLY_RESTRICTED);
                prop_assert_eq!(&reason.location, &None);
                for table in ["resource", "fact", "search_resource", "search_term", "search_text", "demographic"] {
                    prop_assert_eq!(rows(database, table), 0, "{}", table);
                }
                prop_assert_eq!(tally(&store, "gp"), [1, 0, 0, 1]);
            }
            Outcome::Applied(_) => {
                prop_assert!(!barred);
                for (number, sort) in [(0, 0), (1, 1), (2, 3)] {
                    let wanted = i64::try_from(sorts.iter().filter(|one| **one == sort).count()).unwrap();
                    let words = format!("SELECT count(*) FROM fact WHERE sensitivity = {number}");
                    prop_assert_eq!(outside::number(database, &words), wanted);
                }
                prop_assert_eq!(tally(&store, "gp"), [1, 1, 0, 0]);
            }
            Outcome::Duplicate(_) => prop_assert!(false),
        }
        Ok(())
    });
}

#[test]
fn every_format_goes_by_the_same_lists() {
    on_both(|database| {
        let store = database.open();
        let all = demo();
        let row = all.iter().find(|sample| String::from_utf8_lossy(&sample.raw.bytes).contains(",84114007,")).unwrap();
        let csv = String::from_utf8_lossy(&row.raw.bytes).replace(",84114007,", ",76272004,");
        let hl7 = std::fs::read_to_string(weft_tests::samples::folder().join("hl7v2/ADT-A01-01.hl7")).unwrap();
        let hl7 = hl7.replace("422504002^Ischemic stroke(disorder)^SCT", "A51.0^Zyzzyva clinic^I10");
        for (feed, words, when) in [(row.reader.feed().id.to_string(), csv, 0), ("hospital".to_owned(), hl7, 1)] {
            let received = take(&store, &reader(&feed), words.as_bytes(), at(when));
            assert!(
                matches!(&received.outcome, Outcome::Quarantined(reason) if reason.code == LEGALLY_RESTRICTED),
                "{feed}: {:?}",
                received.outcome
            );
            assert_eq!(tally(&store, &feed), [1, 0, 0, 1]);
        }
        assert_eq!(rows(database, "resource"), 0);
    });
}

fn officer() -> Subject {
    Subject {
        id: "test:records-officer".into(),
        name: "R. Officer".into(),
        role: Role::RecordsOfficer,
        organisation: "Test".into(),
        own: None,
        teams: Vec::new(),
        assured: true,
    }
}

#[test]
fn its_words_are_shown_to_nobody_and_only_its_source_replaces_it() {
    on_both(|database| {
        let store = std::sync::Arc::new(database.open());
        let gp = reader("gp");
        let words = bundle("1", &[MARGARET.patient(), condition("c", 2)]);
        let first = take(&store, &gp, &words, at(0));
        let (by, gate) = (officer(), weft_tests::samples::gate(&store));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let open = |id| {
            let asking = Asking { subject: &by, purpose: Purpose::DataQuality, at: at(9) };
            let permit = runtime.block_on(gate.message(&asking, Action::ReadMessage, id, Vec::new())).unwrap();
            store.read(|tx| record::quarantine::open(tx, &permit)).unwrap().unwrap()
        };
        let opened = open(first.message);
        assert!(opened.is_sealed() && opened.raw.is_empty() && opened.notes.is_empty());
        let told = format!("{:?}", opened.waiting);
        for hint in ["N98", "Zyzzyva", "ertil", "Condition", "Bundle", "icd", "Gender", "sexual", "dopt"] {
            assert!(!told.contains(hint), "{hint} in {told}");
        }
        assert_eq!(opened.as_it_stands(), words, "kept, to be replayed");

        let again = |bytes: &[u8], when| {
            let raw = record::feed::RawMessage { bytes: bytes.to_vec(), line: None };
            let arrival = Arrival::of(&gp, &raw, at(when));
            store.write(move |write| replay(write, &*INDEX, first.message, &arrival, "asked the practice", "test"))
        };
        let mended = bundle("1", &[MARGARET.patient()]);
        assert!(matches!(again(&mended, 10), Err(Refused::Rules(Refusal::NotByHand))), "not by hand");
        assert!(matches!(again(&words, 11).unwrap().outcome, Outcome::Quarantined(_)), "nothing has changed");
        // The same words once more are known; the source's better words of the same id are taken in.
        let repeated = take(&store, &gp, &words, at(12));
        assert!(matches!(repeated.outcome, Outcome::Duplicate(_)));
        assert!(open(repeated.message).is_sealed(), "a repeat shows no more than the first");
        assert!(matches!(take(&store, &gp, &mended, at(13)).outcome, Outcome::Applied(_)));
        assert!(matches!(again(&words, 14).unwrap().outcome, Outcome::Duplicate(_)), "replaced");
        assert_eq!(tally(&store, "gp"), [3, 1, 2, 0]);
        assert!(open(first.message).is_sealed(), "and sealed still");
        // The other way round: a good message first, then a restricted one of the same id.
        let late = take(&store, &gp, &bundle("1", &[MARGARET.patient(), condition("d", 2)]), at(15));
        assert!(matches!(&late.outcome, Outcome::Quarantined(reason) if reason.code == LEGALLY_RESTRICTED));
        assert!(open(late.message).is_sealed());
    });
}

#[test]
fn what_cannot_be_understood_is_sealed_as_far_as_it_can_be_read() {
    on_both(|database| {
        let store = database.open();
        let mut lost = condition("c", 3);
        lost.as_object_mut().unwrap().shift_remove("subject");
        let received = take(&store, &reader("gp"), lost.to_string().as_bytes(), at(0));
        assert!(matches!(&received.outcome, Outcome::Quarantined(reason) if reason.code == LEGALLY_RESTRICTED));
    });
}

#[test]
fn the_api_refuses_it_in_words_that_do_not_repeat_it() {
    on_both(|database| {
        let api = Api::of(database.open());
        let mut patient = MARGARET.patient();
        patient["id"] = json!("m1");
        api.put(&patient, None).unwrap();
        let before = rows(database, "resource");
        let (status, _, words) = refusal(api.put(&condition("c-1", 2), None));
        assert_eq!(status, 422);
        for hint in ["N98", "Zyzzyva", "ertil", "icd"] {
            assert!(!words.contains(hint), "{words}");
        }
        let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": [
            {"request": {"method": "PUT", "url": "Condition/c-2"}, "resource": condition("c-2", 2)},
            {"request": {"method": "PUT", "url": "Condition/c-3"}, "resource": condition("c-3", 0)},
        ]});
        let done = api.bundle(&batch).unwrap();
        assert_eq!((done[0].status, done[1].status), (422, 201));
        assert_eq!(rows(database, "resource"), before + 1);
        // Marked, it is the word of those who send it: they keep it, and nobody else knows that it is there.
        assert_eq!(api.put(&condition("c-4", 3), None).unwrap().status, 201);
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact WHERE sensitivity = 2"), 1);
        assert!(matches!(api.read("Condition", "c-4"), Read::Found(_)));
        let neighbours = Api::over(&api.store, Role::DistrictNurse).acting_for("neighbourhood:marple");
        assert!(matches!(neighbours.read("Condition", "c-3"), Read::Found(_)), "they know the person");
        assert!(matches!(neighbours.read("Condition", "c-4"), Read::Unknown));
        assert_eq!(refusal(neighbours.put(&condition("c-4", 3), None)).0, 403);
        tally(&api.store, "api");
    });
}
