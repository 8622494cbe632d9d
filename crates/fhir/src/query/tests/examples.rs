//! HL7's own examples are each found by what they say: index and question agree on every parameter of every type.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::super::oracle::{Held, found};
use super::super::*;
use crate::entry;
use crate::parameter::{Kind, Parameter};
use crate::path::{Item, Path};

fn examples() -> Vec<Value> {
    let folder = PathBuf::from(env!("WEFT_FHIR_EXAMPLES"));
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    // Of the definitions, of which there are thousands, one in forty; nothing very large.
    let is_definition = |name: &str| {
        ["StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter"].iter().any(|kind| name.starts_with(kind))
    };
    let wanted = files.iter().enumerate().filter(|(at, file)| {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_small = fs::metadata(file).is_ok_and(|file| file.len() < 60_000);
        name.ends_with(".json") && name.contains('-') && is_small && (!is_definition(name) || at % 40 == 0)
    });
    let read = wanted.filter_map(|(_, file)| serde_json::from_str::<Value>(&fs::read_to_string(file).unwrap()).ok());
    read.filter(|body| body["resourceType"].as_str().is_some_and(crate::definitions::is_resource)).collect()
}

fn row(kind: &str, id: &str) -> i64 {
    entry::term(kind, id, "row", "")
}

/// A value with its signs escaped.
fn escaped(value: &str) -> String {
    value.chars().fold(String::new(), |mut text, letter| {
        if matches!(letter, ',' | '|' | '$' | '\\') {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}

/// How somebody would ask for a value.
fn question(parameter: &Parameter, item: &Item<'_>) -> Option<(String, String)> {
    let code = parameter.code.to_owned();
    let field = |name: &str| item.node().and_then(|node| node.value.get(name)?.as_str());
    Some(match parameter.kind {
        Kind::Token => {
            if let Some(value) = item.boolean() {
                return Some((code, value.to_string()));
            }
            let coding = item.node().and_then(|node| node.value.get("coding")?.get(0));
            let text = |name: &str| coding.and_then(|coding| coding.get(name)?.as_str()).or_else(|| field(name));
            let bare = item.text().or_else(|| text("code")).or_else(|| text("value"))?;
            let system = text("system").filter(|system| system.contains(':'));
            (code, system.map_or_else(|| escaped(bare), |system| format!("{}|{}", escaped(system), escaped(bare))))
        }
        Kind::String => match item.text().or_else(|| field("family")).or_else(|| field("city")) {
            Some(text) if !entry::folded(text).is_empty() => (code, escaped(text)),
            _ => return None,
        },
        Kind::Date => (
            code,
            escaped(
                item.text()
                    .or_else(|| field("start"))
                    .map(|text| if item.text().is_none() { format!("ge{text}") } else { text.to_owned() })?
                    .as_str(),
            ),
        ),
        Kind::Number => (code, item.number()?.to_string()),
        Kind::Quantity if field("comparator").is_some() => return None,
        Kind::Quantity => {
            let number = item.node()?.value.get("value")?.to_string();
            let unit = field("code")
                .map(|unit| format!("|{}|{}", escaped(field("system").unwrap_or_default()), escaped(unit)));
            (code, number + &unit.unwrap_or_default())
        }
        Kind::Reference => {
            let written = item.text().or_else(|| field("reference")).filter(|written| !written.starts_with('#'))?;
            if written.contains("/_history/") || !(written.contains(':') || written.contains('/')) {
                return None;
            }
            (code, escaped(written))
        }
        Kind::Uri => (code, escaped(item.text()?)),
        Kind::Composite | Kind::Special => return None,
    })
}

#[test]
fn every_example_is_found_by_what_it_says() {
    let limits = Limits::new(None, "2024-06-01T00:00:00Z".parse().unwrap());
    let (mut asked, mut lost, mut refused) = (0, Vec::new(), Vec::new());
    let examples = examples();
    let mut paths = HashMap::new();
    for kind in crate::definitions::resources() {
        for offered in offered(kind) {
            paths.insert((kind, offered.parameter.code), Path::parse(offered.parameter.expression).unwrap());
        }
    }
    for body in &examples {
        let kind = body["resourceType"].as_str().unwrap();
        let id = body["id"].as_str().unwrap_or("none");
        let held = [Held {
            kind: kind.into(),
            id: id.into(),
            half: row(kind, id),
            updated: 0,
            index: crate::index::of(kind, body, &row),
        }];
        for offered in offered(kind) {
            if matches!(offered.parameter.code, "_id" | "_lastUpdated") {
                continue;
            }
            let items = paths[&(kind, offered.parameter.code)].of(body).unwrap();
            for item in &items {
                let Some(pair) = question(offered.parameter, item) else { continue };
                asked += 1;
                match parse(kind, std::slice::from_ref(&pair), &limits) {
                    Ok(query) if found(&query, &held, &row).len() == 1 => {}
                    Ok(_) => lost.push(format!("{kind}/{id}?{}={}", pair.0, pair.1)),
                    Err(issues) => refused.push(format!("{kind}/{id}?{}={}: {}", pair.0, pair.1, issues[0].words)),
                }
            }
        }
    }
    assert!(examples.len() > 900 && asked > 10_000, "{} examples, {asked} questions", examples.len());
    assert!(lost.is_empty(), "{} of {asked} not found:\n{}", lost.len(), lost[..lost.len().min(20)].join("\n"));
    // HL7's own slips: text where a date is searched for, references to types that the parameter's definition leaves out.
    let slips = [
        "CarePlan/f201?activity-date",
        "DeviceMetric/example?parent",
        "Immunization/historical?date",
        "MedicationRequest/medrx0301?intended-dispenser",
        "Observation/clinical-gender?performer",
    ];
    refused.retain(|question| !slips.iter().any(|slip| question.starts_with(slip)));
    assert!(refused.is_empty(), "{} of {asked} refused:\n{}", refused.len(), refused.join("\n"));
}
