//! Decide, apply, project: everything the platform does is an aggregate. `decide` is pure (no clock, no database, no
//! randomness); rules live there and are tested there.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::log::Entry;

/// Something with a history of its own.
///
/// ```
/// use store::Aggregate;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Default)]
/// struct Lamp { lit: bool }
/// #[derive(Serialize, Deserialize)]
/// enum Happened { Lit {}, PutOut {} }
/// #[derive(Debug, thiserror::Error)]
/// #[error("the lamp is lit already")]
/// struct AlreadyLit;
///
/// impl Aggregate for Lamp {
///     const KIND: &'static str = "lamp";
///     type Command = ();
///     type Event = Happened;
///     type Refusal = AlreadyLit;
///     fn decide(&self, _light: (), _at: jiff::Timestamp) -> Result<Vec<Happened>, AlreadyLit> {
///         if self.lit { Err(AlreadyLit) } else { Ok(vec![Happened::Lit {}]) }
///     }
///     fn apply(&mut self, event: &Happened) {
///         self.lit = matches!(event, Happened::Lit {});
///     }
/// }
/// let mut lamp = Lamp::default();
/// for event in lamp.decide((), jiff::Timestamp::UNIX_EPOCH).unwrap() { lamp.apply(&event); }
/// assert!(lamp.decide((), jiff::Timestamp::UNIX_EPOCH).is_err());
/// ```
pub trait Aggregate: Default {
    /// The word under which its events stand in the log.
    const KIND: &'static str;
    /// What can be asked of it.
    type Command;
    /// What can have happened to it: an enum whose variants carry named fields (`Lit {}`), serialised as
    /// `{"Variant": {…}}`. Never changed once written; a new shape is a new variant.
    type Event: Serialize + DeserializeOwned;
    /// Why it says no.
    type Refusal: std::error::Error;

    /// What follows from a command, or why not.
    ///
    /// # Errors
    /// The refusal, in words.
    fn decide(&self, command: Self::Command, at: Timestamp) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Takes in something that happened.
    fn apply(&mut self, event: &Self::Event);
}

/// An aggregate as its log tells it, with its version.
///
/// # Errors
/// Where an event can no longer be read.
pub fn load<A: Aggregate>(entries: &[Entry]) -> Result<(A, i64)> {
    let mut state = A::default();
    for entry in entries {
        state.apply(&read::<A>(entry)?);
    }
    Ok((state, entries.last().map_or(0, |entry| entry.version)))
}

/// The event an entry holds.
///
/// # Errors
/// Where it can no longer be read, or belongs to another kind.
pub fn read<A: Aggregate>(entry: &Entry) -> Result<A::Event> {
    if entry.kind != A::KIND {
        return Err(Error::Event { kind: entry.kind.clone(), why: format!("it is not of kind {}", A::KIND) });
    }
    serde_json::from_str(&entry.body).map_err(|error| Error::Event { kind: entry.kind.clone(), why: error.to_string() })
}

/// An event's name (its variant) and its JSON.
pub(crate) fn written<A: Aggregate>(event: &A::Event) -> Result<(String, String)> {
    let failed = |why: String| Error::Event { kind: A::KIND.to_owned(), why };
    let body = serde_json::to_string(event).map_err(|error| failed(error.to_string()))?;
    // `{"Applied":{…}}`: the name is what stands in the first quotes.
    let name =
        body.split('"').nth(1).ok_or_else(|| failed("an event must be an enum's variant".to_owned()))?.to_owned();
    Ok((name, body))
}

/// Ids of streams and commands, from an injected time and injected randomness (`UUIDv7`).
#[must_use]
pub fn uuid_v7(at: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
