//! A whole roll at once: learn, look at the candidate pairs, choose the threshold, divide into people.

use crate::blocking::Blocking;
use crate::cluster::{self, Judge};
use crate::constraint::Constraints;
use crate::model::{Judgement, Model, Rates, probability};
use crate::pattern::{Comparer, Pattern};
use crate::roll::Roll;
use crate::training;

/// Of the pairs that are joined at most this share may be wrong, by the model's own reckoning, for the default threshold.
pub const MOST_WRONG: f64 = 0.001;
/// Pairs with log2 odds below this are not kept.
pub const LEAST_KEPT: f32 = -3.0;

/// A pair that was looked at and kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The row that came first.
    pub one: u32,
    /// The other.
    pub other: u32,
    /// What is thought of them.
    pub odds: f32,
    /// How they compare.
    pub pattern: Pattern,
}

/// How to link.
#[derive(Debug, Clone)]
pub struct Options {
    /// Join from this probability on; chosen from the model where it is not given.
    pub threshold: Option<f32>,
    /// How many threads look at pairs; at least one.
    pub threads: usize,
    /// What stewards have decided.
    pub constraints: Constraints,
}

impl Default for Options {
    fn default() -> Self {
        Self { threshold: None, threads: 1, constraints: Constraints::default() }
    }
}

/// A roll divided into people.
#[derive(Debug)]
pub struct Linkage {
    /// What was learnt, with the threshold.
    pub model: Model,
    /// How common values are.
    pub rates: Rates,
    /// The rules by which pairs were found.
    pub blocking: Blocking,
    /// The pairs that were kept, from the likeliest down.
    pub pairs: Vec<Pair>,
    /// How many pairs were looked at.
    pub compared: u64,
    /// For each row the first row of its person.
    pub people: Vec<u32>,
    /// Pairs of rows that could as well belong to another: for review.
    pub unsure: Vec<(u32, u32)>,
}

/// Judges rows of one roll with one model.
#[derive(Debug)]
pub struct Bench<'a> {
    roll: &'a Roll,
    model: &'a Model,
    rates: &'a Rates,
    comparer: &'a mut Comparer,
}

impl<'a> Bench<'a> {
    /// A bench for a roll.
    pub fn new(roll: &'a Roll, model: &'a Model, rates: &'a Rates, comparer: &'a mut Comparer) -> Self {
        Self { roll, model, rates, comparer }
    }
}

impl Judge for Bench<'_> {
    fn judge(&mut self, one: u32, other: u32) -> Judgement {
        let (one, other) = (&self.roll.rows()[one as usize], &self.roll.rows()[other as usize]);
        let pattern = self.comparer.compare(self.roll, one, other);
        self.model.judge(self.roll, self.rates, pattern, one, other)
    }

    fn rank(&self, row: u32) -> u64 {
        self.roll.rank(row)
    }
}

#[derive(Default)]
struct Work {
    comparer: Comparer,
    kept: Vec<Pair>,
    compared: u64,
}

/// Links a roll. `stage` is told what begins.
pub fn link(roll: &mut Roll, options: &Options, stage: &mut dyn FnMut(&'static str)) -> Linkage {
    stage("counting");
    roll.count();
    stage("learning");
    let mut model = training::learn(roll);
    let rates = Rates::of(roll);
    stage("choosing rules");
    let mut blocking = Blocking::choose(roll);
    stage("comparing");
    let mut work: Vec<Work> = (0..options.threads.max(1)).map(|_| Work::default()).collect();
    blocking.visit(roll, &mut work, |work, one, other| {
        work.compared += 1;
        let rows = (&roll.rows()[one as usize], &roll.rows()[other as usize]);
        let pattern = work.comparer.compare(roll, rows.0, rows.1);
        let judgement = model.judge(roll, &rates, pattern, rows.0, rows.1);
        if judgement.odds >= LEAST_KEPT {
            work.kept.push(Pair { one: one.min(other), other: one.max(other), odds: judgement.odds, pattern });
        }
    });
    let compared = work.iter().map(|work| work.compared).sum();
    let mut pairs = Vec::with_capacity(work.iter().map(|work| work.kept.len()).sum());
    work.into_iter().for_each(|mut work| pairs.append(&mut work.kept));
    pairs.sort_unstable_by(|a, b| b.odds.total_cmp(&a.odds).then((a.one, a.other).cmp(&(b.one, b.other))));
    model.threshold = match options.threshold {
        Some(least) => (least / (1.0 - least).max(1e-12)).log2().clamp(LEAST_KEPT, cluster::MOST),
        None => choose_threshold(&pairs),
    };
    stage("dividing");
    let (people, unsure) = people(roll, &model, &rates, &pairs, &options.constraints);
    Linkage { model, rates, blocking, pairs, compared, people, unsure }
}

/// The lowest odds, but at least even ones, from which at most [`MOST_WRONG`] of the joined pairs are wrong if the model is right
/// about its own certainty. Nobody's labels are needed.
#[must_use]
pub fn choose_threshold(pairs: &[Pair]) -> f32 {
    let (mut wrong, mut threshold) = (0.0f64, cluster::MOST);
    for (count, pair) in (1u32..).zip(pairs) {
        if pair.odds < 0.0 {
            break;
        }
        wrong += f64::from(1.0 - probability(pair.odds));
        if wrong <= MOST_WRONG * f64::from(count) {
            threshold = pair.odds.min(cluster::MOST);
        }
    }
    threshold
}

/// Divides all rows into people: for each the first row of its person, and the pairs that nobody could be sure of.
fn people(
    roll: &Roll,
    model: &Model,
    rates: &Rates,
    pairs: &[Pair],
    constraints: &Constraints,
) -> (Vec<u32>, Vec<(u32, u32)>) {
    let mut forest = Forest::of(roll.len());
    for pair in pairs.iter().take_while(|pair| pair.odds >= model.threshold) {
        forest.join(pair.one, pair.other);
    }
    for (one, other) in constraints.same() {
        forest.join(one, other);
    }
    let mut of: Vec<(u32, u32)> = (0u32..).take(roll.len()).map(|row| (forest.root(row), row)).collect();
    of.sort_unstable();
    let mut people: Vec<u32> = (0u32..).take(roll.len()).collect();
    let mut unsure = Vec::new();
    let mut comparer = Comparer::default();
    let mut bench = Bench::new(roll, model, rates, &mut comparer);
    for component in of.chunk_by(|one, other| one.0 == other.0).filter(|component| component.len() > 1) {
        let rows: Vec<u32> = component.iter().map(|(_, row)| *row).collect();
        if let ([one, other], true) = (rows.as_slice(), constraints.is_empty()) {
            people[*other as usize] = *one;
            continue;
        }
        let division = cluster::divide(&rows, model.threshold, constraints, &mut bench);
        for person in &division.people {
            let first = person.iter().copied().min().unwrap_or_default();
            person.iter().for_each(|row| people[*row as usize] = first);
        }
        unsure.extend(division.unsure);
    }
    (people, unsure)
}

/// Which rows hang together.
struct Forest(Vec<u32>);

impl Forest {
    fn of(count: usize) -> Self {
        Self((0u32..).take(count).collect())
    }

    fn root(&mut self, row: u32) -> u32 {
        let mut at = row;
        while self.0[at as usize] != at {
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        self.0[high as usize] = low;
    }
}
