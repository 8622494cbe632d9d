//! What can be asked of a stay, and why it says no.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::Cap;
use super::answer::{Both, Outcome, Persons, Reached};
use crate::service::Step;
use crate::words::Words;

/// What can be asked of an episode.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take it, with the ask.
    Take {
        /// The ask.
        ask: Uuid,
        /// Whose.
        person: Uuid,
        /// The service, by its short name.
        service: String,
        /// Up or down.
        step: Step,
    },
    /// Let it go before the person came.
    LetGo(Words),
    /// Say who somebody is who was only described.
    Find(Uuid),
    /// Begin: the person is there.
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
        /// The length it may have: see [`super::cap`].
        cap: Cap,
    },
    /// Add a goal.
    AddGoal(Words),
    /// Say how far a goal was reached.
    JudgeGoal {
        /// Which, from 0.
        goal: usize,
        /// How far.
        reached: Reached,
    },
    /// Look at how it goes.
    Review {
        /// What was found and what is to follow.
        words: Words,
        /// Who, by name.
        by: String,
    },
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
        /// What two people say would have happened otherwise.
        said: Both,
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
    /// Taken by another service, or for another person or ask.
    #[error(
        "this stay was taken with another ask, for another person or by another service; open it again from the list"
    )]
    Another,
    /// The person is there.
    #[error("the person is there already; end the stay instead")]
    Begun,
    /// No such goal.
    #[error("there is no such goal")]
    NoSuchGoal,
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
    /// Longer than may be at a time.
    #[error("it may be made longer by two weeks at a time, here until {0}; look again then")]
    TooMuchLonger(Date),
    /// Too long.
    #[error("its length ended on {0}; extend it with a reason before, or end it as of then")]
    TooLong(Date),
    /// Not interrupted, or already.
    #[error("it {0}")]
    Interruption(&'static str),
    /// Answered already.
    #[error("the person has answered already")]
    AlreadyAnswered,
    /// Nothing is said.
    #[error("this is no answer; say what they said, or leave it")]
    NoAnswer,
}
