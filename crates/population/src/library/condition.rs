//! Conditions of rules: what is asked of somebody, as it stands in a file. Must not judge anybody.

use super::list::{CodeList, Matching};
use super::node::{Node, Reading, Table, Value};
use super::read::{Common, code, limits, span, system_and_matching};
use crate::day::Span;
use crate::people::Sex;
use crate::rule::{Coded, Condition, Counting, Measured, Name, Pick};

/// Deeper than this nobody follows a condition.
const DEEPEST: usize = 12;

/// The condition under a key of a table, where it is there.
pub(super) fn condition_under(
    key: &str,
    table: &mut Table,
    common: &mut Common,
    reading: &mut Reading<'_>,
    depth: usize,
) -> Option<Condition> {
    let node = table.take(key)?;
    condition(node, common, reading, depth)
}

/// One condition: a table with exactly one of the words that make one.
fn condition(node: Node, common: &mut Common, reading: &mut Reading<'_>, depth: usize) -> Option<Condition> {
    let line = node.line;
    let Value::Table(mut table) = node.value else {
        reading.fault(line, "a condition is a table, such as { list = \"falls\" }");
        return None;
    };
    if depth > DEEPEST {
        reading.fault(line, "conditions within conditions go too deep to be followed");
        return None;
    }
    table.line = line;
    let words = ["all", "any", "not", "list", "codes", "age", "sex", "set", "score", "everyone"];
    let found: Vec<&str> = words.into_iter().filter(|word| table.has(word)).collect();
    let made = match found[..] {
        ["all"] => many("all", &mut table, common, reading, depth).map(Condition::All),
        ["any"] => many("any", &mut table, common, reading, depth).map(Condition::Any),
        ["not"] => {
            condition_under("not", &mut table, common, reading, depth + 1).map(|inner| Condition::Not(Box::new(inner)))
        }
        ["list" | "codes"] => of_list(&mut table, common, reading),
        ["everyone"] => everyone(&mut table, reading),
        ["age"] => age(&mut table, reading),
        ["sex"] => sex(&mut table, reading),
        ["set"] => table.text("set", reading).map(|set| {
            common.names.push((Name::Set(set.clone()), line));
            Condition::InSet(set)
        }),
        ["score"] => table.text("score", reading).map(|set| {
            common.names.push((Name::Score(set.clone()), line));
            Condition::Scored { set, limits: limits(&mut table, reading) }
        }),
        _ => {
            reading.fault(line, format!("a condition has exactly one of {}", words.join(", ")));
            return None;
        }
    };
    table.finish(reading);
    made
}

fn many(
    key: &str,
    table: &mut Table,
    common: &mut Common,
    reading: &mut Reading<'_>,
    depth: usize,
) -> Option<Vec<Condition>> {
    let Node { line, value } = table.take(key)?;
    let Value::List(items) = value else {
        reading.fault(line, format!("`{key}` is a list of conditions"));
        return None;
    };
    if items.is_empty() {
        reading.fault(line, format!("`{key}` has no condition"));
    }
    Some(items.into_iter().filter_map(|item| condition(item, common, reading, depth + 1)).collect())
}

fn of_list(table: &mut Table, common: &mut Common, reading: &mut Reading<'_>) -> Option<Condition> {
    let line = table.line;
    let list = match table.text("list", reading) {
        Some(list) => list,
        None => inline(table, common, reading)?,
    };
    common.names.push((Name::List(list.clone()), line));
    let within = span(table, reading).or(common.within);
    if let Some(node) = table.take("value") {
        return measured(list, within, node, table, reading);
    }
    let at_least = table.whole("at_least", 10_000, reading).unwrap_or(1);
    if at_least == 0 {
        reading.fault(line, "`at_least = 0` is always so");
    }
    let counting = match table.text("counting", reading).as_deref() {
        None | Some("events") => Counting::Events,
        Some("days") => Counting::Days,
        Some("codes") => Counting::Codes,
        Some(other) => {
            reading.fault(line, format!("`counting = \"{other}\"`: write events, days or codes"));
            return None;
        }
    };
    let resolved_by = table.text("resolved_by", reading);
    if let Some(resolved) = &resolved_by {
        common.names.push((Name::List(resolved.clone()), line));
    }
    let until_over = table.flag("until_over", reading);
    let first = match table.text("pick", reading).as_deref() {
        None | Some("any") => false,
        Some("first") if within.is_some() => true,
        Some("first") => {
            reading.fault(line, "`pick = \"first\"` needs a `within`: first recorded since when?");
            return None;
        }
        Some(other) => {
            reading.fault(line, format!("`pick = \"{other}\"` of codes: write any or first"));
            return None;
        }
    };
    Some(Condition::Coded(Coded { list, within, at_least, counting, resolved_by, until_over, first }))
}

/// Codes written where they are used: a list without a name of its own.
fn inline(table: &mut Table, common: &mut Common, reading: &mut Reading<'_>) -> Option<String> {
    let line = table.line;
    let (system, matching) = system_and_matching(table, line, reading);
    let (system, matching) = (system.or(common.system), matching.unwrap_or(common.matching));
    let Node { value, .. } = table.take("codes")?;
    let (Value::List(items), Some(system)) = (value, system) else {
        reading.fault(line, "`codes` is a list of codes, and needs a `system` here or for the whole file");
        return None;
    };
    let codes: Vec<_> = match matching {
        Matching::Whole => vec![(system, matching, String::new())],
        _ => items.into_iter().filter_map(|item| code(system, matching, item, reading)).collect(),
    };
    if codes.is_empty() {
        reading.fault(line, "`codes` has no code");
    }
    let name = format!("{}#{}", common.set, common.lists.len() + 1);
    common.lists.push((line, CodeList::of(name.clone(), codes, reading.file)));
    Some(name)
}

fn measured(
    list: String,
    within: Option<Span>,
    node: Node,
    table: &mut Table,
    reading: &mut Reading<'_>,
) -> Option<Condition> {
    let Value::Table(mut inner) = node.value else {
        reading.fault(node.line, "`value` is a table, such as { below = 115, unit = \"g/L\" }");
        return None;
    };
    inner.line = node.line;
    let limits = limits(&mut inner, reading);
    let unit = inner.needed("unit", reading);
    inner.finish(reading);
    if !crate::unit::is_known(&unit) {
        reading
            .fault(node.line, format!("`{unit}` is no unit that is known here; write it as UCUM does, and 1 for none"));
    }
    let pick = match table.text("pick", reading).as_deref() {
        None | Some("any") => Pick::Any,
        Some("latest") => Pick::Latest,
        Some("latest-two") => Pick::LatestTwo,
        Some(other) => {
            reading.fault(node.line, format!("`pick = \"{other}\"`: write any, latest or latest-two"));
            return None;
        }
    };
    let unit = crate::unit::usual(&unit).to_owned();
    Some(Condition::Measured(Measured { list, limits, unit, within, pick }))
}

/// What is so of everybody: all of nothing.
fn everyone(table: &mut Table, reading: &mut Reading<'_>) -> Option<Condition> {
    match table.take("everyone") {
        Some(Node { value: Value::Flag(true), .. }) => Some(Condition::All(Vec::new())),
        _ => {
            reading.fault(table.line, "write `everyone = true`");
            None
        }
    }
}

fn age(table: &mut Table, reading: &mut Reading<'_>) -> Option<Condition> {
    let Node { line, value } = table.take("age")?;
    let Value::Table(mut inner) = value else {
        reading.fault(line, "`age` is a table, such as { from = 65, below = 75 }");
        return None;
    };
    let mut year = |key| inner.whole(key, 120, reading).and_then(|age| u8::try_from(age).ok());
    let (from, below) = (year("from"), year("below"));
    inner.finish(reading);
    if from.is_none() && below.is_none() {
        reading.fault(line, "`age` has `from`, `below` or both");
    }
    Some(Condition::Age { from: from.unwrap_or(0), below })
}

fn sex(table: &mut Table, reading: &mut Reading<'_>) -> Option<Condition> {
    let line = table.line;
    let word = table.text("sex", reading)?;
    let sex = Sex::read(&word).filter(|sex| *sex != Sex::Unknown);
    if sex.is_none() {
        reading.fault(line, format!("`sex = \"{word}\"`: write female, male or other"));
    }
    sex.map(Condition::Sex)
}
