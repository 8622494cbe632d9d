//! The two icons of Making Data Count: how the measure varies, and whether its target will be met. Must mean something without
//! colour: each has a shape, a letter and words.

use super::{Improvement, Limits, PointType};

/// What the last point says of variation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    /// Common cause: nothing has changed that the chart can show.
    CommonCause,
    /// For the better, by being high.
    ImprovementHigh,
    /// For the better, by being low.
    ImprovementLow,
    /// For the worse, by being high.
    ConcernHigh,
    /// For the worse, by being low.
    ConcernLow,
    /// High, where neither way is better.
    NeutralHigh,
    /// Low, where neither way is better.
    NeutralLow,
}

impl Variation {
    pub(super) fn of(last: PointType, improvement: Improvement) -> Self {
        match (last, improvement) {
            (PointType::CommonCause, _) => Self::CommonCause,
            (PointType::NeutralHigh, _) => Self::NeutralHigh,
            (PointType::NeutralLow, _) => Self::NeutralLow,
            (PointType::Improvement, Improvement::Increase) => Self::ImprovementHigh,
            (PointType::Improvement, _) => Self::ImprovementLow,
            (PointType::Concern, Improvement::Increase) => Self::ConcernLow,
            (PointType::Concern, _) => Self::ConcernHigh,
        }
    }

    /// The icon's name in NHSRplotthedots.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::ImprovementHigh => "improvement_high",
            Self::ImprovementLow => "improvement_low",
            Self::ConcernHigh => "concern_high",
            Self::ConcernLow => "concern_low",
            Self::NeutralHigh => "neutral_high",
            Self::NeutralLow => "neutral_low",
        }
    }

    /// The letter inside: H, L, or none.
    #[must_use]
    pub fn letter(self) -> Option<char> {
        match self {
            Self::CommonCause => None,
            Self::ImprovementHigh | Self::ConcernHigh | Self::NeutralHigh => Some('H'),
            Self::ImprovementLow | Self::ConcernLow | Self::NeutralLow => Some('L'),
        }
    }

    /// What it says, in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::CommonCause => "Common cause variation: no significant change",
            Self::ImprovementHigh => "Special cause of an improving nature, with higher values",
            Self::ImprovementLow => "Special cause of an improving nature, with lower values",
            Self::ConcernHigh => "Special cause of a concerning nature, with higher values",
            Self::ConcernLow => "Special cause of a concerning nature, with lower values",
            Self::NeutralHigh => "Special cause with higher values, where neither way is better",
            Self::NeutralLow => "Special cause with lower values, where neither way is better",
        }
    }
}

/// Whether the target will be met as things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Always, by chance alone.
    ConsistentPass,
    /// Never.
    ConsistentFail,
    /// Sometimes; nobody can say when.
    Inconsistent,
}

impl Assurance {
    /// By the last limits. A target beyond them is met always or never; a group without limits settles nothing.
    pub(super) fn of(limits: Limits, target: f64, improvement: Improvement) -> Option<Self> {
        let more = match improvement {
            Improvement::Increase => true,
            Improvement::Decrease => false,
            Improvement::Neutral => return None,
        };
        let above = limits.upper().is_some_and(|upper| target > upper);
        let below = limits.lower().is_some_and(|lower| target < lower);
        Some(match (above, below) {
            (true, _) => {
                if more {
                    Self::ConsistentFail
                } else {
                    Self::ConsistentPass
                }
            }
            (_, true) => {
                if more {
                    Self::ConsistentPass
                } else {
                    Self::ConsistentFail
                }
            }
            _ => Self::Inconsistent,
        })
    }

    /// The name in NHSRplotthedots.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConsistentPass => "consistent_pass",
            Self::ConsistentFail => "consistent_fail",
            Self::Inconsistent => "inconsistent",
        }
    }

    /// The letter inside: P, F or ?.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::ConsistentPass => 'P',
            Self::ConsistentFail => 'F',
            Self::Inconsistent => '?',
        }
    }

    /// What it says, in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ConsistentPass => "The target will be met consistently if nothing changes",
            Self::ConsistentFail => "The target will be missed consistently unless something changes",
            Self::Inconsistent => "The target will be met in some periods and missed in others, by chance",
        }
    }
}
