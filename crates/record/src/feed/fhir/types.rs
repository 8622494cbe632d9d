//! The resource types of FHIR R4 (4.0.1) and whose each is: which element names the patient, and whether it must.
//! It must not know any other version of FHIR, except to say that a type belongs to one.

use crate::feed::Reason;

/// Where a resource of a type says whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A Patient: itself.
    Own,
    /// This element must name the patient. Where R4 leaves it optional, a record about nobody is of no use to anybody.
    Must(&'static str),
    /// This element may name the patient; without it the resource is nobody's.
    May(&'static str),
    /// One of several items must name the patient, by this element of theirs.
    Among(&'static str, &'static str),
    /// Nobody's: an organisation, a definition, a catalogue.
    Nobody,
}

use Whose::{Among, May, Must, Own};

/// Types that are somebody's, in order of name.
const SOMEBODYS: [(&str, Whose); 64] = [
    ("Account", May("subject")),
    ("AdverseEvent", Must("subject")),
    ("AllergyIntolerance", Must("patient")),
    ("Appointment", Among("participant", "actor")),
    ("AppointmentResponse", May("actor")),
    ("Basic", May("subject")),
    ("BodyStructure", Must("patient")),
    ("CarePlan", Must("subject")),
    ("CareTeam", Must("subject")),
    ("ChargeItem", Must("subject")),
    ("Claim", Must("patient")),
    ("ClaimResponse", Must("patient")),
    ("ClinicalImpression", Must("subject")),
    ("Communication", Must("subject")),
    ("CommunicationRequest", Must("subject")),
    ("Composition", Must("subject")),
    ("Condition", Must("subject")),
    ("Consent", Must("patient")),
    ("Coverage", Must("beneficiary")),
    ("CoverageEligibilityRequest", Must("patient")),
    ("CoverageEligibilityResponse", Must("patient")),
    ("DetectedIssue", Must("patient")),
    ("Device", May("patient")),
    ("DeviceRequest", Must("subject")),
    ("DeviceUseStatement", Must("subject")),
    ("DiagnosticReport", Must("subject")),
    ("DocumentManifest", May("subject")),
    ("DocumentReference", Must("subject")),
    ("Encounter", Must("subject")),
    ("EnrollmentRequest", May("candidate")),
    ("EpisodeOfCare", Must("patient")),
    ("ExplanationOfBenefit", Must("patient")),
    ("FamilyMemberHistory", Must("patient")),
    ("Flag", Must("subject")),
    ("Goal", Must("subject")),
    ("GuidanceResponse", May("subject")),
    ("ImagingStudy", Must("subject")),
    ("Immunization", Must("patient")),
    ("ImmunizationEvaluation", Must("patient")),
    ("ImmunizationRecommendation", Must("patient")),
    ("Invoice", May("subject")),
    ("List", May("subject")),
    ("MeasureReport", May("subject")),
    ("Media", Must("subject")),
    ("MedicationAdministration", Must("subject")),
    ("MedicationDispense", Must("subject")),
    ("MedicationRequest", Must("subject")),
    ("MedicationStatement", Must("subject")),
    ("MolecularSequence", May("patient")),
    ("NutritionOrder", Must("patient")),
    ("Observation", Must("subject")),
    ("Patient", Own),
    ("Person", Among("link", "target")),
    ("Procedure", Must("subject")),
    ("QuestionnaireResponse", Must("subject")),
    ("RelatedPerson", Must("patient")),
    ("RequestGroup", Must("subject")),
    ("ResearchSubject", Must("individual")),
    ("RiskAssessment", Must("subject")),
    ("ServiceRequest", Must("subject")),
    ("Specimen", Must("subject")),
    ("SupplyDelivery", May("patient")),
    ("Task", Must("for")),
    ("VisionPrescription", Must("patient")),
];

/// Types that are nobody's, in order of name.
const NOBODYS: &str = "\
    ActivityDefinition AuditEvent Binary BiologicallyDerivedProduct Bundle CapabilityStatement CatalogEntry \
    ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap Contract DeviceDefinition DeviceMetric \
    EffectEvidenceSynthesis Endpoint EnrollmentResponse EventDefinition Evidence EvidenceVariable \
    ExampleScenario GraphDefinition Group HealthcareService ImplementationGuide InsurancePlan Library Linkage \
    Location Measure Medication MedicationKnowledge MedicinalProduct MedicinalProductAuthorization \
    MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient \
    MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged \
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader \
    NamingSystem ObservationDefinition OperationDefinition OperationOutcome Organization \
    OrganizationAffiliation Parameters PaymentNotice PaymentReconciliation PlanDefinition Practitioner \
    PractitionerRole Provenance Questionnaire ResearchDefinition ResearchElementDefinition ResearchStudy \
    RiskEvidenceSynthesis Schedule SearchParameter Slot SpecimenDefinition StructureDefinition StructureMap \
    Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein \
    SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyRequest \
    TerminologyCapabilities TestReport TestScript ValueSet VerificationResult";

/// Types that only FHIR before R4 had.
const OLDER: &str = "\
    BodySite Conformance DataElement DeviceComponent DeviceUseRequest DiagnosticOrder EligibilityRequest \
    EligibilityResponse ExpansionProfile ImagingManifest ImagingObjectSelection MedicationOrder Order \
    OrderResponse ProcedureRequest ProcessRequest ProcessResponse ReferralRequest Sequence ServiceDefinition";

/// Types that came after R4 (R4B, R5).
const NEWER: &str = "\
    ActorDefinition AdministrableProductDefinition ArtifactAssessment BiologicallyDerivedProductDispense \
    Citation ClinicalUseDefinition ConditionDefinition DeviceAssociation DeviceDispense DeviceUsage \
    EncounterHistory EvidenceReport FormularyItem GenomicStudy ImagingSelection Ingredient InventoryItem \
    InventoryReport ManufacturedItemDefinition MedicinalProductDefinition NutritionIntake NutritionProduct \
    PackagedProductDefinition Permission RegulatedAuthorization RequestOrchestration Requirements \
    SubscriptionStatus SubscriptionTopic SubstanceDefinition TestPlan Transport";

fn listed(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == name)
}

/// Whose resources of a type are; `None` if it is no R4 type.
pub(crate) fn whose(name: &str) -> Option<Whose> {
    match SOMEBODYS.binary_search_by(|(known, _)| known.cmp(&name)) {
        Ok(at) => SOMEBODYS.get(at).map(|(_, whose)| *whose),
        Err(_) => listed(NOBODYS, name).then_some(Whose::Nobody),
    }
}

/// True if FHIR R4 has a resource type of this name.
#[must_use]
pub fn is_r4_type(name: &str) -> bool {
    whose(name).is_some()
}

/// Refuses what is no R4 type. The name is repeated only if it is made of letters, so that no one's data is.
pub(super) fn known(name: &str, place: &str) -> Result<(), Reason> {
    if is_r4_type(name) {
        return Ok(());
    }
    for (list, version) in [(OLDER, "an older FHIR (DSTU2 or STU3)"), (NEWER, "a newer FHIR (R4B or R5)")] {
        if listed(list, name) {
            let sentence =
                format!("{name} is a resource of {version}, and this feed is read as FHIR R4; send the R4 form.");
            return Err(Reason::new("wrong-fhir", sentence).at(place));
        }
    }
    let plain = !name.is_empty() && name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let shown = if plain { format!("\"{name}\"") } else { "This".to_owned() };
    let sentence = format!("{shown} is not a resource type of FHIR R4; check how it is spelt (capital letters count).");
    Err(Reason::new("unknown-type", sentence).at(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order_and_whole() {
        assert!(SOMEBODYS.is_sorted_by(|a, b| a.0 < b.0));
        let nobodys = NOBODYS.split_ascii_whitespace().count();
        assert_eq!(SOMEBODYS.len() + nobodys, 146, "R4 has so many resource types");
        assert!(SOMEBODYS.iter().all(|(name, _)| !listed(NOBODYS, name)));
        assert!([OLDER, NEWER].iter().all(|list| list.split_ascii_whitespace().all(|name| !is_r4_type(name))));
    }

    #[test]
    fn other_versions_and_misspellings_are_told_apart() {
        assert_eq!(known("Observation", "x"), Ok(()));
        assert_eq!(known("DeviceUsage", "x").unwrap_err().code, "wrong-fhir");
        assert_eq!(known("ReferralRequest", "x").unwrap_err().code, "wrong-fhir");
        let reason = known("observation", "entry[2].resource.resourceType").unwrap_err();
        assert_eq!(
            (reason.code.as_str(), reason.location.as_deref()),
            ("unknown-type", Some("entry[2].resource.resourceType"))
        );
    }
}
