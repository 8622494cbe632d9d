//! Allergies and intolerances, and the statement that none is known (FHIR AllergyIntolerance). Where a source says none
//! is known it must be plain that this is a statement, not the absence of one.

use serde_json::Value;

use super::draft::{concepts_at, joined, notes, plain_status};
use super::{Fact, Kind};
use crate::resource::{SNOMED, code, each, text};

/// What a source means by "none known".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoneKnown {
    /// No allergy of any sort.
    Any,
    /// No allergy to a medicine.
    Medicines,
}

/// How grave, in the words of the second line. Two sources are compared by them.
pub const RISKS: [(&str, &str); 3] =
    [("high", "high risk"), ("low", "low risk"), ("unable-to-assess", "risk could not be judged")];

/// If this allergy line is the statement that none is known, of which sort.
#[must_use]
pub fn none_known(fact: &Fact) -> Option<NoneKnown> {
    let code = fact.code.as_deref().and_then(|code| code.strip_prefix(SNOMED)?.strip_prefix('|'));
    match code {
        Some("716186003") => return Some(NoneKnown::Any),
        Some("409137002") => return Some(NoneKnown::Medicines),
        _ => {}
    }
    let title = fact.title.trim().trim_end_matches('.').to_lowercase();
    let none = ["no known ", "nil known ", "none known"].iter().any(|start| title.starts_with(start));
    match title.as_str() {
        "nka" | "no known allergy" | "no known allergies" | "none known" | "nil known" | "no allergies" => {
            Some(NoneKnown::Any)
        }
        "nkda" => Some(NoneKnown::Medicines),
        _ if none && title.contains("allerg") && (title.contains("drug") || title.contains("medic")) => {
            Some(NoneKnown::Medicines)
        }
        _ => None,
    }
}

/// How grave this line says the allergy is: one of the words of [`RISKS`].
#[must_use]
pub fn risk(fact: &Fact) -> Option<&'static str> {
    let detail = fact.detail.as_deref()?;
    RISKS.iter().map(|(_, words)| *words).find(|words| detail.split("; ").any(|part| part == *words))
}

/// True if this line is about food or surroundings only, so that "no known medicine allergy" does not speak of it.
#[must_use]
pub fn is_no_medicine(fact: &Fact) -> bool {
    fact.detail.as_deref().is_some_and(|detail| detail.split("; ").any(|part| matches!(part, "food" | "environment")))
}

pub(super) fn intolerance(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Allergy, value.get("code"), "")
        .when(value, &["onsetDateTime", "onsetPeriod.start", "recordedDate", "lastOccurrence"])
        .by(value, &["recorder", "asserter"]);
    if fact.title.is_empty() {
        // Some systems name the substance only where they describe the reaction.
        fact.title =
            concepts_at(value, "reaction.substance").unwrap_or_else(|| "Allergy with no substance named".to_owned());
    }
    let clinical = value.get("clinicalStatus").and_then(code);
    fact.active = clinical.is_none_or(|clinical| clinical == "active");
    fact.status = clinical.map(plain_status);
    if let Some(doubt @ ("entered-in-error" | "refuted")) = value.get("verificationStatus").and_then(code) {
        fact.active = false;
        fact.status = Some(plain_status(doubt));
    }
    let criticality = text(value, "criticality");
    let risk = RISKS.iter().find(|(known, _)| criticality == Some(*known)).map(|(_, words)| (*words).to_owned());
    let mut parts = vec![risk, concepts_at(value, "reaction.manifestation")];
    parts.push(joined(
        each(value, "reaction").filter_map(|reaction| text(reaction, "severity")).map(str::to_owned),
        ", ",
    ));
    parts.extend(each(value, "category").map(|category| category.as_str().map(plain_status)));
    parts.push(text(value, "type").filter(|sort| *sort == "intolerance").map(str::to_owned));
    parts.push(notes(value));
    fact.detail(parts)
}
