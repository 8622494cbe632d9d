//! Questions: a person asks why somebody looked at their record, in their own words; the privacy officer answers, by a day.
//! One question a look is open at a time. Must not know what was looked at.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use place::{BeyondCalendar, Calendar};
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::look::Subject;
use crate::role::Role;

/// Within how many working days a question is answered. Assumed: no source read for this gives a number for a question
/// about one look (the law's month is for a request for the whole record); ten working days is what complaints teams
/// commonly promise. A borough that promises another number changes this line.
pub const WORKING_DAYS: u32 = 10;

/// The most characters of a question, and of an answer.
pub const MOST_ASKED: usize = 1_000;
/// The most characters of an answer.
pub const MOST_ANSWERED: usize = 4_000;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The person asked.
    Asked {
        /// Who.
        by: Subject,
        /// Whose record: their root at the time.
        person: Uuid,
        /// The id under which they were looked at; another than `person` where they were joined since.
        looked_at: Uuid,
        /// The look's place in the log.
        look_seq: i64,
        /// In their words.
        words: String,
    },
    /// It was answered.
    Answered {
        /// Who.
        by: Subject,
        /// In their words.
        words: String,
    },
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask.
    Ask {
        /// Who.
        by: Subject,
        /// Whose record: their root now.
        person: Uuid,
        /// The id under which they were looked at.
        looked_at: Uuid,
        /// The look's place in the log.
        look_seq: i64,
        /// In their words.
        words: String,
    },
    /// Answer.
    Answer {
        /// Who.
        by: Subject,
        /// Whose look it was that was asked about, by their id.
        looked: String,
        /// In their words.
        words: String,
    },
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only the person asks.
    #[error("only the person whose record it is can ask, signed in as themselves")]
    NotTheirs,
    /// Only a privacy officer answers.
    #[error("only a privacy officer answers questions")]
    NotTheOfficer,
    /// Nobody answers for their own look.
    #[error("this was your own look; a colleague has to answer for it")]
    OwnLook,
    /// There is a question already.
    #[error("you have asked about this look already; the answer will stand beside it")]
    AskedAlready,
    /// There is none that waits.
    #[error("this question has been answered already")]
    NothingToAnswer,
    /// No words.
    #[error("write a few words")]
    NoWords,
    /// Too many.
    #[error("write less: at most 1,000 characters for a question, 4,000 for an answer")]
    TooLong,
}

/// The questions about one look at one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    open: bool,
}

fn words(words: &str, most: usize) -> Result<String, Refusal> {
    let words = words.trim();
    match words.chars().count() {
        0 => Err(Refusal::NoWords),
        many if many > most => Err(Refusal::TooLong),
        _ => Ok(words.to_owned()),
    }
}

impl Aggregate for Question {
    const KIND: &'static str = "question";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Ask { by, person, looked_at, look_seq, words: said } => {
                if by.role != Role::Citizen || !by.assured || by.own != Some(person) {
                    return Err(Refusal::NotTheirs);
                }
                if self.open {
                    return Err(Refusal::AskedAlready);
                }
                let words = words(&said, MOST_ASKED)?;
                Ok(vec![Event::Asked { by, person, looked_at, look_seq, words }])
            }
            Command::Answer { by, looked, words: said } => {
                if by.role != Role::PrivacyOfficer || !by.assured {
                    return Err(Refusal::NotTheOfficer);
                }
                if by.id == looked {
                    return Err(Refusal::OwnLook);
                }
                if !self.open {
                    return Err(Refusal::NothingToAnswer);
                }
                Ok(vec![Event::Answered { by, words: words(&said, MOST_ANSWERED)? }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        self.open = matches!(event, Event::Asked { .. });
    }
}

/// The stream of the questions about one look at one person: it follows from both, so that two at once cannot be opened.
#[must_use]
pub fn stream(looked_at: Uuid, look_seq: i64) -> Uuid {
    crate::sharing::derived(b"weft-question-1", looked_at, look_seq)
}

/// Writes the answer to a question down.
///
/// # Errors
/// [`Refusal`], in words for the officer.
pub fn answer(
    write: &mut Write<'_>,
    id: Uuid,
    by: Subject,
    words: &str,
    at: Timestamp,
) -> Result<(), Refused<Refusal>> {
    let looked = crate::views::question::reader(write.tx(), id)?.unwrap_or_default();
    let actor = by.actor();
    let command = Command::Answer { by, looked, words: words.to_owned() };
    write.execute::<Question>(id, command, &actor, at).map(|_| ())
}

/// How a question stands with its promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// To be answered by the end of this day.
    Due(Date),
    /// Should have been answered by the end of this day.
    Overdue(Date),
    /// The calendar of the place does not reach that far: nobody can say by when, and that is said.
    Unknown,
}

/// The day by whose end a question is to be answered.
///
/// # Errors
/// [`BeyondCalendar`] where the place does not list the bank holidays so far ahead.
pub fn due(asked: Timestamp, calendar: &Calendar) -> Result<Date, BeyondCalendar> {
    calendar.add_working_days(day(asked), WORKING_DAYS)
}

/// How a question that was asked at one moment stands at another.
#[must_use]
pub fn clock(asked: Timestamp, now: Timestamp, calendar: &Calendar) -> Clock {
    match due(asked, calendar) {
        Ok(due) if day(now) > due => Clock::Overdue(due),
        Ok(due) => Clock::Due(due),
        Err(_) => Clock::Unknown,
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)).date()
}

#[cfg(test)]
mod tests;
