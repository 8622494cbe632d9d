//! Backup and restore. A backup is one SQLite file that holds the log, the blobs and the record, whichever database it came
//! from, so it can be restored into either. Views are not trusted from a backup: they are made again from what is in it.

use std::path::Path;

use crate::connection::{Connection, Location};
use crate::error::{Error, Result};
use crate::log;
use crate::migration::RECORD_TABLES;
use crate::sql::{Param, Row};
use crate::table::{Table, Type};
use crate::tx::Tx;
use crate::view::Views;

/// What a backup or a restore moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Rows, all tables together; 0 where the database copied itself page by page.
    pub rows: u64,
    /// The end of the chain in the copy.
    pub head: log::Head,
}

/// Copies one table, in the order of its key.
pub(crate) fn copy_table(from: &mut dyn Tx, to: &mut dyn Tx, table: &Table) -> Result<u64> {
    let insert = table.insert();
    let mut rows = 0;
    from.query(&table.walk(), &[], &mut |row| {
        to.execute(&insert, &params(row, table)?)?;
        rows += 1;
        Ok(())
    })?;
    Ok(rows)
}

fn params<'r>(row: &'r dyn Row, table: &Table) -> Result<Vec<Param<'r>>> {
    table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            Ok(match column.holds {
                Type::Int => row.int_or_null(index)?.into(),
                Type::Text => row.text_or_null(index)?.into(),
                Type::Uuid => row.uuid_or_null(index)?.into(),
                Type::Bytes => row.bytes_or_null(index)?.into(),
            })
        })
        .collect()
}

/// Writes a backup of the database at `location` to `file`, as of one moment, while others go on.
pub(crate) fn backup(location: &Location, views: &Views, file: &Path) -> Result<Copied> {
    if file.exists() {
        return Err(Error::Schema(format!("{} exists already; a backup never overwrites a file", file.display())));
    }
    let mut source = Connection::reader(location)?;
    let made = match location {
        Location::File(_) => source.copy_to(file).map(|()| 0),
        Location::Server(_) => write_file(&mut source, views, file),
    };
    let counted = made.and_then(|rows| {
        let mut copy = Connection::reader(&Location::File(file.to_owned()))?;
        Ok(Copied { rows, head: log::head(copy.tx())? })
    });
    counted.inspect_err(|_| discard(file))
}

fn write_file(source: &mut Connection, views: &Views, file: &Path) -> Result<u64> {
    let mut target = Connection::writer(&Location::File(file.to_owned()))?;
    crate::migration::migrate(&mut target, views)?;
    source.begin_read()?;
    target.begin_write()?;
    let mut rows = 0;
    for table in RECORD_TABLES {
        rows += copy_table(source.tx(), target.tx(), table)?;
    }
    target.commit()?;
    source.rollback();
    crate::migration::replay(&mut target, views)?;
    // Folded into one file, so that the backup is one thing to carry.
    target.tx().query(&crate::sql::Sql::both("PRAGMA journal_mode = DELETE"), &[], &mut |_| Ok(()))?;
    Ok(rows)
}

/// Reads a backup into an empty database. Refuses one that holds anything.
pub(crate) fn restore(file: &Path, location: &Location, views: &Views) -> Result<Copied> {
    if !file.exists() {
        return Err(Error::Schema(format!("there is no backup at {}", file.display())));
    }
    let opened = Connection::reader(&Location::File(file.to_owned())).and_then(|mut source| {
        let current = crate::migration::check(source.tx())?;
        if !current {
            // An older Weft's: brought up to this one in a copy. A backup is never written to.
            let mut copy = Connection::scratch()?;
            source.copy_into(&mut copy)?;
            crate::migration::migrate(&mut copy, &Vec::new().into())?;
            source = copy;
        }
        let head = log::head(source.tx())?;
        Ok((source, head))
    });
    let (mut source, head) = opened.map_err(|error| {
        let why = match error {
            Error::Schema(words) | Error::Corrupt(words) | Error::Unavailable(words) | Error::Backend(words) => words,
            other => other.to_string(),
        };
        Error::Schema(format!("{} is not a backup that this Weft can read ({why})", file.display()))
    })?;
    let mut target = Connection::writer(location)?;
    crate::migration::migrate(&mut target, views)?;
    if log::head(target.tx())?.seq != 0 {
        return Err(Error::Schema("it holds data already; restore into an empty one".to_owned()));
    }
    target.begin_write()?;
    let copied: Result<u64> = RECORD_TABLES.iter().map(|table| copy_table(source.tx(), target.tx(), table)).sum();
    // The views are forgotten with the same commit: should this process stop now, the next start makes them again.
    let kept = copied.and_then(|rows| {
        crate::migration::forget_views(target.tx())?;
        target.commit()?;
        Ok(rows)
    });
    let rows = kept.inspect_err(|_| target.rollback())?;
    crate::migration::migrate(&mut target, views)?;
    Ok(Copied { rows, head })
}

fn discard(file: &Path) {
    // Nothing partial is left behind; if even this fails the caller still hears the first reason.
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        drop(std::fs::remove_file(name));
    }
}
