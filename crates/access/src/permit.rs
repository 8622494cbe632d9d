//! Permits: the only key to person data. Only this module can make one, and only after the look is in the hash chain and on
//! the disk. The functions that read person data take a permit as an argument, so a read without a look does not compile.

mod glass;
mod seal;

pub use glass::{Finding, GlassPermit, NotDone, Stated};
pub use seal::{Entry, NotSealed};

use std::sync::Arc;

use jiff::Timestamp;
use store::{Refused, Store};
use uuid::Uuid;

use crate::decide::{Level, decide, may};
use crate::look::{AlreadyWritten, Event, Look, Subject};
use crate::role::{Action, Class, Purpose, Role};
use crate::sitting::Sittings;

/// Leave to read one person's record.
#[derive(Debug)]
pub struct Permit {
    person: Uuid,
    levels: [Level; Class::ALL.len()],
}

impl Permit {
    /// Whose record.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }

    /// How much of a class of item it covers.
    #[must_use]
    pub fn level(&self, class: Class) -> Level {
        self.levels.get(class as usize).copied().unwrap_or(Level::Hidden)
    }
}

/// Leave to search for people. Gives ids only; to see who they are takes a [`ListPermit`].
#[derive(Debug)]
pub struct SearchPermit {
    _private: (),
}

/// Leave to see who some people are.
#[derive(Debug)]
pub struct ListPermit {
    people: Vec<Uuid>,
}

impl ListPermit {
    /// Whose identity.
    #[must_use]
    pub fn people(&self) -> &[Uuid] {
        &self.people
    }
}

/// Leave to see who looked at one person's record.
#[derive(Debug)]
pub struct LooksPermit {
    person: Uuid,
    known_as: Vec<Uuid>,
    own: bool,
}

impl LooksPermit {
    /// Whose record.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }

    /// Whether it is the person themselves, or somebody they have let, who sees them.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// Every id under which the person has been looked at, this one and those that were joined to it.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        std::iter::once(self.person).chain(self.known_as.iter().copied().filter(|id| *id != self.person))
    }
}

/// Leave to see the raw words of one message, or to mend it.
#[derive(Debug)]
pub struct MessagePermit {
    message: Uuid,
}

impl MessagePermit {
    /// Which message.
    #[must_use]
    pub fn message(&self) -> Uuid {
        self.message
    }
}

/// Why there is no permit.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Denied {
    /// The policy says no; the words are for the person who asked.
    #[error("{0}")]
    Policy(&'static str),
    /// The look could not be written down, so nothing may be shown.
    #[error("the look could not be written down, so nothing can be shown: {0}")]
    NotAudited(#[from] store::Error),
}

impl store::Troubled for Denied {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Policy(_) => None,
            Self::NotAudited(error) => Some(error),
        }
    }
}

/// One act of looking, on the way to its permit.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// Who.
    pub subject: &'a Subject,
    /// Why.
    pub purpose: Purpose,
    /// When.
    pub at: Timestamp,
}

/// Gives out permits.
#[derive(Clone)]
pub struct Gate {
    store: Arc<Store>,
    pub(crate) sittings: Arc<Sittings>,
}

/// A citizen's looks are at themselves: one look at anybody else, or at nobody in particular, is refused.
fn own_record(by: &Subject, people: &[Uuid]) -> Result<(), &'static str> {
    match (by.role, by.own) {
        (Role::Citizen, Some(own)) if !people.is_empty() && people.iter().all(|person| *person == own) => Ok(()),
        (Role::Citizen, _) => Err("you may read your own record and no other"),
        _ => Ok(()),
    }
}

impl Gate {
    /// A gate in front of a store.
    #[must_use]
    pub fn new(store: Arc<Store>) -> Self {
        Self { store, sittings: Arc::default() }
    }

    /// Leave to read a record; the look is on the disk when this answers.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn record(&self, asking: &Asking<'_>, person: Uuid) -> Result<Permit, Denied> {
        self.look(asking, Action::ReadRecord, vec![person]).await?;
        let levels =
            Class::ALL.map(|class| decide(asking.subject.role, Action::ReadRecord, class, asking.purpose).level);
        Ok(Permit { person, levels })
    }

    /// Leave to search. Nothing is shown yet, so nothing is written yet; a refusal is.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn search(&self, asking: &Asking<'_>) -> Result<SearchPermit, Denied> {
        match may(asking.subject.role, Action::FindPeople, asking.purpose) {
            Ok(_) => Ok(SearchPermit { _private: () }),
            Err(_) => self.look(asking, Action::FindPeople, Vec::new()).await.map(|()| SearchPermit { _private: () }),
        }
    }

    /// Leave to see who the people a search found are.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn list(&self, asking: &Asking<'_>, people: Vec<Uuid>) -> Result<ListPermit, Denied> {
        self.look(asking, Action::FindPeople, people.clone()).await?;
        Ok(ListPermit { people })
    }

    /// Leave to see who looked at a record. `known_as` are the ids that were joined to the person: looks at them count, too.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn looks(&self, asking: &Asking<'_>, person: Uuid, known_as: Vec<Uuid>) -> Result<LooksPermit, Denied> {
        self.look(asking, Action::SeeLooks, vec![person]).await?;
        Ok(LooksPermit { person, known_as, own: asking.subject.role == Role::Citizen })
    }

    /// Leave to see or mend a message. `people` are those it is known to be about.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn message(
        &self,
        asking: &Asking<'_>,
        action: Action,
        message: Uuid,
        people: Vec<Uuid>,
    ) -> Result<MessagePermit, Denied> {
        self.look(asking, action, people).await?;
        Ok(MessagePermit { message })
    }

    /// Writes the look down, allowed or not, and answers when it is on the disk.
    pub(crate) async fn look(&self, asking: &Asking<'_>, action: Action, people: Vec<Uuid>) -> Result<(), Denied> {
        self.look_for(asking, action, people, false).await
    }

    /// The same; `sitting` says that it covers what follows for a while.
    pub(crate) async fn look_for(
        &self,
        asking: &Asking<'_>,
        action: Action,
        people: Vec<Uuid>,
        sitting: bool,
    ) -> Result<(), Denied> {
        let by = asking.subject.clone();
        let (purpose, at) = (asking.purpose, asking.at);
        let actor = format!("{}:{}", by.role.word(), by.id);
        let verdict = may(by.role, action, purpose).and_then(|because| own_record(&by, &people).map(|()| because));
        let event = match verdict {
            Ok(because) => Event::Looked { by, action, purpose, people, because: because.to_owned(), sitting },
            Err(because) => Event::Refused { by, action, purpose, people, because: because.to_owned() },
        };
        self.store
            .write_async(move |write| {
                let id = write.new_id(at);
                match write.begin::<Look>(id, event.clone(), None, &actor, at) {
                    Ok(_) => Ok(()),
                    Err(Refused::Store(error)) => Err(Denied::NotAudited(error)),
                    Err(Refused::Rules(AlreadyWritten)) => Err(Denied::NotAudited(store::Error::Corrupt(
                        "a look was given an id that is taken".to_owned(),
                    ))),
                }
            })
            .await?;
        verdict.map(|_| ()).map_err(Denied::Policy)
    }
}
