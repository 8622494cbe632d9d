//! One line from each type of resource, whole and nearly empty.

use serde_json::{Value, json};

use super::*;

fn of(value: &Value) -> Fact {
    let name = value["resourceType"].as_str().unwrap().to_owned();
    derive(&name, value).unwrap()
}

fn line(fact: &Fact) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
    let stands = if fact.active { "stands" } else { "past" };
    format!("{} | {} | {} | {} | {stands}", fact.title, part(&fact.value), part(&fact.detail), part(&fact.status))
}

fn coded(code: &str) -> Value {
    json!({"coding": [{"code": code}]})
}

#[test]
fn words_and_kinds_go_both_ways() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_word(kind.word()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), json!(kind.word()), "one spelling everywhere");
        assert!(!kind.label().is_empty());
    }
    assert!(Kind::ALL.is_sorted());
    assert_eq!(Kind::from_word("problems"), None);
}

#[test]
fn a_problem_with_its_status() {
    let fact = of(
        &json!({"resourceType": "Condition", "clinicalStatus": coded("resolved"), "recordedDate": "1939-12-31",
        "onsetDateTime": "1939", "abatementDateTime": "1940-01-07",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "40055000", "display": "Chronic sinusitis (disorder)"}]},
        "recorder": {"reference": "Practitioner/7", "display": "Dr A"}}),
    );
    assert_eq!(line(&fact), "Chronic sinusitis | - | until 7 January 1940 | resolved | past");
    assert_eq!(fact.code.as_deref(), Some("http://snomed.info/sct|40055000"));
    assert_eq!(fact.when.as_deref(), Some("1939"));
    assert_eq!(fact.author.as_deref(), Some("Dr A"));
    assert_eq!(fact.author_reference, Some(("Practitioner".to_owned(), "7".to_owned())));
    let wrong = of(
        &json!({"resourceType": "Condition", "clinicalStatus": coded("active"), "verificationStatus": coded("entered-in-error")}),
    );
    assert_eq!(line(&wrong), "Problem with no text | - | - | entered in error | past");
    let visit = of(
        &json!({"resourceType": "Condition", "category": [coded("encounter-diagnosis")], "code": {"text": "Cough"}}),
    );
    assert!(!visit.active && visit.status.is_none());
}

#[test]
fn allergies_and_the_word_that_there_are_none() {
    let fact = of(
        &json!({"resourceType": "AllergyIntolerance", "clinicalStatus": coded("active"), "criticality": "high",
        "category": ["medication"], "code": {"text": "Penicillin"}, "reaction": [{"manifestation": [{"text": "Rash"}], "severity": "severe"}]}),
    );
    assert_eq!(line(&fact), "Penicillin | - | high risk; Rash; severe; medication | active | stands");
    assert_eq!(allergy::risk(&fact), Some("high risk"));
    assert_eq!(allergy::none_known(&fact), None);
    for (title, expected) in [
        ("No known allergies", Some(allergy::NoneKnown::Any)),
        ("No known drug allergies.", Some(allergy::NoneKnown::Medicines)),
        ("NKDA", Some(allergy::NoneKnown::Medicines)),
        ("No known food allergy", None),
        ("Allergy to nickel", None),
    ] {
        let fact = of(&json!({"resourceType": "AllergyIntolerance", "code": {"text": title}}));
        assert_eq!(allergy::none_known(&fact), expected, "{title}");
    }
}

#[test]
fn medicines_show_their_dose_and_whether_they_stand() {
    let order = |status: &str| {
        of(
            &json!({"resourceType": "MedicationRequest", "status": status, "intent": "order", "authoredOn": "2026-09-01",
            "medicationCodeableConcept": {"text": "Apixaban 5mg tablets"}, "dosageInstruction": [{"text": "one twice a day"}]}),
        )
    };
    assert_eq!(line(&order("active")), "Apixaban 5mg tablets | - | one twice a day | active | stands");
    assert_eq!(line(&order("stopped")), "Apixaban 5mg tablets | - | one twice a day | stopped | past");
    let parts = of(
        &json!({"resourceType": "MedicationStatement", "status": "active", "effectivePeriod": {"start": "2020"},
        "medicationReference": {"reference": "#m"}, "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Insulin"}}],
        "dosage": [{"doseAndRate": [{"doseQuantity": {"value": 22, "unit": "units"}}], "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}]}),
    );
    assert_eq!(line(&parts), "Insulin | - | 22 units, once every day | active | stands");
    let given = of(
        &json!({"resourceType": "MedicationAdministration", "status": "completed", "medicationCodeableConcept": {"text": "Morphine"},
        "dosage": {"dose": {"value": 2.50, "unit": "mg"}}}),
    );
    assert_eq!(line(&given), "Morphine | - | 2.5 mg | given | past");
}

#[test]
fn results_keep_their_digits() {
    let text = r#"{"resourceType":"Observation","status":"final","code":{"text":"Body height"},"effectiveDateTime":"2011-05-31",
        "valueQuantity":{"value":161.6696023890834,"unit":"cm"},"referenceRange":[{"low":{"value":1.0,"unit":"cm"},"high":{"value":2.50,"unit":"cm"}}]}"#;
    let fact = of(&serde_json::from_str(text).unwrap());
    assert_eq!(line(&fact), "Body height | 161.6696023890834 cm | usual range 1.0 to 2.50 cm | final | past");
    let part =
        |code: &str, value: u32| json!({"code": coded(code), "valueQuantity": {"value": value, "unit": "mm[Hg]"}});
    let pressure = of(
        &json!({"resourceType": "Observation", "code": {"text": "Blood pressure"}, "component": [part("8462-4", 80), part("8480-6", 120)]}),
    );
    assert_eq!(pressure.value.as_deref(), Some("120/80 mmHg"));
    let other = of(&json!({"resourceType": "Observation", "code": {"text": "Coma scale"}, "valueInteger": 14,
        "component": [{"code": {"text": "Eyes"}, "valueInteger": 4}, {"code": {"text": "Voice"}, "valueString": "confused"}]}));
    assert_eq!(line(&other), "Coma scale | 14 | Eyes 4, Voice confused | - | past");
    let absent =
        of(&json!({"resourceType": "Observation", "code": {"text": "Pulse"}, "dataAbsentReason": {"text": "Refused"}}));
    assert_eq!(line(&absent), "Pulse | - | no value: refused | - | past");
    let yes = of(&json!({"resourceType": "Observation", "code": {"text": "Lives alone"}, "valueBoolean": true}));
    assert_eq!(yes.value.as_deref(), Some("yes"));
    let report = of(
        &json!({"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Chest x-ray"}, "conclusion": "Clear."}),
    );
    assert_eq!(line(&report), "Chest x-ray | Clear. | - | final | past");
}

#[test]
fn visits_stays_and_appointments() {
    let stay = of(
        &json!({"resourceType": "Encounter", "status": "in-progress", "class": {"code": "IMP"}, "period": {"start": "2026-11-01T10:00:00Z"},
        "location": [{"location": {"display": "Ward D4"}}], "reasonCode": [{"text": "Pneumonia"}],
        "participant": [{"individual": {"display": "Mr B"}}]}),
    );
    assert_eq!(line(&stay), "Hospital stay | - | Pneumonia; Ward D4 | in progress | stands");
    assert_eq!(stay.author.as_deref(), Some("Mr B"));
    let missed = of(
        &json!({"resourceType": "Appointment", "status": "noshow", "description": "Blood test", "start": "2026-11-01T10:00:00Z"}),
    );
    assert_eq!(line(&missed), "Blood test | - | Appointment | did not attend | past");
    let episode =
        of(&json!({"resourceType": "EpisodeOfCare", "status": "active", "type": [{"text": "Community nursing"}]}));
    assert_eq!(line(&episode), "Community nursing | - | - | active | stands");
}

#[test]
fn every_other_sort_of_line() {
    let lines: Vec<(Kind, String)> = [
        json!({"resourceType": "Flag", "status": "active", "code": {"text": "Key safe"}}),
        json!({"resourceType": "Procedure", "status": "completed", "code": {"text": "Hip repair"}, "performedString": "last winter"}),
        json!({"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "Flu"}, "statusReason": {"text": "Declined"}}),
        json!({"resourceType": "DocumentReference", "status": "current", "type": {"text": "Letter"}, "description": "To the clinic"}),
        json!({"resourceType": "CarePlan", "status": "active", "title": "Bad day", "activity": [{"detail": {"description": "Weigh daily"}}]}),
        json!({"resourceType": "Goal", "lifecycleStatus": "accepted", "description": {"text": "Walk"}, "target": [{"dueDate": "2027-04"}]}),
        json!({"resourceType": "RelatedPerson", "name": [{"given": ["Harold"]}], "relationship": [{"text": "Husband"}], "telecom": [{"system": "phone", "value": "1"}]}),
        json!({"resourceType": "CareTeam", "status": "active", "participant": [{"role": [{"text": "Nurse"}], "member": {"display": "Ms C"}}]}),
        json!({"resourceType": "Consent", "status": "active", "scope": coded("adr"), "category": [{"text": "No resuscitation"}]}),
        json!({"resourceType": "ServiceRequest", "status": "active", "code": {"text": "Falls class"}}),
        json!({"resourceType": "ExplanationOfBenefit", "status": "active", "type": coded("institutional")}),
        json!({"resourceType": "VisionPrescription", "status": "active"}),
    ]
    .into_iter()
    .map(|value| of(&value))
    .map(|fact| (fact.kind, line(&fact)))
    .collect();
    let expected = [
        (Kind::Alert, "Key safe | - | - | active | stands"),
        (Kind::Procedure, "Hip repair | - | last winter | completed | past"),
        (Kind::Immunisation, "Flu | - | Declined | not given | past"),
        (Kind::Document, "To the clinic | - | Letter | current | stands"),
        (Kind::Plan, "Bad day | - | Weigh daily | active | stands"),
        (Kind::Plan, "Walk | - | Goal; by April 2027 | accepted | stands"),
        (Kind::Contact, "Harold | - | Husband; 1 | current | stands"),
        (Kind::Contact, "Care team | - | Ms C (Nurse) | active | stands"),
        (Kind::Plan, "No resuscitation | - | adr | active | stands"),
        (Kind::Other, "Falls class | - | Referral or request | active | stands"),
        (Kind::Other, "Explanation of benefit | - | institutional | active | past"),
        (Kind::Other, "Vision prescription | - | - | active | past"),
    ];
    assert_eq!(lines, expected.map(|(kind, line)| (kind, line.to_owned())));
}

#[test]
fn a_mapping_may_say_the_kind() {
    let fact = of(&json!({"resourceType": "ServiceRequest", "code": {"text": "Help at home"},
        "meta": {"tag": [{"system": "https://weft.example/kind", "code": "social-care"}]}}));
    assert_eq!(fact.kind, Kind::SocialCare);
    let odd = of(
        &json!({"resourceType": "Flag", "meta": {"tag": [{"system": "https://weft.example/kind", "code": "nonsense"}]}}),
    );
    assert_eq!(odd.kind, Kind::Alert);
}

#[test]
fn people_who_work_and_places_are_named_and_are_no_facts() {
    for (name, value, expected) in [
        ("Practitioner", json!({"name": [{"prefix": ["Dr"], "family": "Fallowfield"}]}), Some("Dr Fallowfield")),
        ("Organization", json!({"name": "A practice"}), Some("A practice")),
        ("Location", json!({"name": "Ward D4"}), Some("Ward D4")),
        (
            "PractitionerRole",
            json!({"practitioner": {"display": "Ms C"}, "code": [{"text": "Nurse"}]}),
            Some("Ms C, Nurse"),
        ),
        ("Patient", json!({"name": [{"family": "X"}]}), None),
    ] {
        assert_eq!(derive(name, &value), None);
        assert_eq!(reference_name(name, &value).as_deref(), expected);
    }
}
