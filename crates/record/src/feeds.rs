//! The feeds of a place, ready to read: each with the mapping its rows need, and how to tell by a file's name and first
//! bytes which feed it belongs to. Must not touch the store.

use std::io::{self, BufRead};
use std::sync::Arc;

use place::{Format, Place};
use serde_json::Value;

use crate::feed::csv::{self, Mapping};
use crate::feed::fhir::{self, CutError, Layout};
use crate::feed::hl7v2::{self, message::Message};
use crate::feed::{Mapped, RawMessage, Reason, Subject};
use crate::interaction::FEED;
use crate::posted;

/// Why the feeds of a place cannot be used: one line a mistake, with file and line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

/// All feeds of a place.
#[derive(Debug, Clone)]
pub struct Feeds {
    readers: Vec<Arc<Reader>>,
}

/// One feed and what it takes to read it.
#[derive(Debug)]
pub struct Reader {
    feed: place::Feed,
    mapping: Option<Mapping>,
}

impl Feeds {
    /// Reads the mapping files that the place's feeds name.
    ///
    /// # Errors
    /// Every mistake in them, with file and line.
    pub fn of(place: &Place) -> Result<Self, Unusable> {
        let mut problems = Vec::new();
        let mut readers = Vec::new();
        for feed in place.feeds() {
            let mapping = match (&feed.mapping, place.mapping(feed)) {
                (None, _) => None,
                (Some(file), None) => {
                    problems.push(format!("feeds.toml: feed {} names {file}, which is not there", feed.id));
                    continue;
                }
                (Some(file), Some(text)) => match Mapping::parse(text, file) {
                    Ok(mapping) => Some(mapping),
                    Err(found) => {
                        problems.push(found.to_string());
                        continue;
                    }
                },
            };
            readers.push(Arc::new(Reader { feed: feed.clone(), mapping }));
        }
        if problems.is_empty() { Ok(Self { readers }) } else { Err(Unusable(problems.join("\n"))) }
    }

    /// Every feed, in the order of the place's file.
    #[must_use]
    pub fn all(&self) -> &[Arc<Reader>] {
        &self.readers
    }

    /// The feed of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Reader>> {
        self.readers.iter().find(|reader| *reader.feed.id == *id)
    }

    /// The feed a file belongs to, by its name and its first bytes; `None` where that cannot be told.
    #[must_use]
    pub fn recognise(&self, name: &str, first: &[u8]) -> Option<&Arc<Reader>> {
        let format = match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
            Some("json" | "ndjson" | "jsonl") => Format::Fhir,
            Some("hl7") => Format::Hl7v2,
            Some("csv") => {
                let header = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
                return self
                    .readers
                    .iter()
                    .find(|reader| reader.mapping.as_ref().is_some_and(|mapping| mapping.matches(header)));
            }
            _ => return None,
        };
        self.readers.iter().find(|reader| reader.feed.format == format)
    }
}

impl Reader {
    /// The feed's own description.
    #[must_use]
    pub fn feed(&self) -> &place::Feed {
        &self.feed
    }

    /// Cuts a file into messages. `name` only says how the messages lie in it.
    pub fn messages<'r>(
        &self,
        name: &str,
        reader: Box<dyn BufRead + 'r>,
    ) -> Box<dyn Iterator<Item = io::Result<RawMessage>> + 'r> {
        match self.feed.format {
            Format::Fhir => Box::new(fhir::messages(reader, Layout::of_name(name)).map(|cut| cut.map_err(spoken))),
            Format::Hl7v2 => Box::new(hl7v2::messages(reader)),
            Format::Csv => Box::new(csv::messages(reader)),
        }
    }

    /// What a message says.
    ///
    /// # Errors
    /// Why it has to wait.
    pub fn map(&self, raw: &[u8]) -> Result<Mapped, Reason> {
        self.understand(raw).and_then(keepable)
    }

    fn understand(&self, raw: &[u8]) -> Result<Mapped, Reason> {
        if *self.feed.id == *FEED {
            // Its resources are named by the API's own ids; a file's ids would name others.
            return Err(Reason::new(
                "written-by-the-api",
                "This feed is what connected systems write by the FHIR API, so no file belongs to it; import it as another feed.",
            ));
        }
        if *self.feed.id == *posted::FEED {
            return Err(Reason::new(
                "sent-by-a-program",
                "Its sender was told what is wrong with it when they sent it. Only they can mend a referral: ask them to send it again, \
                 and it leaves this list.",
            ));
        }
        match self.feed.format {
            Format::Fhir => fhir::map(raw),
            Format::Hl7v2 => {
                self.check_sender(raw)?;
                hl7v2::map(raw)
            }
            Format::Csv => match &self.mapping {
                Some(mapping) => csv::map(raw, mapping),
                None => Err(Reason::new(
                    "no-mapping",
                    format!("The feed {} has no mapping file, so its rows cannot be read.", self.feed.id),
                )),
            },
        }
    }

    fn check_sender(&self, raw: &[u8]) -> Result<(), Reason> {
        let sender = Message::parse(raw)?.header().first(3).unwrap_or_default();
        if self.feed.accepts_sender(&sender) {
            return Ok(());
        }
        Err(Reason::new(
            "unknown-sender",
            format!("The sending application is not one that the feed {} accepts. Add it to feeds.toml, or ask who sent this.", self.feed.id),
        )
        .at("MSH-3"))
    }
}

/// The longest id of a source's that can be looked up, in bytes; more than any standard allows.
const LONGEST_ID: usize = 512;

/// What every database can keep: no id too long to look up, and no NUL character, which PostgreSQL's text cannot hold.
fn keepable(mapped: Mapped) -> Result<Mapped, Reason> {
    let nul = |place: String| {
        Err(Reason::new(
            "nul-character",
            "It holds a NUL character, which is no part of any text; ask the source to take it out, or take it out here.",
        )
        .at(place))
    };
    let merged = mapped.merges.iter().flat_map(|merge| [&merge.prior, &merge.surviving]);
    let subjects = mapped.resources.iter().filter_map(|resource| match &resource.subject {
        Subject::Person(local) => Some(local),
        Subject::NhsNumber(_) | Subject::Nobody => None,
    });
    for id in mapped.resources.iter().map(|resource| &resource.source_id).chain(merged).chain(subjects) {
        if id.len() > LONGEST_ID {
            return Err(Reason::new(
                "id-too-long",
                format!(
                    "An id in it is longer than {LONGEST_ID} bytes; ask the source for ids as the standard has them."
                ),
            ));
        }
        if id.contains('\0') {
            return nul("id".to_owned());
        }
    }
    if mapped.kind.contains('\0') {
        return nul("kind".to_owned());
    }
    for resource in &mapped.resources {
        // The search is cheap and nearly always ends it; only then is it worth telling `\u0000` from `\\u0000`.
        if resource.body.contains("\\u0000") && has_nul(&resource.value) {
            return nul(format!("{} {}", resource.resource_type, resource.source_id));
        }
    }
    Ok(mapped)
}

pub(crate) fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn spoken(error: CutError) -> io::Error {
    match error {
        CutError::Read { error, .. } => error,
        CutError::TooLarge { .. } => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
    }
}
