//! Lists that find people, for whoever plans: by the rule by which they look, in counts. What a list is called and why it looks are
//! a team's own words, in which somebody could be named, and whom it has found is the team's: neither leaves here.

use std::collections::BTreeMap;

use finding::Held;
use finding::cascade::{Cascade, Registered};
use finding::list::CaseList;
use finding::views::list::{self as rows, Listed};
use population::day::Day;
use store::Tx;

use super::cascade::shown as in_words;
use super::view::said;
use crate::desk::feeds::thousands;
use crate::pages::population::{ByRule, Equity};

/// The lists by one rule: how many, and everybody on any of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    count: usize,
    listed: Vec<Listed>,
}

/// Every list that has looked, by the id of its rule. To be counted, and shown to nobody.
pub(super) fn all(tx: &mut dyn Tx) -> store::Result<BTreeMap<String, Lists>> {
    let mut by_rule: BTreeMap<String, Lists> = BTreeMap::new();
    for list in rows::all(tx)?.into_iter().filter(|list| list.run.is_some()) {
        let (state, _) = store::aggregate::load::<CaseList>(&store::log::stream(tx, list.id)?)?;
        let Some(definition) = state.definition() else { continue };
        let of_rule = by_rule.entry(definition.instrument.clone()).or_default();
        of_rule.count += 1;
        of_rule.listed.extend(rows::entries(tx, &list)?.into_iter().filter(Listed::stands));
    }
    Ok(by_rule)
}

/// Puts the lists onto the equity page, and the steps of those that are asked for: `all`, a rule's id, or nothing. `None` where
/// there are none such.
pub(super) fn shown(
    view: &mut Equity,
    held: &Held,
    lists: &BTreeMap<String, Lists>,
    asked: &str,
    as_of: Day,
) -> Option<()> {
    if lists.is_empty() {
        return asked.is_empty().then_some(());
    }
    let registered = Registered::of(held, None, as_of);
    let together = Lists {
        count: lists.values().map(|one| one.count).sum(),
        listed: lists.values().flat_map(|one| one.listed.iter().cloned()).collect(),
    };
    let titled = |id: &str| held.library.set(id).map_or("A rule that is not here any more", |set| set.title.as_str());
    let named = lists.iter().map(|(id, lists)| (id.as_str(), titled(id), lists));
    let mut is_there = asked.is_empty();
    for (id, title, lists) in std::iter::once(("all", "All lists together", &together)).chain(named) {
        let steps = registered.cascade(&lists.listed);
        view.finding.push(line(id, title, lists.count, &steps));
        if id == asked {
            is_there = true;
            view.cascade = Some((title.to_owned(), in_words(&steps, &[])));
        }
    }
    is_there.then_some(())
}

fn line(id: &str, title: &str, lists: usize, steps: &Cascade) -> ByRule {
    ByRule {
        title: title.to_owned(),
        href: format!("/population/equity?finding={id}"),
        lists: thousands(i64::try_from(lists).unwrap_or(i64::MAX)),
        found: said(steps.found.count),
        decided: said(steps.decided.count),
        taken: said(steps.taken.count),
    }
}
