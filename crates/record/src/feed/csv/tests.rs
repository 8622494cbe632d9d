//! Tests of mappings as a whole: their mistakes, the place's own mappings on their samples, and hostile input.

mod extracts;
mod hostile;
mod mistakes;
mod rows_and_values;

use super::{Mapping, map, messages};
use crate::feed::{Incoming, Mapped, RawMessage, Reason};
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A mapping of the place.
fn mapping(name: &str) -> Mapping {
    let file = format!("places/stockport/mappings/{name}.toml");
    let text = std::fs::read_to_string(root().join(&file)).unwrap();
    Mapping::parse(&text, &file).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The messages of a file.
fn file(path: &str) -> Vec<RawMessage> {
    split(&std::fs::read(root().join(path)).unwrap())
}

fn split(bytes: &[u8]) -> Vec<RawMessage> {
    messages(bytes).collect::<Result<_, _>>().unwrap()
}

/// A sample's rows, all of which must be understood.
fn understood(mapping_name: &str, path: &str) -> Vec<Mapped> {
    let mapping = mapping(mapping_name);
    let understand = |message: &RawMessage| {
        map(&message.bytes, &mapping).unwrap_or_else(|reason| panic!("{path}:{:?}: {reason}", message.line))
    };
    file(path).iter().map(understand).collect()
}

/// A small mapping with one Observation template whose fields are given.
fn small(fields: &str) -> String {
    format!(
        "title = \"Row\"\nrequired = [\"P\"]\n[person]\nid = \"P\"\n[[resource]]\ntype = \"Observation\"\nid = [\"P\"]\n[resource.fields]\n{fields}\n"
    )
}

/// The one resource beside the Patient that a row becomes.
fn one(mapping: &str, csv: &str) -> Result<Incoming, Reason> {
    let mapping = Mapping::parse(mapping, "small.toml").unwrap_or_else(|problems| panic!("{problems}"));
    map(csv.as_bytes(), &mapping).map(|mut mapped| mapped.resources.remove(1))
}
