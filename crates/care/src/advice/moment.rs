//! What the clocks hear of calls and questions: the words of the place's clock files, with their times, from events alone. Must
//! not know what a clock makes of a word.

use jiff::Timestamp;

use super::Event;
use crate::call::Event as CallEvent;

/// A word that a clock listens for, and when.
pub type Moment = (Timestamp, &'static str);

/// The clock of a written question; its rules are in the place's clocks.
pub const WRITTEN: &str = "advice-written";
/// The clock from the press to the answer.
pub const CONNECT: &str = "advice-connect";
/// The clock from the end of a call until both ends have keyed what came of it.
pub const OUTCOMES: &str = "advice-outcomes";

/// What the clocks hear of a question.
#[must_use]
pub fn of_question(events: &[Event]) -> Vec<Moment> {
    let heard = |event: &Event| match event {
        Event::AdviceAsked { at, .. } => Some((*at, "advice-asked")),
        Event::AdviceAskedBack { said } => Some((said.at, "advice-returned-to-gp")),
        Event::AdviceReplied { said } => Some((said.at, "advice-gp-replied")),
        Event::AdviceAnswered { at, .. } => Some((*at, "advice-answered")),
        Event::AdviceConverted { at, .. } => Some((*at, "advice-converted")),
        Event::AdviceAuthorised { .. } | Event::AdviceAuthorityWithdrawn { .. } | Event::AdviceClosed { .. } => None,
    };
    events.iter().filter_map(heard).collect()
}

/// What the clocks hear of a call.
#[must_use]
pub fn of_call(events: &[CallEvent]) -> Vec<Moment> {
    let mut keyed = 0;
    let mut heard = |event: &CallEvent| match event {
        CallEvent::CallStarted { at, .. } => Some((*at, "call-placed")),
        CallEvent::CallAnswered { at, .. } => Some((*at, "call-answered")),
        CallEvent::CallGivenUp { at } => Some((*at, "call-cancelled")),
        CallEvent::CallEnded { at } => Some((*at, "call-ended")),
        CallEvent::CallOutcomeGp { at, .. } | CallEvent::CallOutcomeConsultant { at, .. } => {
            keyed += 1;
            (keyed == 2).then_some((*at, "call-outcomes-complete"))
        }
        CallEvent::CallRinging { .. }
        | CallEvent::CallHeard { .. }
        | CallEvent::CallLooped { .. }
        | CallEvent::CallUnanswered { .. }
        | CallEvent::CallOutcomeMissing { .. } => None,
    };
    events.iter().filter_map(&mut heard).collect()
}
