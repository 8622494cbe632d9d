//! Learning from the rows that are here, adopting what was learnt, and looking at everybody again by it. Nothing a steward decided
//! is learnt from or forgotten.

use identity::link::{Options, link};
use identity::roll::Roll;
use identity::saved::Saved;
use identity::schema::Schema;
use identity::text::hash_bytes;
use jiff::Timestamp;
use store::{Blob, Refused, Tx, Write};
use uuid::Uuid;

use crate::ingest::hex;
use crate::person::learning::{Command, Learning, Refusal, stream};
use crate::person::{Ground, PersonIndex};
use crate::views::linkage;

/// With fewer rows there is too little to learn from.
pub const LEAST_ROWS: usize = 500;
/// Rows read at once.
const PAGE: i64 = 5_000;

/// What was learnt, ready to be adopted.
#[derive(Debug, Clone)]
pub struct Learned {
    version: u32,
    rows: u32,
    blob: Blob,
}

impl Learned {
    /// Which learning it is.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// From how many rows.
    #[must_use]
    pub const fn rows(&self) -> u32 {
        self.rows
    }
}

/// Why nothing was learnt.
#[derive(Debug, thiserror::Error)]
pub enum NotLearned {
    /// Too few rows.
    #[error(
        "there are {0} records of people; below {LEAST_ROWS} there is too little to learn from, and the exact rules go on"
    )]
    TooFew(usize),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// It could not be written down.
    #[error("what was learnt cannot be written down: {0}")]
    Form(#[from] serde_json::Error),
}

/// Learns from every row there is. Reads only; nothing changes before it is adopted.
///
/// # Errors
/// [`NotLearned`] where there are too few rows or the database fails.
pub fn rows(tx: &mut dyn Tx) -> Result<Learned, NotLearned> {
    let version = linkage::in_force(tx)?.map_or(0, |(version, _)| version) + 1;
    let mut roll = Roll::new(Schema::default(), true);
    let mut after = Uuid::nil();
    loop {
        let page = linkage::after(tx, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in &page {
            let (read, _) = roll.read(&row.claim(false));
            roll.push(read, hash_bytes(row.id.as_bytes()));
        }
    }
    from_roll(version, roll)
}

/// Learns from a roll, as the learning of this number.
///
/// # Errors
/// [`NotLearned::TooFew`] where there is too little to learn from.
pub fn from_roll(version: u32, mut roll: Roll) -> Result<Learned, NotLearned> {
    if roll.len() < LEAST_ROWS {
        return Err(NotLearned::TooFew(roll.len()));
    }
    let mut model = link(&mut roll, &Options::default(), &mut |_| {}).model;
    model.version = version;
    let saved = Saved::of(&roll, &model);
    Ok(Learned { version, rows: saved.rows, blob: Blob::of(&serde_json::to_vec(&saved)?) })
}

/// Puts what was learnt in force.
///
/// # Errors
/// [`Refusal::NotNext`] where another was adopted meanwhile.
pub fn adopt(write: &mut Write<'_>, learned: &Learned, actor: &str, at: Timestamp) -> Result<(), Refused<Refusal>> {
    write.put_blob(&learned.blob)?;
    let command = Command::Adopt { version: learned.version, blob: hex(&learned.blob.hash()), rows: learned.rows };
    write.execute::<Learning>(stream(), command, actor, at).map(|_| ())
}

/// Looks again at the people of some rows, from the row after `after` on; gives the last row looked at, and `None` when that was all.
///
/// # Errors
/// What the database says.
pub fn look_again(
    write: &mut Write<'_>,
    index: &dyn PersonIndex,
    after: Uuid,
    most: i64,
    actor: &str,
    at: Timestamp,
) -> store::Result<Option<Uuid>> {
    let page = linkage::after(write.tx(), after, most)?;
    for row in &page {
        index.settle(write, &[row.leaf], Ground::Weights, actor, at)?;
    }
    Ok(page.last().map(|row| row.id))
}
