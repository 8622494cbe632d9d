//! The exact index: joins only on a valid NHS number with an agreeing birth date or name (unless both feeds trace their
//! numbers: birth date and given name both), or on exactly equal names, birth date, sex and postcode. Two different valid NHS
//! numbers are never one person. When in doubt it joins nothing and says so.

use std::collections::BTreeSet;

use store::Write;
use uuid::Uuid;

use crate::feeds::Feeds;

use super::{Claim, Ground, PersonIndex, dispute, join, leaf};
use crate::views::demographic::{self, Known};
use crate::views::person::root;

/// The index that joins on exact agreement.
#[derive(Debug, Default, Clone)]
pub struct Exact {
    tracing: BTreeSet<String>,
}

impl Exact {
    /// The index for a place: it knows which of its feeds trace the NHS numbers they send.
    #[must_use]
    pub fn of(feeds: &Feeds) -> Self {
        let tracing = feeds.all().iter().map(|reader| reader.feed()).filter(|feed| feed.verifies_nhs_numbers);
        Self { tracing: tracing.map(|feed| feed.id.to_string()).collect() }
    }
}

impl PersonIndex for Exact {
    fn resolve(&self, write: &mut Write<'_>, claim: &Claim<'_>) -> store::Result<Uuid> {
        let (id, _new) = leaf(write, claim.feed, claim.local, claim.actor, claim.at)?;
        if claim.pseudonymous {
            return Ok(id);
        }
        let claimed = Known::claimed(id, claim.feed, claim.demographics);
        if let Some(number) = claimed.nhs_number.clone() {
            for other in demographic::with_nhs_number(write.tx(), &number)? {
                self.consider(write, &claimed, &other, Ground::NhsNumber, claim)?;
            }
        }
        // Demographics only speak where the number has not: and then only if they name one person.
        if root(write.tx(), id)? == id {
            for other in same_demographics(write, &claimed)?.unwrap_or_default() {
                self.consider(write, &claimed, &other, Ground::Demographics, claim)?;
            }
        }
        Ok(id)
    }
}

/// The demographics exactly equal to the claim, if they all belong to one person. More than one is not exact, and joining
/// none is the safe mistake.
fn same_demographics(write: &mut Write<'_>, claimed: &Known) -> store::Result<Option<Vec<Known>>> {
    let (Some(family), Some(given), Some(birth)) = (&claimed.family_key, &claimed.given_key, &claimed.birth_date)
    else {
        return Ok(None);
    };
    let mut others = demographic::with_name_and_birth(write.tx(), family, given, birth)?;
    others.retain(|other| {
        other.person != claimed.person
            && agree_or_missing(other.sex.as_ref(), claimed.sex.as_ref())
            && other.postcode.is_some()
            && other.postcode == claimed.postcode
    });
    let mut roots = BTreeSet::new();
    for other in &others {
        roots.insert(root(write.tx(), other.person)?);
    }
    let own = root(write.tx(), claimed.person)?;
    roots.remove(&own);
    Ok((roots.len() == 1).then_some(others))
}

fn agree_or_missing<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

impl Exact {
    fn consider(
        &self,
        write: &mut Write<'_>,
        claimed: &Known,
        other: &Known,
        ground: Ground,
        claim: &Claim<'_>,
    ) -> store::Result<()> {
        let id = claimed.person;
        if other.person == id {
            return Ok(());
        }
        let (mine, theirs) = (root(write.tx(), id)?, root(write.tx(), other.person)?);
        if mine == theirs {
            return Ok(());
        }
        let birth = claimed.birth_date.is_some() && claimed.birth_date == other.birth_date;
        let name = claimed.family_key.is_some()
            && claimed.family_key == other.family_key
            && claimed.given_key.is_some()
            && claimed.given_key == other.given_key;
        // Where either side has not traced the number it may be a twin's or a spouse's, typed into the wrong row: birth date and given name
        // both have to agree then.
        let given = claimed.given_key.is_some() && claimed.given_key == other.given_key;
        let traced = self.tracing.contains(claim.feed) && self.tracing.contains(&other.feed);
        let enough = if traced { birth || name } else { birth && given };
        if ground == Ground::NhsNumber && !enough {
            return dispute(
                write,
                id,
                other.person,
                "Two records carry the same NHS number, but what they say of the name and the birth date does not agree.",
                claim.actor,
                claim.at,
            );
        }
        // The claim's own number stands before the rest of its leaf has been stored.
        let mut numbers: BTreeSet<String> = demographic::nhs_numbers_of(write.tx(), theirs)?.into_iter().collect();
        numbers.extend(demographic::nhs_numbers_of(write.tx(), mine)?);
        numbers.extend(claimed.nhs_number.clone());
        if numbers.len() > 1 {
            return dispute(
                write,
                id,
                other.person,
                "Two records look like one person but carry different NHS numbers.",
                claim.actor,
                claim.at,
            );
        }
        join(write, mine, theirs, ground, claim.actor, claim.at)
    }
}
