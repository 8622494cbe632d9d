//! How long answers took: all of them kept, in microseconds, so that a percentile is a value that really happened.

/// Answers' times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    /// Adds one.
    pub(crate) fn add(&mut self, time: std::time::Duration) {
        self.0.push(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    /// Takes another's in.
    pub(crate) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Puts them in order, to be asked.
    pub(crate) fn sorted(mut self) -> Sorted {
        self.0.sort_unstable();
        Sorted(self.0)
    }
}

/// Answers' times in order.
#[derive(Debug, Clone)]
pub(crate) struct Sorted(Vec<u64>);

impl Sorted {
    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The time within which this share (0.5, 0.99) of the answers came, in milliseconds: the nearest rank.
    pub(crate) fn within(&self, share: f64) -> f64 {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        let index = rank.clamp(1, self.0.len().max(1)) - 1;
        self.0.get(index).map_or(0.0, |micros| *micros as f64 / 1_000.0)
    }

    /// The longest, in milliseconds.
    pub(crate) fn longest(&self) -> f64 {
        self.0.last().map_or(0.0, |micros| *micros as f64 / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn percentiles_are_values_that_happened() {
        let mut times = Latencies::default();
        for milliseconds in (1..=100).rev() {
            times.add(Duration::from_millis(milliseconds));
        }
        let sorted = times.sorted();
        assert_eq!((sorted.within(0.5), sorted.within(0.99), sorted.longest()), (50.0, 99.0, 100.0));
        assert_eq!(Latencies::default().sorted().within(0.5), 0.0);
    }
}
