//! Searches inside a write: which resource a condition means, and what a reference written as a search points at. They look
//! only at what the caller may see. It must not change anything.

use std::collections::HashMap;

use access::Scope;
use fhir::issue::Code;
use fhir::query::Query;
use store::{Resource, Tx};
use uuid::Uuid;

use super::reference::To;
use super::settle::Writing;
use super::{Failed, Refusal, logical_id};
use crate::search::{self, Found, Limits, Trouble};

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(issue) => Refusal { status: 400, issues: vec![*issue] }.into(),
            Trouble::Store(error) => Self::Store(error),
        }
    }
}

/// A page of a search; whom it shows goes to `people`.
pub(super) fn page(
    tx: &mut dyn Tx,
    scope: &Scope,
    query: &Query,
    limits: &Limits,
    people: &mut Vec<Uuid>,
) -> Result<Found, Failed> {
    let (shown, found) = search::find(tx, scope, query, limits)?;
    people.extend(shown);
    Ok(found)
}

/// The one resource that a condition means; `None` where nothing answers.
pub(super) fn one(tx: &mut dyn Tx, scope: &Scope, query: &Query) -> Result<Option<Resource>, Failed> {
    if query.filters.is_empty() {
        let words = "the condition says nothing to look for; name at least one search parameter";
        return Err(Refusal::new(412, Code::Incomplete, words).into());
    }
    let query = Query { kind: query.kind.clone(), filters: query.filters.clone(), count: Some(2), ..Query::default() };
    let mut found = search::find(tx, scope, &query, &Limits::default())?.1.resources;
    if found.len() > 1 {
        let words = format!(
            "more than one {} answers this condition; make it narrower, or name the resource by its id",
            query.kind
        );
        return Err(Refusal::new(412, Code::MultipleMatches, words).into());
    }
    Ok(found.pop())
}

/// `Type/id` of every reference that is written as a search, by its own words. Each must name one resource.
pub(super) fn references(
    tx: &mut dyn Tx,
    scope: &Scope,
    writings: &[(usize, &Writing)],
) -> Result<HashMap<String, String>, (usize, Failed)> {
    let mut found = HashMap::new();
    for (entry, writing) in writings {
        let mentions = writing.draft.iter().flat_map(|draft| &draft.mentions);
        for (written, to) in mentions {
            let To::Search(query) = to else { continue };
            if found.contains_key(written) {
                continue;
            }
            let resource = one(tx, scope, query).map_err(|failed| (*entry, failed))?.ok_or_else(|| {
                let words = format!(
                    "a reference asks for a {} that is not here; bring it in the Bundle, or mend the search",
                    query.kind
                );
                (*entry, Refusal::new(412, Code::NotFound, words).into())
            })?;
            found.insert(written.clone(), format!("{}/{}", query.kind, logical_id(&resource)));
        }
    }
    Ok(found)
}
