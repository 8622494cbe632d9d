//! How frail people are, on the scale of an electronic frailty index: up to 0.12 fit, 0.24 mild, 0.36 moderate, above severe.
//! Of those of 65 and over, 50, 35, 12 and 3 in a hundred are in these bands. Must not be read as an index that was
//! computed from codes: it is the truth that such an index tries to see.

use crate::conditions::Latent;
use crate::person::Condition;
use crate::sheet::Sheet;

/// Bands of those of 65 and over: the share below, and the frailty there.
const BANDS: [(f64, f64); 6] = [(0.0, 0.02), (0.5, 0.12), (0.85, 0.24), (0.97, 0.36), (0.998, 0.55), (1.0, 0.7)];

/// Gives everybody their frailty: one order of ill health for all ages, mapped so that the old fall into the bands.
pub(crate) fn give(sheet: &mut Sheet, latent: &[Latent]) {
    let scores: Vec<f64> = sheet
        .rows
        .iter()
        .zip(latent)
        .map(|(row, latent)| {
            let states = [
                (Condition::Housebound, 1.3),
                (Condition::Dementia, 0.7),
                (Condition::Falls, 0.35),
                (Condition::PalliativeCare, 0.8),
                (Condition::HeartFailure, 0.3),
                (Condition::Copd, 0.2),
            ];
            let states: f64 = states.iter().filter(|(state, _)| row.has(*state)).map(|(_, weight)| weight).sum();
            let home = if sheet.at_home(row) { 0.0 } else { 1.5 };
            f64::from(row.age) * 0.045
                + f64::from(latent[0]) * 0.8
                + 0.22 * f64::from(row.conditions.count_ones())
                + states
                + home
        })
        .collect();
    let mut old: Vec<f64> =
        sheet.rows.iter().zip(&scores).filter(|(row, _)| row.age >= 65).map(|(_, score)| *score).collect();
    old.sort_by(f64::total_cmp);
    if old.is_empty() {
        old.push(4.0);
    }
    for (row, score) in sheet.rows.iter_mut().zip(&scores) {
        let share = old.partition_point(|other| other < score) as f64 / old.len() as f64;
        let frailty = if share > 0.0 {
            between(share)
        } else {
            // Younger and fitter than any of the old.
            0.02 * (score / old[0]).clamp(0.0, 1.0)
        };
        row.frailty = frailty as f32;
    }
}

fn between(share: f64) -> f64 {
    let above = BANDS.iter().position(|(upper, _)| share <= *upper).unwrap_or(BANDS.len() - 1).max(1);
    let ((from, low), (to, high)) = (BANDS[above - 1], BANDS[above]);
    low + (share - from) / (to - from) * (high - low)
}
