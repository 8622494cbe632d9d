//! Searching the record by FHIR's search parameters: a query, checked already, becomes statements on the search index, and
//! every one of them carries the caller's [`Scope`], those inside a chain, a `_has`, an include or a count no less than the
//! first. What a caller may not see does not exist for them: it is not found, not counted, and decides nothing.
//!
//! The answer comes [`Sealed`]; the gate opens it. This module must not know a table, nor how a query is written in a URL.

pub mod class;

pub use class::class;

use access::{Scope, Sealed};
use fhir::issue::Issue;
use fhir::query::Query;
use store::{Resource, Tx};

/// What a search may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Resources on a page where the query does not say.
    pub page: u32,
    /// The most on a page; a query that asks for more gets this many.
    pub largest_page: u32,
    /// The most that includes may bring along; more is an error in words, never a silent cut.
    pub included: usize,
    /// The most matches that are put in order; more is an error in words.
    pub sorted: usize,
    /// With this a cursor is marked as ours. Drawn once by whoever starts the program, so that nobody can make one up; tests
    /// leave it as it is.
    pub key: [u8; 32],
}

impl Default for Limits {
    fn default() -> Self {
        Self { page: 20, largest_page: 1_000, included: 1_000, sorted: 100_000, key: [0; 32] }
    }
}

/// A page of a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The matches, in order.
    pub resources: Vec<Resource>,
    /// What includes brought along, each once, and none that is a match on this page.
    pub included: Vec<Resource>,
    /// Where the next page begins (`_cursor`); `None` on the last.
    pub next: Option<String>,
    /// How many match in all, where that was asked for.
    pub total: Option<u64>,
}

/// Why a search has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Trouble {
    /// It cannot be answered as asked; the issue says what to do. A client's fault: 400.
    #[error("the search was refused: {}", .0.words)]
    Refused(Box<Issue>),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl store::Troubled for Trouble {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Refused(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

/// Searches. With `_summary=count` only the total is found.
///
/// # Errors
/// [`Trouble::Refused`] where a cursor is not of this search or the answer would pass the limits.
pub fn search(_tx: &mut dyn Tx, _scope: &Scope, _query: &Query, _limits: &Limits) -> Result<Sealed<Found>, Trouble> {
    Ok(Sealed::new(Vec::new(), Found::default()))
}
