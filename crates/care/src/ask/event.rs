//! What happens to an ask, in the past tense. These words stand in the log for ever: a new meaning is a new variant.

use access::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::request::Request;
use crate::age::Age;
use crate::draft::Draft;
use crate::reciprocal::{Reciprocal, Reply};
use crate::team::Team;
use crate::triage::{Destination, Triage};
use crate::words::Words;

/// What came of an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Helped at home; needs no more for now.
    HelpedAtHome,
    /// In intermediate care.
    IntermediateCare,
    /// In hospital.
    InHospital,
    /// Advice was given and is enough.
    AdviceGiven,
    /// With the neighbourhood team.
    Neighbourhood,
    /// With whomever it was redirected to.
    Redirected,
    /// The alternative to what was declined was taken up.
    AlternativeTaken,
    /// The person does not want it.
    NotWanted,
    /// The need has gone.
    NoNeed,
    /// The person could not be reached.
    NotReached,
    /// The person died.
    Died,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 11] = [
        Self::HelpedAtHome,
        Self::IntermediateCare,
        Self::InHospital,
        Self::AdviceGiven,
        Self::Neighbourhood,
        Self::Redirected,
        Self::AlternativeTaken,
        Self::NotWanted,
        Self::NoNeed,
        Self::NotReached,
        Self::Died,
    ];

    /// The word in the log and in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::HelpedAtHome => "helped-at-home",
            Self::IntermediateCare => "intermediate-care",
            Self::InHospital => "in-hospital",
            Self::AdviceGiven => "advice-given",
            Self::Neighbourhood => "neighbourhood",
            Self::Redirected => "redirected",
            Self::AlternativeTaken => "alternative-taken",
            Self::NotWanted => "not-wanted",
            Self::NoNeed => "no-need",
            Self::NotReached => "not-reached",
            Self::Died => "died",
        }
    }

    /// The ending of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::HelpedAtHome => "helped at home",
            Self::IntermediateCare => "in intermediate care",
            Self::InHospital => "in hospital",
            Self::AdviceGiven => "advice given",
            Self::Neighbourhood => "with the neighbourhood team",
            Self::Redirected => "with whomever it was redirected to",
            Self::AlternativeTaken => "the alternative was taken up",
            Self::NotWanted => "the person does not want it",
            Self::NoNeed => "the need has gone",
            Self::NotReached => "the person could not be reached",
            Self::Died => "the person has died",
        }
    }
}

/// How a first contact was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contact {
    /// Face to face where the person is.
    Visit,
    /// Face to face where the service is.
    Attendance,
    /// By telephone.
    Telephone,
    /// By video.
    Video,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody began to write, or wrote on: the whole draft as it now stands, in the place of the one before.
    Drafted {
        /// Who. Nobody else sees it.
        by: Subject,
        /// What there is so far.
        draft: Draft,
    },
    /// The draft was thrown away by its author.
    DraftDiscarded {
        /// Who.
        by: Subject,
    },
    /// Sent.
    AskSubmitted {
        /// Who.
        by: Subject,
        /// What is asked.
        request: Box<Request>,
        /// Who has it from now on, until somebody else has taken it.
        owner: Team,
        /// When.
        at: Timestamp,
    },
    /// Somebody of the team that was asked has it.
    AskReceived {
        /// Who.
        by: Subject,
    },
    /// A clinician is at it.
    TriageStarted {
        /// Who.
        by: Subject,
    },
    /// Something more is needed of whoever asked.
    MoreInfoAsked {
        /// Who.
        by: Subject,
        /// What.
        question: Words,
    },
    /// It was answered.
    MoreInfoGiven {
        /// Who.
        by: Subject,
        /// In their words.
        words: Words,
    },
    /// Somebody added something to the ask.
    WordsAdded {
        /// Who.
        by: Subject,
        /// What.
        words: Words,
    },
    /// Decided.
    TriageDecided {
        /// Who.
        by: Subject,
        /// What, why, and on what.
        triage: Box<Triage>,
    },
    /// Offered to another team. Whoever has it keeps it until that team says yes.
    HopOffered {
        /// Who.
        by: Subject,
        /// By the team that has it.
        from: Team,
        /// To which.
        to: Team,
        /// What they have to know.
        note: Words,
        /// Whether somebody is on the line while it is handed over.
        warm: bool,
    },
    /// Taken by the team it was offered to: the one way in which an ask changes its owner.
    HopAccepted {
        /// Who.
        by: Subject,
        /// Who had it.
        from: Team,
        /// Who has it now.
        to: Team,
    },
    /// Given back by the team it was offered to.
    HopReturned {
        /// Who.
        by: Subject,
        /// Who has it, as before.
        from: Team,
        /// Who did not take it.
        to: Team,
        /// Why not.
        because: Words,
    },
    /// Taken back by the team that offered it.
    HopTakenBack {
        /// Who.
        by: Subject,
        /// Who has it, as before.
        from: Team,
        /// To whom it was offered.
        to: Team,
        /// Why.
        because: Words,
    },
    /// There is a time for it.
    AskScheduled {
        /// Who.
        by: Subject,
        /// When somebody will see the person.
        when: Timestamp,
        /// Where or by whom, in words.
        what: Words,
    },
    /// Somebody has seen the person, or spoken with them.
    ContactStarted {
        /// Who wrote it down.
        by: Subject,
        /// When it began: it may be written down later.
        when: Timestamp,
        /// How.
        contact: Contact,
    },
    /// The contact is over.
    ContactEnded {
        /// Who wrote it down.
        by: Subject,
        /// When it was over.
        when: Timestamp,
        /// Whether care goes on.
        goes_on: bool,
    },
    /// What came of it.
    OutcomeRecorded {
        /// Who.
        by: Subject,
        /// In one word.
        ending: Ending,
        /// In words.
        words: Words,
    },
    /// Whoever asked has been told.
    AnswerSent {
        /// Who.
        by: Subject,
        /// Whom.
        to: Words,
        /// By which way: on the line, by letter, by message.
        how: Words,
        /// What they were told.
        words: Words,
    },
    /// Whoever asked cannot be told.
    AnswerNotSent {
        /// Who.
        by: Subject,
        /// Why not.
        because: Words,
    },
    /// Closed.
    AskClosed {
        /// Who.
        by: Subject,
        /// How old the person is, as far as anybody knows at the end.
        age: Age,
        /// Where somebody who is or might be a child has gone on to.
        redirected: Option<Destination>,
    },
    /// Taken back by whoever asked, or by the person.
    AskWithdrawn {
        /// Who wrote it down.
        by: Subject,
        /// Why, and whose wish it is.
        because: Words,
    },
    /// The person cannot be reached.
    ContactFailed {
        /// Who.
        by: Subject,
        /// What was tried, and when.
        tried: Words,
    },
    /// The person has died.
    DeathNoted {
        /// Who.
        by: Subject,
        /// Who says so.
        source: Words,
    },
    /// The borough next door was asked for somebody of theirs. The ask stays where it is.
    ReciprocalAsked {
        /// Who.
        by: Subject,
        /// Of whom by name, by when, for what.
        reciprocal: Box<Reciprocal>,
    },
    /// The borough next door said yes or no.
    ReciprocalAnswered {
        /// Who wrote it down.
        by: Subject,
        /// What they said.
        reply: Reply,
    },
    /// Somebody who was only described has been found: the ask goes on under who they are.
    PersonFound {
        /// Who.
        by: Subject,
        /// Under which id the ask stood.
        was: Uuid,
        /// Who they are: the root.
        person: Uuid,
        /// How old they are.
        age: Age,
        /// How one knows.
        because: Words,
    },
}

impl Event {
    /// Who.
    #[must_use]
    pub const fn by(&self) -> &Subject {
        match self {
            Self::Drafted { by, .. }
            | Self::DraftDiscarded { by }
            | Self::AskSubmitted { by, .. }
            | Self::AskReceived { by }
            | Self::TriageStarted { by }
            | Self::MoreInfoAsked { by, .. }
            | Self::MoreInfoGiven { by, .. }
            | Self::WordsAdded { by, .. }
            | Self::TriageDecided { by, .. }
            | Self::HopOffered { by, .. }
            | Self::HopAccepted { by, .. }
            | Self::HopReturned { by, .. }
            | Self::HopTakenBack { by, .. }
            | Self::AskScheduled { by, .. }
            | Self::ContactStarted { by, .. }
            | Self::ContactEnded { by, .. }
            | Self::OutcomeRecorded { by, .. }
            | Self::AnswerSent { by, .. }
            | Self::AnswerNotSent { by, .. }
            | Self::AskClosed { by, .. }
            | Self::AskWithdrawn { by, .. }
            | Self::ContactFailed { by, .. }
            | Self::DeathNoted { by, .. }
            | Self::ReciprocalAsked { by, .. }
            | Self::ReciprocalAnswered { by, .. }
            | Self::PersonFound { by, .. } => by,
        }
    }
}
