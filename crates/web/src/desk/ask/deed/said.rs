//! What each deed is called and what follows from it, in the words of its page. Must not know when it may be done.

use super::Deed;

/// What a deed is called: its word in addresses, the link to it, its page's heading, what follows from it, its button.
type Said = (&'static str, &'static str, &'static str, &'static str, &'static str);

impl Deed {
    pub(super) const fn said(self) -> Said {
        match self {
            Self::Receive => (
                "receive",
                "Pick it up",
                "Pick it up",
                "Your team has it from now on, and whoever asked can see that somebody is there.",
                "Pick it up",
            ),
            Self::Accept => (
                "accept",
                "Take it over",
                "Take it over",
                "Your team has it from now on. Until you press this, the team that offered it still has it.",
                "Take it over",
            ),
            Self::Return => (
                "return",
                "Give it back",
                "Give it back",
                "The team that offered it still has it and reads your reason.",
                "Give it back",
            ),
            Self::StartTriage => {
                ("start", "Begin to decide", "Begin to decide", "Others see that a clinician is at it.", "Begin")
            }
            Self::AskMore => (
                "more",
                "Ask whoever asked",
                "Ask whoever asked",
                "They see your question on their list. The ask stays yours meanwhile.",
                "Ask",
            ),
            Self::GiveInfo => (
                "tell",
                "Answer the question",
                "Answer the question",
                "The clinician who asked goes on with what you write.",
                "Answer",
            ),
            Self::HandOn => (
                "hand-on",
                "Hand it on to another team",
                "Hand it on",
                "You have it until somebody of that team has said yes. If nobody does, it is on your list as an alarm.",
                "Offer it",
            ),
            Self::TakeBack => (
                "take-back",
                "Take the offer back",
                "Take the offer back",
                "It is no longer offered. Your team has it, as before.",
                "Take it back",
            ),
            Self::Advise => (
                "advise",
                "Advice is enough",
                "Advice is enough",
                "The advice is the decision. Whoever asked still gets it as an answer before the ask can be closed.",
                "Decide so",
            ),
            Self::Redirect => (
                "redirect",
                "Somebody else is right for it",
                "Somebody else is right for it",
                "Say who, and how they are reached. It is yours until they have it.",
                "Decide so",
            ),
            Self::Decline => (
                "decline",
                "Not this, but something else",
                "Not this, but something else",
                "Nobody is turned away with nothing: say what instead, and who sees to it, by name.",
                "Decide so",
            ),
            Self::Schedule => (
                "time",
                "Arrange a time",
                "Arrange a time",
                "The person and whoever asked can see when somebody comes.",
                "Arrange it",
            ),
            Self::StartContact => (
                "contact",
                "Somebody has seen the person",
                "Somebody has seen the person",
                "Clocks that wait for somebody to come stop at the time you write, not at the time you press.",
                "Write it down",
            ),
            Self::EndContact => (
                "contact-over",
                "The contact is over",
                "The contact is over",
                "Say whether care goes on.",
                "Write it down",
            ),
            Self::Outcome => (
                "outcome",
                "Write down what came of it",
                "What came of it",
                "An ask is closed by an outcome and an answer. This is the first of the two.",
                "Write it down",
            ),
            Self::Answer => (
                "answer",
                "Tell whoever asked",
                "Tell whoever asked",
                "Write what they were told, and how.",
                "They have been told",
            ),
            Self::NoAnswer => (
                "no-answer",
                "They cannot be told",
                "They cannot be told",
                "Only where there is truly no way: the reason stays with the ask.",
                "Write it down",
            ),
            Self::Close => (
                "close",
                "Close it",
                "Close it",
                "Nothing can be done with it afterwards; everything that happened stays readable.",
                "Close it",
            ),
            Self::AskNeighbour => (
                "neighbour",
                "Ask the neighbour borough",
                "Ask the neighbour borough",
                "For somebody who is theirs by practice or by home. You keep the ask and help meanwhile: nobody is \u{201c}not our patient\u{201d}.",
                "They have been asked",
            ),
            Self::NeighbourReplied => (
                "neighbour-answer",
                "The neighbour borough has answered",
                "The neighbour borough has answered",
                "A yes has a name and a day. A no has somebody here who takes it further.",
                "Write it down",
            ),
            Self::AddWords => (
                "add",
                "Add something",
                "Add something",
                "It stands beside what was asked; nothing is rewritten.",
                "Add it",
            ),
            Self::NotReached => (
                "not-reached",
                "The person cannot be reached",
                "The person cannot be reached",
                "The ask stays open, and stays yours.",
                "Write it down",
            ),
            Self::Died => (
                "died",
                "The person has died",
                "The person has died",
                "The ask stays until there is an outcome and whoever asked has been told.",
                "Write it down",
            ),
            Self::Withdraw => (
                "withdraw",
                "Take the ask back",
                "Take the ask back",
                "Say why, and whose wish it is. It still needs an outcome and an answer.",
                "Take it back",
            ),
        }
    }
}
