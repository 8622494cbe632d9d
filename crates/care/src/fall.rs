//! A fall, from the call to the follow-up a year later: since when somebody lies on the floor, who goes, how long they lay, what was
//! looked at, and why a full assessment is needed. A full assessment follows from a stated reason that anybody can check. Must not
//! put a number on how likely somebody is to fall: NICE (NG249, April 2025) says not to use such tools, and there is none here.

mod carry;
mod command;
mod event;
mod reason;
mod told;

pub use carry::{Act, act};
pub use command::{Command, Refusal};
pub use event::{Care, Event, Finding, Injury, Known, Route, Screen, Topic};
pub use reason::{About, Reason, needs_assessment};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use store::Aggregate;
use uuid::Uuid;

use crate::words::Words;

/// Lying longer than this is a long lie: it harms, and many who lay so long are admitted (NHS England, falls response).
pub const LONG_LIE: SignedDuration = SignedDuration::from_hours(1);

/// The clock of the follow-up after thirty days, by its short name.
pub const FOLLOW_UP: &str = "fall-follow-up";

/// One fall.
#[derive(Debug, Clone, Default)]
pub struct Fall {
    reported: bool,
    ask: Option<Uuid>,
    place: Option<Words>,
    alone: Option<Known>,
    since: Option<Timestamp>,
    on_floor: bool,
    screen: Option<Screen>,
    route: Option<Route>,
    reasons: Vec<Reason>,
    minutes: Option<i64>,
    up: Option<(Timestamp, Care)>,
    assessed: Option<(Timestamp, Vec<Finding>)>,
    hazard_visit: Option<Date>,
    strength: Option<(Date, Words)>,
    looked_in: Option<(Timestamp, Known, Words)>,
    followed_up: Option<(Timestamp, Words)>,
    last: Option<Event>,
}

impl Fall {
    /// How long they have lain there; `None` where nobody knows since when, or they no longer do.
    #[must_use]
    pub fn on_floor_for(&self, now: Timestamp) -> Option<SignedDuration> {
        self.since.filter(|_| self.on_floor).map(|since| now.duration_since(since).max(SignedDuration::ZERO))
    }

    /// Whole minutes that they lay there, once they are up.
    #[must_use]
    pub const fn minutes_on_floor(&self) -> Option<i64> {
        self.minutes
    }

    /// The ask it belongs to.
    #[must_use]
    pub const fn ask(&self) -> Option<Uuid> {
        self.ask
    }

    /// Where they fell.
    #[must_use]
    pub const fn place(&self) -> Option<&Words> {
        self.place.as_ref()
    }

    /// Whether they are, or were, alone.
    #[must_use]
    pub const fn alone(&self) -> Option<Known> {
        self.alone
    }

    /// Since when they lie there, or lay.
    #[must_use]
    pub const fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// Whether they still lie there, as far as anybody has said.
    #[must_use]
    pub const fn is_on_floor(&self) -> bool {
        self.on_floor
    }

    /// What was asked before anybody was sent.
    #[must_use]
    pub const fn screen(&self) -> Option<Screen> {
        self.screen
    }

    /// Who goes.
    #[must_use]
    pub const fn route(&self) -> Option<Route> {
        self.route
    }

    /// When they were up, and how much was done.
    #[must_use]
    pub const fn up(&self) -> Option<(Timestamp, Care)> {
        self.up
    }

    /// The full assessment.
    #[must_use]
    pub fn assessed(&self) -> Option<(Timestamp, &[Finding])> {
        self.assessed.as_ref().map(|(at, findings)| (*at, findings.as_slice()))
    }

    /// The day of the visit for hazards at home.
    #[must_use]
    pub const fn hazard_visit(&self) -> Option<Date> {
        self.hazard_visit
    }

    /// The first day of the class for strength and balance, and where.
    #[must_use]
    pub const fn strength(&self) -> Option<&(Date, Words)> {
        self.strength.as_ref()
    }

    /// When somebody asked how they are, thirty days on, whether they had fallen again, and how they were.
    #[must_use]
    pub const fn looked_in(&self) -> Option<&(Timestamp, Known, Words)> {
        self.looked_in.as_ref()
    }

    /// How it was a year later.
    #[must_use]
    pub const fn followed_up(&self) -> Option<&(Timestamp, Words)> {
        self.followed_up.as_ref()
    }

    /// Whether somebody of a team may be sent: the questions are answered, and nothing calls for an ambulance alone.
    ///
    /// # Errors
    /// [`Refusal`] in words for whoever sends.
    pub fn may_be_visited(&self) -> Result<(), Refusal> {
        let flags = self.screen.map(|screen| screen.red_flags()).unwrap_or_default();
        match self.route {
            None if !flags.is_empty() => Err(Refusal::RedFlag(flags.join(", "))),
            Some(Route::Visit) => Ok(()),
            Some(Route::Ambulance) => Err(Refusal::AmbulanceGoes),
            Some(Route::Advice) => Err(Refusal::NobodyGoes),
            None => Err(Refusal::NotScreened),
        }
    }

    /// Why a full assessment is needed; empty where nobody has asked for one.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

impl Aggregate for Fall {
    const KIND: &'static str = "fall";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.reported == matches!(command, Command::Report { .. }) {
            return Err(if self.reported { Refusal::AlreadyReported } else { Refusal::NotReported });
        }
        let event = match command {
            Command::Report { ask, person, place, on_floor_since, on_floor, alone } => {
                if on_floor_since.is_some_and(|since| since > now) {
                    return Err(Refusal::Time);
                }
                Event::FallReported { ask, person, place, on_floor_since, on_floor, alone }
            }
            Command::Screen(screen) => Event::FallScreened { screen },
            Command::Route { route, because, despite } => {
                let flags = self.screen.ok_or(Refusal::NotScreened)?.red_flags();
                let calls = route != Route::Ambulance && !flags.is_empty();
                if calls && despite.is_none() {
                    return Err(Refusal::RedFlag(flags.join(", ")));
                }
                // Where no flag is overridden there is nothing to explain.
                Event::FallRouted { route, because, despite: despite.filter(|_| calls) }
            }
            Command::HelpUp { at, care } => {
                if !self.on_floor {
                    // A double click says what stands already.
                    return if self.up == Some((at, care)) { Ok(Vec::new()) } else { Err(Refusal::NotOnFloor) };
                }
                if at > now || self.since.is_some_and(|since| at < since) {
                    return Err(Refusal::Time);
                }
                let minutes_on_floor = self.since.map(|since| at.duration_since(since).as_mins());
                Event::HelpedUp { at, care, minutes_on_floor }
            }
            Command::AskAssessment(mut reasons) => {
                reasons.sort_unstable();
                reasons.dedup();
                if reasons.is_empty() {
                    return Err(Refusal::NoReason);
                }
                Event::AssessmentAsked { reasons }
            }
            Command::Assess { at, findings } => {
                if at > now {
                    return Err(Refusal::Time);
                }
                let topics: std::collections::BTreeSet<Topic> = findings.iter().map(|finding| finding.topic).collect();
                if findings.is_empty() {
                    return Err(Refusal::NothingFound);
                }
                if topics.len() != findings.len() {
                    return Err(Refusal::TopicTwice);
                }
                Event::FallAssessed { at, findings }
            }
            Command::BookHazardVisit(on) => Event::HazardVisitBooked { on },
            Command::BookStrength { on, place } => Event::StrengthPlaceBooked { on, place },
            Command::LookIn { at, again, words } => {
                if self.on_floor {
                    return Err(Refusal::OnTheFloor);
                }
                if at > now || self.up.is_some_and(|(up, _)| at < up) {
                    return Err(Refusal::Time);
                }
                Event::LookedInOn { at, again, words }
            }
            Command::FollowUp { at, words } => {
                if at > now {
                    return Err(Refusal::Time);
                }
                Event::FollowedUp { at, words }
            }
        };
        // A double click, or a message sent twice.
        Ok(if self.last.as_ref() == Some(&event) { Vec::new() } else { vec![event] })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::FallReported { ask, place, on_floor_since, on_floor, alone, .. } => {
                self.reported = true;
                (self.ask, self.place, self.alone) = (*ask, Some(place.clone()), Some(*alone));
                self.since = *on_floor_since;
                self.on_floor = *on_floor;
            }
            // Asked again, what was decided on the answers before stands no more.
            Event::FallScreened { screen } => (self.screen, self.route) = (Some(*screen), None),
            Event::FallRouted { route, .. } => self.route = Some(*route),
            Event::HelpedUp { at, care, minutes_on_floor } => {
                self.on_floor = false;
                self.minutes = *minutes_on_floor;
                self.up = Some((*at, *care));
            }
            Event::AssessmentAsked { reasons } => self.reasons.clone_from(reasons),
            Event::FallAssessed { at, findings } => self.assessed = Some((*at, findings.clone())),
            Event::HazardVisitBooked { on } => self.hazard_visit = Some(*on),
            Event::StrengthPlaceBooked { on, place } => self.strength = Some((*on, place.clone())),
            Event::LookedInOn { at, again, words } => self.looked_in = Some((*at, *again, words.clone())),
            Event::FollowedUp { at, words } => self.followed_up = Some((*at, words.clone())),
        }
        self.last = Some(event.clone());
    }
}

#[cfg(test)]
mod tests;
