//! R4's own rules for its types (`pat-1`, `obs-6`), judged with our FHIRPath. A rule is broken where its expression says no;
//! where it says nothing (dates of different precision) it is not. What could not be judged is said, never passed over.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde_json::Value;

use crate::definitions::{self, Constraint};
use crate::issue::{Code, Issue, Severity};
use crate::path::{Around, Item, Node, Path, PathError};
use crate::validate;

#[cfg(test)]
mod tests;

/// Rules that the validation of structure holds already: what HTML a narrative may have.
const HELD_ELSEWHERE: [&str; 2] = ["txt-1", "txt-2"];

/// A rule by where its text is: every constraint lives as long as the program.
type Rules = HashMap<usize, Result<Path, PathError>>;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let kinds = definitions::resources().map(str::to_owned).chain(types());
    let mut rules = Rules::new();
    for kind in kinds {
        for rule in definitions::constraints(&kind) {
            rules.entry(place(rule)).or_insert_with(|| Path::parse(rule.expression));
        }
    }
    rules
});

/// The types that are no resources, found from the elements of those that are.
fn types() -> impl Iterator<Item = String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&'static definitions::Shape> = definitions::resources().filter_map(definitions::shape).collect();
    while let Some(shape) = open.pop() {
        for allowed in shape.elements.iter().flat_map(|element| &element.types) {
            if let Some(inner) = allowed.form.shape()
                && seen.insert(inner.path)
            {
                open.push(inner);
            }
        }
    }
    seen.into_iter().filter(|path| !path.contains('.')).map(str::to_owned)
}

fn place(rule: &'static Constraint) -> usize {
    std::ptr::from_ref(rule).addr()
}

/// The rules that a resource of sound structure breaks, and one line of information with those that could not be judged.
#[must_use]
pub fn check(resource: &Value) -> Vec<Issue> {
    let unjudged = RefCell::new(BTreeSet::new());
    let judge = |rule: &'static Constraint, value: &Value, within: &Value| {
        judge(rule, value, Around { resource: within, root: resource }).unwrap_or_else(|()| {
            unjudged.borrow_mut().insert(rule.key);
            None
        })
    };
    let mut issues = validate::invariants(resource, &judge);
    let unjudged = unjudged.into_inner();
    if !unjudged.is_empty() {
        let keys: Vec<&str> = unjudged.into_iter().collect();
        let words = format!("not checked: {}", keys.join(", "));
        issues.push(Issue { severity: Severity::Information, code: Code::Incomplete, words, at: None });
    }
    issues
}

/// Whether a rule holds of an element; `Err` where this engine cannot say.
fn judge(rule: &'static Constraint, value: &Value, around: Around<'_>) -> Result<Option<bool>, ()> {
    if HELD_ELSEWHERE.contains(&rule.key) {
        return Ok(None);
    }
    // Good practice is to say a resource in words; a contained one is said by what contains it.
    if rule.key == "dom-6" && !std::ptr::eq(value, around.root) {
        return Ok(None);
    }
    match RULES.get(&place(rule)) {
        Some(Ok(path)) => {
            // The expression outlives the resource, so the answer may borrow from both.
            let focus: Item<'_> = Item::Node(Node::plain(value));
            path.holds(focus, around).map_err(|_| ())
        }
        Some(Err(_)) | None => Err(()),
    }
}

/// The rules that cannot be read here, with why.
pub fn unread() -> impl Iterator<Item = &'static PathError> {
    RULES.values().filter_map(|rule| rule.as_ref().err()).filter(|error| !error.expression.contains("htmlChecks"))
}
