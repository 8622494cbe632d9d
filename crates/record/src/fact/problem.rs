//! Problems and diagnoses (FHIR Condition).

use serde_json::Value;

use super::draft::{concept_at, concepts_at, notes, plain_status, until, words_at};
use super::{Fact, Kind};
use crate::resource::{code, each, has_code, text};

pub(super) fn condition(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Problem, value.get("code"), "Problem with no text")
        .when(value, &["onsetDateTime", "onsetPeriod.start", "recordedDate"])
        .by(value, &["recorder", "asserter"]);
    let clinical = value.get("clinicalStatus").and_then(code);
    let ended = ["abatementDateTime", "abatementPeriod.end", "abatementString"]
        .iter()
        .any(|path| words_at(value, path).is_some());
    // A diagnosis made for one visit says why the visit was, not that the problem stands.
    let of_a_visit = each(value, "category").any(|category| has_code(category, "encounter-diagnosis"));
    fact.active = match clinical {
        Some(clinical) => matches!(clinical, "active" | "recurrence" | "relapse"),
        None => !ended && !of_a_visit,
    };
    fact.status = clinical.map(plain_status).or_else(|| ended.then(|| "ended".to_owned()));
    let verification = value.get("verificationStatus").and_then(code);
    if let Some(doubt @ ("entered-in-error" | "refuted")) = verification {
        fact.active = false;
        fact.status = Some(plain_status(doubt));
    }
    let unsure = verification.filter(|doubt| matches!(*doubt, "unconfirmed" | "provisional" | "differential"));
    fact.detail([
        concept_at(value, "severity"),
        unsure.map(plain_status),
        concepts_at(value, "bodySite"),
        text(value, "onsetString").map(|onset| format!("began {onset}")),
        until(value, "abatementDateTime").or_else(|| until(value, "abatementPeriod.end")),
        notes(value),
    ])
}
