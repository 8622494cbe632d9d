//! Indirectly standardised rates and ratios: events observed against those expected at the reference's rates, band by band. Two
//! areas' ratios have different weights and must not be compared with each other, only each with the reference.

use super::count::{Method, interval};
use super::{Confidence, Estimate, MeasureError, not_negative, positive};

/// One band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Events in it.
    pub events: f64,
    /// People in it.
    pub population: f64,
    /// Events in the reference's band.
    pub reference_events: f64,
    /// People in the reference's band.
    pub reference_population: f64,
}

/// The bands put together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indirect {
    /// Events in all bands.
    pub observed: f64,
    /// Events that the reference's rates would give.
    pub expected: f64,
    /// The reference's crude rate, per person.
    pub reference_rate: f64,
}

impl Indirect {
    /// Observed and expected over all bands.
    ///
    /// # Errors
    /// Negative counts; a reference population that is not positive; nothing expected.
    pub fn of(bands: &[Band]) -> Result<Self, MeasureError> {
        let (mut observed, mut expected, mut events, mut people) = (0.0, 0.0, 0.0, 0.0);
        for band in bands {
            observed += not_negative("count", band.events)?;
            let population = not_negative("population", band.population)?;
            let reference_events = not_negative("reference count", band.reference_events)?;
            let reference_population = positive("reference population", band.reference_population)?;
            expected += reference_events / reference_population * population;
            events += reference_events;
            people += reference_population;
        }
        positive("number of expected events", expected)?;
        Ok(Self { observed, expected, reference_rate: events / people })
    }

    /// How the intervals are made.
    #[must_use]
    pub fn method(&self) -> Method {
        Method::of(self.observed)
    }

    /// Observed over expected, times `reference` (1 or 100).
    ///
    /// # Errors
    /// None on what [`Self::of`] gave.
    pub fn ratio(&self, reference: f64, confidences: &[Confidence]) -> Result<Estimate, MeasureError> {
        let intervals = confidences
            .iter()
            .map(|confidence| Ok(interval(self.observed, *confidence)?.map(|limit| limit / self.expected * reference)))
            .collect::<Result<_, MeasureError>>()?;
        Ok(Estimate { value: self.observed / self.expected * reference, intervals })
    }

    /// The indirectly standardised rate per `multiplier` people.
    ///
    /// # Errors
    /// None on what [`Self::of`] gave.
    pub fn rate(&self, multiplier: f64, confidences: &[Confidence]) -> Result<Estimate, MeasureError> {
        self.ratio(self.reference_rate * multiplier, confidences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_expected_is_no_ratio() {
        let band = |n, r| Band { events: 1.0, population: n, reference_events: r, reference_population: 10.0 };
        assert!(
            Indirect::of(&[band(0.0, 1.0)]).is_err()
                && Indirect::of(&[band(5.0, 0.0)]).is_err()
                && Indirect::of(&[]).is_err()
        );
        assert!(Indirect::of(&[band(5.0, -1.0)]).is_err() && Indirect::of(&[band(-5.0, 1.0)]).is_err());
    }

    proptest! {
        #[test]
        fn the_reference_measured_against_itself_is_one(counts in prop::collection::vec((1u32..1000, 1000u32..100_000), 1..20)) {
            let bands: Vec<Band> = counts
                .iter()
                .map(|(x, n)| {
                    let (x, n) = (f64::from(*x), f64::from(*n));
                    Band { events: x, population: n, reference_events: x, reference_population: n }
                })
                .collect();
            let indirect = Indirect::of(&bands).unwrap();
            prop_assert!((indirect.ratio(1.0, &[]).unwrap().value - 1.0).abs() < 1e-12);
            prop_assert!((indirect.rate(100.0, &[]).unwrap().value - indirect.reference_rate * 100.0).abs() < 1e-9);
        }
    }
}
