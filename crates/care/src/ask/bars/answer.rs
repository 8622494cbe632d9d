//! What a message is answered with: a message again, whose header says to which it answers and how that went, with an
//! OperationOutcome that says it in words. It follows from what it answers and from nothing else, so that the same message sent
//! again is answered the same. Must not know HTTP.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::envelope::Envelope;
use crate::ask::derived;

/// The system of the events of booking-and-referral messages.
const EVENTS: &str = "https://fhir.nhs.uk/CodeSystem/message-events-bars";

/// How a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Went<'a> {
    /// The id of the message here.
    pub message: Uuid,
    /// When it was taken in, or set aside.
    pub at: Timestamp,
    /// The ask that it is, where it is one.
    pub ask: Option<Uuid>,
    /// The OperationOutcome.
    pub outcome: &'a Value,
    /// This end's own address.
    pub endpoint: &'a str,
}

/// FHIR's form of an id.
fn sound(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

/// The answer, as a Bundle of type `message`.
#[must_use]
pub fn answer(to: &Envelope, went: &Went<'_>) -> Value {
    let part = |what: &str| derived(&[b"weft-bars-answer-1", went.message.as_bytes(), what.as_bytes()]).to_string();
    let (bundle, header, outcome) = (part("bundle"), part("header"), part("outcome"));
    let own = went.message.to_string();
    let named = [&to.header, &to.id].into_iter().flatten().find(|id| sound(id)).unwrap_or(&own);
    let mut said = json!({
        "resourceType": "MessageHeader",
        "id": header,
        "eventCoding": {"system": EVENTS, "code": "servicerequest-response"},
        "source": {"name": "Weft", "endpoint": went.endpoint},
        "response": {
            "identifier": named,
            "code": if went.ask.is_some() { "ok" } else { "fatal-error" },
            "details": {"reference": format!("urn:uuid:{outcome}")},
        },
    });
    if let Some(fields) = said.as_object_mut() {
        if let Some(endpoint) = &to.endpoint {
            fields.insert("destination".to_owned(), json!([{"endpoint": endpoint}]));
        }
        if let Some(ask) = went.ask {
            fields.insert("focus".to_owned(), json!([{"reference": format!("ServiceRequest/{ask}")}]));
        }
    }
    let mut told = went.outcome.clone();
    if let Some(fields) = told.as_object_mut() {
        fields.insert("id".to_owned(), json!(outcome));
    }
    json!({
        "resourceType": "Bundle",
        "id": bundle,
        "type": "message",
        "timestamp": went.at.to_string(),
        "entry": [
            {"fullUrl": format!("urn:uuid:{header}"), "resource": said},
            {"fullUrl": format!("urn:uuid:{outcome}"), "resource": told},
        ],
    })
}
