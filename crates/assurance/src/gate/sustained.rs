//! Is the fall still there now, and how large is it for certain? The last six months are asked about apart from those before,
//! so that a dip that has come back cannot pass on its past; and the evidence is turned round into the smallest fall that is
//! still in keeping with the figures.

use super::evidence::Residuals;
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
    if look <= LATEST {
        return 0.0;
    }
    let design = residuals.evidence().design();
    let part = split(residuals, look, |row| design.since(row) > look - LATEST);
    part.map_or(0.0, |part| -part.effect / part.standard_error)
}

/// The effect in some of the months after the change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// As a difference of logarithms.
    pub effect: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The effect in those rows after the change for which `is_in` holds, the others having an effect of their own; under the matrix
/// that fits best with both allowed for. `None` where one of the two sorts has no rows.
#[must_use]
pub fn split(residuals: &Residuals<'_>, look: usize, is_in: impl Fn(usize) -> bool) -> Option<Part> {
    let evidence = residuals.evidence();
    let design = evidence.design();
    let rows = design.rows_at(look);
    let (mut best, mut found) = (f64::NEG_INFINITY, None);
    for (matrix, kernel) in evidence.kernels().iter().enumerate() {
        let others = column(kernel, rows, |row| design.since(row) > 0 && !is_in(row));
        let these = column(kernel, rows, |row| design.since(row) > 0 && is_in(row));
        let z = &residuals.under(matrix)[..rows];
        let (oo, ot, tt) = (dot(&others, &others), dot(&others, &these), dot(&these, &these));
        let (oy, ty, yy) = (dot(&others, z), dot(&these, z), dot(z, z));
        let determinant = oo * tt - ot * ot;
        if determinant <= 1e-12 * oo * tt {
            continue;
        }
        let (other, effect) = ((tt * oy - ot * ty) / determinant, (oo * ty - ot * oy) / determinant);
        let degrees = f64::from(kernel.degrees(rows).saturating_sub(2).max(1));
        let squares = (yy - other * oy - effect * ty).max(f64::MIN_POSITIVE);
        let marginal = kernel.log_scale(rows) - 0.5 * determinant.ln() - 0.5 * degrees * squares.ln();
        if marginal > best {
            best = marginal;
            found = Some(Part { effect, standard_error: (squares / degrees * oo / determinant).sqrt() });
        }
    }
    found
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
    use crate::gate::evidence::{Direction, Evidence};
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
