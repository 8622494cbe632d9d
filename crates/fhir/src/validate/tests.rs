//! Against HL7's own examples, and against resources broken in every way.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::issue::Severity;

/// Examples of HL7's that are wrong, with why. Each must still be found wrong.
const WRONG: &[(&str, &str)] = &[];

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

proptest! {
    #[test]
    fn no_json_makes_it_panic(text in "[{}\\[\\]\",:\\\\a\u{e9}1.e+-tfn \n\u{0}]{0,60}") {
        if let Ok(value) = super::text(&text) {
            let _ = resource(&value);
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        }
    }
}
