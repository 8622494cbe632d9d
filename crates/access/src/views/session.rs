//! Who is signed in now: one row a session, found by the SHA-256 of its secret, in hexadecimal digits. A session that ended has no row.

use jiff::Timestamp;
use store::table::{Index, Table, Type, column, optional};
use store::{Aggregate as _, Entry, Error, Result, Row, Sql, Tx, View, aggregate};
use uuid::Uuid;

use crate::look::Subject;
use crate::session::{Event, How, Session, hex};

static SESSION: Table = Table {
    name: "session",
    columns: &[
        column("secret", Type::Text),
        column("id", Type::Uuid),
        column("reader", Type::Text),
        column("subject", Type::Text),
        column("how", Type::Text),
        optional("provider", Type::Text),
        optional("sid", Type::Text),
        column("since", Type::Int),
        column("used", Type::Int),
    ],
    key: &["secret"],
    clustered: false,
    indexes: &[
        Index { name: "session_id", columns: &["id"], unique: false, only: "" },
        Index { name: "session_reader", columns: &["reader"], unique: false, only: "" },
        Index { name: "session_sid", columns: &["provider", "sid"], unique: false, only: "" },
        Index { name: "session_used", columns: &["used"], unique: false, only: "" },
    ],
};
static TABLES: &[&Table] = &[&SESSION];

static PUT: Sql = Sql::both(
    "INSERT INTO session (secret, id, reader, subject, how, provider, sid, since, used)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
);
static TOUCH: Sql = Sql::both("UPDATE session SET used = $2 WHERE id = $1");
static DROP: Sql = Sql::both("DELETE FROM session WHERE id = $1");
static OF_SECRET: Sql = Sql::both("SELECT id, subject, how, provider, since, used FROM session WHERE secret = $1");
static OF_READER: Sql = Sql::both("SELECT id FROM session WHERE reader = $1 ORDER BY id");
static ROWS_OF_READER: Sql =
    Sql::both("SELECT id, subject, how, provider, since, used FROM session WHERE reader = $1 ORDER BY since DESC, id");
static OF_SID: Sql = Sql::both("SELECT id FROM session WHERE provider = $1 AND sid = $2 ORDER BY id");
static UNUSED: Sql = Sql::both("SELECT id FROM session WHERE used < $1 ORDER BY used LIMIT $2");

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &TOUCH, &DROP, &OF_SECRET, &OF_READER, &ROWS_OF_READER, &OF_SID, &UNUSED];

/// Keeps the table of sessions.
pub struct Sessions;

impl View for Sessions {
    fn name(&self) -> &'static str {
        "sessions"
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_event(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<()> {
        if entry.kind != Session::KIND {
            return Ok(());
        }
        match aggregate::read::<Session>(entry)? {
            Event::Began { by, how, provider, sid, secret } => {
                let words = serde_json::to_string(&by).map_err(|error| unreadable(&error.to_string()))?;
                tx.execute(
                    &PUT,
                    &[
                        (&secret).into(),
                        entry.stream.into(),
                        (&by.id).into(),
                        (&words).into(),
                        how.word().into(),
                        provider.as_ref().into(),
                        sid.as_ref().into(),
                        entry.at.as_microsecond().into(),
                    ],
                )?;
            }
            Event::Used {} => {
                tx.execute(&TOUCH, &[entry.stream.into(), entry.at.as_microsecond().into()])?;
            }
            Event::Ended { .. } => {
                tx.execute(&DROP, &[entry.stream.into()])?;
            }
        }
        Ok(())
    }
}

fn unreadable(why: &str) -> Error {
    Error::Event { kind: Session::KIND.to_owned(), why: why.to_owned() }
}

/// A session that has not ended.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// Who is signed in.
    pub by: Subject,
    /// How they signed in.
    pub how: How,
    /// By which provider.
    pub provider: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it was last written down as used.
    pub used: Timestamp,
}

/// The session of a secret, by its SHA-256.
///
/// # Errors
/// What the database says.
pub fn of_secret(tx: &mut dyn Tx, secret: &[u8; 32]) -> Result<Option<SessionRow>> {
    tx.first(&OF_SECRET, &[(&hex(secret)).into()], session)
}

/// The sessions of somebody, by their id.
///
/// # Errors
/// What the database says.
pub fn of_reader(tx: &mut dyn Tx, reader: &str) -> Result<Vec<Uuid>> {
    tx.all(&OF_READER, &[reader.into()], |row| row.uuid(0))
}

/// The same, whole; the newest first.
///
/// # Errors
/// What the database says.
pub fn rows_of_reader(tx: &mut dyn Tx, reader: &str) -> Result<Vec<SessionRow>> {
    tx.all(&ROWS_OF_READER, &[reader.into()], session)
}

/// The sessions that began with one session of a provider.
///
/// # Errors
/// What the database says.
pub fn of_sid(tx: &mut dyn Tx, provider: &str, sid: &str) -> Result<Vec<Uuid>> {
    tx.all(&OF_SID, &[provider.into(), sid.into()], |row| row.uuid(0))
}

/// Sessions that were not used since then, those unused longest first.
///
/// # Errors
/// What the database says.
pub fn unused_since(tx: &mut dyn Tx, then: Timestamp, most: i64) -> Result<Vec<Uuid>> {
    tx.all(&UNUSED, &[then.as_microsecond().into(), most.into()], |row| row.uuid(0))
}

fn session(row: &dyn Row) -> Result<SessionRow> {
    Ok(SessionRow {
        id: row.uuid(0)?,
        by: serde_json::from_str(row.text(1)?).map_err(|error| unreadable(&error.to_string()))?,
        how: How::from_word(row.text(2)?).ok_or_else(|| unreadable("an unknown way to sign in"))?,
        provider: row.string_or_null(3)?,
        since: row.time(4)?,
        used: row.time(5)?,
    })
}
