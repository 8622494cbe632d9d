//! The log: append-only, one hash chain over everything that happened. Each row carries the SHA-256 of the row before it
//! and of itself, so that a row changed, taken out or put in between shows. Rows are never updated or deleted.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::{Row, Sql};
use crate::table::{Index, Table, Type, column, optional};
use crate::tx::Tx;

/// The log's table.
pub static LOG: Table = Table {
    name: "log",
    columns: &[
        column("seq", Type::Int),
        column("at", Type::Int),
        column("kind", Type::Text),
        column("stream", Type::Uuid),
        column("version", Type::Int),
        column("event", Type::Text),
        column("actor", Type::Text),
        column("body", Type::Text),
        optional("covers", Type::Bytes),
        column("hash", Type::Bytes),
    ],
    key: &["seq"],
    clustered: false,
    indexes: &[Index { name: "log_stream", columns: &["stream", "version"], unique: true, only: "" }],
};

static LAST: Sql = Sql::both("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1");
static HASH_AT: Sql = Sql::both("SELECT hash FROM log WHERE seq = $1");
static STREAM: Sql = Sql::both(
    "SELECT seq, at, kind, stream, version, event, actor, body, covers, hash FROM log WHERE stream = $1 ORDER BY version",
);
static FROM: Sql = Sql::both(
    "SELECT seq, at, kind, stream, version, event, actor, body, covers, hash FROM log WHERE seq >= $1 ORDER BY seq LIMIT $2",
);
static SINCE: Sql = Sql::both("SELECT seq, kind, stream, version FROM log WHERE seq > $1 AND seq <= $2 ORDER BY seq");
/// One writer at a time gives out sequence numbers; released with the transaction. SQLite has one writer anyway.
static LOCK: Sql = Sql::each("SELECT 1", "SELECT 1 FROM (SELECT pg_advisory_xact_lock(5742)) AS held");

pub(crate) static STATEMENTS: &[&Sql] = &[&LAST, &HASH_AT, &STREAM, &FROM, &SINCE, &LOCK];

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// The kind of thing it happened to: `message`, `person`, `look`.
    pub kind: String,
    /// Which one.
    pub stream: Uuid,
    /// Its place in that one's history, from 1.
    pub version: i64,
    /// What happened, in the past tense: `Applied`.
    pub event: String,
    /// Who or what did it: `persona:district-nurse`, `feed:hospital`.
    pub actor: String,
    /// The event as JSON.
    pub body: String,
    /// A digest of the record rows that were written with it, if any.
    pub covers: Option<[u8; 32]>,
    /// The chain's hash up to and with this row.
    pub hash: [u8; 32],
}

/// The end of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// The last sequence number; 0 where the log is empty.
    pub seq: i64,
    /// The last hash; zeros where the log is empty.
    pub hash: [u8; 32],
}

impl Entry {
    /// The hash this row should carry after a row whose hash is `before`. Every field is length-prefixed, so that no two
    /// different rows read as the same bytes.
    #[must_use]
    pub fn chained(&self, before: &[u8; 32]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"weft-log-1");
        hasher.update(before);
        hasher.update(self.seq.to_le_bytes());
        hasher.update(self.at.as_microsecond().to_le_bytes());
        hasher.update(self.stream.as_bytes());
        hasher.update(self.version.to_le_bytes());
        for text in [&self.kind, &self.event, &self.actor, &self.body] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        match &self.covers {
            None => hasher.update([0]),
            Some(digest) => {
                hasher.update([1]);
                hasher.update(digest);
            }
        }
        hasher.finalize().into()
    }
}

/// The end of the chain as stored.
///
/// # Errors
/// What the database says.
pub fn head(tx: &mut dyn Tx) -> Result<Head> {
    Ok(tx.first(&LAST, &[], |row| Ok(Head { seq: row.int(0)?, hash: row.hash(1)? }))?.unwrap_or_default())
}

/// The chain's hash at one row; `None` where there is no such row.
///
/// # Errors
/// What the database says.
pub fn hash_at(tx: &mut dyn Tx, seq: i64) -> Result<Option<[u8; 32]>> {
    tx.first(&HASH_AT, &[seq.into()], |row| row.hash(0))
}

/// Takes the right to append until this transaction ends.
pub(crate) fn lock(tx: &mut dyn Tx) -> Result<()> {
    tx.query(&LOCK, &[], &mut |_| Ok(()))
}

/// Everything that happened to one thing, in order.
///
/// # Errors
/// What the database says.
pub fn stream(tx: &mut dyn Tx, stream: Uuid) -> Result<Vec<Entry>> {
    tx.all(&STREAM, &[stream.into()], entry)
}

/// The first entry there ever was.
///
/// # Errors
/// What the database says.
pub fn first(tx: &mut dyn Tx) -> Result<Option<Entry>> {
    tx.first(&FROM, &[1.into(), 1.into()], entry)
}

/// What an entry happened to, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The kind of thing.
    pub kind: String,
    /// Which one.
    pub stream: Uuid,
    /// The entry's place in that one's history, from 1.
    pub version: i64,
}

/// To what the entries after one place of the log, up to and with another, happened; in order.
///
/// # Errors
/// What the database says.
pub fn marks(tx: &mut dyn Tx, after: i64, to: i64) -> Result<Vec<Mark>> {
    tx.all(&SINCE, &[after.into(), to.into()], |row| {
        Ok(Mark { kind: row.string(1)?, stream: row.uuid(2)?, version: row.int(3)? })
    })
}

/// Hands every entry from `seq` on to `each`, in order, a thousand at a time.
///
/// # Errors
/// What the database says, or the first error of `each`.
pub fn walk(tx: &mut dyn Tx, from: i64, each: &mut dyn FnMut(&mut dyn Tx, Entry) -> Result<()>) -> Result<()> {
    let mut next = from;
    loop {
        let page = tx.all(&FROM, &[next.into(), 1_000.into()], entry)?;
        let Some(last) = page.last() else { return Ok(()) };
        next = last.seq + 1;
        for entry in page {
            each(tx, entry)?;
        }
    }
}

/// The first entry from `seq` on that cannot be read, for the report on a damaged log.
pub(crate) fn first_unreadable(tx: &mut dyn Tx, from: i64) -> Result<i64> {
    let mut bad = None;
    tx.query(&FROM, &[from.into(), 1_000.into()], &mut |row| {
        if bad.is_none() && entry(row).is_err() {
            bad = Some(row.int(0)?);
        }
        Ok(())
    })?;
    Ok(bad.unwrap_or(from))
}

fn entry(row: &dyn Row) -> Result<Entry> {
    Ok(Entry {
        seq: row.int(0)?,
        at: row.time(1)?,
        kind: row.string(2)?,
        stream: row.uuid(3)?,
        version: row.int(4)?,
        event: row.string(5)?,
        actor: row.string(6)?,
        body: row.string(7)?,
        covers: if row.bytes_or_null(8)?.is_some() { Some(row.hash(8)?) } else { None },
        hash: row.hash(9)?,
    })
}
