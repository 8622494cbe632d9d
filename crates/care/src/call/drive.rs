//! Keeping calls going: what the exchange says is heard, what time changes is done, and what a call wants of the exchange is
//! asked for. One step does all of it once; whoever has a clock calls it again and again. Must not wait, nor read a clock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use store::{Refused, Store};
use uuid::Uuid;

use super::{Call, Command, Refusal, act};
use crate::telephony::{Order, Signal, Telephony, What};
use crate::views::call::{due, live};

/// Who writes into the log where it was no person.
pub const EXCHANGE: &str = "system:telephone-exchange";
/// Who writes into the log what time alone has changed.
pub const TIME: &str = "system:time";
/// The longest that a call can go on; one that the exchange never said the end of is left alone after it.
const LONGEST: SignedDuration = SignedDuration::from_hours(4);
/// The most calls that one step moves on.
const MOST: i64 = 500;

/// Drives the calls of a store. Holds only what it has asked of the exchange already, and nothing is lost without it.
#[derive(Debug, Default)]
pub struct Driver {
    asked: BTreeMap<Uuid, BTreeSet<Order>>,
}

/// What a step did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Stepped {
    /// Signals that were taken, those that were known already among them.
    pub heard: usize,
    /// Signals that the rules refused.
    pub refused: usize,
    /// Orders that the exchange took.
    pub asked: usize,
    /// Orders that it did not take; they are asked again.
    pub failed: usize,
}

impl Driver {
    /// One step.
    ///
    /// # Errors
    /// What the store says; what was done before stands, and the next step goes on from there.
    pub fn step(&mut self, store: &Store, exchange: &dyn Telephony, now: Timestamp) -> Result<Stepped, store::Error> {
        let mut stepped = Stepped::default();
        for signal in exchange.signals(now) {
            match hear(store, signal, now) {
                Ok(_) => stepped.heard += 1,
                Err(Refused::Rules(refusal)) => {
                    tracing::warn!(%refusal, "the exchange told something that was set aside");
                    stepped.refused += 1;
                }
                Err(Refused::Store(error)) => return Err(error),
            }
        }
        for id in store.read(|tx| due(tx, now, MOST))? {
            let passed = store.write(move |write| act::ask(write, id, Command::Pass, TIME, now));
            if let Err(Refused::Store(error)) = passed {
                return Err(error);
            }
        }
        let since = now.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
        let mut calls: BTreeSet<Uuid> = store.read(|tx| live(tx, since))?.into_iter().collect();
        // Those that were live a step ago have a last order: hang up.
        let over: Vec<Uuid> = self.asked.keys().copied().filter(|id| !calls.contains(id)).collect();
        calls.extend(&over);
        for id in calls {
            self.order(store, exchange, id, now, &mut stepped)?;
        }
        Ok(stepped)
    }

    fn order(
        &mut self,
        store: &Store,
        exchange: &dyn Telephony,
        id: Uuid,
        now: Timestamp,
        stepped: &mut Stepped,
    ) -> Result<(), store::Error> {
        let (call, _) = store::aggregate::load::<Call>(&store.read(|tx| store::log::stream(tx, id))?)?;
        let asked = self.asked.entry(id).or_default();
        let mut unreached = None;
        for order in call.orders(id) {
            if asked.contains(&order) {
                continue;
            }
            match exchange.order(&order, now) {
                Ok(()) => {
                    stepped.asked += 1;
                    asked.insert(order);
                }
                Err(error) => {
                    tracing::warn!(%error, "an order");
                    stepped.failed += 1;
                    if let Order::Ring { ring, .. } = order {
                        unreached = Some(ring);
                    }
                }
            }
        }
        let over = !matches!(call.stands(), super::Stands::Ringing | super::Stands::Answered);
        if over && call.orders(id).iter().all(|order| asked.contains(order)) {
            self.asked.remove(&id);
        }
        // A ring that the exchange does not take is a ring that failed: the next is tried, and in the end writing is offered.
        if let Some(ring) = unreached {
            let signal = Signal { id: format!("weft-unreached-{ring}"), call: id, ring, what: What::Failed, at: now };
            if let Err(Refused::Store(error)) = hear(store, signal, now) {
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Hears one signal.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever runs the exchange, or [`Refused::Store`].
pub fn hear(store: &Store, signal: Signal, now: Timestamp) -> Result<Call, Refused<Refusal>> {
    store.write(move |write| act::ask(write, signal.call, Command::Heard(signal.clone()), EXCHANGE, now))
}
