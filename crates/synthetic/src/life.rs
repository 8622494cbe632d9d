//! What happens to a person. Time is cut into calendar months; what begins in a month is drawn from that month's own
//! stream, so that any window of days can be made alone. Must not know messages, nor look at the clock.

pub(crate) mod levels;

mod appointments;
mod clinics;
mod community;
mod council;
mod hospital;
mod mind;
mod practice;
pub(crate) mod rates;

use jiff::Span;
use jiff::civil::{Date, DateTime};
use std::ops::Range;

use crate::borough::Borough;
use crate::draw::{Draw, Purpose};
use crate::event::{Event, What};
use crate::person::Person;
use rates::Rates;

/// A day some days after another, or before it.
pub(crate) fn day_after(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days.clamp(-3_000_000, 3_000_000)))
}

/// A time some minutes after another.
pub(crate) fn minutes_after(time: DateTime, minutes: i64) -> DateTime {
    time.saturating_add(Span::new().minutes(minutes.clamp(0, 100_000_000)))
}

/// Whole days from one day to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    // Civil dates differ by whole days; the span in days cannot fail within the calendar.
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// A calendar month, counted from January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(pub(crate) i32);

impl Month {
    pub(crate) fn of(day: Date) -> Self {
        Self(i32::from(day.year()) * 12 + i32::from(day.month()) - 1)
    }

    pub(crate) fn first(self) -> Date {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        Date::new(year as i16, month as i8, 1).unwrap_or(Date::MAX)
    }

    pub(crate) fn days(self) -> u32 {
        self.first().days_in_month() as u32
    }

    /// The stream of what begins in this month for one person and purpose.
    pub(crate) fn draw(self, seed: u64, purpose: Purpose, person: u32) -> Draw {
        Draw::new(seed, purpose, u64::from(person) << 24 | self.0 as u64 & 0xFF_FFFF)
    }

    /// Months from one before a window's start to its end.
    fn around(days: &Range<Date>, before: i32) -> impl Iterator<Item = Self> + use<> {
        let (from, to) = (Self::of(days.start).0 - before, Self::of(day_after(days.end, -1)).0);
        (from..=to).map(Self)
    }
}

/// What is needed while the events of one person are made.
pub(crate) struct Life<'a> {
    pub(crate) borough: &'a Borough,
    pub(crate) person: &'a Person,
    pub(crate) rates: Rates,
    days: Range<Date>,
    /// When they die, to the minute.
    last: Option<DateTime>,
    events: Vec<Event>,
    /// When they were in hospital, as far as it touches the window.
    in_bed: Vec<(DateTime, DateTime)>,
}

/// Which part of a month numbers an event: each part has a thousand numbers to itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Hospital,
    Clinics,
    Community,
    Mind,
    Council,
    Practice,
    Person,
    Appointments,
}

/// Numbers the events that begin in one part of one month.
pub(crate) struct Numbering {
    next: u64,
}

impl Numbering {
    pub(crate) fn new(person: u32, month: Month, part: Part) -> Self {
        // 20 bits of person, 12 of months since 1980, 14 within, and four above for what hangs on one event: even the
        // numbers of JavaScript hold it.
        let month = (i64::from(month.0) - 1980 * 12) as u64 & 0xFFF;
        Self { next: u64::from(person) << 26 | month << 14 | (part as u64) << 10 }
    }

    pub(crate) fn next(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }
}

impl Life<'_> {
    /// Adds an event if it falls into the window and into the person's life.
    pub(crate) fn tell(&mut self, number: u64, at: DateTime, what: What) {
        let day = at.date();
        if self.days.contains(&day) && self.person.born <= day && self.last.is_none_or(|last| at <= last) {
            self.events.push(Event { number, at, what });
        }
    }

    /// Whether they are in a hospital bed.
    pub(crate) fn in_bed(&self, at: DateTime) -> bool {
        self.in_bed.iter().any(|(from, until)| *from <= at && at < *until)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.borough.settings.seed
    }
}

fn last_moment(borough: &Borough, person: &Person) -> Option<DateTime> {
    let mut draw = Draw::new(borough.settings.seed, Purpose::Death, 1 << 40 | u64::from(person.number));
    person.died.map(|day| day.at(draw.below(24) as i8, draw.below(60) as i8, 0, 0))
}

pub(crate) fn events(borough: &Borough, person: &Person, days: Range<Date>) -> Vec<Event> {
    if days.is_empty() || person.died.is_some_and(|died| died < days.start) {
        return Vec::new();
    }
    let rates = Rates::of(borough, person.number);
    let last = last_moment(borough, person);
    let mut life = Life { borough, person, rates, days, last, events: Vec::new(), in_bed: Vec::new() };
    let window = life.days.clone();
    hospital::tell(&mut life, &window);
    for month in Month::around(&window, 0) {
        clinics::tell(&mut life, month);
        practice::tell(&mut life, month);
        appointments::tell(&mut life, month);
        mind::tell(&mut life, month);
    }
    for month in Month::around(&window, community::LONGEST_MONTHS) {
        community::tell(&mut life, month);
    }
    council::tell(&mut life);
    turning_points(&mut life);
    let mut events = life.events;
    events.sort_by_key(|event| (event.at, event.number));
    events
}

/// Moving house and dying.
fn turning_points(life: &mut Life<'_>) {
    let number = |day: Date, offset: u64| {
        let mut numbering = Numbering::new(life.person.number, Month::of(day), Part::Person);
        (0..offset).for_each(|_| _ = numbering.next());
        numbering.next()
    };
    let moved = life.person.moves.as_ref().map(|(day, _)| (number(*day, 0), day.at(11, 0, 0, 0)));
    let died = life.last.map(|at| (number(at.date(), 1), at));
    if let Some((number, at)) = moved {
        life.tell(number, at, What::Move);
    }
    if let Some((number, at)) = died {
        life.tell(number, at, What::Death);
    }
}
