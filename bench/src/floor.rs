//! The floor: the same resource texts into one bare SQLite table with one index, as plainly as it can be done. It parses
//! nothing, keeps no raw message, no history, no chain and no view; so it is no peer, only what the disk and SQLite cost.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::{Connection, params};

use crate::crowd::Crowd;

/// Fills a new database; the time spent in SQLite alone, with `together` messages in each synced commit.
pub(crate) fn fill(file: &Path, people: usize, each: usize, together: usize) -> anyhow::Result<Duration> {
    let mut database = Connection::open(file).with_context(|| format!("cannot make {}", file.display()))?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch(
        "CREATE TABLE resource (id TEXT PRIMARY KEY, type TEXT NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL);
         CREATE INDEX resource_person ON resource (person, type);",
    )?;
    let mut spent = Duration::ZERO;
    let mut crowd = Crowd::of(people, each)?;
    loop {
        // Made outside the time that counts.
        let batch: Vec<_> = crowd.by_ref().take(together).collect();
        if batch.is_empty() {
            return Ok(spent);
        }
        let started = Instant::now();
        let transaction = database.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO resource (id, type, person, body) VALUES (?1, ?2, ?3, ?4)")?;
            for (person, entries) in &batch {
                for entry in entries {
                    insert.execute(params![entry.id, entry.kind, person.id, entry.body])?;
                }
            }
        }
        transaction.commit()?;
        spent += started.elapsed();
    }
}
