//! What of the record could not be used to count or to find anybody, and why. Nothing is passed over in silence: a code that was
//! not understood would otherwise be a lower score that nobody notices.

use serde::{Deserialize, Serialize};

/// Why something was not used, or not as it might have been.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Codes of a system that no rule knows.
    UnknownSystem(String),
    /// A code, and nobody says of which system.
    NoSystem,
    /// Words without a code.
    WordsAlone,
    /// It has not the shape of a code of its system.
    NoCode(String),
    /// No date, where one is needed.
    NoDate,
    /// No date; it stands, and counts only where a rule looks back without end.
    Undated,
    /// A date that cannot be read, or is outside 1900 to 2079.
    BadDate,
    /// A date after the day on which it arrived.
    Future,
    /// Entered in error, as its source says.
    Mistake,
    /// Thought of, and refuted.
    Refuted,
    /// Planned, cancelled or not done.
    NotDone,
    /// An alert that no longer stands.
    Over,
    /// A problem that its source calls over, and says since when.
    Ended,
    /// A problem that its source calls resolved, inactive or in remission, and does not say since when it is over.
    Quiet,
    /// Sensitive, restricted or sealed: nobody is found by such an entry.
    Guarded,
    /// A medicine that is named by another resource alone.
    ByReference,
    /// A value that is no number, or only a bound.
    NoNumber,
    /// More units than can be told apart.
    TooManyUnits,
    /// Of somebody whom no source has named.
    Nobody,
}

impl Reason {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        let words = match self {
            Self::UnknownSystem(system) => return format!("A code of a system that no rule knows: {system}"),
            Self::NoCode(system) => return format!("Not the shape of a code of {system}"),
            Self::NoSystem => "A code, and nobody says of which system",
            Self::WordsAlone => "Words without a code",
            Self::NoDate => "No date",
            Self::Undated => "No date; counted only by rules that look back without end",
            Self::BadDate => "A date that cannot be read, or is outside 1900 to 2079",
            Self::Future => "A date after the day on which it arrived",
            Self::Mistake => "Entered in error, as its source says",
            Self::Refuted => "Thought of, and refuted",
            Self::NotDone => "Planned, cancelled or not done",
            Self::Over => "An alert that no longer stands",
            Self::Ended => {
                "A problem that its source calls over since a day; counted as recorded, but by no list of how somebody lives now"
            }
            Self::Quiet => "A problem that its source calls resolved, inactive or in remission; counted as recorded",
            Self::Guarded => "Sensitive, restricted or sealed: nobody is found by such an entry",
            Self::ByReference => "A medicine that is named by another resource alone",
            Self::NoNumber => "A value that is no number, or only a bound; its code is used",
            Self::TooManyUnits => "More units than can be told apart; the value is not used",
            Self::Nobody => "Of somebody whom no source has named",
        };
        words.to_owned()
    }

    /// True where the entry is used all the same, only not in full.
    #[must_use]
    pub fn is_used(&self) -> bool {
        matches!(self, Self::Undated | Self::Ended | Self::Quiet | Self::NoNumber | Self::TooManyUnits)
    }
}

/// How often what was left out, in the order of reasons. There is one of these for each person: few reasons, in little room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut(Vec<(Reason, u64)>);

impl LeftOut {
    /// Counts one.
    pub fn count(&mut self, reason: Reason) {
        self.count_more(reason, 1);
    }

    /// Counts so many.
    pub(crate) fn count_more(&mut self, reason: Reason, many: u64) {
        match self.place(&reason) {
            Ok(at) => self.0[at].1 += many,
            Err(at) => self.0.insert(at, (reason, many)),
        }
    }

    fn place(&self, reason: &Reason) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(reason))
    }

    /// Counts some more.
    pub fn add(&mut self, other: &Self) {
        other.iter().for_each(|(reason, count)| self.count_more(reason.clone(), count));
    }

    /// Takes some back.
    pub fn take(&mut self, other: &Self) {
        for (reason, count) in other.iter() {
            if let Ok(at) = self.place(reason) {
                self.0[at].1 = self.0[at].1.saturating_sub(count);
            }
        }
        self.0.retain(|(_, count)| *count > 0);
    }

    /// Every reason with its count.
    pub fn iter(&self) -> impl Iterator<Item = (&Reason, u64)> {
        self.0.iter().map(|(reason, count)| (reason, *count))
    }

    /// How often one reason was counted.
    #[must_use]
    pub fn of(&self, reason: &Reason) -> u64 {
        self.place(reason).map_or(0, |at| self.0[at].1)
    }

    /// True where nothing was left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
