//! Where sources disagree about one person: listed side by side with their dates, never merged and never judged. A value
//! that one source does not give is no disagreement, and neither is another way of writing the same. The order in which
//! sources are given changes nothing.

mod clinical;
mod identity;

use jiff::Timestamp;

use crate::fact::Fact;
use crate::patient::Demographics;

/// Something one source says, and when.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a, T> {
    /// The feed that says it.
    pub source: &'a str,
    /// What it says.
    pub says: &'a T,
    /// The source's own time of saying it.
    pub as_of: Option<Timestamp>,
    /// When it came here.
    pub arrived: Timestamp,
}

/// What a disagreement is about, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// Two different valid NHS numbers.
    NhsNumber,
    /// Alive here, dead there; or two dates of death.
    Death,
    /// Different names today.
    Name,
    /// Different birth dates.
    BirthDate,
    /// Different sex or gender.
    Sex,
    /// Different addresses or postcodes today.
    Address,
    /// Different general practices.
    Practice,
    /// None known here, some listed there; or the same substance with another risk or status.
    Allergy,
    /// The same medicine current here and stopped there, or at another dose.
    Medicine,
    /// The same problem standing here and ended there.
    Problem,
}

impl Aspect {
    /// A heading in plain English.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NhsNumber => "NHS number",
            Self::Death => "Death",
            Self::Name => "Name",
            Self::BirthDate => "Birth date",
            Self::Sex => "Sex",
            Self::Address => "Address",
            Self::Practice => "General practice",
            Self::Allergy => "Allergies",
            Self::Medicine => "Medicines",
            Self::Problem => "Problems",
        }
    }
}

/// One source's side of a disagreement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// The feed that says it.
    pub source: String,
    /// What it says, as it is shown.
    pub says: String,
    /// The source's own time of saying it.
    pub as_of: Option<Timestamp>,
    /// When it came here.
    pub arrived: Timestamp,
}

/// Two or more sources that cannot all be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// What about, in words: `Birth date`, `Penicillin`.
    pub about: String,
    /// Which aspect of the person.
    pub what: Aspect,
    /// Every source that speaks of it, in order of source.
    pub sides: Vec<Side>,
}

/// All disagreements about one person.
#[must_use]
pub fn disagreements(people: &[Told<'_, Demographics>], facts: &[Told<'_, Fact>]) -> Vec<Disagreement> {
    let mut found = identity::between(people);
    found.extend(clinical::between(facts));
    found.sort_by(|a, b| (a.what, &a.about, &a.sides).cmp(&(b.what, &b.about, &b.sides)));
    found
}

/// One source's word on one thing, with what it is compared by.
struct Claim<K> {
    side: Side,
    key: K,
}

impl<K> Claim<K> {
    fn new<T>(told: &Told<'_, T>, says: String, key: K) -> Self {
        Self { side: Side { source: told.source.to_owned(), says, as_of: told.as_of, arrived: told.arrived }, key }
    }
}

/// The disagreement among these claims, if two of different sources do not agree.
fn weigh<K>(about: &str, what: Aspect, claims: &[Claim<K>], agree: impl Fn(&K, &K) -> bool) -> Option<Disagreement> {
    let differ = claims.iter().enumerate().any(|(index, one)| {
        claims.iter().skip(index + 1).any(|other| one.side.source != other.side.source && !agree(&one.key, &other.key))
    });
    if !differ {
        return None;
    }
    let mut sides: Vec<Side> = claims.iter().map(|claim| claim.side.clone()).collect();
    sides.sort();
    sides.dedup_by(|later, earlier| later.source == earlier.source && later.says == earlier.says);
    Some(Disagreement { about: about.to_owned(), what, sides })
}

#[cfg(test)]
mod tests;
