//! The ways in which monthly figures may hang together that the gate guards against: a grid of covariance matrices. The gate's
//! promise holds for every matrix in the grid, so a grid may be made larger, never chosen after the data have been seen.

use serde::{Deserialize, Serialize};

/// One covariance matrix, up to its scale, which is never assumed to be known:
/// `(1 - lambda) I + lambda phi^|i-j| + kappa^2 tau tau' + psi^2 min(i, j)`, with months `i, j` from 1 and `tau` in years from the
/// end of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// How much of a month's deviation is still there a month later, 0 to below 1.
    pub phi: f64,
    /// The share of the variance that remembers; the rest is new each month. 0 to 1.
    pub lambda: f64,
    /// How fast the area may drift away from its comparators: standard deviation of the drift a year, in units of the monthly one.
    #[serde(default)]
    pub kappa: f64,
    /// How far it may wander: standard deviation of a monthly step that never comes back, in the same units.
    #[serde(default)]
    pub psi: f64,
    /// How much it counts among the ways in which an effect is looked for. It is guarded against whatever this is, also at 0.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

/// What cannot be a grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GridError {
    /// A value out of range.
    #[error("matrix {number}: {name} is {value}, and must be {range}")]
    Range {
        /// Which matrix, from 1.
        number: usize,
        /// Which of its numbers.
        name: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
    /// No effect could ever be found.
    #[error("every matrix has weight 0, so that no effect could be found; give at least one a weight")]
    NoWeight,
    /// None, or too many to calibrate.
    #[error("a grid holds 1 to 200 matrices; this one holds {0}")]
    Count(usize),
    /// Cannot be read.
    #[error(
        "this is no grid: {0}. Write a CSV with the columns phi,lambda,kappa,psi (the last two may be left out), or a JSON list of \
         objects with these names"
    )]
    Unreadable(String),
}

/// A grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grid(Vec<Memory>);

impl Grid {
    /// A grid of these matrices; the same one twice is kept once.
    ///
    /// # Errors
    /// Where a number is out of range, or there are none or too many.
    pub fn new(memories: Vec<Memory>) -> Result<Self, GridError> {
        let mut kept: Vec<Memory> = Vec::new();
        for (at, memory) in memories.iter().enumerate() {
            let checks = [
                ("phi", memory.phi, (0.0..1.0).contains(&memory.phi), "at least 0 and below 1"),
                ("lambda", memory.lambda, (0.0..=1.0).contains(&memory.lambda), "from 0 to 1"),
                ("kappa", memory.kappa, (0.0..=100.0).contains(&memory.kappa), "from 0 to 100"),
                ("psi", memory.psi, (0.0..=100.0).contains(&memory.psi), "from 0 to 100"),
                ("weight", memory.weight, (0.0..=1e6).contains(&memory.weight), "from 0 to 1,000,000"),
            ];
            if let Some(&(name, value, _, range)) = checks.iter().find(|(_, _, right, _)| !right) {
                return Err(GridError::Range { number: at + 1, name, value, range });
            }
            // Without memory, how much of it is remembered makes no difference.
            let lambda = if memory.phi == 0.0 { 1.0 } else { memory.lambda };
            let memory = Memory { lambda, ..*memory };
            if !kept.contains(&memory) {
                kept.push(memory);
            }
        }
        if !kept.is_empty() && kept.iter().all(|memory| memory.weight == 0.0) {
            return Err(GridError::NoWeight);
        }
        if kept.is_empty() || kept.len() > 200 {
            return Err(GridError::Count(kept.len()));
        }
        Ok(Self(kept))
    }

    fn product(phis: &[f64], lambdas: &[f64], psis: &[f64], kappa: f64, weight: impl Fn(&Memory) -> f64) -> Self {
        let mut kept: Vec<Memory> = Vec::new();
        for &phi in phis {
            for &lambda in lambdas {
                for &psi in psis {
                    let lambda = if phi == 0.0 { 1.0 } else { lambda };
                    let memory = Memory { phi, lambda, kappa, psi, weight: 1.0 };
                    let memory = Memory { weight: weight(&memory), ..memory };
                    if !kept.contains(&memory) {
                        kept.push(memory);
                    }
                }
            }
        }
        Self(kept)
    }

    /// The robust class, the gate's default: memory of four strengths, a drift, and an area that may wander. An effect is looked for
    /// under those without wandering alone, those with the most memory counting most: that costs nothing of the promise, which
    /// is held for all of them, and finds a tenth less in ten more worlds of a hundred than equal weights do.
    #[must_use]
    pub fn robust(kappa: f64) -> Self {
        Self::product(&[0.0, 0.4, 0.8, 0.95], &[0.3, 1.0], &[0.0, 0.25, 0.5], kappa, |memory| {
            match (memory.psi > 0.0 || memory.phi > 0.9, memory.phi > 0.0 && memory.lambda == 1.0, memory.phi > 0.5) {
                (true, ..) => 0.0,
                (_, true, true) => 4.0,
                (_, true, false) => 3.0,
                _ => 1.0,
            }
        })
    }

    /// A drift, but no wandering: more power, and no protection where the recording of a real hospital changes in steps.
    #[must_use]
    pub fn bounded(kappa: f64) -> Self {
        Self::product(&[0.0, 0.3, 0.6, 0.8, 0.92, 0.97], &[0.3, 1.0], &[0.0], kappa, |_| 1.0)
    }

    /// Memory alone: the nineteen matrices of the reference values.
    #[must_use]
    pub fn plain() -> Self {
        Self::product(&[0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97], &[0.3, 0.6, 1.0], &[0.0], 0.0, |_| 1.0)
    }

    /// Independent months.
    #[must_use]
    pub fn independent() -> Self {
        Self(vec![Memory { phi: 0.0, lambda: 1.0, kappa: 0.0, psi: 0.0, weight: 1.0 }])
    }

    /// Reads a grid from a CSV with the columns `phi,lambda[,kappa][,psi]` or from a JSON list of such objects.
    ///
    /// # Errors
    /// Where it is neither, or a number is out of range.
    pub fn read(text: &str) -> Result<Self, GridError> {
        let unreadable = |error: &dyn std::fmt::Display| GridError::Unreadable(error.to_string());
        let memories = if text.trim_start().starts_with('[') {
            serde_json::from_str::<Vec<Memory>>(text).map_err(|error| unreadable(&error))?
        } else {
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
            reader.deserialize().collect::<Result<Vec<Memory>, _>>().map_err(|error| unreadable(&error))?
        };
        Self::new(memories)
    }

    /// Its matrices.
    #[must_use]
    pub fn memories(&self) -> &[Memory] {
        &self.0
    }
}

impl Memory {
    /// The matrix over these months (from 0), by rows; `start` is the first month after the baseline.
    #[must_use]
    pub fn matrix(&self, months: &[usize], start: usize) -> Vec<f64> {
        let years = |month: usize| (month as f64 - start as f64) / 12.0;
        let mut values = Vec::with_capacity(months.len() * months.len());
        for &i in months {
            for &j in months {
                let apart = i.abs_diff(j);
                let own = if apart == 0 { 1.0 - self.lambda } else { 0.0 };
                let remembered = self.lambda * self.phi.powi(i32::try_from(apart).unwrap_or(i32::MAX));
                let drift = self.kappa * self.kappa * years(i) * years(j);
                let walk = self.psi * self.psi * (i.min(j) + 1) as f64;
                values.push(own + remembered + drift + walk);
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grids_have_the_sizes_the_manual_says() {
        assert_eq!(Grid::robust(0.5).memories().len(), 21);
        assert_eq!(Grid::bounded(0.5).memories().len(), 11);
        assert_eq!(Grid::plain().memories().len(), 19);
        let weights: Vec<f64> = Grid::robust(0.5).memories().iter().map(|memory| memory.weight).collect();
        assert_eq!(weights.iter().filter(|weight| **weight > 0.0).count(), 5);
        assert!((weights.iter().sum::<f64>() - 10.0).abs() < 1e-12);
    }

    #[test]
    fn a_grid_is_read_from_either_form_and_a_wrong_one_says_what_is_wrong() {
        let comma = Grid::read("phi,lambda\n0,1\n0.4, 0.3\n").unwrap();
        let json = Grid::read(r#"[{"phi":0,"lambda":0.5},{"phi":0.4,"lambda":0.3,"kappa":0}]"#).unwrap();
        assert_eq!(comma, json);
        let said = |text: &str| Grid::read(text).unwrap_err().to_string();
        assert!(said("phi,lambda\n1.2,1\n").contains("matrix 1: phi is 1.2"));
        assert!(said("phi\n0.5\n").contains("lambda"));
        assert!(said("phi,lambda\nNaN,1\n").contains("phi"));
        assert!(said("[]").contains("holds 0"));
        assert!(said("").contains("holds 0"));
        assert!(said("[1]").contains("no grid"));
    }
}
