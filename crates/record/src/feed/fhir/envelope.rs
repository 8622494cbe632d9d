//! The envelope of a message: reads a Bundle or a resource one level deep, leaving what is inside as slices of the text,
//! so that each resource is parsed once. It must not judge the resources themselves.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::cut::BYTE_ORDER_MARK;
use crate::feed::{Incoming, Reason};
use crate::resource;

/// One level of a message, as slices of its text.
#[derive(Deserialize)]
struct Outside<'a> {
    #[serde(borrow, rename = "resourceType")]
    resource_type: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    bundle_type: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    identifier: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
}

/// A message one level deep, its type known.
pub(super) struct Envelope<'a> {
    /// The type it says it is.
    pub(super) resource_type: Cow<'a, str>,
    outside: Outside<'a>,
}

/// One entry of a Bundle, its resource not yet read.
#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    /// What the Bundle calls the resource.
    #[serde(borrow, rename = "fullUrl", default)]
    pub(super) full_url: Option<Cow<'a, str>>,
    /// The resource's text.
    #[serde(borrow, default)]
    pub(super) resource: Option<&'a RawValue>,
    #[serde(borrow, default)]
    request: Option<&'a RawValue>,
}

impl Entry<'_> {
    /// What is asked to be done with the resource, where the Bundle says it.
    pub(super) fn method(&self) -> Option<String> {
        let request: Value = serde_json::from_str(self.request?.get()).ok()?;
        resource::text(&request, "method").map(str::to_ascii_uppercase)
    }
}

/// The message as text.
pub(super) fn text(raw: &[u8]) -> Result<&str, Reason> {
    let raw = raw.strip_prefix(BYTE_ORDER_MARK).unwrap_or(raw);
    std::str::from_utf8(raw).map_err(|error| {
        let line = 1 + raw.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        Reason::new(
            "not-json",
            format!("Line {line} has bytes that are not UTF-8 text, which JSON must be; send the file again as UTF-8."),
        )
        .at(format!("line {line}"))
    })
}

/// How far into the whole text a slice of it begins.
pub(super) fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// What the parser says, without its line and column (which count from where it began).
pub(super) fn without_place(error: &serde_json::Error) -> Cow<'static, str> {
    let said = error.to_string();
    Cow::Owned(said.split(" at line ").next().unwrap_or_default().to_owned())
}

/// The syntax error of a whole message, with line and column.
fn not_json(text: &str, error: &serde_json::Error) -> Reason {
    if text.trim_start().starts_with('<') {
        return Reason::new("not-json", "This looks like XML, and the feed is read as FHIR JSON; send JSON.")
            .at("line 1");
    }
    let (line, column) = (error.line(), error.column());
    let said = without_place(error);
    Reason::new("not-json", format!("This is not JSON: {said}, at line {line}, column {column}."))
        .at(format!("line {line}, column {column}"))
}

fn not_a_resource(what: &str, place: &str) -> Reason {
    Reason::new(
        "not-a-resource",
        format!("{what}, so it is not a FHIR resource; send a resource or a Bundle with its \"resourceType\"."),
    )
    .at(place.to_owned())
}

/// A JSON string's content, or `None` if it is not a string.
fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    let text = raw.get();
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\\') { serde_json::from_str(text).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inside)) }
}

/// The `resourceType` of a resource's text.
pub(super) fn type_of<'a>(text: &'a str, place: &str) -> Result<Cow<'a, str>, Reason> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow, rename = "resourceType")]
        resource_type: Option<&'a RawValue>,
    }
    if !text.starts_with('{') {
        return Err(not_a_resource(&format!("{place} is not a JSON object"), place));
    }
    let named: Named<'a> = serde_json::from_str(text).map_err(|error| {
        Reason::new("not-json", format!("{place} is not sound JSON: {}.", without_place(&error))).at(place.to_owned())
    })?;
    named
        .resource_type
        .and_then(string)
        .ok_or_else(|| not_a_resource(&format!("{place} does not say what it is"), &format!("{place}.resourceType")))
}

impl<'a> Envelope<'a> {
    /// Reads the outside of a message.
    pub(super) fn read(text: &'a str) -> Result<Self, Reason> {
        if !text.trim_start().starts_with('{') {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| not_json(text, &error))?;
            return Err(not_a_resource("The message is JSON but not an object", "line 1"));
        }
        let outside: Outside<'a> = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
        let resource_type = outside
            .resource_type
            .and_then(string)
            .ok_or_else(|| not_a_resource("The message does not say what it is", "resourceType"))?;
        Ok(Self { resource_type, outside })
    }

    /// The type of a Bundle, if it is one that brings resources.
    pub(super) fn bundle_type(&self) -> Result<Cow<'a, str>, Reason> {
        let bundle_type = self.outside.bundle_type.and_then(string).unwrap_or_default();
        match bundle_type.as_ref() {
            "transaction" | "batch" | "collection" | "searchset" | "history" | "document" | "message" => Ok(bundle_type),
            "subscription-notification" => Err(Reason::new(
                "wrong-fhir",
                "A Bundle of type \"subscription-notification\" is FHIR R5; this feed is read as FHIR R4.",
            )
            .at("type")),
            "" => Err(Reason::new("unsupported-bundle", "The Bundle does not say its type; send a transaction or a collection.")
                .at("type")),
            _ => Err(Reason::new(
                "unsupported-bundle",
                "A Bundle of this type does not bring resources; send a transaction, batch, collection, searchset, history, \
                 document or message.",
            )
            .at("type")),
        }
    }

    /// The entries of a Bundle: at least one.
    pub(super) fn entries(&self, text: &str) -> Result<Vec<Entry<'a>>, Reason> {
        let empty = || {
            Reason::new(
                "empty-bundle",
                "The Bundle has no entries, so there is nothing to keep; send it with its resources.",
            )
            .at("entry")
        };
        let raw = self.outside.entry.ok_or_else(empty)?;
        let slices: Vec<&'a RawValue> = serde_json::from_str(raw.get()).map_err(|_| {
            Reason::new("not-a-resource", "The Bundle's \"entry\" is not a list; send its entries as a list.")
                .at("entry")
        })?;
        if slices.is_empty() {
            return Err(empty());
        }
        slices
            .into_iter()
            .enumerate()
            .map(|(index, slice)| {
                let place = format!("entry[{index}]");
                if !slice.get().starts_with('{') {
                    return Err(not_a_resource(&format!("{place} is not a JSON object"), &place));
                }
                serde_json::from_str(slice.get()).map_err(|error| {
                    let before = text.as_bytes().iter().take(offset(text, slice.get()));
                    let line = 1 + before.filter(|byte| **byte == b'\n').count();
                    let said = without_place(&error);
                    Reason::new("not-a-resource", format!("{place}, on line {line}, is not a Bundle entry: {said}."))
                        .at(place)
                })
            })
            .collect()
    }

    /// When the Bundle was put together, where it says.
    pub(super) fn timestamp(&self) -> Result<Option<Timestamp>, Reason> {
        let Some(raw) = self.outside.timestamp.filter(|raw| raw.get() != "null") else { return Ok(None) };
        string(raw).and_then(|text| super::timestamp(&text)).map(Some).ok_or_else(|| {
            Reason::new("bad-date", "The Bundle's timestamp is not a FHIR date; write it like 2026-03-31T14:05:00Z.")
                .at("timestamp")
        })
    }

    /// The sender's own id of this message: the Bundle's identifier, else the id of its MessageHeader.
    /// Not `Bundle.id`, which servers give to a page of results and may give again.
    pub(super) fn message_id(&self, resources: &[Incoming]) -> Option<String> {
        let identifier: Option<Value> = self.outside.identifier.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let named = identifier.as_ref().and_then(|identifier| {
            let value = resource::text(identifier, "value")?;
            Some(
                resource::text(identifier, "system")
                    .map_or_else(|| value.to_owned(), |system| format!("{system}|{value}")),
            )
        });
        named.or_else(|| {
            let header = resources.iter().find(|incoming| incoming.resource_type == "MessageHeader")?;
            resource::text(&header.value, "id").map(str::to_owned)
        })
    }
}
