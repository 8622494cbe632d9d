//! Reads a search, strictly: what is not understood is refused, all of it at once, with what there is instead.

use std::cell::Cell;
use std::collections::HashSet;

use jiff::Timestamp;

use super::{Query, Summary, condition, control, suggestion};
use crate::definitions;
use crate::issue::{Code, Issue};

/// What a search may ask for, and what its words are relative to.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    /// The address before `/Patient/1`: a reference that begins so is to a resource here.
    pub base: Option<&'a str>,
    /// Now, for `ap` (about).
    pub at: Timestamp,
    /// The largest page; more is cut to this, and the `self` link says so.
    pub most_per_page: u32,
    /// The most conditions.
    pub most_filters: usize,
}

impl<'a> Limits<'a> {
    /// The usual limits: 1,000 a page, 50 conditions.
    #[must_use]
    pub fn new(base: Option<&'a str>, at: Timestamp) -> Self {
        Self { base, at, most_per_page: 1_000, most_filters: 50 }
    }
}

/// A search being read, and how much work it may still make: a chain that says no types fans out to many.
pub(super) struct Reader<'r> {
    pub(super) limits: &'r Limits<'r>,
    left: Cell<usize>,
}

impl Reader<'_> {
    /// What a whole search may cost: conditions tried, and a unit more for every 64 letters of their values.
    const PURSE: usize = 5_000;

    /// Pays for a condition on a type.
    pub(super) fn pay(&self, price: usize) -> Result<(), Issue> {
        self.left.set(self.left.get().saturating_sub(price));
        if self.is_spent() {
            let words = "this search is too large: say the types in its chains (`subject:Patient.name`), or ask in several steps";
            return Err(Issue::error(Code::TooCostly, words));
        }
        Ok(())
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

/// Longer names are nobody's; words of a refusal are cut here, since they repeat what was sent.
const LONGEST_NAME: usize = 200;
const LONGEST_WORDS: usize = 4_000;

/// Reads a search for resources of a type.
///
/// `applied` of the answer is what was understood, in order, as it will be understood again: `_count` cut to the limit,
/// `_total=estimate` as `accurate`, the cursor left out.
///
/// # Errors
/// Everything that is wrong with it, one issue each: an unknown parameter, modifier or prefix names those there are.
pub fn parse(kind: &str, pairs: &[(String, String)], limits: &Limits<'_>) -> Result<Query, Vec<Issue>> {
    if !definitions::is_resource(kind) {
        let words = format!("`{kind}` is no type of resource. {}", suggestion::among(kind, definitions::resources()));
        return Err(vec![Issue::error(Code::NotSupported, words)]);
    }
    let mut query = Query { kind: kind.to_owned(), ..Query::default() };
    let mut issues = Vec::new();
    let mut once = HashSet::new();
    let reader = Reader { limits, left: Cell::new(Reader::PURSE) };
    for (name, written) in pairs {
        if name.len() > LONGEST_NAME {
            issues.push(Issue::error(Code::TooLong, format!("no parameter has a name of {} letters", name.len())));
            continue;
        }
        let taken = match control::take(&mut query, name, written, limits.most_per_page) {
            Some(_) if !may_repeat(name) && !once.insert(name.as_str()) => {
                Err(Issue::error(Code::Invalid, format!("`{name}` is there twice")).at(format!("http.{name}")))
            }
            Some(applied) => applied,
            None => condition::condition(kind, name, written, &reader).map(|filter| {
                query.filters.push(filter);
                written.clone()
            }),
        };
        match taken {
            Ok(_) if name == "_cursor" => {}
            Ok(applied) => query.applied.push((name.clone(), applied)),
            Err(mut issue) => {
                if let Some((cut, _)) = issue.words.char_indices().nth(LONGEST_WORDS) {
                    issue.words.truncate(cut);
                    issue.words.push('…');
                }
                issues.push(issue);
            }
        }
    }
    if query.filters.len() > limits.most_filters {
        let words =
            format!("{} conditions are more than the {} of the limit", query.filters.len(), limits.most_filters);
        issues.push(Issue::error(Code::TooCostly, words));
    }
    if !query.elements.is_empty() && !matches!(query.summary, Summary::False | Summary::Count) {
        issues.push(Issue::error(
            Code::Invalid,
            "`_elements` and `_summary` each say which part to send: use one of them",
        ));
    }
    if issues.is_empty() { Ok(query) } else { Err(issues) }
}

fn may_repeat(name: &str) -> bool {
    name.starts_with("_include") || name.starts_with("_revinclude")
}
