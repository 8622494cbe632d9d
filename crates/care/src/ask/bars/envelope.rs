//! The outside of a message: which one it is, who sent it, which referral it is about and what is to be done with that. Read from
//! whatever came, so that a message that cannot be an ask is still known, answered and kept. Must not judge what is inside.

use serde_json::Value;
use uuid::Uuid;

use super::{NotRead, at};
use crate::ask::id_of;
use crate::words::Words;

/// What a message wants of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// That there be one.
    New,
    /// That more be said of the one that there is.
    Update,
    /// That it be taken back: an update in which the referral is revoked, or was entered in error.
    Cancel,
}

/// The outside of a message. What could not be read is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The id of the Bundle: the same for the same message sent again.
    pub id: Option<String>,
    /// The id of its header, by which an answer names it.
    pub header: Option<String>,
    /// What it is: `servicerequest-request`.
    pub event: Option<String>,
    /// Why it was sent: `new`, `update`.
    pub reason: Option<String>,
    /// The status of the referral it is about.
    pub status: Option<String>,
    /// Where an answer goes, as the sender writes it.
    pub endpoint: Option<String>,
    /// The sender's code in the national register.
    pub sender: Option<String>,
    /// How the sender calls the referral.
    pub identifier: Option<String>,
    /// Why it was taken back, where it was and somebody said so.
    pub because: Option<String>,
    message: bool,
}

/// The words of FHIR's `request-status` for a referral that is to be taken back.
const TAKEN_BACK: [&str; 2] = ["revoked", "entered-in-error"];

impl Envelope {
    /// Of whatever came.
    #[must_use]
    pub fn of(message: &Value) -> Self {
        let own = |value: Option<&str>| value.map(str::to_owned);
        // These are said back, so no more of them than anybody reads.
        let short = |value: Option<&str>| value.map(|text| text.chars().take(60).collect::<String>());
        let entries = message["entry"].as_array().map_or(&[][..], Vec::as_slice);
        let header = entries.first().map_or(&Value::Null, |one| &one["resource"]);
        let is = message["resourceType"] == "Bundle"
            && message["type"] == "message"
            && header["resourceType"] == "MessageHeader";
        if !is {
            return Self { id: own(at(message, "/id")), ..Self::default() };
        }
        let led = |path: &str| {
            let reference = at(header, path)?;
            let found = entries.iter().find(|one| at(one, "/fullUrl") == Some(reference))?;
            Some(&found["resource"])
        };
        let request = led("/focus/0/reference").filter(|one| one["resourceType"] == "ServiceRequest");
        let identifier = request.and_then(|request| at(request, "/identifier/0/value"));
        // A full URL names the header, too, where it has no id of its own.
        let url = entries.first().and_then(|one| at(one, "/fullUrl")).and_then(|url| url.strip_prefix("urn:uuid:"));
        Self {
            id: own(at(message, "/id").or(at(message, "/identifier/value"))),
            header: own(at(header, "/id").or(url)),
            event: short(at(header, "/eventCoding/code")),
            reason: short(at(header, "/reason/coding/0/code")),
            status: short(request.and_then(|request| at(request, "/status"))),
            endpoint: own(at(header, "/source/endpoint")),
            sender: own(led("/sender/reference").and_then(|one| at(one, "/identifier/0/value"))),
            identifier: own(identifier.or(at(header, "/focus/0/reference"))),
            because: request.and_then(|request| at(request, "/note/0/text")).map(str::to_owned),
            message: true,
        }
    }

    /// Whether it is a message at all.
    #[must_use]
    pub const fn is_message(&self) -> bool {
        self.message
    }

    /// The id of the ask it is about: the same for the same referral of the same sender by the same client, who is part of it so
    /// that nobody can take the id of another's.
    #[must_use]
    pub fn ask(&self, client: &str) -> Option<Uuid> {
        Some(id_of(client, self.sender.as_deref()?, self.identifier.as_deref()?))
    }

    /// Why a referral was taken back, in words; where the sender says nothing, that is said.
    #[must_use]
    pub fn taken_back(&self) -> Option<Words> {
        let said = self.because.as_deref().unwrap_or("no reason given");
        let status = self.status.as_deref().unwrap_or("revoked");
        super::cut(&format!("A message of the sender takes the referral back ({status}): {said}"))
    }

    /// What it wants.
    ///
    /// # Errors
    /// Why it is nothing that is taken here, field by field.
    pub fn wish(&self) -> Result<Wish, Vec<NotRead>> {
        if !self.message {
            let why = "has to be a Bundle of type `message` whose first entry is a MessageHeader".to_owned();
            return Err(vec![NotRead { place: "Bundle", why }]);
        }
        let mut wrong = Vec::new();
        match self.event.as_deref() {
            Some("servicerequest-request") => {}
            Some("booking-request") => wrong.push(NotRead {
                place: "MessageHeader.eventCoding.code",
                why: "`booking-request` is not taken here: no slots are booked by message. Send a `servicerequest-request`, and a time is \
                      arranged with the person"
                    .to_owned(),
            }),
            Some(other) => wrong.push(NotRead {
                place: "MessageHeader.eventCoding.code",
                why: format!("`{other}` is not taken here; send `servicerequest-request`"),
            }),
            None => wrong.push(NotRead { place: "MessageHeader.eventCoding.code", why: "is missing".to_owned() }),
        }
        let taken_back = self.status.as_deref().is_some_and(|status| TAKEN_BACK.contains(&status));
        let wish = match (self.reason.as_deref(), taken_back) {
            (Some("new") | None, false) => Wish::New,
            (Some("update"), false) => Wish::Update,
            (Some("update"), true) => Wish::Cancel,
            (Some("new") | None, true) => {
                wrong.push(NotRead {
                    place: "ServiceRequest.status",
                    why: "says that the referral is taken back, and the message says that it is new: send an `update`"
                        .to_owned(),
                });
                Wish::Cancel
            }
            (Some(other), _) => {
                wrong.push(NotRead {
                    place: "MessageHeader.reason.coding.code",
                    why: format!(
                        "`{other}` is not taken here: `new`, or `update` (with the referral `revoked` to take it back)"
                    ),
                });
                Wish::New
            }
        };
        if wrong.is_empty() { Ok(wish) } else { Err(wrong) }
    }
}
