//! Types and their elements, from StructureDefinitions. Lines of the table, parts separated by tabs:
//! `T name sort base abstract`; `S path` opens a shape (a type or a part of one); `E name min max flags types binding content`
//! is an element of it; `K path key severity expression words` a rule; `V` opens a set of codes, `C system codes...` its codes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::codes;
use super::source::{Source, flat, list, tail, text};

/// Writes every type; returns the names of the resources that can be made (not the abstract ones).
pub(crate) fn write(source: &Source, table: &mut String) -> Result<Vec<String>, String> {
    let mut sets = Sets::default();
    let mut resources = Vec::new();
    for group in ["data-types", "resource-types"] {
        for concept in list(&source.must("CodeSystem", group)?, "concept") {
            let definition = source.must("StructureDefinition", text(concept, "code"))?;
            if definition.get("derivation").and_then(Value::as_str) == Some("constraint") {
                continue;
            }
            let name = text(&definition, "name");
            let is_abstract = definition.get("abstract").and_then(Value::as_bool) == Some(true);
            if group == "resource-types" && !is_abstract {
                resources.push(name.to_owned());
            }
            type_lines(source, &definition, is_abstract, &mut sets, table)?;
        }
    }
    for (address, codes) in &sets.lines {
        line(table, &["V", address]);
        for (system, codes) in codes {
            let mut parts = vec!["C", system];
            parts.extend(codes.iter().map(String::as_str));
            line(table, &parts);
        }
    }
    Ok(resources)
}

/// Sets of codes met so far, each once.
#[derive(Default)]
struct Sets {
    known: BTreeMap<String, Option<usize>>,
    lines: Vec<(String, codes::Systems)>,
}

impl Sets {
    /// The number of a set, if its codes can be counted.
    fn number(&mut self, source: &Source, address: &str) -> Result<Option<usize>, String> {
        if let Some(known) = self.known.get(address) {
            return Ok(*known);
        }
        let number = codes::expand(source, address)?.map(|codes| {
            self.lines.push((address.split('|').next().unwrap_or(address).to_owned(), codes));
            self.lines.len() - 1
        });
        self.known.insert(address.to_owned(), number);
        Ok(number)
    }
}

fn type_lines(
    source: &Source,
    definition: &Value,
    is_abstract: bool,
    sets: &mut Sets,
    table: &mut String,
) -> Result<(), String> {
    let name = text(definition, "name");
    if text(definition, "fhirVersion") != "4.0.1" {
        return Err(format!("{name} is of FHIR {}, not 4.0.1", text(definition, "fhirVersion")));
    }
    let base = tail(text(definition, "baseDefinition"));
    line(table, &["T", name, text(definition, "kind"), base, if is_abstract { "abstract" } else { "" }]);
    let elements = list(definition.get("snapshot").unwrap_or(&Value::Null), "element");
    // The children of each path that has some, in HL7's order.
    let mut shapes: Vec<(&str, Vec<&Value>)> = vec![(name, Vec::new())];
    for element in elements {
        let path = text(element, "path");
        let Some((parent, _)) = path.rsplit_once('.') else { continue };
        match shapes.iter_mut().find(|(at, _)| *at == parent) {
            Some((_, children)) => children.push(element),
            None => shapes.push((parent, vec![element])),
        }
    }
    for (path, children) in shapes {
        line(table, &["S", path]);
        for element in children {
            element_line(source, element, sets, table)?;
        }
    }
    // Only the rules a type adds: those of its base are the base's.
    for element in list(definition.get("differential").unwrap_or(&Value::Null), "element") {
        for rule in list(element, "constraint") {
            let (key, severity) = (text(rule, "key"), text(rule, "severity"));
            let (expression, words) = (flat(text(rule, "expression")), flat(text(rule, "human")));
            if !expression.is_empty() {
                line(table, &["K", text(element, "path"), key, severity, &expression, &words]);
            }
        }
    }
    Ok(())
}

fn element_line(source: &Source, element: &Value, sets: &mut Sets, table: &mut String) -> Result<(), String> {
    let name = text(element, "path").rsplit('.').next().unwrap_or_default();
    let min = element.get("min").map(ToString::to_string).unwrap_or_default();
    let flag = |key: &str, letter| if element.get(key) == Some(&Value::Bool(true)) { letter } else { "" };
    let flags = format!("{}{}", flag("isSummary", "s"), flag("isModifier", "m"));
    let types: Vec<String> = list(element, "type").iter().map(allowed).collect();
    let binding = match element.get("binding") {
        Some(binding) if text(binding, "strength") == "required" => sets.number(source, text(binding, "valueSet"))?,
        _ => None,
    };
    let binding = binding.map(|number| number.to_string()).unwrap_or_default();
    let content = text(element, "contentReference").trim_start_matches('#');
    line(table, &["E", name, &min, text(element, "max"), &flags, &types.join("|"), &binding, content]);
    Ok(())
}

/// A type with the types its references may point at: `Reference>Patient,Group`.
fn allowed(kind: &Value) -> String {
    let code = tail(text(kind, "code"));
    let targets: Vec<&str> =
        list(kind, "targetProfile").iter().filter_map(Value::as_str).map(tail).filter(|to| *to != "Resource").collect();
    if targets.is_empty() || code != "Reference" { code.to_owned() } else { format!("{code}>{}", targets.join(",")) }
}

/// One line of the table.
pub(crate) fn line(table: &mut String, parts: &[&str]) {
    table.push_str(&parts.join("\t"));
    table.push('\n');
}
