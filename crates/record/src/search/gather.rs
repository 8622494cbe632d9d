//! What goes with a page: the resources that includes bring along, and the check of every row before it leaves. The
//! statements have asked for the scope already; asking again here is the second lock on the same door.

use std::collections::HashSet;

use fhir::entry::{half, parameter};
use fhir::issue::Code;
use fhir::query::{Include, Query};
use store::{Error, Resource, Tx};
use uuid::Uuid;

use super::{Limits, Trouble};
use crate::sight::{self, Sight};
use crate::views::search::visible::Visible;
use crate::views::search::{kind as number, read};

/// What the includes of a query bring along with these matches.
pub(super) fn included(
    tx: &mut dyn Tx,
    visible: &Visible,
    query: &Query,
    matches: &[Resource],
    limits: &Limits,
) -> Result<Vec<Resource>, Trouble> {
    if query.include.is_empty() && query.revinclude.is_empty() {
        return Ok(Vec::new());
    }
    let mut known: HashSet<i64> = matches.iter().map(|resource| resource.seq).collect();
    let mut all: Vec<Resource> = Vec::new();
    let mut fresh: Vec<Resource> = matches.to_vec();
    let mut first = true;
    while !fresh.is_empty() {
        let mut found = Vec::new();
        for include in query.include.iter().filter(|include| first || include.iterate) {
            found.extend(pointed_at(tx, visible, include, &fresh)?);
        }
        for include in query.revinclude.iter().filter(|include| first || include.iterate) {
            found.extend(pointing(tx, visible, include, &fresh, limits)?);
        }
        found.retain(|seq| known.insert(*seq));
        if all.len() + found.len() > limits.included {
            let words = format!(
                "More than {} resources would be brought along; ask for fewer matches with _count, or include less.",
                limits.included
            );
            return Err(Trouble::refused(Code::TooCostly, words));
        }
        fresh = read::resources(tx, &found)?;
        all.extend(fresh.iter().cloned());
        first = false;
    }
    all.sort_by_key(|resource| resource.seq);
    Ok(all)
}

fn pointed_at(tx: &mut dyn Tx, visible: &Visible, include: &Include, from: &[Resource]) -> Result<Vec<i64>, Trouble> {
    let mut seqs = Vec::with_capacity(from.len());
    let told = include.code == "*" || fhir::parameter::tells_where(&include.kind, &include.code);
    for from in from.iter().filter(|from| from.kind == include.kind) {
        // Nobody is led on by the practice of somebody whose details are withheld.
        if !told || !crate::interaction::withheld::is(tx, from)? {
            seqs.push(from.seq);
        }
    }
    let one = (include.code != "*").then(|| parameter(&include.kind, &include.code));
    let targets = read::targets(tx, &seqs, one)?;
    Ok(read::with_halves(tx, visible, include.target.as_deref().map(number), &targets)?)
}

fn pointing(
    tx: &mut dyn Tx,
    visible: &Visible,
    include: &Include,
    to: &[Resource],
    limits: &Limits,
) -> Result<Vec<i64>, Trouble> {
    let wanted = |to: &&Resource| include.target.as_deref().is_none_or(|target| target == to.kind);
    let halves: Vec<i64> = to.iter().filter(wanted).map(|to| half(to.id.into_bytes())).collect();
    let codes: Vec<&str> = if include.code == "*" {
        let all = fhir::parameter::of(&include.kind).iter();
        all.filter(|known| known.kind == fhir::parameter::Kind::Reference).map(|known| known.code).collect()
    } else {
        vec![&include.code]
    };
    let most = i64::try_from(limits.included).unwrap_or(i64::MAX - 1) + 1;
    let mut all = Vec::new();
    for code in codes {
        let parameter = parameter(&include.kind, code);
        all.extend(read::pointing(tx, visible, number(&include.kind), parameter, &halves, most)?);
    }
    Ok(all)
}

/// Whose these are (roots, each once), after each was held against the policy once more, by its own words. One that should
/// not be here is a fault of the program: it is told in the log and counted, and nothing at all is shown.
pub(super) fn checked(tx: &mut dyn Tx, sight: &mut Sight<'_>, resources: &[Resource]) -> Result<Vec<Uuid>, Trouble> {
    sight.expect(tx, resources)?;
    let mut people = Vec::with_capacity(resources.len());
    for resource in resources {
        match sight.sees(tx, resource)?.filter(|_| !resource.is_deleted()) {
            Some(root) => people.push(root),
            None => {
                sight::alarm(resource);
                return Err(Trouble::Store(Error::Corrupt(
                    "the search index and the record disagree about who may see a resource".to_owned(),
                )));
            }
        }
    }
    people.sort_unstable();
    people.dedup();
    people.retain(|root| !root.is_nil());
    Ok(people)
}
