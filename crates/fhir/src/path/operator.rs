//! What the signs between two sides mean. Where a side is empty most of them have no answer, which is not the same as no.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::Trouble;
use super::evaluate::Evaluator;
use super::expression::{Expression, Operator};
use super::item::Item;
use crate::moment;

/// The truth of a list: nothing has none, one boolean its own, one thing of another sort is true.
pub(super) fn truth(items: &[Item<'_>]) -> Result<Option<bool>, Trouble> {
    match items {
        [] => Ok(None),
        [one] => Ok(Some(one.boolean().unwrap_or(true))),
        _ => Err(Trouble::Several("a condition")),
    }
}

pub(super) fn binary<'a>(
    evaluator: &Evaluator<'a>,
    sign: Operator,
    left: &'a Expression,
    right: &'a Expression,
    focus: &[Item<'a>],
    found: &mut Vec<Item<'a>>,
) -> Result<(), Trouble> {
    match sign {
        Operator::And | Operator::Or | Operator::Xor | Operator::Implies => {
            let one = truth(&evaluator.list(left, focus)?)?;
            let short = match sign {
                Operator::And => one == Some(false),
                Operator::Or => one == Some(true),
                Operator::Implies => one == Some(false),
                _ => false,
            };
            if short {
                found.push(Item::Boolean(sign != Operator::And));
                return Ok(());
            }
            let other = truth(&evaluator.list(right, focus)?)?;
            found.extend(logic(sign, one, other).map(Item::Boolean));
            return Ok(());
        }
        Operator::Union => {
            let from = found.len();
            evaluator.evaluate(left, focus, found)?;
            evaluator.evaluate(right, focus, found)?;
            distinct(found, from);
            return Ok(());
        }
        _ => {}
    }
    let one = evaluator.list(left, focus)?;
    let other = evaluator.list(right, focus)?;
    found.extend(plain(sign, &one, &other)?);
    Ok(())
}

fn logic(sign: Operator, one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (sign, one, other) {
        (Operator::And, Some(a), Some(b)) => Some(a && b),
        (Operator::And, _, Some(false)) => Some(false),
        (Operator::Or, Some(a), Some(b)) => Some(a || b),
        (Operator::Or, _, Some(true)) => Some(true),
        (Operator::Xor, Some(a), Some(b)) => Some(a != b),
        (Operator::Implies, Some(a), Some(b)) => Some(!a || b),
        (Operator::Implies, None, Some(true)) => Some(true),
        _ => None,
    }
}

fn plain<'a>(sign: Operator, one: &[Item<'a>], other: &[Item<'a>]) -> Result<Option<Item<'a>>, Trouble> {
    match sign {
        Operator::Equivalent | Operator::NotEquivalent => {
            let same = one.len() == other.len() && one.iter().all(|a| other.iter().any(|b| equivalent(a, b)));
            return Ok(Some(Item::Boolean(same == (sign == Operator::Equivalent))));
        }
        Operator::Join => {
            let text = |items: &[Item<'a>]| match items {
                [] => Ok(String::new()),
                [Item::Node(node)] if node.value.is_null() => Ok(String::new()),
                [one] => written(one).map(Cow::into_owned).ok_or(Trouble::Unfit("&")),
                _ => Err(Trouble::Several("&")),
            };
            return Ok(Some(Item::Text(Cow::Owned(text(one)? + &text(other)?))));
        }
        _ => {}
    }
    if one.is_empty() || other.is_empty() {
        let nowhere = match sign {
            Operator::In => !one.is_empty(),
            Operator::Contains => !other.is_empty(),
            _ => false,
        };
        return Ok(nowhere.then_some(Item::Boolean(false)));
    }
    let answer = match sign {
        Operator::Equal => Some(all_equal(one, other)),
        Operator::NotEqual => Some(!all_equal(one, other)),
        Operator::In => Some(holds(other, single(one, "in")?)),
        Operator::Contains => Some(holds(one, single(other, "contains")?)),
        Operator::Less => compare(one, other)?.map(Ordering::is_lt),
        Operator::LessOrEqual => compare(one, other)?.map(Ordering::is_le),
        Operator::Greater => compare(one, other)?.map(Ordering::is_gt),
        Operator::GreaterOrEqual => compare(one, other)?.map(Ordering::is_ge),
        _ => return arithmetic(sign, single(one, "a sum")?, single(other, "a sum")?),
    };
    Ok(answer.map(Item::Boolean))
}

fn single<'i, 'a>(items: &'i [Item<'a>], what: &'static str) -> Result<&'i Item<'a>, Trouble> {
    match items {
        [one] => Ok(one),
        _ => Err(Trouble::Several(what)),
    }
}

pub(super) fn holds(items: &[Item<'_>], wanted: &Item<'_>) -> bool {
    items.iter().any(|item| equal(item, wanted))
}

fn all_equal(one: &[Item<'_>], other: &[Item<'_>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| equal(a, b))
}

/// Whether two things are the same.
pub(super) fn equal(one: &Item<'_>, other: &Item<'_>) -> bool {
    if let (Item::Node(a), Item::Node(b)) = (one, other)
        && (std::ptr::eq(a.value, b.value) || same(a.value, b.value))
    {
        return true;
    }
    if let (Some(a), Some(b)) = (one.text(), other.text()) {
        return a == b || moment::stretch(a).is_some_and(|stretch| Some(stretch) == moment::stretch(b));
    }
    if let (Some(a), Some(b)) = (one.number(), other.number()) {
        return a == b;
    }
    matches!((one.boolean(), other.boolean()), (Some(a), Some(b)) if a == b)
}

/// Whether two pieces of JSON say the same: numbers by their value, not their digits.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Number(a), Value::Number(b)) => a == b || (a.as_f64().is_some() && a.as_f64() == b.as_f64()),
        _ => one == other,
    }
}

fn equivalent(one: &Item<'_>, other: &Item<'_>) -> bool {
    match (one.text(), other.text()) {
        (Some(a), Some(b)) => crate::entry::folded(a) == crate::entry::folded(b),
        _ => equal(one, other),
    }
}

/// Which comes first; no answer where they cannot be compared or their precision differs.
fn compare(one: &[Item<'_>], other: &[Item<'_>]) -> Result<Option<Ordering>, Trouble> {
    let (one, other) = (single(one, "a comparison")?, single(other, "a comparison")?);
    if let (Some(a), Some(b)) = (one.number(), other.number()) {
        return Ok(a.partial_cmp(&b));
    }
    if let (Some(a), Some(b)) = (one.text(), other.text()) {
        return Ok(match (moment::stretch(a), moment::stretch(b)) {
            (Some(a), Some(b)) if a == b => Some(Ordering::Equal),
            (Some(a), Some(b)) if a.1 <= b.0 => Some(Ordering::Less),
            (Some(a), Some(b)) if b.1 <= a.0 => Some(Ordering::Greater),
            (Some(_), Some(_)) => None,
            _ => Some(a.cmp(b)),
        });
    }
    let (Some(a), Some(b)) = (one.node(), other.node()) else { return Err(Trouble::Unfit("a comparison")) };
    // Quantities of one unit.
    let same = |name| a.value.get(name) == b.value.get(name);
    let of = |value: &Value| value.get("value").and_then(Value::as_f64);
    match (of(a.value), of(b.value)) {
        (Some(x), Some(y)) if same("code") && same("system") && same("unit") => Ok(x.partial_cmp(&y)),
        _ => Ok(None),
    }
}

fn arithmetic<'a>(sign: Operator, one: &Item<'a>, other: &Item<'a>) -> Result<Option<Item<'a>>, Trouble> {
    if sign == Operator::Plus
        && let (Some(a), Some(b)) = (one.text(), other.text())
    {
        return Ok(Some(Item::Text(Cow::Owned(format!("{a}{b}")))));
    }
    let (Some(a), Some(b)) = (one.number(), other.number()) else { return Err(Trouble::Unfit("a sum")) };
    let answer = match sign {
        Operator::Plus => a + b,
        Operator::Minus => a - b,
        Operator::Times => a * b,
        Operator::Over | Operator::Div | Operator::Mod if b == 0.0 => return Ok(None),
        Operator::Over => a / b,
        Operator::Div => (a / b).trunc(),
        _ => a % b,
    };
    Ok(Some(Item::Decimal(answer)))
}

/// A primitive as text.
pub(super) fn written<'a>(item: &Item<'a>) -> Option<Cow<'a, str>> {
    Some(match item {
        Item::Node(node) => match node.value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            _ => return None,
        },
        Item::Text(text) => text.clone(),
        Item::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Item::Integer(value) => Cow::Owned(value.to_string()),
        Item::Decimal(value) => Cow::Owned(value.to_string()),
        Item::Target(_) => return None,
    })
}

/// Leaves the first of those that are the same, from a place on. Text, the usual case of many, is kept in a set.
pub(super) fn distinct(items: &mut Vec<Item<'_>>, from: usize) {
    if items.len() - from < 2 {
        return;
    }
    let mut kept: Vec<Item<'_>> = Vec::with_capacity(items.len() - from);
    let mut texts = std::collections::HashSet::new();
    for item in items.drain(from..) {
        let seen = match item.text() {
            Some(text) => !texts.insert(text.to_owned()),
            None => holds(&kept, &item),
        };
        if !seen {
            kept.push(item);
        }
    }
    items.append(&mut kept);
}
