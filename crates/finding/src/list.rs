//! A list that finds people for one neighbourhood team: by which rule, for what, owned by whom, and what it is to change. It is
//! defined before anybody is looked for, and run again when the team asks. Must not find anybody itself, nor decide about one.

use access::Subject;
use jiff::Timestamp;
use jiff::civil::Date;
use population::decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::cohort::Asked;
use crate::words;

/// The most people that one run puts before a team; who would come next is counted.
pub const MOST: usize = 100;

/// By what a list finds people, as it was when the list was defined. The log has had the fields of a rule beside the others since
/// before there were kept cohorts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum By {
    /// A kept cohort.
    Cohort {
        /// Which.
        cohort: Chosen,
    },
    /// One rule.
    Rule {
        /// The rule set's id.
        instrument: String,
        /// Its version.
        version: String,
        /// SHA-256 of its text.
        rules_hash: String,
        /// For a score: from how many points on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        least: Option<String>,
    },
}

/// A kept cohort that a list was begun from. What becomes of the cohort afterwards does not change the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// Its history in the log.
    pub id: Uuid,
    /// Which version.
    pub version: u32,
    /// What it was called.
    pub name: String,
    /// What it asked, and by which rules.
    pub asked: Asked,
}

/// What a list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// In a few words.
    pub title: String,
    /// By what people are found.
    #[serde(flatten)]
    pub by: By,
    /// The neighbourhood's short name.
    pub neighbourhood: String,
    /// Why people are looked for.
    pub reason: String,
    /// What is offered to whoever is taken on.
    pub offer: String,
    /// What should change by it.
    pub effect: String,
}

impl Definition {
    /// The team that owns it, as a holder of relationships.
    #[must_use]
    pub fn holder(&self) -> String {
        access::back::team(&self.neighbourhood)
    }
}

/// Somebody whom a run has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// By the root at the time.
    pub person: Uuid,
    /// The entries that say why, the latest first; never none.
    pub because: Vec<Because>,
}

/// An entry that says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The resource, or the history in the log of what was done here.
    pub record: Uuid,
    /// Its day; none where it stands without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// It was done here, and is no resource.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done_here: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A list was defined.
    ListDefined {
        /// Who.
        by: Subject,
        /// What it is.
        definition: Definition,
    },
    /// It was run.
    ListRun {
        /// Who asked for it.
        by: Subject,
        /// As of which day.
        as_of: Date,
        /// The rules as they were then: `id@version`, one after the other.
        instrument: String,
        /// SHA-256 over the lists of codes of each then.
        lists_hash: String,
        /// Whom it found.
        found: Vec<Found>,
        /// How many more it would have found.
        more: u32,
        /// How many the rule holds for by nothing but their age or sex: nobody is put on a list for that.
        by_age_alone: u32,
    },
    /// It is not used any more.
    ListClosed {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Define one.
    Define {
        /// Who.
        by: Subject,
        /// What it is.
        definition: Definition,
    },
    /// Write down whom it found.
    Run {
        /// Who asked for it.
        by: Subject,
        /// What came of it.
        run: Run,
    },
    /// Close it.
    Close {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// As of which day.
    pub as_of: Date,
    /// `id@version` of each rule.
    pub instrument: String,
    /// SHA-256 over the lists of codes of each.
    pub lists_hash: String,
    /// Whom it found, at most [`MOST`].
    pub found: Vec<Found>,
    /// How many more.
    pub more: u32,
    /// How many by age or sex alone.
    pub by_age_alone: u32,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("sign in with two factors before you work with a list")]
    NotAssured,
    /// Another team's.
    #[error("only somebody of the neighbourhood's own team begins, runs or ends its lists")]
    NotTheirs,
    /// Something is not said.
    #[error("say in at least {least} characters {what}", least = words::LEAST)]
    NotSaid {
        /// What.
        what: &'static str,
    },
    /// A score finds nobody without a limit.
    #[error("say from how many points on people are found, as a number")]
    NoLimit,
    /// Nobody is found by what they have not.
    #[error("a list finds people by what their record says: choose a cohort that asks for something that they have")]
    NothingSought,
    /// Defined once.
    #[error("this list has been defined already")]
    DefinedAlready,
    /// There is none, or it is over.
    #[error("this list is closed")]
    Closed,
    /// Somebody without a reason, or more people than a team can look at.
    #[error("a run puts at most {MOST} people on a list, each with an entry that says why")]
    NoReason,
}

/// One list.
#[derive(Debug, Clone, Default)]
pub struct CaseList {
    definition: Option<Definition>,
    first: Option<Date>,
    closed: bool,
}

impl CaseList {
    /// What it is.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        self.definition.as_ref()
    }

    /// As of which day it first looked.
    #[must_use]
    pub fn first_run(&self) -> Option<Date> {
        self.first
    }

    /// Whether it is in use.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.definition.is_some() && !self.closed
    }

    pub(crate) fn theirs(&self, by: &Subject) -> Result<&Definition, Refusal> {
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        let definition = self.definition.as_ref().filter(|_| !self.closed).ok_or(Refusal::Closed)?;
        if by.is_of(&definition.holder()) { Ok(definition) } else { Err(Refusal::NotTheirs) }
    }
}

fn said(words: &str, what: &'static str) -> Result<String, Refusal> {
    words::read(words).ok_or(Refusal::NotSaid { what })
}

fn defined(by: Subject, definition: Definition) -> Result<Event, Refusal> {
    if !by.assured {
        return Err(Refusal::NotAssured);
    }
    if !by.is_of(&definition.holder()) {
        return Err(Refusal::NotTheirs);
    }
    match &definition.by {
        By::Rule { least: Some(least), .. } if Decimal::read(least).is_none_or(|least| least <= Decimal::ZERO) => {
            return Err(Refusal::NoLimit);
        }
        By::Cohort { cohort } if !cohort.asked.seeks() => return Err(Refusal::NothingSought),
        By::Rule { .. } | By::Cohort { .. } => {}
    }
    let definition = Definition {
        title: said(&definition.title, "what the list is called")?,
        reason: said(&definition.reason, "why people are looked for")?,
        offer: said(&definition.offer, "what they are offered")?,
        effect: said(&definition.effect, "what should change by it")?,
        ..definition
    };
    Ok(Event::ListDefined { by, definition })
}

impl Aggregate for CaseList {
    const KIND: &'static str = "case-list";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match command {
            Command::Define { .. } if self.definition.is_some() => return Err(Refusal::DefinedAlready),
            Command::Define { by, definition } => defined(by, definition)?,
            Command::Run { by, run } => {
                self.theirs(&by)?;
                if run.found.len() > MOST || run.found.iter().any(|found| found.because.is_empty()) {
                    return Err(Refusal::NoReason);
                }
                let Run { as_of, instrument, lists_hash, found, more, by_age_alone } = run;
                Event::ListRun { by, as_of, instrument, lists_hash, found, more, by_age_alone }
            }
            Command::Close { by, reason } => {
                self.theirs(&by)?;
                Event::ListClosed { by, reason: said(&reason, "why it is closed")? }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::ListDefined { definition, .. } => self.definition = Some(definition.clone()),
            Event::ListRun { as_of, .. } => self.first = self.first.or(Some(*as_of)),
            Event::ListClosed { .. } => self.closed = true,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
