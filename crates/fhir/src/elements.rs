//! A part of a resource, for `_elements` and `_summary`: which elements stay, and the mark that the rest was left out.
//! What must be there and what may change the meaning always stays. Must not change what it keeps.

use serde_json::{Map, Value, json};

use crate::definitions::{self, Form, Shape};
use crate::query::Summary;

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep<'a> {
    /// `_elements`: these elements of the top level (a choice by its bare name), with what must be there.
    Elements(&'a [String]),
    /// `_summary`. `False` and `Count` leave a resource whole.
    Summary(Summary),
}

/// The tag that says that a resource is not whole.
const SUBSETTED: (&str, &str) = ("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "SUBSETTED");

/// The part of a body; a body that is no resource of a known type comes back as it is.
#[must_use]
pub fn only(body: &str, keep: Keep<'_>) -> String {
    if matches!(keep, Keep::Summary(Summary::False | Summary::Count)) {
        return body.to_owned();
    }
    let Ok(Value::Object(resource)) = serde_json::from_str(body) else { return body.to_owned() };
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    let Some(shape) = definitions::shape(kind) else { return body.to_owned() };
    Value::Object(marked(part(resource, shape, keep))).to_string()
}

fn part(resource: Map<String, Value>, shape: &'static Shape, keep: Keep<'_>) -> Map<String, Value> {
    let kept = resource.into_iter().filter_map(|(key, value)| {
        if matches!(key.as_str(), "resourceType" | "id" | "meta") {
            return Some((key, value));
        }
        let (element, allowed) = shape.find(key.strip_prefix('_').unwrap_or(&key))?;
        let is_needed = element.min > 0 || element.is_modifier;
        let stays = match keep {
            Keep::Elements(names) => names.iter().any(|name| name == element.name || *name == key),
            Keep::Summary(Summary::Text) => element.name == "text",
            Keep::Summary(Summary::Data) => element.name != "text",
            Keep::Summary(_) => element.is_summary,
        };
        if !stays && !is_needed {
            return None;
        }
        let is_summary = keep == Keep::Summary(Summary::True) && !key.starts_with('_');
        Some((key, if is_summary { summary(value, allowed.form) } else { value }))
    });
    kept.collect()
}

/// What a summary has of a value: the elements of its type that are marked so.
fn summary(value: Value, form: Form) -> Value {
    match (value, form.shape()) {
        (Value::Array(items), Some(_)) => Value::Array(items.into_iter().map(|item| summary(item, form)).collect()),
        (Value::Object(members), Some(shape)) => {
            let whole = members.clone();
            let kept: Map<String, Value> = members
                .into_iter()
                .filter_map(|(key, value)| {
                    let (element, allowed) = shape.find(key.strip_prefix('_').unwrap_or(&key))?;
                    let stays = element.is_summary || element.is_modifier || element.min > 0;
                    stays.then(|| if key.starts_with('_') { (key, value) } else { (key, summary(value, allowed.form)) })
                })
                .collect();
            // An object without members is no FHIR: one of which nothing is summary (an extension for a value) stays.
            Value::Object(if kept.is_empty() { whole } else { kept })
        }
        (value, _) => value,
    }
}

/// With the tag, once.
fn marked(mut resource: Map<String, Value>) -> Map<String, Value> {
    let (system, code) = SUBSETTED;
    let tag = json!({ "system": system, "code": code });
    if let Some(Value::Object(meta)) = resource.get_mut("meta") {
        match meta.get_mut("tag") {
            Some(Value::Array(tags)) if tags.contains(&tag) => {}
            Some(Value::Array(tags)) => tags.push(tag),
            _ => {
                meta.insert("tag".to_owned(), json!([tag]));
            }
        }
        return resource;
    }
    let mut ordered = Map::new();
    let meta = json!({ "tag": [tag] });
    for key in ["resourceType", "id"] {
        if let Some(value) = resource.shift_remove(key) {
            ordered.insert(key.to_owned(), value);
        }
    }
    ordered.insert("meta".to_owned(), meta);
    ordered.extend(resource.into_iter().filter(|(key, _)| key != "meta"));
    ordered
}

#[cfg(test)]
mod tests;
