//! How old somebody is, as a fact with its source. These services are for adults; whoever is under eighteen, or might be, is
//! never sent away without being told where to. Must not work an age out of a birth date: that is the caller's, who has one.

use serde::{Deserialize, Serialize};

/// From this age on these services are for somebody.
pub const ADULT: u8 = 18;
/// How far an estimate by eye may be out before it counts as certain. A judgement, not a standard: somebody who looks
/// twenty may be seventeen.
pub const ESTIMATE_MARGIN: u8 = 3;

/// An age and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Age {
    /// Worked out of a birth date that somebody vouches for.
    Known {
        /// Completed years.
        years: u8,
        /// Who says so: the record, the caller.
        source: String,
    },
    /// By eye or by hearsay.
    Estimated {
        /// Completed years, about.
        years: u8,
        /// Who estimated.
        source: String,
    },
    /// Nobody knows.
    Unknown {},
}

/// Whether somebody is a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    /// They are.
    Yes,
    /// They are not.
    No,
    /// They might be, and are treated as if they were.
    Perhaps,
}

impl Default for Age {
    fn default() -> Self {
        Self::Unknown {}
    }
}

impl Age {
    /// Whether they are a child.
    #[must_use]
    pub const fn child(&self) -> Child {
        match self {
            Self::Known { years, .. } if *years < ADULT => Child::Yes,
            Self::Known { .. } => Child::No,
            Self::Estimated { years, .. } if *years < ADULT => Child::Yes,
            Self::Estimated { years, .. } if *years < ADULT + ESTIMATE_MARGIN => Child::Perhaps,
            Self::Estimated { .. } => Child::No,
            Self::Unknown {} => Child::Perhaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_might_be_a_child_is_treated_as_one() {
        let known = |years| Age::Known { years, source: "the record".to_owned() }.child();
        let guessed = |years| Age::Estimated { years, source: "the crew".to_owned() }.child();
        assert_eq!([known(0), known(17), known(18)], [Child::Yes, Child::Yes, Child::No]);
        assert_eq!(
            [guessed(17), guessed(18), guessed(20), guessed(21)],
            [Child::Yes, Child::Perhaps, Child::Perhaps, Child::No]
        );
        assert_eq!(Age::Unknown {}.child(), Child::Perhaps);
    }
}
