//! Quarantine: messages that are kept and wait for somebody. Their list says nothing of their words; to see the words takes
//! a permit for the one message, which is written down first.

use access::MessagePermit;
use store::{Error, Result, Tx};

use crate::message::{Event, Message};
use crate::views::message::{self, Waiting};

pub use crate::views::message::in_quarantine;

/// One message with its words.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What the list says of it.
    pub waiting: Waiting,
    /// The words as they stand: as they came, or as last mended. Empty where they are [`Self::is_sealed`].
    pub raw: Vec<u8>,
    /// The same words where nobody may read them: to be replayed and not shown.
    kept: Option<Vec<u8>>,
    /// `applied`, `duplicate` or `quarantined`.
    pub outcome: String,
    /// What earlier menders said they changed, the first first, with the time.
    pub notes: Vec<(jiff::Timestamp, String)>,
}

impl Opened {
    /// True where it holds what the law restricts: its words, and what menders said of them, are shown to nobody here.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.kept.is_some()
    }

    /// The words for a replay that changes nothing. Not to be shown.
    #[must_use]
    pub fn as_it_stands(&self) -> &[u8] {
        self.kept.as_deref().unwrap_or(&self.raw)
    }
}

/// A message's words. `None`: there is no such message.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut dyn Tx, permit: &MessagePermit) -> Result<Option<Opened>> {
    let Some((waiting, outcome)) = message::one(tx, permit.message())? else { return Ok(None) };
    let hash = unhex(&waiting.blob).ok_or_else(|| Error::Corrupt("a message's hash is not a hash".to_owned()))?;
    let raw = store::blob::get(tx, &hash)?;
    let mut notes = Vec::new();
    let mut restricted = false;
    for entry in store::log::stream(tx, permit.message())? {
        match store::aggregate::read::<Message>(&entry)? {
            Event::Mended { note, .. } => notes.push((entry.at, note)),
            Event::Applied { receipt, .. } | Event::Repeated { receipt, .. } | Event::Quarantined { receipt, .. } => {
                restricted |= receipt.restricted;
            }
        }
    }
    Ok(Some(if restricted {
        Opened { waiting, raw: Vec::new(), kept: Some(raw), outcome, notes: Vec::new() }
    } else {
        Opened { waiting, raw, kept: None, outcome, notes }
    }))
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}
