//! What to call the practitioners, organisations and places that facts refer to.

use serde_json::Value;

use super::draft::{concepts_at, displays_at, joined, name_at};
use crate::resource::text;

/// The name of a Practitioner, PractitionerRole, Organization, Location, HealthcareService or RelatedPerson.
#[must_use]
pub fn reference_name(resource_type: &str, value: &Value) -> Option<String> {
    match resource_type {
        "Practitioner" | "RelatedPerson" | "Person" => name_at(value, "name"),
        "Organization" | "Location" | "HealthcareService" | "CareTeam" => text(value, "name").map(str::to_owned),
        "PractitionerRole" => {
            let parts =
                [displays_at(value, "practitioner"), concepts_at(value, "code"), displays_at(value, "organization")];
            joined(parts.into_iter().flatten(), ", ")
        }
        _ => None,
    }
}
