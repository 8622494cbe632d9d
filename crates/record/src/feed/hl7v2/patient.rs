//! PID and PD1 as a FHIR Patient. Must not decide who the person is: that is the person index's business.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::code_system::{ODS, authority};
use super::datatype::{address, clinician, codeable_concept, each, human_name, put, telecom};
use super::identifier::identifiers;
use super::message::{Repetition, Segment};
use super::time::moment;
use crate::feed::Reason;

/// The Patient that a PID, and the PD1 after it, describe.
pub(super) fn patient(pid: &Segment<'_>, pd1: Option<&Segment<'_>>) -> Result<Map<String, Value>, Reason> {
    let mut out = Map::new();
    put(&mut out, "identifier", Some(identifiers(pid, 3, pid.first(32).as_deref())));
    put(&mut out, "name", Some(names(pid)));
    put(&mut out, "telecom", Some(telecoms(pid)));
    put(&mut out, "gender", pid.first(8).map(|sex| gender(&sex)));
    if let Some(born) = moment(pid, 7)? {
        put(&mut out, "birthDate", Some(born.date));
        if born.timed {
            let url = "http://hl7.org/fhir/StructureDefinition/patient-birthTime";
            put(&mut out, "_birthDate", Some(json!({ "extension": [{ "url": url, "valueDateTime": born.text }] })));
        }
    }
    // A date of death says more than a plain yes.
    if let Some(died) = moment(pid, 29)? {
        put(&mut out, "deceasedDateTime", Some(died.text));
    } else {
        put(&mut out, "deceasedBoolean", pid.first(30).and_then(|word| yes_or_no(&word)));
    }
    put(&mut out, "address", Some(each(pid.field(11), address)));
    put(&mut out, "maritalStatus", codeable_concept(pid.field(16).repetition(0)));
    let language = codeable_concept(pid.field(15).repetition(0));
    put(&mut out, "communication", language.map(|language| vec![json!({ "language": language, "preferred": true })]));
    if let Some(pd1) = pd1 {
        let mut general = each(pd1.field(3), practice);
        general.extend(each(pd1.field(4), clinician));
        put(&mut out, "generalPractitioner", Some(general));
    }
    Ok(out)
}

/// PID-5, and PID-9 where old senders put other names.
fn names(pid: &Segment<'_>) -> Vec<Value> {
    let mut names = each(pid.field(5), human_name);
    names.extend(each(pid.field(9), human_name).into_iter().filter_map(|mut name| {
        let object = name.as_object_mut()?;
        object.entry("use").or_insert_with(|| "nickname".into());
        Some(name)
    }));
    names
}

/// PID-13 is home, PID-14 is work, unless the number itself says otherwise.
fn telecoms(pid: &Segment<'_>) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut seen = HashSet::new();
    for (field, usual) in [(13, "home"), (14, "work")] {
        for mut contact in each(pid.field(field), telecom) {
            if let Some(object) = contact.as_object_mut() {
                object.entry("use").or_insert_with(|| usual.into());
            }
            if seen.insert(contact.to_string()) {
                all.push(contact);
            }
        }
    }
    all
}

/// HL7 table 0001, and the digits of the NHS Data Dictionary.
pub(super) fn gender(code: &str) -> &'static str {
    match code.to_ascii_uppercase().as_str() {
        "F" | "2" => "female",
        "M" | "1" => "male",
        "O" | "A" => "other",
        _ => "unknown",
    }
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_ascii_uppercase().as_str() {
        "Y" | "YES" | "1" | "TRUE" => Some(true),
        "N" | "NO" | "0" | "FALSE" => Some(false),
        _ => None,
    }
}

/// XON: the practice, by name and code.
fn practice(organisation: Repetition<'_>) -> Option<Value> {
    let part = |number: usize| organisation.component(number).value();
    let mut out = Map::new();
    if let Some(code) = part(10).or_else(|| part(3)) {
        let assigner = organisation.component(6);
        let stated = authority(assigner.subcomponent(1).as_deref(), assigner.subcomponent(2).as_deref());
        // `P88002`: no English sender troubles to say whose code that is.
        let practice_code = code.len() == 6
            && code.starts_with(|c: char| c.is_ascii_uppercase())
            && code[1..].bytes().all(|byte| byte.is_ascii_digit());
        let system = if practice_code { Some(ODS.to_owned()) } else { stated };
        let mut identifier = Map::new();
        put(&mut identifier, "system", system);
        put(&mut identifier, "value", Some(code));
        put(&mut out, "identifier", Some(identifier));
    }
    put(&mut out, "display", part(1));
    (!out.is_empty()).then_some(Value::Object(out))
}
