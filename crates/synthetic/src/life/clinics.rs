//! Outpatient appointments. Must not know why a clinic was asked for beyond its specialty.

use crate::draw::{Draw, Purpose};
use crate::event::{Held, What};
use crate::life::hospital::working_day;
use crate::life::{Life, Month, Numbering, Part};
use crate::person::{Condition as C, Person, Sex};

/// Of appointments made, those kept; the rest are missed or called off.
pub(crate) const KEPT: f64 = 0.8;

pub(super) fn tell(life: &mut Life<'_>, month: Month) {
    let mut draw = month.draw(life.seed(), Purpose::Community, 1 << 31 | life.person.number);
    let mut numbering = Numbering::new(life.person.number, month, Part::Clinics);
    let mean = life.rates.outpatient / KEPT * f64::from(month.days()) / 365.25;
    for _ in 0..draw.poisson(mean) {
        let day = working_day(life, month, &mut draw);
        let at = day.at(9 + draw.below(8) as i8, draw.below(6) as i8 * 10, 0, 0);
        let specialty = specialty(life.person, life.person.age_on(day), &mut draw);
        let held = match draw.unit() {
            _ if life.in_bed(at) => Held::Cancelled,
            chance if chance < KEPT => Held::Seen,
            chance if chance < KEPT + 0.08 => Held::Missed,
            _ => Held::Cancelled,
        };
        life.tell(numbering.next(), at, What::Outpatient { specialty, held });
    }
}

fn specialty(person: &Person, age: u8, draw: &mut Draw) -> &'static str {
    if age < 16 {
        return ["Paediatrics", "Ear, nose and throat", "Ophthalmology", "Trauma and orthopaedics", "Dermatology"]
            [draw.weighted([0.5, 0.14, 0.14, 0.14, 0.08])];
    }
    let has = |condition: C, weight: f64| if person.has(condition) { weight } else { 0.0 };
    let fertile = person.sex == Sex::Female && (18..=44).contains(&age);
    let choices = [
        ("Trauma and orthopaedics", 1.2),
        ("Ophthalmology", if age >= 60 { 1.8 } else { 0.6 } + has(C::Diabetes, 0.5)),
        ("General surgery", 0.8),
        ("Dermatology", 0.7),
        ("Ear, nose and throat", 0.6),
        ("Urology", if person.sex == Sex::Male && age >= 50 { 0.9 } else { 0.3 }),
        ("Gastroenterology", 0.6),
        ("Gynaecology", if person.sex == Sex::Female { 0.8 } else { 0.0 }),
        ("Midwifery", if fertile { 1.5 } else { 0.0 }),
        (
            "Cardiology",
            0.35 + has(C::CoronaryHeartDisease, 0.9) + has(C::HeartFailure, 1.2) + has(C::AtrialFibrillation, 0.8),
        ),
        ("Respiratory medicine", 0.25 + has(C::Copd, 1.5) + has(C::Asthma, 0.3)),
        ("Diabetes and endocrinology", 0.1 + has(C::Diabetes, 1.2)),
        ("Rheumatology", 0.15 + has(C::RheumatoidArthritis, 3.0)),
        ("Clinical oncology", 0.05 + has(C::Cancer, 2.2)),
        ("Neurology", 0.25 + has(C::Epilepsy, 1.5) + has(C::Stroke, 0.5)),
        ("Renal medicine", has(C::ChronicKidneyDisease, 0.6)),
        ("Geriatric medicine", if age >= 75 { 2.5 * person.frailty } else { 0.0 }),
    ];
    choices[draw.weighted(choices.map(|(_, weight)| weight))].0
}
