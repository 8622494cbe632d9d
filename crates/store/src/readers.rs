//! Readers: a small pool of connections, each reading on a snapshot of its own, so that no page waits for the writer.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::connection::{Connection, Location};
use crate::error::{Error, Result};
use crate::tx::Tx;
use crate::writer::Troubled;

/// As many as can usefully read at once on a small machine; more would only spend memory on caches.
const MOST: usize = 8;

pub(crate) struct Readers {
    location: Location,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

impl Readers {
    pub(crate) fn new(location: Location) -> Self {
        Self { location, pool: Mutex::default(), returned: Condvar::new() }
    }

    pub(crate) fn read<T, E: From<Error> + Troubled>(
        &self,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut borrowed = self.borrow()?;
        match once(&mut borrowed, &mut run) {
            Err(error) if borrowed.is_closed() || matches!(error.trouble(), Some(Error::Unavailable(_))) => {
                // A lost server: the snapshot is gone, so the whole read starts again, once, on a new connection.
                borrowed.connection = Some(Connection::reader(&self.location)?);
                once(&mut borrowed, &mut run)
            }
            other => other,
        }
    }

    fn borrow(&self) -> Result<Borrowed<'_>> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = pool.idle.pop() {
                return Ok(Borrowed { readers: self, connection: Some(connection) });
            }
            if pool.open < MOST {
                pool.open += 1;
                break;
            }
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pool);
        // From here on the place in the pool is given back by Borrowed's drop, whatever happens.
        let mut borrowed = Borrowed { readers: self, connection: None };
        borrowed.connection = Some(Connection::reader(&self.location)?);
        Ok(borrowed)
    }
}

fn once<T, E: From<Error> + Troubled>(
    borrowed: &mut Borrowed<'_>,
    run: &mut impl FnMut(&mut dyn Tx) -> Result<T, E>,
) -> Result<T, E> {
    let Some(connection) = borrowed.connection.as_mut() else {
        return Err(Error::Unavailable("no reading connection".to_owned()).into());
    };
    connection.begin_read()?;
    let result = run(connection.tx());
    connection.rollback();
    result
}

struct Borrowed<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Borrowed<'_> {
    fn is_closed(&self) -> bool {
        self.connection.as_ref().is_none_or(Connection::is_closed)
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            // One whose reader stopped on a fault still holds its snapshot; it is not lent again.
            Some(connection) if !connection.is_closed() && !std::thread::panicking() => pool.idle.push(connection),
            _ => pool.open -= 1,
        }
        self.readers.returned.notify_one();
    }
}
