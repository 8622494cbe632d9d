//! Means with Student's t interval. Must not be used for counts or proportions, which have their own.

use super::{Confidence, Estimate, Interval, MeasureError, not_negative, positive};
use crate::distribution::student_quantile;

/// The mean of `count` observations from their sum and sample standard deviation, with its intervals.
///
/// # Errors
/// Fewer than two observations; a negative standard deviation; a sum that is no number.
pub fn mean(
    sum: f64,
    count: f64,
    standard_deviation: f64,
    confidences: &[Confidence],
) -> Result<Estimate, MeasureError> {
    let count = positive("number of observations", count)?;
    let spread = not_negative("standard deviation", standard_deviation)?;
    if count < 2.0 {
        return Err(MeasureError::HowMany { what: "observations", there: 1, wanted: "two or more" });
    }
    if !sum.is_finite() {
        return Err(MeasureError::Range { what: "sum", value: sum, within: "among the numbers" });
    }
    let value = sum / count;
    let interval = |confidence: &Confidence| {
        let half = student_quantile(confidence.upper_probability(), count - 1.0) * spread / count.sqrt();
        Interval { lower: Some(value - half), upper: Some(value + half) }
    };
    Ok(Estimate { value, intervals: confidences.iter().map(interval).collect() })
}

/// The same from the observations themselves.
///
/// # Errors
/// As [`mean`].
pub fn mean_of(values: &[f64], confidences: &[Confidence]) -> Result<Estimate, MeasureError> {
    let count = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let centre = sum / count;
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    mean(sum, count, if values.len() < 2 { 0.0 } else { (squares / (count - 1.0)).sqrt() }, confidences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_textbook() {
        // Ten observations with mean 5 and standard deviation 2: 5 ± 2.262157162798205 × 2/√10.
        let estimate = mean(50.0, 10.0, 2.0, &[Confidence::NINETY_FIVE]).unwrap();
        let half = 2.262_157_162_798_205 * 2.0 / 10.0_f64.sqrt();
        assert!((estimate.intervals[0].lower.unwrap() - (5.0 - half)).abs() < 1e-12);
        assert!((estimate.intervals[0].upper.unwrap() - (5.0 + half)).abs() < 1e-12);
        let same = mean_of(&[3.0, 7.0], &[Confidence::NINETY_FIVE]).unwrap();
        assert!((same.value - 5.0).abs() < 1e-12);
        assert!(mean_of(&[3.0], &[]).is_err() && mean_of(&[], &[]).is_err() && mean(1.0, 5.0, -1.0, &[]).is_err());
    }
}
