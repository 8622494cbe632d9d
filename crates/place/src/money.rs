//! Sums of money as whole pence. Must not round: what cannot be said in pence is refused, and no sum wraps around.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

/// An amount in pence; below zero is owed. Holds up to about ninety-two thousand million million pounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Money(i64);

/// Why an amount could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not pounds with at most two digits of pence.
    #[error("\"{0}\" is not an amount; write it as £1,234.56 or 1234.56")]
    Shape(String),
    /// More than can be held.
    #[error("the amount is too large to be held")]
    TooLarge,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of whole pence.
    #[must_use]
    pub const fn from_pence(pence: i64) -> Self {
        Self(pence)
    }

    /// The amount in pence.
    #[must_use]
    pub const fn pence(self) -> i64 {
        self.0
    }

    /// The sum; `None` where it is too large to be held.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference; `None` where it is too large to be held.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times the amount; `None` where it is too large to be held.
    #[must_use]
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }
}

impl Sum<Money> for Option<Money> {
    /// The sum of all; `None` where it is too large to be held.
    fn sum<I: Iterator<Item = Money>>(mut amounts: I) -> Self {
        amounts.try_fold(Money::ZERO, Money::checked_add)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads `£1,234.56`, `1234.56`, `1234` or any of them with a minus in front. Commas must stand at thousands.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::Shape(text.to_owned());
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let rest = text.trim();
        let (negative, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
        let rest = rest.strip_prefix('£').unwrap_or(rest);
        let (pounds, pence) = rest.split_once('.').unwrap_or((rest, "00"));
        let mut groups = pounds.split(',');
        let first = groups.next().unwrap_or_default();
        let rest_fits = groups.all(|group| group.len() == 3 && digits(group));
        let first_fits = digits(first) && (first.len() <= 3 || !pounds.contains(','));
        if !first_fits || !rest_fits || pence.len() != 2 || !digits(pence) {
            return Err(wrong());
        }
        let sign = if negative { "-" } else { "" };
        let whole = format!("{sign}{}{pence}", pounds.replace(',', ""));
        whole.parse().map(Self).map_err(|_| MoneyError::TooLarge)
    }
}

impl fmt::Display for Money {
    /// `£1,234.56`, with a minus in front when owed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.unsigned_abs();
        let (pounds, pence) = ((all / 100).to_string(), all % 100);
        f.write_str(if self.0 < 0 { "-£" } else { "£" })?;
        for (at, digit) in pounds.chars().enumerate() {
            if at > 0 && (pounds.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{pence:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_pounds_with_commas_and_two_digits_of_pence() {
        for (pence, shown) in [
            (0, "£0.00"),
            (5, "£0.05"),
            (123_456, "£1,234.56"),
            (-100_000, "-£1,000.00"),
            (398_000_000, "£3,980,000.00"),
            (i64::MIN, "-£92,233,720,368,547,758.08"),
        ] {
            assert_eq!(Money::from_pence(pence).to_string(), shown);
        }
    }

    #[test]
    fn refuses_what_is_not_pounds_and_pence() {
        for bad in ["", "£", "1.5", "1.234", "1,23", "1234,567", ",123", "£-1", "1e3", "12 34", "--1", "1."] {
            assert!(matches!(bad.parse::<Money>(), Err(MoneyError::Shape(_))), "{bad}");
        }
        assert_eq!("99999999999999999999".parse::<Money>(), Err(MoneyError::TooLarge));
    }

    #[test]
    fn a_sum_too_large_is_none_not_wrong() {
        let most = Money::from_pence(i64::MAX);
        assert_eq!(most.checked_add(Money::from_pence(1)), None);
        assert_eq!(Money::from_pence(i64::MIN).checked_sub(Money::from_pence(1)), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!([most, most].into_iter().sum::<Option<Money>>(), None);
        assert_eq!([most, Money::ZERO].into_iter().sum::<Option<Money>>(), Some(most));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(pence: i64) {
            let money = Money::from_pence(pence);
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
    }
}
