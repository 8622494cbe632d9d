//! A stay in intermediate care, at home or in a bed: step-up instead of going to hospital, or step-down instead of staying there.
//! It has goals, a beginning, a longest end and an outcome, and at the close two people say what would have happened otherwise:
//! whoever gave the care and whoever had it. Must not decide which of the two is right; both are kept.

mod answer;

pub use answer::{Outcome, Persons, Reached, Without};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::clock::{Clocks, Moment, Span};
use crate::service::Step;
use crate::words::Words;

/// The clock that caps its length.
pub const CLOCK: &str = "intermediate-stay";

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It began.
    EpisodeStarted {
        /// The ask it answers.
        ask: Option<Uuid>,
        /// Whose.
        person: Uuid,
        /// The present service, by its short name.
        service: String,
        /// Up or down; every episode is one of the two.
        step: Step,
        /// What it is for, in the person's words where there are any.
        goals: Vec<Words>,
        /// When.
        at: Timestamp,
        /// The last day within its length.
        cap: Date,
        /// The rule that says so: `intermediate-stay@2026-1`.
        policy: String,
    },
    /// A goal was added.
    GoalAdded {
        /// Which.
        goal: Words,
    },
    /// It may last longer than its length.
    EpisodeExtended {
        /// The last day now.
        until: Date,
        /// Why.
        because: Words,
    },
    /// It was interrupted by a stay in hospital, and does not count against its length.
    EpisodeInterrupted {
        /// When.
        at: Timestamp,
    },
    /// It went on.
    EpisodeResumed {
        /// When.
        at: Timestamp,
    },
    /// It ended, and both have answered.
    EpisodeEnded {
        /// When.
        at: Timestamp,
        /// How.
        outcome: Outcome,
        /// How far each goal was reached, in their order.
        goals: Vec<Reached>,
        /// What would have happened otherwise: whoever gave the care.
        professional: Without,
        /// Who that was, by the id of the sign-in.
        professional_is: String,
        /// What would have happened otherwise: whoever had it.
        person: Persons,
    },
    /// The person answered after the end.
    PersonAnswered {
        /// What.
        answer: Persons,
    },
}

/// What can be asked of an episode.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Begin.
    Start {
        /// The ask it answers.
        ask: Option<Uuid>,
        /// Whose.
        person: Uuid,
        /// The present service; an old name is looked up with [`crate::service::today`] before.
        service: String,
        /// Up or down.
        step: Step,
        /// At least one.
        goals: Vec<Words>,
        /// When.
        at: Timestamp,
        /// The length it may have: see [`cap`].
        cap: Cap,
    },
    /// Add a goal.
    AddGoal(Words),
    /// Let it last longer.
    Extend {
        /// The last day.
        until: Date,
        /// Why.
        because: Words,
    },
    /// A stay in hospital interrupts it.
    Interrupt(Timestamp),
    /// It goes on.
    Resume(Timestamp),
    /// End it.
    End {
        /// When.
        at: Timestamp,
        /// The local day of that moment.
        day: Date,
        /// How.
        outcome: Outcome,
        /// How far each goal was reached.
        goals: Vec<Reached>,
        /// What whoever gave the care says.
        professional: Without,
        /// Who that is.
        professional_is: String,
        /// What the person says.
        person: Persons,
    },
    /// The person answers after the end.
    Answer(Persons),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not begun.
    #[error("this episode has not begun")]
    NotStarted,
    /// Begun already.
    #[error("this episode has begun already")]
    AlreadyStarted,
    /// Over.
    #[error("this episode has ended; begin another")]
    Ended,
    /// No goal.
    #[error("write at least one goal: what the person wants to be able to do")]
    NoGoal,
    /// A goal nobody judged.
    #[error("say of each of the {0} goals how far it was reached")]
    GoalsUnjudged(usize),
    /// A time that cannot be.
    #[error("that time does not fit: it is to come, or before what happened already")]
    Time,
    /// Not longer.
    #[error("it may last until {0} already; give a later day")]
    NotLonger(Date),
    /// Too long.
    #[error("its length ended on {0}; extend it with a reason before, or end it as of then")]
    TooLong(Date),
    /// Not interrupted, or already.
    #[error("it {0}")]
    Interruption(&'static str),
    /// Nobody answers for the professional side.
    #[error("say who answers for the service")]
    NobodyAnswers,
    /// Answered already.
    #[error("the person has answered already")]
    AlreadyAnswered,
    /// Nothing is said.
    #[error("this is no answer; say what they said, or leave it")]
    NoAnswer,
}

/// How long an episode may last, by a rule of the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// The last day.
    pub until: Date,
    /// The rule.
    pub policy: String,
}

/// The length that an episode which starts at this moment may have; `None` where the place has no rule for that day.
#[must_use]
pub fn cap(clocks: &Clocks, at: Timestamp) -> Option<Cap> {
    let span = clocks.span(CLOCK, &[Moment::new(at, "episode-started")], at).ok().flatten()?;
    Some(Cap { until: span.by?, policy: span.policy.to_string() })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    None,
    Open,
    Interrupted,
    Ended,
}

/// One episode.
#[derive(Debug, Clone, Default)]
pub struct Episode {
    stage: Stage,
    goals: Vec<Words>,
    until: Option<Date>,
    last: Option<Timestamp>,
    answered: bool,
    moments: Vec<Moment>,
}

impl Episode {
    /// What it is for.
    #[must_use]
    pub fn goals(&self) -> &[Words] {
        &self.goals
    }

    /// The last day within its length, as extended.
    #[must_use]
    pub const fn until(&self) -> Option<Date> {
        self.until
    }

    /// Whether it goes on, interrupted or not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Interrupted)
    }

    /// The moments that its clock hears.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// How long it has lasted, by its clock.
    ///
    /// # Errors
    /// As [`Clocks::span`].
    pub fn span(&self, clocks: &Clocks, now: Timestamp) -> Result<Option<Span>, place::BeyondCalendar> {
        clocks.span(CLOCK, &self.moments, now)
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        match self.stage {
            Stage::None => Err(Refusal::NotStarted),
            Stage::Ended => Err(Refusal::Ended),
            Stage::Open | Stage::Interrupted => Ok(()),
        }
    }

    /// A time that has come and is not before what happened already.
    fn fits(&self, at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        if at > now || self.last.is_some_and(|last| at < last) { Err(Refusal::Time) } else { Ok(()) }
    }

    fn hear(&mut self, at: Timestamp, signal: &str) {
        self.last = Some(at);
        self.moments.push(Moment::new(at, signal));
    }
}

impl Aggregate for Episode {
    const KIND: &'static str = "episode";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if !matches!(command, Command::Start { .. } | Command::Answer(_)) {
            self.must_be_open()?;
        }
        let event = match command {
            Command::Start { ask, person, service, step, goals, at, cap } => {
                if self.stage != Stage::None {
                    return Err(Refusal::AlreadyStarted);
                }
                if goals.is_empty() {
                    return Err(Refusal::NoGoal);
                }
                self.fits(at, now)?;
                let Cap { until: cap, policy } = cap;
                Event::EpisodeStarted { ask, person, service, step, goals, at, cap, policy }
            }
            Command::AddGoal(goal) => Event::GoalAdded { goal },
            Command::Extend { until, because } => match self.until {
                Some(last) if until <= last => return Err(Refusal::NotLonger(last)),
                _ => Event::EpisodeExtended { until, because },
            },
            Command::Interrupt(at) => {
                if self.stage == Stage::Interrupted {
                    return Err(Refusal::Interruption("is interrupted already"));
                }
                self.fits(at, now)?;
                Event::EpisodeInterrupted { at }
            }
            Command::Resume(at) => {
                if self.stage == Stage::Open {
                    return Err(Refusal::Interruption("is not interrupted"));
                }
                self.fits(at, now)?;
                Event::EpisodeResumed { at }
            }
            Command::End { at, day, outcome, goals, professional, professional_is, person } => {
                if goals.len() != self.goals.len() {
                    return Err(Refusal::GoalsUnjudged(self.goals.len()));
                }
                if professional_is.trim().is_empty() {
                    return Err(Refusal::NobodyAnswers);
                }
                self.fits(at, now)?;
                // What was interrupted has days that do not count, so its cap is no longer a day.
                let counted = self.moments.iter().all(|moment| moment.signal != "admitted");
                if let Some(until) = self.until.filter(|until| counted && day > *until) {
                    return Err(Refusal::TooLong(until));
                }
                Event::EpisodeEnded { at, outcome, goals, professional, professional_is, person }
            }
            Command::Answer(answer) => match self.stage {
                Stage::Ended if self.answered => return Err(Refusal::AlreadyAnswered),
                Stage::Ended if answer.answer().is_none() => return Err(Refusal::NoAnswer),
                Stage::Ended => Event::PersonAnswered { answer },
                Stage::None => return Err(Refusal::NotStarted),
                Stage::Open | Stage::Interrupted => {
                    return Err(Refusal::Interruption("has not ended; both answer at the end"));
                }
            },
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::EpisodeStarted { goals, at, cap, .. } => {
                self.stage = Stage::Open;
                self.goals.clone_from(goals);
                self.until = Some(*cap);
                self.hear(*at, "episode-started");
            }
            Event::GoalAdded { goal } => self.goals.push(goal.clone()),
            Event::EpisodeExtended { until, .. } => self.until = Some(*until),
            Event::EpisodeInterrupted { at } => {
                self.stage = Stage::Interrupted;
                self.hear(*at, "admitted");
            }
            Event::EpisodeResumed { at } => {
                self.stage = Stage::Open;
                self.hear(*at, "returned");
            }
            Event::EpisodeEnded { at, outcome, person, .. } => {
                self.stage = Stage::Ended;
                self.answered = person.answer().is_some();
                self.hear(*at, if *outcome == Outcome::Died { "died" } else { "episode-ended" });
            }
            Event::PersonAnswered { .. } => self.answered = true,
        }
    }
}

#[cfg(test)]
mod tests;
