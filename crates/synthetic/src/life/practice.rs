//! What general practice writes down: measurements, results, new diagnoses, medicines and immunisations. Must not invent
//! a condition: those are the person's.

use jiff::civil::Date;

use crate::draw::{Draw, Purpose};
use crate::event::{Test, What};
use crate::life::hospital::working_day;
use crate::life::{Life, Month, Numbering, Part, day_after};
use crate::person::{Condition as C, Person};

/// Which share of those of 65 and over have the influenza vaccine in a season, and of younger people at risk.
const INFLUENZA: (f64, f64) = (0.76, 0.48);

pub(super) fn tell(life: &mut Life<'_>, month: Month) {
    let mut draw = month.draw(life.seed(), Purpose::Practice, life.person.number);
    let mut numbering = Numbering::new(life.person.number, month, Part::Practice);
    let age = life.person.age_on(month.first());
    tests(life, month, age, &mut draw, &mut numbering);
    let new: Vec<(C, Date)> = life
        .person
        .problems
        .iter()
        .filter(|p| p.coded && Month::of(p.since) == month)
        .map(|p| (p.condition, p.since))
        .collect();
    for (condition, since) in new {
        let at = since.at(9 + draw.below(8) as i8, draw.below(6) as i8 * 10, 0, 0);
        life.tell(numbering.next(), at, What::Diagnosis { condition });
        if treated(condition) {
            life.tell(numbering.next(), at, What::Medicine { condition, choice: draw.below(6) as u8 });
        }
    }
    // Medicines are changed now and then.
    let changeable = life.person.problems.iter().filter(|p| p.coded && p.since < month.first() && treated(p.condition));
    let changed: Vec<C> = changeable.map(|p| p.condition).filter(|_| draw.chance(0.16 / 12.0)).collect();
    for condition in changed {
        let day = working_day(life, month, &mut draw);
        let at = day.at(10, draw.below(60) as i8, 0, 0);
        life.tell(numbering.next(), at, What::Medicine { condition, choice: draw.below(6) as u8 });
    }
    influenza(life, month, age, &mut draw, &mut numbering);
    childhood(life, month, &mut numbering);
}

fn treated(condition: C) -> bool {
    !matches!(
        condition,
        C::LearningDisability | C::Obesity | C::Falls | C::Housebound | C::Cancer | C::ChronicKidneyDisease
    )
}

/// How often a year each test is done, by the conditions that ask for it.
fn tests(life: &mut Life<'_>, month: Month, age: u8, draw: &mut Draw, numbering: &mut Numbering) {
    let person = life.person;
    let has = |condition: C, weight: f64| if person.problem(condition).is_some_and(|p| p.coded) { weight } else { 0.0 };
    let long_term = has(C::Hypertension, 1.4)
        + has(C::Diabetes, 1.3)
        + has(C::CoronaryHeartDisease, 0.7)
        + has(C::ChronicKidneyDisease, 0.8);
    let anyone = if age >= 40 { 0.25 } else { 0.05 };
    let grown = if age >= 18 { 1.0 } else { 0.0 };
    let means = [
        (Test::BloodPressure, grown * (long_term + anyone)),
        (Test::Hba1c, has(C::Diabetes, 1.8)),
        (
            Test::Creatinine,
            has(C::ChronicKidneyDisease, 1.5)
                + has(C::Hypertension, 0.8)
                + has(C::Diabetes, 0.9)
                + has(C::HeartFailure, 1.5),
        ),
        (Test::Cholesterol, has(C::Diabetes, 0.8) + has(C::CoronaryHeartDisease, 0.7)),
        (Test::Haemoglobin, grown * (0.1 + 0.8 * person.frailty) + has(C::RheumatoidArthritis, 2.0)),
        (
            Test::Weight,
            grown * (0.06 + 0.3 * person.frailty)
                + has(C::Diabetes, 0.9)
                + has(C::HeartFailure, 1.0)
                + has(C::Obesity, 0.7),
        ),
    ];
    let total: f64 = means.iter().map(|(_, mean)| mean).sum();
    for _ in 0..draw.poisson(total * f64::from(month.days()) / 365.25) {
        let test = means[draw.weighted(means.map(|(_, mean)| mean))].0;
        let day = working_day(life, month, draw);
        let at = day.at(8 + draw.below(10) as i8, draw.below(60) as i8, 0, 0);
        let (value, second) = measure(person, test, age, life.seed(), draw);
        if life.in_bed(at) {
            continue;
        }
        life.tell(numbering.next(), at, What::Result { test, value, second, in_hospital: false });
        match test {
            Test::Creatinine => {
                let egfr = (9_500.0 / value - 0.35 * f64::from(age)).clamp(6.0, 120.0).round();
                life.tell(
                    numbering.next(),
                    at,
                    What::Result { test: Test::Egfr, value: egfr, second: None, in_hospital: false },
                );
            }
            Test::Weight => {
                let height = height(person, life.seed());
                let index = (value / (height * height) * 10.0).round() / 10.0;
                life.tell(
                    numbering.next(),
                    at,
                    What::Result { test: Test::BodyMassIndex, value: index, second: None, in_hospital: false },
                );
            }
            _ => {}
        }
    }
}

fn lasting(person: &Person, seed: u64, test: Test) -> f64 {
    Draw::new(seed, Purpose::Practice, 1 << 60 | u64::from(person.number) << 8 | test as u64).normal()
}

fn height(person: &Person, seed: u64) -> f64 {
    let mean = if person.sex == crate::person::Sex::Female { 1.62 } else { 1.75 };
    mean + 0.065 * lasting(person, seed, Test::BodyMassIndex)
}

/// A value: what is lasting in the person, what their conditions add, and what changes from day to day.
fn measure(person: &Person, test: Test, age: u8, seed: u64, draw: &mut Draw) -> (f64, Option<f64>) {
    let own = lasting(person, seed, test);
    let has = |condition: C| f64::from(u8::from(person.has(condition)));
    let day = draw.normal();
    match test {
        Test::BloodPressure => {
            let systolic = 116.0 + 0.22 * f64::from(age) + 9.0 * has(C::Hypertension) + 9.0 * own + 7.0 * day;
            let diastolic = 0.45 * systolic + 20.0 - 0.05 * f64::from(age) + 4.0 * draw.normal();
            (systolic.clamp(84.0, 220.0).round(), Some(diastolic.clamp(45.0, 125.0).round()))
        }
        Test::Hba1c => ((54.0 * (0.2 * own + 0.06 * day).exp()).round(), None),
        Test::Creatinine => {
            ((76.0 * (0.45 * has(C::ChronicKidneyDisease) + 0.15 * own + 0.06 * day).exp()).round(), None)
        }
        Test::Cholesterol => (((4.6 + 0.8 * own + 0.3 * day).clamp(2.0, 9.5) * 10.0).round() / 10.0, None),
        Test::Haemoglobin => ((138.0 - 30.0 * person.frailty + 9.0 * own + 5.0 * day).clamp(70.0, 185.0).round(), None),
        Test::Weight | Test::BodyMassIndex => {
            let height = height(person, seed);
            let index = 26.0 + 8.0 * has(C::Obesity) - 8.0 * (person.frailty - 0.2).max(0.0) + 2.6 * own + 0.4 * day;
            ((index.clamp(15.0, 55.0) * height * height * 10.0).round() / 10.0, None)
        }
        Test::Egfr => (75.0, None),
        Test::CReactiveProtein => ((4.0 * (0.8 * day).exp()).round().max(1.0), None),
    }
}

fn influenza(life: &mut Life<'_>, month: Month, age: u8, draw: &mut Draw, numbering: &mut Numbering) {
    let weight = match month.first().month() {
        10 => 0.55,
        11 => 0.32,
        12 => 0.13,
        _ => return,
    };
    // Who comes in a season comes once: the season's own number says who, this month's share says when.
    let year = month.first().year();
    let mut season =
        Draw::new(life.seed(), Purpose::Practice, 1 << 61 | (year as u64) << 32 | u64::from(life.person.number));
    let at_risk = life.person.problems.iter().any(|p| p.coded && p.condition.is_long_term());
    let share = match age {
        65.. => INFLUENZA.0,
        _ if at_risk => INFLUENZA.1,
        2..=11 => 0.45,
        _ => 0.02,
    };
    let (comes, when) = (season.chance(share), season.unit());
    let before = [(10, 0.0), (11, 0.55), (12, 0.87)].into_iter().find(|(m, _)| *m == month.first().month());
    let from = before.map_or(0.0, |(_, from)| from);
    if comes && (from..from + weight).contains(&when) {
        let at = working_day(life, month, draw).at(9 + draw.below(8) as i8, draw.below(12) as i8 * 5, 0, 0);
        life.tell(numbering.next(), at, What::Immunisation { vaccine: "Influenza" });
    }
}

/// The schedule of childhood, and pneumococcal at 65.
fn childhood(life: &mut Life<'_>, month: Month, numbering: &mut Numbering) {
    let person = life.person;
    let schedule = [
        (59, 0.95, "Six-in-one, first"),
        (59, 0.95, "Rotavirus, first"),
        (87, 0.94, "Six-in-one, second"),
        (115, 0.93, "Six-in-one, third"),
        (368, 0.92, "Measles, mumps and rubella, first"),
        (1220, 0.88, "Measles, mumps and rubella, second"),
        (1220, 0.87, "Four-in-one booster"),
        (4600, 0.8, "Human papillomavirus"),
        (23_760, 0.7, "Pneumococcal"),
    ];
    let days = crate::life::days_between(person.born, month.first());
    if days > 23_900 || (days > 4_700 && days < 23_600) {
        return;
    }
    for (place, (age, taken, vaccine)) in schedule.into_iter().enumerate() {
        let mut draw =
            Draw::new(life.seed(), Purpose::Practice, 1 << 62 | u64::from(person.number) << 8 | place as u64);
        let day = day_after(person.born, age + draw.below(20) as i64);
        // Clinics are on weekdays.
        let day = day_after(day, [0, 0, 0, 0, 0, 2, 1][day.weekday().to_monday_zero_offset() as usize]);
        if draw.chance(taken) && Month::of(day) == month {
            let at = day.at(9 + draw.below(7) as i8, draw.below(6) as i8 * 10, 0, 0);
            life.tell(numbering.next(), at, What::Immunisation { vaccine });
        }
    }
}
