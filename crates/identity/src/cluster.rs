//! From pairs to people. Rows that hang together by joins form a component; each component is divided by itself, from all its
//! pairs at once, so the result rests on which rows there are and never on the order in which they came. Two groups become one
//! when no pair across them forbids it and their pairs speak for it on average; where a row could as well belong to either of two
//! people, it is given to neither and kept for review.

use crate::constraint::{Constraints, Word};
use crate::model::Judgement;

/// Odds are counted in whole 256ths of a bit here, so that sums do not depend on their order.
const STEP: f32 = 256.0;
/// No single pair counts for more than this many bits.
pub const MOST: f32 = 20.0;
/// How many bits the best group must lead the runner-up by, where the two are different people.
pub const LEAD_IN_BITS: i64 = 2;
/// The same in steps.
pub(crate) const LEAD: i64 = LEAD_IN_BITS * 256;
/// From here on the average of two groups says that they are different people.
const APART: i64 = -2 * 256;
/// A row so near to both of two groups proves that they are one, if it says so by this much more than they say the opposite.
const OUTWEIGHS: i64 = 6 * 256;
/// A component of more rows is first divided by stronger joins.
const LARGEST: usize = 64;

/// A component divided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Division {
    /// The rows of each person, in order of rank; people in order of their first row's rank.
    pub people: Vec<Vec<u32>>,
    /// Pairs of rows whose join was refused because another was as likely: for review.
    pub unsure: Vec<(u32, u32)>,
}

/// What the division needs to know of rows.
pub trait Judge {
    /// What is thought of two rows.
    fn judge(&mut self, one: u32, other: u32) -> Judgement;
    /// A number that the row always has.
    fn rank(&self, row: u32) -> u64;
}

/// How two groups stand: the sum over the pairs across them, and their number.
#[derive(Debug, Clone, Copy, Default)]
struct Across {
    sum: i64,
    pairs: i64,
    best: i64,
    /// A ruling or a steward keeps two of their rows apart.
    forbidden: bool,
    /// A steward does.
    parted: bool,
}

impl Across {
    const fn average(&self) -> i64 {
        if self.pairs == 0 { i64::MIN } else { self.sum.div_euclid(self.pairs) }
    }

    fn and(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            pairs: self.pairs + other.pairs,
            best: self.best.max(other.best),
            forbidden: self.forbidden || other.forbidden,
            parted: self.parted || other.parted,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a few thousand")]
pub(crate) fn steps(odds: f32) -> i64 {
    (odds.clamp(-MOST, MOST) * STEP) as i64
}

/// Divides a component. `threshold` is in log2 odds.
pub fn divide(rows: &[u32], threshold: f32, constraints: &Constraints, judge: &mut impl Judge) -> Division {
    let mut rows = rows.to_vec();
    rows.sort_unstable_by_key(|row| (judge.rank(*row), *row));
    let mut division = Division::default();
    if rows.len() > LARGEST {
        divide_large(&rows, threshold, constraints, judge, &mut division);
    } else {
        divide_small(&rows, threshold, constraints, judge, &mut division);
    }
    let rank = |people: &Vec<u32>| people.first().map(|row| judge.rank(*row));
    division.people.sort_by_key(rank);
    division.unsure.sort_unstable();
    division
}

fn divide_small(rows: &[u32], threshold: f32, constraints: &Constraints, judge: &mut impl Judge, into: &mut Division) {
    let count = rows.len();
    let mut across = vec![Across::default(); count * count];
    let mut decided = Vec::new();
    for (i, one) in rows.iter().enumerate() {
        for (j, other) in rows.iter().enumerate().skip(i + 1) {
            let judgement = judge.judge(*one, *other);
            let odds = steps(judgement.odds);
            let mut pair = Across { sum: odds, pairs: 1, best: odds, forbidden: judgement.forbids(), parted: false };
            match constraints.on(*one, *other) {
                Some(Word::NotSame) => (pair.forbidden, pair.parted) = (true, true),
                Some(Word::Same) => {
                    pair.forbidden = false;
                    decided.push((i, j));
                }
                None => {}
            }
            (across[i * count + j], across[j * count + i]) = (pair, pair);
        }
    }
    let mut groups: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
    // What a steward joined is joined first, whatever the numbers and weights say; only a steward's own "not the same" keeps it apart.
    for (one, other) in decided {
        let of =
            |groups: &[Vec<usize>], row: usize| groups.iter().position(|group| group.contains(&row)).unwrap_or(row);
        let (one, other) = (of(&groups, one), of(&groups, other));
        if one != other && !across[one * count + other].parted {
            merge(&mut groups, &mut across, count, one.min(other), one.max(other));
        }
    }
    let join = steps(threshold);
    let mut refused = vec![false; count * count];
    while let Some((one, other)) = best(&groups, &across, &refused, count, join) {
        let rivals = rival(&groups, &across, count, one, other, join)
            .or_else(|| rival(&groups, &across, count, other, one, join));
        if let Some((torn, third)) = rivals {
            for with in [if torn == one { other } else { one }, third] {
                (refused[torn * count + with], refused[with * count + torn]) = (true, true);
                let first = |group: usize| groups[group].first().map_or(0, |at| rows[*at]);
                into.unsure.push((first(torn), first(with)));
            }
            continue;
        }
        merge(&mut groups, &mut across, count, one, other);
        for at in 0..count {
            refused[one * count + at] |= refused[other * count + at];
            refused[at * count + one] |= refused[at * count + other];
        }
    }
    let people = groups.into_iter().filter(|group| !group.is_empty());
    into.people.extend(people.map(|mut group| {
        group.sort_unstable();
        group.into_iter().map(|at| rows[at]).collect::<Vec<u32>>()
    }));
}

/// The two groups that most want to be one: highest average, then lowest rank.
fn best(groups: &[Vec<usize>], across: &[Across], refused: &[bool], count: usize, join: i64) -> Option<(usize, usize)> {
    let mut best: Option<(i64, usize, usize)> = None;
    for one in 0..count {
        if groups[one].is_empty() {
            continue;
        }
        for (other, group) in groups.iter().enumerate().skip(one + 1) {
            let at = one * count + other;
            let between = &across[at];
            if group.is_empty() || between.forbidden || refused[at] || between.best < join {
                continue;
            }
            let average = between.average();
            if average >= join.min(0) && best.is_none_or(|(most, ..)| average > most) {
                best = Some((average, one, other));
            }
        }
    }
    best.map(|(_, one, other)| (one, other))
}

/// A third group that `torn` could join nearly as well as `with`, though the two are different people.
fn rival(
    groups: &[Vec<usize>],
    across: &[Across],
    count: usize,
    torn: usize,
    with: usize,
    join: i64,
) -> Option<(usize, usize)> {
    let lead = across[torn * count + with].average();
    (0..count)
        .filter(|third| *third != torn && *third != with && !groups[*third].is_empty())
        .find(|third| {
            let (to_third, between) = (&across[torn * count + third], &across[with * count + third]);
            // What speaks for the torn row and the third may be so much that it outweighs what keeps the two apart.
            let apart =
                between.forbidden || (between.average() <= APART && to_third.average() + between.average() < OUTWEIGHS);
            apart && !to_third.forbidden && to_third.best >= join && to_third.average() > lead - LEAD
        })
        .map(|third| (torn, third))
}

fn merge(groups: &mut [Vec<usize>], across: &mut [Across], count: usize, into: usize, from: usize) {
    let moved = std::mem::take(&mut groups[from]);
    groups[into].extend(moved);
    for at in 0..count {
        if at != into && at != from {
            let sum = across[into * count + at].and(across[from * count + at]);
            (across[into * count + at], across[at * count + into]) = (sum, sum);
        }
    }
}

/// Keeps the strongest joins of a component that is too large until its parts are small enough.
fn divide_large(rows: &[u32], threshold: f32, constraints: &Constraints, judge: &mut impl Judge, into: &mut Division) {
    let higher = threshold.max(0.0) + 2.0;
    let mut left: Vec<u32> = rows.to_vec();
    while let Some(first) = left.pop() {
        let mut part = vec![first];
        let mut at = 0;
        while let Some(row) = part.get(at).copied() {
            at += 1;
            left.retain(|other| {
                let holds = constraints.on(row, *other) == Some(Word::Same) || {
                    let judgement = judge.judge(row, *other);
                    !judgement.forbids() && judgement.odds >= higher
                };
                if holds {
                    part.push(*other);
                }
                !holds
            });
        }
        part.sort_unstable_by_key(|row| (judge.rank(*row), *row));
        if part.len() > LARGEST && higher < crate::model::CERTAIN {
            divide_large(&part, higher, constraints, judge, into);
        } else if part.len() > LARGEST {
            into.people.push(part);
        } else {
            divide_small(&part, threshold, constraints, judge, into);
        }
    }
}
