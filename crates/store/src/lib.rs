//! Durable memory: the hash-chained log of what happened, the record of what other systems said, the blobs they said it in,
//! and the views made from them, on SQLite inside the process or on PostgreSQL, behind one synchronous transaction.
//!
//! A use case is one closure: [`Store::write`] runs it in a transaction and answers only after the commit is synced to disk;
//! [`Store::read`] runs it on a snapshot. This crate must not know what any event, resource or view means, must not read the
//! clock and draws randomness only from the [`Entropy`] it is given.
//!
//! ```no_run
//! use store::{Location, Store};
//! # struct Seeded; impl store::Entropy for Seeded { fn fill(&mut self, bytes: &mut [u8]) { bytes.fill(7) } }
//! let store = Store::open(Location::in_folder("data".as_ref()), Vec::new(), Box::new(Seeded))?;
//! let head = store.read(|tx| store::log::head(tx))?;
//! # Ok::<(), store::Error>(())
//! ```

pub mod aggregate;
pub mod backup;
pub mod blob;
pub mod composed;
mod connection;
pub mod error;
pub mod log;
mod migration;
mod postgres;
mod readers;
pub mod resource;
pub mod sql;
mod sqlite;
pub mod table;
pub mod tx;
pub mod verify;
pub mod view;
pub mod write;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

pub use aggregate::Aggregate;
pub use backup::Copied;
pub use blob::Blob;
pub use composed::Composed;
pub use connection::Location;
pub use error::{Error, Result};
pub use log::{Entry, Head};
pub use resource::{Prepared, Resource, Stored};
pub use sql::{Dialect, Param, Row, Sql};
pub use table::Table;
pub use tx::Tx;
pub use verify::{Finding, Verification};
pub use view::{View, Views};
pub use write::{Entropy, Refused, Write};
pub use writer::Troubled;

use connection::Connection;
use readers::Readers;
use writer::Queue;

/// An open store. Dropping it waits for the writes in hand.
pub struct Store {
    location: Location,
    views: Views,
    queue: Option<Queue>,
    writer: Mutex<Option<std::thread::JoinHandle<()>>>,
    readers: Readers,
    remade: Vec<&'static str>,
    grown: tokio::sync::watch::Receiver<i64>,
}

impl Store {
    /// Opens the database at `location`, making or migrating it as needed, and makes again any view whose definition changed.
    ///
    /// # Errors
    /// Where it cannot be reached, or was not made by this program or an older one.
    pub fn open(location: Location, views: Vec<Box<dyn View>>, entropy: Box<dyn Entropy>) -> Result<Self> {
        let views: Views = views.into();
        let mut connection = Connection::writer(&location)?;
        let remade = migration::migrate(&mut connection, &views)?;
        let head = log::head(connection.tx())?.seq;
        let (told, grown) = tokio::sync::watch::channel(head);
        let (queue, thread) = writer::start(location.clone(), connection, views.clone(), entropy, told)?;
        let readers = Readers::new(location.clone());
        Ok(Self { location, views, queue: Some(queue), writer: Mutex::new(Some(thread)), readers, remade, grown })
    }

    /// The names of the views that opening had to make again.
    #[must_use]
    pub fn remade(&self) -> &[&'static str] {
        &self.remade
    }

    /// How long the log is, as of the last commit of this process, and told at each: before whoever wrote hears that it is done.
    /// What another process has written shows here only with this one's next commit.
    #[must_use]
    pub fn grown(&self) -> tokio::sync::watch::Receiver<i64> {
        self.grown.clone()
    }

    /// Hands a write to the writer and returns at once; the answer comes when its commit is on the disk. The closure may be
    /// run again (a lost connection), so it must not change anything outside the transaction.
    pub fn submit<F, T, E>(&self, run: F) -> tokio::sync::oneshot::Receiver<Result<T, E>>
    where
        F: FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Troubled + Send + 'static,
    {
        match &self.queue {
            Some(queue) => queue.submit(run),
            None => tokio::sync::oneshot::channel().1,
        }
    }

    /// The same, waiting on this thread. Not for async code: that awaits [`Store::write_async`].
    ///
    /// # Errors
    /// The closure's own error, or the store's.
    pub fn write<F, T, E>(&self, run: F) -> Result<T, E>
    where
        F: FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Troubled + Send + 'static,
    {
        self.submit(run).blocking_recv().unwrap_or_else(|_| Err(shut().into()))
    }

    /// The same, awaited.
    ///
    /// # Errors
    /// The closure's own error, or the store's.
    pub async fn write_async<F, T, E>(&self, run: F) -> Result<T, E>
    where
        F: FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Troubled + Send + 'static,
    {
        self.submit(run).await.unwrap_or_else(|_| Err(shut().into()))
    }

    /// Reads on a snapshot, on this thread, never waiting for the writer. May run the closure again after a lost connection.
    ///
    /// # Errors
    /// The closure's own error, or the store's.
    pub fn read<T, E: From<Error> + Troubled>(&self, run: impl FnMut(&mut dyn Tx) -> Result<T, E>) -> Result<T, E> {
        self.readers.read(run)
    }

    /// The same, awaited. `quick`: some rows by their key. Inside this process, that is some tens of microseconds, less than
    /// handing it to another thread and back, so it is done on the spot; a server that may keep one waiting, and anything
    /// longer, is not asked from a thread of the runtime.
    ///
    /// # Errors
    /// The closure's own error, or the store's.
    pub async fn read_async<T, E>(
        self: &Arc<Self>,
        quick: bool,
        run: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Troubled + Send + 'static,
    {
        let inside = matches!(self.location, Location::File(_));
        let Some(runtime) = tokio::runtime::Handle::try_current().ok().filter(|_| !(quick && inside)) else {
            return self.read(run);
        };
        let store = self.clone();
        let stopped = |_| E::from(Error::Backend("a read stopped on a fault of the program".to_owned()));
        runtime.spawn_blocking(move || store.read(run)).await.unwrap_or_else(|error| Err(stopped(error)))
    }

    /// Checks everything against everything. `expected` is a head that was kept elsewhere.
    ///
    /// # Errors
    /// Where the database cannot be read; what does not agree is a finding, not an error.
    pub fn verify(&self, expected: Option<Head>) -> Result<Verification> {
        self.verify_against(expected.as_slice())
    }

    /// The same, against as many heads as were kept elsewhere.
    ///
    /// # Errors
    /// Where the database cannot be read; what does not agree is a finding, not an error.
    pub fn verify_against(&self, kept: &[Head]) -> Result<Verification> {
        verify::verify(&mut Connection::reader(&self.location)?, &self.views, kept)
    }

    /// Writes a backup to a file that does not exist yet.
    ///
    /// # Errors
    /// Where the file exists or cannot be written; nothing partial is left.
    pub fn backup(&self, file: &Path) -> Result<Copied> {
        backup::backup(&self.location, &self.views, file)
    }

    /// Reads a backup into an empty database, verifying nothing: open the store and call [`Store::verify`] after.
    ///
    /// # Errors
    /// Where the file is no backup, or the database holds anything.
    pub fn restore(file: &Path, location: &Location, views: Vec<Box<dyn View>>) -> Result<Copied> {
        backup::restore(file, location, &views.into())
    }

    /// Makes every view again from the log and the record; the rows each table then holds.
    ///
    /// # Errors
    /// What the database says; the views then stand as before.
    pub fn replay(&self) -> Result<Vec<(&'static str, i64)>> {
        migration::replay(&mut Connection::writer(&self.location)?, &self.views)
    }
}

fn shut() -> Error {
    Error::Unavailable("the store is shut".to_owned())
}

impl Drop for Store {
    fn drop(&mut self) {
        // Closing the queue lets the writer finish what it has and end.
        self.queue = None;
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

/// Every constant statement of this crate, for the test that prepares each against both databases.
#[must_use]
pub fn statements() -> Vec<&'static Sql> {
    [log::STATEMENTS, blob::STATEMENTS, resource::STATEMENTS, migration::STATEMENTS, writer::STATEMENTS].concat()
}
