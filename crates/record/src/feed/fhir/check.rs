//! Checks of one resource before it is kept: dates that are no dates, and shapes that only another version of FHIR has.
//! It is no validator: what does no harm to the record passes.

use serde_json::Value;

use crate::feed::Reason;
use crate::resource::FhirDate;

/// Refuses the first date element whose text is no FHIR date. `at` is the path to the resource, with its dot.
pub(super) fn dates(value: &Value, at: &str) -> Result<(), Reason> {
    let mut path = Vec::new();
    let Err(key) = walk(value, &mut path) else { return Ok(()) };
    let mut place = at.to_owned();
    for step in path.into_iter().rev() {
        place.push_str(&step);
    }
    place.push_str(key);
    let sentence = format!(
        "{place} is not a date as FHIR writes it; write it like 1938, 1938-03, 1938-03-14{}.",
        if key == "birthDate" { " (a birth date has no time)" } else { " or 2026-03-31T14:05:00+01:00" }
    );
    Err(Reason::new("bad-date", sentence).at(place))
}

/// Looks into every element; on the way out of a failure collects the path, innermost first.
fn walk<'a>(value: &'a Value, path: &mut Vec<String>) -> Result<(), &'a str> {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                match inner {
                    Value::String(text) if is_date(key) && !sound(key, text) => return Err(key),
                    Value::Object(_) => walk(inner, path).inspect_err(|_| path.push(format!("{key}.")))?,
                    Value::Array(items) => {
                        for (index, item) in items.iter().enumerate() {
                            walk(item, path).inspect_err(|_| path.push(format!("{key}[{index}].")))?;
                        }
                    }
                    _ => {}
                }
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, path)),
        _ => Ok(()),
    }
}

/// True for the elements that FHIR R4 types as date, dateTime or instant.
fn is_date(key: &str) -> bool {
    key.ends_with("DateTime")
        || key.ends_with("Date")
        || matches!(
            key,
            "authoredOn"
                | "issued"
                | "created"
                | "started"
                | "ended"
                | "date"
                | "sent"
                | "received"
                | "recorded"
                | "lastUpdated"
                | "lastModified"
                | "lastOccurrence"
                | "effectiveInstant"
                | "whenPrepared"
                | "whenHandedOver"
                | "dateWritten"
                | "dateAsserted"
                | "start"
                | "end"
        )
}

fn sound(key: &str, text: &str) -> bool {
    FhirDate::parse(text).is_some_and(|date| key != "birthDate" || !date.has_time())
}

/// Refuses what is shaped as only another version of FHIR shapes it, where reading it as R4 would misread it.
pub(super) fn version(resource_type: &str, value: &Value, at: &str) -> Result<(), Reason> {
    let is = |key: &str, shape: fn(&Value) -> bool| value.get(key).is_some_and(shape);
    let (key, which) = match resource_type {
        "Condition" | "AllergyIntolerance" if is("clinicalStatus", Value::is_string) => ("clinicalStatus", "STU3"),
        "Encounter" if is("class", Value::is_array) => ("class", "R5"),
        "Encounter" if is("actualPeriod", Value::is_object) => ("actualPeriod", "R5"),
        "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration"
            if is("medication", Value::is_object) =>
        {
            ("medication", "R5")
        }
        "CarePlan" if is("addresses", first_has_concept) => ("addresses", "R5"),
        "Procedure" if is("context", Value::is_object) => ("context", "STU3"),
        "Observation" if is("context", Value::is_object) => ("context", "STU3"),
        _ => return Ok(()),
    };
    let sentence =
        format!("{at}{key} is written as in FHIR {which}, and this feed is read as FHIR R4; send the R4 form.");
    Err(Reason::new("wrong-fhir", sentence).at(format!("{at}{key}")))
}

/// R5 wraps a reference as `{concept, reference: {reference}}`.
fn first_has_concept(value: &Value) -> bool {
    value
        .get(0)
        .is_some_and(|item| item.get("concept").is_some() || item.get("reference").is_some_and(Value::is_object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_place_of_a_bad_date_is_exact() {
        let value = json!({"period": {"start": "2020-01-01"}, "name": [{}, {"period": {"end": "soon"}}]});
        let reason = dates(&value, "entry[4].resource.").unwrap_err();
        assert_eq!(reason.location.as_deref(), Some("entry[4].resource.name[1].period.end"));
        assert!(!reason.sentence.contains("soon"), "what a source wrote is not repeated");
    }

    #[test]
    fn birth_dates_have_no_time_and_numbers_are_no_dates() {
        assert!(dates(&json!({"birthDate": "1938-03-14T00:00:00Z"}), "").is_err());
        assert!(dates(&json!({"birthDate": "1938"}), "").is_ok());
        assert!(dates(&json!({"start": 4, "end": {"value": 3}}), "").is_ok());
    }

    #[test]
    fn shapes_of_other_versions_are_refused() {
        assert!(version("Condition", &json!({"clinicalStatus": "active"}), "").is_err());
        assert!(version("Encounter", &json!({"class": [{"coding": []}]}), "").is_err());
        assert!(version("Encounter", &json!({"class": {"code": "AMB"}}), "").is_ok());
        assert!(version("MedicationRequest", &json!({"medication": {"concept": {}}}), "").is_err());
    }
}
