//! How two records compared when somebody or something decided on them: kept with the decision for good, so that it can be
//! explained when the model has long been another. Hundredths of a bit, because an event must read the same wherever it is read.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What one field said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The field, in words.
    pub field: String,
    /// How the two stood there, in words.
    pub level: String,
    /// Hundredths of a bit: +100 makes it twice as likely that they are one, -100 half as likely.
    pub weight: i32,
}

/// A comparison of two records in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// The one leaf.
    pub one: Uuid,
    /// The other.
    pub other: Uuid,
    /// Which learning the weights are of.
    pub model: u32,
    /// On which level they agreed, four bits a field.
    pub pattern: u64,
    /// What stood before any field was looked at.
    pub before: i32,
    /// What each field added.
    pub bars: Vec<Bar>,
    /// What was taken off because two of one household share so much.
    pub household: i32,
    /// The sum, or what is ruled.
    pub odds: i32,
    /// What the NHS numbers rule, in words, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<String>,
}

impl Weights {
    /// How probable it is that they are one, in 0 to 1.
    #[must_use]
    pub fn probability(&self) -> f64 {
        1.0 / (1.0 + (-f64::from(self.odds) / 100.0).exp2())
    }

    /// Whether the NHS numbers forbid that any weight joins them.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.ruling.is_some() && self.odds < 0
    }
}
