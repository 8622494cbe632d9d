//! An invented exchange for tests and the demonstration: who picks up, who is busy and who lets it ring follows from a seed,
//! and it tells what happens twice, late and out of order, as real ones do. Time is an argument. Must not be wired where
//! anybody is really rung.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Order, Signal, Telephony, Unreachable, What};

/// What somebody does when they are rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Picks up after so many seconds and talks for so many.
    PicksUp {
        /// Seconds until they pick up.
        after: i64,
        /// Seconds of the conversation.
        talk: i64,
    },
    /// Is speaking to somebody else.
    IsBusy,
    /// Lets it ring.
    LetsItRing,
    /// Cannot be rung: out of reach.
    IsOutOfReach,
}

/// How unreliably it tells what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Tell every so-manieth signal again; nought for never.
    pub again_every: u64,
    /// Tell signals up to so many seconds after they happened.
    pub late_by: i64,
}

/// The invented exchange.
pub struct Simulated {
    seed: u64,
    manner: Manner,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// What somebody does on their next rings, by the id of their sign-in.
    plans: BTreeMap<String, Vec<Does>>,
    /// What somebody does whenever nothing is planned for them, in place of what the seed says.
    habits: BTreeMap<String, Does>,
    /// Orders taken already, so that a second time changes nothing.
    taken: BTreeSet<Order>,
    /// Signals to come, with the moment at which they are told.
    to_come: Vec<(Timestamp, Signal)>,
    /// The conversations that go on until they are ended.
    talks: BTreeMap<Uuid, (u32, i64)>,
    next: u64,
    out: bool,
}

impl Simulated {
    /// One in which everybody does what the seed says.
    #[must_use]
    pub fn new(seed: u64, manner: Manner) -> Self {
        Self { seed, manner, inner: Mutex::default() }
    }

    /// Says what somebody does on their next rings, in order; after that, the seed says.
    pub fn plan(&self, reader: &str, does: impl IntoIterator<Item = Does>) {
        self.inner().plans.entry(reader.to_owned()).or_default().extend(does);
    }

    /// Says what somebody does whenever nothing is planned for them.
    pub fn always(&self, reader: &str, does: Does) {
        self.inner().habits.insert(reader.to_owned(), does);
    }

    /// Takes it out of reach, or back: no order is taken meanwhile.
    pub fn out_of_reach(&self, out: bool) {
        self.inner().out = out;
    }

    /// The caller hangs up.
    pub fn caller_hangs_up(&self, call: Uuid, ring: u32, at: Timestamp) {
        self.tell(&mut self.inner(), call, ring, What::CallerGone, at);
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number below `below` that follows from the seed and some words.
    fn drawn(&self, words: &str, below: u64) -> u64 {
        let hash = store::blob::sha256(format!("{} {words}", self.seed).as_bytes());
        let number = hash.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        number % below.max(1)
    }

    /// By the seed: of ten rings, six are answered within the time, one is busy, one is out of reach and two ring out.
    fn does(&self, call: Uuid, ring: u32, reader: &str) -> Does {
        let drawn = |what: &str, below| self.drawn(&format!("{what} {call} {ring} {reader}"), below);
        let seconds = |what: &str, below| i64::try_from(drawn(what, below)).unwrap_or_default();
        match drawn("does", 10) {
            0..6 => Does::PicksUp { after: 3 + seconds("after", 11), talk: 90 + seconds("talk", 240) },
            6 => Does::IsBusy,
            7 => Does::IsOutOfReach,
            _ => Does::LetsItRing,
        }
    }

    fn tell(&self, inner: &mut Inner, call: Uuid, ring: u32, what: What, at: Timestamp) {
        inner.next += 1;
        let id = format!("simulated-{}-{}", self.seed, inner.next);
        let late = |words: &str| {
            let most = u64::try_from(self.manner.late_by).unwrap_or_default() + 1;
            after(at, i64::try_from(self.drawn(&format!("{words} {id}"), most)).unwrap_or_default())
        };
        let signal = Signal { id: id.clone(), call, ring, what, at };
        inner.to_come.push((late("late"), signal.clone()));
        if self.manner.again_every > 0 && inner.next.is_multiple_of(self.manner.again_every) {
            inner.to_come.push((late("again"), signal));
        }
    }
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

impl Telephony for Simulated {
    fn order(&self, order: &Order, at: Timestamp) -> Result<(), Unreachable> {
        let mut inner = self.inner();
        if inner.out {
            return Err(Unreachable("the invented exchange is out of reach".to_owned()));
        }
        if !inner.taken.insert(order.clone()) {
            return Ok(());
        }
        match order {
            Order::Ring { call, ring, extension, .. } => {
                let planned = inner.plans.get_mut(&extension.reader).filter(|plan| !plan.is_empty());
                let planned = planned.map(|plan| plan.remove(0));
                let does = planned.or_else(|| inner.habits.get(&extension.reader).copied());
                match does.unwrap_or_else(|| self.does(*call, *ring, &extension.reader)) {
                    Does::PicksUp { after: seconds, talk } => {
                        self.tell(&mut inner, *call, *ring, What::Ringing, at);
                        self.tell(&mut inner, *call, *ring, What::Answered, after(at, seconds));
                        inner.talks.insert(*call, (*ring, talk));
                    }
                    Does::IsBusy => self.tell(&mut inner, *call, *ring, What::Busy, after(at, 1)),
                    Does::IsOutOfReach => self.tell(&mut inner, *call, *ring, What::Failed, after(at, 1)),
                    Does::LetsItRing => self.tell(&mut inner, *call, *ring, What::Ringing, at),
                }
            }
            Order::Cancel { call, ring } => {
                // What has not happened yet no longer happens.
                inner.to_come.retain(|(_, signal)| (signal.call, signal.ring) != (*call, *ring) || signal.at <= at);
                self.tell(&mut inner, *call, *ring, What::NotAnswered, at);
            }
            Order::Connect { call, ring } => {
                if let Some((_, talk)) = inner.talks.remove(call).filter(|(answered, _)| answered == ring) {
                    self.tell(&mut inner, *call, *ring, What::Ended, after(at, talk));
                }
            }
            Order::HangUp { call } => {
                inner.to_come.retain(|(_, signal)| signal.call != *call || signal.at <= at);
            }
        }
        Ok(())
    }

    fn signals(&self, until: Timestamp) -> Vec<Signal> {
        let mut inner = self.inner();
        let (mut told, to_come): (Vec<_>, Vec<_>) =
            std::mem::take(&mut inner.to_come).into_iter().partition(|(at, _)| *at <= until);
        inner.to_come = to_come;
        told.sort_by_key(|(at, signal)| (*at, self.drawn(&signal.id, u64::MAX)));
        told.into_iter().map(|(_, signal)| signal).collect()
    }
}
