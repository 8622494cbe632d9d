//! Kept cohorts: a question about the population with a name and why it is kept, so that it is put together once, everybody of the
//! borough who counts or finds people can see it, and a list can be begun from it. Each version keeps its rules as they were.
//! Holds no person and no count. Must not ask who is in it.

use access::back::TEAM;
use access::{Role, Subject};
use jiff::Timestamp;
use population::explore::{How, MOST, Question, Term, Unanswered};
use population::library::Among;
use population::plan::Plan;
use serde::{Deserialize, Serialize};
use store::Aggregate;

use crate::words;

/// One part of a kept question, with its rule as it was when it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The register, list, band or segment.
    #[serde(with = "word")]
    pub term: Term,
    /// How it is put together with the others.
    #[serde(with = "word")]
    pub how: How,
    /// The rule set's version.
    pub version: String,
    /// SHA-256 of its text.
    pub rules_hash: String,
    /// SHA-256 over its lists of codes, and over those of the rules that it asks.
    pub lists_hash: String,
}

/// A question as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its parts, each once.
    pub parts: Vec<Part>,
    /// Among whom.
    #[serde(with = "word")]
    pub among: Among,
}

/// A part whose rule is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drifted {
    /// Which.
    pub term: Term,
    /// The version that was kept.
    pub was: String,
    /// The version now; none where the rule, its band or its lists are not here.
    pub now: Option<String>,
}

impl Asked {
    /// A question with the rules as they are now.
    ///
    /// # Errors
    /// [`Unanswered`]: a part is not here, or there are more than [`MOST`].
    pub fn of(question: &Question, plan: &Plan) -> Result<Self, Unanswered> {
        if question.terms.len() > MOST {
            return Err(Unanswered::TooMany(question.terms.len()));
        }
        let part = |(term, how): &(Term, How)| {
            let (version, rules_hash, lists_hash) =
                rule(plan, term).ok_or_else(|| Unanswered::Unknown(term.clone()))?;
            Ok(Part { term: term.clone(), how: *how, version, rules_hash, lists_hash })
        };
        let parts = question.terms.iter().map(part).collect::<Result<_, Unanswered>>()?;
        Ok(Self { parts, among: question.among })
    }

    /// The question alone.
    #[must_use]
    pub fn question(&self) -> Question {
        Question { terms: self.parts.iter().map(|part| (part.term.clone(), part.how)).collect(), among: self.among }
    }

    /// Whether it asks for something that people have: by what they have not alone, nobody is found.
    #[must_use]
    pub fn seeks(&self) -> bool {
        self.parts.iter().any(|part| part.how != How::Not)
    }

    /// The parts whose rule or lists are not what they were.
    #[must_use]
    pub fn drifted(&self, plan: &Plan) -> Vec<Drifted> {
        let mut drifted = Vec::new();
        for Part { term, version, rules_hash, lists_hash, .. } in &self.parts {
            let now = rule(plan, term);
            if now.as_ref().is_none_or(|(_, rules, lists)| rules != rules_hash || lists != lists_hash) {
                let (term, was) = (term.clone(), version.clone());
                drifted.push(Drifted { term, was, now: now.map(|(version, ..)| version) });
            }
        }
        drifted
    }
}

/// Version and fingerprints of the rule behind a term that can be asked for.
fn rule(plan: &Plan, term: &Term) -> Option<(String, String, String)> {
    plan.choices().iter().find(|choice| choice.term == *term)?;
    let set = plan.sets().find(|set| set.id == term.set)?;
    let lists = plan.lists_hash(plan.find(&term.set)?).to_owned();
    Some((set.version.clone(), set.hash.clone(), lists))
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was kept, as version 1.
    CohortKept {
        /// By whom.
        by: Subject,
        /// What it is called.
        name: String,
        /// Why it is kept.
        why: String,
        /// What it asks.
        asked: Asked,
    },
    /// It is called otherwise.
    CohortRenamed {
        /// By whom.
        by: Subject,
        /// What it is called now.
        name: String,
    },
    /// It asks otherwise: the next version.
    CohortRevised {
        /// By whom.
        by: Subject,
        /// What it asks now.
        asked: Asked,
        /// Why.
        reason: String,
    },
    /// It is not to be used any more.
    CohortWithdrawn {
        /// By whom.
        by: Subject,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Who did it.
    #[must_use]
    pub fn by(&self) -> &Subject {
        match self {
            Self::CohortKept { by, .. }
            | Self::CohortRenamed { by, .. }
            | Self::CohortRevised { by, .. }
            | Self::CohortWithdrawn { by, .. } => by,
        }
    }
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Keep one.
    Keep {
        /// Who.
        by: Subject,
        /// What it is called.
        name: String,
        /// Why it is kept.
        why: String,
        /// What it asks.
        asked: Asked,
    },
    /// Call it otherwise.
    Rename {
        /// Who.
        by: Subject,
        /// What it is to be called.
        name: String,
    },
    /// Ask otherwise.
    Revise {
        /// Who.
        by: Subject,
        /// What it is to ask.
        asked: Asked,
        /// Why.
        reason: String,
    },
    /// Withdraw it.
    Withdraw {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("sign in with two factors before you keep a cohort")]
    NotAssured,
    /// Neither plans nor finds.
    #[error("cohorts are kept by analysts, commissioners and neighbourhood teams")]
    NotTheirs,
    /// Somebody else's.
    #[error("only those who keep a cohort change it: keep your own under another name")]
    Others,
    /// Something is not said.
    #[error("say in at least {least} characters {what}", least = words::LEAST)]
    NotSaid {
        /// What.
        what: &'static str,
    },
    /// Nothing, too much, or one thing twice.
    #[error("a cohort asks for one to {MOST} things, each once")]
    NoQuestion,
    /// The new version is the old one.
    #[error("this is what the cohort asks already, by the same rules")]
    Same,
    /// Kept once.
    #[error("this cohort has been kept already")]
    KeptAlready,
    /// There is none, or it is over.
    #[error("this cohort was withdrawn")]
    Withdrawn,
}

/// Whether somebody may keep a cohort at all: who plans services, and who is of a neighbourhood's team.
#[must_use]
pub fn may_keep(by: &Subject) -> bool {
    plans(by) || by.teams.iter().any(|team| team.starts_with(TEAM))
}

fn plans(by: &Subject) -> bool {
    matches!(by.role, Role::Analyst | Role::Commissioner)
}

/// One kept cohort.
#[derive(Debug, Clone, Default)]
pub struct Cohort {
    keeper: Option<Subject>,
    name: String,
    why: String,
    asked: Option<Asked>,
    version: u32,
    withdrawn: bool,
}

impl Cohort {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is kept.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }

    /// What it asks; none of one that was never kept.
    #[must_use]
    pub fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }

    /// Which version that is, from 1.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether it can be used.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.keeper.is_some() && !self.withdrawn
    }

    /// Whether somebody may change it: who kept it, whoever plans services where a planner did, and a colleague of the
    /// neighbourhood's team where one of theirs did.
    #[must_use]
    pub fn is_theirs(&self, by: &Subject) -> bool {
        let Some(keeper) = &self.keeper else { return false };
        let of_team = |team: &String| team.starts_with(TEAM) && by.is_of(team);
        keeper.id == by.id || plans(keeper) && plans(by) || keeper.teams.iter().any(of_team)
    }

    fn theirs(&self, by: &Subject) -> Result<(), Refusal> {
        match () {
            () if !by.assured => Err(Refusal::NotAssured),
            () if !self.is_open() => Err(Refusal::Withdrawn),
            () if !may_keep(by) => Err(Refusal::NotTheirs),
            () if !self.is_theirs(by) => Err(Refusal::Others),
            () => Ok(()),
        }
    }
}

fn said(words: &str, what: &'static str) -> Result<String, Refusal> {
    words::read(words).ok_or(Refusal::NotSaid { what })
}

/// A question that can be kept.
fn sound(asked: Asked) -> Result<Asked, Refusal> {
    let mut terms: Vec<&Term> = asked.parts.iter().map(|part| &part.term).collect();
    terms.sort();
    terms.dedup();
    let is_sound = terms.len() == asked.parts.len() && (1..=MOST).contains(&terms.len());
    if is_sound { Ok(asked) } else { Err(Refusal::NoQuestion) }
}

impl Aggregate for Cohort {
    const KIND: &'static str = "cohort";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match command {
            Command::Keep { .. } if self.keeper.is_some() => return Err(Refusal::KeptAlready),
            Command::Keep { by, .. } if !by.assured => return Err(Refusal::NotAssured),
            Command::Keep { by, .. } if !may_keep(&by) => return Err(Refusal::NotTheirs),
            Command::Keep { by, name, why, asked } => {
                let (name, why) = (said(&name, "what the cohort is called")?, said(&why, "why it is kept")?);
                Event::CohortKept { by, name, why, asked: sound(asked)? }
            }
            Command::Rename { by, name } => {
                self.theirs(&by)?;
                Event::CohortRenamed { by, name: said(&name, "what the cohort is called")? }
            }
            Command::Revise { by, asked, reason } => {
                self.theirs(&by)?;
                let asked = sound(asked)?;
                if self.asked.as_ref() == Some(&asked) {
                    return Err(Refusal::Same);
                }
                Event::CohortRevised { by, asked, reason: said(&reason, "why it asks otherwise")? }
            }
            Command::Withdraw { by, reason } => {
                self.theirs(&by)?;
                Event::CohortWithdrawn { by, reason: said(&reason, "why it is withdrawn")? }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::CohortKept { by, name, why, asked } => {
                (self.keeper, self.asked) = (Some(by.clone()), Some(asked.clone()));
                (self.name, self.why, self.version) = (name.clone(), why.clone(), 1);
            }
            Event::CohortRenamed { name, .. } => self.name.clone_from(name),
            Event::CohortRevised { asked, .. } => {
                self.asked = Some(asked.clone());
                self.version += 1;
            }
            Event::CohortWithdrawn { .. } => self.withdrawn = true,
        }
    }
}

/// What is kept as the word that stands in an address.
mod word {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(one: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(one)
    }

    pub(super) fn deserialize<'d, T, D: Deserializer<'d>>(from: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: Display,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
pub(crate) mod tests;
