//! How many people of which age and sex are on which practice's list: whole numbers that add up to the published lists.
//! Must not place anybody in a home or a street.

use place::Place;

use crate::draw::{Draw, Purpose, shares};
use crate::facts::{Error, Facts};
use crate::person::Sex;
use crate::settings::Settings;

/// The greatest age anybody has.
pub(crate) const OLDEST: usize = 104;

/// How many of those of 90 and over live on to each next year of age; a rough fit to national tables of the very old.
const VERY_OLD: f64 = 0.78;

/// People by sex and year of age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pool {
    counts: [[u32; OLDEST + 1]; 2],
    total: u32,
}

impl Pool {
    pub(crate) fn empty() -> Self {
        Self { counts: [[0; OLDEST + 1]; 2], total: 0 }
    }

    pub(crate) fn add(&mut self, sex: Sex, age: u8) {
        self.counts[sex as usize][usize::from(age)] += 1;
        self.total += 1;
    }

    pub(crate) fn total(&self) -> u32 {
        self.total
    }

    pub(crate) fn count(&self, sex: Sex, age: u8) -> u32 {
        self.counts[sex as usize][usize::from(age)]
    }

    /// People from one age to another, both included.
    pub(crate) fn between(&self, from: u8, to: u8) -> u32 {
        let range = usize::from(from)..=usize::from(to).min(OLDEST);
        self.counts.iter().map(|ages| ages[range.clone()].iter().sum::<u32>()).sum()
    }

    /// Takes one person of exactly this sex and age, where there is one.
    pub(crate) fn take(&mut self, sex: Sex, age: u8) -> bool {
        let count = &mut self.counts[sex as usize][usize::from(age)];
        let found = *count > 0;
        if found {
            *count -= 1;
            self.total -= 1;
        }
        found
    }

    /// Takes the person of this sex nearest to an age within bounds.
    pub(crate) fn nearest(&mut self, sex: Sex, wish: u8, from: u8, to: u8) -> Option<u8> {
        let to = to.min(OLDEST as u8);
        let wish = wish.clamp(from, to);
        for distance in 0..=(to - from) {
            for age in [wish.checked_sub(distance), wish.checked_add(distance)].into_iter().flatten() {
                if (from..=to).contains(&age) && self.take(sex, age) {
                    return Some(age);
                }
            }
        }
        None
    }

    /// The sex and age of the oldest up to an age, who stays in the pool.
    pub(crate) fn oldest(&self, from: u8, to: u8) -> Option<(Sex, u8)> {
        let to = to.min(OLDEST as u8);
        (from..=to)
            .rev()
            .find_map(|age| Sex::BOTH.into_iter().find(|sex| self.count(*sex, age) > 0).map(|sex| (sex, age)))
    }
}

/// The lists: for each practice of the place, in its order, the people on it.
pub(crate) fn lists(place: &Place, facts: &Facts, settings: &Settings) -> Result<Vec<Pool>, Error> {
    let practices = place.practices();
    let sum = |of: fn(&place::Practice) -> u32| practices.iter().map(|practice| f64::from(of(practice))).sum::<f64>();
    let listed = sum(|practice| practice.list_size);
    if settings.people == 0 || listed <= 0.0 {
        return Err(Error::Empty("a borough needs at least one person and one practice with a list"));
    }
    let scale = f64::from(settings.people) / listed;
    let weights = |of: fn(&place::Practice) -> u32| practices.iter().map(|p| f64::from(of(p))).collect::<Vec<_>>();
    let sizes = shares(settings.people, &weights(|practice| practice.list_size));
    let old = (sum(|practice| practice.aged_65_over) * scale).round() as u32;
    let mut old = shares(old, &weights(|practice| practice.aged_65_over));
    let grown = (sum(|practice| practice.aged_18_over) * scale).round() as u32;
    let mut grown = shares(grown, &weights(|practice| practice.aged_18_over));
    for ((size, grown), old) in sizes.iter().zip(&mut grown).zip(&mut old) {
        *grown = (*grown).min(*size);
        *old = (*old).min(*grown);
    }
    // Given its size in three age groups, raking makes a practice's people within a group the borough's in that group.
    let groups = [
        (0, 17, sizes.iter().zip(&grown).map(|(size, grown)| size - grown).collect::<Vec<_>>()),
        (18, 64, grown.iter().zip(&old).map(|(grown, old)| grown - old).collect()),
        (65, OLDEST as u8, old),
    ];
    let mut lists = vec![Pool::empty(); practices.len()];
    let ages = spread_the_very_old(&facts.ages);
    for (index, (from, to, quotas)) in groups.into_iter().enumerate() {
        let cells: Vec<(Sex, u8)> =
            (from..=to).flat_map(|age| Sex::BOTH.into_iter().map(move |sex| (sex, age))).collect();
        let weights: Vec<f64> = cells.iter().map(|(sex, age)| ages[usize::from(*age)][*sex as usize]).collect();
        let counts = shares(quotas.iter().sum(), &weights);
        let mut people: Vec<(Sex, u8)> = Vec::with_capacity(quotas.iter().sum::<u32>() as usize);
        for (cell, count) in cells.iter().zip(counts) {
            people.extend(std::iter::repeat_n(*cell, count as usize));
        }
        Draw::new(settings.seed, Purpose::Layout, index as u64).shuffle(&mut people);
        let mut people = people.into_iter();
        for (list, quota) in lists.iter_mut().zip(quotas) {
            people.by_ref().take(quota as usize).for_each(|(sex, age)| list.add(sex, age));
        }
    }
    Ok(lists)
}

/// The census closes with 90 and over; this opens it again, up to the oldest.
fn spread_the_very_old(ages: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut spread = ages.to_vec();
    let Some(last) = spread.pop() else { return vec![[0.0; 2]; OLDEST + 1] };
    let years = (OLDEST + 1).saturating_sub(spread.len());
    let whole: f64 = (0..years).map(|year| VERY_OLD.powi(year as i32)).sum();
    for year in 0..years {
        let part = VERY_OLD.powi(year as i32) / whole;
        spread.push(last.map(|people| people * part));
    }
    spread.resize(OLDEST + 1, [0.0; 2]);
    spread
}
