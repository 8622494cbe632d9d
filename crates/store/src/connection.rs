//! One connection to whichever database this store lives in, and how its transactions begin and end.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::postgres::Postgres;
use crate::sql::{Dialect, Param, Row, Sql};
use crate::sqlite::Sqlite;
use crate::tx::Tx;

/// Where a store lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL server, as a `postgres://` URL.
    Server(String),
}

impl Location {
    /// The database file inside a data folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::File(folder.join("weft.db"))
    }
}

pub(crate) enum Connection {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl Connection {
    pub(crate) fn writer(location: &Location) -> Result<Self> {
        Ok(match location {
            Location::File(path) => Self::Sqlite(Sqlite::writer(path)?),
            Location::Server(url) => Self::Postgres(Box::new(Postgres::connect(url)?)),
        })
    }

    pub(crate) fn reader(location: &Location) -> Result<Self> {
        Ok(match location {
            Location::File(path) => Self::Sqlite(Sqlite::reader(path)?),
            Location::Server(url) => Self::Postgres(Box::new(Postgres::connect(url)?)),
        })
    }

    pub(crate) fn scratch() -> Result<Self> {
        Ok(Self::Sqlite(Sqlite::scratch()?))
    }

    /// Makes ready for many small writes, each in its savepoint.
    pub(crate) fn for_many_writes(&self) -> Result<()> {
        match self {
            Self::Sqlite(inner) => inner.undo_in_memory(),
            Self::Postgres(_) => Ok(()),
        }
    }

    pub(crate) fn tx(&mut self) -> &mut dyn Tx {
        self
    }

    pub(crate) fn begin_write(&mut self) -> Result<()> {
        match self {
            // IMMEDIATE: wait for the write lock now, not half-way through.
            Self::Sqlite(inner) => inner.run_script("BEGIN IMMEDIATE"),
            Self::Postgres(inner) => inner.run_script("BEGIN"),
        }
    }

    pub(crate) fn begin_read(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(inner) => inner.run_script("BEGIN"),
            Self::Postgres(inner) => inner.run_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        }
    }

    pub(crate) fn commit(&mut self) -> Result<()> {
        self.tx().run_script("COMMIT")
    }

    pub(crate) fn rollback(&mut self) {
        // Nothing is lost if this fails: the connection is dropped or the transaction is already gone.
        if !self.is_idle() {
            drop(self.tx().run_script("ROLLBACK"));
        }
    }

    /// True where SQLite has rolled the transaction back by itself (a full disk).
    pub(crate) fn is_idle(&self) -> bool {
        match self {
            Self::Sqlite(inner) => inner.is_idle(),
            Self::Postgres(_) => false,
        }
    }

    /// True once a server has gone away; a file never does.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(inner) => inner.is_closed(),
        }
    }

    /// Copies this database, page by page, over another that nothing has been written to.
    pub(crate) fn copy_into(&self, target: &mut Self) -> Result<()> {
        match (self, target) {
            (Self::Sqlite(inner), Self::Sqlite(target)) => inner.copy_into(target),
            _ => Err(Error::Backend("only a SQLite database copies itself page by page".to_owned())),
        }
    }

    pub(crate) fn copy_to(&self, file: &Path) -> Result<()> {
        match self {
            Self::Sqlite(inner) => inner.copy_to(file),
            Self::Postgres(_) => Err(Error::Backend("only a SQLite database copies itself page by page".to_owned())),
        }
    }
}

impl Tx for Connection {
    fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(inner) => inner.dialect(),
            Self::Postgres(inner) => inner.dialect(),
        }
    }

    fn execute(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(inner) => inner.execute(sql, params),
            Self::Postgres(inner) => inner.execute(sql, params),
        }
    }

    fn query(&mut self, sql: &Sql, params: &[Param<'_>], each: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        match self {
            Self::Sqlite(inner) => inner.query(sql, params, each),
            Self::Postgres(inner) => inner.query(sql, params, each),
        }
    }

    fn run_script(&mut self, text: &str) -> Result<()> {
        match self {
            Self::Sqlite(inner) => inner.run_script(text),
            Self::Postgres(inner) => inner.run_script(text),
        }
    }
}
