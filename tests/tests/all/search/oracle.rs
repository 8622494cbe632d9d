//! What a search should find, by walking over everything: slow, short, and knowing no table.

use access::Scope;
use fhir::entry::{Entry, Index, half, parameter};
use fhir::query::{By, Comparison, Filter, Include, Prefix, Query, Sort, Text};
use store::Resource;
use uuid::Uuid;

use super::invented::{World, entries};

/// What should be found, in order.
pub(super) struct Expected {
    pub(super) matches: Vec<Uuid>,
}

struct Known<'w> {
    resource: &'w Resource,
    index: Index,
}

/// What the caller may see of the world: for an oracle nothing else exists.
fn seen<'w>(world: &'w World, scope: &Scope) -> Vec<Known<'w>> {
    let all = world.resources.iter().map(|resource| {
        let value = serde_json::from_str(&resource.body).unwrap();
        (record::search::class(&resource.kind, &value), Known { resource, index: entries(resource, &value) })
    });
    all.filter(|(class, known)| {
        scope.reads(*class)
            && scope.people().is_none_or(|people| {
                people.contains(&known.resource.person)
                    || (known.resource.person.is_nil() && *class == access::Class::Directory)
            })
    })
    .map(|(_, known)| known)
    .collect()
}

pub(super) fn matches(world: &World, scope: &Scope, query: &Query) -> Expected {
    let seen = seen(world, scope);
    let holds = |known: &&Known<'_>| {
        known.resource.kind == query.kind && query.filters.iter().all(|filter| holds(&seen, known, filter))
    };
    let mut found: Vec<&Known<'_>> = seen.iter().filter(holds).collect();
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

fn holds(seen: &[Known<'_>], known: &Known<'_>, filter: &Filter) -> bool {
    let entries = &known.index.entries;
    let points_at = |wanted: i64, at: &Known<'_>| {
        let target = half(at.resource.id.into_bytes());
        entries.contains(&Entry::Link { parameter: wanted, target })
    };
    match filter {
        Filter::Terms { any, not } => any.iter().any(|term| entries.contains(&Entry::Term(*term))) != *not,
        Filter::Text { parameter: wanted, any } => entries.iter().any(|entry| {
            matches!(entry, Entry::Text { parameter, text } if parameter == wanted && any.iter().any(|asked| match asked {
                Text::Starts(words) => text.starts_with(words),
                Text::Contains(words) => text.contains(words),
            }))
        }),
        Filter::Date { parameter: wanted, any } => entries.iter().any(|entry| {
            matches!(entry, Entry::Date { parameter, low, high }
                if parameter == wanted && any.iter().any(|asked| compares(*low, *high, asked)))
        }),
        Filter::Number { any } => entries.iter().any(|entry| {
            matches!(entry, Entry::Number { parameter, low, high }
                if any.iter().any(|(wanted, asked)| wanted == parameter && compares(*low, *high, asked)))
        }),
        Filter::Link { parameter, any } => any.iter().any(|(_, id)| {
            let target = half(Uuid::parse_str(id).unwrap().into_bytes());
            entries.contains(&Entry::Link { parameter: *parameter, target })
        }),
        Filter::Missing { bit, missing } => (known.index.present & (1 << bit) == 0) == *missing,
        Filter::Ids(ids) => ids.iter().any(|id| Uuid::parse_str(id).unwrap() == known.resource.id),
        Filter::Updated(any) => {
            let at = known.resource.arrived.as_microsecond();
            any.iter().any(|asked| compares(at, at + 1, asked))
        }
        Filter::Chain { parameter, kind, filter } => seen
            .iter()
            .any(|there| there.resource.kind == *kind && points_at(*parameter, there) && holds(seen, there, filter)),
        Filter::Has { kind, parameter, filter } => seen.iter().any(|there| {
            let target = half(known.resource.id.into_bytes());
            there.resource.kind == *kind
                && there.index.entries.contains(&Entry::Link { parameter: *parameter, target })
                && holds(seen, there, filter)
        }),
        Filter::Any(filters) => filters.iter().any(|filter| holds(seen, known, filter)),
    }
}

fn compares(low: i64, high: i64, asked: &Comparison) -> bool {
    let equal = asked.low <= low && high <= asked.high;
    match asked.prefix {
        Prefix::Eq => equal,
        Prefix::Ne => !equal,
        Prefix::Gt => high > asked.high,
        Prefix::Lt => low < asked.low,
        Prefix::Ge => high > asked.high || equal,
        Prefix::Le => low < asked.low || equal,
        Prefix::Sa => low >= asked.high,
        Prefix::Eb => high <= asked.low,
        Prefix::Ap => low < asked.high && asked.low < high,
    }
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
