//! The steward's work: which pairs of records wait for somebody and what would change, one pair with all that is needed to decide,
//! the decision, its undoing, and how often the weights were right by what stewards decided. Reading who somebody is takes the
//! permit of the list that shows it, written down before.

mod household;

use access::PairPermit;
use jiff::Timestamp;
use store::{Refused, Result, Tx, Write};
use uuid::Uuid;

use crate::identity::{self, Identity};
use crate::person::pair::{Command, Pair, Refusal, Risk, Verdict, Why};
use crate::person::{Ground, PersonIndex, Weights};
use crate::views::demographic::{self, Stated};
use crate::views::linkage::{self, Standing};
use crate::views::person::{leaves, root};

pub use household::{Household, MOST_NAMED, households};

/// At most so many pairs are ordered for a list.
const MOST_OPEN: i64 = 2_000;

/// A pair on the list: ids and figures only; who they are takes a permit.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The pair.
    pub id: Uuid,
    /// The two people, as they stand now.
    pub people: [Uuid; 2],
    /// Why it waits.
    pub why: Why,
    /// How they compare.
    pub weights: Weights,
    /// Entries that would move if they were joined.
    pub moves: i64,
    /// Allergies and alerts among them.
    pub warnings: i64,
    /// True where a first steward has said that they are one.
    pub proposed: bool,
}

/// What waits, what matters most first: by the allergies and alerts that a join would move, then by entries, then by how near
/// even odds it is, where a decision tells most.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &mut dyn Tx) -> Result<Vec<Waiting>> {
    let mut rows = linkage::in_state(tx, "proposed", MOST_OPEN)?;
    rows.extend(linkage::in_state(tx, "open", MOST_OPEN)?);
    let mut list: Vec<Waiting> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        let mut people = row.roots;
        people.sort_unstable();
        // Two people are asked about once, by their nearest records.
        if !seen.insert(people) || (row.state == "open" && linkage::said_of(tx, row.roots[0], row.roots[1])?) {
            continue;
        }
        let (one, other) = (linkage::weight_of(tx, row.roots[0])?, linkage::weight_of(tx, row.roots[1])?);
        let (moves, warnings) = if one.0 <= other.0 { one } else { other };
        list.push(Waiting {
            id: row.id,
            people: row.roots,
            why: row.why,
            moves,
            warnings,
            proposed: row.state == "proposed",
            weights: row.weights,
        });
    }
    list.sort_by_key(|row| {
        let even = row.weights.odds.unsigned_abs();
        (!row.proposed, std::cmp::Reverse((row.warnings > 0, row.moves)), even, row.id)
    });
    Ok(list)
}

/// Who the people of the permit are.
///
/// # Errors
/// What the database says.
pub fn identities(tx: &mut dyn Tx, permit: &PairPermit) -> Result<Vec<Identity>> {
    permit.people().iter().filter_map(|person| identity::of(tx, *person).transpose()).collect()
}

/// The pair that stands after this one on the list; the first where this one does not stand there; `None` where no other waits.
///
/// # Errors
/// What the database says.
pub fn after(tx: &mut dyn Tx, pair: Uuid) -> Result<Option<Uuid>> {
    let list = waiting(tx)?;
    let place = list.iter().position(|row| row.id == pair).map_or(0, |place| place + 1);
    Ok(list.get(place).map(|row| row.id))
}

/// How many wait.
///
/// # Errors
/// What the database says.
pub fn count(tx: &mut dyn Tx) -> Result<usize> {
    Ok(waiting(tx)?.len())
}

/// A decision that was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The pair.
    pub id: Uuid,
    /// What.
    pub verdict: Verdict,
    /// The id of whoever decided, and of who said it first.
    pub by: Vec<String>,
    /// When.
    pub at: Timestamp,
}

/// The last decisions that stand.
///
/// # Errors
/// What the database says.
pub fn decided(tx: &mut dyn Tx, most: i64) -> Result<Vec<Past>> {
    let rows = linkage::decided(tx, most)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let at = Timestamp::from_microsecond(row.at?).ok()?;
            Some(Past { id: row.id, verdict: row.verdict?, by: row.first.into_iter().chain(row.by).collect(), at })
        })
        .collect())
}

/// The two people of a pair, for the permit; `None` where there is no such pair.
///
/// # Errors
/// What the database says.
pub fn people_of(tx: &mut dyn Tx, pair: Uuid) -> Result<Option<[Uuid; 2]>> {
    Ok(linkage::one(tx, pair)?.map(|row| row.roots))
}

/// What one of the two records says, as its feed wrote it.
#[derive(Debug, Clone)]
pub struct Side {
    /// The person it is of now.
    pub person: Uuid,
    /// Who that is.
    pub identity: Option<Identity>,
    /// What each source says; where the address is withheld nothing of it is among it.
    pub sources: Vec<Stated>,
    /// How many entries their record has, and allergies and alerts among them.
    pub entries: i64,
    /// Allergies and alerts among them.
    pub warnings: i64,
}

/// A pair as its page needs it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The pair.
    pub id: Uuid,
    /// Why it was raised.
    pub why: Why,
    /// The two records' people.
    pub sides: [Side; 2],
    /// How the two nearest records compare now, or as they did when it was decided.
    pub weights: Weights,
    /// What makes joining them risky.
    pub risks: Vec<Risk>,
    /// True where they are one person now.
    pub joined: bool,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// The id of whoever decided.
    pub by: Option<String>,
    /// The id of whoever said it first.
    pub first: Option<String>,
    /// In whose words.
    pub note: Option<String>,
    /// Whether a first steward has proposed a join.
    pub proposed: bool,
}

/// Opens a pair. The permit must be for both people.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut dyn Tx, index: &dyn PersonIndex, permit: &PairPermit, pair: Uuid) -> Result<Option<Opened>> {
    let Some(row) = linkage::one(tx, pair)? else { return Ok(None) };
    if row.roots.iter().any(|person| !permit.people().contains(person)) {
        return Ok(None);
    }
    let mut sides = Vec::with_capacity(2);
    for (leaf, person) in [(row.one, row.roots[0]), (row.other, row.roots[1])] {
        sides.push(side(tx, leaf, person, row.roots[0] == row.roots[1])?);
    }
    let weights = match index.compare(tx, row.one, row.other)? {
        Some(weights) if row.state != "decided" => weights,
        _ => row.weights.clone(),
    };
    let risks = risks(tx, &row, &weights)?;
    let Ok(sides) = <[Side; 2]>::try_from(sides) else { return Ok(None) };
    Ok(Some(Opened {
        id: row.id,
        why: row.why,
        sides,
        weights,
        risks,
        joined: row.roots[0] == row.roots[1],
        verdict: row.verdict,
        by: row.by,
        first: row.first,
        note: row.note,
        proposed: row.state == "proposed",
    }))
}

/// Of two who are one person already each side shows its own record alone.
fn side(tx: &mut dyn Tx, leaf: Uuid, person: Uuid, one: bool) -> Result<Side> {
    let withheld = demographic::is_withheld(tx, person)?;
    let mut sources = if one { demographic::stated_by(tx, leaf)? } else { demographic::stated(tx, person)? };
    if withheld {
        for source in &mut sources {
            let words = &mut source.demographics;
            words.addresses.clear();
            (words.phone, words.practice_ods, words.practice_name) = (None, None, None);
        }
    }
    let (entries, warnings) = linkage::weight_of(tx, person)?;
    let mut identity = if one { identity::chosen(person, &sources) } else { identity::of(tx, person)? };
    if let Some(identity) = identity.as_mut().filter(|_| withheld) {
        identity.address_withheld = true;
    }
    Ok(Side { person, identity, sources, entries, warnings })
}

fn risks(tx: &mut dyn Tx, row: &Standing, weights: &Weights) -> Result<Vec<Risk>> {
    let mut risks = Vec::new();
    if weights.is_forbidden() {
        risks.push(Risk::Numbers);
    } else if weights.odds < 0 {
        risks.push(Risk::Unlikely);
    }
    let dead =
        |tx: &mut dyn Tx, person| Ok::<_, store::Error>(identity::of(tx, person)?.is_some_and(|who| who.deceased));
    let (one, other) = (dead(tx, row.roots[0])?, dead(tx, row.roots[1])?);
    if one != other {
        risks.push(Risk::Death);
    }
    if demographic::is_withheld(tx, row.roots[0])? || demographic::is_withheld(tx, row.roots[1])? {
        risks.push(Risk::Withheld);
    }
    let (pair, _) = store::aggregate::load::<Pair>(&store::log::stream(tx, row.id)?)?;
    if pair.was_kept_apart() {
        risks.push(Risk::KeptApart);
    }
    Ok(risks)
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Done,
    /// It is written down, and a second steward has to say the same.
    WantsAnother,
}

/// Takes a steward's decision, and brings the people in step with it in the same transaction.
///
/// # Errors
/// [`Refused::Rules`] where it may not be taken; then nothing has changed.
pub fn decide(
    write: &mut Write<'_>,
    index: &dyn PersonIndex,
    pair: Uuid,
    verdict: Verdict,
    (by, note): (&str, &str),
    at: Timestamp,
) -> std::result::Result<Outcome, Refused<Refusal>> {
    let row = linkage::one(write.tx(), pair)?.ok_or(Refused::Rules(Refusal::NotRaised))?;
    let weights = index.compare(write.tx(), row.one, row.other)?.ok_or(Refused::Rules(Refusal::NoModel))?;
    let risks = risks(write.tx(), &row, &weights)?;
    let pairs = pairs(write.tx(), &row, verdict)?;
    let command = Command::Decide { verdict, by: by.to_owned(), note: note.to_owned(), risks, weights, pairs };
    write.execute::<Pair>(pair, command, by, at)?;
    let now = linkage::one(write.tx(), pair)?;
    if now.is_some_and(|row| row.state == "proposed") {
        return Ok(Outcome::WantsAnother);
    }
    index.settle(write, &[row.one, row.other], Ground::Steward, by, at)?;
    let one = root(write.tx(), row.one)? == root(write.tx(), row.other)?;
    let stands = match verdict {
        Verdict::Same => one,
        Verdict::NotSame => !one,
        Verdict::NotSure => true,
    };
    if stands { Ok(Outcome::Done) } else { Err(Refused::Rules(Refusal::Contradicts)) }
}

/// A decision is about two people and so about all their records; of two records of one person it is about these.
fn pairs(tx: &mut dyn Tx, row: &Standing, verdict: Verdict) -> Result<Vec<(Uuid, Uuid)>> {
    if verdict == Verdict::NotSure || row.roots[0] == row.roots[1] {
        return Ok(Vec::new());
    }
    let [one, other] = row.roots;
    let (ones, others) = (leaves(tx, one)?, leaves(tx, other)?);
    Ok(ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other))).collect())
}

/// Takes a decision back: what follows from the rows and the other decisions is again as it was without it.
///
/// # Errors
/// [`Refused::Rules`] where there is nothing to take back.
pub fn undo(
    write: &mut Write<'_>,
    index: &dyn PersonIndex,
    pair: Uuid,
    (by, note): (&str, &str),
    at: Timestamp,
) -> std::result::Result<(), Refused<Refusal>> {
    let row = linkage::one(write.tx(), pair)?.ok_or(Refused::Rules(Refusal::NotRaised))?;
    write.execute::<Pair>(pair, Command::Undo { by: by.to_owned(), note: note.to_owned() }, by, at)?;
    index.settle(write, &[row.one, row.other], Ground::Steward, by, at)?;
    Ok(())
}

/// Of one band of certainty, what stewards decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// In words: `more likely than not, up to 9 in 10`.
    pub said: &'static str,
    /// How many were one person.
    pub same: i64,
    /// How many were two.
    pub not_same: i64,
}

/// How the decisions divide by the probability that the weights gave, from the surest down.
///
/// # Errors
/// What the database says.
pub fn bands(tx: &mut dyn Tx) -> Result<Vec<Band>> {
    const SAID: [&str; 5] =
        ["below 1 in 3", "1 in 3 to even", "even to 9 in 10", "9 in 10 to 99 in 100", "99 in 100 and more"];
    let found = linkage::bands(tx)?;
    let of = |band: i64| found.iter().find(|row| row.0 == band).map_or((0, 0), |row| (row.1, row.2));
    Ok((0i32..5)
        .zip(SAID)
        .map(|(band, said)| Band { said, same: of(band.into()).0, not_same: of(band.into()).1 })
        .rev()
        .collect())
}
