//! Words that somebody has to say: never blank, never endless. Where a rule says that a reason is needed, its type is this one,
//! so that there is no other way to build the thing that needs it. Must not know what the words are about.

use serde::{Deserialize, Serialize};

/// The most characters of one answer to one question.
pub const MOST: usize = 4_000;

/// What somebody said or wrote: at least one letter or figure, at most [`MOST`] characters, without blanks at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Words(String);

/// Why something typed is no [`Words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWords {
    /// Blank, or nothing in it that can be read.
    #[error("write a few words")]
    Blank,
    /// Too many.
    #[error("write less: at most 4,000 characters")]
    TooLong,
}

impl Words {
    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Words {
    type Error = NoWords;

    fn try_from(typed: String) -> Result<Self, NoWords> {
        Self::try_from(typed.as_str())
    }
}

impl TryFrom<&str> for Words {
    type Error = NoWords;

    fn try_from(typed: &str) -> Result<Self, NoWords> {
        // What a browser sends of a text box ends its lines in two characters; what cannot be seen is no part of a sentence.
        let kept: String = typed.chars().filter(|one| *one == '\n' || !one.is_control()).collect();
        let said = kept.trim();
        if !said.chars().any(char::is_alphanumeric) {
            return Err(NoWords::Blank);
        }
        if said.chars().count() > MOST {
            return Err(NoWords::TooLong);
        }
        Ok(Self(said.to_owned()))
    }
}

impl From<Words> for String {
    fn from(words: Words) -> Self {
        words.0
    }
}

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blank_words_are_no_words() {
        for blank in ["", "  ", "\n\t", "...", "-", "\u{0}", "\u{200b}"] {
            assert_eq!(Words::try_from(blank), Err(NoWords::Blank), "{blank:?}");
        }
        assert_eq!(Words::try_from(" she fell\r\ntwice ").unwrap().as_str(), "she fell\ntwice");
        assert_eq!(Words::try_from("é".repeat(MOST + 1).as_str()), Err(NoWords::TooLong));
        assert!(Words::try_from("é".repeat(MOST).as_str()).is_ok());
    }

    proptest! {
        #[test]
        fn words_that_were_taken_once_are_taken_again_the_same(typed in ".{0,60}") {
            if let Ok(words) = Words::try_from(typed.as_str()) {
                prop_assert_eq!(Words::try_from(words.as_str()), Ok(words));
            }
        }
    }
}
