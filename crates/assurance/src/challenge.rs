//! 100-day challenges: a team with a charter tries changes, says beforehand what each should do, looks every week, stops half-way
//! to think, and on day 100 adopts, adapts or abandons. What was learnt is for everybody. A challenge cannot prove that a bed is
//! not needed: that is the gate's.

mod event;
mod refusal;
mod rules;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Aggregate;

use crate::chart::Drawing;
use crate::gate::protocol::day;
use crate::known::Known;
use crate::spc::{self, Improvement, Observation};
pub use event::{Command, Event};
pub use refusal::Refusal;

/// How long a challenge is.
pub const DAYS: i32 = 100;
/// When it stops to think.
pub const HALF: i32 = 50;

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their sign-in's id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they bring: "district nurse, Marple".
    pub part: String,
}

/// What was agreed on day 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Charter {
    /// In a few words.
    pub title: String,
    /// By how much, by when: "advice answered within five minutes for 70 of 100 questions".
    pub aim: String,
    /// Why.
    pub why: String,
    /// What is counted every week.
    pub measure: String,
    /// Its unit: "%", "minutes".
    pub unit: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// The aim as a number.
    pub target: Option<f64>,
    /// What is counted are people, so that a week of fewer than seven is told to nobody but those who sign in.
    #[serde(default)]
    pub people: bool,
    /// An indicator of the place that this is to move in the end.
    pub indicator: Option<String>,
    /// Day 0.
    pub start: Date,
    /// Who takes part.
    pub team: Vec<Member>,
    /// Who gives the verdict on day 100.
    pub sponsor: Member,
}

impl Charter {
    /// Day 100.
    #[must_use]
    pub fn end(&self) -> Date {
        self.on(DAYS)
    }

    /// A day by its number.
    #[must_use]
    pub fn on(&self, number: i32) -> Date {
        self.start.checked_add(jiff::Span::new().days(number)).unwrap_or(Date::MAX)
    }

    /// The number of a day.
    #[must_use]
    pub fn number(&self, day: Date) -> i32 {
        self.start.until(day).map_or(0, |span| span.get_days())
    }

    fn has(&self, who: &str) -> bool {
        self.sponsor.id == who || self.team.iter().any(|member| member.id == who)
    }
}

/// What is done with something that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Do it everywhere.
    Adopt,
    /// Do it differently.
    Adapt,
    /// Stop it.
    Abandon,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Adopt, Self::Adapt, Self::Abandon];

    /// Its word in forms.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Adopt => "adopt",
            Self::Adapt => "adapt",
            Self::Abandon => "abandon",
        }
    }

    /// The verdict of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// A prediction, made before its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What is changed, for whom.
    pub change: String,
    /// What should happen.
    pub prediction: String,
    /// By whom it was said.
    pub by: String,
    /// When.
    pub predicted: Timestamp,
    /// What happened, once it is known.
    pub result: Option<Found>,
}

/// What a test showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What happened.
    pub result: String,
    /// Whether it is what was predicted.
    pub as_predicted: bool,
    /// What was learnt.
    pub learnt: String,
    /// What is done with it.
    pub next: Verdict,
    /// When.
    pub at: Timestamp,
}

/// Words at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub words: String,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// Which.
    pub verdict: Verdict,
    /// On what evidence, and what others should know.
    pub note: Note,
}

/// A week that was reported otherwise before.
#[derive(Debug, Clone, PartialEq)]
pub struct Restated {
    /// The Monday.
    pub week: Date,
    /// As it was.
    pub was: f64,
    /// As it is.
    pub is: f64,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A challenge.
#[derive(Debug, Clone, Default)]
pub struct Challenge {
    charter: Option<Charter>,
    tests: Vec<Test>,
    weeks: Known<Date, f64>,
    restated: Vec<Restated>,
    middle: Option<Note>,
    ended: Option<Ended>,
}

impl Aggregate for Challenge {
    const KIND: &'static str = "challenge";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.decided(command, at).map(|event| vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event.clone() {
            Event::Chartered { charter, .. } => self.charter = Some(*charter),
            Event::Predicted { by, at, change, prediction } => {
                self.tests.push(Test { change, prediction, by, predicted: at, result: None });
            }
            Event::Found { at, test, result, as_predicted, learnt, next, .. } => {
                if let Some(test) = self.tests.get_mut(test as usize) {
                    test.result = Some(Found { result, as_predicted, learnt, next, at });
                }
            }
            Event::Measured { week, value, .. } => self.weeks.take([(week, value)]),
            Event::Remeasured { at, week, was, is, reason, .. } => {
                self.weeks.take([(week, is)]);
                self.restated.push(Restated { week, was, is, reason, at });
            }
            Event::Paused { by, at, words } => self.middle = Some(Note { by, at, words }),
            Event::Judged { by, at, verdict, words } => {
                self.ended = Some(Ended { verdict, note: Note { by, at, words } });
            }
        }
    }
}

impl Challenge {
    /// What was agreed.
    #[must_use]
    pub fn charter(&self) -> Option<&Charter> {
        self.charter.as_ref()
    }

    /// The tests of change, in the order in which they were predicted.
    #[must_use]
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// The weeks as they are known now, by their Mondays.
    #[must_use]
    pub fn weeks(&self) -> BTreeMap<Date, f64> {
        let at = |week: &Date| Some((*week, *self.weeks.at(week, self.weeks.revision())?));
        self.weeks.keys().filter_map(at).collect()
    }

    /// What was restated.
    #[must_use]
    pub fn restated(&self) -> &[Restated] {
        &self.restated
    }

    /// What was said half-way.
    #[must_use]
    pub fn middle(&self) -> Option<&Note> {
        self.middle.as_ref()
    }

    /// How it ended.
    #[must_use]
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// Whether somebody is of the team or its sponsor.
    #[must_use]
    pub fn has(&self, who: &str) -> bool {
        self.charter.as_ref().is_some_and(|charter| charter.has(who))
    }

    /// Where it stands, in a sentence.
    #[must_use]
    pub fn stands(&self, at: Timestamp) -> String {
        let Some(charter) = &self.charter else { return "There is no charter.".to_owned() };
        if let Some(ended) = &self.ended {
            return format!("Over: {}.", ended.verdict.word());
        }
        match charter.number(day(at)) {
            before if before < 0 => format!("Begins on {}.", charter.start.strftime("%-d %B %Y")),
            number if number > DAYS => format!("Day {DAYS} has passed, and the verdict is due."),
            number if number >= HALF && self.middle.is_none() => {
                format!("Day {number} of {DAYS}; the mid-point is due.")
            }
            number => format!("Day {number} of {DAYS}."),
        }
    }

    /// Whether a week's value is a count of so few people that it is shown to nobody but those who sign in.
    #[must_use]
    pub fn is_small(&self, value: f64) -> bool {
        self.charter.as_ref().is_some_and(|charter| charter.people) && value < place::suppression::LEAST as f64
    }

    /// The weekly chart; for everybody, without the weeks that count fewer than seven people.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub fn chart(&self, everybody: bool) -> Result<Drawing, String> {
        let Some(charter) = &self.charter else { return Err("There is no charter.".to_owned()) };
        let all = self.weeks();
        let known = all.len();
        let shown = all.into_iter().filter(|(_, value)| !everybody || !self.is_small(*value));
        let weeks: Vec<Observation> = shown.map(|(at, value)| Observation { at, value }).collect();
        if weeks.is_empty() {
            let why =
                if known > 0 { "The counts are too small to be shown." } else { "No week has been reported yet." };
            return Err(why.to_owned());
        }
        let improvement = if charter.more_is_better { Improvement::Increase } else { Improvement::Decrease };
        let allow_gaps = weeks.len() < known;
        let asked = spc::Asked { target: charter.target, allow_gaps, ..spc::Asked::of(improvement) };
        let chart = spc::chart(&weeks, &asked).map_err(|error| error.to_string())?;
        Ok(crate::chart::control_chart(&chart, &charter.measure, &charter.unit, charter.target))
    }
}

#[cfg(test)]
mod tests;
