//! Rules broken and kept, and HL7's examples, which keep nearly all.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;

fn broken(resource: Value) -> Vec<String> {
    check(&resource).into_iter().map(|issue| format!("{} {}", issue.at.unwrap_or_default(), issue.words)).collect()
}

#[test]
fn every_rule_of_r4_can_be_read() {
    let unread: Vec<String> = unread().map(ToString::to_string).collect();
    // May only become fewer.
    assert!(unread.is_empty(), "{unread:#?}");
    assert!(RULES.len() > 200, "{}", RULES.len());
}

#[test]
fn broken_rules_say_where() {
    let found = broken(
        json!({"resourceType": "Patient", "contact": [{"relationship": [{"text": "x"}]}, {"name": {"text": "a"}}]}),
    );
    assert!(found.iter().any(|line| line.starts_with("Patient.contact[0]") && line.ends_with("(pat-1)")), "{found:?}");
    assert!(!found.iter().any(|line| line.contains("contact[1]")), "{found:?}");
    for (resource, key) in [
        (
            json!({"resourceType": "Observation", "status": "final", "code": {"text": "a"}, "valueString": "x", "dataAbsentReason": {"text": "b"}}),
            "obs-6",
        ),
        (
            json!({"resourceType": "Patient", "contact": [{"name": {"text": "a"}, "period": {"start": "2021", "end": "2020-05"}}]}),
            "per-1",
        ),
        (json!({"resourceType": "Patient", "managingOrganization": {"reference": "#none"}}), "ref-1"),
        (json!({"resourceType": "Patient", "telecom": [{"value": "1"}]}), "cpt-2"),
        (
            json!({"resourceType": "Patient", "contained": [{"resourceType": "Organization", "id": "o", "name": "a"}]}),
            "dom-3",
        ),
        (json!({"resourceType": "Organization"}), "org-1"),
        (
            json!({"resourceType": "Patient", "extension": [{"url": "a", "valueString": "b", "extension": [{"url": "c", "valueString": "d"}]}]}),
            "ext-1",
        ),
        (
            json!({"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "u", "resource": {"resourceType": "Patient"}}]}),
            "bdl-11",
        ),
        (json!({"resourceType": "ValueSet", "status": "draft", "name": "not a name"}), "vsd-0"),
    ] {
        let found = broken(resource);
        assert!(found.iter().any(|line| line.contains(&format!("({key})"))), "{key}: {found:?}");
    }
    let fine = broken(json!({
        "resourceType": "Patient",
        "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"},
        "contained": [{"resourceType": "Organization", "id": "o", "name": "a"}],
        "managingOrganization": {"reference": "#o"},
        "contact": [{"name": {"text": "a"}, "period": {"start": "2020", "end": "2020-05"}}]
    }));
    assert_eq!(fine, Vec::<String>::new());
}

#[test]
fn hl7_s_examples_keep_the_rules() {
    let mut broken = BTreeMap::<String, Vec<String>>::new();
    let mut files: Vec<_> =
        std::fs::read_dir(env!("WEFT_FHIR_EXAMPLES")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut read = 0;
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let is_definition = ["StructureDefinition-", "ValueSet-", "CodeSystem-", "SearchParameter-", "ConceptMap-"]
            .iter()
            .any(|kind| name.starts_with(kind));
        if !name.ends_with(".json")
            || is_definition
            || !name.contains('-')
            || std::fs::metadata(&file).unwrap().len() > 300_000
        {
            continue;
        }
        let Ok(body) = serde_json::from_str::<Value>(&std::fs::read_to_string(&file).unwrap()) else { continue };
        if !body["resourceType"].as_str().is_some_and(definitions::is_resource) {
            continue;
        }
        read += 1;
        for issue in check(&body).into_iter().filter(|issue| issue.severity != Severity::Warning) {
            let key = issue
                .words
                .rsplit_once('(')
                .map_or(issue.words.clone(), |(_, key)| key.trim_end_matches(')').to_owned());
            broken.entry(key).or_default().push(format!("{name} {}", issue.at.unwrap_or_default()));
        }
    }
    assert!(read > 500, "{read}");
    assert!(broken.is_empty(), "{broken:#?}");
}
