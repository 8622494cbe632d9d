//! Hops: an ask on its way from one team to another. The team that has it keeps it until somebody of the other team has said
//! yes; so an ask that is on its way is nobody's loss. Must not know what the ask is about.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ask::Urgency;
use crate::team::Team;

/// What became of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Somebody of the team it was offered to took it.
    Accepted,
    /// Somebody of that team gave it back, with a reason.
    Returned,
    /// The team that offered it took it back.
    TakenBack,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Returned, Self::TakenBack];

    /// The word in the tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::TakenBack => "taken-back",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// One hop, as an ask remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Who had it.
    pub from: Team,
    /// Who is to have it.
    pub to: Team,
    /// What became of it; `None` while it waits.
    pub answer: Option<Answer>,
}

/// After how long without an answer an offered hop is an alarm on both teams' lists. Local rule of this borough's demonstration,
/// no national standard: the reference asks for an alarm and gives no minutes, only that a two-hour ask is triaged in fifteen.
#[must_use]
pub const fn patience(urgency: Urgency) -> SignedDuration {
    match urgency {
        Urgency::TwoHours => SignedDuration::from_mins(10),
        Urgency::SameDay => SignedDuration::from_mins(60),
        Urgency::TwoDays => SignedDuration::from_hours(4),
        Urgency::Routine => SignedDuration::from_hours(24),
    }
}

/// Whether a hop that was offered at one moment and has no answer is an alarm at another.
#[must_use]
pub fn is_alarm(offered: Timestamp, urgency: Urgency, now: Timestamp) -> bool {
    now.duration_since(offered) >= patience(urgency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_nobody_answers_becomes_an_alarm_and_sooner_the_more_it_presses() {
        let offered: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        let mut last = SignedDuration::ZERO;
        for urgency in Urgency::ALL {
            let patience = patience(urgency);
            assert!(patience > last, "{urgency:?}");
            assert!(!is_alarm(offered, urgency, offered + patience - SignedDuration::from_secs(1)));
            assert!(is_alarm(offered, urgency, offered + patience));
            last = patience;
        }
        for answer in Answer::ALL {
            assert_eq!(Answer::from_word(answer.word()), Some(answer));
        }
    }
}
