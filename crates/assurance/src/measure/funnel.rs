//! Funnel limits: how far from the average an area of each size may lie by chance alone, and which areas lie further. Must not
//! rank areas; between the limits they do not differ as far as anybody can tell.
//!
//! Source: Fingertips' technical guidance. Limits leave 0.025 and 0.001 on each side (two and three standard deviations).
//! Proportions: the values whose Wilson interval just reaches the average. Rates and ratios: exact Poisson limits, found by
//! halving an interval to one part in ten million, as Public Health England's tool does (so that its published tables agree).

use super::count::{Method, byar, exact};
use super::{Confidence, MeasureError, not_negative, positive};
use crate::distribution::{normal_quantile, poisson_at_most};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// Numerator of denominator.
    Proportion,
    /// Observed over expected.
    Ratio,
    /// Events per population; for a directly standardised rate the population is what gives the rate its events.
    Rate,
}

/// Where an area lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Significance {
    /// Above the outer limit.
    High3,
    /// Above the inner limit.
    High2,
    /// Between the limits.
    None,
    /// Below the inner limit.
    Low2,
    /// Below the outer limit.
    Low3,
}

impl Significance {
    /// As Fingertips' tables name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::High3 => "High (0.001)",
            Self::High2 => "High (0.025)",
            Self::None => "Not significant",
            Self::Low2 => "Low (0.025)",
            Self::Low3 => "Low (0.001)",
        }
    }
}

/// An area: events, and the population, denominator or expected events that they belong to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Events, or cases.
    pub events: f64,
    /// What they are divided by.
    pub base: f64,
}

/// The probability of the tail beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// 0.025: about two standard deviations.
    Inner,
    /// 0.001: about three.
    Outer,
}

impl Tail {
    fn probability(self) -> f64 {
        match self {
            Self::Inner => 0.025,
            Self::Outer => 0.001,
        }
    }

    fn confidence(self) -> Confidence {
        match self {
            Self::Inner => Confidence::NINETY_FIVE,
            Self::Outer => Confidence::NINETY_NINE_POINT_EIGHT,
        }
    }
}

/// The average over all areas: the events of all by the bases of all.
///
/// # Errors
/// No areas; a negative count; a base that is not positive.
pub fn average(points: &[Point]) -> Result<f64, MeasureError> {
    let (mut events, mut base) = (0.0, 0.0);
    for point in points {
        events += not_negative("numerator", point.events)?;
        base += positive("denominator", point.base)?;
    }
    if points.is_empty() {
        return Err(MeasureError::HowMany { what: "areas", there: 0, wanted: "one or more" });
    }
    Ok(events / base)
}

/// The two limits of a proportion for an area of this size: the shares at which Wilson's interval just reaches the average.
#[must_use]
pub fn proportion_limits(average: f64, population: f64, tail: Tail) -> (f64, f64) {
    let z2 = normal_quantile(1.0 - tail.probability()).powi(2);
    // The score test turned round: (x/n - p)² = z² p̂(1 - p̂)/n at p̂ = x/n is a quadratic in x; see the test for its meaning.
    let scale = 1.0 / z2 + 1.0 / population;
    let centre = average * (population / z2 + 1.0);
    let inner = population * (average * average * (population / z2 + 2.0) - average) + z2 * average * (average - 1.0);
    let root = (centre * centre - scale * inner).max(0.0).sqrt();
    let share = |events: f64| events / scale / population;
    (share(centre - root), share(centre + root))
}

/// The mean of a Poisson count of which this count is just in the tail: above it (`high`) or below it.
#[must_use]
pub fn poisson_limit(events: f64, tail: Tail, high: bool) -> f64 {
    let odds = |v: f64| (1.0 + events) * v / (1.0 - v);
    let (mut v, mut step) = (0.5, 0.5);
    while step > 1e-7 {
        step /= 2.0;
        let mean = odds(v);
        let beyond = if high {
            poisson_at_most(events, mean) < tail.probability()
        } else {
            1.0 - poisson_at_most(events - 1.0, mean) > tail.probability()
        };
        v += if beyond { -step } else { step };
    }
    odds(v)
}

/// Where an area lies against an average.
///
/// # Errors
/// A negative count; a base that is not positive; for a proportion, more than all.
pub fn significance(statistic: Statistic, point: Point, average: f64) -> Result<Significance, MeasureError> {
    let events = not_negative("numerator", point.events)?;
    let base = positive("denominator", point.base)?;
    let place = |below: bool, above: bool, at: (Significance, Significance)| {
        if above {
            Some(at.0)
        } else if below {
            Some(at.1)
        } else {
            None
        }
    };
    for (tail, at) in [
        (Tail::Outer, (Significance::High3, Significance::Low3)),
        (Tail::Inner, (Significance::High2, Significance::Low2)),
    ] {
        let (below, above) = if statistic == Statistic::Proportion {
            if events > base {
                return Err(MeasureError::MoreThanAll { numerator: events, denominator: base });
            }
            let (low, high) = proportion_limits(average, base, tail);
            (events / base < low, events / base > high)
        } else {
            // The other way about: the interval of the count, and whether it reaches the average.
            let interval = match Method::of(events) {
                Method::Exact => exact(events, tail.confidence())?,
                Method::Byar => byar(events, tail.confidence())?,
            };
            let side = |limit: Option<f64>| limit.unwrap_or(0.0) / base;
            (average > side(interval.upper), average < side(interval.lower))
        };
        if let Some(found) = place(below, above, at) {
            return Ok(found);
        }
    }
    Ok(Significance::None)
}

/// The sizes at which the limits are drawn: a hundred from the smallest to the largest area, each further from the last.
/// For a proportion sizes of population, for a ratio observed events, for a rate events (`average` turns populations into them).
#[must_use]
pub fn axis(statistic: Statistic, points: &[Point], average: f64, years: f64) -> Vec<f64> {
    let bases = || points.iter().map(|point| point.base);
    let (least, most) = (bases().fold(f64::INFINITY, f64::min), bases().fold(0.0, f64::max));
    let years = if statistic == Statistic::Rate { years } else { 1.0 };
    let mut from = if most > 2.0 * least { 0.0 } else { neat(least / years, 0.95, 1, f64::floor) * years };
    let mut to = neat(most / years, 1.05, 2, f64::ceil) * years;
    if statistic == Statistic::Rate {
        (from, to) = ((from * average).floor(), (to * average).ceil());
    }
    let mut sizes = vec![from.max(1.0)];
    let behind = if statistic == Statistic::Ratio { 1 } else { 0 };
    for place in 2..=100 {
        let last = sizes.last().copied().unwrap_or(1.0);
        let left = f64::from(101 - (place - behind));
        sizes.push(((to / last).powf(1.0 / left) * last).round_ties_even().max(last + 1.0));
    }
    sizes
}

/// Rounded to its first digits (all but `drop`), for an axis that reads well.
fn neat(value: f64, by: f64, drop: i32, round: impl Fn(f64) -> f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let digits = round(value * by).abs().max(1.0).log10().floor() as i32 + 1;
    let unit = 10.0_f64.powi(digits - drop);
    round(value * by / unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::proportion::wilson;
    use proptest::prelude::*;

    #[test]
    fn an_axis_reads_well() {
        assert!((neat(31_234.0, 0.95, 1, f64::floor) - 20_000.0).abs() < 1e-9);
        assert!((neat(31_234.0, 1.05, 2, f64::ceil) - 33_000.0).abs() < 1e-9);
        let sizes = axis(
            Statistic::Proportion,
            &[Point { events: 1.0, base: 50.0 }, Point { events: 5.0, base: 5000.0 }],
            0.1,
            1.0,
        );
        assert_eq!((sizes.len(), sizes.first(), sizes.last()), (100, Some(&1.0), Some(&5300.0)));
    }

    #[test]
    fn areas_far_out_are_told_from_those_within() {
        let at = |events, base| significance(Statistic::Ratio, Point { events, base }, 1.0).unwrap();
        assert_eq!(at(100.0, 100.0), Significance::None);
        assert_eq!(
            (at(0.0, 2.0), at(0.0, 5.0), at(0.0, 50.0)),
            (Significance::None, Significance::Low2, Significance::Low3)
        );
        assert_eq!((at(130.0, 105.0), at(200.0, 100.0)), (Significance::High2, Significance::High3));
        assert!(significance(Statistic::Proportion, Point { events: 2.0, base: 1.0 }, 0.5).is_err());
        assert!(average(&[]).is_err() && average(&[Point { events: 1.0, base: 0.0 }]).is_err());
    }

    proptest! {
        #[test]
        fn a_proportion_at_a_limit_has_an_interval_that_just_reaches_the_average(percent in 2u32..98, population in 20u32..100_000) {
            let (average, n) = (f64::from(percent) / 100.0, f64::from(population));
            let (low, high) = proportion_limits(average, n, Tail::Inner);
            if low > 0.0 && high < 1.0 {
                let reach = |share: f64| wilson(share * n, n, Confidence::NINETY_FIVE).unwrap();
                prop_assert!((reach(low).upper.unwrap() - average).abs() < 1e-9);
                prop_assert!((reach(high).lower.unwrap() - average).abs() < 1e-9);
            }
        }

        #[test]
        fn halving_comes_as_near_to_the_exact_limit_as_it_says(events in 1u32..3000) {
            let events = f64::from(events);
            let interval = exact(events, Confidence::NINETY_FIVE).unwrap();
            prop_assert!((poisson_limit(events, Tail::Inner, true) / interval.upper.unwrap() - 1.0).abs() < 1e-5);
            prop_assert!((poisson_limit(events, Tail::Inner, false) / interval.lower.unwrap() - 1.0).abs() < 1e-5);
        }
    }
}
