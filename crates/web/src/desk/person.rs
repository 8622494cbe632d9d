//! What every page about a person has: the banner, and a sentence for each feed that is down. Names of feeds, practices
//! and neighbourhoods come from the place, so that they read the same everywhere.

use jiff::Timestamp;
use jiff::civil::Date;
use place::{OdsCode, Place};
use record::fact::Kind;
use record::identity::Identity;
use record::summary::Record;
use record::views::message::Tally;
use uuid::Uuid;

use crate::app::State;
use crate::components::{Band, Colour, PersonBanner, Tag};
use crate::words::{ago, birth_and_age, fhir_date, london_date, uk_datetime};

/// A feed's name in plain words.
pub(crate) fn feed_name(place: &Place, feed: &str) -> String {
    place.feed(feed).map_or_else(|| feed.to_owned(), |feed| feed.name.clone())
}

/// A feed's name where there is little room: what stands before its colon, and the rest only where another feed begins alike.
pub(crate) fn short_name(place: &Place, feed: &str) -> String {
    let name = feed_name(place, feed);
    if name.is_empty() {
        return "A service".to_owned();
    }
    let head = |name: &str| name.split_once(": ").map_or(name, |(head, _)| head).to_owned();
    let alike = place.feeds().iter().filter(|other| head(&other.name) == head(&name)).count();
    match name.split_once(": ") {
        Some((head, rest)) if alike > 1 => format!("{head}, {}", rest.strip_prefix("the ").unwrap_or(rest)),
        Some((head, _)) => head.to_owned(),
        None => name,
    }
}

/// The practice's name and its neighbourhood's, from its code; the source's own name where the place has no such practice.
pub(crate) fn practice(place: &Place, identity: &Identity) -> (Option<String>, Option<String>) {
    let code: Option<OdsCode> = identity.practice.as_deref().and_then(|code| code.parse().ok());
    let practice = code.as_ref().and_then(|code| place.practice(code));
    let neighbourhood = code.as_ref().and_then(|code| place.neighbourhood_of_practice(code));
    (
        practice.map(|practice| practice.name.clone()).or_else(|| identity.practice_name.clone()),
        neighbourhood.map(|neighbourhood| neighbourhood.name.clone()),
    )
}

/// "14 March 1938 (88 years)", or what is known of it.
pub(crate) fn born(identity: &Identity, now: Timestamp) -> String {
    let died: Option<Date> =
        identity.deceased_on.as_deref().and_then(|day| day.get(..10)).and_then(|day| day.parse().ok());
    identity
        .birth_date
        .map_or_else(|| "Date of birth not known".to_owned(), |birth| birth_and_age(birth, london_date(now), died))
}

/// "Died on 3 March 2026".
pub(crate) fn died(identity: &Identity) -> Option<String> {
    match &identity.deceased_on {
        Some(day) => Some(format!("Died on {}", fhir_date(day))),
        None => identity.deceased.then(|| "Has died; the date is not known".to_owned()),
    }
}

pub(crate) fn full_name(identity: &Identity) -> String {
    if identity.given.is_empty() { identity.family.clone() } else { format!("{} {}", identity.given, identity.family) }
}

/// What is shown for an address: withheld is said, missing is said.
pub(crate) fn address(identity: &Identity) -> String {
    match (&identity.address, identity.address_withheld) {
        (_, true) => "Withheld".to_owned(),
        (Some(address), false) => address.clone(),
        (None, false) => "Not known".to_owned(),
    }
}

pub(crate) fn href(person: Uuid) -> String {
    format!("/people/{person}")
}

/// The banner of a record.
pub(crate) fn banner(state: &State, record: &Record, now: Timestamp) -> PersonBanner {
    let mut alerts: Vec<String> = record.disputes.clone();
    alerts.extend(
        record
            .lines
            .iter()
            .filter(|line| line.fact.kind == Kind::Alert && line.fact.active)
            .map(|line| line.fact.title.clone()),
    );
    alerts.dedup();
    PersonBanner { alerts, ..identity_banner(state, &record.identity, now) }
}

/// The banner of somebody of whom only the identity may be read.
pub(crate) fn identity_banner(state: &State, identity: &Identity, now: Timestamp) -> PersonBanner {
    let (practice, neighbourhood) = practice(&state.parts().place, identity);
    let withheld = |text: Option<String>| if identity.address_withheld { Some("Withheld".to_owned()) } else { text };
    PersonBanner {
        href: href(identity.person),
        name: full_name(identity),
        born: born(identity, now),
        nhs_number: identity.nhs_number.map(|number| number.to_string()),
        sex: identity.sex.as_deref().map(capital),
        address: withheld(identity.address.clone()),
        practice: withheld(practice),
        neighbourhood: withheld(neighbourhood),
        alerts: Vec::new(),
        died: died(identity),
        photo: None,
        band: Band::of(u64::from_le_bytes(identity.person.as_bytes()[8..].try_into().unwrap_or_default())),
    }
}

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// How a feed stands against its promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FeedState {
    Down,
    Late,
    NothingYet,
    UpToDate,
    NoPromise,
}

impl FeedState {
    pub(crate) fn of(feed: &place::Feed, tally: Option<&Tally>, now: Timestamp) -> Self {
        match (tally, feed.promise_minutes) {
            (None, _) => Self::NothingYet,
            (Some(_), None) => Self::NoPromise,
            (Some(tally), Some(minutes)) => {
                let age = now.duration_since(tally.last_received).as_mins();
                match i64::from(minutes) {
                    promise if age <= promise => Self::UpToDate,
                    promise if age <= 2 * promise => Self::Late,
                    _ => Self::Down,
                }
            }
        }
    }

    pub(crate) fn tag(self) -> Tag {
        match self {
            Self::Down => Tag::new("Down").coloured(Colour::Red),
            Self::Late => Tag::new("Late").coloured(Colour::Orange),
            Self::NothingYet => Tag::new("Nothing yet").coloured(Colour::Grey),
            Self::UpToDate => Tag::new("Up to date").coloured(Colour::Green),
            Self::NoPromise => Tag::new("No promise").coloured(Colour::Grey),
        }
    }
}

/// One sentence for each feed that is down. A feed that never spoke is not down: the record says so by its absence.
pub(crate) fn feed_sentences(place: &Place, tallies: &[Tally], now: Timestamp) -> Vec<String> {
    place
        .feeds()
        .iter()
        .filter_map(|feed| {
            let tally = tallies.iter().find(|tally| tally.feed == *feed.id)?;
            (FeedState::of(feed, Some(tally), now) == FeedState::Down).then(|| {
                format!(
                    "{} has sent nothing since {} ({}). What it says here may be out of date.",
                    feed.name,
                    uk_datetime(tally.last_received),
                    ago(tally.last_received, now)
                )
            })
        })
        .collect()
}
