//! Synthea's bundles as transactions come back equal, but for the ids and references that a transaction rewrites.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use store::Dialect;
use weft_tests::api::{Api, id};
use weft_tests::samples::{folder, gather};
use weft_tests::{left_out, on_both};

use super::tally;

/// Where the sixteen patients of the shared data are, if they are on this machine.
const MORE: &str = "WEFT_SYNTHEA";

fn bundles(database: Dialect) -> Vec<PathBuf> {
    let mut files = Vec::new();
    gather(&folder().join("fhir"), &mut files);
    let more = std::env::var(MORE).map_or_else(|_| folder().join("../../shared/data/clinical/synthea"), PathBuf::from);
    if !more.is_dir() {
        left_out_here();
    } else if database == Dialect::Sqlite {
        gather(&more, &mut files);
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn left_out_here() {
    if std::env::var_os("CI").is_none() {
        left_out("the other Synthea bundles are not on this machine; the two in samples/fhir stand for them");
    }
}

#[test]
fn synthea_bundles_come_back_equal_but_for_ids_and_references() {
    on_both(|database| {
        let api = Api::of(database.open());
        let files = bundles(database.dialect());
        assert!(files.len() >= 2);
        for file in &files {
            comes_back(&api, file);
        }
        assert_eq!(tally(&api.store).1, files.len() as i64);
    });
}

fn comes_back(api: &Api, file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    let sent: Value = serde_json::from_slice(&bytes).unwrap();
    let done = api.bytes(&bytes).unwrap_or_else(|failed| panic!("{}: {failed:?}", file.display()));
    let entries = sent["entry"].as_array().unwrap();
    assert_eq!(entries.len(), done.len());
    let names: HashMap<&str, String> = entries
        .iter()
        .zip(&done)
        .map(|(entry, done)| (entry["fullUrl"].as_str().unwrap(), format!("{}/{}", done.kind, id(done))))
        .collect();
    for (entry, done) in entries.iter().zip(&done) {
        assert_eq!(done.status, 201);
        let mut wanted = entry["resource"].clone();
        rewritten(&mut wanted, &names);
        let mut shown = api.shown(&done.kind, &id(done));
        assert_eq!(shown["meta"]["versionId"], "1");
        assert_eq!(shown["id"], id(done).as_str());
        unnamed(&mut wanted);
        unnamed(&mut shown);
        // Compared as text, so that 1.0 is not 1.
        assert_eq!(ordered(&shown).to_string(), ordered(&wanted).to_string());
    }
}

fn rewritten(value: &mut Value, names: &HashMap<&str, String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(text) if name == "reference" || name == "url" => {
                        if let Some(to) = names.get(text.as_str()) {
                            text.clone_from(to);
                        }
                    }
                    other => rewritten(other, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewritten(item, names)),
        _ => {}
    }
}

/// Without what the server says.
pub(super) fn unnamed(value: &mut Value) {
    let fields = value.as_object_mut().unwrap();
    fields.shift_remove("id");
    if let Some(meta) = fields.get_mut("meta").and_then(Value::as_object_mut) {
        meta.shift_remove("versionId");
        meta.shift_remove("lastUpdated");
        if meta.is_empty() {
            fields.shift_remove("meta");
        }
    }
}

/// The same with its names in order.
pub(super) fn ordered(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.iter().collect();
            names.sort_by_key(|(name, _)| *name);
            Value::Object(names.into_iter().map(|(name, inner)| (name.clone(), ordered(inner))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(ordered).collect()),
        other => other.clone(),
    }
}
