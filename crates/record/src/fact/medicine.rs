//! Medicines: ordered, stated, dispensed or given. The second line is the dose alone, so that sources can be compared.

use serde_json::Value;

use super::draft::{all_at, concept_at, concepts_at, joined, plain_status};
use super::{Fact, Kind};
use crate::resource::{concept_text, digits, each, quantity, text};

pub(super) fn medicine(resource_type: &str, value: &Value) -> Fact {
    let concept = value.get("medicationCodeableConcept").or_else(|| contained(value)?.get("code"));
    let mut fact = Fact::coded(Kind::Medicine, concept, "");
    if fact.title.is_empty() {
        let named = value.get("medicationReference").and_then(|reference| text(reference, "display"));
        fact.title = named.unwrap_or("Medicine with no name").to_owned();
    }
    // To dispense or to give is an event; only an order or a statement stands.
    let standing: &[&str] = match resource_type {
        "MedicationRequest" => &["active"],
        "MedicationStatement" => &["active", "intended"],
        "MedicationAdministration" => &["in-progress"],
        _ => &[],
    };
    let dose = all_at(value, "dosageInstruction").into_iter().chain(each(value, "dosage")).filter_map(dosage);
    let mut fact = fact
        .when(
            value,
            &[
                "authoredOn",
                "effectiveDateTime",
                "effectivePeriod.start",
                "whenHandedOver",
                "whenPrepared",
                "dateAsserted",
            ],
        )
        .by(value, &["requester", "informationSource", "performer.actor", "recorder"])
        .status(value, "status", standing)
        .detail([joined(dose, "; ")]);
    if matches!(text(value, "intent"), Some("proposal" | "plan" | "option")) {
        fact.active = false;
        fact.status = Some("proposed".to_owned());
    }
    if resource_type == "MedicationDispense" && fact.status.as_deref() == Some("completed") {
        fact.status = Some("dispensed".to_owned());
    }
    if resource_type == "MedicationAdministration" && fact.status.as_deref() == Some("completed") {
        fact.status = Some("given".to_owned());
    }
    if resource_type != "MedicationRequest" {
        fact.value = value.get("quantity").and_then(quantity);
    }
    if let (Some(status), Some(reason)) = (&fact.status, concept_at(value, "statusReason")) {
        fact.status = Some(format!("{status}: {}", plain_status(&reason)));
    }
    fact
}

/// The medicine carried inside the resource.
fn contained(value: &Value) -> Option<&Value> {
    let id = text(value.get("medicationReference")?, "reference")?.strip_prefix('#')?;
    each(value, "contained").find(|item| text(item, "id") == Some(id))
}

/// One dosage in words: its text, else its parts.
fn dosage(dosage: &Value) -> Option<String> {
    if let Some(words) = text(dosage, "text").or_else(|| text(dosage, "patientInstruction")) {
        return Some(words.to_owned());
    }
    let dose = all_at(dosage, "doseAndRate.doseQuantity").into_iter().chain(each(dosage, "dose")).find_map(quantity);
    let timing = dosage.get("timing");
    let often = timing.and_then(|timing| timing.get("code")).and_then(concept_text);
    let repeat = timing.and_then(|timing| timing.get("repeat")).and_then(repeat);
    let needed =
        dosage.get("asNeededBoolean").and_then(Value::as_bool).unwrap_or(false).then(|| "as needed".to_owned());
    let parts = [dose, often.or(repeat), concepts_at(dosage, "route"), needed];
    joined(parts.into_iter().flatten(), ", ")
}

/// `2 times every 1 d`, from the digits as they came.
fn repeat(repeat: &Value) -> Option<String> {
    let frequency = digits(repeat.get("frequency")?)?;
    let period = digits(repeat.get("period")?)?;
    let named = match text(repeat, "periodUnit")? {
        "h" => "hours",
        "d" => "days",
        "wk" => "weeks",
        "mo" => "months",
        "min" => "minutes",
        "a" => "years",
        _ => return None,
    };
    let times = if frequency == "1" { "once".to_owned() } else { format!("{frequency} times") };
    Some(if period == "1" {
        format!("{times} every {}", named.trim_end_matches('s'))
    } else {
        format!("{times} every {period} {named}")
    })
}
