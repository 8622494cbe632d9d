//! Two records that somebody has to look at: what raised them, what stewards decided, and what was taken back. A decision
//! outranks every weight, is no part of any model, and stands until a steward takes it back. Some joins want two stewards.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use super::weights::Weights;

/// Why two records are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Their NHS numbers speak against what else is said of them.
    Numbers,
    /// One of them could as well be of somebody else.
    Torn,
    /// Alike, but not enough to be joined without being looked at.
    Near,
}

impl Why {
    /// Its word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Torn => "torn",
            Self::Near => "near",
        }
    }

    /// Of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Numbers, Self::Torn, Self::Near].into_iter().find(|why| why.word() == word)
    }
}

/// What a steward says of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They are one person.
    Same,
    /// They are two people.
    NotSame,
    /// It cannot be told from what is here.
    NotSure,
}

impl Verdict {
    /// Its word in the database and in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::NotSame => "not-same",
            Self::NotSure => "not-sure",
        }
    }

    /// Of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Same, Self::NotSame, Self::NotSure].into_iter().find(|verdict| verdict.word() == word)
    }
}

/// What makes a join risky, so that two stewards have to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// The NHS numbers forbid it.
    Numbers,
    /// The weights say that two people are likelier.
    Unlikely,
    /// One of them has died, by some source, and the other has not.
    Death,
    /// Where one of them lives is withheld.
    Withheld,
    /// A steward kept them apart before.
    KeptApart,
}

impl Risk {
    /// In words, after "This is a risky join: ".
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Numbers => "the NHS numbers speak against it",
            Self::Unlikely => "by the weights two people are likelier than one",
            Self::Death => "a source says that one of them has died, and no source says so of the other",
            Self::Withheld => "where one of them lives is withheld",
            Self::KeptApart => "a steward kept them apart before",
        }
    }
}

/// What happened to a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Two records were found that somebody has to look at.
    Raised {
        /// Why.
        why: Why,
        /// How they compare, and which they are.
        weights: Weights,
    },
    /// A first steward says of a risky pair that they are one person; a second has to say so too.
    Proposed {
        /// Who.
        by: String,
        /// In their words.
        note: String,
        /// What is risky.
        risks: Vec<Risk>,
        /// How they compared then.
        weights: Weights,
    },
    /// It is decided.
    Decided {
        /// What.
        verdict: Verdict,
        /// Who.
        by: String,
        /// Who said it first, where two had to.
        first: Option<String>,
        /// In their words.
        note: String,
        /// What is risky about it, where anything is.
        risks: Vec<Risk>,
        /// How they compared then.
        weights: Weights,
        /// Every record of the one person with every record of the other, for all of which it holds.
        #[serde(default)]
        pairs: Vec<(Uuid, Uuid)>,
    },
    /// What was decided or proposed was taken back.
    Undone {
        /// Who.
        by: String,
        /// In their words.
        note: String,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Put on the list. Nothing happens where it stands there or was decided.
    Raise {
        /// Why.
        why: Why,
        /// How they compare.
        weights: Weights,
    },
    /// Decide.
    Decide {
        /// What.
        verdict: Verdict,
        /// Who, by the id of their session.
        by: String,
        /// In their words.
        note: String,
        /// What is risky about joining them.
        risks: Vec<Risk>,
        /// How they compare now.
        weights: Weights,
        /// Every record of the one person with every record of the other.
        pairs: Vec<(Uuid, Uuid)>,
    },
    /// Take back.
    Undo {
        /// Who.
        by: String,
        /// In their words.
        note: String,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody decides on what was never raised.
    #[error("these two records were never put up for review")]
    NotRaised,
    /// It is so already.
    #[error("this has been decided already; take the decision back before you decide otherwise")]
    Decided,
    /// Two people, not one twice.
    #[error("this join is risky, and you proposed it: somebody else has to agree")]
    SamePerson,
    /// Nothing to take back.
    #[error("nothing has been decided here that could be taken back")]
    NothingToUndo,
    /// Somebody has to be able to learn why.
    #[error("say in a few words how you know")]
    NoReason,
    /// Another decision stands against it.
    #[error("another decision keeps these two apart or together; take that one back first")]
    Contradicts,
    /// Without a model there is no review.
    #[error("nothing has been learnt yet of how people are told apart; run weft learn first")]
    NoModel,
}

/// A pair.
#[derive(Debug, Default)]
pub struct Pair {
    raised: bool,
    proposed: Option<String>,
    decided: Option<Verdict>,
    kept_apart: bool,
}

impl Pair {
    /// Whether a steward ever said that they are two people.
    #[must_use]
    pub const fn was_kept_apart(&self) -> bool {
        self.kept_apart
    }
}

impl Aggregate for Pair {
    const KIND: &'static str = "pair";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Raise { .. } if self.raised => Ok(Vec::new()),
            Command::Raise { why, weights } => Ok(vec![Event::Raised { why, weights }]),
            Command::Decide { .. } | Command::Undo { .. } if !self.raised => Err(Refusal::NotRaised),
            Command::Decide { note, .. } | Command::Undo { note, .. } if note.trim().is_empty() => {
                Err(Refusal::NoReason)
            }
            // What could not be told may be told later without anything being taken back.
            Command::Decide { .. } if self.decided.is_some_and(|verdict| verdict != Verdict::NotSure) => {
                Err(Refusal::Decided)
            }
            Command::Decide { verdict: Verdict::Same, by, note, risks, weights, pairs } if !risks.is_empty() => {
                match &self.proposed {
                    None => Ok(vec![Event::Proposed { by, note, risks, weights }]),
                    Some(first) if *first == by => Err(Refusal::SamePerson),
                    Some(first) => {
                        let first = Some(first.clone());
                        Ok(vec![Event::Decided { verdict: Verdict::Same, by, first, note, risks, weights, pairs }])
                    }
                }
            }
            Command::Decide { verdict, by, note, risks, weights, pairs } => {
                Ok(vec![Event::Decided { verdict, by, first: None, note, risks, weights, pairs }])
            }
            Command::Undo { .. } if self.decided.is_none() && self.proposed.is_none() => Err(Refusal::NothingToUndo),
            Command::Undo { by, note } => Ok(vec![Event::Undone { by, note }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Raised { .. } => self.raised = true,
            Event::Proposed { by, .. } => self.proposed = Some(by.clone()),
            Event::Decided { verdict, .. } => {
                self.proposed = None;
                self.decided = Some(*verdict);
                self.kept_apart |= *verdict == Verdict::NotSame;
            }
            Event::Undone { .. } => {
                self.proposed = None;
                self.decided = None;
            }
        }
    }
}

/// The id of the pair of two leaves, whichever is named first.
#[must_use]
pub fn pair_id(one: Uuid, other: Uuid) -> Uuid {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    store::resource::resource_id("", "pair", &format!("{low}|{high}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        Weights {
            one,
            other,
            model: 1,
            pattern: 0,
            before: -2000,
            bars: Vec::new(),
            household: 0,
            odds: 100,
            ruling: None,
        }
    }

    fn told(pair: &mut Pair, command: Command) -> Result<usize, Refusal> {
        let events = pair.decide(command, Timestamp::UNIX_EPOCH)?;
        events.iter().for_each(|event| pair.apply(event));
        Ok(events.len())
    }

    fn same(by: &str, risks: &[Risk]) -> Command {
        let note = "the practice confirmed it".to_owned();
        Command::Decide {
            verdict: Verdict::Same,
            by: by.to_owned(),
            note,
            risks: risks.to_vec(),
            weights: weights(),
            pairs: Vec::new(),
        }
    }

    #[test]
    fn a_risky_join_wants_two_different_people() {
        let mut pair = Pair::default();
        assert_eq!(told(&mut pair, same("a", &[])), Err(Refusal::NotRaised));
        assert_eq!(told(&mut pair, Command::Raise { why: Why::Near, weights: weights() }), Ok(1));
        assert_eq!(told(&mut pair, Command::Raise { why: Why::Near, weights: weights() }), Ok(0));
        assert_eq!(told(&mut pair, same("a", &[Risk::Death])), Ok(1));
        assert_eq!(pair.decided, None, "one is not enough");
        assert_eq!(told(&mut pair, same("a", &[Risk::Death])), Err(Refusal::SamePerson));
        assert_eq!(told(&mut pair, same("b", &[Risk::Death])), Ok(1));
        assert_eq!(pair.decided, Some(Verdict::Same));
        assert_eq!(told(&mut pair, same("b", &[])), Err(Refusal::Decided));
    }

    #[test]
    fn what_was_decided_can_be_taken_back_and_says_why() {
        let mut pair = Pair::default();
        told(&mut pair, Command::Raise { why: Why::Near, weights: weights() }).expect("raised");
        let undo = |note: &str| Command::Undo { by: "a".to_owned(), note: note.to_owned() };
        assert_eq!(told(&mut pair, undo("nothing")), Err(Refusal::NothingToUndo));
        told(&mut pair, same("a", &[])).expect("decided");
        assert_eq!(told(&mut pair, undo(" ")), Err(Refusal::NoReason));
        assert_eq!(told(&mut pair, undo("the practice rang back")), Ok(1));
        assert_eq!(told(&mut pair, same("a", &[])), Ok(1));
    }
}
