//! From numbers to places, and which numbers to write on an axis.

/// One axis: numbers from `low` to `high` onto places from `start` to `end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
    step: f64,
}

impl Scale {
    /// An axis that holds all these numbers, and ends on round ones.
    pub(super) fn holding(numbers: impl IntoIterator<Item = f64>, start: f64, end: f64) -> Self {
        let (low, high) = numbers
            .into_iter()
            .filter(|number| number.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(number), high.max(number)));
        let (low, high) = match (low <= high, low < high) {
            (true, true) => (low, high),
            (true, false) => (low - 1.0, high + 1.0),
            _ => (0.0, 1.0),
        };
        let step = step(low, high);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, start, end, step }
    }

    /// An axis from one number to another, as they are.
    pub(super) fn between(low: f64, high: f64, start: f64, end: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, start, end, step: step(low, high) }
    }

    pub(super) fn at(&self, number: f64) -> f64 {
        let share = (number - self.low) / (self.high - self.low);
        self.start + share.clamp(0.0, 1.0) * (self.end - self.start)
    }

    /// The numbers to write, and their places.
    pub(super) fn ticks(&self) -> Vec<(f64, f64)> {
        let first = (self.low / self.step - 1e-9).ceil() as i64;
        let last = (self.high / self.step + 1e-9).floor() as i64;
        (first..=last).map(|times| times as f64 * self.step).map(|number| (number, self.at(number))).collect()
    }
}

/// One, two or five times a power of ten, so that some five of them fill the range.
fn step(low: f64, high: f64) -> f64 {
    let rough = ((high - low) / 5.0).max(f64::MIN_POSITIVE * 1e10);
    let power = 10.0_f64.powi(rough.log10().floor() as i32);
    [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough).unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_axis_holds_its_numbers_and_has_a_few_round_ticks(numbers in prop::collection::vec(-1e6f64..1e6, 1..20)) {
            let scale = Scale::holding(numbers.iter().copied(), 300.0, 20.0);
            for number in &numbers {
                prop_assert!((20.0..=300.0).contains(&scale.at(*number)));
            }
            let ticks = scale.ticks();
            prop_assert!((3..=12).contains(&ticks.len()), "{ticks:?}");
            prop_assert!(ticks.windows(2).all(|pair| pair[0].1 > pair[1].1));
        }
    }
}
