//! Who a claim may be of, weighed against the whole index and not taken in: who comes near, how near, and whether one of them
//! leads the others so far that a join would be right. Holds figures about records and no words of any person.

use std::collections::BTreeMap;

use identity::cluster::LEAD_IN_BITS;
use uuid::Uuid;

/// No single record counts for more than this, in hundredths of a bit.
const MOST: i64 = 2_000;
/// By how much the likeliest must lead the next, in hundredths of a bit.
const LEAD: i64 = LEAD_IN_BITS * 100;

/// A record that comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The record: a feed's own person.
    pub leaf: Uuid,
    /// Whose it is.
    pub root: Uuid,
    /// How near: log2 odds in hundredths of a bit.
    pub odds: i32,
    /// Whether both carry the same NHS number.
    pub same_number: bool,
    /// Whether the NHS numbers forbid that any weight joins them.
    pub forbidden: bool,
}

/// Everybody who comes near, each with all their records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The odds from which records are joined, in hundredths of a bit.
    pub threshold: i32,
    /// Their records.
    pub records: Vec<Candidate>,
}

/// A person who comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The person.
    pub root: Uuid,
    /// Their record that comes nearest.
    pub leaf: Uuid,
    /// How near that is.
    pub odds: i32,
    /// The average over all their records.
    pub average: i64,
    /// Whether any of them carries the same NHS number.
    pub same_number: bool,
    /// Whether the number of any of them forbids it.
    pub forbidden: bool,
}

impl Near {
    /// How probable it is that they are meant, from 1 to 99 in a hundred.
    #[must_use]
    pub fn in_a_hundred(&self) -> u8 {
        let bits = f64::from(self.odds) / 100.0;
        let hundredths = (100.0 / (1.0 + (-bits).exp2())).round().clamp(1.0, 99.0);
        (1..=99u8).rev().find(|whole| f64::from(*whole) <= hundredths).unwrap_or(1)
    }
}

impl Candidates {
    /// The people of the records that `counts` lets count, the likeliest first. A record that does not count is as if it were not there.
    pub fn people(&self, counts: impl Fn(Uuid) -> bool) -> Vec<Near> {
        let mut by_root: BTreeMap<Uuid, Vec<Candidate>> = BTreeMap::new();
        for record in self.records.iter().filter(|record| counts(record.leaf)) {
            by_root.entry(record.root).or_default().push(*record);
        }
        let mut people: Vec<Near> = by_root.into_iter().filter_map(|(root, records)| near(root, &records)).collect();
        people.sort_by_key(|one| (std::cmp::Reverse(one.odds), one.root));
        people
    }

    /// Whether somebody is near enough to be joined.
    #[must_use]
    pub fn is_likely(&self, one: &Near) -> bool {
        one.odds >= self.threshold && one.average >= i64::from(self.threshold.min(0))
    }

    /// Of some people the one whom a join would be right with: near enough, forbidden by no number, and so far ahead of the next
    /// that no second one comes into question.
    #[must_use]
    pub fn joined<'a>(&self, people: &'a [Near]) -> Option<&'a Near> {
        let mut likely = people.iter().filter(|one| self.is_likely(one));
        let best = likely.next().filter(|best| !best.forbidden)?;
        likely.all(|other| best.average - other.average >= LEAD).then_some(best)
    }
}

fn near(root: Uuid, records: &[Candidate]) -> Option<Near> {
    let best = records.iter().max_by_key(|record| (record.odds, std::cmp::Reverse(record.leaf)))?;
    let sum: i64 = records.iter().map(|record| i64::from(record.odds).clamp(-MOST, MOST)).sum();
    let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
    Some(Near {
        root,
        leaf: best.leaf,
        odds: best.odds,
        average: sum.div_euclid(count.max(1)),
        same_number: records.iter().any(|record| record.same_number),
        forbidden: records.iter().any(|record| record.forbidden),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(root: u128, leaf: u128, odds: i32) -> Candidate {
        let (leaf, root) = (Uuid::from_u128(leaf), Uuid::from_u128(root));
        Candidate { leaf, root, odds, same_number: false, forbidden: false }
    }

    fn found(records: Vec<Candidate>) -> Candidates {
        Candidates { threshold: 300, records }
    }

    #[test]
    fn two_who_come_near_are_told_and_neither_is_joined() {
        let joined = |records: Vec<Candidate>| {
            let found = found(records);
            let people = found.people(|_| true);
            (people.len(), found.joined(&people).map(|one| one.root.as_u128()))
        };
        assert_eq!(joined(vec![record(1, 1, 900), record(2, 2, 100)]), (2, Some(1)), "the second is not near enough");
        assert_eq!(joined(vec![record(1, 1, 900), record(2, 2, 701)]), (2, None), "less than two bits ahead");
        assert_eq!(joined(vec![record(1, 1, 900), record(2, 2, 700)]), (2, Some(1)));
        assert_eq!(joined(vec![record(1, 1, 299)]), (1, None));
        let forbidden = Candidate { forbidden: true, odds: -4_000, ..record(1, 3, 0) };
        assert_eq!(
            joined(vec![record(1, 1, 900), forbidden, record(1, 2, 900)]),
            (1, None),
            "another's number is among them"
        );
        assert_eq!(
            joined(vec![record(1, 1, 900), record(1, 2, 900), record(2, 4, 800)]),
            (2, None),
            "one person, two records"
        );
    }

    proptest! {
        #[test]
        fn who_is_joined_leads_everybody_and_no_order_of_the_records_matters(
            records in prop::collection::vec((0u128..4, -600i32..1_200, any::<bool>()), 0..9),
            turn in 0usize..9,
        ) {
            let mut records: Vec<Candidate> = (0u128..)
                .zip(records)
                .map(|(leaf, (root, odds, forbidden))| Candidate { forbidden, ..record(root, leaf, odds) })
                .collect();
            let found = found(records.clone());
            let people = found.people(|_| true);
            if let Some(best) = found.joined(&people) {
                prop_assert!(found.is_likely(best) && !best.forbidden);
                for other in people.iter().filter(|one| one.root != best.root && found.is_likely(one)) {
                    prop_assert!(other.average + LEAD <= best.average);
                }
            }
            for one in &people {
                prop_assert!((1..=99).contains(&one.in_a_hundred()));
            }
            if !records.is_empty() {
                let by = turn % records.len();
                records.rotate_left(by);
            }
            prop_assert_eq!(Candidates { threshold: 300, records }.people(|_| true), people);
        }
    }
}
