//! By what a list finds people: one rule, or a kept cohort. What a team can choose, and either in words. Must not find anybody.

use finding::list::{By, Chosen};
use finding::run::finds;
use finding::views::cohort::{self as kept, Line};
use population::explore::How;
use population::plan::Plan;
use population::rule::{Kind, RuleSet};
use store::Tx;
use uuid::Uuid;

use crate::app::{State, Trouble};
use crate::desk::population::{called, in_words};
use crate::pages::ask::decision::{Heap, Offered};

/// How the word of a kept cohort begins among the rules that can be chosen.
pub(super) const COHORT: &str = "cohort:";

/// The kept cohorts that a list can be begun from, under their heading; nothing where there are none.
pub(super) fn offered(cohorts: &[Line]) -> Option<Heap> {
    let can = cohorts.iter().filter(|one| one.asked.seeks());
    let one = |one: &Line| Offered { value: format!("{COHORT}{}", one.id), text: one.name.clone(), hint: None };
    let offered: Vec<Offered> = can.map(one).collect();
    (!offered.is_empty()).then(|| Heap { heading: "Kept cohorts".to_owned(), open: false, offered })
}

/// Whether two lists find people by the same: the same rule, or the same kept cohort in whichever version.
pub(super) fn is_same(one: &By, other: &By) -> bool {
    match (one, other) {
        (By::Rule { instrument: one, .. }, By::Rule { instrument: other, .. }) => one == other,
        (By::Cohort { cohort: one }, By::Cohort { cohort: other }) => one.id == other.id,
        (By::Rule { .. }, By::Cohort { .. }) | (By::Cohort { .. }, By::Rule { .. }) => false,
    }
}

/// What was chosen, with its rules as they are now; or what is wrong with it.
pub(super) async fn chosen(state: &State, rule: &str, least: &str) -> Result<Result<By, String>, Trouble> {
    const NOTHING: &str = "Choose the rule by which people are found.";
    let building = || "The population is being built from the record. Try again in a few minutes.".to_owned();
    if let Some(id) = rule.strip_prefix(COHORT) {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(Err(NOTHING.to_owned())) };
        let found = state.read(move |tx| kept::one(tx, id)).await?;
        return Ok(found.map_or_else(
            || Err("This cohort was withdrawn. Choose another.".to_owned()),
            |Line { id, version, name, asked, .. }| Ok(By::Cohort { cohort: Chosen { id, version, name, asked } }),
        ));
    }
    let id = rule.to_owned();
    let found = state.population(move |held| held.plan.sets().find(|set| set.id == id && finds(set)).cloned());
    let Some(found) = found.await? else { return Ok(Err(building())) };
    let Some(set) = found else { return Ok(Err(NOTHING.to_owned())) };
    let least = match (set.kind, least) {
        (Kind::Score, "") => return Ok(Err("Say from how many points on people are found.".to_owned())),
        (Kind::Score, least) => Some(least.to_owned()),
        _ => None,
    };
    Ok(Ok(By::Rule { instrument: set.id, version: set.version, rules_hash: set.hash, least }))
}

/// What became of the cohort that a list was begun from, where something did.
pub(super) fn since(tx: &mut dyn Tx, by: &By) -> store::Result<Option<String>> {
    let By::Cohort { cohort } = by else { return Ok(None) };
    Ok(match kept::one(tx, cohort.id)? {
        None => Some("The cohort was withdrawn since. This list goes on with what it asked.".to_owned()),
        Some(now) if now.version != cohort.version => Some(format!(
            "The cohort is at version {} now. This list goes on with version {}: begin another for the new one.",
            now.version, cohort.version
        )),
        Some(_) => None,
    })
}

/// By what a list finds people, in words.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Name, value.
    pub(super) facts: Vec<(String, String)>,
    /// What its rules must not be used for.
    pub(super) not_for: Vec<String>,
    /// That a rule is not what it was.
    pub(super) warning: Option<String>,
}

pub(super) fn told(plan: Option<&Plan>, by: &By) -> Told {
    let set = |id: &str| plan.and_then(|plan| plan.sets().find(|set| set.id == id));
    let changed = |changed: bool, what: &str| {
        changed.then(|| {
            format!("{what} not the one by which this list was defined. Look at it again before you rely on the list.")
        })
    };
    match by {
        By::Rule { instrument, version, rules_hash, least } => {
            let set = set(instrument);
            let limit = least.as_ref().map_or_else(String::new, |least| format!(", from {least} points on"));
            let title = set.map_or("a rule that is not here any more", |set| set.title.as_str());
            Told {
                facts: vec![("Rule".to_owned(), format!("{title} ({instrument}@{version}{limit})"))],
                not_for: set.map(|set| set.not_for.clone()).unwrap_or_default(),
                warning: changed(set.is_none_or(|set| set.hash != *rules_hash), "The rule is"),
            }
        }
        By::Cohort { cohort } => {
            let (question, choices) = (cohort.asked.question(), plan.map(Plan::choices).unwrap_or_default());
            let mut facts = vec![("Cohort".to_owned(), format!("{}, version {}", cohort.name, cohort.version))];
            facts.extend(in_words(&question, &choices));
            let mut not_for: Vec<String> = Vec::new();
            for one in question.terms.iter().filter_map(|(term, _)| set(&term.set)).flat_map(|set| &set.not_for) {
                if !not_for.contains(one) {
                    not_for.push(one.clone());
                }
            }
            let drifted = plan.map(|plan| cohort.asked.drifted(plan)).unwrap_or_default();
            let names: Vec<String> = drifted.iter().map(|one| called(&one.term, &choices)).collect();
            let what = format!("A rule of the cohort ({}) is", names.join("; "));
            Told { facts, not_for, warning: changed(plan.is_none() || !drifted.is_empty(), &what) }
        }
    }
}

/// The rule sets that say why somebody is on a list, each with what a link to it says.
pub(super) fn scores(plan: Option<&Plan>, by: &By) -> Vec<(String, String)> {
    match by {
        By::Rule { instrument, .. } => {
            vec![(instrument.clone(), "The rule taken apart for this person".to_owned())]
        }
        By::Cohort { cohort } => {
            let mut scores: Vec<(String, String)> = Vec::new();
            for part in cohort.asked.parts.iter().filter(|part| part.how != How::Not) {
                let id = &part.term.set;
                let title = |set: &RuleSet| (set.id == *id).then(|| set.title.clone());
                let title = plan.and_then(|plan| plan.sets().find_map(title)).unwrap_or_else(|| id.clone());
                if scores.iter().all(|(known, _)| known != id) {
                    scores.push((id.clone(), format!("{title}, taken apart for this person")));
                }
            }
            scores
        }
    }
}
