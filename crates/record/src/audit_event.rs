//! A look as an AuditEvent of FHIR R4. Made from the log each time it is asked for and kept nowhere else: the log is the record
//! of who looked, and this is a way to read it. Pure; must not decide who may.

use std::collections::HashMap;

use access::views::audit::AuditRow;
use access::{Action, Purpose};
use serde_json::{Value, json};
use uuid::Uuid;

/// For whom it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Somebody who watches over who looks.
    ByOfficer,
    /// The person themselves: who looked by name and role, without the id of their sign-in.
    ByPerson,
}

/// The letter by which FHIR calls what was done: make, read, write or carry out.
#[must_use]
pub const fn letter(action: Action) -> &'static str {
    match action {
        Action::FindPeople
        | Action::ReadRecord
        | Action::SeeLooks
        | Action::ReadMessage
        | Action::SeeWorklist
        | Action::ReviewLooks
        | Action::ReadPseudonyms
        | Action::CountPeople
        | Action::GoBack => "R",
        Action::MakeAsk | Action::AskBack => "C",
        Action::WriteRecord
        | Action::MendMessage
        | Action::WorkAsk
        | Action::KeepMeasures
        | Action::RunChallenge
        | Action::JudgeIdentity => "U",
        Action::BreakGlass
        | Action::Seal
        | Action::ChooseSharing
        | Action::AskWhy
        | Action::Govern
        | Action::AllowBack => "E",
    }
}

/// The word of `v3-ActReason` for a purpose.
const fn reason(purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::DirectCare => ("TREAT", "treatment"),
        Purpose::Administration => ("PATADMIN", "patient administration"),
        Purpose::DataQuality => ("RECORDMGT", "records management"),
        Purpose::Privacy => ("HCOMPL", "health compliance"),
        Purpose::Operation => ("HSYSADMIN", "health system administration"),
        Purpose::OwnRecord => ("PATRQT", "patient requested"),
        Purpose::Planning => ("HOPERAT", "healthcare operations"),
    }
}

fn because(code: &str, display: &str, words: &str) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    json!({ "coding": [{ "system": system, "code": code, "display": display }], "text": words })
}

/// The AuditEvent. `patients` are the ids by which the API knows the people in it.
#[must_use]
pub fn audit_event(row: &AuditRow, patients: &HashMap<Uuid, String>, seen: Seen) -> Value {
    let instant = |at: jiff::Timestamp| format!("{at:.6}");
    let said = row.action.map_or("looked", Action::said);
    let mut purposes: Vec<Value> = row
        .purpose
        .map(|purpose| {
            let (code, display) = reason(purpose);
            because(code, display, purpose.said())
        })
        .into_iter()
        .collect();
    if row.action == Some(Action::BreakGlass) {
        purposes.push(because("BTG", "break the glass", "to open a record that was closed to them"));
    }
    let mut agent = json!({
        "who": { "display": row.name },
        "name": row.name,
        "requestor": true,
    });
    if let Some(role) = row.role {
        agent["role"] = json!([{ "coding": [{ "system": "https://weft.example/role", "code": role.word() }], "text": role.said() }]);
    }
    if seen == Seen::ByOfficer {
        agent["altId"] = json!(row.reader);
    }
    let mut agents = vec![agent];
    if !row.organisation.is_empty() {
        agents.push(json!({ "who": { "display": row.organisation }, "name": row.organisation, "requestor": false }));
    }
    let people = row.people.iter().map(|person| {
        let what = match patients.get(person) {
            Some(patient) => json!({ "reference": format!("Patient/{patient}") }),
            // Somebody of whom no source has sent a Patient yet.
            None => json!({ "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{person}") } }),
        };
        json!({
            "what": what,
            "type": { "system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1", "display": "Person" },
            "role": { "system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "1", "display": "Patient" },
        })
    });
    let mut people: Vec<Value> = people.collect();
    let unnamed = row.count.saturating_sub(i64::try_from(row.people.len()).unwrap_or(i64::MAX));
    if unnamed > 0 {
        people.push(json!({
            "type": { "system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1", "display": "Person" },
            "description": format!("and {unnamed} more people, who are not listed here"),
        }));
    }
    let mut event = json!({
        "resourceType": "AuditEvent",
        "id": row.look.hyphenated().to_string(),
        "meta": { "versionId": "1", "lastUpdated": instant(row.at) },
        "type": { "system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest", "display": "RESTful Operation" },
        "action": row.action.map_or("E", letter),
        "recorded": instant(row.at),
        "outcome": if row.allowed { "0" } else { "4" },
        "outcomeDesc": if row.allowed { row.because.clone() } else { format!("refused: {}", row.because) },
        "agent": agents,
        "source": {
            "site": "Weft",
            "observer": { "display": "Weft" },
            "type": [{ "system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "4", "display": "Application Server" }],
        },
    });
    if let Some(action) = row.action.and_then(|action| serde_json::to_value(action).ok()) {
        event["subtype"] = json!([{ "system": "https://weft.example/action", "code": action, "display": said }]);
    }
    if !purposes.is_empty() {
        event["purposeOfEvent"] = json!(purposes);
    }
    if row.sitting {
        let until = row.at.saturating_add(access::sitting::LENGTH).unwrap_or(row.at);
        event["period"] = json!({ "start": instant(row.at), "end": instant(until) });
    }
    if !people.is_empty() {
        event["entity"] = json!(people);
    }
    event
}

#[cfg(test)]
mod tests {
    use access::Role;

    use super::*;

    fn row(action: Action, purpose: Purpose) -> AuditRow {
        AuditRow {
            seq: 7,
            at: "2026-11-22T09:30:00.25Z".parse().unwrap(),
            look: Uuid::from_u128(9),
            reader: "persona|gp".to_owned(),
            name: "Dr Priya Nair".to_owned(),
            role: Some(Role::Gp),
            organisation: "Marple Bridge Surgery".to_owned(),
            action: Some(action),
            purpose: Some(purpose),
            allowed: true,
            sitting: false,
            people: vec![Uuid::from_u128(1), Uuid::from_u128(2)],
            count: 2,
            because: "their role gives care".to_owned(),
        }
    }

    #[test]
    fn every_look_is_a_sound_audit_event() {
        let patients = HashMap::from([(Uuid::from_u128(1), "p1".to_owned())]);
        for action in Action::ALL {
            for purpose in Purpose::ALL {
                for (allowed, sitting, people) in [(true, true, 2), (false, false, 0), (true, false, 1)] {
                    let mut row = AuditRow { allowed, sitting, ..row(action, purpose) };
                    row.people.truncate(people);
                    for seen in [Seen::ByOfficer, Seen::ByPerson] {
                        let event = audit_event(&row, &patients, seen);
                        assert_eq!(fhir::validate::resource(&event), [], "{event}");
                    }
                }
            }
        }
        let unknown = AuditRow {
            action: None,
            purpose: None,
            role: None,
            organisation: String::new(),
            ..row(Action::Seal, Purpose::Privacy)
        };
        assert_eq!(fhir::validate::resource(&audit_event(&unknown, &patients, Seen::ByPerson)), []);
    }

    #[test]
    fn it_says_who_what_why_how_it_ended_and_whose() {
        let patients = HashMap::from([(Uuid::from_u128(1), "p1".to_owned())]);
        let event = audit_event(&row(Action::ReadRecord, Purpose::DirectCare), &patients, Seen::ByOfficer);
        assert_eq!(event["action"], "R");
        assert_eq!(event["outcome"], "0");
        assert_eq!(event["recorded"], "2026-11-22T09:30:00.250000Z");
        assert_eq!(event["purposeOfEvent"][0]["coding"][0]["code"], "TREAT");
        assert_eq!(event["agent"][0]["altId"], "persona|gp");
        assert_eq!(event["entity"][0]["what"]["reference"], "Patient/p1");
        assert!(
            event["entity"][1]["what"]["identifier"]["value"].as_str().is_some_and(|urn| urn.starts_with("urn:uuid:"))
        );
        assert!(event.get("period").is_none());
        let refused = AuditRow { allowed: false, ..row(Action::BreakGlass, Purpose::DirectCare) };
        let told = audit_event(&refused, &patients, Seen::ByPerson);
        assert_eq!((&told["outcome"], &told["action"]), (&json!("4"), &json!("E")));
        assert_eq!(told["purposeOfEvent"][1]["coding"][0]["code"], "BTG");
        assert!(told["agent"][0].get("altId").is_none(), "a person is told a name, not a sign-in");
        let sitting = AuditRow { sitting: true, count: 50, ..row(Action::ReadRecord, Purpose::DirectCare) };
        let event = audit_event(&sitting, &patients, Seen::ByOfficer);
        assert_eq!(event["period"]["end"], "2026-11-22T09:40:00.250000Z");
        assert_eq!(event["entity"][2]["description"], "and 48 more people, who are not listed here");
    }
}
