//! How good a division into people is, where the truth is known: by pairs, by whole people, and the errors by kind.

use std::collections::{BTreeMap, HashMap};

/// What is known of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// The person it was put with.
    pub found: String,
    /// The person it is of.
    pub person: String,
    /// Their household, where that is known; empty otherwise.
    pub household: String,
    /// Their group of twins; empty or `0` where they have none.
    pub twins: String,
    /// Their given name, as the row has it.
    pub given_name: String,
}

/// Of two rows wrongly put together, who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Twins.
    Twin,
    /// One household and one given name: a parent and a child named for them.
    Generation,
    /// One household and different given names.
    Household,
    /// People with nothing to do with each other.
    Stranger,
    /// Households are not known.
    Unsorted,
}

impl Kind {
    /// In words.
    #[must_use]
    pub const fn wording(self) -> &'static str {
        match self {
            Self::Twin => "twin",
            Self::Generation => "generation",
            Self::Household => "other household",
            Self::Stranger => "stranger",
            Self::Unsorted => "unsorted",
        }
    }

    fn of(one: &Known, other: &Known) -> Self {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        if same(&one.twins, &other.twins) && one.twins != "0" {
            Self::Twin
        } else if one.household.is_empty() || other.household.is_empty() {
            Self::Unsorted
        } else if one.household != other.household {
            Self::Stranger
        } else if same(&one.given_name.to_lowercase(), &other.given_name.to_lowercase()) {
            Self::Generation
        } else {
            Self::Household
        }
    }
}

/// Right, wrong and missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Put together and one.
    pub right: u64,
    /// Put together and not one.
    pub wrong: u64,
    /// One and not put together.
    pub missed: u64,
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^53")]
fn share(part: u64, rest: u64) -> f64 {
    if part + rest == 0 { 1.0 } else { part as f64 / (part + rest) as f64 }
}

impl Score {
    /// Of what was put together, the share that is one. 1 where nothing was.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    /// Of what is one, the share that was put together. 1 where nothing is.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }

    /// The harmonic mean of the two.
    #[must_use]
    pub fn f1(&self) -> f64 {
        share(2 * self.right, self.wrong + self.missed)
    }
}

/// The measures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Rows that were looked at.
    pub rows: u64,
    /// By pairs of rows.
    pub pairs: Score,
    /// By whole people: right where exactly the rows of one true person are together.
    pub people: Score,
    /// The pairs wrongly put together, by kind.
    pub wrong: BTreeMap<Kind, u64>,
    /// The rows of the largest person found.
    pub largest: u64,
}

/// Evaluates a division.
#[must_use]
pub fn evaluate(rows: &[Known]) -> Evaluation {
    let pairs = |count: u64| count * count.saturating_sub(1) / 2;
    let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut truth: HashMap<&str, u64> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        found.entry(&row.found).or_default().push(at);
        *truth.entry(&row.person).or_default() += 1;
    }
    let mut evaluation = Evaluation { rows: rows.len() as u64, ..Evaluation::default() };
    for together in found.values() {
        evaluation.largest = evaluation.largest.max(together.len() as u64);
        let mut by_person: HashMap<&str, u64> = HashMap::new();
        for at in together {
            *by_person.entry(&rows[*at].person).or_default() += 1;
        }
        evaluation.pairs.right += by_person.values().map(|count| pairs(*count)).sum::<u64>();
        let whole = by_person.len() == 1 && by_person.iter().all(|(person, count)| truth.get(person) == Some(count));
        if whole {
            evaluation.people.right += 1;
        } else {
            evaluation.people.wrong += 1;
        }
        if by_person.len() > 1 {
            for (at, one) in together.iter().enumerate() {
                for other in together[at + 1..].iter().filter(|other| rows[**other].person != rows[*one].person) {
                    *evaluation.wrong.entry(Kind::of(&rows[*one], &rows[*other])).or_default() += 1;
                }
            }
        }
    }
    evaluation.pairs.wrong = evaluation.wrong.values().sum();
    evaluation.pairs.missed = truth.values().map(|count| pairs(*count)).sum::<u64>() - evaluation.pairs.right;
    evaluation.people.missed = truth.len() as u64 - evaluation.people.right;
    evaluation
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(found: &str, person: &str, household: &str, twins: &str, given: &str) -> Known {
        let own = |text: &str| text.to_owned();
        Known {
            found: own(found),
            person: own(person),
            household: own(household),
            twins: own(twins),
            given_name: own(given),
        }
    }

    #[test]
    fn pairs_people_and_kinds_are_counted() {
        let rows = [
            known("a", "1", "h", "", "john"),
            known("a", "1", "h", "", "jon"),
            known("a", "2", "h", "", "John"),
            known("b", "3", "k", "7", "ann"),
            known("b", "4", "k", "7", "amy"),
            known("c", "5", "k", "0", "bob"),
            known("d", "5", "k", "0", "bob"),
            known("e", "6", "m", "0", "zoe"),
        ];
        let evaluation = evaluate(&rows);
        assert_eq!(evaluation.pairs, Score { right: 1, wrong: 3, missed: 1 });
        assert_eq!(evaluation.people, Score { right: 1, wrong: 4, missed: 5 });
        assert_eq!(evaluation.wrong, BTreeMap::from([(Kind::Generation, 1), (Kind::Household, 1), (Kind::Twin, 1)]));
        assert_eq!(evaluation.largest, 3);
        assert!((evaluation.pairs.precision() - 0.25).abs() < 1e-9 && (evaluation.pairs.f1() - 1.0 / 3.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn counting_by_group_is_what_counting_every_pair_gives(rows in prop::collection::vec((0u8..4, 0u8..5), 0..30)) {
            let rows: Vec<Known> = rows.iter().map(|(found, person)| known(&found.to_string(), &person.to_string(), "", "", "")).collect();
            let mut slow = Score::default();
            for (at, one) in rows.iter().enumerate() {
                for other in &rows[at + 1..] {
                    match (one.found == other.found, one.person == other.person) {
                        (true, true) => slow.right += 1,
                        (true, false) => slow.wrong += 1,
                        (false, true) => slow.missed += 1,
                        (false, false) => {}
                    }
                }
            }
            prop_assert_eq!(evaluate(&rows).pairs, slow);
        }
    }
}
