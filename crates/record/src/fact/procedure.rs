//! What was done: procedures and operations, and immunisations.

use serde_json::Value;

use super::draft::{concept_at, concepts_at, displays_at, notes, until};
use super::{Fact, Kind};
use crate::resource::{digits, each, text};

pub(super) fn procedure(value: &Value) -> Fact {
    Fact::coded(Kind::Procedure, value.get("code"), "Procedure with no name")
        .when(value, &["performedDateTime", "performedPeriod.start"])
        .by(value, &["performer.actor", "recorder", "asserter"])
        .status(value, "status", &["preparation", "in-progress", "on-hold"])
        .detail([
            text(value, "performedString").map(str::to_owned),
            concepts_at(value, "reasonCode").or_else(|| displays_at(value, "reasonReference")),
            concepts_at(value, "bodySite"),
            concept_at(value, "outcome"),
            displays_at(value, "location"),
            notes(value),
        ])
}

pub(super) fn immunisation(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Immunisation, value.get("vaccineCode"), "Vaccine with no name")
        .when(value, &["occurrenceDateTime", "recorded"])
        .by(value, &["performer.actor"])
        .status(value, "status", &[]);
    fact.status = fact.status.map(|status| match status.as_str() {
        "completed" => "given".to_owned(),
        "not done" => "not given".to_owned(),
        _ => status,
    });
    let dose = each(value, "protocolApplied").find_map(|protocol| {
        ["doseNumberPositiveInt", "doseNumberString"].iter().find_map(|key| digits(protocol.get(key)?))
    });
    fact.detail([
        text(value, "occurrenceString").map(str::to_owned),
        dose.map(|number| format!("dose {number}")),
        concept_at(value, "statusReason"),
        concepts_at(value, "site"),
        text(value, "lotNumber").map(|batch| format!("batch {batch}")),
        until(value, "expirationDate").map(|until| format!("usable {until}")),
        notes(value),
    ])
}
