//! Community teams: who is on a caseload, and visits and calls. Therapy and the falls service take people on for some
//! weeks; the others keep them. Must not be read as rosters: nobody's working day is full or empty here.

use jiff::civil::{Date, DateTime};

use crate::draw::{Draw, Purpose};
use crate::event::{Held, Medium, Team, What};
use crate::life::hospital::any_day;
use crate::life::rates::TEAMS;
use crate::life::{Life, Month, Numbering, Part, day_after};
use crate::person::Condition;

/// A short spell lasts no longer than this many months.
pub(super) const LONGEST_MONTHS: i32 = 3;
/// Of contacts planned, those held.
pub(crate) const HELD: f64 = 0.9;
/// Contacts that a short spell has on average; two a week at first, then weekly.
const IN_SPELL: f64 = 5.0;

pub(super) fn tell(life: &mut Life<'_>, month: Month) {
    if !life.rates.taken_on.contains(&true) {
        return;
    }
    let mut draw = month.draw(life.seed(), Purpose::Community, life.person.number);
    let mut numbering = Numbering::new(life.person.number, month, Part::Community);
    let part = f64::from(month.days()) / 365.25;
    for (place, team) in TEAMS.into_iter().enumerate() {
        let mean = life.rates.teams[place] / HELD * part;
        if mean <= 0.0 {
            continue;
        }
        if matches!(team, Team::Therapy | Team::Falls) {
            for _ in 0..draw.poisson(mean / IN_SPELL) {
                spell(life, month, team, &mut draw, &mut numbering);
            }
            continue;
        }
        let taken_on = taken_on(life, team);
        if Month::of(taken_on) == month {
            let at = taken_on.at(9, 0, 0, 0);
            life.tell(numbering.next(), at, What::Caseload { team, until: None });
        }
        for _ in 0..draw.poisson(mean) {
            // District nurses work at weekends too.
            let weekend = if team == Team::DistrictNursing { 0.6 } else { 0.0 };
            let day = any_day(month, &mut draw, [1.05, 1.0, 1.0, 1.0, 1.0, weekend, weekend]);
            let at = contact_time(day, &mut draw);
            let what = contact(life, team, at, &mut draw);
            let number = numbering.next();
            if day > taken_on {
                life.tell(number, at, what);
            }
        }
    }
}

fn contact_time(day: Date, draw: &mut Draw) -> DateTime {
    day.at(8 + draw.weighted([0.8, 1.4, 1.5, 1.3, 0.7, 0.9, 1.2, 1.1, 0.7, 0.2]) as i8, draw.below(12) as i8 * 5, 0, 0)
}

/// The day a team took somebody on. Those who were on a caseload before the history are told on its first day; infants go to
/// the health visitor eleven days after birth.
fn taken_on(life: &Life<'_>, team: Team) -> Date {
    let start = life.borough.settings.history_start();
    if team == Team::HealthVisiting {
        return day_after(life.person.born, 11).max(start);
    }
    let mut draw =
        Draw::new(life.seed(), Purpose::Community, 1 << 60 | u64::from(life.person.number) << 8 | team as u64);
    let days = usize::from(life.borough.settings.history_days).max(1);
    // The levels count contacts over the whole history, so few come late.
    if draw.chance(0.85) { start } else { day_after(start, draw.below(days / 3 + 1) as i64) }
}

fn spell(life: &mut Life<'_>, month: Month, team: Team, draw: &mut Draw, numbering: &mut Numbering) {
    let first = any_day(month, draw, [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    let count = 1 + draw.poisson(IN_SPELL - 1.0).min(9);
    let mut day = first;
    let caseload = numbering.next();
    for _ in 0..count {
        let at = contact_time(day, draw);
        let what = contact(life, team, at, draw);
        life.tell(numbering.next(), at, what);
        day = day_after(day, 4 + draw.below(5) as i64);
        // Not on a weekend.
        day = match day.weekday().to_monday_zero_offset() {
            5 => day_after(day, 2),
            6 => day_after(day, 1),
            _ => day,
        };
    }
    life.tell(caseload, first.at(8, 0, 0, 0), What::Caseload { team, until: Some(day) });
}

fn contact(life: &Life<'_>, team: Team, at: DateTime, draw: &mut Draw) -> What {
    let housebound = life.person.has(Condition::Housebound) || life.person.address.care_home.is_some();
    let (at_home, minutes): (f64, [u16; 4]) = match team {
        Team::DistrictNursing => (0.93, [15, 20, 30, 45]),
        Team::Therapy => (if housebound { 0.9 } else { 0.45 }, [30, 45, 45, 60]),
        Team::HeartFailure | Team::Respiratory => (if housebound { 0.85 } else { 0.35 }, [20, 30, 40, 45]),
        Team::Podiatry => (if housebound { 0.9 } else { 0.05 }, [15, 20, 20, 30]),
        Team::HealthVisiting => (0.6, [20, 30, 45, 60]),
        Team::Falls => (if housebound { 0.95 } else { 0.5 }, [30, 45, 60, 60]),
    };
    let medium = match draw.unit() {
        chance if chance < at_home * 0.93 => Medium::Home,
        chance if chance < at_home => Medium::Telephone,
        chance if chance < at_home + (1.0 - at_home) * 0.7 => Medium::Clinic,
        chance if chance < at_home + (1.0 - at_home) * 0.93 => Medium::Telephone,
        _ => Medium::Video,
    };
    let held = match draw.unit() {
        // Nobody is visited in a hospital bed.
        _ if life.in_bed(at) => Held::Cancelled,
        chance if chance < HELD => Held::Seen,
        chance if chance < HELD + 0.06 => Held::Missed,
        _ => Held::Cancelled,
    };
    What::Contact { team, minutes: minutes[draw.below(4)], medium, held }
}
