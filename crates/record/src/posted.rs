//! A message that a program posts and that becomes something other than resources: a referral, which becomes an ask for help.
//! Kept byte for byte, known when it comes again, counted, and set aside with its reason where nothing could be made of it, like
//! any feed's message. Must not know what it becomes: whoever makes that does so in the same transaction.

use jiff::Timestamp;
use serde_json::Value;
use store::blob::Blob;
use store::{Refused, Result, Tx, Write};
use uuid::Uuid;

use crate::feed::Reason;
use crate::ingest::{LEGALLY_RESTRICTED, hex, whole_microseconds};
use crate::message::{Brought, Command, Event, Message, Receipt};
use crate::{sensitivity, views};

/// The feed of booking-and-referral messages.
pub const FEED: &str = "bars";

/// A message as it came.
#[derive(Debug, Clone)]
pub struct Posted {
    blob: Blob,
    size: u64,
    key: String,
    content: String,
    kind: String,
    barred: bool,
}

/// What is known of a message before anything is made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It has not come before.
    New,
    /// These very words came before and were taken in, as this message, at this time.
    TakenIn(Uuid, Timestamp),
    /// These very words came before and were set aside, as this message, at this time.
    SetAside(Uuid, Timestamp),
    /// Its id was used before, for other words that were taken in; and perhaps these words were set aside for it, as this message.
    IdUsed(Option<(Uuid, Timestamp)>),
    /// Its id was used before, by this message, for other words that were set aside.
    Mended(Uuid),
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Became {
    /// Something was made of it, about these people of the record.
    Made(Vec<Uuid>),
    /// Nothing could be made of it; it waits, with the reason.
    Waits(Reason),
}

impl Posted {
    /// Of the bytes that `client` sent. `id` is the message's own, by which it is known when it comes again: a client's ids are its
    /// own. `read` is the message, where it could be read as JSON at all.
    #[must_use]
    pub fn of(client: &str, id: Option<&str>, kind: &str, raw: &[u8], read: Option<&Value>) -> Self {
        let blob = Blob::of(raw);
        let key =
            |sort: &str, word: &str| hex(&store::blob::sha256(format!("{FEED}\0{client}\0{sort}\0{word}").as_bytes()));
        let content = key("content", &hex(&blob.hash()));
        Self {
            size: raw.len() as u64,
            key: id.map_or_else(|| content.clone(), |id| key("id", id)),
            content,
            // A kind is a word of a standard; whatever else stands there may be anything.
            kind: if kind.is_empty() { "not understood".to_owned() } else { kind.to_owned() },
            barred: read.is_some_and(sensitivity::is_barred_anywhere),
            blob,
        }
    }

    /// Why nothing may be made of it, whatever it says: it holds what the law restricts.
    #[must_use]
    pub fn barred(&self) -> Option<Reason> {
        let words = "It holds an entry that the law lets few people see. What it says is shown to nobody here; send the referral \
                     again without that entry.";
        self.barred.then(|| Reason::new(LEGALLY_RESTRICTED, words))
    }

    fn receipt(&self, key: &str, at: Timestamp) -> Receipt {
        Receipt {
            feed: FEED.to_owned(),
            key: key.to_owned(),
            blob: hex(&self.blob.hash()),
            size: self.size,
            line: None,
            kind: self.kind.clone(),
            as_of: Some(whole_microseconds(at)),
            restricted: self.barred,
        }
    }
}

/// What is known of it.
///
/// # Errors
/// What the database says.
pub fn before(tx: &mut dyn Tx, posted: &Posted) -> Result<Before> {
    let words = hex(&posted.blob.hash());
    let came = |tx: &mut dyn Tx, of: Uuid| -> Result<Timestamp> {
        Ok(views::message::one(tx, of)?.map_or(Timestamp::UNIX_EPOCH, |(waiting, _)| waiting.received))
    };
    let Some((of, blob, applied)) = views::message::known(tx, &posted.key)? else { return Ok(Before::New) };
    Ok(match (blob == words, applied) {
        (true, true) => Before::TakenIn(of, came(tx, of)?),
        (true, false) => Before::SetAside(of, came(tx, of)?),
        (false, false) => Before::Mended(of),
        (false, true) => match views::message::known(tx, &posted.content)? {
            None => Before::IdUsed(None),
            Some((again, ..)) => Before::IdUsed(Some((again, came(tx, again)?))),
        },
    })
}

/// Writes down what became of a message that was not [`Before::TakenIn`]; its id. A message that had been set aside under its id
/// waits no longer: this one stands for it.
///
/// # Errors
/// What the database says.
pub fn keep(
    write: &mut Write<'_>,
    posted: &Posted,
    before: Before,
    became: Became,
    actor: &str,
    at: Timestamp,
) -> Result<Uuid> {
    let message = write.new_id(at);
    let used = matches!(before, Before::IdUsed(_));
    let receipt = posted.receipt(if used { &posted.content } else { &posted.key }, at);
    write.put_blob(&posted.blob)?;
    let event = match (became, before) {
        (Became::Waits(_), Before::SetAside(of, _) | Before::IdUsed(Some((of, _)))) => Event::Repeated { receipt, of },
        (Became::Waits(reason), _) => Event::Quarantined { receipt, reason },
        (Became::Made(people), _) => Event::Applied { receipt, brought: Brought { people, ..Brought::default() } },
    };
    let repeated = matches!(event, Event::Repeated { .. });
    settled(write.begin::<Message>(message, Command::Arrive(event), None, actor, at))?;
    if let Before::SetAside(of, _) | Before::Mended(of) = before
        && !repeated
    {
        stands_for(write, of, message, "Its sender sent it again.", actor, at)?;
    }
    Ok(message)
}

/// Writes down a message that was taken in before, and is known now.
///
/// # Errors
/// What the database says.
pub fn repeated(write: &mut Write<'_>, posted: &Posted, of: Uuid, actor: &str, at: Timestamp) -> Result<()> {
    let (message, receipt) = (write.new_id(at), posted.receipt(&posted.key, at));
    write.put_blob(&posted.blob)?;
    settled(write.begin::<Message>(message, Command::Arrive(Event::Repeated { receipt, of }), None, actor, at))
}

/// One that waits is known by another from now on.
fn stands_for(write: &mut Write<'_>, waits: Uuid, by: Uuid, note: &str, actor: &str, at: Timestamp) -> Result<()> {
    let history = store::log::stream(write.tx(), waits)?;
    let (state, version) = store::aggregate::load::<Message>(&history)?;
    let Some(receipt) = state.receipt.clone() else { return Ok(()) };
    let command = Command::Replay {
        blob: receipt.blob.clone(),
        note: note.to_owned(),
        ended: Event::Repeated { receipt, of: by },
    };
    settled(write.follow(state, version, waits, command, None, actor, at))
}

fn settled(outcome: std::result::Result<Message, Refused<crate::message::Refusal>>) -> Result<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
        Err(Refused::Rules(refusal)) => Err(store::Error::Corrupt(format!("a posted message was refused: {refusal}"))),
    }
}
