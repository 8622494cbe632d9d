//! The way back: once beds have gone, the same evidence with its sign turned round. It never expires, so it can be looked at every
//! month for ever. Must not decide anything; what follows from it is the decision's.

use super::design::{Design, DesignError};
use super::evidence::{Direction, Evidence};
use super::month::Month;
use super::protocol::Protocol;
use super::prove::Unproved;

/// The comparison from the release on: the first month after it is the change, and what the programme itself did stays allowed
/// for as a step of any size.
///
/// # Errors
/// Where no month has gone by since, or the grid cannot be used.
pub fn evidence(protocol: &Protocol, released: Month, month: Month) -> Result<Evidence, Unproved> {
    let months = |from: Month, to: Month| usize::try_from(to.since(from)).map_err(|_| DesignError::NothingAfter);
    let breaks: Vec<usize> = protocol.breaks.iter().filter_map(|at| months(protocol.baseline, *at).ok()).collect();
    let baseline = months(protocol.baseline, protocol.start)?;
    let horizon = months(protocol.start, month.plus(1))?;
    let change = months(protocol.baseline, released.plus(1))?;
    let design = Design::new(baseline, protocol.wash_out as usize, horizon, &breaks)?.about_later(change)?;
    Ok(Evidence::new(design, protocol.grid.clone(), Direction::Rise)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::draw::Draw;
    use crate::gate::grid::Grid;

    #[test]
    fn harm_after_release_is_seen_and_the_fall_before_it_is_not_taken_for_it() {
        let design = || Design::new(60, 4, 38, &[]).unwrap().about_later(76).unwrap();
        let evidence = Evidence::new(design(), Grid::robust(0.5), Direction::Rise).unwrap();
        let figures = |harm: f64| -> Vec<f64> {
            let mut draw = Draw::new(6, 0, 0);
            let value = |month: &usize| {
                let fallen = if *month >= 60 { -0.2 } else { 0.0 };
                let risen = if *month >= 76 { harm } else { 0.0 };
                0.02 * draw.normal() + fallen + risen
            };
            design().months().iter().map(value).collect()
        };
        let highest = |harm: f64| {
            evidence.looks(&figures(harm)).iter().map(|finding| finding.log_e).fold(f64::NEG_INFINITY, f64::max)
        };
        assert!(highest(0.25) > 20.0_f64.ln(), "{}", highest(0.25));
        assert!(highest(0.0) < 20.0_f64.ln(), "{}", highest(0.0));
        assert!(highest(-0.2) < 20.0_f64.ln(), "{}", highest(-0.2));
    }
}
