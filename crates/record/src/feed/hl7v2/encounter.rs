//! PV1 and PV2 as a FHIR Encounter: a stay or an attendance, its state told by the event. Only the events of a visit
//! (A01 A02 A03 A04 A08 A11 A13) state one: an update of a person or a result carries PV1 for context, and must not
//! open a stay again that has ended.

use serde_json::{Map, Value, json};

use super::datatype::{clinician, codeable_concept, coded, place, put};
use super::message::Segment;
use super::statement::{Statement, derived_id};
use super::time::{Moment, moment};
use crate::feed::Reason;

/// The id of the visit that a PV1 is about: its number, else the person and the time of admission.
pub(super) fn visit_id(local: &str, pv1: &Segment<'_>, evn: Option<&Segment<'_>>) -> Result<Option<String>, Reason> {
    if let Some(number) = pv1.first(19) {
        return Ok(Some(number));
    }
    if !says_something(pv1) {
        return Ok(None);
    }
    let admitted = moment(pv1, 44)?;
    // Without either, the event's own time keeps two visits apart, at the price that they cannot be joined up.
    let time = match (admitted, evn) {
        (None, Some(evn)) => moment(evn, 6)?.or(moment(evn, 2)?),
        (admitted, _) => admitted,
    };
    Ok(time.map(|time| derived_id("visit", &[local, &time.at.to_string()])))
}

/// A PV1 may be there only because the standard wants one: `PV1|1|N`.
fn says_something(pv1: &Segment<'_>) -> bool {
    let class = pv1.first(2);
    class.as_deref().is_some_and(|class| class != "N") || (3..=52).any(|number| pv1.field(number).value().is_some())
}

/// Adds the Encounter of a visit event; what says nothing of a visit adds none.
pub(super) fn add_encounter(
    statement: &mut Statement<'_>,
    pv1: &Segment<'_>,
    pv2: Option<&Segment<'_>>,
    evn: Option<&Segment<'_>>,
) -> Result<(), Reason> {
    let Some(id) = statement.visit.clone().filter(|_| says_something(pv1)) else { return Ok(()) };
    let (start, end) = (moment(pv1, 44)?, moment(pv1, 45)?);
    let (status, end) = state(&statement.event, end, evn)?;
    let mut out = Map::new();
    if let Some(number) = pv1.first(19) {
        let kind = coded("http://terminology.hl7.org/CodeSystem/v2-0203", "VN");
        put(&mut out, "identifier", Some(json!([{ "type": kind, "value": number }])));
    }
    put(&mut out, "status", Some(status));
    put(&mut out, "class", Some(class(pv1.first(2).as_deref(), &statement.event)));
    put(&mut out, "type", codeable_concept(pv1.field(4).repetition(0)).map(|kind| vec![kind]));
    put(&mut out, "serviceType", codeable_concept(pv1.field(10).repetition(0)));
    put(&mut out, "subject", Some(statement.subject()));
    put(&mut out, "participant", Some(participants(pv1)));
    let mut period = Map::new();
    put(&mut period, "start", start.map(|moment| moment.text));
    put(&mut period, "end", end.map(|moment| moment.text));
    put(&mut out, "period", Some(period));
    put(&mut out, "reasonCode", pv2.and_then(|pv2| codeable_concept(pv2.field(3).repetition(0))).map(|why| vec![why]));
    let mut hospitalization = Map::new();
    put(&mut hospitalization, "admitSource", codeable_concept(pv1.field(14).repetition(0)));
    put(&mut hospitalization, "dischargeDisposition", codeable_concept(pv1.field(36).repetition(0)));
    let destination = pv1.field(37).repetition(0).component(1).value();
    put(&mut hospitalization, "destination", destination.map(|place| json!({ "display": place })));
    put(&mut out, "hospitalization", Some(hospitalization));
    put(&mut out, "location", Some(locations(pv1, status)));
    put(&mut out, "serviceProvider", provider(statement, pv1));
    statement.add("Encounter", &id, out);
    Ok(())
}

/// The state that an event leaves a visit in, and the end that goes with it.
fn state(
    event: &str,
    end: Option<Moment>,
    evn: Option<&Segment<'_>>,
) -> Result<(&'static str, Option<Moment>), Reason> {
    Ok(match event {
        "A11" => ("cancelled", end),
        // The discharge did not happen, so an end that still stands in the message is not one.
        "A13" => ("in-progress", None),
        "A03" => {
            let told = match (end, evn) {
                (None, Some(evn)) => moment(evn, 6)?.or(moment(evn, 2)?),
                (end, _) => end,
            };
            ("finished", told)
        }
        // An update after the discharge still tells of the visit that ended.
        _ if end.is_some() => ("finished", end),
        _ => ("in-progress", None),
    })
}

/// PV1-2 in FHIR's words; what FHIR has none for keeps its own.
fn class(code: Option<&str>, event: &str) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    let (code, display) = match (code, event) {
        (Some("I" | "B"), _) => ("IMP", "inpatient encounter"),
        (Some("E"), _) | (None, "A04") => ("EMER", "emergency"),
        (Some("O" | "R"), _) => ("AMB", "ambulatory"),
        (Some("P"), _) => ("PRENC", "pre-admission"),
        (Some(other), _) => {
            return json!({ "system": "http://terminology.hl7.org/CodeSystem/v2-0004", "code": other });
        }
        (None, _) => return json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK" }),
    };
    json!({ "system": system, "code": code, "display": display })
}

fn participants(pv1: &Segment<'_>) -> Vec<Value> {
    let roles = [(7, "ATND", "attender"), (8, "REF", "referrer"), (9, "CON", "consultant"), (17, "ADM", "admitter")];
    let mut out = Vec::new();
    for (number, code, display) in roles {
        for person in pv1.field(number).repetitions().filter_map(clinician) {
            let system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
            let role = json!({ "coding": [{ "system": system, "code": code, "display": display }] });
            out.push(json!({ "type": [role], "individual": person }));
        }
    }
    out
}

/// Where the person is (PV1-3) and was before (PV1-6).
fn locations(pv1: &Segment<'_>, status: &str) -> Vec<Value> {
    let now = if status == "in-progress" { "active" } else { "completed" };
    [(3, now), (6, "completed")]
        .into_iter()
        .filter_map(|(number, state)| {
            let display = place(pv1.field(number).repetition(0))?;
            Some(json!({ "location": { "display": display }, "status": state }))
        })
        .collect()
}

/// The organisation: PV1-39, else the hospital of the location, else the sender.
fn provider(statement: &Statement<'_>, pv1: &Segment<'_>) -> Option<Value> {
    let name = pv1.first(39).or_else(|| pv1.field(3).repetition(0).component(4).subcomponent(1));
    name.map(|name| statement.part_of_sender(&name)).or_else(|| statement.sender())
}
