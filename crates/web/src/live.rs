//! Live pages: a page that is open hears that what it shows has changed, and nothing more. The stream carries a number and no word
//! of any person; the page then fetches itself again, and that look is decided and written down like any other.
//!
//! Who may follow what: a page that was opened with leave holds a ticket for itself, signed for the session it was opened in. A
//! stream is opened by such a ticket and by nothing else, so nobody follows what they could not open. The number counts the changes
//! of what that page shows, so it says nothing of what goes on elsewhere. Must not read anything about anybody, nor give leave.
//!
//! There is no task that follows the log. Whoever opens a page or waits at a stream brings the counts in step when the store says
//! that the log has grown; while nobody waits, nobody reads.

mod page;
mod stream;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use care::notice::{self, Topic};
use store::log;
use tokio::sync::{Mutex as Turn, watch};
use uuid::Uuid;

pub(crate) use page::Page;
pub(crate) use stream::follow;

use crate::app::{State, Trouble};
use crate::session::Who;

/// How far behind the log the counts may be and still be brought in step entry by entry; further, every page looks anew.
const BEHIND: i64 = 5_000;
/// How many things are counted before counting begins anew, with every page looking once.
const MOST: usize = 50_000;
/// How many streams one session may hold: more windows than anybody looks at, fewer than a browser's connections.
const STREAMS: usize = 5;

/// What is counted, and for whom a stream is open.
pub(crate) struct Live {
    /// Signs tickets. New with each start: a page from before asks for itself again, and has a new ticket.
    key: [u8; 32],
    counts: Mutex<Counts>,
    /// One reads the log at a time; the others find it read.
    turn: Turn<()>,
    grown: watch::Receiver<i64>,
    /// Raised when a session has ended, so that streams look whether it is theirs.
    ended: watch::Sender<u64>,
    /// The service stops: every stream ends.
    closing: watch::Sender<bool>,
    open: Mutex<HashMap<Uuid, usize>>,
}

struct Counts {
    /// Up to which entry of the log they hold.
    upto: i64,
    /// Which counting this is.
    era: u64,
    of: HashMap<Topic, u64>,
}

/// How often a page's things had changed: `era-number`, as it stands in streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    era: u64,
    number: u64,
}

impl Standing {
    fn word(self) -> String {
        format!("{:x}-{}", self.era, self.number)
    }

    fn read(word: &str) -> Option<Self> {
        let (era, number) = word.split_once('-')?;
        Some(Self { era: u64::from_str_radix(era, 16).ok()?, number: number.parse().ok()? })
    }
}

impl Live {
    /// Begins to count at the end of the log as it is. `random`: for the key and for the first era.
    pub(crate) fn new(grown: watch::Receiver<i64>, random: &dyn Fn(&mut [u8])) -> Self {
        let (mut key, mut era) = ([0; 32], [0; 4]);
        random(&mut key);
        random(&mut era);
        let counts = Counts { upto: *grown.borrow(), era: u64::from(u32::from_le_bytes(era)), of: HashMap::new() };
        Self {
            key,
            counts: Mutex::new(counts),
            turn: Turn::new(()),
            grown,
            ended: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            open: Mutex::default(),
        }
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session has ended.
    pub(crate) fn session_ended(&self) {
        self.ended.send_modify(|ends| *ends += 1);
    }

    /// The service stops.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// How often these have changed.
    fn standing(&self, topics: &[Topic]) -> Standing {
        let counts = self.counts();
        let number = topics.iter().map(|topic| counts.of.get(topic).copied().unwrap_or_default()).sum();
        Standing { era: counts.era, number }
    }

    /// The proof that a session was shown a page. Hashed twice, so that nothing can be put behind what was signed.
    fn proof(&self, session: Uuid, page: &str) -> [u8; 32] {
        let said = [session.as_bytes().as_slice(), page.as_bytes()].concat();
        let inner = store::blob::sha256(&[self.key.as_slice(), &said].concat());
        store::blob::sha256(&[self.key.as_slice(), &inner].concat())
    }

    /// Takes one of a session's streams; `None` where it has as many as it may.
    fn admit(&self, session: Uuid) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let streams = open.entry(session).or_default();
        let room = *streams < STREAMS;
        *streams += usize::from(room);
        room
    }

    fn leave(&self, session: Uuid) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(streams) = open.get_mut(&session) {
            *streams = streams.saturating_sub(1);
            if *streams == 0 {
                open.remove(&session);
            }
        }
    }
}

/// Brings the counts in step with the log, up to and with its entry `head`.
async fn catch_up(state: &State, head: i64) -> Result<(), Trouble> {
    let live = state.live();
    if live.counts().upto >= head {
        return Ok(());
    }
    let _turn = live.turn.lock().await;
    let (upto, era) = {
        let counts = live.counts();
        (counts.upto, counts.era)
    };
    if upto >= head {
        return Ok(());
    }
    let topics = if head - upto > BEHIND {
        None
    } else {
        Some(
            state
                .read(move |tx| {
                    let mut topics = Vec::new();
                    for mark in log::marks(tx, upto, head)? {
                        topics.extend(notice::of(tx, &mark)?);
                    }
                    Ok(topics)
                })
                .await?,
        )
    };
    let mut counts = live.counts();
    match topics {
        Some(topics) if counts.of.len() + topics.len() <= MOST => {
            for topic in topics {
                *counts.of.entry(topic).or_default() += 1;
            }
        }
        _ => (counts.era, counts.of) = (era.wrapping_add(1), HashMap::new()),
    }
    counts.upto = head;
    Ok(())
}

/// The address at which a page of somebody's follows what it shows. To be had before the page is read, so that nothing that happens
/// in between is missed; empty where the counts cannot be had, and the page then stands still.
pub(crate) async fn address(state: &State, who: &Who, page: Page) -> String {
    let live = state.live();
    let head = *live.grown.borrow();
    if let Err(trouble) = catch_up(state, head).await {
        tracing::warn!(?trouble, "a page cannot follow what it shows");
        return String::new();
    }
    let (word, standing) = (page.word(), live.standing(&page.topics(&who.subject)));
    let proof: String = live.proof(who.session, &word).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("/live/{word}/{proof}?since={}", standing.word())
}

#[cfg(test)]
mod tests;
