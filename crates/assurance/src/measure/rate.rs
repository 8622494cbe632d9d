//! Crude rates: events per so many people, with Byar's or exact limits. Must not be compared between populations of different
//! age: that is what [`super::direct`] and [`super::indirect`] are for.

use super::count::interval;
use super::{Confidence, Estimate, MeasureError, not_negative, positive};

/// Events per `multiplier` people (or person-years), with its intervals.
///
/// # Errors
/// A negative count, or a population that is not positive.
pub fn rate(
    events: f64,
    population: f64,
    multiplier: f64,
    confidences: &[Confidence],
) -> Result<Estimate, MeasureError> {
    let events = not_negative("numerator", events)?;
    let population = positive("denominator", population)?;
    let intervals = confidences
        .iter()
        .map(|confidence| Ok(interval(events, *confidence)?.map(|limit| limit / population * multiplier)))
        .collect::<Result<_, MeasureError>>()?;
    Ok(Estimate { value: events / population * multiplier, intervals })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_may_be_above_its_multiplier_and_has_no_meaning_for_nobody() {
        let rate_of = |x, n| rate(x, n, 100.0, &[Confidence::NINETY_FIVE]);
        assert!(rate_of(250.0, 220.0).unwrap().value > 100.0);
        assert!(rate_of(1.0, 0.0).is_err() && rate_of(-1.0, 1.0).is_err() && rate_of(1.0, f64::INFINITY).is_err());
    }
}
