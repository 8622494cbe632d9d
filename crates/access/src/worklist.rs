//! Leave to see the worklists of a desk. It comes in two steps, as finding does: a [`DeskPermit`] to ask who is on a list,
//! which shows nothing, and a [`WorklistPermit`] to see them, which is there only after the look is on the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::decide::{Level, Sight};
use crate::permit::{Asking, Denied, Gate};
use crate::role::{Action, Class};
use crate::rules::Rules;

/// Leave to ask who is on the lists of one's own desk. Gives ids only; to see who they are takes a [`WorklistPermit`].
#[derive(Debug)]
pub struct DeskPermit {
    rules: Arc<Rules>,
}

impl DeskPermit {
    /// How much of a class of item the lists of this desk may show, at most and of anybody.
    #[must_use]
    pub fn level(&self, class: Class) -> Level {
        self.rules.most(class)
    }
}

/// Leave to see some people on a list: who they are, and of what put them there as much as the rules say of each.
#[derive(Debug)]
pub struct WorklistPermit {
    people: BTreeMap<Uuid, Sight>,
}

impl WorklistPermit {
    /// What the reader sees of a person; `None` for whom it does not cover.
    #[must_use]
    pub fn of(&self, person: Uuid) -> Option<&Sight> {
        self.people.get(&person)
    }
}

impl Gate {
    /// Leave to ask who is on the lists of a desk. Nothing is shown yet, so nothing is written yet; a refusal is.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn desk(&self, asking: &Asking<'_>) -> Result<DeskPermit, Denied> {
        self.offered(asking, Action::SeeWorklist).await.map(|rules| DeskPermit { rules })
    }

    /// Leave to see the people on the lists of a desk; the look is on the disk when this answers. It covers those who stand to
    /// the reader so that they may be seen: the others are as if they were not on the list. Nobody to show: nothing to write.
    ///
    /// # Errors
    /// [`Denied`]: where the role sees no worklists at all; the refusal is written down, too.
    pub async fn worklist(&self, asking: &Asking<'_>, mut people: Vec<Uuid>) -> Result<WorklistPermit, Denied> {
        people.sort_unstable();
        people.dedup();
        self.offered(asking, Action::SeeWorklist).await?;
        let mut judged = self.judge(asking, Action::SeeWorklist, people).await?;
        judged.retain(|one| one.verdict.is_ok());
        self.written(asking, Action::SeeWorklist, crate::permit::by_reason(&judged), false).await?;
        Ok(WorklistPermit { people: judged.into_iter().map(|one| (one.sight.person(), one.sight)).collect() })
    }
}
