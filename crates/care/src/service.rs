//! Which service suits a need: every present one is offered, the best first, each with the words that say why it fits or why not.
//! A service that cannot take the person is last and never hidden. Must not decide: a person does, and may override with a reason.

mod rank;
mod travel;

pub use rank::{Offer, Room, rank};
pub use travel::{SPEED_KM_AN_HOUR, Spot, whereabouts};

use jiff::Timestamp;
use place::{Level, Place, Service};

/// Which way somebody is to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Up from home, so that they need not go to hospital.
    Up,
    /// Down from hospital, so that they need not stay.
    Down,
}

impl Step {
    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Up => "step-up: instead of going to hospital",
            Self::Down => "step-down: instead of staying in hospital",
        }
    }
}

/// What somebody needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The level of support.
    pub level: Level,
    /// Which way.
    pub step: Step,
    /// Their age in years, where known.
    pub age: Option<u8>,
    /// The condition for which help is asked, by its short name.
    pub condition: Option<String>,
    /// Where they are; `None` where nobody knows or where it is withheld.
    pub spot: Option<Spot>,
    /// When the clock that counts is up, where one runs.
    pub due: Option<Timestamp>,
}

/// What a service is called today: a former one by the present one that it became, told as such.
#[must_use]
pub fn today<'p>(place: &'p Place, name: &str) -> Option<(&'p Service, Option<&'p Service>)> {
    // By its short name, or by the name that people remember.
    let asked =
        place.services().iter().find(|service| service.id == *name || service.name.eq_ignore_ascii_case(name))?;
    let present = place.present_service(&asked.id)?;
    Some((present, (present.id != asked.id).then_some(asked)))
}
