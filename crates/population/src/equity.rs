//! Fairness in numbers, as they may be shown: every count by the rule of [`place::rounding`], every share and ratio from rounded counts
//! alone so that it says no more than they do, and what is coded beside what is known from elsewhere. An absence of codes is not an
//! absence of need.

use place::rounding::{Rounded, row};

use crate::cohort::{AGE_UNKNOWN, AGES, Cell, Slice, Sliced};

/// A cohort as it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// How many there are.
    pub count: Rounded,
    /// Of how many.
    pub of: Rounded,
    /// In a hundred; `None` where a count is not shown.
    pub percent: Option<f64>,
    /// For each slice its cells; `None` where they and the total would tell too much.
    pub slices: Vec<(Slice, Option<Vec<ToldCell>>)>,
}

/// A cell as it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldCell {
    /// Its name.
    pub name: String,
    /// How many are in it.
    pub count: Rounded,
    /// Of how many.
    pub of: Rounded,
    /// In a hundred, as it is.
    pub percent: Option<f64>,
    /// In a hundred, if it had the ages of the whole: directly standardised over bands of ten years, those with fewer than eight people
    /// here put with the next. `None` for slices of age, and where a count is not shown.
    pub standardised: Option<f64>,
    /// Counted over expected for its ages, with the limits of 95 in 100.
    pub ratio: Option<Ratio>,
}

/// Observed over expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// 1 where there are as many as expected.
    pub value: f64,
    /// Lower limit (Byar).
    pub lower: f64,
    /// Upper limit (Byar).
    pub upper: f64,
}

/// A cohort and its slices as they may be shown to whoever may put any question.
#[must_use]
pub fn told(sliced: &Sliced) -> Told {
    let (count, of) = (Rounded::of(sliced.count), Rounded::of(sliced.of));
    // Every slice divides the same people, so that the ages of any one make up the whole.
    let mut whole = [(0u64, 0u64); AGES];
    for (at, (inside, all)) in
        sliced.slices.first().into_iter().flat_map(|(_, cells)| cells).flat_map(|cell| (0..).zip(cell.ages))
    {
        whole[at].0 += u64::from(inside);
        whole[at].1 += u64::from(all);
    }
    let whole = whole.map(|(inside, all)| (steady(inside), steady(all)));
    let slices = sliced.slices.iter().map(|(slice, cells)| (*slice, of_slice(*slice, cells, &whole)));
    Told { count, of, percent: percent(count, of), slices: slices.collect() }
}

/// A count to reckon with: what can be seen of it, and for few the middle of what they can be.
fn steady(count: u64) -> f64 {
    Rounded::of(count).number().map_or(4.0, |count| count as f64)
}

fn percent(count: Rounded, of: Rounded) -> Option<f64> {
    let (count, of) = (count.number()?, of.number().filter(|of| *of > 0)?);
    Some(100.0 * count as f64 / of as f64)
}

fn of_slice(slice: Slice, cells: &[Cell], whole: &[(f64, f64); AGES]) -> Option<Vec<ToldCell>> {
    // Cells without anybody say nothing about anybody.
    let filled: Vec<&Cell> = cells.iter().filter(|cell| cell.of > 0).collect();
    let counts = row(&filled.iter().map(|cell| cell.count).collect::<Vec<_>>())?;
    let all = row(&filled.iter().map(|cell| cell.of).collect::<Vec<_>>())?;
    let cell = |((cell, count), of): ((&&Cell, Rounded), Rounded)| {
        let percent = percent(count, of);
        let standardised = if slice == Slice::Age || percent.is_none() { None } else { standardised(cell, whole) };
        let ratio = count.number().filter(|_| slice != Slice::Age && percent.is_some());
        let ratio = ratio.and_then(|count| ratio_of(count, expected(cell, whole)));
        ToldCell { name: cell.name.clone(), count, of, percent, standardised, ratio }
    };
    Some(filled.iter().zip(counts).zip(all).map(cell).collect())
}

/// How many there would be if each age here had the share that it has in the whole.
fn expected(cell: &Cell, whole: &[(f64, f64); AGES]) -> f64 {
    let own = |(at, (_, all)): (usize, (u32, u32))| {
        let (inside, of) = whole[at];
        if of > 0.0 { steady(u64::from(all)) * inside / of } else { 0.0 }
    };
    (0..).zip(cell.ages).map(own).sum()
}

/// The share of a cell with the ages of the whole, in a hundred.
fn standardised(cell: &Cell, whole: &[(f64, f64); AGES]) -> Option<f64> {
    // Inside, all, and the weight of the whole, band by band of those whose age is known.
    let mut groups: Vec<(f64, f64, f64)> = Vec::new();
    let mut open = (0.0, 0.0, 0.0);
    for (at, (inside, all)) in (0..).zip(cell.ages).filter(|(at, _)| *at != AGE_UNKNOWN) {
        open = (open.0 + steady(u64::from(inside)), open.1 + steady(u64::from(all)), open.2 + whole[at].1);
        if Rounded::of(u64::from(all)).number().is_some_and(|all| all > 0) {
            groups.push(std::mem::take(&mut open));
        }
    }
    // What is left at the end goes with the last that is large enough.
    let last = groups.last_mut()?;
    *last = (last.0 + open.0, last.1 + open.1, last.2 + open.2);
    let weights: f64 = groups.iter().map(|group| group.2).sum();
    let share = groups.iter().map(|(inside, all, weight)| (inside / all).min(1.0) * weight).sum::<f64>() / weights;
    Some(100.0 * share).filter(|share| share.is_finite())
}

/// Observed over expected with Byar's limits; `None` where nothing was expected.
#[must_use]
pub fn ratio_of(observed: u64, expected: f64) -> Option<Ratio> {
    const Z: f64 = 1.959_963_984_540_054;
    if expected <= 0.0 {
        return None;
    }
    let count = observed as f64;
    let lower =
        if observed == 0 { 0.0 } else { count * (1.0 - 1.0 / (9.0 * count) - Z / (3.0 * count.sqrt())).powi(3) };
    let above = count + 1.0;
    let upper = above * (1.0 - 1.0 / (9.0 * above) + Z / (3.0 * above.sqrt())).powi(3);
    Some(Ratio { value: count / expected, lower: lower / expected, upper: upper / expected })
}

/// What is coded against what is known from elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// How many are coded.
    pub coded: Rounded,
    /// How many there would be by the share that is known from elsewhere.
    pub expected: Rounded,
    /// How many more are expected than coded; nought where there are more coded. `None` where a count is not shown.
    pub not_coded: Option<Rounded>,
    /// Coded over expected. `None` where a count is not shown.
    pub found: Option<f64>,
}

/// The gap between those who are coded and a share known from elsewhere of the people that it is of: carers by the census, say. `None`
/// where the share is none.
#[must_use]
pub fn gap(coded: u64, of: u64, share: f64) -> Option<Gap> {
    if !(share > 0.0 && share <= 1.0) || of == 0 {
        return None;
    }
    let (coded, of) = (Rounded::of(coded), Rounded::of(of));
    let expected = Rounded::of((of.number()? as f64 * share).round() as u64);
    let both = coded.number().zip(expected.number());
    Some(Gap {
        coded,
        expected,
        not_coded: both.map(|(coded, expected)| Rounded::of(expected.saturating_sub(coded))),
        found: both.filter(|(_, expected)| *expected > 0).map(|(coded, expected)| coded as f64 / expected as f64),
    })
}

#[cfg(test)]
mod tests;
