//! From a file of TOML to a rule set or lists of codes, with every fault told at its line.

use super::condition::condition_under;
use super::list::{CodeList, Matching, clean};
use super::node::{Node, Reading, Table, Value, parse};
use super::{Read, digest};
use crate::code::System;
use crate::day::Span;
use crate::decimal::Decimal;
use crate::fault::Faults;
use crate::instrument::Recalibration;
use crate::rule::{Band, Condition, Kind, Limits, Logistic, Name, Need, Part, RuleSet};

/// What the rules of a file have in common, and what they name.
pub(super) struct Common {
    pub(super) set: String,
    pub(super) system: Option<System>,
    pub(super) matching: Matching,
    pub(super) within: Option<Span>,
    pub(super) lists: Vec<(usize, CodeList)>,
    pub(super) names: Vec<(Name, usize)>,
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

pub(super) fn code(
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

pub(super) fn system_and_matching(
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

pub(super) fn span(table: &mut Table, reading: &mut Reading<'_>) -> Option<Span> {
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

pub(super) fn limits(table: &mut Table, reading: &mut Reading<'_>) -> Limits {
    Limits {
        above: table.decimal("above", reading),
        at_least: table.decimal("at_least", reading),
        below: table.decimal("below", reading),
        at_most: table.decimal("at_most", reading),
    }
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
