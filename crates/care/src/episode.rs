//! A stay in intermediate care, at home or in a bed: step-up instead of going to hospital, or step-down instead of staying there.
//! A service takes it with the ask, admits the person with goals and a longest end, and at the close two people say what would have happened otherwise:
//! whoever gave the care and whoever had it. Must not decide which of the two is right; both are kept.

mod answer;
mod command;
mod event;
mod work;

pub use answer::{Both, NotTwo, Outcome, Persons, Reached, Without};
pub use command::{Command, Refusal};
pub use event::Event;
pub use work::{Admission, NotDone, act, admit, carry_admission, id_of, let_go, take};
pub(crate) use work::{is_of, taken_by};

use jiff::Timestamp;
use jiff::civil::Date;
use store::Aggregate;
use uuid::Uuid;

use crate::clock::{Clocks, Moment, Span};
use crate::service::Step;
use crate::words::Words;

/// The clock that caps its length.
pub const CLOCK: &str = "intermediate-stay";
/// By how many days its length may grow at a time (our judgement): longer needs another look and another reason.
pub const MORE: i32 = 14;

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
    Expected,
    LetGo,
    Open,
    Interrupted,
    Ended,
}

/// One episode.
#[derive(Debug, Clone, Default)]
pub struct Episode {
    stage: Stage,
    /// Of whom, by whom and for which ask it was taken or begun.
    person: Uuid,
    service: String,
    ask: Option<Uuid>,
    step: Option<Step>,
    goals: Vec<Words>,
    judged: Vec<Option<Reached>>,
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

    /// How far each goal was reached so far, in their order; at the end all are judged.
    #[must_use]
    pub fn judged(&self) -> &[Option<Reached>] {
        &self.judged
    }

    /// Whose.
    #[must_use]
    pub const fn person(&self) -> Uuid {
        self.person
    }

    /// The service, by its short name.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The ask it answers.
    #[must_use]
    pub const fn ask(&self) -> Option<Uuid> {
        self.ask
    }

    /// Up or down; `None` before it is taken.
    #[must_use]
    pub const fn step(&self) -> Option<Step> {
        self.step
    }

    /// Whether it is taken and the person is not there yet.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.stage == Stage::Expected
    }

    /// Whether a stay in hospital interrupts it.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.stage == Stage::Interrupted
    }

    /// Whether it has ended and the person has not answered yet.
    #[must_use]
    pub fn waits_for_the_person(&self) -> bool {
        self.stage == Stage::Ended && !self.answered
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
            Stage::None | Stage::Expected => Err(Refusal::NotStarted),
            Stage::Ended | Stage::LetGo => Err(Refusal::Ended),
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
        let before = matches!(command, Command::Take { .. } | Command::LetGo(_) | Command::Find(_));
        if !before && !matches!(command, Command::Start { .. } | Command::Answer(_)) {
            self.must_be_open()?;
        }
        let event = match command {
            Command::Start { ask, person, service, step, goals, at, cap } => {
                match self.stage {
                    Stage::None => {}
                    Stage::Expected
                        if (ask, person, service.as_str()) == (self.ask, self.person, self.service.as_str()) => {}
                    Stage::Expected => return Err(Refusal::Another),
                    Stage::LetGo => return Err(Refusal::Ended),
                    Stage::Open | Stage::Interrupted | Stage::Ended => return Err(Refusal::AlreadyStarted),
                }
                if goals.is_empty() {
                    return Err(Refusal::NoGoal);
                }
                self.fits(at, now)?;
                let Cap { until: cap, policy } = cap;
                Event::EpisodeStarted { ask, person, service, step, goals, at, cap, policy }
            }
            Command::Take { ask, person, service, step } => match self.stage {
                Stage::None => Event::StayTaken { ask, person, service, step, at: now },
                _ if self.ask == Some(ask) && self.service == service => return Ok(Vec::new()),
                _ => return Err(Refusal::AlreadyStarted),
            },
            Command::LetGo(because) => match self.stage {
                Stage::Expected => Event::StayLetGo { at: now, because },
                Stage::LetGo => return Ok(Vec::new()),
                Stage::None => return Err(Refusal::NotStarted),
                Stage::Open | Stage::Interrupted | Stage::Ended => return Err(Refusal::Begun),
            },
            Command::Find(person) => match self.stage {
                Stage::None => return Err(Refusal::NotStarted),
                _ if self.person == person => return Ok(Vec::new()),
                _ => Event::StayFound { person },
            },
            Command::AddGoal(goal) => Event::GoalAdded { goal },
            Command::JudgeGoal { goal, reached } => match self.judged.get(goal) {
                None => return Err(Refusal::NoSuchGoal),
                Some(Some(before)) if *before == reached => return Ok(Vec::new()),
                Some(_) => Event::GoalJudged { goal, reached, at: now },
            },
            Command::Review { words, by } => Event::EpisodeReviewed { at: now, words, by },
            Command::Extend { until, because } => {
                if let Some(last) = self.until.filter(|last| until <= *last) {
                    return Err(Refusal::NotLonger(last));
                }
                // From today, where its length is over already. The day of the place may begin an hour before this one.
                let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
                let from = self.until.map_or(today, |last| last.max(today));
                match from.checked_add(jiff::Span::new().days(MORE)) {
                    Ok(most) if until > most => return Err(Refusal::TooMuchLonger(most)),
                    _ => Event::EpisodeExtended { until, because },
                }
            }
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
            Command::End { at, day, outcome, goals, said } => {
                if goals.len() != self.goals.len() {
                    return Err(Refusal::GoalsUnjudged(self.goals.len()));
                }
                self.fits(at, now)?;
                // What was interrupted has days that do not count, so its cap is no longer a day.
                let counted = self.moments.iter().all(|moment| moment.signal != "admitted");
                if let Some(until) = self.until.filter(|until| counted && day > *until) {
                    return Err(Refusal::TooLong(until));
                }
                let (professional, professional_is, person) = said.into_parts();
                Event::EpisodeEnded { at, outcome, goals, professional, professional_is, person }
            }
            Command::Answer(answer) => match self.stage {
                Stage::Ended if self.answered => return Err(Refusal::AlreadyAnswered),
                Stage::Ended if answer.answer().is_none() => return Err(Refusal::NoAnswer),
                Stage::Ended => Event::PersonAnswered { answer },
                Stage::None | Stage::Expected => return Err(Refusal::NotStarted),
                Stage::LetGo => return Err(Refusal::Ended),
                Stage::Open | Stage::Interrupted => {
                    return Err(Refusal::Interruption("has not ended; both answer at the end"));
                }
            },
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::StayTaken { ask, person, service, step, .. } => {
                self.stage = Stage::Expected;
                (self.ask, self.person, self.step) = (Some(*ask), *person, Some(*step));
                self.service.clone_from(service);
            }
            Event::StayLetGo { .. } => self.stage = Stage::LetGo,
            Event::StayFound { person } => self.person = *person,
            Event::EpisodeStarted { ask, person, service, step, goals, at, cap, .. } => {
                self.stage = Stage::Open;
                (self.ask, self.person, self.step) = (*ask, *person, Some(*step));
                self.service.clone_from(service);
                self.judged = vec![None; goals.len()];
                self.goals.clone_from(goals);
                self.until = Some(*cap);
                self.hear(*at, "episode-started");
            }
            Event::GoalAdded { goal } => {
                self.goals.push(goal.clone());
                self.judged.push(None);
            }
            Event::GoalJudged { goal, reached, .. } => {
                if let Some(judged) = self.judged.get_mut(*goal) {
                    *judged = Some(*reached);
                }
            }
            Event::EpisodeReviewed { .. } => {}
            Event::EpisodeExtended { until, .. } => self.until = Some(*until),
            Event::EpisodeInterrupted { at } => {
                self.stage = Stage::Interrupted;
                self.hear(*at, "admitted");
            }
            Event::EpisodeResumed { at } => {
                self.stage = Stage::Open;
                self.hear(*at, "returned");
            }
            Event::EpisodeEnded { at, outcome, goals, person, .. } => {
                self.stage = Stage::Ended;
                self.judged = goals.iter().copied().map(Some).collect();
                self.answered = person.answer().is_some();
                self.hear(*at, if *outcome == Outcome::Died { "died" } else { "episode-ended" });
            }
            Event::PersonAnswered { .. } => self.answered = true,
        }
    }
}

#[cfg(test)]
mod tests;
