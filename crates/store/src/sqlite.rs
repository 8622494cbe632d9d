//! SQLite inside the process: one connection, opened in WAL with every commit synced. Must not know what the tables mean.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::StepResult;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::sql::{Dialect, Param, Row, Sql};
use crate::tx::Tx;

/// Pages of the write-ahead log after which SQLite folds it back: 128 MB. Ids are spread evenly, so a large import touches a
/// page of their index for nearly every resource; the longer the log, the more of these are folded into one write.
const CHECKPOINT_PAGES: u32 = 32_000;
/// Page cache of the one writer, in KiB.
const WRITER_CACHE_KIB: i64 = 80_000;
/// Page cache of each reader, in KiB; eight readers stay well inside the memory budget of the whole process.
const READER_CACHE_KIB: i64 = 8_000;

/// An open SQLite database.
pub(crate) struct Sqlite {
    connection: rusqlite::Connection,
}

impl Sqlite {
    /// Opens (and makes, if need be) the database file for writing.
    pub(crate) fn writer(path: &Path) -> Result<Self> {
        let connection = rusqlite::Connection::open(path).map_err(refused)?;
        // WAL needs a file; the setting survives in the file itself. FULL: a commit is on the disk before it is answered.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(refused)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(refused)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).map_err(refused)?;
        connection.pragma_update(None, "journal_size_limit", 160 * 1024 * 1024).map_err(refused)?;
        Self::ready(connection, WRITER_CACHE_KIB)
    }

    /// Keeps what a savepoint needs to be undone in memory. SQLite would write it to a file in the system's folder for
    /// temporary files: two more writes for each page, and people's data outside the data folder. The memory is given back
    /// with the savepoint. Not for work that sorts whole tables: that would be held in memory, too.
    pub(crate) fn undo_in_memory(&self) -> Result<()> {
        self.connection.pragma_update(None, "temp_store", "MEMORY").map_err(refused)
    }

    /// Opens the database file for reading only.
    pub(crate) fn reader(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::ready(rusqlite::Connection::open_with_flags(path, flags).map_err(refused)?, READER_CACHE_KIB)
    }

    /// A private database that is gone when it is closed; SQLite spills it to a temporary file when it grows.
    pub(crate) fn scratch() -> Result<Self> {
        let connection = rusqlite::Connection::open("").map_err(refused)?;
        connection.pragma_update(None, "journal_mode", "OFF").map_err(refused)?;
        connection.pragma_update(None, "synchronous", "OFF").map_err(refused)?;
        Self::ready(connection, WRITER_CACHE_KIB)
    }

    fn ready(connection: rusqlite::Connection, cache_kib: i64) -> Result<Self> {
        connection.busy_timeout(Duration::from_secs(10)).map_err(refused)?;
        connection.pragma_update(None, "cache_size", -cache_kib).map_err(refused)?;
        connection.pragma_update(None, "trusted_schema", "OFF").map_err(refused)?;
        // One plan for a statement, whatever its values: else SQLite makes the plan anew each time a value is bound that it
        // once looked at, which costs more than most of our reads themselves.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(refused)?;
        connection.set_prepared_statement_cache_capacity(256);
        Ok(Self { connection })
    }

    /// True while no transaction is open: SQLite rolls back by itself when the disk is full.
    pub(crate) fn is_idle(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Copies the whole database, as of one moment, into `file` while others go on reading and writing.
    pub(crate) fn copy_to(&self, file: &Path) -> Result<()> {
        let mut target = rusqlite::Connection::open(file).map_err(refused)?;
        self.copy_pages(&mut target)?;
        // Out of WAL, so that the backup is one file to carry, and stays one when it is read.
        target.pragma_update(None, "journal_mode", "DELETE").map_err(refused)
    }
}

impl Sqlite {
    /// The same over an open database.
    pub(crate) fn copy_into(&self, target: &mut Self) -> Result<()> {
        self.copy_pages(&mut target.connection)
    }

    fn copy_pages(&self, target: &mut rusqlite::Connection) -> Result<()> {
        let backup = rusqlite::backup::Backup::new(&self.connection, target).map_err(refused)?;
        // All pages in one step: one snapshot. In several steps, every write by another connection would begin it anew.
        let step = backup.step(-1).map_err(refused)?;
        drop(backup);
        if step == StepResult::Done { Ok(()) } else { Err(Error::Busy(format!("the copy did not end ({step:?})"))) }
    }
}

impl Tx for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(sql.text(Dialect::Sqlite)).map_err(refused)?;
        bind(&mut statement, params)?;
        statement.raw_execute().map(|count| count as u64).map_err(refused)
    }

    fn query(&mut self, sql: &Sql, params: &[Param<'_>], each: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql.text(Dialect::Sqlite)).map_err(refused)?;
        bind(&mut statement, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(refused)? {
            each(&SqliteRow(row))?;
        }
        Ok(())
    }

    fn run_script(&mut self, text: &str) -> Result<()> {
        self.connection.execute_batch(text).map_err(refused)
    }
}

/// Binds by number, not by place: SQLite numbers `$2` by where it first appears, PostgreSQL by its digits; we mean the digits.
fn bind(statement: &mut rusqlite::CachedStatement<'_>, params: &[Param<'_>]) -> Result<()> {
    for place in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(place)
            .and_then(|name| name.get(1..))
            .and_then(|digits| digits.parse::<usize>().ok());
        let param = number.and_then(|number| params.get(number.wrapping_sub(1)));
        let output = match param {
            Some(Param::Null) => ToSqlOutput::Borrowed(ValueRef::Null),
            Some(Param::Int(value)) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Some(Param::Text(value)) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Some(Param::Uuid(value)) => ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes())),
            Some(Param::Bytes(value)) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            None => {
                return Err(Error::Backend(format!("a statement has a parameter ({place}) that was given no value")));
            }
        };
        statement.raw_bind_parameter(place, output).map_err(refused)?;
    }
    Ok(())
}

struct SqliteRow<'r, 's>(&'r rusqlite::Row<'s>);

impl SqliteRow<'_, '_> {
    fn value(&self, index: usize) -> Result<ValueRef<'_>> {
        self.0.get_ref(index).map_err(refused)
    }
}

fn wrong(index: usize, wanted: &str) -> Error {
    Error::Corrupt(format!("column {index} of an answer is not {wanted}"))
}

impl Row for SqliteRow<'_, '_> {
    fn int_or_null(&self, index: usize) -> Result<Option<i64>> {
        match self.value(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            _ => Err(wrong(index, "a whole number")),
        }
    }

    fn text_or_null(&self, index: usize) -> Result<Option<&str>> {
        match self.value(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| wrong(index, "text in UTF-8")),
            _ => Err(wrong(index, "text")),
        }
    }

    fn uuid_or_null(&self, index: usize) -> Result<Option<Uuid>> {
        match self.bytes_or_null(index)? {
            None => Ok(None),
            Some(bytes) => Uuid::from_slice(bytes).map(Some).map_err(|_| wrong(index, "an id")),
        }
    }

    fn bytes_or_null(&self, index: usize) -> Result<Option<&[u8]>> {
        match self.value(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            _ => Err(wrong(index, "bytes")),
        }
    }
}

fn refused(error: rusqlite::Error) -> Error {
    let words = match &error {
        // The message alone: the long form repeats the statement and may carry a value.
        rusqlite::Error::SqliteFailure(code, message) => message.clone().unwrap_or_else(|| code.to_string()),
        other => other.to_string(),
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full(words),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy(words),
        Some(ErrorCode::ConstraintViolation) => Error::Constraint(words),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Corrupt(words),
        Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => Error::Unavailable(words),
        _ => Error::Backend(words),
    }
}
