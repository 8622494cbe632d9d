//! Transactions: whole or not at all, in FHIR's order, with references among the entries.

use record::interaction::Failed;
use serde_json::{Value, json};
use weft_tests::api::{Api, BASE, id, refusal};
use weft_tests::{on_both, outside};

use super::{bundle, condition, entry, margaret, named, tally, with_id};

const A: &str = "urn:uuid:0b6a2c1e-0000-4000-8000-00000000000a";
const B: &str = "urn:uuid:0b6a2c1e-0000-4000-8000-00000000000b";

#[test]
fn entries_refer_to_one_another_in_any_order() {
    on_both(|database| {
        let api = Api::of(database.open());
        let mut encounter = json!({"resourceType": "Encounter", "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "subject": {"reference": A}});
        encounter["reasonReference"] = json!([{"reference": B}]);
        let mut gout = condition(A, "Gout");
        gout["identifier"] = json!([{"system": "urn:ietf:rfc:3986", "value": A}]);
        let sent = bundle(
            "transaction",
            &[
                entry("POST", "Encounter", Some(&encounter)),
                named(B, entry("POST", "Condition", Some(&gout))),
                named(A, entry("POST", "Patient", Some(&margaret()))),
            ],
        );
        let done = api.bundle(&sent).unwrap();
        assert_eq!(done.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["Encounter", "Condition", "Patient"]);
        assert!(done.iter().all(|one| one.status == 201));
        let patient = format!("Patient/{}", id(&done[2]));
        let shown = api.shown("Encounter", &id(&done[0]));
        assert_eq!(shown["subject"]["reference"], patient.as_str());
        assert_eq!(shown["reasonReference"][0]["reference"], format!("Condition/{}", id(&done[1])));
        let shown = api.shown("Condition", &id(&done[1]));
        assert_eq!(shown["identifier"][0]["value"], A, "an identifier is no reference");
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact"), 2);
        assert_eq!(tally(&api.store), (1, 1));
        // The same again is a new write, and brings the same things once more.
        api.bundle(&sent).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM resource"), 6);
        assert_eq!(tally(&api.store), (2, 2));
    });
}

#[test]
fn full_urls_may_be_addresses_elsewhere_and_references_relative_to_them() {
    on_both(|database| {
        let api = Api::of(database.open());
        let elsewhere = "http://else.example/fhir";
        let sent = bundle(
            "transaction",
            &[
                named(
                    &format!("{elsewhere}/Condition/7"),
                    entry("POST", "Condition", Some(&condition("Patient/1", "Gout"))),
                ),
                named(&format!("{elsewhere}/Patient/1"), entry("POST", "Patient", Some(&margaret()))),
                entry("POST", "Condition", Some(&condition(&format!("{elsewhere}/Patient/1"), "Asthma"))),
            ],
        );
        let done = api.bundle(&sent).unwrap();
        let patient = format!("Patient/{}", id(&done[1]));
        for one in [&done[0], &done[2]] {
            assert_eq!(api.shown("Condition", &id(one))["subject"]["reference"], patient.as_str());
        }
        let ours = bundle(
            "transaction",
            &[entry("POST", "Condition", Some(&condition(&format!("{BASE}/{patient}"), "Migraine")))],
        );
        let done = api.bundle(&ours).unwrap();
        assert_eq!(api.shown("Condition", &id(&done[0]))["subject"]["reference"], patient.as_str());
        tally(&api.store);
    });
}

#[test]
fn one_bad_entry_and_nothing_is_left() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let good = || named(A, entry("POST", "Patient", Some(&margaret())));
        let about = |patient: &str| entry("POST", "Condition", Some(&condition(patient, "Gout")));
        let before = outside::number(database, "SELECT count(*) FROM log");
        let cases: Vec<(Value, usize, u16)> = vec![
            (about("Patient/nobody"), 1, 422),
            (about(B), 1, 422),
            (entry("POST", "Condition", Some(&json!({"resourceType": "Condition"}))), 1, 422),
            (entry("PUT", "Patient/m-2", Some(&with_id(margaret(), "m-3"))), 1, 400),
            (entry("GET", "Patient/nobody", None), 1, 404),
            (entry("DELETE", "Patient/m-1", Some(&margaret())), 1, 400),
            (entry("POST", "Starship", Some(&margaret())), 1, 400),
            (entry("POST", "Patient/m-1", Some(&margaret())), 1, 400),
            (entry("OPTIONS", "Patient", None), 1, 400),
            (json!({"resource": margaret()}), 1, 400),
            (json!({"request": {"method": "POST", "url": "Patient"}, "resource": margaret(), "surprise": 1}), 1, 400),
        ];
        for (bad, entry_number, status) in cases {
            let outcome = api.bundle(&bundle("transaction", &[good(), bad.clone()]));
            let Err(Failed::Refused { task, refusal }) = outcome else { panic!("{bad}: {outcome:?}") };
            assert_eq!((task, refusal.status), (Some(entry_number), status), "{bad}: {refusal:?}");
            let place = refusal.issues[0].at.clone().unwrap_or_default();
            assert!(place.starts_with("Bundle.entry[1]"), "{place}");
            assert_eq!(outside::number(database, "SELECT count(*) FROM log"), before);
            assert_eq!(outside::number(database, "SELECT count(*) FROM resource"), 1);
            assert_eq!(outside::number(database, "SELECT count(*) FROM person"), 1);
        }
        assert_eq!(tally(&api.store), (1, 1));
    });
}

#[test]
fn one_resource_stands_once_in_a_transaction() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        let put = entry("PUT", "Patient/m-1", Some(&with_id(margaret(), "m-1")));
        for twice in [vec![put.clone(), put.clone()], vec![put.clone(), entry("DELETE", "Patient/m-1", None)]] {
            assert_eq!(refusal(api.bundle(&bundle("transaction", &twice))).0, 400);
        }
        let same_name = vec![
            named(A, entry("POST", "Patient", Some(&margaret()))),
            named(A, entry("POST", "Patient", Some(&margaret()))),
        ];
        let (status, at, _) = refusal(api.bundle(&bundle("transaction", &same_name)));
        assert_eq!((status, at.as_str()), (400, "Bundle.entry[1].fullUrl"));
        assert_eq!(tally(&api.store), (1, 1));
    });
}

#[test]
fn deletions_come_first_and_reads_last() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        api.put(&with_id(condition("Patient/m-1", "Gout"), "c-1"), None).unwrap();
        let done = api
            .bundle(&bundle(
                "transaction",
                &[
                    entry("GET", "Condition/c-2", None),
                    entry("PUT", "Condition/c-2", Some(&with_id(condition("Patient/m-1", "Asthma"), "c-2"))),
                    entry("POST", "Condition", Some(&condition("Patient/m-1", "Migraine"))),
                    entry("DELETE", "Condition/c-1", None),
                ],
            ))
            .unwrap();
        assert_eq!(done.iter().map(|one| one.status).collect::<Vec<_>>(), [200, 201, 201, 204]);
        assert!(done[0].was_read && !done[1].was_read);
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact"), 2);
        assert_eq!(tally(&api.store), (3, 3));
    });
}

#[test]
fn a_bundle_that_is_none_is_refused() {
    on_both(|database| {
        let api = Api::of(database.open());
        for (bytes, status) in [
            (b"{".to_vec(), 400),
            (b"[]".to_vec(), 400),
            (b"\xFF".to_vec(), 400),
            (margaret().to_string().into_bytes(), 400),
            (bundle("collection", &[]).to_string().into_bytes(), 400),
            (json!({"resourceType": "Bundle", "type": "transaction", "entries": []}).to_string().into_bytes(), 400),
            (bundle("transaction", &vec![entry("GET", "Patient/1", None); 5_001]).to_string().into_bytes(), 413),
        ] {
            assert_eq!(refusal(api.bytes(&bytes)).0, status);
        }
        assert!(api.bundle(&bundle("transaction", &[])).unwrap().is_empty(), "nothing asked, nothing done");
        assert_eq!(outside::number(database, "SELECT count(*) FROM log"), 0);
    });
}
