//! What one message states of one person, in the making: the resources so far, the ids they get, and the references
//! they share. An id that is derived depends on the content alone, so that a repeated snapshot is the same resource
//! again. Must not read segments.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::code_system::ODS;
use super::message::Segment;
use crate::feed::{Incoming, Subject};

/// The resources of one person in one message.
pub(super) struct Statement<'m> {
    /// MSH.
    pub(super) header: Segment<'m>,
    /// The trigger event: `A01`.
    pub(super) event: String,
    /// How the feed calls the person.
    pub(super) local: String,
    /// The visit the message is about, if it says which.
    pub(super) visit: Option<String>,
    resources: Vec<Incoming>,
    /// How often each (type, id) came: a second, differing one must not hide the first.
    taken: HashMap<(String, String), usize>,
}

impl<'m> Statement<'m> {
    pub(super) fn new(header: Segment<'m>, event: &str, local: String) -> Self {
        let (resources, taken) = (Vec::new(), HashMap::new());
        Self { header, event: event.to_owned(), local, visit: None, resources, taken }
    }

    /// The reference to the person.
    pub(super) fn subject(&self) -> Value {
        json!({ "reference": format!("Patient/{}", self.local) })
    }

    /// The reference to the visit.
    pub(super) fn encounter(&self) -> Option<Value> {
        self.visit.as_ref().map(|visit| json!({ "reference": format!("Encounter/{visit}") }))
    }

    /// The hospital or laboratory that sends, by the name it gives itself (MSH-4, else MSH-3) and its code, if that is in
    /// the header too.
    pub(super) fn sender(&self) -> Option<Value> {
        let facility = self.header.field(4).repetition(0);
        let name = facility.component(1).value().or_else(|| self.header.first(3))?;
        Some(organisation(&name, [facility.component(2).value(), facility.component(1).value()]))
    }

    /// A part of the sending organisation, by its name: its code is the sender's.
    pub(super) fn part_of_sender(&self, name: &str) -> Value {
        let facility = self.header.field(4).repetition(0);
        organisation(name, [facility.component(2).value(), facility.component(1).value()])
    }

    /// Adds a resource and gives the id it got. The very same one twice is one; another under the same id gets a
    /// number after it.
    pub(super) fn add(&mut self, resource_type: &str, id: &str, content: Map<String, Value>) -> String {
        let count = self.taken.entry((resource_type.to_owned(), id.to_owned())).or_insert(0);
        *count += 1;
        let source_id = if *count == 1 { id.to_owned() } else { format!("{id}-{count}") };
        let mut whole = Map::new();
        whole.insert("resourceType".to_owned(), resource_type.into());
        whole.insert("id".to_owned(), source_id.clone().into());
        whole.extend(content);
        let value = Value::Object(whole);
        let body = value.to_string();
        let subject = Subject::Person(self.local.clone());
        let incoming =
            Incoming { resource_type: resource_type.to_owned(), source_id, subject, as_of: None, value, body };
        let source_id = incoming.source_id.clone();
        self.resources.push(incoming);
        source_id
    }

    /// What was gathered.
    pub(super) fn into_resources(self) -> Vec<Incoming> {
        self.resources
    }
}

/// A reference to an organisation by name, with the first of the texts that is a code of an NHS trust: `RWJ`, or `RWJ09`
/// for one of its sites.
fn organisation(name: &str, texts: [Option<String>; 2]) -> Value {
    let code = texts.into_iter().flatten().find(|text| {
        text.starts_with('R')
            && matches!(text.len(), 3 | 5)
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    });
    match code {
        Some(code) => json!({ "identifier": { "system": ODS, "value": code }, "display": name }),
        None => json!({ "display": name }),
    }
}

/// An id from content: the prefix and sixteen hexadecimal digits of the parts' hash, each part with its length, so
/// that no two lists of parts run together.
pub(super) fn derived_id(prefix: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}-{hex}")
}
