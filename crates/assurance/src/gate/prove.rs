//! The proof of the gate: in worlds where nothing changed, how often does it say that something did? And where something did
//! change, how often does it see it? Run on every change of the program; the build fails where the promise is broken.

use serde::Serialize;

use super::batch::{Batch, LANES};
use super::calibrate::{Calibration, Plan, calibrate, spread};
use super::design::{Design, DesignError};
use super::evidence::{Direction, Evidence};
use super::grid::Grid;
use super::linear::NotPositive;
use super::sustained::{Split, fall, latest};
use super::world::{Kind, Scenario};

/// The purpose under which worlds are drawn is the scenario's number; by these months the table counts.
pub const BY: [usize; 3] = [14, 18, 24];

/// What is to be proved.
#[derive(Debug, Clone, PartialEq)]
pub struct Battery {
    /// Months of baseline.
    pub baseline: usize,
    /// How many of its last months are left out.
    pub wash_out: usize,
    /// How the threshold is found.
    pub plan: Plan,
    /// The covariances guarded against.
    pub grid: Grid,
    /// How many standard errors the latest six months must lie below.
    pub latest: f64,
    /// How many looks in a row.
    pub in_a_row: usize,
    /// Worlds for each scenario.
    pub worlds: u32,
    /// What their chance begins from.
    pub seed: u64,
}

impl Battery {
    /// The gate's own settings: the robust class, 60 months of baseline, looks from month 12 to month 24.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            baseline: 60,
            wash_out: 4,
            plan: Plan { first: 12, last: 24, alpha: 0.025, paths: super::calibrate::LEAST_PATHS, seed: 2_026 },
            grid: Grid::robust(0.5),
            latest: 2.5,
            in_a_row: 3,
            worlds: 1_500,
            seed: 8,
        }
    }
}

/// What became of one scenario's worlds; shares of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// Its name.
    pub scenario: &'static str,
    /// What it shows.
    pub kind: Kind,
    /// The evidence reached the threshold at some look.
    pub evidence: f64,
    /// It did at a look at which the latest months had fallen three looks in a row: by month 14, 18 and 24.
    pub passed: [f64; 3],
    /// The same with the gentler test of the latest months (two standard errors).
    pub passed_gently: [f64; 3],
}

/// A proof.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// The threshold it was made with.
    pub calibration: Calibration,
    /// Worlds for each scenario.
    pub worlds: u32,
    /// A scenario each.
    pub outcomes: Vec<Outcome>,
}

/// Why nothing could be proved.
#[derive(Debug, thiserror::Error)]
pub enum Unproved {
    /// The design leaves nothing to compare.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// The grid holds what is no covariance.
    #[error(transparent)]
    Grid(#[from] NotPositive),
}

impl Proof {
    /// The most that a null scenario's share may be: alpha and three standard errors of a simulation of this size.
    #[must_use]
    pub fn most(&self) -> f64 {
        let alpha = self.calibration.plan.alpha;
        alpha + 3.0 * (alpha * (1.0 - alpha) / f64::from(self.worlds)).sqrt()
    }

    /// The null scenarios in which the evidence alone already broke the promise.
    #[must_use]
    pub fn broken(&self) -> Vec<&Outcome> {
        self.outcomes.iter().filter(|outcome| outcome.kind == Kind::Null && outcome.evidence > self.most()).collect()
    }
}

/// Proves the gate on scenarios, on so many threads; the result is the same for any number of them.
///
/// # Errors
/// Where the battery's design or grid is none.
pub fn prove(battery: &Battery, scenarios: &[Scenario], threads: usize) -> Result<Proof, Unproved> {
    let horizon = battery.plan.last as usize;
    let design = Design::new(battery.baseline, battery.wash_out, horizon, &[])?;
    let evidence = Evidence::new(design, battery.grid.clone(), Direction::Fall)?;
    let calibration = calibrate(&evidence, battery.plan, threads)?;
    let looks = battery.plan.first as usize..=horizon;
    let ready = Ready {
        battery,
        evidence: &evidence,
        batch: Batch::new(&evidence, looks.clone()),
        latest: looks.map(|look| latest(&evidence, look)).collect(),
        threshold: calibration.log_threshold.exp(),
    };
    let blocks = (battery.worlds as usize).div_ceil(LANES);
    let fates = spread(scenarios.len() * blocks, threads, &|piece| {
        let (number, block) = (piece / blocks, piece % blocks);
        scenarios.get(number).map_or_else(Vec::new, |scenario| ready.fates(scenario, number as u64, block))
    });
    let outcomes = scenarios.iter().zip(fates.chunks(blocks.max(1))).map(|(scenario, fates)| {
        let fates: Vec<&Fate> = fates.iter().flatten().take(battery.worlds as usize).collect();
        let share = |is: &dyn Fn(&Fate) -> bool| {
            fates.iter().filter(|fate| is(fate)).count() as f64 / fates.len().max(1) as f64
        };
        let by = |passed: fn(&Fate) -> Option<usize>| {
            BY.map(|by| share(&|fate| passed(fate).is_some_and(|month| month <= by)))
        };
        Outcome {
            scenario: scenario.name,
            kind: scenario.kind,
            evidence: share(&|fate| fate.evidence),
            passed: by(|fate| fate.passed),
            passed_gently: by(|fate| fate.passed_gently),
        }
    });
    let outcomes = outcomes.collect();
    Ok(Proof { calibration, worlds: battery.worlds, outcomes })
}

/// What became of one world.
struct Fate {
    evidence: bool,
    passed: Option<usize>,
    passed_gently: Option<usize>,
}

const GENTLE: f64 = 2.0;

/// Everything that is the same for all worlds.
struct Ready<'a> {
    battery: &'a Battery,
    evidence: &'a Evidence,
    batch: Batch<'a>,
    latest: Vec<Split>,
    threshold: f64,
}

impl Ready<'_> {
    /// Eight worlds of a scenario.
    fn fates(&self, scenario: &Scenario, number: u64, block: usize) -> Vec<Fate> {
        let battery = self.battery;
        let months = self.evidence.design().months();
        let mut figures = vec![[0.0; LANES]; months.len()];
        for lane in 0..LANES {
            let world = (block * LANES + lane) as u64;
            let drawn = scenario.world(battery.seed, number, world, battery.baseline, battery.plan.last as usize);
            for (figure, month) in figures.iter_mut().zip(months) {
                figure[lane] = drawn[*month];
            }
        }
        let seen = self.batch.see(&figures);
        let fate = |lane: usize| {
            let over: Vec<bool> = seen.iter().map(|seen| seen.e[lane] >= self.threshold).collect();
            let column: Vec<f64> = figures.iter().map(|figure| figure[lane]).collect();
            let residuals = over.contains(&true).then(|| self.evidence.residuals(&column));
            let falls: Vec<f64> = self
                .latest
                .iter()
                .map(|latest| residuals.as_ref().map_or(0.0, |residuals| fall(latest, residuals)))
                .collect();
            let passed = |least: f64| {
                let looks = battery.in_a_row.max(1);
                let is_low = |falls: &[f64]| falls.iter().all(|fall| *fall > least);
                let first =
                    falls.windows(looks).zip(&over[looks - 1..]).position(|(falls, over)| *over && is_low(falls))?;
                Some(battery.plan.first as usize + first + looks - 1)
            };
            Fate { evidence: over.contains(&true), passed: passed(battery.latest), passed_gently: passed(GENTLE) }
        };
        (0..LANES).map(fate).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::world::BATTERY;

    /// The smaller battery that every change of the program has to pass.
    #[test]
    fn where_nothing_changed_the_gate_says_so_and_where_much_changed_it_sees_it() {
        let standard = Battery::standard();
        let plan = Plan { paths: 800, last: 18, ..standard.plan };
        let battery = Battery { worlds: 200, plan, ..standard };
        let proof = prove(&battery, &BATTERY, 2).unwrap();
        assert!(proof.broken().is_empty(), "over {:.3}: {:?}", proof.most(), proof.broken());
        let of = |name: &str| proof.outcomes.iter().find(|outcome| outcome.scenario == name).unwrap();
        assert!(of("-33% for good").passed[1] > 0.95, "{:?}", of("-33% for good"));
        assert!(of("-5% for good").passed[1] < of("-15% for good").passed[1]);
        assert!(of("-12% for 3 months, then back").passed[1] < 0.05);
        let harm = of("harm, +5%");
        assert!(harm.evidence < 0.02, "{harm:?}");
    }

    #[test]
    fn the_proof_is_the_same_on_any_number_of_threads() {
        let standard = Battery::standard();
        let plan = Plan { paths: 100, last: 14, ..standard.plan };
        let battery = Battery { worlds: 20, baseline: 30, plan, ..standard };
        assert_eq!(prove(&battery, &BATTERY[..3], 1).unwrap(), prove(&battery, &BATTERY[..3], 3).unwrap());
    }

    #[test]
    fn a_gate_that_cries_wolf_is_found_out() {
        let standard = Battery::standard();
        // Independent months alone, in worlds that wander: the threshold is far too low.
        let plan = Plan { paths: 800, last: 18, ..standard.plan };
        let battery = Battery { worlds: 200, grid: Grid::independent(), plan, ..standard };
        let proof = prove(&battery, &BATTERY[2..6], 2).unwrap();
        assert!(!proof.broken().is_empty(), "{:?}", proof.outcomes);
    }
}
