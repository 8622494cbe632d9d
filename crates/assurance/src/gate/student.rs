//! The one function of probability the gate needs: how much a fall explains, with its sign, under Student's t distribution.
//! Must not be asked for anything but whole degrees of freedom.

use std::f64::consts::PI;

/// `ln P(T <= t)` of Student's distribution with `degrees` degrees of freedom, good to about 1e-13 in both tails
/// (the incomplete beta function by its continued fraction: Abramowitz and Stegun 26.5.8, 26.7.1).
#[must_use]
pub fn log_cdf(t: f64, degrees: u32) -> f64 {
    let nu = f64::from(degrees);
    let x = nu / (nu + t * t);
    let y = t * t / (nu + t * t);
    if t <= 0.0 {
        return log_tail(x, y, degrees);
    }
    (-log_tail(x, y, degrees).exp()).ln_1p()
}

/// `ln` of half the incomplete beta function `I_x(degrees/2, 1/2)`, with `y = 1 - x`.
fn log_tail(x: f64, y: f64, degrees: u32) -> f64 {
    let (a, b) = (f64::from(degrees) / 2.0, 0.5);
    if y <= 0.0 {
        return 0.5_f64.ln();
    }
    // ln of x^a y^b / B(a, b); B(a, 1/2) = sqrt(pi) / (gamma(a + 1/2) / gamma(a)).
    let front = a * x.ln() + b * y.ln() + gamma_ratio(degrees).ln() - 0.5 * PI.ln();
    if x < (a + 1.0) / (a + b + 2.0) {
        return front - a.ln() + fraction(a, b, x).ln() - 2.0_f64.ln();
    }
    let upper = front.exp() / b * fraction(b, a, y);
    (0.5 * (1.0 - upper)).ln()
}

/// `gamma((degrees + 1) / 2) / gamma(degrees / 2)`, by going up in steps of two from what is known at one and two.
fn gamma_ratio(degrees: u32) -> f64 {
    let (mut ratio, mut at) = if degrees % 2 == 1 { (PI.sqrt().recip(), 1) } else { (PI.sqrt() / 2.0, 2) };
    while at < degrees {
        ratio *= f64::from(at + 1) / f64::from(at);
        at += 2;
    }
    ratio
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let bounded = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = bounded(1.0 - (a + b) * x / (a + 1.0)).recip();
    let mut h = d;
    for step in 1..2_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = bounded(1.0 + even * d).recip();
        c = bounded(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = bounded(1.0 + odd * d).recip();
        c = bounded(1.0 + odd / c);
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h
}

/// By how much a one-sided prior for the effect raises the likelihood, as a logarithm, where `rho` is the correlation of the
/// data with the effect's shape (shrunk by the prior) and the prior says "a fall" (for a rise, give `-rho`):
/// `-(nu/2) ln(1 - rho^2) + ln 2 + ln T_nu(-rho sqrt(nu) / sqrt(1 - rho^2))`.
#[must_use]
pub fn log_gain(rho: f64, degrees: u32) -> f64 {
    let rho = rho.clamp(-1.0 + 1e-15, 1.0 - 1e-15);
    let nu = f64::from(degrees);
    let rest = (1.0 - rho) * (1.0 + rho);
    -0.5 * nu * rest.ln() + 2.0_f64.ln() + log_cdf(-rho * (nu / rest).sqrt(), degrees)
}

/// [`log_gain`]'s exponential as a table, for simulations: cubic between 4,097 points, so that millions can be asked for.
/// Beyond 0.8 either way, where a cubic is no longer close, the exact value is worked out.
#[derive(Debug, Clone)]
pub struct GainTable {
    degrees: u32,
    values: Vec<[f64; 4]>,
}

const CELLS: usize = 4_096;
const REACH: f64 = 0.8;

impl GainTable {
    /// The table for so many degrees of freedom.
    #[must_use]
    pub fn new(degrees: u32) -> Self {
        let step = 2.0 * REACH / CELLS as f64;
        let knots: Vec<f64> =
            (0..CELLS + 3).map(|at| log_gain(-REACH + (at as f64 - 1.0) * step, degrees).exp()).collect();
        // Each cell as a cubic in the distance from its left end, through the four nearest knots.
        let cell = |k: &[f64]| {
            let &[before, left, right, after] = k else { return [0.0; 4] };
            let first = -before / 3.0 - left / 2.0 + right - after / 6.0;
            let second = before / 2.0 - left + right / 2.0;
            let third = (after - before) / 6.0 + (left - right) / 2.0;
            [left, first, second, third]
        };
        Self { degrees, values: knots.windows(4).map(cell).collect() }
    }

    /// The gain itself, not its logarithm.
    #[inline]
    #[must_use]
    pub fn gain(&self, rho: f64) -> f64 {
        let at = (rho + REACH) * (CELLS as f64 / (2.0 * REACH));
        let cell = at as usize;
        match self.values.get(cell) {
            Some([zero, first, second, third]) if at >= 0.0 => {
                let x = at - cell as f64;
                zero + x * (first + x * (second + x * third))
            }
            _ => log_gain(rho, self.degrees).exp(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_agrees_with_the_closed_forms_and_the_printed_tables() {
        // One degree: 1/2 + atan(t)/pi. Two: 1/2 + t / (2 sqrt(2 + t^2)).
        for t in [-40.0_f64, -3.0, -0.5, 0.0, 0.2, 2.0, 9.0] {
            let one = (0.5 + t.atan() / PI).ln();
            assert!((log_cdf(t, 1) - one).abs() < 1e-11, "{t}");
            let two = (0.5 + t / (2.0 * (2.0 + t * t).sqrt())).ln();
            assert!((log_cdf(t, 2) - two).abs() < 1e-10, "{t}");
        }
        // The usual 2.5% points.
        for (degrees, t) in [(5, -2.570_581_835_6), (30, -2.042_272_456_3), (120, -1.979_930_405_1)] {
            assert!((log_cdf(t, degrees).exp() - 0.025).abs() < 1e-11, "{degrees}");
        }
    }

    #[test]
    fn both_tails_add_up_to_one() {
        for degrees in [1, 2, 3, 7, 31, 80, 121] {
            for t in [0.0_f64, 0.01, 0.4, 1.0, 2.5, 8.0] {
                let sum = log_cdf(t, degrees).exp() + log_cdf(-t, degrees).exp();
                assert!((sum - 1.0).abs() < 1e-12, "{degrees} {t}");
            }
        }
    }

    #[test]
    fn the_far_tail_keeps_its_logarithm() {
        // Close to the power law t^-nu: doubling t takes off nu ln 2.
        let fall = log_cdf(-1e6, 75) - log_cdf(-2e6, 75);
        assert!((fall - 75.0 * 2.0_f64.ln()).abs() < 1e-6);
        assert!(log_cdf(-1e6, 75) < -700.0);
    }

    #[test]
    fn the_table_says_what_the_exact_function_says() {
        for degrees in [18, 51, 75, 110] {
            let table = GainTable::new(degrees);
            for at in -999..=999 {
                let rho = f64::from(at) / 1000.0 + 0.000_37;
                let exact = log_gain(rho, degrees);
                assert!((table.gain(rho).ln() - exact).abs() < 2e-5, "{degrees} {rho}");
                if rho.abs() < 0.5 {
                    assert!((table.gain(rho).ln() - exact).abs() < 1e-7, "{degrees} {rho}");
                }
            }
        }
    }
}
