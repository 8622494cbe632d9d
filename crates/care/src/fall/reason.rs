//! Why a full assessment after a fall is needed: case-finding with a stated reason, after NICE NG249 (April 2025; the exact wording
//! of its criteria is unverified). Must not add reasons up: one is enough, and two are not more.

use serde::{Deserialize, Serialize};

use super::{Injury, Known, Screen};

/// A reason that anybody can check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// They were hurt in the fall.
    Injured,
    /// They have fallen at least twice in a year.
    TwiceInAYear,
    /// They live with frailty.
    LivesWithFrailty,
    /// They could not get up.
    CouldNotGetUp,
    /// They lost consciousness.
    LostConsciousness,
    /// They walk or balance badly.
    GaitOrBalance,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Injured,
        Self::TwiceInAYear,
        Self::LivesWithFrailty,
        Self::CouldNotGetUp,
        Self::LostConsciousness,
        Self::GaitOrBalance,
    ];

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Injured => "they were hurt in the fall",
            Self::TwiceInAYear => "they have fallen at least twice in a year",
            Self::LivesWithFrailty => "they live with frailty",
            Self::CouldNotGetUp => "they could not get up",
            Self::LostConsciousness => "they lost consciousness",
            Self::GaitOrBalance => "they walk or balance badly",
        }
    }
}

/// What is known of somebody who fell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Age in years.
    pub age: Option<u8>,
    /// From 50 to 64: whether something else makes falls more likely (a long-term condition named in the guideline).
    pub long_term_condition: bool,
    /// Falls in the twelve months up to now, this one included.
    pub falls_in_a_year: u16,
    /// Whether they live with frailty, by the record or a clinician.
    pub frailty: bool,
    /// Whether somebody saw that they walk or balance badly.
    pub gait_or_balance: bool,
}

/// Every reason for a full assessment that holds; empty where none does, or where they are too young for it: the guideline is for
/// people of 65 and over, and of 50 to 64 with a condition that makes falls more likely. Whose age is not known is not too young.
#[must_use]
pub fn needs_assessment(about: &About, screen: &Screen) -> Vec<Reason> {
    let old_enough = match about.age {
        None | Some(65..) => true,
        Some(50..65) => about.long_term_condition,
        Some(_) => false,
    };
    let holds = |reason: &Reason| match reason {
        Reason::Injured => matches!(screen.injury, Injury::Minor | Injury::Serious),
        Reason::TwiceInAYear => about.falls_in_a_year >= 2,
        Reason::LivesWithFrailty => about.frailty,
        Reason::CouldNotGetUp => screen.can_get_up == Known::No,
        Reason::LostConsciousness => screen.lost_consciousness == Known::Yes,
        Reason::GaitOrBalance => about.gait_or_balance,
    };
    if old_enough { Reason::ALL.into_iter().filter(holds).collect() } else { Vec::new() }
}
