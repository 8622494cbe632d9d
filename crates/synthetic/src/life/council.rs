//! What the council does for the people it supports, and requests that come to nothing; and the hospice's register. Must
//! not decide who is eligible: that was settled on the sheet.

use jiff::civil::Date;

use crate::draw::{Draw, Purpose};
use crate::event::{Support, What};
use crate::life::hospital::working_day;
use crate::life::{Life, Month, Numbering, Part, day_after};
use crate::person::Condition as C;

/// Requests of people without support, a year, of those who are not frail at all and for each point of frailty.
const REQUESTS: (f64, f64) = (0.012, 0.8);

pub(super) fn tell(life: &mut Life<'_>) {
    let person = life.person;
    if person.social_care {
        client(life);
    } else {
        let days = life.days.clone();
        // An assessment can begin two months after the request.
        for month in Month::around(&days, 2) {
            requests(life, month);
        }
    }
    hospice(life);
}

fn number_in(life: &Life<'_>, day: Date, offset: u64) -> u64 {
    let mut numbering = Numbering::new(life.person.number, Month::of(day), Part::Council);
    (0..offset).for_each(|_| _ = numbering.next());
    numbering.next()
}

/// A client: asked for, assessed, served and reviewed each year. Most were clients before the history; what they have is
/// told on its first working day.
fn client(life: &mut Life<'_>) {
    let settings = &life.borough.settings;
    let start = settings.history_start();
    let mut draw = Draw::new(life.seed(), Purpose::Council, 1 << 60 | u64::from(life.person.number));
    let before = draw.chance(0.78);
    let reviewed = draw.below(365) as i64;
    let begins = if before {
        start
    } else {
        day_after(start, 45 + draw.below(usize::from(settings.history_days).max(46) - 45) as i64)
    };
    let support = match () {
        () if life.person.address.care_home.is_some() => Support::CareHome,
        () if life.person.has(C::LearningDisability) => {
            if draw.chance(0.5) {
                Support::DayCare
            } else {
                Support::DirectPayment
            }
        }
        () if draw.chance(0.12) => Support::DirectPayment,
        () => Support::HomeCare,
    };
    let until = (!before && draw.chance(0.2)).then(|| day_after(begins, 42));
    let mut say = |day: Date, offset: u64, hour: i8, support: Support, until: Option<Date>| {
        let number = number_in(life, day, offset);
        life.tell(number, day.at(hour, 0, 0, 0), What::SocialCare { support, until });
    };
    if !before {
        say(day_after(begins, -40), 0, 11, Support::Request, Some(day_after(begins, -27)));
        say(day_after(begins, -25), 1, 10, Support::Assessment, Some(day_after(begins, -3)));
    }
    say(begins, 2, 9, support, until);
    if until.is_some() {
        return;
    }
    for year in 0..12 {
        let day = if before { day_after(begins, reviewed + 365 * year) } else { day_after(begins, 42 + 365 * year) };
        // Writing it up takes from a day to three weeks.
        let written_up = day_after(day, 1 + (reviewed + 7 * year) % 21);
        say(day, 3, 14, Support::Review, Some(written_up));
    }
}

fn requests(life: &mut Life<'_>, month: Month) {
    if life.person.age_on(month.first()) < 18 {
        return;
    }
    let mut draw = month.draw(life.seed(), Purpose::Council, life.person.number);
    let caring = if life.person.cares_hours >= 20 { 0.08 } else { 0.0 };
    let a_year = REQUESTS.0 + REQUESTS.1 * life.person.frailty.powi(2) + caring;
    if !draw.chance(a_year * f64::from(month.days()) / 365.25) {
        return;
    }
    let mut numbering = Numbering::new(life.person.number, month, Part::Council);
    (0..8).for_each(|_| _ = numbering.next());
    let day = working_day(life, month, &mut draw);
    let done = day_after(day, 3 + draw.below(18) as i64);
    life.tell(
        numbering.next(),
        day.at(11, 30, 0, 0),
        What::SocialCare { support: Support::Request, until: Some(done) },
    );
    if draw.chance(0.4) {
        let assessed = day_after(done, 1 + draw.below(14) as i64);
        let until = day_after(assessed, 14 + draw.below(28) as i64);
        let what = What::SocialCare { support: Support::Assessment, until: Some(until) };
        life.tell(numbering.next(), assessed.at(10, 0, 0, 0), what);
    }
}

/// Two in five of those under palliative care come onto the hospice's register, a month after it began.
fn hospice(life: &mut Life<'_>) {
    let Some(problem) = life.person.problem(C::PalliativeCare) else { return };
    let mut draw = Draw::new(life.seed(), Purpose::Council, 1 << 61 | u64::from(life.person.number));
    if draw.chance(0.4) {
        let day = day_after(problem.since, 30).max(life.borough.settings.history_start());
        let number = number_in(life, day, 7);
        life.tell(number, day.at(15, 0, 0, 0), What::Hospice);
    }
}
