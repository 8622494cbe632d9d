//! FHIR R4 as a feed: cuts files and streams into messages (`cut`) and maps one message (a Bundle or a single resource)
//! to the resources it carries. A message applies whole or is refused whole, with a sentence saying where and why.
//! It must not touch the store, and must not change a resource: only insignificant white space goes.

mod check;
mod compact;
mod cut;
mod envelope;
pub(crate) mod subject;
pub(crate) mod types;

pub use compact::compact;
pub use cut::{CutError, Layout, MAX_MESSAGE, messages};
pub use types::is_r4_type;

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::envelope::{Entry, Envelope, Message};
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
    // White space goes first: what is left is scanned more than once, and its slices are the bodies to keep.
    let small = compact(text);
    let message = Message { text, small: &small };
    let envelope = Envelope::read(message)?;
    if envelope.resource_type == "Bundle" { bundle(message, &envelope) } else { single(message, &envelope) }
}

/// A resource that came alone.
fn single(message: Message<'_>, envelope: &Envelope<'_>) -> Result<Mapped, Reason> {
    types::known(&envelope.resource_type, "resourceType")?;
    let value = parse(message, message.small, "the resource")?;
    let body = message.small.to_owned();
    let incoming =
        incoming(envelope.resource_type.clone().into_owned(), value, body, None, &Neighbours::default(), None)?;
    Ok(Mapped {
        message_id: None,
        kind: incoming.resource_type.clone(),
        as_of: incoming.as_of,
        resources: vec![incoming],
        in_passing: false,
        merges: Vec::new(),
    })
}

/// A Bundle: first what its entries are called, so that they can refer to one another, then each in turn.
fn bundle(message: Message<'_>, envelope: &Envelope<'_>) -> Result<Mapped, Reason> {
    let history = envelope.bundle_type()? == "history";
    let entries = envelope.entries(message)?;
    let mut parsed = Vec::with_capacity(entries.len());
    let mut neighbours = Neighbours::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let (body, resource_type, value) = resource_of(message, entry, index)?;
        let source_id = source_id(&resource_type, &value, body, entry.full_url.as_deref());
        neighbours.add(entry.full_url.as_deref(), &resource_type, &source_id);
        parsed.push((resource_type, source_id, value, body));
    }

    let mut resources: Vec<Incoming> = Vec::with_capacity(parsed.len());
    for (index, (resource_type, source_id, value, body)) in parsed.into_iter().enumerate() {
        resources.push(incoming(resource_type, value, body.to_owned(), Some(source_id), &neighbours, Some(index))?);
    }
    once_each(&resources, history)?;
    let message_id = envelope.message_id(&resources);
    Ok(Mapped {
        message_id,
        kind: "Bundle".to_owned(),
        as_of: envelope.timestamp()?,
        resources,
        in_passing: false,
        merges: Vec::new(),
    })
}

/// Refuses a Bundle that brings one resource twice. A history may bring several versions, told apart by their own times.
fn once_each(resources: &[Incoming], history: bool) -> Result<(), Reason> {
    let mut seen = HashSet::with_capacity(resources.len());
    for (index, incoming) in resources.iter().enumerate() {
        let version = if history { incoming.as_of } else { None };
        if !seen.insert((incoming.resource_type.as_str(), incoming.source_id.as_str(), version)) {
            let name = &incoming.resource_type;
            return Err(Reason::new(
                "duplicate-id",
                format!(
                    "entry[{index}] is a second {name} with an id that this Bundle has already used; \
                     send each resource once, or give the second its own id."
                ),
            )
            .at(format!("entry[{index}].resource.id")));
        }
    }
    Ok(())
}

/// The resource of an entry: its text, type and value, or why there is none to take.
fn resource_of<'a>(message: Message<'a>, entry: &Entry<'a>, index: usize) -> Result<(&'a str, String, Value), Reason> {
    let place = || format!("entry[{index}]");
    if let Some(method) = entry.method().filter(|method| !matches!(method.as_ref(), "POST" | "PUT")) {
        let place = place();
        let plain = method.len() < 12 && method.bytes().all(|byte| byte.is_ascii_uppercase());
        let asked = if plain { method.as_ref() } else { "something else" };
        return Err(Reason::new(
            "unsupported-request",
            format!(
                "{place} asks for {asked}, and a feed can only bring resources (POST or PUT); \
                 take the entry out, or send the resource with a status that ends it."
            ),
        )
        .at(format!("{place}.request.method")));
    }
    let Some(raw) = entry.resource.filter(|raw| raw.get() != "null") else {
        let place = place();
        return Err(Reason::new(
            "unsupported-request",
            format!("{place} has no resource, so there is nothing to keep; send the resource or leave the entry out."),
        )
        .at(format!("{place}.resource")));
    };
    let value = parse(message, raw.get(), &format!("{}.resource", place()))?;
    let resource_type = envelope::type_of(&value, &format!("{}.resource", place()))?.to_owned();
    if !types::is_r4_type(&resource_type) {
        types::known(&resource_type, &format!("{}.resource.resourceType", place()))?;
    }
    if resource_type == "Bundle" {
        let place = place();
        return Err(Reason::new(
            "unsupported-bundle",
            format!("{place} is a Bundle inside a Bundle; send the inner one as a message of its own."),
        )
        .at(format!("{place}.resource")));
    }
    Ok((raw.get(), resource_type, value))
}

/// One resource, checked and with its owner found.
fn incoming(
    resource_type: String,
    value: Value,
    body: String,
    id: Option<String>,
    neighbours: &Neighbours,
    entry: Option<usize>,
) -> Result<Incoming, Reason> {
    let place = entry.map(|index| format!("entry[{index}]")).unwrap_or_default();
    let at = if place.is_empty() { String::new() } else { format!("{place}.resource.") };
    check::dates(&value, &at)?;
    check::version(&resource_type, &value, &at)?;
    let source_id = id.unwrap_or_else(|| source_id(&resource_type, &value, &body, None));
    let subject = subject::of(&resource_type, &source_id, &value, neighbours, &place)?;
    let as_of = value.get("meta").and_then(|meta| resource::text(meta, "lastUpdated")).and_then(timestamp);
    Ok(Incoming { resource_type, source_id, subject, as_of, value, body })
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
fn parse(message: Message<'_>, body: &str, what: &str) -> Result<Value, Reason> {
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
        let (line, said) = (message.line_of(body), envelope::without_place(&error));
        Reason::new("not-json", format!("{what}, which begins on line {line}, is not sound JSON: {said}."))
            .at(format!("{what}, line {line}"))
    })
}

#[cfg(test)]
mod tests;
