//! The feeds of a place: who sends what, in which form, and how old it may grow before we say so. How a form is read
//! is the business of `record`; nothing here touches a message.

use crate::Slug;
use crate::rows::words;
use serde::Deserialize;
use std::fmt;

/// One source of messages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Short name within the place: `social-care`.
    pub id: Slug,
    /// What it brings, in plain words.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// The organisation that sends it.
    pub organisation: Slug,
    /// The form of its messages.
    pub format: Format,
    /// For CSV: the file of the place that says which column means what (`mappings/social-care.toml`).
    pub mapping: Option<String>,
    /// How old its last message may be, in minutes, before we say that it is down; `None` where nothing is promised.
    pub promise_minutes: Option<u32>,
    /// Whether the source traces its NHS numbers, so that they may join records.
    pub verifies_nhs_numbers: bool,
    /// Whether its people carry no name and no NHS number, and are never joined to the people of the place.
    #[serde(default)]
    pub pseudonymous: bool,
    /// For HL7 v2: the sending applications (MSH-3) that are accepted; empty for any.
    #[serde(default)]
    pub senders: Vec<String>,
}

/// The form of a feed's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// FHIR R4: bundles, or a resource on each line.
    Fhir,
    /// HL7 version 2, with bars and hats.
    Hl7v2,
    /// Rows with a header line, and a mapping file.
    Csv,
}

impl fmt::Display for Format {
    /// As people write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fhir => "FHIR R4",
            Self::Hl7v2 => "HL7 v2",
            Self::Csv => "CSV",
        })
    }
}

impl Feed {
    /// Whether a message from this sending application is accepted.
    #[must_use]
    pub fn accepts_sender(&self, application: &str) -> bool {
        self.senders.is_empty() || self.senders.iter().any(|sender| sender == application)
    }
}
