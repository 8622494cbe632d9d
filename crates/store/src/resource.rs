//! Resources: what other systems tell us, as FHIR JSON text, in versions, by person. Not event-sourced: a resource stands
//! as it came. The newest by the source's own time is current; an older one that comes late joins the history and never
//! takes the place of a newer one.

use std::any::Any;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::sql::{Param, Row, Sql};
use crate::table::{Column, Index, Table, Type, column};
use crate::tx::Tx;

const COLUMNS: &[Column] = &[
    column("id", Type::Uuid),
    column("version", Type::Int),
    column("person", Type::Uuid),
    column("type", Type::Text),
    column("feed", Type::Text),
    column("source_id", Type::Text),
    column("as_of", Type::Int),
    column("arrived", Type::Int),
    column("message", Type::Uuid),
    column("body", Type::Text),
    column("hash", Type::Bytes),
    column("seq", Type::Int),
];

/// The current version of every resource.
pub static RESOURCE: Table = Table {
    name: "resource",
    columns: COLUMNS,
    // In the order of arrival, so that a new row goes to the end and what came together lies together.
    key: &["seq"],
    clustered: false,
    indexes: &[
        Index { name: "resource_id", columns: &["id"], unique: true, only: "" },
        Index { name: "resource_person", columns: &["person", "type"], unique: false, only: "" },
        Index { name: "resource_type", columns: &["type", "arrived"], unique: false, only: "" },
    ],
};

/// Every version that is not current: replaced, or late on arrival.
pub static HISTORY: Table = Table {
    name: "resource_history",
    columns: COLUMNS,
    key: &["id", "version"],
    clustered: false,
    indexes: &[Index { name: "resource_history_type", columns: &["type", "arrived"], unique: false, only: "" }],
};

static CURRENT: Sql = Sql::both(
    "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource WHERE id = $1",
);
static NEWEST: Sql = Sql::both("SELECT max(version) FROM resource_history WHERE id = $1");
static LAST: Sql = Sql::both("SELECT max(seq) FROM resource");
static INSERT: Sql = Sql::both(
    "INSERT INTO resource (id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);
static REPLACE: Sql = Sql::both(
    "UPDATE resource SET version = $1, person = $2, type = $3, feed = $4, source_id = $5, as_of = $6, arrived = $7,
     message = $8, body = $9, hash = $10 WHERE seq = $11",
);
static KEEP: Sql = Sql::both(
    "INSERT INTO resource_history (id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);
static KEPT: Sql =
    Sql::both("SELECT count(*) FROM resource_history WHERE id = $1 AND as_of = $2 AND hash = $3 AND person = $4");
static ALL: Sql = Sql::both(
    "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource ORDER BY seq",
);
static VERSIONS: Sql = Sql::both(
    "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource WHERE id = $1
     UNION ALL
     SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource_history WHERE id = $1
     ORDER BY 2 DESC",
);
static EVERY_VERSION: Sql = Sql::both(
    "SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource
     UNION ALL
     SELECT id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq FROM resource_history",
);
static OUT_OF_PLACE: Sql = Sql::both(
    "SELECT h.id, h.version FROM resource_history AS h LEFT JOIN resource AS r ON r.id = h.id
     WHERE r.seq IS NULL OR r.seq <> h.seq ORDER BY 1, 2 LIMIT 20",
);
static COUNT: Sql = Sql::both("SELECT count(*) FROM resource");

pub(crate) static STATEMENTS: &[&Sql] = &[
    &CURRENT,
    &NEWEST,
    &LAST,
    &INSERT,
    &REPLACE,
    &KEEP,
    &KEPT,
    &ALL,
    &VERSIONS,
    &EVERY_VERSION,
    &OUT_OF_PLACE,
    &COUNT,
];

/// One version of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its id, made from feed, type and the source's id: the same thing sent again is the same resource.
    pub id: Uuid,
    /// Its version, from 1, in the order of arrival.
    pub version: i64,
    /// Whose it is; nil for what is nobody's (an organisation, a practitioner).
    pub person: Uuid,
    /// `Observation`, ...
    pub kind: String,
    /// The feed it came by.
    pub feed: String,
    /// The source's own id.
    pub source_id: String,
    /// The source's time for this version.
    pub as_of: Timestamp,
    /// When it arrived here.
    pub arrived: Timestamp,
    /// The message that brought it.
    pub message: Uuid,
    /// The JSON text; empty where this version says that the resource was deleted.
    pub body: String,
    /// SHA-256 of the text.
    pub hash: [u8; 32],
    /// Its place in the order in which resources first arrived, from 1: given with the first version and kept by the later
    /// ones. Set when it is put. No part of [`Resource::digest`]: it says nothing about the resource.
    pub seq: i64,
    /// The text as parsed by whoever brings it, so that no view does it again on the writer's thread; never stored.
    pub parsed: Option<Arc<Value>>,
    /// What a view has had worked out of the text beforehand, for the same reason; never stored.
    pub prepared: Option<Prepared>,
}

/// Something worked out of a resource's text, of a type that its view knows. Says nothing that the text does not.
#[derive(Clone)]
pub struct Prepared(Arc<dyn Any + Send + Sync>);

impl Prepared {
    /// Something prepared.
    pub fn new<T: Any + Send + Sync>(work: T) -> Self {
        Self(Arc::new(work))
    }

    /// It, if it is of this type.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prepared")
    }
}

/// It follows from the text, so two resources of one text do not differ by it.
impl PartialEq for Prepared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Prepared {}

/// What became of a version that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// The first of its kind, or newer than what stood: it is current now.
    Current,
    /// Older than what stands: kept in the history.
    Late,
    /// The same words, no newer than what stands, or kept in the history already: nothing to keep.
    Same,
}

/// The id of the resource that a feed calls by `source_id`.
#[must_use]
pub fn resource_id(feed: &str, kind: &str, source_id: &str) -> Uuid {
    let mut hasher = Sha256::new();
    hasher.update(b"weft-resource-1");
    for part in [feed, kind, source_id] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl Resource {
    fn params(&self) -> [Param<'_>; 12] {
        [
            self.id.into(),
            self.version.into(),
            self.person.into(),
            (&self.kind).into(),
            (&self.feed).into(),
            (&self.source_id).into(),
            self.as_of.as_microsecond().into(),
            self.arrived.as_microsecond().into(),
            self.message.into(),
            (&self.body).into(),
            (&self.hash).into(),
            self.seq.into(),
        ]
    }

    /// True where this version says that the resource was deleted: it has no text. Views must bear it.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.body.is_empty()
    }

    /// The text as JSON, parsed now unless it came parsed.
    ///
    /// # Errors
    /// Where the text is not JSON; so also for a deleted resource.
    pub fn json(&self) -> Result<Arc<Value>> {
        if let Some(parsed) = &self.parsed {
            return Ok(parsed.clone());
        }
        let parsed = serde_json::from_str(&self.body);
        parsed.map(Arc::new).map_err(|error| Error::Corrupt(format!("resource {} is not JSON ({error})", self.id)))
    }

    /// A digest of the whole row, body by its hash; the log's `covers` is a digest of these.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"weft-row-1");
        for id in [self.id, self.person, self.message] {
            hasher.update(id.as_bytes());
        }
        for number in [self.version, self.as_of.as_microsecond(), self.arrived.as_microsecond()] {
            hasher.update(number.to_le_bytes());
        }
        for text in [&self.kind, &self.feed, &self.source_id] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.update(self.hash);
        hasher.finalize().into()
    }
}

/// One digest over the rows a message wrote, whatever their order.
#[must_use]
pub fn covering(mut rows: Vec<[u8; 32]>) -> Option<[u8; 32]> {
    if rows.is_empty() {
        return None;
    }
    rows.sort_unstable();
    let mut hasher = Sha256::new();
    for row in rows {
        hasher.update(row);
    }
    Some(hasher.finalize().into())
}

/// The current version of a resource.
///
/// # Errors
/// What the database says.
pub fn current(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Resource>> {
    tx.first(&CURRENT, &[id.into()], resource)
}

/// All versions of a resource, the latest arrival first.
///
/// # Errors
/// What the database says.
pub fn versions(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<Resource>> {
    tx.all(&VERSIONS, &[id.into()], resource)
}

/// How many resources there are, counting each once.
///
/// # Errors
/// What the database says.
pub fn count(tx: &mut dyn Tx) -> Result<i64> {
    Ok(tx.first(&COUNT, &[], |row| row.int(0))?.unwrap_or_default())
}

/// Stores a version; `new.version` and `new.seq` are set here. The version it replaces is returned with it.
pub(crate) fn put(tx: &mut dyn Tx, new: &mut Resource) -> Result<(Stored, Option<Resource>)> {
    let Some(standing) = current(tx, new.id)? else {
        new.version = 1;
        // Rows are never taken out, so a number is never given twice.
        new.seq = tx.first(&LAST, &[], |row| row.int_or_null(0))?.flatten().unwrap_or_default() + 1;
        tx.execute(&INSERT, &new.params())?;
        return Ok((Stored::Current, None));
    };
    new.seq = standing.seq;
    if standing.hash == new.hash && standing.person == new.person && new.as_of <= standing.as_of {
        return Ok((Stored::Same, None));
    }
    let late = new.as_of < standing.as_of;
    if late {
        let known = [new.id.into(), new.as_of.as_microsecond().into(), (&new.hash).into(), new.person.into()];
        if tx.first(&KEPT, &known, |row| row.int(0))?.unwrap_or_default() > 0 {
            return Ok((Stored::Same, None));
        }
    }
    let kept = tx.first(&NEWEST, &[new.id.into()], |row| row.int_or_null(0))?.flatten().unwrap_or_default();
    new.version = standing.version.max(kept) + 1;
    if late {
        tx.execute(&KEEP, &new.params())?;
        return Ok((Stored::Late, None));
    }
    tx.execute(&KEEP, &standing.params())?;
    // Without the id: the statement finds the row by its place, which comes last.
    tx.execute(&REPLACE, new.params().get(1..).unwrap_or_default())?;
    Ok((Stored::Current, Some(standing)))
}

/// Older versions whose place is not that of their current one (or that have none), the first of them.
pub(crate) fn out_of_place(tx: &mut dyn Tx) -> Result<Vec<(Uuid, i64)>> {
    tx.all(&OUT_OF_PLACE, &[], |row| Ok((row.uuid(0)?, row.int(1)?)))
}

pub(crate) fn walk_current(tx: &mut dyn Tx, each: &mut dyn FnMut(Resource) -> Result<()>) -> Result<()> {
    tx.query(&ALL, &[], &mut |row| each(resource(row)?))
}

/// A row, or the id of one that cannot be read and why.
pub(crate) type Read = Result<Resource, (Option<Uuid>, crate::Error)>;

pub(crate) fn walk_versions(tx: &mut dyn Tx, each: &mut dyn FnMut(Read) -> Result<()>) -> Result<()> {
    tx.query(&EVERY_VERSION, &[], &mut |row| each(resource(row).map_err(|error| (row.uuid(0).ok(), error))))
}

/// Reads a resource from a row whose first twelve columns are those of the table, in its order.
///
/// # Errors
/// Where a column holds something else.
pub fn resource(row: &dyn Row) -> Result<Resource> {
    Ok(Resource {
        id: row.uuid(0)?,
        version: row.int(1)?,
        person: row.uuid(2)?,
        kind: row.string(3)?,
        feed: row.string(4)?,
        source_id: row.string(5)?,
        as_of: row.time(6)?,
        arrived: row.time(7)?,
        message: row.uuid(8)?,
        body: row.string(9)?,
        hash: row.hash(10)?,
        seq: row.int(11)?,
        parsed: None,
        prepared: None,
    })
}
