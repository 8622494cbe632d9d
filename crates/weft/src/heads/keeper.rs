//! Keeps a head every minute while the log grows, and one at the end. Where it cannot, it says so, goes on trying, and never
//! stops the service: people need their record more than the record needs its witness, but somebody must hear of it.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use store::{Head, Store};

use super::{Taken, add, file_in, read};
use crate::clock::Clock;

/// How often the log is looked at.
const EVERY: Duration = Duration::from_secs(60);

/// How keeping stands, as others may ask at any time.
pub(crate) type Stands = Arc<Mutex<web::Heads>>;

/// Keeps heads until it is dropped.
pub(crate) struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// What the thread holds.
pub(super) struct Work {
    pub(super) store: Arc<Store>,
    pub(super) clock: Arc<Clock>,
    pub(super) key: SigningKey,
    pub(super) folder: PathBuf,
    pub(super) stands: Stands,
    /// The last head that is in the file.
    pub(super) last: Option<Head>,
    /// What was found at the start and does not go away by itself.
    pub(super) broken: Option<String>,
}

impl Keeper {
    /// Begins to keep, or where there is no second place only to watch.
    pub(crate) fn begin(
        store: Arc<Store>,
        clock: Arc<Clock>,
        second: Option<(SigningKey, PathBuf)>,
        stands: Stands,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let mut work = second.map(|(key, folder)| Work {
            store: store.clone(),
            clock: clock.clone(),
            key,
            folder,
            stands,
            last: None,
            broken: None,
        });
        let thread = std::thread::Builder::new().name("heads".to_owned()).spawn(move || {
            if let Some(work) = work.as_mut() {
                work.look_back();
            }
            let mut busy = 0;
            loop {
                if let Some(work) = work.as_mut() {
                    work.keep();
                }
                busy = watch(&store, &clock, busy);
                match stopped.recv_timeout(EVERY) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            if let Some(work) = work.as_mut() {
                work.keep();
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Work {
    fn say(&self, stands: web::Heads) {
        *self.stands.lock().unwrap_or_else(PoisonError::into_inner) = stands;
    }

    /// Whether the log is still the one whose heads were kept: at every start, before anything is added.
    pub(super) fn look_back(&mut self) {
        let file = file_in(&self.folder, &self.key.verifying_key());
        if !file.exists() {
            return;
        }
        let kept = match read(&file, &self.key.verifying_key()) {
            Ok(kept) => kept,
            // Said again, with the reason, when the next head is to be added.
            Err(_) => return,
        };
        if let Some((line, what)) = kept.wrong.first() {
            self.broken = Some(format!("line {line} of the kept heads {what}"));
        }
        let Some(last) = kept.heads.iter().max_by_key(|taken| taken.head.seq) else { return };
        let now = self.store.read(|tx| store::log::hash_at(tx, last.head.seq));
        if now.is_ok_and(|hash| hash != Some(last.head.hash)) {
            self.broken = Some(format!(
                "the log no longer holds the head of seq {} that was kept: it was cut short or written anew",
                last.head.seq
            ));
        }
        self.last = Some(last.head);
        if let Some(what) = &self.broken {
            tracing::error!(what, "the log does not agree with its kept heads; run weft verify");
        }
    }

    /// Adds a head if the log has grown.
    pub(super) fn keep(&mut self) {
        let at = self.clock.now();
        let head = match self.store.read(|tx| store::log::head(tx)) {
            Ok(head) => head,
            Err(error) => {
                tracing::warn!(%error, "no head of the log could be read");
                return;
            }
        };
        if self.last != Some(head) && head.seq > 0 {
            // A log that is shorter than what was kept gets no new head: the file stays as the witness it is.
            let added = if self.last.is_some_and(|last| last.seq >= head.seq) {
                Ok(())
            } else {
                let file = file_in(&self.folder, &self.key.verifying_key());
                let made = if self.folder.is_dir() { Ok(()) } else { std::fs::create_dir_all(&self.folder) };
                made.and_then(|()| add(&file, &Taken { head, at }, &self.key)).map(|()| self.last = Some(head))
            };
            if let Err(error) = added {
                tracing::error!(%error, "a head of the log could not be kept in the second place");
                self.say(web::Heads::Failing { since: at, why: "The second place cannot be written to.".to_owned() });
                return;
            }
        }
        self.say(match &self.broken {
            Some(what) => web::Heads::Disagree { what: what.clone() },
            None => web::Heads::Kept { seq: self.last.map_or(0, |last| last.seq), at },
        });
    }
}

/// Says in the log, without saying who, that readers open far more records than is usual; once for each that is added.
fn watch(store: &Store, clock: &Clock, before: usize) -> usize {
    let now = clock.now();
    match store.read(|tx| access::views::pattern::unusual(tx, now)) {
        Ok(busy) => {
            if busy > before {
                tracing::warn!(
                    readers = busy,
                    "somebody has opened far more records within an hour than is usual for their role; the privacy officer's page says who"
                );
            }
            busy
        }
        Err(error) => {
            tracing::warn!(%error, "looks could not be counted");
            before
        }
    }
}
