//! What makes a resource sensitive or restricted, and what does not.

use access::Sensitivity::{self, Ordinary, Restricted, Sensitive};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::list::Lists;
use super::{LAWFUL, SHARING, is_barred, of, withholds};

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

fn labelled(security: Value) -> Sensitivity {
    of("Observation", &json!({"resourceType": "Observation", "meta": {"security": security}}))
}

fn label(system: &str, code: &str) -> Sensitivity {
    labelled(json!([{"system": system, "code": code}]))
}

fn coded(system: &str, code: &str) -> Value {
    json!({"resourceType": "Condition", "code": {"coding": [{"system": system, "code": code}]}})
}

#[test]
fn the_lists_can_be_read_and_every_code_of_theirs_is_found() {
    let lists = Lists::built_in().expect("the lists are read");
    let all = lists.each();
    assert!(all.len() > 100);
    for (system, code, means) in all {
        assert_eq!(of("Condition", &coded(&system, &code)), means, "{system} {code}");
        assert_eq!(is_barred("Condition", &coded(&system, &code)), means == Restricted, "{system} {code}");
    }
    assert!(Lists::read("version = \"1\"\nlabel = []\nlist = []\nother = 1").is_err(), "nothing is passed over");
}

#[test]
fn each_label_is_what_the_table_says_and_an_unknown_one_is_sensitive() {
    let act = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    for (system, code, means) in [
        (CONFIDENTIALITY, "N", Ordinary),
        (CONFIDENTIALITY, "L", Ordinary),
        (CONFIDENTIALITY, "M", Ordinary),
        (CONFIDENTIALITY, "U", Ordinary),
        (CONFIDENTIALITY, "R", Sensitive),
        (CONFIDENTIALITY, "V", Sensitive),
        (CONFIDENTIALITY, "n", Sensitive),
        (CONFIDENTIALITY, "X", Sensitive),
        (act, "PSY", Sensitive),
        (act, "SEX", Sensitive),
        (act, "ETH", Sensitive),
        (act, "STD", Restricted),
        (act, "HIV", Restricted),
        (act, "NEVERHEARDOF", Sensitive),
        ("https://unknown.example/labels", "N", Sensitive),
        (SHARING, LAWFUL, Restricted),
        (SHARING, "perhaps", Sensitive),
    ] {
        assert_eq!(label(system, code), means, "{system} {code}");
    }
}

#[test]
fn no_label_is_ordinary_and_one_that_cannot_be_read_is_not() {
    assert_eq!(of("Observation", &json!({})), Ordinary);
    assert_eq!(of("Observation", &json!({"meta": {}})), Ordinary);
    assert_eq!(labelled(json!([])), Ordinary);
    for unreadable in [
        json!([{"code": "N"}]),
        json!([{"system": CONFIDENTIALITY}]),
        json!([{"system": CONFIDENTIALITY, "code": 5}]),
        json!(["N"]),
        json!([null]),
        json!("N"),
        json!({"system": CONFIDENTIALITY, "code": "N"}),
    ] {
        assert_eq!(labelled(unreadable.clone()), Sensitive, "{unreadable}");
    }
    let both = json!([{"system": CONFIDENTIALITY, "code": "N"}, {"system": CONFIDENTIALITY, "code": "V"}]);
    assert_eq!(labelled(both), Sensitive, "the stricter one counts");
}

#[test]
fn a_code_counts_wherever_it_stands() {
    let concept = json!({"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "Z31.2"}]});
    for value in [
        json!({"code": concept}),
        json!({"reasonCode": [concept]}),
        json!({"category": [concept]}),
        json!({"type": [concept]}),
        json!({"medicationCodeableConcept": concept}),
        json!({"diagnosis": [{"condition": {"reference": "#c"}}], "contained": [{"resourceType": "Condition", "code": concept}]}),
        json!({"component": [{"valueCodeableConcept": concept}]}),
        json!({"extension": [{"extension": [{"valueCoding": concept["coding"][0]}]}]}),
    ] {
        assert_eq!(of("Observation", &value), Restricted, "{value}");
        assert!(is_barred("Observation", &value), "{value}");
    }
    // A value set of such codes says of nobody that they have one.
    assert_eq!(of("ValueSet", &json!({"compose": {"include": [{"concept": [concept["coding"][0]]}]}})), Ordinary);
    let contained = json!({"contained": [{"meta": {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}}]});
    assert_eq!(of("Observation", &contained), Sensitive);
}

#[test]
fn codes_are_read_as_people_write_them() {
    let is = |system: &str, code: &str| of("Condition", &coded(system, code));
    for (system, code) in [
        ("http://hl7.org/fhir/sid/icd-10", "A51.4"),
        ("http://hl7.org/fhir/sid/icd-10", "a514"),
        ("http://hl7.org/fhir/sid/icd-10/", "A514D"),
        ("https://hl7.org/fhir/sid/icd-10", "A51.4"),
        ("http://snomed.info/sct", " 76272004 "),
        ("http://snomed.info/sct/83821000000107", "76272004"),
        ("http://snomed.info/sct", "76272004:246112005=24484000"),
        ("http://snomed.info/sct|http://snomed.info/sct/1", "76272004"),
    ] {
        assert_eq!(is(system, code), Restricted, "{system} {code}");
    }
    assert_eq!(is("http://snomed.info/sct", "1762720045"), Ordinary, "another code that holds its digits");
    assert_eq!(is("https://ward.example/beds", "A51"), Ordinary, "another system's code");
    assert_eq!(is("http://hl7.org/fhir/sid/icd-10", "O04.9"), Sensitive);
}

#[test]
fn a_code_without_a_system_counts_where_it_names_an_illness() {
    assert_eq!(of("Condition", &json!({"code": {"coding": [{"code": "A51.0"}]}})), Restricted);
    assert_eq!(
        of("Encounter", &json!({"location": [{"physicalType": {"coding": [{"code": "B20"}]}}]})),
        Ordinary,
        "a ward"
    );
    assert_eq!(of("Encounter", &json!({"type": [{"coding": [{"code": "76272004"}]}]})), Restricted);
}

#[test]
fn a_persons_label_withholds_and_does_not_hide_that_they_are_known() {
    let flagged = json!({"meta": {"security": [{"system": CONFIDENTIALITY, "code": "R", "display": "restricted"}]}});
    assert_eq!(of("Patient", &flagged), Ordinary);
    assert!(withholds(&flagged));
    assert!(withholds(&json!({"meta": {"security": [{"system": "https://unknown.example", "code": "1"}]}})));
    assert!(!withholds(&json!({"meta": {"security": [{"system": CONFIDENTIALITY, "code": "U"}]}})));
    assert!(!withholds(&json!({})));
}

#[test]
fn only_the_resources_own_mark_lets_a_restricted_one_in() {
    let mark = json!({"security": [{"system": SHARING, "code": LAWFUL}]});
    let mut value = coded("http://hl7.org/fhir/sid/icd-10", "F64.0");
    assert!(is_barred("Condition", &value));
    value["contained"] = json!([{"resourceType": "Observation", "meta": mark}]);
    assert!(is_barred("Condition", &value), "a mark inside is not its own");
    value["meta"] = mark;
    assert!(!is_barred("Condition", &value));
    assert_eq!(of("Condition", &value), Restricted, "and it is restricted still");
}

/// Any JSON, not deep.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[A-Z0-9.]{0,6}".prop_map(Value::from),
        Just(json!({"system": "http://hl7.org/fhir/sid/icd-10", "code": "J45"})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map("(code|meta|security|type|coding|x)", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever is around it, a restricted code is found: more labels and elements never make a resource less sensitive.
    #[test]
    fn nothing_around_it_hides_a_restricted_code(mut value in any_value(), key in "(code|reasonCode|note|extension)") {
        if !value.is_object() {
            value = json!({"x": value});
        }
        let before = of("Condition", &value);
        value[key] = json!([{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "N98.1"}]}]);
        prop_assert_eq!(of("Condition", &value), Restricted);
        prop_assert!(before <= Restricted);
    }

    /// Whatever stands there, it is judged without a fault.
    #[test]
    fn anything_is_judged(kind in "(Patient|Observation|Nonsense)", value in any_value()) {
        // Barred is never less than restricted, whatever it is.
        prop_assert!(!is_barred(&kind, &value) || of(&kind, &value) == Restricted);
        let _ = withholds(&value);
    }
}
