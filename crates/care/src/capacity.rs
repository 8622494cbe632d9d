//! How much room there is, as somebody saw it, and when. A figure without the time at which it was seen cannot be written down,
//! and an old one is shown as old: a list of vacancies that is out of date the minute it arrives sends people to full beds.
//! Must not guess a figure that nobody gave.

use access::Subject;
use jiff::{SignedDuration, Timestamp};
use place::{Era, Place};
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};

use crate::views::capacity as rows;

/// After so long a figure is stale: half a shift (our judgement).
pub const STALE_AFTER: SignedDuration = SignedDuration::from_hours(4);
/// The clocks of two machines may differ by so much.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);
/// The most places that a figure may name.
pub const MOST: u32 = 10_000;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody saw, or a system said, how much room a service has.
    CapacityObserved {
        /// The service, by its short name.
        service: String,
        /// Free places.
        free: u32,
        /// Of so many altogether, where that was said.
        of: Option<u32>,
        /// When it was so; not when it was told.
        observed_at: Timestamp,
        /// Who says so, in words: a person or a system.
        source: String,
    },
}

/// A figure to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observe {
    /// The service, by its short name.
    pub service: String,
    /// Free places.
    pub free: u32,
    /// Of so many altogether.
    pub of: Option<u32>,
    /// When it was so.
    pub observed_at: Timestamp,
    /// Who says so.
    pub source: String,
}

/// Why it was not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such service, or one of before.
    #[error("there is no service \"{0}\" that takes people today; use the short name of a present one")]
    NoService(String),
    /// The figure of one service told for another.
    #[error("this is the capacity of {0}; write the figure of another service down for that service")]
    AnotherService(String),
    /// A time to come.
    #[error("the figure is of a time that has not come; give the time at which it was seen")]
    Ahead,
    /// More free than there are.
    #[error("{free} free of {of} cannot be; check the two numbers")]
    MoreThanAll {
        /// So many free.
        free: u32,
        /// Of so many.
        of: u32,
    },
    /// A slip of the finger.
    #[error("{0} places are more than a service has; the most is {MOST}")]
    TooMany(u32),
    /// Somebody of another service.
    #[error("only somebody of {0} says how much room it has; ring them")]
    NotOfService(String),
    /// Nobody says so.
    #[error("say who gives the figure")]
    NoSource,
}

/// The capacity of one service, as its figures tell it.
#[derive(Debug, Clone, Default)]
pub struct Capacity {
    service: Option<String>,
    latest: Option<Figure>,
}

/// The latest figure of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Free places.
    pub free: u32,
    /// Of so many altogether, where that was said.
    pub of: Option<u32>,
    /// When it was so.
    pub observed_at: Timestamp,
    /// Who says so.
    pub source: String,
}

impl Figure {
    /// How old it is; never below nought.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.observed_at).max(SignedDuration::ZERO)
    }

    /// Whether it is too old to rely on.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.age(now) > STALE_AFTER
    }
}

impl Capacity {
    /// The latest figure, by the time at which it was seen.
    #[must_use]
    pub fn latest(&self) -> Option<&Figure> {
        self.latest.as_ref()
    }
}

impl Aggregate for Capacity {
    const KIND: &'static str = "capacity";
    type Command = Observe;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Observe, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Observe { service, free, of, observed_at, source } = command;
        let source = source.trim().to_owned();
        if let Some(mine) = self.service.as_ref().filter(|mine| **mine != service) {
            return Err(Refusal::AnotherService(mine.clone()));
        }
        if source.is_empty() {
            return Err(Refusal::NoSource);
        }
        if let Some(many) = of.into_iter().chain([free]).find(|many| *many > MOST) {
            return Err(Refusal::TooMany(many));
        }
        if let Some(of) = of.filter(|of| free > *of) {
            return Err(Refusal::MoreThanAll { free, of });
        }
        if observed_at.duration_since(at) > AHEAD {
            return Err(Refusal::Ahead);
        }
        Ok(vec![Event::CapacityObserved { service, free, of, observed_at, source }])
    }

    fn apply(&mut self, event: &Event) {
        let Event::CapacityObserved { service, free, of, observed_at, source } = event;
        self.service = Some(service.clone());
        // A figure that is told late does not take the place of a newer one.
        if self.latest.as_ref().is_none_or(|latest| latest.observed_at <= *observed_at) {
            self.latest = Some(Figure { free: *free, of: *of, observed_at: *observed_at, source: source.clone() });
        }
    }
}

/// Writes down what somebody of a service says of its room.
///
/// # Errors
/// [`Refusal`] in words, or the store's trouble; [`Refusal::NotOfService`] for anybody else.
pub fn tell(
    write: &mut Write<'_>,
    place: &Place,
    by: &Subject,
    (service, free, of): (&str, u32, Option<u32>),
    observed_at: Timestamp,
    at: Timestamp,
) -> Result<Capacity, Refused<Refusal>> {
    let name = place.service(service).map_or(service, |service| &service.name);
    if !crate::episode::is_of(by, service) || !by.assured {
        return Err(Refused::Rules(Refusal::NotOfService(name.to_owned())));
    }
    let source = format!("{}, {}", by.name, by.organisation);
    let figure = Observe { service: service.to_owned(), free, of, observed_at, source };
    observe(write, place, figure, &by.actor(), at)
}

/// Writes a figure down.
///
/// # Errors
/// [`Refusal`] in words, or the store's trouble.
pub fn observe(
    write: &mut Write<'_>,
    place: &Place,
    figure: Observe,
    actor: &str,
    at: Timestamp,
) -> Result<Capacity, Refused<Refusal>> {
    if place.service(&figure.service).is_none_or(|service| service.era != Era::Present) {
        return Err(Refused::Rules(Refusal::NoService(figure.service)));
    }
    match rows::stream(write.tx(), &figure.service)? {
        Some(stream) => write.execute::<Capacity>(stream, figure, actor, at),
        None => {
            let stream = write.new_id(at);
            write.begin::<Capacity>(stream, figure, None, actor, at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn seen(free: u32, of: Option<u32>, when: &str) -> Observe {
        Observe {
            service: "delirium-beds".to_owned(),
            free,
            of,
            observed_at: at(when),
            source: "the ward's own board".to_owned(),
        }
    }

    #[test]
    fn a_figure_has_the_time_at_which_it_was_seen_and_an_older_one_does_not_take_its_place() {
        let now = at("2026-11-24T10:00Z");
        let mut capacity = Capacity::default();
        for figure in [seen(3, Some(12), "2026-11-24T09:50Z"), seen(9, Some(12), "2026-11-24T07:00Z")] {
            for event in capacity.decide(figure, now).unwrap() {
                capacity.apply(&event);
            }
        }
        let latest = capacity.latest().unwrap();
        assert_eq!((latest.free, latest.age(now)), (3, SignedDuration::from_mins(10)));
        assert!(!latest.is_stale(now));
        assert!(!latest.is_stale(at("2026-11-24T13:50:00Z")) && latest.is_stale(at("2026-11-24T13:50:01Z")));
        // The event cannot even be read without its time.
        let nameless = r#"{"CapacityObserved":{"service":"delirium-beds","free":1,"of":null,"source":"x"}}"#;
        assert!(serde_json::from_str::<Event>(nameless).unwrap_err().to_string().contains("observed_at"));
    }

    #[test]
    fn a_figure_that_cannot_be_is_refused_in_words() {
        let now = at("2026-11-24T10:00Z");
        let refused = |figure| Capacity::default().decide(figure, now).unwrap_err();
        assert_eq!(refused(seen(13, Some(12), "2026-11-24T09:50Z")), Refusal::MoreThanAll { free: 13, of: 12 });
        assert_eq!(refused(seen(1, None, "2026-11-24T10:02Z")), Refusal::Ahead);
        assert_eq!(refused(seen(99_999, None, "2026-11-24T09:50Z")), Refusal::TooMany(99_999));
        assert_eq!(
            refused(Observe { source: "  ".to_owned(), ..seen(1, None, "2026-11-24T09:50Z") }),
            Refusal::NoSource
        );
        let mut capacity = Capacity::default();
        for event in capacity.decide(seen(1, None, "2026-11-24T09:50Z"), now).unwrap() {
            capacity.apply(&event);
        }
        let other = Observe { service: "active-recovery-beds".to_owned(), ..seen(1, None, "2026-11-24T09:50Z") };
        assert_eq!(capacity.decide(other, now), Err(Refusal::AnotherService("delirium-beds".to_owned())));
    }
}
