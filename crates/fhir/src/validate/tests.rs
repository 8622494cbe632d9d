//! Against HL7's own examples, and against resources broken in every way.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::issue::Severity;

/// Examples of HL7's that are wrong, with why. Each must still be found wrong.
const WRONG: &[(&str, &str)] = &[
    ("Bundle-v2-valuesets", "codes of v2-0550 end with a no-break space or are one"),
    ("CodeSystem-v2-0550", "the same codes"),
    ("DeviceMetric-example", "`parent` points at a DeviceDefinition, may only at a Device"),
    ("DeviceUseStatement-example", "`reasonReference` points at a Procedure, which R4 does not allow"),
    ("ImplementationGuide-fhir", "has neither name nor status, and points at an id that is too long"),
    ("ig-r4", "the same guide"),
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

#[test]
fn hl7s_examples_are_sound() {
    let mut bad = Vec::new();
    let mut seen = 0;
    every_json(Path::new(env!("WEFT_FHIR_EXAMPLES")), |name, text| {
        let Ok(value) = super::text(text) else {
            return bad.push(format!("{name}: no strict JSON"));
        };
        if value.get("resourceType").is_none() {
            return;
        }
        seen += 1;
        let found = errors(resource(&value));
        let is_known = WRONG.iter().any(|(known, _)| *known == name);
        if found.is_empty() == is_known {
            bad.push(format!("{name} ({} errors)\n    {}", found.len(), found.join("\n    ")));
        }
    });
    assert!(seen > 5_000, "only {seen} examples were found");
    assert!(bad.is_empty(), "{} of {seen}:\n{}", bad.len(), bad.join("\n"));
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
fn a_judge_is_asked_at_every_element_that_has_a_rule() {
    let patient = serde_json::json!({
        "resourceType": "Patient", "contact": [{"gender": "male"}, {"name": {"text": "A"}}],
        "contained": [{"resourceType": "Organization", "id": "o", "identifier": [{"value": "1"}]}],
    });
    let asked = std::cell::RefCell::new(Vec::new());
    let judge = |rule: &'static crate::definitions::Constraint, value: &Value, _: &Value| {
        asked.borrow_mut().push(rule.key);
        Some(rule.key != "pat-1" || value.get("name").is_some())
    };
    let found = invariants(&patient, &judge);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].at.as_deref(), Some("Patient.contact[0]"));
    assert!(found[0].words.ends_with("(pat-1)"), "{}", found[0].words);
    for key in ["dom-2", "org-1", "ele-1", "pat-1"] {
        assert!(asked.borrow().contains(&key), "{key} was not asked");
    }
}

mod broken;

proptest! {
    #[test]
    fn no_json_makes_it_panic(text in "[{}\\[\\]\",:\\\\a\u{e9}1.e+-tfn \n\u{0}]{0,60}") {
        if let Ok(value) = super::text(&text) {
            let _ = resource(&value);
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        }
    }
}
