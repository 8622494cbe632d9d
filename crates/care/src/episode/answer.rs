//! What both sides say at the end of a stay, and how it ended. Must not decide which of two answers is right.

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// What would have happened without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// They would have gone to the emergency department.
    EmergencyDepartment,
    /// Somebody would have rung 999.
    Ambulance,
    /// They would have been admitted, or have stayed in hospital.
    Hospital,
    /// Nothing of these.
    Nothing,
    /// Nobody can say.
    Unsure,
}

impl Without {
    /// Every answer.
    pub const ALL: [Self; 5] =
        [Self::EmergencyDepartment, Self::Ambulance, Self::Hospital, Self::Nothing, Self::Unsure];

    /// The word in the log, in tables and in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EmergencyDepartment => "emergency-department",
            Self::Ambulance => "ambulance",
            Self::Hospital => "hospital",
            Self::Nothing => "nothing",
            Self::Unsure => "unsure",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::EmergencyDepartment => "the emergency department",
            Self::Ambulance => "a call to 999",
            Self::Hospital => "a stay in hospital",
            Self::Nothing => "none of these",
            Self::Unsure => "not sure",
        }
    }
}

/// What the person said, or why nobody has asked them yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Persons {
    /// They said so themselves.
    Said(Without),
    /// Somebody who speaks for them said so.
    SaidFor {
        /// What.
        answer: Without,
        /// Who: a daughter, a carer.
        by: Words,
    },
    /// They could not be asked. They may answer later.
    NotAsked(Words),
}

impl Persons {
    /// The answer, where there is one.
    #[must_use]
    pub const fn answer(&self) -> Option<Without> {
        match self {
            Self::Said(answer) | Self::SaidFor { answer, .. } => Some(*answer),
            Self::NotAsked(_) => None,
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// They manage at home by themselves.
    Independent,
    /// They are at home with support.
    HomeWithSupport,
    /// They moved into a care home.
    CareHome,
    /// They went to hospital, or back to it.
    Hospital,
    /// They went on to care at the end of life.
    EndOfLifeCare,
    /// They no longer wanted it.
    Declined,
    /// They died.
    Died,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 7] = [
        Self::Independent,
        Self::HomeWithSupport,
        Self::CareHome,
        Self::Hospital,
        Self::EndOfLifeCare,
        Self::Declined,
        Self::Died,
    ];

    /// The word in the log, in tables and in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Independent => "independent",
            Self::HomeWithSupport => "home-with-support",
            Self::CareHome => "care-home",
            Self::Hospital => "hospital",
            Self::EndOfLifeCare => "end-of-life-care",
            Self::Declined => "declined",
            Self::Died => "died",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// How far a goal was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// It was.
    Yes,
    /// In part.
    Partly,
    /// It was not.
    No,
}
