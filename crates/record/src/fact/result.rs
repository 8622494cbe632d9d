//! Results and measurements (FHIR Observation) and reports (DiagnosticReport). Digits are shown as they came.

use serde_json::Value;

use super::draft::{all_at, concept_at, concepts_at, displays_at, joined, notes};
use super::{Fact, Kind};
use crate::resource::{concept_text, digits, each, has_code, plain_date, quantity, text, unit};

pub(super) fn observation(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Result, value.get("code"), "Result with no name")
        .when(value, &["effectiveDateTime", "effectiveInstant", "effectivePeriod.start", "issued"])
        .by(value, &["performer"])
        .status(value, "status", &[]);
    let pressure = blood_pressure(value);
    let components = if pressure.is_some() { None } else { components(value) };
    fact.value = measured(value).or(pressure);
    let absent = concept_at(value, "dataAbsentReason").map(|why| format!("no value: {}", why.to_lowercase()));
    let range = each(value, "referenceRange").find_map(range).map(|range| format!("usual range {range}"));
    fact.detail([components, absent, concepts_at(value, "interpretation"), range, notes(value)])
}

/// `value[x]` in words.
fn measured(value: &Value) -> Option<String> {
    if let Some(found) = value.get("valueQuantity").and_then(quantity) {
        return Some(found);
    }
    if let Some(found) = value.get("valueCodeableConcept").and_then(concept_text) {
        return Some(found);
    }
    if let Some(found) = text(value, "valueString").or_else(|| text(value, "valueTime")) {
        return Some(found.to_owned());
    }
    if let Some(found) = text(value, "valueDateTime") {
        return Some(plain_date(found));
    }
    if let Some(found) = value.get("valueBoolean").and_then(Value::as_bool) {
        return Some(if found { "yes" } else { "no" }.to_owned());
    }
    if let Some(found) = value.get("valueInteger").and_then(digits) {
        return Some(found);
    }
    if let Some(range) = value.get("valueRange") {
        return self::range(range);
    }
    let ratio = value.get("valueRatio")?;
    Some(format!("{} : {}", quantity(ratio.get("numerator")?)?, quantity(ratio.get("denominator")?)?))
}

/// `3.5 to 5.3 mmol/L`, or the range's own words.
fn range(range: &Value) -> Option<String> {
    if let Some(words) = text(range, "text") {
        return Some(words.to_owned());
    }
    match (range.get("low"), range.get("high")) {
        (Some(low), Some(high)) if unit(low) == unit(high) => {
            Some(format!("{} to {}", digits(low.get("value")?)?, quantity(high)?))
        }
        (Some(low), Some(high)) => Some(format!("{} to {}", quantity(low)?, quantity(high)?)),
        (Some(low), None) => Some(format!("{} or more", quantity(low)?)),
        (None, Some(high)) => Some(format!("up to {}", quantity(high)?)),
        (None, None) => None,
    }
}

/// Systolic and diastolic as people say them: `120/80 mmHg`.
fn blood_pressure(value: &Value) -> Option<String> {
    let part = |codes: [&str; 2]| {
        let mut components = each(value, "component");
        components.find(|component| {
            component.get("code").is_some_and(|code| codes.iter().any(|wanted| has_code(code, wanted)))
        })
    };
    // LOINC first, then SNOMED CT.
    let systolic = part(["8480-6", "271649006"])?.get("valueQuantity")?;
    let diastolic = part(["8462-4", "271650006"])?.get("valueQuantity")?;
    let numbers = format!("{}/{}", digits(systolic.get("value")?)?, digits(diastolic.get("value")?)?);
    match (unit(systolic), unit(diastolic)) {
        (upper, lower) if upper != lower => None,
        (Some(unit), _) => Some(format!("{numbers} {unit}")),
        (None, _) => Some(numbers),
    }
}

/// Several measurements in one: `Eye response 4, Verbal response 5`.
fn components(value: &Value) -> Option<String> {
    let parts = each(value, "component").filter_map(|component| {
        let named = component.get("code").and_then(concept_text)?;
        Some(measured(component).map_or_else(|| named.clone(), |measured| format!("{named} {measured}")))
    });
    joined(parts, ", ")
}

pub(super) fn report(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Result, value.get("code"), "Report with no name")
        .when(value, &["effectiveDateTime", "effectivePeriod.start", "issued"])
        .by(value, &["resultsInterpreter", "performer"])
        .status(value, "status", &[]);
    fact.value = text(value, "conclusion").map(str::to_owned).or_else(|| concepts_at(value, "conclusionCode"));
    let attached = joined(
        all_at(value, "presentedForm").into_iter().filter_map(|form| text(form, "title")).map(str::to_owned),
        ", ",
    );
    fact.detail([displays_at(value, "result"), attached])
}
