//! Search parameters for each type that has them, and which of them put a resource into a patient's compartment.
//! `P type code kind expression targets components address`; `M type parameters...`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::source::{Source, flat, list, text};
use super::types::line;

/// Search of a whole narrative or resource, named queries and filter expressions are no lookup of a value.
const NOT_VALUES: &[&str] = &["_text", "_content", "_query", "_filter"];

/// Writes all, by type: first those that every resource has, then its own, each in the order of its name.
pub(crate) fn write(source: &Source, resources: &[String], table: &mut String) -> Result<(), String> {
    let mut all = Vec::new();
    for id in source.ids("SearchParameter")? {
        let parameter = source.must("SearchParameter", &id)?;
        // Drafts about extensions and examples of how to write one are marked so.
        if parameter.get("experimental") != Some(&Value::Bool(true)) && !NOT_VALUES.contains(&text(&parameter, "code"))
        {
            all.push(parameter);
        }
    }
    all.sort_by(|a, b| text(a, "code").cmp(text(b, "code")).then_with(|| text(a, "url").cmp(text(b, "url"))));
    let codes: BTreeMap<&str, &str> = all.iter().map(|found| (text(found, "url"), text(found, "code"))).collect();
    for resource in resources {
        for owner in ["Resource", "DomainResource", resource] {
            for parameter in all.iter().filter(|found| list(found, "base").iter().any(|base| base == owner)) {
                parameter_line(parameter, owner, resource, &codes, table)?;
            }
        }
    }
    let compartment = source.must("CompartmentDefinition", "patient")?;
    for member in list(&compartment, "resource") {
        let by: Vec<&str> = list(member, "param").iter().filter_map(Value::as_str).collect();
        if !by.is_empty() {
            let mut parts = vec!["M", text(member, "code")];
            parts.extend(by);
            line(table, &parts);
        }
    }
    Ok(())
}

fn parameter_line(
    parameter: &Value,
    owner: &str,
    resource: &str,
    codes: &BTreeMap<&str, &str>,
    table: &mut String,
) -> Result<(), String> {
    let (code, address) = (text(parameter, "code"), text(parameter, "url"));
    let expression = part_for(owner, text(parameter, "expression"));
    if expression.is_empty() {
        return Err(format!("search parameter {address} has nothing to say of {owner}"));
    }
    let targets: Vec<&str> = list(parameter, "target").iter().filter_map(Value::as_str).collect();
    let mut components = Vec::new();
    for component in list(parameter, "component") {
        let definition = text(component, "definition");
        let Some(code) = codes.get(definition) else {
            return Err(format!("search parameter {address} is made of {definition}, which the package does not have"));
        };
        components.push(format!("{code}={}", flat(text(component, "expression"))));
    }
    let kind = text(parameter, "type");
    line(table, &["P", resource, code, kind, &expression, &targets.join(","), &components.join(";"), address]);
    Ok(())
}

/// The parts of a union that begin with the type (or with no type at all), each once.
fn part_for(owner: &str, expression: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in unions(expression) {
        let part = flat(part);
        let start = part.trim_start_matches('(');
        let word: String = start.chars().take_while(char::is_ascii_alphanumeric).collect();
        let names_a_type = word.starts_with(|first: char| first.is_ascii_uppercase());
        if (word == owner || !names_a_type) && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(" | ")
}

/// Splits at the `|` that stand outside brackets and quotes.
fn unions(expression: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut from, mut parts) = (0_i32, false, 0, Vec::new());
    for (at, letter) in expression.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            '|' if !quoted && depth == 0 => {
                parts.push(&expression[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&expression[from..]);
    parts
}
