//! Against HL7's own examples, and against resources broken in every way.

use std::path::Path;

use serde_json::Value;

use super::*;

/// Examples of HL7's that are wrong, with why. Each must still be found wrong.
const WRONG: &[(&str, &str)] = &[
    ("CodeSystem-v2-0550", "codes end with a no-break space or are one"),
    ("DeviceMetric-example", "`parent` points at a DeviceDefinition, may only at a Device"),
    ("DeviceUseStatement-example", "`reasonReference` points at a Procedure, which R4 does not allow"),
    (
        "MedicationRequest-medrx0301",
        "`dispenseRequest.performer` points at a Practitioner, may only at an Organization",
    ),
    ("Observation-clinical-gender", "`performer` points at an Encounter"),
    ("Questionnaire-qs1", "items have no linkId"),
    ("SearchParameter-codesystem-extensions-CodeSystem-author", "has no base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-effective", "has no base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-end", "has no base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-keyword", "has no base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-workflow", "has no base"),
    ("SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject", "its id is longer than 64"),
    ("SearchParameter-valueset-extensions-ValueSet-author", "has no base"),
    ("SearchParameter-valueset-extensions-ValueSet-effective", "has no base"),
    ("SearchParameter-valueset-extensions-ValueSet-end", "has no base"),
    ("SearchParameter-valueset-extensions-ValueSet-keyword", "has no base"),
    ("SearchParameter-valueset-extensions-ValueSet-workflow", "has no base"),
    ("StructureDefinition-Definition", "not abstract and without a base (sdf-4)"),
    ("StructureDefinition-Event", "the same"),
    ("StructureDefinition-FiveWs", "the same"),
    ("StructureDefinition-Request", "the same"),
];

fn errors(issues: Vec<Issue>) -> Vec<String> {
    let errors = issues.into_iter().filter(|issue| issue.severity == Severity::Error);
    errors.map(|issue| format!("{}: {}", issue.at.unwrap_or_default(), issue.words)).collect()
}

fn every_json(dir: &Path, mut look: impl FnMut(&str, &str)) -> usize {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    names.sort();
    for path in &names {
        look(&path.file_stem().unwrap().to_string_lossy(), &std::fs::read_to_string(path).unwrap());
    }
    names.len()
}

/// Some 200 files beyond this many bytes are definitions and collections of them, each of which stands in a file of its own
/// as well. They are three quarters of the package and minutes of an unoptimised test, and nothing in them is of another
/// form than in the 5,100 others.
const LARGE: usize = 130_000;

const DEFINITIONS: &[&str] = &[
    "ValueSet-",
    "CodeSystem-",
    "StructureDefinition-",
    "SearchParameter-",
    "ConceptMap-",
    "Bundle-",
    "ig-",
    "ImplementationGuide-",
];

#[test]
fn hl7s_examples_are_sound() {
    let mut bad = Vec::new();
    let (mut seen, mut known) = (0, 0);
    every_json(Path::new(env!("WEFT_FHIR_EXAMPLES")), |name, text| {
        let is_example = !DEFINITIONS.iter().any(|kind| name.starts_with(kind));
        if name == "package" || (text.len() > LARGE && !is_example) {
            return;
        }
        let Ok(value) = super::text(text) else {
            return bad.push(format!("{name}: no strict JSON"));
        };
        seen += 1;
        let found = errors(resource(&value));
        let is_known = WRONG.iter().any(|(wrong, _)| *wrong == name);
        known += usize::from(is_known);
        if found.is_empty() == is_known {
            bad.push(format!("{name} ({} errors)\n    {}", found.len(), found.join("\n    ")));
        }
    });
    assert_eq!(known, WRONG.len());
    assert!(seen > 5_100, "only {seen} examples were found");
    assert!(bad.is_empty(), "{} of {seen}:\n{}", bad.len(), bad.join("\n"));
}

#[test]
fn every_rule_can_be_read() {
    assert_eq!(unread(), [""; 0]);
}

/// Bundles of an invented population, where the machine has them (`WEFT_SYNTHEA`, or the data beside the repository).
#[test]
fn synthea_is_sound() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/clinical/synthea");
    let dir = std::env::var_os("WEFT_SYNTHEA").map_or(beside, Into::into);
    if !dir.is_dir() {
        return;
    }
    let mut bad = Vec::new();
    let seen = every_json(&dir, |name, text| {
        let found = super::text(text).map_or_else(errors, |value| errors(resource(&value)));
        bad.extend(found.into_iter().map(|found| format!("{name}: {found}")));
    });
    assert!(seen > 0 && bad.is_empty(), "{} in {seen}:\n{}", bad.len(), bad.join("\n"));
}

#[test]
fn a_rule_is_held_at_every_element_it_is_for() {
    let patient = serde_json::json!({
        "resourceType": "Patient", "contact": [{"name": {"text": "A"}}, {"gender": "male"}],
        "contained": [{"resourceType": "Organization", "id": "o", "active": true}], "managingOrganization": {"reference": "#o"},
    });
    let found = errors(resource(&patient));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("Patient.contact[1]: ") && found[0].ends_with("(pat-1)"), "{found:?}");
    assert!(found[1].starts_with("Patient.contained[0]: ") && found[1].ends_with("(org-1)"), "{found:?}");
}

#[test]
fn rules_reach_into_parts_that_refer_to_themselves() {
    let question =
        |items: Value| serde_json::json!({"resourceType": "Questionnaire", "status": "draft", "item": items});
    let nested =
        question(serde_json::json!([{"linkId": "1", "type": "group", "item": [{"linkId": "2", "type": "group"}]}]));
    let found = errors(resource(&nested));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("Questionnaire.item[0].item[0]: ") && found[0].ends_with("(que-1)"), "{found:?}");
}

mod broken;
mod property;
