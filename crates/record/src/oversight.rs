//! What a privacy officer sees beside the looks themselves: who the people are, and the patterns that rest on whose record it
//! was. Needs the officer's permits; shows names and no more of anybody, and accuses nobody.

use std::collections::{HashMap, HashSet};

use access::pattern::{Kind, Pattern};
use access::views::audit::Reader;
use access::{AuditPermit, LooksPermit, ReviewPermit, Role, Sealed};
use jiff::Timestamp;
use store::{Result, Tx};
use uuid::Uuid;

pub use crate::audit_event::{Seen, audit_event, letter};
use crate::identity;
use crate::identity::Identity;
pub use crate::views::oversight::{patient, whose};
use crate::views::{oversight, person};

/// The kinds that rest on whose record it was, the one that says most first.
const KINDS: [Kind; 4] = [Kind::OwnRecord, Kind::Household, Kind::SameName, Kind::Colleague];

/// Every pattern that is worth a look now, those that were looked into left out.
///
/// # Errors
/// What the database says.
pub fn patterns(tx: &mut dyn Tx, permit: &AuditPermit, now: Timestamp) -> Result<Sealed<Vec<Pattern>>> {
    let counted = access::views::pattern::found(tx, permit, now)?;
    let reviewed = access::views::review::reviewed(tx, permit)?;
    let names = access::views::pattern::names(tx, permit)?;
    let who = |reader: &str, role: Role| {
        let known = names.get(&(reader.to_owned(), role)).cloned();
        known.unwrap_or_else(|| Reader {
            reader: reader.to_owned(),
            role: Some(role),
            organisation: String::new(),
            name: String::new(),
        })
    };
    let since = access::views::pattern::since(now);
    let mut found = Vec::new();
    let mut told: HashSet<(String, Uuid)> = HashSet::new();
    for kind in KINDS {
        for (pattern, last) in oversight::patterns(tx, permit, kind, since, &who)? {
            let (Some(reader), Some(person)) = (&pattern.reader, pattern.person) else { continue };
            // Somebody who opens their own record shares a name with themselves: that is told once.
            let new = told.insert((reader.reader.clone(), person));
            if new && reviewed.get(&pattern.id()).is_none_or(|seen| last > *seen) {
                found.push(pattern);
            }
        }
    }
    let people = counted.people().iter().copied().chain(found.iter().filter_map(|pattern| pattern.person)).collect();
    let all = counted.map(|counted| {
        let mut all: Vec<Pattern> = found.into_iter().chain(counted).collect();
        all.sort_by_key(|pattern| (pattern.kind, std::cmp::Reverse(pattern.until)));
        all
    });
    Ok(all.about(people))
}

/// One of them, by its id.
///
/// # Errors
/// What the database says.
pub fn pattern(tx: &mut dyn Tx, permit: &AuditPermit, now: Timestamp, id: Uuid) -> Result<Sealed<Option<Pattern>>> {
    Ok(patterns(tx, permit, now)?.part(|all| {
        let one = all.into_iter().find(|pattern| pattern.id() == id);
        (one.iter().filter_map(|pattern| pattern.person).collect(), one)
    }))
}

/// The looks behind a pattern's person stand under every id that the person has gone by.
///
/// # Errors
/// What the database says.
pub fn known_as(tx: &mut dyn Tx, _permit: &AuditPermit, id: Uuid) -> Result<Vec<Uuid>> {
    let root = person::root(tx, id)?;
    let mut leaves = person::leaves(tx, root)?;
    if !leaves.contains(&id) {
        leaves.push(id);
    }
    Ok(leaves)
}

/// The names of those whose looks were found, by the ids under which they were found; nobody else's.
///
/// # Errors
/// What the database says.
pub fn names(tx: &mut dyn Tx, permit: &ReviewPermit) -> Result<HashMap<Uuid, Identity>> {
    let mut names = HashMap::new();
    for (id, root) in oversight::roots(tx, permit)? {
        if let Some(identity) = identity::of(tx, root)? {
            names.insert(id, identity);
        }
    }
    Ok(names)
}

/// The Patients by which the API knows those whose looks were found.
///
/// # Errors
/// What the database says.
pub fn patients(tx: &mut dyn Tx, permit: &ReviewPermit) -> Result<HashMap<Uuid, String>> {
    let mut patients = HashMap::new();
    for (id, root) in oversight::roots(tx, permit)? {
        if let Some(patient) = oversight::patient(tx, root)? {
            patients.insert(id, patient);
        }
    }
    Ok(patients)
}

/// The same for somebody's own looks.
///
/// # Errors
/// What the database says.
pub fn own_patient(tx: &mut dyn Tx, permit: &LooksPermit) -> Result<HashMap<Uuid, String>> {
    let patient = oversight::patient(tx, permit.person())?;
    Ok(patient.map(|patient| (permit.person(), patient)).into_iter().collect())
}
