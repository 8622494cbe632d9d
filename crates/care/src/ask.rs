//! The ask: somebody asks for help for a person. It has one id from the first word to the answer, and one owner from the moment
//! it is sent until it is closed. Must not know who may read it (that is the policies'), nor which clocks run over it.

pub mod bars;
mod carry;
mod command;
mod decide;
mod event;
pub mod fhir;
mod refusal;
mod request;
mod state;
mod told;

use std::collections::BTreeMap;

use access::Subject;
use jiff::Timestamp;
use store::Aggregate;
use uuid::Uuid;

pub use carry::{AFTERWARDS, act, carry, keep};
pub(crate) use carry::{loaded, worked};
pub use command::{Act, Command};
pub use event::{Contact, Ending, Event};
pub use refusal::Refusal;
pub use request::{Asker, Consent, Kind, Otherwise, Request, Urgency, Visit, Whom};
pub use state::State;
pub use told::decision_with;

use crate::age::Age;
use crate::draft::Draft;
use crate::hop::{Answer, Hop};
use crate::reciprocal::Reciprocal;
use crate::team::Team;
use crate::triage::{Decision, Destination, Triage};

/// Whether whoever asked has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// They have.
    Sent,
    /// They cannot be, and it is written down why.
    NotSent,
}

/// One ask, from the first word on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ask {
    state: State,
    /// Who wrote the draft, and sent it.
    author: String,
    draft: Option<Draft>,
    request: Option<Box<Request>>,
    submitted: Option<Timestamp>,
    person: Uuid,
    /// How often somebody has said who the person is.
    finds: u32,
    age: Age,
    owner: Option<Team>,
    hops: Vec<Hop>,
    /// Who is tied to the person by this ask, and the number of the hop by which.
    ties: BTreeMap<Team, usize>,
    triage: Option<Box<Triage>>,
    decider: String,
    redirected: Option<Destination>,
    contact: Option<Timestamp>,
    ending: Option<Ending>,
    answered: Option<Answered>,
    /// What the borough next door was asked and has not answered.
    reciprocal: Option<Box<Reciprocal>>,
    last: Option<Event>,
}

impl Ask {
    /// Where it is.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// For whom: the person's root when it was sent or when they were found.
    #[must_use]
    pub const fn person(&self) -> Uuid {
        self.person
    }

    /// The team that has it; `None` before it is sent. A closed ask keeps its last owner.
    #[must_use]
    pub const fn owner(&self) -> Option<&Team> {
        self.owner.as_ref()
    }

    /// Whether somebody is of the team that has it.
    ///
    /// # Errors
    /// [`Refusal::NotYours`] with the team that has it.
    pub(crate) fn must_be_with(&self, by: &Subject) -> Result<(), Refusal> {
        match &self.owner {
            Some(owner) if !by.is_of(owner.word()) => Err(Refusal::NotYours(owner.clone())),
            _ => Ok(()),
        }
    }

    /// What was asked; `None` before it is sent.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        self.request.as_deref()
    }

    /// What there is of it before it is sent.
    #[must_use]
    pub const fn draft(&self) -> Option<&Draft> {
        self.draft.as_ref()
    }

    /// The id of the reader who wrote it.
    #[must_use]
    pub fn author(&self) -> &str {
        &self.author
    }

    /// When it was sent.
    #[must_use]
    pub const fn submitted(&self) -> Option<Timestamp> {
        self.submitted
    }

    /// Every hop, the first first.
    #[must_use]
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// The hop that waits for an answer. There is never more than one.
    #[must_use]
    pub fn open_hop(&self) -> Option<&Hop> {
        self.hops.last().filter(|hop| hop.answer.is_none())
    }

    /// What was decided, while it stands.
    #[must_use]
    pub fn triage(&self) -> Option<&Triage> {
        self.triage.as_deref()
    }

    /// What came of it.
    #[must_use]
    pub const fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// What the borough next door was asked and has not answered.
    #[must_use]
    pub fn reciprocal(&self) -> Option<&Reciprocal> {
        self.reciprocal.as_deref()
    }

    /// Whether whoever asked has been told what stands now.
    #[must_use]
    pub const fn answered(&self) -> Option<Answered> {
        self.answered
    }

    /// How old the person is, as far as anybody has said.
    #[must_use]
    pub const fn age(&self) -> &Age {
        &self.age
    }

    /// The teams that this ask ties to the person, each with the number of the hop by which: who has or had it, and to whom it
    /// is offered.
    #[must_use]
    pub const fn ties(&self) -> &BTreeMap<Team, usize> {
        &self.ties
    }

    /// How often somebody has said who the person is; 0 while nobody had to.
    #[must_use]
    pub const fn finds(&self) -> u32 {
        self.finds
    }

    fn sender(&self) -> Option<Team> {
        self.request.as_ref().and_then(|request| request.asked_by.team.clone())
    }

    fn asked_for(&self) -> Option<&Team> {
        self.request.as_ref().map(|request| &request.asked_for)
    }

    /// The service that was chosen has not taken it: there is no decision any more, and nothing that could have been answered.
    fn undecided(&mut self, to: &Team) {
        let chosen = self.triage.as_ref().is_some_and(|triage| triage.decision.goes_to() == Some(to));
        if chosen && matches!(self.state, State::Decided | State::CannotContact) {
            if self.state == State::Decided {
                self.state = State::Triaging;
            }
            self.open_again();
        }
    }

    /// What was decided, and what was said of it, stands no more.
    fn open_again(&mut self) {
        (self.triage, self.answered, self.redirected) = (None, None, None);
    }

    fn hop_answered(&mut self, to: &Team, answer: Answer) {
        if let Some(hop) = self.hops.last_mut() {
            hop.answer = Some(answer);
        }
        // Who has had it before stays tied to the person until it is closed; who never took it has no more to do with them.
        let had_it = self.hops.iter().any(|one| one.from == *to);
        if answer != Answer::Accepted && !had_it {
            self.ties.remove(to);
        }
    }
}

impl Aggregate for Ask {
    const KIND: &'static str = "ask";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.decided(command, at)
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Drafted { by, draft } => {
                (self.state, self.author, self.draft) = (State::Draft, by.id.clone(), Some(draft.clone()));
            }
            Event::DraftDiscarded { .. } => self.draft = None,
            Event::AskSubmitted { by, request, owner, at } => {
                self.state = State::Submitted;
                self.author = by.id.clone();
                self.draft = None;
                self.person = request.whom.person;
                self.age = request.whom.age.clone();
                self.request = Some(request.clone());
                self.submitted = Some(*at);
                self.ties.insert(owner.clone(), 0);
                self.owner = Some(owner.clone());
            }
            Event::AskReceived { .. } => self.state = State::Received,
            Event::TriageStarted { .. } => {
                self.state = State::Triaging;
                self.open_again();
            }
            Event::MoreInfoAsked { .. } => self.state = State::MoreInfoAsked,
            Event::MoreInfoGiven { .. } => self.state = State::Triaging,
            Event::WordsAdded { .. } => {}
            Event::TriageDecided { by, triage } => {
                self.state = State::Decided;
                self.decider = by.id.clone();
                self.redirected = match &triage.decision {
                    Decision::Redirected { to, .. } => Some(to.clone()),
                    _ => None,
                };
                self.triage = Some(triage.clone());
            }
            Event::HopOffered { from, to, .. } => {
                self.hops.push(Hop { from: from.clone(), to: to.clone(), answer: None });
                let number = self.hops.len();
                self.ties.entry(to.clone()).or_insert(number);
            }
            Event::HopAccepted { to, .. } => {
                self.owner = Some(to.clone());
                self.hop_answered(to, Answer::Accepted);
            }
            Event::HopReturned { to, .. } => {
                self.hop_answered(to, Answer::Returned);
                self.undecided(to);
            }
            Event::HopTakenBack { to, .. } => {
                self.hop_answered(to, Answer::TakenBack);
                self.undecided(to);
            }
            Event::AskScheduled { .. } => self.state = State::Scheduled,
            Event::ContactStarted { when, .. } => (self.state, self.contact) = (State::Attended, Some(*when)),
            Event::ContactEnded { goes_on, .. } => {
                self.state = if *goes_on { State::InTreatment } else { State::Attended };
                self.contact = None;
            }
            Event::OutcomeRecorded { ending, .. } => {
                (self.state, self.ending) = (State::OutcomeRecorded, Some(*ending));
            }
            Event::AnswerSent { .. } | Event::AnswerNotSent { .. } => self.answered = decide::answered(event),
            Event::AskClosed { age, redirected, .. } => {
                self.state = State::Closed;
                self.age = age.clone();
                self.redirected.clone_from(redirected);
            }
            Event::AskWithdrawn { .. } => self.state = State::Withdrawn,
            Event::ContactFailed { .. } => self.state = State::CannotContact,
            Event::DeathNoted { .. } => self.state = State::Died,
            Event::ReciprocalAsked { reciprocal, .. } => self.reciprocal = Some(reciprocal.clone()),
            Event::ReciprocalAnswered { .. } => self.reciprocal = None,
            Event::PersonFound { person, age, .. } => {
                (self.person, self.age) = (*person, age.clone());
                self.finds += 1;
            }
        }
        self.last = Some(event.clone());
    }
}

/// The id of an ask that comes from another system: it follows from the client that sent it, in whose name, and how they call
/// it, so that the same message sent twice is the same ask, and nobody else's.
#[must_use]
pub fn id_of(client: &str, sender: &str, identifier: &str) -> Uuid {
    derived(&[b"weft-ask-1", client.as_bytes(), sender.as_bytes(), identifier.as_bytes()])
}

/// The id of whoever an ask from another system is for, while nobody has found them.
#[must_use]
pub fn nobody_of(ask: Uuid) -> Uuid {
    derived(&[b"weft-ask-nobody-1", ask.as_bytes()])
}

/// An id that follows from these parts, and from no others: each is led by its length.
pub(crate) fn derived(parts: &[&[u8]]) -> Uuid {
    let lengths = parts.iter().flat_map(|part| [(part.len() as u64).to_le_bytes().to_vec(), part.to_vec()].concat());
    let digest = store::blob::sha256(&lengths.collect::<Vec<u8>>());
    let mut half = [0; 16];
    half.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    uuid::Builder::from_custom_bytes(half).into_uuid()
}

#[cfg(test)]
pub(crate) mod tests;
