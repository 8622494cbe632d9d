//! The asks for one person, as `Patient/{id}/$everything` has them: behind what the record holds, the oldest first, in the same pages.
//! Must not say of an ask that the caller may not read that it is there: not by a page that is shorter, nor by a link to a next one.

use access::{Scope, Sealed};
use care::views::ask::ids_of;
use place::Place;
use record::interaction::Everything;
use store::Tx;
use uuid::Uuid;

use super::{CURSOR, Ties, Told, after, cursor, one};
use crate::fhir::answer::Refusal;

/// The cursor of a page that begins with the first ask.
const FIRST: &str = "ask.first";

/// Where a page of somebody's asks begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fhir) enum From {
    /// With the first.
    First,
    /// Behind a resource of one: when that was sent, which, which of its resources.
    Behind((i64, Uuid, usize)),
}

impl From {
    /// What a cursor says of it; `None` of a cursor that is the record's, or of none.
    pub(in crate::fhir) fn read(words: Option<&str>) -> Result<Option<Self>, Refusal> {
        if words == Some(FIRST) {
            return Ok(Some(Self::First));
        }
        Ok(after(words.filter(|words| words.starts_with(CURSOR)))?.map(Self::Behind))
    }
}

/// A page of them.
#[derive(Default)]
pub(in crate::fhir) struct Asks {
    pub(in crate::fhir) told: Vec<Told>,
    /// The cursor of the next page, where there is one.
    pub(in crate::fhir) next: Option<String>,
}

/// At most so many resources of the asks for a person, as far as the caller may read each.
pub(in crate::fhir) fn of_person(
    tx: &mut dyn Tx,
    scope: &Scope,
    ties: Ties<'_>,
    (place, person): (&Place, Uuid),
    wanted: &Everything,
    (from, room): (From, usize),
) -> store::Result<Sealed<Asks>> {
    let behind = match from {
        From::First => None,
        From::Behind(place) => Some(place),
    };
    let ids = ids_of(tx, person, usize::MAX)?;
    // The asks before that one are over; it may have more to say.
    let first = behind.and_then(|(_, ask, _)| ids.iter().position(|id| *id == ask)).unwrap_or_default();
    let mut sealed = Sealed::new(Vec::new(), Vec::new());
    for id in ids.into_iter().skip(first) {
        let mut enough = false;
        let more: Sealed<Vec<Told>> = one(tx, scope, &mut *ties, place, id)?;
        sealed = sealed.join(more).map(|(mut all, more): (Vec<Told>, Vec<Told>)| {
            all.extend(
                more.into_iter().filter(|one| behind.is_none_or(|last| one.place > last) && is_wanted(one, wanted)),
            );
            enough = all.len() > room;
            all
        });
        if enough {
            break;
        }
    }
    Ok(sealed.map(|mut told| {
        let more = told.len() > room;
        told.truncate(room);
        // A page without room for any begins where this one would have.
        let begun = || behind.map_or_else(|| FIRST.to_owned(), cursor);
        let next = more.then(|| told.last().map_or_else(begun, |last| cursor(last.place)));
        Asks { told, next }
    }))
}

/// Whether it is among what was asked for: of these types, changed since then, and asked for within that stretch of time.
fn is_wanted(one: &Told, wanted: &Everything) -> bool {
    let (submitted, ..) = one.place;
    (wanted.kinds.is_empty() || wanted.kinds.contains(&one.kind))
        && wanted.since.is_none_or(|since| one.changed >= since)
        && wanted.within.is_none_or(|(from, until)| (from..until).contains(&submitted))
}
