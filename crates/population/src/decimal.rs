//! Numbers of a rule with the digits they were written with: points, weights, limits. Sums of them are exact, so that 0.1 added
//! seventy-one times is 7.1 on every machine.

/// A number in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Decimal(pub i64);

/// Digits after the point that are kept.
const PLACES: usize = 9;
const ONE: i64 = 1_000_000_000;

impl Decimal {
    /// Nought.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE);

    /// Reads `7.1`, `-3`, `6.0581e-05`; `None` for what is no number, too large (over nine thousand million), or has more
    /// than nine digits after the point that are not nought.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || all.len() > 30 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut number = all.parse::<i128>().ok()?;
        let shift = i32::try_from(PLACES).ok()? + exponent - i32::try_from(fraction.len()).ok()?;
        for _ in 0..shift.unsigned_abs().min(60) {
            number = match (shift > 0, number % 10 == 0) {
                (true, _) => number.checked_mul(10)?,
                (false, true) => number / 10,
                (false, false) => return None,
            };
        }
        i64::try_from(if negative { -number } else { number }).ok().map(Self)
    }

    /// As a floating number, for probabilities and for limits of measured values.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// Written with so many digits after the point, rounded half away from nought; at most nine.
    #[must_use]
    pub fn with_places(self, places: u8) -> String {
        let places = u32::from(places).min(PLACES as u32);
        let unit = 10i64.pow(PLACES as u32 - places);
        let whole = self.0.unsigned_abs();
        let rounded = (whole + unit.unsigned_abs() / 2) / unit.unsigned_abs();
        let scale = 10u64.pow(places);
        let sign = if self.0 < 0 && rounded > 0 { "-" } else { "" };
        if places == 0 {
            return format!("{sign}{rounded}");
        }
        format!("{sign}{}.{:0width$}", rounded / scale, rounded % scale, width = places as usize)
    }
}

impl std::ops::AddAssign for Decimal {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl std::fmt::Display for Decimal {
    /// Without noughts at the end.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.with_places(PLACES as u8);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let read = |text: &str| Decimal::read(text).map(|number| number.0);
        assert_eq!(read("7.1"), Some(7_100_000_000));
        assert_eq!(read("-2.91821"), Some(-2_918_210_000));
        assert_eq!(read("6.0581e-05"), Some(60_581));
        assert_eq!(read("1e3"), Some(1_000_000_000_000));
        for bad in ["", "-", ".", "1.0000000001", "ten", "1e99", "99999999999999999999", "1,5", "--1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(Decimal::read("0.25").unwrap().with_places(1), "0.3");
        assert_eq!(Decimal::read("-0.04").unwrap().with_places(1), "0.0");
        assert_eq!(Decimal::read("-1.50").unwrap().to_string(), "-1.5");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(number in any::<i64>()) {
            prop_assume!(number != i64::MIN);
            prop_assert_eq!(Decimal::read(&Decimal(number).to_string()), Some(Decimal(number)));
        }
    }
}
