//! Which small areas a practice's people live in, and the invented streets of each area. Must not know persons.
//!
//! No table of registered people by small area could be had, so areas are taken as equally large (they are drawn to be),
//! and a practice reaches mostly into wards of its own postcode district, less into the rest of its neighbourhood, and a
//! little beyond. Raking then meets both the list sizes and the areas' sizes.

use place::{Place, Slug};

use crate::draw::shares;
use crate::facts::{Error, Facts};

/// A small area as far as addresses need it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ground {
    pub(crate) code: String,
    pub(crate) decile: u8,
    pub(crate) neighbourhood: Slug,
    pub(crate) town: String,
    /// The postcode sector: `SK6 6`.
    pub(crate) sector: String,
    /// Its first street among those of the sector.
    pub(crate) first_street: u32,
    /// How many houses a street has here.
    pub(crate) houses: u32,
    /// How many households it has.
    pub(crate) households: u32,
}

/// Streets of a sector: as many as there are pairs of letters of which one at least is never used in a postcode.
pub(crate) const STREETS: u32 = 276;

/// The areas of the place, without streets yet.
pub(crate) fn areas(place: &Place, facts: &Facts) -> Result<Vec<Ground>, Error> {
    let mut grounds = Vec::new();
    for (index, area) in place.areas().iter().enumerate() {
        let ward = facts.wards.get(&area.ward_code);
        let sectors = ward.map_or(&[][..], |ward| ward.sectors.as_slice());
        let sector = sectors.get(index % sectors.len().max(1));
        let (Some(ward), Some(sector)) = (ward, sector) else {
            let what = format!("ward {} ({}) of areas.csv has no row here; add it", area.ward_code, area.ward);
            return Err(Error::Line { file: "population/wards.csv", line: 1, what });
        };
        grounds.push(Ground {
            code: area.code.clone(),
            decile: area.imd2019_decile,
            neighbourhood: area.neighbourhood.clone(),
            town: ward.town.clone(),
            sector: sector.clone(),
            first_street: 0,
            houses: 24,
            households: 0,
        });
    }
    if grounds.is_empty() { Err(Error::Empty("a borough needs at least one small area")) } else { Ok(grounds) }
}

/// How many people of each practice live in each area: practices in rows.
pub(crate) fn reach(place: &Place, grounds: &[Ground], sizes: &[u32]) -> Vec<Vec<u32>> {
    let mut table: Vec<Vec<f64>> = place
        .practices()
        .iter()
        .map(|practice| {
            let near = |ground: &Ground| {
                let sector = practice.postcode.sector();
                let district = sector.split(' ').next().unwrap_or_default();
                match () {
                    () if ground.sector == sector => 1.0,
                    () if ground.sector.split(' ').next() == Some(district) => 0.4,
                    () if ground.neighbourhood == practice.neighbourhood => 0.3,
                    () => 0.01,
                }
            };
            grounds.iter().map(near).collect()
        })
        .collect();
    let people: u32 = sizes.iter().sum();
    let column = f64::from(people) / grounds.len() as f64;
    for _ in 0..60 {
        for area in 0..grounds.len() {
            let sum: f64 = table.iter().map(|row| row[area]).sum();
            table.iter_mut().for_each(|row| row[area] *= column / sum);
        }
        for (row, size) in table.iter_mut().zip(sizes) {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|cell| *cell *= f64::from(*size) / sum);
        }
    }
    table.iter().zip(sizes).map(|(row, size)| shares(*size, row)).collect()
}

/// Lays out streets once it is known how many households each area has.
pub(crate) fn lay_streets(grounds: &mut [Ground]) {
    let sectors: Vec<String> = grounds.iter().map(|ground| ground.sector.clone()).collect();
    for index in 0..sectors.len() {
        let in_sector = || (0..sectors.len()).filter(|other| sectors[*other] == sectors[index]);
        let streets_at = |houses: u32, grounds: &[Ground]| -> u32 {
            in_sector().map(|other| grounds[other].households.div_ceil(houses).max(1)).sum()
        };
        let mut houses = 12;
        while streets_at(houses, grounds) > STREETS {
            houses += 1;
        }
        grounds[index].houses = houses;
        let before = in_sector().take_while(|other| *other < index);
        grounds[index].first_street = before.map(|other| grounds[other].households.div_ceil(houses).max(1)).sum();
    }
}
