//! A public claim ("10% fewer admissions from care homes") bound to an indicator, and whether its figures bear it out. Must not
//! say that a claim holds where the figures cannot tell.

use serde::{Deserialize, Serialize};

use crate::measure::Estimate;

/// What is said of the value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "relation")]
pub enum Relation {
    /// At least so much.
    AtLeast {
        /// The value.
        value: f64,
    },
    /// At most so much.
    AtMost {
        /// The value.
        value: f64,
    },
    /// Less than the baseline by at least this share of it (0.1 for "10% fewer").
    FewerBy {
        /// The share.
        share: f64,
    },
    /// More than the baseline by at least this share of it.
    MoreBy {
        /// The share.
        share: f64,
    },
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// As it was said.
    pub words: String,
    /// The paper it stands in.
    pub document: String,
    /// Where in it, so that anybody can look it up.
    pub said_in: String,
    /// The indicator that settles it.
    pub indicator: String,
    /// What is said of its value.
    pub says: Relation,
}

/// The claims of a place, from its `claims.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    #[serde(default)]
    claim: Vec<Claim>,
}

/// Reads the claims of a place. `indicators` are the ids that there are.
///
/// # Errors
/// Which claim is wrong, and what to do, in a sentence.
pub fn claims(text: &str, indicators: &[&str]) -> Result<Vec<Claim>, String> {
    let Claims { claim: claims } = toml::from_str(text).map_err(|error| format!("claims.toml: {error}"))?;
    for (number, claim) in (1..).zip(&claims) {
        let wrong = |what: String| Err(format!("claims.toml, claim {number}: {what}"));
        if [&claim.words, &claim.document, &claim.said_in].iter().any(|words| words.trim().is_empty()) {
            return wrong("give its words, the document and where it stands in it".to_owned());
        }
        if !indicators.contains(&claim.indicator.as_str()) {
            return wrong(format!("there is no indicator \"{}\"; write its definition first", claim.indicator));
        }
        let (Relation::AtLeast { value: number }
        | Relation::AtMost { value: number }
        | Relation::FewerBy { share: number }
        | Relation::MoreBy { share: number }) = claim.says;
        let share = matches!(claim.says, Relation::FewerBy { .. });
        if !number.is_finite() || number < 0.0 || (share && number > 1.0) {
            return wrong("what it says must be a number, and a share of the baseline from 0 to 1".to_owned());
        }
    }
    Ok(claims)
}

/// Whether it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval bears it out.
    Holds,
    /// The whole interval is against it.
    DoesNotHold,
    /// The value may lie on either side.
    CannotTell,
}

impl Verdict {
    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold",
            Self::CannotTell => "cannot be told from the figures yet",
        }
    }
}

/// Why a claim cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// A share of what?
    #[error("the claim is about a change, and the indicator {indicator} has no baseline yet")]
    NoBaseline {
        /// The indicator.
        indicator: String,
    },
    /// No interval.
    #[error("the figure of {indicator} has no interval, so nobody can tell what chance alone would do")]
    NoInterval {
        /// The indicator.
        indicator: String,
    },
}

impl Claim {
    /// Judges the claim by the indicator's present estimate (its first interval) and baseline.
    ///
    /// # Errors
    /// [`ClaimError`] where there is no baseline or no interval.
    pub fn judge(&self, now: &Estimate, baseline: Option<f64>) -> Result<Verdict, ClaimError> {
        let base = || baseline.ok_or_else(|| ClaimError::NoBaseline { indicator: self.indicator.clone() });
        let (limit, above) = match self.says {
            Relation::AtLeast { value } => (value, true),
            Relation::AtMost { value } => (value, false),
            Relation::FewerBy { share } => (base()? * (1.0 - share), false),
            Relation::MoreBy { share } => (base()? * (1.0 + share), true),
        };
        let interval = now.intervals.first().and_then(|interval| interval.lower.zip(interval.upper));
        let (lower, upper) = interval.ok_or_else(|| ClaimError::NoInterval { indicator: self.indicator.clone() })?;
        let (holds, fails) = if above { (lower >= limit, upper < limit) } else { (upper <= limit, lower > limit) };
        Ok(match (holds, fails) {
            (true, _) => Verdict::Holds,
            (_, true) => Verdict::DoesNotHold,
            _ => Verdict::CannotTell,
        })
    }
}
