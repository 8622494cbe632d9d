//! Who keeps the population: builds it from the record when it is first wanted, and brings it in step with the log whenever
//! somebody asks. A small record is read on the spot; a large one on a thread of its own, and whoever asks meanwhile is told that
//! it is being built. Must not answer with anything older than the last commit of this process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use place::Place;
use record::whole;
use store::{Store, Tx};
use uuid::Uuid;

use crate::change::Changed;
use crate::held::{Gathered, Held, NotHeld, library};
use crate::make::{self, Made};
use crate::views::dispute;

/// A record of no more resources than this is read on the spot.
const SMALL: i64 = 20_000;
/// Further behind than so many entries of the log, everything is made anew.
const BEHIND: i64 = 20_000;
/// How many people are read in one go, so that no snapshot of the database stands long.
const AT_ONCE: i64 = 200;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The database says no.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The population cannot be held.
    #[error("the population cannot be held: {0}")]
    NotHeld(#[from] NotHeld),
}

/// Keeps the population of a store.
pub struct Keeper {
    store: Arc<Store>,
    place: Arc<Place>,
    held: RwLock<Option<Held>>,
    /// One brings it in step at a time; the others find it done.
    turn: Mutex<()>,
    building: AtomicBool,
    /// Why the last building came to nothing.
    failed: Mutex<Option<String>>,
}

impl Keeper {
    /// Keeps nothing yet.
    #[must_use]
    pub fn new(store: Arc<Store>, place: Arc<Place>) -> Arc<Self> {
        let (held, turn, failed) = (RwLock::default(), Mutex::default(), Mutex::default());
        Arc::new(Self { store, place, held, turn, building: AtomicBool::new(false), failed })
    }

    /// Begins to build on a thread of its own; nothing where it is under way.
    pub fn begin(self: &Arc<Self>) {
        if self.building.swap(true, Ordering::AcqRel) {
            return;
        }
        let keeper = self.clone();
        let run = move || {
            let outcome = keeper.build();
            *keeper.failed.lock().unwrap_or_else(PoisonError::into_inner) = outcome.err().map(|error| {
                tracing::error!(%error, "the population could not be built");
                error.to_string()
            });
            keeper.building.store(false, Ordering::Release);
        };
        if let Err(error) = std::thread::Builder::new().name("population".to_owned()).spawn(run) {
            tracing::error!(%error, "the population cannot be built");
            self.building.store(false, Ordering::Release);
        }
    }

    /// Asks the population as it is after the last commit; `None` while it is being built. Waits for the database: not for a
    /// thread of a runtime.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn look<T>(self: &Arc<Self>, with: impl FnOnce(&Held) -> T) -> Result<Option<T>, Trouble> {
        let head = *self.store.grown().borrow();
        if !self.is_at(head) && !self.catch_up(head)? {
            return Ok(None);
        }
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Ok(held.as_ref().map(with))
    }

    fn upto(&self) -> Option<i64> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|held| held.upto)
    }

    fn is_at(&self, head: i64) -> bool {
        self.upto().is_some_and(|upto| upto >= head)
    }

    /// Brings it in step up to an entry; false where it is being built instead.
    fn catch_up(self: &Arc<Self>, head: i64) -> Result<bool, Trouble> {
        if self.upto().is_none() && self.building.load(Ordering::Acquire) {
            return Ok(false);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match self.upto() {
            Some(upto) if upto >= head => Ok(true),
            Some(upto) if head - upto <= BEHIND => {
                self.step(upto)?;
                if self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(Held::is_worn) {
                    self.begin();
                }
                Ok(true)
            }
            _ if self.store.read(|tx| store::resource::count(tx))? <= SMALL => {
                let made = self.made()?;
                self.put(made);
                Ok(true)
            }
            _ => {
                self.begin();
                Ok(false)
            }
        }
    }

    /// Builds it and puts it in place of what stood.
    fn build(&self) -> Result<(), Trouble> {
        let began = self.made()?;
        let (people, events) = (began.people.len(), began.events.rows());
        tracing::info!(people, events, "the population is built from the record");
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.put(began);
        Ok(())
    }

    fn put(&self, made: Held) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        *held = Some(made.after(held.as_ref()));
    }

    /// Everybody anew. What changes while it is read is after `upto`, and is brought in step with the next question.
    fn made(&self) -> Result<Held, Trouble> {
        let library = library(&self.place)?;
        let upto = self.store.read(|tx| store::log::head(tx))?.seq;
        let mut gathered = Gathered::default();
        let mut after = Uuid::nil();
        loop {
            let place = self.place.clone();
            let some = self.store.read(move |tx| {
                let roots = whole::people(tx, after, AT_ONCE)?;
                roots.into_iter().map(|root| Ok((root, make::of(tx, &place, root)?))).collect::<store::Result<Vec<_>>>()
            })?;
            let Some((last, _)) = some.last() else { break };
            after = *last;
            some.into_iter().for_each(|(root, made)| gathered.take(root, made));
        }
        let (choices, disputes) =
            self.store.read(|tx| Ok::<_, store::Error>((whole::choices(tx)?, dispute::all(tx)?)))?;
        Ok(Held::of(gathered, library, choices, disputes, upto)?)
    }

    /// Takes in what the log says after an entry.
    fn step(&self, upto: i64) -> Result<(), Trouble> {
        let (place, had) = (&self.place, |done: &Uuid| {
            self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|held| held.had(*done))
        });
        let read = |tx: &mut dyn Tx| -> store::Result<Step> {
            let (mut changed, mut last) = (Changed::default(), upto);
            store::log::walk(tx, upto + 1, &mut |tx, entry| {
                last = entry.seq;
                changed.take(tx, &entry)
            })?;
            let mut step = Step { upto: last, ..Step::default() };
            if changed.is_nothing() {
                return Ok(step);
            }
            let mut ids: Vec<Uuid> = changed.done.iter().filter_map(&had).chain(changed.people).collect();
            for at in 0..ids.len() {
                let Some(root) = record::summary::root(tx, ids[at])? else { continue };
                ids.push(root);
            }
            ids.sort_unstable();
            ids.dedup();
            for id in ids.into_iter().filter(|id| !id.is_nil()) {
                step.people.push((id, make::of(tx, place, id)?));
            }
            if changed.choices {
                step.choices = Some(whole::choices(tx)?);
            }
            if changed.disputes {
                step.disputes = Some(dispute::all(tx)?);
            }
            Ok(step)
        };
        let step = self.store.read(read)?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = held.as_mut() else { return Ok(()) };
        for (id, made) in step.people {
            held.renew(id, made)?;
        }
        if let Some(choices) = step.choices {
            held.choose(choices);
        }
        if let Some(disputes) = step.disputes {
            held.dispute(disputes);
        }
        held.upto = step.upto;
        Ok(())
    }

    /// Why there is nothing, in words, where the last building failed.
    #[must_use]
    pub fn failed(&self) -> Option<String> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What some entries of the log come to.
#[derive(Debug, Default)]
struct Step {
    upto: i64,
    people: Vec<(Uuid, Made)>,
    choices: Option<whole::Choices>,
    disputes: Option<Vec<dispute::Standing>>,
}
