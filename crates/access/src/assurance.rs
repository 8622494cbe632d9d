//! Leave for what is done with measures, decisions about beds, challenges and counts of people. None of it is about a person, so that a look names
//! nobody; it is written down all the same, before anything is done. Must not know what is measured or decided.

use jiff::Timestamp;

use crate::look::Subject;
use crate::permit::{Asking, Denied, Gate};
use crate::role::{Action, Purpose};

/// Leave for one deed; that it was asked for is on the disk.
#[derive(Debug)]
pub struct AssurancePermit {
    by: Subject,
}

impl AssurancePermit {
    /// Who does it.
    #[must_use]
    pub fn by(&self) -> &Subject {
        &self.by
    }
}

/// Whether somebody may do such a thing at all, whatever their everyday purpose: what a page may offer them.
#[must_use]
pub fn may_assure(by: &Subject, action: Action) -> bool {
    is_assurance(action) && crate::decide::may(by, action, Purpose::Planning)
}

fn is_assurance(action: Action) -> bool {
    matches!(action, Action::KeepMeasures | Action::Govern | Action::RunChallenge | Action::CountPeople)
}

impl Gate {
    /// Leave to keep measures, to govern, to run a challenge or to count people. All of it is done to plan services, whatever else the reader is
    /// here for.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too. Any other action is refused.
    pub async fn assurance(&self, by: &Subject, action: Action, at: Timestamp) -> Result<AssurancePermit, Denied> {
        if !is_assurance(action) {
            return Err(Denied::Policy("this is not done with measures, beds, challenges or counts"));
        }
        let asking = Asking { subject: by, purpose: Purpose::Planning, at };
        self.offered(&asking, action).await?;
        let because = crate::decide::of_role(by.role, action);
        self.written(&asking, action, vec![(Ok(because), Vec::new())], false).await?;
        Ok(AssurancePermit { by: by.clone() })
    }
}
