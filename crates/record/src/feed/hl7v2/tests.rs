//! What real and invented messages become, and what no bytes at all may do.

mod acknowledgements;
mod demo;
mod hostile;
mod rules;
mod samples;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::feed::{Incoming, Mapped, RawMessage, Subject};

/// The folder of samples that is kept in the repository.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// The messages of one file, by its name within the samples.
fn read(name: &str) -> Vec<RawMessage> {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    super::messages(bytes.as_slice()).collect::<Result<_, _>>().unwrap()
}

/// A file of one message, mapped.
fn mapped(name: &str) -> Mapped {
    let messages = read(name);
    assert_eq!(messages.len(), 1, "{name}");
    let mapped = super::map(&messages[0].bytes).unwrap();
    holds(&mapped);
    mapped
}

/// What is true of every mapped message.
fn holds(mapped: &Mapped) {
    let mut ids: Vec<(&str, &str)> =
        mapped.resources.iter().map(|one| (one.resource_type.as_str(), one.source_id.as_str())).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "two resources of one message share an id");
    for one in &mapped.resources {
        assert_eq!(one.body, serde_json::to_string(&one.value).unwrap());
        assert_eq!(one.value["resourceType"], one.resource_type);
        assert_eq!(one.value["id"], one.source_id);
        assert!(matches!(&one.subject, Subject::Person(local) if !local.is_empty()));
        assert!(!one.body.contains("\"\"") && !one.body.contains("null") && !one.body.contains("{}"), "{}", one.body);
    }
}

/// The resources of one type.
fn of<'a>(mapped: &'a Mapped, resource_type: &str) -> Vec<&'a Incoming> {
    mapped.resources.iter().filter(|one| one.resource_type == resource_type).collect()
}

/// The only resource of one type.
fn only<'a>(mapped: &'a Mapped, resource_type: &str) -> &'a Value {
    let found = of(mapped, resource_type);
    assert_eq!(found.len(), 1, "{resource_type}");
    &found[0].value
}

/// A message of lines.
fn lines(lines: &[&str]) -> Vec<u8> {
    lines.join("\r").into_bytes()
}

const HEADER: &str = "MSH|^~\\&|PAS|RWJ|WEFT|B|20260105093000||";
