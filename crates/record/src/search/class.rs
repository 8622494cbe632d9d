//! What a resource is as far as access goes. It follows from the resource alone and agrees with the class of the fact that the
//! pages show of it, so that the API never shows more of it than they do.

use std::collections::HashMap;
use std::sync::LazyLock;

use access::Class;
use serde_json::Value;

use crate::fact;
use crate::feed::fhir::types::{Whose, whose};
use crate::resource::NHS_NUMBER;
use crate::summary;

/// Types that say nothing about anybody: organisations, the people who work in them, places, catalogues, definitions. What is
/// nobody's but may speak of somebody (a group, a provenance, a document's bytes) is not among them.
const DIRECTORY: &str = "\
    ActivityDefinition CapabilityStatement CatalogEntry ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap \
    DeviceDefinition EffectEvidenceSynthesis Endpoint EventDefinition Evidence EvidenceVariable GraphDefinition \
    HealthcareService ImplementationGuide InsurancePlan Library Location Measure Medication MedicationKnowledge \
    MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication \
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged \
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition NamingSystem ObservationDefinition \
    OperationDefinition Organization OrganizationAffiliation PlanDefinition Practitioner PractitionerRole Questionnaire \
    ResearchDefinition ResearchElementDefinition RiskEvidenceSynthesis Schedule SearchParameter Slot SpecimenDefinition \
    StructureDefinition StructureMap Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein \
    SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification TerminologyCapabilities ValueSet";

/// Types of which one that names nobody is its organisation's own paper. What carries words or bytes of any sort (a Binary, a
/// Linkage, a Contract) is not among them: nobody could say whom a look at it was a look at.
const PAPERS: &str = "Device DeviceMetric Group List Provenance ResearchStudy SupplyDelivery SupplyRequest";

/// True for a type that may be about nobody without being a directory.
pub(crate) fn may_be_nobodys(kind: &str) -> bool {
    PAPERS.split_ascii_whitespace().any(|known| known == kind)
}

/// Whether a paper speaks of somebody, as far as it can be told from what it refers to: in doubt it does, and then it is seen
/// by nobody who has no tie to them.
fn speaks_of_somebody(kind: &str, value: &Value) -> bool {
    let named = matches!(whose(kind), Some(Whose::May(element)) if value.get(element).is_some());
    named || refers_to_somebody(value)
}

fn refers_to_somebody(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(refers_to_somebody),
        Value::Object(fields) => fields.iter().any(|(name, value)| match (name.as_str(), value.as_str()) {
            ("reference", Some(written)) => {
                ["urn:", "#"].iter().any(|begins| written.starts_with(begins))
                    || ["Patient", "Person", "Binary", "DocumentReference"].iter().any(|kind| written.contains(kind))
            }
            ("type" | "resourceType", Some(kind)) => ["Patient", "Person", "RelatedPerson"].contains(&kind),
            ("system", Some(system)) => system == NHS_NUMBER,
            _ => refers_to_somebody(value),
        }),
        _ => false,
    }
}

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
        _ if may_be_nobodys(kind) && !speaks_of_somebody(kind, value) => Class::Nobody,
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
        assert_eq!(class("Binary", &json!({})), Class::Other, "nobody's, but it may speak of somebody");
    }

    #[test]
    fn what_names_nobody_is_a_paper_and_what_may_name_somebody_is_not() {
        let member = |reference: &str| json!({"member": [{"entity": {"reference": reference}}]});
        assert_eq!(class("Group", &json!({"type": "person"})), Class::Nobody);
        assert_eq!(class("List", &json!({"entry": [{"item": {"reference": "Medication/1"}}]})), Class::Nobody);
        assert_eq!(class("Provenance", &json!({"target": [{"reference": "Organization/1"}]})), Class::Nobody);
        for somebodys in
            ["Patient/1", "https://else.example/Patient/1", "urn:uuid:1", "#p", "RelatedPerson/2", "Binary/3"]
        {
            assert_eq!(class("Group", &member(somebodys)), Class::Other, "{somebodys}");
        }
        assert_eq!(class("List", &json!({"subject": {"reference": "Group/1"}})), Class::Other);
        let contained = json!({"contained": [{"resourceType": "Patient", "id": "p"}]});
        assert_eq!(class("Provenance", &contained), Class::Other);
        let number = json!({"target": [{"identifier": {"system": NHS_NUMBER, "value": "9990000018"}}]});
        assert_eq!(class("Provenance", &number), Class::Other);
        assert!(PAPERS.split_ascii_whitespace().all(|kind| crate::feed::fhir::is_r4_type(kind) && !is_directory(kind)));
    }

    #[test]
    fn nothing_but_a_tag_makes_of_a_resource_something_else_than_its_fact() {
        let filled = json!({
            "status": "final", "category": [{"coding": [{"code": "social-history"}], "text": "Social history"}],
            "code": {"coding": [{"code": "1"}], "text": "One"}, "type": {"text": "Two"}, "subject": {"reference": "Patient/1"},
            "scope": {"coding": [{"code": "adr"}]}, "intent": "plan", "docStatus": "final", "description": "Three",
        });
        for kind in fhir::definitions::resources()
            .filter(|kind| !is_directory(kind) && !may_be_nobodys(kind) && !matches!(*kind, "Patient" | "Person"))
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
