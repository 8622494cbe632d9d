//! Migrations: the numbered steps that made this database what it is, with a checksum of each, so that a database made by
//! a newer or another program is refused rather than guessed at. Views are not migrated: when their definition or version
//! changes, they are dropped and made again from the log and the record.

mod unplaced;

use crate::blob::{BLOB, sha256};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::log::LOG;
use crate::resource::{HISTORY, RESOURCE};
use crate::sql::{Dialect, Sql};
use crate::table::{Table, Type, column};
use crate::tx::Tx;
use crate::view::{self, View, Views};
use crate::writer::RECEIPT;

struct Migration {
    number: i64,
    name: &'static str,
    /// Statements that both databases read, run before the tables are created.
    before: &'static [&'static str],
    creates: &'static [&'static Table],
    /// The same, after.
    after: &'static [&'static str],
}

/// Never edit one that has been released; add the next.
static MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "log, blobs and resources",
        before: &[],
        creates: &[&LOG, &BLOB, &unplaced::RESOURCE, &unplaced::HISTORY, &RECEIPT],
        after: &[],
    },
    Migration {
        number: 2,
        name: "resources in the order of arrival",
        before: unplaced::BEFORE,
        creates: &[&RESOURCE, &HISTORY],
        after: unplaced::AFTER,
    },
];

/// The tables that are not views: what a backup must hold.
pub(crate) static RECORD_TABLES: &[&Table] = &[&LOG, &BLOB, &RESOURCE, &HISTORY];

static SCHEMA: Table = Table {
    name: "schema_step",
    columns: &[column("number", Type::Int), column("name", Type::Text), column("checksum", Type::Bytes)],
    key: &["number"],
    clustered: false,
    indexes: &[],
};

static MADE: Table = Table {
    name: "view_made",
    columns: &[column("name", Type::Text), column("definition", Type::Bytes)],
    key: &["name"],
    clustered: false,
    indexes: &[],
};

static HAS_TABLE: Sql = Sql::each(
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1",
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1",
);
static STEPS: Sql = Sql::both("SELECT number, checksum FROM schema_step ORDER BY number");
static STEP: Sql = Sql::both("INSERT INTO schema_step (number, name, checksum) VALUES ($1, $2, $3)");
static VIEW: Sql = Sql::both("SELECT definition FROM view_made WHERE name = $1");
static VIEW_MADE: Sql = Sql::both(
    "INSERT INTO view_made (name, definition) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
);
static FORGET: Sql = Sql::both("DELETE FROM view_made");
pub(crate) static STATEMENTS: &[&Sql] = &[&HAS_TABLE, &STEPS, &STEP, &VIEW, &VIEW_MADE, &FORGET];

fn checksum(migration: &Migration) -> [u8; 32] {
    let mut words: Vec<String> = migration.creates.iter().map(|table| table.definition(Dialect::Sqlite)).collect();
    words.extend(migration.before.iter().chain(migration.after).map(|&statement| statement.to_owned()));
    sha256(words.join("\n").as_bytes())
}

fn definition(view: &dyn View) -> [u8; 32] {
    let mut words = format!("{} {}\n", view.name(), view.version());
    for table in view.tables() {
        words.push_str(&table.definition(Dialect::Sqlite));
    }
    sha256(words.as_bytes())
}

fn has_table(tx: &mut dyn Tx, name: &str) -> Result<bool> {
    Ok(tx.first(&HAS_TABLE, &[name.into()], |row| row.int(0))?.unwrap_or_default() > 0)
}

fn create(tx: &mut dyn Tx, table: &Table) -> Result<()> {
    let words = table.definition(tx.dialect());
    tx.run_script(&words)
}

/// Brings a database up to this program, in one transaction. Returns the names of the views that were made again.
pub(crate) fn migrate(connection: &mut Connection, views: &Views) -> Result<Vec<&'static str>> {
    connection.begin_write()?;
    match steps(connection, views).and_then(|made| connection.commit().map(|()| made)) {
        Ok(made) => Ok(made),
        Err(error) => {
            connection.rollback();
            Err(error)
        }
    }
}

/// The steps that made a database; refuses one that is not ours or of a newer Weft.
fn known_steps(tx: &mut dyn Tx) -> Result<Vec<i64>> {
    let done = tx.all(&STEPS, &[], |row| Ok((row.int(0)?, row.hash(1)?)))?;
    for (number, found) in &done {
        match MIGRATIONS.iter().find(|migration| migration.number == *number) {
            None => return Err(Error::Schema(format!("it was made by a newer Weft (step {number}); use that one"))),
            Some(migration) if checksum(migration) != *found => {
                return Err(Error::Schema(format!(
                    "its step {number} ({}) is not the one this Weft knows",
                    migration.name
                )));
            }
            Some(_) => {}
        }
    }
    Ok(done.into_iter().map(|(number, _)| number).collect())
}

/// Refuses what is not a database of this Weft or an older one; for a backup about to be read. True where it is of this one.
pub(crate) fn check(tx: &mut dyn Tx) -> Result<bool> {
    if !has_table(tx, SCHEMA.name)? {
        return Err(Error::Schema("it has no table of Weft's steps".to_owned()));
    }
    known_steps(tx).map(|done| done.len() == MIGRATIONS.len())
}

/// Forgets which views have been made, so that the next migration makes all of them.
pub(crate) fn forget_views(tx: &mut dyn Tx) -> Result<()> {
    tx.execute(&FORGET, &[]).map(|_| ())
}

fn steps(connection: &mut Connection, views: &Views) -> Result<Vec<&'static str>> {
    let tx = connection.tx();
    crate::log::lock(tx)?;
    if !has_table(tx, SCHEMA.name)? {
        if has_table(tx, LOG.name)? {
            return Err(Error::Schema("it holds a table named `log` that Weft did not make".to_owned()));
        }
        create(tx, &SCHEMA)?;
        create(tx, &MADE)?;
    }
    let done = known_steps(tx)?;
    for migration in MIGRATIONS.iter().filter(|migration| !done.contains(&migration.number)) {
        for statement in migration.before {
            tx.run_script(statement)?;
        }
        for table in migration.creates {
            create(tx, table)?;
        }
        for statement in migration.after {
            tx.run_script(statement)?;
        }
        tx.execute(&STEP, &[migration.number.into(), migration.name.into(), (&checksum(migration)).into()])?;
    }
    let mut stale: Vec<&dyn View> = Vec::new();
    for view in views.iter() {
        let wanted = definition(view.as_ref());
        if tx.first(&VIEW, &[view.name().into()], |row| row.hash(0))? != Some(wanted) {
            for table in view.tables() {
                tx.run_script(&format!("DROP TABLE IF EXISTS {}", table.name))?;
                create(tx, table)?;
            }
            tx.execute(&VIEW_MADE, &[view.name().into(), (&wanted).into()])?;
            stale.push(view.as_ref());
        }
    }
    fill(connection, &stale, views)?;
    Ok(stale.iter().map(|view| view.name()).collect())
}

/// Fills emptied views from the log and the record of the same database. All views are made beside them, because one may
/// ask another (whose is what?), and only the emptied ones are copied.
fn fill(connection: &mut Connection, emptied: &[&dyn View], views: &Views) -> Result<()> {
    if emptied.is_empty() || crate::log::head(connection.tx())?.seq == 0 {
        return Ok(());
    }
    // The walk and the views share one transaction, so they take turns: a page is read whole before it is projected.
    let mut scratch = made_again(connection.tx(), views)?;
    for view in emptied {
        for table in view.tables() {
            crate::backup::copy_table(scratch.tx(), connection.tx(), table)?;
        }
    }
    Ok(())
}

/// Empties all views and makes them again; the number of rows they hold then.
pub(crate) fn replay(connection: &mut Connection, views: &Views) -> Result<Vec<(&'static str, i64)>> {
    connection.begin_write()?;
    let run = |connection: &mut Connection| -> Result<Vec<(&'static str, i64)>> {
        crate::log::lock(connection.tx())?;
        for table in view::tables(views) {
            connection.tx().execute(&table.clear(), &[])?;
        }
        let all: Vec<&dyn View> = views.iter().map(AsRef::as_ref).collect();
        fill(connection, &all, views)?;
        let mut counts = Vec::new();
        for table in view::tables(views) {
            let rows = connection.tx().first(&table.count(), &[], |row| row.int(0))?.unwrap_or_default();
            counts.push((table.name, rows));
        }
        connection.commit()?;
        Ok(counts)
    };
    run(connection).inspect_err(|_| connection.rollback())
}

/// The scratch copy of all views, made from the log and the record as they stand.
pub(crate) fn made_again(source: &mut dyn Tx, views: &Views) -> Result<Connection> {
    let mut scratch = Connection::scratch()?;
    // One transaction that nobody ends: else SQLite ends one after every row, and looks each time at every page that is not
    // yet on the disk, so that the time grows with the square of the log.
    scratch.begin_write()?;
    for table in view::tables(views) {
        create(scratch.tx(), table)?;
    }
    let all: Vec<&dyn View> = views.iter().map(AsRef::as_ref).collect();
    view::rebuild(source, scratch.tx(), &all)?;
    Ok(scratch)
}
