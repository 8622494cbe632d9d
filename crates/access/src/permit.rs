//! Permits: the only key to person data. Only this module can make one, and only after the look is in the hash chain and on
//! the disk. The functions that read person data take a permit as an argument, so a read without a look does not compile.

mod back;
mod glass;
mod seal;

pub use back::{BackPermit, NotBack, Wanted};
pub use glass::{Finding, GlassPermit, NotDone, Stated};
pub use seal::{Entry, NotSealed};

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use store::{Refused, Store};
use uuid::Uuid;

use crate::decide::{self, Level, Not, Reader, Sight};
use crate::item::Item;
use crate::look::{AlreadyWritten, Event, Look, Subject};
use crate::relationship::Ties;
use crate::role::{Action, Class, Purpose, Role};
use crate::rules::Rules;
use crate::sitting::Sittings;
use crate::standing::{Feeds, Standing};

/// Leave to read one person's record.
#[derive(Debug)]
pub struct Permit {
    sight: Sight,
}

impl Permit {
    /// Whose record.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.sight.person()
    }

    /// What the reader sees of it.
    #[must_use]
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// How much of an entry it covers.
    #[must_use]
    pub fn level(&self, item: &Item) -> Level {
        self.sight.level(item)
    }

    /// How much it covers of an ordinary entry of a class that somebody else has written.
    #[must_use]
    pub fn level_of(&self, class: Class) -> Level {
        self.sight.level_of(class)
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

/// Leave to see who the people of some pairs of records are, side by side, and to say whether they are one.
#[derive(Debug)]
pub struct PairPermit {
    people: Vec<Uuid>,
}

impl PairPermit {
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
    /// The policy says no, whoever it is about; the words are for the person who asked.
    #[error("{0}")]
    Policy(&'static str),
    /// The record is closed to them: nothing ties the person to them. The glass is the way in.
    #[error("{0}")]
    Closed(&'static str),
    /// The look could not be written down, so nothing may be shown.
    #[error("the look could not be written down, so nothing can be shown: {0}")]
    NotAudited(#[from] store::Error),
}

impl From<Not> for Denied {
    fn from(not: Not) -> Self {
        match not {
            Not::Ever(words) => Self::Policy(words),
            Not::Here(words) => Self::Closed(words),
        }
    }
}

impl store::Troubled for Denied {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Policy(_) | Self::Closed(_) => None,
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
    standing: Arc<dyn Standing>,
    pub(crate) sittings: Arc<Sittings>,
}

/// What came of one person: what the reader sees of them and why, or why not.
pub(crate) struct Judged {
    pub(crate) sight: Sight,
    pub(crate) verdict: Result<&'static str, Not>,
}

impl Gate {
    /// A gate in front of a store. `standing` says how people stand to readers.
    #[must_use]
    pub fn new(store: Arc<Store>, standing: Arc<dyn Standing>) -> Self {
        Self { store, standing, sittings: Arc::default() }
    }

    /// Leave to read a record; the look is on the disk when this answers.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn record(&self, asking: &Asking<'_>, person: Uuid) -> Result<Permit, Denied> {
        self.one(asking, Action::ReadRecord, person).await.map(|sight| Permit { sight })
    }

    /// Leave to search. Nothing is shown yet, so nothing is written yet; a refusal is.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn search(&self, asking: &Asking<'_>) -> Result<SearchPermit, Denied> {
        self.offered(asking, Action::FindPeople).await.map(|_| SearchPermit { _private: () })
    }

    /// Leave to see who the people a search found are. Those whom the reader may not even find are not in it.
    ///
    /// # Errors
    /// [`Denied`]: where they may find none of them.
    pub async fn list(&self, asking: &Asking<'_>, people: Vec<Uuid>) -> Result<ListPermit, Denied> {
        let seen = self.some(asking, Action::FindPeople, people).await?;
        Ok(ListPermit { people: seen.iter().map(Sight::person).collect() })
    }

    /// Leave to see the people of some pairs side by side.
    ///
    /// # Errors
    /// [`Denied`]: where they may judge nobody.
    pub async fn pairs(&self, asking: &Asking<'_>, people: Vec<Uuid>) -> Result<PairPermit, Denied> {
        if people.is_empty() {
            self.offered(asking, Action::JudgeIdentity).await?;
            return Ok(PairPermit { people });
        }
        let seen = self.some(asking, Action::JudgeIdentity, people).await?;
        Ok(PairPermit { people: seen.iter().map(Sight::person).collect() })
    }

    /// Leave to see who looked at a record. `known_as` are the ids that were joined to the person: looks at them count, too.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn looks(&self, asking: &Asking<'_>, person: Uuid, known_as: Vec<Uuid>) -> Result<LooksPermit, Denied> {
        self.one(asking, Action::SeeLooks, person).await?;
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
        let judged = self.judge(asking, action, people.clone()).await?;
        let verdict = match judged.into_iter().find_map(|one| one.verdict.err()) {
            // A message of which nobody knows whom it is about is looked at, too.
            None if people.is_empty() => {
                let rules = decide::ever(asking.subject, action, asking.purpose);
                rules.and_then(|rules| decide::decide(asking.subject, action, &rules, &Ties::none()))
            }
            None => Ok("their role mends messages"),
            Some(not) => Err(not),
        };
        self.written(asking, action, vec![(verdict, people)], false).await?;
        verdict?;
        Ok(MessagePermit { message })
    }

    /// The feeds of a reader's own organisations.
    pub(crate) fn feeds(&self, by: &Subject) -> Feeds {
        self.standing.feeds(by)
    }

    /// Whether an action is one that a reader may do to anybody at all; a refusal is written down.
    pub(crate) async fn offered(&self, asking: &Asking<'_>, action: Action) -> Result<Arc<Rules>, Denied> {
        match decide::ever(asking.subject, action, asking.purpose) {
            Ok(rules) => Ok(rules),
            Err(not) => {
                self.written(asking, action, vec![(Err(not), Vec::new())], false).await?;
                Err(not.into())
            }
        }
    }

    /// How each of these people stands to a reader, and what follows from it. Every permit begins here. Nothing is shown, and
    /// nothing is written.
    pub(crate) async fn judge(
        &self,
        asking: &Asking<'_>,
        action: Action,
        people: Vec<Uuid>,
    ) -> Result<Vec<Judged>, Denied> {
        let by = asking.subject;
        let reader = Arc::new(Reader { holders: by.holders().collect(), feeds: self.standing.feeds(by) });
        let rules = match decide::ever(by, action, asking.purpose) {
            Ok(rules) => rules,
            Err(not) => {
                let nothing = Arc::new(Rules::nothing());
                let none = |person| Judged {
                    sight: Sight::new(person, nothing.clone(), Ties::none(), reader.clone()),
                    verdict: Err(not),
                };
                return Ok(people.into_iter().map(none).collect());
            }
        };
        let ties = self.ties(asking, people.clone()).await?;
        let judged = |(person, ties): (Uuid, Ties)| {
            let verdict = decide::decide(by, action, &rules, &ties);
            Judged { sight: Sight::new(person, rules.clone(), ties, reader.clone()), verdict }
        };
        Ok(people.into_iter().zip(ties).map(judged).collect())
    }

    async fn ties(&self, asking: &Asking<'_>, people: Vec<Uuid>) -> Result<Vec<Ties>, store::Error> {
        let (standing, by, at) = (self.standing.clone(), asking.subject.clone(), asking.at);
        let quick = people.len() <= FEW;
        let read = move |tx: &mut dyn store::Tx| {
            people.iter().map(|person| standing.of(tx, *person, &by, at)).collect::<Result<Vec<_>, _>>()
        };
        self.store.read_async(quick, read).await
    }

    /// Leave to do something to one person, written down, allowed or not.
    pub(crate) async fn one(&self, asking: &Asking<'_>, action: Action, person: Uuid) -> Result<Sight, Denied> {
        let judged = self.judge(asking, action, vec![person]).await?;
        let one = judged.into_iter().next().ok_or_else(|| store::Error::Corrupt("nobody was judged".to_owned()))?;
        self.written(asking, action, vec![(one.verdict, vec![person])], false).await?;
        one.verdict?;
        Ok(one.sight)
    }

    /// Leave to do something to some people: to those to whom it is allowed. The others are as if they were not there, unless
    /// nobody is left: then it is refused, and written down so.
    pub(crate) async fn some(
        &self,
        asking: &Asking<'_>,
        action: Action,
        people: Vec<Uuid>,
    ) -> Result<Vec<Sight>, Denied> {
        let judged = self.judge(asking, action, people.clone()).await?;
        let refused = judged.iter().find_map(|one| one.verdict.err());
        let allowed: Vec<Judged> = judged.into_iter().filter(|one| one.verdict.is_ok()).collect();
        if let Some(not) = refused.filter(|_| allowed.is_empty()) {
            self.written(asking, action, vec![(Err(not), people)], false).await?;
            return Err(not.into());
        }
        self.written(asking, action, by_reason(&allowed), false).await?;
        Ok(allowed.into_iter().map(|one| one.sight).collect())
    }

    /// Writes looks down, allowed or not, one for each reason, and answers when they are on the disk. `sitting` says that they
    /// cover what follows for a while.
    pub(crate) async fn written(
        &self,
        asking: &Asking<'_>,
        action: Action,
        looks: Vec<(Result<&'static str, Not>, Vec<Uuid>)>,
        sitting: bool,
    ) -> Result<(), Denied> {
        let (by, purpose, at) = (asking.subject.clone(), asking.purpose, asking.at);
        let actor = by.actor();
        let event = |(verdict, people): (Result<&'static str, Not>, Vec<Uuid>)| {
            let by = by.clone();
            match verdict {
                Ok(because) => Event::Looked { by, action, purpose, people, because: because.to_owned(), sitting },
                Err(not) => Event::Refused { by, action, purpose, people, because: not.words().to_owned() },
            }
        };
        let events: Vec<Event> = looks.into_iter().map(event).collect();
        if events.is_empty() {
            return Ok(());
        }
        self.store
            .write_async(move |write| {
                for event in &events {
                    let id = write.new_id(at);
                    match write.begin::<Look>(id, event.clone(), None, &actor, at) {
                        Ok(_) => {}
                        Err(Refused::Store(error)) => return Err(Denied::NotAudited(error)),
                        Err(Refused::Rules(AlreadyWritten)) => {
                            return Err(Denied::NotAudited(store::Error::Corrupt(
                                "a look was given an id that is taken".to_owned(),
                            )));
                        }
                    }
                }
                Ok(())
            })
            .await
    }
}

/// How many people are few enough to be asked about on the spot.
const FEW: usize = 4;

/// People who may be seen, by why they may.
pub(crate) fn by_reason(allowed: &[Judged]) -> Vec<(Result<&'static str, Not>, Vec<Uuid>)> {
    let mut reasons: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for one in allowed {
        if let Ok(because) = one.verdict {
            reasons.entry(because).or_default().push(one.sight.person());
        }
    }
    reasons.into_iter().map(|(because, people)| (Ok(because), people)).collect()
}
