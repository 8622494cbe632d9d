//! The slope and relative index of inequality: how much the measure differs between the two ends of the social scale, all
//! groups between them counted by their size. Must not be read as an effect of deprivation.
//!
//! Source: Low and Low, J Public Health 2004;26:388. The groups are ordered from the most to the least deprived; each stands at
//! the middle of its share of the population; the measure is regressed on that place with the square root of the share on both
//! sides. The interval has no closed form: each group's value is drawn from its own uncertainty, many times, from a seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Confidence, Estimate, Interval, MeasureError, not_negative, positive};
use crate::distribution::normal_quantile;

/// What kind of number the measure is, and so on which scale its uncertainty is symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Symmetric as it stands.
    #[default]
    Other,
    /// A rate: symmetric in its logarithm.
    Rate,
    /// A proportion between 0 and 1: symmetric in its log odds.
    Proportion,
}

impl Scale {
    fn there(self, value: f64) -> f64 {
        match self {
            Self::Other => value,
            Self::Rate => value.ln(),
            Self::Proportion => (value / (1.0 - value)).ln(),
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            Self::Other => value,
            Self::Rate => value.exp(),
            Self::Proportion => 1.0 / (1.0 + (-value).exp()),
        }
    }

    fn check(self, what: &'static str, value: f64) -> Result<f64, MeasureError> {
        let (ok, within) = match self {
            Self::Other => (value.is_finite(), "among the numbers"),
            Self::Rate => (value.is_finite() && value > 0.0, "above 0, for a rate's logarithm is taken"),
            Self::Proportion => {
                (value > 0.0 && value < 1.0, "between 0 and 1 without either, for a proportion's log odds are taken")
            }
        };
        if ok { Ok(value) } else { Err(MeasureError::Range { what, value, within }) }
    }

    /// As Fingertips' tables name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Other => "normal",
            Self::Rate => "rate",
            Self::Proportion => "proportion",
        }
    }
}

/// How sure a group's value is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Uncertainty {
    /// A standard error, on the scale's own terms (of the logarithm for a rate, of the log odds for a proportion).
    StandardError(f64),
    /// The 95% limits of the value.
    Limits(f64, f64),
}

/// One group of the social scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// People in it.
    pub population: f64,
    /// The measure's value for it.
    pub value: f64,
    /// How sure that is.
    pub uncertainty: Uncertainty,
}

/// How the indices are to be worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What kind of number the measure is.
    pub scale: Scale,
    /// Fit the line on the scale's own terms (the logarithm, the log odds), where the relation may be nearer to a line.
    pub transform: bool,
    /// Multiplies the slope; a negative one turns a measure round of which more is better, and inverts the relative index.
    pub multiplier: f64,
    /// How many times each group's value is drawn. 100,000 is usual.
    pub repetitions: usize,
    /// What the draws begin from: the same seed gives the same interval.
    pub seed: u64,
    /// How sure the intervals are to be.
    pub confidences: Vec<Confidence>,
}

/// The two indices.
#[derive(Debug, Clone, PartialEq)]
pub struct Inequality {
    /// The slope index: the fitted value at the least deprived end less that at the most deprived.
    pub slope: Estimate,
    /// The relative index: the one divided by the other.
    pub relative: Estimate,
    /// The fitted value at the most deprived end.
    pub intercept: f64,
    /// The fitted value at the least deprived end.
    pub least: f64,
}

/// The fitted line through the groups: its two coefficients as weights of the groups' values, made once and used for every draw.
struct Line {
    at_zero: Vec<f64>,
    slope: Vec<f64>,
}

impl Line {
    fn through(groups: &[Group]) -> Self {
        let all: f64 = groups.iter().map(|group| group.population).sum();
        let mut before = 0.0;
        // Each group's share of the population and the middle of its place among all.
        let places: Vec<(f64, f64)> = groups
            .iter()
            .map(|group| {
                let share = group.population / all;
                let middle = before + share / 2.0;
                before += share;
                (share, middle)
            })
            .collect();
        let centre: f64 = places.iter().map(|(share, middle)| share * middle).sum();
        let spread: f64 = places.iter().map(|(share, middle)| share * (middle - centre).powi(2)).sum();
        let slope: Vec<f64> = places.iter().map(|(share, middle)| share * (middle - centre) / spread).collect();
        let at_zero = places.iter().zip(&slope).map(|((share, _), slope)| share - centre * slope).collect();
        Self { at_zero, slope }
    }

    /// The fitted values at the most and the least deprived end.
    fn ends(&self, values: &[f64]) -> (f64, f64) {
        let at = |weights: &[f64]| weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<f64>();
        let low = at(&self.at_zero);
        (low, low + at(&self.slope))
    }
}

/// The indices of groups in order, the most deprived first.
///
/// # Errors
/// Fewer than 5 or more than 100 groups; a population that is not positive; a value, limit or error that its scale cannot have.
pub fn inequality(groups: &[Group], asked: &Asked) -> Result<Inequality, MeasureError> {
    if !(5..=100).contains(&groups.len()) {
        return Err(MeasureError::HowMany { what: "groups", there: groups.len(), wanted: "from 5 to 100" });
    }
    if asked.repetitions < 1000 {
        return Err(MeasureError::HowMany { what: "repetitions", there: asked.repetitions, wanted: "1,000 or more" });
    }
    if !asked.multiplier.is_finite() || asked.multiplier == 0.0 {
        return Err(MeasureError::Range { what: "multiplier", value: asked.multiplier, within: "above or below 0" });
    }
    let mut centres = Vec::with_capacity(groups.len());
    for group in groups {
        positive("population", group.population)?;
        let scale = asked.scale;
        let error = match group.uncertainty {
            Uncertainty::StandardError(error) => not_negative("standard error", error)?,
            Uncertainty::Limits(lower, upper) => {
                let lower = scale.there(scale.check("lower limit", lower)?);
                let upper = scale.there(scale.check("upper limit", upper)?);
                not_negative("upper limit less the lower", upper - lower)? / Confidence::NINETY_FIVE.z() / 2.0
            }
        };
        centres.push((scale.there(scale.check("value", group.value)?), error));
    }
    let line = Line::through(groups);
    let fitted = |on_scale: &[f64], values: &mut Vec<f64>| {
        values.clear();
        values.extend(on_scale.iter().map(|value| if asked.transform { *value } else { asked.scale.back(*value) }));
        let (low, high) = line.ends(values);
        if asked.transform { (asked.scale.back(low), asked.scale.back(high)) } else { (low, high) }
    };
    let mut values = Vec::with_capacity(groups.len());
    let means: Vec<f64> = centres.iter().map(|(mean, _)| *mean).collect();
    let (low, high) = fitted(&means, &mut values);

    let mut chance = ChaCha8Rng::seed_from_u64(asked.seed);
    let (mut slopes, mut ratios) = (Vec::with_capacity(asked.repetitions), Vec::with_capacity(asked.repetitions));
    let mut drawn = means.clone();
    for _ in 0..asked.repetitions {
        for (value, (mean, error)) in drawn.iter_mut().zip(&centres) {
            *value = mean + error * normal(&mut chance);
        }
        let (low, high) = fitted(&drawn, &mut values);
        slopes.push(high - low);
        ratios.push(high / low);
    }
    slopes.sort_unstable_by(f64::total_cmp);
    ratios.sort_unstable_by(f64::total_cmp);
    let turned = asked.multiplier < 0.0;
    let intervals = |sorted: &[f64], through: &dyn Fn(f64) -> f64| {
        asked
            .confidences
            .iter()
            .map(|confidence| {
                let (lower, upper) = percentiles(sorted, *confidence);
                let (lower, upper) = (through(lower), through(upper));
                let (lower, upper) = if turned { (upper, lower) } else { (lower, upper) };
                Interval { lower: Some(lower), upper: Some(upper) }
            })
            .collect()
    };
    let relative = |ratio: f64| if turned { 1.0 / ratio } else { ratio };
    Ok(Inequality {
        slope: Estimate {
            value: asked.multiplier * (high - low),
            intervals: intervals(&slopes, &|slope| asked.multiplier * slope),
        },
        relative: Estimate { value: relative(high / low), intervals: intervals(&ratios, &relative) },
        intercept: low,
        least: high,
    })
}

/// The order statistics at a confidence's two ends.
fn percentiles(sorted: &[f64], confidence: Confidence) -> (f64, f64) {
    let count = sorted.len() as f64;
    let at = |share: f64| {
        let place = (count * share).round_ties_even().clamp(1.0, count) as usize;
        sorted.get(place - 1).copied().unwrap_or(f64::NAN)
    };
    let upper = confidence.upper_probability();
    (at(1.0 - upper), at(upper))
}

/// A standard normal number.
fn normal(chance: &mut ChaCha8Rng) -> f64 {
    // The middle of one of 2^53 equal parts, so that neither 0 nor 1 can come.
    normal_quantile(((chance.next_u64() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked() -> Asked {
        Asked {
            scale: Scale::Other,
            transform: false,
            multiplier: 1.0,
            repetitions: 20_000,
            seed: 1,
            confidences: vec![Confidence::NINETY_FIVE],
        }
    }

    fn groups(values: &[f64], error: f64) -> Vec<Group> {
        let uncertainty = Uncertainty::StandardError(error);
        values.iter().map(|value| Group { population: 100.0, value: *value, uncertainty }).collect()
    }

    #[test]
    fn on_a_straight_line_the_slope_is_the_line_from_end_to_end() {
        // Middles at 0.1, 0.3, … 0.9; the line 10 - 5x.
        let on_line: Vec<f64> = [0.1, 0.3, 0.5, 0.7, 0.9].iter().map(|x| 10.0 - 5.0 * x).collect();
        let found = inequality(&groups(&on_line, 0.2), &asked()).unwrap();
        assert!((found.slope.value + 5.0).abs() < 1e-12 && (found.relative.value - 0.5).abs() < 1e-12);
        assert!((found.intercept - 10.0).abs() < 1e-12);
        let turned = inequality(&groups(&on_line, 0.2), &Asked { multiplier: -1.0, ..asked() }).unwrap();
        assert!((turned.slope.value - 5.0).abs() < 1e-12 && (turned.relative.value - 2.0).abs() < 1e-12);
        let (one, other) = (found.slope.intervals[0], turned.slope.intervals[0]);
        assert!((one.lower.unwrap() + other.upper.unwrap()).abs() < 1e-12);
        let rates = inequality(&groups(&on_line, 0.2), &Asked { scale: Scale::Rate, ..asked() }).unwrap();
        assert!((rates.slope.value + 5.0).abs() < 1e-12, "the value is the same on any scale without a transform");
    }

    #[test]
    fn the_simulated_interval_is_the_normal_one_where_that_is_exact() {
        // The slope is a weighted sum of normal values: its standard error follows from the weights.
        let five = groups(&[9.0, 8.0, 7.5, 6.0, 5.5], 0.4);
        let found = inequality(&five, &Asked { repetitions: 100_000, ..asked() }).unwrap();
        let weights = Line::through(&five).slope;
        let error = 0.4 * weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        let half = Confidence::NINETY_FIVE.z() * error;
        let Interval { lower, upper } = found.slope.intervals[0];
        assert!((lower.unwrap() - (found.slope.value - half)).abs() < 0.02 * error, "{lower:?}");
        assert!((upper.unwrap() - (found.slope.value + half)).abs() < 0.02 * error, "{upper:?}");
    }

    #[test]
    fn what_a_scale_cannot_have_is_refused() {
        let rate = |value: f64| {
            inequality(&groups(&[1.0, 1.0, 1.0, 1.0, value], 0.1), &Asked { scale: Scale::Rate, ..asked() })
        };
        assert!(rate(0.0).is_err() && rate(-1.0).is_err() && rate(f64::NAN).is_err() && rate(1.0).is_ok());
        assert!(inequality(&groups(&[1.0; 4], 0.1), &asked()).is_err());
        assert!(inequality(&groups(&[1.0; 5], -0.1), &asked()).is_err());
        assert!(inequality(&groups(&[1.0; 5], 0.1), &Asked { repetitions: 10, ..asked() }).is_err());
    }

    proptest! {
        // The slow way: least squares of √a·y on √a and √a·b by its normal equations.
        #[test]
        fn the_line_is_that_of_the_weighted_regression(rows in prop::collection::vec((1u32..10_000, -5.0f64..5.0), 5..12)) {
            let groups: Vec<Group> = rows
                .iter()
                .map(|(people, value)| Group { population: f64::from(*people), value: *value, uncertainty: Uncertainty::StandardError(0.0) })
                .collect();
            let all: f64 = groups.iter().map(|g| g.population).sum();
            let (mut s11, mut s12, mut s22, mut y1, mut y2, mut before) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
            for group in &groups {
                let share = group.population / all;
                let (one, two) = (share.sqrt(), share.sqrt() * (before + share / 2.0));
                before += share;
                let y = share.sqrt() * group.value;
                (s11, s12, s22, y1, y2) = (s11 + one * one, s12 + one * two, s22 + two * two, y1 + one * y, y2 + two * y);
            }
            let determinant = s11 * s22 - s12 * s12;
            let slope = (s11 * y2 - s12 * y1) / determinant;
            let values: Vec<f64> = groups.iter().map(|group| group.value).collect();
            let (low, high) = Line::through(&groups).ends(&values);
            prop_assert!((high - low - slope).abs() < 1e-6 * (1.0 + slope.abs()));
        }
    }
}
