//! Everything else that came about a person, so that nothing is lost: shown under its type in plain words.

use serde_json::Value;

use super::draft::{concepts_at, notes, until, words_at};
use super::{Fact, Kind};
use crate::resource::{concept_text, text};

/// Types that are no line about a person: the person, people who work, places, catalogues, and the post itself.
pub(super) fn is_no_fact(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Patient"
            | "Person"
            | "Organization"
            | "OrganizationAffiliation"
            | "Practitioner"
            | "PractitionerRole"
            | "Location"
            | "HealthcareService"
            | "Endpoint"
            | "Medication"
            | "MedicationKnowledge"
            | "Substance"
            | "Schedule"
            | "Slot"
            | "Group"
            | "Bundle"
            | "Binary"
            | "MessageHeader"
            | "OperationOutcome"
            | "Parameters"
            | "Provenance"
            | "AuditEvent"
            | "Subscription"
            | "Questionnaire"
            | "ValueSet"
            | "CodeSystem"
            | "StructureDefinition"
            | "CapabilityStatement"
    )
}

pub(super) fn other(resource_type: &str, value: &Value) -> Fact {
    let sort = plain_type(resource_type);
    let concept = ["code", "vaccineCode", "type", "serviceType", "category"].iter().find_map(|key| {
        let found = value.get(key)?;
        let found = found.get(0).unwrap_or(found);
        concept_text(found).map(|_| found)
    });
    let mut fact = Fact::coded(Kind::Other, concept, &sort);
    let own = ["title", "description", "name", "summary"].iter().find_map(|key| text(value, key));
    if let Some(own) = own {
        fact.title = own.to_owned();
    } else if matches!(resource_type, "Claim" | "ExplanationOfBenefit" | "ClaimResponse" | "Coverage" | "ImagingStudy")
    {
        // Their types are codes of a back office ("institutional"); the sort of paper says more.
        fact.title.clone_from(&sort);
    }
    let items = concepts_at(value, "item.productOrService").or_else(|| concepts_at(value, "item.itemCodeableConcept"));
    let images = concepts_at(value, "series.modality");
    let place = concepts_at(value, "bodySite").or_else(|| concepts_at(value, "series.bodySite"));
    let named = concept.and_then(concept_text);
    fact.when(
        value,
        &[
            "authoredOn",
            "occurrenceDateTime",
            "occurrencePeriod.start",
            "effectiveDateTime",
            "started",
            "performedDateTime",
            "billablePeriod.start",
            "servicedDate",
            "executionPeriod.start",
            "period.start",
            "date",
            "recorded",
            "created",
            "issued",
            "dateTime",
            "collection.collectedDateTime",
            "receivedTime",
        ],
    )
    .by(value, &["requester", "performer", "author", "recorder", "assessor", "provider", "owner"])
    .status(value, "status", standing(resource_type))
    .detail([
        Some(sort),
        named,
        items,
        images,
        place,
        concepts_at(value, "reasonCode"),
        words_at(value, "for.display").map(str::to_owned),
        until(value, "executionPeriod.end").or_else(|| until(value, "period.end")),
        notes(value),
    ])
}

/// The statuses that stand today. An "active" claim is only one that was not withdrawn, so most types have none.
fn standing(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "ServiceRequest"
        | "DeviceRequest"
        | "NutritionOrder"
        | "CommunicationRequest"
        | "RequestGroup"
        | "SupplyRequest"
        | "Task" => &["active", "in-progress", "requested", "accepted", "ready", "received", "on-hold"],
        _ => &[],
    }
}

/// A type's name in words: `ExplanationOfBenefit` is `Explanation of benefit`.
fn plain_type(resource_type: &str) -> String {
    match resource_type {
        "ServiceRequest" => return "Referral or request".to_owned(),
        "ImagingStudy" => return "Images".to_owned(),
        _ => {}
    }
    let mut words = String::with_capacity(resource_type.len() + 4);
    for (index, letter) in resource_type.char_indices() {
        if index > 0 && letter.is_ascii_uppercase() {
            words.push(' ');
            words.push(letter.to_ascii_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}
