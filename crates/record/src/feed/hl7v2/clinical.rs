//! AL1, DG1 and PR1 as AllergyIntolerance, Condition and Procedure. Says what the segment says: a diagnosis of a stay is
//! not called active or resolved, as HL7 v2 does not tell.

use serde_json::{Map, Value, json};

use super::datatype::{clinician, codeable_concept, coded, each, put, words};
use super::message::{Repetition, Segment};
use super::statement::{Statement, derived_id};
use super::time::moment;
use crate::feed::Reason;

/// The parts of a code by which it is known again: its value and system, else its text.
pub(super) fn code_key(code: Repetition<'_>) -> String {
    let part = |number: usize| code.component(number).value().unwrap_or_default();
    let key = format!("{}|{}", part(1), part(3));
    if part(1).is_empty() { format!("{}|{}|{}", part(2), part(4), part(5)) } else { key }
}

/// The code of a field; a text beside it (DG1-4, PR1-4) serves where the code has no words.
fn described(code: Repetition<'_>, description: Option<String>) -> Option<Value> {
    match (codeable_concept(code), description) {
        (None, description) => description.map(|text| words(&text)),
        (Some(mut concept), Some(text)) if code.component(2).value().is_none() => {
            if let Some(object) = concept.as_object_mut() {
                object.insert("text".to_owned(), text.into());
            }
            Some(concept)
        }
        (concept, _) => concept,
    }
}

/// AL1: an allergy or intolerance.
pub(super) fn add_allergy(statement: &mut Statement<'_>, al1: &Segment<'_>) -> Result<(), Reason> {
    let what = al1.field(3).repetition(0);
    let Some(code) = codeable_concept(what) else { return Ok(()) };
    let category = match al1.first(2).as_deref() {
        Some("DA" | "MC") => Some("medication"),
        Some("FA") => Some("food"),
        Some("EA" | "LA" | "PA" | "AA") => Some("environment"),
        _ => None,
    };
    let severity = match al1.first(4).as_deref() {
        Some("SV" | "S") => Some("severe"),
        Some("MO" | "M") => Some("moderate"),
        Some("MI") => Some("mild"),
        _ => None,
    };
    let mut out = Map::new();
    put(
        &mut out,
        "clinicalStatus",
        Some(coded("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active")),
    );
    put(&mut out, "type", category.map(|_| "allergy"));
    put(&mut out, "category", category.map(|category| vec![category]));
    put(&mut out, "code", Some(code));
    put(&mut out, "patient", Some(statement.subject()));
    put(&mut out, "onsetDateTime", moment(al1, 6)?.map(|moment| moment.text));
    let reactions: Vec<Value> = al1.field(5).repetitions().filter_map(|r| r.value()).map(|text| words(&text)).collect();
    if reactions.is_empty() {
        // FHIR has a severity only of a reaction; without one it is said in words.
        put(&mut out, "note", severity.map(|word| json!([{ "text": format!("Severity as sent: {word}") }])));
    } else {
        let mut reaction = Map::new();
        put(&mut reaction, "manifestation", Some(reactions));
        put(&mut reaction, "severity", severity);
        put(&mut out, "reaction", Some(json!([reaction])));
    }
    let id = derived_id("allergy", &[&statement.local, &code_key(what)]);
    statement.add("AllergyIntolerance", &id, out);
    Ok(())
}

/// DG1: a diagnosis of the visit.
pub(super) fn add_condition(statement: &mut Statement<'_>, dg1: &Segment<'_>) -> Result<(), Reason> {
    let what = dg1.field(3).repetition(0);
    let description = dg1.field(4).value();
    let Some(code) = described(what, description.clone()) else { return Ok(()) };
    let certainty = match (dg1.first(21).as_deref(), dg1.first(6).as_deref()) {
        (Some("D"), _) => Some("entered-in-error"),
        (_, Some("A" | "W")) => Some("provisional"),
        (_, Some("F")) => Some("confirmed"),
        _ => None,
    };
    let mut out = Map::new();
    let system = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    put(&mut out, "verificationStatus", certainty.map(|word| coded(system, word)));
    let category = coded("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis");
    put(&mut out, "category", Some(vec![category]));
    put(&mut out, "code", Some(code));
    put(&mut out, "subject", Some(statement.subject()));
    put(&mut out, "encounter", statement.encounter());
    let stated = moment(dg1, 5)?.or(moment(dg1, 19)?);
    put(&mut out, "recordedDate", stated.map(|moment| moment.text));
    put(&mut out, "asserter", clinician(dg1.field(16).repetition(0)));
    let visit = statement.visit.clone().unwrap_or_default();
    let key = if what.is_empty() { description.unwrap_or_default() } else { code_key(what) };
    let id = derived_id("diagnosis", &[&statement.local, &visit, &key]);
    statement.add("Condition", &id, out);
    Ok(())
}

/// PR1: a procedure or operation of the visit.
pub(super) fn add_procedure(statement: &mut Statement<'_>, pr1: &Segment<'_>) -> Result<(), Reason> {
    let what = pr1.field(3).repetition(0);
    let description = pr1.field(4).value();
    let Some(code) = described(what, description.clone()) else { return Ok(()) };
    let done = moment(pr1, 5)?;
    let mut out = Map::new();
    let deleted = pr1.first(20).as_deref() == Some("D");
    put(&mut out, "status", Some(if deleted { "entered-in-error" } else { "completed" }));
    put(&mut out, "code", Some(code));
    put(&mut out, "subject", Some(statement.subject()));
    put(&mut out, "encounter", statement.encounter());
    put(&mut out, "performedDateTime", done.as_ref().map(|moment| moment.text.clone()));
    let mut performers: Vec<Value> = Vec::new();
    for number in [11, 12, 8] {
        let people = each(pr1.field(number), clinician);
        performers.extend(people.into_iter().map(|person| json!({ "actor": person })));
    }
    put(&mut out, "performer", Some(performers));
    let visit = statement.visit.clone().unwrap_or_default();
    let when = done.map(|moment| moment.text).unwrap_or_default();
    let key = if what.is_empty() { description.unwrap_or_default() } else { code_key(what) };
    let id = derived_id("procedure", &[&statement.local, &visit, &key, &when]);
    statement.add("Procedure", &id, out);
    Ok(())
}
