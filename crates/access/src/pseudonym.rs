//! Leave to work with pseudonyms: what kind of thing happened when, to somebody who cannot be told from it. Each use is one
//! look at nobody in particular. Must not read anything itself.

use std::sync::Arc;

use crate::decide::Level;
use crate::item::Item;
use crate::permit::{Asking, Denied, Gate};
use crate::relationship::Ties;
use crate::role::Action;
use crate::rules::Rules;

/// Leave to read pseudonymised rows.
#[derive(Debug)]
pub struct PseudonymPermit {
    rules: Arc<Rules>,
}

impl PseudonymPermit {
    /// Whether an entry may be among the rows; `objected`: its person has objected to sharing.
    #[must_use]
    pub fn covers(&self, item: &Item, objected: bool) -> bool {
        let ties = if objected { Ties::none().objecting() } else { Ties::none() };
        self.rules.level(item, &ties) == Level::Full
    }
}

impl Gate {
    /// Leave to read pseudonymised rows; that they were used is on the disk when this answers.
    ///
    /// # Errors
    /// [`Denied`]: the refusal is written down, too.
    pub async fn pseudonyms(&self, asking: &Asking<'_>) -> Result<PseudonymPermit, Denied> {
        let rules = self.offered(asking, Action::ReadPseudonyms).await?;
        let because = "their role plans services, without seeing a person";
        self.written(asking, Action::ReadPseudonyms, vec![(Ok(because), Vec::new())], false).await?;
        Ok(PseudonymPermit { rules })
    }
}
