//! How often things happen to a person, in events a year: hazards that follow age, frailty, conditions, deprivation and
//! how much they used services before. The shapes are assumptions; the borough's levels make the totals the published ones.

use crate::borough::Borough;
use crate::draw::{Draw, Purpose};
use crate::event::Team;
use crate::person::{Condition as C, Sex};

/// The teams, in the order of their levels.
pub(crate) const TEAMS: [Team; 7] = [
    Team::DistrictNursing,
    Team::Therapy,
    Team::HeartFailure,
    Team::Respiratory,
    Team::Podiatry,
    Team::HealthVisiting,
    Team::Falls,
];

/// Yearly rates of one person.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Rates {
    /// Emergency admissions that are not falls.
    pub(crate) emergency: f64,
    /// Admissions for a fall.
    pub(crate) fall: f64,
    /// Planned admissions.
    pub(crate) planned: f64,
    /// Attendances that end without a bed.
    pub(crate) attendance: f64,
    /// Outpatient appointments that are kept.
    pub(crate) outpatient: f64,
    /// Contacts of each team that are held, while taken on.
    pub(crate) teams: [f64; 7],
    /// Whether a team has them.
    pub(crate) taken_on: [bool; 7],
    /// Mental health contacts that are held.
    pub(crate) mind: f64,
}

impl Rates {
    /// The rates of a person at the borough's levels.
    pub(crate) fn of(borough: &Borough, number: u32) -> Self {
        let mut rates = Self::raw(borough, number);
        let levels = &borough.levels;
        let old = usize::from(borough.sheet.rows[number as usize].age >= 65);
        rates.emergency *= levels.emergency[old];
        rates.fall *= levels.fall[old];
        rates.planned *= levels.planned;
        rates.attendance *= levels.attendance;
        rates.outpatient *= levels.outpatient;
        rates.mind *= levels.mind;
        rates.teams.iter_mut().zip(levels.teams).for_each(|(rate, level)| *rate *= level);
        rates
    }

    /// The same before any level is known.
    pub(crate) fn raw(borough: &Borough, number: u32) -> Self {
        let sheet = &borough.sheet;
        let row = &sheet.rows[number as usize];
        let in_home = !sheet.at_home(row);
        let alone = sheet.roof(row).size == 1;
        let mut draw = Draw::new(borough.settings.seed, Purpose::Use, u64::from(number));
        // Some use services much more than others like them, and go on doing so.
        let mut habit = |spread: f64| (spread * draw.normal() - spread * spread / 2.0).exp();
        let (hospital, clinic, street) = (habit(0.6), habit(0.7), habit(0.8));
        let age = f64::from(row.age);
        let frailty = f64::from(row.frailty);
        let deprived = f64::from(11 - 2 * i32::from(sheet.decile(row))) / 9.0;
        let has = |condition: C| f64::from(u8::from(row.has(condition)));
        let ill = 0.35 * has(C::HeartFailure)
            + 0.45 * has(C::Copd)
            + 0.25 * has(C::CoronaryHeartDisease)
            + 0.2 * has(C::Diabetes)
            + 0.25 * has(C::Stroke)
            + 0.3 * has(C::SevereMentalIllness)
            + 0.3 * has(C::Epilepsy)
            + 0.25 * has(C::Cancer)
            + 0.2 * has(C::Dementia)
            + 0.6 * has(C::PalliativeCare);
        let by_age = match row.age {
            0 => 3.0,
            1..=4 => 1.3,
            5..=15 => 0.45,
            16..=39 => 0.75,
            40..=64 => 0.9,
            _ => (0.03 * (age - 65.0)).exp(),
        };
        let emergency =
            by_age * (2.6 * frailty + ill + 0.28 * deprived + if alone { 0.1 } else { 0.0 }).exp() * hospital;
        let emergency = emergency * if in_home { 1.15 } else { 1.0 };
        let fallen = 1.0 + 1.5 * has(C::Falls) + has(C::Osteoporosis) + if in_home { 0.8 } else { 0.0 };
        let sex = if row.sex == Sex::Female { 1.35 } else { 1.0 };
        let fall = (0.065 * (age.max(30.0) - 65.0) + 2.5 * frailty).exp() * fallen * sex;
        let planned = match row.age {
            ..=15 => 0.25,
            16..=39 => 0.45,
            40..=64 => 1.0,
            65..=84 => 1.9,
            _ => 1.2,
        } * (1.0 + 0.6 * ill + 1.2 * has(C::Cancer))
            * clinic
            * if in_home { 0.4 } else { 1.0 };
        let attendance = match row.age {
            ..=4 => 1.7,
            5..=15 => 1.1,
            16..=29 => 1.2,
            30..=64 => 0.85,
            _ => 0.8 + 0.01 * (age - 65.0),
        } * (0.3 * deprived + frailty + 0.5 * ill).exp()
            * hospital;
        let outpatient = match row.age {
            ..=15 => 0.6,
            16..=44 => 0.8,
            45..=64 => 1.1,
            65..=84 => 1.8,
            _ => 1.3,
        } * (1.0
            + 1.2 * ill
            + 1.5 * has(C::Cancer)
            + 0.5 * has(C::RheumatoidArthritis)
            + 0.5 * has(C::ChronicKidneyDisease))
            * clinic
            * if row.sex == Sex::Female && (18..=44).contains(&row.age) { 1.4 } else { 1.0 };
        // The chance that a team has them, and how often it sees those it has.
        let nursed = (0.5 * has(C::Housebound)
            + 0.4 * has(C::PalliativeCare)
            + 1.1 * (frailty - 0.12).max(0.0)
            + 0.004 * has(C::Diabetes))
        .min(0.85)
            * if in_home { 0.6 } else { 1.0 };
        let young = match row.age {
            0 => (1.0, 8.0),
            1 => (1.0, 2.5),
            2..=4 => (0.7, 1.2),
            _ => (0.0, 0.0),
        };
        let chances = [
            (nursed, 60.0 * street),
            ((0.02 + 0.8 * (frailty - 0.1).max(0.0) + 0.15 * has(C::Stroke)).min(0.6), 8.0 * street),
            (0.4 * has(C::HeartFailure), 7.0),
            (0.3 * has(C::Copd) + 0.01 * has(C::Asthma), 6.0),
            (0.35 * has(C::Diabetes) * (age / 70.0).min(1.0) + if age >= 75.0 { 0.12 } else { 0.0 }, 5.0),
            young,
            (if age >= 65.0 { 0.12 * has(C::Falls) + 0.1 * frailty } else { 0.0 }, 5.0),
        ];
        let mut draw = Draw::new(borough.settings.seed, Purpose::Use, 1 << 40 | u64::from(number));
        let mut rates = Self { emergency, fall, planned, attendance, outpatient, ..Self::default() };
        for (place, (chance, rate)) in chances.into_iter().enumerate() {
            rates.taken_on[place] = draw.chance(chance);
            rates.teams[place] = if rates.taken_on[place] { rate } else { 0.0 };
        }
        if row.mental_health {
            rates.mind = (1.0 + 2.0 * has(C::SevereMentalIllness)) * street;
        }
        rates
    }
}
