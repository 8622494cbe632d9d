//! The few distribution functions that the measures need, on `statrs`' special functions, with quantiles refined to the last
//! digits of a double (`statrs`' own chi-squared and t quantiles stop earlier). Checked against tables in the tests. Outside
//! its domain a function answers NaN; it never panics.

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf;
use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};

/// The standard normal quantile: the `z` with `P(Z <= z) = p`.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    -std::f64::consts::SQRT_2 * erf::erfc_inv(2.0 * p)
}

/// The standard normal distribution function.
#[must_use]
pub fn normal_below(z: f64) -> f64 {
    0.5 * erf::erfc(-z / std::f64::consts::SQRT_2)
}

/// `P(X <= count)` for a Poisson count of this mean. `count` need not be whole: the gamma form goes on between.
#[must_use]
pub fn poisson_at_most(count: f64, mean: f64) -> f64 {
    if mean.is_nan() || mean < 0.0 || count.is_nan() {
        return f64::NAN;
    }
    if count < 0.0 {
        return 0.0;
    }
    if mean == 0.0 { 1.0 } else { checked_gamma_ur(count + 1.0, mean).unwrap_or(f64::NAN) }
}

/// The chi-squared quantile: the `x` with `P(X <= x) = p` on `degrees` of freedom (not necessarily whole).
#[must_use]
pub fn chi_squared_quantile(p: f64, degrees: f64) -> f64 {
    2.0 * gamma_quantile(p, degrees / 2.0)
}

/// The quantile of the gamma distribution with this shape and scale 1.
fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if !(0.0..1.0).contains(&p) || !shape.is_finite() || shape <= 0.0 {
        return if p == 1.0 && shape > 0.0 { f64::INFINITY } else { f64::NAN };
    }
    if p == 0.0 {
        return 0.0;
    }
    // Each tail is solved as itself, so that no small probability is a difference from 1.
    let excess = |x: f64| {
        if p <= 0.5 {
            checked_gamma_lr(shape, x).unwrap_or(f64::NAN) - p
        } else {
            (1.0 - p) - checked_gamma_ur(shape, x).unwrap_or(f64::NAN)
        }
    };
    let density = |x: f64| ((shape - 1.0) * x.ln() - x - ln_gamma(shape)).exp();
    // Wilson and Hilferty (1931): the cube root of a gamma is nearly normal.
    let ninth = 1.0 / (9.0 * shape);
    let guess = shape * (1.0 - ninth + normal_quantile(p) * ninth.sqrt()).powi(3);
    let small = ((p.ln() + ln_gamma(shape + 1.0)) / shape).exp();
    solve(excess, density, if guess > small { guess } else { small.max(f64::MIN_POSITIVE) }, (0.0, f64::INFINITY))
}

/// The two-sided p-value of a t statistic on `degrees` of freedom.
#[must_use]
pub fn student_two_sided(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    // A small t leaves `degrees / (degrees + t²)` a hair under 1, where what it rests on has been rounded away: the other end is asked.
    if square < 1.0 {
        let middle = checked_beta_reg(0.5, degrees / 2.0, square / (degrees + square));
        return middle.map_or(f64::NAN, |middle| 1.0 - middle);
    }
    checked_beta_reg(degrees / 2.0, 0.5, degrees / (degrees + square)).unwrap_or(f64::NAN)
}

/// Student's t quantile for `p` above one half: the `t` with `P(T <= t) = p`.
#[must_use]
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    if p.is_nan() || degrees.is_nan() || degrees <= 0.0 || !(0.0..1.0).contains(&p) || p == 0.0 {
        return f64::NAN;
    }
    if p < 0.5 {
        return -student_quantile(1.0 - p, degrees);
    }
    if p == 0.5 {
        return 0.0;
    }
    let tail = 2.0 * (1.0 - p);
    let excess = |t: f64| tail - student_two_sided(t, degrees);
    let log_scale =
        ln_gamma((degrees + 1.0) / 2.0) - ln_gamma(degrees / 2.0) - 0.5 * (degrees * std::f64::consts::PI).ln();
    let slope = |t: f64| 2.0 * (log_scale - (degrees + 1.0) / 2.0 * (t * t / degrees).ln_1p()).exp();
    solve(excess, slope, normal_quantile(p), (0.0, f64::INFINITY))
}

/// The zero of an increasing function: Newton's steps, kept inside a bracket that shrinks, and halved where a step would leave it.
fn solve(value: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64, guess: f64, bracket: (f64, f64)) -> f64 {
    let (mut low, mut high) = bracket;
    let mut x = guess;
    for _ in 0..400 {
        let here = value(x);
        if here == 0.0 || here.is_nan() {
            return if here == 0.0 { x } else { f64::NAN };
        }
        if here < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let step = here / slope(x);
        let mut next = x - step;
        if !next.is_finite() || next <= low || next >= high {
            next = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * x.max(1e-300) };
        }
        if (next - x).abs() <= 1e-15 * x.abs() {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(got: f64, wanted: f64) {
        assert!((got - wanted).abs() <= 1e-12 * wanted.abs(), "{got} is not {wanted}");
    }

    // Wanted values: scipy 1.17.1 (Cephes and Boost), 17 digits.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        close(normal_quantile(0.975), 1.959963984540054);
        close(normal_quantile(0.999), 3.090232306167813);
        close(normal_quantile(1e-9), -5.997807015007687);
        close(chi_squared_quantile(0.975, 8.0), 17.534546139484647);
        close(chi_squared_quantile(0.001, 10.0), 1.4787434638356647);
        close(student_quantile(0.999, 29.0), 3.3962402883568026);
        assert!(normal_quantile(1.5).is_nan() && chi_squared_quantile(0.5, -1.0).is_nan());
    }

    proptest! {
        #[test]
        fn a_chi_squared_quantile_leads_back_to_its_probability(p in 0.0005f64..0.9995, degrees in 0.5f64..400.0) {
            let x = chi_squared_quantile(p, degrees);
            let back = checked_gamma_lr(degrees / 2.0, x / 2.0).unwrap();
            prop_assert!((back - p).abs() < 1e-12, "{x} {back}");
        }

        #[test]
        fn a_t_quantile_leads_back_to_its_probability(p in 0.501f64..0.9999, degrees in 1.0f64..300.0) {
            let t = student_quantile(p, degrees);
            prop_assert!((1.0 - student_two_sided(t, degrees) / 2.0 - p).abs() < 1e-12, "{t}");
            prop_assert!((student_quantile(1.0 - p, degrees) + t).abs() < 1e-9 * t);
        }

        #[test]
        fn poisson_sums_are_the_sums_of_their_terms(count in 0u32..40, mean in 0.01f64..60.0) {
            let (mut term, mut sum) = ((-mean).exp(), 0.0);
            for k in 0..=count {
                sum += term;
                term *= mean / f64::from(k + 1);
            }
            prop_assert!((poisson_at_most(f64::from(count), mean) - sum).abs() < 1e-12);
        }
    }
}
