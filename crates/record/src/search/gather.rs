//! What goes with a page: the resources that includes bring along, and the check of every row before it leaves. The
//! statements have asked for the scope already; asking again here is the second lock on the same door.

use std::collections::{HashMap, HashSet};

use access::Scope;
use fhir::entry::{half, parameter};
use fhir::issue::Code;
use fhir::query::{Include, Query};
use store::{Error, Resource, Tx};
use uuid::Uuid;

use super::{Limits, Trouble, class};
use crate::resource::KIND_TAG;
use crate::views;
use crate::views::search::clause::Visible;
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

/// Whose these are (roots, each once), after each was held against the scope once more. One that should not be here is a
/// fault of the program: it is told in the log, and nothing at all is shown.
pub(super) fn checked(tx: &mut dyn Tx, scope: &Scope, resources: &[Resource]) -> Result<Vec<Uuid>, Trouble> {
    let mut roots: HashMap<Uuid, Uuid> = HashMap::new();
    for resource in resources {
        let root = match roots.get(&resource.person) {
            Some(root) => *root,
            None => {
                let root =
                    if resource.person.is_nil() { Uuid::nil() } else { views::person::root(tx, resource.person)? };
                roots.insert(resource.person, root);
                root
            }
        };
        let class = class_of(resource)?;
        let own = match scope.people() {
            None => true,
            Some(_) if root.is_nil() => class == access::Class::Directory,
            Some(people) => people.contains(&root),
        };
        if !own || !scope.reads(class) {
            tracing::error!(resource = %resource.id, "a search found what its caller may not see; nothing was shown");
            return Err(Trouble::Store(Error::Corrupt(
                "the search index and the record disagree about who may see a resource".to_owned(),
            )));
        }
    }
    let mut people: Vec<Uuid> = roots.into_values().filter(|root| !root.is_nil()).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The class of a resource. Parsed only where its text can decide it: a tag, however it is written, or a consent.
fn class_of(resource: &Resource) -> store::Result<access::Class> {
    let body = resource.body.as_str();
    if resource.kind == "Consent" || body.contains(KIND_TAG) || body.contains('\\') {
        return Ok(class(&resource.kind, resource.json()?.as_ref()));
    }
    if resource.is_deleted() {
        return Err(Error::Corrupt("the search index holds a resource that was deleted".to_owned()));
    }
    Ok(class(&resource.kind, &serde_json::Value::Null))
}
