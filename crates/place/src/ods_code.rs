//! Codes of the NHS Organisation Data Service: practices, trusts, their sites, commissioners. Must not say what an
//! organisation is; the code's shape is not reliable for that.

use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// A code in the register's form: 3 to 10 capital letters and digits, such as `P88002`, `RWJ` or `RWJ09`.
/// Well formed is not registered: only the register can say that it exists.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct OdsCode(String);

/// Why a text is not an ODS code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an ODS code; it has 3 to 10 capital letters and digits, such as P88002 or RWJ")]
pub struct OdsCodeError(String);

impl OdsCode {
    /// Reads a code; spaces around it are dropped and small letters become capitals.
    ///
    /// # Errors
    /// [`OdsCodeError`] where it is too short, too long, or has anything but letters and digits.
    pub fn parse(text: &str) -> Result<Self, OdsCodeError> {
        let code = text.trim().to_ascii_uppercase();
        if (3..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(code))
        } else {
            Err(OdsCodeError(text.to_owned()))
        }
    }

    /// The code, in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OdsCode {
    type Error = OdsCodeError;

    /// For files that are kept by hand: only the register's own form, so that one code is written in one way.
    fn try_from(text: String) -> Result<Self, OdsCodeError> {
        Self::parse(&text).ok().filter(|code| code.0 == text).ok_or(OdsCodeError(text))
    }
}

impl FromStr for OdsCode {
    type Err = OdsCodeError;

    fn from_str(text: &str) -> Result<Self, OdsCodeError> {
        Self::parse(text)
    }
}

impl fmt::Display for OdsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_codes_and_refuses_the_rest() {
        assert_eq!(OdsCode::parse(" p88002 ").unwrap().as_str(), "P88002");
        assert!(OdsCode::try_from("p88002".to_owned()).is_err());
        for bad in ["", "RW", "P88 002", "P88002-1", "ABCDEFGHIJK", "ÉÉÉ"] {
            assert!(OdsCode::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_reads_again_to_the_same(text in "\\PC{0,12}") {
            if let Ok(code) = OdsCode::parse(&text) {
                prop_assert_eq!(OdsCode::parse(code.as_str()), Ok(code));
            }
        }
    }
}
