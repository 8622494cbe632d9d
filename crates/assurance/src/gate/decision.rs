//! One decision about beds, from its protocol to the day they go, and after. Everything that happens to it is written down and
//! never changed: a restated month stands beside what was known before, and so does every look made again with it. Beds go only
//! by [`Command::Release`], which refuses unless every condition is met.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Aggregate;

use super::book::{Book, Change, Figure};
use super::calibrate::Calibration;
use super::capacity::{Count, Post};
use super::look::Look;
use super::month::Month;
use super::protocol::Protocol;

mod read;
mod refused;
mod rules;
#[cfg(test)]
pub(crate) mod tests;

pub use refused::Refusal;

/// Which side somebody signs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// Those who commission.
    Commissioners,
    /// Those who provide.
    Providers,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A protocol was registered and frozen.
    Registered {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// What was agreed.
        protocol: Box<Protocol>,
        /// The threshold found for it.
        calibration: Calibration,
        /// The hash of both.
        hash: String,
    },
    /// It was changed: a new clock.
    Amended {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
        /// What is agreed now.
        protocol: Box<Protocol>,
        /// The threshold found for it.
        calibration: Calibration,
        /// The hash of both.
        hash: String,
    },
    /// Figures were reported for the first time.
    Reported {
        /// By whom.
        by: String,
        /// Which.
        figures: Vec<Figure>,
    },
    /// Figures were reported otherwise than before.
    Restated {
        /// By whom.
        by: String,
        /// Why.
        reason: String,
        /// As they were, and as they are.
        changes: Vec<Change>,
    },
    /// A past look was made again with restated figures. The one that was made then stays.
    LookedAgain {
        /// The hash of the look as it was known then.
        before: String,
        /// As it is known now.
        look: Box<Look>,
        /// The hash of that.
        hash: String,
    },
    /// The people were counted.
    CapacityCounted {
        /// By whom.
        by: String,
        /// What was found; nobody's name.
        count: Count,
    },
    /// A balancing measure was reported.
    BalanceReported {
        /// By whom.
        by: String,
        /// Which.
        name: String,
        /// As of when.
        month: Month,
        /// The upper confidence limit of how much worse it has got, in its own unit.
        worst: f64,
    },
    /// Somebody said that what a series records has changed.
    RecordingChanged {
        /// By whom.
        by: String,
        /// Which series.
        series: String,
        /// From when.
        month: Month,
        /// What.
        what: String,
    },
    /// A month was looked at.
    LookedAt {
        /// By whom.
        by: String,
        /// What was found.
        look: Box<Look>,
        /// Its hash.
        hash: String,
    },
    /// A look was made public.
    Published {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// The look's hash.
        look: String,
    },
    /// Somebody signed for a side.
    SignedOff {
        /// Who.
        by: String,
        /// For whom.
        party: Party,
        /// The look's hash.
        look: String,
    },
    /// Both sides have signed in sufficient number.
    Agreed {
        /// The look's hash.
        look: String,
    },
    /// Beds went.
    Released {
        /// By whom.
        by: String,
        /// How many.
        beds: u32,
        /// The last month in which they were there.
        month: Month,
        /// The look it rests on.
        look: String,
    },
    /// Harm was looked for.
    HarmLookedFor {
        /// By whom.
        by: String,
        /// The latest month.
        month: Month,
        /// The evidence of harm, as a natural logarithm.
        log_e: f64,
    },
    /// Harm was found: the beds open again.
    Reversed {
        /// The month in which it was found.
        month: Month,
        /// How many beds.
        beds: u32,
    },
}

/// What can be asked of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Register a protocol, with the threshold that was found for it.
    Register {
        /// By whom.
        by: String,
        /// What is agreed.
        protocol: Box<Protocol>,
        /// Its threshold.
        calibration: Calibration,
    },
    /// Change it, and begin again.
    Amend {
        /// By whom.
        by: String,
        /// Why.
        reason: String,
        /// What is agreed now.
        protocol: Box<Protocol>,
        /// Its threshold.
        calibration: Calibration,
    },
    /// Report figures; those that say otherwise than before need a reason.
    Report {
        /// By whom.
        by: String,
        /// Which.
        figures: Vec<Figure>,
        /// Why any of them changed.
        reason: Option<String>,
    },
    /// Count the people in a month from the list of their posts.
    CountCapacity {
        /// By whom.
        by: String,
        /// Which month.
        month: Month,
        /// The posts.
        posts: Vec<Post>,
    },
    /// Report a balancing measure.
    ReportBalance {
        /// By whom.
        by: String,
        /// Which.
        name: String,
        /// As of when.
        month: Month,
        /// The upper confidence limit of how much worse it has got.
        worst: f64,
    },
    /// Say that what a series records has changed.
    DeclareChange {
        /// By whom.
        by: String,
        /// Which series.
        series: String,
        /// From when.
        month: Month,
        /// What.
        what: String,
    },
    /// Look at a month.
    Look {
        /// By whom.
        by: String,
        /// Which.
        month: Month,
    },
    /// Make the latest look public.
    Publish {
        /// By whom.
        by: String,
    },
    /// Sign the latest look.
    Sign {
        /// Who.
        by: String,
        /// For whom.
        party: Party,
    },
    /// Let beds go.
    Release {
        /// By whom.
        by: String,
        /// How many.
        beds: u32,
    },
    /// Look for harm after beds have gone.
    LookForHarm {
        /// By whom.
        by: String,
        /// The latest month.
        month: Month,
    },
}

/// What was agreed, and since when.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    /// The protocol.
    pub protocol: Protocol,
    /// Its threshold.
    pub calibration: Calibration,
    /// The hash of both.
    pub hash: String,
    /// Which clock.
    pub clock: u32,
    /// When.
    pub at: Timestamp,
}

/// A decision about beds.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    frozen: Option<Frozen>,
    book: Book,
    capacity: BTreeMap<Month, Count>,
    balances: BTreeMap<String, (Month, f64)>,
    declared: Vec<(String, Month, String)>,
    /// The looks of the present clock that are not replaced, with their hashes.
    looks: Vec<(Look, String)>,
    published: BTreeMap<String, Timestamp>,
    signatures: BTreeMap<String, Vec<(Party, String)>>,
    released: Option<(Month, u32)>,
    harm: Vec<(Month, f64)>,
    reversed: bool,
}

impl Aggregate for Decision {
    const KIND: &'static str = "bed-gate";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.decided(command, at)
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Registered { at, protocol, calibration, hash, .. }
            | Event::Amended { at, protocol, calibration, hash, .. } => {
                let clock = self.frozen.as_ref().map_or(1, |frozen| frozen.clock + 1);
                let (protocol, calibration) = (protocol.as_ref().clone(), calibration.clone());
                self.frozen = Some(Frozen { protocol, calibration, hash: hash.clone(), clock, at: *at });
                self.looks.clear();
            }
            Event::Reported { figures, .. } => self.book.take(figures),
            Event::Restated { changes, .. } => {
                let figures: Vec<Figure> = changes.iter().map(|change| change.is.clone()).collect();
                self.book.take(&figures);
            }
            Event::LookedAgain { before, look, hash } => {
                if let Some(kept) = self.looks.iter_mut().find(|(_, known)| known == before) {
                    *kept = (look.as_ref().clone(), hash.clone());
                }
            }
            Event::CapacityCounted { count, .. } => {
                self.capacity.insert(count.month, count.clone());
            }
            Event::BalanceReported { name, month, worst, .. } => {
                self.balances.insert(name.clone(), (*month, *worst));
            }
            Event::RecordingChanged { series, month, what, .. } => {
                self.declared.push((series.clone(), *month, what.clone()));
            }
            Event::LookedAt { look, hash, .. } => {
                self.looks.retain(|(known, _)| known.month != look.month);
                self.looks.push((look.as_ref().clone(), hash.clone()));
            }
            Event::Published { look, at, .. } => {
                self.published.insert(look.clone(), *at);
            }
            Event::SignedOff { by, party, look } => {
                self.signatures.entry(look.clone()).or_default().push((*party, by.clone()));
            }
            Event::Agreed { .. } => {}
            Event::Released { beds, month, .. } => self.released = Some((*month, *beds)),
            Event::HarmLookedFor { month, log_e, .. } => self.harm.push((*month, *log_e)),
            Event::Reversed { .. } => self.reversed = true,
        }
    }
}
