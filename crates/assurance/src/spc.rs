//! Statistical process control: an XmR chart by NHS England's Making Data Count rules. It says "look here"; it must never be
//! read as proof that a change is real and lasting, nor that a bed may go: with no true effect it cries wolf in one world of
//! ten at best, and in most once growth pauses. That proof is the gate's.
//!
//! To the letter of `ptd_spc` in NHSRplotthedots (MIT, NHS-R community, commit 050b07d), which this is tested against: limits are
//! the mean ± 2.66 average moving ranges, without the ranges that are 3.267 times the average or more; a group of points
//! begins anew at each rebasing; with a fixed baseline only the first points of a group make its limits.

mod icon;
mod limits;
mod rules;

use jiff::civil::Date;

pub use icon::{Assurance, Variation};
pub use limits::Limits;
pub use rules::SpecialCause;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Improvement {
    /// More is better.
    Increase,
    /// Less is better.
    Decrease,
    /// Neither.
    Neutral,
}

/// One observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// When: the first day of its month, week or day.
    pub at: Date,
    /// What was measured.
    pub value: f64,
}

/// What chart is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Which way is better.
    pub improvement: Improvement,
    /// Limits from only so many first points of each group (12 or more); `None` for all of them.
    pub fix_after: Option<usize>,
    /// Where the process is known to have changed: limits begin anew at these points.
    pub rebase: Vec<Date>,
    /// Leave moving ranges out of the limits that are themselves out of the ordinary. Making Data Count's own tool does not.
    pub screening: bool,
    /// What is to be reached.
    pub target: Option<f64>,
    /// Draw on where months or weeks are missing.
    pub allow_gaps: bool,
}

impl Asked {
    /// A chart of all points, screened, without a target.
    #[must_use]
    pub fn of(improvement: Improvement) -> Self {
        Self { improvement, fix_after: None, rebase: Vec::new(), screening: true, target: None, allow_gaps: false }
    }
}

/// What a point's special cause means to those who want the improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointType {
    /// Within what the process does by itself.
    CommonCause,
    /// For the better.
    Improvement,
    /// For the worse.
    Concern,
    /// High, where neither way is better.
    NeutralHigh,
    /// Low, where neither way is better.
    NeutralLow,
}

impl PointType {
    /// The name in NHSRplotthedots' tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::Improvement => "special_cause_improvement",
            Self::Concern => "special_cause_concern",
            Self::NeutralHigh => "special_cause_neutral_high",
            Self::NeutralLow => "special_cause_neutral_low",
        }
    }

    fn of(cause: Option<SpecialCause>, improvement: Improvement) -> Self {
        let Some(cause) = cause else { return Self::CommonCause };
        match (improvement, cause.is_high()) {
            (Improvement::Neutral, true) => Self::NeutralHigh,
            (Improvement::Neutral, false) => Self::NeutralLow,
            (Improvement::Increase, true) | (Improvement::Decrease, false) => Self::Improvement,
            _ => Self::Concern,
        }
    }
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// What was observed.
    pub observation: Observation,
    /// Which group it is in, from 0; a rebasing begins the next.
    pub group: usize,
    /// Its group has fewer than 13 points, so that its limits are on trial.
    pub short_group: bool,
    /// It helped to make its group's limits.
    pub in_baseline: bool,
    /// Its group's mean and limits.
    pub limits: Limits,
    /// Outside the limits; `None` where there are none.
    pub outside: Option<bool>,
    /// Above (1), on (0) or below (-1) the mean.
    pub side: i8,
    /// Within the limits but in their outer third; `None` where there are none.
    pub near_limit: Option<bool>,
    /// The first rule that marks it.
    pub cause: Option<SpecialCause>,
    /// What that means.
    pub kind: PointType,
}

/// A chart: its points, and its two icons.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// In order of time.
    pub points: Vec<Point>,
    /// What the last point says of variation.
    pub variation: Variation,
    /// Whether the target will be met as things are; `None` without a target, or where neither way is better.
    pub assurance: Option<Assurance>,
}

/// Why there is no chart.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SpcError {
    /// Nothing to draw.
    #[error("there are no observations to draw")]
    Nothing,
    /// No number.
    #[error("the value of {at} is {value}, which cannot be drawn")]
    Value {
        /// Whose value.
        at: Date,
        /// What is there.
        value: f64,
    },
    /// Two values for one time.
    #[error("{at} is there twice: give each time one value, the one that holds")]
    Twice {
        /// The time.
        at: Date,
    },
    /// A time is missing.
    #[error(
        "nothing between {after} and {before}, where the others are {step} apart: fill the gap, or say that gaps are allowed"
    )]
    Gap {
        /// The last before it.
        after: Date,
        /// The first after it.
        before: Date,
        /// The step of the others, in words.
        step: &'static str,
    },
    /// A baseline too short to fix.
    #[error("limits cannot be fixed after {points} points: a baseline has 12 or more")]
    Baseline {
        /// What was asked for.
        points: usize,
    },
    /// A rebasing at no point.
    #[error("limits cannot begin anew on {at}: no observation is of that day")]
    NoSuchPoint {
        /// The day.
        at: Date,
    },
}

/// A group with fewer points than this has limits on trial.
const SHORT: usize = 13;
/// The fewest points that limits may be fixed on.
const BASELINE: usize = 12;

/// The chart of these observations, in any order.
///
/// # Errors
/// [`SpcError`]: no or double observations, gaps, a baseline or a rebasing that cannot be.
pub fn chart(observations: &[Observation], asked: &Asked) -> Result<Chart, SpcError> {
    let observations = in_order(observations, asked)?;
    let mut points = Vec::with_capacity(observations.len());
    let begins = |observation: &Observation| asked.rebase.contains(&observation.at);
    let mut rest = observations.as_slice();
    let mut number = usize::from(rest.first().is_some_and(begins));
    while let Some((_, others)) = rest.split_first() {
        let (group, after) = rest.split_at(1 + others.iter().position(begins).unwrap_or(others.len()));
        points.extend(grouped(group, number, asked));
        rest = after;
        number += 1;
    }
    let last = points.last().ok_or(SpcError::Nothing)?;
    let variation = Variation::of(last.kind, asked.improvement);
    let assurance = asked.target.and_then(|target| Assurance::of(last.limits, target, asked.improvement));
    Ok(Chart { points, variation, assurance })
}

/// The points of one group.
fn grouped(group: &[Observation], number: usize, asked: &Asked) -> Vec<Point> {
    let values: Vec<f64> = group.iter().map(|observation| observation.value).collect();
    let baseline = asked.fix_after.unwrap_or(usize::MAX).min(values.len());
    let limits = Limits::of(&values[..baseline], asked.screening);
    let marks = rules::special_causes(&values, limits);
    group
        .iter()
        .zip(marks)
        .enumerate()
        .map(|(place, (observation, cause))| Point {
            observation: *observation,
            group: number,
            short_group: group.len() < SHORT,
            in_baseline: place < baseline,
            limits,
            outside: limits.outside(observation.value),
            side: limits.side(observation.value),
            near_limit: limits.near(observation.value),
            cause,
            kind: PointType::of(cause, asked.improvement),
        })
        .collect()
}

/// The observations in order of time, if a chart can be drawn of them.
fn in_order(observations: &[Observation], asked: &Asked) -> Result<Vec<Observation>, SpcError> {
    if let Some(points) = asked.fix_after.filter(|points| *points < BASELINE) {
        return Err(SpcError::Baseline { points });
    }
    if let Some(bad) = observations.iter().find(|observation| !observation.value.is_finite()) {
        return Err(SpcError::Value { at: bad.at, value: bad.value });
    }
    let mut observations = observations.to_vec();
    observations.sort_by_key(|observation| observation.at);
    for pair in observations.windows(2) {
        if let [one, two] = pair
            && one.at == two.at
        {
            return Err(SpcError::Twice { at: one.at });
        }
    }
    for at in &asked.rebase {
        if !observations.iter().any(|observation| observation.at == *at) {
            return Err(SpcError::NoSuchPoint { at: *at });
        }
    }
    if !asked.allow_gaps {
        gap(&observations)?;
    }
    Ok(observations)
}

/// A missing month, quarter, year or week. Days may be missing: weekends and holidays are.
fn gap(observations: &[Observation]) -> Result<(), SpcError> {
    let pairs = || {
        observations.windows(2).filter_map(|pair| match pair {
            [one, two] => Some((one.at, two.at)),
            _ => None,
        })
    };
    let months = |(one, two): (Date, Date)| {
        i32::from(two.year() - one.year()) * 12 + i32::from(two.month()) - i32::from(one.month())
    };
    let days = |(one, two): (Date, Date)| (two - one).get_days();
    let ends = |date: Date| date.day() == date.days_in_month();
    let monthly = pairs().all(|(one, two)| one.day() == two.day() || (ends(one) && ends(two)));
    let (step, name): (&dyn Fn((Date, Date)) -> i32, _) = if monthly {
        (&months, ["a month", "a quarter", "a year"])
    } else if pairs().all(|pair| days(pair) % 7 == 0) {
        (&days, ["a week", "a week", "a week"])
    } else {
        return Ok(());
    };
    let Some(least) = pairs().map(step).min() else { return Ok(()) };
    let name = match least {
        3 => name[1],
        12 => name[2],
        _ => name[0],
    };
    match pairs().find(|pair| step(*pair) != least) {
        Some((after, before)) => Err(SpcError::Gap { after, before, step: name }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
