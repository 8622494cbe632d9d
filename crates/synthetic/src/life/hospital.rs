//! Emergencies, planned stays and births. A candidate stay is drawn from the month in which it, or the stay before it,
//! begins; candidates that fall into another stay are dropped, by a rule that looks at candidates only, so that it does not
//! matter where a window begins. The worlds differ only in which candidates of a home's residents are kept.

mod reasons;

use jiff::civil::{Date, DateTime, Weekday};
use std::ops::Range;

use crate::borough::{born, died};
use crate::draw::{Draw, Purpose};
use crate::event::{Admission, Reason, Test, What};
use crate::life::levels::AGAIN;
use crate::life::{Life, Month, Numbering, Part, day_after, days_between, minutes_after};
use crate::person::{Condition as C, Sex};
use crate::settings::World;

/// No stay is longer, in days.
const LONGEST: f64 = 60.0;
/// Candidates of this many months before a window can matter to it: a stay that reaches into the window may have begun two
/// months before it and come a month after another; whether it is kept depends on those that reached into it.
const BEFORE: i32 = 6;
/// The share of emergency admissions that come through the emergency department: 30 % of 94,000 over 39,700.
const THROUGH_DOOR: f64 = 0.71;
/// The most that a world adds.
const MOST: f64 = 1.011;

struct Candidate {
    number: u64,
    arrived: Option<DateTime>,
    at: DateTime,
    until: DateTime,
    how: Admission,
    reason: Reason,
    /// Births and last stays are kept against others.
    sure: bool,
    /// From 0 to 1: kept in a world if it is below that world's share.
    keep: f64,
}

pub(super) fn tell(life: &mut Life<'_>, window: &Range<Date>) {
    let mut stays = Vec::new();
    for month in Month::around(window, BEFORE) {
        candidates(life, month, &mut stays);
        later_birth(life, month, &mut stays);
    }
    sure_ones(life, &mut stays);
    stays.sort_by_key(|stay| (stay.at, stay.number));
    let mut longest_until = DateTime::MIN;
    let mut sure_until = Vec::new();
    stays.iter().filter(|stay| stay.sure).for_each(|stay| sure_until.push((stay.begins(), stay.until)));
    for stay in &stays {
        let begins = stay.begins();
        let clash = !stay.sure
            && (begins < longest_until || sure_until.iter().any(|(from, until)| *from < stay.until && begins < *until));
        longest_until = longest_until.max(stay.until);
        if !clash && stay.keep < share_kept(life, stay) {
            life.in_bed.push((stay.begins(), stay.until));
            tell_stay(life, stay);
        }
    }
    for month in Month::around(window, 0) {
        attendances(life, month);
    }
}

impl Candidate {
    fn begins(&self) -> DateTime {
        self.arrived.unwrap_or(self.at)
    }
}

/// The share of candidate emergencies that come about: the effect of aligning a care home, which is the truth of a world.
fn share_kept(life: &Life<'_>, stay: &Candidate) -> f64 {
    if stay.how != Admission::Emergency || stay.sure {
        return 1.0;
    }
    let roof = &life.borough.sheet.roofs[life.person.household as usize];
    let aligned = roof.home.and_then(|home| life.borough.alignments.get(usize::from(home)).copied().flatten());
    let effect = match life.borough.settings.world {
        _ if aligned.is_none_or(|day| stay.at.date() < day) => 1.0,
        World::Effect => 0.9,
        World::Null => 1.0,
        World::Harm => MOST,
    };
    effect / MOST
}

fn candidates(life: &Life<'_>, month: Month, stays: &mut Vec<Candidate>) {
    let mut draw = month.draw(life.seed(), Purpose::Hospital, life.person.number);
    let mut numbering = Numbering::new(life.person.number, month, Part::Hospital);
    let part = f64::from(month.days()) / 365.25;
    let winter = season(month);
    let emergency = life.rates.emergency * part * winter * MOST;
    let fall = life.rates.fall * part * MOST;
    let planned = life.rates.planned * part;
    // Nearly always nothing happens, and one number settles that.
    let nothing = (-(emergency + fall + planned)).exp();
    let first = draw.unit();
    if first < nothing {
        return;
    }
    let count = at_least_one(emergency + fall + planned, first);
    for _ in 0..count {
        match draw.weighted([emergency, fall, planned]) {
            2 => stays.push(planned_stay(life, month, &mut draw, &mut numbering)),
            kind => {
                let day = emergency_day(month, &mut draw);
                let stay = emergency_stay(life, day, kind == 1, &mut draw, &mut numbering);
                let again = draw.chance(AGAIN);
                let later = day_after(stay.until.date(), 2 + draw.below(27) as i64);
                let next = again.then(|| emergency_stay(life, later, false, &mut draw, &mut numbering));
                stays.push(stay);
                stays.extend(next);
            }
        }
    }
}

/// A Poisson count by the number that has been drawn for it already.
fn at_least_one(mean: f64, first: f64) -> u32 {
    let (mut term, mut sum, mut count) = ((-mean).exp(), (-mean).exp(), 0);
    while sum <= first && count < 20 {
        count += 1;
        term *= mean / f64::from(count);
        sum += term;
    }
    count
}

fn emergency_stay(life: &Life<'_>, day: Date, fall: bool, draw: &mut Draw, numbering: &mut Numbering) -> Candidate {
    let number = numbering.next();
    // Two more numbers: the attendance, and results from `number` on are told by the writer of the stay.
    let person = life.person;
    let age = person.age_on(day);
    let arrived = day.at(hour(draw), draw.below(60) as i8, 0, 0);
    let through_door = draw.chance(THROUGH_DOOR);
    let waits = 120 + draw.below(420) as i64;
    let at = if through_door { minutes_after(arrived, waits) } else { arrived };
    let reason = if fall { Reason::Fall(reasons::injury(age, draw)) } else { reasons::emergency(person, age, draw) };
    let short = draw.chance(if age < 18 { 0.55 } else { 0.3 });
    let median = match age {
        ..=17 => 1.5,
        18..=64 => 2.2,
        65..=84 => 4.2,
        _ => 5.5,
    };
    let hip = if matches!(reason, Reason::Fall(crate::event::Injury::Hip)) { 2.2 } else { 1.0 };
    let days = (median * hip * (1.0 + 1.2 * person.frailty) * (0.85 * draw.normal()).exp()).min(LONGEST);
    let minutes = if short && hip < 2.0 { 240 + draw.below(900) as i64 } else { (days * 1440.0) as i64 };
    let until = leave_by_day(minutes_after(at, minutes.max(180)), draw);
    Candidate {
        number,
        arrived: through_door.then_some(arrived),
        at,
        until: until.max(minutes_after(at, 180)),
        how: Admission::Emergency,
        reason,
        sure: false,
        keep: draw.unit(),
    }
}

fn planned_stay(life: &Life<'_>, month: Month, draw: &mut Draw, numbering: &mut Numbering) -> Candidate {
    let number = numbering.next();
    let day = working_day(life, month, draw);
    let at = day.at(7 + draw.below(3) as i8, draw.below(4) as i8 * 15, 0, 0);
    let operation = reasons::operation(life.person.age_on(day), draw);
    let nights = reasons::nights(operation, draw);
    let until = if nights == 0 {
        minutes_after(at, 240 + draw.below(300) as i64)
    } else {
        day_after(day, nights).at(11, 0, 0, 0)
    };
    let reason = operation.map_or(Reason::Other, Reason::Operation);
    Candidate { number, arrived: None, at, until, how: Admission::Planned, reason, sure: false, keep: 0.0 }
}

/// Giving birth after the borough's first day. Nobody is added to the borough: the child is not one of its people.
fn later_birth(life: &Life<'_>, month: Month, stays: &mut Vec<Candidate>) {
    let person = life.person;
    if person.sex != Sex::Female || month <= Month::of(life.borough.settings.today) {
        return;
    }
    let rate = match person.age_on(month.first()) {
        18..=24 => 0.035,
        25..=34 => 0.1,
        35..=40 => 0.055,
        41..=45 => 0.008,
        _ => return,
    };
    let mut draw = month.draw(life.seed(), Purpose::Hospital, 1 << 31 | person.number);
    if draw.chance(rate / 12.0) {
        stays.push(birth(life, day_after(month.first(), draw.below(month.days() as usize) as i64)));
    }
}

/// Giving birth to the children of the household that are born within the history, and the last stay of those who die in
/// hospital.
fn sure_ones(life: &Life<'_>, stays: &mut Vec<Candidate>) {
    let person = life.person;
    let rows = &life.borough.sheet.rows;
    let row = &rows[person.number as usize];
    let roof = life.borough.sheet.roof(row);
    // The first woman of a household with children is their mother.
    if row.sex == Sex::Female && (16..=55).contains(&row.age) && roof.home.is_none() && person.number == roof.first {
        for child in roof.first + 1..roof.first + u32::from(roof.size) {
            let child_row = &rows[child as usize];
            if child_row.age == 0 && !child_row.twin {
                stays.push(birth(life, born(life.borough, child)));
            }
        }
    }
    if let Some((day, Some(last))) = died(life.borough, person.number, person.born) {
        let from = day_after(day, -i64::from(last)).max(person.born);
        let mut draw = Draw::new(life.seed(), Purpose::Hospital, 1 << 60 | u64::from(person.number));
        let mut numbering = Numbering::new(person.number, Month::of(from), Part::Hospital);
        (0..900).for_each(|_| _ = numbering.next());
        let mut stay = emergency_stay(life, from, false, &mut draw, &mut numbering);
        stay.until = life.last.map_or(stay.until, |last| last.max(stay.at));
        stay.sure = true;
        stays.push(stay);
    }
}

fn birth(life: &Life<'_>, day: Date) -> Candidate {
    let whose = (Month::of(day).0 as u64) << 32 | u64::from(life.person.number);
    let mut draw = Draw::new(life.seed(), Purpose::Hospital, 1 << 61 | whose);
    let mut numbering = Numbering::new(life.person.number, Month::of(day), Part::Hospital);
    (0..950).for_each(|_| _ = numbering.next());
    let at = day.at(draw.below(24) as i8, draw.below(60) as i8, 0, 0);
    let stays = 600 + draw.below(3000) as i64;
    Candidate {
        number: numbering.next(),
        arrived: None,
        at,
        until: minutes_after(at, stays),
        how: Admission::Maternity,
        reason: Reason::Birth,
        sure: true,
        keep: 0.0,
    }
}

fn tell_stay(life: &mut Life<'_>, stay: &Candidate) {
    let mut draw = Draw::new(life.seed(), Purpose::Hospital, 1 << 62 | stay.number);
    if let Some(arrived) = stay.arrived {
        let what = What::Attendance { until: stay.at, reason: stay.reason, stay: Some(stay.number) };
        life.tell(stay.number | 1 << 46, arrived, what);
    }
    let until = life.last.map_or(stay.until, |last| stay.until.min(last));
    let avoidable = reasons::avoidable(stay.reason);
    let what = What::Stay { how: stay.how, until, reason: stay.reason, avoidable };
    life.tell(stay.number, stay.at, what);
    let nights = days_between(stay.at.date(), until.date());
    if stay.how != Admission::Emergency || nights < 1 {
        return;
    }
    let infection = matches!(stay.reason, Reason::Pneumonia | Reason::UrinaryInfection | Reason::FeverOfAChild);
    let kidneys = life.person.has(C::ChronicKidneyDisease);
    for round in 0..(1 + nights / 3).min(4) {
        let at = minutes_after(stay.at, 90 + round * 3 * 1440 + draw.below(60) as i64);
        if at > until {
            break;
        }
        let crp = (if infection { 110.0 } else { 22.0 }) / (1.0 + round as f64) * (0.5 * draw.normal()).exp();
        let creatinine = (if kidneys { 135.0 } else { 78.0 }) * (0.2 * draw.normal()).exp();
        let tests = [
            (Test::Haemoglobin, (128.0 - 25.0 * life.person.frailty + 12.0 * draw.normal()).round()),
            (Test::CReactiveProtein, crp.round().max(1.0)),
            (Test::Creatinine, creatinine.round()),
        ];
        for (place, (test, value)) in tests.into_iter().enumerate() {
            let number = stay.number | (round as u64 * 3 + place as u64 + 2) << 46;
            life.tell(number, at, What::Result { test, value, second: None, in_hospital: true });
        }
    }
}

/// Attendances that end without a bed.
fn attendances(life: &mut Life<'_>, month: Month) {
    let mut draw = month.draw(life.seed() ^ 0x5EED, Purpose::Hospital, life.person.number);
    let mut numbering = Numbering::new(life.person.number, month, Part::Hospital);
    (0..500).for_each(|_| _ = numbering.next());
    for _ in 0..draw.poisson(life.rates.attendance * f64::from(month.days()) / 365.25) {
        let day = any_day(month, &mut draw, [1.1, 1.0, 0.97, 0.96, 0.97, 0.98, 1.02]);
        let at = day.at(hour(&mut draw), draw.below(60) as i8, 0, 0);
        let reason = reasons::attendance(life.person, life.person.age_on(day), &mut draw);
        let until = minutes_after(at, 50 + (90.0 * (0.6 * draw.normal()).exp()).min(900.0) as i64);
        let number = numbering.next();
        if !life.in_bed(at) {
            life.tell(number, at, What::Attendance { until, reason, stay: None });
        }
    }
}

/// Winter brings more emergencies; the months' mean is 1.
fn season(month: Month) -> f64 {
    const BY_MONTH: [f64; 12] = [1.08, 1.05, 1.03, 0.99, 0.98, 0.97, 0.96, 0.94, 0.96, 0.99, 1.02, 1.03];
    BY_MONTH[month.0.rem_euclid(12) as usize]
}

/// A day of a month, some weekdays likelier; the weights run from Monday.
pub(super) fn any_day(month: Month, draw: &mut Draw, weights: [f64; 7]) -> Date {
    let most = weights.into_iter().fold(0.0, f64::max);
    loop {
        let day = day_after(month.first(), draw.below(month.days() as usize) as i64);
        if draw.unit() * most < weights[day.weekday().to_monday_zero_offset() as usize] {
            return day;
        }
    }
}

/// A day on which clinics and theatres are open: a few on Saturdays, none on bank holidays.
pub(super) fn working_day(life: &Life<'_>, month: Month, draw: &mut Draw) -> Date {
    loop {
        let day = any_day(month, draw, [1.0, 1.0, 1.0, 1.0, 0.9, 0.06, 0.0]);
        if life.borough.place.calendar().holiday(day).is_none() {
            return day;
        }
    }
}

fn emergency_day(month: Month, draw: &mut Draw) -> Date {
    any_day(month, draw, [1.09, 1.03, 1.02, 1.01, 1.02, 0.93, 0.9])
}

/// The hour of an arrival: most from late morning to evening.
fn hour(draw: &mut Draw) -> i8 {
    const WEIGHTS: [f64; 24] = [
        2.6, 2.2, 1.9, 1.7, 1.6, 1.6, 1.8, 2.4, 3.6, 5.2, 6.2, 6.5, 6.3, 6.0, 5.8, 5.7, 5.8, 5.9, 5.8, 5.5, 5.0, 4.4,
        3.7, 3.1,
    ];
    draw.weighted(WEIGHTS) as i8
}

/// People go home by day, less on Sundays.
fn leave_by_day(until: DateTime, draw: &mut Draw) -> DateTime {
    let mut day = until.date();
    if day.weekday() == Weekday::Sunday && draw.chance(0.3) {
        day = day_after(day, 1);
    }
    if (8..22).contains(&until.hour()) && day == until.date() {
        return until;
    }
    let day = if until.hour() >= 22 && day == until.date() { day_after(day, 1) } else { day };
    day.at(10 + draw.below(9) as i8, draw.below(60) as i8, 0, 0)
}
