//! OBX, with the NTEs after it, as a FHIR Observation. Must not know whether it stands in a report or an admission.

use serde_json::{Map, Value, json};

use super::clinical::code_key;
use super::datatype::{clinician, codeable_concept, coded, each, put, words};
use super::measurement::{Measured, measured, reference_range};
use super::message::Segment;
use super::statement::{Statement, derived_id};
use super::time::{Moment, moment};
use crate::feed::Reason;

/// One result: its OBX, further OBX that carry on its text, and the notes beneath.
#[derive(Debug)]
pub(super) struct Observed<'m> {
    obx: Segment<'m>,
    more: Vec<Segment<'m>>,
    notes: Vec<String>,
}

/// What the order above a result says of it.
#[derive(Debug, Default)]
pub(super) struct Order<'a> {
    /// The parts that tell this order from any other.
    pub(super) key: Vec<String>,
    /// OBR-25, for results that state no status.
    pub(super) status: Option<&'a str>,
    /// OBR-7: when the specimen was taken.
    pub(super) taken: Option<Moment>,
}

/// The results among segments, in their order. Laboratories send a long text as one OBX a line, with the same code and
/// sub-id: those are one result.
pub(super) fn observed<'m>(segments: &[Segment<'m>]) -> Vec<Observed<'m>> {
    let mut all: Vec<Observed<'m>> = Vec::new();
    let mut open = false;
    for segment in segments {
        match segment.name() {
            "OBX" => {
                let key = |obx: &Segment<'_>| (obx.field(3).raw().to_owned(), obx.field(4).raw().to_owned());
                let prose = |obx: &Segment<'_>| matches!(obx.field(2).raw(), "TX" | "FT");
                match all.last_mut() {
                    Some(last)
                        if last.notes.is_empty()
                            && prose(segment)
                            && prose(&last.obx)
                            && key(&last.obx) == key(segment) =>
                    {
                        last.more.push(*segment);
                    }
                    _ => all.push(Observed { obx: *segment, more: Vec::new(), notes: Vec::new() }),
                }
                open = true;
            }
            "NTE" if open => {
                if let (Some(last), Some(text)) = (all.last_mut(), note(segment)) {
                    last.notes.push(text);
                }
            }
            // Anything but a participant ends the reach of the notes.
            "PRT" | "NTE" => {}
            _ => open = false,
        }
    }
    all.retain(|one| (2..=5).any(|number| number != 4 && one.obx.field(number).value().is_some()));
    all
}

/// The text of an NTE; its repetitions are lines.
pub(super) fn note(nte: &Segment<'_>) -> Option<String> {
    nte.field(3).lines()
}

/// Adds the Observation of one result and gives its id.
pub(super) fn add_observation(
    statement: &mut Statement<'_>,
    one: &Observed<'_>,
    order: Option<&Order<'_>>,
) -> Result<String, Reason> {
    let obx = &one.obx;
    let mut notes: Vec<String> = Vec::new();
    let mut out = Map::new();
    let said = obx.first(11);
    put(&mut out, "status", Some(status(said.as_deref().or(order.and_then(|order| order.status)))));
    let code = codeable_concept(obx.field(3).repetition(0));
    put(&mut out, "code", Some(code.unwrap_or_else(|| words("A result that the sender did not name"))));
    put(&mut out, "subject", Some(statement.subject()));
    put(&mut out, "encounter", statement.encounter());
    let own = moment(obx, 14)?;
    let when = own.as_ref().or(order.and_then(|order| order.taken.as_ref())).map(|moment| moment.text.clone());
    put(&mut out, "effectiveDateTime", when);
    let mut performers = each(obx.field(16), clinician);
    let organisation = obx.field(23).repetition(0).component(1).value().or_else(|| {
        let producer = obx.field(15).repetition(0);
        producer.component(2).value().or_else(|| producer.component(1).value())
    });
    performers.extend(organisation.map(|name| json!({ "display": name })).or_else(|| statement.sender()));
    put(&mut out, "performer", Some(performers));
    match measured(obx) {
        Measured::Value(key, mut value) => {
            if let (Some(text), false) = (value.as_str(), one.more.is_empty()) {
                // Every line, blank ones too: the layout of a report is part of it.
                let lines = one.more.iter().map(|line| line.field(5).lines().unwrap_or_default());
                value = [text.to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n").into();
            }
            put(&mut out, key, Some(value));
        }
        Measured::NotShown(sentence) => notes.push(sentence),
        Measured::Nothing => {
            let lines: Vec<String> = one.more.iter().map(|line| line.field(5).lines().unwrap_or_default()).collect();
            put(&mut out, "valueString", Some(lines.join("\n")).filter(|text| !text.trim().is_empty()));
        }
    }
    let flags: Vec<Value> =
        obx.field(8).repetitions().filter_map(|flag| interpretation(&flag.component(1).value()?)).collect();
    put(&mut out, "interpretation", Some(flags));
    notes.extend(one.notes.iter().cloned());
    put(&mut out, "note", Some(notes.into_iter().map(|text| json!({ "text": text })).collect::<Vec<_>>()));
    put(&mut out, "bodySite", codeable_concept(obx.field(20).repetition(0)));
    put(&mut out, "method", codeable_concept(obx.field(17).repetition(0)));
    put(&mut out, "referenceRange", reference_range(obx));

    let mut key = match order {
        Some(order) => order.key.clone(),
        None => {
            let visit = statement.visit.clone().unwrap_or_default();
            vec![statement.local.clone(), visit, own.map(|moment| moment.text).unwrap_or_default()]
        }
    };
    key.push(code_key(obx.field(3).repetition(0)));
    key.push(obx.field(4).value().unwrap_or_default());
    let parts: Vec<&str> = key.iter().map(String::as_str).collect();
    let id = derived_id("observation", &parts);
    Ok(statement.add("Observation", &id, out))
}

/// OBX-11, and OBR-25 where that is empty (tables 0085 and 0123).
fn status(code: Option<&str>) -> &'static str {
    match code {
        Some("F" | "U") => "final",
        Some("P" | "R" | "A" | "B" | "V") => "preliminary",
        Some("C") => "corrected",
        Some("X" | "N") => "cancelled",
        Some("D" | "W") => "entered-in-error",
        Some("I" | "S" | "O") => "registered",
        _ => "unknown",
    }
}

/// OBX-8 (table 0078): the flags that FHIR knows keep its system, others are words.
fn interpretation(flag: &str) -> Option<Value> {
    let known = [
        "H", "HH", "L", "LL", "N", "A", "AA", "HU", "LU", "S", "R", "I", "MS", "VS", "POS", "NEG", "IND", "U", "D",
        "B", "W", "<", ">", "HX", "LX", "DET", "ND",
    ];
    if known.contains(&flag) {
        return Some(coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", flag));
    }
    Some(words(flag))
}
