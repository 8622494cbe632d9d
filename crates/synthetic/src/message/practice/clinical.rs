//! What a practice has coded of a person's health, as FHIR resources. What is true but not coded is not here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use crate::event::{Event, Test, What};
use crate::message::Services;
use crate::message::calendar::{days, fhir};
use crate::message::chance::Chance;
use crate::message::coding::{self, CARER, HOMELESS};
use crate::message::identity::Identity;
use crate::person::{Condition, Problem};

use super::{author, subject};

const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
/// How many results the first load has of one person: the latest of each kind.
const RESULTS: usize = 6;

/// True for what a practice hears of in the course of its own work.
pub(super) fn is_of_practice(event: &Event) -> bool {
    match &event.what {
        What::Result { in_hospital, .. } => !in_hospital,
        What::Medicine { .. } | What::Immunisation { .. } | What::Diagnosis { .. } | What::Death => true,
        _ => false,
    }
}

/// Writes one person's resources.
pub(super) struct Writer<'w> {
    pub(super) services: &'w Services,
    pub(super) identity: &'w Identity<'w>,
    /// When the message is put together: nothing later is in it.
    pub(super) at: DateTime,
}

impl Writer<'_> {
    fn draw(&self, about: &str) -> Chance {
        Chance::of(self.services.settings.seed, about).with(u64::from(self.identity.person.number))
    }

    fn author(&self, nurse: bool) -> Value {
        author(self.services, &self.identity.person.practice, self.draw("usual-doctor"), nurse)
    }

    /// The coded problems, and that somebody is a carer or homeless where that is coded. Of these nobody writes when they began, only
    /// when it was written down.
    pub(super) fn problems(&self) -> Vec<Value> {
        let person = self.identity.person;
        let coded = person.problems.iter().filter(|problem| problem.coded && problem.since <= self.at.date());
        let mut out: Vec<Value> = coded.map(|problem| self.problem(problem)).collect();
        if person.carer_coded {
            // Asked about when somebody registers, is seen, or is invited for a flu jab.
            let recorded =
                days(self.services.settings.today, -self.draw("carer").between(20, 6 * 365)).max(person.born);
            out.push(self.situation("carer", CARER, "Gives unpaid care", recorded));
        }
        if let Some(since) = person.homeless.filter(|since| *since <= self.at.date()) {
            out.push(self.situation("homeless", HOMELESS, "Has no home of their own", since));
        }
        out
    }

    fn problem(&self, problem: &Problem) -> Value {
        let coded = coding::condition(problem.condition);
        let since = problem.since;
        // Old problems are known to the year, newer ones to the month or day.
        let onset = match self.draw("onset").with(problem.condition as u64).below(3) {
            _ if since.year() < self.at.year() - 15 => format!("{:04}", since.year()),
            0 => format!("{:04}-{:02}", since.year(), since.month()),
            _ => since.to_string(),
        };
        let mut out = self.condition(problem.condition.slug(), coded.snomed, coded.words);
        if let Some(out) = out.as_object_mut() {
            out.insert("onsetDateTime".to_owned(), onset.into());
        }
        out
    }

    /// How somebody lives, and when it was written down.
    fn situation(&self, key: &str, snomed: &str, words: &str, recorded: Date) -> Value {
        let mut out = self.condition(key, snomed, words);
        if let Some(out) = out.as_object_mut() {
            out.insert("recordedDate".to_owned(), recorded.to_string().into());
        }
        out
    }

    fn condition(&self, key: &str, snomed: &str, words: &str) -> Value {
        let mut out = json!({
            "resourceType": "Condition", "id": format!("{}-condition-{}", self.identity.local, key),
            "clinicalStatus": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
            }] },
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "problem-list-item",
            }] }],
            "code": { "coding": [{ "system": SNOMED, "code": snomed }], "text": words },
            "subject": subject(self.identity),
        });
        if let Some(out) = out.as_object_mut() {
            out.insert("recorder".to_owned(), self.author(false));
        }
        out
    }

    /// An allergy, for some.
    pub(super) fn allergy(&self) -> Option<Value> {
        let draw = self.draw("allergy");
        let (snomed, words) = coding::allergy(draw)?;
        Some(json!({
            "resourceType": "AllergyIntolerance", "id": format!("{}-allergy-1", self.identity.local),
            "clinicalStatus": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active",
            }] },
            "code": { "coding": [{ "system": SNOMED, "code": snomed }], "text": words },
            "patient": subject(self.identity),
            "recordedDate": format!("{:04}", self.at.year() - 1 - i16::try_from(draw.and("year").below(20)).unwrap_or(0)),
        }))
    }

    /// What is on repeat: for each coded problem its usual medicine, for some the second one too, and what was begun lately.
    pub(super) fn repeats(&self, events: &[Event]) -> Vec<Value> {
        let mut on: BTreeSet<(Condition, usize)> = BTreeSet::new();
        let coded = self.identity.person.problems.iter().filter(|problem| problem.coded);
        for problem in coded.filter(|problem| problem.since < self.at.date()) {
            let draw = self.draw("repeat").with(problem.condition as u64);
            let known = coding::condition(problem.condition).medicines.len();
            let first = draw.below(known.max(1) as u64) as usize;
            if known > 0 && draw.and("any").happens(0.85) {
                on.insert((problem.condition, first));
            }
            if known > 1 && draw.and("both").happens(0.35) {
                on.insert((problem.condition, (first + 1) % known));
            }
        }
        for event in events {
            if let What::Medicine { condition, choice } = event.what {
                on.extend(chosen(condition, choice).map(|at| (condition, at)));
            }
        }
        on.into_iter().filter_map(|(condition, at)| self.medicine(condition, at)).collect()
    }

    fn medicine(&self, condition: Condition, at: usize) -> Option<Value> {
        let (medicine, how) = coding::condition(condition).medicines.get(at)?;
        let draw = self.draw("issued").with(condition as u64).with(at as u64);
        let issued = days(self.at.date(), -draw.between(1, 50));
        Some(json!({
            "resourceType": "MedicationRequest",
            "id": format!("{}-medicine-{}-{at}", self.identity.local, condition.slug()),
            "status": "active", "intent": "order",
            "medicationCodeableConcept": { "text": medicine },
            "subject": subject(self.identity),
            "authoredOn": issued.to_string(),
            "requester": self.author(false),
            "reasonCode": [{ "text": coding::condition(condition).words }],
            "dosageInstruction": [{ "text": how }],
        }))
    }

    /// The latest of each kind of result, as many as a summary has.
    pub(super) fn latest_results(&self, events: &[Event]) -> Vec<Value> {
        let mut latest: BTreeMap<u8, &Event> = BTreeMap::new();
        for event in events.iter().filter(|event| event.at < self.at) {
            if let What::Result { test, in_hospital: false, .. } = event.what {
                let kept = latest.entry(test as u8).or_insert(event);
                if kept.at < event.at {
                    *kept = event;
                }
            }
        }
        latest.into_values().take(RESULTS).filter_map(|event| self.of_event(event)).collect()
    }

    /// The immunisations of the window.
    pub(super) fn immunisations(&self, events: &[Event]) -> Vec<Value> {
        let given = events.iter().filter(|event| event.at < self.at && matches!(event.what, What::Immunisation { .. }));
        given.filter_map(|event| self.of_event(event)).collect()
    }

    /// The resource for something that happened, where the practice has one for it.
    pub(super) fn of_event(&self, event: &Event) -> Option<Value> {
        match &event.what {
            What::Result { test, value, second, .. } => Some(self.result(event, *test, *value, *second)),
            What::Medicine { condition, choice } => self.medicine(*condition, chosen(*condition, *choice)?),
            What::Diagnosis { condition } => {
                let problem = Problem { condition: *condition, since: event.at.date(), coded: true };
                Some(self.problem(&problem))
            }
            What::Immunisation { vaccine } => Some(json!({
                "resourceType": "Immunization", "id": format!("{}-immunisation-{:X}", self.identity.local, event.number),
                "status": "completed",
                "vaccineCode": { "text": vaccine },
                "patient": subject(self.identity),
                "occurrenceDateTime": event.at.date().to_string(),
                "primarySource": true,
            })),
            _ => None,
        }
    }

    fn result(&self, event: &Event, test: Test, value: f64, second: Option<f64>) -> Value {
        let measured = coding::measurement(test);
        let quantity = |value: f64| {
            let digits = measured.digits;
            let number: Value = serde_json::from_str(&format!("{value:.digits$}")).unwrap_or(Value::Null);
            json!({ "value": number, "unit": measured.unit, "system": UCUM, "code": measured.ucum })
        };
        let mut out = json!({
            "resourceType": "Observation", "id": format!("{}-observation-{:X}", self.identity.local, event.number),
            "status": "final",
            "code": { "coding": [{ "system": LOINC, "code": measured.loinc }], "text": measured.words },
            "subject": subject(self.identity),
            "effectiveDateTime": fhir(event.at, &self.services.zone),
            "performer": [self.author(true)],
        });
        if let Some(out) = out.as_object_mut() {
            match (test, second) {
                (Test::BloodPressure, Some(diastolic)) => {
                    let part = |code: &str, words: &str, value: f64| {
                        json!({
                            "code": { "coding": [{ "system": LOINC, "code": code }], "text": words },
                            "valueQuantity": quantity(value),
                        })
                    };
                    let both = vec![part("8480-6", "Systolic", value), part("8462-4", "Diastolic", diastolic)];
                    out.insert("component".to_owned(), both.into());
                }
                _ => {
                    out.insert("valueQuantity".to_owned(), quantity(value));
                }
            }
        }
        out
    }
}

/// Which of a condition's medicines a choice means.
fn chosen(condition: Condition, choice: u8) -> Option<usize> {
    usize::from(choice).checked_rem(coding::condition(condition).medicines.len())
}
