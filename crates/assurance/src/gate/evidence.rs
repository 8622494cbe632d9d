//! The evidence that something changed: a number that is 1 on average, or less, while nothing has changed, whatever the level,
//! the seasons, the scale, and whichever matrix of the grid is the true one, at any number of looks (an e-process). Above 40 it
//! would be seen in fewer than one world in 40 that ever lived. Must not choose anything by looking at the figures.
//!
//! For the true matrix the ratio of the two right-Haar marginals is a martingale that begins at one; dividing by the largest
//! marginal of the grid, not the unknown true one, can only make it smaller. See docs/adr/0012 for sources.

use super::design::{Design, RAMPS};
use super::grid::Grid;
use super::kernel::Kernel;
use super::linear::{NotPositive, dot};
use super::student::log_gain;

/// How wide the prior of the effect is: variance in units of the figures' own.
pub const PRIOR: f64 = 9.0;

/// In which direction a change is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Fewer: the gate.
    Fall,
    /// More: the watch over harm after beds have gone.
    Rise,
}

impl Direction {
    fn sign(self) -> f64 {
        match self {
            Self::Fall => 1.0,
            Self::Rise => -1.0,
        }
    }
}

/// A design with every matrix of a grid worked out.
#[derive(Debug, Clone)]
pub struct Evidence {
    design: Design,
    grid: Grid,
    direction: Direction,
    kernels: Vec<Kernel>,
}

/// What one look finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Months after the change.
    pub look: usize,
    /// The evidence, as a natural logarithm.
    pub log_e: f64,
    /// Which matrix of the grid fits best when nothing is assumed to have changed.
    pub best: usize,
    /// The step's size under that matrix, as a difference of logarithms.
    pub step: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Evidence {
    /// Works every matrix out.
    ///
    /// # Errors
    /// Where a matrix is not positive definite over the design's months.
    pub fn new(design: Design, grid: Grid, direction: Direction) -> Result<Self, NotPositive> {
        let kernels = grid.memories().iter().map(|memory| Kernel::new(&design, memory)).collect::<Result<_, _>>()?;
        Ok(Self { design, grid, direction, kernels })
    }

    /// The design.
    #[must_use]
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The grid.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The direction.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The matrices, worked out.
    #[must_use]
    pub fn kernels(&self) -> &[Kernel] {
        &self.kernels
    }

    /// Takes a column of figures (logarithms, one for each of the design's rows up to the last look) to its residuals under every
    /// matrix.
    #[must_use]
    pub fn residuals(&self, figures: &[f64]) -> Residuals<'_> {
        let each = self.kernels.iter().map(|kernel| kernel.residuals(figures)).collect();
        Residuals { evidence: self, each, left_out: None }
    }

    /// What each look finds, from the first month after the change to the last that figures reach.
    #[must_use]
    pub fn looks(&self, figures: &[f64]) -> Vec<Finding> {
        let residuals = self.residuals(figures);
        let reach = (1..=self.design.horizon()).take_while(|look| self.design.rows_at(*look) <= figures.len());
        reach.map(|look| residuals.look(look)).collect()
    }
}

/// Figures as every matrix sees them.
#[derive(Debug, Clone)]
pub struct Residuals<'a> {
    evidence: &'a Evidence,
    each: Vec<Vec<f64>>,
    left_out: Option<usize>,
}

impl<'a> Residuals<'a> {
    /// The same as if one row had not been there.
    #[must_use]
    pub fn without(&self, row: usize) -> Self {
        Self { left_out: Some(row), ..self.clone() }
    }

    /// The same as if the effect had been smaller by `amount` of a shape: figures plus `amount` times the shape.
    #[must_use]
    pub fn shifted(&self, shape: usize, amount: f64) -> Self {
        let mut shifted = self.clone();
        for (each, kernel) in shifted.each.iter_mut().zip(&self.evidence.kernels) {
            for (value, by) in each.iter_mut().zip(&kernel.shapes()[shape]) {
                *value += amount * by;
            }
        }
        shifted
    }

    /// The residuals under one matrix.
    #[must_use]
    pub fn under(&self, matrix: usize) -> &[f64] {
        &self.each[matrix]
    }

    /// The evidence they are part of.
    #[must_use]
    pub fn evidence(&self) -> &'a Evidence {
        self.evidence
    }

    /// What the look so many months after the change finds.
    #[must_use]
    pub fn look(&self, look: usize) -> Finding {
        let evidence = self.evidence;
        let rows = evidence.design.rows_at(look).min(self.each.first().map_or(0, Vec::len));
        let mut finding = Finding { look, log_e: 0.0, best: 0, step: 0.0, standard_error: f64::INFINITY };
        let mut largest = f64::NEG_INFINITY;
        let mut terms = Vec::with_capacity(evidence.kernels.len() * RAMPS.len());
        let memories = evidence.grid.memories();
        for (matrix, ((kernel, z), memory)) in evidence.kernels.iter().zip(&self.each).zip(memories).enumerate() {
            let out = self.left_out.filter(|row| *row < rows).map(|row| Unit::of(kernel.residuals_of_row(row), rows));
            let inner = |a: &[f64], b: &[f64]| {
                dot(&a[..rows], &b[..rows]) - out.as_ref().map_or(0.0, |unit| unit.along(a) * unit.along(b))
            };
            let squares = inner(z, z).max(f64::MIN_POSITIVE);
            let degrees = kernel.degrees(rows) - u32::from(out.is_some());
            let log_scale = kernel.log_scale(rows) - out.as_ref().map_or(0.0, |unit| unit.length.ln());
            let marginal = log_scale - 0.5 * f64::from(degrees) * squares.ln();
            for shape in kernel.shapes().iter().filter(|_| memory.weight > 0.0) {
                let (own, with) = (inner(shape, shape), inner(shape, z));
                let rho = evidence.direction.sign() * with / ((own + 1.0 / PRIOR) * squares).sqrt();
                terms.push(marginal + memory.weight.ln() - 0.5 * (PRIOR * own).ln_1p() + log_gain(rho, degrees));
            }
            if marginal > largest {
                largest = marginal;
                finding.best = matrix;
                let step = &kernel.shapes()[0];
                let (own, with) = (inner(step, step), inner(step, z));
                if own > 0.0 {
                    finding.step = with / own;
                    let rest = (squares - with * with / own).max(0.0) / f64::from(degrees.saturating_sub(1).max(1));
                    finding.standard_error = (rest / own).sqrt();
                }
            }
        }
        let top = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = terms.iter().map(|term| (term - top).exp()).sum();
        let weights: f64 = memories.iter().map(|memory| memory.weight).sum();
        finding.log_e = top + (sum / (weights * RAMPS.len() as f64)).ln() - largest;
        finding
    }
}

/// A direction that is taken out: the residuals of a single row, at length one.
struct Unit {
    length: f64,
    at: Vec<f64>,
}

impl Unit {
    fn of(mut at: Vec<f64>, rows: usize) -> Self {
        at.truncate(rows);
        let length = dot(&at, &at).sqrt().max(f64::MIN_POSITIVE);
        at.iter_mut().for_each(|value| *value /= length);
        Self { length, at }
    }

    fn along(&self, other: &[f64]) -> f64 {
        dot(&self.at, &other[..self.at.len()])
    }
}

#[cfg(test)]
mod tests;
