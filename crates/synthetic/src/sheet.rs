//! The sheet: what must be known of everybody before anybody can be made, in some twenty bytes a person. Published
//! totals bind people to each other (a register has so many on it), so this much is settled for all at once; names,
//! dates, addresses and everything that happens follow for each alone.

use place::Place;

use crate::census;
use crate::conditions;
use crate::draw::{Draw, Purpose, shares};
use crate::facts::{Error, Facts};
use crate::frailty;
use crate::ground::{self, Ground};
use crate::households::{Household, Wanted, households};
use crate::person::{Condition, Sex};
use crate::roles;
use crate::settings::Settings;

/// One person on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) household: u32,
    pub(crate) age: u8,
    pub(crate) sex: Sex,
    /// Born on the same day as the person before.
    pub(crate) twin: bool,
    pub(crate) conditions: u32,
    pub(crate) coded: u32,
    pub(crate) frailty: f32,
    pub(crate) cares_hours: u8,
    pub(crate) carer_coded: bool,
    pub(crate) social_care: bool,
    pub(crate) mental_health: bool,
}

impl Row {
    pub(crate) fn has(&self, condition: Condition) -> bool {
        self.conditions & condition.bit() != 0
    }
}

/// One household on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Roof {
    /// Its first person; the others follow.
    pub(crate) first: u32,
    pub(crate) size: u16,
    pub(crate) practice: u16,
    pub(crate) area: u16,
    /// Its house among those of the area.
    pub(crate) house: u16,
    pub(crate) home: Option<u16>,
}

/// Everybody and every household.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) rows: Vec<Row>,
    pub(crate) roofs: Vec<Roof>,
    pub(crate) grounds: Vec<Ground>,
}

impl Sheet {
    pub(crate) fn of(place: &Place, facts: &Facts, settings: &Settings) -> Result<Self, Error> {
        let lists = census::lists(place, facts, settings)?;
        let mut grounds = ground::areas(place, facts)?;
        let sizes: Vec<u32> = lists.iter().map(census::Pool::total).collect();
        let mut reach = ground::reach(place, &grounds, &sizes);
        let homes = homes(place, facts, settings)?;
        let bands = bands(facts)?;
        let wanted_old = facts.value("pct-65plus-living-alone")? / 100.0;
        let alone_young = facts.value("households-alone-under-66")? / adults_under_65(facts);
        let mut all: Vec<(u16, u16, Household)> = Vec::new();
        for (practice, pool) in lists.into_iter().enumerate() {
            let mut draw = Draw::new(settings.seed, Purpose::Layout, 100 + practice as u64);
            let wanted = Wanted { homes: &homes[practice], residents: &bands, alone_old: wanted_old, alone_young };
            for household in households(pool, &wanted, &mut draw) {
                let area = match household.home {
                    Some(home) => area_of_home(place, &grounds, home),
                    None => draw.weighted(reach[practice].iter().map(|left| f64::from(*left))),
                };
                let left = &mut reach[practice][area];
                *left = left.saturating_sub(household.members.len() as u32);
                all.push((practice as u16, area as u16, household));
            }
        }
        // So that the first thousand people are of everywhere, not of the first practice.
        Draw::new(settings.seed, Purpose::Layout, 99).shuffle(&mut all);
        let mut rows = Vec::with_capacity(settings.people as usize);
        let mut roofs = Vec::with_capacity(all.len());
        for (practice, area, household) in all {
            let ground = &mut grounds[usize::from(area)];
            let house = ground.households as u16;
            if household.home.is_none() {
                ground.households += 1;
            }
            let (first, size) = (rows.len() as u32, household.members.len() as u16);
            for member in household.members {
                rows.push(Row {
                    household: roofs.len() as u32,
                    age: member.age,
                    sex: member.sex,
                    twin: member.twin,
                    conditions: 0,
                    coded: 0,
                    frailty: 0.0,
                    cares_hours: 0,
                    carer_coded: false,
                    social_care: false,
                    mental_health: false,
                });
            }
            roofs.push(Roof { first, size, practice, area, house, home: household.home });
        }
        ground::lay_streets(&mut grounds);
        let mut sheet = Self { rows, roofs, grounds };
        let order = sheet.order();
        let latent = conditions::give(&mut sheet, &order, facts, settings)?;
        frailty::give(&mut sheet, &latent);
        roles::give(&mut sheet, &order, facts, settings)?;
        Ok(sheet)
    }

    pub(crate) fn roof(&self, row: &Row) -> &Roof {
        &self.roofs[row.household as usize]
    }

    pub(crate) fn decile(&self, row: &Row) -> u8 {
        self.grounds[usize::from(self.roof(row).area)].decile
    }

    pub(crate) fn at_home(&self, row: &Row) -> bool {
        self.roof(row).home.is_none()
    }

    /// Everybody by deprivation, then age: neighbours in this order are alike, so that what is shared out along it is
    /// shared out evenly.
    fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_by_key(|number| {
            let row = &self.rows[*number as usize];
            (self.decile(row), row.age, row.sex as u8)
        });
        order
    }
}

/// The homes of each practice with the number of residents. The directory does not say how large a home is: nursing
/// homes are taken as half as large again as the others.
fn homes(place: &Place, facts: &Facts, settings: &Settings) -> Result<Vec<Vec<(u16, u32)>>, Error> {
    let total = facts.value("care-home-residents-2021")? * f64::from(settings.people)
        / facts.value("registered-list-apr2020")?;
    let weights: Vec<f64> = place
        .care_homes()
        .iter()
        .enumerate()
        .map(|(index, home)| {
            let mut draw = Draw::new(settings.seed, Purpose::Home, index as u64);
            let usual = if home.kind == place::HomeKind::Nursing { 1.5 } else { 1.0 };
            usual * (0.35 * draw.normal()).exp()
        })
        .collect();
    let residents = shares(total.round() as u32, &weights);
    let mut homes = vec![Vec::new(); place.practices().len()];
    for (index, (home, residents)) in place.care_homes().iter().zip(residents).enumerate() {
        let practice = place.practices().iter().position(|practice| practice.code == home.practice).unwrap_or_default();
        if let Some(list) = homes.get_mut(practice) {
            list.push((index as u16, residents));
        }
    }
    Ok(homes)
}

/// A home's small area is not in the directory: one of its neighbourhood is taken, always the same.
pub(crate) fn area_of_home(place: &Place, grounds: &[Ground], home: u16) -> usize {
    let neighbourhood = place.care_homes().get(usize::from(home)).map(|home| &home.neighbourhood);
    let near: Vec<usize> =
        (0..grounds.len()).filter(|area| Some(&grounds[*area].neighbourhood) == neighbourhood).collect();
    near.get(usize::from(home) * 7 % near.len().max(1)).copied().unwrap_or_default()
}

fn bands(facts: &Facts) -> Result<Vec<(u8, [f64; 2])>, Error> {
    Ok(vec![
        // Half of the communal residents of 50 to 64 live in homes that are not care homes for older people.
        (55, [facts.value("home-female-50-to-64")? / 2.0, facts.value("home-male-50-to-64")? / 2.0]),
        (65, [facts.value("home-female-65-to-74")?, facts.value("home-male-65-to-74")?]),
        (75, [facts.value("home-female-75-to-84")?, facts.value("home-male-75-to-84")?]),
        (85, [facts.value("home-female-85-plus")?, facts.value("home-male-85-plus")?]),
    ])
}

fn adults_under_65(facts: &Facts) -> f64 {
    facts.ages.iter().take(65).skip(20).flatten().sum()
}
