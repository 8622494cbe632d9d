//! Which pages are live, by the word in their ticket, and what each of them shows. A word holds opaque ids and no name of anybody.

use access::Subject;
use care::notice::{Topic, own};
use uuid::Uuid;

/// A page that follows what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// The lists of asks of the reader's desk.
    Asks,
    /// One ask.
    Ask(Uuid),
    /// The asks for one person.
    AsksFor(Uuid),
    /// The reader's page of advice.
    Advice,
    /// One call to a consultant.
    Call(Uuid),
    /// One written question.
    Question(Uuid),
    /// The crisis board.
    CrisisBoard,
    /// The stays of the reader's services.
    Stays,
    /// One stay.
    Stay(Uuid),
    /// A clinic's places, and those that can be booked for an ask.
    Slots,
    /// One visit to a clinic.
    Visit(Uuid),
    /// The services and how much room each has.
    Services,
}

impl Page {
    /// The word in addresses.
    pub(crate) fn word(self) -> String {
        let with = |word: &str, id: Uuid| format!("{word}.{id}");
        match self {
            Self::Asks => "asks".to_owned(),
            Self::Ask(id) => with("ask", id),
            Self::AsksFor(id) => with("asks-for", id),
            Self::Advice => "advice".to_owned(),
            Self::Call(id) => with("call", id),
            Self::Question(id) => with("question", id),
            Self::CrisisBoard => "crisis-board".to_owned(),
            Self::Stays => "stays".to_owned(),
            Self::Stay(id) => with("stay", id),
            Self::Slots => "slots".to_owned(),
            Self::Visit(id) => with("visit", id),
            Self::Services => "services".to_owned(),
        }
    }

    /// The page of a word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        let found = match word.split_once('.') {
            None => match word {
                "asks" => Self::Asks,
                "advice" => Self::Advice,
                "crisis-board" => Self::CrisisBoard,
                "stays" => Self::Stays,
                "slots" => Self::Slots,
                "services" => Self::Services,
                _ => return None,
            },
            Some((kind, id)) => {
                let id = id.parse().ok()?;
                match kind {
                    "ask" => Self::Ask(id),
                    "asks-for" => Self::AsksFor(id),
                    "call" => Self::Call(id),
                    "question" => Self::Question(id),
                    "stay" => Self::Stay(id),
                    "visit" => Self::Visit(id),
                    _ => return None,
                }
            }
        };
        // One page has one word: a ticket is for what is written in it.
        (found.word() == word).then_some(found)
    }

    /// What it shows of what can change. Lists are those of the reader's own teams, whatever the ticket says.
    pub(crate) fn topics(self, reader: &Subject) -> Vec<Topic> {
        let holders = || reader.teams.iter().cloned().chain(std::iter::once(own(&reader.id)));
        match self {
            Self::Asks => holders().map(Topic::Asks).collect(),
            Self::Ask(id) => vec![Topic::Ask(id)],
            Self::AsksFor(id) => vec![Topic::Person(id)],
            Self::Advice => holders().map(Topic::Advice).chain([Topic::Rotas]).collect(),
            Self::Call(id) => vec![Topic::Call(id)],
            Self::Question(id) => vec![Topic::Question(id)],
            Self::CrisisBoard => vec![Topic::Crisis],
            Self::Stays => reader.teams.iter().cloned().map(Topic::Stays).collect(),
            Self::Stay(id) => vec![Topic::Stay(id)],
            Self::Slots => vec![Topic::Slots],
            Self::Visit(id) => vec![Topic::Slot(id)],
            Self::Services => vec![Topic::Capacity],
        }
    }
}
