//! Which reader makes a resource into a fact, and the tag by which a mapping overrides the kind. It must not read the
//! resources itself.

use serde_json::Value;

use super::{
    Fact, Kind, alert, allergy, contact, document, encounter, medicine, other, plan, problem, procedure, result,
};
use crate::resource::{KIND_TAG, each, text};

/// The fact of one resource; `None` for what is not about a person's health or care by itself: people who work,
/// places, catalogues, and the Patient, who is the page's own subject.
#[must_use]
pub fn derive(resource_type: &str, value: &Value) -> Option<Fact> {
    let mut fact = match resource_type {
        "Flag" => alert::flag(value),
        "Condition" => problem::condition(value),
        "AllergyIntolerance" => allergy::intolerance(value),
        "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration" => {
            medicine::medicine(resource_type, value)
        }
        "Observation" => result::observation(value),
        "DiagnosticReport" => result::report(value),
        "Encounter" => encounter::encounter(value),
        "Appointment" => encounter::appointment(value),
        "EpisodeOfCare" => encounter::episode(value),
        "Procedure" => procedure::procedure(value),
        "Immunization" => procedure::immunisation(value),
        "DocumentReference" => document::reference(value),
        "Composition" => document::composition(value),
        "QuestionnaireResponse" => document::answers(value),
        "Communication" => document::communication(value),
        "Media" => document::media(value),
        "CarePlan" => plan::care_plan(value),
        "Goal" => plan::goal(value),
        "Consent" => plan::consent(value),
        "RelatedPerson" => contact::related_person(value),
        "CareTeam" => contact::care_team(value),
        _ if other::is_no_fact(resource_type) => return None,
        _ => other::other(resource_type, value),
    };
    if fact.status.as_deref() == Some("entered in error") {
        fact.active = false;
    }
    if let Some(kind) = tagged(value) {
        fact.kind = kind;
    }
    Some(fact)
}

/// The kind that the mapping of a feed gave, where FHIR has no category for it.
pub(crate) fn tagged(value: &Value) -> Option<Kind> {
    let mut tags = each(value.get("meta")?, "tag").filter(|tag| text(tag, "system") == Some(KIND_TAG));
    tags.find_map(|tag| Kind::from_word(text(tag, "code")?))
}
