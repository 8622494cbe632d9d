//! One covariance matrix, worked out once for a design: what takes a column of figures to its recursive residuals, which under
//! this matrix and no effect are independent with one unknown variance, whatever the level, the seasons and the rest are. The
//! residuals up to a row are the same however many rows follow, so that one kernel serves every look.

use super::design::Design;
use super::grid::Memory;
use super::linear::{NotPositive, Triangle, dot, whitener};

/// What a matrix makes of a design.
#[derive(Debug, Clone)]
pub struct Kernel {
    size: usize,
    columns: usize,
    /// Row by row, lower triangular: figures to recursive residuals. Rows that only serve to fit the columns are zero.
    residual: Vec<f64>,
    /// For each row: the logarithm of the right-Haar marginal density up to it, without its `-(nu/2) ln RSS`.
    log_scale: Vec<f64>,
    /// The residuals of each shape.
    shapes: Vec<Vec<f64>>,
}

impl Kernel {
    /// Works it out.
    ///
    /// # Errors
    /// Where the matrix is not positive definite over these months.
    pub fn new(design: &Design, memory: &Memory) -> Result<Self, NotPositive> {
        let (size, columns) = (design.months().len(), design.columns());
        let mut residual = whitener(&memory.matrix(design.months(), design.start()), size)?;
        let design_rows: Vec<Vec<f64>> = (0..size).map(|row| design.row(row)).collect();
        let mut triangle = Triangle::new(columns, size);
        let mut log_scale = Vec::with_capacity(size);
        let mut log_whitened = 0.0;
        for (at, row) in residual.chunks_exact_mut(size).enumerate() {
            log_whitened += row[at].ln();
            let mut whitened = vec![0.0; columns];
            for (weight, design_row) in row[..=at].iter().zip(&design_rows) {
                for (to, from) in whitened.iter_mut().zip(design_row) {
                    *to += weight * from;
                }
            }
            let rank = triangle.rank();
            triangle.take(&mut whitened, row);
            if triangle.rank() > rank {
                row.fill(0.0);
            }
            log_scale.push(log_whitened - triangle.log_diagonal());
        }
        let mut kernel = Self { size, columns, residual, log_scale, shapes: Vec::new() };
        kernel.shapes = design.shapes().iter().map(|shape| kernel.residuals(shape)).collect();
        Ok(kernel)
    }

    /// The recursive residuals of a column of figures, one for each row it has.
    #[must_use]
    pub fn residuals(&self, figures: &[f64]) -> Vec<f64> {
        let rows = self.residual.chunks_exact(self.size).take(figures.len());
        rows.enumerate().map(|(at, row)| dot(&row[..=at], &figures[..=at])).collect()
    }

    /// The residuals of a column that is one in a single row and zero elsewhere.
    #[must_use]
    pub fn residuals_of_row(&self, row: usize) -> Vec<f64> {
        self.residual.chunks_exact(self.size).map(|residual| residual[row]).collect()
    }

    /// The rows that make residuals of figures; row by row, lower triangular.
    #[must_use]
    pub fn rows(&self) -> &[f64] {
        &self.residual
    }

    /// The residuals of the effect's shapes.
    #[must_use]
    pub fn shapes(&self) -> &[Vec<f64>] {
        &self.shapes
    }

    /// Degrees of freedom with so many rows.
    #[must_use]
    pub fn degrees(&self, rows: usize) -> u32 {
        u32::try_from(rows.saturating_sub(self.columns)).unwrap_or(u32::MAX)
    }

    /// The logarithm of the marginal density with no effect, up to a constant common to all matrices, given the residuals' sum of
    /// squares over so many rows.
    #[must_use]
    pub fn log_marginal(&self, rows: usize, squares: f64) -> f64 {
        self.log_scale(rows) - 0.5 * f64::from(self.degrees(rows)) * squares.ln()
    }

    /// That density without its sum of squares.
    #[must_use]
    pub fn log_scale(&self, rows: usize) -> f64 {
        self.log_scale.get(rows.wrapping_sub(1)).copied().unwrap_or_default()
    }
}
