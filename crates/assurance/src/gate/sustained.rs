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
pub fn latest_fall(evidence: &Evidence, look: usize, residuals: impl Fn(usize) -> Vec<f64>) -> f64 {
    if look <= LATEST {
        return 0.0;
    }
    let design = evidence.design();
    let rows = design.rows_at(look);
    let (mut best, mut fall) = (f64::NEG_INFINITY, 0.0);
    for (matrix, kernel) in evidence.kernels().iter().enumerate() {
        let early = column(kernel, rows, |row| (1..=look - LATEST).contains(&design.since(row)));
        let latest = column(kernel, rows, |row| design.since(row) > look - LATEST);
        let z = &residuals(matrix)[..rows];
        let (ee, el, ll) = (dot(&early, &early), dot(&early, &latest), dot(&latest, &latest));
        let (ey, ly, yy) = (dot(&early, z), dot(&latest, z), dot(z, z));
        let determinant = ee * ll - el * el;
        if determinant <= 1e-12 * ee * ll {
            continue;
        }
        let (before, now) = ((ll * ey - el * ly) / determinant, (ee * ly - el * ey) / determinant);
        let degrees = f64::from(kernel.degrees(rows).saturating_sub(2).max(1));
        let squares = (yy - before * ey - now * ly).max(f64::MIN_POSITIVE);
        let marginal = kernel.log_scale(rows) - 0.5 * determinant.ln() - 0.5 * degrees * squares.ln();
        if marginal > best {
            best = marginal;
            fall = -now / (squares / degrees * ee / determinant).sqrt();
        }
    }
    fall
}

/// The residuals of a column that is one in some rows and zero in the others.
pub(crate) fn column(kernel: &Kernel, rows: usize, is_one: impl Fn(usize) -> bool) -> Vec<f64> {
    let ones: Vec<f64> = (0..rows).map(|row| f64::from(u8::from(is_one(row)))).collect();
    kernel.residuals(&ones)
}

/// The smallest and the largest reduction, as shares, that the figures do not rule out at a look: those steps under which the
/// evidence for a further fall, and for one less, stays below the threshold. `None` below where even no reduction at all is in
/// keeping; the upper end is open (`None`) above forty per cent.
///
/// The lower end is what beds are counted from.
#[must_use]
pub fn proven_reduction(residuals: &Residuals<'_>, look: usize, log_threshold: f64) -> Option<f64> {
    let mut proven = None;
    for tried in 0..REDUCTIONS {
        let share = tried as f64 * REDUCTION_STEP;
        // Had the fall been `share`, undoing it would leave nothing to be found.
        let undone = residuals.shifted(0, -(1.0 - share).ln());
        if undone.look(look).log_e < log_threshold {
            break;
        }
        proven = Some(share);
    }
    // The last that was ruled out; what is proved is at least the next one tried.
    proven
}
