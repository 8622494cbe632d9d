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

/// A message's text as it came and without white space. What is read is the second; places are told by the first.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    /// As it came.
    pub(super) text: &'a str,
    /// The same without insignificant white space.
    pub(super) small: &'a str,
}

impl Message<'_> {
    /// The line of the text on which a slice of the small form begins. Only for refusals, so it may take its time.
    pub(super) fn line_of(self, part: &str) -> usize {
        let wanted = offset(self.small, part);
        let (mut seen, mut line, mut in_string, mut escaped) = (0, 1, false, false);
        for byte in self.text.bytes() {
            let space = !in_string && matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            if !space {
                if seen == wanted {
                    break;
                }
                seen += 1;
                in_string = if in_string { escaped || byte != b'"' } else { byte == b'"' };
                escaped = in_string && byte == b'\\' && !escaped;
            }
            line += usize::from(byte == b'\n');
        }
        line
    }
}

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
    #[serde(rename = "fullUrl", default)]
    pub(super) full_url: Option<String>,
    /// The resource's text.
    #[serde(borrow, default)]
    pub(super) resource: Option<&'a RawValue>,
    #[serde(borrow, default)]
    request: Option<&'a RawValue>,
}

impl Entry<'_> {
    /// What is asked to be done with the resource, where the Bundle says it.
    pub(super) fn method(&self) -> Option<Cow<'_, str>> {
        #[derive(Deserialize)]
        struct Request<'a> {
            #[serde(borrow)]
            method: Option<Cow<'a, str>>,
        }
        serde_json::from_str::<Request<'_>>(self.request?.get()).ok()?.method
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
fn offset(whole: &str, part: &str) -> usize {
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

/// The `resourceType` of a resource.
pub(super) fn type_of<'a>(value: &'a Value, place: &str) -> Result<&'a str, Reason> {
    if !value.is_object() {
        return Err(not_a_resource(&format!("{place} is not a JSON object"), place));
    }
    value
        .get("resourceType")
        .and_then(Value::as_str)
        .ok_or_else(|| not_a_resource(&format!("{place} does not say what it is"), &format!("{place}.resourceType")))
}

impl<'a> Envelope<'a> {
    /// Reads the outside of a message.
    pub(super) fn read(message: Message<'a>) -> Result<Self, Reason> {
        // Where it is not JSON the text as it came is read again, for its line and column.
        let refused = |error| {
            let told = serde_json::from_str::<serde::de::IgnoredAny>(message.text).err().unwrap_or(error);
            not_json(message.text, &told)
        };
        if !message.small.starts_with('{') {
            serde_json::from_str::<serde::de::IgnoredAny>(message.small).map_err(refused)?;
            return Err(not_a_resource("The message is JSON but not an object", "line 1"));
        }
        let outside: Outside<'a> = serde_json::from_str(message.small).map_err(refused)?;
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
    pub(super) fn entries(&self, message: Message<'_>) -> Result<Vec<Entry<'a>>, Reason> {
        let empty = || {
            Reason::new(
                "empty-bundle",
                "The Bundle has no entries, so there is nothing to keep; send it with its resources.",
            )
            .at("entry")
        };
        let raw = self.outside.entry.ok_or_else(empty)?;
        // All entries in one pass; if one of them is amiss, one by one to say which.
        let read = serde_json::from_str::<Vec<Entry<'a>>>(raw.get());
        let entries = match read {
            Ok(entries) if entries.iter().all(|entry| entry.resource.is_some()) => entries,
            _ => Self::entries_singly(message, raw)?,
        };
        if entries.is_empty() { Err(empty()) } else { Ok(entries) }
    }

    fn entries_singly(message: Message<'_>, raw: &'a RawValue) -> Result<Vec<Entry<'a>>, Reason> {
        let slices: Vec<&'a RawValue> = serde_json::from_str(raw.get()).map_err(|_| {
            Reason::new("not-a-resource", "The Bundle's \"entry\" is not a list; send its entries as a list.")
                .at("entry")
        })?;
        let read = |(index, slice): (usize, &'a RawValue)| {
            let place = format!("entry[{index}]");
            if !slice.get().starts_with('{') {
                return Err(not_a_resource(&format!("{place} is not a JSON object"), &place));
            }
            serde_json::from_str(slice.get()).map_err(|error| {
                let (line, said) = (message.line_of(slice.get()), without_place(&error));
                Reason::new("not-a-resource", format!("{place}, on line {line}, is not a Bundle entry: {said}."))
                    .at(place)
            })
        };
        slices.into_iter().enumerate().map(read).collect()
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
