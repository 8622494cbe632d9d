//! What a search means, said slowly and plainly over indexes in memory: the answer that the record's statements are tested
//! against. Not for serving anybody.

use super::{Comparison, Filter, Prefix, Query, Text};
use crate::entry::{Entry, Index};

/// A resource with its index.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its type.
    pub kind: String,
    /// Its id as the API shows it.
    pub id: String,
    /// The [`crate::entry::half`] by which links point at it.
    pub half: i64,
    /// When it last changed, in microseconds since 1970 UTC.
    pub updated: i64,
    /// Its index.
    pub index: Index,
}

/// What a link to a resource of this type and id points at.
pub type Target<'t> = &'t dyn Fn(&str, &str) -> i64;

/// The resources that a query finds, in the order they are held: no sorting, no paging, nothing brought along.
#[must_use]
pub fn found<'h>(query: &Query, held: &'h [Held], target: Target<'_>) -> Vec<&'h Held> {
    let fits =
        |one: &&Held| one.kind == query.kind && query.filters.iter().all(|filter| matches(filter, one, held, target));
    held.iter().filter(fits).collect()
}

/// Whether a condition holds for one of those held.
#[must_use]
pub fn matches(filter: &Filter, one: &Held, all: &[Held], target: Target<'_>) -> bool {
    let entries = &one.index.entries;
    let links =
        |held: &Held, parameter: i64, to: i64| held.index.entries.contains(&Entry::Link { parameter, target: to });
    match filter {
        Filter::Terms { any, not } => any.iter().any(|term| entries.contains(&Entry::Term(*term))) != *not,
        Filter::Text { parameter, any } => entries.iter().any(|entry| match entry {
            Entry::Text { parameter: own, text } if own == parameter => any.iter().any(|wanted| match wanted {
                Text::Starts(start) => text.starts_with(start),
                Text::Contains(part) => text.contains(part),
            }),
            _ => false,
        }),
        Filter::Date { parameter, any } => entries.iter().any(|entry| match entry {
            Entry::Date { parameter: own, low, high } if own == parameter => {
                any.iter().any(|wanted| compares(*wanted, *low, *high))
            }
            _ => false,
        }),
        Filter::Number { any } => entries.iter().any(|entry| match entry {
            Entry::Number { parameter: own, low, high } => {
                any.iter().any(|(parameter, wanted)| own == parameter && compares(*wanted, *low, *high))
            }
            _ => false,
        }),
        Filter::Link { parameter, any } => any.iter().any(|(kind, id)| links(one, *parameter, target(kind, id))),
        Filter::Missing { bit, missing } => (one.index.present >> bit & 1 == 0) == *missing,
        Filter::Ids(ids) => ids.contains(&one.id),
        Filter::Updated(any) => any.iter().any(|wanted| compares(*wanted, one.updated, one.updated + 1)),
        Filter::Chain { parameter, kind, filter } => all.iter().any(|other| {
            other.kind == *kind && links(one, *parameter, other.half) && matches(filter, other, all, target)
        }),
        Filter::Has { kind, parameter, filter } => all.iter().any(|other| {
            other.kind == *kind && links(other, *parameter, one.half) && matches(filter, other, all, target)
        }),
        Filter::Whereabouts(filter) => matches(filter, one, all, target),
        Filter::Any(filters) => filters.iter().any(|filter| matches(filter, one, all, target)),
    }
}

/// Whether `[low, high)` of a resource compares so with what was asked for (R4's rules for prefixes, on half-open stretches).
#[must_use]
pub fn compares(wanted: Comparison, low: i64, high: i64) -> bool {
    let within = low >= wanted.low && high <= wanted.high;
    match wanted.prefix {
        Prefix::Eq => within,
        Prefix::Ne => !within,
        // Some of it is after.
        Prefix::Gt => high > wanted.high,
        Prefix::Lt => low < wanted.low,
        Prefix::Ge => high > wanted.high || within,
        Prefix::Le => low < wanted.low || within,
        // All of it is after.
        Prefix::Sa => low >= wanted.high,
        Prefix::Eb => high <= wanted.low,
        Prefix::Ap => low < wanted.high && high > wanted.low,
    }
}
