//! What the place says about itself (`place.toml`), and how sure each of its facts is. Must not hold rules of care.

use crate::Slug;
use serde::Deserialize;

/// The place itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Short name for files and addresses: `stockport`.
    pub id: Slug,
    /// As people write it: `Stockport`.
    pub name: String,
    /// The ONS code of its local authority, nine characters: `E08000007`. Decides who owes a resident social care.
    pub local_authority: String,
    /// The IANA time zone in which its people read clocks: `Europe/London`.
    pub time_zone: String,
    /// One sentence for a newcomer.
    pub introduction: String,
}

/// How a fact of the place came to be known. Shown wherever the fact is shown, so that nobody takes a guess for a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A source named in the folder's `SOURCES.md` says so.
    Published,
    /// Our judgement, to be corrected by people who know the place.
    Assumed,
    /// Made up so that the demonstration has something to show.
    Invented,
}

impl Basis {
    /// A plain sentence for the reader; empty where the fact is published and nothing needs to be said.
    #[must_use]
    pub fn caution(self) -> &'static str {
        match self {
            Self::Published => "",
            Self::Assumed => "This is our assumption, not a published fact.",
            Self::Invented => "This is invented for the demonstration.",
        }
    }
}
