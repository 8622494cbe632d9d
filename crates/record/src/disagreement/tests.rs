//! What counts as a disagreement, what must not, and that order changes nothing.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::fact::derive;
use crate::resource::NHS_NUMBER;

/// What each source says, as resources.
fn between(said: &[(&str, Value)]) -> Vec<Disagreement> {
    let at = Timestamp::UNIX_EPOCH;
    let mut people = Vec::new();
    let mut facts = Vec::new();
    for (source, value) in said {
        let name = value["resourceType"].as_str().unwrap();
        if name == "Patient" {
            people.push((*source, Demographics::from_patient(value)));
        } else {
            facts.push((*source, derive(name, value).unwrap()));
        }
    }
    let people: Vec<_> = people.iter().map(|(source, says)| Told { source, says, as_of: None, arrived: at }).collect();
    let facts: Vec<_> = facts.iter().map(|(source, says)| Told { source, says, as_of: None, arrived: at }).collect();
    disagreements(&people, &facts)
}

fn shown(found: &[Disagreement]) -> Vec<String> {
    let side = |side: &Side| format!("{}: {}", side.source, side.says);
    found
        .iter()
        .map(|one| format!("{} [{}]", one.about, one.sides.iter().map(side).collect::<Vec<_>>().join(" / ")))
        .collect()
}

fn patient(extra: &Value) -> Value {
    let mut patient = json!({"resourceType": "Patient"});
    patient.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    patient
}

fn allergy(title: &str, criticality: &str) -> Value {
    json!({"resourceType": "AllergyIntolerance", "code": {"text": title}, "criticality": criticality,
        "clinicalStatus": {"coding": [{"code": "active"}]}})
}

fn problem(code: &str, title: &str, status: &str) -> Value {
    json!({"resourceType": "Condition", "code": {"coding": [{"system": "s", "code": code}], "text": title},
        "clinicalStatus": {"coding": [{"code": status}]}})
}

fn medicine(title: &str, status: &str, dose: &str, on: &str) -> Value {
    json!({"resourceType": "MedicationRequest", "status": status, "authoredOn": on,
        "medicationCodeableConcept": {"text": title}, "dosageInstruction": [{"text": dose}]})
}

#[test]
fn each_aspect_of_the_person_is_told() {
    let gp = patient(&json!({
        "identifier": [{"system": NHS_NUMBER, "value": "9990001006"}], "name": [{"family": "Ashworth", "given": ["Margaret"]}],
        "birthDate": "1938-03-14", "gender": "female", "deceasedBoolean": false,
        "address": [{"line": ["12 Cotton Weaver Row"], "postalCode": "SK6 6XX"}]}));
    let hospital = patient(&json!({
        "identifier": [{"system": NHS_NUMBER, "value": "9990002371"}], "name": [{"family": "Ashcroft", "given": ["Margaret"]}],
        "birthDate": "1938-03-15", "gender": "male", "deceasedDateTime": "2026-10-01",
        "address": [{"line": ["1 Other Street"], "postalCode": "SK1 1XX"}]}));
    let found = between(&[("hospital", hospital), ("gp", gp)]);
    assert_eq!(
        shown(&found),
        [
            "NHS number [gp: 999 000 1006 / hospital: 999 000 2371]",
            "Death [gp: alive / hospital: died 1 October 2026]",
            "Name [gp: Margaret Ashworth / hospital: Margaret Ashcroft]",
            "Birth date [gp: 14 March 1938 / hospital: 15 March 1938]",
            "Sex [gp: female / hospital: male]",
            "Address [gp: 12 Cotton Weaver Row, SK6 6XX / hospital: 1 Other Street, SK1 1XX]",
        ]
    );
}

#[test]
fn another_way_of_writing_or_saying_less_is_no_disagreement() {
    let whole = patient(
        &json!({"name": [{"family": "O'Brien-Khan", "given": ["Siân"]}], "birthDate": "1961-07-29", "gender": "female",
        "address": [{"line": ["4 Bobbin Court"], "postalCode": "SK4 4XX"}], "deceasedDateTime": "2026-10-01T10:00:00Z"}),
    );
    for other in [
        json!({}),
        json!({"name": [{"family": "OBRIEN KHAN", "given": ["SIAN"]}], "address": [{"line": ["4, bobbin ct"], "postalCode": "sk44xx"}]}),
        json!({"name": [{"family": "O’Brien-Khan", "given": ["S"]}], "birthDate": "1961", "gender": "unknown", "deceasedBoolean": true}),
        json!({"name": [{"use": "old", "family": "Price", "given": ["Siân"]}], "deceasedDateTime": "2026-10"}),
    ] {
        let found = between(&[("gp", whole.clone()), ("hospital", patient(&other))]);
        assert_eq!(shown(&found), Vec::<String>::new());
    }
}

#[test]
fn one_source_does_not_disagree_with_itself() {
    let named = |family: &str| patient(&json!({"name": [{"family": family}]}));
    assert!(between(&[("gp", named("Ashworth")), ("gp", named("Hyde"))]).is_empty());
    assert!(between(&[("gp", allergy("No known allergies", "")), ("gp", allergy("Latex", "low"))]).is_empty());
}

#[test]
fn a_withheld_address_is_not_told() {
    let at = |line: &str, code: &str| patient(&json!({"address": [{"line": [line], "postalCode": code}]}));
    let mut hidden = at("9 Safe Street", "SK9 9XX");
    hidden["meta"] = json!({"security": [{"code": "R"}]});
    let found = between(&[("gp", at("1 Old Street", "SK1 1XX")), ("hospital", hidden)]);
    assert!(!shown(&found).concat().contains("Safe Street"));
    assert_eq!(found.len(), 1);
}

#[test]
fn none_known_here_and_some_there() {
    let found = between(&[("gp", allergy("No known allergies", "")), ("hospital", allergy("Penicillin", "high"))]);
    assert_eq!(shown(&found), ["Allergies [gp: No known allergies / hospital: Penicillin]"]);
    assert!(between(&[("gp", allergy("No known allergies", "")), ("hospital", allergy("NKDA", ""))]).is_empty());
    let mut food = allergy("Nuts", "high");
    food["category"] = json!(["food"]);
    assert!(between(&[("gp", allergy("NKDA", "")), ("hospital", food)]).is_empty());
}

#[test]
fn the_same_substance_with_another_risk() {
    let found = between(&[("gp", allergy("Penicillin", "low")), ("hospital", allergy("PENICILLIN", "high"))]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].sides[1].says, "active, high risk");
    assert!(between(&[("gp", allergy("Penicillin", "")), ("hospital", allergy("Penicillin", "high"))]).is_empty());
}

#[test]
fn a_problem_that_stands_here_and_ended_there() {
    let found =
        between(&[("gp", problem("1", "Asthma", "active")), ("hospital", problem("1", "Asthma attack", "resolved"))]);
    assert_eq!(shown(&found), ["Asthma [gp: active / hospital: resolved]"]);
    let again = [
        ("gp", problem("1", "Asthma", "active")),
        ("hospital", problem("1", "Asthma", "resolved")),
        ("hospital", problem("1", "Asthma", "active")),
    ];
    assert!(between(&again).is_empty(), "it came back");
}

#[test]
fn a_medicine_current_here_and_stopped_there_or_at_another_dose() {
    let gp = |dose: &str| ("gp", medicine("Apixaban 5mg tablets", "active", dose, "2026-01-01"));
    let hospital =
        |status: &str, dose: &str, on: &str| ("hospital", medicine("apixaban 5mg  Tablets", status, dose, on));
    assert_eq!(between(&[gp("one twice a day"), hospital("stopped", "one twice a day", "2026-03-01")]).len(), 1);
    assert!(
        between(&[gp("one twice a day"), hospital("stopped", "one twice a day", "2020-03-01")]).is_empty(),
        "an older course"
    );
    assert!(between(&[gp("one twice a day"), hospital("completed", "one twice a day", "2026-03-01")]).is_empty());
    assert_eq!(between(&[gp("one twice a day"), hospital("active", "one a day", "2026-03-01")]).len(), 1);
    assert!(between(&[gp("one twice a day"), hospital("active", "One twice a day.", "2026-03-01")]).is_empty());
    assert!(between(&[gp("one twice a day"), hospital("active", "", "2026-03-01")]).is_empty());
    let other = ("hospital", medicine("Apixaban 2.5mg tablets", "stopped", "", "2026-03-01"));
    assert!(between(&[gp("one twice a day"), other]).is_empty(), "another strength is another medicine");
}

/// A word of some source, from few enough that sources often speak of the same thing.
#[test]
fn one_substance_at_two_strengths_is_told_and_two_ways_of_writing_one_strength_are_not() {
    let found = between(&[
        ("gp", medicine("Apixaban 5mg tablets", "active", "", "2026-09-01")),
        ("gp-extract", medicine("Apixaban 2.5 mg tablets", "active", "", "2026-09-02")),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(shown(&found)[0].contains("Apixaban 5mg tablets") && shown(&found)[0].contains("Apixaban 2.5 mg tablets"));
    let alike = between(&[
        ("gp", medicine("Bisoprolol 2.5mg tablets", "active", "one tablet in the morning", "2026-09-01")),
        ("gp-extract", medicine("Bisoprolol 2.5 mg tablet", "active", "One in the morning; quantity 28", "2026-09-02")),
    ]);
    assert!(alike.is_empty(), "{alike:?}");
    // A dose made up of two strengths is the same from both.
    let made_up = between(&[
        ("gp", medicine("Warfarin 1mg tablets", "active", "", "2026-09-01")),
        ("gp", medicine("Warfarin 3mg tablets", "active", "", "2026-09-01")),
        ("hospital", medicine("Warfarin 3 mg tablets", "active", "", "2026-09-02")),
        ("hospital", medicine("Warfarin 1 mg tablets", "active", "", "2026-09-02")),
    ]);
    assert!(made_up.is_empty(), "{made_up:?}");
}

fn word() -> impl Strategy<Value = (&'static str, Value)> {
    let source = prop::sample::select(vec!["gp", "hospital", "community"]);
    let status = prop::sample::select(vec!["active", "resolved", "inactive"]);
    let taken = prop::sample::select(vec!["active", "stopped", "completed"]);
    let said = prop_oneof![
        (prop::sample::select(vec!["Ashworth", "Hyde", "ashworth"]), 1u8..3).prop_map(|(family, day)| patient(
            &json!({"name": [{"family": family}], "birthDate": format!("1938-03-0{day}")})
        )),
        (
            prop::sample::select(vec!["Penicillin", "No known allergies", "Latex"]),
            prop::sample::select(vec!["low", "high"])
        )
            .prop_map(|(title, risk)| allergy(title, risk)),
        (0u8..3, prop::sample::select(vec!["Asthma", "Gout", "Wheeze"]), status)
            .prop_map(|(code, title, status)| problem(&code.to_string(), title, status)),
        (prop::sample::select(vec!["Apixaban", "Aspirin"]), taken, prop::sample::select(vec!["one", "two"]), 1u8..4)
            .prop_map(|(title, status, dose, month)| medicine(title, status, dose, &format!("2026-0{month}"))),
    ];
    (source, said)
}

proptest! {
    #[test]
    fn order_changes_nothing(
        (said, shuffled) in proptest::collection::vec(word(), 0..14)
            .prop_flat_map(|said| (Just(said.clone()), Just(said).prop_shuffle()))
    ) {
        let found = between(&said);
        prop_assert_eq!(&found, &between(&shuffled));
        for one in &found {
            let sources: std::collections::BTreeSet<&str> = one.sides.iter().map(|side| side.source.as_str()).collect();
            prop_assert!(sources.len() > 1, "{:?}", one);
        }
    }

    #[test]
    fn two_sources_that_say_the_same_agree(words in proptest::collection::vec(word(), 0..8)) {
        // What one source says twice may clash with itself, so each thing is said once by each.
        let mut once: Vec<(&str, Value)> = Vec::new();
        for (_, value) in words {
            let name = &value["resourceType"];
            if once.iter().all(|(_, other)| other["resourceType"] != *name) {
                once.push(("gp", value.clone()));
                once.push(("hospital", value));
            }
        }
        prop_assert_eq!(shown(&between(&once)), Vec::<String>::new());
    }
}
