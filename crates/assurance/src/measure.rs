//! Measures with honest intervals, by the methods that the Office for Health Improvement and Disparities publishes for
//! Fingertips (formerly Public Health England's technical guide): rates, proportions, standardised rates, inequality, funnels,
//! life expectancy. Pure arithmetic on counts; must not know where the counts come from or who may see them (small counts
//! are [`place::suppression`]'s).

pub mod count;
pub mod direct;
pub mod funnel;
pub mod indirect;
pub mod inequality;
pub mod life_table;
pub mod mean;
pub mod proportion;
pub mod rate;

use crate::distribution::normal_quantile;

/// How sure an interval is: a share above one half and below 1, such as 0.95.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence(f64);

impl Confidence {
    /// The usual one.
    pub const NINETY_FIVE: Self = Self(0.95);
    /// The one of control limits: about three standard deviations.
    pub const NINETY_NINE_POINT_EIGHT: Self = Self(0.998);

    /// From a share (0.95) or a percentage (95): from 50% to 99.99%.
    ///
    /// # Errors
    /// [`MeasureError::Confidence`] for anything else.
    pub fn new(level: f64) -> Result<Self, MeasureError> {
        let share = if level >= 50.0 { level / 100.0 } else { level };
        if (0.5..=0.9999).contains(&share) { Ok(Self(share)) } else { Err(MeasureError::Confidence { level }) }
    }

    /// The share.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0
    }

    /// The probability below the upper limit.
    #[must_use]
    pub fn upper_probability(self) -> f64 {
        self.0 + (1.0 - self.0) / 2.0
    }

    /// The normal deviate of the upper limit: 1.96 for 95%.
    #[must_use]
    pub fn z(self) -> f64 {
        normal_quantile(self.upper_probability())
    }

    /// As a column's name has it: `95_0`, `99_8`.
    #[must_use]
    pub fn label(self) -> String {
        format!("{:.1}", self.0 * 100.0).replace('.', "_")
    }

    /// As people read it: `95%`, `99.8%`.
    #[must_use]
    pub fn percent(self) -> String {
        let percent = format!("{:.2}", self.0 * 100.0);
        format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A confidence interval. Where a method has no limit on one side, that side is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

impl Interval {
    /// Both limits through an increasing function.
    #[must_use]
    pub fn map(self, with: impl Fn(f64) -> f64) -> Self {
        Self { lower: self.lower.map(&with), upper: self.upper.map(&with) }
    }
}

/// A value with its interval, one for each confidence that was asked for, in that order.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its intervals.
    pub intervals: Vec<Interval>,
}

/// Why a measure cannot be worked out. The words name the quantity; who reads a file adds file, line and column.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MeasureError {
    /// Not a usable confidence.
    #[error("a confidence of {level} cannot be used: give one between 50 and 99.99 (or 0.5 and 0.9999)")]
    Confidence {
        /// What was given.
        level: f64,
    },
    /// A count below zero, or no number.
    #[error("the {what} is {value}, and must be zero or more")]
    Negative {
        /// The quantity.
        what: &'static str,
        /// What was given.
        value: f64,
    },
    /// A population of nobody.
    #[error("the {what} is {value}, and must be more than zero")]
    NotPositive {
        /// The quantity.
        what: &'static str,
        /// What was given.
        value: f64,
    },
    /// More cases than people.
    #[error("{numerator} of {denominator} is no proportion: the numerator must not be more than the denominator")]
    MoreThanAll {
        /// The numerator.
        numerator: f64,
        /// The denominator.
        denominator: f64,
    },
    /// Too few groups, observations or bands.
    #[error("{what}: there are {there}, and {wanted} are needed")]
    HowMany {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        there: usize,
        /// How many are needed, in words.
        wanted: &'static str,
    },
    /// Outside the range of what it is.
    #[error("the {what} is {value}, and must lie {within}")]
    Range {
        /// The quantity.
        what: &'static str,
        /// What was given.
        value: f64,
        /// Where it must lie, in words.
        within: &'static str,
    },
}

/// A count that may be used as one.
pub(crate) fn not_negative(what: &'static str, value: f64) -> Result<f64, MeasureError> {
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(MeasureError::Negative { what, value }) }
}

/// A population that may be divided by.
pub(crate) fn positive(what: &'static str, value: f64) -> Result<f64, MeasureError> {
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err(MeasureError::NotPositive { what, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_a_share_or_a_percentage() {
        assert_eq!(Confidence::new(95.0), Ok(Confidence::NINETY_FIVE));
        assert_eq!(Confidence::new(0.998).unwrap().label(), "99_8");
        assert_eq!(Confidence::new(99.8).unwrap().percent(), "99.8%");
        assert_eq!(Confidence::NINETY_FIVE.percent(), "95%");
        for wrong in [0.0, 0.4, 1.0, 49.0, 100.0, f64::NAN, -0.95] {
            assert!(Confidence::new(wrong).is_err(), "{wrong}");
        }
    }
}
