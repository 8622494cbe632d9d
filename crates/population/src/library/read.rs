//! From a file of TOML to a rule set or lists of codes, with every fault told at its line.

use super::list::{CodeList, Matching, clean};
use super::node::{Node, Reading, Table, Value, parse};
use super::{Read, digest};
use crate::code::System;
use crate::day::Span;
use crate::decimal::Decimal;
use crate::fault::Faults;
use crate::instrument::Recalibration;
use crate::people::Sex;
use crate::rule::{
    Band, Coded, Condition, Counting, Kind, Limits, Logistic, Measured, Name, Need, Part, Pick, RuleSet,
};

/// Deeper than this nobody follows a condition.
const DEEPEST: usize = 12;

/// What the rules of a file have in common, and what they name.
struct Common {
    set: String,
    system: Option<System>,
    matching: Matching,
    within: Option<Span>,
    lists: Vec<(usize, CodeList)>,
    names: Vec<(Name, usize)>,
}

pub(crate) fn document(file: &str, text: &str) -> Result<Read, Faults> {
    let mut table = parse(file, text)?;
    let mut reading = Reading { file, faults: Vec::new() };
    let read = if table.has("codes") { lists(&mut table, &mut reading) } else { rules(text, &mut table, &mut reading) };
    table.finish(&mut reading);
    if reading.faults.is_empty() { Ok(read) } else { Err(Faults(reading.faults)) }
}

/// A file of lists: `system`, `match`, where it is from, and `[codes]` with a list of codes under each name.
fn lists(table: &mut Table, reading: &mut Reading<'_>) -> Read {
    let id = table.needed("id", reading);
    for key in ["version", "source", "licence"] {
        table.needed(key, reading);
    }
    let mut common = common(&id, table, reading);
    let Some(Node { line, value: Value::Table(codes) }) = table.take("codes") else {
        reading.fault(table.line, "`codes` is a table with a list of codes under each name");
        return Read::default();
    };
    let Some(system) = common.system else {
        reading.fault(line, format!("`system` is missing; there are {}", System::words()));
        return Read::default();
    };
    for (name, node) in codes.into_entries() {
        let line = node.line;
        let Value::List(items) = node.value else {
            reading.fault(line, format!("`{name}` is a list of codes"));
            continue;
        };
        let codes = items.into_iter().filter_map(|item| code(system, common.matching, item, reading)).collect();
        common.lists.push((line, CodeList::of(format!("{id}/{name}"), codes, reading.file)));
    }
    Read { lists: common.lists, set: None }
}

fn code(
    system: System,
    matching: Matching,
    item: Node,
    reading: &mut Reading<'_>,
) -> Option<(System, Matching, String)> {
    let cleaned = match &item.value {
        Value::Text(text) => clean(system, matching, text),
        _ => Err("a code is a text in quotation marks".to_owned()),
    };
    match cleaned {
        Ok(code) => Some((system, matching, code)),
        Err(why) => {
            reading.fault(item.line, why);
            None
        }
    }
}

fn common(id: &str, table: &mut Table, reading: &mut Reading<'_>) -> Common {
    let line = table.line;
    let (system, matching) = system_and_matching(table, line, reading);
    let within = span(table, reading);
    let matching = matching.unwrap_or(Matching::Exact);
    Common { set: id.to_owned(), system, matching, within, lists: Vec::new(), names: Vec::new() }
}

fn system_and_matching(
    table: &mut Table,
    line: usize,
    reading: &mut Reading<'_>,
) -> (Option<System>, Option<Matching>) {
    let system = table.text("system", reading).and_then(|word| {
        let system = System::named(&word);
        if system.is_none() {
            reading.fault(line, format!("`{word}` is no system of codes; there are {}", System::words()));
        }
        system
    });
    let matching = table.text("match", reading).and_then(|word| {
        let matching = Matching::named(&word);
        if matching.is_none() {
            reading.fault(line, format!("`{word}` is no way to match; write exact, prefix or whole-system"));
        }
        matching
    });
    (system, matching)
}

fn span(table: &mut Table, reading: &mut Reading<'_>) -> Option<Span> {
    let line = table.line;
    let word = table.text("within", reading)?;
    let span = Span::read(&word);
    if span.is_none() {
        reading.fault(line, format!("`within = \"{word}\"`: write 30d, 12m or 2y"));
    }
    span
}

/// A file with one rule set.
fn rules(text: &str, table: &mut Table, reading: &mut Reading<'_>) -> Read {
    let id = table.needed("id", reading);
    let version = table.needed("version", reading);
    let title = table.needed("title", reading);
    let source = table.needed("source", reading);
    let licence = table.needed("licence", reading);
    let kind = match table.needed("kind", reading).as_str() {
        "score" => Kind::Score,
        "register" => Kind::Register,
        "segments" => Kind::Segments,
        other => {
            reading.fault(table.line, format!("`kind = \"{other}\"`: write score, register or segments"));
            Kind::Register
        }
    };
    let mut common = common(&id, table, reading);
    let not_for = table.texts("not_for", reading).into_iter().map(|(_, text)| text).collect();
    let unverified = table.text("unverified", reading);
    if unverified.is_some() != version.starts_with('0') {
        let what = "a version that begins with 0 says in `unverified` what has not been held against its source, and no other does";
        reading.fault(table.line, what);
    }
    let age_from = table.whole("age_from", 120, reading).and_then(|age| u8::try_from(age).ok());
    let denominator = table.whole("denominator", 1_000_000, reading);
    if denominator == Some(0) {
        reading.fault(table.line, "`denominator` is 0, and nothing can be divided by that");
    }
    let floor = table.decimal("floor", reading);
    let places = table.whole("decimals", 9, reading).and_then(|places| u8::try_from(places).ok()).unwrap_or(0);
    let logistic = logistic(table, reading);
    let parts = parts(kind, table, &mut common, reading);
    let needs = needs(table, &mut common, reading);
    let bands = bands(table, reading);
    let set = RuleSet {
        hash: digest(text),
        file: reading.file.to_owned(),
        within: common.within,
        names: common.names,
        id,
        version,
        title,
        kind,
        source,
        licence,
        not_for,
        unverified,
        age_from,
        denominator,
        floor,
        places,
        logistic,
        parts,
        needs,
        bands,
    };
    Read { lists: common.lists, set: Some(set) }
}

fn logistic(table: &mut Table, reading: &mut Reading<'_>) -> Option<Logistic> {
    let Node { line, value } = table.take("logistic")?;
    let Value::Table(mut inner) = value else {
        reading.fault(line, "`logistic` is a table with `constant` and, if wanted, `age_squared`");
        return None;
    };
    let constant = inner.decimal("constant", reading);
    if constant.is_none() {
        reading.fault(line, "`logistic` needs a `constant`");
    }
    let age_squared = inner.decimal("age_squared", reading).unwrap_or_default();
    inner.finish(reading);
    Some(Logistic { constant: constant?, age_squared })
}

fn parts(kind: Kind, table: &mut Table, common: &mut Common, reading: &mut Reading<'_>) -> Vec<Part> {
    if kind == Kind::Register {
        let line = table.line;
        let when = condition_under("when", table, common, reading, 0);
        if when.is_none() && !table.has("when") {
            reading.fault(line, "a register has one `when`");
        }
        let whole = |when| Part {
            id: "register".into(),
            label: "register".into(),
            points: Decimal::ONE,
            when,
            unless: Vec::new(),
        };
        return when.map(whole).into_iter().collect();
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut unless = Vec::new();
    for mut inner in table.tables("parts", reading) {
        let line = inner.line;
        let id = inner.needed("id", reading);
        let label = inner.text("label", reading).unwrap_or_else(|| id.clone());
        let points = inner.decimal("points", reading);
        if points.is_none() && kind == Kind::Score {
            reading.fault(line, format!("the part `{id}` has no `points`"));
        }
        let when = condition_under("when", &mut inner, common, reading, 0);
        if when.is_none() {
            reading.fault(line, format!("the part `{id}` has no `when` that can be read"));
        }
        if parts.iter().any(|part| part.id == id) {
            reading.fault(line, format!("there are two parts called `{id}`"));
        }
        unless.push((line, inner.texts("unless", reading)));
        inner.finish(reading);
        let when = when.unwrap_or(Condition::Any(Vec::new()));
        parts.push(Part { id, label, points: points.unwrap_or_default(), when, unless: Vec::new() });
    }
    if parts.is_empty() {
        reading.fault(table.line, "there are no `parts`");
    }
    for (at, (_, others)) in unless.into_iter().enumerate() {
        for (line, other) in others {
            match parts.iter().position(|part| part.id == other) {
                Some(found) if found != at => parts[at].unless.push(found),
                _ => reading.fault(line, format!("`unless` names `{other}`, and there is no such other part")),
            }
        }
    }
    parts
}

fn needs(table: &mut Table, common: &mut Common, reading: &mut Reading<'_>) -> Vec<Need> {
    let mut needs = Vec::new();
    for mut inner in table.tables("needs", reading) {
        let label = inner.needed("label", reading);
        match condition_under("when", &mut inner, common, reading, 0) {
            Some(when) => needs.push(Need { label, when }),
            None => reading.fault(inner.line, format!("the need `{label}` has no `when` that can be read")),
        }
        inner.finish(reading);
    }
    needs
}

fn bands(table: &mut Table, reading: &mut Reading<'_>) -> Vec<Band> {
    let mut bands = Vec::new();
    for mut inner in table.tables("bands", reading) {
        let name = inner.needed("name", reading);
        let limits = limits(&mut inner, reading);
        let any_part = inner.decimal("any_part", reading);
        inner.finish(reading);
        bands.push(Band { name, limits, any_part });
    }
    bands
}

fn limits(table: &mut Table, reading: &mut Reading<'_>) -> Limits {
    Limits {
        above: table.decimal("above", reading),
        at_least: table.decimal("at_least", reading),
        below: table.decimal("below", reading),
        at_most: table.decimal("at_most", reading),
    }
}

fn condition_under(
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

/// A recalibration: `set`, `intercept`, `slope` and on whom it was `fitted_on`.
pub(crate) fn recalibration(file: &str, text: &str) -> Result<Recalibration, Faults> {
    let mut table = parse(file, text)?;
    let mut reading = Reading { file, faults: Vec::new() };
    let (set, fitted_on) = (table.needed("set", &mut reading), table.needed("fitted_on", &mut reading));
    let mut number = |key: &str| {
        let found = table.decimal(key, &mut reading);
        if found.is_none() {
            reading.fault(1, format!("`{key}` is missing"));
        }
        found.unwrap_or_default()
    };
    let (intercept, slope) = (number("intercept"), number("slope"));
    if slope <= Decimal::ZERO {
        reading.fault(1, "`slope` is more than 0: otherwise who is more at risk would be shown as less");
    }
    table.finish(&mut reading);
    let made = Recalibration { set, intercept, slope, fitted_on };
    if reading.faults.is_empty() { Ok(made) } else { Err(Faults(reading.faults)) }
}
