//! What can be asked of a challenge, and what happened to it. The words of events stay as they are.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Charter, Verdict};

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// It was agreed on.
    Chartered {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// What.
        charter: Box<Charter>,
    },
    /// Somebody said what a change should do, before it was tried.
    Predicted {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// What is changed.
        change: String,
        /// What should happen.
        prediction: String,
    },
    /// It was tried.
    Found {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Which test, from 0.
        test: u32,
        /// What happened.
        result: String,
        /// Whether as predicted.
        as_predicted: bool,
        /// What was learnt.
        learnt: String,
        /// What is done with it.
        next: Verdict,
    },
    /// A week was counted.
    Measured {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Its Monday.
        week: Date,
        /// The value.
        value: f64,
    },
    /// A week was counted otherwise than before.
    Remeasured {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Its Monday.
        week: Date,
        /// As it was.
        was: f64,
        /// As it is.
        is: f64,
        /// Why.
        reason: String,
    },
    /// Half-way, it stopped to think.
    Paused {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// What goes on, what stops, what is needed.
        words: String,
    },
    /// It is over.
    Judged {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// What is done with it.
        verdict: Verdict,
        /// On what evidence, and what others should know.
        words: String,
    },
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// To agree on it.
    Charter {
        /// By whom.
        by: String,
        /// What.
        charter: Box<Charter>,
    },
    /// To say what a change should do.
    Predict {
        /// By whom.
        by: String,
        /// What is changed.
        change: String,
        /// What should happen.
        prediction: String,
    },
    /// To say what it did.
    Find {
        /// By whom.
        by: String,
        /// Which test, from 0.
        test: u32,
        /// What happened.
        result: String,
        /// Whether as predicted.
        as_predicted: bool,
        /// What was learnt.
        learnt: String,
        /// What is done with it.
        next: Verdict,
    },
    /// To count a week, at first or otherwise.
    Measure {
        /// By whom.
        by: String,
        /// Its Monday.
        week: Date,
        /// The value.
        value: f64,
        /// Why it is another than before.
        reason: Option<String>,
    },
    /// To stop and think.
    Pause {
        /// By whom.
        by: String,
        /// What goes on, what stops.
        words: String,
    },
    /// To end it.
    Judge {
        /// By whom.
        by: String,
        /// What is done with it.
        verdict: Verdict,
        /// On what evidence.
        words: String,
    },
}

impl Command {
    /// Who asks.
    #[must_use]
    pub fn by(&self) -> &str {
        match self {
            Self::Charter { by, .. }
            | Self::Predict { by, .. }
            | Self::Find { by, .. }
            | Self::Measure { by, .. }
            | Self::Pause { by, .. }
            | Self::Judge { by, .. } => by,
        }
    }
}
