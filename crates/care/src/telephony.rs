//! Telephony: what Weft asks of an exchange and what an exchange tells it. Somebody is rung by their place on the rota of a
//! specialty; only the exchange knows the number behind it. Signals may come twice, late and out of order. Must not hold a
//! personal number, nor do anything itself: an adapter in the binary speaks to a real exchange.

pub mod signature;
pub mod simulated;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whom the exchange rings: the place on a rota, by the ids that both sides know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Extension {
    /// The specialty's short name.
    pub specialty: String,
    /// The id of the sign-in of whoever is on its rota.
    pub reader: String,
}

/// What Weft asks of an exchange. Each is safe to ask again: it is named by the call and the ring, and a second time changes
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "order")]
pub enum Order {
    /// Ring somebody.
    Ring {
        /// The call.
        call: Uuid,
        /// Which ring of the call: 1, 2, 3.
        ring: u32,
        /// Whom.
        extension: Extension,
        /// The caller, as the exchange knows them: the id of their sign-in.
        caller: String,
    },
    /// Stop a ring that nobody has answered.
    Cancel {
        /// The call.
        call: Uuid,
        /// Which ring.
        ring: u32,
    },
    /// Connect the caller with whoever answered a ring.
    Connect {
        /// The call.
        call: Uuid,
        /// Which ring.
        ring: u32,
    },
    /// End the call, whoever is in it.
    HangUp {
        /// The call.
        call: Uuid,
    },
}

/// What an exchange says of one ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It rings there.
    Ringing,
    /// Somebody has picked up.
    Answered,
    /// They are speaking to somebody else.
    Busy,
    /// It rang and nobody picked up, or it was stopped.
    NotAnswered,
    /// They could not be rung at all.
    Failed,
    /// The conversation is over.
    Ended,
    /// The caller has hung up.
    CallerGone,
}

/// Something that happened at the exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// The exchange's own id of it; the same when it is told again.
    pub id: String,
    /// The call.
    pub call: Uuid,
    /// Which ring of the call: 1, 2, 3.
    pub ring: u32,
    /// What.
    pub what: What,
    /// When, by the clock of the exchange.
    pub at: Timestamp,
}

/// The longest id of a signal, in characters.
pub const LONGEST_ID: usize = 100;

/// The exchange did not take an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the telephone exchange did not take an order ({0}); it is asked again")]
pub struct Unreachable(pub String);

/// A telephone exchange.
pub trait Telephony: Send + Sync {
    /// Asks for something. Asking again for what was asked before changes nothing.
    ///
    /// # Errors
    /// [`Unreachable`]; the order is then asked again, or the ring counts as failed.
    fn order(&self, order: &Order, at: Timestamp) -> Result<(), Unreachable>;

    /// What has happened up to a moment and was not told yet, for an exchange that is asked. One that tells by itself (by a
    /// webhook) has nothing to say here.
    fn signals(&self, until: Timestamp) -> Vec<Signal>;
}
