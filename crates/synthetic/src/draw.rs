//! Randomness that is a function of its name: the seed, what it is for, and whose it is. Must never be shared between two
//! people or two purposes, so that making one person alone gives the same person.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for. The number is part of the borough: changing it makes another borough.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Layout = 1,
    Conditions = 2,
    Roles = 3,
    Birth = 4,
    Name = 5,
    Household = 6,
    Contact = 7,
    Use = 8,
    Death = 9,
    Onset = 10,
    Hospital = 11,
    Community = 12,
    Practice = 13,
    Council = 14,
    Mind = 15,
    Home = 16,
    Homeless = 17,
}

/// One stream.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of this seed and purpose that belongs to `whose`.
    pub(crate) fn new(seed: u64, purpose: Purpose, whose: u64) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = purpose as u8;
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(whose);
        Self(rng)
    }

    /// Any 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 up to but not 1.
    pub(crate) fn unit(&mut self) -> f64 {
        // 53 bits are all that a double holds.
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Whether something of this probability comes about.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from 0 up to but not `limit`; 0 for a limit of 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.0.next_u64()) * limit as u128) >> 64) as usize
    }

    /// A number from the standard normal distribution.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// How often something happens that happens `mean` times on average.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        // By products of uniforms; in parts, so that a large mean cannot underflow.
        let mut left = mean;
        let mut count = 0;
        while left > 0.0 {
            let part = left.min(16.0);
            left -= part;
            let limit = (-part).exp();
            let mut product = self.unit();
            while product > limit {
                count += 1;
                product *= self.unit();
            }
        }
        count
    }

    /// One of some, all equally likely.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// The place in a list of weights, each with the probability of its weight.
    pub(crate) fn weighted(&mut self, weights: impl IntoIterator<Item = f64> + Clone) -> usize {
        let total: f64 = weights.clone().into_iter().sum();
        let mut left = self.unit() * total;
        let mut last = 0;
        for (index, weight) in weights.into_iter().enumerate() {
            if weight > 0.0 {
                last = index;
            }
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        last
    }

    /// Puts a list in random order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let other = self.below(end + 1);
            list.swap(end, other);
        }
    }
}

/// Draws each item with its own probability so that the number drawn is the sum of the probabilities, rounded up or down,
/// and so is the number in any run of neighbours, nearly. This is the ordered pivotal method (Deville and Tillé 1998):
/// two neighbours fight, one takes as much of the other's probability as it can hold, and the one left undecided fights on.
pub(crate) fn pivotal(draw: &mut Draw, probabilities: &[f64], mut chosen: impl FnMut(usize)) {
    let mut holder: Option<(usize, f64)> = None;
    for (index, &probability) in probabilities.iter().enumerate() {
        if probability <= 0.0 {
            continue;
        }
        if probability >= 1.0 {
            chosen(index);
            continue;
        }
        let Some((other, held)) = holder else {
            holder = Some((index, probability));
            continue;
        };
        let sum = held + probability;
        if sum < 1.0 {
            let winner = if draw.unit() * sum < held { other } else { index };
            holder = Some((winner, sum));
        } else {
            let first_wins = draw.unit() * (2.0 - sum) < 1.0 - probability;
            let (winner, loser) = if first_wins { (other, index) } else { (index, other) };
            chosen(winner);
            holder = (sum > 1.0).then_some((loser, sum - 1.0));
        }
    }
    if let Some((index, left)) = holder
        && draw.chance(left)
    {
        chosen(index);
    }
}

/// Shares a whole number in proportion to weights: the parts add up to it, each within one of its due.
pub(crate) fn shares(total: u32, weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let due: Vec<f64> = weights.iter().map(|weight| weight / sum * f64::from(total)).collect();
    let mut parts: Vec<u32> = due.iter().map(|part| part.floor() as u32).collect();
    let left = total.saturating_sub(parts.iter().sum()) as usize;
    let mut order: Vec<usize> = (0..due.len()).collect();
    order.sort_by(|a, b| (due[*b] - due[*b].floor()).total_cmp(&(due[*a] - due[*a].floor())).then(a.cmp(b)));
    for index in order.into_iter().take(left) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stream_is_its_name_and_no_other() {
        let first = |seed, purpose, whose| Draw::new(seed, purpose, whose).bits();
        assert_eq!(first(1, Purpose::Name, 5), first(1, Purpose::Name, 5));
        assert_ne!(first(1, Purpose::Name, 5), first(2, Purpose::Name, 5));
        assert_ne!(first(1, Purpose::Name, 5), first(1, Purpose::Birth, 5));
        assert_ne!(first(1, Purpose::Name, 5), first(1, Purpose::Name, 6));
    }

    #[test]
    fn poisson_keeps_its_mean_and_spread() {
        let mut draw = Draw::new(3, Purpose::Use, 0);
        for mean in [0.2, 3.0, 40.0] {
            let counts: Vec<f64> = (0..20_000).map(|_| f64::from(draw.poisson(mean))).collect();
            let average = counts.iter().sum::<f64>() / 20_000.0;
            let variance = counts.iter().map(|count| (count - average).powi(2)).sum::<f64>() / 20_000.0;
            assert!((average / mean - 1.0).abs() < 0.05 && (variance / mean - 1.0).abs() < 0.06, "{mean}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up(total in 0_u32..10_000, weights in prop::collection::vec(0.01_f64..9.0, 1..40)) {
            let parts = shares(total, &weights);
            prop_assert_eq!(parts.iter().sum::<u32>(), total);
        }

        #[test]
        fn pivotal_draws_the_sum(seed in 0_u64..500, probabilities in prop::collection::vec(0.0_f64..1.0, 1..200)) {
            let mut count = 0_u32;
            pivotal(&mut Draw::new(seed, Purpose::Roles, 0), &probabilities, |_| count += 1);
            prop_assert!((f64::from(count) - probabilities.iter().sum::<f64>()).abs() < 1.0);
        }
    }
}
