//! `Patient/{id}/$everything`: all that every source says of the person that this Patient is one of the records of, and the
//! organisations, practitioners and places it points at. Read by person, in few statements; nothing is parsed that need not be.

use std::collections::BTreeSet;

use access::{Scope, Sealed};
use fhir::issue::Code;
use jiff::Timestamp;
use store::{Resource, Tx};
use uuid::Uuid;

use super::{Failed, reference, row_id, withheld};
use crate::search::Found;
use crate::sight::Sight;
use crate::views;

/// The most resources on one page, those that are pointed at not counted.
const MOST: u32 = 5_000;
/// Types that are nobody's and are brought along where something points at them.
const DIRECTORY: [&str; 8] = [
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "HealthcareService",
    "Medication",
    "Device",
    "Substance",
];

/// What is wanted of everything.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// `_type`: only these; empty for all.
    pub kinds: Vec<String>,
    /// `_since`: only what came at that time or later.
    pub since: Option<Timestamp>,
    /// `start` and `end`: care within this stretch of time, in microseconds since 1970, `[from, until)`.
    pub within: Option<(i64, i64)>,
    /// `_count`: how many on a page; all on one page (up to 5,000) where it is not said.
    pub count: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// Everything about the person of a Patient, in order of arrival. `None` inside: there is no such Patient for this caller.
///
/// # Errors
/// A cursor that is none of ours (400), or what the database says.
pub fn everything(tx: &mut dyn Tx, scope: &Scope, id: &str, ask: &Everything) -> Result<Sealed<Option<Found>>, Failed> {
    let none = Ok(Sealed::new(Vec::new(), None));
    let patient = store::resource::current(tx, row_id("Patient", id))?;
    let Some(patient) = patient.filter(|patient| patient.kind == "Patient" && !patient.is_deleted()) else {
        return none;
    };
    let mut sight = Sight::of(scope);
    let Some(root) = sight.sees(tx, &patient)? else { return none };
    let after = match ask.cursor.as_deref() {
        Some(words) => cursor(tx, &mut sight, root, words)?,
        None => 0,
    };
    let count = usize::try_from(ask.count.unwrap_or(MOST).clamp(1, MOST)).unwrap_or(1);

    let since = ask.since.map_or(i64::MIN, Timestamp::as_microsecond);
    let unseen = views::demographic::is_withheld(tx, root)?;
    let mut resources = Vec::new();
    let mut more = false;
    let of_person = views::interaction::of_person(tx, root, after)?;
    sight.expect(tx, &of_person)?;
    for resource in of_person {
        if resource.is_deleted()
            || (unseen && resource.kind == "RelatedPerson")
            || resource.arrived.as_microsecond() < since
            || !(ask.kinds.is_empty() || ask.kinds.contains(&resource.kind))
            || sight.sees(tx, &resource)?.is_none()
            || !within(&resource, ask.within)?
        {
            continue;
        }
        if resources.len() == count {
            more = true;
            break;
        }
        resources.push(resource);
    }
    withheld::served(tx, &mut resources)?;
    let included = pointed_at(tx, &mut sight, &resources, &ask.kinds)?;
    let next = resources.last().filter(|_| more).map(|last: &Resource| last.id.simple().to_string());
    Ok(Sealed::new(vec![root], Some(Found { resources, included, next, total: None })))
}

/// Where a page begins: behind the last resource of the page before, which the caller has seen. Its place in the order of
/// arrival stays here: the gaps between such numbers would tell how much there is that they may not see.
fn cursor(tx: &mut dyn Tx, sight: &mut Sight<'_>, root: Uuid, words: &str) -> Result<i64, Failed> {
    if let Ok(id) = Uuid::try_parse(words)
        && let Some(last) = store::resource::current(tx, id)?
        && sight.sees(tx, &last)? == Some(root)
    {
        return Ok(last.seq);
    }
    let words = "_cursor is not one of this server's; follow the next link as it was given";
    Err(Failed::refused(400, Code::Value, words))
}

/// Whether care took place within a stretch of time. What says no time is always in.
fn within(resource: &Resource, stretch: Option<(i64, i64)>) -> store::Result<bool> {
    let Some((from, until)) = stretch else { return Ok(true) };
    let fact = crate::fact::derive(&resource.kind, resource.json()?.as_ref());
    Ok(fact.and_then(|fact| fact.sort).is_none_or(|at| (from..until).contains(&at)))
}

/// The directory resources that these point at, each once.
fn pointed_at(
    tx: &mut dyn Tx,
    sight: &mut Sight<'_>,
    resources: &[Resource],
    kinds: &[String],
) -> store::Result<Vec<Resource>> {
    let mut wanted: BTreeSet<Uuid> = BTreeSet::new();
    for resource in resources {
        reference::each_written(&resource.body, &mut |written| {
            let Some((kind, id)) = crate::resource::literal(written) else { return };
            let asked = DIRECTORY.contains(&kind) && (kinds.is_empty() || kinds.iter().any(|one| one == kind));
            if asked && written.starts_with(kind) {
                wanted.insert(if super::is_api(&resource.feed) {
                    row_id(kind, id)
                } else {
                    store::resource::resource_id(&resource.feed, kind, id)
                });
            }
        });
    }
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let mut found = views::interaction::of_ids(tx, &wanted)?;
    // A Device may be somebody's: then it is found by its person or not at all.
    found.retain(|resource| resource.person.is_nil() && !resource.is_deleted());
    sight.expect(tx, &found)?;
    let mut seen = Vec::with_capacity(found.len());
    for resource in found {
        if sight.sees(tx, &resource)?.is_some() {
            seen.push(resource);
        }
    }
    Ok(seen)
}
