//! The rules of an ask once more, by somebody who has not seen `decide`: everything is looked up in the whole history, every
//! time. Slow and obvious.

use access::{Role, Subject};
use jiff::Timestamp;

use crate::age::{Age, Child};
use crate::ask::{Act, Ending, Event, Request, State};
use crate::reciprocal::{Reciprocal, Reply};
use crate::team::Team;
use crate::triage::{Decision, OverrideCode, Triage};
use crate::words::Words;

/// Everything that happened, and when.
#[derive(Debug, Default, Clone)]
pub(super) struct Plain {
    pub(super) events: Vec<Event>,
}

fn of(by: &Subject, team: &Team) -> bool {
    by.teams.contains(&team.word().to_owned())
}

/// The reasons of the tests that are none.
fn not_ours(reason: &Words) -> bool {
    ["Not our patient", "She is out of area"].contains(&reason.as_str())
}

fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap()).strftime("%Y-%m-%d").to_string()
}

fn gives_care(role: Role) -> bool {
    [Role::Gp, Role::Consultant, Role::DistrictNurse, Role::Therapist, Role::SocialWorker].contains(&role)
}

/// What stands after everything that happened.
#[derive(Debug)]
pub(super) struct Stands<'a> {
    pub(super) state: State,
    pub(super) owner: Option<&'a Team>,
    /// Offers without an answer.
    pub(super) offers: Vec<&'a Team>,
    pub(super) person: Option<uuid::Uuid>,
    drafter: Option<&'a str>,
    sent: Option<(&'a Subject, &'a Request, Timestamp)>,
    /// The decision, while it stands.
    decision: Option<&'a Triage>,
    /// Whoever asked knows what stands.
    answered: bool,
    /// The beginning of the contact that has not ended.
    contact: Option<Timestamp>,
    /// The age that was said last.
    age: Option<&'a Age>,
    /// What a neighbour was asked, and has not answered.
    pub(super) neighbour: Option<&'a Reciprocal>,
}

impl Plain {
    /// Goes through it all, from the beginning.
    pub(super) fn stands(&self) -> Stands<'_> {
        let mut now = Stands {
            state: State::New,
            owner: None,
            offers: Vec::new(),
            person: None,
            drafter: None,
            sent: None,
            decision: None,
            answered: false,
            contact: None,
            age: None,
            neighbour: None,
        };
        for event in &self.events {
            match event {
                Event::Drafted { by, .. } => (now.state, now.drafter) = (State::Draft, Some(by.id.as_str())),
                Event::DraftDiscarded { .. } | Event::WordsAdded { .. } => {}
                Event::AskSubmitted { by, request, owner, at } => {
                    (now.state, now.owner) = (State::Submitted, Some(owner));
                    now.sent = Some((by, request, *at));
                    (now.person, now.age) = (Some(request.whom.person), Some(&request.whom.age));
                }
                Event::AskReceived { .. } => now.state = State::Received,
                // Taken up again: nothing is decided, and nobody knows anything.
                Event::TriageStarted { .. } => (now.state, now.decision, now.answered) = (State::Triaging, None, false),
                Event::MoreInfoGiven { .. } => now.state = State::Triaging,
                Event::MoreInfoAsked { .. } => now.state = State::MoreInfoAsked,
                Event::TriageDecided { triage, .. } => (now.state, now.decision) = (State::Decided, Some(&**triage)),
                Event::HopOffered { to, .. } => now.offers.push(to),
                Event::HopAccepted { to, .. } => {
                    now.offers.pop();
                    now.owner = Some(to);
                }
                Event::HopReturned { to, .. } | Event::HopTakenBack { to, .. } => {
                    now.offers.pop();
                    // The service that was chosen does not have it, and nothing was done with it since.
                    let chosen = now.decision.is_some_and(|triage| triage.decision.goes_to() == Some(to));
                    if chosen && [State::Decided, State::CannotContact].contains(&now.state) {
                        (now.decision, now.answered) = (None, false);
                        if now.state == State::Decided {
                            now.state = State::Triaging;
                        }
                    }
                }
                Event::AskScheduled { .. } => now.state = State::Scheduled,
                Event::ContactStarted { when, .. } => (now.state, now.contact) = (State::Attended, Some(*when)),
                Event::ContactEnded { goes_on, .. } => {
                    now.state = if *goes_on { State::InTreatment } else { State::Attended };
                    now.contact = None;
                }
                Event::OutcomeRecorded { .. } => now.state = State::OutcomeRecorded,
                Event::AnswerSent { .. } | Event::AnswerNotSent { .. } => now.answered = true,
                Event::AskClosed { .. } => now.state = State::Closed,
                Event::AskWithdrawn { .. } => now.state = State::Withdrawn,
                Event::ContactFailed { .. } => now.state = State::CannotContact,
                Event::DeathNoted { .. } => now.state = State::Died,
                Event::ReciprocalAsked { reciprocal, .. } => now.neighbour = Some(reciprocal),
                Event::ReciprocalAnswered { .. } => now.neighbour = None,
                Event::PersonFound { person, age, .. } => (now.person, now.age) = (Some(*person), Some(age)),
            }
        }
        now
    }
}

impl Stands<'_> {
    /// Whether somebody may do this now. What is the same as what was done last is not asked about here.
    pub(super) fn allows(&self, by: &Subject, act: &Act, at: Timestamp) -> bool {
        let state = self.state;
        let roles_that_ask =
            gives_care(by.role) || [Role::Coordinator, Role::CareHomeManager, Role::Citizen].contains(&by.role);
        if !by.assured || !roles_that_ask {
            return false;
        }
        let (Some((author, request, submitted)), Some(owner)) = (self.sent, self.owner) else {
            let mine = self.drafter.is_none_or(|drafter| drafter == by.id);
            return match act {
                Act::Draft(draft) => mine && draft.too_long().is_none(),
                Act::Discard => mine && state == State::Draft,
                Act::Submit(request) => {
                    mine && !request.whom.person.is_nil()
                        && request.asked_by.team.as_ref().is_none_or(|team| of(by, team))
                        && request.visit.on_floor_since.is_none_or(|since| since <= at)
                }
                _ => false,
            };
        };
        let works = gives_care(by.role) || by.role == Role::Coordinator;
        let owns = of(by, owner) && (works || by.role == Role::CareHomeManager);
        let asked = author.id == by.id
            || request.asked_by.team.as_ref().is_some_and(|team| of(by, team))
            || by.own == self.person;
        let offered = self.offers.last().copied();
        let accepted = matches!(self.decision, Some(Triage { decision: Decision::Accepted { .. }, .. }));
        let open = state != State::Closed;
        match act {
            Act::Draft(_) | Act::Discard => false,
            Act::Submit(again) => author.id == by.id && **again == *request,
            Act::Receive | Act::AcceptHop => match offered {
                _ if !open || !works => false,
                Some(team) => of(by, team),
                // At one's own door: sent to oneself, or by somebody who could not keep it.
                None => {
                    state == State::Submitted
                        && owns
                        && (*owner == request.asked_for || request.asked_by.team.is_none())
                }
            },
            Act::StartTriage => {
                gives_care(by.role)
                    && owns
                    && match state {
                        State::Received | State::MoreInfoAsked | State::CannotContact => true,
                        State::Decided | State::Scheduled => offered.is_none(),
                        _ => false,
                    }
            }
            Act::AskMore { .. } => owns && matches!(state, State::Received | State::Triaging),
            Act::GiveInfo { .. } => (owns || asked) && state == State::MoreInfoAsked,
            Act::AddWords { .. } => (owns || asked) && open,
            Act::Decide { triage, .. } => {
                let sound = triage.offers.iter().all(|offer| {
                    offer.observed_at.is_none_or(|seen| seen <= at)
                        && offer.free.is_some() == offer.observed_at.is_some()
                });
                let empty = triage
                    .overridden
                    .as_ref()
                    .is_some_and(|why| why.codes.contains(&OverrideCode::Other) && why.words.is_none());
                let reason = triage.overridden.as_ref().is_some_and(|why| !why.codes.is_empty());
                let first = match (&triage.decision, triage.offers.first()) {
                    (Decision::Accepted { service, level }, Some(first)) => {
                        first.service == *service && first.level == *level
                    }
                    (Decision::Accepted { .. }, None) => false,
                    _ => true,
                };
                let turned_away = match &triage.decision {
                    Decision::Declined { reason, .. } => not_ours(reason) || not_ours(&triage.because),
                    _ => false,
                };
                gives_care(by.role)
                    && owns
                    && !turned_away
                    && state == State::Triaging
                    && offered.is_none()
                    && sound
                    && !empty
                    && (first || reason)
            }
            Act::OfferHop { to, .. } => {
                owns && open && state != State::OutcomeRecorded && offered.is_none() && to != owner
            }
            Act::ReturnHop { because } => works && offered.is_some_and(|team| of(by, team)) && !not_ours(because),
            Act::AskNeighbour(asked) => {
                // The tests' days are whole days before or after: no hour matters.
                let to_a_borough = asked.neighbour.word().starts_with("organisation:");
                owns && open && self.neighbour.is_none() && to_a_borough && asked.by.to_string() >= day(at)
            }
            Act::NeighbourReplied(reply) => {
                let soon = match reply {
                    Reply::Accepted { starts, .. } => starts.to_string() >= day(submitted),
                    Reply::Refused { .. } => true,
                };
                owns && open && self.neighbour.is_some() && soon
            }
            Act::TakeBackHop { .. } => owns && offered.is_some(),
            Act::Schedule { when, .. } => {
                owns && accepted
                    && offered.is_none()
                    && *when >= at
                    && matches!(state, State::Decided | State::Scheduled | State::CannotContact)
            }
            Act::StartContact { when, .. } => {
                let place = matches!(
                    state,
                    State::Decided | State::Scheduled | State::Attended | State::InTreatment | State::CannotContact
                );
                owns && accepted && offered.is_none() && place && *when <= at && *when >= submitted
            }
            Act::EndContact { when, goes_on } => {
                let place = matches!(state, State::Attended | State::InTreatment)
                    || !goes_on && matches!(state, State::Decided | State::Scheduled | State::CannotContact);
                owns && accepted
                    && offered.is_none()
                    && place
                    && *when <= at
                    && self.contact.is_some_and(|began| began <= *when)
            }
            Act::RecordOutcome { ending, .. } => {
                let place = matches!(
                    state,
                    State::Decided
                        | State::Scheduled
                        | State::Attended
                        | State::InTreatment
                        | State::Withdrawn
                        | State::CannotContact
                        | State::Died
                );
                owns && place && offered.is_none() && (*ending == Ending::Died) == (state == State::Died)
            }
            Act::Answer { .. } | Act::CannotAnswer { .. } => {
                let nothing_yet = matches!(
                    state,
                    State::Submitted | State::Received | State::Triaging | State::MoreInfoAsked | State::Closed
                );
                owns && !nothing_yet
            }
            Act::Close { age, redirected } => {
                // What is known counts before what is guessed; of two as sure, what is said now.
                let said = [Some(age), self.age].into_iter().flatten();
                let known = said.clone().find(|age| matches!(age, Age::Known { .. }));
                let guessed = said.clone().find(|age| matches!(age, Age::Estimated { .. }));
                let adult = known.or(guessed).is_some_and(|age| age.child() == Child::No);
                let goes_on = matches!(self.decision, Some(Triage { decision: Decision::Redirected { .. }, .. }));
                let silent = self.neighbour.is_some();
                owns && state == State::OutcomeRecorded
                    && self.answered
                    && !silent
                    && (adult || redirected.is_some() || goes_on)
            }
            Act::Withdraw { .. } => (owns || asked) && state.may_become(State::Withdrawn),
            Act::CannotContact { .. } => owns && state.may_become(State::CannotContact),
            Act::NoteDeath { .. } => owns && state.may_become(State::Died),
            Act::FindPerson { person, .. } => owns && open && !person.is_nil() && Some(*person) != self.person,
        }
    }
}
