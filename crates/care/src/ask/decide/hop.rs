//! Handing an ask on: it is offered, and has changed hands when it is accepted, and not before.

use access::Subject;

use super::{WORKERS, has, works};
use crate::ask::{Ask, Event, Refusal, State};
use crate::hop::Hop;
use crate::reciprocal;
use crate::team::Team;
use crate::words::Words;

impl Ask {
    /// Takes it over. The first to do so has received it.
    pub(super) fn take(&self, by: Subject) -> Result<Vec<Event>, Refusal> {
        let again = match &self.last {
            Some(Event::HopAccepted { by: who, .. } | Event::AskReceived { by: who }) => *who == by,
            _ => false,
        };
        if again {
            return Ok(Vec::new());
        }
        if !works(by.role) {
            return Err(Refusal::NotYourRole(WORKERS));
        }
        self.not_closed()?;
        let first = self.state == State::Submitted;
        let Some(Hop { from, to, .. }) = self.open_hop().cloned() else {
            // One's own door: what was sent to it is there already.
            let at_own_door = first && self.owner.is_some() && self.owner != self.sender();
            self.mine(&by).map_err(|_| Refusal::NotOffered)?;
            return if at_own_door || first && self.owner.as_ref() == self.asked_for() {
                Ok(vec![Event::AskReceived { by }])
            } else {
                Err(Refusal::NotOffered)
            };
        };
        if !has(&by, &to) {
            return Err(Refusal::NotOfferedToYou(to));
        }
        let mut events = vec![Event::HopAccepted { by: by.clone(), from, to }];
        if first {
            events.push(Event::AskReceived { by });
        }
        Ok(events)
    }

    pub(super) fn offer(&self, by: Subject, to: Team, note: Words, warm: bool) -> Result<Vec<Event>, Refusal> {
        let Some(from) = self.owner.clone() else { return Err(Refusal::NotNow(self.state)) };
        let event = Event::HopOffered { by, from: from.clone(), to: to.clone(), note, warm };
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        if !self.state.is_open() || self.state == State::OutcomeRecorded {
            return Err(Refusal::NotNow(self.state));
        }
        self.not_offered()?;
        if from == to {
            return Err(Refusal::TheirsAlready(to));
        }
        Ok(vec![event])
    }

    pub(super) fn give_back(&self, by: Subject, because: Words) -> Result<Vec<Event>, Refusal> {
        if let Some(Event::HopReturned { by: who, because: why, .. }) = &self.last
            && *who == by
            && *why == because
        {
            return Ok(Vec::new());
        }
        let Some(Hop { from, to, .. }) = self.open_hop().cloned() else { return Err(Refusal::NotOffered) };
        if !has(&by, &to) {
            return Err(Refusal::NotOfferedToYou(to));
        }
        if !works(by.role) {
            return Err(Refusal::NotYourRole(WORKERS));
        }
        if reciprocal::disowns(&because) {
            return Err(Refusal::NotNotOurs);
        }
        Ok(vec![Event::HopReturned { by, from, to, because }])
    }

    pub(super) fn take_back(&self, by: Subject, because: Words) -> Result<Vec<Event>, Refusal> {
        if let Some(Event::HopTakenBack { by: who, because: why, .. }) = &self.last
            && *who == by
            && *why == because
        {
            return Ok(Vec::new());
        }
        let Some(Hop { from, to, .. }) = self.open_hop().cloned() else { return Err(Refusal::NotOffered) };
        self.mine(&by)?;
        Ok(vec![Event::HopTakenBack { by, from, to, because }])
    }
}
