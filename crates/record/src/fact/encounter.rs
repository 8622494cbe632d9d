//! Visits and stays: encounters, appointments, and episodes under a service's care.

use serde_json::Value;

use super::draft::{concept_at, concepts_at, displays_at, joined, until, words_at};
use super::{Fact, Kind};
use crate::resource::{concept_text, text};

pub(super) fn encounter(value: &Value) -> Fact {
    let class = value.get("class").and_then(|class| text(class, "code"));
    let title = concept_at(value, "type").or_else(|| value.get("serviceType").and_then(concept_text));
    let class_words =
        class.and_then(class_words).map(str::to_owned).or_else(|| value.get("class").and_then(concept_text));
    let coded = value.get("type").and_then(|types| types.get(0)).or_else(|| value.get("serviceType"));
    let mut fact = Fact::coded(Kind::Encounter, coded, "");
    fact.title = title.or_else(|| class_words.clone()).unwrap_or_else(|| "Visit or stay".to_owned());
    fact.when(value, &["period.start"])
        .by(value, &["participant.individual"])
        .status(value, "status", &["arrived", "triaged", "in-progress", "onleave"])
        .detail([
            class_words,
            concepts_at(value, "reasonCode").or_else(|| displays_at(value, "reasonReference")),
            displays_at(value, "location.location"),
            displays_at(value, "serviceProvider"),
            concept_at(value, "hospitalization.dischargeDisposition"),
            until_another_day(value),
        ])
}

/// The end of a stay, where it is not the day it began.
fn until_another_day(value: &Value) -> Option<String> {
    let (start, end) = (words_at(value, "period.start"), words_at(value, "period.end")?);
    if start.and_then(|start| start.get(..10)) == end.get(..10) { None } else { until(value, "period.end") }
}

/// Plain words for HL7's encounter classes.
fn class_words(class: &str) -> Option<&'static str> {
    Some(match class {
        "AMB" => "Clinic or surgery visit",
        "IMP" | "ACUTE" | "NONAC" => "Hospital stay",
        "EMER" => "Emergency attendance",
        "HH" => "Home visit",
        "VR" => "By telephone or video",
        "SS" => "Day case",
        "OBSENC" => "Observation in hospital",
        "PRENC" => "Before admission",
        "FLD" => "In the community",
        _ => return None,
    })
}

pub(super) fn appointment(value: &Value) -> Fact {
    let coded = value.get("serviceType").and_then(|types| types.get(0)).or_else(|| value.get("appointmentType"));
    let mut fact = Fact::coded(Kind::Encounter, coded, "Appointment");
    if let Some(description) = text(value, "description") {
        fact.title = description.to_owned();
    }
    fact.when(value, &["start", "requestedPeriod.start", "created"])
        .by(value, &["participant.actor"])
        .status(value, "status", &["proposed", "pending", "booked", "arrived", "checked-in", "waitlist"])
        .detail([
            Some("Appointment".to_owned()),
            concepts_at(value, "reasonCode"),
            displays_at(value, "participant.actor"),
            text(value, "comment").map(str::to_owned),
            concept_at(value, "cancelationReason"),
        ])
}

pub(super) fn episode(value: &Value) -> Fact {
    let coded = value.get("type").and_then(|types| types.get(0));
    Fact::coded(Kind::Encounter, coded, "Under the care of a service")
        .when(value, &["period.start"])
        .by(value, &["careManager"])
        .status(value, "status", &["active", "onhold", "waitlist", "planned"])
        .detail([
            displays_at(value, "managingOrganization"),
            joined(displays_at(value, "diagnosis.condition").into_iter(), ", "),
            until(value, "period.end"),
        ])
}
