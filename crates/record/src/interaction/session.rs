//! What one request does, from its beginning to the one entry in the log that all its changes share: who acts and when, the
//! people it has met, the rows it has written. It must not judge a change; that is [`super::place`]'s work.

use std::collections::HashMap;

use access::Scope;
use jiff::Timestamp;
use store::{Refused, Write};
use uuid::Uuid;

use super::{Door, FEED, Failed, Prepared};
use crate::ingest::{hex, whole_microseconds};
use crate::message::{Brought, Command, Event, Message, Receipt};
use crate::patient::Demographics;
use crate::sight::Sight;

/// What a request has done so far.
pub(super) struct Session<'s> {
    pub(super) door: &'s Door,
    pub(super) scope: &'s Scope,
    /// What they may see and write, remembered until something changes how people stand.
    pub(super) sight: Sight<'s>,
    pub(super) actor: String,
    /// The time of everything in it.
    pub(super) at: Timestamp,
    /// `Type/id` of each entry.
    pub(super) names: Vec<Option<String>>,
    /// The leaves of Patients that this request has written or asked for, by their ids.
    pub(super) leaves: HashMap<String, Uuid>,
    /// The people whose data the answer shows.
    pub(super) shown: Vec<Uuid>,
    pub(super) prepared: &'s Prepared,
    pub(super) message: Uuid,
    pub(super) rows: Vec<[u8; 32]>,
    pub(super) people: Vec<Uuid>,
}

/// A place to go back to, where part of a request is undone.
pub(super) struct Mark {
    rows: usize,
    people: usize,
    shown: usize,
}

impl<'s> Session<'s> {
    pub(super) fn begin(write: &mut Write<'_>, door: &'s Door, scope: &'s Scope, prepared: &'s Prepared) -> Self {
        Self {
            door,
            scope,
            sight: Sight::of(scope),
            actor: door.actor(),
            at: whole_microseconds(door.at),
            names: prepared.names.clone(),
            leaves: HashMap::new(),
            shown: Vec::new(),
            prepared,
            message: write.new_id(door.at),
            rows: Vec::with_capacity(prepared.steps.len()),
            people: Vec::new(),
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { rows: self.rows.len(), people: self.people.len(), shown: self.shown.len() }
    }

    /// Forgets what was done since; the database has undone it.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.rows.truncate(mark.rows);
        self.people.truncate(mark.people);
        self.shown.truncate(mark.shown);
        self.leaves.clear();
        self.sight.forget();
    }

    /// Writes the message down, if anything changed; whom the answer shows.
    pub(super) fn end(mut self, write: &mut Write<'_>) -> Result<Vec<Uuid>, Failed> {
        if self.rows.is_empty() {
            return Ok(self.shown);
        }
        self.people.sort_unstable();
        self.people.dedup();
        self.people.retain(|person| !person.is_nil());
        let current = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let receipt = Receipt {
            feed: FEED.to_owned(),
            // A request is a message of its own, however often its words are sent: what is created twice is there twice.
            key: hex(&store::blob::sha256(format!("{FEED}\0request\0{}", self.message).as_bytes())),
            blob: hex(&self.prepared.blob.hash()),
            size: self.prepared.size,
            line: None,
            kind: self.prepared.kind.clone(),
            as_of: Some(self.at),
            restricted: self.prepared.restricted,
        };
        let event = Event::Applied { receipt, brought: Brought { current, late: 0, same: 0, people: self.people } };
        write.put_blob(&self.prepared.blob)?;
        let covers = store::resource::covering(self.rows);
        match write.begin::<Message>(self.message, Command::Arrive(event), covers, &self.actor, self.at) {
            Ok(_) => Ok(self.shown),
            Err(Refused::Store(error)) => Err(error.into()),
            Err(Refused::Rules(refusal)) => {
                Err(store::Error::Corrupt(format!("a new message was refused: {refusal}")).into())
            }
        }
    }

    /// Asks the index of people whose a Patient is, and remembers it for what else the request brings.
    pub(super) fn resolve(
        &mut self,
        write: &mut Write<'_>,
        logical: &str,
        demographics: &Demographics,
    ) -> Result<Uuid, Failed> {
        let claim = crate::person::Claim {
            feed: FEED,
            local: logical,
            demographics,
            pseudonymous: false,
            actor: &self.actor,
            at: self.at,
        };
        let leaf = self.door.index.resolve(write, &claim)?;
        // Two may have been joined.
        self.sight.forget();
        self.leaves.insert(logical.to_owned(), leaf);
        Ok(leaf)
    }
}
