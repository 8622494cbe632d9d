//! How what a service has open comes to its end: in its course, with the person's death once the service has heard of it, or
//! never, where nobody closed it. Must not decide when anybody dies.

use jiff::civil::{Date, DateTime, Time};

use super::calendar::days;
use super::chance::Chance;
use super::post::Post;
use super::{COMMUNITY, rates};

/// The most days after a death on which a message about it can still come: the longest that a service takes to hear of it,
/// the night of the extract, and the days that a message may be late or mended.
pub(super) const DEATH_HEARD: i64 = 45;

/// The end of something that a service has open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// In its course, on this day.
    Due(Date),
    /// With the person's death on the first day; the service hears of it at the second.
    Died(Date, DateTime),
    /// Never, by mistake; it should have been closed at this time.
    LeftOpen(DateTime),
}

impl Ending {
    /// The end of what was to last until a day, or without an end. `key` tells it from everything else that is open.
    pub(super) fn of(post: &Post<'_>, feed: &'static str, key: Chance, until: Option<Date>) -> Option<Self> {
        let died = post.person.died.filter(|died| until.is_none_or(|until| *died < until));
        let Some(died) = died else { return until.map(Self::Due) };
        let lag = if feed == COMMUNITY { rates::COMMUNITY_DEATH } else { rates::SOCIAL_CARE_DEATH };
        // A service hears of a death once, and closes everything the same day.
        let heard = days(died, post.chance("death-heard").and(feed).between(lag.0, lag.1));
        let heard = heard.to_datetime(Time::constant(12, 0, 0, 0));
        Some(if key.and("left-open").happens(rates::LEFT_OPEN) {
            Self::LeftOpen(heard)
        } else {
            Self::Died(died, heard)
        })
    }

    /// When the service writes the end down; `None` where it never does.
    pub(super) fn told(self) -> Option<DateTime> {
        match self {
            Self::Due(until) => Some(until.to_datetime(Time::constant(12, 0, 0, 0))),
            Self::Died(_, heard) => Some(heard),
            Self::LeftOpen(_) => None,
        }
    }
}
