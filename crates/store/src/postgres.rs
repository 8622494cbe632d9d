//! PostgreSQL beyond one machine: one synchronous connection. Must run on plain threads only (the client drives its own
//! small runtime), and must not know what the tables mean.

use std::collections::HashMap;

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type as PgType, private::BytesMut};
use postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::sql::{Dialect, Param, Row, Sql};
use crate::tx::Tx;

/// Statements kept ready on a connection; searches are put together while the program runs and have many shapes.
const MOST_PREPARED: usize = 512;

/// An open connection with its prepared statements.
pub(crate) struct Postgres {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    /// Connects. The address is a `postgres://` URL; it may name several hosts with `target_session_attrs=read-write`.
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let client = Client::connect(url, NoTls).map_err(|error| Error::Unavailable(words(&error)))?;
        let mut connection = Self { client, prepared: HashMap::new() };
        connection.run_script("SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET synchronous_commit = on; SET client_min_messages = warning")?;
        Ok(connection)
    }

    /// True once the server has gone away.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn statement(&mut self, text: &str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= MOST_PREPARED {
            self.prepared.clear();
        }
        let statement = self.client.prepare(text).map_err(refused)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Tx for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<u64> {
        let statement = self.statement(sql.text(Dialect::Postgres))?;
        let params: Vec<Bound<'_>> = params.iter().map(|param| Bound(*param)).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as &(dyn ToSql + Sync)).collect();
        self.client.execute(&statement, &params).map_err(refused)
    }

    fn query(&mut self, sql: &Sql, params: &[Param<'_>], each: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        let statement = self.statement(sql.text(Dialect::Postgres))?;
        let params: Vec<Bound<'_>> = params.iter().map(|param| Bound(*param)).collect();
        let mut rows = self
            .client
            .query_raw(&statement, params.iter().map(|param| param as &(dyn ToSql + Sync)))
            .map_err(refused)?;
        while let Some(row) = rows.next().map_err(refused)? {
            each(&PostgresRow(row))?;
        }
        Ok(())
    }

    fn run_script(&mut self, text: &str) -> Result<()> {
        self.client.batch_execute(text).map_err(refused)
    }
}

#[derive(Debug)]
struct Bound<'a>(Param<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        kind: &PgType,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Param::Null => Ok(IsNull::Yes),
            // Where the server infers a narrower number (a LIMIT, a cast), say it in that width.
            Param::Int(value) if *kind == PgType::INT4 => i32::try_from(value)?.to_sql(kind, out),
            Param::Int(value) => value.to_sql(kind, out),
            Param::Text(value) => value.to_sql(kind, out),
            Param::Uuid(value) => value.to_sql(kind, out),
            Param::Bytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(_: &PgType) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

struct PostgresRow(postgres::Row);

impl PostgresRow {
    fn value<'a, T: postgres::types::FromSql<'a>>(&'a self, index: usize) -> Result<Option<T>> {
        self.0
            .try_get::<_, Option<T>>(index)
            .map_err(|_| Error::Corrupt(format!("column {index} of an answer is not what it should be")))
    }
}

impl Row for PostgresRow {
    fn int_or_null(&self, index: usize) -> Result<Option<i64>> {
        self.value(index)
    }
    fn text_or_null(&self, index: usize) -> Result<Option<&str>> {
        self.value(index)
    }
    fn uuid_or_null(&self, index: usize) -> Result<Option<Uuid>> {
        self.value(index)
    }
    fn bytes_or_null(&self, index: usize) -> Result<Option<&[u8]>> {
        self.value(index)
    }
}

fn words(error: &postgres::Error) -> String {
    // The server's message, never its DETAIL: that one repeats the row.
    error.as_db_error().map_or_else(|| error.to_string(), |server| server.message().to_owned())
}

fn refused(error: postgres::Error) -> Error {
    let text = words(&error);
    let Some(state) = error.code() else {
        return if error.is_closed()
            || std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        {
            Error::Unavailable(text)
        } else {
            Error::Backend(text)
        };
    };
    match state.code() {
        // 57P01-03: the server is shutting down or starting; 25006: it has become a read-only standby; 08: connection.
        "57P01" | "57P02" | "57P03" | "25006" => Error::Unavailable(text),
        code if code.starts_with("08") => Error::Unavailable(text),
        "53100" => Error::Full(text),
        "55P03" | "40001" | "40P01" => Error::Busy(text),
        code if code.starts_with("23") => Error::Constraint(text),
        _ => Error::Backend(text),
    }
}
