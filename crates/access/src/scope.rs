//! Leave for a question whose answer says whose it is: a search, a bundle, a record with all that belongs to it. A [`Scope`]
//! says what may be found at all and is part of every statement that looks; what was found comes [`Sealed`] with the people
//! it is about, and only the [`Gate`] opens it, after the look is on the disk. This module must not know how anything is
//! searched.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::decide::{Level, decide, may};
use crate::filter::Filter;
use crate::look::Subject;
use crate::permit::{Asking, Denied, Gate};
use crate::role::{Action, Class, Role};
use crate::rules::Rules;

/// What somebody may find: the classes of item that they may see whole (anything less does not exist for them), and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    reads: [bool; Class::ALL.len()],
    writes: [bool; Class::ALL.len()],
    people: Option<Vec<Uuid>>,
    read: Arc<Rules>,
    write: Arc<Rules>,
    holders: Vec<String>,
    own: Option<Uuid>,
    feeds: Vec<String>,
    at: Timestamp,
}

impl Scope {
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

    /// The feeds of their own organisations ([`crate::Test::Ours`]).
    #[must_use]
    pub fn feeds(&self) -> &[String] {
        &self.feeds
    }

    /// The moment at which a relationship has to stand.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The classes they may read whole, in the order of [`Class::ALL`].
    #[must_use]
    pub fn classes(&self) -> [bool; Class::ALL.len()] {
        self.reads
    }

    /// Whether they may read this class.
    #[must_use]
    pub fn reads(&self, class: Class) -> bool {
        self.reads.get(class as usize).copied().unwrap_or_default()
    }

    /// Whether they may write this class.
    #[must_use]
    pub fn writes(&self, class: Class) -> bool {
        self.writes.get(class as usize).copied().unwrap_or_default()
    }

    /// Whose: `None` is anybody's, `Some` is these people's (by their roots) and nobody's ([`Class::Directory`]).
    #[must_use]
    pub fn people(&self) -> Option<&[Uuid]> {
        self.people.as_deref()
    }
}

/// Whose records somebody may read at all: a citizen their own, or nobody's where it is not known who they are.
fn whose(subject: &Subject) -> Option<Vec<Uuid>> {
    (subject.role == Role::Citizen).then(|| subject.own.into_iter().collect())
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
        let role = asking.subject.role;
        may(role, Action::ReadRecord, asking.purpose).map_err(Denied::Policy)?;
        let whole = |action| Class::ALL.map(|class| decide(role, action, class, asking.purpose).level == Level::Full);
        Ok(Scope {
            reads: whole(Action::ReadRecord),
            writes: whole(Action::WriteRecord),
            people: whose(asking.subject),
            read: crate::rules::of(asking.subject, Action::ReadRecord, asking.purpose),
            write: crate::rules::of(asking.subject, Action::WriteRecord, asking.purpose),
            holders: asking.subject.holders().collect(),
            own: asking.subject.own,
            feeds: Vec::new(),
            at: asking.at,
        })
    }

    /// Opens what was sealed. First the look at each person it is about is made durable, unless one of this sitting covers
    /// it already (the same reader, role, purpose, action and person, [`crate::sitting::LENGTH`] from the first look).
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too, and the content is gone.
    pub async fn open<T>(&self, asking: &Asking<'_>, action: Action, sealed: Sealed<T>) -> Result<T, Denied> {
        let verdict = may(asking.subject.role, action, asking.purpose);
        let new = match verdict {
            Ok(_) => self.sittings.uncovered(asking, action, &sealed.people),
            Err(reason) if sealed.people.is_empty() => return Err(Denied::Policy(reason)),
            // Written down as refused, for everybody it would have shown.
            Err(_) => sealed.people.clone(),
        };
        if !new.is_empty() {
            self.look_for(asking, action, new.clone(), true).await?;
            self.sittings.begin(asking, action, &new);
        }
        Ok(sealed.content)
    }
}
