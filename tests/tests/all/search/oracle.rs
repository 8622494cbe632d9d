//! What a search should find, by walking over everything: the conditions as `fhir` says them plainly, the order and what is
//! brought along said here. Slow, short, and knowing no table.

use access::{Classes, Item, Scope, Seal, Tie, Ties};
use fhir::entry::{Entry, Index, half, parameter};
use fhir::query::oracle::Held;
use fhir::query::{By, Include, Query, Sort};
use store::Resource;
use uuid::Uuid;
use weft_tests::at;

use super::invented::{HOLDERS, World, entries, source_id};

/// What should be found, in order.
pub(super) struct Expected {
    pub(super) matches: Vec<Uuid>,
}

struct Known<'w> {
    resource: &'w Resource,
    index: Index,
}

impl Known<'_> {
    fn held(&self) -> Held {
        Held {
            kind: self.resource.kind.clone(),
            id: self.resource.id.hyphenated().to_string(),
            half: half(self.resource.id.into_bytes()),
            updated: self.resource.arrived.as_microsecond(),
            index: self.index.clone(),
        }
    }
}

/// What the caller may see of the world: for an oracle nothing else exists.
fn seen<'w>(world: &'w World, scope: &Scope) -> Vec<Known<'w>> {
    let all = world.resources.iter().filter(|resource| may_see(world, scope, resource));
    all.map(|resource| {
        let value = serde_json::from_str(&resource.body).unwrap();
        Known { resource, index: entries(&resource.feed, &resource.kind, &value) }
    })
    .collect()
}

/// Whether the policy lets the caller see one resource, from what was invented and not from any table.
pub(super) fn may_see(world: &World, scope: &Scope, resource: &Resource) -> bool {
    let value: serde_json::Value = serde_json::from_str(&resource.body).unwrap();
    let root = |leaf: &Uuid| world.people.iter().position(|person| person == leaf).map(|person| world.whose(person));
    let person = root(&resource.person);
    let theirs = |holder: usize| scope.holders().iter().any(|held| held == HOLDERS[holder]);
    let now = scope.at();
    let mut ties = Ties::none();
    for (of, tie, holder, classes, since, until) in &world.facts.held {
        if Some(world.whose(*of)) == person && theirs(*holder) && (at(*since)..at(*until)).contains(&now) {
            ties = ties.with(*tie, Classes::from_number(*classes));
        }
    }
    if person.is_some() && scope.own().is_some_and(|own| root(&own) == person) {
        ties = ties.with(Tie::Own, Classes::ALL);
    }
    if person.is_some() && world.facts.objecting.iter().any(|of| Some(world.whose(*of)) == person) {
        ties = ties.objecting();
    }
    let seals = || world.facts.seals.iter().filter(|(of, ..)| source_id(*of) == resource.source_id);
    let closest = seals().filter(|(_, holder, ..)| !theirs(*holder)).map(|(_, _, level, _)| *level).max();
    let class = record::search::class(&resource.kind, &value);
    let item = Item {
        class,
        ours: scope.feeds().ours(&resource.feed, &ties, class),
        sensitivity: record::sensitivity::of(&resource.kind, &value),
        seal: Seal::ALL[closest.map_or(0, |level| level as usize)],
        harmful: seals().any(|(.., harmful)| *harmful),
    };
    scope.read().holds(&item, &ties)
}

pub(super) fn matches(world: &World, scope: &Scope, query: &Query) -> Expected {
    let seen = seen(world, scope);
    let held: Vec<Held> = seen.iter().map(Known::held).collect();
    let target = |_: &str, id: &str| half(Uuid::parse_str(id).unwrap().into_bytes());
    let fit: Vec<String> =
        fhir::query::oracle::found(query, &held, &target).iter().map(|held| held.id.clone()).collect();
    let mut found: Vec<&Known<'_>> =
        seen.iter().filter(|known| fit.contains(&known.resource.id.hyphenated().to_string())).collect();
    found.sort_by(|one, other| {
        let by_keys = query.sort.iter().map(|sort| ordered(key(one, sort), key(other, sort), sort.descending));
        by_keys
            .fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
            .then(one.resource.seq.cmp(&other.resource.seq))
    });
    Expected { matches: found.iter().map(|known| known.resource.id).collect() }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Text(String),
    Id(Uuid),
}

/// Nothing comes last in either direction.
fn ordered(one: Option<Key>, other: Option<Key>, descending: bool) -> std::cmp::Ordering {
    match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

fn key(known: &Known<'_>, sort: &Sort) -> Option<Key> {
    let mut keys: Vec<Key> = match &sort.by {
        By::Updated => vec![Key::Int(known.resource.arrived.as_microsecond())],
        By::Id => vec![Key::Id(known.resource.id)],
        by => known
            .index
            .entries
            .iter()
            .filter_map(|entry| match (by, entry) {
                (By::Text(wanted), Entry::Text { parameter, text }) if wanted == parameter => {
                    Some(Key::Text(text.clone()))
                }
                (By::Date(wanted), Entry::Date { parameter, low, high })
                | (By::Number(wanted), Entry::Number { parameter, low, high })
                    if wanted == parameter =>
                {
                    Some(Key::Int(if sort.descending { *high } else { *low }))
                }
                _ => None,
            })
            .collect(),
    };
    keys.sort();
    if sort.descending { keys.pop() } else { keys.into_iter().next() }
}

/// What should be brought along with a page, in order of id.
pub(super) fn included(world: &World, scope: &Scope, query: &Query, page: &[Uuid]) -> Vec<Uuid> {
    let seen = seen(world, scope);
    let mut have: Vec<Uuid> = page.to_vec();
    let mut fresh = have.clone();
    let mut first = true;
    while !fresh.is_empty() {
        let asked = |includes: &[Include]| -> Vec<Include> {
            includes.iter().filter(|include| first || include.iterate).cloned().collect()
        };
        let (forward, back) = (asked(&query.include), asked(&query.revinclude));
        let link = |from: &Known<'_>, to: &Known<'_>, include: &Include| {
            let target = half(to.resource.id.into_bytes());
            from.resource.kind == include.kind
                && include.target.as_ref().is_none_or(|target| *target == to.resource.kind)
                && from
                    .index
                    .entries
                    .contains(&Entry::Link { parameter: parameter(&include.kind, &include.code), target })
        };
        let found: Vec<Uuid> = seen
            .iter()
            .filter(|other| {
                seen.iter().filter(|from| fresh.contains(&from.resource.id)).any(|from| {
                    forward.iter().any(|include| link(from, other, include))
                        || back.iter().any(|include| link(other, from, include))
                })
            })
            .map(|other| other.resource.id)
            .filter(|id| !have.contains(id))
            .collect();
        have.extend(&found);
        fresh = found;
        first = false;
    }
    let mut brought: Vec<Uuid> = have.into_iter().filter(|id| !page.contains(id)).collect();
    brought.sort_unstable();
    brought
}
