//! Numbers and quantities. A resource's number is entered as exactly itself: the precision that is meant by writing `5.4`
//! belongs to the question (R4: `5.4` asks for 5.35 to 5.45, while `gt5.4` ignores precision), so `5.40` is not below `5.4`.

use serde_json::{Number, Value};

use super::Rows;
use super::plan::Planned;
use crate::entry::{Entry, ordered, with_unit};
use crate::path::Item;

/// The system of currencies.
pub(crate) const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// A number as it is written: its value and half of its last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decimal {
    /// The number.
    pub(crate) value: f64,
    /// From where it would be rounded to what is written.
    pub(crate) low: f64,
    /// To just where it would be rounded to more.
    pub(crate) high: f64,
}

impl Decimal {
    /// Reads digits, a sign, a point, an exponent. `None` for anything else, and for what no float can hold.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let (digits, exponent) = match written.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (written, 0),
        };
        let bare = digits.strip_prefix('-').unwrap_or(digits);
        let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) || written.len() > 64 || exponent.abs() > 300 {
            return None;
        }
        let places = if bare.contains('.') { i32::try_from(part.len()).ok()? } else { 0 };
        // R4 takes `1e2` for 95 to 105, one digit finer than it is written.
        let finer = i32::from(exponent != 0);
        let value: f64 = written.parse().ok().filter(|value: &f64| value.is_finite())?;
        // Written once more with one digit more and read again: exact where adding floats would not be.
        let mut scaled = String::with_capacity(digits.len() + 1);
        scaled.extend(bare.chars().filter(|letter| *letter != '.'));
        let scaled: i128 = scaled.parse::<i128>().ok().filter(|_| scaled.len() < 36)?;
        let scaled = if digits.starts_with('-') { -scaled } else { scaled } * if finer == 1 { 100 } else { 10 };
        let edge = |mantissa: i128| format!("{mantissa}e{}", exponent - places - 1 - finer).parse::<f64>().ok();
        Some(Self { value, low: edge(scaled - 5)?, high: edge(scaled + 5)? })
    }
}

/// Exactly one number, as a stretch.
pub(crate) fn point(value: f64) -> (i64, i64) {
    // Minus nothing is nothing.
    let at = ordered(if value == 0.0 { 0.0 } else { value });
    (at, at.saturating_add(1))
}

impl Rows<'_> {
    pub(super) fn quantity(&mut self, planned: &Planned, item: &Item<'_>) {
        let Some(node) = item.node() else { return };
        match node.value {
            Value::Number(number) => {
                if let Some((low, high)) = read(number) {
                    self.entries.push(Entry::Number { parameter: planned.id, low, high });
                }
            }
            Value::Object(fields) if fields.contains_key("low") || fields.contains_key("high") => {
                // A Range: open where an end is not said; of a unit where either end says it.
                let (low, high) = (fields.get("low"), fields.get("high"));
                let end =
                    |end: Option<&Value>| end.and_then(|end| end.get("value")).and_then(Value::as_number).map(read);
                let from = match end(low) {
                    None => i64::MIN,
                    Some(Some((from, _))) => from,
                    Some(None) => return,
                };
                let to = match end(high) {
                    None => i64::MAX,
                    Some(Some((_, to))) => to,
                    Some(None) => return,
                };
                if let Some(unit) = low.or(high)
                    && from < to
                {
                    self.with_units(planned, unit, from, to);
                }
            }
            value => {
                let Some((low, high)) = value.get("value").and_then(Value::as_number).and_then(read) else { return };
                let (low, high) = match value.get("comparator").and_then(Value::as_str) {
                    Some("<") => (i64::MIN, low),
                    Some("<=") => (i64::MIN, high),
                    Some(">") => (high, i64::MAX),
                    Some(">=") => (low, i64::MAX),
                    _ => (low, high),
                };
                self.with_units(planned, value, low, high);
            }
        }
    }

    /// Without a unit, by its code (and its words where they differ), by system and code.
    fn with_units(&mut self, planned: &Planned, value: &Value, low: i64, high: i64) {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let (system, code) = match text("currency") {
            Some(currency) => (Some(CURRENCIES), Some(currency)),
            None => (text("system"), text("code")),
        };
        let mut push = |parameter| self.entries.push(Entry::Number { parameter, low, high });
        push(planned.id);
        if let Some(code) = code {
            push(with_unit(self.kind, planned.code, code));
            if let Some(system) = system {
                push(with_unit(self.kind, planned.code, &format!("{system}|{code}")));
            }
        }
        if let Some(unit) = text("unit")
            && Some(unit) != code
        {
            push(with_unit(self.kind, planned.code, unit));
        }
    }
}

fn read(number: &Number) -> Option<(i64, i64)> {
    number.as_f64().filter(|value| value.is_finite()).map(point)
}
