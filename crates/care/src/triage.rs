//! Triage: what was decided about an ask, on what, and against what. A decline that leads nowhere cannot be written down: its
//! type asks for an alternative and for somebody by name. Must not know which services there are, nor rank them; what was on
//! the screen comes in as [`Offer`]s and is kept as it was seen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ask::Urgency;
use crate::team::Team;
use crate::words::Words;

/// The level of need, as the vision has it (three levels), with advice and what the community itself can do beneath them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// At home, by teams that come on seven days a week.
    #[serde(rename = "home-7-day")]
    Home7Day,
    /// Near home, with care around the clock and less medical support than a hospital.
    #[serde(rename = "intermediate-24/7-nearby")]
    IntermediateNearby,
    /// In hospital, around the clock.
    #[serde(rename = "hospital-24/7")]
    Hospital,
    /// A clinician's advice is enough.
    #[serde(rename = "advice")]
    Advice,
    /// What the community offers: a group, a volunteer, an introduction.
    #[serde(rename = "community")]
    Community,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 5] =
        [Self::Home7Day, Self::IntermediateNearby, Self::Hospital, Self::Advice, Self::Community];

    /// The word in the log and in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Home7Day => "home-7-day",
            Self::IntermediateNearby => "intermediate-24/7-nearby",
            Self::Hospital => "hospital-24/7",
            Self::Advice => "advice",
            Self::Community => "community",
        }
    }

    /// The level of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Home7Day => "at home, seven days a week",
            Self::IntermediateNearby => "near home, with care around the clock",
            Self::Hospital => "in hospital, around the clock",
            Self::Advice => "advice",
            Self::Community => "in the community",
        }
    }
}

/// One service as it stood on the screen when somebody decided, with the facts and how old they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The service.
    pub service: Team,
    /// The level it would be.
    pub level: Level,
    /// Why it fits, or why not, in a sentence.
    pub fit: String,
    /// How many places were free; `None` where nobody has said.
    pub free: Option<u32>,
    /// When that was so; `None` where nobody has said.
    pub observed_at: Option<Timestamp>,
    /// Minutes of travel to the person; `None` where unknown or where nobody travels.
    pub travel_minutes: Option<u32>,
    /// Minutes left on the clock that counts; negative where it has run out; `None` where none runs.
    pub clock_left: Option<i32>,
}

/// Somebody who answers for something, by team and by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The team.
    pub team: Team,
    /// The person in it, by name.
    pub name: Words,
}

/// What somebody can do instead of what was declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// What.
    pub what: Words,
    /// How they get there: a number, an address, who rings whom.
    pub how: Words,
}

/// Where an ask goes on to outside the team that decided. With a team of the borough it is offered to that team; without one,
/// the owner stays until somebody there has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The team here that will be offered the ask, where there is one.
    pub team: Option<Team>,
    /// Who it is, as the asker would know it.
    pub name: Words,
    /// How they are reached.
    pub contact: Words,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// A service takes it, at a level.
    Accepted {
        /// Which.
        service: Team,
        /// The level of need.
        level: Level,
    },
    /// Somebody else is right for it.
    Redirected {
        /// Who.
        to: Destination,
        /// Why.
        why: Words,
    },
    /// Advice answers it.
    AdviceOnly {
        /// The advice.
        advice: Words,
    },
    /// Not this; but something, and somebody.
    Declined {
        /// Why not.
        reason: Words,
        /// What instead.
        alternative: Alternative,
        /// Who sees to it.
        owner: Owner,
    },
}

impl Decision {
    /// The level of need that follows from it; a decline and a redirection leave it open.
    #[must_use]
    pub const fn level(&self) -> Option<Level> {
        match self {
            Self::Accepted { level, .. } => Some(*level),
            Self::AdviceOnly { .. } => Some(Level::Advice),
            Self::Redirected { .. } | Self::Declined { .. } => None,
        }
    }

    /// The team that has to take it over, where it is another than the one that decides.
    #[must_use]
    pub const fn goes_to(&self) -> Option<&Team> {
        match self {
            Self::Accepted { service, .. } => Some(service),
            Self::Redirected { to, .. } => to.team.as_ref(),
            Self::Declined { owner, .. } => Some(&owner.team),
            Self::AdviceOnly { .. } => None,
        }
    }

    /// The word of it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Redirected { .. } => "redirected",
            Self::AdviceOnly { .. } => "advice-only",
            Self::Declined { .. } => "declined",
        }
    }
}

/// Why another service was chosen than the one that stood first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverrideCode {
    /// The person would rather.
    PersonPrefers,
    /// They know the team, or the team knows them.
    Continuity,
    /// Clinical judgement.
    ClinicalJudgement,
    /// The figures on the screen are out of date or wrong.
    FiguresWrong,
    /// The service that stood first said no.
    FirstSaidNo,
    /// It would not be safe at home.
    NotSafeAtHome,
    /// Language, hearing, sight, access to the building.
    Access,
    /// Nothing was offered on the screen.
    NothingOffered,
    /// Something else, said in words.
    Other,
}

impl OverrideCode {
    /// Every code.
    pub const ALL: [Self; 9] = [
        Self::PersonPrefers,
        Self::Continuity,
        Self::ClinicalJudgement,
        Self::FiguresWrong,
        Self::FirstSaidNo,
        Self::NotSafeAtHome,
        Self::Access,
        Self::NothingOffered,
        Self::Other,
    ];

    /// The word in the log and in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PersonPrefers => "person-prefers",
            Self::Continuity => "continuity",
            Self::ClinicalJudgement => "clinical-judgement",
            Self::FiguresWrong => "figures-wrong",
            Self::FirstSaidNo => "first-said-no",
            Self::NotSafeAtHome => "not-safe-at-home",
            Self::Access => "access",
            Self::NothingOffered => "nothing-offered",
            Self::Other => "other",
        }
    }

    /// The code of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::PersonPrefers => "the person would rather",
            Self::Continuity => "they know the team, or the team knows them",
            Self::ClinicalJudgement => "clinical judgement",
            Self::FiguresWrong => "the figures shown are out of date or wrong",
            Self::FirstSaidNo => "the service that stood first said no",
            Self::NotSafeAtHome => "it would not be safe at home",
            Self::Access => "language, hearing, sight or access",
            Self::NothingOffered => "nothing was offered",
            Self::Other => "something else",
        }
    }
}

/// Why the order on the screen was not followed: at least one code, and words where the code says nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The codes.
    pub codes: Vec<OverrideCode>,
    /// In words.
    pub words: Option<Words>,
}

/// A decision with everything that makes it one: the reasons, and what was on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    /// What.
    pub decision: Decision,
    /// How urgent it is in the eyes of whoever decides; the asker's own word stays in the ask.
    pub urgency: Urgency,
    /// Why, in words.
    pub because: Words,
    /// What was on the screen, in its order; the first is what would have been chosen.
    pub offers: Vec<Offer>,
    /// Why another than the first, where it is another.
    pub overridden: Option<Override>,
}

/// Why a decision cannot be taken like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDecided {
    /// Another than the first offer, and no reason.
    #[error("you chose {chosen} at another place than what stood first ({first}): say why")]
    NoReasonToOverride {
        /// What was chosen.
        chosen: String,
        /// What stood first.
        first: String,
    },
    /// A reason that says nothing.
    #[error("`something else` needs a few words that say what")]
    OtherWithoutWords,
    /// A figure that nobody can have seen yet.
    #[error("the capacity of {0} is said to be from the future; load the page again")]
    SeenInTheFuture(String),
    /// A number of free places without the moment, or a moment without a number.
    #[error("the capacity of {0} is shown without its age; load the page again")]
    WithoutAge(String),
}

impl Triage {
    /// Whether it is sound: what was chosen is what stood first, or there is a reason (I8); each figure has its age (I9).
    ///
    /// # Errors
    /// [`NotDecided`].
    pub fn check(&self, at: Timestamp) -> Result<(), NotDecided> {
        for offer in &self.offers {
            if offer.observed_at.is_some_and(|seen| seen > at) {
                return Err(NotDecided::SeenInTheFuture(offer.service.word().to_owned()));
            }
            if offer.free.is_some() != offer.observed_at.is_some() {
                return Err(NotDecided::WithoutAge(offer.service.word().to_owned()));
            }
        }
        if let Some(why) = &self.overridden
            && why.codes.contains(&OverrideCode::Other)
            && why.words.is_none()
        {
            return Err(NotDecided::OtherWithoutWords);
        }
        let reasoned = self.overridden.as_ref().is_some_and(|why| !why.codes.is_empty());
        if let Decision::Accepted { service, level } = &self.decision
            && !reasoned
            && self.offers.first().is_none_or(|first| first.service != *service || first.level != *level)
        {
            let said = |team: &Team, level: Level| format!("{} ({})", team.word(), level.said());
            let first = self.offers.first().map_or("nothing".to_owned(), |first| said(&first.service, first.level));
            return Err(NotDecided::NoReasonToOverride { chosen: said(service, *level), first });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
