//! Proportions with Wilson's score interval, which stays inside 0 and 1 and works at both ends. Must not be used for rates,
//! whose numerator may be more than the denominator.
//!
//! Source: Wilson, J Am Stat Assoc 1927;22:209; Newcombe and Altman, Statistics with Confidence (2000).

use super::{Confidence, Estimate, Interval, MeasureError, not_negative, positive};

/// Wilson's interval for `numerator` of `denominator`, as a share of 1.
///
/// # Errors
/// Negative counts, nobody, or more than all.
pub fn wilson(numerator: f64, denominator: f64, confidence: Confidence) -> Result<Interval, MeasureError> {
    let x = not_negative("numerator", numerator)?;
    let n = positive("denominator", denominator)?;
    if x > n {
        return Err(MeasureError::MoreThanAll { numerator, denominator });
    }
    let z = confidence.z();
    let root = z * (z * z + 4.0 * x * (1.0 - x / n)).sqrt();
    let at = |root: f64| (2.0 * x + z * z + root) / 2.0 / (n + z * z);
    Ok(Interval { lower: Some(at(-root).max(0.0)), upper: Some(at(root).min(1.0)) })
}

/// The proportion times `multiplier` (1 for a share, 100 for a percentage), with its intervals.
///
/// # Errors
/// As [`wilson`].
pub fn proportion(
    numerator: f64,
    denominator: f64,
    multiplier: f64,
    confidences: &[Confidence],
) -> Result<Estimate, MeasureError> {
    let intervals = confidences
        .iter()
        .map(|confidence| Ok(wilson(numerator, denominator, *confidence)?.map(|limit| limit * multiplier)))
        .collect::<Result<_, MeasureError>>()?;
    wilson(numerator, denominator, Confidence::NINETY_FIVE)?;
    Ok(Estimate { value: numerator / denominator * multiplier, intervals })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_proportion_of_nobody_nor_of_more_than_all() {
        let at = |x, n| wilson(x, n, Confidence::NINETY_FIVE);
        assert!(at(1.0, 0.0).is_err() && at(-1.0, 5.0).is_err() && at(6.0, 5.0).is_err() && at(f64::NAN, 5.0).is_err());
    }

    proptest! {
        // The limits are where a score test of the proportion would just reject: that is their definition.
        #[test]
        fn each_limit_is_z_standard_errors_from_the_proportion(x in 0u32..500, more in 1u32..500) {
            let (x, n) = (f64::from(x), f64::from(x + more));
            let Interval { lower, upper } = wilson(x, n, Confidence::NINETY_FIVE).unwrap();
            for limit in [lower.unwrap(), upper.unwrap()] {
                prop_assert!((0.0..=1.0).contains(&limit));
                let score = (x / n - limit).abs() - Confidence::NINETY_FIVE.z() * (limit * (1.0 - limit) / n).sqrt();
                prop_assert!(score.abs() < 1e-12, "{limit}");
            }
        }
    }
}
