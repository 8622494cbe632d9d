//! Taking a message in: kept as it came, known if it has come before, applied whole or put in quarantine with a reason, all
//! in one transaction. What is read from outside is understood before the transaction begins (`Arrival`), so that the
//! writer only writes.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use place::NhsNumber;
use serde_json::Value;
use store::{Aggregate, Blob, Refused, Resource, Stored, Write};
use uuid::Uuid;

use crate::feed::{Incoming, Mapped, RawMessage, Reason, Subject};
use crate::feeds::Reader;
use crate::message::{Brought, Command, Event, Message, Receipt, Refusal};
use crate::patient::Demographics;
use crate::person::{self, Claim, Ground, PersonIndex};
use crate::{sensitivity, views};

/// A message understood (or not) and ready to be written.
#[derive(Debug, Clone)]
pub struct Arrival {
    feed: String,
    pseudonymous: bool,
    line: Option<u64>,
    size: u64,
    blob: Blob,
    received: Timestamp,
    mapped: Result<Mapped, Reason>,
    /// The values of the mapped resources, in their order: shared, so that storing them copies and parses nothing.
    values: Vec<Arc<Value>>,
    /// What the search index takes of each, in the same order.
    prepared: Vec<store::Prepared>,
    /// It holds something that the law restricts, marked or not.
    restricted: bool,
    /// It holds something that the law restricts and that its source has not marked as lawfully shared.
    barred: bool,
}

impl Arrival {
    /// Hashes, compresses and maps one message. Pure, and most of the work: do it off the writer's thread.
    #[must_use]
    pub fn of(reader: &Reader, raw: &RawMessage, received: Timestamp) -> Self {
        let mut mapped = reader.map(&raw.bytes);
        let (restricted, barred) = limits(&mapped, &raw.bytes);
        let resources = mapped.as_mut().map(|mapped| mapped.resources.as_mut_slice()).unwrap_or_default();
        let feed = reader.feed().id.to_string();
        let prepared = resources
            .iter()
            .map(|incoming| crate::search::prepared(&feed, &incoming.resource_type, &incoming.value))
            .collect();
        let values = resources.iter_mut().map(|incoming| Arc::new(std::mem::take(&mut incoming.value))).collect();
        Self {
            feed,
            pseudonymous: reader.feed().pseudonymous,
            line: raw.line,
            size: raw.bytes.len() as u64,
            blob: Blob::of(&raw.bytes),
            received,
            mapped,
            values,
            prepared,
            restricted,
            barred,
        }
    }

    /// The key of a message that is known by its words alone.
    fn content_key(&self) -> String {
        hex(&store::blob::sha256(format!("{}\0content\0{}", self.feed, hex(&self.blob.hash())).as_bytes()))
    }

    fn receipt(&self) -> Receipt {
        let blob = hex(&self.blob.hash());
        let (id, kind, as_of) = match &self.mapped {
            Ok(mapped) => (mapped.message_id.as_deref(), mapped.kind.as_str(), mapped.as_of),
            Err(_) => (None, "", None),
        };
        let key = match id {
            Some(id) => hex(&store::blob::sha256(format!("{}\0id\0{id}", self.feed).as_bytes())),
            None => self.content_key(),
        };
        Receipt {
            feed: self.feed.clone(),
            key,
            blob,
            size: self.size,
            line: self.line,
            // What sort of message it is may say what the law restricts.
            kind: if kind.is_empty() || self.barred { "not understood".to_owned() } else { kind.to_owned() },
            as_of,
            restricted: self.restricted,
        }
    }
}

/// The code of the reason for which a message waits that holds what the law restricts.
pub const LEGALLY_RESTRICTED: &str = "legally-restricted";

/// Whether a message holds something that the law restricts, and whether that bars it from being taken in. What could not be
/// understood is searched as far as it is JSON, so that nobody who mends it reads it by chance.
fn limits(mapped: &Result<Mapped, Reason>, raw: &[u8]) -> (bool, bool) {
    match mapped {
        Ok(mapped) => {
            let mut restricted = mapped.resources.iter().filter(|incoming| {
                sensitivity::of(&incoming.resource_type, &incoming.value) == access::Sensitivity::Restricted
            });
            let Some(first) = restricted.next() else { return (false, false) };
            let barred = |incoming: &Incoming| sensitivity::is_barred(&incoming.resource_type, &incoming.value);
            (true, barred(first) || restricted.any(barred))
        }
        Err(_) => {
            let found = serde_json::from_slice(raw).is_ok_and(|value| sensitivity::is_barred_anywhere(&value));
            (found, found)
        }
    }
}

/// Why such a message waits: in words that tell neither which law it is nor what the entry says.
fn barred(understood: bool) -> Reason {
    let what = if understood {
        "It holds an entry that the law lets few people see, and its source has not marked that sharing it is lawful."
    } else {
        "It could not be understood, and it holds an entry that the law lets few people see."
    };
    let then = "What it says is shown to nobody here; ask the source to send it again without this entry, or with the mark of \
                lawful sharing.";
    Reason::new(LEGALLY_RESTRICTED, format!("{what} {then}"))
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Taken in.
    Applied(Brought),
    /// It had come before, as this message.
    Duplicate(Uuid),
    /// Kept and waiting.
    Quarantined(Reason),
}

/// A message's id and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its id here.
    pub message: Uuid,
    /// What became of it.
    pub outcome: Outcome,
}

/// Trouble while applying: the message's own, or the store's.
pub(crate) enum Trouble {
    Message(Reason),
    Store(store::Error),
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Takes a message in.
///
/// # Errors
/// What the database says; then nothing at all was kept and the sender must not be told that it was.
pub fn receive(write: &mut Write<'_>, index: &dyn PersonIndex, arrival: &Arrival) -> store::Result<Received> {
    let message = write.new_id(arrival.received);
    let actor = format!("feed:{}", arrival.feed);
    let (event, covers) = settle(write, index, arrival, message, &actor)?;
    let outcome = outcome(&event);
    match write.begin::<Message>(message, Command::Arrive(event), covers, &actor, arrival.received) {
        Ok(_) => Ok(Received { message, outcome }),
        Err(Refused::Store(error)) => Err(error),
        Err(Refused::Rules(refusal)) => Err(store::Error::Corrupt(format!("a new message was refused: {refusal}"))),
    }
}

/// Replays a message that waits in quarantine, with its words mended (or as they were). `arrival` holds the mended words.
///
/// # Errors
/// [`Refused::Rules`] where it does not wait any more or nothing was said of what was changed.
pub fn replay(
    write: &mut Write<'_>,
    index: &dyn PersonIndex,
    message: Uuid,
    arrival: &Arrival,
    note: &str,
    actor: &str,
) -> Result<Received, Refused<Refusal>> {
    let history = store::log::stream(write.tx(), message)?;
    let (state, version) = store::aggregate::load::<Message>(&history)?;
    // Asked before anything is applied, so that a refusal costs nothing.
    let blob = hex(&arrival.blob.hash());
    let waits = Event::Quarantined { receipt: arrival.receipt(), reason: Reason::new("asking", "") };
    state
        .decide(Command::Replay { blob: blob.clone(), note: note.to_owned(), ended: waits }, arrival.received)
        .map_err(Refused::Rules)?;
    let (mut event, covers) = settle(write, index, arrival, message, actor)?;
    if let Some(first) = &state.receipt {
        keep_line(&mut event, first.line);
    }
    let outcome = outcome(&event);
    let command = Command::Replay { blob, note: note.to_owned(), ended: event };
    write.follow(state, version, message, command, covers, actor, arrival.received)?;
    Ok(Received { message, outcome })
}

fn keep_line(event: &mut Event, line: Option<u64>) {
    if let Event::Applied { receipt, .. } | Event::Repeated { receipt, .. } | Event::Quarantined { receipt, .. } = event
    {
        receipt.line = line;
    }
}

fn outcome(event: &Event) -> Outcome {
    match event {
        Event::Applied { brought, .. } => Outcome::Applied(brought.clone()),
        Event::Repeated { of, .. } => Outcome::Duplicate(*of),
        Event::Quarantined { reason, .. } => Outcome::Quarantined(reason.clone()),
        Event::Mended { .. } => Outcome::Quarantined(Reason::new("asking", "")),
    }
}

/// Decides what becomes of a message and writes everything but its own event.
fn settle(
    write: &mut Write<'_>,
    index: &dyn PersonIndex,
    arrival: &Arrival,
    message: Uuid,
    actor: &str,
) -> store::Result<(Event, Option<[u8; 32]>)> {
    let mut receipt = arrival.receipt();
    write.put_blob(&arrival.blob)?;
    if let Some((of, blob, applied)) = views::message::known(write.tx(), &receipt.key)? {
        let same_words = blob == receipt.blob;
        // What a later message of the same id has replaced is known in that form (ids of messages go by time).
        let replaced = arrival.barred && of > message;
        if of != message && (same_words || (applied && (arrival.mapped.is_err() || replaced))) {
            return Ok((Event::Repeated { receipt, of }, None));
        }
        if of != message && applied {
            // The id belongs to the message that was applied under it; this one is known by its words from here on.
            receipt.key = arrival.content_key();
            if let Some((of, ..)) = views::message::known(write.tx(), &receipt.key)?.filter(|(of, ..)| *of != message) {
                return Ok((Event::Repeated { receipt, of }, None));
            }
            if arrival.barred {
                return Ok((Event::Quarantined { receipt, reason: barred(arrival.mapped.is_ok()) }, None));
            }
            let reason = Reason::new(
                "id-used-before",
                "The source has used this message id before, for different words. Ask the source which of the two stands; \
                 to take this one in, give it an id of its own and replay it.",
            );
            return Ok((Event::Quarantined { receipt, reason }, None));
        }
    }
    if arrival.barred {
        return Ok((Event::Quarantined { receipt, reason: barred(arrival.mapped.is_ok()) }, None));
    }
    let mapped = match &arrival.mapped {
        Ok(mapped) => mapped,
        Err(reason) => return Ok((Event::Quarantined { receipt, reason: reason.clone() }, None)),
    };
    // In a part of its own: a message that turns out to be impossible half-way leaves nothing but its quarantine.
    match write.part(|write| apply(write, index, arrival, mapped, message, actor)) {
        Ok((brought, covers)) => Ok((Event::Applied { receipt, brought }, covers)),
        Err(Trouble::Message(reason)) => Ok((Event::Quarantined { receipt, reason }, None)),
        Err(Trouble::Store(error)) => Err(error),
    }
}

fn apply(
    write: &mut Write<'_>,
    index: &dyn PersonIndex,
    arrival: &Arrival,
    mapped: &Mapped,
    message: Uuid,
    actor: &str,
) -> Result<(Brought, Option<[u8; 32]>), Trouble> {
    let mut people: HashMap<&Subject, Uuid> = HashMap::new();
    let resources = || mapped.resources.iter().zip(arrival.values.iter().zip(&arrival.prepared));
    for (patient, (value, _)) in resources().filter(|(resource, _)| resource.resource_type == "Patient") {
        let claim = Claim {
            feed: &arrival.feed,
            local: &patient.source_id,
            demographics: &Demographics::from_patient(value),
            pseudonymous: arrival.pseudonymous,
            actor,
            at: arrival.received,
        };
        people.insert(&patient.subject, index.resolve(write, &claim)?);
    }
    let mut brought = Brought::default();
    let mut rows = Vec::new();
    for (incoming, (value, prepared)) in resources() {
        let person = whose(write, arrival, incoming, &mut people, actor)?;
        let id = store::resource::resource_id(&arrival.feed, &incoming.resource_type, &incoming.source_id);
        if mapped.in_passing
            && incoming.resource_type == "Patient"
            && store::resource::current(write.tx(), id)?.is_some()
        {
            brought.same += 1;
            continue;
        }
        // A source whose clock runs ahead must not shut out its own later messages.
        let as_of = incoming.as_of.or(mapped.as_of).unwrap_or(arrival.received).min(arrival.received);
        let mut resource = Resource {
            id,
            version: 0,
            person,
            kind: incoming.resource_type.clone(),
            feed: arrival.feed.clone(),
            source_id: incoming.source_id.clone(),
            as_of: whole_microseconds(as_of),
            arrived: whole_microseconds(arrival.received),
            message,
            body: incoming.body.clone(),
            hash: store::blob::sha256(incoming.body.as_bytes()),
            seq: 0,
            parsed: Some(value.clone()),
            prepared: Some(prepared.clone()),
        };
        match write.put_resource(&mut resource)? {
            Stored::Current => brought.current += 1,
            Stored::Late => brought.late += 1,
            Stored::Same => {
                brought.same += 1;
                continue;
            }
        }
        rows.push(resource.digest());
    }
    if !arrival.pseudonymous {
        let said: Vec<Uuid> = rows_of_people(mapped, &people);
        index.settle(write, &said, Ground::Weights, actor, arrival.received)?;
    }
    let mut merged = Vec::new();
    for merge in &mapped.merges {
        let (prior, _) = person::leaf(write, &arrival.feed, &merge.prior, actor, arrival.received)?;
        let (surviving, _) = person::leaf(write, &arrival.feed, &merge.surviving, actor, arrival.received)?;
        if differ(write, prior, surviving)? {
            return Err(Trouble::Message(
                Reason::new(
                    "merge-conflict",
                    "It says that two people are one, but they carry different NHS numbers. Ask the sender which is right; \
                     once one of the numbers is mended, replay it.",
                )
                .at("MRG-1"),
            ));
        }
        if views::linkage::kept_apart(write.tx(), prior, surviving)? {
            return Err(Trouble::Message(
                Reason::new(
                    "merge-conflict",
                    "It says that two people are one, but a steward has decided that they are two. Ask the steward to take \
                     that back, then replay it.",
                )
                .at("MRG-1"),
            ));
        }
        person::join(write, prior, surviving, Ground::Source, actor, arrival.received)?;
        index.settle(write, &[prior, surviving], Ground::Weights, actor, arrival.received)?;
        merged.push(surviving);
    }
    brought.people = people.into_values().chain(merged).filter(|id| !id.is_nil()).collect();
    brought.people.sort_unstable();
    brought.people.dedup();
    Ok((brought, store::resource::covering(rows)))
}

/// The leaves of whom a message says who they are.
fn rows_of_people(mapped: &Mapped, people: &HashMap<&Subject, Uuid>) -> Vec<Uuid> {
    let patients = mapped.resources.iter().filter(|resource| resource.resource_type == "Patient");
    patients.filter_map(|patient| people.get(&patient.subject).copied()).collect()
}

/// True if the people of two leaves carry different NHS numbers. Two numbers are two people, whoever says otherwise.
fn differ(write: &mut Write<'_>, one: Uuid, other: Uuid) -> store::Result<bool> {
    let mut numbers = Vec::new();
    for leaf in [one, other] {
        let root = views::person::root(write.tx(), leaf)?;
        numbers.extend(views::demographic::nhs_numbers_of(write.tx(), root)?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers.len() > 1)
}

fn whose<'m>(
    write: &mut Write<'_>,
    arrival: &Arrival,
    incoming: &'m Incoming,
    people: &mut HashMap<&'m Subject, Uuid>,
    actor: &str,
) -> Result<Uuid, Trouble> {
    if let Some(known) = people.get(&incoming.subject) {
        return Ok(*known);
    }
    let person = match &incoming.subject {
        Subject::Nobody => Uuid::nil(),
        Subject::Person(local) => views::person::leaf(write.tx(), &arrival.feed, local)?.ok_or_else(|| {
            Trouble::Message(
                Reason::new(
                    "unknown-person",
                    format!(
                        "The {} is about a patient this feed has not told us of yet. Replay it once the patient has come.",
                        incoming.resource_type
                    ),
                )
                .at("subject"),
            )
        })?,
        Subject::NhsNumber(number) => by_number(write, &arrival.feed, *number, actor, arrival.received)?,
    };
    people.insert(&incoming.subject, person);
    Ok(person)
}

/// A leaf for a person whom a feed names by NHS number only. They must be known already: a number alone is not a person.
pub(crate) fn by_number(
    write: &mut Write<'_>,
    feed: &str,
    number: NhsNumber,
    actor: &str,
    at: Timestamp,
) -> Result<Uuid, Trouble> {
    let mut roots = Vec::new();
    for known in views::demographic::with_nhs_number(write.tx(), number.as_str())? {
        roots.push(views::person::root(write.tx(), known.person)?);
    }
    roots.sort_unstable();
    roots.dedup();
    let [root] = roots.as_slice() else {
        let sentence = if roots.is_empty() {
            "It names a person only by an NHS number that nobody here has yet. Replay it once the person has come."
        } else {
            "It names a person only by an NHS number that two records carry. Settle which is right, then replay it."
        };
        return Err(Trouble::Message(Reason::new("unknown-person", sentence).at("subject")));
    };
    let local = format!("nhs-number:{}", number.as_str());
    let (leaf, new) = person::leaf(write, feed, &local, actor, at)?;
    if new {
        person::join(write, leaf, *root, Ground::NhsNumber, actor, at)?;
    }
    Ok(leaf)
}

/// The database keeps microseconds; comparing finer than it remembers would make a repeat look newer.
pub(crate) fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
