//! ORU^R01: each order (OBR) as a DiagnosticReport with its results, and results that stand before any order. An order is
//! known by the filler's number, so that a later message for the same order is its next version.

use serde_json::{Map, Value, json};

use super::clinical::code_key;
use super::datatype::{clinician, codeable_concept, each, put, words};
use super::message::{Segment, groups};
use super::observation::{Order, add_observation, note, observed};
use super::statement::{Statement, derived_id};
use super::time::{Moment, moment};
use crate::feed::Reason;

/// Adds everything that the segments of one person report.
pub(super) fn add_results(statement: &mut Statement<'_>, segments: &[Segment<'_>]) -> Result<(), Reason> {
    let first_order = segments.iter().position(|segment| segment.name() == "OBR").unwrap_or(segments.len());
    for one in observed(&segments[..first_order]) {
        add_observation(statement, &one, None)?;
    }
    for group in groups(segments, "OBR") {
        add_report(statement, group)?;
    }
    Ok(())
}

fn add_report(statement: &mut Statement<'_>, group: &[Segment<'_>]) -> Result<(), Reason> {
    let Some(obr) = group.first() else { return Ok(()) };
    let what = obr.field(4).repetition(0);
    let taken = moment(obr, 7)?;
    let (filler, placer) = (number(obr, 3), number(obr, 2));
    let key = match filler.as_ref().or(placer.as_ref()) {
        Some(number) => vec![number.clone(), code_key(what)],
        None => {
            let when = taken.as_ref().map(|moment| moment.text.clone()).unwrap_or_default();
            vec![statement.local.clone(), code_key(what), when]
        }
    };
    let status = obr.first(25);
    let order = Order { key: key.clone(), status: status.as_deref(), taken: taken.clone() };
    let mut results: Vec<Value> = Vec::new();
    for one in observed(group) {
        let id = add_observation(statement, &one, Some(&order))?;
        results.push(json!({ "reference": format!("Observation/{id}") }));
    }

    let mut out = Map::new();
    let identifiers: Vec<Value> = [("FILL", filler), ("PLAC", placer)]
        .into_iter()
        .filter_map(|(kind, number)| {
            let system = "http://terminology.hl7.org/CodeSystem/v2-0203";
            Some(json!({ "type": { "coding": [{ "system": system, "code": kind }] }, "value": number? }))
        })
        .collect();
    put(&mut out, "identifier", Some(identifiers));
    put(&mut out, "status", Some(report_status(status.as_deref())));
    let section = obr
        .first(24)
        .map(|code| json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": code }] }));
    put(&mut out, "category", section.map(|section| vec![section]));
    let code = codeable_concept(what);
    put(&mut out, "code", Some(code.unwrap_or_else(|| words("An order that the sender did not name"))));
    put(&mut out, "subject", Some(statement.subject()));
    put(&mut out, "encounter", statement.encounter());
    put(&mut out, "effectiveDateTime", when(taken, group)?.map(|moment| moment.text));
    put(&mut out, "issued", moment(obr, 22)?.filter(|moment| moment.timed).map(|moment| moment.text));
    let sender = statement.sender().map(|sender| vec![sender]);
    put(&mut out, "performer", sender);
    put(&mut out, "resultsInterpreter", Some(interpreters(obr)));
    put(&mut out, "result", Some(results));
    let notes: Vec<String> =
        group.iter().skip(1).take_while(|s| s.name() != "OBX").filter(|s| s.name() == "NTE").filter_map(note).collect();
    put(&mut out, "conclusion", (!notes.is_empty()).then(|| notes.join("\n")));
    let parts: Vec<&str> = key.iter().map(String::as_str).collect();
    statement.add("DiagnosticReport", &derived_id("report", &parts), out);
    Ok(())
}

/// When the specimen was taken; where the order leaves that out, the first of its results that says.
fn when(taken: Option<Moment>, group: &[Segment<'_>]) -> Result<Option<Moment>, Reason> {
    if taken.is_some() {
        return Ok(taken);
    }
    for obx in group.iter().filter(|segment| segment.name() == "OBX") {
        if let Some(moment) = moment(obx, 14)? {
            return Ok(Some(moment));
        }
    }
    Ok(None)
}

/// An order number with who gave it: `986` of one laboratory is not `986` of another.
fn number(obr: &Segment<'_>, field: usize) -> Option<String> {
    let number = obr.field(field).repetition(0);
    let value = number.component(1).value()?;
    Some(match number.component(2).value() {
        Some(authority) => format!("{value} ({authority})"),
        None => value,
    })
}

/// OBR-32 packs a whole person into the subcomponents of its first component.
fn interpreters(obr: &Segment<'_>) -> Vec<Value> {
    let packed = obr.field(32).repetition(0).component(1);
    if packed.subcomponent(2).is_none() {
        return each(obr.field(32), clinician);
    }
    let part = |number: usize| packed.subcomponent(number);
    let words: Vec<String> = [part(6), part(3), part(2)].into_iter().flatten().collect();
    vec![json!({ "display": words.join(" ") })]
}

/// OBR-25 (table 0123).
fn report_status(code: Option<&str>) -> &'static str {
    match code {
        Some("F") => "final",
        Some("P" | "R") => "preliminary",
        Some("A") => "partial",
        Some("C" | "M" | "K" | "T") => "corrected",
        Some("X" | "N") => "cancelled",
        Some("O" | "I" | "S") => "registered",
        _ => "unknown",
    }
}
