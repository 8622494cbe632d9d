//! The evidence for very many simulated paths: eight at a time through every matrix, with tables in place of the slow functions.
//! Must say what [`super::evidence`] says; a test holds the two side by side. No real decision is taken on what it says.

use super::design::RAMPS;
use super::evidence::{Direction, Evidence, PRIOR};
use super::kernel::Kernel;
use super::student::GainTable;

/// How many paths go together.
pub const LANES: usize = 8;

/// Eight values, one a path.
pub type Lanes = [f64; LANES];

/// An [`Evidence`] made ready for very many paths.
pub struct Batch<'a> {
    evidence: &'a Evidence,
    looks: Vec<Look>,
    shapes: Vec<Vec<[f64; RAMPS.len()]>>,
}

/// One look, ready.
struct Look {
    rows: usize,
    half_degrees: u32,
    odd: bool,
    table: GainTable,
    /// A matrix each.
    constants: Vec<Constants>,
}

struct Constants {
    /// The marginal's scale relative to that of the first matrix.
    scale: f64,
    /// A shape each: `1 / sqrt(S + 1/g)`, with the direction's sign.
    shrink: [f64; RAMPS.len()],
    /// A shape each: `1 / sqrt(1 + g S)`, over how many shapes there are.
    weight: [f64; RAMPS.len()],
}

/// What one look finds on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// The evidence (no logarithm).
    pub e: Lanes,
    /// The matrix that fits best with no change.
    pub best: [usize; LANES],
}

impl<'a> Batch<'a> {
    /// Makes ready for these looks, in months after the change.
    #[must_use]
    pub fn new(evidence: &'a Evidence, looks: impl IntoIterator<Item = usize>) -> Self {
        let design = evidence.design();
        let sign = if evidence.direction() == Direction::Fall { 1.0 } else { -1.0 };
        let look = |look: usize| {
            let rows = design.rows_at(look);
            let kernels = evidence.kernels();
            let degrees = kernels.first().map_or(1, |kernel| kernel.degrees(rows));
            let reference = kernels.first().map_or(0.0, |kernel| kernel.log_scale(rows));
            let constants = |kernel: &Kernel| {
                let own = |shape: &Vec<f64>| shape[..rows].iter().map(|value| value * value).sum::<f64>();
                let mut ready = Constants {
                    scale: (kernel.log_scale(rows) - reference).exp(),
                    shrink: [0.0; RAMPS.len()],
                    weight: [0.0; RAMPS.len()],
                };
                for (at, shape) in kernel.shapes().iter().enumerate() {
                    let own = own(shape);
                    ready.shrink[at] = sign / (own + 1.0 / PRIOR).sqrt();
                    ready.weight[at] = 1.0 / ((1.0 + PRIOR * own).sqrt() * RAMPS.len() as f64);
                }
                ready
            };
            Look {
                rows,
                half_degrees: degrees / 2,
                odd: degrees % 2 == 1,
                table: GainTable::new(degrees),
                constants: kernels.iter().map(constants).collect(),
            }
        };
        let shapes = |kernel: &Kernel| {
            let at = |row: usize| {
                let mut values = [0.0; RAMPS.len()];
                for (value, shape) in values.iter_mut().zip(kernel.shapes()) {
                    *value = shape[row];
                }
                values
            };
            (0..design.months().len()).map(at).collect()
        };
        Self {
            evidence,
            looks: looks.into_iter().map(look).collect(),
            shapes: evidence.kernels().iter().map(shapes).collect(),
        }
    }

    /// The evidence of eight paths at each look; `figures` has a row each with eight values.
    #[must_use]
    pub fn see(&self, figures: &[Lanes]) -> Vec<Seen> {
        let mut sums = vec![[0.0; LANES]; self.looks.len()];
        let mut largest = vec![[0.0; LANES]; self.looks.len()];
        let mut best = vec![[0; LANES]; self.looks.len()];
        let mut reference = vec![[1.0; LANES]; self.looks.len()];
        let mut residuals = vec![[0.0; LANES]; figures.len()];
        let memories = self.evidence.grid().memories();
        let weights: f64 = memories.iter().map(|memory| memory.weight).sum();
        for (matrix, (kernel, shapes)) in self.evidence.kernels().iter().zip(&self.shapes).enumerate() {
            let counts = memories[matrix].weight / weights;
            multiply(kernel.rows(), figures, &mut residuals);
            let mut squares = [0.0; LANES];
            let mut with = [[0.0; LANES]; RAMPS.len()];
            let mut row = 0;
            for (at, look) in self.looks.iter().enumerate() {
                for (z, shape) in residuals[row..look.rows].iter().zip(&shapes[row..look.rows]) {
                    for lane in 0..LANES {
                        squares[lane] += z[lane] * z[lane];
                    }
                    for (sum, shape) in with.iter_mut().zip(shape) {
                        for lane in 0..LANES {
                            sum[lane] += shape * z[lane];
                        }
                    }
                }
                row = look.rows;
                if matrix == 0 {
                    reference[at] = squares;
                }
                let constants = &look.constants[matrix];
                let marginal = half_power(&reference[at], &squares, look.half_degrees, look.odd, constants.scale);
                let mut root = [0.0; LANES];
                for lane in 0..LANES {
                    root[lane] = squares[lane].sqrt().recip();
                }
                for lane in 0..LANES {
                    if counts > 0.0 {
                        let mut gain = 0.0;
                        for ((sum, shrink), weight) in with.iter().zip(constants.shrink).zip(constants.weight) {
                            gain += weight * look.table.gain(sum[lane] * root[lane] * shrink);
                        }
                        sums[at][lane] += counts * marginal[lane] * gain;
                    }
                    if marginal[lane] > largest[at][lane] {
                        largest[at][lane] = marginal[lane];
                        best[at][lane] = matrix;
                    }
                }
            }
        }
        let finish = |(at, sum): (usize, &Lanes)| {
            let mut e = [0.0; LANES];
            for lane in 0..LANES {
                e[lane] = sum[lane] / largest[at][lane];
            }
            Seen { e, best: best[at] }
        };
        sums.iter().enumerate().map(finish).collect()
    }
}

/// `scale * (reference / squares)^(degrees / 2)`, eight at a time, by multiplication alone.
fn half_power(reference: &Lanes, squares: &Lanes, half: u32, odd: bool, scale: f64) -> Lanes {
    let mut base = [0.0; LANES];
    let mut result = [scale; LANES];
    for lane in 0..LANES {
        base[lane] = reference[lane] / squares[lane];
    }
    if odd {
        for lane in 0..LANES {
            result[lane] *= base[lane].sqrt();
        }
    }
    let mut left = half;
    while left > 0 {
        if left & 1 == 1 {
            for lane in 0..LANES {
                result[lane] *= base[lane];
            }
        }
        for value in &mut base {
            *value *= *value;
        }
        left >>= 1;
    }
    result
}

/// A lower triangular matrix times a column of eight paths; two rows at a time, so that what is loaded is used twice.
fn multiply(rows: &[f64], figures: &[Lanes], into: &mut [Lanes]) {
    let size = (rows.len() as f64).sqrt().round() as usize;
    for (pair, out) in into.chunks_mut(2).enumerate() {
        let first = 2 * pair;
        let top = &rows[first * size..first * size + first + 1];
        let (mut a, mut b) = ([0.0; LANES], [0.0; LANES]);
        if let [upper, lower] = out {
            let next = &rows[(first + 1) * size..(first + 1) * size + first + 2];
            for ((x, y), figure) in top.iter().zip(next).zip(figures) {
                for lane in 0..LANES {
                    a[lane] += x * figure[lane];
                    b[lane] += y * figure[lane];
                }
            }
            for lane in 0..LANES {
                b[lane] += next[first + 1] * figures[first + 1][lane];
            }
            (*upper, *lower) = (a, b);
        } else if let [last] = out {
            for (x, figure) in top.iter().zip(figures) {
                for lane in 0..LANES {
                    a[lane] += x * figure[lane];
                }
            }
            *last = a;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::design::Design;
    use crate::gate::draw::Draw;
    use crate::gate::grid::Grid;

    #[test]
    fn eight_at_a_time_say_what_one_at_a_time_says() {
        for (baseline, horizon) in [(36, 14), (37, 15)] {
            for direction in [Direction::Fall, Direction::Rise] {
                let design = Design::new(baseline, 4, horizon, &[]).unwrap();
                let evidence = Evidence::new(design, Grid::robust(0.5), direction).unwrap();
                let batch = Batch::new(&evidence, 2..=horizon);
                let rows = evidence.design().months().len();
                let mut figures = vec![[0.0; LANES]; rows];
                for lane in 0..LANES {
                    let mut draw = Draw::new(5, 0, lane as u64);
                    let fall = -0.4 * lane as f64;
                    for (row, figure) in figures.iter_mut().enumerate() {
                        figure[lane] = draw.normal() + if evidence.design().since(row) > 0 { fall } else { 0.0 };
                    }
                }
                let seen = batch.see(&figures);
                for lane in 0..LANES {
                    let one: Vec<f64> = figures.iter().map(|figure| figure[lane]).collect();
                    let slow = evidence.looks(&one);
                    for (found, seen) in slow[1..].iter().zip(&seen) {
                        assert!(
                            (found.log_e - seen.e[lane].ln()).abs() < 1e-5,
                            "{lane} {found:?} {}",
                            seen.e[lane].ln()
                        );
                        assert_eq!(found.best, seen.best[lane], "{lane} {found:?}");
                    }
                }
            }
        }
    }
}
