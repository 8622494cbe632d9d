//! What a resource is as far as access goes. It follows from the resource alone and agrees with the class of the fact that the
//! pages show of it, so that the API never shows more of it than they do.

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

/// The class of a resource.
#[must_use]
pub fn class(kind: &str, value: &Value) -> Class {
    match kind {
        "Patient" | "Person" => Class::Identity,
        _ if is_directory(kind) => Class::Directory,
        // A RelatedPerson is a contact, as on the pages: more than reception needs to know.
        _ => fact::derive(kind, value).map_or(Class::Other, |fact| summary::class(fact.kind)),
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
    fn the_directory_is_nobodys() {
        assert!(DIRECTORY.split_ascii_whitespace().all(crate::feed::fhir::is_r4_type));
    }
}
