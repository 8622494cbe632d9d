//! What a use case holds while it writes: the transaction, the end of the chain, the views to keep in step, and a source
//! of ids. Everything done through it happens together or not at all.

use jiff::Timestamp;
use uuid::Uuid;

use crate::aggregate::{self, Aggregate};
use crate::blob::Blob;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::log::{self, Entry, Head};
use crate::resource::{self, Resource, Stored};
use crate::sql::Sql;
use crate::tx::Tx;
use crate::view::Views;

/// Where randomness comes from. The binary gives the operating system's; a test gives a seed's.
pub trait Entropy: Send {
    /// Fills the bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Why a command did not happen: the rules said no, or the store could not.
#[derive(Debug, thiserror::Error)]
pub enum Refused<R: std::error::Error> {
    /// The aggregate's own refusal.
    #[error(transparent)]
    Rules(R),
    /// The store's trouble.
    #[error(transparent)]
    Store(#[from] Error),
}

/// An open write.
pub struct Write<'a> {
    connection: &'a mut Connection,
    head: Option<Head>,
    views: &'a Views,
    entropy: &'a mut dyn Entropy,
    insert: &'a Sql,
    depth: u32,
    /// Whether each part has a savepoint of its own. Without them a failing part spoils the whole transaction.
    savepoints: bool,
    /// A part failed that had no savepoint: what it did is still there, so nothing of this transaction may be kept.
    spoilt: bool,
}

impl<'a> Write<'a> {
    pub(crate) fn new(
        connection: &'a mut Connection,
        views: &'a Views,
        entropy: &'a mut dyn Entropy,
        insert: &'a Sql,
        savepoints: bool,
    ) -> Self {
        Self { connection, head: None, views, entropy, insert, depth: 0, savepoints, spoilt: false }
    }

    /// True where a part failed and could not be undone alone. The writer then runs the batch again, with savepoints.
    pub(crate) fn is_spoilt(&self) -> bool {
        self.spoilt
    }

    /// How long the log is, if this has written to it.
    pub(crate) fn length(&self) -> Option<i64> {
        self.head.map(|head| head.seq)
    }

    /// The transaction, for statements of one's own.
    pub fn tx(&mut self) -> &mut dyn Tx {
        self.connection.tx()
    }

    /// A new id.
    pub fn new_id(&mut self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        aggregate::uuid_v7(at, random)
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.connection
    }

    /// Runs part of a write so that it can fail alone: on an error, what it did is undone and the rest stands.
    ///
    /// # Errors
    /// The error of `part`, or the database's.
    pub fn part<T, E: From<Error>>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        if !self.savepoints {
            let outcome = part(self);
            self.spoilt |= outcome.is_err();
            return outcome;
        }
        let head = self.head;
        self.depth += 1;
        let name = format!("part_{}", self.depth);
        self.tx().run_script(&format!("SAVEPOINT {name}"))?;
        let outcome = part(self);
        self.depth -= 1;
        match outcome {
            Ok(value) => {
                if let Err(error) = self.tx().run_script(&format!("RELEASE {name}")) {
                    // PostgreSQL, where a failed statement was passed over: the part cannot stand, the rest can.
                    self.undo(&name, head)?;
                    return Err(error.into());
                }
                Ok(value)
            }
            Err(error) => {
                self.undo(&name, head)?;
                Err(error)
            }
        }
    }

    fn undo(&mut self, name: &str, head: Option<Head>) -> Result<()> {
        self.head = head;
        // A full disk has already undone everything; saying so twice would hide the first reason.
        if self.connection.is_idle() || self.connection.is_closed() {
            return Ok(());
        }
        self.tx().run_script(&format!("ROLLBACK TO {name}; RELEASE {name}"))
    }

    /// Asks an aggregate to do something: reads its history, lets it decide, and writes down what follows.
    ///
    /// # Errors
    /// [`Refused::Rules`] with the aggregate's words, or [`Refused::Store`].
    pub fn execute<A: Aggregate>(
        &mut self,
        id: Uuid,
        command: A::Command,
        actor: &str,
        at: Timestamp,
    ) -> Result<A, Refused<A::Refusal>> {
        let history = log::stream(self.tx(), id)?;
        let (state, version) = aggregate::load::<A>(&history)?;
        self.follow(state, version, id, command, None, actor, at)
    }

    /// The same for something that has no history yet, with the digest of the record rows that are written with it.
    ///
    /// # Errors
    /// [`Refused::Rules`] with the aggregate's words, or [`Refused::Store`].
    pub fn begin<A: Aggregate>(
        &mut self,
        id: Uuid,
        command: A::Command,
        covers: Option<[u8; 32]>,
        actor: &str,
        at: Timestamp,
    ) -> Result<A, Refused<A::Refusal>> {
        self.follow(A::default(), 0, id, command, covers, actor, at)
    }

    /// Goes on with an aggregate that the caller has read in this same transaction.
    ///
    /// # Errors
    /// [`Refused::Rules`] with the aggregate's words, or [`Refused::Store`].
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a part of one sentence: who does what to which, when, covering what"
    )]
    pub fn follow<A: Aggregate>(
        &mut self,
        mut state: A,
        mut version: i64,
        id: Uuid,
        command: A::Command,
        covers: Option<[u8; 32]>,
        actor: &str,
        at: Timestamp,
    ) -> Result<A, Refused<A::Refusal>> {
        let events = state.decide(command, at).map_err(Refused::Rules)?;
        let last = events.len();
        for (number, event) in events.iter().enumerate() {
            let (name, body) = aggregate::written::<A>(event)?;
            // The digest belongs to the last event of a command: the one that says the thing is done.
            let covers = if number + 1 == last { covers } else { None };
            version += 1;
            self.append(A::KIND, id, version, name, body, covers, actor, at)?;
            state.apply(event);
        }
        Ok(state)
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one log row")]
    fn append(
        &mut self,
        kind: &str,
        stream: Uuid,
        version: i64,
        event: String,
        body: String,
        covers: Option<[u8; 32]>,
        actor: &str,
        at: Timestamp,
    ) -> Result<()> {
        let head = match self.head {
            Some(head) => head,
            None => {
                log::lock(self.tx())?;
                log::head(self.tx())?
            }
        };
        let at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
        let mut entry = Entry {
            seq: head.seq + 1,
            at,
            kind: kind.to_owned(),
            stream,
            version,
            event,
            actor: actor.to_owned(),
            body,
            covers,
            hash: [0; 32],
        };
        entry.hash = entry.chained(&head.hash);
        let insert = self.insert;
        let written = self.tx().execute(
            insert,
            &[
                entry.seq.into(),
                entry.at.as_microsecond().into(),
                (&entry.kind).into(),
                entry.stream.into(),
                entry.version.into(),
                (&entry.event).into(),
                (&entry.actor).into(),
                (&entry.body).into(),
                entry.covers.as_ref().into(),
                (&entry.hash).into(),
            ],
        );
        match written {
            Err(Error::Constraint(words)) => {
                // Two writers of one stream: the unique index on (stream, version) is the optimistic lock.
                tracing::debug!(words, "stream changed in the meantime");
                return Err(Error::Conflict { kind: kind.to_owned(), stream, expected: version - 1, found: version });
            }
            other => other?,
        };
        self.head = Some(Head { seq: entry.seq, hash: entry.hash });
        for view in self.views.iter() {
            view.on_event(self.connection.tx(), &entry)?;
        }
        Ok(())
    }

    /// Keeps the bytes of a message.
    ///
    /// # Errors
    /// What the database says.
    pub fn put_blob(&mut self, blob: &Blob) -> Result<()> {
        crate::blob::put(self.tx(), blob)
    }

    /// Stores a version of a resource and brings the views in step. Sets `resource.version`.
    ///
    /// # Errors
    /// What the database says.
    pub fn put_resource(&mut self, resource: &mut Resource) -> Result<Stored> {
        let (stored, before) = resource::put(self.tx(), resource)?;
        if stored == Stored::Current {
            for view in self.views.iter() {
                view.on_resource(self.connection.tx(), before.as_ref(), resource)?;
            }
        }
        Ok(stored)
    }
}
