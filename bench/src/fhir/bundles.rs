//! Synthea's transaction bundles, and copies of them about other people: every UUID, family name and identifier numbered anew, so that a
//! copy is nobody who was there before; and everybody on the list of the practice whose GP asks, because a record is closed to
//! whoever has nothing to do with the person. Must not change what kind of resource or how many there are.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Value, json};

use crate::borough::PRACTICE;
use crate::setting::Setting;

/// The bundles.
pub(super) struct Bundles(Vec<(String, usize)>);

impl Bundles {
    /// Synthea's where `WEFT_SHARED_DATA` says it is, else the samples of this repository.
    pub(super) fn gather(setting: &Setting) -> anyhow::Result<Self> {
        let shared = std::env::var_os("WEFT_SHARED_DATA").map(|folder| Path::new(&folder).join("clinical/synthea"));
        let folder = shared.filter(|folder| folder.is_dir()).unwrap_or_else(|| setting.root.join("samples/fhir"));
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read {}", folder.display()))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        let mut bundles = Vec::new();
        for file in files {
            let mut bundle: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)
                .with_context(|| format!("{} is not JSON", file.display()))?;
            let entries = bundle.get("entry").and_then(Value::as_array).map_or(0, Vec::len);
            if entries > 0 && bundle.get("type").and_then(Value::as_str) == Some("transaction") {
                register(&mut bundle);
                // Without white space, as programs send it.
                bundles.push((bundle.to_string(), entries));
            }
        }
        anyhow::ensure!(!bundles.is_empty(), "there is no transaction bundle in {}", folder.display());
        Ok(Self(bundles))
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Their resources, all together.
    pub(super) fn resources(&self) -> usize {
        self.0.iter().map(|(_, entries)| entries).sum()
    }

    /// How many copies, in turn, have at least so many resources, and how many those are.
    pub(super) fn enough(&self, resources: usize) -> (usize, usize) {
        let (mut copies, mut sum) = (0, 0);
        for (_, entries) in self.0.iter().cycle() {
            if sum >= resources {
                break;
            }
            copies += 1;
            sum += entries;
        }
        (copies, sum)
    }

    /// The copy of that number.
    pub(super) fn copy(&self, number: usize) -> String {
        let round = number / self.0.len().max(1);
        let (text, _) = self.0.get(number % self.0.len().max(1)).cloned().unwrap_or_default();
        if round == 0 { text } else { renumbered(&text, u32::try_from(round).unwrap_or_default()) }
    }
}

/// Puts the patients of a bundle on a practice's list.
fn register(bundle: &mut Value) {
    let practice =
        json!([{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": PRACTICE}}]);
    let entries = bundle.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten();
    for patient in entries.filter_map(|entry| entry.get_mut("resource")?.as_object_mut()) {
        if patient.get("resourceType").and_then(Value::as_str) == Some("Patient") {
            patient.insert("generalPractitioner".to_owned(), practice.clone());
        }
    }
}

/// The text with its UUIDs, family names and nine-digit identifiers those of another round.
fn renumbered(text: &str, round: u32) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + text.len() / 50);
    let (mut kept, mut at) = (0, 0);
    while at < bytes.len() {
        if is_uuid(bytes.get(at..at + 36).unwrap_or_default()) {
            out.push_str(text.get(kept..at).unwrap_or_default());
            let first = u32::from_str_radix(text.get(at..at + 8).unwrap_or_default(), 16).unwrap_or_default();
            out.push_str(&format!("{:08x}", first ^ round.wrapping_mul(0x9e37_79b9)));
            kept = at + 8;
            at += 36;
        } else if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"\"family\":\"")) {
            at += "\"family\":\"".len();
            out.push_str(text.get(kept..at).unwrap_or_default());
            // Letters, so that it stays a name: round 28 is `Bc`.
            let mut rest = round;
            while rest > 0 {
                out.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
                rest /= 26;
            }
            kept = at;
        } else {
            at += 1;
        }
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patients_are_registered_and_nobody_else_is() {
        let mut bundle =
            json!({"entry": [{"resource": {"resourceType": "Patient"}}, {"resource": {"resourceType": "Device"}}]});
        register(&mut bundle);
        assert_eq!(bundle["entry"][0]["resource"]["generalPractitioner"][0]["identifier"]["value"], PRACTICE);
        assert_eq!(bundle["entry"][1]["resource"], json!({"resourceType": "Device"}));
    }

    #[test]
    fn a_copy_is_of_other_people_and_of_the_same_size() {
        let text = r#"{"fullUrl":"urn:uuid:190524df-4de5-4c01-8560-8b41e23c3b84","family":"Ward","reference":"urn:uuid:190524df-4de5-4c01-8560-8b41e23c3b84"}"#;
        let (one, two) = (renumbered(text, 1), renumbered(text, 2));
        assert_ne!(one, two);
        let read: Value = serde_json::from_str(&one).unwrap();
        assert_eq!(read["fullUrl"], read["reference"]);
        assert_eq!(read["family"], "BWard");
        assert!(read["fullUrl"].as_str().unwrap().ends_with("-4de5-4c01-8560-8b41e23c3b84"));
    }
}
