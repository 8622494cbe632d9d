//! Leave to see the worklists of a desk. It comes in two steps, as finding does: a [`DeskPermit`] to ask who is on a list,
//! which shows nothing, and a [`WorklistPermit`] to see them, which is there only after the look is on the disk.

use uuid::Uuid;

use crate::decide::{Level, decide, may};
use crate::permit::{Asking, Denied, Gate};
use crate::role::{Action, Class};

/// Leave to ask who is on the lists of one's own desk. Gives ids only; to see who they are takes a [`WorklistPermit`].
#[derive(Debug)]
pub struct DeskPermit {
    levels: [Level; Class::ALL.len()],
}

impl DeskPermit {
    /// How much of a class of item the lists of this desk may show.
    #[must_use]
    pub fn level(&self, class: Class) -> Level {
        self.levels.get(class as usize).copied().unwrap_or(Level::Hidden)
    }
}

/// Leave to see some people on a list: who they are, and of what put them there as much as the levels say.
#[derive(Debug)]
pub struct WorklistPermit {
    people: Vec<Uuid>,
    levels: [Level; Class::ALL.len()],
}

impl WorklistPermit {
    /// Whether it covers this person.
    #[must_use]
    pub fn covers(&self, person: Uuid) -> bool {
        self.people.contains(&person)
    }

    /// How much of a class of item it covers.
    #[must_use]
    pub fn level(&self, class: Class) -> Level {
        self.levels.get(class as usize).copied().unwrap_or(Level::Hidden)
    }
}

fn levels(asking: &Asking<'_>) -> [Level; Class::ALL.len()] {
    Class::ALL.map(|class| decide(asking.subject.role, Action::SeeWorklist, class, asking.purpose).level)
}

impl Gate {
    /// Leave to ask who is on the lists of a desk. Nothing is shown yet, so nothing is written yet; a refusal is.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn desk(&self, asking: &Asking<'_>) -> Result<DeskPermit, Denied> {
        if may(asking.subject.role, Action::SeeWorklist, asking.purpose).is_err() {
            self.look(asking, Action::SeeWorklist, Vec::new()).await?;
        }
        Ok(DeskPermit { levels: levels(asking) })
    }

    /// Leave to see the people on the lists of a desk; the look is on the disk when this answers. Nobody on them: nothing
    /// to write.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn worklist(&self, asking: &Asking<'_>, mut people: Vec<Uuid>) -> Result<WorklistPermit, Denied> {
        people.sort_unstable();
        people.dedup();
        if !people.is_empty() || may(asking.subject.role, Action::SeeWorklist, asking.purpose).is_err() {
            self.look(asking, Action::SeeWorklist, people.clone()).await?;
        }
        Ok(WorklistPermit { people, levels: levels(asking) })
    }
}
