//! Intervals for a count of events: Byar's approximation, and the exact Poisson limits where the count is small. Must not
//! know what is counted.
//!
//! Sources: Breslow and Day, Statistical Methods in Cancer Research II (IARC 1987), section 2.3; Armitage and Berry, Statistical
//! Methods in Medical Research (2002) for the exact limits as chi-squared quantiles.

use super::{Confidence, Interval, MeasureError, not_negative};
use crate::distribution::chi_squared_quantile;

/// From this count on, Byar's approximation is good enough.
pub const BYAR_FROM: f64 = 10.0;

/// Which of the two was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Byar's approximation, from [`BYAR_FROM`] on.
    Byar,
    /// Exact Poisson limits, below it.
    Exact,
}

impl Method {
    /// The one for this count.
    #[must_use]
    pub fn of(count: f64) -> Self {
        if count < BYAR_FROM { Self::Exact } else { Self::Byar }
    }

    /// As Fingertips' tables name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Byar => "Byars",
            Self::Exact => "Exact",
        }
    }
}

/// Byar's interval. With few events its lower limit would be negative, and then there is none.
///
/// # Errors
/// [`MeasureError::Negative`].
pub fn byar(count: f64, confidence: Confidence) -> Result<Interval, MeasureError> {
    let count = not_negative("count", count)?;
    let z = confidence.z();
    let limit = |x: f64, z: f64| x * (1.0 - 1.0 / (9.0 * x) + z / (3.0 * x.sqrt())).powi(3);
    let lower = if count > 0.0 { Some(limit(count, -z)).filter(|lower| *lower >= 0.0) } else { None };
    Ok(Interval { lower, upper: Some(limit(count + 1.0, z)) })
}

/// The exact interval: no Poisson mean outside it makes a count this far out likelier than the tail that is left.
///
/// # Errors
/// [`MeasureError::Negative`].
pub fn exact(count: f64, confidence: Confidence) -> Result<Interval, MeasureError> {
    let count = not_negative("count", count)?;
    let upper = confidence.upper_probability();
    let lower = if count == 0.0 { 0.0 } else { chi_squared_quantile(1.0 - upper, 2.0 * count) / 2.0 };
    Ok(Interval { lower: Some(lower), upper: Some(chi_squared_quantile(upper, 2.0 * count + 2.0) / 2.0) })
}

/// The interval by the method for this count.
///
/// # Errors
/// [`MeasureError::Negative`].
pub fn interval(count: f64, confidence: Confidence) -> Result<Interval, MeasureError> {
    match Method::of(count) {
        Method::Byar => byar(count, confidence),
        Method::Exact => exact(count, confidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::poisson_at_most;
    use proptest::prelude::*;

    #[test]
    fn byar_has_no_lower_limit_where_it_would_be_negative() {
        assert_eq!(byar(1.0, Confidence::NINETY_NINE_POINT_EIGHT).unwrap().lower, None);
        assert_eq!(byar(0.0, Confidence::NINETY_FIVE).unwrap().lower, None);
        assert!(byar(-1.0, Confidence::NINETY_FIVE).is_err() && exact(f64::NAN, Confidence::NINETY_FIVE).is_err());
    }

    #[test]
    fn a_count_of_none_is_bounded_by_the_rule_of_three() {
        let upper = exact(0.0, Confidence::new(0.9).unwrap()).unwrap().upper.unwrap();
        assert!((upper - 20.0_f64.ln()).abs() < 1e-12, "five in a hundred of nothing: -ln 0.05, {upper}");
    }

    proptest! {
        #[test]
        fn exact_limits_leave_exactly_the_tail(count in 1u32..200, level in 0.9f64..0.999) {
            let confidence = Confidence::new(level).unwrap();
            let tail = 1.0 - confidence.upper_probability();
            let Interval { lower, upper } = exact(f64::from(count), confidence).unwrap();
            prop_assert!((poisson_at_most(f64::from(count), upper.unwrap()) - tail).abs() < 1e-11);
            prop_assert!((1.0 - poisson_at_most(f64::from(count - 1), lower.unwrap()) - tail).abs() < 1e-11);
        }

        #[test]
        fn byar_is_near_the_exact_limits_from_ten_on(count in 10u32..2000) {
            let (byar, exact) = (byar(f64::from(count), Confidence::NINETY_FIVE).unwrap(), exact(f64::from(count), Confidence::NINETY_FIVE).unwrap());
            prop_assert!((byar.lower.unwrap() / exact.lower.unwrap() - 1.0).abs() < 0.005);
            prop_assert!((byar.upper.unwrap() / exact.upper.unwrap() - 1.0).abs() < 0.005);
        }
    }
}
