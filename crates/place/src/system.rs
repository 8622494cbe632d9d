//! The record systems of general practices: one practice codes in one system, and what is coded differs between systems. Must not
//! hold what a system is good or bad at.

use crate::rows::words;
use crate::{Basis, OdsCode, Slug};
use serde::Deserialize;

/// A record system of general practices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSystem {
    /// Short name: `bobbin`.
    pub id: Slug,
    /// As it is shown.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// How we know who uses it.
    pub basis: Basis,
    /// The practices that record in it.
    #[serde(default)]
    pub practices: Vec<OdsCode>,
    /// Feeds that bring nothing but what was recorded in it, for practices that no system names.
    #[serde(default)]
    pub feeds: Vec<Slug>,
}
