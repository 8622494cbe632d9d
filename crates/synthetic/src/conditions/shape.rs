//! How a condition's odds run with age, sex, ill health and living in a care home. Only the shapes are here, from general
//! knowledge of published age curves; levels and gradients are solved from the place's facts.

use crate::draw::{Draw, Purpose};
use crate::person::{Condition, Sex};
use crate::sheet::Row;

use super::Latent;

/// The shape of one condition.
pub(crate) struct Shape {
    /// Log odds at each year of age.
    by_age: Vec<f64>,
    /// Added for women.
    female: f64,
    /// For each unit of the two latent numbers.
    loads: [f64; 2],
    /// Added in a care home.
    in_home: f64,
}

impl Shape {
    pub(crate) fn of(condition: Condition) -> Self {
        let (percent, female, loads, in_home) = constants(condition);
        let logit = |percent: f64| (percent / (100.0 - percent)).ln();
        let by_age = (0..=crate::census::OLDEST)
            .map(|age| {
                let (decade, part) = ((age / 10).min(8), age as f64 / 10.0 - (age / 10).min(8) as f64);
                let part = part.min(1.6);
                logit(percent[decade]) * (1.0 - part) + logit(percent[decade + 1]) * part
            })
            .collect();
        Self { by_age, female, loads, in_home }
    }

    pub(crate) fn odds(&self, row: &Row, in_home: bool, latent: Latent) -> f64 {
        let mut log = self.by_age.get(usize::from(row.age)).copied().unwrap_or_default();
        log += if row.sex == Sex::Female { self.female } else { 0.0 };
        log += if in_home { self.in_home } else { 0.0 };
        log += self.loads[0] * f64::from(latent[0]) + self.loads[1] * f64::from(latent[1]);
        log.exp()
    }
}

/// Percent at 0, 10, ... 90 years; the woman's and the resident's log odds ratio; the two loads.
fn constants(condition: Condition) -> ([f64; 10], f64, [f64; 2], f64) {
    match condition {
        Condition::Hypertension => ([0.001, 0.05, 0.2, 0.8, 3.2, 9.5, 27.5, 49.5, 68.5, 77.5], -0.05, [0.3, 0.9], 0.0),
        Condition::Diabetes => ([0.02, 0.2, 0.5, 0.9, 2.7, 6.2, 13.6, 20.6, 23.0, 22.0], -0.3, [0.3, 0.9], 0.1),
        Condition::CoronaryHeartDisease => {
            ([0.002, 0.005, 0.02, 0.08, 0.5, 2.0, 6.0, 14.0, 26.0, 35.0], -0.7, [0.3, 1.0], 0.1)
        }
        Condition::AtrialFibrillation => {
            ([0.005, 0.01, 0.03, 0.06, 0.2, 0.6, 2.2, 7.5, 22.0, 38.0], -0.35, [0.3, 0.9], 0.2)
        }
        Condition::HeartFailure => ([0.01, 0.01, 0.03, 0.08, 0.25, 0.7, 1.7, 3.8, 8.5, 15.0], -0.3, [0.6, 1.0], 0.3),
        Condition::Stroke => ([0.01, 0.02, 0.04, 0.1, 0.35, 1.1, 3.0, 7.5, 17.5, 28.0], -0.2, [0.4, 0.8], 0.6),
        Condition::PeripheralArterialDisease => {
            ([0.001, 0.005, 0.02, 0.05, 0.2, 0.7, 1.9, 3.3, 4.5, 4.5], -0.6, [0.4, 0.8], 0.0)
        }
        Condition::Asthma => ([1.7, 7.2, 7.6, 6.2, 6.5, 7.3, 9.3, 10.2, 10.8, 11.0], 0.15, [0.2, 0.2], 0.0),
        Condition::Copd => ([0.005, 0.01, 0.02, 0.08, 0.6, 2.1, 5.5, 9.0, 11.5, 11.0], -0.1, [0.8, 0.4], 0.1),
        Condition::ChronicKidneyDisease => {
            ([0.01, 0.03, 0.1, 0.3, 0.7, 1.6, 4.5, 11.0, 25.0, 38.0], 0.25, [0.3, 0.6], 0.0)
        }
        Condition::Dementia => ([0.001, 0.001, 0.001, 0.003, 0.02, 0.1, 0.5, 2.2, 9.0, 24.0], 0.2, [0.4, 0.1], 2.4),
        Condition::Depression => ([0.001, 0.4, 9.0, 15.0, 17.0, 16.0, 13.0, 11.0, 12.0, 14.0], 0.6, [0.3, 0.0], 0.2),
        Condition::SevereMentalIllness => {
            ([0.002, 0.01, 0.4, 0.9, 1.2, 1.3, 1.25, 1.1, 1.1, 1.3], 0.0, [0.5, 0.0], 0.8)
        }
        Condition::LearningDisability => {
            ([0.45, 0.7, 0.8, 0.6, 0.5, 0.5, 0.45, 0.3, 0.15, 0.08], -0.4, [0.4, 0.0], 1.0)
        }
        Condition::Epilepsy => ([0.15, 0.4, 0.7, 0.8, 0.85, 0.9, 1.0, 1.1, 1.2, 1.1], 0.0, [0.5, 0.1], 0.5),
        Condition::Cancer => ([0.05, 0.1, 0.2, 0.6, 1.7, 3.7, 9.2, 15.6, 19.0, 19.0], 0.05, [0.2, 0.0], 0.0),
        Condition::RheumatoidArthritis => {
            ([0.005, 0.02, 0.05, 0.2, 0.5, 1.0, 1.6, 2.1, 2.2, 1.8], 0.9, [0.4, 0.0], 0.0)
        }
        Condition::Osteoporosis => ([0.001, 0.001, 0.01, 0.02, 0.05, 0.3, 1.0, 2.5, 5.0, 8.0], 1.7, [0.4, 0.0], 0.3),
        Condition::Obesity => ([0.3, 1.0, 5.0, 9.0, 12.0, 13.5, 13.5, 11.0, 7.0, 3.0], 0.1, [0.2, 0.1], -0.3),
        Condition::PalliativeCare => ([0.02, 0.02, 0.03, 0.06, 0.15, 0.3, 0.6, 1.1, 2.2, 5.0], 0.0, [0.9, 0.2], 1.6),
        Condition::Falls => ([0.3, 0.5, 0.8, 1.2, 2.0, 4.0, 10.0, 25.0, 48.0, 70.0], 0.35, [0.7, 0.1], 1.2),
        Condition::Housebound => ([0.02, 0.03, 0.05, 0.08, 0.15, 0.4, 1.0, 2.8, 9.0, 25.0], 0.4, [1.3, 0.3], 2.6),
    }
}

/// Of those who have a condition, how many their practice has coded, over the whole borough. Registers count the coded.
/// Falls 30 to 60 in a hundred by practice and dementia about 7 in 10 are published orders of size; housebound is ours.
pub(crate) fn share_coded(condition: Condition) -> f64 {
    match condition {
        Condition::Dementia => 0.72,
        Condition::Falls => 0.45,
        Condition::Housebound => 0.5,
        _ => 1.0,
    }
}

/// The same for one practice.
pub(crate) fn share_coded_by(condition: Condition, seed: u64, practice: u16) -> f64 {
    let part = Draw::new(seed, Purpose::Conditions, (1000 + u64::from(practice)) * 64 + condition as u64).unit();
    match condition {
        Condition::Falls => 0.3 + 0.3 * part,
        Condition::Dementia => 0.62 + 0.2 * part,
        Condition::Housebound => 0.35 + 0.3 * part,
        _ => 1.0,
    }
}
