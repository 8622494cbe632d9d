//! Interrupted time series: a step fitted into a trend with seasons, with or without comparators. For exploration only: at any
//! monthly look it "proves" a fall that is not there in one world of five, and on the hospital's own published series it did. It
//! must never feed the gate, and everything made of it carries [`LABEL`].
//!
//! Methods, to the digits of statsmodels 0.15: ordinary least squares; Newey and West's errors (Econometrica 1987;55:703, Bartlett
//! weights); generalised least squares with first-order autoregressive errors, refitted until its coefficients settle; Poisson
//! and quasi-Poisson regression of the counts themselves.

mod design;
mod least_squares;

pub use design::{Design, Month, SeriesError, design};
use least_squares::LeastSquares;

use crate::distribution::{normal_below, student_two_sided};

/// What stands beside every number of this module.
pub const LABEL: &str = "exploration only: no proof of an effect, and never evidence for closing a bed";

/// Why a model cannot be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// More coefficients than observations.
    #[error("{observations} observations cannot carry {terms} coefficients: a longer series, or fewer terms")]
    TooFew {
        /// Observations.
        observations: usize,
        /// Coefficients.
        terms: usize,
    },
    /// One column says the same as others.
    #[error("the term {term} says nothing that the terms before it do not: leave it out")]
    Redundant {
        /// The term.
        term: String,
    },
    /// More lags than the series has.
    #[error("{lags} lags are too many for {observations} observations")]
    Lags {
        /// The lags asked for.
        lags: usize,
        /// Observations.
        observations: usize,
    },
    /// A count that is none.
    #[error("{value} is no count: Poisson regression is of whole events, none or more")]
    Count {
        /// What is there.
        value: f64,
    },
    /// No end to the refitting.
    #[error("the fit did not settle in {rounds} rounds")]
    Unsettled {
        /// How many were tried.
        rounds: usize,
    },
}

/// One coefficient.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// Its term.
    pub term: String,
    /// Its value.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// Two-sided p-value: of t on the remaining degrees of freedom, or of the normal for counts.
    pub p: f64,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// In the order of the design.
    pub coefficients: Vec<Coefficient>,
    /// Observations less coefficients.
    pub degrees: f64,
    /// Durbin and Watson's statistic of the residuals: near 2 without autocorrelation. `None` for counts.
    pub durbin_watson: Option<f64>,
    /// The autocorrelation that was allowed for; `None` where none was.
    pub rho: Option<f64>,
    /// Pearson's chi-squared over its degrees of freedom: above 1, the counts vary more than Poisson's. `None` but for counts.
    pub dispersion: Option<f64>,
}

/// Ordinary least squares.
///
/// # Errors
/// Too few observations, or a redundant term.
pub fn ordinary(design: &Design) -> Result<Fit, FitError> {
    let fitted = LeastSquares::fit(design.columns(), design.terms(), design.outcome())?;
    let scale = fitted.squares() / fitted.degrees();
    let errors: Vec<f64> = fitted.inverse_diagonal().iter().map(|each| (each * scale).sqrt()).collect();
    Ok(Fit {
        coefficients: coefficients(design, fitted.estimates(), &errors, fitted.degrees()),
        degrees: fitted.degrees(),
        durbin_watson: Some(durbin_watson(fitted.residuals())),
        rho: None,
        dispersion: None,
    })
}

/// Least squares with Newey and West's errors over so many lags; `corrected` multiplies the covariance by n/(n - k).
///
/// # Errors
/// As [`ordinary`], and more lags than observations.
pub fn newey_west(design: &Design, lags: usize, corrected: bool) -> Result<Fit, FitError> {
    let observations = design.outcome().len();
    if lags >= observations {
        return Err(FitError::Lags { lags, observations });
    }
    let fitted = LeastSquares::fit(design.columns(), design.terms(), design.outcome())?;
    let scores: Vec<Vec<f64>> = design
        .columns()
        .iter()
        .map(|column| column.iter().zip(fitted.residuals()).map(|(x, residual)| x * residual).collect())
        .collect();
    // Σ over lags of the Bartlett weight times the products of scores that far apart, both ways round.
    let product = |one: &[f64], two: &[f64], lag: usize| -> f64 {
        one.iter().skip(lag).zip(two).map(|(later, earlier)| later * earlier).sum()
    };
    let meat: Vec<Vec<f64>> = scores
        .iter()
        .map(|one| {
            let weighted = |two: &Vec<f64>| {
                (0..=lags)
                    .map(|lag| match lag {
                        0 => product(one, two, 0),
                        _ => {
                            let weight = 1.0 - lag as f64 / (lags + 1) as f64;
                            weight * (product(one, two, lag) + product(two, one, lag))
                        }
                    })
                    .sum()
            };
            scores.iter().map(weighted).collect()
        })
        .collect();
    let bread = fitted.inverse();
    let factor = if corrected { observations as f64 / fitted.degrees() } else { 1.0 };
    let errors: Vec<f64> = bread
        .iter()
        .map(|row| {
            let sandwich: f64 = row
                .iter()
                .zip(&meat)
                .map(|(left, meat)| left * meat.iter().zip(row).map(|(meat, right)| meat * right).sum::<f64>())
                .sum();
            (sandwich * factor).sqrt()
        })
        .collect();
    Ok(Fit {
        coefficients: coefficients(design, fitted.estimates(), &errors, fitted.degrees()),
        degrees: fitted.degrees(),
        durbin_watson: Some(durbin_watson(fitted.residuals())),
        rho: None,
        dispersion: None,
    })
}

/// Rounds of refitting at most.
const ROUNDS: usize = 50;
/// Coefficients have settled when none changes by more than this share of itself; statsmodels' own rule, so that its digits are met.
const SETTLED: f64 = 1e-4;

/// Generalised least squares with first-order autoregressive errors: fit, take the autocorrelation of the residuals (Yule and
/// Walker), take it out of both sides, fit again. The first observation is lost.
///
/// # Errors
/// As [`ordinary`]; or it does not settle.
pub fn autoregressive(design: &Design) -> Result<Fit, FitError> {
    let (columns, outcome) = (design.columns(), design.outcome());
    let mut rho = 0.0;
    let mut before: Option<Vec<f64>> = None;
    for _ in 0..ROUNDS {
        let without = |series: &[f64]| -> Vec<f64> { series.windows(2).map(|pair| pair[1] - rho * pair[0]).collect() };
        let whitened: Vec<Vec<f64>> = columns.iter().map(|column| without(column)).collect();
        let fitted = LeastSquares::fit(&whitened, design.terms(), &without(outcome))?;
        let settled = before.is_some_and(|before| {
            let change = before.iter().zip(fitted.estimates()).map(|(old, new)| (old - new).abs() / old.abs());
            change.fold(0.0, f64::max) < SETTLED
        });
        if settled {
            let scale = fitted.squares() / fitted.degrees();
            let errors: Vec<f64> = fitted.inverse_diagonal().iter().map(|each| (each * scale).sqrt()).collect();
            return Ok(Fit {
                coefficients: coefficients(design, fitted.estimates(), &errors, fitted.degrees()),
                degrees: fitted.degrees(),
                durbin_watson: Some(durbin_watson(fitted.residuals())),
                rho: Some(rho),
                dispersion: None,
            });
        }
        let residuals: Vec<f64> = (0..outcome.len())
            .map(|t| outcome[t] - columns.iter().zip(fitted.estimates()).map(|(column, b)| column[t] * b).sum::<f64>())
            .collect();
        rho = autocorrelation(&residuals);
        before = Some(fitted.estimates().to_vec());
    }
    Err(FitError::Unsettled { rounds: ROUNDS })
}

/// First-order autocorrelation, each product averaged over its own number of terms.
fn autocorrelation(residuals: &[f64]) -> f64 {
    let count = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / count;
    let centred: Vec<f64> = residuals.iter().map(|residual| residual - mean).collect();
    let at_none = centred.iter().map(|each| each * each).sum::<f64>() / count;
    let at_one = centred.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / (count - 1.0);
    if at_none > 0.0 { at_one / at_none } else { 0.0 }
}

fn durbin_watson(residuals: &[f64]) -> f64 {
    let steps: f64 = residuals.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    steps / residuals.iter().map(|residual| residual * residual).sum::<f64>()
}

/// Poisson regression of counts with the logarithm as link; `quasi` widens the errors by the dispersion that is found.
///
/// # Errors
/// As [`ordinary`]; a negative count; or it does not settle.
pub fn poisson(design: &Design, counts: &[f64], quasi: bool) -> Result<Fit, FitError> {
    if let Some(value) = counts.iter().find(|count| !count.is_finite() || **count < 0.0) {
        return Err(FitError::Count { value: *value });
    }
    let mut means: Vec<f64> = counts.iter().map(|count| count.max(0.5)).collect();
    let mut before: Option<Vec<f64>> = None;
    for _ in 0..100 {
        // The working regression: the linear predictor and what is left of the count, weighted by the mean.
        let roots: Vec<f64> = means.iter().map(|mean| mean.sqrt()).collect();
        let working: Vec<f64> = means
            .iter()
            .zip(counts)
            .zip(&roots)
            .map(|((mean, count), root)| (mean.ln() + (count - mean) / mean) * root)
            .collect();
        let weighted: Vec<Vec<f64>> = design
            .columns()
            .iter()
            .map(|column| column.iter().zip(&roots).map(|(x, root)| x * root).collect())
            .collect();
        let fitted = LeastSquares::fit(&weighted, design.terms(), &working)?;
        let settled = before.is_some_and(|before| {
            before.iter().zip(fitted.estimates()).all(|(old, new)| (old - new).abs() <= 1e-12 * (1.0 + old.abs()))
        });
        if settled {
            let pearson: f64 = counts.iter().zip(&means).map(|(count, mean)| (count - mean).powi(2) / mean).sum();
            let dispersion = pearson / fitted.degrees();
            let scale = if quasi { dispersion } else { 1.0 };
            let errors: Vec<f64> = fitted.inverse_diagonal().iter().map(|each| (each * scale).sqrt()).collect();
            let mut coefficients = coefficients(design, fitted.estimates(), &errors, fitted.degrees());
            for coefficient in &mut coefficients {
                coefficient.p = 2.0 * normal_below(-(coefficient.estimate / coefficient.error).abs());
            }
            return Ok(Fit {
                coefficients,
                degrees: fitted.degrees(),
                durbin_watson: None,
                rho: None,
                dispersion: Some(dispersion),
            });
        }
        means = (0..counts.len())
            .map(|t| {
                design.columns().iter().zip(fitted.estimates()).map(|(column, b)| column[t] * b).sum::<f64>().exp()
            })
            .collect();
        before = Some(fitted.estimates().to_vec());
    }
    Err(FitError::Unsettled { rounds: 100 })
}

fn coefficients(design: &Design, estimates: &[f64], errors: &[f64], degrees: f64) -> Vec<Coefficient> {
    design
        .terms()
        .iter()
        .zip(estimates.iter().zip(errors))
        .map(|(term, (estimate, error))| Coefficient {
            term: term.clone(),
            estimate: *estimate,
            error: *error,
            p: student_two_sided(estimate / error, degrees),
        })
        .collect()
}

#[cfg(test)]
mod tests;
