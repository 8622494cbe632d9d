//! What an ask allows. The invariants of the journey live here: one owner while open, a hop that changes it only when it is
//! accepted, no decline without somewhere to go, no close without an outcome and an answer, no dead end for a child.

mod draft;
mod end;
mod hop;
mod neighbour;

use access::{Role, Subject};
use jiff::Timestamp;

use super::command::{Act, Command};
use super::event::Event;
use super::refusal::Refusal;
use super::state::State;
use super::{Answered, Ask};
use crate::reciprocal;
use crate::team::Team;
use crate::triage::{Decision, Triage};

/// Somebody who gives care, and so may decide what somebody needs.
const fn is_clinical(role: Role) -> bool {
    matches!(role, Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist | Role::SocialWorker)
}

/// Somebody who works with asks at all.
const fn works(role: Role) -> bool {
    is_clinical(role) || matches!(role, Role::Coordinator)
}

/// Somebody who may ask.
const fn asks(role: Role) -> bool {
    works(role) || matches!(role, Role::CareHomeManager | Role::Citizen)
}

const CLINICIANS: &str = "a GP, a consultant, a nurse, a therapist or a social worker";
const WORKERS: &str = "a clinician, a social worker or a coordinator";
const ASKERS: &str = "anybody who gives care, a coordinator, a care home's manager, or the person themselves";

fn has(by: &Subject, team: &Team) -> bool {
    by.is_of(team.word())
}

impl Ask {
    pub(super) fn decided(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Command { by, act } = command;
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        if !asks(by.role) {
            return Err(Refusal::NotYourRole(ASKERS));
        }
        match act {
            Act::Draft(draft) => self.keep(by, draft),
            Act::Discard => self.discard(by),
            Act::Submit(request) => self.submit(by, request, at),
            act => {
                if matches!(self.state, State::New | State::Draft) {
                    return Err(Refusal::NotNow(self.state));
                }
                self.work(by, act, at)
            }
        }
    }

    fn work(&self, by: Subject, act: Act, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Draft(_) | Act::Discard | Act::Submit(_) => Err(Refusal::SentAlready),
            Act::Receive | Act::AcceptHop => self.take(by),
            Act::Decide { triage, warm } => self.triaged(by, triage, warm, at),
            Act::OfferHop { to, note, warm } => self.offer(by, to, note, warm),
            Act::ReturnHop { because } => self.give_back(by, because),
            Act::TakeBackHop { because } => self.take_back(by, because),
            Act::StartTriage => self.clinical(Event::TriageStarted { by }, State::Triaging),
            Act::AskMore { question } => self.owned(Event::MoreInfoAsked { by, question }, State::MoreInfoAsked),
            Act::GiveInfo { words } => self.informed(Event::MoreInfoGiven { by, words }, Some(State::MoreInfoAsked)),
            Act::AddWords { words } => self.informed(Event::WordsAdded { by, words }, None),
            Act::Schedule { when, what } => self.schedule(Event::AskScheduled { by, when, what }, when, at),
            Act::StartContact { when, contact } => {
                self.contact(Event::ContactStarted { by, when, contact }, when, at, State::Attended)
            }
            Act::EndContact { when, goes_on } => {
                let next = if goes_on { State::InTreatment } else { State::Attended };
                self.contact(Event::ContactEnded { by, when, goes_on }, when, at, next)
            }
            Act::RecordOutcome { ending, words } => self.outcome(Event::OutcomeRecorded { by, ending, words }, ending),
            Act::Answer { to, how, words } => self.answering(Event::AnswerSent { by, to, how, words }),
            Act::CannotAnswer { because } => self.answering(Event::AnswerNotSent { by, because }),
            Act::Close { age, redirected } => self.close(by, age, redirected),
            Act::Withdraw { because } => self.withdraw(by, because),
            Act::CannotContact { tried } => self.owned(Event::ContactFailed { by, tried }, State::CannotContact),
            Act::NoteDeath { source } => self.death(by, source),
            Act::AskNeighbour(reciprocal) => self.ask_neighbour(by, reciprocal, at),
            Act::NeighbourReplied(reply) => self.neighbour_replied(by, reply, at),
            Act::FindPerson { person, age, because } => {
                let found = Event::PersonFound { by, was: self.person, person, age, because };
                if self.is_again(&found) || matches!(&self.last, Some(last) if same_find(last, &found)) {
                    return Ok(Vec::new());
                }
                self.mine(found.by())?;
                self.not_closed()?;
                if person.is_nil() {
                    return Err(Refusal::Nobody);
                }
                if person == self.person {
                    return Err(Refusal::SamePerson);
                }
                Ok(vec![found])
            }
        }
    }

    /// The last thing that happened is this very thing: a double click, or a message sent twice.
    fn is_again(&self, event: &Event) -> bool {
        self.last.as_ref() == Some(event)
    }

    fn not_closed(&self) -> Result<(), Refusal> {
        if self.state.is_open() { Ok(()) } else { Err(Refusal::NotNow(self.state)) }
    }

    /// Somebody of the team that has it, in a role that works with asks; a home's manager for what the home still has.
    fn mine(&self, by: &Subject) -> Result<(), Refusal> {
        let Some(owner) = &self.owner else { return Err(Refusal::NotNow(self.state)) };
        if !has(by, owner) {
            return Err(Refusal::NotYours(owner.clone()));
        }
        if works(by.role) || by.role == Role::CareHomeManager { Ok(()) } else { Err(Refusal::NotYourRole(WORKERS)) }
    }

    fn not_offered(&self) -> Result<(), Refusal> {
        match self.open_hop() {
            Some(hop) => Err(Refusal::OfferedAlready(hop.to.clone())),
            None => Ok(()),
        }
    }

    fn then(&self, next: State) -> Result<(), Refusal> {
        if self.state.may_become(next) { Ok(()) } else { Err(Refusal::NotNow(self.state)) }
    }

    /// What the owner does.
    fn owned(&self, event: Event, next: State) -> Result<Vec<Event>, Refusal> {
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by())?;
        self.then(next)?;
        Ok(vec![event])
    }

    /// What a clinician of the owner's does.
    fn clinical(&self, event: Event, next: State) -> Result<Vec<Event>, Refusal> {
        if !is_clinical(event.by().role) {
            return Err(Refusal::NotYourRole(CLINICIANS));
        }
        if !self.is_again(&event) && matches!(self.state, State::Decided | State::Scheduled) {
            self.mine(event.by())?;
            self.not_offered()?;
        }
        self.owned(event, next)
    }

    fn triaged(&self, by: Subject, triage: Box<Triage>, warm: bool, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        if !is_clinical(by.role) {
            return Err(Refusal::NotYourRole(CLINICIANS));
        }
        if self.state == State::Decided && self.decider == by.id && self.triage.as_deref() == Some(&*triage) {
            return Ok(Vec::new());
        }
        self.mine(&by)?;
        self.then(State::Decided)?;
        self.not_offered()?;
        triage.check(at)?;
        if let Decision::Declined { reason, .. } = &triage.decision
            && (reciprocal::disowns(reason) || reciprocal::disowns(&triage.because))
        {
            return Err(Refusal::NotNotOurs);
        }
        let from = self.owner.clone().unwrap_or_else(Team::single_point_of_access);
        let to = triage.decision.goes_to().filter(|to| **to != from).cloned();
        let note = triage.because.clone();
        let mut events = vec![Event::TriageDecided { by: by.clone(), triage }];
        if let Some(to) = to {
            events.push(Event::HopOffered { by, from, to, note, warm });
        }
        Ok(events)
    }

    /// What those may say who asked, whom it is about, and who has it.
    fn informed(&self, event: Event, only_in: Option<State>) -> Result<Vec<Event>, Refusal> {
        if self.is_again(&event) {
            return Ok(Vec::new());
        }
        self.mine(event.by()).or_else(|refusal| if self.asked(event.by()) { Ok(()) } else { Err(refusal) })?;
        self.not_closed()?;
        match only_in {
            Some(state) if self.state != state => Err(Refusal::NotNow(self.state)),
            _ => Ok(vec![event]),
        }
    }

    /// Whether somebody is whoever asked: the same reader, somebody of the team that asked, or the person.
    fn asked(&self, by: &Subject) -> bool {
        let of_the_team = self.sender().is_some_and(|team| has(by, &team));
        self.author == by.id || of_the_team || by.own == Some(self.person)
    }

    fn accepted(&self) -> Result<(), Refusal> {
        match self.triage.as_deref() {
            Some(Triage { decision: Decision::Accepted { .. }, .. }) => self.not_offered(),
            _ => Err(Refusal::NotAccepted),
        }
    }

    fn schedule(&self, event: Event, when: Timestamp, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let events = self.owned(event, State::Scheduled)?;
        if !events.is_empty() {
            self.accepted()?;
            if when < at {
                return Err(Refusal::OutOfOrder { what: "the time that is arranged", why: "in the past" });
            }
        }
        Ok(events)
    }

    fn contact(&self, event: Event, when: Timestamp, at: Timestamp, next: State) -> Result<Vec<Event>, Refusal> {
        let ends = matches!(event, Event::ContactEnded { .. });
        let events = self.owned(event, next)?;
        if events.is_empty() {
            return Ok(events);
        }
        self.accepted()?;
        let what = if ends { "the end of a contact" } else { "the beginning of a contact" };
        if when > at {
            return Err(Refusal::OutOfOrder { what, why: "in the future" });
        }
        if ends && self.contact.is_none() {
            return Err(Refusal::NotNow(self.state));
        }
        let no_sooner = if ends { self.contact } else { self.submitted };
        if no_sooner.is_some_and(|moment| when < moment) {
            let why = if ends { "before its beginning" } else { "before the ask was sent" };
            return Err(Refusal::OutOfOrder { what, why });
        }
        Ok(events)
    }
}

/// The same find, sent twice: after the first the ask stands under the new person, so `was` would not be the same.
fn same_find(last: &Event, again: &Event) -> bool {
    match (last, again) {
        (
            Event::PersonFound { by, person, age, because, .. },
            Event::PersonFound { by: who, person: whom, age: old, because: why, .. },
        ) => (by, person, age, because) == (who, whom, old, why),
        _ => false,
    }
}

/// What an answer was.
pub(super) const fn answered(event: &Event) -> Option<Answered> {
    match event {
        Event::AnswerSent { .. } => Some(Answered::Sent),
        Event::AnswerNotSent { .. } => Some(Answered::NotSent),
        _ => None,
    }
}
