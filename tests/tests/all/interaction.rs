//! What a client of the FHIR API can do to the record, without HTTP: every interaction and every way it can go wrong.

mod batch;
mod conditional;
mod everything;
mod examples;
mod matching;
mod synthea;
mod transaction;
mod versions;
mod who;
mod writes;

use serde_json::{Value, json};
use store::Store;
use weft_tests::at;
use weft_tests::people::MARGARET;

/// Margaret as a client sends her: without an id.
fn margaret() -> Value {
    let mut patient = MARGARET.patient();
    patient.as_object_mut().unwrap().shift_remove("id");
    patient
}

fn condition(patient: &str, words: &str) -> Value {
    json!({"resourceType": "Condition", "subject": {"reference": patient}, "code": {"text": words}})
}

fn with_id(mut resource: Value, id: &str) -> Value {
    resource["id"] = json!(id);
    resource
}

fn entry(method: &str, url: &str, resource: Option<&Value>) -> Value {
    let mut entry = json!({"request": {"method": method, "url": url}});
    if let Some(resource) = resource {
        entry["resource"] = resource.clone();
    }
    entry
}

fn named(url: &str, mut entry: Value) -> Value {
    entry["fullUrl"] = json!(url);
    entry
}

fn bundle(sort: &str, entries: &[Value]) -> Value {
    json!({"resourceType": "Bundle", "type": sort, "entry": entries})
}

/// Received and applied of the feed `api`; checked to add up, and the database to agree with itself.
fn tally(store: &Store) -> (i64, i64) {
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let tallies = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap();
    let ever = tallies.into_iter().find(|tally| tally.feed == "api").map(|tally| tally.ever).unwrap_or_default();
    assert_eq!(ever.received, ever.applied + ever.duplicates + ever.quarantined);
    (ever.received, ever.applied)
}
