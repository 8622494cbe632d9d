//! Leave for a person's own choices: to see and change how their record is shared, and to ask why somebody looked. Given for
//! the one person who is signed in and for nobody else; nobody they let in can have it. Must not read anything itself.

use uuid::Uuid;

use crate::permit::{Asking, Denied, Gate};
use crate::role::Action;

/// Leave to see and change one's own choices, or to ask about a look.
#[derive(Debug)]
pub struct OwnPermit {
    person: Uuid,
    known_as: Vec<Uuid>,
}

impl OwnPermit {
    /// Who.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }

    /// Every id they go or have gone by.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        std::iter::once(self.person).chain(self.known_as.iter().copied().filter(|id| *id != self.person))
    }
}

impl Gate {
    /// Leave for a person's own choices ([`Action::ChooseSharing`], [`Action::AskWhy`]); that they were opened is on the disk
    /// when this answers. `known_as` are the ids that were joined to the person.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn own(
        &self,
        asking: &Asking<'_>,
        action: Action,
        person: Uuid,
        known_as: Vec<Uuid>,
    ) -> Result<OwnPermit, Denied> {
        let denied = Denied::Policy("only the person whose record it is may choose this");
        if !matches!(action, Action::ChooseSharing | Action::AskWhy) {
            return Err(denied);
        }
        self.one(asking, action, person).await?;
        // The policy says so, too; a person's own choices must not hang on one rule.
        if asking.subject.own == Some(person) { Ok(OwnPermit { person, known_as }) } else { Err(denied) }
    }
}
