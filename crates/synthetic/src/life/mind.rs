//! Contacts of the mental health service with those it knows. Must not give anybody a diagnosis.

use crate::draw::{Draw, Purpose};
use crate::event::{Held, Medium, What};
use crate::life::hospital::working_day;
use crate::life::{Life, Month, Numbering, Part, day_after};

/// Of contacts planned, those held.
pub(crate) const HELD: f64 = 0.85;

pub(super) fn tell(life: &mut Life<'_>, month: Month) {
    if !life.person.mental_health {
        return;
    }
    let mut draw = month.draw(life.seed(), Purpose::Mind, life.person.number);
    let mut numbering = Numbering::new(life.person.number, month, Part::Mind);
    // The first contact opens the referral: mostly early in the history, for most were known before.
    let settings = &life.borough.settings;
    let mut known = Draw::new(life.seed(), Purpose::Mind, 1 << 60 | u64::from(life.person.number));
    let within = if known.chance(0.7) { 28 } else { usize::from(settings.history_days).max(1) };
    let first = day_after(settings.history_start(), known.below(within) as i64).max(life.person.born);
    if Month::of(first) == month {
        let at = first.at(10, 0, 0, 0);
        life.tell(numbering.next(), at, What::MentalHealth { first: true, medium: Medium::Clinic, held: Held::Seen });
    }
    let mean = life.rates.mind / HELD * f64::from(month.days()) / 365.25;
    for _ in 0..draw.poisson(mean) {
        let day = working_day(life, month, &mut draw);
        let at = day.at(9 + draw.below(8) as i8, draw.below(4) as i8 * 15, 0, 0);
        let medium =
            [Medium::Clinic, Medium::Home, Medium::Telephone, Medium::Video][draw.weighted([0.4, 0.25, 0.25, 0.1])];
        let held = match draw.unit() {
            chance if chance < HELD => Held::Seen,
            chance if chance < HELD + 0.1 => Held::Missed,
            _ => Held::Cancelled,
        };
        let number = numbering.next();
        if day > first {
            life.tell(number, at, What::MentalHealth { first: false, medium, held });
        }
    }
}
