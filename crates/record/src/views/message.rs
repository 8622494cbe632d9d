//! What became of every message: one row each, the key by which a repeat is known, and the tally of each feed. The tally's
//! own sum is a rule of the database: received = applied + duplicates + quarantined.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate, Entry, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::feed::Reason;
use crate::message::{Event, Message, Receipt};

static MESSAGE: Table = Table {
    name: "message",
    columns: &[
        column("id", Type::Uuid),
        column("feed", Type::Text),
        column("kind", Type::Text),
        column("outcome", Type::Text),
        column("received", Type::Int),
        optional("as_of", Type::Int),
        column("size", Type::Int),
        optional("line", Type::Int),
        column("blob", Type::Text),
        optional("code", Type::Text),
        optional("sentence", Type::Text),
        optional("location", Type::Text),
        column("mends", Type::Int),
    ],
    key: &["id"],
    clustered: true,
    indexes: &[Index {
        name: "message_waiting",
        columns: &["feed", "received", "id"],
        unique: false,
        only: "outcome = 'quarantined'",
    }],
};
static KEY: Table = Table {
    name: "message_key",
    columns: &[
        column("key", Type::Text),
        column("message", Type::Uuid),
        column("blob", Type::Text),
        column("applied", Type::Int),
    ],
    key: &["key"],
    clustered: true,
    indexes: &[],
};
static TALLY: Table = Table {
    name: "feed_tally",
    columns: &[
        column("feed", Type::Text),
        column("received", Type::Int),
        column("applied", Type::Int),
        column("duplicates", Type::Int),
        column("quarantined", Type::Int),
        column("last_received", Type::Int),
        optional("last_as_of", Type::Int),
    ],
    key: &["feed"],
    clustered: true,
    indexes: &[],
};
static DAY: Table = Table {
    name: "feed_day",
    columns: &[
        column("feed", Type::Text),
        column("day", Type::Text),
        column("received", Type::Int),
        column("applied", Type::Int),
        column("duplicates", Type::Int),
        column("quarantined", Type::Int),
    ],
    key: &["feed", "day"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&MESSAGE, &KEY, &TALLY, &DAY];

static PUT: Sql = Sql::both(
    "INSERT INTO message (id, feed, kind, outcome, received, as_of, size, line, blob, code, sentence, location, mends)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)",
);
static RENEW: Sql = Sql::both(
    "UPDATE message SET kind = $1, outcome = $2, as_of = $3, size = $4, blob = $5, code = $6, sentence = $7, location = $8,
     mends = mends + 1 WHERE id = $9",
);
static STANDS: Sql = Sql::both("SELECT outcome, received FROM message WHERE id = $1");
static PUT_KEY: Sql = Sql::both(
    "INSERT INTO message_key (key, message, blob, applied) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key) DO UPDATE SET message = excluded.message, blob = excluded.blob, applied = excluded.applied
     WHERE message_key.applied = 0",
);
static FIND_KEY: Sql = Sql::both("SELECT message, blob, applied FROM message_key WHERE key = $1");
static COUNT_IN: Sql = Sql::both(
    "INSERT INTO feed_tally (feed, received, applied, duplicates, quarantined, last_received, last_as_of)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (feed) DO UPDATE SET received = feed_tally.received + excluded.received,
       applied = feed_tally.applied + excluded.applied, duplicates = feed_tally.duplicates + excluded.duplicates,
       quarantined = feed_tally.quarantined + excluded.quarantined,
       last_received = CASE WHEN excluded.last_received > feed_tally.last_received
         THEN excluded.last_received ELSE feed_tally.last_received END,
       last_as_of = CASE WHEN feed_tally.last_as_of IS NULL OR excluded.last_as_of > feed_tally.last_as_of
         THEN excluded.last_as_of ELSE feed_tally.last_as_of END",
);
static COUNT_DAY: Sql = Sql::both(
    "INSERT INTO feed_day (feed, day, received, applied, duplicates, quarantined) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (feed, day) DO UPDATE SET received = feed_day.received + excluded.received,
       applied = feed_day.applied + excluded.applied, duplicates = feed_day.duplicates + excluded.duplicates,
       quarantined = feed_day.quarantined + excluded.quarantined",
);
static TALLIES: Sql = Sql::both(
    "SELECT t.feed, t.received, t.applied, t.duplicates, t.quarantined, t.last_received, t.last_as_of,
            (SELECT min(m.received) FROM message AS m WHERE m.outcome = 'quarantined' AND m.feed = t.feed),
            coalesce(d.received, 0), coalesce(d.applied, 0), coalesce(d.duplicates, 0), coalesce(d.quarantined, 0)
     FROM feed_tally AS t LEFT JOIN feed_day AS d ON d.feed = t.feed AND d.day = $1 ORDER BY t.feed",
);
static WAITING: Sql = Sql::both(
    "SELECT id, feed, kind, received, as_of, size, line, blob, code, sentence, location, mends FROM message
     WHERE outcome = 'quarantined' AND ($1 = '' OR feed = $1) ORDER BY received, id LIMIT $2 OFFSET $3",
);
static WAITING_COUNT: Sql =
    Sql::both("SELECT count(*) FROM message WHERE outcome = 'quarantined' AND ($1 = '' OR feed = $1)");
static ONE: Sql = Sql::both(
    "SELECT id, feed, kind, received, as_of, size, line, blob, code, sentence, location, mends, outcome FROM message WHERE id = $1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] =
    &[&PUT, &RENEW, &STANDS, &PUT_KEY, &FIND_KEY, &COUNT_IN, &COUNT_DAY, &TALLIES, &WAITING, &WAITING_COUNT, &ONE];

/// Keeps the tables of messages.
pub struct Messages;

/// One outcome as counts: applied, duplicates, quarantined.
fn counts(outcome: &str) -> [i64; 3] {
    ["applied", "duplicate", "quarantined"].map(|one| i64::from(one == outcome))
}

impl View for Messages {
    fn name(&self) -> &'static str {
        "messages"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn keeps(&self, entry: &Entry) -> Result<Vec<[u8; 32]>> {
        if entry.kind != Message::KIND {
            return Ok(Vec::new());
        }
        let blob = match aggregate::read::<Message>(entry)? {
            Event::Applied { receipt, .. } | Event::Repeated { receipt, .. } | Event::Quarantined { receipt, .. } => {
                receipt.blob
            }
            Event::Mended { blob, .. } => blob,
        };
        Ok(crate::quarantine::unhex(&blob).into_iter().collect())
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Message::KIND {
            return Ok(());
        }
        let event = aggregate::read::<Message>(entry)?;
        let (receipt, outcome, reason) = match &event {
            Event::Applied { receipt, .. } => (receipt, "applied", None),
            Event::Repeated { receipt, .. } => (receipt, "duplicate", None),
            Event::Quarantined { receipt, reason } => (receipt, "quarantined", Some(reason)),
            // What a mend led to is the next event; this one only keeps who changed what.
            Event::Mended { .. } => return Ok(()),
        };
        let standing = if entry.version == 1 {
            None
        } else {
            tx.first(&STANDS, &[entry.stream.into()], |row| Ok((row.string(0)?, row.time(1)?)))?
        };
        let code = reason.map(|reason| &reason.code);
        let sentence = reason.map(|reason| &reason.sentence);
        let location = reason.and_then(|reason| reason.location.as_ref());
        let as_of = receipt.as_of.map(Timestamp::as_microsecond);
        let size = i64::try_from(receipt.size).unwrap_or(i64::MAX);
        match &standing {
            None => {
                tx.execute(
                    &PUT,
                    &[
                        entry.stream.into(),
                        (&receipt.feed).into(),
                        (&receipt.kind).into(),
                        outcome.into(),
                        entry.at.as_microsecond().into(),
                        as_of.into(),
                        size.into(),
                        receipt.line.and_then(|line| i64::try_from(line).ok()).into(),
                        (&receipt.blob).into(),
                        code.into(),
                        sentence.into(),
                        location.into(),
                    ],
                )?;
            }
            Some(_) => {
                tx.execute(
                    &RENEW,
                    &[
                        (&receipt.kind).into(),
                        outcome.into(),
                        as_of.into(),
                        size.into(),
                        (&receipt.blob).into(),
                        code.into(),
                        sentence.into(),
                        location.into(),
                        entry.stream.into(),
                    ],
                )?;
            }
        }
        if outcome != "duplicate" {
            tx.execute(
                &PUT_KEY,
                &[(&receipt.key).into(), entry.stream.into(), (&receipt.blob).into(), (outcome == "applied").into()],
            )?;
        }
        count(tx, receipt, outcome, standing.as_ref().map(|(outcome, at)| (outcome.as_str(), *at)), entry.at)
    }
}

fn count(
    tx: &mut dyn Tx,
    receipt: &Receipt,
    outcome: &str,
    before: Option<(&str, Timestamp)>,
    at: Timestamp,
) -> Result<()> {
    // A mend moves a message from one column to another; it was received once, on the day it came.
    let received = i64::from(before.is_none());
    let mut changes = counts(outcome);
    if let Some((before, _)) = before {
        for (change, was) in changes.iter_mut().zip(counts(before)) {
            *change -= was;
        }
    }
    let came = before.map_or(at, |(_, came)| came);
    let [applied, duplicates, quarantined] = changes;
    tx.execute(
        &COUNT_IN,
        &[
            (&receipt.feed).into(),
            received.into(),
            applied.into(),
            duplicates.into(),
            quarantined.into(),
            came.as_microsecond().into(),
            (outcome == "applied").then(|| receipt.as_of.map(Timestamp::as_microsecond)).flatten().into(),
        ],
    )?;
    let day = day(came);
    tx.execute(
        &COUNT_DAY,
        &[
            (&receipt.feed).into(),
            (&day).into(),
            received.into(),
            applied.into(),
            duplicates.into(),
            quarantined.into(),
        ],
    )?;
    Ok(())
}

/// The day in England on which a moment falls.
fn day(at: Timestamp) -> String {
    at.in_tz("Europe/London").map_or_else(|_| at.strftime("%F").to_string(), |zoned| zoned.date().to_string())
}

/// The message that a key belongs to, the bytes it had, and whether it was applied.
pub(crate) fn known(tx: &mut dyn Tx, key: &str) -> Result<Option<(Uuid, String, bool)>> {
    tx.first(&FIND_KEY, &[key.into()], |row| Ok((row.uuid(0)?, row.string(1)?, row.int(2)? != 0)))
}

/// Messages counted by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// All that came.
    pub received: i64,
    /// Taken in.
    pub applied: i64,
    /// Known already.
    pub duplicates: i64,
    /// Waiting.
    pub quarantined: i64,
}

/// How one feed stands. Holds nothing about any person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The feed.
    pub feed: String,
    /// Since the beginning.
    pub ever: Counts,
    /// Of those that came today.
    pub today: Counts,
    /// When the last one came.
    pub last_received: Timestamp,
    /// The source's own time of the newest that was applied.
    pub last_as_of: Option<Timestamp>,
    /// When the oldest that still waits came.
    pub oldest_waiting: Option<Timestamp>,
}

/// How every feed stands that has ever sent anything.
///
/// # Errors
/// What the database says.
pub fn tallies(tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<Tally>> {
    let counts = |row: &dyn Row, from: usize| -> Result<Counts> {
        Ok(Counts {
            received: row.int(from)?,
            applied: row.int(from + 1)?,
            duplicates: row.int(from + 2)?,
            quarantined: row.int(from + 3)?,
        })
    };
    tx.all(&TALLIES, &[(&day(now)).into()], |row| {
        Ok(Tally {
            feed: row.string(0)?,
            ever: counts(row, 1)?,
            today: counts(row, 8)?,
            last_received: row.time(5)?,
            last_as_of: row.time_or_null(6)?,
            oldest_waiting: row.time_or_null(7)?,
        })
    })
}

/// A message in the list of what waits. Holds nothing of its words.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// The feed.
    pub feed: String,
    /// What sort of message.
    pub kind: String,
    /// When it came.
    pub received: Timestamp,
    /// The source's own time for it.
    pub as_of: Option<Timestamp>,
    /// Bytes.
    pub size: i64,
    /// The line of the file it began on.
    pub line: Option<i64>,
    /// SHA-256 (hex) of its bytes.
    pub blob: String,
    /// Why it waits.
    pub reason: Reason,
    /// How often somebody has tried to mend it.
    pub mends: i64,
}

fn waiting(row: &dyn Row) -> Result<Waiting> {
    Ok(Waiting {
        id: row.uuid(0)?,
        feed: row.string(1)?,
        kind: row.string(2)?,
        received: row.time(3)?,
        as_of: row.time_or_null(4)?,
        size: row.int(5)?,
        line: row.int_or_null(6)?,
        blob: row.string(7)?,
        reason: Reason {
            code: row.string_or_null(8)?.unwrap_or_default(),
            sentence: row.string_or_null(9)?.unwrap_or_default(),
            location: row.string_or_null(10)?,
        },
        mends: row.int(11)?,
    })
}

/// What waits, the oldest first; `feed` may be empty for all. Also how many wait altogether.
///
/// # Errors
/// What the database says.
pub fn in_quarantine(tx: &mut dyn Tx, feed: &str, most: i64, after: i64) -> Result<(Vec<Waiting>, i64)> {
    let list = tx.all(&WAITING, &[feed.into(), most.into(), after.into()], waiting)?;
    let count = tx.first(&WAITING_COUNT, &[feed.into()], |row| row.int(0))?.unwrap_or_default();
    Ok((list, count))
}

/// One message, whatever became of it, with the word for that.
///
/// # Errors
/// What the database says.
pub fn one(tx: &mut dyn Tx, id: Uuid) -> Result<Option<(Waiting, String)>> {
    tx.first(&ONE, &[id.into()], |row| Ok((waiting(row)?, row.string(12)?)))
}
