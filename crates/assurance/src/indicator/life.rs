//! The life of an indicator as facts: who listed it, who adopted it, on what baseline, what good looks like and who agreed. Must not
//! skip a step, nor change a national target: that is read, not made, here.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Aggregate;

use super::definition::Target;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nobody has proposed it.
    #[default]
    Unlisted,
    /// Proposed by an expert reference group.
    LongListed,
    /// Chosen from the long list.
    ShortListed,
    /// To be measured.
    Adopted,
    /// Its starting value is known.
    Baselined,
    /// What good looks like is agreed.
    GoodAgreed,
    /// No longer looked at.
    Retired,
}

/// What happened. The words stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// An expert reference group proposed it.
    LongListed {
        /// The indicator's id.
        indicator: String,
        /// The edition of its definition.
        edition: u32,
        /// Set by the nation.
        national: bool,
        /// The group.
        group: String,
        /// Why.
        why: String,
    },
    /// It was chosen from the long list.
    ShortListed {
        /// The group.
        group: String,
        /// Why.
        why: String,
    },
    /// A body decided to measure it.
    Adopted {
        /// The body.
        body: String,
    },
    /// Its starting value was taken.
    Baselined {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
        /// The value, in its unit.
        value: f64,
    },
    /// What good looks like was agreed, at first or anew.
    GoodAgreed {
        /// What is to be reached.
        target: Target,
        /// The body.
        body: String,
    },
    /// It is no longer looked at.
    Retired {
        /// The body.
        body: String,
        /// Why.
        why: String,
    },
}

/// What can be asked: the same as what can happen.
pub type Command = Event;

/// Why it says no.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Not the next step.
    #[error("an indicator that is {there} cannot be {asked} yet; the next step is {next}")]
    NotNext {
        /// Where it is, in words.
        there: &'static str,
        /// What was asked, in words.
        asked: &'static str,
        /// What comes next, in words.
        next: &'static str,
    },
    /// Nothing follows.
    #[error("the indicator is retired; list it again as a new edition")]
    Retired,
    /// Words are missing.
    #[error("say who decided, and why")]
    NoWords,
    /// A number that is none, or a baseline that ends before it begins.
    #[error("the baseline must end after it begins, and values must be numbers")]
    NoValue,
    /// The nation's.
    #[error("the target is national: it can be read here, not changed")]
    National,
}

/// An indicator's life so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Life {
    /// How far it has come.
    pub stage: Stage,
    /// Set by the nation.
    pub national: bool,
    /// The starting value, once there is one.
    pub baseline: Option<f64>,
    /// What good looks like, once agreed.
    pub target: Option<Target>,
}

impl Stage {
    /// As people say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unlisted => "not listed",
            Self::LongListed => "long-listed",
            Self::ShortListed => "short-listed",
            Self::Adopted => "adopted",
            Self::Baselined => "baselined",
            Self::GoodAgreed => "agreed what good looks like",
            Self::Retired => "retired",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Unlisted => Self::LongListed,
            Self::LongListed => Self::ShortListed,
            Self::ShortListed => Self::Adopted,
            Self::Adopted => Self::Baselined,
            Self::Baselined => Self::GoodAgreed,
            Self::GoodAgreed | Self::Retired => Self::Retired,
        }
    }
}

impl Event {
    /// The stage that it leads to.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self::LongListed { .. } => Stage::LongListed,
            Self::ShortListed { .. } => Stage::ShortListed,
            Self::Adopted { .. } => Stage::Adopted,
            Self::Baselined { .. } => Stage::Baselined,
            Self::GoodAgreed { .. } => Stage::GoodAgreed,
            Self::Retired { .. } => Stage::Retired,
        }
    }
}

impl Aggregate for Life {
    const KIND: &'static str = "indicator";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let words: Vec<&str> = match &command {
            Event::LongListed { indicator, group, why, .. } => vec![indicator, group, why],
            Event::ShortListed { group, why } => vec![group, why],
            Event::Adopted { body } => vec![body],
            Event::Baselined { from, until, value } => {
                if until < from || !value.is_finite() {
                    return Err(Refusal::NoValue);
                }
                Vec::new()
            }
            Event::GoodAgreed { target, body } => {
                if !target.value.is_finite() {
                    return Err(Refusal::NoValue);
                }
                vec![body]
            }
            Event::Retired { body, why } => vec![body, why],
        };
        if words.iter().any(|words| words.trim().is_empty()) {
            return Err(Refusal::NoWords);
        }
        if self.stage == Stage::Retired {
            return Err(Refusal::Retired);
        }
        let asked = command.stage();
        let again = asked == Stage::GoodAgreed && self.stage == Stage::GoodAgreed;
        let retires = asked == Stage::Retired && self.stage != Stage::Unlisted;
        if !(asked == self.stage.next() || again || retires) {
            return Err(Refusal::NotNext {
                there: self.stage.words(),
                asked: asked.words(),
                next: self.stage.next().words(),
            });
        }
        if self.national && again {
            return Err(Refusal::National);
        }
        Ok(vec![command])
    }

    fn apply(&mut self, event: &Event) {
        self.stage = event.stage();
        match event {
            Event::LongListed { national, .. } => self.national = *national,
            Event::Baselined { value, .. } => self.baseline = Some(*value),
            Event::GoodAgreed { target, .. } => self.target = Some(target.clone()),
            Event::ShortListed { .. } | Event::Adopted { .. } | Event::Retired { .. } => {}
        }
    }
}
