//! Why a request to go back from pseudonyms is not made, answered, opened or decided: words for whoever is refused. Must not
//! say of any pseudonym whose it is, or whether it is anybody's.

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("Sign in with two factors before you do this.")]
    NotAssured,
    /// Their role asks for no such thing.
    #[error("Only an analyst asks that a team be told who pseudonyms are.")]
    NotAnAnalyst,
    /// People are gone back to for their own care alone.
    #[error(
        "Choose what it is for. A team is told who somebody is for that person\u{2019}s own care, and for nothing else."
    )]
    NotForCare,
    /// Nobody was asked for.
    #[error("Paste the pseudonyms, one on each line.")]
    Nobody,
    /// One is no pseudonym.
    #[error(
        "Line {0} is no pseudonym: each has 32 letters a to f and digits. Take it from the first column of the file."
    )]
    Malformed(usize),
    /// Too many at once.
    #[error("Ask for at most 50 people at once: a team has to be able to speak to each of them.")]
    TooMany,
    /// The officer's desk is not to be flooded.
    #[error("5 of your requests wait for an answer. Wait for one, or take one back.")]
    TooManyWaiting,
    /// No team.
    #[error("Choose the neighbourhood whose team is to be told.")]
    NoTeam,
    /// The offer says nothing.
    #[error("Say in at least 20 characters what the team will offer these people. They can read it.")]
    NoOffer,
    /// The reason says nothing.
    #[error("Say in at least 20 characters why these people, and why their team has to know.")]
    NoReason,
    /// Too much was typed.
    #[error("Use 1,000 characters or fewer.")]
    TooLong,
    /// This one has been asked before.
    #[error("This was asked before. Ask anew.")]
    AskedAlready,
    /// There is no such request.
    #[error("There is no such request.")]
    NotAsked,
    /// Their role answers nothing.
    #[error("Only a privacy officer answers such a request.")]
    NotTheOfficer,
    /// Nobody answers their own.
    #[error("You asked for this yourself. Somebody else has to answer it.")]
    TheirOwn,
    /// It does not wait.
    #[error("This request does not wait for an answer any more.")]
    NotWaiting,
    /// The answer says nothing.
    #[error("Say in at least 20 characters why. Whoever asked reads it, and so does the team.")]
    NoWords,
    /// Somebody else's.
    #[error("Only whoever asked takes a request back.")]
    NotTheirs,
    /// It is too late.
    #[error("This request is over: it cannot be taken back.")]
    Over,
    /// Another team's, or a role that goes back to nobody.
    #[error("Only the neighbourhood\u{2019}s own team opens this.")]
    NotTheirTeam,
    /// Not allowed, or not any more.
    #[error("This is not open to your team, or not any more.")]
    NotAllowed,
    /// More than were asked for.
    #[error("More people were found than were asked for, so nobody is told.")]
    MoreThanAsked,
    /// They are not told of this person here.
    #[error("Your team was not told of this person by this request, or it is over.")]
    NotToldOf,
    /// They are on the caseload by this request.
    #[error("Your team has taken this person on already.")]
    TakenOn,
    /// It was not said why somebody goes back.
    #[error("Say in at least 20 characters why you need to know whose this is. The person can read it.")]
    NoWay,
    /// It was not said why somebody is not taken on.
    #[error("Say why they are not taken on, in at least 20 characters.")]
    NoDecision,
}
