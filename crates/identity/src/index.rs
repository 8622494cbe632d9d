//! The index of people in a running server: who is this, said of one claim against every row there is; a row added, and only the
//! people near it divided again; a steward's decision, taken and taken back. For a fixed model the people are the same whatever
//! the order in which the rows came, and the same as [`crate::link`] finds.
//!
//! Must not remember anything but rows, joins and decisions: who is one person follows from these, so undoing a decision
//! gives back exactly what was.

use std::collections::HashMap;

use crate::blocking::Blocking;
use crate::cluster::{self, LEAD, steps};
use crate::constraint::{Constraints, Word};
use crate::explanation::{Explanation, explain};
use crate::link::{Bench, LEAST_KEPT, Linkage};
use crate::model::{Judgement, Model, Rates};
use crate::pattern::Comparer;
use crate::roll::{Claim, Roll, Row, Unusable};

/// A question looks at no more rows than this; the answer says so where there were more.
pub const MOST_CANDIDATES: usize = 2_000;

/// A person that a claim may be of.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The person: the first row that was theirs.
    pub person: u32,
    /// Their row that is nearest.
    pub row: u32,
    /// log2 odds, the average over all their rows.
    pub average: f32,
    /// True where a ruling or a decision forbids it.
    pub forbidden: bool,
    /// The nearest row, field by field.
    pub explanation: Explanation,
}

/// What follows from a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is this person, and nobody else comes near.
    Join(u32),
    /// Somebody has to look: two people come near, or one does whom a ruling forbids.
    Unsure,
    /// Nobody here.
    Nobody,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Who it may be, the likeliest first.
    pub matches: Vec<Match>,
    /// What follows.
    pub verdict: Verdict,
    /// How many rows were looked at.
    pub looked_at: usize,
    /// True where there were more than [`MOST_CANDIDATES`].
    pub capped: bool,
    /// What of the claim could not be used.
    pub unusable: Unusable,
}

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Every row whose person is another now: the row, the person before, the person after.
    pub moved: Vec<(u32, u32, u32)>,
    /// Pairs that could not be decided between, for review.
    pub unsure: Vec<(u32, u32)>,
}

/// The rows under each key: those that were there at the start sorted, those that came later in a map.
#[derive(Debug, Default)]
struct Keys {
    sorted: Vec<Vec<u64>>,
    later: HashMap<(usize, u32), Vec<u32>>,
}

impl Keys {
    fn find(&self, rule: usize, key: u32) -> impl Iterator<Item = u32> + '_ {
        let sorted = self.sorted.get(rule).map_or(&[][..], Vec::as_slice);
        let from = sorted.partition_point(|entry| entry >> 32 < u64::from(key));
        let block = sorted[from..].iter().take_while(move |entry| *entry >> 32 == u64::from(key));
        block.map(|entry| crate::text::low(*entry)).chain(self.later.get(&(rule, key)).into_iter().flatten().copied())
    }
}

/// Every row, and who is who.
#[derive(Debug)]
pub struct Index {
    roll: Roll,
    model: Model,
    rates: Rates,
    blocking: Blocking,
    keys: Keys,
    joins: Vec<Vec<u32>>,
    people: Vec<u32>,
    constraints: Constraints,
    comparer: Comparer,
    scratch: Vec<u32>,
}

impl Index {
    /// The index of a linked roll.
    #[must_use]
    pub fn of(roll: Roll, linkage: Linkage, constraints: Constraints) -> Self {
        let mut joins = vec![Vec::new(); roll.len()];
        for pair in linkage.pairs.iter().take_while(|pair| pair.odds >= linkage.model.threshold) {
            joins[pair.one as usize].push(pair.other);
            joins[pair.other as usize].push(pair.one);
        }
        let mut sorted = vec![Vec::new(); linkage.blocking.rules().len()];
        let mut keys = Vec::new();
        for (place, row) in (0u64..).zip(roll.rows()) {
            linkage.blocking.keys(&roll, row, &mut keys);
            for (entries, key) in sorted.iter_mut().zip(&keys).filter(|(_, key)| **key != 0) {
                entries.push(u64::from(*key) << 32 | place);
            }
        }
        sorted.iter_mut().for_each(|entries: &mut Vec<u64>| {
            entries.sort_unstable();
            entries.shrink_to_fit();
        });
        Self {
            roll,
            model: linkage.model,
            rates: linkage.rates,
            blocking: linkage.blocking,
            keys: Keys { sorted, later: HashMap::new() },
            joins,
            people: linkage.people,
            constraints,
            comparer: Comparer::default(),
            scratch: Vec::new(),
        }
    }

    /// An index with a model and no rows; the roll gives the texts and counts that the model was learnt with.
    #[must_use]
    pub fn empty(roll: &Roll, model: Model, blocking: Blocking) -> Self {
        Self {
            rates: Rates::of(roll),
            roll: roll.emptied(),
            model,
            blocking,
            keys: Keys::default(),
            joins: Vec::new(),
            people: Vec::new(),
            constraints: Constraints::default(),
            comparer: Comparer::default(),
            scratch: Vec::new(),
        }
    }

    /// What the rows say.
    #[must_use]
    pub const fn roll(&self) -> &Roll {
        &self.roll
    }

    /// The weights in use.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// The person of a row: the first row that is theirs. A row that was a person by itself once and is one no longer is a
    /// redirect to this one.
    #[must_use]
    pub fn person(&self, row: u32) -> u32 {
        self.people.get(row as usize).copied().unwrap_or(row)
    }

    /// The rows of a person, in order.
    #[must_use]
    pub fn rows_of(&self, person: u32) -> Vec<u32> {
        let mut rows = self.component(&[person]);
        rows.retain(|row| self.person(*row) == person);
        rows
    }

    /// Who is this? Nothing is added.
    pub fn find(&mut self, claim: &Claim<'_>, most: usize) -> Answer {
        let (row, unusable) = self.roll.read(claim);
        let mut near = self.candidates(&row);
        let capped = near.len() > MOST_CANDIDATES;
        near.truncate(MOST_CANDIDATES);
        let looked_at = near.len();
        let mut by_person: Vec<(u32, u32, Judgement)> = Vec::new();
        for place in near {
            let judgement = self.judge_row(&row, place);
            if judgement.odds >= LEAST_KEPT || judgement.forbids() {
                by_person.push((self.person(place), place, judgement));
            }
        }
        by_person.sort_by(|a, b| {
            a.0.cmp(&b.0).then(b.2.odds.total_cmp(&a.2.odds)).then(self.roll.rank(a.1).cmp(&self.roll.rank(b.1)))
        });
        let mut nearest: Vec<(u32, u32, Judgement)> = by_person
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|rows| rows.iter().find(|(.., judgement)| judgement.odds >= LEAST_KEPT).copied())
            .collect();
        nearest.sort_by(|a, b| b.2.odds.total_cmp(&a.2.odds).then(self.roll.rank(a.0).cmp(&self.roll.rank(b.0))));
        nearest.truncate(most.max(2));
        let mut matches: Vec<Match> = nearest
            .into_iter()
            .map(|(person, place, judgement)| self.matched(&row, person, place, &judgement))
            .collect();
        let verdict = self.verdict(&matches);
        matches.truncate(most);
        Answer { matches, verdict, looked_at, capped, unusable }
    }

    fn matched(&mut self, row: &Row, person: u32, place: u32, judgement: &Judgement) -> Match {
        let (mut sum, mut count, mut forbidden) = (0, 0, false);
        for of_person in self.rows_of(person) {
            let judgement = self.judge_row(row, of_person);
            sum += steps(judgement.odds);
            count += 1;
            forbidden |= judgement.forbids();
        }
        let explanation =
            explain(&self.model, &self.roll, &self.rates, judgement, row, &self.roll.rows()[place as usize]);
        Match { person, row: place, average: in_bits(sum / i64::from(count.max(1))), forbidden, explanation }
    }

    /// The best must be able to join, and lead the runner-up.
    fn verdict(&self, matches: &[Match]) -> Verdict {
        let likely = |found: &&Match| {
            found.explanation.odds >= self.model.threshold && found.average >= self.model.threshold.min(0.0)
        };
        let mut likely_ones = matches.iter().filter(likely);
        match (likely_ones.next(), likely_ones.next()) {
            (None, _) => Verdict::Nobody,
            (Some(best), _) if best.forbidden => Verdict::Unsure,
            (Some(best), None) => Verdict::Join(best.person),
            (Some(best), Some(second)) if best.average - second.average >= in_bits(LEAD) => Verdict::Join(best.person),
            (Some(_), Some(_)) => Verdict::Unsure,
        }
    }

    /// Adds a row, finds its people and divides them again.
    pub fn insert(&mut self, claim: &Claim<'_>, rank: u64) -> (u32, Change) {
        let (row, _) = self.roll.read(claim);
        self.insert_row(row, rank)
    }

    /// Adds a row that was made comparable before.
    pub fn insert_row(&mut self, row: Row, rank: u64) -> (u32, Change) {
        let near = self.candidates(&row);
        let place = self.roll.push(row, rank);
        self.people.push(place);
        self.joins.push(Vec::new());
        for other in near {
            if self.judge_row(&row, other).odds >= self.model.threshold {
                self.joins[place as usize].push(other);
                self.joins[other as usize].push(place);
            }
        }
        let mut keys = std::mem::take(&mut self.scratch);
        self.blocking.keys(&self.roll, &row, &mut keys);
        for (rule, key) in keys.iter().enumerate().filter(|(_, key)| **key != 0) {
            self.keys.later.entry((rule, *key)).or_default().push(place);
        }
        self.scratch = keys;
        (place, self.divide_again(&[place]))
    }

    /// Takes a steward's decision on two rows, or takes it back (`None`), and divides the people concerned again. With what
    /// held before, so that a decision can be undone.
    pub fn decide(&mut self, one: u32, other: u32, word: Option<Word>) -> (Option<Word>, Change) {
        // The component as it was, too: a join that is taken back leaves two.
        let concerned = self.component(&[one, other]);
        let before = self.constraints.decide(one, other, word);
        (before, self.divide_again(&concerned))
    }

    fn candidates(&mut self, row: &Row) -> Vec<u32> {
        let mut keys = std::mem::take(&mut self.scratch);
        self.blocking.keys(&self.roll, row, &mut keys);
        let keyed = keys.iter().enumerate().filter(|(_, key)| **key != 0);
        let mut near: Vec<u32> = keyed.flat_map(|(rule, key)| self.keys.find(rule, *key)).collect();
        self.scratch = keys;
        near.sort_unstable();
        near.dedup();
        near
    }

    fn judge_row(&mut self, row: &Row, place: u32) -> Judgement {
        let other = &self.roll.rows()[place as usize];
        let pattern = self.comparer.compare(&self.roll, row, other);
        self.model.judge(&self.roll, &self.rates, pattern, row, other)
    }

    /// Every row that hangs together with these by joins and decisions, in order.
    fn component(&self, from: &[u32]) -> Vec<u32> {
        let mut seen: Vec<u32> = from.iter().copied().filter(|row| (*row as usize) < self.joins.len()).collect();
        seen.sort_unstable();
        seen.dedup();
        let mut waiting = seen.clone();
        while let Some(row) = waiting.pop() {
            for next in self.joins[row as usize].iter().copied().chain(self.constraints.same_as(row)) {
                if let Err(at) = seen.binary_search(&next) {
                    seen.insert(at, next);
                    waiting.push(next);
                }
            }
        }
        seen
    }

    fn divide_again(&mut self, concerned: &[u32]) -> Change {
        let mut change = Change::default();
        let mut left = concerned.to_vec();
        while let Some(row) = left.first().copied() {
            let component = self.component(&[row]);
            left.retain(|other| component.binary_search(other).is_err());
            let mut bench = Bench::new(&self.roll, &self.model, &self.rates, &mut self.comparer);
            let division = cluster::divide(&component, self.model.threshold, &self.constraints, &mut bench);
            for person in &division.people {
                let first = person.iter().copied().min().unwrap_or(row);
                for row in person {
                    let before = std::mem::replace(&mut self.people[*row as usize], first);
                    if before != first {
                        change.moved.push((*row, before, first));
                    }
                }
            }
            change.unsure.extend(division.unsure);
        }
        change.moved.sort_unstable();
        change
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand steps")]
fn in_bits(steps: i64) -> f32 {
    steps as f32 / 256.0
}
