//! What happens to a stay. Facts in the past tense; their words stay.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::{Outcome, Persons, Reached, Without};
use crate::service::Step;
use crate::words::Words;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A service took it with an ask; the person is not there yet.
    StayTaken {
        /// The ask.
        ask: Uuid,
        /// Whose.
        person: Uuid,
        /// The service, by its short name.
        service: String,
        /// Up or down, as the ask has it.
        step: Step,
        /// When.
        at: Timestamp,
    },
    /// It was let go before the person came.
    StayLetGo {
        /// When.
        at: Timestamp,
        /// Why.
        because: Words,
    },
    /// Somebody who was only described has been found.
    StayFound {
        /// Who they are: the root.
        person: Uuid,
    },
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
    /// Somebody said how far a goal was reached.
    GoalJudged {
        /// Which, from 0 in their order.
        goal: usize,
        /// How far.
        reached: Reached,
        /// When.
        at: Timestamp,
    },
    /// Somebody looked at how it goes.
    EpisodeReviewed {
        /// When.
        at: Timestamp,
        /// What they found and what is to follow.
        words: Words,
        /// Who, by name.
        by: String,
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
