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

/// What two people say would have happened otherwise. There is no such answer of one person: whoever gave the care and whoever had
/// it, or speaks for them, are two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    professional: Without,
    professional_is: String,
    person: Persons,
}

/// Why two answers are not of two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTwo {
    /// Nobody answers for the service.
    #[error("say who answers for the service")]
    Nobody,
    /// One person for both sides.
    #[error(
        "two different people answer: you gave the care, so somebody else has to speak for the person, or they themselves"
    )]
    Same,
}

impl Both {
    /// The two answers. `id` and `name` are those of whoever answers for the service: the sign-in, and as people write it.
    ///
    /// # Errors
    /// [`NotTwo`] where nobody answers for the service, or the same person for both sides.
    pub fn of(professional: Without, id: &str, name: &str, person: Persons) -> Result<Self, NotTwo> {
        if id.trim().is_empty() {
            return Err(NotTwo::Nobody);
        }
        let letters = |name: &str| {
            name.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        if let Persons::SaidFor { by, .. } = &person
            && [id, name].map(letters).contains(&letters(by.as_str()))
        {
            return Err(NotTwo::Same);
        }
        Ok(Self { professional, professional_is: id.to_owned(), person })
    }

    pub(super) fn into_parts(self) -> (Without, String, Persons) {
        (self.professional, self.professional_is, self.person)
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

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Independent => "they manage at home by themselves",
            Self::HomeWithSupport => "at home with support",
            Self::CareHome => "in a care home",
            Self::Hospital => "in hospital",
            Self::EndOfLifeCare => "care at the end of life",
            Self::Declined => "they no longer wanted it",
            Self::Died => "they died",
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

impl Reached {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    /// The word in forms and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
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
            Self::Yes => "reached",
            Self::Partly => "reached in part",
            Self::No => "not reached",
        }
    }
}
