//! FHIR messages in, resources out: every refusal with its place, and nothing a message can do makes it panic.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use place::NhsNumber;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fact;
use crate::feed::Subject;
use crate::patient::Demographics;

fn samples(folder: &str) -> Vec<PathBuf> {
    json_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(folder))
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn bundle(entries: &Value) -> Vec<u8> {
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entries}).to_string().into_bytes()
}

fn refusal(raw: &[u8]) -> (String, String) {
    let reason = map(raw).unwrap_err();
    assert!(reason.sentence.ends_with('.') && !reason.sentence.contains("  "), "{}", reason.sentence);
    (reason.code, reason.location.unwrap_or_default())
}

fn refused_entry(resource: &Value) -> (String, String) {
    let other = json!({"resource": {"resourceType": "Patient", "id": "p"}});
    refusal(&bundle(&json!([other, {"resource": resource}])))
}

/// Every entry of a file came out with the meaning it had; returns how many of each type.
fn holds(path: &Path) -> BTreeMap<String, usize> {
    let bytes = std::fs::read(path).unwrap();
    let raw: Vec<_> = messages(bytes.as_slice(), None).map(|message| message.unwrap()).collect();
    assert_eq!(raw.len(), 1, "{}", path.display());
    let mapped = map(&raw[0].bytes).unwrap_or_else(|reason| panic!("{}: {reason:?}", path.display()));
    let source: Value = serde_json::from_slice(&bytes).unwrap();
    let entries = source["entry"].as_array().unwrap();
    assert_eq!(mapped.resources.len(), entries.len(), "{}", path.display());
    let mut counts = BTreeMap::new();
    for (incoming, entry) in mapped.resources.iter().zip(entries) {
        assert_eq!(serde_json::from_str::<Value>(&incoming.body).unwrap(), entry["resource"]);
        assert_eq!(incoming.value, entry["resource"]);
        assert_eq!(Some(incoming.source_id.as_str()), entry["resource"]["id"].as_str());
        assert_eq!(Some(incoming.resource_type.as_str()), entry["resource"]["resourceType"].as_str());
        let nobodys = matches!(incoming.resource_type.as_str(), "Organization" | "Practitioner");
        assert_eq!(incoming.subject == Subject::Nobody, nobodys);
        let fact = fact::derive(&incoming.resource_type, &incoming.value);
        assert_eq!(fact.is_none(), nobodys || incoming.resource_type == "Patient");
        if let Some(fact) = fact {
            assert!(
                fact.sort.is_some() || fact.kind == fact::Kind::Contact || fact.kind == fact::Kind::Plan,
                "{fact:?}"
            );
        }
        *counts.entry(incoming.resource_type.clone()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn the_synthea_samples_come_through_whole() {
    let files = samples("fhir");
    assert_eq!(files.len(), 2);
    let total: usize = files.iter().map(|path| holds(path).values().sum::<usize>()).sum();
    assert_eq!(total, 126 + 174);
}

#[test]
fn the_demonstration_practice_comes_through_whole() {
    let files = samples("demo/gp");
    assert_eq!(files.len(), 8);
    for path in files {
        let counts = holds(&path);
        let total: usize = counts.values().sum();
        assert!((10..=50).contains(&total), "{}: {total}", path.display());
        for needed in
            ["Condition", "AllergyIntolerance", "MedicationRequest", "Observation", "CarePlan", "RelatedPerson"]
        {
            assert!(counts.contains_key(needed), "{}: {needed}", path.display());
        }
        let mapped = map(&std::fs::read(&path).unwrap()).unwrap();
        assert!(mapped.message_id.is_some() && mapped.as_of.is_some());
        let patient = mapped.resources.iter().find(|incoming| incoming.resource_type == "Patient").unwrap();
        let person = Demographics::from_patient(&patient.value);
        assert!(person.nhs_number.unwrap().as_str().starts_with("999"), "test range only");
        assert!(person.practice_ods.is_some() && person.birth_date.is_some() && person.address().is_some());
    }
}

/// All sixteen Synthea people, where the shared data is at hand.
#[test]
fn all_the_shared_synthea_bundles_come_through_whole() {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!(
            "\n*** NOT RUN: set WEFT_SHARED_DATA to the folder of shared data to map all 16 Synthea bundles ***\n"
        );
        return;
    };
    let files = json_files(&Path::new(&shared).join("clinical/synthea"));
    assert_eq!(files.len(), 16);
    let mut total = BTreeMap::new();
    for path in files {
        for (name, count) in holds(&path) {
            *total.entry(name).or_insert(0) += count;
        }
    }
    let expected = [
        ("AllergyIntolerance", 1),
        ("CarePlan", 45),
        ("Claim", 398),
        ("Condition", 136),
        ("DiagnosticReport", 208),
        ("Encounter", 337),
        ("ExplanationOfBenefit", 337),
        ("Goal", 50),
        ("ImagingStudy", 5),
        ("Immunization", 188),
        ("MedicationRequest", 61),
        ("Observation", 2695),
        ("Organization", 24),
        ("Patient", 16),
        ("Practitioner", 24),
        ("Procedure", 140),
    ];
    assert_eq!(total, expected.map(|(name, count)| (name.to_owned(), count)).into());
}

#[test]
fn subjects_are_found_in_every_way_of_naming_them() {
    let subject_of = |reference: Value| {
        let observation = json!({"resourceType": "Observation", "id": "o", "subject": reference,
            "contained": [{"resourceType": "Patient", "id": "in", "identifier": [{"system": resource::NHS_NUMBER, "value": "9990001006"}]}]});
        let patient = json!({"resourceType": "Patient", "id": "real"});
        let device = json!({"resourceType": "Device", "id": "d"});
        let entries = json!([
            {"fullUrl": "urn:uuid:1-2", "resource": patient},
            {"fullUrl": "https://gp.example/Patient/called", "resource": {"resourceType": "Patient", "id": "own"}},
            {"fullUrl": "urn:uuid:dev", "resource": device},
            {"resource": observation}
        ]);
        map(&bundle(&entries)).map(|mapped| mapped.resources[3].subject.clone())
    };
    let person = |id: &str| Ok(Subject::Person(id.to_owned()));
    let number = Ok(Subject::NhsNumber(NhsNumber::parse("9990001006").unwrap()));
    assert_eq!(subject_of(json!({"reference": "urn:uuid:1-2"})), person("real"), "resolved within the bundle");
    assert_eq!(subject_of(json!({"reference": "Patient/called"})), person("own"));
    assert_eq!(subject_of(json!({"reference": "urn:uuid:elsewhere"})), person("elsewhere"));
    assert_eq!(subject_of(json!({"reference": "Patient/7/_history/2"})), person("7"));
    assert_eq!(subject_of(json!({"reference": "https://other.example/fhir/Patient/8"})), person("8"));
    assert_eq!(subject_of(json!({"reference": "urn:uuid:dev"})), Ok(Subject::Nobody));
    assert_eq!(subject_of(json!({"reference": "Location/1"})), Ok(Subject::Nobody));
    assert_eq!(subject_of(json!({"reference": "#in"})), number);
    assert_eq!(subject_of(json!({"identifier": {"system": resource::NHS_NUMBER, "value": "999 000 1006"}})), number);
    let asked = "Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990001006";
    assert_eq!(subject_of(json!({ "reference": asked })), number);
    for unclear in [
        json!({"reference": "Patient?family=Smith"}),
        json!({"reference": "#gone"}),
        json!({"reference": "somebody"}),
        json!({"identifier": {"system": resource::NHS_NUMBER, "value": "9990001007"}}),
        json!({"identifier": {"system": "urn:other", "value": "1"}}),
    ] {
        let reason = subject_of(unclear).unwrap_err();
        assert_eq!(
            (reason.code.as_str(), reason.location.as_deref()),
            ("unresolvable-reference", Some("entry[3].resource.subject"))
        );
        assert!(!reason.sentence.contains("999"), "no number is repeated");
    }
}

#[test]
fn an_appointment_is_the_patients_among_its_participants() {
    let appointment = |actors: Value| {
        let participants: Vec<Value> = actors.as_array().unwrap().iter().map(|actor| json!({"actor": actor})).collect();
        map(json!({"resourceType": "Appointment", "id": "a", "participant": participants}).to_string().as_bytes())
            .map(|mapped| mapped.resources[0].subject.clone())
    };
    let nurse = json!({"reference": "Practitioner/1"});
    assert_eq!(
        appointment(json!([nurse, {"display": "Room 2"}, {"reference": "Patient/7"}])),
        Ok(Subject::Person("7".to_owned()))
    );
    let reason = appointment(json!([nurse])).unwrap_err();
    assert_eq!((reason.code.as_str(), reason.location.as_deref()), ("no-subject", Some("participant.actor")));
}

#[test]
fn lines_are_mapped_each_alone() {
    let text = "{\"resourceType\":\"Patient\",\"id\":\"7\"}\n\n{\"resourceType\": \"Flag\", \"subject\": {\"reference\": \"Patient/7\"}}\n";
    let found: Vec<_> = messages(text.as_bytes(), Layout::of_name("export.ndjson")).map(|one| one.unwrap()).collect();
    let lines: Vec<_> = found.iter().map(|raw| raw.line).collect();
    assert_eq!(lines, [Some(1), Some(3)]);
    for raw in &found {
        assert_eq!(map(&raw.bytes).unwrap().resources[0].subject, Subject::Person("7".to_owned()));
    }
}

#[test]
fn a_fault_inside_an_entry_is_told_by_the_line_it_came_on() {
    let text = "{\n\"resourceType\": \"Bundle\", \"type\": \"batch\",\n\"entry\": [\n{\"resource\": {\"resourceType\": \"Patient\"}},\n\
                {\"resource\":\n  {\"resourceType\": \"Patient\", \"id\": \"\\ud800\"}}]}";
    assert_eq!(refusal(text.as_bytes()), ("not-json".to_owned(), "entry[1].resource, line 6".to_owned()));
    let text = "{\"resourceType\": \"Bundle\", \"type\": \"batch\",\n\"entry\": [\n\n7]}";
    assert_eq!(refusal(text.as_bytes()), ("not-a-resource".to_owned(), "entry[0]".to_owned()));
    let joined = br#"{"resourceType": "Patient", "multipleBirthInteger": 1 2}"#;
    assert_eq!(refusal(joined).0, "not-json", "white space that holds two things apart is not lost");
}

#[test]
fn each_refusal_has_its_code_and_place() {
    let pair = |code: &str, place: &str| (code.to_owned(), place.to_owned());
    assert_eq!(refusal(b"{\n \"resourceType\": oops}"), pair("not-json", "line 2, column 18"));
    assert_eq!(refusal(b""), pair("not-json", "line 1, column 0"));
    assert_eq!(refusal(b"<Patient xmlns=\"http://hl7.org/fhir\"/>"), pair("not-json", "line 1"));
    assert_eq!(refusal(b"{\n\"a\":\"\xff\"}"), pair("not-json", "line 2"));
    assert_eq!(refusal(b"[1]"), pair("not-a-resource", "line 1"));
    assert_eq!(refusal(b"{}"), pair("not-a-resource", "resourceType"));
    assert_eq!(refusal(br#"{"resourceType":"Patiant"}"#), pair("unknown-type", "resourceType"));
    assert_eq!(refusal(br#"{"resourceType":"Bundle","type":"collection"}"#), pair("empty-bundle", "entry"));
    assert_eq!(
        refusal(br#"{"resourceType":"Bundle","type":"batch-response","entry":[]}"#),
        pair("unsupported-bundle", "type")
    );
    let deep = format!(r#"{{"resourceType":"Patient","extension":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    assert_eq!(refusal(deep.as_bytes()), pair("too-deep", "the resource"));
    let place = "entry[1].resource";
    assert_eq!(refused_entry(&json!({"resourceType": "Observation"})), pair("no-subject", &format!("{place}.subject")));
    assert_eq!(
        refused_entry(&json!({"resourceType": "Nonsense"})),
        pair("unknown-type", &format!("{place}.resourceType"))
    );
    assert_eq!(
        refused_entry(&json!({"resourceType": "Patient", "id": "p"})),
        pair("duplicate-id", &format!("{place}.id"))
    );
    let born = json!({"resourceType": "Patient", "birthDate": "14/03/1938"});
    assert_eq!(refused_entry(&born), pair("bad-date", &format!("{place}.birthDate")));
    assert_eq!(
        refused_entry(&json!({"resourceType": "DeviceUsage"})),
        pair("wrong-fhir", &format!("{place}.resourceType"))
    );
    assert_eq!(refused_entry(&json!(null)), pair("unsupported-request", place));
    assert_eq!(refused_entry(&json!([])), pair("not-a-resource", place));
    let gone = bundle(&json!([{"request": {"method": "DELETE", "url": "Patient/1"}}]));
    assert_eq!(refusal(&gone), pair("unsupported-request", "entry[0].request.method"));
}

#[test]
fn resources_without_an_id_are_called_the_same_each_time() {
    let raw = br#"{"resourceType": "Organization", "name": "A practice"}"#;
    let (first, second) = (map(raw).unwrap(), map(raw).unwrap());
    assert_eq!(first.resources[0].source_id, second.resources[0].source_id);
    assert!(first.resources[0].source_id.starts_with("sha256-"));
    let named = map(&bundle(&json!([{"fullUrl": "urn:uuid:abc", "resource": {"resourceType": "Patient"}}]))).unwrap();
    assert_eq!(named.resources[0].source_id, "abc");
    assert_eq!(named.resources[0].subject, Subject::Person("abc".to_owned()));
}

#[test]
fn times_and_message_ids_are_the_sources_own() {
    let raw = br#"{"resourceType":"Bundle","type":"history","timestamp":"2026-01-02T03:04:05Z","identifier":{"value":"m1"},"entry":[
        {"resource":{"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2026-01-01T00:00:00Z"},"multipleBirthInteger":1.50}},
        {"resource":{"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2025-01-01T00:00:00Z"}}}]}"#;
    let mapped = map(raw).unwrap();
    assert_eq!(mapped.message_id.as_deref(), Some("m1"));
    assert_eq!(mapped.as_of, "2026-01-02T03:04:05Z".parse().ok());
    assert_eq!(mapped.resources[1].as_of, "2025-01-01T00:00:00Z".parse().ok());
    assert!(mapped.resources[0].body.ends_with(r#""multipleBirthInteger":1.50}"#), "digits as they came");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Bytes of a sound bundle changed, taken out or put in: an answer or a reason, never a panic, never half a message.
    #[test]
    fn mutated_bundles_are_answered(which in 0usize..8, edits in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..4, any::<u8>()), 1..4)) {
        let mut bundle: Value = serde_json::from_slice(&std::fs::read(&samples("demo/gp")[which]).unwrap()).unwrap();
        // Few entries, so that a change often falls where it is still sound JSON.
        bundle["entry"].as_array_mut().unwrap().truncate(8);
        let mut bytes = serde_json::to_vec_pretty(&bundle).unwrap();
        prop_assert!(map(&bytes).is_ok());
        for (at, how, byte) in edits {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                _ => bytes.insert(at, b"{}[]\",:\\"[usize::from(byte % 8)]),
            }
        }
        check_answer(&bytes);
    }

    /// Sound JSON whose elements have been swapped for others of any shape.
    #[test]
    fn wrong_shapes_are_answered(which in 0usize..8, entry in any::<prop::sample::Index>(), key in any::<prop::sample::Index>(), shape in 0usize..8) {
        let mut bundle: Value = serde_json::from_slice(&std::fs::read(&samples("demo/gp")[which]).unwrap()).unwrap();
        let entries = bundle["entry"].as_array_mut().unwrap();
        let entry = entry.index(entries.len());
        let resource = entries[entry]["resource"].as_object_mut().unwrap();
        let key = resource.keys().nth(key.index(resource.len())).unwrap().clone();
        let shapes = [json!(null), json!([]), json!({}), json!("x"), json!(1.5), json!([[[]]]), json!([null]), json!({"coding": [null, 3]})];
        resource.insert(key, shapes[shape].clone());
        check_answer(bundle.to_string().as_bytes());
    }
}

fn check_answer(bytes: &[u8]) {
    match map(bytes) {
        Ok(mapped) => {
            assert!(serde_json::from_slice::<Value>(bytes).is_ok(), "what is no JSON is never taken for it");
            for incoming in &mapped.resources {
                assert_eq!(serde_json::from_str::<Value>(&incoming.body).unwrap(), incoming.value);
                let _ = fact::derive(&incoming.resource_type, &incoming.value);
                let _ = fact::reference_name(&incoming.resource_type, &incoming.value);
                let _ = Demographics::from_patient(&incoming.value);
            }
        }
        Err(reason) => assert!(!reason.code.is_empty() && !reason.sentence.is_empty()),
    }
}
