//! The order in which services are offered. It is one comparison of plain numbers, the first difference deciding, so that it can
//! be read out: can it take the person; how near is its level; is it made for this; is it open; is it in time; is there room and
//! how sure is that; how far is it. Must not weigh: no sum of points says what is best for somebody.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use place::{Calendar, Days, Direction, Era, Level, Place, Service};

use super::travel::base;
use super::{Need, Step};
use crate::capacity::Figure;

/// What is known of the room in a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Free places; `None` where nobody has said.
    pub free: Option<u32>,
    /// When that was so.
    pub observed_at: Option<Timestamp>,
    /// How old the figure is, in whole minutes.
    pub age_minutes: Option<i64>,
    /// Whether it is too old to rely on; shown grey.
    pub stale: bool,
    /// Of what: `beds`.
    pub unit: String,
}

/// A service as it is offered for one need.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The service, by its short name.
    pub service: String,
    /// As people call it.
    pub name: String,
    /// The level of need that it meets.
    pub level: Level,
    /// Whether it can take the person, as far as is known here.
    pub takes: bool,
    /// Why it fits or why not, a sentence each; never empty.
    pub reasons: Vec<String>,
    /// What is known of its room.
    pub room: Room,
    /// Minutes of travel, an estimate by straight line.
    pub travel_minutes: Option<u32>,
    /// Whether it takes people at this moment.
    pub open: bool,
    /// When it opens, where it is shut.
    pub opens: Option<Timestamp>,
    /// Whole minutes left on the clock that counts; below nought where it is up.
    pub minutes_left: Option<i64>,
    /// What has to be said of how sure the entry is: the catalogue is invented.
    pub caution: &'static str,
}

impl Offer {
    /// The offer as a decision keeps it: what stood on the screen, with its age. `None` where its name is no team's.
    #[must_use]
    pub fn kept(&self) -> Option<crate::triage::Offer> {
        Some(crate::triage::Offer {
            service: crate::Team::try_from(format!("service:{}", self.service)).ok()?,
            level: match self.level {
                Level::Home => crate::triage::Level::Home7Day,
                Level::Intermediate => crate::triage::Level::IntermediateNearby,
                Level::Hospital => crate::triage::Level::Hospital,
            },
            fit: self.reasons.join(" "),
            free: self.room.free,
            observed_at: self.room.observed_at,
            travel_minutes: self.travel_minutes,
            clock_left: self
                .minutes_left
                .map(|left| i32::try_from(left).unwrap_or(if left < 0 { i32::MIN } else { i32::MAX })),
        })
    }
}

/// So many free places are plenty; with fewer, who comes a minute later may find none.
const PLENTY: u32 = 3;

/// The comparison: the smaller, the earlier it is offered.
type Key = (bool, u8, u8, bool, bool, u8, u32, Reverse<u32>, String);

/// Whether a service is open at a moment and, if not, when it opens. Weekday hours are those of working days: on a bank holiday
/// nobody is there. In a year whose bank holidays are not listed they are those of Monday to Friday.
fn opening(service: &Service, calendar: &Calendar, zone: &TimeZone, now: Timestamp) -> (bool, Option<Timestamp>) {
    let Some((from, until)) = service.hours.between else { return (true, None) };
    let works = |day: jiff::civil::Date| match service.hours.days {
        Days::EveryDay => true,
        Days::Weekdays => calendar.is_working_day(day).unwrap_or_else(|_| day.weekday().to_monday_zero_offset() < 5),
    };
    let at = |day: jiff::civil::Date, time| day.to_datetime(time).to_zoned(zone.clone()).ok().map(|at| at.timestamp());
    let today = now.to_zoned(zone.clone()).date();
    let mut day = today.yesterday().unwrap_or(today);
    for _ in 0..12 {
        let closes = if from < until { Some(day) } else { day.tomorrow().ok() };
        if works(day)
            && let (Some(opens), Some(shuts)) = (at(day, from), closes.and_then(|day| at(day, until)))
        {
            if opens <= now && now < shuts {
                return (true, None);
            }
            if now < opens {
                return (false, Some(opens));
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    (false, None)
}

/// How much support a level gives, more being more.
const fn support(level: Level) -> u8 {
    match level {
        Level::Home => 0,
        Level::Intermediate => 1,
        Level::Hospital => 2,
    }
}

const fn level_said(level: Level) -> &'static str {
    match level {
        Level::Home => "care at home, seven days a week",
        Level::Intermediate => "care nearby day and night",
        Level::Hospital => "a hospital",
    }
}

struct Fit {
    takes: bool,
    reasons: Vec<String>,
}

impl Fit {
    fn yes(&mut self, words: impl Into<String>) {
        self.reasons.push(words.into());
    }

    /// What stands against it is read first.
    fn no(&mut self, words: impl Into<String>) {
        self.takes = false;
        self.reasons.insert(0, words.into());
    }
}

/// Every present service for a need, the best first. `figures` are the latest of each service by its short name.
#[must_use]
pub fn rank(
    place: &Place,
    zone: &TimeZone,
    need: &Need,
    figures: &BTreeMap<String, Figure>,
    now: Timestamp,
) -> Vec<Offer> {
    let today = now.to_zoned(zone.clone()).date();
    let present = place.services().iter().filter(|service| {
        service.era == Era::Present
            && service.from.is_none_or(|from| from <= today)
            && service.until.is_none_or(|until| today <= until)
    });
    let mut offers: Vec<(Key, Offer)> =
        present.map(|service| offer(place, zone, need, figures.get(service.id.as_str()), service, now)).collect();
    offers.sort_by(|(one, _), (other, _)| one.cmp(other));
    offers.into_iter().map(|(_, offer)| offer).collect()
}

fn offer(
    place: &Place,
    zone: &TimeZone,
    need: &Need,
    figure: Option<&Figure>,
    service: &Service,
    now: Timestamp,
) -> (Key, Offer) {
    let mut fit = Fit { takes: true, reasons: Vec::new() };
    let (gives, wants) = (support(service.level), support(need.level));
    match gives.cmp(&wants) {
        std::cmp::Ordering::Equal => fit.yes(format!("It is {}, which is what is needed.", level_said(service.level))),
        std::cmp::Ordering::Greater => fit.yes(format!("It is {}: more than is needed.", level_said(service.level))),
        std::cmp::Ordering::Less => fit.no(format!("It is {}: less than is needed.", level_said(service.level))),
    }
    match (service.direction, need.step) {
        (Direction::StepDown, Step::Up) => fit.no("It ends stays in hospital and does not avoid them."),
        (Direction::StepUp, Step::Down) => fit.no("It avoids stays in hospital and does not end them."),
        _ => {}
    }
    match need.age {
        Some(age) if age < service.minimum_age => {
            fit.no(format!("It takes people of {} and over; they are {age}.", service.minimum_age));
        }
        None => fit.yes(format!("It takes people of {} and over; their age is not known.", service.minimum_age)),
        Some(_) => {}
    }
    let made_for = condition(place, need, service, &mut fit);
    let (open, opens) = opening(service, place.calendar(), zone, now);
    if !open {
        let when = opens.map(|at| at.to_zoned(zone.clone()).strftime("%H:%M on %A").to_string());
        fit.yes(when.map_or_else(|| "It is shut.".to_owned(), |when| format!("It is shut and opens at {when}.")));
    }
    let room = room(service, figure, now);
    let (class, certain) = told(&room, &mut fit);
    let travel = need.spot.zip(base(place, service)).map(|(spot, base)| base.minutes_to(spot));
    if let Some(minutes) = travel {
        fit.yes(format!("About {minutes} minutes away, by a straight line."));
    }
    let left = need.due.map(|due| due.duration_since(now));
    let starts = opens.map_or(SignedDuration::ZERO, |opens| opens.duration_since(now));
    let arrives = starts + SignedDuration::from_mins(travel.unwrap_or(0).into());
    let late = left.is_some_and(|left| arrives > left);
    if late {
        fit.yes("It would come after the time is up.");
    }
    let key = (
        !fit.takes,
        gives.abs_diff(wants),
        made_for,
        !open,
        late,
        class,
        travel.unwrap_or(u32::MAX),
        Reverse(certain),
        service.id.to_string(),
    );
    let offer = Offer {
        service: service.id.to_string(),
        name: service.name.clone(),
        level: service.level,
        takes: fit.takes,
        reasons: fit.reasons,
        room,
        travel_minutes: travel,
        open,
        opens,
        minutes_left: left.map(|left| left.as_secs().div_euclid(60)),
        caution: service.basis.caution(),
    };
    (key, offer)
}

/// 0 where it is made for the condition, 1 where it takes any or none is known.
fn condition(place: &Place, need: &Need, service: &Service, fit: &mut Fit) -> u8 {
    let Some(wanted) = &need.condition else { return 1 };
    let name = place.conditions().iter().find(|known| known.id == **wanted);
    let said = name.map_or(wanted.as_str(), |known| known.name.as_str());
    if service.conditions.is_empty() {
        return 1;
    }
    if service.conditions.iter().any(|known| *known == **wanted) {
        fit.yes(format!("It is made for this: {said}."));
        return 0;
    }
    fit.no(format!("It is for other needs than this: {said}."));
    1
}

fn room(service: &Service, figure: Option<&Figure>, now: Timestamp) -> Room {
    Room {
        free: figure.map(|figure| figure.free),
        observed_at: figure.map(|figure| figure.observed_at),
        age_minutes: figure.map(|figure| figure.age(now).as_mins()),
        stale: figure.is_some_and(|figure| figure.is_stale(now)),
        unit: service.capacity.unit.clone(),
    }
}

/// How old a figure is, in the unit that people use of it.
fn seen(minutes: i64) -> String {
    let (count, unit) = match minutes {
        ..60 => (minutes.max(0), "minute"),
        60..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    format!("seen {count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// The class of what is known of the room, the best first, and the free places that can be relied on.
fn told(room: &Room, fit: &mut Fit) -> (u8, u32) {
    let old = room.age_minutes.map(seen).unwrap_or_default();
    match (room.free, room.stale) {
        (Some(0), false) => {
            fit.no(format!("It is full, {old}."));
            (5, 0)
        }
        (Some(free), false) => {
            fit.yes(format!("{free} {} free, {old}.", room.unit));
            (if free >= PLENTY { 0 } else { 1 }, free)
        }
        (Some(0), true) => {
            fit.yes(format!("It was full when last seen; the figure is old, {old}."));
            (4, 0)
        }
        (Some(free), true) => {
            fit.yes(format!("{free} {} were free; the figure is old, {old}.", room.unit));
            (2, free)
        }
        (None, _) => {
            fit.yes("Nobody has said how much room it has.");
            (3, 0)
        }
    }
}

#[cfg(test)]
mod tests;
