//! Leave for a question whose answer says whose it is: a search, a bundle, a record with all that belongs to it. A [`Scope`]
//! says what may be found at all and is part of every statement that looks; what was found comes [`Sealed`] with the people
//! it is about, and only the [`Gate`] opens it, after the look is on the disk. This module must not know how anything is
//! searched.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::decide::{self, Level, Not};
use crate::filter::Filter;
use crate::item::Item;
use crate::judge::judge;
use crate::look::Subject;
use crate::permit::{Asking, Denied, Gate, by_reason};
use crate::relationship::Ties;
use crate::role::{Action, Class, Purpose};
use crate::rules::Rules;
use crate::standing::Feeds;

/// What somebody may find: whatever they may see whole. Anything less does not exist for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    by: Subject,
    purpose: Purpose,
    read: Arc<Rules>,
    write: Arc<Rules>,
    holders: Vec<String>,
    own: Option<Uuid>,
    feeds: Feeds,
    at: Timestamp,
}

impl Scope {
    /// Whether they may read an entry of a person with these ties. Asked of what a statement has found already, too.
    #[must_use]
    pub fn may_read(&self, item: &Item, ties: &Ties) -> bool {
        judge(&self.by, Action::ReadRecord, self.purpose, item, ties).level == Level::Full
    }

    /// Whether they may write an entry of a person with these ties.
    #[must_use]
    pub fn may_write(&self, item: &Item, ties: &Ties) -> bool {
        judge(&self.by, Action::WriteRecord, self.purpose, item, ties).level == Level::Full
    }

    /// Whether they may write a class at all, of whomever.
    #[must_use]
    pub fn may_ever_write(&self, class: Class) -> bool {
        self.write.full.of_class(class) != Filter::Never
    }

    /// Everything but the moment that decides what they may find, in words that are the same for the same scope.
    #[must_use]
    pub fn words(&self) -> String {
        let who = format!("{} {:?} {}", self.by.role.word(), self.purpose, self.by.assured);
        format!("{who}\0{:?}\0{:?}\0{:?}", self.holders, self.own, self.feeds)
    }

    /// The condition on which an entry is there for them at all: they may see it whole.
    #[must_use]
    pub fn read(&self) -> &Filter {
        &self.read.full
    }

    /// The condition on which they may write an entry.
    #[must_use]
    pub fn write(&self) -> &Filter {
        &self.write.full
    }

    /// What relationships of theirs are held by: their teams, and they themselves.
    #[must_use]
    pub fn holders(&self) -> &[String] {
        &self.holders
    }

    /// Who they are themselves, where they live here ([`crate::Tie::Own`]).
    #[must_use]
    pub fn own(&self) -> Option<Uuid> {
        self.own
    }

    /// The feeds by which their own organisations speak ([`crate::Test::Ours`]).
    #[must_use]
    pub fn feeds(&self) -> &Feeds {
        &self.feeds
    }

    /// The moment at which a relationship has to stand.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// An answer that is about these people, shut until the look at them is on the disk. It has no other way out than
/// [`Gate::open`].
///
/// ```compile_fail
/// let sealed = access::Sealed::new(Vec::new(), "an answer");
/// let read = sealed.content;
/// ```
pub struct Sealed<T> {
    people: Vec<Uuid>,
    content: T,
}

impl<T> Sealed<T> {
    /// Seals what is about these people (their roots; in any order, repeats do no harm). Nobody: nothing will be written.
    #[must_use]
    pub fn new(mut people: Vec<Uuid>, content: T) -> Self {
        people.sort_unstable();
        people.dedup();
        people.retain(|person| !person.is_nil());
        Self { people, content }
    }

    /// Whom it is about, each once.
    #[must_use]
    pub fn people(&self) -> &[Uuid] {
        &self.people
    }

    /// The same people, and what the content becomes. It stays shut.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sealed<U> {
        Sealed { people: self.people, content: change(self.content) }
    }

    /// Part of it, which is about these people. It stays shut.
    #[must_use]
    pub fn part<U>(self, pick: impl FnOnce(T) -> (Vec<Uuid>, U)) -> Sealed<U> {
        let (people, content) = pick(self.content);
        Sealed::new(people, content)
    }

    /// Two answers as one, about the people of both. It stays shut.
    #[must_use]
    pub fn join<U>(self, other: Sealed<U>) -> Sealed<(T, U)> {
        let people = self.people.into_iter().chain(other.people).collect();
        Sealed::new(people, (self.content, other.content))
    }

    /// The same, about more people: these as well.
    #[must_use]
    pub fn about(self, people: Vec<Uuid>) -> Self {
        Self::new(self.people.into_iter().chain(people).collect(), self.content)
    }

    /// For the gate, which writes the look before it hands anything on.
    pub(crate) fn apart(self) -> (Vec<Uuid>, T) {
        (self.people, self.content)
    }
}

impl<T, E> Sealed<Result<T, E>> {
    /// What went wrong while it was made, or what it holds. It stays shut.
    ///
    /// # Errors
    /// What went wrong.
    pub fn transpose(self) -> Result<Sealed<T>, E> {
        Ok(Sealed { people: self.people, content: self.content? })
    }
}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The content stays shut in a log line, too.
        f.debug_struct("Sealed").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

impl Gate {
    /// What somebody may find. Nothing is shown, so nothing is written.
    ///
    /// # Errors
    /// [`Denied::Policy`] where their role may not read records for this purpose at all.
    pub fn scope(&self, asking: &Asking<'_>) -> Result<Scope, Denied> {
        let by = asking.subject;
        let read = decide::ever(by, Action::ReadRecord, asking.purpose)?;
        Ok(Scope {
            by: by.clone(),
            purpose: asking.purpose,
            read,
            write: crate::rules::of(by, Action::WriteRecord, asking.purpose),
            holders: by.holders().collect(),
            own: by.own,
            feeds: self.feeds(by),
            at: asking.at,
        })
    }

    /// Opens what was sealed. First the look at each person it is about is made durable, unless one of this sitting covers
    /// it already (the same reader, role, purpose, action and person, [`crate::sitting::LENGTH`] from the first look).
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too, and the content is gone.
    pub async fn open<T>(&self, asking: &Asking<'_>, action: Action, sealed: Sealed<T>) -> Result<T, Denied> {
        if sealed.people.is_empty() {
            decide::ever(asking.subject, action, asking.purpose)?;
            return Ok(sealed.content);
        }
        // Asked of everybody each time: a sitting saves a line in the log, it keeps no record open.
        let mut judged = self.judge(asking, action, sealed.people.clone()).await?;
        if let Some(not) = judged.iter().find_map(|one| one.verdict.err()) {
            // Written down as refused, for everybody whom it would have shown and who is closed to them.
            judged.retain(|one| one.verdict.is_err());
            let people = judged.iter().map(|one| one.sight.person()).collect();
            let refused: (Result<&'static str, Not>, Vec<Uuid>) = (Err(not), people);
            self.written(asking, action, vec![refused], false).await?;
            return Err(not.into());
        }
        let new = self.sittings.uncovered(asking, action, &sealed.people);
        if !new.is_empty() {
            judged.retain(|one| new.contains(&one.sight.person()));
            self.written(asking, action, by_reason(&judged), true).await?;
            self.sittings.begin(asking, action, &new);
        }
        Ok(sealed.content)
    }
}
