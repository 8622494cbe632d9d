//! What can be asked of a written question, what can have happened to it, and why it says no. Words of events are never changed
//! once written.

use access::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attachment::{self, Attachment};
use super::line::{BadLine, Line, checked};
use super::referral::Referral;
use super::{LONGEST, MOST_MESSAGES};
use crate::team::Team;

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What is it?
    Diagnosis,
    /// What shall we do?
    Management,
    /// Which test, or what does it mean?
    Test,
    /// Where to?
    WhereToRefer,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Diagnosis, Self::Management, Self::Test, Self::WhereToRefer];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Diagnosis => "diagnosis",
            Self::Management => "management",
            Self::Test => "test",
            Self::WhereToRefer => "where-to-refer",
        }
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Diagnosis => "What is it?",
            Self::Management => "What shall we do?",
            Self::Test => "Which test, or what does a result mean?",
            Self::WhereToRefer => "Where should the person go?",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Who asks.
    pub by: Subject,
    /// For which team.
    pub team: Team,
    /// The specialty's short name.
    pub specialty: String,
    /// The team that answers for it.
    pub to: Team,
    /// Whom it is about, by the root at the time.
    pub person: Uuid,
    /// What kind of question.
    pub kind: Kind,
    /// The question.
    pub question: String,
    /// What has been tried; may be empty.
    pub tried: String,
    /// Pictures and letters.
    pub attachments: Vec<Attachment>,
    /// The person has been told that the specialist may turn it into a referral, and agrees; the specialist then may.
    pub conversion_agreed: bool,
    /// The ask that it belongs to, door to door; a new id where it is the first of it.
    pub journey: Uuid,
}

impl Question {
    pub(super) fn checked(mut self) -> Result<Self, Refusal> {
        if !super::may_ask(&self.by) {
            return Err(Refusal::NotTheAsker);
        }
        self.question = words(&self.question)?;
        self.tried = self.tried.trim().to_owned();
        if self.tried.chars().count() > LONGEST {
            return Err(Refusal::TooLong);
        }
        attachment::together(self.attachments.iter())?;
        Ok(self)
    }
}

/// What was written after the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// By whom.
    pub by: Subject,
    /// What.
    pub words: String,
    /// Pictures and letters.
    pub attachments: Vec<Attachment>,
    /// When.
    pub at: Timestamp,
}

/// An answer. What general practitioners ask of one: not a list of tests alone, but what to do, and what to watch for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What to do.
    pub plan: String,
    /// What to watch for, and what to do then.
    pub safety_net: String,
    /// Who does what, by when.
    pub lines: Vec<Line>,
    /// Whether the practice can do it with what a practice has.
    pub in_practice: bool,
}

impl Answer {
    pub(super) fn checked(mut self, at: Timestamp) -> Result<Self, Refusal> {
        self.plan = words(&self.plan).map_err(|why| if why == Refusal::NoWords { Refusal::NoPlan } else { why })?;
        self.safety_net =
            words(&self.safety_net).map_err(|why| if why == Refusal::NoWords { Refusal::NoSafetyNet } else { why })?;
        self.lines = checked(self.lines, at)?;
        Ok(self)
    }
}

/// What came of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The practice goes on with the person's care.
    ManagedInPractice,
    /// Another service takes it on.
    OtherService,
    /// The answer came too late or did not help; what was done instead stands elsewhere.
    NoHelp,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::ManagedInPractice, Self::OtherService, Self::NoHelp];

    /// The word in tables and forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ManagedInPractice => "managed-in-practice",
            Self::OtherService => "other-service",
            Self::NoHelp => "no-help",
        }
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::ManagedInPractice => "Managed in practice",
            Self::OtherService => "Another service",
            Self::NoHelp => "It came too late, or did not help",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody asked.
    AdviceAsked {
        /// What.
        question: Question,
        /// When.
        at: Timestamp,
    },
    /// Whoever asked gave leave to refer: the person knows and agrees.
    AdviceAuthorised {
        /// Who.
        by: Subject,
        /// When.
        at: Timestamp,
    },
    /// They took the leave back.
    AdviceAuthorityWithdrawn {
        /// Who.
        by: Subject,
        /// When.
        at: Timestamp,
    },
    /// The specialist needs to know more.
    AdviceAskedBack {
        /// What.
        said: Said,
    },
    /// Whoever asked wrote more.
    AdviceReplied {
        /// What.
        said: Said,
    },
    /// The specialist answered.
    AdviceAnswered {
        /// Who.
        by: Subject,
        /// What.
        answer: Answer,
        /// When.
        at: Timestamp,
    },
    /// It became a referral.
    AdviceConverted {
        /// Who decided that.
        by: Subject,
        /// Why.
        because: String,
        /// All that the referral needs.
        referral: Box<Referral>,
        /// When.
        at: Timestamp,
    },
    /// Whoever asked said what came of the answer.
    AdviceClosed {
        /// Who.
        by: Subject,
        /// What.
        outcome: Outcome,
        /// When.
        at: Timestamp,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Ask.
    Ask(Question),
    /// Give leave to refer.
    Authorise {
        /// Who.
        by: Subject,
        /// The person has been told and agrees.
        person_agrees: bool,
    },
    /// Take the leave back.
    Withdraw {
        /// Who.
        by: Subject,
    },
    /// Ask whoever asked.
    AskBack {
        /// Who.
        by: Subject,
        /// What.
        words: String,
    },
    /// Write more.
    Reply {
        /// Who.
        by: Subject,
        /// What.
        words: String,
        /// Pictures and letters.
        attachments: Vec<Attachment>,
    },
    /// Answer.
    Answer {
        /// Who.
        by: Subject,
        /// What.
        answer: Answer,
    },
    /// Turn it into a referral.
    Convert {
        /// Who.
        by: Subject,
        /// Why.
        because: String,
    },
    /// Say what came of it.
    Close {
        /// Who.
        by: Subject,
        /// What.
        outcome: Outcome,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was asked before: a double press.
    #[error("this question has been asked already")]
    AskedAlready,
    /// There is none.
    #[error("there is no such question")]
    NotAsked,
    /// Somebody else's.
    #[error("only a clinician of the team that asked does this, signed in with two factors")]
    NotTheAsker,
    /// Not of the specialty.
    #[error("only a consultant of the specialty does this, signed in with two factors")]
    NotTheSpecialist,
    /// Over.
    #[error("this question is closed or answered; ask a new one, and it stays on the same journey")]
    Over,
    /// Nothing to close.
    #[error("it has not been answered yet")]
    NotAnswered,
    /// Asked back already.
    #[error("whoever asked has this question now; it comes back when they write")]
    WithTheAsker,
    /// No leave, or too late.
    #[error(
        "whoever asked had not allowed a referral before the specialist first wrote; answer with the advice to refer, \
         and they refer with one press"
    )]
    NotAuthorised,
    /// Leave comes first.
    #[error("leave to refer is given before the specialist does anything; now refer from the answer yourself")]
    TooLate,
    /// Nobody is referred without knowing.
    #[error("tell the person that it may become a referral, and give leave only if they agree")]
    PersonNotTold,
    /// No words.
    #[error("write a few words")]
    NoWords,
    /// No plan.
    #[error("say what to do: a list of tests alone is no answer")]
    NoPlan,
    /// No safety net.
    #[error("say what to watch for, and what to do then")]
    NoSafetyNet,
    /// Too many words.
    #[error("write at most {LONGEST} characters")]
    TooLong,
    /// Too many messages.
    #[error("{MOST_MESSAGES} messages have not settled it: ring instead")]
    TooManyMessages,
    /// A line is wrong.
    #[error("{0}")]
    Line(#[from] BadLine),
    /// A file is.
    #[error("{0}")]
    Attachment(#[from] attachment::Refused),
    /// The specialty could not be let see the record.
    #[error("the specialty cannot be let see the record: {0}")]
    NotOpened(access::tie::Refusal),
}

/// Words without the blanks around them: some, and not too many.
pub(super) fn words(words: &str) -> Result<String, Refusal> {
    let words = words.trim();
    match words.chars().count() {
        0 => Err(Refusal::NoWords),
        many if many > LONGEST => Err(Refusal::TooLong),
        _ => Ok(words.to_owned()),
    }
}
