//! The codes of a value set, where they can be counted: listed ones, and whole code systems that the package holds.
//! Media types, units and currencies cannot; for them there is no list, and any well-formed code goes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::source::{Source, list, tail, text};

/// Systems, each with its codes.
pub(crate) type Systems = Vec<(String, Vec<String>)>;

/// System to codes, in HL7's order; none if they cannot be counted.
pub(crate) fn expand(source: &Source, address: &str) -> Result<Option<Systems>, String> {
    let Some(set) = source.get("ValueSet", tail(address))? else { return Ok(None) };
    let wanted = address.split('|').next().unwrap_or(address);
    if text(&set, "url") != wanted {
        return Err(format!("ValueSet-{}.json is {}, not {wanted}", tail(address), text(&set, "url")));
    }
    let compose = set.get("compose").unwrap_or(&Value::Null);
    if !list(compose, "exclude").is_empty() {
        return Err(format!("{wanted} leaves codes out by `exclude`, which this build does not know how to do"));
    }
    let mut systems: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for include in list(compose, "include") {
        if include.get("filter").is_some() || include.get("valueSet").is_some() {
            return Ok(None);
        }
        let system = text(include, "system");
        let listed = list(include, "concept");
        let mut codes = Vec::new();
        if listed.is_empty() {
            let Some(whole) = code_system(source, system, tail(address))? else { return Ok(None) };
            every(list(&whole, "concept"), &mut codes);
        } else {
            every(listed, &mut codes);
        }
        systems.entry(system.to_owned()).or_default().extend(codes);
    }
    Ok(Some(systems.into_iter().collect()))
}

/// A complete code system, found by the end of its own address or by the name of the value set made of it.
fn code_system(source: &Source, system: &str, set: &str) -> Result<Option<Value>, String> {
    for id in [tail(system), set] {
        if let Some(found) = source.get("CodeSystem", id)?
            && text(&found, "url") == system
            && text(&found, "content") == "complete"
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Codes with those beneath them.
fn every(concepts: &[Value], codes: &mut Vec<String>) {
    for concept in concepts {
        codes.push(text(concept, "code").to_owned());
        every(list(concept, "concept"), codes);
    }
}
