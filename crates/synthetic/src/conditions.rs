//! Which long-term conditions people have: so many as the published registers say, more where more deprived, clustered in
//! the same people. Must not decide what follows from a condition.
//!
//! Each person has two latent numbers, general ill health and that of heart and vessels; a condition's odds follow age,
//! sex, deprivation and these. Two unknowns of each condition (its level and its gradient) are solved so that the register
//! and the ratio of the most to the least deprived tenth are met; then people are drawn so that the counts are met exactly.

mod shape;

use crate::draw::{Draw, Purpose, pivotal};
use crate::facts::{Error, Facts};
use crate::person::Condition;
use crate::settings::Settings;
use crate::sheet::Sheet;
use shape::Shape;

/// The two latent numbers of a person, standard normal.
pub(crate) type Latent = [f32; 2];

/// What a register must come to in this borough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Target {
    /// People coded.
    pub(crate) coded: f64,
    /// Of those who have it, the share that is coded.
    pub(crate) share_coded: f64,
    /// Prevalence in the most deprived tenth of areas over that in the least.
    pub(crate) gradient: f64,
}

/// The size of a condition's register. Where the needs assessment of 2016 counts one, that count is kept, scaled by the
/// list; else the prevalence of 2019/20 in those of the register's ages.
pub(crate) fn target(condition: Condition, sheet: &Sheet, facts: &Facts) -> Result<Target, Error> {
    let scale = sheet.rows.len() as f64 / facts.value("registered-list-apr2020")?;
    let register = facts.register(condition);
    let gradient = register.map_or(1.2, |register| register.gradient);
    let counted = match condition {
        Condition::Hypertension => Some("hypertension"),
        Condition::Diabetes => Some("diabetes"),
        Condition::CoronaryHeartDisease => Some("chd"),
        Condition::Dementia => Some("dementia-diagnosed"),
        Condition::Obesity => Some("obesity"),
        Condition::Falls => Some("history-of-fall"),
        _ => None,
    };
    let coded = match (counted, register) {
        (Some(measure), _) => facts.value(measure)? * scale,
        (None, Some(register)) => register.prevalence * eligible(sheet, register.from_age),
        // Nobody publishes how many are housebound; two in a hundred is taken.
        (None, None) => 0.02 * 0.5 * sheet.rows.len() as f64,
    };
    Ok(Target { coded, share_coded: shape::share_coded(condition), gradient })
}

/// How many people are of a register's ages.
pub(crate) fn eligible(sheet: &Sheet, from_age: u8) -> f64 {
    sheet.rows.iter().filter(|row| row.age >= from_age).count() as f64
}

/// Gives everybody their conditions, and says what is latent in them.
pub(crate) fn give(sheet: &mut Sheet, order: &[u32], facts: &Facts, settings: &Settings) -> Result<Vec<Latent>, Error> {
    let mut draw = Draw::new(settings.seed, Purpose::Conditions, 0);
    let latent: Vec<Latent> = sheet.rows.iter().map(|_| [draw.normal() as f32, draw.normal() as f32]).collect();
    for condition in Condition::ALL {
        let target = target(condition, sheet, facts)?;
        let shape = Shape::of(condition);
        let from_age = facts.register(condition).map_or(0, |register| register.from_age);
        // The odds but for level and gradient, and how deprived: from -1 (least) to 1.
        let odds: Vec<(f64, f64)> = order
            .iter()
            .map(|number| {
                let row = &sheet.rows[*number as usize];
                if row.age < from_age {
                    return (0.0, 0.0);
                }
                let deprived = f64::from(11 - 2 * i32::from(sheet.decile(row))) / 9.0;
                (shape.odds(row, !sheet.at_home(row), latent[*number as usize]), deprived)
            })
            .collect();
        let probabilities = solve(&odds, target.coded / target.share_coded, target.gradient);
        let mut draw = Draw::new(settings.seed, Purpose::Conditions, 1 + condition as u64);
        let mut having = Vec::new();
        pivotal(&mut draw, &probabilities, |place| having.push(order[place]));
        let coding: Vec<f64> = having
            .iter()
            .map(|number| {
                let practice = sheet.roof(&sheet.rows[*number as usize]).practice;
                shape::share_coded_by(condition, settings.seed, practice)
            })
            .collect();
        let coding = scaled_to(&coding, target.coded);
        having.iter().for_each(|number| sheet.rows[*number as usize].conditions |= condition.bit());
        pivotal(&mut draw, &coding, |place| sheet.rows[having[place] as usize].coded |= condition.bit());
    }
    Ok(latent)
}

/// Level and gradient such that the probabilities add up to the wanted count and the tenths have the wanted ratio.
fn solve(odds: &[(f64, f64)], count: f64, gradient: f64) -> Vec<f64> {
    let mut tilt = gradient.ln() / 2.0;
    let mut probabilities = Vec::new();
    // Some thousands of people are enough to come near; the last rounds are for all.
    let step = (odds.len() / 20_000).max(1);
    let few: Vec<(f64, f64)> = odds.iter().step_by(step).copied().collect();
    let (mut low, mut high) = (-25.0_f64, 25.0_f64);
    for round in 0..9 {
        let people = if round >= 6 { odds } else { &few };
        let wanted = count * people.len() as f64 / odds.len() as f64;
        let tilted: Vec<f64> = people.iter().map(|(odds, deprived)| odds * (tilt * deprived).exp()).collect();
        while high - low > 1e-5 {
            let middle = f64::midpoint(low, high);
            let level = middle.exp();
            let sum: f64 = tilted.iter().map(|odds| level * odds / (1.0 + level * odds)).sum();
            if sum < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        let level = high.exp();
        probabilities = tilted.iter().map(|odds| level * odds / (1.0 + level * odds)).collect();
        let in_tenth = |wanted: f64| {
            let (mut sum, mut people_there) = (0.0, 0.0);
            for (probability, (_, deprived)) in probabilities.iter().zip(people) {
                if (deprived - wanted).abs() < 0.01 {
                    sum += probability;
                    people_there += 1.0;
                }
            }
            if people_there > 0.0 && sum > 0.0 { Some(sum / people_there) } else { None }
        };
        if let (Some(most), Some(least)) = (in_tenth(1.0), in_tenth(-1.0)) {
            tilt = (tilt + (gradient * least / most).ln() / 2.0).clamp(-2.0, 2.0);
        }
        // The next level is near this one.
        let near = if round < 6 { 1.0 } else { 0.25 };
        (low, high) = (low - near, high + near);
    }
    probabilities
}

/// Probabilities in proportion to these that add up to a count, none over 1.
pub(crate) fn scaled_to(weights: &[f64], count: f64) -> Vec<f64> {
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let sum: f64 = weights.iter().map(|weight| (weight * middle).min(1.0)).sum();
        if sum < count {
            low = middle;
        } else {
            high = middle;
        }
        if high < 1e-12 {
            break;
        }
    }
    weights.iter().map(|weight| (weight * high).min(1.0)).collect()
}
