//! Postcodes of the United Kingdom by their shape. Must not guess a place from one: that needs a lookup.

use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// A postcode in the usual form, capitals with one space: `SK2 7JE`. Well formed is not in use.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Postcode(String);

/// Why a text is not a postcode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a postcode; write it as SK2 7JE")]
pub struct PostcodeError;

impl Postcode {
    /// Reads a postcode, with or without its space, in small or capital letters.
    ///
    /// # Errors
    /// [`PostcodeError`] where the shape is wrong; the text is not repeated, for it may be a person's.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let plain: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
        // The inward half is always a digit and two letters; the outward half is 2 to 4 characters, a letter first.
        if !plain.is_ascii() || !(5..=7).contains(&plain.len()) {
            return Err(PostcodeError);
        }
        let (outward, inward) = plain.split_at(plain.len() - 3);
        let shape: String = plain.bytes().map(shape_of).collect();
        let (out_shape, in_shape) = shape.split_at(outward.len());
        let known = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].contains(&out_shape) && in_shape == "9AA";
        if known { Ok(Self(format!("{outward} {inward}"))) } else { Err(PostcodeError) }
    }

    /// The whole postcode.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The postcode but for its last two letters, which name a handful of streets: `SK2 7`.
    #[must_use]
    pub fn sector(&self) -> &str {
        self.0.get(..self.0.len() - 2).unwrap_or_default()
    }
}

fn shape_of(byte: u8) -> char {
    match byte {
        b'A'..=b'Z' => 'A',
        b'0'..=b'9' => '9',
        _ => '?',
    }
}

impl TryFrom<String> for Postcode {
    type Error = PostcodeError;

    fn try_from(text: String) -> Result<Self, PostcodeError> {
        Self::parse(&text)
    }
}

impl FromStr for Postcode {
    type Err = PostcodeError;

    fn from_str(text: &str) -> Result<Self, PostcodeError> {
        Self::parse(text)
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_shapes_in_use() {
        for (text, whole, sector) in [
            ("sk27je", "SK2 7JE", "SK2 7"),
            ("M1 1AE", "M1 1AE", "M1 1"),
            ("SK12  2NJ", "SK12 2NJ", "SK12 2"),
            ("EC1A1BB", "EC1A 1BB", "EC1A 1"),
        ] {
            let postcode = Postcode::parse(text).unwrap();
            assert_eq!((postcode.as_str(), postcode.sector()), (whole, sector));
        }
        for bad in ["", "SK2", "SK2 7J", "2SK 7JE", "SK2 JE7", "SK2-7JE", "SKK2 7JE", "£££££"] {
            assert!(Postcode::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn never_fails_but_by_saying_so(text in "\\PC{0,10}") {
            if let Ok(postcode) = Postcode::parse(&text) {
                prop_assert_eq!(Postcode::parse(postcode.as_str()), Ok(postcode.clone()));
                prop_assert!(postcode.as_str().starts_with(postcode.sector()));
            }
        }
    }
}
