//! Appointments at the practice: who comes when, and whether they come. Must not say what for: what the practice writes down
//! is made elsewhere.

use crate::draw::{Draw, Purpose};
use crate::event::{Held, What};
use crate::life::hospital::working_day;
use crate::life::{Life, Month, Numbering, Part};

/// Of appointments made, those kept; the rest are missed or called off.
const KEPT: f64 = 0.9;

/// Appointments a year of anybody, and what each point of frailty, each coded condition and being under five adds. Far fewer
/// than people have in truth, so that a demonstration stays small: an assumption.
const A_YEAR: (f64, f64, f64, f64) = (0.9, 3.0, 0.2, 0.6);

pub(super) fn tell(life: &mut Life<'_>, month: Month) {
    let person = life.person;
    let whose = 1 << 59 | u64::from(person.number) << 24 | month.0 as u64 & 0xFF_FFFF;
    let mut draw = Draw::new(life.seed(), Purpose::Practice, whose);
    let mut numbering = Numbering::new(person.number, month, Part::Appointments);
    let coded = person.problems.iter().filter(|problem| problem.coded && problem.since < month.first()).count();
    let young = if person.age_on(month.first()) < 5 { A_YEAR.3 } else { 0.0 };
    let a_year = A_YEAR.0 + A_YEAR.1 * person.frailty + A_YEAR.2 * coded.min(6) as f64 + young;
    for _ in 0..draw.poisson(a_year * f64::from(month.days()) / 365.25) {
        let day = working_day(life, month, &mut draw);
        let at = day.at(9 + draw.below(9) as i8, draw.below(6) as i8 * 10, 0, 0);
        let nurse = draw.chance(0.35);
        let minutes = if nurse { 20 } else { 10 };
        let held = match draw.unit() {
            _ if life.in_bed(at) => Held::Cancelled,
            chance if chance < KEPT => Held::Seen,
            chance if chance < KEPT + 0.05 => Held::Missed,
            _ => Held::Cancelled,
        };
        life.tell(numbering.next(), at, What::Appointment { minutes, nurse, held });
    }
}
