//! What a resource says in codes: from one resource to events of the population's columns, each with its day, its value and where
//! it comes from. A function of the resource alone, so that building all anew and keeping in step give the same. Must not guess:
//! what cannot be used is counted with its reason.

use jiff::Timestamp;
use jiff::civil::Date;
use population::code::System;
use population::day::Day;
use record::resource::{FhirDate, concept_text, date, digits, each, text};
use record::whole::Said;
use serde_json::Value;
use uuid::Uuid;

use crate::left::{LeftOut, Reason};

/// The day of what stands and has no date: before every look-back.
pub const UNDATED: Day = Day(1);

/// One coded thing that happened to somebody.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub struct Coded {
    /// The system of the code.
    pub system: System,
    /// The code as rules compare it.
    pub code: String,
    /// The day; [`UNDATED`] for what stands without one.
    pub day: Day,
    /// What was measured.
    pub value: Option<f32>,
    /// Its unit as the rules write it; empty where none was given.
    pub unit: String,
    /// The feed that says it, or `care` for what was done here.
    pub source: String,
    /// The resource, or the stream of what was done here.
    pub record: Uuid,
}

/// What the house's own words are for things that have no code of a terminology; rules name them as `local`.
pub mod local {
    /// An emergency attendance, an emergency admission, or a two-hour response.
    pub const URGENT_CONTACT: &str = "urgent-contact";
    /// A fall: told to the falls service, or the reason of an emergency attendance in words.
    pub const FALL: &str = "fall";
    /// More than an hour on the floor.
    pub const LONG_LIE: &str = "long-lie";
}

/// Everything that a resource says in codes.
#[must_use]
pub fn of(said: &Said, left: &mut LeftOut) -> Vec<Coded> {
    let value = said.value.as_ref();
    if let Some(reason) = unusable(said, value) {
        left.count(reason);
        return Vec::new();
    }
    let day = match day(&said.kind, value, said.arrived) {
        Ok(day) => day,
        // A problem or an alert stands until somebody says otherwise, whenever it began.
        Err(Reason::NoDate) if matches!(said.kind.as_str(), "Condition" | "Flag") => {
            left.count(Reason::Undated);
            UNDATED
        }
        Err(reason) => {
            left.count(reason);
            return Vec::new();
        }
    };
    let mut taking = Taking { said, day, left, found: Vec::new() };
    taking.resource(value);
    if said.kind == "Condition" {
        taking.ending(value);
    }
    let mut found = taking.found;
    // One thing may be coded twice in one resource; it happened once.
    found.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    found.dedup();
    found
}

fn unusable(said: &Said, value: &Value) -> Option<Reason> {
    if said.guarded {
        return Some(Reason::Guarded);
    }
    let verified = value.get("verificationStatus").and_then(record::resource::code);
    let status = text(value, "status").unwrap_or_default();
    match (said.kind.as_str(), status, verified) {
        (_, "entered-in-error", _) | (_, _, Some("entered-in-error")) => Some(Reason::Mistake),
        (_, _, Some("refuted")) => Some(Reason::Refuted),
        ("Encounter" | "EpisodeOfCare", "planned" | "cancelled" | "waitlist", _)
        | ("Procedure", "preparation" | "not-done", _)
        | ("MedicationRequest", "draft" | "cancelled", _)
        | ("MedicationStatement", "not-taken" | "intended", _)
        | ("MedicationDispense", "preparation" | "cancelled" | "declined", _)
        | ("Immunization", "not-done", _)
        | ("Observation" | "DiagnosticReport", "registered" | "cancelled", _) => Some(Reason::NotDone),
        ("Flag", "inactive", _) => Some(Reason::Over),
        _ => None,
    }
}

/// Where each type says when it was, the best first.
fn times(kind: &str) -> &'static [&'static str] {
    match kind {
        "Condition" => &["onsetDateTime", "onsetPeriod.start", "recordedDate"],
        "Observation" | "DiagnosticReport" => {
            &["effectiveDateTime", "effectiveInstant", "effectivePeriod.start", "issued"]
        }
        "MedicationRequest" => &["authoredOn"],
        "MedicationStatement" => &["effectiveDateTime", "effectivePeriod.start", "dateAsserted"],
        "MedicationDispense" => &["whenHandedOver", "whenPrepared"],
        "Procedure" => &["performedDateTime", "performedPeriod.start"],
        "Immunization" => &["occurrenceDateTime", "recorded"],
        "Encounter" | "Flag" | "EpisodeOfCare" => &["period.start"],
        _ => &[],
    }
}

fn day(kind: &str, value: &Value, arrived: Timestamp) -> Result<Day, Reason> {
    let at = |path: &&str| match path.split_once('.') {
        Some((key, inner)) => text(value.get(key)?, inner),
        None => text(value, path),
    };
    let written = times(kind).iter().find_map(at).ok_or(Reason::NoDate)?;
    let date = on(written).ok_or(Reason::BadDate)?;
    if date > date::london(arrived).date() {
        return Err(Reason::Future);
    }
    // The first day of the columns means "no date given".
    Day::of(date).filter(|day| *day > UNDATED).ok_or(Reason::BadDate)
}

/// The day of a FHIR date on the clocks of the place; a part of a date is taken at its beginning.
fn on(written: &str) -> Option<Date> {
    Some(date::london(FhirDate::parse(written)?.timestamp()?).date())
}

struct Taking<'a> {
    said: &'a Said,
    day: Day,
    left: &'a mut LeftOut,
    found: Vec<Coded>,
}

impl Taking<'_> {
    fn resource(&mut self, value: &Value) {
        match self.said.kind.as_str() {
            "Observation" => self.observation(value),
            "MedicationRequest" | "MedicationStatement" | "MedicationDispense" => self.medicine(value),
            "Encounter" => self.encounter(value),
            "Immunization" => self.concepts(value, "vaccineCode"),
            "EpisodeOfCare" => self.concepts(value, "type"),
            "DiagnosticReport" => ["code", "conclusionCode"].into_iter().for_each(|key| self.concepts(value, key)),
            _ => self.concepts(value, "code"),
        }
    }

    /// What the source says of a problem's end. That it is resolved takes nothing back: what was recorded was so. Since a day that it
    /// names the problem is over, and that is a word of its own on that day, for rules that ask how somebody lives now.
    fn ending(&mut self, value: &Value) {
        let status = value.get("clinicalStatus").and_then(record::resource::code);
        if self.found.is_empty() || !matches!(status, Some("resolved" | "inactive" | "remission")) {
            return;
        }
        let written = text(value, "abatementDateTime")
            .or_else(|| value.get("abatementPeriod").and_then(|period| text(period, "end")))
            .filter(|_| status == Some("resolved"));
        let over =
            written.and_then(on).filter(|over| *over <= date::london(self.said.arrived).date()).and_then(Day::of);
        let Some(over) = over.filter(|over| *over > UNDATED) else {
            self.left.count(Reason::Quiet);
            return;
        };
        self.left.count(Reason::Ended);
        self.day = over;
        for at in 0..self.found.len() {
            let word = self.found[at].system.over(&self.found[at].code);
            self.local(&word);
        }
    }

    fn push(&mut self, system: System, code: String, measured: (Option<f32>, String)) {
        let (value, unit) = measured;
        let (day, source, record) = (self.day, self.said.feed.clone(), self.said.id);
        self.found.push(Coded { system, code, day, value, unit, source, record });
    }

    fn local(&mut self, word: &str) {
        self.push(System::Local, word.to_owned(), (None, String::new()));
    }

    /// Every concept under a key, one or many.
    fn concepts(&mut self, value: &Value, key: &str) {
        for concept in each(value, key) {
            self.concept(concept, &(None, String::new()), usize::MAX);
        }
    }

    /// The codings of a concept whose system is known, at most so many of them.
    fn concept(&mut self, concept: &Value, measured: &(Option<f32>, String), most: usize) {
        let before = self.found.len();
        let (mut codings, mut reasons) = (0, Vec::new());
        for coding in each(concept, "coding") {
            let Some(code) = text(coding, "code") else { continue };
            codings += 1;
            if self.found.len() - before >= most {
                break;
            }
            let system = text(coding, "system");
            match system.map(System::named) {
                None => reasons.push(Reason::NoSystem),
                Some(None) => reasons.push(Reason::UnknownSystem(system.unwrap_or_default().to_owned())),
                Some(Some(system)) => match system.clean(code) {
                    Ok(clean) => self.push(system, clean, measured.clone()),
                    Err(_) => reasons.push(Reason::NoCode(system.word().to_owned())),
                },
            }
        }
        if codings == 0 && concept_text(concept).is_some() {
            reasons.push(Reason::WordsAlone);
        }
        // A translation into a system of the source's own loses nothing where another coding of the same concept was used.
        if self.found.len() == before {
            reasons.into_iter().for_each(|reason| self.left.count(reason));
        }
    }

    fn observation(&mut self, value: &Value) {
        let measured = self.measured(value);
        let nothing = Value::Null;
        self.concept(value.get("code").unwrap_or(&nothing), &measured, usize::MAX);
        self.concepts(value, "valueCodeableConcept");
        for component in each(value, "component") {
            let measured = self.measured(component);
            self.concept(component.get("code").unwrap_or(&nothing), &measured, usize::MAX);
            self.concepts(component, "valueCodeableConcept");
        }
    }

    /// The number and the unit of an observation or a part of one. A bound (`< 5`) is no number.
    fn measured(&mut self, value: &Value) -> (Option<f32>, String) {
        let none = (None, String::new());
        let Some(quantity) = value.get("valueQuantity") else {
            let whole = value.get("valueInteger").and_then(digits).and_then(|digits| digits.parse().ok());
            return (whole, String::new());
        };
        let number = quantity.get("value").and_then(digits).and_then(|digits| digits.parse::<f32>().ok());
        match number.filter(|number| number.is_finite() && text(quantity, "comparator").is_none()) {
            Some(number) => {
                let unit = text(quantity, "code").or_else(|| text(quantity, "unit")).unwrap_or_default();
                (Some(number), population::unit::usual(unit).to_owned())
            }
            None => {
                self.left.count(Reason::NoNumber);
                none
            }
        }
    }

    /// A medicine counts once, by the first code that is known: rules count different medicines by their codes.
    fn medicine(&mut self, value: &Value) {
        let contained = value.get("medicationReference").and_then(|reference| {
            let id = text(reference, "reference")?.strip_prefix('#')?;
            each(value, "contained").find(|one| text(one, "id") == Some(id))?.get("code")
        });
        match value.get("medicationCodeableConcept").or(contained) {
            Some(concept) => self.concept(concept, &(None, String::new()), 1),
            None => self.left.count(Reason::ByReference),
        }
    }

    fn encounter(&mut self, value: &Value) {
        ["type", "reasonCode"].into_iter().for_each(|key| self.concepts(value, key));
        let coded = |key: &str| value.get(key).and_then(record::resource::code).unwrap_or_default();
        let is_emergency = coded("class") == "EMER";
        if is_emergency || matches!(coded("class"), "IMP" | "ACUTE") && coded("priority") == "EM" {
            self.local(local::URGENT_CONTACT);
        }
        let words: Vec<String> = each(value, "reasonCode").filter_map(concept_text).collect();
        if is_emergency && words.iter().any(|words| record::worklist::is_fall(words)) {
            self.local(local::FALL);
        }
    }
}

#[cfg(test)]
mod tests;
