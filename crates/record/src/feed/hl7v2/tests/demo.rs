//! The invented hospital of the demonstration, in one file.

use place::NhsNumber;
use serde_json::json;

use super::*;
use crate::feed::Merge;
use crate::feed::hl7v2::map;

fn hospital() -> Vec<Mapped> {
    read("demo/hospital.hl7")
        .iter()
        .map(|raw| {
            let mapped = map(&raw.bytes).unwrap();
            holds(&mapped);
            mapped
        })
        .collect()
}

#[test]
fn every_message_maps_and_has_its_own_id() {
    let messages = hospital();
    let kinds: Vec<&str> = messages.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "ADT^A01", "ORU^R01", "ADT^A03", "MDM^T02", "ADT^A04", "ADT^A03", "ADT^A01", "ADT^A28", "ADT^A40",
            "ADT^A31", "ADT^A11", "ADT^A02"
        ]
    );
    let mut ids: Vec<_> = messages.iter().map(|one| one.message_id.clone().unwrap()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), messages.len());
    let lines: Vec<u64> = read("demo/hospital.hl7").iter().filter_map(|raw| raw.line).collect();
    assert_eq!(lines[..2], [1, 11]);
}

#[test]
fn the_numbers_are_from_the_range_that_is_never_issued() {
    for message in hospital() {
        let patient = only(&message, "Patient");
        for identifier in patient["identifier"].as_array().unwrap() {
            if identifier["system"] == "https://fhir.nhs.uk/Id/nhs-number" {
                let number = NhsNumber::parse(identifier["value"].as_str().unwrap()).unwrap();
                assert!(number.as_str().starts_with("999"));
                let status = &identifier["extension"][0]["valueCodeableConcept"]["coding"][0]["code"];
                assert_eq!(status, "01");
            }
        }
    }
}

#[test]
fn one_stay_from_admission_to_letter() {
    let messages = hospital();
    let [admitted, bloods, discharged, letter] = &messages[..4] else { panic!("four messages") };
    let patient = only(admitted, "Patient");
    assert_eq!(patient["id"], "S700113");
    assert_eq!(
        patient["generalPractitioner"][0],
        json!({
            "identifier": { "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002" },
            "display": "MARPLE BRIDGE SURGERY"
        })
    );
    let (before, after) = (only(admitted, "Encounter"), only(discharged, "Encounter"));
    assert_eq!((before["id"].as_str(), after["id"].as_str()), (Some("V8801001"), Some("V8801001")));
    assert_eq!(before["status"], "in-progress");
    assert_eq!(after["status"], "finished");
    assert_eq!(after["period"], json!({ "start": "2026-01-07T14:15:00+00:00", "end": "2026-01-14T15:55:00+00:00" }));
    assert_eq!(before["serviceProvider"]["identifier"]["value"], "RWJ");
    // The diagnosis of the discharge is the one of the admission, now final.
    assert_eq!(only(admitted, "Condition")["id"], only(discharged, "Condition")["id"]);
    assert_eq!(only(discharged, "Condition")["verificationStatus"]["coding"][0]["code"], "confirmed");
    assert_eq!(only(admitted, "AllergyIntolerance")["onsetDateTime"], "1987");

    let results = of(bloods, "Observation");
    assert_eq!(results.len(), 8);
    assert!(results[1].body.contains(r#""value":11.30"#), "digits as they came");
    assert_eq!(results[7].value["valueQuantity"], json!({ "value": 5, "comparator": "<", "unit": "mg/L" }));
    assert_eq!(results[2].value["note"][0]["text"], "Please repeat the haemoglobin in 24 hours.");
    assert_eq!(results[0].value["performer"][0]["display"], "Demo Hospital");
    assert_eq!(results[0].value["encounter"]["reference"], "Encounter/V8801001");

    let document = only(letter, "DocumentReference");
    assert_eq!(document["type"]["text"], "Discharge summary");
    assert_eq!(document["author"][0]["display"], "Dr Imogen Thistlewood");
    assert_eq!(document["date"], "2026-01-14T16:30:00+00:00");
    assert!(document["content"][0]["attachment"]["data"].as_str().unwrap().starts_with("RGVhciBEciBGZXJuc2J5Cg"));
}

#[test]
fn the_late_admission_is_older_than_its_discharge() {
    let messages = hospital();
    let (discharged, admitted) = (&messages[5], &messages[6]);
    assert_eq!(only(discharged, "Encounter")["id"], only(admitted, "Encounter")["id"]);
    assert!(admitted.as_of < discharged.as_of);
}

#[test]
fn the_temporary_record_is_merged_and_the_others_say_what_they_say() {
    let messages = hospital();
    assert_eq!(only(&messages[7], "Patient")["id"], "S799901");
    assert_eq!(messages[8].merges, [Merge { prior: "S799901".to_owned(), surviving: "S700204".to_owned() }]);
    assert_eq!(only(&messages[4], "Encounter")["class"]["code"], "EMER");
    assert_eq!(of(&messages[4], "Observation").len(), 2);
    assert_eq!(only(&messages[9], "Patient")["address"][0]["line"], json!(["Flat 3, 40 Heddle Street"]));
    assert!(of(&messages[9], "Encounter").is_empty());
    assert_eq!(only(&messages[10], "Encounter")["status"], "cancelled");
    assert_eq!(only(&messages[11], "Encounter")["location"][1]["status"], "completed");
    assert_eq!(only(&messages[11], "RelatedPerson")["relationship"][0]["text"], "Son");
}
