//! The rules by which people can be found, each with what it is, where it comes from and what it is not for, before one is chosen; and
//! those that cannot be used here, with what is missing. Must not choose.

use finding::Held;
use finding::run::finds;
use population::library::Library;
use population::rule::{Kind, Name, RuleSet};

use crate::desk::population::view::{MIND, MIND_HEADING};
use crate::pages::ask::decision::{Heap, Offered};

/// How many missing lists are named.
const NAMED: usize = 3;

/// What can be chosen here, and what cannot.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    pub(super) heaps: Vec<Heap>,
    /// Titles of what is not offered, each with what is missing.
    pub(super) missing: Vec<(String, String)>,
}

/// Under which heading a rule stands.
fn heading(set: &RuleSet) -> usize {
    let situations = ["register-palliative-care", "register-care-home"];
    match set.kind {
        _ if MIND.contains(&set.id.as_str()) => 0,
        Kind::Register if set.id.starts_with("list-") || situations.contains(&set.id.as_str()) => 1,
        Kind::Register => 2,
        Kind::Score | Kind::Segments => 3,
    }
}

const HEADINGS: [&str; 4] = [MIND_HEADING, "Situations", "Diseases", "Scores, from so many points on"];

/// The rules of a population.
pub(super) fn of(held: &Held) -> Rules {
    let heap = |(number, title): (usize, &str)| {
        let sets = held.plan.sets().filter(|set| finds(set) && heading(set) == number);
        Heap { heading: title.to_owned(), open: number == 0, offered: sets.map(offered).collect() }
    };
    let mut heaps: Vec<Heap> = HEADINGS.into_iter().enumerate().map(heap).collect();
    heaps.retain(|heap| !heap.offered.is_empty());
    let unusable = held.library.sets().filter(|set| finds(set)).filter_map(|set| {
        let lists = missing(&held.library, &set.id);
        (!lists.is_empty()).then(|| (set.title.clone(), without(&lists)))
    });
    Rules { heaps, missing: unusable.collect() }
}

fn offered(set: &RuleSet) -> Offered {
    let mut hint = Vec::new();
    if set.kind == Kind::Score {
        hint.push("A score: say below from how many points on.".to_owned());
    }
    if let Some(age) = set.age_from {
        hint.push(format!("It says something from {age}, and is given to everybody."));
    }
    if !set.not_for.is_empty() {
        hint.push(format!("Not for {}.", set.not_for.join("; ").trim_end_matches('.')));
    }
    if let Some(what) = &set.unverified {
        hint.push(format!("Not checked against its source: {}.", what.trim_end_matches('.')));
    }
    hint.push(format!("Source: {} ({}@{}).", set.source.trim_end_matches('.'), set.id, set.version));
    Offered { value: set.id.clone(), text: set.title.clone(), hint: Some(hint.join(" ")) }
}

/// The lists of codes that a rule needs, itself or through others, and that are not here.
pub(super) fn missing(library: &Library, id: &str) -> Vec<String> {
    let (mut missing, mut seen, mut waiting) = (Vec::new(), Vec::new(), vec![id.to_owned()]);
    while let Some(id) = waiting.pop() {
        let Some(set) = library.set(&id).filter(|_| !seen.contains(&id)) else { continue };
        for (name, _) in &set.names {
            match name {
                Name::List(list) if library.list(list).is_none() && !missing.contains(list) => {
                    missing.push(list.clone());
                }
                Name::List(_) => {}
                Name::Set(other) | Name::Score(other) => waiting.push(other.clone()),
            }
        }
        seen.push(id);
    }
    missing.sort_unstable();
    missing
}

/// What is missing, in words.
pub(super) fn without(lists: &[String]) -> String {
    let named = lists.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match lists.len().saturating_sub(NAMED) {
        0 => format!("Its lists of codes are not here: {named}"),
        more => format!("Its lists of codes are not here: {named} and {more} more"),
    }
}
