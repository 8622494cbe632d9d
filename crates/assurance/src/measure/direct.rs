//! Directly standardised rates: what the rate would be in a standard population, band by band, with Dobson's interval. Must not
//! be worked out from fewer than ten events: the answer is then "not available", never a number.
//!
//! Sources: Dobson et al., Stat Med 1991;10:457 for the interval; the European Standard Population 2013 (Eurostat) to 90 and over.

use super::count::byar;
use super::{Confidence, Estimate, Interval, MeasureError, not_negative, positive};

/// The European Standard Population of 2013 in nineteen bands: 0-4, 5-9 and so on to 90 and over. It sums to 100,000.
pub const EUROPEAN_2013: [f64; 19] = [
    5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0, 7000.0, 6500.0, 6000.0, 5500.0,
    5000.0, 4000.0, 2500.0, 1500.0, 1000.0,
];

/// With fewer events than this there is no directly standardised rate.
pub const FEWEST: f64 = 10.0;

/// One band of age (or age and sex).
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Events in it.
    pub events: f64,
    /// People in it.
    pub population: f64,
    /// People in the standard population's band.
    pub standard: f64,
    /// Where one person can have several events: how many people had one, two, three… `None` where events are independent.
    pub people_by_events: Option<Vec<f64>>,
}

impl Band {
    /// Sum over people of the square of their number of events: the variance of the count, as the data have it.
    fn squares(&self) -> f64 {
        self.people_by_events.as_ref().map_or(self.events, |people| {
            people.iter().zip(1_u32..).map(|(people, events)| people * f64::from(events).powi(2)).sum()
        })
    }
}

/// The bands put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Direct {
    /// Events in all bands.
    pub events: f64,
    /// People in all bands.
    pub population: f64,
    /// The rate per `multiplier`, or `None` with fewer than [`FEWEST`] events.
    pub rate: Option<Estimate>,
}

/// The directly standardised rate per `multiplier` people.
///
/// # Errors
/// No bands; a negative count; a population or standard that is not positive.
pub fn directly_standardised(
    bands: &[Band],
    multiplier: f64,
    confidences: &[Confidence],
) -> Result<Direct, MeasureError> {
    if bands.is_empty() {
        return Err(MeasureError::HowMany { what: "bands", there: 0, wanted: "one or more" });
    }
    let (mut events, mut population, mut standard, mut weighted, mut variance) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for band in bands {
        events += not_negative("count", band.events)?;
        population += positive("population", band.population)?;
        standard += not_negative("standard population", band.standard)?;
        for people in band.people_by_events.iter().flatten() {
            not_negative("number of people with so many events", *people)?;
        }
        let weight = band.standard / band.population;
        weighted += weight * band.events;
        variance += weight * weight * band.squares();
    }
    positive("standard population of all bands", standard)?;
    let value = weighted / standard * multiplier;
    let spread = (variance / (standard * standard) / events).sqrt();
    let rate = (events >= FEWEST)
        .then(|| -> Result<Estimate, MeasureError> {
            let interval = |confidence: &Confidence| -> Result<Interval, MeasureError> {
                Ok(byar(events, *confidence)?.map(|limit| value + spread * (limit - events) * multiplier))
            };
            Ok(Estimate { value, intervals: confidences.iter().map(interval).collect::<Result<_, _>>()? })
        })
        .transpose()?;
    Ok(Direct { events, population, rate })
}

/// One band for years of life lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossBand {
    /// Deaths in it.
    pub deaths: f64,
    /// People in it.
    pub population: f64,
    /// People in the standard population's band.
    pub standard: f64,
    /// Years that each of these deaths took: to a fixed age from the band's middle, or the life table's expectation.
    pub years: f64,
}

/// The years from the middle of a band to a fixed age (75 is usual), or none for those who were older.
#[must_use]
pub fn years_to(age: f64, from: f64, width: f64) -> f64 {
    (age - (from + width / 2.0)).max(0.0)
}

/// Years of life lost: in all, and directly standardised per `multiplier` people. The interval is Dobson's, each death counted
/// with the square of its years, on the deaths that took any.
///
/// # Errors
/// As [`directly_standardised`].
pub fn years_of_life_lost(
    bands: &[LossBand],
    multiplier: f64,
    confidences: &[Confidence],
) -> Result<(f64, Direct), MeasureError> {
    let (mut lost, mut deaths, mut population, mut standard, mut weighted, mut variance) =
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for band in bands {
        let died = not_negative("number of deaths", band.deaths)?;
        let years = not_negative("number of years lost", band.years)?;
        population += positive("population", band.population)?;
        standard += not_negative("standard population", band.standard)?;
        let weight = band.standard / band.population;
        lost += died * years;
        weighted += weight * died * years;
        variance += weight * weight * died * years * years;
        deaths += if years > 0.0 { died } else { 0.0 };
    }
    positive("standard population of all bands", standard)?;
    let value = weighted / standard * multiplier;
    let spread = (variance / (standard * standard) / deaths).sqrt();
    let rate = (deaths >= FEWEST)
        .then(|| -> Result<Estimate, MeasureError> {
            let interval = |confidence: &Confidence| -> Result<Interval, MeasureError> {
                Ok(byar(deaths, *confidence)?.map(|limit| value + spread * (limit - deaths) * multiplier))
            };
            Ok(Estimate { value, intervals: confidences.iter().map(interval).collect::<Result<_, _>>()? })
        })
        .transpose()?;
    Ok((lost, Direct { events: deaths, population, rate }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn band(events: f64, population: f64, standard: f64) -> Band {
        Band { events, population, standard, people_by_events: None }
    }

    #[test]
    fn the_standard_population_is_a_hundred_thousand() {
        assert!((EUROPEAN_2013.iter().sum::<f64>() - 100_000.0).abs() < 1e-9);
    }

    #[test]
    fn fewer_than_ten_events_give_no_rate() {
        let direct = directly_standardised(&[band(9.0, 100.0, 1.0)], 1.0, &[]).unwrap();
        assert_eq!(direct, Direct { events: 9.0, population: 100.0, rate: None });
        assert!(directly_standardised(&[], 1.0, &[]).is_err());
        for wrong in [band(-1.0, 10.0, 1.0), band(1.0, 0.0, 1.0), band(1.0, 10.0, -1.0), band(1.0, 10.0, 0.0)] {
            assert!(directly_standardised(&[wrong], 1.0, &[]).is_err());
        }
    }

    #[test]
    fn years_are_counted_to_the_age_and_not_beyond() {
        assert!((years_to(75.0, 60.0, 5.0) - 12.5).abs() < 1e-12);
        assert!(years_to(75.0, 80.0, 5.0).abs() < 1e-12);
        let bands = [
            LossBand { deaths: 12.0, population: 100.0, standard: 50.0, years: 12.5 },
            LossBand { deaths: 40.0, population: 100.0, standard: 50.0, years: 0.0 },
        ];
        let (lost, direct) = years_of_life_lost(&bands, 1000.0, &[Confidence::NINETY_FIVE]).unwrap();
        assert!((lost - 150.0).abs() < 1e-12);
        assert!((direct.rate.unwrap().value - 750.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn in_one_band_it_is_the_crude_rate_with_byars_limits(events in 10u32..5000, population in 1u32..1_000_000) {
            let (events, population) = (f64::from(events), f64::from(population));
            let direct = directly_standardised(&[band(events, population, 7.0)], 1000.0, &[Confidence::NINETY_FIVE]).unwrap();
            let crude = crate::measure::rate::rate(events, population, 1000.0, &[Confidence::NINETY_FIVE]).unwrap();
            let direct = direct.rate.unwrap();
            prop_assert!((direct.value / crude.value - 1.0).abs() < 1e-12);
            prop_assert!((direct.intervals[0].upper.unwrap() / crude.intervals[0].upper.unwrap() - 1.0).abs() < 1e-12);
        }

        #[test]
        fn people_who_come_again_widen_the_interval(once in 10u32..500, twice in 1u32..100) {
            let (once, twice) = (f64::from(once), f64::from(twice));
            let alone = band(once + 2.0 * twice, 10_000.0, 1.0);
            let together = Band { people_by_events: Some(vec![once, twice]), ..alone.clone() };
            let upper = |band: Band| directly_standardised(&[band], 1.0, &[Confidence::NINETY_FIVE]).unwrap().rate.unwrap().intervals[0].upper;
            prop_assert!(upper(together) > upper(alone));
        }
    }
}
