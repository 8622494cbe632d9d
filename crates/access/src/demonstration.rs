//! The mark of a demonstration: the first entry of its log says that everybody in it is invented. Only into an empty log can
//! it be written, and it goes where the log goes; so the demonstration's sign-in, which asks nobody for a proof, can never be
//! switched on over real data.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Result, Tx, Write};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Everything that follows is invented.
    Begun {},
}

/// A demonstration.
#[derive(Debug, Default)]
pub struct Demonstration {
    begun: bool,
}

/// A demonstration begins once, before anything else.
#[derive(Debug, thiserror::Error)]
#[error("a demonstration begins in an empty database and once")]
pub struct NotEmpty;

impl Aggregate for Demonstration {
    const KIND: &'static str = "demonstration";
    type Command = ();
    type Event = Event;
    type Refusal = NotEmpty;

    fn decide(&self, _begin: (), _at: Timestamp) -> Result<Vec<Event>, NotEmpty> {
        if self.begun { Err(NotEmpty) } else { Ok(vec![Event::Begun {}]) }
    }

    fn apply(&mut self, _event: &Event) {
        self.begun = true;
    }
}

/// Marks an empty database as a demonstration's.
///
/// # Errors
/// Where it holds anything already, or what the database says.
pub fn begin(write: &mut Write<'_>, at: Timestamp) -> Result<()> {
    if store::log::head(write.tx())?.seq != 0 {
        return Err(store::Error::Constraint(NotEmpty.to_string()));
    }
    let id = write.new_id(at);
    match write.begin::<Demonstration>(id, (), None, "weft", at) {
        Ok(_) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
        Err(Refused::Rules(refusal)) => Err(store::Error::Constraint(refusal.to_string())),
    }
}

/// Whether the data are a demonstration's.
///
/// # Errors
/// What the database says.
pub fn is_one(tx: &mut dyn Tx) -> Result<bool> {
    let first = store::log::first(tx)?;
    Ok(first.is_some_and(|entry| entry.seq == 1 && entry.kind == Demonstration::KIND))
}
