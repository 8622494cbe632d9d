//! Quarantine: messages that are kept and wait for somebody. Their list says nothing of their words; to see the words takes
//! a permit for the one message, which is written down first.

use access::MessagePermit;
use serde_json::Value;
use store::{Error, Result, Tx};

use crate::message::{Event, Message};
use crate::views::demographic;
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
    /// True where they are sealed because they speak of somebody whose details are withheld.
    pub withheld: bool,
    /// `applied`, `duplicate` or `quarantined`.
    pub outcome: String,
    /// What earlier menders said they changed, the first first, with the time.
    pub notes: Vec<(jiff::Timestamp, String)>,
}

impl Opened {
    /// True where it holds what the law restricts, or speaks of somebody whose details are withheld: its words, and what menders
    /// said of them, are shown to nobody here.
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
    let withheld = !restricted && speaks_of_withheld(tx, &waiting.feed, &raw)?;
    Ok(Some(if restricted || withheld {
        Opened { waiting, raw: Vec::new(), kept: Some(raw), withheld, outcome, notes: Vec::new() }
    } else {
        Opened { waiting, raw, kept: None, withheld, outcome, notes }
    }))
}

/// The shortest of a feed's own ids that says whom a message is about wherever it stands in it.
const TELLING: usize = 4;

/// Whether a message speaks of somebody whose details are withheld, as far as that can be told of words that could not be
/// understood: by its own mark, by their NHS number, by the feed's own id of them, by their family name with their birth date.
/// In doubt it does.
fn speaks_of_withheld(tx: &mut dyn Tx, feed: &str, raw: &[u8]) -> Result<bool> {
    if serde_json::from_slice(raw).is_ok_and(|value| is_marked(&value)) {
        return Ok(true);
    }
    let text = String::from_utf8_lossy(raw);
    let words: std::collections::HashSet<&str> =
        text.split(|letter: char| !(letter.is_alphanumeric() || "-._".contains(letter))).collect();
    let dense: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_uppercase();
    let letters = crate::patient::fold_all(&text);
    let (said, locals) = demographic::withheld(tx, feed)?;
    let told = |one: &demographic::Telling| {
        let number = one.nhs_number.as_ref().is_some_and(|number| dense.contains(number));
        let born = one.birth_date.as_deref().is_some_and(|born| dates(born).iter().any(|date| dense.contains(date)));
        number || born && one.family_key.as_ref().is_some_and(|family| letters.contains(family))
    };
    Ok(said.iter().any(told) || locals.iter().any(|local| local.len() >= TELLING && words.contains(local.as_str())))
}

/// True where a Patient or Person in it asks that where they live be told to nobody.
fn is_marked(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_marked),
        Value::Object(fields) => {
            let person = fields.get("resourceType").and_then(Value::as_str);
            person.is_some_and(|kind| matches!(kind, "Patient" | "Person")) && crate::sensitivity::withholds(value)
                || fields.values().any(is_marked)
        }
        _ => false,
    }
}

/// A birth date in the ways in which feeds write one, letters and digits only.
fn dates(born: &str) -> Vec<String> {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let mut parts = born.split('-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return Vec::new() };
    let name = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let named = name.map(|name| format!("{day}{name}{year}"));
    [format!("{year}{month}{day}"), format!("{day}{month}{year}")].into_iter().chain(named).collect()
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
