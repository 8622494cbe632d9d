//! Life expectancy and healthy life expectancy from an abridged life table. Must not answer for a population too small for it
//! (5,000 person-years), nor where the oldest band has no deaths: then there is no value, and a reason.
//!
//! Sources: Chiang (1968) for the table; Silcocks, Jenner and Reza, J Epidemiol Community Health 2001;55:38, for the variance of
//! the last band; Toson and Baker (ONS, 2003) for the least population. Healthy life expectancy: Sullivan (1971), its variance
//! with both parts, of dying and of answering (Mathers 1991).

use super::{Confidence, Estimate, Interval, MeasureError, not_negative};

/// The first ages of the twenty bands: under 1, 1 to 4, then fives to 90 and over.
pub const FIRST_AGES: [u32; 20] = [0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90];

/// No life expectancy for so few person-years or fewer.
pub const LEAST_POPULATION: f64 = 5000.0;

/// One band of age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Its first age in years.
    pub first_age: u32,
    /// Deaths in it.
    pub deaths: f64,
    /// Person-years in it.
    pub population: f64,
    /// The share in good health, and how many people were asked; `None` where life expectancy alone is wanted.
    pub healthy: Option<(f64, f64)>,
}

/// Why a life table has no values. The words are for people.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Withheld {
    /// Not the twenty bands.
    #[error("the age bands are not the twenty from 0, 1, 5, 10 and so on to 90")]
    Bands,
    /// A band below zero.
    #[error("the band from {0} has a negative number of deaths")]
    NegativeDeaths(u32),
    /// An empty band.
    #[error("the band from {0} has nobody in it")]
    Nobody(u32),
    /// More deaths than people.
    #[error("the band from {0} has more deaths than people")]
    MoreDeathsThanPeople(u32),
    /// Too few in all.
    #[error("the population is {0}, and life expectancy needs more than 5,000 person-years")]
    TooFew(f64),
    /// The last band cannot be closed.
    #[error("nobody died in the last band, so its length of life is unknown")]
    NobodyDiedLast,
    /// A share that is none.
    #[error("the band from {0} has a share in good health that is not between 0 and 1, or asked nobody")]
    Healthy(u32),
}

/// What a life table says from one age on.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The age.
    pub age: u32,
    /// Years still to live.
    pub life: Estimate,
    /// Of them, years in good health.
    pub healthy: Option<Estimate>,
}

/// One row of the table while it is made.
struct Row {
    width: f64,
    /// Share of the band that those who die in it live through.
    lived: f64,
    dying: f64,
    deaths: f64,
    alive: f64,
    years: f64,
    healthy: Option<(f64, f64)>,
}

/// The table of bands in any order: for every first age the years to live.
///
/// # Errors
/// [`Withheld`], with the reason that people are told.
pub fn life_table(bands: &[Band], confidences: &[Confidence]) -> Result<Vec<Expectation>, Withheld> {
    let rows = rows(&in_order(bands)?);
    let mut out: Vec<Expectation> = Vec::with_capacity(rows.len());
    // From the last band back: years, and the variance of years, of all that comes after.
    let (mut years, mut variance) = (0.0, 0.0);
    let (mut well, mut well_variance, mut answers) = (0.0, 0.0, 0.0);
    let (mut after, mut well_after) = (0.0, 0.0);
    let all_well = rows.iter().all(|row| row.healthy.is_some());
    for (row, first_age) in rows.iter().zip(FIRST_AGES).rev() {
        let last = first_age == 90;
        let (share, asked) = row.healthy.unwrap_or((0.0, 1.0));
        years += row.years;
        well += row.years * share;
        if last {
            // The length of life in the last band is 1/M, whose variance is 1/(deaths · M²), times 4 and a quarter of alive².
            let rate = row.alive / row.years;
            let of_length = row.alive * row.alive / (row.deaths * rate * rate);
            variance += of_length;
            well_variance += of_length * share * share;
        } else {
            let chance = if row.deaths > 0.0 { row.dying * row.dying * (1.0 - row.dying) / row.deaths } else { 0.0 };
            let gained = (1.0 - row.lived) * row.width;
            variance += chance * (row.alive * (gained + after)).powi(2);
            well_variance += chance * (row.alive * (gained * share + well_after)).powi(2);
        }
        answers += row.years * row.years * share * (1.0 - share) / asked;
        if row.alive > 0.0 {
            after = years / row.alive;
            well_after = well / row.alive;
        } else {
            (after, well_after) = (0.0, 0.0);
        }
        let estimate = |value: f64, variance: f64| {
            let error = variance.sqrt() / row.alive;
            let interval = |confidence: &Confidence| {
                let half = confidence.z() * error;
                Interval {
                    lower: Some(value - half).filter(|limit| limit.is_finite()),
                    upper: Some(value + half).filter(|limit| limit.is_finite()),
                }
            };
            Estimate { value, intervals: confidences.iter().map(interval).collect() }
        };
        out.push(Expectation {
            age: first_age,
            life: estimate(after, variance),
            healthy: all_well.then(|| estimate(well_after, well_variance + answers)),
        });
    }
    out.reverse();
    Ok(out)
}

/// The bands sorted, if they are what a table needs.
fn in_order(bands: &[Band]) -> Result<Vec<Band>, Withheld> {
    let mut bands = bands.to_vec();
    bands.sort_by_key(|band| band.first_age);
    if !bands.iter().map(|band| band.first_age).eq(FIRST_AGES) {
        return Err(Withheld::Bands);
    }
    let check = |bad: &dyn Fn(&Band) -> bool, why: fn(u32) -> Withheld| {
        bands.iter().find(|band| bad(band)).map_or(Ok(()), |band| Err(why(band.first_age)))
    };
    check(&|band| not_negative("deaths", band.deaths).is_err(), Withheld::NegativeDeaths)?;
    check(&|band| super::positive("population", band.population).is_err(), Withheld::Nobody)?;
    check(&|band| band.deaths > band.population, Withheld::MoreDeathsThanPeople)?;
    check(
        &|band| {
            band.healthy.is_some_and(|(share, asked)| !(0.0..=1.0).contains(&share) || asked.is_nan() || asked <= 0.0)
        },
        Withheld::Healthy,
    )?;
    let all: f64 = bands.iter().map(|band| band.population).sum();
    if all <= LEAST_POPULATION {
        return Err(Withheld::TooFew(all));
    }
    if bands.last().is_none_or(|band| band.deaths == 0.0) {
        return Err(Withheld::NobodyDiedLast);
    }
    Ok(bands)
}

/// The life table of 100,000 newborns.
fn rows(bands: &[Band]) -> Vec<Row> {
    let mut alive = 100_000.0;
    let mut rows = Vec::with_capacity(bands.len());
    for (place, band) in bands.iter().enumerate() {
        let rate = band.deaths / band.population;
        let lived = if band.first_age == 0 { 0.1 } else { 0.5 };
        let next = bands.get(place + 1);
        let width = next.map_or(2.0 / rate, |next| f64::from(next.first_age - band.first_age));
        let dying = if next.is_some() { rate * width / (1.0 + rate * width * (1.0 - lived)) } else { 1.0 };
        let survivors = alive * (1.0 - dying);
        let years = if next.is_some() { width * (survivors + lived * (alive - survivors)) } else { alive / rate };
        rows.push(Row { width, lived, dying, deaths: band.deaths, alive, years, healthy: band.healthy });
        alive = survivors;
    }
    rows
}

/// A band's first age from its label: `0`, `1-4`, `90+`, `10 – 14`.
///
/// # Errors
/// [`MeasureError::Range`] where there is no number in it.
pub fn first_age(label: &str) -> Result<u32, MeasureError> {
    let digits: String = label.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().map_err(|_| MeasureError::Range {
        what: "first age of the band",
        value: f64::NAN,
        within: "at the beginning of the band's name, as in 5-9 or 90+",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steady(rate: f64, population: f64) -> Vec<Band> {
        FIRST_AGES
            .iter()
            .map(|first_age| Band { first_age: *first_age, deaths: rate * population, population, healthy: None })
            .collect()
    }

    #[test]
    fn bands_are_known_by_their_first_number() {
        assert_eq!(first_age("90 +").unwrap(), 90);
        assert_eq!(first_age("10 – 14").unwrap(), 10);
        assert_eq!(first_age("Aged 1 to 4").unwrap(), 1);
        assert!(first_age("all ages").is_err() && first_age("99999999999").is_err());
    }

    #[test]
    fn a_table_that_cannot_be_made_says_why() {
        let with = |change: &dyn Fn(&mut Vec<Band>)| {
            let mut bands = steady(0.01, 10_000.0);
            change(&mut bands);
            life_table(&bands, &[]).err()
        };
        assert_eq!(with(&|_| ()), None);
        assert_eq!(with(&|bands| bands.truncate(19)), Some(Withheld::Bands));
        assert_eq!(with(&|bands| bands[3].deaths = -5.0), Some(Withheld::NegativeDeaths(10)));
        assert_eq!(with(&|bands| bands[5].population = 0.0), Some(Withheld::Nobody(20)));
        assert_eq!(with(&|bands| bands[5].deaths = 10_001.0), Some(Withheld::MoreDeathsThanPeople(20)));
        assert_eq!(with(&|bands| bands[19].deaths = 0.0), Some(Withheld::NobodyDiedLast));
        assert_eq!(with(&|bands| bands[2].healthy = Some((1.5, 10.0))), Some(Withheld::Healthy(5)));
        assert_eq!(with(&|bands| bands.iter_mut().for_each(|b| b.population = 250.0)), Some(Withheld::TooFew(5000.0)));
    }

    proptest! {
        // Where everybody dies at the same rate at any age, life is 1/rate from every age on; the abridged table is near that.
        #[test]
        fn at_a_steady_rate_life_is_its_inverse(percent in 1u32..8) {
            let rate = f64::from(percent) / 100.0;
            for expectation in life_table(&steady(rate, 100_000.0), &[]).unwrap() {
                prop_assert!((expectation.life.value * rate - 1.0).abs() < 0.01, "{expectation:?}");
            }
        }

        #[test]
        fn healthy_years_are_the_healthy_share_of_years(percent in 0u32..=100) {
            let share = f64::from(percent) / 100.0;
            let bands: Vec<Band> = steady(0.02, 10_000.0).into_iter().map(|band| Band { healthy: Some((share, 500.0)), ..band }).collect();
            for expectation in life_table(&bands, &[Confidence::NINETY_FIVE]).unwrap() {
                let healthy = expectation.healthy.unwrap();
                prop_assert!((healthy.value - expectation.life.value * share).abs() < 1e-9);
                if percent == 100 {
                    prop_assert!((healthy.intervals[0].upper.unwrap() - expectation.life.intervals[0].upper.unwrap()).abs() < 1e-9);
                }
            }
        }
    }
}
