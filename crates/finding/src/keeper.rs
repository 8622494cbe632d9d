//! Who keeps the population: reads what was saved of it, else builds it from the record, when it is first wanted, and brings it in
//! step with the log whenever somebody asks. A small record is read on the spot; a large one on a thread of its own, and whoever asks
//! meanwhile is told that it is being built. Saves it beside the database on a thread of its own. Must not answer with anything older
//! than the last commit of this process.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use place::Place;
use population::columns::{ColumnsError, Events};
use population::keep::KeepError;
use record::whole;
use store::{Head, Store, Tx};
use uuid::Uuid;

use crate::change::Changed;
use crate::held::{Gathered, Held, NotHeld, library};
use crate::make::{self, Made};
use crate::saved::{self, NotUsed, Saved};
use crate::views::dispute;

/// A record of no more resources than this is read on the spot.
const SMALL: i64 = 20_000;
/// Further behind than so many entries of the log, everything is made anew.
const BEHIND: i64 = 20_000;
/// After so many entries it is saved again, so that the next start is not too far behind.
const SAVE_AFTER: i64 = BEHIND / 2;
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

impl From<KeepError> for Trouble {
    fn from(error: KeepError) -> Self {
        Self::NotHeld(NotHeld::Columns(error.into()))
    }
}

/// How many threads read columns.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(16)
}

/// Keeps the population of a store.
pub struct Keeper {
    store: Arc<Store>,
    place: Arc<Place>,
    /// Where it is saved.
    folder: Option<PathBuf>,
    held: RwLock<Option<Held>>,
    /// One brings it in step at a time; the others find it done.
    turn: Mutex<()>,
    /// It is being built, or saved.
    busy: AtomicBool,
    /// Up to which entry it is saved.
    saved: AtomicI64,
    /// What is saved has been found damaged: it is not read again.
    damaged: AtomicBool,
    /// Why the last building came to nothing.
    failed: Mutex<Option<String>>,
}

impl Keeper {
    /// Keeps nothing yet. What it will keep is saved in a folder, where one is given: as secret as the database.
    #[must_use]
    pub fn new(store: Arc<Store>, place: Arc<Place>, folder: Option<PathBuf>) -> Arc<Self> {
        let (held, turn, failed) = (RwLock::default(), Mutex::default(), Mutex::default());
        let (busy, saved, damaged) = (AtomicBool::new(false), AtomicI64::new(0), AtomicBool::new(false));
        Arc::new(Self { store, place, folder, held, turn, busy, saved, damaged, failed })
    }

    /// Begins to read or build it on a thread of its own; nothing where that is under way.
    pub fn begin(self: &Arc<Self>) {
        self.on_a_thread(|keeper| {
            let outcome = keeper.build();
            *keeper.failed.lock().unwrap_or_else(PoisonError::into_inner) = outcome.err().map(|error| {
                tracing::error!(%error, "the population could not be built");
                error.to_string()
            });
        });
    }

    fn on_a_thread(self: &Arc<Self>, work: fn(&Self)) {
        if self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        let keeper = self.clone();
        let run = move || {
            work(&keeper);
            keeper.busy.store(false, Ordering::Release);
        };
        if let Err(error) = std::thread::Builder::new().name("population".to_owned()).spawn(run) {
            tracing::error!(%error, "the population can be neither built nor saved");
            self.busy.store(false, Ordering::Release);
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
        if self.upto().is_none() && self.busy.load(Ordering::Acquire) {
            return Ok(false);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match self.upto() {
            Some(upto) if upto >= head => return Ok(true),
            Some(upto) if head - upto <= BEHIND => match self.step(upto) {
                Ok(()) => {
                    self.consider_saving();
                    return Ok(true);
                }
                // What is left on the disk until it is needed can be damaged long after the rest was read.
                Err(Trouble::NotHeld(NotHeld::Columns(ColumnsError::Keep(error)))) => {
                    tracing::error!(%error, "the saved columns are damaged; they are built anew from the record");
                    self.damaged.store(true, Ordering::Release);
                    *self.held.write().unwrap_or_else(PoisonError::into_inner) = None;
                }
                Err(other) => return Err(other),
            },
            _ => {}
        }
        if self.store.read(|tx| store::resource::count(tx))? <= SMALL {
            let held = match self.last_saved().filter(|held| self.is_sound(&held.events)) {
                Some(held) => held,
                None => self.read_whole()?,
            };
            self.put(held);
            Ok(true)
        } else {
            self.begin();
            Ok(false)
        }
    }

    /// What was saved, in step with the log, else everything anew; in place of what stood.
    fn build(&self) -> Result<(), Trouble> {
        let held = match self.last_saved() {
            Some(held) => held,
            None => self.anew()?,
        };
        tracing::info!(people = held.people.len(), events = held.events.rows(), "the population is held");
        self.replace(held)?;
        // What is read when it is needed is looked at once everybody can be answered.
        let events = self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|held| held.events.clone());
        if events.is_some_and(|events| !self.is_sound(&events)) {
            let held = self.anew()?;
            self.replace(held)?;
        }
        Ok(())
    }

    /// Whether what stays on the disk until it is needed reads as it was saved.
    fn is_sound(&self, events: &Events) -> bool {
        let checked = events.check();
        if let Err(error) = &checked {
            tracing::error!(%error, "the saved columns are damaged; they are built anew from the record");
            self.damaged.store(true, Ordering::Release);
        }
        checked.is_ok()
    }

    /// In place of what stood, in step with the log: most of that before anybody has to wait for it.
    fn replace(&self, mut held: Held) -> Result<(), Trouble> {
        self.bring(&mut held)?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.bring(&mut held)?;
        self.put(held);
        Ok(())
    }

    fn put(&self, made: Held) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        *held = Some(made.after(held.as_ref()));
    }

    /// Everybody anew: through the folder, so that no more than a part is held at a time, else in memory.
    fn anew(&self) -> Result<Held, Trouble> {
        let Some(folder) = &self.folder else { return self.read_whole() };
        match saved::build(&self.store, &self.place, folder, &mut |_| ()) {
            Ok(built) => {
                let saved::Built { people, events, upto } = built;
                tracing::info!(people, events, upto, "the columns are built from the record and saved");
                self.damaged.store(false, Ordering::Release);
                match self.try_saved(i64::MAX) {
                    Ok(held) => return Ok(held),
                    Err(why) => tracing::warn!(%why, "the columns that were just saved are not used"),
                }
            }
            Err(Trouble::NotHeld(NotHeld::Columns(ColumnsError::Keep(error)))) => {
                tracing::warn!(%error, "the columns cannot be saved; they are held in memory alone");
            }
            Err(other) => return Err(other),
        }
        self.read_whole()
    }

    /// Everybody anew, in memory. What changes while it is read is after `upto`, and is brought in step with the next question.
    fn read_whole(&self) -> Result<Held, Trouble> {
        let library = library(&self.place)?;
        let upto = self.store.read(|tx| store::log::head(tx))?.seq;
        let mut gathered = Gathered::default();
        everybody(&self.store, &self.place, &mut gathered, &mut |_| ())?;
        let (seen, choices, disputes) = self
            .store
            .read(|tx| Ok::<_, store::Error>((store::log::head(tx)?, whole::choices(tx)?, dispute::all(tx)?)))?;
        let columns = gathered.columns(upto, seen).map_err(NotHeld::from)?;
        Ok(Held::made(columns, library, &[], choices, disputes, threads())?)
    }

    /// What was saved, in step with the log; where it is not used, the reason is logged.
    fn last_saved(&self) -> Option<Held> {
        self.folder.as_ref()?;
        let used = self.try_saved(BEHIND).and_then(|mut held| {
            self.bring(&mut held)?;
            Ok(held)
        });
        match used {
            Ok(held) => {
                tracing::info!(upto = held.upto, "the saved columns are used");
                Some(held)
            }
            Err(why) => {
                tracing::warn!(%why, "no saved columns are used; they are built anew from the record");
                None
            }
        }
    }

    fn try_saved(&self, most: i64) -> Result<Held, Unused> {
        let Some(folder) = &self.folder else { return Err(NotUsed::Nothing("memory".to_owned()).into()) };
        if self.damaged.load(Ordering::Acquire) {
            return Err(NotUsed::Damaged.into());
        }
        let saved = Saved::load(folder, threads())?;
        let behind = saved.behind(&self.store, &self.place)?;
        if behind > most {
            return Err(NotUsed::Behind(behind).into());
        }
        let held = saved.held(&self.store, &self.place, &[], threads())?;
        self.saved.store(held.upto, Ordering::Release);
        Ok(held)
    }

    /// Saves on a thread of its own where much has come since the last time.
    fn consider_saving(self: &Arc<Self>) {
        let saved = self.saved.load(Ordering::Acquire);
        let (worn, upto) = self
            .held
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map_or((false, 0), |held| (held.is_worn(), held.upto));
        if self.folder.is_none() {
            if worn {
                self.begin();
            }
        } else if worn || upto - saved >= SAVE_AFTER {
            self.on_a_thread(|keeper| {
                if let Err(error) = keeper.save() {
                    tracing::warn!(%error, "the columns cannot be saved; what is held goes on");
                    // Not again with the next question, but after as many entries as before.
                    let upto = keeper.upto().unwrap_or_default();
                    keeper.saved.store(upto, Ordering::Release);
                }
            });
        }
    }

    /// Saves what is held, and goes on with what was saved: whatever came since the columns were made is then in them. Others ask
    /// meanwhile: a copy is taken, which shares the columns, and neither writing nor reading holds a lock that a question waits for.
    /// Not for the thread of a request.
    ///
    /// # Errors
    /// [`Trouble`]; what was held is held on.
    pub fn save(&self) -> Result<(), Trouble> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let columns = self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(Held::columns);
        let Some(columns) = columns else { return Ok(()) };
        let events = saved::write(&self.place, folder, &columns).map_err(NotHeld::from)?;
        tracing::info!(people = columns.people.len(), events, upto = columns.upto, "the columns are saved");
        drop(columns);
        self.damaged.store(false, Ordering::Release);
        match self.try_saved(i64::MAX) {
            Ok(held) => self.replace(held),
            Err(Unused::Trouble(trouble)) => Err(trouble),
            Err(Unused::Not(why)) => Err(KeepError::NotKept(why.to_string()).into()),
        }
    }

    /// Takes in what the log says after an entry.
    fn step(&self, upto: i64) -> Result<(), Trouble> {
        let had = |done: &Uuid| {
            self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|held| held.had(*done))
        };
        let step = self.read(upto, &had)?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.as_mut().map_or(Ok(()), |held| step.into(held))
    }

    /// The same for what nobody asks yet.
    fn bring(&self, held: &mut Held) -> Result<(), Trouble> {
        let step = self.read(held.upto, &|done| held.had(*done))?;
        step.into(held)
    }

    /// Reads what the log says after an entry, and everybody of whom it speaks.
    fn read(&self, upto: i64, had: &dyn Fn(&Uuid) -> Option<Uuid>) -> Result<Step, Trouble> {
        let place = &self.place;
        let read = |tx: &mut dyn Tx| -> store::Result<Step> {
            let (mut changed, mut last) = (Changed::default(), None);
            store::log::walk(tx, upto + 1, &mut |tx, entry| {
                last = Some(Head { seq: entry.seq, hash: entry.hash });
                changed.take(tx, &entry)
            })?;
            let mut step = Step { upto: last, ..Step::default() };
            if changed.is_nothing() {
                return Ok(step);
            }
            let mut ids: Vec<Uuid> = changed.done.iter().filter_map(had).chain(changed.people).collect();
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
        Ok(self.store.read(read)?)
    }

    /// Why there is nothing, in words, where the last building failed.
    #[must_use]
    pub fn failed(&self) -> Option<String> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Why what was saved is not used, or could not be brought in step.
#[derive(Debug, thiserror::Error)]
enum Unused {
    #[error(transparent)]
    Not(#[from] NotUsed),
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Everybody of a record, a few at a time; tells how many are done.
pub(crate) fn everybody(
    store: &Store,
    place: &Place,
    gathered: &mut Gathered,
    tell: &mut dyn FnMut(u64),
) -> Result<(), Trouble> {
    let (mut after, mut done) = (Uuid::nil(), 0);
    loop {
        let some = store.read(|tx| {
            let roots = whole::people(tx, after, AT_ONCE)?;
            roots.into_iter().map(|root| Ok((root, make::of(tx, place, root)?))).collect::<store::Result<Vec<_>>>()
        })?;
        let Some((last, _)) = some.last() else { return Ok(()) };
        after = *last;
        done += some.len() as u64;
        for (root, made) in some {
            gathered.take(root, made).map_err(NotHeld::from)?;
        }
        tell(done);
    }
}

/// What some entries of the log come to.
#[derive(Debug, Default)]
struct Step {
    /// The last of them, where there was any.
    upto: Option<Head>,
    people: Vec<(Uuid, Made)>,
    choices: Option<whole::Choices>,
    disputes: Option<Vec<dispute::Standing>>,
}

impl Step {
    /// Into what is held.
    fn into(self, held: &mut Held) -> Result<(), Trouble> {
        for (id, made) in self.people {
            held.renew(id, made)?;
        }
        if let Some(choices) = self.choices {
            held.choose(choices);
        }
        if let Some(disputes) = self.disputes {
            held.dispute(disputes);
        }
        if let Some(head) = self.upto {
            held.is_at(head);
        }
        Ok(())
    }
}
