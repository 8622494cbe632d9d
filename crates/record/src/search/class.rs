//! What a resource is as far as access goes. It follows from the resource alone and agrees with the class of the fact that the
//! pages show of it, so that the API never shows more of it than they do.

use std::collections::HashMap;
use std::sync::LazyLock;

use access::Class;
use serde_json::Value;

use crate::fact;
use crate::summary;

/// Types that say nothing about anybody: organisations, the people who work in them, places, catalogues, definitions. What is
/// nobody's but may speak of somebody (a group, a provenance, a document's bytes) is not among them.
const DIRECTORY: &str = "\
    ActivityDefinition CapabilityStatement ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap \
    DeviceDefinition Endpoint EventDefinition GraphDefinition HealthcareService ImplementationGuide InsurancePlan Library \
    Location Measure Medication MedicationKnowledge MessageDefinition NamingSystem ObservationDefinition \
    OperationDefinition Organization OrganizationAffiliation PlanDefinition Practitioner PractitionerRole Questionnaire \
    ResearchDefinition ResearchElementDefinition Schedule SearchParameter Slot SpecimenDefinition StructureDefinition \
    StructureMap Substance TerminologyCapabilities ValueSet";

/// True for a type that is nobody's and says nothing about anybody.
pub(crate) fn is_directory(kind: &str) -> bool {
    DIRECTORY.split_ascii_whitespace().any(|known| known == kind)
}

/// What each type is as a rule, by the fact made of an empty one; `None` for what is no fact.
static USUAL: LazyLock<HashMap<&'static str, Option<Class>>> = LazyLock::new(|| {
    let of = |kind| fact::derive(kind, &Value::Null).map(|fact| summary::class(fact.kind));
    fhir::definitions::resources().map(|kind| (kind, of(kind))).collect()
});

/// The class of a resource.
#[must_use]
pub fn class(kind: &str, value: &Value) -> Class {
    match kind {
        "Patient" | "Person" => Class::Identity,
        _ if is_directory(kind) => Class::Directory,
        // The one whose own words decide what it is.
        "Consent" => fact::derive(kind, value).map_or(Class::Other, |fact| summary::class(fact.kind)),
        // A RelatedPerson is a contact, as on the pages: more than reception needs to know.
        _ => match USUAL.get(kind) {
            Some(Some(usual)) => fact::tagged(value).map_or(*usual, summary::class),
            Some(None) => Class::Other,
            None => fact::derive(kind, value).map_or(Class::Other, |fact| summary::class(fact.kind)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_class_is_that_of_the_fact_the_pages_show() {
        assert_eq!(class("Patient", &json!({})), Class::Identity);
        assert_eq!(class("RelatedPerson", &json!({})), Class::Contact);
        assert_eq!(class("Organization", &json!({})), Class::Directory);
        assert_eq!(class("Observation", &json!({})), Class::Result);
        let tag = json!({"meta": {"tag": [{"system": crate::resource::KIND_TAG, "code": "social-care"}]}});
        assert_eq!(class("Observation", &tag), Class::SocialCare, "a feed's own word comes first");
        assert_eq!(class("Provenance", &json!({})), Class::Other, "nobody's, but it may speak of somebody");
    }

    #[test]
    fn nothing_but_a_tag_makes_of_a_resource_something_else_than_its_fact() {
        let filled = json!({
            "status": "final", "category": [{"coding": [{"code": "social-history"}], "text": "Social history"}],
            "code": {"coding": [{"code": "1"}], "text": "One"}, "type": {"text": "Two"}, "subject": {"reference": "Patient/1"},
            "scope": {"coding": [{"code": "adr"}]}, "intent": "plan", "docStatus": "final", "description": "Three",
        });
        for kind in
            fhir::definitions::resources().filter(|kind| !is_directory(kind) && !matches!(*kind, "Patient" | "Person"))
        {
            for tag in ["", "social-care", "plan", "unknown"] {
                let mut value = filled.clone();
                value["meta"] = json!({"tag": [{"system": crate::resource::KIND_TAG, "code": tag}]});
                let shown = fact::derive(kind, &value).map_or(Class::Other, |fact| summary::class(fact.kind));
                assert_eq!(class(kind, &value), shown, "{kind} {tag}");
            }
        }
    }

    #[test]
    fn the_directory_is_nobodys() {
        assert!(DIRECTORY.split_ascii_whitespace().all(crate::feed::fhir::is_r4_type));
    }
}
