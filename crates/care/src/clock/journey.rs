//! What the clocks hear of an ask: its events in their words. Must not leave a time out that somebody gave: what is told later
//! counts when it happened.

use jiff::Timestamp;

use super::Moment;
use crate::ask::Event;

/// The moments of one event of an ask; `told` is the time of its entry in the log.
#[must_use]
pub fn heard(event: &Event, told: Timestamp) -> Vec<Moment> {
    let now = |signal: &str| Moment::new(told, signal);
    match event {
        Event::AskReceived { .. } => vec![now("received")],
        Event::MoreInfoAsked { .. } => vec![now("more-info-asked")],
        Event::MoreInfoGiven { .. } => vec![now("more-info-given")],
        Event::TriageDecided { .. } => vec![now("triaged"), now("decided")],
        Event::HopOffered { .. } => vec![now("hop-offered")],
        Event::HopAccepted { .. } => vec![now("hop-accepted")],
        Event::HopReturned { .. } => vec![now("hop-returned")],
        Event::HopTakenBack { .. } => vec![now("hop-taken-back")],
        Event::ContactStarted { when, .. } => vec![Moment::new(*when, "contact-started").told(told)],
        Event::AnswerSent { .. } => vec![now("answer-sent")],
        Event::AskWithdrawn { .. } => vec![now("withdrawn")],
        Event::DeathNoted { .. } => vec![now("died")],
        // That nobody could be answered stops no clock: they still wait.
        Event::AnswerNotSent { .. }
        | Event::Drafted { .. }
        | Event::DraftDiscarded { .. }
        | Event::AskSubmitted { .. }
        | Event::TriageStarted { .. }
        | Event::WordsAdded { .. }
        | Event::AskScheduled { .. }
        | Event::ContactEnded { .. }
        | Event::OutcomeRecorded { .. }
        | Event::AskClosed { .. }
        | Event::ContactFailed { .. }
        | Event::ReciprocalAsked { .. }
        | Event::ReciprocalAnswered { .. }
        | Event::PersonFound { .. } => Vec::new(),
    }
}

/// The moments from the last time on that a word was said: each offer of an ask to another team is a clock of its own.
#[must_use]
pub fn since_last<'m>(moments: &'m [Moment], signal: &str) -> &'m [Moment] {
    let last = moments.iter().rposition(|moment| moment.signal == signal);
    last.and_then(|last| moments.get(last..)).unwrap_or_default()
}
