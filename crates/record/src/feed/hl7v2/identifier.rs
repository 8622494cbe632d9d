//! Whose message it is: the ids of PID-3 and MRG-1 (CX), the NHS number among them, and the one local id by which this
//! feed calls the person. Must never pass a number off as an NHS number whose check digit does not hold.

use place::NhsNumber;
use serde_json::{Map, Value, json};

use super::code_system::authority;
use super::datatype::put;
use super::message::{Repetition, Segment};
use super::time;
use crate::feed::Reason;

/// The system of NHS numbers.
pub(super) const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// What one id claims to be.
enum Claim {
    /// An NHS number that can be one.
    Nhs(NhsNumber),
    /// Called an NHS number, but its digits do not agree.
    BrokenNhs(String),
    /// The sender's own.
    Local(String),
}

fn claim(id: Repetition<'_>) -> Option<Claim> {
    let value = id.component(1).value()?;
    let upper = |text: Option<String>| text.unwrap_or_default().to_ascii_uppercase();
    let assigner = upper(id.component(4).subcomponent(1));
    let universal = upper(id.component(4).subcomponent(2));
    let kind = upper(id.component(5).value());
    let by_nhs = matches!(assigner.as_str(), "NHS" | "NHSNMBR" | "NHSNBR") || universal == "2.16.840.1.113883.2.1.4.1";
    let number = NhsNumber::parse(&value);
    let said = matches!(kind.as_str(), "NH" | "NHS" | "NHSNMBR") || (by_nhs && kind != "MR");
    // An NHS trust's own record number may name "NHS" as its authority; the check digit tells the two apart.
    Some(match number {
        Ok(number) if said || by_nhs => Claim::Nhs(number),
        Err(_) if said => Claim::BrokenNhs(value),
        _ => Claim::Local(value),
    })
}

/// The id by which this feed calls a person, out of the ids in one field: the sender's record number (MR), else its
/// internal one (PI), else the first other; where only an NHS number came, that, marked as such.
///
/// # Errors
/// `no-identifier` where none of them can serve.
pub(super) fn local_id(segment: &Segment<'_>, number: usize) -> Result<String, Reason> {
    let rank = |kind: Option<String>| match kind.as_deref().map(str::to_ascii_uppercase).as_deref() {
        Some("MR") => 0,
        Some("PI") => 1,
        // Numbers of the state, an account or a visit: the person's, but hardly how a feed calls them.
        Some("SS" | "DL" | "PPN" | "AN" | "VN") => 3,
        _ => 2,
    };
    let mut best: Option<(u8, String)> = None;
    let mut broken = false;
    for id in segment.field(number).repetitions() {
        let (rank, value) = match claim(id) {
            Some(Claim::Local(value)) => (rank(id.component(5).value()), value),
            Some(Claim::Nhs(number)) => (4, format!("nhs-number-{}", number.as_str())),
            Some(Claim::BrokenNhs(_)) => {
                broken = true;
                continue;
            }
            None => continue,
        };
        if best.as_ref().is_none_or(|(other, _)| rank < *other) {
            best = Some((rank, value));
        }
    }
    let location = segment.location(number);
    best.map(|(_, value)| value).ok_or_else(|| {
        let sentence = if broken {
            format!("The only identifier in {location} is an NHS number whose check digit is wrong, so we cannot tell whose message this is. Correct it, or add the sender's own number, and replay.")
        } else {
            format!("{location} holds no identifier, so we cannot tell whose message this is. Add the sender's own number for the person and replay.")
        };
        Reason::new("no-identifier", sentence).at(location)
    })
}

/// The prior ids that a merge ends: those of the same kind as would have been the local id. Numbers of the state or of
/// a visit are no ids of this feed and end nothing.
pub(super) fn prior_ids(mrg: &Segment<'_>) -> Result<Vec<String>, Reason> {
    let own: Vec<String> = mrg
        .field(1)
        .repetitions()
        .filter(|id| matches!(id.component(5).value().as_deref(), None | Some("MR" | "PI")))
        .filter_map(|id| match claim(id)? {
            Claim::Local(value) => Some(value),
            _ => None,
        })
        .collect();
    if own.is_empty() { Ok(vec![local_id(mrg, 1)?]) } else { Ok(own) }
}

/// The ids of a field as FHIR identifiers. `verification` is what PID-32 says of the NHS number.
pub(super) fn identifiers(segment: &Segment<'_>, number: usize, verification: Option<&str>) -> Vec<Value> {
    segment.field(number).repetitions().filter_map(|id| identifier(id, verification)).collect()
}

fn identifier(id: Repetition<'_>, verification: Option<&str>) -> Option<Value> {
    let mut out = Map::new();
    match claim(id)? {
        Claim::Nhs(number) => {
            put(&mut out, "extension", verification.and_then(verification_status).map(|status| vec![status]));
            put(&mut out, "use", Some("official"));
            put(&mut out, "system", Some(NHS_NUMBER));
            put(&mut out, "value", Some(number.as_str()));
        }
        Claim::BrokenNhs(value) => {
            let note = "Sent as an NHS number, but its check digit is wrong: not a valid NHS number";
            put(&mut out, "type", Some(json!({ "text": note })));
            put(&mut out, "value", Some(value));
        }
        Claim::Local(value) => {
            let kind = id.component(5).value();
            put(&mut out, "use", (kind.as_deref() == Some("MR")).then_some("usual"));
            let system = "http://terminology.hl7.org/CodeSystem/v2-0203";
            put(&mut out, "type", kind.map(|kind| json!({ "coding": [{ "system": system, "code": kind }] })));
            let assigner = id.component(4);
            let system = authority(assigner.subcomponent(1).as_deref(), assigner.subcomponent(2).as_deref());
            put(&mut out, "system", system);
            put(&mut out, "value", Some(value));
            let mut period = Map::new();
            for (key, component) in [("start", 7), ("end", 8)] {
                let text = id.component(component).value();
                put(&mut period, key, text.and_then(|text| time::parse(&text)).map(|moment| moment.date));
            }
            put(&mut out, "period", Some(period));
            put(&mut out, "assigner", id.component(6).subcomponent(1).map(|name| json!({ "display": name })));
        }
    }
    Some(Value::Object(out))
}

/// PID-32 as English senders use it: whether the NHS number was traced (`NSTS01` or `01`: present and verified).
fn verification_status(code: &str) -> Option<Value> {
    let digits = code.trim().to_ascii_uppercase();
    let digits = digits.strip_prefix("NSTS").unwrap_or(&digits);
    let display = match digits {
        "01" => "Number present and verified",
        "02" => "Number present but not traced",
        "03" => "Trace required",
        "04" => "Trace attempted - No match or multiple match found",
        "05" => "Trace needs to be resolved - (NHS number or patient detail conflict)",
        "06" => "Trace in progress",
        "07" => "Number not present and trace not required",
        "08" => "Trace postponed (baby under six weeks old)",
        _ => return None,
    };
    Some(json!({
        "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
        "valueCodeableConcept": { "coding": [{
            "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
            "code": digits,
            "display": display,
        }] },
    }))
}
