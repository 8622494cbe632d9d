//! Who else lives where the records of a pair say that their people live: what the correction for households is about. A son named
//! for his father and a twin stand out beside the rest of their home. Somebody whose address is withheld is never among them, and
//! of a pair nobody's home is told whose address is. Gives ids and counts only; who they are takes the permit.

use store::{Result, Tx};
use uuid::Uuid;

use crate::views::demographic::is_withheld;
use crate::views::linkage;

/// A home of more others than these is a care home, a hostel or a block: its people are counted and not named.
pub const MOST_NAMED: usize = 8;
/// So many are counted at most.
const MOST_COUNTED: i64 = 500;

/// The others of a home.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Household {
    /// Whether it is the home by the first and by the second record.
    pub of: [bool; 2],
    /// How many others are known there, besides the pair.
    pub others: usize,
    /// They, where they are few enough to be named.
    pub people: Vec<Uuid>,
}

/// The homes of a pair, one or two, by the records that were compared; none where no address is given or may be told.
///
/// # Errors
/// What the database says.
pub fn households(tx: &mut dyn Tx, pair: Uuid) -> Result<Vec<Household>> {
    let Some(pair) = linkage::one(tx, pair)? else { return Ok(Vec::new()) };
    let mut homes = [None; 2];
    for ((home, leaf), person) in homes.iter_mut().zip([pair.one, pair.other]).zip(pair.roots) {
        if !is_withheld(tx, person)? {
            *home = linkage::row_of(tx, leaf)?.and_then(|row| row.home());
        }
    }
    let [one, other] = homes;
    let together = one.is_some() && one == other;
    let places = if together { vec![(one, [true, true])] } else { vec![(one, [true, false]), (other, [false, true])] };
    let mut found = Vec::with_capacity(places.len());
    for (home, of) in places {
        let Some(home) = home else { continue };
        let mut people = Vec::new();
        for person in linkage::at_home(tx, home, MOST_COUNTED)? {
            if !pair.roots.contains(&person) && !is_withheld(tx, person)? {
                people.push(person);
            }
        }
        let others = people.len();
        if others > MOST_NAMED {
            people.clear();
        }
        found.push(Household { of, others, people });
    }
    Ok(found)
}
