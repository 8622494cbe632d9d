//! Batches: each entry alone; one that fails leaves the others.

use record::interaction::Content;
use serde_json::json;
use weft_tests::api::{Api, id};
use weft_tests::{on_both, outside};

use super::{bundle, condition, entry, margaret, named, tally, with_id};

#[test]
fn each_entry_stands_or_falls_alone() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let done = api
            .bundle(&bundle(
                "batch",
                &[
                    entry("POST", "Condition", Some(&condition("Patient/m-1", "Gout"))),
                    entry("POST", "Condition", Some(&condition("Patient/nobody", "Asthma"))),
                    entry("POST", "Condition", Some(&json!({"resourceType": "Condition", "surprise": true}))),
                    entry("GET", "Patient/m-1", None),
                    entry("GET", "Patient/nobody", None),
                    entry("PUT", "Starship/1", Some(&margaret())),
                    entry("POST", "Condition", Some(&condition("Patient/m-1", "Migraine"))),
                ],
            ))
            .unwrap();
        assert_eq!(done.iter().map(|one| one.status).collect::<Vec<_>>(), [201, 422, 422, 200, 404, 400, 201]);
        let places: Vec<_> = done.iter().filter_map(|one| one.issues.first()?.at.clone()).collect();
        assert_eq!(places[0], "Bundle.entry[1].resource.subject");
        assert!(
            places.iter().zip([1, 2, 4, 5]).all(|(place, at)| place.starts_with(&format!("Bundle.entry[{at}]"))),
            "{places:?}"
        );
        assert!(matches!(&done[3].content, Content::Resource(patient) if patient.source_id == "m-1"));
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact"), 2);
        assert_eq!(api.shown("Condition", &id(&done[6]))["code"]["text"], "Migraine");
        assert_eq!(tally(&api.store), (2, 2), "one message for the whole batch");
    });
}

#[test]
fn a_batch_may_ask_and_the_look_is_written_down() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        api.put(&with_id(condition("Patient/m-1", "Gout"), "c-1"), None).unwrap();
        let asked = bundle(
            "batch",
            &[
                entry("GET", "Condition?subject=Patient/m-1", None),
                entry("GET", "Condition?surname=Ashworth", None),
                entry("GET", "Patient/m-1/_history/1", None),
            ],
        );
        let done = api.bundle(&asked).unwrap();
        assert_eq!(done.iter().map(|one| one.status).collect::<Vec<_>>(), [200, 400, 200]);
        let Content::Page { query, found } = &done[0].content else { panic!("a page") };
        assert_eq!((found.resources.len(), query.applied.len()), (1, 1));
        assert_eq!(outside::number(database, "SELECT count(*) FROM look"), 1);
    });
}

#[test]
fn entries_of_a_batch_do_not_know_one_another() {
    on_both(|database| {
        let api = Api::of(database.open());
        let a = "urn:uuid:0b6a2c1e-0000-4000-8000-00000000000a";
        let done = api
            .bundle(&bundle(
                "batch",
                &[
                    named(a, entry("POST", "Patient", Some(&margaret()))),
                    entry("POST", "Condition", Some(&condition(a, "Gout"))),
                ],
            ))
            .unwrap();
        assert_eq!(done.iter().map(|one| one.status).collect::<Vec<_>>(), [201, 422]);
        assert_eq!(tally(&api.store), (1, 1));
    });
}

#[test]
fn a_batch_that_changes_nothing_is_no_message() {
    on_both(|database| {
        let api = Api::of(database.open());
        let done = api
            .bundle(&bundle("batch", &[entry("GET", "Patient/1", None), entry("DELETE", "Patient/1", None)]))
            .unwrap();
        assert_eq!(done.iter().map(|one| one.status).collect::<Vec<_>>(), [404, 204]);
        assert_eq!(outside::number(database, "SELECT count(*) FROM log"), 0);
    });
}
