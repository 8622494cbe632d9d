//! Leave to ask for help for somebody, to work an ask, and to go on with a draft of one's own. Must not know what an ask is;
//! whether it is theirs to work, the ask itself says.

use uuid::Uuid;

use crate::decide::Sight;
use crate::look::Subject;
use crate::permit::{Asking, Denied, Gate};
use crate::role::Action;

/// Leave to make an ask for one person, or to work the asks for one person.
#[derive(Debug)]
pub struct AskPermit {
    by: Subject,
    sight: Sight,
    works: bool,
}

impl AskPermit {
    /// Who.
    #[must_use]
    pub fn by(&self) -> &Subject {
        &self.by
    }

    /// For whom.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.sight.person()
    }

    /// Whether it is to work an ask that there is, and not to make one.
    #[must_use]
    pub fn works(&self) -> bool {
        self.works
    }
}

/// Leave to see and keep one's own drafts. They are in the author's own words, and nobody else's are shown.
#[derive(Debug)]
pub struct DraftPermit {
    author: String,
}

impl DraftPermit {
    /// The reader whose drafts they are.
    #[must_use]
    pub fn author(&self) -> &str {
        &self.author
    }
}

impl Gate {
    /// Leave to make an ask for somebody; that they were asked for is on the disk when this answers.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn make_ask(&self, asking: &Asking<'_>, person: Uuid) -> Result<AskPermit, Denied> {
        let sight = self.one(asking, Action::MakeAsk, person).await?;
        Ok(AskPermit { by: asking.subject.clone(), sight, works: false })
    }

    /// Leave to work the asks for somebody; that they were worked is on the disk when this answers.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn work_ask(&self, asking: &Asking<'_>, person: Uuid) -> Result<AskPermit, Denied> {
        let sight = self.one(asking, Action::WorkAsk, person).await?;
        Ok(AskPermit { by: asking.subject.clone(), sight, works: true })
    }

    /// Leave to one's own drafts of asks. It shows nobody's data but the author's own words, so no look is written; a refusal is.
    ///
    /// # Errors
    /// [`Denied`]: where the role makes no asks at all.
    pub async fn draft(&self, asking: &Asking<'_>) -> Result<DraftPermit, Denied> {
        self.offered(asking, Action::MakeAsk).await?;
        Ok(DraftPermit { author: asking.subject.id.clone() })
    }
}
