//! Specialties that can be asked, from the place's `advice.toml`: whose line it is, which hours are promised, how long each is
//! rung and how often it goes round. Must not hold a telephone number: the exchange's settings do.

use serde::Deserialize;

use crate::call::{RING_SECONDS, ROUNDS};
use crate::rota::Covered;
use crate::team::Team;

/// A specialty with a line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specialty {
    /// Short name: `endocrinology`.
    pub id: place::Slug,
    /// As people say it.
    pub name: String,
    /// The team that answers for it: it writes the rota and answers questions.
    pub team: Team,
    /// The hours that are promised to callers.
    pub covered: Vec<Covered>,
    /// For how many seconds each is rung: 15 to 20.
    pub ring_seconds: u32,
    /// How often it goes round before written advice is offered.
    pub rounds: u32,
    /// How we know that there is such a line: `published`, `assumed` or `invented`.
    pub basis: place::Basis,
}

/// All of them, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Specialties(Vec<Specialty>);

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("advice.toml: {0}")]
pub struct Unfit(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    specialty: Vec<Specialty>,
}

impl Specialties {
    /// Reads the place's file; a place without one has no lines.
    ///
    /// # Errors
    /// [`Unfit`] with what is wrong and where.
    pub fn read(text: &str) -> Result<Self, Unfit> {
        let file: File = toml::from_str(text).map_err(|error| Unfit(error.to_string()))?;
        let wrong = |one: &Specialty, what: &str| Err(Unfit(format!("specialty {}: {what}", one.id)));
        for (number, one) in file.specialty.iter().enumerate() {
            if file.specialty.iter().take(number).any(|before| before.id == one.id) {
                return wrong(one, "it stands there twice; leave one out");
            }
            if !RING_SECONDS.contains(&one.ring_seconds) {
                return wrong(one, "ring_seconds is between 15 and 20");
            }
            if !ROUNDS.contains(&one.rounds) {
                return wrong(one, "rounds is between 1 and 10");
            }
            if one.covered.is_empty() {
                return wrong(one, "say which hours are promised, in covered");
            }
        }
        Ok(Self(file.specialty))
    }

    /// Every one.
    #[must_use]
    pub fn all(&self) -> &[Specialty] {
        &self.0
    }

    /// The one of a short name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Specialty> {
        self.0.iter().find(|one| one.id == *id)
    }
}
