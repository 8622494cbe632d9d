//! One synchronous transaction, the same on both databases. A use case is one closure over it: no `await` inside, so it
//! can neither hold a lock across a suspension nor be cancelled half-way.

use crate::error::Result;
use crate::sql::{Dialect, Param, Row, Sql};

/// An open transaction.
pub trait Tx {
    /// Which database this is; for the few statements made at run time from table definitions.
    fn dialect(&self) -> Dialect;

    /// Runs a statement; the number of rows it changed.
    ///
    /// # Errors
    /// What the database says, as [`crate::Error`].
    fn execute(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<u64>;

    /// Runs a query and hands each row to `each`, in order, without keeping them.
    ///
    /// # Errors
    /// What the database says, or the first error of `each`.
    fn query(&mut self, sql: &Sql, params: &[Param<'_>], each: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()>;

    /// Runs statements that are not worth preparing: definitions of tables.
    ///
    /// # Errors
    /// What the database says.
    fn run_script(&mut self, text: &str) -> Result<()>;
}

impl dyn Tx + '_ {
    /// All rows of an answer.
    ///
    /// # Errors
    /// What the database says, or the first error of `read`.
    pub fn all<T>(
        &mut self,
        sql: &Sql,
        params: &[Param<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.query(sql, params, &mut |row| {
            rows.push(read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// What the database says, or the error of `read`.
    pub fn first<T>(
        &mut self,
        sql: &Sql,
        params: &[Param<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut found = None;
        self.query(sql, params, &mut |row| {
            if found.is_none() {
                found = Some(read(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }
}
