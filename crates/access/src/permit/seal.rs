//! The gate where entries are sealed and seals are lifted: the look and the seal are one transaction.

use jiff::civil::Date;
use store::Refused;
use uuid::Uuid;

use super::glass::{look, looked, refused};
use crate::item::{Item, Sensitivity};
use crate::permit::{Asking, Denied, Gate};
use crate::relationship::Ties;
use crate::role::{Action, Class, Role};
use crate::seal::{Command, Refusal, Sealing, Setting, Wanted, may_seal};
use crate::views::seal;

/// The entry that somebody wants to seal, as the record has it. How it and its person stand to the reader, the gate asks itself.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Whose record, by the root.
    pub person: Uuid,
    /// The id of its resource.
    pub resource: Uuid,
    /// What it is.
    pub class: Class,
    /// The feed that brought it.
    pub feed: String,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
}

/// An entry as one reader stands to it.
struct Stands {
    item: Item,
    ties: Ties,
}

impl From<Denied> for NotSealed {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotAudited(error) => Self::Store(error),
            Denied::Policy(_) | Denied::Closed(_) => Self::Rules(Refusal::NotYours),
        }
    }
}

/// Why nothing was sealed or lifted.
#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    /// The rules say no; the words are for the person who asked.
    #[error(transparent)]
    Rules(#[from] Refusal),
    /// It could not be written down.
    #[error("it could not be written down, so nothing has changed: {0}")]
    Store(#[from] store::Error),
}

impl From<Refused<Refusal>> for NotSealed {
    fn from(refused: Refused<Refusal>) -> Self {
        match refused {
            Refused::Rules(refusal) => Self::Rules(refusal),
            Refused::Store(error) => Self::Store(error),
        }
    }
}

impl store::Troubled for NotSealed {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Rules(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

impl Gate {
    /// Whether a reader may seal an entry. Nothing is shown, and nothing is written.
    ///
    /// # Errors
    /// What the database says, as [`NotSealed`].
    pub async fn may_seal(&self, asking: &Asking<'_>, entry: &Entry) -> Result<(bool, Item), NotSealed> {
        let Stands { item, ties } = self.stands(asking, entry).await?;
        Ok((may_seal(asking.subject, asking.purpose, &item, &ties), item))
    }

    async fn stands(&self, asking: &Asking<'_>, entry: &Entry) -> Result<Stands, NotSealed> {
        let judged = self.judge(asking, Action::Seal, vec![entry.person]).await?;
        let sight = judged.into_iter().next().map(|one| one.sight).ok_or(Refusal::NotYours)?;
        let (resource, holders) = (entry.resource, sight.holders().to_vec());
        let sealed = self.store.read_async(true, move |tx| seal::against(tx, &[resource], &holders)).await?;
        let sealed = sealed.get(&resource).copied().unwrap_or_default();
        let item = Item {
            class: entry.class,
            ours: sight.ours(&entry.feed, entry.class),
            sensitivity: entry.sensitivity,
            seal: sealed.seal,
            harmful: sealed.harmful,
        };
        Ok(Stands { item, ties: *sight.ties() })
    }

    /// Seals an entry under one of the reader's holders, or keeps it from the person.
    ///
    /// # Errors
    /// [`NotSealed`]: then nothing has changed. A refusal that is about who asks is written down.
    pub async fn seal(
        &self,
        asking: &Asking<'_>,
        entry: Entry,
        holder: String,
        wanted: Wanted,
        reason: String,
        today: Date,
    ) -> Result<(), NotSealed> {
        let (by, purpose, at, actor) = (asking.subject.clone(), asking.purpose, asking.at, asking.subject.actor());
        let Stands { item, ties } = self.stands(asking, &entry).await?;
        let Entry { person, resource, .. } = entry;
        let harmful = matches!(wanted, Wanted::KeptFromThem { .. });
        let because = if harmful { "they kept an entry from the person" } else { "they sealed an entry" };
        let outcome = self
            .store
            .write_async(move |write| {
                let standing = seal::of_resource(write.tx(), resource)?;
                // The same holder's seal on the same entry goes on with its own history.
                let same = standing.iter().find(|seal| seal.holder == holder && seal.harmful == harmful);
                let id = same.map_or_else(|| write.new_id(at), |seal| seal.source);
                let (holder, wanted, reason) = (holder.clone(), wanted.clone(), reason.clone());
                let by = by.clone();
                let told = looked(by.clone(), Action::Seal, purpose, person, because);
                let setting = Setting { by, purpose, person, resource, item, ties, holder, wanted, reason, today };
                write.execute::<Sealing>(id, Command::Set(Box::new(setting)), &actor, at)?;
                look(write, told, &actor, at)?;
                Ok::<(), NotSealed>(())
            })
            .await;
        self.refused_seal(asking, Action::Seal, person, &outcome).await?;
        outcome
    }

    /// Lifts a seal. `person` is whose record it is, by the root now.
    ///
    /// # Errors
    /// [`NotSealed`]: then nothing has changed. A refusal that is about who asks is written down.
    pub async fn lift_seal(
        &self,
        asking: &Asking<'_>,
        person: Uuid,
        source: Uuid,
        reason: String,
    ) -> Result<(), NotSealed> {
        let (by, purpose, at, actor) = (asking.subject.clone(), asking.purpose, asking.at, asking.subject.actor());
        let action = if by.role == Role::Citizen { Action::ChooseSharing } else { Action::Seal };
        let outcome = self
            .store
            .write_async(move |write| {
                let told = looked(by.clone(), action, purpose, person, "they lifted a seal");
                let command = Command::Lift { by: by.clone(), person, reason: reason.clone() };
                write.execute::<Sealing>(source, command, &actor, at)?;
                look(write, told, &actor, at)?;
                Ok::<(), NotSealed>(())
            })
            .await;
        self.refused_seal(asking, action, person, &outcome).await?;
        outcome
    }

    async fn refused_seal(
        &self,
        asking: &Asking<'_>,
        action: Action,
        person: Uuid,
        outcome: &Result<(), NotSealed>,
    ) -> Result<(), store::Error> {
        let Err(NotSealed::Rules(refusal)) = outcome else { return Ok(()) };
        if !refusal.about_the_reader() {
            return Ok(());
        }
        let (by, because) = (asking.subject.clone(), refusal.to_string());
        self.write_down(refused(by, action, asking.purpose, vec![person], &because), asking).await
    }
}
