//! Services of the intermediate tier: those of now, and those of before with what each became, so that history can be
//! told in today's words and an old name still finds its way. Must not know who uses them.

use crate::rows::{optional_date, words};
use crate::{Basis, Slug};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use std::fmt;

/// A service that people can be sent to, or could be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Short name within the place: `crisis-response`.
    pub id: Slug,
    /// As people call it.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// Whether it is of now or of before.
    pub era: Era,
    /// The present service that a former one became; a present one has none.
    pub became: Option<Slug>,
    /// What it does, in a sentence.
    pub summary: Option<String>,
    /// Its first day, where known.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    /// Its last day; a former service has one.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// The organisation that runs it.
    pub provider: Slug,
    /// The level of need that it meets.
    pub level: Level,
    /// Whether it avoids a stay in hospital or ends one.
    pub direction: Direction,
    /// When it takes people.
    pub hours: Hours,
    /// How much it can do.
    pub capacity: Capacity,
    /// The youngest age that it takes, in years.
    pub minimum_age: u8,
    /// The conditions of `crisis_conditions.toml` for which it is made; empty for whatever its level and direction fit.
    #[serde(default)]
    pub conditions: Vec<Slug>,
    /// What begins when it takes somebody; a service that says nothing begins nothing.
    pub opens: Option<Opens>,
    /// How we know.
    pub basis: Basis,
}

/// What begins when a service takes somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opens {
    /// A stay with goals, a length and an end.
    Stay,
}

/// Whether a service is of now or of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Era {
    /// Of before; nobody is sent there any more.
    Former,
    /// Of now.
    Present,
}

/// The level of need, as the programme's FAQ words it. The order is from the most support to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A hospital, with medical support day and night.
    Hospital,
    /// Care nearby day and night, with less intensive medical support.
    Intermediate,
    /// Care at home, seven days a week.
    Home,
}

/// Which way a service moves people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Avoids a stay in hospital.
    StepUp,
    /// Ends a stay in hospital.
    StepDown,
    /// Either.
    Both,
}

/// How much a service can do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// How many.
    pub number: u32,
    /// Of what: `beds`, `people at once`, `people a day`.
    #[serde(deserialize_with = "words")]
    pub unit: String,
}

/// When a service takes people, in the local time of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hours {
    /// On which days.
    pub days: Days,
    /// From and until what time; `None` for day and night. An end before the beginning is on the next morning.
    pub between: Option<(Time, Time)>,
}

/// On which days a service takes people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// All seven.
    EveryDay,
    /// Monday to Friday.
    Weekdays,
}

impl TryFrom<String> for Hours {
    type Error = String;

    /// Reads `always`, `every day 08:00-22:00` or `weekdays 09:00-17:00`.
    fn try_from(text: String) -> Result<Self, String> {
        let read = || {
            if text == "always" {
                return Some(Self { days: Days::EveryDay, between: None });
            }
            let (days, times) = text.rsplit_once(' ')?;
            let days = match days {
                "every day" => Days::EveryDay,
                "weekdays" => Days::Weekdays,
                _ => return None,
            };
            let (from, until) = times.split_once('-')?;
            Some(Self { days, between: Some((clock(from)?, clock(until)?)) })
        };
        read().ok_or_else(|| {
            format!("\"{text}\" are not hours; write always, every day 08:00-22:00 or weekdays 09:00-17:00")
        })
    }
}

/// `08:00`, and nothing shorter or longer.
fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    (two(hour) && two(minute)).then(|| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()).flatten()
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = match self.days {
            Days::EveryDay => "every day",
            Days::Weekdays => "weekdays",
        };
        match self.between {
            Some((from, until)) => {
                write!(f, "{days} {:02}:{:02}-{:02}:{:02}", from.hour(), from.minute(), until.hour(), until.minute())
            }
            None => f.write_str("always"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_back_as_they_are_shown() {
        for text in ["always", "every day 08:00-22:00", "weekdays 09:00-17:30", "every day 22:00-07:00"] {
            assert_eq!(Hours::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for bad in [
            "",
            "never",
            "sundays 08:00-09:00",
            "every day",
            "every day 8:00-22:00",
            "weekdays 08:00-24:00",
            "weekdays 08:00",
        ] {
            assert!(Hours::try_from(bad.to_owned()).unwrap_err().contains("write always"), "{bad}");
        }
    }
}
