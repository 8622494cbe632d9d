//! The person index by weights: which leaves are one person follows from the rows the feeds have sent, the learning in force and
//! what stewards decided, and from nothing else, so rows that come one by one end where all at once would. A change is written as
//! joins and splits, each with the comparison it rests on. Until something has been learnt the exact index judges.

mod asked;
mod division;
mod learn;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use identity::desk::Desk;
use identity::saved::Saved;
use jiff::Timestamp;
use store::{Refused, Tx, Write};
use uuid::Uuid;

use crate::feeds::Feeds;
use crate::patient::Demographics;
use crate::person::candidate::Candidates;
use crate::person::exact::Exact;
use crate::person::pair::{Command, Pair, pair_id};
use crate::person::{self, Claim, Ground, PersonIndex, Weights};
use crate::views::linkage::{self, Kept};
use crate::views::person::{Hanging, root, tree};
use division::{Division, divide};

/// What a learning is made from: also for those who bring claims of their own, such as a test.
pub use identity::roll::{Claim as RollClaim, Roll};
pub use identity::schema::Schema;
pub use learn::{LEAST_ROWS, Learned, NotLearned, adopt, from_roll, look_again, rows};

/// So many desks are kept for those who ask at the same time; whoever comes when all are in use opens another for themselves.
const MOST_DESKS: usize = 3;
/// Of so many messages that were begun and never settled the neighbours are remembered.
const MOST_BEGUN: usize = 10_000;

/// The index: by weights once something has been learnt, exact until then. It remembers the learning in force and nothing else
/// that matters: rows and decisions are read where they are kept, in the transaction that asks.
pub struct Weighed {
    exact: Exact,
    desks: Mutex<Vec<Desk>>,
    /// Of leaves whose words are about to change: who stood near their old words and may stand otherwise without them.
    begun: Mutex<HashMap<Uuid, Vec<Uuid>>>,
}

impl Weighed {
    /// The index for a place.
    #[must_use]
    pub fn of(feeds: &Feeds) -> Self {
        Self { exact: Exact::of(feeds), desks: Mutex::new(Vec::new()), begun: Mutex::new(HashMap::new()) }
    }

    /// Does something with the learning in force; `None` where there is none.
    fn with<T>(
        &self,
        tx: &mut dyn Tx,
        work: impl FnOnce(&mut dyn Tx, &mut Desk) -> store::Result<T>,
    ) -> store::Result<Option<T>> {
        let Some((version, blob)) = linkage::in_force(tx)? else { return Ok(None) };
        let ready = {
            let mut held = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
            held.retain(|desk| desk.version() == version);
            held.pop()
        };
        let mut desk = match ready {
            Some(desk) => desk,
            None => opened(&store::blob::get(tx, &blob)?)?,
        };
        desk.clear();
        let done = work(tx, &mut desk);
        let mut held = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() < MOST_DESKS {
            held.push(desk);
        }
        done.map(Some)
    }
}

/// Whether anything has been learnt of how people are told apart.
///
/// # Errors
/// What the database says.
pub fn has_learnt(tx: &mut dyn Tx) -> store::Result<bool> {
    Ok(linkage::in_force(tx)?.is_some())
}

fn opened(bytes: &[u8]) -> store::Result<Desk> {
    let corrupt = |why: String| store::Error::Corrupt(format!("what was learnt of people cannot be used: {why}"));
    let saved: Saved = serde_json::from_slice(bytes).map_err(|error| corrupt(error.to_string()))?;
    Desk::of(saved).map_err(|error| corrupt(error.to_string()))
}

impl PersonIndex for Weighed {
    fn resolve(&self, write: &mut Write<'_>, claim: &Claim<'_>) -> store::Result<Uuid> {
        if linkage::in_force(write.tx())?.is_none() {
            return self.exact.resolve(write, claim);
        }
        let (leaf, new) = person::leaf(write, claim.feed, claim.local, claim.actor, claim.at)?;
        if !new && !claim.pseudonymous {
            let was = linkage::row_of(write.tx(), leaf)?;
            let is = Kept::of(leaf, leaf, claim.demographics);
            let changes = match (&was, &is) {
                (Some(was), Some(is)) => !was.says_as(is),
                (Some(_), None) => true,
                (None, _) => false,
            };
            if changes {
                let near = self.with(write.tx(), |tx, desk| divide(tx, desk, &[leaf]))?.unwrap_or_default();
                let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
                if begun.len() >= MOST_BEGUN {
                    begun.clear();
                }
                begun.insert(leaf, near.people.into_iter().flatten().collect());
            }
        }
        Ok(leaf)
    }

    fn settle(
        &self,
        write: &mut Write<'_>,
        leaves: &[Uuid],
        ground: Ground,
        actor: &str,
        at: Timestamp,
    ) -> store::Result<()> {
        let mut from: BTreeSet<Uuid> = leaves.iter().copied().collect();
        {
            let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
            from.extend(leaves.iter().filter_map(|leaf| begun.remove(leaf)).flatten());
        }
        let from: Vec<Uuid> = from.into_iter().collect();
        match self.with(write.tx(), |tx, desk| divide(tx, desk, &from))? {
            Some(division) => bring_in_step(write, &division, ground, actor, at),
            None => Ok(()),
        }
    }

    fn compare(&self, tx: &mut dyn Tx, one: Uuid, other: Uuid) -> store::Result<Option<Weights>> {
        self.with(tx, |tx, desk| division::compare(tx, desk, one, other))
    }

    fn candidates(&self, tx: &mut dyn Tx, claimed: &Demographics) -> store::Result<Option<Candidates>> {
        self.with(tx, |tx, desk| asked::candidates(tx, desk, claimed))
    }
}

/// Writes the splits and joins that make the people those of the division, and raises what somebody has to look at.
fn bring_in_step(
    write: &mut Write<'_>,
    division: &Division,
    ground: Ground,
    actor: &str,
    at: Timestamp,
) -> store::Result<()> {
    let person_of: HashMap<Uuid, usize> = division
        .people
        .iter()
        .enumerate()
        .flat_map(|(at, leaves)| leaves.iter().map(move |leaf| (*leaf, at)))
        .collect();
    let between = |one: Uuid, other: Uuid| division.weights.get(&pair_id(one, other)).cloned();
    // First everything is cut that hangs on somebody else's leaf.
    let mut roots = BTreeSet::new();
    for leaf in person_of.keys() {
        roots.insert(root(write.tx(), *leaf)?);
    }
    let mut hanging: Vec<Hanging> = Vec::new();
    for root in roots {
        hanging.extend(tree(write.tx(), root)?);
    }
    for leaf in &hanging {
        let Some((to, _)) = &leaf.joined_to else { continue };
        if person_of.get(&leaf.id) != person_of.get(to) {
            person::part(write, leaf.id, (ground, between(leaf.id, *to)), actor, at)?;
        }
    }
    // Then whoever is one person goes by the id that was theirs first.
    for leaves in &division.people {
        let mut roots: Vec<(i64, Uuid)> = Vec::new();
        for leaf in leaves {
            let root = root(write.tx(), *leaf)?;
            let since = hanging.iter().find(|one| one.id == root).map_or(i64::MAX, |one| one.since);
            roots.push((since, root));
        }
        roots.sort_unstable();
        roots.dedup();
        let Some(((_, first), others)) = roots.split_first() else { continue };
        for (_, other) in others {
            let weights = strongest(division, leaves, *other, &hanging);
            person::join_weighed(write, *other, *first, (ground, weights), actor, at)?;
        }
    }
    for near in &division.near {
        let raise = Command::Raise { why: near.why, weights: near.weights.clone() };
        match write.execute::<Pair>(pair_id(near.weights.one, near.weights.other), raise, actor, at) {
            Ok(_) => {}
            Err(Refused::Store(error)) => return Err(error),
            Err(Refused::Rules(refusal)) => {
                return Err(store::Error::Corrupt(format!("a pair could not be raised: {refusal}")));
            }
        }
        if near.weights.is_forbidden() {
            let about = if near.weights.pattern >> 20 & 15 == 1 {
                "Two records carry the same NHS number, but what they say of the name and the birth date does not agree."
            } else {
                "Two records look like one person but carry different NHS numbers."
            };
            person::dispute(write, near.weights.one, near.weights.other, about, actor, at)?;
        }
    }
    Ok(())
}

/// The strongest comparison between those who stood under a root and the rest of their person.
fn strongest(division: &Division, leaves: &[Uuid], root: Uuid, hanging: &[Hanging]) -> Option<Weights> {
    let mut under = BTreeSet::from([root]);
    let mut size = 0;
    while size != under.len() {
        size = under.len();
        let more = hanging.iter().filter(|one| one.joined_to.as_ref().is_some_and(|(to, _)| under.contains(to)));
        under.extend(more.map(|one| one.id).collect::<Vec<_>>());
    }
    let outside = leaves.iter().filter(|leaf| !under.contains(leaf));
    let pairs = outside.flat_map(|one| under.iter().map(move |other| pair_id(*one, *other)));
    pairs
        .filter_map(|pair| division.weights.get(&pair))
        .max_by_key(|weights| (weights.odds, weights.one, weights.other))
        .cloned()
}
