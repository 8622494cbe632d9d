//! FHIR R4 as a feed: cuts files and streams into messages (`cut`) and maps one message (a Bundle or a single resource)
//! to the resources it carries. A message applies whole or is refused whole, with a sentence saying where and why.
//! It must not touch the store, and must not change a resource: only insignificant white space goes.

mod check;
mod compact;
mod cut;
mod envelope;
mod subject;
mod types;

pub use compact::compact;
pub use cut::{CutError, Layout, MAX_MESSAGE, messages};
pub use types::is_r4_type;

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use self::envelope::{Entry, Envelope};
use self::subject::Neighbours;
use crate::feed::{Incoming, Mapped, Reason};
use crate::resource::{self, FhirDate};

/// Maps one message.
///
/// # Errors
/// A [`Reason`] with one of the codes `not-json`, `not-a-resource`, `unknown-type`, `wrong-fhir`, `too-deep`,
/// `empty-bundle`, `unsupported-bundle`, `unsupported-request`, `duplicate-id`, `no-subject`, `unresolvable-reference`,
/// `bad-date`. Nothing of the message applies then.
pub fn map(raw: &[u8]) -> Result<Mapped, Reason> {
    let text = envelope::text(raw)?;
    let envelope = Envelope::read(text)?;
    if envelope.resource_type == "Bundle" { bundle(text, &envelope) } else { single(text, &envelope) }
}

/// A resource that came alone.
fn single(text: &str, envelope: &Envelope<'_>) -> Result<Mapped, Reason> {
    types::known(&envelope.resource_type, "resourceType")?;
    let body = compact(text);
    let value = parse(&body, text, 0, "the resource")?;
    let incoming = incoming(&envelope.resource_type, value, body, None, &Neighbours::default(), "")?;
    Ok(Mapped {
        message_id: None,
        kind: incoming.resource_type.clone(),
        as_of: incoming.as_of,
        resources: vec![incoming],
        merges: Vec::new(),
    })
}

/// A Bundle: first what its entries are called, so that they can refer to one another, then each in turn.
fn bundle(text: &str, envelope: &Envelope<'_>) -> Result<Mapped, Reason> {
    let history = envelope.bundle_type()? == "history";
    let entries = envelope.entries(text)?;
    let mut parsed = Vec::with_capacity(entries.len());
    let mut neighbours = Neighbours::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let place = format!("entry[{index}]");
        let (raw, resource_type) = resource_of(entry, &place)?;
        let body = compact(raw.get());
        let value = parse(&body, text, envelope::offset(text, raw.get()), &format!("{place}.resource"))?;
        let source_id = source_id(&resource_type, &value, &body, entry.full_url.as_deref());
        neighbours.add(entry.full_url.as_deref(), &resource_type, &source_id);
        parsed.push((resource_type, source_id, value, body));
    }

    let mut resources: Vec<Incoming> = Vec::with_capacity(parsed.len());
    let mut seen: HashSet<(String, String, Option<Timestamp>)> = HashSet::with_capacity(parsed.len());
    for (index, (resource_type, source_id, value, body)) in parsed.into_iter().enumerate() {
        let place = format!("entry[{index}]");
        let incoming = incoming(&resource_type, value, body, Some(source_id), &neighbours, &place)?;
        // A history may bring several versions of one resource, told apart by their own times.
        let version = if history { incoming.as_of } else { None };
        if !seen.insert((incoming.resource_type.clone(), incoming.source_id.clone(), version)) {
            return Err(Reason::new(
                "duplicate-id",
                format!(
                    "{place} is a second {resource_type} with an id that this Bundle has already used; \
                     send each resource once, or give the second its own id."
                ),
            )
            .at(format!("{place}.resource.id")));
        }
        resources.push(incoming);
    }
    let message_id = envelope.message_id(&resources);
    Ok(Mapped { message_id, kind: "Bundle".to_owned(), as_of: envelope.timestamp()?, resources, merges: Vec::new() })
}

/// The resource of an entry and its type, or why there is none to take.
fn resource_of<'a>(entry: &Entry<'a>, place: &str) -> Result<(&'a RawValue, String), Reason> {
    if let Some(method) = entry.method().filter(|method| !matches!(method.as_ref(), "POST" | "PUT")) {
        return Err(Reason::new(
            "unsupported-request",
            format!(
                "{place} asks for {method}, and a feed can only bring resources (POST or PUT); \
                 take the entry out, or send the resource with a status that ends it."
            ),
        )
        .at(format!("{place}.request.method")));
    }
    let Some(raw) = entry.resource.filter(|raw| raw.get() != "null") else {
        return Err(Reason::new(
            "unsupported-request",
            format!("{place} has no resource, so there is nothing to keep; send the resource or leave the entry out."),
        )
        .at(format!("{place}.resource")));
    };
    let resource_type = envelope::type_of(raw.get(), &format!("{place}.resource"))?;
    types::known(&resource_type, &format!("{place}.resource.resourceType"))?;
    if resource_type == "Bundle" {
        return Err(Reason::new(
            "unsupported-bundle",
            format!("{place} is a Bundle inside a Bundle; send the inner one as a message of its own."),
        )
        .at(format!("{place}.resource")));
    }
    Ok((raw, resource_type.into_owned()))
}

/// One resource, checked and with its owner found.
fn incoming(
    resource_type: &str,
    value: Value,
    body: String,
    id: Option<String>,
    neighbours: &Neighbours,
    place: &str,
) -> Result<Incoming, Reason> {
    let at = if place.is_empty() { String::new() } else { format!("{place}.resource.") };
    check::dates(&value, &at)?;
    check::version(resource_type, &value, &at)?;
    let source_id = id.unwrap_or_else(|| source_id(resource_type, &value, &body, None));
    let subject = subject::of(resource_type, &source_id, &value, neighbours, place)?;
    let as_of = value.get("meta").and_then(|meta| resource::text(meta, "lastUpdated")).and_then(timestamp);
    Ok(Incoming { resource_type: resource_type.to_owned(), source_id, subject, as_of, value, body })
}

/// The source's own id: `resource.id`, else what `fullUrl` calls it, else a digest of the text, the same every time.
fn source_id(resource_type: &str, value: &Value, body: &str, full_url: Option<&str>) -> String {
    if let Some(id) = resource::text(value, "id") {
        return id.to_owned();
    }
    if let Some(url) = full_url {
        if let Some(id) = url.strip_prefix("urn:uuid:").filter(|id| !id.is_empty()) {
            return id.to_owned();
        }
        if let Some((_, id)) = resource::literal(url).filter(|(kind, _)| *kind == resource_type) {
            return id.to_owned();
        }
    }
    let digest = Sha256::digest(body.as_bytes());
    let mut id = String::with_capacity(7 + 40);
    id.push_str("sha256-");
    for byte in digest.iter().take(20) {
        for half in [byte >> 4, byte & 15] {
            id.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    id
}

/// The moment a FHIR date begins.
fn timestamp(text: &str) -> Option<Timestamp> {
    FhirDate::parse(text)?.timestamp()
}

/// Parses a body whose shape is already known to be JSON; what remains to fail is depth and a broken escape.
fn parse(body: &str, whole: &str, offset: usize, what: &str) -> Result<Value, Reason> {
    serde_json::from_str(body).map_err(|error| {
        if error.to_string().starts_with("recursion limit") {
            return Reason::new(
                "too-deep",
                format!(
                    "{what} is nested more than 120 levels deep, which no FHIR resource is; ask the sender to check it."
                ),
            )
            .at(what.to_owned());
        }
        let line = 1 + whole.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
        let said: Cow<'_, str> = envelope::without_place(&error);
        Reason::new("not-json", format!("{what}, which begins on line {line}, is not sound JSON: {said}."))
            .at(format!("{what}, line {line}"))
    })
}

#[cfg(test)]
mod tests;
