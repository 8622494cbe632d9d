//! Invented boroughs: months of admissions in an area and eight comparators, with seasons, a regional factor, memory and growth,
//! and a true effect that is known because it was put there. What the proof of the gate is made on. Must not know the gate.

use std::f64::consts::TAU;

use serde::Serialize;

use super::draw::Draw;

/// How many comparators an invented area has.
pub const COMPARATORS: usize = 8;

/// What a scenario is there to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Nothing changed, and the gate has promised to say so: its errors are held against alpha.
    Null,
    /// Something changed and came back, or only seemed to; outside the promise, and shown.
    Passing,
    /// Something changed for good: how often the gate sees it.
    Power,
}

/// One sort of world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// A short name.
    pub name: &'static str,
    /// What it shows.
    pub kind: Kind,
    /// Mean count a month.
    pub mean: f64,
    /// Growth a year, of everybody.
    pub growth: f64,
    /// How much of an area's own deviation is still there a month later.
    pub phi: f64,
    /// The standard deviation of that deviation, as a share.
    pub spread: f64,
    /// The area's own trend a year beside its comparators', from the beginning.
    pub trend: f64,
    /// The standard deviation of the area's own monthly step that never comes back.
    pub walk: f64,
    /// A shock to everybody from the sixth month on, as a share.
    pub shock: f64,
    /// The effect at its full size, as a share; below zero is fewer.
    pub effect: f64,
    /// Months over which it grows; 1 is at once.
    pub ramp: u32,
    /// Months it lasts; `u32::MAX` is for good.
    pub lasts: u32,
    /// The place was chosen for its bad half-year: of this many worlds, the one that stood highest before.
    pub chosen_of: u64,
}

const STILL: Scenario = Scenario {
    name: "",
    kind: Kind::Null,
    mean: 2_500.0,
    growth: 0.02,
    phi: 0.4,
    spread: 0.035,
    trend: 0.0,
    walk: 0.0,
    shock: 0.0,
    effect: 0.0,
    ramp: 1,
    lasts: u32::MAX,
    chosen_of: 1,
};

/// The battery: nothing changed, or it came back, or it changed for good.
pub const BATTERY: [Scenario; 22] = [
    Scenario { name: "nothing, months independent", phi: 0.0, ..STILL },
    Scenario { name: "nothing, memory 0.4", ..STILL },
    Scenario { name: "nothing, memory 0.7", phi: 0.7, ..STILL },
    Scenario { name: "nothing, -8% everywhere from month 6", shock: -0.08, ..STILL },
    Scenario { name: "nothing, own trend -2% a year", trend: -0.02, ..STILL },
    Scenario { name: "nothing, wanders 1% a month", walk: 0.01, ..STILL },
    Scenario { name: "nothing, 60 a month", mean: 60.0, ..STILL },
    Scenario { name: "harm, +5%", effect: 0.05, ..STILL },
    Scenario { name: "nothing, chosen for a bad half-year", kind: Kind::Passing, chosen_of: 5, ..STILL },
    Scenario { name: "-12% for 3 months, then back", kind: Kind::Passing, effect: -0.12, lasts: 3, ..STILL },
    Scenario { name: "-12% for 6 months, then back", kind: Kind::Passing, effect: -0.12, lasts: 6, ..STILL },
    Scenario { name: "-12% for 9 months, then back", kind: Kind::Passing, effect: -0.12, lasts: 9, ..STILL },
    Scenario { name: "-5% for good", kind: Kind::Power, effect: -0.05, ..STILL },
    Scenario { name: "-10% for good", kind: Kind::Power, effect: -0.10, ..STILL },
    Scenario { name: "-10% for good, memory 0.7", kind: Kind::Power, effect: -0.10, phi: 0.7, ..STILL },
    Scenario { name: "-10% for good, spread 2%", kind: Kind::Power, effect: -0.10, spread: 0.02, ..STILL },
    Scenario { name: "-10% for good, spread 3.2%", kind: Kind::Power, effect: -0.10, spread: 0.032, ..STILL },
    Scenario { name: "-10% over 12 months", kind: Kind::Power, effect: -0.10, ramp: 12, ..STILL },
    Scenario { name: "-15% for good", kind: Kind::Power, effect: -0.15, ..STILL },
    Scenario { name: "-15% for good, spread 3.2%", kind: Kind::Power, effect: -0.15, spread: 0.032, ..STILL },
    Scenario { name: "-20% for good", kind: Kind::Power, effect: -0.20, ..STILL },
    Scenario { name: "-33% for good", kind: Kind::Power, effect: -0.33, ..STILL },
];

impl Scenario {
    /// One world: the logarithm of the area's count less the mean of its comparators' logarithms, month by month, for `baseline`
    /// months and `horizon` after them. A function of the seed, the scenario's number and the world's.
    #[must_use]
    pub fn world(&self, seed: u64, scenario: u64, world: u64, baseline: usize, horizon: usize) -> Vec<f64> {
        let purpose = 1_000_000 + scenario;
        let tried = (0..self.chosen_of).map(|candidate| {
            let mut draw = Draw::new(seed, purpose, world * self.chosen_of + candidate);
            self.drawn(&mut draw, baseline, horizon)
        });
        let standing = |figures: &Vec<f64>| figures[..baseline].iter().rev().take(6).sum::<f64>();
        tried.max_by(|a, b| standing(a).total_cmp(&standing(b))).unwrap_or_default()
    }

    fn drawn(&self, draw: &mut Draw, baseline: usize, horizon: usize) -> Vec<f64> {
        const REGION: (f64, f64) = (0.6, 0.03);
        let mut region = REGION.1 * draw.normal();
        let mut own = [0.0; COMPARATORS + 1];
        for value in &mut own {
            *value = self.spread * draw.normal();
        }
        let mut wandered = 0.0;
        let remember =
            |value: f64, phi: f64, spread: f64, shock: f64| phi * value + spread * (1.0 - phi * phi).sqrt() * shock;
        let mut figures = Vec::with_capacity(baseline + horizon);
        for month in 0..baseline + horizon {
            let angle = TAU * (month % 12) as f64 / 12.0;
            let since = (month + 1).saturating_sub(baseline);
            if month > 0 {
                region = remember(region, REGION.0, REGION.1, draw.normal());
                for value in &mut own {
                    *value = remember(*value, self.phi, self.spread, draw.normal());
                }
            }
            wandered += self.walk * draw.normal();
            let years = month as f64 / 12.0;
            let shocked = if since >= 6 { (1.0 + self.shock).ln() } else { 0.0 };
            let common = self.growth * years + 0.05 * angle.cos() + 0.02 * (2.0 * angle).sin() + region + shocked;
            let mut comparators = 0.0;
            for value in &own[1..] {
                comparators += draw.count(self.mean * (common + value).exp()).ln();
            }
            let area = common + own[0] + self.trend * years + wandered + self.effect_at(since);
            figures.push(draw.count(self.mean * area.exp()).ln() - comparators / COMPARATORS as f64);
        }
        figures
    }

    /// The effect so many months after the change, as a logarithm.
    fn effect_at(&self, since: usize) -> f64 {
        if since == 0 || since > self.lasts as usize {
            return 0.0;
        }
        (1.0 + self.effect).ln() * (since as f64 / f64::from(self.ramp)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_change(scenario: &Scenario) -> f64 {
        let worlds = 400;
        let change = (0..worlds).map(|world| {
            let figures = scenario.world(3, 0, world, 36, 24);
            let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
            // Whole years, so that the seasons cancel.
            mean(&figures[36..]) - mean(&figures[..36])
        });
        change.sum::<f64>() / worlds as f64
    }

    #[test]
    fn a_world_has_the_effect_that_was_put_into_it_and_no_other() {
        assert!(mean_change(&STILL).abs() < 0.003);
        assert!(mean_change(&Scenario { shock: -0.08, ..STILL }).abs() < 0.003);
        let tenth = mean_change(&Scenario { effect: -0.10, ..STILL });
        assert!((tenth - 0.9_f64.ln()).abs() < 0.003, "{tenth}");
        let chosen = mean_change(&Scenario { chosen_of: 5, ..STILL });
        assert!(chosen < -0.001, "a place chosen for its bad half-year falls back: {chosen}");
    }

    #[test]
    fn a_world_is_a_function_of_its_numbers() {
        assert_eq!(STILL.world(1, 2, 3, 24, 6), STILL.world(1, 2, 3, 24, 6));
        assert_ne!(STILL.world(1, 2, 3, 24, 6), STILL.world(1, 2, 4, 24, 6));
        assert_ne!(STILL.world(1, 2, 3, 24, 6), STILL.world(1, 3, 3, 24, 6));
    }

    #[test]
    fn the_battery_has_each_sort_and_no_name_twice() {
        for kind in [Kind::Null, Kind::Passing, Kind::Power] {
            assert!(BATTERY.iter().filter(|scenario| scenario.kind == kind).count() >= 3);
        }
        let mut names: Vec<&str> = BATTERY.iter().map(|scenario| scenario.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), BATTERY.len());
    }
}
