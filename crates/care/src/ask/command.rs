//! What can be asked of an ask: who, and what they do.

use access::Subject;
use jiff::Timestamp;
use uuid::Uuid;

use super::event::{Contact, Ending};
use super::request::Request;
use crate::age::Age;
use crate::draft::Draft;
use crate::reciprocal::{Reciprocal, Reply};
use crate::team::Team;
use crate::triage::{Destination, Triage};
use crate::words::Words;

/// Somebody does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Who.
    pub by: Subject,
    /// What.
    pub act: Act,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Keep what has been typed so far.
    Draft(Draft),
    /// Throw the draft away.
    Discard,
    /// Send it.
    Submit(Box<Request>),
    /// Pick it up, for the team that was asked.
    Receive,
    /// Begin to decide.
    StartTriage,
    /// Ask whoever asked.
    AskMore {
        /// What.
        question: Words,
    },
    /// Answer that.
    GiveInfo {
        /// In words.
        words: Words,
    },
    /// Add something.
    AddWords {
        /// What.
        words: Words,
    },
    /// Decide. Where another team has to take it, it is offered to that team in the same breath.
    Decide {
        /// What, why, and on what.
        triage: Box<Triage>,
        /// Whether somebody of that team is on the line.
        warm: bool,
    },
    /// Offer it to another team.
    OfferHop {
        /// Which.
        to: Team,
        /// What they have to know.
        note: Words,
        /// Whether somebody of that team is on the line.
        warm: bool,
    },
    /// Take what was offered to one's team.
    AcceptHop,
    /// Give back what was offered to one's team.
    ReturnHop {
        /// Why.
        because: Words,
    },
    /// Take back what one's team has offered.
    TakeBackHop {
        /// Why.
        because: Words,
    },
    /// Arrange a time.
    Schedule {
        /// When.
        when: Timestamp,
        /// Where or by whom.
        what: Words,
    },
    /// Write down that somebody has seen the person.
    StartContact {
        /// When that began.
        when: Timestamp,
        /// How.
        contact: Contact,
    },
    /// Write down that the contact is over.
    EndContact {
        /// When.
        when: Timestamp,
        /// Whether care goes on.
        goes_on: bool,
    },
    /// Write down what came of it.
    RecordOutcome {
        /// In one word.
        ending: Ending,
        /// In words.
        words: Words,
    },
    /// Write down that whoever asked has been told.
    Answer {
        /// Whom.
        to: Words,
        /// By which way.
        how: Words,
        /// What.
        words: Words,
    },
    /// Write down why they cannot be told.
    CannotAnswer {
        /// Why.
        because: Words,
    },
    /// Close it.
    Close {
        /// How old the person is, as the record or anybody says now.
        age: Age,
        /// Where somebody who is or might be a child has gone on to.
        redirected: Option<Destination>,
    },
    /// Take the ask back.
    Withdraw {
        /// Why, and whose wish it is.
        because: Words,
    },
    /// Write down that the person cannot be reached.
    CannotContact {
        /// What was tried.
        tried: Words,
    },
    /// Write down that the person has died.
    NoteDeath {
        /// Who says so.
        source: Words,
    },
    /// Ask the borough next door for somebody of theirs.
    AskNeighbour(Box<Reciprocal>),
    /// Write down what the borough next door said.
    NeighbourReplied(Reply),
    /// Say who the person is.
    FindPerson {
        /// Their root.
        person: Uuid,
        /// How old they are.
        age: Age,
        /// How one knows.
        because: Words,
    },
}
