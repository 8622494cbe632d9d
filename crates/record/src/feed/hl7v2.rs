//! HL7 version 2: what hospitals and laboratories send. [`messages`] cuts a file into messages, [`map`] says what one
//! message states in FHIR R4, [`acknowledge`] makes the answer a sender waits for. Pure: no database, no clock. A type
//! that is not handled, or a message that cannot be understood, is a reason to wait, never to drop or to guess.
//!
//! ```
//! let message = b"MSH|^~\\&|PAS|RWJ|WEFT|BOROUGH|20260105093000||ADT^A31|7|P|2.4\rPID|1||S1^^^RWJ^MR||Example^Ann\r";
//! let mapped = record::feed::hl7v2::map(message).expect("it is whole");
//! assert_eq!((mapped.kind.as_str(), mapped.resources[0].source_id.as_str()), ("ADT^A31", "S1"));
//! ```

mod acknowledgement;
mod batch;
mod clinical;
mod code_system;
mod datatype;
mod document;
mod encounter;
mod identifier;
mod measurement;
pub mod message;
mod observation;
mod patient;
mod person_related;
mod result;
mod statement;
mod text;
pub mod time;

#[cfg(test)]
mod tests;

pub use acknowledgement::{Outcome, acknowledge};
pub use batch::{Messages, messages};
pub use message::MAX_MESSAGE;

use std::collections::HashSet;

use message::{Message, Segment, groups};
use statement::Statement;

use super::{Incoming, Mapped, Merge, Reason};

/// The trigger events of ADT that are handled.
const ADMISSIONS: [&str; 10] = ["A01", "A02", "A03", "A04", "A08", "A11", "A13", "A28", "A31", "A40"];
/// Those that are about a visit, and so state one.
const VISITS: [&str; 7] = ["A01", "A02", "A03", "A04", "A08", "A11", "A13"];

/// What one message states: the person, and what is said of them, as FHIR R4.
///
/// # Errors
/// The reason to hold the message in quarantine: `not-hl7`, `too-large`, `unhandled-type`, `no-identifier`,
/// `several-people`, `no-document` or `bad-date`, with the field it was found in.
pub fn map(raw: &[u8]) -> Result<Mapped, Reason> {
    let message = Message::parse(raw)?;
    let header = message.header();
    let (kind, event) = kind(&message)?;
    let segments: Vec<Segment<'_>> = message.segments().collect();
    let people = groups(&segments, "PID");
    if people.is_empty() {
        let sentence = format!(
            "This {kind} has no PID segment, so it does not say whom it is about. Ask the sender to send it whole."
        );
        return Err(Reason::new("no-identifier", sentence).at("PID-3"));
    }
    if people.len() > 1 && kind != "ORU^R01" && kind != "ADT^A40" {
        let sentence = format!(
            "This {kind} has {} PID segments, but it may be about one person only. Ask the sender to send one message for each.",
            people.len()
        );
        return Err(Reason::new("several-people", sentence).at("PID"));
    }
    let before = &segments[..segments.len() - people.iter().map(|group| group.len()).sum::<usize>()];
    let evn = before.iter().find(|segment| segment.name() == "EVN").copied();

    let mut resources = Vec::new();
    let mut merges = Vec::new();
    for group in people {
        let (stated, merged) = person(header, &kind, &event, evn.as_ref(), group)?;
        resources.extend(stated);
        merges.extend(merged);
    }
    Ok(Mapped {
        message_id: message_id(&header, &kind),
        as_of: as_of(&header, &kind, evn.as_ref())?,
        // A laboratory or a typist repeats what it needs of a person, not what is known of them.
        in_passing: !kind.starts_with("ADT"),
        kind,
        resources,
        merges,
    })
}

/// The type and event of a message if it is one we handle. MSH-9 says; old senders leave the event to EVN-1.
fn kind(message: &Message<'_>) -> Result<(String, String), Reason> {
    let stated = message.header().field(9).repetition(0);
    let Some(class) = stated.component(1).value() else {
        let sentence = "This message does not say its type (MSH-9 is empty), so we cannot tell what it means. It waits here; ask the sender to fill it in.";
        return Err(Reason::new("unhandled-type", sentence).at("MSH-9"));
    };
    let event = stated.component(2).value().or_else(|| message.segment("EVN")?.first(1)).unwrap_or_default();
    let kind = format!("{class}^{event}");
    if (class == "ADT" && ADMISSIONS.contains(&event.as_str())) || kind == "ORU^R01" || kind == "MDM^T02" {
        return Ok((kind, event));
    }
    let shown: String = kind.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '^').take(12).collect();
    let sentence = format!(
        "Messages of type {shown} are not handled yet. This one is kept as it came and waits until they are; then replay it."
    );
    Err(Reason::new("unhandled-type", sentence).at("MSH-9"))
}

/// What a message says of one of its people: the segments from one PID to the next.
fn person(
    header: Segment<'_>,
    kind: &str,
    event: &str,
    evn: Option<&Segment<'_>>,
    group: &[Segment<'_>],
) -> Result<(Vec<Incoming>, Vec<Merge>), Reason> {
    let named = |name: &str| group.iter().find(|segment| segment.name() == name);
    let Some(pid) = group.first() else { return Ok((Vec::new(), Vec::new())) };
    let local = identifier::local_id(pid, 3)?;
    let mut statement = Statement::new(header, event, local.clone());
    statement.add("Patient", &local, patient::patient(pid, named("PD1"))?);
    let pv1 = named("PV1");
    if let Some(pv1) = pv1 {
        statement.visit = encounter::visit_id(&local, pv1, evn)?;
    }
    let mut merges = Vec::new();
    match kind {
        "ORU^R01" => result::add_results(&mut statement, group)?,
        "MDM^T02" => document::add_document(&mut statement, group)?,
        _ => {
            if let Some(pv1) = pv1.filter(|_| VISITS.contains(&event)) {
                encounter::add_encounter(&mut statement, pv1, named("PV2"), evn)?;
            }
            for segment in group {
                match segment.name() {
                    "NK1" => person_related::add_related_person(&mut statement, segment)?,
                    "AL1" => clinical::add_allergy(&mut statement, segment)?,
                    "DG1" => clinical::add_condition(&mut statement, segment)?,
                    "PR1" => clinical::add_procedure(&mut statement, segment)?,
                    _ => {}
                }
            }
            for one in observation::observed(group) {
                observation::add_observation(&mut statement, &one, None)?;
            }
            if event == "A40" {
                merges = merged(&local, group)?;
            }
        }
    }
    Ok((statement.into_resources(), merges))
}

/// The ids that an A40 folds into the person of its PID.
fn merged(surviving: &str, group: &[Segment<'_>]) -> Result<Vec<Merge>, Reason> {
    let mut merges: Vec<Merge> = Vec::new();
    let mut seen = HashSet::new();
    let mut priors = 0;
    for mrg in group.iter().filter(|segment| segment.name() == "MRG") {
        priors += 1;
        for prior in identifier::prior_ids(mrg)? {
            if prior != surviving && seen.insert(prior.clone()) {
                merges.push(Merge { prior, surviving: surviving.to_owned() });
            }
        }
    }
    if priors == 0 {
        let sentence = "This merge (ADT^A40) does not say which record ends: it has no MRG segment. Ask the sender to send it whole.";
        return Err(Reason::new("no-identifier", sentence).at("MRG-1"));
    }
    Ok(merges)
}

/// Sender, type, control id and time. Control ids start again after a fault at some senders, hence the time. Without a
/// control id nothing tells two messages of one second apart but their content, and that is left to stand in.
fn message_id(header: &Segment<'_>, kind: &str) -> Option<String> {
    let control = header.field(10).value()?;
    let part = |number: usize| header.field(number).value().unwrap_or_default();
    Some(format!("{}|{}|{kind}|{control}|{}", part(3), part(4), part(7)))
}

/// When the source says so: the event's recording (EVN-2), else the message's own time.
fn as_of(header: &Segment<'_>, kind: &str, evn: Option<&Segment<'_>>) -> Result<Option<jiff::Timestamp>, Reason> {
    let event = match evn.filter(|_| kind != "ORU^R01") {
        Some(evn) => time::moment(evn, 2)?,
        None => None,
    };
    let sent = time::moment(header, 7)?;
    Ok(event.or(sent).map(|moment| moment.at))
}
