//! Is the fall still there now, and how large is it for certain? The last six months are asked about apart from those before,
//! so that a dip that has come back cannot pass on its past; and the evidence is turned round into the smallest fall that is
//! still in keeping with the figures.

use super::evidence::{Evidence, Residuals};
use super::kernel::Kernel;
use super::linear::dot;

/// How many of the latest months are asked about apart.
pub const LATEST: usize = 6;

/// The step between tried reductions, as a share: a quarter of a per cent.
pub const REDUCTION_STEP: f64 = 0.002_5;
/// How many are tried: up to forty per cent.
pub const REDUCTIONS: usize = 160;

/// How many standard errors below the baseline the latest six months lie, the months since the change but before them having a
/// size of their own, under the matrix that fits best with both allowed for. Above zero is a fall. Zero where there are no earlier
/// months after the change to set apart.
#[must_use]
pub fn latest_fall(residuals: &Residuals<'_>, look: usize) -> f64 {
    fall(&latest(residuals.evidence(), look), residuals)
}

/// The latest six months at a look set apart, made ready for many columns of figures.
#[must_use]
pub fn latest(evidence: &Evidence, look: usize) -> Split {
    let design = evidence.design();
    Split::new(evidence, look, |row| design.since(row) + LATEST > look)
}

/// How many standard errors below the baseline the part that was set apart lies; zero where it cannot be told apart.
#[must_use]
pub fn fall(split: &Split, residuals: &Residuals<'_>) -> f64 {
    split.effect(residuals).map_or(0.0, |part| -part.effect / part.standard_error)
}

/// The effect in some of the months after the change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// As a difference of logarithms.
    pub effect: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The months after the change in two parts, each with an effect of its own.
#[derive(Debug, Clone)]
pub struct Split {
    rows: usize,
    matrices: Vec<Option<Apart>>,
}

/// The two parts under one matrix: their residuals, and the sums of their products.
#[derive(Debug, Clone)]
struct Apart {
    others: Vec<f64>,
    these: Vec<f64>,
    oo: f64,
    ot: f64,
    tt: f64,
    determinant: f64,
    degrees: f64,
    /// The marginal density's logarithm without its sum of squares.
    log_scale: f64,
}

impl Split {
    /// The rows after the change at a look, those for which `is_in` holds apart from the others.
    #[must_use]
    pub fn new(evidence: &Evidence, look: usize, is_in: impl Fn(usize) -> bool) -> Self {
        let design = evidence.design();
        let rows = design.rows_at(look);
        let apart = |kernel: &Kernel| {
            let others = column(kernel, rows, |row| design.since(row) > 0 && !is_in(row));
            let these = column(kernel, rows, |row| design.since(row) > 0 && is_in(row));
            let (oo, ot, tt) = (dot(&others, &others), dot(&others, &these), dot(&these, &these));
            let determinant = oo * tt - ot * ot;
            let degrees = f64::from(kernel.degrees(rows).saturating_sub(2).max(1));
            let log_scale = kernel.log_scale(rows) - 0.5 * determinant.ln();
            (determinant > 1e-12 * oo * tt).then_some(Apart {
                others,
                these,
                oo,
                ot,
                tt,
                determinant,
                degrees,
                log_scale,
            })
        };
        Self { rows, matrices: evidence.kernels().iter().map(apart).collect() }
    }

    /// The effect in the part set apart, under the matrix that fits best with both effects allowed for. `None` where one of the two
    /// parts has no rows.
    #[must_use]
    pub fn effect(&self, residuals: &Residuals<'_>) -> Option<Part> {
        let (mut best, mut found) = (f64::NEG_INFINITY, None);
        for (matrix, apart) in self.matrices.iter().enumerate() {
            let Some(apart) = apart else { continue };
            let z = &residuals.under(matrix)[..self.rows];
            let (oy, ty, yy) = (dot(&apart.others, z), dot(&apart.these, z), dot(z, z));
            let other = (apart.tt * oy - apart.ot * ty) / apart.determinant;
            let effect = (apart.oo * ty - apart.ot * oy) / apart.determinant;
            let squares = (yy - other * oy - effect * ty).max(f64::MIN_POSITIVE);
            let marginal = apart.log_scale - 0.5 * apart.degrees * squares.ln();
            if marginal > best {
                best = marginal;
                let variance = squares / apart.degrees * apart.oo / apart.determinant;
                found = Some(Part { effect, standard_error: variance.sqrt() });
            }
        }
        found
    }
}

/// The residuals of a column that is one in some rows and zero in the others.
fn column(kernel: &Kernel, rows: usize, is_one: impl Fn(usize) -> bool) -> Vec<f64> {
    let ones: Vec<f64> = (0..rows).map(|row| f64::from(u8::from(is_one(row)))).collect();
    kernel.residuals(&ones)
}

/// The fall, as a share, that is proven at a look: every smaller one, down to none at all, is ruled out at the threshold. `None`
/// where not even "nothing fell" is ruled out. At most forty per cent is ever said to be proven.
///
/// This is the lower end of a confidence sequence: the evidence is asked again with that much of a fall put back.
#[must_use]
pub fn proven_reduction(residuals: &Residuals<'_>, look: usize, log_threshold: f64) -> Option<f64> {
    let share = |tried: usize| tried as f64 * REDUCTION_STEP;
    let ruled_out = |tried: usize| {
        let put_back = residuals.shifted(0, -(1.0 - share(tried)).ln());
        put_back.look(look).log_e >= log_threshold
    };
    (0..REDUCTIONS).take_while(|tried| ruled_out(*tried)).last().map(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::design::Design;
    use crate::gate::draw::Draw;
    use crate::gate::evidence::Direction;
    use crate::gate::grid::Grid;

    fn figures(evidence: &Evidence, effect: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut draw = Draw::new(4, 0, 0);
        let rows = 0..evidence.design().months().len();
        rows.map(|row| 0.03 * draw.normal() + effect(evidence.design().since(row))).collect()
    }

    #[test]
    fn what_is_proven_is_less_than_what_happened_and_more_with_time() {
        let design = Design::new(60, 4, 24, &[]).unwrap();
        let evidence = Evidence::new(design, Grid::robust(0.5), Direction::Fall).unwrap();
        let fallen = figures(&evidence, |since| if since > 0 { 0.8_f64.ln() } else { 0.0 });
        let residuals = evidence.residuals(&fallen);
        let proven: Vec<f64> = [12, 24].iter().map(|look| proven_reduction(&residuals, *look, 0.7).unwrap()).collect();
        assert!(proven[0] > 0.02 && proven[0] <= proven[1] + 0.03 && proven[1] < 0.22, "{proven:?}");
        let still = evidence.residuals(&figures(&evidence, |_| 0.0));
        assert_eq!(proven_reduction(&still, 24, 0.7), None);
    }

    #[test]
    fn what_has_come_back_is_not_sustained() {
        let design = Design::new(60, 4, 24, &[]).unwrap();
        let evidence = Evidence::new(design, Grid::robust(0.5), Direction::Fall).unwrap();
        let lasting = evidence.residuals(&figures(&evidence, |since| if since > 0 { -0.15 } else { 0.0 }));
        let passing =
            evidence.residuals(&figures(&evidence, |since| if (1..=9).contains(&since) { -0.15 } else { 0.0 }));
        assert!(latest_fall(&lasting, 18) > 2.5, "{}", latest_fall(&lasting, 18));
        assert!(latest_fall(&passing, 18) < 2.0, "{}", latest_fall(&passing, 18));
        assert_eq!(latest_fall(&lasting, 6), 0.0);
    }
}
