//! What one kind of reader may see for one action and purpose, as conditions on the entry and its person: what remains of the
//! policies once that is known. Must not add a rule of its own.

use std::sync::{Arc, OnceLock};

use crate::decide::Level;
use crate::filter::Filter;
use crate::item::Item;
use crate::look::Subject;
use crate::policy::{self, Compiled};
use crate::relationship::Ties;
use crate::role::{Action, Class, Purpose, Role};

/// The conditions on which a reader sees an entry at each level. They come from the policies and from nowhere else.
///
/// ```compile_fail
/// let all = access::Filter::Always;
/// let forged = access::Rules { full: all.clone(), masked: all.clone(), existence: all };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// All of it.
    pub full: Filter,
    /// That there is something and when. Includes `full`.
    pub masked: Filter,
    /// That there is something. Includes `masked`.
    pub existence: Filter,
}

impl Rules {
    /// Nothing at all.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { full: Filter::Never, masked: Filter::Never, existence: Filter::Never }
    }

    /// The most that may ever be seen of an ordinary entry of a class, whatever the relationship: what can be offered at all.
    #[must_use]
    pub fn most(&self, class: Class) -> Level {
        let item = Item::of(class);
        let both = |ties: Ties| self.level(&item, &ties).max(self.level(&Item { ours: true, ..item }, &ties));
        crate::decide::every_way().map(both).max().unwrap_or(Level::Hidden)
    }

    /// Whether they open nothing to anybody.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        [&self.full, &self.masked, &self.existence].into_iter().all(|filter| *filter == Filter::Never)
    }

    /// How much of an entry of a person with these ties may be seen.
    #[must_use]
    pub fn level(&self, item: &Item, ties: &Ties) -> Level {
        if self.full.holds(item, ties) {
            Level::Full
        } else if self.masked.holds(item, ties) {
            Level::Masked
        } else if self.existence.holds(item, ties) {
            Level::ExistenceOnly
        } else {
            Level::Hidden
        }
    }
}

/// The rules for somebody who does something for a purpose: the policies partly evaluated, once for each kind of question.
#[must_use]
pub fn of(reader: &Subject, action: Action, purpose: Purpose) -> Arc<Rules> {
    compiled(reader, action, purpose).rules.clone()
}

/// The same, policy by policy.
pub(crate) fn compiled(reader: &Subject, action: Action, purpose: Purpose) -> Arc<Compiled> {
    const ROLES: usize = Role::ALL.len();
    const PURPOSES: usize = Purpose::ALL.len();
    const KINDS: usize = Action::ALL.len() * ROLES * PURPOSES * 2;
    static MADE: [OnceLock<Arc<Compiled>>; KINDS] = [const { OnceLock::new() }; KINDS];
    let kind = ((action as usize * ROLES + reader.role as usize) * PURPOSES + purpose as usize) * 2;
    let made = || {
        let compiled = |policies: &policy::Policies| policies.compiled(reader.role, reader.assured, action, purpose);
        Arc::new(policy::policies().map_or_else(Compiled::nothing, compiled))
    };
    MADE.get(kind + usize::from(reader.assured)).map_or_else(made, |kept| kept.get_or_init(made).clone())
}
