//! The threshold: how much evidence a design, its looks and its grid would show by chance alone. Found by simulation with a seed
//! that is fixed at registration, so that anybody can find it again. Must not see any figure.

use serde::{Deserialize, Serialize};

use super::batch::{Batch, LANES};
use super::draw::Draw;
use super::evidence::Evidence;
use super::linear::{NotPositive, cholesky};

/// The fewest paths a matrix that a real decision may rest on.
pub const LEAST_PATHS: u32 = 20_000;

/// How to calibrate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The first look, in months after the change.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// The chance of a false alarm at any look, for the worst matrix.
    pub alpha: f64,
    /// Simulated paths for each matrix.
    pub paths: u32,
    /// What chance begins from.
    pub seed: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// How.
    pub plan: Plan,
    /// The threshold, as a natural logarithm: the largest of the quantiles.
    pub log_threshold: f64,
    /// For each matrix of the grid, the quantile of the largest evidence over the looks, as a logarithm.
    pub quantiles: Vec<f64>,
}

/// Simulates `plan.paths` paths for every matrix with no change in them, on so many threads; the result is the same for any
/// number of threads.
///
/// # Errors
/// Where a matrix of the grid is not positive definite.
pub fn calibrate(evidence: &Evidence, plan: Plan, threads: usize) -> Result<Calibration, NotPositive> {
    let looks = plan.first as usize..=plan.last as usize;
    let batch = Batch::new(evidence, looks);
    let size = evidence.design().months().len();
    let mut quantiles = Vec::with_capacity(evidence.grid().memories().len());
    for (matrix, memory) in evidence.grid().memories().iter().enumerate() {
        let factor = cholesky(&memory.matrix(evidence.design().months(), evidence.design().start()), size)?;
        let blocks = (plan.paths as usize).div_ceil(LANES);
        let mut highest: Vec<f64> = spread(blocks, threads, &|block| {
            let mut figures = vec![[0.0; LANES]; size];
            for lane in 0..LANES {
                let mut draw = Draw::new(plan.seed, 1 + matrix as u64, (block * LANES + lane) as u64);
                let shocks: Vec<f64> = (0..size).map(|_| draw.normal()).collect();
                for (row, figure) in figures.iter_mut().enumerate() {
                    figure[lane] = super::linear::dot(&factor[row * size..=row * size + row], &shocks);
                }
            }
            let mut highest = [0.0_f64; LANES];
            for seen in batch.see(&figures) {
                for (most, e) in highest.iter_mut().zip(seen.e) {
                    // What could not be worked out counts as the most there can be: it may only make the threshold higher.
                    *most = if e.is_nan() { f64::INFINITY } else { most.max(e) };
                }
            }
            highest
        })
        .concat();
        highest.truncate(plan.paths as usize);
        quantiles.push(upper_quantile(&mut highest, plan.alpha).ln());
    }
    let log_threshold = quantiles.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Ok(Calibration { plan, log_threshold, quantiles })
}

/// The value that a share of `alpha` of the values, or fewer, lie above.
fn upper_quantile(values: &mut [f64], alpha: f64) -> f64 {
    let rank = ((1.0 - alpha) * (values.len() as f64 + 1.0)).ceil() as usize;
    if values.is_empty() || rank > values.len() {
        return f64::INFINITY;
    }
    *values.select_nth_unstable_by(rank - 1, f64::total_cmp).1
}

/// Does numbered pieces of work on some threads, and gives their results in order.
pub(crate) fn spread<T: Send>(pieces: usize, threads: usize, work: &(impl Fn(usize) -> T + Sync)) -> Vec<T> {
    let threads = threads.clamp(1, pieces.max(1));
    let bounds: Vec<usize> = (0..=threads).map(|thread| thread * pieces / threads).collect();
    std::thread::scope(|scope| {
        let parts: Vec<_> = bounds
            .windows(2)
            .map(|bound| (bound[0], bound[1]))
            .map(|(from, to)| scope.spawn(move || (from..to).map(work).collect::<Vec<T>>()))
            .collect();
        let mut results = Vec::with_capacity(pieces);
        for part in parts {
            match part.join() {
                Ok(done) => results.extend(done),
                Err(fault) => std::panic::resume_unwind(fault),
            }
        }
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::design::Design;
    use crate::gate::evidence::Direction;
    use crate::gate::grid::Grid;

    #[test]
    fn the_threshold_is_the_same_on_any_number_of_threads() {
        let design = Design::new(36, 4, 14, &[]).unwrap();
        let evidence = Evidence::new(design, Grid::robust(0.5), Direction::Fall).unwrap();
        let plan = Plan { first: 12, last: 14, alpha: 0.025, paths: 203, seed: 11 };
        let one = calibrate(&evidence, plan, 1).unwrap();
        assert_eq!(one, calibrate(&evidence, plan, 3).unwrap());
        assert_ne!(one, calibrate(&evidence, Plan { seed: 12, ..plan }, 1).unwrap());
        assert_eq!(one.quantiles.len(), 21);
    }

    #[test]
    fn the_upper_quantile_is_never_too_low() {
        let mut values: Vec<f64> = (1..=39).map(f64::from).collect();
        assert_eq!(upper_quantile(&mut values, 0.025), 39.0);
        let mut few: Vec<f64> = (1..=38).map(f64::from).collect();
        assert_eq!(upper_quantile(&mut few, 0.025), f64::INFINITY);
        let mut values: Vec<f64> = (1..=1_000).map(f64::from).collect();
        assert_eq!(upper_quantile(&mut values, 0.025), 976.0);
    }
}
