//! Whom an entry of the log changes, as far as the population is concerned: a message that brought something, two people found to
//! be one, a seal, a choice about sharing, an urgent response, a dispute. Must not read what changed: only whose it is.

use access::seal::{Event as Sealed, Sealing};
use access::sharing::Sharing;
use care::Ask;
use care::crisis::Response;
use care::fall::Fall;
use record::message::{Event as Arrival, Message};
use record::person::{Event as Index, Person};
use store::{Aggregate, Entry, Result, Tx, aggregate};
use uuid::Uuid;

use crate::dispute::Dispute;

/// What some entries change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    /// People, by any id that they go or have gone by.
    pub(crate) people: Vec<Uuid>,
    /// What was done here, by its history in the log: whose it is may have changed.
    pub(crate) done: Vec<Uuid>,
    /// Somebody has chosen about sharing, or people were joined or taken apart.
    pub(crate) choices: bool,
    /// Something was disputed, or a dispute taken back; or people were joined or taken apart.
    pub(crate) disputes: bool,
}

impl Changed {
    /// Nothing is.
    #[must_use]
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Takes an entry in.
    ///
    /// # Errors
    /// What the database says, or an event that cannot be read.
    pub(crate) fn take(&mut self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        match entry.kind.as_str() {
            Message::KIND => {
                if let Arrival::Applied { brought, .. } = aggregate::read::<Message>(entry)? {
                    self.people.extend(brought.people);
                }
            }
            Person::KIND => {
                self.people.push(entry.stream);
                match aggregate::read::<Person>(entry)? {
                    Index::Joined { into, .. } => self.people.push(into),
                    Index::Parted { from, with, .. } => {
                        self.people.push(from);
                        self.people.extend(with);
                    }
                    Index::Found { .. } | Index::Disputed { .. } => return Ok(()),
                }
                (self.choices, self.disputes) = (true, true);
            }
            Sealing::KIND => {
                // Lifting names nobody; setting did.
                for entry in store::log::stream(tx, entry.stream)? {
                    if let Sealed::Set { person, .. } = aggregate::read::<Sealing>(&entry)? {
                        self.people.push(person);
                    }
                }
            }
            Sharing::KIND => self.choices = true,
            Ask::KIND | Response::KIND | Fall::KIND => {
                for (id, person) in care::views::whole::whose(tx, entry.stream)? {
                    self.done.push(id);
                    self.people.push(person);
                }
            }
            Dispute::KIND => self.disputes = true,
            _ => {}
        }
        Ok(())
    }
}
