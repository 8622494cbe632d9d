//! Rows about people, shut until there is a permit to see them: a list says for whom a permit is needed and gives nothing else
//! away. Must not be opened with anything but a permit, which is there only after the look was written down.

use access::{Class, DeskPermit, Level, WorklistPermit};
use uuid::Uuid;

/// A row that is about a person.
pub trait About {
    /// Whom it is about; `None` of something that nobody has yet.
    fn person(&self) -> Option<Uuid>;
}

/// Rows on a list.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    rows: Vec<T>,
}

impl<T: About> Listed<T> {
    pub(super) fn of(rows: Vec<T>) -> Self {
        Self { rows }
    }

    /// The people they are about, for the permit.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.rows.iter().filter_map(About::person)
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that the permit covers, and those that are about nobody.
    #[must_use]
    pub fn open(self, permit: &WorklistPermit) -> Vec<T> {
        let covered = |row: &T| {
            row.person().is_none_or(|person| {
                permit.of(person).is_some_and(|sight| sight.level_of(Class::Encounter) == Level::Full)
            })
        };
        self.rows.into_iter().filter(covered).collect()
    }
}

/// Whether a desk may know that there are such rows at all.
pub(super) fn may_know(permit: &DeskPermit) -> bool {
    permit.level(Class::Encounter) != Level::Hidden
}
