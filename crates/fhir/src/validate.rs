//! Whether a resource keeps to base R4: known elements, right types, as many as there must be, well-formed values, codes of
//! the right set, references that can be references. Every issue says where and what to do.
//!
//! Must not know profiles, terminology that cannot be counted, or what else is stored: whether a reference resolves is the
//! record's question.

use serde_json::Value;

use crate::issue::{Issue, Severity};

mod invariant;
mod json;
mod narrative;
mod place;
mod primitive;
mod reference;
mod structure;
mod words;

pub use invariant::{invariants, unread};

/// How many levels of objects and lists may stand in one another.
pub const DEEPEST: usize = 64;

/// How many issues are told one by one; if there are more, the last one says so.
pub const MOST_ISSUES: usize = 100;

/// What is wrong with a resource: its structure and, where that is sound, HL7's rules. Nothing if all is well. Only
/// [`Severity::Error`] makes a resource unacceptable; the rest is advice.
#[must_use]
pub fn resource(resource: &Value) -> Vec<Issue> {
    let mut issues = structure(resource);
    if !issues.iter().any(|issue| issue.severity == Severity::Error) {
        issues.extend(invariants(resource));
    }
    issues
}

/// What is wrong with the structure alone: elements, types, numbers of them, formats, codes, references.
#[must_use]
pub fn structure(resource: &Value) -> Vec<Issue> {
    structure::check(resource)
}

/// Reads JSON strictly: a key twice in one object, anything after the end, more than [`DEEPEST`] levels are refused, with
/// the place; a byte order mark before it is passed over. Numbers keep their digits.
///
/// # Errors
/// What is wrong with the text, where.
pub fn text(text: &str) -> Result<Value, Vec<Issue>> {
    json::parse(text)
}

#[cfg(test)]
mod tests;
