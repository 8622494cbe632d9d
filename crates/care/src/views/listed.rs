//! Rows about people, shut until there is a permit to see them: a list says for whom a permit is needed and gives nothing else
//! away. Must not be opened with anything but a permit, which is there only after the look was written down.

use access::{Class, DeskPermit, Level, WorklistPermit};
use serde::Deserialize;
use store::{Aggregate, Entry, Result, Sql, Tx, aggregate};
use uuid::Uuid;

use super::ask::root;
use crate::ask::{Ask, Event};

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

/// A list as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened<T> {
    /// What they may see.
    pub rows: Vec<T>,
    /// How many rows stand there of which they may not see what is asked.
    pub withheld: usize,
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

    /// The rows that the permit covers: those about people whose asks the reader may read, and those about nobody.
    #[must_use]
    pub fn open(self, permit: &WorklistPermit) -> Opened<T> {
        let all = self.rows.len();
        let covered = |row: &T| {
            row.person()
                .is_none_or(|person| permit.of(person).is_some_and(|sight| sight.level_of(Class::Ask) == Level::Full))
        };
        let rows: Vec<T> = self.rows.into_iter().filter(covered).collect();
        Opened { withheld: all - rows.len(), rows }
    }
}

/// Whether a desk may know that there are such rows at all.
pub(super) fn may_know(permit: &DeskPermit) -> bool {
    permit.level(Class::Ask) != Level::Hidden
}

/// What the index of people says in the log, as far as it is needed here. The words are the record's.
#[derive(Debug, Deserialize)]
enum Said {
    Joined { into: Uuid },
    Parted { from: Uuid, with: Vec<Uuid> },
}

/// Moves a table's rows where the entry says that somebody was found to be somebody else, or not to be them after all: then what
/// was said under their own ids (`named`) goes back to them. Whether it says so. The view of asks has heard of it before.
pub(super) fn moved(tx: &mut dyn Tx, entry: &Entry, by_person: &'static Sql, give_back: &'static Sql) -> Result<bool> {
    if entry.kind != "person" || !matches!(entry.event.as_str(), "Joined" | "Parted") {
        return Ok(false);
    }
    let said = serde_json::from_str(&entry.body)
        .map_err(|error| store::Error::Event { kind: entry.kind.clone(), why: error.to_string() })?;
    match said {
        Said::Joined { into } => {
            let now = root(tx, into)?;
            tx.execute(by_person, &[now.into(), entry.stream.into()])?;
        }
        Said::Parted { from, with } => {
            for named in with {
                tx.execute(give_back, &[entry.stream.into(), from.into(), named.into()])?;
            }
        }
    }
    Ok(true)
}

/// Where the entry says who it is for whom an ask was sent that nobody had found: the ask, whom it is for now, and the id by
/// which they were named.
pub(super) fn found(tx: &mut dyn Tx, entry: &Entry) -> Result<Option<(Uuid, Uuid, Uuid)>> {
    if entry.kind != Ask::KIND || entry.event != "PersonFound" {
        return Ok(None);
    }
    match aggregate::read::<Ask>(entry)? {
        Event::PersonFound { person, .. } => Ok(Some((entry.stream, root(tx, person)?, person))),
        _ => Ok(None),
    }
}
