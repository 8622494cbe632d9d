//! Whose pseudonyms are: found by making everybody's with the key and looking which are among them, so that no table lays the two side
//! by side. Gives ids alone, to whoever has leave to ask, and nothing of whom nobody may be told. Must not decide who that is told.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, BackPermit};
use place::{OdsCode, Place};
use store::{Result, Tx};
use uuid::Uuid;

use super::Key;
use crate::views::{demographic, pseudonym as view};

/// Whose these are, by the root as it is now. Every id that anybody goes or has gone by is tried, whatever is found on the way: a
/// pseudonym that was made before somebody was joined to another still leads to them, and how long it takes says nothing.
fn whose(tx: &mut dyn Tx, key: &Key, pseudonyms: &BTreeSet<&str>) -> Result<BTreeMap<String, Uuid>> {
    let mut found = BTreeMap::new();
    view::ids(tx, &mut |id, root| {
        let pseudonym = key.pseudonym(id);
        if pseudonyms.contains(pseudonym.as_str()) {
            found.insert(pseudonym, root);
        }
    })?;
    Ok(found)
}

/// Of the people of these pseudonyms, those of whom the neighbourhood's team may be told, by their roots. Not among them is who
/// refuses the use for planning, objects to sharing, has died, whose address is withheld, whose practice is of no practice of the
/// neighbourhood, and what is nobody's pseudonym.
///
/// # Errors
/// What the database says.
pub fn given(
    tx: &mut dyn Tx,
    permit: &BackPermit,
    (key, place): (&Key, &Place),
    pseudonyms: &[String],
    neighbourhood: &str,
) -> Result<Vec<Uuid>> {
    if permit.action() != Action::GoBack {
        return Ok(Vec::new());
    }
    let wanted: BTreeSet<&str> = pseudonyms.iter().map(String::as_str).collect();
    let roots: BTreeSet<Uuid> = whose(tx, key, &wanted)?.into_values().collect();
    let choices = view::choices(tx)?;
    let mut given = Vec::new();
    for root in roots {
        if choices.refused.contains(&root) || choices.objected.contains(&root) || demographic::is_withheld(tx, root)? {
            continue;
        }
        let Some(identity) = crate::identity::of(tx, root)? else { continue };
        let practice: Option<OdsCode> = identity.practice.and_then(|code| code.parse().ok());
        let hood = practice.and_then(|code| place.neighbourhood_of_practice(&code));
        if !identity.deceased && hood.is_some_and(|hood| hood.id.as_str() == neighbourhood) {
            given.push(root);
        }
    }
    Ok(given)
}

/// Whose one pseudonym is, by the root; nobody for one that nobody has, and for somebody who refuses the use for planning, because
/// no row of theirs is to lead anywhere. Whether the reader may be told, the gate says.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, permit: &BackPermit, key: &Key, pseudonym: &str) -> Result<Option<Uuid>> {
    if permit.action() != Action::GoBack {
        return Ok(None);
    }
    let found = whose(tx, key, &[pseudonym].into_iter().collect())?.into_values().next();
    let choices = view::choices(tx)?;
    Ok(found.filter(|root| !choices.refused.contains(root)))
}
