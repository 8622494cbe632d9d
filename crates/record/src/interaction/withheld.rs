//! People whose details are withheld (the S-flag of the national service): they are found and read, but where they live, how
//! they are reached and who looks after them leaves by no answer, and their relatives are not there at all. One source asking
//! for it is enough, for every source's words. What nobody is shown, nobody changes by this API; and it is not lost either.

use std::collections::HashMap;

use fhir::issue::Code;
use serde_json::{Map, Value, json};
use store::{Resource, Result, Tx};
use uuid::Uuid;

use super::body::Body;
use super::settle::{Draft, Planned};
use super::{Failed, Refusal};
use crate::resource::text;
use crate::sensitivity;
use crate::views::{demographic, person};

/// The elements of a Patient or Person that are withheld. `contained` holds whoever looks after them.
const HIDDEN: [&str; 6] = ["address", "telecom", "contact", "generalPractitioner", "managingOrganization", "contained"];

/// The label that says that something was left out of what is sent.
const REDACTED: (&str, &str) = ("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "REDACTED");

/// Whether what is said about a kind of resource can be withheld at all.
fn concerns(kind: &str) -> bool {
    matches!(kind, "Patient" | "Person" | "RelatedPerson")
}

/// Whether the details of the person of a resource are withheld, by its own words or those of any source.
pub(crate) fn is(tx: &mut dyn Tx, resource: &Resource) -> Result<bool> {
    if !concerns(&resource.kind) {
        return Ok(false);
    }
    let root = if resource.person.is_nil() { Uuid::nil() } else { person::root(tx, resource.person)? };
    if demographic::is_withheld(tx, root)? {
        return Ok(true);
    }
    Ok(!resource.is_deleted() && sensitivity::withholds(resource.json()?.as_ref()))
}

/// Whether a resource is a relative of somebody whose details are withheld, and so is not there for anybody.
pub(crate) fn is_relative(tx: &mut dyn Tx, resource: &Resource, root: Uuid) -> Result<bool> {
    Ok(resource.kind == "RelatedPerson" && demographic::is_withheld(tx, root)?)
}

/// Makes resources fit to leave: those of people whose details are withheld without them, their relatives not at all.
pub(crate) fn served(tx: &mut dyn Tx, resources: &mut Vec<Resource>) -> Result<()> {
    if !resources.iter().any(|resource| concerns(&resource.kind)) {
        return Ok(());
    }
    let mut kept = Vec::with_capacity(resources.len());
    for mut resource in std::mem::take(resources) {
        if one(tx, &mut resource)? {
            kept.push(resource);
        }
    }
    *resources = kept;
    Ok(())
}

/// The same of one resource. False: it is not there.
pub(super) fn one(tx: &mut dyn Tx, resource: &mut Resource) -> Result<bool> {
    if !is(tx, resource)? {
        return Ok(true);
    }
    redact(resource)?;
    Ok(resource.kind != "RelatedPerson")
}

/// The same of a version that may not be the current one: what a later version of it asked for holds for it, too, even where
/// the resource was deleted since.
pub(super) fn version(tx: &mut dyn Tx, resource: &mut Resource) -> Result<()> {
    if !concerns(&resource.kind) || resource.is_deleted() {
        return Ok(());
    }
    let mut withheld = is(tx, resource)?;
    if !withheld {
        for version in store::resource::versions(tx, resource.id)? {
            withheld |= !version.is_deleted() && sensitivity::withholds(version.json()?.as_ref());
        }
    }
    if withheld { redact(resource) } else { Ok(()) }
}

/// Takes out what is withheld.
fn redact(resource: &mut Resource) -> Result<()> {
    if resource.is_deleted() {
        return Ok(());
    }
    let mut value = std::sync::Arc::unwrap_or_clone(resource.json()?);
    if let Some(members) = value.as_object_mut() {
        without(members);
        label(members);
    }
    resource.body = value.to_string();
    resource.parsed = Some(std::sync::Arc::new(value));
    resource.prepared = None;
    Ok(())
}

fn without(members: &mut Map<String, Value>) {
    members.retain(|key, _| !HIDDEN.contains(&key.trim_start_matches('_')) && key != "text");
    if let Some(extensions) = members.get_mut("extension").and_then(Value::as_array_mut) {
        extensions.retain(|extension| !tells_where(extension));
        if extensions.is_empty() {
            members.shift_remove("extension");
        }
    }
    if let Some(identifiers) = members.get_mut("identifier").and_then(Value::as_array_mut) {
        // Whoever gave a local number is often the practice.
        identifiers.iter_mut().filter_map(Value::as_object_mut).for_each(|one| drop(one.shift_remove("assigner")));
    }
    if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
        meta.shift_remove("source");
    }
}

/// An addition that may say where somebody lives or who looks after them.
fn tells_where(extension: &Value) -> bool {
    match extension {
        Value::Array(items) => items.iter().any(tells_where),
        Value::Object(members) => members.iter().any(|(key, value)| {
            matches!(
                key.as_str(),
                "valueAddress" | "valueContactPoint" | "valueContactDetail" | "valueReference" | "valueIdentifier"
            ) || tells_where(value)
        }),
        _ => false,
    }
}

/// Says that something is left out.
fn label(members: &mut Map<String, Value>) {
    let meta = members.entry("meta").or_insert_with(|| json!({}));
    let Some(meta) = meta.as_object_mut() else { return };
    let labels = meta.entry("security").or_insert_with(|| json!([]));
    if let Some(labels) = labels.as_array_mut()
        && !labels.iter().any(is_redacted)
    {
        labels.push(json!({"system": REDACTED.0, "code": REDACTED.1}));
    }
}

fn is_redacted(label: &Value) -> bool {
    text(label, "system") == Some(REDACTED.0) && text(label, "code") == Some(REDACTED.1)
}

fn refused<T>(words: &str) -> std::result::Result<T, Failed> {
    Err(Refusal::new(403, Code::Forbidden, words).into())
}

/// What to store instead of a resource that is sent in the place of one whose details are withheld: the same with what its
/// sender could not see. `None`: what was sent.
pub(super) fn kept(
    tx: &mut dyn Tx,
    standing: Option<&Resource>,
    planned: &Planned,
) -> std::result::Result<Option<Planned>, Failed> {
    let Some(standing) =
        standing.filter(|standing| !standing.is_deleted() && matches!(standing.kind.as_str(), "Patient" | "Person"))
    else {
        return Ok(None);
    };
    if !is(tx, standing)? {
        return Ok(None);
    }
    let was = standing.json()?;
    let Some(was) = was.as_object() else { return Ok(None) };
    let mut value = planned.value.as_ref().clone();
    let lifted = sensitivity::withholds(standing.json()?.as_ref()) && !sensitivity::withholds(&value);
    let Some(now) = value.as_object_mut() else { return Ok(None) };
    let brings = |(key, value): (&String, &Value)| {
        HIDDEN.contains(&key.trim_start_matches('_')) || (key == "extension" && tells_where(value))
    };
    if now.iter().any(brings) {
        return refused(
            "where this person lives, how they are reached and who looks after them is withheld, and cannot be changed here; send \
             the rest without it (it stays as it is)",
        );
    }
    if lifted {
        return refused(
            "the label that withholds this person's details cannot be taken away here; send the resource with the labels you read",
        );
    }
    restore(now, was);
    let draft = Draft { body: Body::made(value), mentions: Vec::new() };
    Ok(Some(draft.settle(&planned.kind, &planned.logical, &|_| None, &HashMap::new())?))
}

/// Puts back what was taken out before it was read.
fn restore(now: &mut Map<String, Value>, was: &Map<String, Value>) {
    let was_redacted = was.get("meta").and_then(|meta| meta.get("security")).and_then(Value::as_array);
    let was_redacted = was_redacted.is_some_and(|labels| labels.iter().any(is_redacted));
    if let Some(meta) = now.get_mut("meta").and_then(Value::as_object_mut) {
        if let Some(labels) = meta.get_mut("security").and_then(Value::as_array_mut)
            && !was_redacted
        {
            labels.retain(|label| !is_redacted(label));
            if labels.is_empty() {
                meta.shift_remove("security");
            }
        }
        if let Some(source) = was.get("meta").and_then(|meta| meta.get("source"))
            && !meta.contains_key("source")
        {
            meta.insert("source".to_owned(), source.clone());
        }
    }
    if now.get("meta").is_some_and(|meta| meta.as_object().is_some_and(Map::is_empty)) {
        now.shift_remove("meta");
    }
    for (key, value) in was {
        let hidden = HIDDEN.contains(&key.trim_start_matches('_'));
        if (hidden || key == "text") && !now.contains_key(key) {
            now.insert(key.clone(), value.clone());
        }
    }
    let told: Vec<Value> = was
        .get("extension")
        .and_then(Value::as_array)
        .map(|extensions| extensions.iter().filter(|one| tells_where(one)).cloned().collect())
        .unwrap_or_default();
    if !told.is_empty()
        && let Some(extensions) = now.entry("extension").or_insert_with(|| json!([])).as_array_mut()
    {
        extensions.extend(told);
    }
    let Some(identifiers) = now.get_mut("identifier").and_then(Value::as_array_mut) else { return };
    let before = was.get("identifier").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for identifier in identifiers {
        let same = |one: &&Value| {
            text(one, "system") == text(identifier, "system") && text(one, "value") == text(identifier, "value")
        };
        let assigner = before.iter().find(same).and_then(|one| one.get("assigner")).cloned();
        if let (Some(assigner), Some(members)) = (assigner, identifier.as_object_mut())
            && !members.contains_key("assigner")
        {
            members.insert("assigner".to_owned(), assigner);
        }
    }
}

/// Refuses a relative of somebody whose details are withheld: nobody could ever read it.
pub(super) fn no_relative(tx: &mut dyn Tx, kind: &str, root: Uuid) -> std::result::Result<(), Failed> {
    if kind == "RelatedPerson" && demographic::is_withheld(tx, root)? {
        return refused("the details of this person are withheld, and nobody who is related to them can be kept here");
    }
    Ok(())
}
