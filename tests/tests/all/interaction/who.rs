//! Whose a resource is, and who may write it.

use access::Role;
use record::interaction::Read;
use serde_json::json;
use weft_tests::api::{Api, id, refusal, sent};
use weft_tests::people::{MARGARET, Said};
use weft_tests::samples::{reader, take};
use weft_tests::{at, on_both, outside};

use super::{condition, margaret, tally, with_id};

#[test]
fn a_reference_to_a_feeds_patient_is_about_that_person() {
    on_both(|database| {
        let api = Api::of(database.open());
        let _ = take(&api.store, &reader("gp"), &MARGARET.message(), at(0));
        let row = store::resource::resource_id("gp", "Patient", "m1").hyphenated().to_string();
        let gout = api.create(&condition(&format!("Patient/{row}"), "Gout")).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM person"), 1, "nobody new");
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact AS f JOIN person AS p ON p.id = f.person"), 1);
        assert!(matches!(api.read("Condition", &id(&gout)), Read::Found(one) if one.feed == "api:ods:P88002"));
        let (status, _, words) = refusal(api.put(&with_id(margaret(), &row), None));
        assert_eq!(status, 403, "a feed's own word is not the API's to change");
        assert!(words.contains("gp"), "{words}");
        assert_eq!(refusal(api.delete("Patient", &row, None)).0, 403);
        tally(&api.store);
    });
}

#[test]
fn a_resource_does_not_move_to_another_person() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let other = Said { id: "h-1", number: Some("9990002371"), given: "Harold", sex: "male", ..MARGARET };
        api.put(&other.patient(), None).unwrap();
        api.put(&with_id(condition("Patient/m-1", "Gout"), "c-1"), None).unwrap();
        let (status, ..) = refusal(api.put(&with_id(condition("Patient/h-1", "Gout"), "c-1"), None));
        assert_eq!(status, 422);
        let patch = json!([{"op": "replace", "path": "/subject/reference", "value": "Patient/h-1"}]);
        assert_eq!(refusal(api.patch("Condition", "c-1", &patch, None)).0, 422);
        assert_eq!(api.shown("Condition", "c-1")["subject"]["reference"], "Patient/m-1");
        tally(&api.store);
    });
}

#[test]
fn an_nhs_number_names_one_known_person_or_nobody() {
    on_both(|database| {
        let api = Api::of(database.open());
        let by_number = |number: &str| {
            let identifier = json!({"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number});
            json!({"resourceType": "Condition", "subject": {"identifier": identifier}, "code": {"text": "Gout"}})
        };
        assert_eq!(refusal(api.create(&by_number("9990001006"))).0, 422, "nobody has it yet");
        let patient = api.create(&margaret()).unwrap();
        api.create(&by_number("9990001006")).unwrap();
        assert_eq!(refusal(api.create(&by_number("9990001007"))).0, 422, "that is no NHS number");
        let found = api.everything(&id(&patient)).unwrap();
        assert!(found.resources.iter().any(|one| sent(one)["code"]["text"] == "Gout"));
        tally(&api.store);
    });
}

#[test]
fn nobody_writes_what_their_role_does_not_include_or_learns_of_it() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let sodium = json!({"resourceType": "Observation", "id": "o-1", "status": "final", "code": {"text": "Sodium"},
            "subject": {"reference": "Patient/m-1"}});
        api.put(&sodium, None).unwrap();
        // Of another organisation: what one's own has written is one's own.
        let worker = Api::over(&api.store, Role::SocialWorker).acting_for("neighbourhood:marple");
        assert!(matches!(worker.read("Observation", "o-1"), Read::Unknown));
        assert!(worker.history("Observation", "o-1").is_none());
        let all = |tx: &mut dyn store::Tx, scope: &access::Scope| {
            record::interaction::history(tx, scope, "Observation", None, None, 10, None)
        };
        assert_eq!(api.look(all).unwrap().unwrap().versions.len(), 1);
        assert!(worker.look(all).unwrap().unwrap().versions.is_empty());
        let new = with_id(sodium.clone(), "o-2");
        let mut disguised = with_id(condition("Patient/m-1", "Gout"), "o-1");
        disguised["id"] = json!("o-1");
        let said = [refusal(worker.put(&sodium, None)), refusal(worker.put(&with_id(sodium.clone(), "o-1"), Some(9)))];
        assert!(said.iter().all(|one| one == &said[0]) && said[0].0 == 403, "{said:?}");
        assert_eq!(worker.put(&new, None).unwrap().status, 201, "what their own team measures is theirs");
        assert!(matches!(worker.read("Observation", "o-2"), Read::Found(_)));
        assert_eq!(worker.delete("Observation", "o-1", None).unwrap().status, 204, "as where there is nothing");
        assert!(matches!(api.read("Observation", "o-1"), Read::Found(_)), "and it stands");
        assert_eq!(refusal(worker.patch("Observation", "o-1", &json!([]), None)).0, 404);
        worker.put(&with_id(condition("Patient/m-1", "Lives alone"), "c-1"), None).unwrap();
        let manager = Api::over(&api.store, Role::CareHomeManager);
        assert_eq!(refusal(manager.create(&condition("Patient/m-1", "Gout"))).0, 403, "this role only reads");
        tally(&api.store);
    });
}

#[test]
fn whoever_makes_somebody_known_goes_on_with_them_and_nobody_is_opened_by_a_number_that_is_guessed() {
    on_both(|database| {
        let store = database.open();
        let elsewhere = Said { practice: "P88005", ..MARGARET };
        let _ = take(&store, &reader("gp"), &elsewhere.message(), at(0));
        let api = Api::of(store);
        let before = outside::number(database, "SELECT count(*) FROM resource");
        let people = outside::number(database, "SELECT count(*) FROM person");
        // The same number, name and birth date: it would be her, and nothing ties her to this practice.
        let mut guess = margaret();
        guess.as_object_mut().unwrap().shift_remove("generalPractitioner");
        for patient in [margaret(), guess] {
            let (status, _, words) = refusal(api.create(&patient));
            assert_eq!(status, 403, "{words}");
        }
        assert_eq!(outside::number(database, "SELECT count(*) FROM resource"), before, "nothing was written");
        assert_eq!(outside::number(database, "SELECT count(*) FROM person"), people);
        assert_eq!(outside::number(database, "SELECT count(*) FROM standing WHERE tie = 'caseload'"), 0);
        // Somebody of whom nothing was here, without a practice of their own.
        let new = json!({"resourceType": "Patient", "id": "n-1", "name": [{"family": "New", "given": ["Nia"]}],
            "birthDate": "1990-01-01"});
        api.put(&new, None).unwrap();
        api.create(&condition("Patient/n-1", "Gout")).unwrap();
        assert!(matches!(api.read("Patient", "n-1"), Read::Found(_)));
        let opened = "SELECT count(*) FROM standing WHERE tie = 'caseload' AND holder = 'ods:P88002'";
        assert_eq!(outside::number(database, opened), 1);
        api.put(&new, None).unwrap();
        assert_eq!(outside::number(database, opened), 1, "once");
        tally(&api.store);
    });
}

#[test]
fn what_is_read_by_a_write_is_a_look() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM look"), 0, "a write shows nothing new");
        let patch = json!([{"op": "replace", "path": "/gender", "value": "other"}]);
        api.patch("Patient", "m-1", &patch, None).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM look"), 1, "the answer shows the rest of it");
        let _ = api.read("Patient", "m-1");
        assert_eq!(outside::number(database, "SELECT count(*) FROM look"), 1, "the same sitting");
    });
}
