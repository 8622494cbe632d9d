//! The states of an ask, and which may follow which. There is no state "rejected": a decline is a decision, with an
//! alternative and an owner, and the ask stays open until there is an outcome and an answer. Must not know who does what.

use serde::{Deserialize, Serialize};

/// Where an ask is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has written anything yet.
    #[default]
    New,
    /// Begun, and seen by nobody but its author.
    Draft,
    /// Sent; the sender has it until it is received.
    Submitted,
    /// Somebody of the team that was asked has it.
    Received,
    /// A clinician is at it.
    Triaging,
    /// Whoever asked has been asked something.
    MoreInfoAsked,
    /// Decided.
    Decided,
    /// There is a time for it.
    Scheduled,
    /// Somebody has seen the person.
    Attended,
    /// Seen, and care goes on.
    InTreatment,
    /// What came of it is written down.
    OutcomeRecorded,
    /// Outcome and answer are there.
    Closed,
    /// Taken back by whoever asked, or by the person.
    Withdrawn,
    /// The person cannot be reached.
    CannotContact,
    /// The person has died.
    Died,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 15] = [
        Self::New,
        Self::Draft,
        Self::Submitted,
        Self::Received,
        Self::Triaging,
        Self::MoreInfoAsked,
        Self::Decided,
        Self::Scheduled,
        Self::Attended,
        Self::InTreatment,
        Self::OutcomeRecorded,
        Self::Closed,
        Self::Withdrawn,
        Self::CannotContact,
        Self::Died,
    ];

    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Received => "received",
            Self::Triaging => "triaging",
            Self::MoreInfoAsked => "more-info-asked",
            Self::Decided => "decided",
            Self::Scheduled => "scheduled",
            Self::Attended => "attended",
            Self::InTreatment => "in-treatment",
            Self::OutcomeRecorded => "outcome-recorded",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::CannotContact => "cannot-contact",
            Self::Died => "died",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// Where the ask is, as people say it: "it is …".
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::New => "not begun",
            Self::Draft => "being written",
            Self::Submitted => "sent, and waiting to be picked up",
            Self::Received => "picked up, and waiting for a clinician",
            Self::Triaging => "with a clinician, who is deciding",
            Self::MoreInfoAsked => "waiting for an answer to a question",
            Self::Decided => "decided",
            Self::Scheduled => "arranged, with a time",
            Self::Attended => "under way: somebody has seen the person",
            Self::InTreatment => "under way: care goes on",
            Self::OutcomeRecorded => "finished, and waiting for the answer to be sent",
            Self::Closed => "finished and answered",
            Self::Withdrawn => "taken back",
            Self::CannotContact => "stuck: nobody can reach the person",
            Self::Died => "ended: the person has died",
        }
    }

    /// Sent and not closed: somebody has to own it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::New | Self::Draft | Self::Closed)
    }

    /// Whether one may follow another. Decided goes back to triaging where a service has given the ask back.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use State::*;
        match next {
            New => false,
            Draft => matches!(self, New | Draft),
            Submitted => matches!(self, New | Draft),
            Received => matches!(self, Submitted),
            Triaging => matches!(self, Received | MoreInfoAsked | Decided | Scheduled | CannotContact),
            MoreInfoAsked => matches!(self, Received | Triaging),
            Decided => matches!(self, Triaging),
            Scheduled => matches!(self, Decided | Scheduled | CannotContact),
            Attended => matches!(self, Decided | Scheduled | Attended | InTreatment | CannotContact),
            InTreatment => matches!(self, Attended | InTreatment),
            OutcomeRecorded => {
                matches!(self, Decided | Scheduled | Attended | InTreatment | Withdrawn | CannotContact | Died)
            }
            Closed => matches!(self, OutcomeRecorded),
            Withdrawn | CannotContact | Died => match self {
                Submitted | Received | Triaging | MoreInfoAsked | Decided | Scheduled | Attended | InTreatment => true,
                CannotContact => !matches!(next, CannotContact),
                Withdrawn => matches!(next, Died),
                New | Draft | OutcomeRecorded | Closed | Died => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_every_open_state_there_is_a_way_to_closed_and_only_through_an_outcome() {
        for from in State::ALL.into_iter().filter(|state| *state != State::Closed) {
            let mut reached = vec![from];
            let mut next = 0;
            while let Some(state) = reached.get(next).copied() {
                next += 1;
                for to in State::ALL {
                    if state.may_become(to) && !reached.contains(&to) {
                        reached.push(to);
                    }
                }
            }
            assert!(reached.contains(&State::Closed), "{from:?} is a dead end");
        }
        for state in State::ALL {
            assert!(!State::Closed.may_become(state), "closed is closed");
            assert_eq!(state.may_become(State::Closed), state == State::OutcomeRecorded);
            assert_eq!(State::from_word(state.word()), Some(state));
        }
    }
}
