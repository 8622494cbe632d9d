//! From what a query asks to what the index holds: logical ids become rows, addresses become halves of ids.

use fhir::entry::half;
use fhir::query::Filter;
use store::Tx;
use uuid::Uuid;

use crate::interaction::row_id;
use crate::views::search::clause::Clause;
use crate::views::search::{kind as number, read};

/// A filter on resources of a type, in the terms of the index.
pub(super) fn clause(tx: &mut dyn Tx, kind: &str, filter: &Filter) -> store::Result<Clause> {
    Ok(match filter {
        Filter::Terms { any, not } => {
            let mut any = any.clone();
            any.sort_unstable();
            any.dedup();
            Clause::Terms { any, not: *not }
        }
        Filter::Text { parameter, any } => Clause::Text { parameter: *parameter, any: any.clone() },
        Filter::Date { parameter, any } => Clause::Date { parameter: *parameter, any: any.clone() },
        Filter::Number { any } => Clause::Number { any: any.clone() },
        Filter::Link { parameter, any } => {
            let mut targets: Vec<i64> = any.iter().flat_map(|(kind, id)| targets(kind, id)).collect();
            targets.sort_unstable();
            targets.dedup();
            Clause::Points { parameter: *parameter, targets }
        }
        Filter::Missing { bit, missing } => Clause::Missing { bit: *bit, missing: *missing },
        Filter::Ids(ids) => {
            let ids: Vec<Uuid> = ids.iter().map(|id| row_id(kind, id)).collect();
            Clause::Among { seqs: read::places(tx, kind, &ids)? }
        }
        Filter::Updated(any) => Clause::Updated { kind: kind.to_owned(), any: any.clone() },
        Filter::Chain { parameter, kind, filter } => {
            Clause::Chain { parameter: *parameter, kind: number(kind), clause: Box::new(clause(tx, kind, filter)?) }
        }
        Filter::Has { parameter, kind, filter } => {
            Clause::Has { parameter: *parameter, kind: number(kind), clause: Box::new(clause(tx, kind, filter)?) }
        }
        Filter::Whereabouts(filter) => {
            let mut clauses = clause(tx, kind, filter)?.parts();
            clauses.push(Clause::Told);
            Clause::All { clauses }
        }
        Filter::Any(filters) => {
            let mut clauses = Vec::with_capacity(filters.len());
            for filter in filters {
                clauses.push(clause(tx, kind, filter)?);
            }
            Clause::Any { clauses }
        }
    })
}

/// What an address may be; where the type is not said and the id is a client's own, it may be of any type.
fn targets(kind: &str, id: &str) -> Vec<i64> {
    let of = |kind: &str| half(row_id(kind, id).into_bytes());
    if kind.is_empty() && row_id("Patient", id) != row_id("Group", id) {
        return fhir::definitions::resources().map(of).collect();
    }
    vec![of(kind)]
}
