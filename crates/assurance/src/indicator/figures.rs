//! The figures of one edition of an indicator, month by month, whole and by its slices: reported, and reported otherwise with a
//! reason. Nothing is overwritten: a restated month is kept as it was known then and as it is known now. Must not hold anything of
//! a person, nor say what a figure means ([`super::reading`]).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;

use super::definition::{Definition, Split, Statistic};
use crate::gate::month::Month;
use crate::gate::protocol::day;
use crate::known::{Known, Said};

/// Which part of the population a figure is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slice {
    /// By what.
    pub by: Split,
    /// Which group of it, as people read it: "75 to 84", "Marple", "1, most deprived".
    pub group: String,
}

/// A month of the whole or of a slice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The month.
    pub month: Month,
    /// Of which part; `None` for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<Slice>,
    /// What is on top.
    pub numerator: i64,
    /// What it is divided by; none for a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<i64>,
    /// How much of the month had arrived, in thousandths.
    pub complete: u32,
}

impl Figure {
    fn key(&self) -> Key {
        (self.slice.clone(), self.month)
    }

    fn value(&self) -> Value {
        Value { numerator: self.numerator, denominator: self.denominator, complete: self.complete }
    }
}

type Key = (Option<Slice>, Month);

/// What was known of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    /// What is on top.
    pub numerator: i64,
    /// What it is divided by; none for a count.
    pub denominator: Option<i64>,
    /// How much of the month had arrived, in thousandths.
    pub complete: u32,
}

/// A figure that was reported otherwise before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// As it was.
    pub was: Figure,
    /// As it is.
    pub is: Figure,
}

/// What happened. The words stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Figures were reported for the first time.
    Reported {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Which.
        figures: Vec<Figure>,
    },
    /// Figures were reported otherwise than before.
    Restated {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
        /// As they were, and as they are.
        changes: Vec<Change>,
    },
}

/// What can be asked: to take a report in, all of it or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// By whom.
    pub by: String,
    /// How the indicator counts.
    pub definition: Definition,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Why any of them changed.
    pub reason: Option<String>,
}

/// Why a report is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing in it.
    #[error("the report has no figures that are not known already")]
    Nothing,
    /// A number that cannot be.
    #[error("{what}: {why}")]
    Number {
        /// Which figure.
        what: String,
        /// What is wrong, and what to do.
        why: &'static str,
    },
    /// Not a slice of the definition.
    #[error("{what}: the definition does not ask for this split; it was not counted")]
    NoSuchSplit {
        /// Which figure.
        what: String,
    },
    /// Given twice.
    #[error("{what}: given twice in one report; give it once")]
    Twice {
        /// Which figure.
        what: String,
    },
    /// A month that is not over.
    #[error("{what}: the month is not over yet")]
    NotOver {
        /// Which figure.
        what: String,
    },
    /// A hole.
    #[error(
        "{missing} is missing between months that are there; report it too, so that nobody takes the gap for a fall"
    )]
    Gap {
        /// The first month that is missing.
        missing: Month,
    },
    /// Something is changed without a word.
    #[error("{what}: {was} was reported before, now {is}. Say why, and it is kept beside what was known before")]
    Restatement {
        /// Which figure.
        what: String,
        /// As it was.
        was: String,
        /// As it would be.
        is: String,
    },
}

/// A report that restated something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// What.
    pub changes: Vec<Change>,
}

/// The figures as they have been known.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    known: Known<Key, Value>,
    taken: Vec<Timestamp>,
    restated: Vec<Restated>,
}

impl Aggregate for Figures {
    const KIND: &'static str = "indicator-figures";
    type Command = Report;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, report: Report, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let (mut new, mut changes) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for figure in report.figures {
            sound(&figure, &report.definition, at)?;
            if !seen.insert(figure.key()) {
                return Err(Refusal::Twice { what: said(&figure) });
            }
            match self.known.beside(&figure.key(), &figure.value()) {
                Said::New => new.push(figure),
                Said::Same => {}
                Said::Changed(Value { numerator, denominator, complete }) => {
                    changes.push(Change {
                        was: Figure { numerator, denominator, complete, ..figure.clone() },
                        is: figure,
                    });
                }
            }
        }
        self.without_gaps(&new)?;
        let reason = report.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        if let (Some(first), None) = (changes.first(), reason) {
            let what = said(&first.is);
            return Err(Refusal::Restatement { what, was: number(&first.was), is: number(&first.is) });
        }
        let by = report.by;
        let mut events = Vec::new();
        if !new.is_empty() {
            events.push(Event::Reported { by: by.clone(), at, figures: new });
        }
        if let Some(reason) = reason.filter(|_| !changes.is_empty()) {
            events.push(Event::Restated { by, at, reason: reason.to_owned(), changes });
        }
        if events.is_empty() { Err(Refusal::Nothing) } else { Ok(events) }
    }

    fn apply(&mut self, event: &Event) {
        let one = |figure: &Figure| (figure.key(), figure.value());
        match event {
            Event::Reported { at, figures, .. } => {
                self.known.take(figures.iter().map(one));
                self.taken.push(*at);
            }
            Event::Restated { by, at, reason, changes } => {
                self.known.take(changes.iter().map(|change| one(&change.is)));
                self.taken.push(*at);
                let (by, reason) = (by.clone(), reason.clone());
                self.restated.push(Restated { by, at: *at, reason, changes: changes.clone() });
            }
        }
    }
}

impl Figures {
    /// How many reports were taken in up to a moment.
    #[must_use]
    pub fn revision_at(&self, at: Timestamp) -> u32 {
        u32::try_from(self.taken.iter().take_while(|taken| **taken <= at).count()).unwrap_or(u32::MAX)
    }

    /// How many reports have been taken in.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.known.revision()
    }

    /// The months of the whole, or of a slice, as they were known after so many reports.
    #[must_use]
    pub fn months(&self, slice: Option<&Slice>, revision: u32) -> BTreeMap<Month, Value> {
        let of = self.known.keys().filter(|(of, _)| of.as_ref() == slice);
        of.filter_map(|key| Some((key.1, *self.known.at(key, revision)?))).collect()
    }

    /// The groups of a split of which anything is known, in their order.
    #[must_use]
    pub fn groups(&self, by: Split) -> Vec<Slice> {
        let slices = self.known.keys().filter_map(|(slice, _)| slice.clone()).filter(|slice| slice.by == by);
        slices.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What was restated, the first time first.
    #[must_use]
    pub fn restated(&self) -> &[Restated] {
        &self.restated
    }

    /// The months of the whole must follow one another; where one is missing, nobody can tell a gap from a fall.
    fn without_gaps(&self, new: &[Figure]) -> Result<(), Refusal> {
        let mut months: BTreeSet<Month> = self.months(None, self.revision()).into_keys().collect();
        months.extend(new.iter().filter(|figure| figure.slice.is_none()).map(|figure| figure.month));
        let all: Vec<Month> = months.into_iter().collect();
        match all.windows(2).find(|pair| pair[1].since(pair[0]) != 1) {
            Some(pair) => Err(Refusal::Gap { missing: pair[0].plus(1) }),
            None => Ok(()),
        }
    }
}

fn sound(figure: &Figure, definition: &Definition, at: Timestamp) -> Result<(), Refusal> {
    let wrong = |why| Err(Refusal::Number { what: said(figure), why });
    if let Some(slice) = &figure.slice {
        if !definition.splits.contains(&slice.by) {
            return Err(Refusal::NoSuchSplit { what: said(figure) });
        }
        if slice.group.trim().is_empty() {
            return wrong("say which group it is of");
        }
    }
    if figure.numerator < 0 {
        return wrong("a count cannot be below zero. If the month is not known, leave it out");
    }
    match (definition.statistic, figure.denominator) {
        (Statistic::Count, Some(_)) => return wrong("the indicator is a count and is divided by nothing"),
        (Statistic::Count, None) => {}
        (_, None) => return wrong("say what it is divided by"),
        (_, Some(denominator)) if denominator <= 0 => return wrong("it must be divided by more than zero"),
        (Statistic::Proportion, Some(denominator)) if figure.numerator > denominator => {
            return wrong("some of all cannot be more than all");
        }
        (_, Some(_)) => {}
    }
    if figure.complete > 1_000 {
        return wrong("more than a thousand thousandths cannot have arrived; give 0 to 1000");
    }
    if figure.month.last_day() >= day(at) {
        return Err(Refusal::NotOver { what: said(figure) });
    }
    Ok(())
}

fn said(figure: &Figure) -> String {
    figure.slice.as_ref().map_or_else(|| figure.month.to_string(), |slice| format!("{}, {}", figure.month, slice.group))
}

fn number(figure: &Figure) -> String {
    let complete =
        if figure.complete == 1_000 { String::new() } else { format!(" ({} in 1,000 complete)", figure.complete) };
    match figure.denominator {
        Some(denominator) => format!("{} of {denominator}{complete}", figure.numerator),
        None => format!("{}{complete}", figure.numerator),
    }
}

#[cfg(test)]
mod tests;
