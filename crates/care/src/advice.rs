//! Written advice: a question to a specialty about somebody, with pictures and letters; answered within the time of its clock, and
//! turned into a referral only if whoever asked allowed that before the specialist did anything. One question is one episode,
//! however many messages it takes. Must not refer anybody without leave, nor lose a question that nobody answers.

pub mod attachment;
pub mod event;
pub mod line;
pub mod moment;
pub mod open;
pub mod refer;
pub mod referral;
pub mod specialty;

use access::{Role, Subject};
use jiff::Timestamp;
use store::Aggregate;
use uuid::Uuid;

pub use attachment::{Attachment, Refused as AttachmentRefused};
pub use event::{Answer, Command, Event, Kind, Outcome, Question, Refusal, Said};
pub use line::Line;
pub use referral::Referral;
pub use specialty::{Specialties, Specialty};

/// The most characters of a message.
pub const LONGEST: usize = 4_000;
/// The most messages of one question; past that, ring.
pub const MOST_MESSAGES: usize = 40;

/// Whether somebody may ask a consultant at all, by telephone or in writing: clinicians may, whose role was proved.
#[must_use]
pub fn may_ask(by: &Subject) -> bool {
    by.assured && matches!(by.role, Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist)
}

/// With whom a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Nothing was asked.
    NotAsked,
    /// With the specialty, which is to answer.
    WithSpecialty,
    /// With whoever asked: the specialist needs to know more.
    WithAsker,
    /// Answered; whoever asked says what came of it.
    Answered,
    /// Turned into a referral.
    Converted,
    /// Over.
    Closed,
}

impl Stands {
    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::WithSpecialty => "with-specialty",
            Self::WithAsker => "with-asker",
            Self::Answered => "answered",
            Self::Converted => "converted",
            Self::Closed => "closed",
        }
    }

    /// How it stands, by its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::NotAsked, Self::WithSpecialty, Self::WithAsker, Self::Answered, Self::Converted, Self::Closed]
            .into_iter()
            .find(|one| one.word() == word)
    }
}

/// One question, from its asking to what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advice {
    question: Option<(Question, Timestamp)>,
    said: Vec<Said>,
    /// When leave to refer was given, if it stands.
    authorised: Option<Timestamp>,
    /// When a specialist first did something.
    acted: Option<Timestamp>,
    asked_back: bool,
    answer: Option<(Answer, Timestamp)>,
    referral: Option<Referral>,
    outcome: Option<Outcome>,
}

impl Advice {
    /// What was asked, and when.
    #[must_use]
    pub fn question(&self) -> Option<(&Question, Timestamp)> {
        self.question.as_ref().map(|(question, at)| (question, *at))
    }

    /// What was written after the question, in order.
    #[must_use]
    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// The answer, and when it was given.
    #[must_use]
    pub fn answer(&self) -> Option<(&Answer, Timestamp)> {
        self.answer.as_ref().map(|(answer, at)| (answer, *at))
    }

    /// The referral it became.
    #[must_use]
    pub fn referral(&self) -> Option<&Referral> {
        self.referral.as_ref()
    }

    /// What came of it.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// Whether a specialist may turn it into a referral: leave was given before they did anything.
    #[must_use]
    pub fn may_be_converted(&self) -> bool {
        match (self.authorised, self.acted) {
            (Some(_), None) => true,
            (Some(given), Some(acted)) => given <= acted,
            (None, _) => false,
        }
    }

    /// Whether leave to refer stands.
    #[must_use]
    pub fn is_authorised(&self) -> bool {
        self.authorised.is_some()
    }

    /// How it stands.
    #[must_use]
    pub fn stands(&self) -> Stands {
        if self.question.is_none() {
            Stands::NotAsked
        } else if self.referral.is_some() {
            Stands::Converted
        } else if self.outcome.is_some() {
            Stands::Closed
        } else if self.answer.is_some() {
            Stands::Answered
        } else if self.asked_back {
            Stands::WithAsker
        } else {
            Stands::WithSpecialty
        }
    }

    /// Every attachment, of the question first.
    pub fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        let first = self.question.iter().flat_map(|(question, _)| &question.attachments);
        first.chain(self.said.iter().flat_map(|said| &said.attachments))
    }

    fn asked(&self) -> Result<&Question, Refusal> {
        self.question.as_ref().map(|(question, _)| question).ok_or(Refusal::NotAsked)
    }

    /// Whether somebody is of the team that asked.
    #[must_use]
    pub fn is_asker(&self, by: &Subject) -> bool {
        self.question
            .as_ref()
            .is_some_and(|(question, _)| by.id == question.by.id || by.holders().any(|one| one == question.team.word()))
    }

    /// Whether somebody answers for the specialty.
    #[must_use]
    pub fn is_specialist(&self, by: &Subject) -> bool {
        self.question.as_ref().is_some_and(|(question, _)| {
            by.role == Role::Consultant && by.id != question.by.id && by.holders().any(|one| one == question.to.word())
        })
    }

    /// Only whoever asked, or their team.
    fn by_asker(&self, by: &Subject) -> Result<&Question, Refusal> {
        let question = self.asked()?;
        if by.assured && self.is_asker(by) { Ok(question) } else { Err(Refusal::NotTheAsker) }
    }

    /// Only the specialty, while the question is open.
    fn by_specialist(&self, by: &Subject) -> Result<&Question, Refusal> {
        let question = self.asked()?;
        if !by.assured || !self.is_specialist(by) {
            return Err(Refusal::NotTheSpecialist);
        }
        match self.stands() {
            Stands::WithSpecialty | Stands::WithAsker => Ok(question),
            _ => Err(Refusal::Over),
        }
    }

    fn message(&self, by: Subject, words: &str, attachments: Vec<Attachment>, at: Timestamp) -> Result<Said, Refusal> {
        if self.said.len() >= MOST_MESSAGES {
            return Err(Refusal::TooManyMessages);
        }
        attachment::together(self.attachments().chain(&attachments))?;
        Ok(Said { by, words: event::words(words)?, attachments, at })
    }

    fn converting(&self, by: Subject, because: &str, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.asked()?;
        // Whoever asked may refer once there is an answer, or once the specialist has asked for it: the person is theirs.
        if self.is_asker(&by) {
            self.by_asker(&by)?;
            if self.stands() != Stands::Answered {
                return Err(if self.answer.is_some() { Refusal::Over } else { Refusal::NotAnswered });
            }
        } else {
            self.by_specialist(&by)?;
            if !self.may_be_converted() {
                return Err(Refusal::NotAuthorised);
            }
        }
        let because = event::words(because)?;
        let referral = Referral::of(self, &by, because.clone(), at).ok_or(Refusal::NotAsked)?;
        Ok(vec![Event::AdviceConverted { by, because, referral: Box::new(referral), at }])
    }
}

impl Aggregate for Advice {
    const KIND: &'static str = "advice";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Ask(question) => {
                if self.question.is_some() {
                    return Err(Refusal::AskedAlready);
                }
                Ok(vec![Event::AdviceAsked { question: question.checked()?, at }])
            }
            Command::Authorise { by, person_agrees } => {
                self.by_asker(&by)?;
                match (self.authorised, self.acted, self.stands()) {
                    (Some(_), ..) => Ok(Vec::new()),
                    (None, None, Stands::WithSpecialty) if person_agrees => {
                        Ok(vec![Event::AdviceAuthorised { by, at }])
                    }
                    (None, None, Stands::WithSpecialty) => Err(Refusal::PersonNotTold),
                    _ => Err(Refusal::TooLate),
                }
            }
            Command::Withdraw { by } => {
                self.by_asker(&by)?;
                match (self.authorised, self.stands()) {
                    (None, _) => Ok(Vec::new()),
                    (Some(_), Stands::WithSpecialty | Stands::WithAsker) => {
                        Ok(vec![Event::AdviceAuthorityWithdrawn { by, at }])
                    }
                    _ => Err(Refusal::Over),
                }
            }
            Command::AskBack { by, words } => {
                self.by_specialist(&by)?;
                if self.asked_back {
                    return Err(Refusal::WithTheAsker);
                }
                Ok(vec![Event::AdviceAskedBack { said: self.message(by, &words, Vec::new(), at)? }])
            }
            Command::Reply { by, words, attachments } => {
                self.by_asker(&by)?;
                match self.stands() {
                    Stands::WithSpecialty | Stands::WithAsker => {
                        Ok(vec![Event::AdviceReplied { said: self.message(by, &words, attachments, at)? }])
                    }
                    _ => Err(Refusal::Over),
                }
            }
            Command::Answer { by, answer } => {
                self.by_specialist(&by)?;
                Ok(vec![Event::AdviceAnswered { by, answer: answer.checked(at)?, at }])
            }
            Command::Convert { by, because } => self.converting(by, &because, at),
            Command::Close { by, outcome } => {
                self.by_asker(&by)?;
                match self.stands() {
                    Stands::Answered => Ok(vec![Event::AdviceClosed { by, outcome, at }]),
                    Stands::Closed if self.outcome == Some(outcome) => Ok(Vec::new()),
                    Stands::Closed | Stands::Converted => Err(Refusal::Over),
                    _ => Err(Refusal::NotAnswered),
                }
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::AdviceAsked { question, at } => {
                self.authorised = question.conversion_agreed.then_some(*at);
                self.question = Some((question.clone(), *at));
            }
            Event::AdviceAuthorised { at, .. } => self.authorised = Some(*at),
            Event::AdviceAuthorityWithdrawn { .. } => self.authorised = None,
            Event::AdviceAskedBack { said } => {
                self.acted.get_or_insert(said.at);
                self.asked_back = true;
                self.said.push(said.clone());
            }
            Event::AdviceReplied { said } => {
                self.asked_back = false;
                self.said.push(said.clone());
            }
            Event::AdviceAnswered { answer, at, .. } => {
                self.acted.get_or_insert(*at);
                self.answer = Some((answer.clone(), *at));
            }
            Event::AdviceConverted { referral, at, .. } => {
                self.acted.get_or_insert(*at);
                self.referral = Some((**referral).clone());
            }
            Event::AdviceClosed { outcome, .. } => self.outcome = Some(*outcome),
        }
    }
}

/// An id that follows from some words, for one purpose.
pub(crate) fn derived(purpose: &str, words: &str) -> Uuid {
    let digest = store::blob::sha256(format!("{purpose}\0{words}").as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    uuid::Builder::from_custom_bytes(half).into_uuid()
}

#[cfg(test)]
mod tests;
