//! The rules of an ask once more, by somebody who has not seen `decide`: everything is looked up in the whole history, every
//! time. Slow and obvious.

use access::{Role, Subject};
use jiff::Timestamp;

use crate::age::Child;
use crate::ask::{Act, Ending, Event, Request, State};
use crate::team::Team;
use crate::triage::{Decision, OverrideCode, Triage};

/// Everything that happened, and when.
#[derive(Debug, Default, Clone)]
pub(super) struct Plain {
    pub(super) events: Vec<Event>,
}

fn of(by: &Subject, team: &Team) -> bool {
    by.teams.contains(&team.word().to_owned())
}

fn gives_care(role: Role) -> bool {
    [Role::Gp, Role::Consultant, Role::DistrictNurse, Role::Therapist, Role::SocialWorker].contains(&role)
}

impl Plain {
    fn submitted(&self) -> Option<(&Subject, &Request, &Team, Timestamp)> {
        self.events.iter().find_map(|event| match event {
            Event::AskSubmitted { by, request, owner, at } => Some((by, request, owner, *at)),
            _ => None,
        })
    }

    pub(super) fn owner(&self) -> Option<Team> {
        let accepted = self.events.iter().rev().find_map(|event| match event {
            Event::HopAccepted { to, .. } => Some(to.clone()),
            _ => None,
        });
        accepted.or_else(|| self.submitted().map(|(_, _, owner, _)| owner.clone()))
    }

    /// Offers without an answer: an answer is to the last offer before it.
    pub(super) fn offers(&self) -> Vec<Team> {
        let mut open = Vec::new();
        for event in &self.events {
            match event {
                Event::HopOffered { to, .. } => open.push(to.clone()),
                Event::HopAccepted { .. } | Event::HopReturned { .. } | Event::HopTakenBack { .. } => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    fn decision(&self) -> Option<&Triage> {
        self.events.iter().rev().find_map(|event| match event {
            Event::TriageDecided { triage, .. } => Some(&**triage),
            _ => None,
        })
    }

    /// What was decided does not stand any more: the service that was chosen did not take it, and nothing has happened since
    /// that could be done without it.
    fn fell_through(events: &[Event]) -> bool {
        let Some(decided) = events.iter().rposition(|event| matches!(event, Event::TriageDecided { .. })) else {
            return false;
        };
        let Event::TriageDecided { triage, .. } = &events[decided] else { return false };
        let Some(last) = events.len().checked_sub(1) else { return false };
        let chosen = match &events[last] {
            Event::HopReturned { to, .. } | Event::HopTakenBack { to, .. } => triage.decision.goes_to() == Some(to),
            _ => false,
        };
        chosen && Self { events: events[..last].to_vec() }.state() == State::Decided
    }

    pub(super) fn state(&self) -> State {
        let mut state = State::New;
        for (place, event) in self.events.iter().enumerate() {
            state = match event {
                Event::Drafted { .. } => State::Draft,
                Event::AskSubmitted { .. } => State::Submitted,
                Event::AskReceived { .. } => State::Received,
                Event::TriageStarted { .. } | Event::MoreInfoGiven { .. } => State::Triaging,
                Event::MoreInfoAsked { .. } => State::MoreInfoAsked,
                Event::TriageDecided { .. } => State::Decided,
                Event::AskScheduled { .. } => State::Scheduled,
                Event::ContactStarted { .. } | Event::ContactEnded { goes_on: false, .. } => State::Attended,
                Event::ContactEnded { goes_on: true, .. } => State::InTreatment,
                Event::OutcomeRecorded { .. } => State::OutcomeRecorded,
                Event::AskClosed { .. } => State::Closed,
                Event::AskWithdrawn { .. } => State::Withdrawn,
                Event::ContactFailed { .. } => State::CannotContact,
                Event::DeathNoted { .. } => State::Died,
                Event::HopReturned { .. } | Event::HopTakenBack { .. }
                    if Self::fell_through(&self.events[..=place]) =>
                {
                    State::Triaging
                }
                _ => state,
            };
        }
        state
    }

    /// Whether whoever asked knows what stands now: they were told after the last time it was taken up again.
    fn answered(&self) -> bool {
        let again = (0..self.events.len()).rev().find(|place| {
            matches!(self.events[*place], Event::TriageStarted { .. }) || Self::fell_through(&self.events[..=*place])
        });
        self.events[again.unwrap_or(0)..]
            .iter()
            .any(|event| matches!(event, Event::AnswerSent { .. } | Event::AnswerNotSent { .. }))
    }

    /// Where it was redirected to, by the decision that stands.
    fn redirected(&self) -> bool {
        let stands = self.events.iter().rposition(|event| matches!(event, Event::TriageDecided { .. }));
        let Some(stands) = stands else { return false };
        let redirects = matches!(&self.events[stands], Event::TriageDecided { triage, .. } if matches!(triage.decision, Decision::Redirected { .. }));
        let since = (stands + 1..self.events.len()).any(|place| {
            matches!(self.events[place], Event::TriageStarted { .. }) || Self::fell_through(&self.events[..=place])
        });
        redirects && !since
    }

    /// The beginning of the contact that has not ended.
    fn contact(&self) -> Option<Timestamp> {
        self.events.iter().rev().find_map(|event| match event {
            Event::ContactStarted { when, .. } => Some(Some(*when)),
            Event::ContactEnded { .. } => Some(None),
            _ => None,
        })?
    }

    pub(super) fn person(&self) -> Option<uuid::Uuid> {
        let found = self.events.iter().rev().find_map(|event| match event {
            Event::PersonFound { person, .. } => Some(*person),
            _ => None,
        });
        found.or_else(|| self.submitted().map(|(_, request, ..)| request.whom.person))
    }

    /// Every age anybody has said, the last first.
    fn ages(&self) -> Vec<crate::age::Age> {
        let mut ages: Vec<_> = self
            .events
            .iter()
            .filter_map(|event| match event {
                Event::PersonFound { age, .. } => Some(age.clone()),
                Event::AskSubmitted { request, .. } => Some(request.whom.age.clone()),
                _ => None,
            })
            .collect();
        ages.reverse();
        ages
    }

    /// Whether somebody may do this now. What is the same as what was done last is not asked about here.
    pub(super) fn allows(&self, by: &Subject, act: &Act, at: Timestamp) -> bool {
        let state = self.state();
        let roles_that_ask =
            gives_care(by.role) || [Role::Coordinator, Role::CareHomeManager, Role::Citizen].contains(&by.role);
        if !by.assured || !roles_that_ask {
            return false;
        }
        let Some((author, request, _, submitted)) = self.submitted() else {
            let drafter = self.events.iter().rev().find_map(|event| match event {
                Event::Drafted { by, .. } => Some(by.id.clone()),
                _ => None,
            });
            let mine = drafter.is_none_or(|drafter| drafter == by.id);
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
        let owner = self.owner().unwrap();
        let works = gives_care(by.role) || by.role == Role::Coordinator;
        let owns = of(by, &owner) && (works || by.role == Role::CareHomeManager);
        let asked = author.id == by.id
            || request.asked_by.team.as_ref().is_some_and(|team| of(by, team))
            || by.own == self.person();
        let offered = self.offers().pop();
        let accepted = matches!(self.decision(), Some(Triage { decision: Decision::Accepted { .. }, .. }));
        let open = state != State::Closed;
        match act {
            Act::Draft(_) | Act::Discard => false,
            Act::Submit(again) => author.id == by.id && **again == *request,
            Act::Receive | Act::AcceptHop => match &offered {
                _ if !open || !works => false,
                Some(team) => of(by, team),
                // At one's own door: sent to oneself, or by somebody who could not keep it.
                None => {
                    state == State::Submitted && owns && (owner == request.asked_for || request.asked_by.team.is_none())
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
                gives_care(by.role)
                    && owns
                    && state == State::Triaging
                    && offered.is_none()
                    && sound
                    && !empty
                    && (first || reason)
            }
            Act::OfferHop { to, .. } => {
                owns && open && state != State::OutcomeRecorded && offered.is_none() && *to != owner
            }
            Act::ReturnHop { .. } => works && offered.is_some_and(|team| of(by, &team)),
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
                    && self.contact().is_some_and(|began| began <= *when)
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
                let said: Vec<_> = std::iter::once(age.clone()).chain(self.ages().into_iter().take(1)).collect();
                let known = said.iter().find(|age| matches!(age, crate::age::Age::Known { .. }));
                let guessed = said.iter().find(|age| matches!(age, crate::age::Age::Estimated { .. }));
                let adult = known.or(guessed).is_some_and(|age| age.child() == Child::No);
                owns && state == State::OutcomeRecorded
                    && self.answered()
                    && (adult || redirected.is_some() || self.redirected())
            }
            Act::Withdraw { .. } => (owns || asked) && state.may_become(State::Withdrawn),
            Act::CannotContact { .. } => owns && state.may_become(State::CannotContact),
            Act::NoteDeath { .. } => owns && state.may_become(State::Died),
            Act::FindPerson { person, .. } => owns && open && !person.is_nil() && Some(*person) != self.person(),
        }
    }
}
