//! How an ask ends: with an outcome and an answer, in its own time, or because it was taken back or the person has died. Nobody under 18
//! meets a dead end.

use access::Subject;

use crate::age::{Age, Child};
use crate::ask::{Ask, Ending, Event, Refusal, State};
use crate::hop::Hop;
use crate::triage::Destination;
use crate::words::Words;

impl Ask {
    pub(super) fn outcome(&self, event: Event, ending: Ending) -> Result<Vec<Event>, Refusal> {
        let events = self.owned(event, State::OutcomeRecorded)?;
        if events.is_empty() {
            return Ok(events);
        }
        self.not_offered()?;
        if (ending == Ending::Died) != (self.state == State::Died) {
            return Err(Refusal::WrongEnding);
        }
        Ok(events)
    }

    pub(super) fn answering(&self, event: Event) -> Result<Vec<Event>, Refusal> {
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        self.not_closed()?;
        let there_is = match self.state {
            State::Decided | State::Scheduled | State::Attended | State::InTreatment | State::OutcomeRecorded => true,
            State::Withdrawn | State::CannotContact | State::Died => true,
            State::New | State::Draft | State::Submitted | State::Received => false,
            State::Triaging | State::MoreInfoAsked | State::Closed => false,
        };
        if there_is { Ok(vec![event]) } else { Err(Refusal::NothingToAnswer) }
    }

    pub(super) fn close(&self, by: Subject, age: Age, redirected: Option<Destination>) -> Result<Vec<Event>, Refusal> {
        let age = surest(&self.age, age);
        let redirected = redirected.or_else(|| self.redirected.clone());
        let event = Event::AskClosed { by, age, redirected };
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        self.not_closed()?;
        if self.state != State::OutcomeRecorded {
            return Err(Refusal::NoOutcome);
        }
        if self.answered.is_none() {
            return Err(Refusal::NoAnswer);
        }
        if let Some(asked) = &self.reciprocal {
            return Err(Refusal::NeighbourSilent(asked.named.clone()));
        }
        if let Event::AskClosed { age, redirected: None, .. } = &event
            && age.child() != Child::No
        {
            return Err(Refusal::ChildWithoutTarget);
        }
        Ok(vec![event])
    }

    /// What nobody can be asked any more is on offer no longer.
    fn ended(&self, event: Event, next: State, because: Words) -> Result<Vec<Event>, Refusal> {
        self.then(next)?;
        let taken_back = self.open_hop().map(|Hop { from, to, .. }| Event::HopTakenBack {
            by: event.by().clone(),
            from: from.clone(),
            to: to.clone(),
            because,
        });
        Ok(taken_back.into_iter().chain([event]).collect())
    }

    pub(super) fn withdraw(&self, by: Subject, because: Words) -> Result<Vec<Event>, Refusal> {
        let event = Event::AskWithdrawn { by, because: because.clone() };
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by()).or_else(|refusal| if self.asked(event.by()) { Ok(()) } else { Err(refusal) })?;
        self.ended(event, State::Withdrawn, because)
    }

    pub(super) fn death(&self, by: Subject, source: Words) -> Result<Vec<Event>, Refusal> {
        let event = Event::DeathNoted { by, source: source.clone() };
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        self.ended(event, State::Died, source)
    }
}

/// What is known of an age beats what is guessed, and what is guessed beats nothing; of two as sure, the later.
fn surest(before: &Age, now: Age) -> Age {
    let sure = |age: &Age| match age {
        Age::Known { .. } => 2,
        Age::Estimated { .. } => 1,
        Age::Unknown {} => 0,
    };
    if sure(before) > sure(&now) { before.clone() } else { now }
}
