//! The one writer: a thread that drains a queue of writes and commits many in one sync of the disk. A caller hears "done"
//! only after that commit.
//!
//! A write that fails must not take its neighbours with it, so each can have a savepoint; but on SQLite a savepoint keeps a
//! copy of every page it touches, a quarter of the writer's time. Nearly all writes succeed, so a batch is first run
//! without; if one fails, everything is undone and the batch runs again with savepoints. A closure must bear that anyway.
//!
//! On PostgreSQL the same thread holds one connection; when that is lost it connects again and asks the database whether the
//! last commit had happened, so nothing is done twice.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use crate::connection::{Connection, Location};
use crate::error::{Error, Result};
use crate::log::LOG;
use crate::sql::Sql;
use crate::table::{Table, Type, column};
use crate::view::Views;
use crate::write::{Entropy, Write};

/// The most writes that share a commit: enough to make the sync cheap, few enough that nobody waits long for others.
const LARGEST_BATCH: usize = 256;
/// How long we go on trying to reach a lost server before the waiting writes are told so.
const PATIENCE: Duration = Duration::from_secs(20);
/// After a batch had to be run again, so many have savepoints from the start: bad messages seldom come alone.
const CAREFUL: u32 = 4;

/// Says which batch of a writer was committed last. One row a writer; only a server's connection can be lost, so only
/// there is it written.
pub(crate) static RECEIPT: Table = Table {
    name: "commit_receipt",
    columns: &[column("writer", Type::Uuid), column("batch", Type::Int)],
    key: &["writer"],
    clustered: false,
    indexes: &[],
};

static RECORD: Sql = Sql::both(
    "INSERT INTO commit_receipt (writer, batch) VALUES ($1, $2) ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch",
);
static RECORDED: Sql = Sql::both("SELECT batch FROM commit_receipt WHERE writer = $1");
pub(crate) static STATEMENTS: &[&Sql] = &[&RECORD, &RECORDED];

/// A write waiting in the queue. It may be run again after a lost connection; only the last run counts.
pub(crate) trait Job: Send {
    fn run(&mut self, write: &mut Write<'_>) -> Outcome;
    fn answer(self: Box<Self>, committed: Result<()>);
}

/// How a job's own run ended.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// Keep what it did.
    Keep,
    /// Undo what it did; its own error is the answer.
    Undo,
    /// Undo; and the connection or the disk is the trouble, so the batch may be, too.
    Trouble(Error),
}

struct Closure<F, T, E> {
    run: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Closure<F, T, E>
where
    F: FnMut(&mut Write<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Troubled + Send,
{
    fn run(&mut self, write: &mut Write<'_>) -> Outcome {
        let result = (self.run)(write);
        let outcome = match &result {
            Ok(_) => Outcome::Keep,
            Err(error) => match error.trouble() {
                Some(error) if error.is_passing() => Outcome::Trouble(error.clone()),
                _ => Outcome::Undo,
            },
        };
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let answer = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(Error::Backend("a write was never run".to_owned()).into()),
            (Err(error), _) => Err(error.into()),
        };
        // The caller may have gone away (a closed connection); the write stands all the same.
        drop(self.reply.send(answer));
    }
}

/// An error that may carry the store's own, so that the writer knows when the disk or the connection is the trouble.
pub trait Troubled {
    /// The store's error inside, if that is what it is.
    fn trouble(&self) -> Option<&Error>;
}

impl Troubled for Error {
    fn trouble(&self) -> Option<&Error> {
        Some(self)
    }
}

impl<R: std::error::Error> Troubled for crate::write::Refused<R> {
    fn trouble(&self) -> Option<&Error> {
        match self {
            Self::Rules(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

/// The sending end of the queue.
#[derive(Clone)]
pub(crate) struct Queue(Sender<Box<dyn Job>>);

impl Queue {
    pub(crate) fn submit<F, T, E>(&self, run: F) -> oneshot::Receiver<Result<T, E>>
    where
        F: FnMut(&mut Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Troubled + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        // A closed queue drops the reply, and the caller hears that the store is shut.
        drop(self.0.send(Box::new(Closure { run, result: None, reply })));
        answer
    }
}

/// Starts the writer's thread over an open connection.
pub(crate) fn start(
    location: Location,
    connection: Connection,
    views: Views,
    mut entropy: Box<dyn Entropy>,
    grown: watch::Sender<i64>,
) -> Result<(Queue, std::thread::JoinHandle<()>)> {
    connection.for_many_writes()?;
    let (sender, receiver) = channel();
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let writer = Writer {
        location,
        connection: Some(connection),
        views,
        entropy,
        insert: LOG.insert(),
        id,
        batch: 0,
        careful: 0,
        ran: None,
        grown,
    };
    let thread = std::thread::Builder::new()
        .name("weft-writer".to_owned())
        .spawn(move || writer.serve(&receiver))
        .map_err(|error| Error::Unavailable(format!("no thread for the writer: {error}")))?;
    Ok((Queue(sender), thread))
}

struct Writer {
    location: Location,
    connection: Option<Connection>,
    views: Views,
    entropy: Box<dyn Entropy>,
    insert: Sql,
    id: Uuid,
    batch: i64,
    /// How many more batches have savepoints from the start.
    careful: u32,
    /// How long the log was at the end of the last run of a batch, if it wrote to the log; true of the disk once that is
    /// committed.
    ran: Option<i64>,
    /// Whoever follows the log.
    grown: watch::Sender<i64>,
}

impl Writer {
    fn serve(mut self, queue: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            while jobs.len() < LARGEST_BATCH {
                match queue.try_recv() {
                    Ok(job) => jobs.push(job),
                    Err(_) => break,
                }
            }
            self.batch += 1;
            let committed = self.settle(&mut jobs);
            // Before anybody hears "done": whoever then asks what has changed is told of it.
            if let Some(seq) = self.ran.take().filter(|_| committed.iter().any(Result::is_ok)) {
                self.grown.send_replace(seq);
            }
            for (job, outcome) in jobs.into_iter().zip(committed) {
                job.answer(outcome);
            }
        }
    }

    /// Brings a batch to an end: committed, or each told why not.
    fn settle(&mut self, jobs: &mut [Box<dyn Job>]) -> Vec<Result<()>> {
        let mut waited = Duration::ZERO;
        let on_server = matches!(self.location, Location::Server(_));
        if !on_server && self.careful == 0 {
            if let Some(outcomes) = self.attempt_lightly(jobs) {
                return outcomes;
            }
            self.careful = CAREFUL;
        }
        self.careful = self.careful.saturating_sub(1);
        loop {
            let error = match self.attempt(jobs) {
                Ok(outcomes) => return outcomes,
                Err(error) => error,
            };
            let lost = on_server && matches!(error, Error::Unavailable(_));
            if !lost || waited >= PATIENCE {
                tracing::error!(error = %error, writes = jobs.len(), "a batch of writes could not be committed");
                return jobs.iter().map(|_| Err(error.clone())).collect();
            }
            tracing::warn!(error = %error, "the database connection was lost; connecting again");
            match self.reconnect(&mut waited) {
                // The answer was lost, not the commit: what the jobs computed in that run is what stands.
                Some(true) => return jobs.iter().map(|_| Ok(())).collect(),
                Some(false) => {}
                None => {
                    tracing::error!(writes = jobs.len(), "the database did not come back in time");
                    return jobs.iter().map(|_| Err(error.clone())).collect();
                }
            }
        }
    }

    /// Connects again and asks whether the last batch was committed. Until there is an answer nothing may be run again, or
    /// it might be done twice. `None`: patience has run out.
    fn reconnect(&mut self, waited: &mut Duration) -> Option<bool> {
        while *waited < PATIENCE {
            self.connection = None;
            let pause = Duration::from_millis(200);
            wait(pause);
            *waited += pause;
            self.connection = Connection::writer(&self.location).ok();
            if self.connection.is_some() {
                match self.was_committed() {
                    Ok(committed) => return Some(committed),
                    Err(error) => tracing::warn!(error = %error, "cannot ask about the last commit yet"),
                }
            }
        }
        self.connection = None;
        None
    }

    fn was_committed(&mut self) -> Result<bool> {
        let connection = self.connection.as_mut().ok_or_else(not_connected)?;
        connection.begin_write()?;
        // The lost connection's transaction may still be on its way to its end; it holds the log until it gets there.
        let asked = crate::log::lock(connection.tx())
            .and_then(|()| connection.tx().first(&RECORDED, &[self.id.into()], |row| row.int(0)));
        connection.rollback();
        Ok(asked? == Some(self.batch))
    }

    /// Runs all jobs in one transaction without savepoints and commits. `None` where anything at all failed: then nothing was
    /// kept, and the batch has to be run with them.
    fn attempt_lightly(&mut self, jobs: &mut [Box<dyn Job>]) -> Option<Vec<Result<()>>> {
        let connection = self.connection.as_mut()?;
        connection.begin_write().ok()?;
        let mut write = Write::new(connection, &self.views, self.entropy.as_mut(), &self.insert, false);
        let all = jobs.iter_mut().all(|job| {
            let outcome = catch_unwind(AssertUnwindSafe(|| job.run(&mut write)));
            matches!(outcome, Ok(Outcome::Keep)) && !write.is_spoilt()
        });
        self.ran = write.length();
        let kept = all && !write.connection().is_idle() && write.connection().commit().is_ok();
        if kept {
            return Some(jobs.iter().map(|_| Ok(())).collect());
        }
        connection.rollback();
        None
    }

    /// Runs all jobs in one transaction, each in its savepoint, and commits. `Err` means nothing was kept (or, for a server, that we cannot know).
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<Vec<Result<()>>> {
        let on_server = matches!(self.location, Location::Server(_));
        let connection = self.connection.as_mut().ok_or_else(not_connected)?;
        connection.begin_write()?;
        let mut write = Write::new(connection, &self.views, self.entropy.as_mut(), &self.insert, true);
        let mut run = || -> Result<Vec<Result<()>>> {
            if on_server {
                // Held from the start, so that after a lost connection one can wait for this transaction's end.
                crate::log::lock(write.tx())?;
            }
            let mut outcomes = Vec::with_capacity(jobs.len());
            for job in jobs.iter_mut() {
                outcomes.push(run_one(&mut write, job.as_mut())?);
            }
            if on_server {
                write.tx().execute(&RECORD, &[self.id.into(), self.batch.into()])?;
            }
            self.ran = write.length();
            write.connection().commit()?;
            Ok(outcomes)
        };
        let ran = run();
        if ran.is_err() {
            connection.rollback();
        }
        ran
    }
}

fn not_connected() -> Error {
    Error::Unavailable("not connected".to_owned())
}

/// One job inside its savepoint. The outer error ends the batch; the inner one is the job's alone.
fn run_one(write: &mut Write<'_>, job: &mut dyn Job) -> Result<Result<()>> {
    let mut outcome = Outcome::Undo;
    let ran = write.part(|write| {
        outcome = catch_unwind(AssertUnwindSafe(|| job.run(write))).unwrap_or_else(|_| {
            Outcome::Trouble(Error::Backend(
                "a write stopped on a fault of the program; nothing of it was kept".to_owned(),
            ))
        });
        match &outcome {
            Outcome::Keep => Ok(()),
            Outcome::Undo | Outcome::Trouble(_) => Err(Error::Backend("undone".to_owned())),
        }
    });
    if write.connection().is_closed() {
        return Err(Error::Unavailable("the connection was lost in the middle of a write".to_owned()));
    }
    if write.connection().is_idle() {
        // SQLite has rolled everything back by itself: what the jobs before this one did is gone, too.
        return Err(match (outcome, ran) {
            (Outcome::Trouble(error), _) | (Outcome::Keep, Err(error)) => error,
            _ => Error::Backend("SQLite undid the transaction by itself; nothing of it was kept".to_owned()),
        });
    }
    match (outcome, ran) {
        (Outcome::Keep, Ok(())) | (Outcome::Undo, _) => Ok(Ok(())),
        (Outcome::Trouble(error @ Error::Unavailable(_)), _) => Err(error),
        (Outcome::Trouble(error), _) => Ok(Err(error)),
        // A closure that hid a failed statement: `part` has undone it, and the others need not suffer for it.
        (Outcome::Keep, Err(error)) if !error.is_passing() => Ok(Err(error)),
        (Outcome::Keep, Err(error)) => Err(error),
    }
}

/// Waits without sleeping on the clock: a channel on which nothing ever comes.
fn wait(pause: Duration) {
    let (_open, never) = channel::<()>();
    // Always the timeout: nobody holds a sender that sends.
    let _timeout = never.recv_timeout(pause);
}
