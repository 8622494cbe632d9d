//! The NHS number of England, Wales and the Isle of Man: ten digits, the last a modulus 11 check digit
//! (NHS Data Dictionary, "NHS NUMBER"). Must not print itself in debug output, so that it cannot reach a log by accident.

use std::fmt;

/// A number whose check digit holds. Valid is not verified: only a source can say that it was traced.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber([u8; 10]);

/// Why a text is not an NHS number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NhsNumberError {
    /// Not ten digits once spaces and hyphens are taken out.
    #[error("an NHS number has ten digits; this has {0}")]
    Length(usize),
    /// A character that is neither digit, space nor hyphen.
    #[error("an NHS number has digits only")]
    NotDigits,
    /// The last digit does not agree with the first nine.
    #[error("the last digit does not agree with the others; one digit may be mistyped")]
    CheckDigit,
}

impl NhsNumber {
    /// Reads ten digits; spaces and hyphens between them are allowed.
    ///
    /// # Errors
    /// See [`NhsNumberError`]; the text itself is never repeated in the error.
    pub fn parse(text: &str) -> Result<Self, NhsNumberError> {
        let mut digits = [0u8; 10];
        let mut count = 0;
        for character in text.trim().chars() {
            match character {
                ' ' | '-' => {}
                '0'..='9' => {
                    if let Some(slot) = digits.get_mut(count) {
                        *slot = character as u8;
                    }
                    count += 1;
                }
                _ => return Err(NhsNumberError::NotDigits),
            }
        }
        if count != 10 {
            return Err(NhsNumberError::Length(count));
        }
        if Self::check_digit(&digits[..9]) != Some(digits[9] - b'0') {
            return Err(NhsNumberError::CheckDigit);
        }
        Ok(Self(digits))
    }

    /// The check digit of nine ASCII digits; `None` where the sum leaves 10, for which no number exists.
    fn check_digit(nine: &[u8]) -> Option<u8> {
        let sum: u32 = nine.iter().zip((2..=10u32).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        match 11 - sum % 11 {
            11 => Some(0),
            10 => None,
            digit => u8::try_from(digit).ok(),
        }
    }

    /// The ten digits without spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits are ever stored, so this cannot fail; an empty text would show at once in any test.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for NhsNumber {
    /// Spaced 3-3-4, as people read it: `999 123 4567`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.as_str();
        write!(f, "{} {} {}", &digits[..3], &digits[3..6], &digits[6..])
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_spaced_and_plain_and_shows_three_three_four() {
        let number = NhsNumber::parse("943 476-5919").unwrap();
        assert_eq!(number.as_str(), "9434765919");
        assert_eq!(number.to_string(), "943 476 5919");
        assert!(!format!("{number:?}").contains("943"));
    }

    #[test]
    fn says_what_is_wrong_without_repeating_it() {
        assert_eq!(NhsNumber::parse("943476591"), Err(NhsNumberError::Length(9)));
        assert_eq!(NhsNumber::parse("94347659l9"), Err(NhsNumberError::NotDigits));
        assert_eq!(NhsNumber::parse("9434765918"), Err(NhsNumberError::CheckDigit));
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_always_noticed(nine in "[0-9]{9}", position in 0usize..10, change in 1u8..10) {
            let Some(check) = NhsNumber::check_digit(nine.as_bytes()) else { return Ok(()) };
            let mut digits = format!("{nine}{check}").into_bytes();
            prop_assert!(NhsNumber::parse(std::str::from_utf8(&digits).unwrap()).is_ok());
            digits[position] = (digits[position] - b'0' + change) % 10 + b'0';
            prop_assert!(NhsNumber::parse(std::str::from_utf8(&digits).unwrap()).is_err());
        }
    }
}
