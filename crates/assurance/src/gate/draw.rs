//! Random numbers for simulations, each a function of a seed and a number: whichever thread draws a path, and in whatever order,
//! it is the same path. Must never be used where chance is to be kept secret.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// One stream of random numbers.
pub(crate) struct Draw {
    rng: ChaCha8Rng,
    spare: Option<f64>,
}

impl Draw {
    /// The stream with this number, of what is simulated for this purpose with this seed.
    pub(crate) fn new(seed: u64, purpose: u64, number: u64) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&purpose.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(number);
        Self { rng, spare: None }
    }

    fn unit(&mut self) -> f64 {
        (self.rng.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A number from the standard normal distribution (Box and Muller; both of each pair are used).
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let (sine, cosine) = (TAU * self.unit()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }

    /// A monthly count of this mean: Poisson, by the second-order expansion of its quantiles, which for means above 30 is within
    /// a hundredth of its standard deviation. Never below one, because a month without any is refused before it comes here.
    pub(crate) fn count(&mut self, mean: f64) -> f64 {
        let z = self.normal();
        (mean + mean.sqrt() * z + (z * z - 1.0) / 6.0).round().max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_a_function_of_its_name() {
        let first: Vec<f64> = (0..5).map(|_| 0.0).scan(Draw::new(1, 2, 3), |draw, _| Some(draw.normal())).collect();
        let again: Vec<f64> = (0..5).map(|_| 0.0).scan(Draw::new(1, 2, 3), |draw, _| Some(draw.normal())).collect();
        let other: Vec<f64> = (0..5).map(|_| 0.0).scan(Draw::new(1, 2, 4), |draw, _| Some(draw.normal())).collect();
        assert_eq!(first, again);
        assert_ne!(first, other);
    }

    #[test]
    fn normals_and_counts_have_their_moments() {
        let mut draw = Draw::new(7, 0, 0);
        let many = 200_000;
        let normals: Vec<f64> = (0..many).map(|_| draw.normal()).collect();
        let counts: Vec<f64> = (0..many).map(|_| draw.count(60.0)).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / f64::from(many);
        let variance = |values: &[f64]| {
            let centre = mean(values);
            values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / f64::from(many)
        };
        assert!(mean(&normals).abs() < 0.01 && (variance(&normals) - 1.0).abs() < 0.02);
        assert!((mean(&counts) - 60.0).abs() < 0.1 && (variance(&counts) - 60.0).abs() < 1.0);
    }
}
