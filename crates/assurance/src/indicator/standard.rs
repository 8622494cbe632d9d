//! Months with age allowed for: the bands of a definition, put together by its standard population or its reference. Must not put a
//! crude figure among standardised ones: where the bands of a month are not all there, or do not add up to the whole, it says so.

use super::definition::{Definition, Split, Standardisation};
use super::figures::{Figures, Slice, Value};
use crate::gate::month::Month;
use crate::measure::direct::{self, FEWEST, directly_standardised};
use crate::measure::indirect::{self, Indirect};
use crate::measure::{Confidence, Estimate, MeasureError};

/// Why age cannot be allowed for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotAllowedFor {
    /// A band was not reported.
    #[error("{month} was not reported for the band \u{201c}{band}\u{201d}")]
    Missing {
        /// The month.
        month: Month,
        /// The band.
        band: String,
    },
    /// The bands are not the whole.
    #[error("the bands of {month} add up to another count than the whole of it")]
    Sum {
        /// The month.
        month: Month,
    },
    /// Too few for a rate.
    #[error("a month with fewer than {FEWEST} events has no directly standardised rate")]
    Few,
    /// Counts that cannot be.
    #[error("{0}")]
    Measure(#[from] MeasureError),
}

/// Whether a definition asks for its figures to be put together from bands of age. A ratio is not: what is expected of its area, age
/// by age, is its denominator already.
#[must_use]
pub fn is_asked(definition: &Definition) -> bool {
    definition.age.is_some()
}

/// The bands of some months, each summed over them, in the order of the definition.
///
/// # Errors
/// [`NotAllowedFor`] for the first band that is missing, or month whose bands are not the whole.
pub fn bands(
    definition: &Definition,
    figures: &Figures,
    revision: u32,
    months: &[Month],
) -> Result<Vec<Value>, NotAllowedFor> {
    let whole = figures.months(None, revision);
    let named = definition.age.iter().flat_map(|age| &age.bands);
    let known: Vec<_> = named
        .map(|band| {
            let slice = Slice { by: Split::Age, group: band.group.clone() };
            (&band.group, figures.months(Some(&slice), revision))
        })
        .collect();
    let mut sums = vec![Value { numerator: 0, denominator: Some(0), complete: 1_000 }; known.len()];
    for month in months {
        let mut all = 0_i64;
        for ((band, known), sum) in known.iter().zip(&mut sums) {
            let missing = || NotAllowedFor::Missing { month: *month, band: (*band).clone() };
            let of = known.get(month).ok_or_else(missing)?;
            all = all.saturating_add(of.numerator);
            sum.numerator = sum.numerator.saturating_add(of.numerator);
            sum.denominator = sum.denominator.zip(of.denominator).map(|(one, two)| one.saturating_add(two));
            sum.complete = sum.complete.min(of.complete);
        }
        if whole.get(month).is_none_or(|whole| whole.numerator != all) {
            return Err(NotAllowedFor::Sum { month: *month });
        }
    }
    Ok(sums)
}

/// The rate that these bands make, with its 95% interval: Dobson's for a direct one, Byar's or the exact one for an indirect one.
///
/// # Errors
/// [`NotAllowedFor::Few`], or counts that cannot be.
pub fn standardised(definition: &Definition, bands: &[Value]) -> Result<Estimate, NotAllowedFor> {
    let (times, sure) = (definition.multiplier, [Confidence::NINETY_FIVE]);
    let named = definition.age.iter().flat_map(|age| &age.bands);
    let counted = named.zip(bands).map(|(band, value)| {
        let people = value.denominator.map_or(0.0, |people| people as f64);
        (band, value.numerator as f64, people)
    });
    if definition.standardisation == Standardisation::Direct {
        let of: Vec<direct::Band> = counted
            .map(|(band, events, population)| direct::Band {
                events,
                population,
                standard: band.standard.unwrap_or_default(),
                people_by_events: None,
            })
            .collect();
        return directly_standardised(&of, times, &sure)?.rate.ok_or(NotAllowedFor::Few);
    }
    let of: Vec<indirect::Band> = counted
        .map(|(band, events, population)| {
            let [reference_events, reference_population] = band.reference.unwrap_or_default();
            indirect::Band { events, population, reference_events, reference_population }
        })
        .collect();
    Ok(Indirect::of(&of)?.rate(times, &sure)?)
}

#[cfg(test)]
mod tests;
