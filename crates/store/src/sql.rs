//! Statements and their values. A statement is one text for both databases, or a pair where they differ; parameters are
//! written `$1, $2, …`. Every constant statement is prepared against both in a test.

use std::borrow::Cow;

use uuid::Uuid;

use crate::error::{Error, Result};

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3, inside the process.
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

/// One statement, in words for each database.
#[derive(Debug, Clone)]
pub struct Sql {
    sqlite: Cow<'static, str>,
    postgres: Cow<'static, str>,
}

impl Sql {
    /// A statement both databases understand.
    #[must_use]
    pub const fn both(text: &'static str) -> Self {
        Self { sqlite: Cow::Borrowed(text), postgres: Cow::Borrowed(text) }
    }

    /// A statement that has to be said twice.
    #[must_use]
    pub const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite: Cow::Borrowed(sqlite), postgres: Cow::Borrowed(postgres) }
    }

    /// A statement made from a table's definition; never from anybody's input.
    pub(crate) fn made(text: String) -> Self {
        Self { sqlite: Cow::Owned(text.clone()), postgres: Cow::Owned(text) }
    }

    /// The words for one database.
    #[must_use]
    pub fn text(&self, dialect: Dialect) -> &str {
        match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        }
    }
}

/// A value handed to a statement. Borrowed: binding copies nothing of ours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// A whole number; times are microseconds since 1970 UTC, money is pence, truth is 0 or 1.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// An id.
    Uuid(Uuid),
    /// Bytes: a hash, a compressed body.
    Bytes(&'a [u8]),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<Uuid> for Param<'_> {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a> From<&'a [u8; 32]> for Param<'a> {
    fn from(value: &'a [u8; 32]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer, read by position from 0.
pub trait Row {
    /// A whole number, or `None` where the column is null.
    ///
    /// # Errors
    /// Where the column holds something else.
    fn int_or_null(&self, index: usize) -> Result<Option<i64>>;
    /// Text, or `None` where the column is null.
    ///
    /// # Errors
    /// Where the column holds something else.
    fn text_or_null(&self, index: usize) -> Result<Option<&str>>;
    /// An id, or `None` where the column is null.
    ///
    /// # Errors
    /// Where the column holds something else.
    fn uuid_or_null(&self, index: usize) -> Result<Option<Uuid>>;
    /// Bytes, or `None` where the column is null.
    ///
    /// # Errors
    /// Where the column holds something else.
    fn bytes_or_null(&self, index: usize) -> Result<Option<&[u8]>>;
}

fn missing(index: usize) -> Error {
    Error::Corrupt(format!("column {index} of an answer is empty and may not be"))
}

impl dyn Row + '_ {
    /// A whole number that must be there.
    ///
    /// # Errors
    /// Where it is missing or something else.
    pub fn int(&self, index: usize) -> Result<i64> {
        self.int_or_null(index)?.ok_or_else(|| missing(index))
    }
    /// Text that must be there.
    ///
    /// # Errors
    /// Where it is missing or something else.
    pub fn text(&self, index: usize) -> Result<&str> {
        self.text_or_null(index)?.ok_or_else(|| missing(index))
    }
    /// Text that must be there, as an owned value.
    ///
    /// # Errors
    /// Where it is missing or something else.
    pub fn string(&self, index: usize) -> Result<String> {
        Ok(self.text(index)?.to_owned())
    }
    /// Text or nothing, as an owned value.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn string_or_null(&self, index: usize) -> Result<Option<String>> {
        Ok(self.text_or_null(index)?.map(str::to_owned))
    }
    /// An id that must be there.
    ///
    /// # Errors
    /// Where it is missing or something else.
    pub fn uuid(&self, index: usize) -> Result<Uuid> {
        self.uuid_or_null(index)?.ok_or_else(|| missing(index))
    }
    /// Bytes that must be there.
    ///
    /// # Errors
    /// Where they are missing or something else.
    pub fn bytes(&self, index: usize) -> Result<&[u8]> {
        self.bytes_or_null(index)?.ok_or_else(|| missing(index))
    }
    /// A SHA-256 that must be there.
    ///
    /// # Errors
    /// Where it is missing or not 32 bytes.
    pub fn hash(&self, index: usize) -> Result<[u8; 32]> {
        self.bytes(index)?.try_into().map_err(|_| Error::Corrupt(format!("column {index} is not a SHA-256")))
    }
    /// A time kept as microseconds.
    ///
    /// # Errors
    /// Where it is missing or out of range.
    pub fn time(&self, index: usize) -> Result<jiff::Timestamp> {
        time_of(self.int(index)?)
    }
    /// A time kept as microseconds, or nothing.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn time_or_null(&self, index: usize) -> Result<Option<jiff::Timestamp>> {
        self.int_or_null(index)?.map(time_of).transpose()
    }
}

fn time_of(microseconds: i64) -> Result<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(microseconds).map_err(|_| Error::Corrupt("a time is out of range".to_owned()))
}
