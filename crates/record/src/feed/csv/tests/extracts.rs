//! The place's own mappings on their samples: every row is understood, counts hold, and some resources are read in full.

use super::super::map;
use super::{file, mapping, understood};
use crate::feed::{Incoming, Mapped, Subject};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn counts(mapped: &[Mapped]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for resource in mapped.iter().flat_map(|one| &one.resources) {
        *counts.entry(resource.resource_type.as_str()).or_default() += 1;
    }
    counts
}

fn find<'m>(mapped: &'m [Mapped], resource_type: &str, id: &str) -> &'m Incoming {
    let mut all = mapped.iter().flat_map(|one| &one.resources);
    all.find(|one| one.resource_type == resource_type && one.source_id == id).unwrap()
}

fn expect(mapped: &[Mapped], expected: &[(&str, usize)]) {
    assert_eq!(counts(mapped), expected.iter().copied().collect());
    for one in mapped {
        for resource in &one.resources {
            assert_eq!(serde_json::from_str::<Value>(&resource.body).unwrap(), resource.value);
            assert_eq!(resource.value["id"], resource.source_id.as_str());
            assert_eq!(
                resource.resource_type == "Patient",
                resource.subject == Subject::Person(resource.source_id.clone())
            );
        }
    }
}

#[test]
fn gp_extract() {
    let mapped = understood("gp-extract", "samples/demo/gp-extract.csv");
    expect(
        &mapped,
        &[
            ("AllergyIntolerance", 2),
            ("Condition", 14),
            ("Immunization", 2),
            ("MedicationStatement", 9),
            ("Observation", 8),
            ("Patient", 35),
        ],
    );
    assert_eq!(mapped[0].kind, "GP record entry");
    assert_eq!(mapped[0].as_of.unwrap().to_string(), "2014-05-12T09:15:00Z");
    assert_eq!(
        mapped[0].resources[0].value,
        json!({
            "resourceType": "Patient", "id": "EM40007",
            "identifier": [
                {"system": "https://weft.example/Id/gp-patient", "value": "EM40007"},
                {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001006"}],
            "name": [{"given": ["Margaret"], "family": "Ashworth"}],
            "gender": "female", "birthDate": "1938-03-14",
            "address": [{"line": ["12 Cotton Weaver Row"], "city": "Marple", "postalCode": "SK6 6XX"}],
            "generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"}}],
        })
    );
    let urine =
        mapped.iter().flat_map(|one| &one.resources).find(|one| one.body.contains("albumin to creatinine")).unwrap();
    assert_eq!(urine.value["valueString"], "<3");
}

#[test]
fn community() {
    let mapped = understood("community", "samples/demo/community.csv");
    expect(&mapped, &[("Encounter", 14), ("EpisodeOfCare", 6), ("Patient", 20)]);
    let visit = find(&mapped, "Encounter", "ACT90002");
    assert_eq!(visit.value["period"]["start"], "2026-10-26T09:40:00+00:00");
    assert_eq!(visit.value["class"]["code"], "HH");
    assert_eq!(visit.subject, Subject::Person("C-5201".to_owned()));
    assert_eq!(find(&mapped, "Encounter", "ACT90017").value["status"], "planned");
}

#[test]
fn mental_health() {
    let mapped = understood("mental-health", "samples/demo/mental-health.csv");
    expect(&mapped, &[("CarePlan", 4), ("Encounter", 7), ("Patient", 16), ("ServiceRequest", 5)]);
    let crisis = find(&mapped, "CarePlan", "MHP7002");
    assert_eq!(crisis.value["title"], "Crisis plan");
    assert_eq!(crisis.value["meta"]["tag"][0], json!({"system": "https://weft.example/kind", "code": "plan"}));
    assert_eq!(find(&mapped, "Encounter", "MHC51001").value["period"]["start"], "2026-08-11T10:00:00+01:00");
}

#[test]
fn social_care() {
    let mapped = understood("social-care", "samples/demo/social-care.csv");
    expect(&mapped, &[("EpisodeOfCare", 8), ("Patient", 22), ("ServiceRequest", 8), ("Task", 6)]);
    assert_eq!(
        find(&mapped, "EpisodeOfCare", "EV260005").value,
        json!({
            "resourceType": "EpisodeOfCare", "id": "EV260005",
            "meta": {"tag": [{"system": "https://weft.example/kind", "code": "social-care"}]},
            "patient": {"reference": "Patient/SC310006"},
            "status": "active",
            "type": [
                {"text": "Long term support: Community: Home support"}, {"text": "7 x Hourly a week"},
                {"text": "Council managed personal budget"}, {"text": "Support with memory and cognition"},
                {"text": "Morning call, wash and dress"}],
            "period": {"start": "2026-08-03"},
            "managingOrganization": {"display": "Cotton Mill Home Care (demo)"},
            "extension": [{"url": "https://weft.example/fhir/unit-cost-gbp", "valueDecimal": serde_json::from_str::<Value>("21.75").unwrap()}],
        })
    );
    // No NHS number: name, birth date and postcode are there to find her by.
    let dorothy = &find(&mapped, "Patient", "SC310015").value;
    assert_eq!(dorothy["identifier"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&dorothy["birthDate"], &dorothy["address"][0]["postalCode"]),
        (&json!("1931-05-19"), &json!("SK7 2XX"))
    );
    // A number that fails its check is kept, and not as an NHS number.
    let piotr = &find(&mapped, "Patient", "SC310024").value["identifier"][1];
    assert_eq!((piotr.get("system"), &piotr["value"]), (None, &json!("999 001 0594")));
}

#[test]
fn hospice() {
    let mapped = understood("hospice", "samples/demo/hospice.csv");
    expect(
        &mapped,
        &[("CarePlan", 8), ("CareTeam", 8), ("Condition", 8), ("Flag", 15), ("Patient", 8), ("RelatedPerson", 6)],
    );
    let cpr = find(&mapped, "Flag", "cpr-H0011");
    assert_eq!(cpr.value["code"]["text"], "Not for attempted CPR (decided 21/09/2026)");
    assert_eq!(cpr.value["meta"]["tag"][0]["code"], "alert");
    let team = find(&mapped, "CareTeam", "key-worker-H0011");
    assert_eq!(team.value["participant"][0]["member"]["display"], "Nurse I. Placeholder, Hospice at home");
}

#[test]
fn hospital_episodes() {
    let mapped = understood("hes-apc", "samples/hes/artificial_hes_apc_0102_first120.csv");
    assert_eq!((mapped.len(), counts(&mapped)["Encounter"]), (120, 120));
    assert!(
        !mapped
            .iter()
            .any(|one| one.resources.iter().any(|r| r.body.contains("1801-01-01") || r.body.contains("unread-value")))
    );
    let diagnosis =
        mapped.iter().flat_map(|one| &one.resources).find(|one| one.source_id.starts_with("diagnosis-01-")).unwrap();
    assert_eq!(diagnosis.value["code"]["coding"][0]["system"], "http://hl7.org/fhir/sid/icd-10");
    assert_eq!(diagnosis.value["code"]["coding"][0].get("display"), None);
    assert_eq!(diagnosis.value["meta"]["tag"][0]["code"], "problem");
}

#[test]
fn emergency_attendances() {
    let mapped = understood("hes-ae", "samples/hes/artificial_hes_ae_0708_first120.csv");
    assert_eq!((mapped.len(), counts(&mapped)["Encounter"]), (120, 120));
    let first = find(&mapped, "Encounter", "ae-502918283753");
    assert_eq!(first.value["period"]["start"], "2008-02-12T10:16:00+00:00");
    assert_eq!(first.value["hospitalization"]["dischargeDisposition"]["text"], "Discharged, no follow-up needed");
    assert_eq!(mapped[0].resources[0].value.get("birthDate"), None);
}

#[test]
fn broken_rows_wait_with_their_reason_and_line() {
    let mapping = mapping("social-care");
    let told: Vec<_> = file("samples/broken/social-care.csv")
        .iter()
        .map(|message| {
            (
                message.line.unwrap(),
                map(&message.bytes, &mapping).map_or_else(|reason| reason.code, |_| "ok".to_owned()),
            )
        })
        .collect();
    let expected = [
        (2, "bad-date"),
        (3, "wrong-number-of-columns"),
        (4, "unknown-value"),
        (5, "no-identifier"),
        (6, "ok"),
        (7, "unclosed-quote"),
        (8, "not-utf8"),
    ];
    assert_eq!(told.iter().map(|(line, code)| (*line, code.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn each_sample_is_recognised_by_its_own_mapping_only() {
    let samples = [
        ("gp-extract", "samples/demo/gp-extract.csv"),
        ("community", "samples/demo/community.csv"),
        ("mental-health", "samples/demo/mental-health.csv"),
        ("social-care", "samples/demo/social-care.csv"),
        ("hospice", "samples/demo/hospice.csv"),
        ("hes-apc", "samples/hes/artificial_hes_apc_0102_first120.csv"),
        ("hes-ae", "samples/hes/artificial_hes_ae_0708_first120.csv"),
    ];
    for (name, _) in samples {
        let mapping = mapping(name);
        for (other, path) in samples {
            let bytes = std::fs::read(super::root().join(path)).unwrap();
            let header = bytes.split(|byte| *byte == b'\n').next().unwrap();
            assert_eq!(mapping.matches(header), name == other, "{name} and {path}");
        }
    }
}

#[test]
fn the_worked_example_of_the_manual_works() {
    let manual = std::fs::read_to_string(super::root().join("docs/manual/csv-mappings.md")).unwrap();
    let text = manual.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mapping = super::Mapping::parse(text, "stroke-rehab.toml").unwrap_or_else(|problems| panic!("{problems}"));
    let lines: Vec<_> = manual.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let at = lines.iter().position(|line| line.starts_with("Client,NHS")).unwrap();
    let mapped = map(format!("{}\n{}", lines[at], lines[at + 1]).as_bytes(), &mapping).unwrap();
    let types: Vec<_> = mapped.resources.iter().map(|one| one.resource_type.as_str()).collect();
    assert_eq!(types, ["Patient", "Encounter", "Observation"]);
    assert_eq!(mapped.resources[1].value["period"]["start"], "2026-11-03T09:30:00+00:00");
    assert_eq!(mapped.resources[2].value["valueQuantity"]["value"], 14);
}

/// The whole artificial extracts, where they are at hand (`WEFT_SHARED_DATA`).
#[test]
fn whole_hospital_extracts() {
    let Some(data) = std::env::var_os("WEFT_SHARED_DATA").map(std::path::PathBuf::from) else { return };
    for (name, file, rows) in [
        ("hes-apc", "artificial_hes_apc_0102_truncated.csv", 2075),
        ("hes-ae", "artificial_hes_ae_0708_truncated.csv", 1000),
    ] {
        let mapping = mapping(name);
        let messages = super::split(&std::fs::read(data.join("clinical").join(file)).unwrap());
        let mut mapped = Vec::new();
        for message in &messages {
            match map(&message.bytes, &mapping) {
                Ok(one) => mapped.push(one),
                Err(reason) => println!("{file}:{:?}: {}: {reason}", message.line, reason.code),
            }
        }
        let unread =
            mapped.iter().flat_map(|one| &one.resources).filter(|one| one.body.contains("unread-value")).count();
        println!(
            "{file}: {} rows, {} mapped, {:?}, {unread} with unread values",
            messages.len(),
            mapped.len(),
            counts(&mapped)
        );
        assert_eq!((messages.len(), mapped.len(), unread), (rows, rows, 0));
    }
}
