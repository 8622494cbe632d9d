//! Leave to watch over who looks: to search the looks, and to see which patterns among them are worth a look. What is found is
//! about people, so it comes [`Sealed`] and opens only after the officer's own look is on the disk: whoever watches is watched
//! by the same log. Must not know how anything is shown.

use uuid::Uuid;

use crate::decide;
use crate::permit::{Asking, Denied, Gate};
use crate::relationship::Ties;
use crate::role::Action;
use crate::scope::Sealed;

/// Leave to search the looks. What is found comes sealed.
#[derive(Debug)]
pub struct AuditPermit {
    _private: (),
}

/// Leave to see whom some looks are about: who they are, and nothing of their records.
#[derive(Debug)]
pub struct ReviewPermit {
    people: Vec<Uuid>,
}

impl ReviewPermit {
    /// Whose looks were found.
    #[must_use]
    pub fn people(&self) -> &[Uuid] {
        &self.people
    }
}

impl Gate {
    /// Leave to search the looks. Nothing is shown yet, so nothing is written yet; a refusal is.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn audit(&self, asking: &Asking<'_>) -> Result<AuditPermit, Denied> {
        self.offered(asking, Action::ReviewLooks).await.map(|_| AuditPermit { _private: () })
    }

    /// Opens what a search of the looks found, or a pattern. Written down each time, also where nobody was found: a search of
    /// the log is itself something that may be asked about.
    ///
    /// # Errors
    /// [`Denied`]; what was found is then gone.
    pub async fn review<T>(&self, asking: &Asking<'_>, found: Sealed<T>) -> Result<(ReviewPermit, T), Denied> {
        let (people, content) = found.apart();
        let action = Action::ReviewLooks;
        // Whoever watches over looks does so for everybody: it takes no relationship, and none would give it.
        let verdict = decide::ever(asking.subject, action, asking.purpose)
            .and_then(|rules| decide::decide(asking.subject, action, &rules, &Ties::none()));
        self.written(asking, action, vec![(verdict, people.clone())], false).await?;
        verdict?;
        Ok((ReviewPermit { people }, content))
    }
}
