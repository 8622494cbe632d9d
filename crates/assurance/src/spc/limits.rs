//! The mean and limits of a group of points from their moving ranges. Must not know the rules that are applied with them.

/// Limits are this many average moving ranges from the mean: 3 over the constant 1.128 of ranges of two, rounded as all tools do.
const WIDTH: f64 = 2.66;
/// A moving range of this many times the average or more is left out of the limits, where they are screened.
const OUT_OF_THE_ORDINARY: f64 = 3.267;

/// A group's mean and limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The mean of its baseline.
    pub mean: f64,
    /// The average moving range; `None` where there is none to average (one point; or all equal, when screened).
    pub range: Option<f64>,
}

impl Limits {
    /// Of a baseline, which has at least one value.
    pub(super) fn of(baseline: &[f64], screening: bool) -> Self {
        let ranges: Vec<f64> = baseline.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let range = mean(&ranges).and_then(|average| {
            if !screening {
                return Some(average);
            }
            let kept: Vec<f64> =
                ranges.iter().copied().filter(|range| *range < OUT_OF_THE_ORDINARY * average).collect();
            mean(&kept)
        });
        Self { mean: mean(baseline).unwrap_or(f64::NAN), range }
    }

    /// The lower process limit.
    #[must_use]
    pub fn lower(&self) -> Option<f64> {
        self.range.map(|range| self.mean - WIDTH * range)
    }

    /// The upper process limit.
    #[must_use]
    pub fn upper(&self) -> Option<f64> {
        self.range.map(|range| self.mean + WIDTH * range)
    }

    /// Beyond a limit; on it is not beyond.
    #[must_use]
    pub fn outside(&self, value: f64) -> Option<bool> {
        Some(value > self.upper()? || value < self.lower()?)
    }

    /// Within the limits, but beyond two thirds of the way to one.
    #[must_use]
    pub fn near(&self, value: f64) -> Option<bool> {
        let near = 2.0 * (WIDTH / 3.0) * self.range?;
        Some(!self.outside(value)? && (value < self.mean - near || value > self.mean + near))
    }

    /// Above (1), on (0) or below (-1) the mean.
    #[must_use]
    pub fn side(&self, value: f64) -> i8 {
        i8::from(value > self.mean) - i8::from(value < self.mean)
    }
}

/// The mean, correct to the last digit: a point on the mean is on neither side of it, so a sum that has lost its last digit would
/// change which points are marked.
fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        let other = next - sum;
        lost += (sum - (next - other)) + (value - other);
        sum = next;
    }
    let mean = (sum + lost) / count;
    // What the division left.
    let rest = (-mean).mul_add(count, sum) + lost;
    Some(mean + rest / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_values_have_exactly_their_own_mean() {
        for count in 1..40 {
            assert_eq!(mean(&vec![0.1; count]), Some(0.1), "{count}");
        }
        assert_eq!(mean(&[1e100, 1.0, -1e100]), Some(1.0 / 3.0));
    }

    #[test]
    fn one_point_has_no_limits() {
        let limits = Limits::of(&[4.0], true);
        assert_eq!((limits.mean, limits.range, limits.upper(), limits.outside(9.0)), (4.0, None, None, None));
        assert_eq!(Limits::of(&[4.0, 4.0], true).range, None, "screened, a range of none is not below itself");
        assert_eq!(Limits::of(&[4.0, 4.0], false).range, Some(0.0));
    }

    #[test]
    fn a_range_out_of_the_ordinary_is_left_out() {
        let values = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 50.0, 51.0];
        assert!(Limits::of(&values, true).range.unwrap() <= 1.0);
        assert!(Limits::of(&values, false).range.unwrap() > 7.0);
    }

    proptest! {
        #[test]
        fn the_mean_is_that_of_whole_numbers(values in prop::collection::vec(-1_000_000i64..1_000_000, 1..60)) {
            let (sum, count) = (values.iter().sum::<i64>(), values.len() as f64);
            let floats: Vec<f64> = values.iter().map(|value| *value as f64).collect();
            prop_assert_eq!(mean(&floats), Some(sum as f64 / count));
        }
    }
}
