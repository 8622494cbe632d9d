//! Searching the record by FHIR's search parameters: a query, checked already, becomes statements on the search index, and
//! every one of them carries the caller's [`Scope`], those inside a chain, a `_has`, an include or a count no less than the
//! first. What a caller may not see does not exist for them: it is not found, not counted, and decides nothing.
//!
//! The answer comes [`Sealed`]; the gate opens it. This module must not know a table, nor how a query is written in a URL.

pub mod class;
mod cursor;
mod entries;
mod gather;
mod resolve;

pub use class::class;
pub(crate) use entries::{Ready, entries, prepared, version};

use access::{Scope, Sealed};
use fhir::issue::{Code, Issue};
use fhir::query::{Query, Summary};
use store::{Resource, Tx};
use uuid::Uuid;

use crate::sight::Sight;
use crate::views::search::clause::{Clause, DEEPEST};
use crate::views::search::drive::Plan;
use crate::views::search::order::{self, After};
use crate::views::search::visible::Visible;
use crate::views::search::{read, withheld};

/// What a search may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Resources on a page where the query does not say.
    pub page: u32,
    /// The most on a page; a query that asks for more gets this many.
    pub largest_page: u32,
    /// The most that includes may bring along; more is an error in words, never a silent cut.
    pub included: usize,
    /// The most candidates that are put in order; more is an error in words.
    pub sorted: usize,
    /// The most candidates that are counted for a total; more is an error in words.
    pub counted: usize,
    /// About how many resources may be walked past to fill a page; more is an error in words.
    pub walked: usize,
    /// With this a cursor is marked as ours. Drawn once by whoever starts the program, so that nobody can make one up; tests
    /// leave it as it is.
    pub key: [u8; 32],
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page: 20,
            largest_page: 1_000,
            included: 1_000,
            sorted: 100_000,
            counted: 1_000_000,
            walked: 2_000_000,
            key: [0; 32],
        }
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

impl Trouble {
    fn refused(code: Code, words: impl Into<String>) -> Self {
        Self::Refused(Box::new(Issue::error(code, words)))
    }
}

/// Searches. With `_summary=count` or `_count=0` only the total is found.
///
/// # Errors
/// [`Trouble::Refused`] where a cursor is not of this search or the answer would pass the limits.
pub fn search(tx: &mut dyn Tx, scope: &Scope, query: &Query, limits: &Limits) -> Result<Sealed<Found>, Trouble> {
    find(tx, scope, query, limits).map(|(people, found)| Sealed::new(people, found))
}

/// The same, not sealed yet, with the people it is about: for what seals its own answer.
pub(crate) fn find(
    tx: &mut dyn Tx,
    scope: &Scope,
    query: &Query,
    limits: &Limits,
) -> Result<(Vec<Uuid>, Found), Trouble> {
    let visible = Visible::of(tx, scope)?;
    let mut clauses = Vec::with_capacity(query.filters.len());
    for filter in &query.filters {
        let clause = resolve::clause(tx, &query.kind, filter)?;
        if clause.depth() > DEEPEST {
            return Err(Trouble::refused(Code::TooCostly, format!("A chain may have at most {DEEPEST} steps.")));
        }
        clauses.extend(clause.parts());
    }
    // An order by where people live, or what is brought along by it, tells as much as a condition.
    let told = |include: &fhir::query::Include| fhir::parameter::tells_where(&query.kind, &include.code);
    if query.sort.iter().any(|sort| withheld::orders(&sort.by)) || query.include.iter().any(told) {
        clauses.push(Clause::Told);
    }
    let plan = Plan::make(tx, &query.kind, &visible, clauses)?;
    let only_count = query.summary == Summary::Count || query.count == Some(0);
    let total = if only_count || query.total { Some(total(tx, &plan, limits)?) } else { None };
    if only_count {
        return Ok((Vec::new(), Found { total, ..Found::default() }));
    }
    let size = usize::try_from(query.count.unwrap_or(limits.page).min(limits.largest_page)).unwrap_or(1);
    let (seqs, next) = page(tx, scope, &plan, query, limits, size)?;
    let mut resources = read::resources(tx, &seqs)?;
    let mut included = gather::included(tx, &visible, query, &resources, limits)?;
    let mut sight = Sight::of(scope);
    let mut people = gather::checked(tx, &mut sight, &resources)?;
    people.extend(gather::checked(tx, &mut sight, &included)?);
    crate::interaction::withheld::served(tx, &mut resources)?;
    crate::interaction::withheld::served(tx, &mut included)?;
    Ok((people, Found { resources, included, next, total }))
}

/// How many match.
fn total(tx: &mut dyn Tx, plan: &Plan, limits: &Limits) -> Result<u64, Trouble> {
    within(tx, plan, limits.counted, "counted", "leave out _total")?;
    Ok(read::total(tx, plan)?)
}

/// Refuses what would have to go through more than `most` candidates.
fn within(tx: &mut dyn Tx, plan: &Plan, most: usize, done: &str, instead: &str) -> Result<(), Trouble> {
    let bound = i64::try_from(most).unwrap_or(i64::MAX);
    if plan.width(tx, bound.saturating_add(1))? > bound {
        let words = format!("More than {most} resources would have to be {done}; narrow the search, or {instead}.");
        return Err(Trouble::refused(Code::TooCostly, words));
    }
    Ok(())
}

/// The places of one page, and the cursor of the next.
fn page(
    tx: &mut dyn Tx,
    scope: &Scope,
    plan: &Plan,
    query: &Query,
    limits: &Limits,
    size: usize,
) -> Result<(Vec<i64>, Option<String>), Trouble> {
    let fingerprint = cursor::fingerprint(query, scope, &limits.key);
    let begin = match &query.cursor {
        Some(words) => Some(position(tx, plan, query, words, &fingerprint)?),
        None => None,
    };
    let most = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut rows = if query.sort.is_empty() {
        let after = begin.map(|after| after.seq);
        let reach = i64::try_from(limits.walked).unwrap_or(i64::MAX);
        let Some(seqs) = read::page(tx, plan, after, most, reach)? else {
            let words = format!(
                "More than {} resources would have to be looked through to fill this page; narrow the search, for example \
                 by patient, code or date.",
                limits.walked
            );
            return Err(Trouble::refused(Code::TooCostly, words));
        };
        seqs.into_iter().map(|seq| (seq, Vec::new())).collect()
    } else {
        if query.sort.len() > order::MOST {
            let words = format!("At most {} sort keys can be given at once.", order::MOST);
            return Err(Trouble::refused(Code::TooCostly, words));
        }
        // Where the caller may see what such resources are as a rule, walking in order soon fills a page.
        let sees = plan.visible.sees(class(&query.kind, &serde_json::Value::Null));
        let walked = if sees { order::walk(tx, plan, &query.kind, &query.sort, begin.as_ref(), most)? } else { None };
        match walked {
            Some(rows) => rows,
            None => {
                within(tx, plan, limits.sorted, "put in order", "leave out _sort")?;
                order::page(tx, plan, &query.sort, begin.as_ref(), most)?
            }
        }
    };
    let more = rows.len() > size;
    rows.truncate(size);
    let next = match rows.last() {
        Some((seq, keys)) if more => {
            let id = read::resources(tx, &[*seq])?.first().map(|resource| resource.id).unwrap_or_default();
            Some(cursor::after(&fingerprint, id, keys))
        }
        _ => None,
    };
    Ok((rows.into_iter().map(|(seq, _)| seq).collect(), next))
}

/// Where a cursor points.
fn position(
    tx: &mut dyn Tx,
    plan: &Plan,
    query: &Query,
    words: &str,
    fingerprint: &[u8; 32],
) -> Result<After, Trouble> {
    let refused = || {
        Trouble::refused(
            Code::Value,
            "The _cursor is not of this search, or what the page before ended with has changed since; search again \
             without _cursor.",
        )
    };
    let id = cursor::id(words).ok_or_else(refused)?;
    let seq = read::places(tx, &query.kind, &[id])?.first().copied();
    let keys = match seq {
        Some(seq) if !query.sort.is_empty() => order::of(tx, plan, &query.sort, seq)?,
        _ => Some(Vec::new()),
    };
    match (seq, keys) {
        (Some(seq), Some(keys)) if cursor::is_ours(words, fingerprint, id, &keys) => Ok(After { keys, seq }),
        _ => Err(refused()),
    }
}
