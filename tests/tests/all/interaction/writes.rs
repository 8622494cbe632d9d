//! One resource at a time: created, updated, patched, deleted; and what is refused.

use record::interaction::Read;
use serde_json::json;
use weft_tests::api::{Api, id, refusal, resource};
use weft_tests::{on_both, outside};

use super::{condition, margaret, tally, with_id};

#[test]
fn what_is_created_can_be_read_and_keeps_its_digits() {
    on_both(|database| {
        let api = Api::of(database.open());
        let patient = api.create(&margaret()).unwrap();
        assert_eq!((patient.status, patient.version.unwrap().0), (201, 1));
        let about = format!("Patient/{}", id(&patient));
        let raw = format!(
            r#"{{"valueQuantity":{{"value":1.50,"unit":"mmol/L"}},"resourceType":"Observation","status":"final","code":{{"text":"Sodium"}},
               "subject":{{"reference":"{about}"}},"meta":{{"versionId":"77","lastUpdated":"2001-01-01T00:00:00Z","tag":[{{"code":"x"}}]}}}}"#
        );
        let body = record::interaction::Body::parse(raw.as_bytes()).unwrap();
        let task = record::interaction::Task {
            interaction: record::interaction::Do::Create { if_none_exist: None },
            kind: "Observation".to_owned(),
            body: Some(body),
            full_url: None,
        };
        let done = api.request(record::interaction::Request::one(task, raw.as_bytes()), api.door()).unwrap().remove(0);
        let Read::Found(stored) = api.read("Observation", &id(&done)) else { panic!("it is there") };
        assert!(stored.body.contains("\"value\":1.50"), "{}", stored.body);
        assert!(!stored.body.contains("77") && !stored.body.contains("2001-01-01"), "the server says version and time");
        let shown = api.shown("Observation", &id(&done));
        assert_eq!(shown["meta"]["versionId"], "1");
        assert_eq!(shown["meta"]["tag"][0]["code"], "x");
        assert_eq!(shown["subject"]["reference"], about.as_str());
        assert!(matches!(api.read("Condition", &id(&done)), Read::Unknown), "another type is another resource");
        assert!(matches!(api.read("Observation", "nobody"), Read::Unknown));
        assert_eq!(tally(&api.store), (2, 2));
    });
}

#[test]
fn a_client_may_choose_the_id_and_change_what_is_there() {
    on_both(|database| {
        let api = Api::of(database.open());
        let patient = with_id(margaret(), "m-1");
        assert_eq!(api.put(&patient, None).unwrap().status, 201);
        let same = api.put(&patient, None).unwrap();
        assert_eq!((same.status, same.version.unwrap().0), (200, 1), "the same words are no new version");
        let mut moved = patient.clone();
        moved["address"][0]["city"] = json!("Romiley");
        let changed = api.put(&moved, None).unwrap();
        assert_eq!((changed.status, changed.version.unwrap().0), (200, 2));
        assert_eq!(api.shown("Patient", "m-1")["address"][0]["city"], "Romiley");
        assert_eq!(outside::number(database, "SELECT count(*) FROM person"), 1);
        let (status, at, _) = refusal(api.put(&with_id(margaret(), "m 1"), None));
        assert!((status, at.as_str()) == (400, "") || status == 422, "{status} {at}");
        let mut other = patient;
        other["id"] = json!("m-2");
        let task =
            record::interaction::Do::Update { which: record::interaction::Which::Id("m-1".to_owned()), if_match: None };
        assert_eq!(refusal(api.one("Patient", task, Some(&other))).0, 400, "the id in the body is not that of the url");
        assert_eq!(tally(&api.store), (2, 2));
    });
}

#[test]
fn a_lost_update_is_prevented() {
    on_both(|database| {
        let api = Api::of(database.open());
        let patient = with_id(margaret(), "m-1");
        api.put(&patient, None).unwrap();
        let (mut mine, mut theirs) = (patient.clone(), patient);
        mine["address"][0]["city"] = json!("Romiley");
        theirs["address"][0]["city"] = json!("Bredbury");
        assert_eq!(api.put(&mine, Some(1)).unwrap().version.unwrap().0, 2);
        let (status, _, words) = refusal(api.put(&theirs, Some(1)));
        assert_eq!(status, 412);
        assert!(words.contains("version 2"), "{words}");
        assert_eq!(refusal(api.delete("Patient", "m-1", Some(1))).0, 412);
        let patch = json!([{"op": "replace", "path": "/address/0/city", "value": "Bredbury"}]);
        assert_eq!(refusal(api.patch("Patient", "m-1", &patch, Some(1))).0, 412);
        assert_eq!(refusal(api.put(&with_id(margaret(), "m-9"), Some(1))).0, 412, "there is nothing to match");
        assert_eq!(api.shown("Patient", "m-1")["address"][0]["city"], "Romiley");
        assert_eq!(api.patch("Patient", "m-1", &patch, Some(2)).unwrap().version.unwrap().0, 3);
        assert_eq!(tally(&api.store), (3, 3));
    });
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let patch = json!([
            {"op": "test", "path": "/birthDate", "value": "1938-03-14"},
            {"op": "add", "path": "/telecom", "value": [{"system": "phone", "value": "0161 496 0000"}]}
        ]);
        let done = api.patch("Patient", "m-1", &patch, None).unwrap();
        assert_eq!((done.status, done.version.unwrap().0), (200, 2));
        assert_eq!(resource(&done)["telecom"][0]["value"], "0161 496 0000");
        for (patch, status) in [
            (
                json!([{"op": "test", "path": "/birthDate", "value": "1900-01-01"}, {"op": "remove", "path": "/name"}]),
                422,
            ),
            (json!([{"op": "replace", "path": "/id", "value": "m-2"}]), 422),
            (json!([{"op": "replace", "path": "/resourceType", "value": "Person"}]), 422),
            (json!([{"op": "replace", "path": "/birthDate", "value": "31 February"}]), 422),
            (json!([{"op": "add", "path": "/surprise", "value": 1}]), 422),
        ] {
            let (said, ..) = refusal(api.patch("Patient", "m-1", &patch, None));
            assert_eq!(said, status, "{patch}");
        }
        assert_eq!(refusal(api.patch("Patient", "nobody", &json!([]), None)).0, 404);
        assert_eq!(api.shown("Patient", "m-1")["meta"]["versionId"], "2");
        assert_eq!(tally(&api.store), (2, 2));
    });
}

#[test]
fn what_is_deleted_is_gone_and_can_come_back() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let gout = with_id(condition("Patient/m-1", "Gout"), "c-1");
        api.put(&gout, None).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact"), 1);
        let (status, _, words) = refusal(api.delete("Patient", "m-1", None));
        assert_eq!(status, 409, "the condition would be left without its person");
        assert!(words.contains("delete those first"), "{words}");
        let done = api.delete("Condition", "c-1", None).unwrap();
        assert_eq!((done.status, done.version.unwrap().0), (204, 2));
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact"), 0);
        assert!(matches!(api.read("Condition", "c-1"), Read::Gone { version: 2, .. }));
        assert_eq!(api.delete("Condition", "c-1", None).unwrap().status, 204, "again is no error");
        assert_eq!(api.delete("Condition", "never", None).unwrap().status, 204);
        assert_eq!(refusal(api.patch("Condition", "c-1", &json!([]), None)).0, 410);
        let back = api.put(&gout, None).unwrap();
        assert_eq!((back.status, back.version.unwrap().0), (201, 3));
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact"), 1);
        api.delete("Condition", "c-1", None).unwrap();
        assert_eq!(api.delete("Patient", "m-1", None).unwrap().status, 204);
        assert_eq!(refusal(api.create(&condition("Patient/m-1", "Gout"))).0, 422, "a deleted patient is not there");
        assert_eq!(tally(&api.store), (6, 6));
    });
}

#[test]
fn what_does_not_keep_to_r4_is_refused_with_its_place() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        for (body, at) in [
            (json!({"resourceType": "Patient", "birthDate": "31 February"}), "Patient.birthDate"),
            (json!({"resourceType": "Patient", "surname": "Ashworth"}), "Patient.surname"),
            (json!({"resourceType": "Condition", "code": {"text": "Gout"}}), "Condition.subject"),
            (condition("http://else.example/fhir/Patient/m-1", "Gout"), "Condition.subject.reference"),
            (condition("Patient/nobody", "Gout"), "Condition.subject"),
            (condition("urn:uuid:1", "Gout"), "Condition.subject.reference"),
            (condition("Patient?identifier=a|b", "Gout"), "Condition.subject.reference"),
            (condition("Pateint/m-1", "Gout"), "Condition.subject.reference"),
        ] {
            let (status, place, words) = refusal(api.create(&body));
            assert_eq!(status, 422, "{words}");
            assert!(place.starts_with(at), "{place} should be {at}: {words}");
        }
        assert_eq!(
            refusal(api.one("Condition", record::interaction::Do::Create { if_none_exist: None }, Some(&margaret()))).0,
            400
        );
        let parcel = json!({"resourceType": "Bundle", "type": "collection"});
        assert_eq!(refusal(api.create(&parcel)).0, 400, "a Bundle is no resource to keep");
        assert_eq!(tally(&api.store), (1, 1), "what is refused is no message");
    });
}
