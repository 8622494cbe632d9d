//! Feeds: how other systems' messages come in. A format module (FHIR, HL7 v2, CSV) does two pure things: it cuts a
//! stream into messages, and it maps one message to FHIR resources. What happens then (idempotency, person, store,
//! quarantine) is the same for all and is not a format's business. Nothing here may drop a message in silence.

pub mod csv;
pub mod fhir;
pub mod hl7v2;
pub mod mllp;

use jiff::Timestamp;
use place::NhsNumber;
use serde_json::Value;

/// One message as it came, cut out of a file or a connection, not yet understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawMessage {
    /// The exact bytes. For a CSV row: the header line and the row, so that it can be understood and mended alone.
    pub bytes: Vec<u8>,
    /// The line of the file on which it begins (1-based), where it came from a file.
    pub line: Option<u64>,
}

/// What one message says, before it touches the store. Applied whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct Mapped {
    /// The source's own id of this message, made unique within the feed (for HL7 v2: sender, type, control id and time);
    /// `None` where the format has none, and the content hash stands in.
    pub message_id: Option<String>,
    /// The type a person would call it: `ADT^A01`, `Bundle`, `Social care event`.
    pub kind: String,
    /// The source's own time for this message, where it says one. Orders versions; absent means "when it arrived".
    pub as_of: Option<Timestamp>,
    /// The resources it carries, in the order it carries them.
    pub resources: Vec<Incoming>,
    /// True where the message speaks of its person only in passing (a result, a letter): its Patient makes an unknown person
    /// known, but never takes the place of what an earlier message said of them.
    pub in_passing: bool,
    /// People the source says are one: the prior local id is folded into the surviving one (HL7 A40).
    pub merges: Vec<Merge>,
}

/// One FHIR R4 resource as a source sends it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// `Patient`, `Observation`, ...
    pub resource_type: String,
    /// The source's own id for this resource, unique within (feed, type). The same id again is a newer version.
    pub source_id: String,
    /// Whose it is.
    pub subject: Subject,
    /// The time of this version by the source, if it differs from the message's (`meta.lastUpdated`).
    pub as_of: Option<Timestamp>,
    /// The resource as parsed.
    pub value: Value,
    /// The resource as JSON text with the source's own digits and order of keys, insignificant white space removed.
    pub body: String,
}

/// Whose a resource is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The person this feed calls by this local id. For a Patient resource: its own `source_id`.
    Person(String),
    /// A person named only by NHS number (a logical reference).
    NhsNumber(NhsNumber),
    /// Nobody's: an organisation, a practitioner, a location, a medication.
    Nobody,
}

/// Two local ids that the source says are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The id that ends.
    pub prior: String,
    /// The id that stays.
    pub surviving: String,
}

/// Why a message waits in quarantine, in words for the person who will mend it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[error("{sentence}")]
pub struct Reason {
    /// A short fixed word to count and filter by: `not-json`, `unknown-type`, `bad-date`, `no-identifier`...
    pub code: String,
    /// One plain sentence: what is wrong, where, and what to do.
    pub sentence: String,
    /// Where: `line 3`, `PID-7`, `entry[4].resource.birthDate`, `column DateOfBirth`.
    pub location: Option<String>,
}

impl Reason {
    /// A reason without a place.
    pub fn new(code: &str, sentence: impl Into<String>) -> Self {
        Self { code: code.to_owned(), sentence: sentence.into(), location: None }
    }

    /// The same reason, saying where.
    #[must_use]
    pub fn at(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }
}
