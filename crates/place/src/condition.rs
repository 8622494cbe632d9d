//! The conditions for which a crisis team comes, as the place lists them. Must not decide who is sent: a clinician does.

use crate::rows::words;
use crate::{Slug, Tag};
use serde::Deserialize;

/// One condition or need.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Short name: `fall`.
    pub id: Slug,
    /// As people call it.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// What it means, in a sentence or two.
    #[serde(deserialize_with = "words")]
    pub meaning: String,
    /// When another way has to be taken.
    #[serde(default)]
    pub not_for: Vec<String>,
    /// How we know.
    pub tag: Tag,
    /// What of it nobody has checked yet.
    #[serde(default)]
    pub unverified: Option<String>,
}
