//! Why an ask says no, in words for the person who tried.

use crate::team::Team;
use crate::triage::NotDecided;
use crate::words::Words;

use super::state::State;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The leave they have is for something else, or for somebody else.
    #[error("this needs leave to work this person's asks; open the ask again from your list")]
    NoLeave,
    /// Something else has this id.
    #[error("this id belongs to something else; open the form again")]
    TakenId,
    /// The relationship that goes with the ask cannot be.
    #[error("the ask cannot open or end the relationship that goes with it: {0}")]
    Tie(access::tie::Refusal),
    /// The stay that goes with the ask says no.
    #[error("the stay that goes with this ask says no: {0}")]
    Stay(crate::episode::Refusal),
    /// The place that is booked for the ask says no.
    #[error("the place that is booked for this ask says no: {0}")]
    Slot(crate::slot::Refusal),
    /// Who they are was not proved well enough.
    #[error("sign in with two factors before you work with asks")]
    NotAssured,
    /// Their role does not do this.
    #[error("your role does not do this; somebody who does: {0}")]
    NotYourRole(&'static str),
    /// Another team has it.
    #[error("{0} has this ask; only somebody of that team can do this")]
    NotYours(Team),
    /// The crisis team's own page says it.
    #[error(
        "the crisis team is at it: say on the crisis page who goes, who has arrived, where the person goes on to, or that nobody goes"
    )]
    WithCrisisTeam,
    /// The crisis response that goes with it cannot be.
    #[error("the crisis response that goes with it cannot be: {0}")]
    Crisis(String),
    /// It was offered to another team.
    #[error("this ask was offered to {0}; only somebody of that team can take it or give it back")]
    NotOfferedToYou(Team),
    /// It is not offered to anybody.
    #[error("this ask is not offered to any team now; it may have been answered or taken back a moment ago")]
    NotOffered,
    /// It waits for a team already.
    #[error("this ask is offered to {0} already; wait for their answer, or take it back first")]
    OfferedAlready(Team),
    /// Offered to whom has it.
    #[error("{0} has this ask already")]
    TheirsAlready(Team),
    /// They do not act for the team in whose name they ask.
    #[error("you do not act for {0}, so you cannot ask in its name")]
    NotYourTeam(Team),
    /// Somebody else's draft.
    #[error("this draft is somebody else's")]
    NotYourDraft,
    /// There is no draft.
    #[error("there is no draft to throw away")]
    NoDraft,
    /// More than can be kept of a field.
    #[error("`{0}` is too long to keep: write less than 8,000 characters")]
    DraftTooLong(String),
    /// The ask has been sent, and this is another one.
    #[error(
        "this ask has been sent already, with other words. Nothing of the ask that was sent has changed: open it and add to it"
    )]
    SentAlready,
    /// Nobody is asked for.
    #[error("say whom the ask is for: somebody you have found, or a new person with a description")]
    Nobody,
    /// That cannot follow on where the ask is.
    #[error("this cannot be done now: the ask is {}", .0.said())]
    NotNow(State),
    /// The decision is not sound.
    #[error(transparent)]
    NotDecided(#[from] NotDecided),
    /// Only for what was accepted.
    #[error("a time or a contact belongs to an ask that a service has accepted")]
    NotAccepted,
    /// A time that cannot be.
    #[error("{what} cannot be {why}: check the time")]
    OutOfOrder {
        /// Of what.
        what: &'static str,
        /// Before or after what.
        why: &'static str,
    },
    /// No outcome, so no end.
    #[error("write down what came of it before you close it")]
    NoOutcome,
    /// Nobody has been told.
    #[error("tell whoever asked, or write down why they cannot be told, before you close it")]
    NoAnswer,
    /// There is nothing to tell yet.
    #[error("there is nothing to answer yet: decide first")]
    NothingToAnswer,
    /// A child, or perhaps one, with nowhere to go on to.
    #[error(
        "the person is under 18, or might be: say where they have gone on to before you close it. If they are an adult, say how \
         old they are and who says so"
    )]
    ChildWithoutTarget,
    /// An ending that is not this ask's.
    #[error("the ending `died` belongs to an ask whose person has died: note that first, with who says so")]
    WrongEnding,
    /// Nobody is turned away for being another borough's.
    #[error(
        "nobody is \u{201c}not our patient\u{201d}: help now, and ask the neighbour borough, of somebody by name and by a date. If there is another \
         reason, say that one"
    )]
    NotNotOurs,
    /// A neighbour was asked already.
    #[error("{0} of the neighbour borough has been asked already; write down their answer first")]
    NeighbourAsked(Words),
    /// Nobody there was asked.
    #[error("no neighbour borough has been asked; ask first")]
    NoNeighbourAsked,
    /// What a neighbour was asked is still open.
    #[error("{0} of the neighbour borough has not answered: write down what they said, or who here takes it further")]
    NeighbourSilent(Words),
    /// Something that is no borough.
    #[error("{0} is no neighbour borough")]
    NotANeighbour(Team),
    /// The ask stands under that person already.
    #[error("the ask stands under this person already")]
    SamePerson,
}

impl Refusal {
    /// The team that it names, for whoever says it with that team's own name.
    #[must_use]
    pub const fn team(&self) -> Option<&Team> {
        match self {
            Self::NotYours(team)
            | Self::NotOfferedToYou(team)
            | Self::OfferedAlready(team)
            | Self::TheirsAlready(team)
            | Self::NotYourTeam(team)
            | Self::NotANeighbour(team) => Some(team),
            _ => None,
        }
    }
}
