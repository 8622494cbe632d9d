//! The gate where glass is broken, closed and reviewed. Breaking it is one transaction: the look, what happened and the alert to
//! the privacy officer are all on the disk, or nothing is and nothing opens.

use jiff::{SignedDuration, Timestamp};
use store::{Refused, Write};
use uuid::Uuid;

use crate::glass::{Breaking, Command, Glass, LONGEST, Outcome, Refusal, Reviewing, Why};
use crate::look::{AlreadyWritten, Event, Look, Subject};
use crate::permit::{Asking, Gate};
use crate::role::{Action, Purpose};
use crate::views::glass;

/// What somebody says when they break a glass.
#[derive(Debug, Clone)]
pub struct Stated {
    /// Why, in one word.
    pub why: Why,
    /// Why, as it was typed.
    pub reason: String,
    /// Why the person must not be told; `None`: they are.
    pub harm: Option<String>,
    /// When they last proved who they are, where the session knows it.
    pub signed_in: Option<Timestamp>,
    /// How long ago that may be.
    pub fresh: SignedDuration,
}

/// What a reviewer says.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What they found.
    pub outcome: Outcome,
    /// In words.
    pub words: String,
    /// Why the person must not be told; `None`: they are.
    pub harm: Option<String>,
}

/// Leave to see one entry of the register of broken glass, and so whose record it was. There only after the look at the person
/// is on the disk.
#[derive(Debug)]
pub struct GlassPermit {
    glass: Uuid,
    person: Uuid,
    reader: String,
}

impl GlassPermit {
    /// Which glass.
    #[must_use]
    pub fn glass(&self) -> Uuid {
        self.glass
    }

    /// Whose record it was broken for, by the root at the time.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }

    /// Who has this leave, by their id.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }
}

/// Why a glass was not broken, closed, opened in the register or reviewed.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// The rules say no; the words are for the person who asked.
    #[error(transparent)]
    Rules(#[from] Refusal),
    /// It could not be written down, so it did not happen.
    #[error("it could not be written down, so nothing was opened: {0}")]
    Store(#[from] store::Error),
}

impl From<Refused<Refusal>> for NotDone {
    fn from(refused: Refused<Refusal>) -> Self {
        match refused {
            Refused::Rules(refusal) => Self::Rules(refusal),
            Refused::Store(error) => Self::Store(error),
        }
    }
}

impl store::Troubled for NotDone {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Rules(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

/// Writes a look as part of a write that does more.
pub(super) fn look(write: &mut Write<'_>, event: Event, actor: &str, at: Timestamp) -> Result<(), store::Error> {
    let id = write.new_id(at);
    match write.begin::<Look>(id, event, None, actor, at) {
        Ok(_) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
        Err(Refused::Rules(AlreadyWritten)) => {
            Err(store::Error::Corrupt("a look was given an id that is taken".to_owned()))
        }
    }
}

pub(super) fn looked(by: Subject, action: Action, purpose: Purpose, person: Uuid, because: &str) -> Event {
    Event::Looked { by, action, purpose, people: vec![person], because: because.to_owned(), sitting: false }
}

pub(super) fn refused(by: Subject, action: Action, purpose: Purpose, people: Vec<Uuid>, because: &str) -> Event {
    Event::Refused { by, action, purpose, people, because: because.to_owned() }
}

impl Gate {
    /// Whether somebody may break a glass at all. Nothing is shown, so nothing is written; a refusal is.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn may_break_glass(&self, asking: &Asking<'_>, person: Uuid) -> Result<(), NotDone> {
        if crate::glass::breaks(asking.subject, asking.purpose) {
            return Ok(());
        }
        let refusal = if asking.subject.assured { Refusal::NotYourRole } else { Refusal::NotAssured };
        self.refuse(asking, Action::BreakGlass, vec![person], refusal).await
    }

    /// Whether somebody may review broken glass at all. Nothing is shown, so nothing is written; a refusal is.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn may_review(&self, asking: &Asking<'_>) -> Result<(), NotDone> {
        if crate::glass::reviews(asking.subject, asking.purpose) {
            return Ok(());
        }
        self.refuse(asking, Action::ReviewLooks, Vec::new(), Refusal::NotAReviewer).await
    }

    async fn refuse(
        &self,
        asking: &Asking<'_>,
        action: Action,
        people: Vec<Uuid>,
        refusal: Refusal,
    ) -> Result<(), NotDone> {
        let (by, because) = (asking.subject.clone(), refusal.to_string());
        self.write_down(refused(by, action, asking.purpose, people, &because), asking).await?;
        Err(refusal.into())
    }

    /// Breaks the glass before one person's record. `known_as` are the ids that were joined to the person: a glass that stands
    /// open under one of them is the same. The look, the breaking and the alert are on the disk when this answers, or nothing is.
    ///
    /// # Errors
    /// [`NotDone`]: then nothing opens. A refusal that is about who asks is written down.
    pub async fn break_glass(
        &self,
        asking: &Asking<'_>,
        person: Uuid,
        known_as: Vec<Uuid>,
        stated: Stated,
    ) -> Result<glass::Open, NotDone> {
        let (by, at, actor) = (asking.subject.clone(), asking.at, asking.subject.actor());
        let purpose = asking.purpose;
        let told = looked(by.clone(), Action::BreakGlass, purpose, person, stated.why.told());
        let ids: Vec<Uuid> = std::iter::once(person).chain(known_as).collect();
        let outcome = self
            .store
            .write_async(move |write| {
                let standing = glass::open(write.tx(), &by.id, &ids, at)?;
                let id = write.new_id(at);
                let Stated { why, reason, harm, signed_in, fresh } = stated.clone();
                let breaking = Breaking {
                    by: by.clone(),
                    purpose,
                    person,
                    why,
                    reason,
                    harm,
                    signed_in,
                    fresh,
                    open_until: standing.map(|open| open.until),
                    length: LONGEST,
                };
                write.begin::<Glass>(id, Command::Break(breaking), None, &actor, at)?;
                // After the breaking, so that this look, too, is one of those made through it.
                look(write, told.clone(), &actor, at)?;
                glass::open(write.tx(), &by.id, &[person], at)?
                    .ok_or_else(|| store::Error::Corrupt("a glass was broken and is not open".to_owned()).into())
            })
            .await;
        if let Err(NotDone::Rules(refusal)) = &outcome
            && refusal.about_the_reader()
        {
            let (by, because) = (asking.subject.clone(), refusal.to_string());
            self.write_down(refused(by, Action::BreakGlass, purpose, vec![person], &because), asking).await?;
        }
        outcome
    }

    /// Closes before its time the glass that a reader has open for a person. Nothing is shown.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn close_glass(&self, asking: &Asking<'_>, person: Uuid, known_as: Vec<Uuid>) -> Result<(), NotDone> {
        let (by, at, actor) = (asking.subject.clone(), asking.at, asking.subject.actor());
        let ids: Vec<Uuid> = std::iter::once(person).chain(known_as).collect();
        self.store
            .write_async(move |write| {
                let open = glass::open(write.tx(), &by.id, &ids, at)?.ok_or(Refusal::Closed)?;
                write.execute::<Glass>(open.id, Command::End { by: by.clone() }, &actor, at)?;
                Ok::<(), NotDone>(())
            })
            .await
    }

    /// Leave to see one entry of the register; the look at the person it is about is on the disk when this answers.
    ///
    /// # Errors
    /// [`NotDone`]: a refusal is written down.
    pub async fn glass(&self, asking: &Asking<'_>, glass: Uuid) -> Result<GlassPermit, NotDone> {
        let (by, purpose, at, actor) = (asking.subject.clone(), asking.purpose, asking.at, asking.subject.actor());
        let allowed = crate::glass::reviews(&by, purpose);
        let person = self
            .store
            .write_async(move |write| {
                let person = glass::person(write.tx(), glass)?;
                let (by, action) = (by.clone(), Action::ReviewLooks);
                let event = match person {
                    Some(person) if allowed => looked(by, action, purpose, person, "their role watches over who looks"),
                    None if allowed => return Ok::<_, store::Error>(None),
                    // Somebody who may not review is not told whether there is such a glass.
                    _ => refused(by, action, purpose, person.into_iter().collect(), &Refusal::NotAReviewer.to_string()),
                };
                look(write, event, &actor, at)?;
                Ok(person)
            })
            .await?;
        if !allowed {
            return Err(Refusal::NotAReviewer.into());
        }
        let person = person.ok_or(Refusal::NotBroken)?;
        Ok(GlassPermit { glass, person, reader: asking.subject.id.clone() })
    }

    /// Reviews a glass.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn review_glass(
        &self,
        asking: &Asking<'_>,
        permit: &GlassPermit,
        finding: Finding,
    ) -> Result<(), NotDone> {
        let (by, purpose, at, actor) = (asking.subject.clone(), asking.purpose, asking.at, asking.subject.actor());
        let id = permit.glass();
        self.store
            .write_async(move |write| {
                let Finding { outcome, words, harm } = finding.clone();
                let reviewing = Reviewing { by: by.clone(), purpose, outcome, words, harm };
                write.execute::<Glass>(id, Command::Review(reviewing), &actor, at)?;
                Ok::<(), NotDone>(())
            })
            .await
    }

    pub(super) async fn write_down(&self, event: Event, asking: &Asking<'_>) -> Result<(), store::Error> {
        let (actor, at) = (asking.subject.actor(), asking.at);
        self.store.write_async(move |write| look(write, event.clone(), &actor, at)).await
    }
}
