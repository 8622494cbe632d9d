//! What the source systems send: for one person and what happened to them, the messages of the hospital, the practice, the
//! community, mental health and hospice services and the council, in the shape that each feed's door takes, with the mistakes
//! that such systems make. What is wrong is told to the truth and to nobody else. Must not decide what happens to anybody.

mod breakage;
mod calendar;
mod chance;
mod coding;
mod community;
mod ending;
mod hl7;
mod hospice;
mod hospital;
mod identity;
mod mental_health;
mod post;
mod practice;
pub mod rates;
mod row;
mod social_care;
mod staff;

#[cfg(test)]
mod tests;

pub use breakage::Breakage;
pub use identity::{Held, Naming};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use place::{Calendar, NhsNumber, OdsCode, Place};

use crate::event::Event;
use crate::person::Person;
use crate::settings::Settings;
use post::Post;

/// The practices' feed.
pub const PRACTICE: &str = "gp";
/// The hospital's feed.
pub const HOSPITAL: &str = "hospital";
/// The feed of community health services.
pub const COMMUNITY: &str = "community";
/// The feed of mental health services.
pub const MENTAL_HEALTH: &str = "mental-health";
/// The council's feed.
pub const SOCIAL_CARE: &str = "social-care";
/// The hospice's feed.
pub const HOSPICE: &str = "hospice";
/// Every feed of the borough, in the order in which they are told of.
pub const FEEDS: [&str; 6] = [PRACTICE, HOSPITAL, COMMUNITY, MENTAL_HEALTH, SOCIAL_CARE, HOSPICE];

/// How many days before a window what happened can still be sent in it: the longest stay that is told of to its end, and the
/// days that a message may be late.
pub const LOOK_BACK: i64 = 190;

/// How many days after a window what happens can be announced in it: visits planned ahead, appointments booked.
pub const LOOK_AHEAD: i64 = 14;

/// How many days before its first day the borough's services tell everything. What is older comes condensed, as a system's
/// first load does: the hospital tells of finished stays and attendances only, community and mental health of no contact.
pub const RECENT: i64 = 60;

/// One message as a source system sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The feed it belongs to.
    pub feed: &'static str,
    /// When it arrives.
    pub sent: Timestamp,
    /// Whom it is about, by their number; `None` for what is about a practice. A sender keeps one person's in their order.
    pub person: Option<u32>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a service calls somebody, and what is wrong with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAs {
    /// The feed.
    pub feed: &'static str,
    /// The feed's own id.
    pub local: String,
    /// The person's number.
    pub person: u32,
    /// What stands where the NHS number should.
    pub held: Held,
    /// How the name is written.
    pub naming: Naming,
    /// True where day and month of birth are swapped.
    pub birth_swapped: bool,
    /// The id that this one is merged into, where the feed registered somebody twice and found it.
    pub merged_into: Option<String>,
}

/// What is odd about one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It arrives so many days late.
    Late(u8),
    /// It is the same message again.
    Repeated,
    /// It cannot be understood.
    Broken(Breakage),
    /// It is a broken one, sent again whole.
    Mended,
    /// It never comes: nobody closed what the person who died had open. The time is when it should have come.
    LeftOpen,
}

/// One odd message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// The feed.
    pub feed: &'static str,
    /// What the message calls itself: control id, bundle identifier, or the row's own reference.
    pub name: String,
    /// Whom it is about.
    pub person: u32,
    /// When it arrives.
    pub sent: Timestamp,
    /// What is odd.
    pub oddity: Oddity,
}

/// What arrives in some window of time, and the truth about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The messages, in the order of their arrival.
    pub messages: Vec<Message>,
    /// By what ids the services know the people whom these messages are about.
    pub known: Vec<KnownAs>,
    /// Those of the messages that are odd.
    pub odd: Vec<Odd>,
}

/// Which messages are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Everything up to the first day: what each service holds when it is first connected.
    First,
    /// What arrives on one day, the first day or a later one.
    Day(Date),
}

/// Gives the NHS number of the person of a number, where there is one: mistakes mix up two people.
pub type Numbers<'n> = dyn Fn(u32) -> Option<NhsNumber> + 'n;

/// The services of a borough, ready to write.
#[derive(Debug)]
pub struct Services {
    settings: Settings,
    zone: TimeZone,
    calendar: Calendar,
    practices: BTreeMap<OdsCode, String>,
    homes: BTreeMap<place::Slug, String>,
}

impl Services {
    /// The services of a place.
    #[must_use]
    pub fn of(place: &Place, settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            zone: calendar::london(),
            calendar: place.calendar().clone(),
            practices: place.practices().iter().map(|one| (one.code.clone(), one.name.clone())).collect(),
            homes: place.care_homes().iter().map(|one| (one.id.clone(), one.name.clone())).collect(),
        }
    }

    /// What the practices say of themselves, once, before anything about a person.
    #[must_use]
    pub fn practices(&self) -> Vec<Message> {
        practice::themselves(self)
    }

    /// The events that [`Services::deliver`] needs for a person and a window: the first day and the day after the last.
    #[must_use]
    pub fn needed(&self, person: &Person, window: Window) -> std::ops::Range<Date> {
        let (from, until) = window.bounds(self);
        let (from, until) = (from.date(), until.date());
        // What is closed with a death may have been opened on the first day of the history.
        let dead = person.died.is_some_and(|died| died < until && calendar::days(died, ending::DEATH_HEARD) >= from);
        let back = if dead { self.begins() } else { calendar::days(from, -LOOK_BACK).max(self.begins()) };
        back..calendar::days(until, LOOK_AHEAD)
    }

    /// What arrives about one person in a window. `events` are theirs over [`Services::needed`], in any order.
    #[must_use]
    pub fn deliver(&self, person: &Person, events: &[Event], window: Window, numbers: &Numbers<'_>) -> Delivery {
        let mut post = Post::of(self, person, window, numbers);
        // What lies ahead is known to those alone who announce it.
        let until = window.bounds(self).1;
        let past: Vec<Event> = events.iter().filter(|event| event.at < until).cloned().collect();
        practice::write(&mut post, &past, events);
        hospital::write(&mut post, &past);
        community::write(&mut post, events);
        mental_health::write(&mut post, &past);
        social_care::write(&mut post, &past);
        hospice::write(&mut post, &past);
        post.delivered()
    }

    /// The first day of the history.
    fn begins(&self) -> Date {
        calendar::days(self.settings.today, -i64::from(self.settings.history_days))
    }

    /// From when on everything is told.
    fn recent(&self) -> DateTime {
        calendar::days(self.settings.today, -RECENT).to_datetime(jiff::civil::Time::midnight())
    }

    /// The last day up to a day on which a practice's desk is open: no weekend, no bank holiday.
    fn desk_day(&self, day: Date) -> Date {
        let closed = |day: Date| day.weekday().to_monday_zero_offset() > 4 || self.calendar.holiday(day).is_some();
        (0..7).map(|back| calendar::days(day, -back)).find(|day| !closed(*day)).unwrap_or(day)
    }

    /// The name of a practice.
    fn practice_name(&self, code: &OdsCode) -> &str {
        self.practices.get(code).map_or("General practice", String::as_str)
    }

    /// The line of an address that says where it is, a care home by its name.
    fn home_name(&self, home: &place::Slug) -> Option<&str> {
        self.homes.get(home).map(String::as_str)
    }
}

impl Window {
    /// From when until when messages arrive in it.
    fn bounds(self, services: &Services) -> (DateTime, DateTime) {
        let midnight = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
        match self {
            Self::First => (midnight(services.begins()), midnight(services.settings.today)),
            Self::Day(day) => (midnight(day), midnight(calendar::days(day, 1))),
        }
    }
}
