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
use super::look::{Known, Look};
use super::month::Month;
use super::protocol::{Protocol, Side, day};
use super::refusal::{Gate, Stage, State, answer};

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

impl Decision {
    /// What was agreed.
    #[must_use]
    pub fn frozen(&self) -> Option<&Frozen> {
        self.frozen.as_ref()
    }

    /// The looks of the present clock, as known now, each with its hash.
    #[must_use]
    pub fn looks(&self) -> &[(Look, String)] {
        &self.looks
    }

    /// The people as they were counted last, month by month.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<Month, Count> {
        &self.capacity
    }

    /// The balancing measures as they were reported last: by name, the month and how much worse it may have got at most.
    #[must_use]
    pub fn balances(&self) -> &BTreeMap<String, (Month, f64)> {
        &self.balances
    }

    /// What was said to have changed in what a series records: which, since when, what.
    #[must_use]
    pub fn declared(&self) -> &[(String, Month, String)] {
        &self.declared
    }

    /// The series that lack a month of the baseline or after it up to a month, or have one that is less complete than agreed: each
    /// with the months that are missing and those that are not complete.
    #[must_use]
    pub fn lacking(&self, until: Month) -> Vec<(String, Vec<Month>, Vec<Month>)> {
        let Some(frozen) = &self.frozen else { return Vec::new() };
        let protocol = &frozen.protocol;
        let months: Vec<Month> = (0..=until.since(protocol.baseline))
            .map(|at| protocol.baseline.plus(at))
            .filter(|month| !protocol.breaks.contains(month))
            .collect();
        let mut lacking = Vec::new();
        for series in protocol.series() {
            let known = lacking.iter().any(|(known, ..): &(String, Vec<Month>, Vec<Month>)| known == series);
            let (missing, incomplete) = self.book.lacking(series, &months, protocol.completeness, self.book.revision());
            let lacks = !missing.is_empty() || !incomplete.is_empty();
            if lacks && !known {
                lacking.push((series.clone(), missing, incomplete));
            }
        }
        lacking
    }

    /// What harm has been looked for since beds went: the month and the evidence, as a natural logarithm.
    #[must_use]
    pub fn harm(&self) -> &[(Month, f64)] {
        &self.harm
    }

    /// Every condition as it stands at a moment, signatures among them.
    #[must_use]
    pub fn states(&self, at: Timestamp) -> Vec<State> {
        let Some((look, hash)) = self.looks.last() else {
            let nothing = "No month has been looked at yet.";
            let what =
                if self.frozen.is_none() { "Register a protocol." } else { "Look at the first month when it is over." };
            return Gate::ALL.iter().map(|gate| State::not_yet(*gate, nothing, what)).collect();
        };
        let mut states = look.states.clone();
        if let (Some(state), Some(frozen)) = (states.iter_mut().find(|state| state.gate == Gate::G8), &self.frozen)
            && state.is_met()
        {
            *state = self.assured(frozen, look, hash, at);
        }
        states
    }

    /// How far it has come at a moment.
    #[must_use]
    pub fn stage(&self, at: Timestamp) -> Stage {
        match (self.reversed, &self.released, self.harm.is_empty()) {
            (true, ..) => Stage::Reversed,
            (_, Some(_), false) => Stage::Monitored,
            (_, Some(_), true) => Stage::Released,
            _ => Stage::of(&self.states(at)),
        }
    }

    /// May the beds go? And why, or why not, in a sentence.
    #[must_use]
    pub fn answer(&self, at: Timestamp) -> (bool, String) {
        answer(&self.states(at))
    }

    /// Who has signed a look for a side.
    #[must_use]
    pub fn signed(&self, look: &str, party: Party) -> Vec<&str> {
        let all = self.signatures.get(look).into_iter().flatten();
        all.filter(|(side, _)| *side == party).map(|(_, by)| by.as_str()).collect()
    }

    fn known<'a>(&'a self, frozen: &'a Frozen) -> Known<'a> {
        Known {
            protocol: &frozen.protocol,
            calibration: &frozen.calibration,
            hash: &frozen.hash,
            clock: frozen.clock,
            registered: frozen.at,
            book: &self.book,
            revision: self.book.revision(),
            capacity: &self.capacity,
            balances: &self.balances,
            declared: &self.declared,
        }
    }

    /// Publication and signatures, where nothing else got worse.
    fn assured(&self, frozen: &Frozen, look: &Look, hash: &str, at: Timestamp) -> State {
        let protocol = &frozen.protocol;
        let days = protocol.publication_days;
        if !self.is_current(frozen, look) {
            return State::unmet(
                Gate::G8,
                "Something has been reported since the latest look.",
                "Look again, publish that, and sign it.",
            );
        }
        let Some(published) = self.published.get(hash) else {
            return State::unmet(
                Gate::G8,
                "Nothing else got worse, but the latest look has not been made public.",
                format!("Make it public; both sides can sign {days} days later."),
            );
        };
        let left = left_of(*published, at, days);
        if left > 0 {
            return State::not_yet(
                Gate::G8,
                format!("Nothing else got worse; the look has been public since {}.", day(*published)),
                format!("It can be signed in {left} days."),
            );
        }
        let lacking = |party: Party, side: &Side| {
            let signed = self.signed(hash, party).len();
            (signed < side.quorum as usize).then(|| format!("{signed} of at least {}", side.quorum))
        };
        let sides = [
            ("commissioners", lacking(Party::Commissioners, &protocol.commissioners)),
            ("providers", lacking(Party::Providers, &protocol.providers)),
        ];
        let missing: Vec<String> = sides
            .iter()
            .filter_map(|(name, lacking)| lacking.as_ref().map(|lacking| format!("{lacking} {name}")))
            .collect();
        if missing.is_empty() {
            return State::met(Gate::G8, "Nothing else got worse, and commissioners and providers have both signed.");
        }
        State::unmet(
            Gate::G8,
            format!("Nothing else got worse, but it is not signed: {} have signed.", missing.join(" and ")),
            "Each side's voting members sign this very look; one side cannot sign for the other.",
        )
    }
}

/// How many of so many days are left since a publication.
fn left_of(published: Timestamp, at: Timestamp, days: u32) -> i64 {
    let gone = day(published).until(day(at)).map_or(0, |span| i64::from(span.get_days()));
    i64::from(days) - gone
}
