//! Conditional creates, updates, patches and deletes, and references written as searches: once, none, many.

use serde_json::{Value, json};
use weft_tests::api::{Api, id, refusal};
use weft_tests::{on_both, outside};

use super::{bundle, condition, entry, margaret, named, tally, with_id};

const NUMBER: &str = "identifier=https://fhir.nhs.uk/Id/nhs-number|9990001006";

fn practitioner(code: &str) -> Value {
    json!({"resourceType": "Practitioner", "identifier": [{"system": "urn:staff", "value": code}], "active": true})
}

fn only_if_none(search: &str, mut entry: Value) -> Value {
    entry["request"]["ifNoneExist"] = json!(search);
    entry
}

#[test]
fn what_exists_is_not_created_again() {
    on_both(|database| {
        let api = Api::of(database.open());
        let sent = bundle("transaction", &[only_if_none(NUMBER, entry("POST", "Patient", Some(&margaret())))]);
        let first = api.bundle(&sent).unwrap();
        let again = api.bundle(&sent).unwrap();
        assert_eq!((first[0].status, again[0].status), (201, 200));
        assert_eq!(first[0].id, again[0].id);
        assert_eq!(tally(&api.store), (1, 1), "nothing changed, so nothing was received");
        api.create(&margaret()).unwrap();
        let (status, at, _) = refusal(api.bundle(&sent));
        assert_eq!((status, at.as_str()), (412, "Bundle.entry[0]"), "two answer");
    });
}

#[test]
fn what_refers_to_a_conditional_entry_finds_the_one_that_was_there() {
    on_both(|database| {
        let api = Api::of(database.open());
        let standing = api.create(&margaret()).unwrap();
        let a = "urn:uuid:0b6a2c1e-0000-4000-8000-00000000000a";
        let done = api
            .bundle(&bundle(
                "transaction",
                &[
                    entry("POST", "Condition", Some(&condition(a, "Gout"))),
                    named(a, only_if_none(NUMBER, entry("POST", "Patient", Some(&margaret())))),
                ],
            ))
            .unwrap();
        assert_eq!(done.iter().map(|one| one.status).collect::<Vec<_>>(), [201, 200]);
        let subject = format!("Patient/{}", id(&standing));
        assert_eq!(api.shown("Condition", &id(&done[0]))["subject"]["reference"], subject.as_str());
        assert_eq!(outside::number(database, "SELECT count(*) FROM person"), 1);
        tally(&api.store);
    });
}

#[test]
fn a_reference_may_be_a_search_for_one() {
    on_both(|database| {
        let api = Api::of(database.open());
        let doctor = api.create(&practitioner("7")).unwrap();
        let patient = api.create(&margaret()).unwrap();
        let mut gout = condition(&format!("Patient?{NUMBER}"), "Gout");
        gout["recorder"] = json!({"reference": "Practitioner?identifier=urn:staff|7"});
        let sent = bundle("transaction", &[entry("POST", "Condition", Some(&gout))]);
        let done = api.bundle(&sent).unwrap();
        let shown = api.shown("Condition", &id(&done[0]));
        assert_eq!(shown["recorder"]["reference"], format!("Practitioner/{}", id(&doctor)));
        assert_eq!(shown["subject"]["reference"], format!("Patient/{}", id(&patient)));
        gout["recorder"] = json!({"reference": "Practitioner?identifier=urn:staff|8"});
        let none = bundle("transaction", &[entry("POST", "Condition", Some(&gout))]);
        assert_eq!(refusal(api.bundle(&none)).0, 412);
        api.create(&practitioner("7")).unwrap();
        assert_eq!(refusal(api.bundle(&sent)).0, 412, "two answer");
        tally(&api.store);
    });
}

#[test]
fn updates_patches_and_deletes_may_name_what_they_mean_by_a_search() {
    on_both(|database| {
        let api = Api::of(database.open());
        let by = "Practitioner?identifier=urn:staff|7";
        let put = |body: &Value| bundle("transaction", &[entry("PUT", by, Some(body))]);
        let made = api.bundle(&put(&practitioner("7"))).unwrap();
        assert_eq!(made[0].status, 201);
        let mut changed = practitioner("7");
        changed["active"] = json!(false);
        let done = api.bundle(&put(&changed)).unwrap();
        assert_eq!((done[0].status, &done[0].id, done[0].version.unwrap().0), (200, &made[0].id, 2));
        assert_eq!(
            refusal(api.bundle(&put(&with_id(changed.clone(), "other")))).0,
            400,
            "another id than the one found"
        );
        let chosen = with_id(practitioner("8"), "chosen");
        let done = api
            .bundle(&bundle("transaction", &[entry("PUT", "Practitioner?identifier=urn:staff|8", Some(&chosen))]))
            .unwrap();
        assert_eq!((done[0].status, done[0].id.as_deref()), (201, Some("chosen")));
        let stray = entry("PUT", "Practitioner?identifier=urn:staff|11", Some(&with_id(practitioner("11"), "chosen")));
        assert_eq!(refusal(api.bundle(&bundle("transaction", &[stray]))).0, 409, "that id is somebody else's");
        let patch = json!({"resourceType": "Binary", "contentType": "application/json-patch+json",
            "data": "W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9hY3RpdmUiLCJ2YWx1ZSI6dHJ1ZX1d"});
        let done = api.bundle(&bundle("transaction", &[entry("PATCH", by, Some(&patch))])).unwrap();
        assert_eq!((done[0].status, done[0].version.unwrap().0), (200, 3));
        assert_eq!(api.shown("Practitioner", &id(&made[0]))["active"], true);
        let nobody = "Practitioner?identifier=urn:staff|9";
        assert_eq!(refusal(api.bundle(&bundle("transaction", &[entry("PATCH", nobody, Some(&patch))]))).0, 404);
        let delete =
            |by: &str| api.bundle(&bundle("transaction", &[entry("DELETE", by, None)])).map(|done| done[0].status);
        assert_eq!(delete(nobody).unwrap(), 204);
        assert_eq!(refusal(delete("Practitioner?active=true")).0, 412, "two answer");
        assert_eq!(delete(by).unwrap(), 204);
        assert_eq!(refusal(delete("Practitioner")).0, 400);
        tally(&api.store);
    });
}
