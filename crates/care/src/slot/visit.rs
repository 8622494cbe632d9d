//! The times of a same-day visit: arrived, first assessment, a senior clinician, and what came of it. Must not skip one: a decision
//! that no senior clinician made is not what such a unit promises.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// Home.
    Home,
    /// Back another day.
    Return,
    /// Looked after at home by the hospital.
    VirtualWard,
    /// Admitted.
    Admit,
    /// To another service.
    Redirect,
}

impl Disposition {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Home, Self::Return, Self::VirtualWard, Self::Admit, Self::Redirect];

    /// The one of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Return => "back another day",
            Self::VirtualWard => "looked after at home by the hospital",
            Self::Admit => "admitted to hospital",
            Self::Redirect => "to another service",
        }
    }

    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Return => "return",
            Self::VirtualWard => "virtual-ward",
            Self::Admit => "admit",
            Self::Redirect => "redirect",
        }
    }
}

/// How far a visit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// They are there.
    Arrived,
    /// Somebody has assessed them.
    Initial,
    /// A senior clinician has.
    Senior,
    /// It is decided.
    Disposed(Disposition),
    /// They left before anybody had decided.
    LeftUnseen,
    /// Their time came and they did not.
    DidNotAttend,
}

/// When what happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    steps: Vec<(Step, Timestamp)>,
}

impl Times {
    /// When they came.
    #[must_use]
    pub fn arrived(&self) -> Option<Timestamp> {
        self.steps.iter().find(|(step, _)| *step == Step::Arrived).map(|(_, at)| *at)
    }

    /// Each step with its time, in order.
    #[must_use]
    pub fn steps(&self) -> &[(Step, Timestamp)] {
        &self.steps
    }

    /// Whether this step can come next at this time.
    ///
    /// # Errors
    /// Why not, in words.
    pub(super) fn may(&self, step: Step, at: Timestamp, now: Timestamp) -> Result<(), &'static str> {
        let last = self.steps.last();
        if at > now {
            return Err("that time has not come yet; say what happened, not what will");
        }
        if last.is_some_and(|(_, before)| at < *before) {
            return Err("that is before what happened already; check the time");
        }
        match (last.map(|(step, _)| *step), step) {
            (None, Step::Arrived | Step::DidNotAttend)
            | (Some(Step::Arrived), Step::Initial)
            | (Some(Step::Initial), Step::Senior)
            | (Some(Step::Senior), Step::Disposed(_))
            | (Some(Step::Arrived | Step::Initial | Step::Senior), Step::LeftUnseen) => Ok(()),
            (None, _) => Err("they have not come yet"),
            (Some(Step::Disposed(_) | Step::LeftUnseen | Step::DidNotAttend), _) => Err("this visit is over"),
            (_, Step::Disposed(_)) => Err("a senior clinician has to see them before it is decided"),
            _ => Err("this is out of turn: arrived, first assessment, senior clinician, decision"),
        }
    }

    pub(super) fn take(&mut self, step: Step, at: Timestamp) {
        self.steps.push((step, at));
    }

    pub(super) fn moments(&self) -> Vec<Moment> {
        let signal = |step: &Step| match step {
            Step::Arrived => "ambulatory-arrived",
            Step::Initial => "ambulatory-initial-assessment",
            Step::Senior => "ambulatory-senior-review",
            Step::Disposed(_) => "ambulatory-decided",
            Step::LeftUnseen => "ambulatory-left-unseen",
            Step::DidNotAttend => "ambulatory-did-not-attend",
        };
        self.steps.iter().map(|(step, at)| Moment::new(*at, signal(step))).collect()
    }
}
