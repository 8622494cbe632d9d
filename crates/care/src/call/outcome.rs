//! What came of a call, as each end keys it. Must not choose between two ends that say different things.

use serde::{Deserialize, Serialize};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The practice goes on with the person's care; no referral.
    ManagedInPractice,
    /// The practice does tests first; no referral.
    TestsInPractice,
    /// Somebody would have been sent to hospital and was not.
    AdmissionAvoided,
    /// Another service takes it on, outside the hospital.
    OtherService,
    /// A referral is made.
    Referred,
    /// The person goes to hospital now.
    Admitted,
}

impl Outcome {
    /// Every one, in the order of the buttons.
    pub const ALL: [Self; 6] = [
        Self::ManagedInPractice,
        Self::TestsInPractice,
        Self::AdmissionAvoided,
        Self::OtherService,
        Self::Referred,
        Self::Admitted,
    ];

    /// The word in tables and forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ManagedInPractice => "managed-in-practice",
            Self::TestsInPractice => "tests-in-practice",
            Self::AdmissionAvoided => "admission-avoided",
            Self::OtherService => "other-service",
            Self::Referred => "referred",
            Self::Admitted => "admitted",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::ManagedInPractice => "Managed in practice",
            Self::TestsInPractice => "Managed in practice, with tests",
            Self::AdmissionAvoided => "Hospital stay avoided",
            Self::OtherService => "Another service",
            Self::Referred => "Referred",
            Self::Admitted => "Sent to hospital now",
        }
    }

    /// Whether the person goes to the hospital because of it: a referral or a stay.
    #[must_use]
    pub const fn sends_to_hospital(self) -> bool {
        matches!(self, Self::Referred | Self::Admitted)
    }
}

/// Which end of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Who asked.
    Gp,
    /// Who answered.
    Consultant,
}

impl End {
    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gp => "gp",
            Self::Consultant => "consultant",
        }
    }
}

/// How the two ends stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Neither has keyed anything.
    Neither,
    /// One has, and the other still may in its time.
    Waits(End),
    /// One has, and the other did not within its time.
    Missing(End, Outcome),
    /// Both say the same.
    Agreed(Outcome),
    /// They say different things; both stand.
    Disagreed {
        /// What the asker keyed.
        gp: Outcome,
        /// What the consultant keyed.
        consultant: Outcome,
    },
}

/// How two ends stand with what each has keyed; `missing` says that the time of the other is over.
#[must_use]
pub fn settled(gp: Option<Outcome>, consultant: Option<Outcome>, missing: bool) -> Settled {
    match (gp, consultant) {
        (None, None) => Settled::Neither,
        (Some(gp), Some(consultant)) if gp == consultant => Settled::Agreed(gp),
        (Some(gp), Some(consultant)) => Settled::Disagreed { gp, consultant },
        (Some(gp), None) if missing => Settled::Missing(End::Consultant, gp),
        (None, Some(consultant)) if missing => Settled::Missing(End::Gp, consultant),
        (Some(_), None) => Settled::Waits(End::Consultant),
        (None, Some(_)) => Settled::Waits(End::Gp),
    }
}
