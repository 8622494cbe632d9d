//! Clocks as data (`clocks/*.toml`): within what time something is to be done, from which word to which, in which hours, since
//! when and by whose word. One file is one clock, with every version of its rule. Must not count: that is `care`'s.

use crate::Slug;
use crate::rows::{date, optional_date, words};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use std::fmt;

/// The folder of the clocks in a place.
pub const FOLDER: &str = "clocks/";

/// A clock: one question of time, with the versions of its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Short name, the same as its file's: `crisis-response`.
    pub id: Slug,
    /// As people call it.
    pub name: String,
    /// What it counts, from what to what, in a sentence.
    pub about: String,
    /// Its versions, the oldest first; no two hold on the same day.
    pub versions: Vec<ClockVersion>,
}

/// One version of a clock's rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockVersion {
    /// Its name within the clock: `2026-1`. A rule that changes gets a new one; a figure names it.
    pub version: Slug,
    /// The rule set it belongs to: `2016` for as it was, `2026` for as it is.
    pub rules: Slug,
    /// The first day on which a clock that starts follows this version.
    #[serde(deserialize_with = "date")]
    pub effective_from: Date,
    /// The last such day.
    #[serde(default, deserialize_with = "optional_date")]
    pub effective_until: Option<Date>,
    /// The words that start it.
    pub start: Vec<Slug>,
    /// The words that stop it: what was to be done is done.
    pub stop: Vec<Slug>,
    /// The words after which it waits.
    #[serde(default)]
    pub pause: Vec<Slug>,
    /// The words after which it goes on.
    #[serde(default)]
    pub resume: Vec<Slug>,
    /// The words after which it does not count at all.
    #[serde(default)]
    pub void: Vec<Slug>,
    /// In which hours it runs.
    pub runs: Running,
    /// Within what time it is to be stopped.
    pub within: Within,
    /// How many of a hundred are to be in time; none where every single one is.
    pub share: Option<u8>,
    /// At how many hundredths of its time it warns.
    #[serde(default = "three_quarters")]
    pub warn_at: u8,
    /// Who says so: the document, as exactly as we know it.
    #[serde(deserialize_with = "words")]
    pub source: String,
    /// How we know.
    pub tag: Tag,
    /// What of it nobody has checked yet, in a sentence; pages show it beside every figure.
    #[serde(default)]
    pub unverified: Option<String>,
    /// Anything else that a reader of a figure should know.
    #[serde(default)]
    pub note: Option<String>,
}

const fn three_quarters() -> u8 {
    75
}

impl ClockVersion {
    /// Whether a clock that starts on this day follows this version.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|last| day <= last)
    }

    /// What a reader has to be told of how sure the rule is; empty where nothing.
    #[must_use]
    pub fn caution(&self) -> String {
        let unchecked = self.unverified.as_deref().unwrap_or_default();
        [self.tag.caution(), unchecked].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// How a rule came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tag {
    /// Seen in a published source.
    Seen,
    /// General knowledge; nobody has looked it up.
    Known,
    /// Our judgement.
    Judgement,
}

impl Tag {
    /// A plain sentence for the reader; empty where the rule is published and nothing needs to be said.
    #[must_use]
    pub const fn caution(self) -> &'static str {
        match self {
            Self::Seen => "",
            Self::Known => "Unverified: from general knowledge, not looked up.",
            Self::Judgement => "Unverified: our judgement, not a published standard.",
        }
    }
}

/// In which hours a clock of seconds, minutes or hours runs, in the local time of the place. A clock of days runs always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Running {
    /// On working days alone.
    pub working_days: bool,
    /// From and until what time; `None` for day and night. An end before the beginning is on the next morning.
    pub between: Option<(Time, Time)>,
}

impl TryFrom<String> for Running {
    type Error = String;

    /// Reads `always`, `every day 08:00-22:00`, `working days` or `working days 09:00-17:00`.
    fn try_from(text: String) -> Result<Self, String> {
        let read = || match text.as_str() {
            "always" => Some(Self { working_days: false, between: None }),
            "working days" => Some(Self { working_days: true, between: None }),
            _ => {
                let (days, times) = text.rsplit_once(' ')?;
                let working_days = match days {
                    "every day" => false,
                    "working days" => true,
                    _ => return None,
                };
                let (from, until) = times.split_once('-')?;
                let between = Some((time_of_day(from)?, time_of_day(until)?));
                between.filter(|(from, until)| from != until).map(|_| Self { working_days, between })
            }
        };
        let running = read().ok_or_else(|| {
            format!(
                "\"{text}\" are not hours; write always, every day 08:00-22:00, working days or working days 09:00-17:00"
            )
        })?;
        // The clocks of the country go forward and back between one and two: such a time is there twice, or not at all.
        let ambiguous = |time: Time| time.hour() == 1 && time.minute() != 0;
        match running.between {
            Some((from, until)) if ambiguous(from) || ambiguous(until) => Err(format!(
                "\"{text}\" begins or ends between 01:00 and 02:00, when clocks change; choose another time"
            )),
            _ => Ok(running),
        }
    }
}

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.working_days { "working days" } else { "every day" };
        match self.between {
            Some((from, until)) => {
                write!(f, "{days} {:02}:{:02}-{:02}:{:02}", from.hour(), from.minute(), until.hour(), until.minute())
            }
            None if self.working_days => f.write_str("working days"),
            None => f.write_str("always"),
        }
    }
}

/// `08:00`, and nothing shorter or longer.
fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    (two(hour) && two(minute)).then(|| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()).flatten()
}

/// What a clock counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Seconds that pass.
    Seconds,
    /// Minutes that pass.
    Minutes,
    /// Hours that pass.
    Hours,
    /// Days of the calendar, the first one not counted.
    Days,
    /// Working days, the first one not counted.
    WorkingDays,
    /// Weeks of seven days of the calendar.
    Weeks,
}

impl Unit {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Seconds, "second", "seconds"),
        (Self::Minutes, "minute", "minutes"),
        (Self::Hours, "hour", "hours"),
        (Self::Days, "day", "days"),
        (Self::WorkingDays, "working day", "working days"),
        (Self::Weeks, "week", "weeks"),
    ];

    /// Whether it counts days, and not what passes between two moments.
    #[must_use]
    pub const fn is_of_days(self) -> bool {
        matches!(self, Self::Days | Self::WorkingDays | Self::Weeks)
    }

    /// So many of them, in words: `1 week`, `7 working days`.
    #[must_use]
    pub fn said(self, count: i64) -> String {
        let (one, many) =
            Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or(("day", "days"), |(_, one, many)| (*one, *many));
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

/// A length of time by which something is to be done: `2 hours`, `7 working days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Within {
    /// How many; never nought.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// The longest that a clock may count: ten years of days.
const MOST: u32 = 3660;

impl TryFrom<String> for Within {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = || {
            let (count, unit) = text.split_once(' ')?;
            let count = count.parse().ok().filter(|count| (1..=MOST).contains(count))?;
            let known = Unit::ALL.iter().find(|(_, one, many)| unit == if count == 1 { *one } else { *many })?;
            Some(Self { count, unit: known.0 })
        };
        read().ok_or_else(|| {
            format!("\"{text}\" is no length of time; write 40 seconds, 15 minutes, 2 hours, 1 day, 7 working days or 18 weeks")
        })
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.unit.said(i64::from(self.count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_lengths_read_back_as_they_are_shown() {
        for text in
            ["always", "every day 08:00-22:00", "every day 22:00-07:00", "working days", "working days 09:00-17:30"]
        {
            assert_eq!(Running::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for text in ["40 seconds", "1 minute", "2 hours", "1 day", "7 working days", "1 week", "18 weeks"] {
            assert_eq!(Within::try_from(text.to_owned()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_length_or_no_hours_is_refused_with_what_to_write() {
        for bad in ["", "2", "hours", "0 hours", "1 hours", "2 hour", "-1 days", "2.5 hours", "99999 weeks", "2  hours"]
        {
            assert!(Within::try_from(bad.to_owned()).unwrap_err().contains("write 40 seconds"), "{bad}");
        }
        for bad in ["", "weekdays 09:00-17:00", "every day", "every day 9:00-17:00", "every day 08:00-08:00", "sundays"]
        {
            assert!(Running::try_from(bad.to_owned()).unwrap_err().contains("write always"), "{bad}");
        }
        for bad in ["every day 01:30-09:00", "every day 22:00-01:45"] {
            assert!(Running::try_from(bad.to_owned()).unwrap_err().contains("when clocks change"), "{bad}");
        }
    }
}
