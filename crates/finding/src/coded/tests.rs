//! What a resource says in codes, and that nothing of it is passed over in silence.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn said(kind: &str, value: Value) -> Said {
    Said {
        id: Uuid::from_u128(7),
        kind: kind.to_owned(),
        feed: "gp".to_owned(),
        arrived: "2026-11-22T09:30:00Z".parse().unwrap(),
        value: Arc::new(value),
        guarded: false,
    }
}

fn told(said: &Said) -> (Vec<String>, Vec<Reason>) {
    let mut left = LeftOut::default();
    let coded = of(said, &mut left);
    let words = coded.iter().map(|one| {
        let value = one.value.map_or(String::new(), |value| format!(" {value} {}", one.unit));
        format!("{} {} {}{value}", one.system.word(), one.code, one.day)
    });
    (words.collect(), left.iter().map(|(reason, _)| reason.clone()).collect())
}

fn condition(more: &Value) -> Said {
    let mut value = json!({
        "resourceType": "Condition",
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "38341003" }] },
        "onsetDateTime": "2019-03-04",
    });
    for (key, more) in more.as_object().unwrap() {
        value[key] = more.clone();
    }
    said("Condition", value)
}

#[test]
fn a_problem_is_its_codes_on_the_day_it_began() {
    assert_eq!(told(&condition(&json!({}))), (vec!["snomed 38341003 2019-03-04".to_owned()], vec![]));
    assert_eq!(told(&condition(&json!({ "onsetDateTime": "2019" }))).0, ["snomed 38341003 2019-01-01"]);
    let two = json!({ "code": { "coding": [
        { "system": "http://hl7.org/fhir/sid/icd-10", "code": "I10.X" },
        { "system": "http://snomed.info/sct", "code": "38341003" },
        { "system": "https://gp.example/own", "code": "HYP" },
    ] } });
    let (words, left) = told(&condition(&two));
    assert_eq!(words, ["icd10 I10 2019-03-04", "snomed 38341003 2019-03-04"]);
    assert!(left.is_empty(), "what was said in a known system beside it is not lost: {left:?}");
}

#[test]
fn what_cannot_be_used_is_counted_with_its_reason() {
    let coding = |system: &str, code: &str| json!({ "code": { "coding": [{ "system": system, "code": code }] } });
    for (more, reason) in [
        (coding("https://gp.example/own", "HYP"), Reason::UnknownSystem("https://gp.example/own".to_owned())),
        (json!({ "code": { "coding": [{ "code": "HYP" }] } }), Reason::NoSystem),
        (json!({ "code": { "text": "High blood pressure" } }), Reason::WordsAlone),
        (coding("http://snomed.info/sct", "I10"), Reason::NoCode("snomed".to_owned())),
        (json!({ "onsetDateTime": "2026-11-24" }), Reason::Future),
        (json!({ "onsetDateTime": "last spring" }), Reason::BadDate),
        (json!({ "onsetDateTime": "1874" }), Reason::BadDate),
        (json!({ "verificationStatus": { "coding": [{ "code": "entered-in-error" }] } }), Reason::Mistake),
        (json!({ "verificationStatus": { "coding": [{ "code": "refuted" }] } }), Reason::Refuted),
    ] {
        assert_eq!(told(&condition(&more)), (vec![], vec![reason]), "{more}");
    }
    let guarded = Said { guarded: true, ..condition(&json!({})) };
    assert_eq!(told(&guarded), (vec![], vec![Reason::Guarded]));
    let observed = json!({ "code": { "coding": [{ "system": "http://loinc.org", "code": "718-7" }] } });
    assert_eq!(told(&said("Observation", observed)), (vec![], vec![Reason::NoDate]));
    let planned = json!({ "status": "planned", "class": { "code": "EMER" }, "period": { "start": "2026-11-01" } });
    assert_eq!(told(&said("Encounter", planned)), (vec![], vec![Reason::NotDone]));
}

#[test]
fn a_problem_without_a_date_is_before_every_look_back() {
    let (words, left) = told(&condition(&json!({ "onsetDateTime": null })));
    assert_eq!((words, left), (vec!["snomed 38341003 1900-01-01".to_owned()], vec![Reason::Undated]));
}

#[test]
fn a_value_keeps_its_unit_and_a_bound_is_no_value() {
    let observed = |quantity: Value| {
        let mut left = LeftOut::default();
        let value = json!({ "status": "final", "effectiveDateTime": "2026-11-02T08:00:00Z", "valueQuantity": quantity,
            "code": { "coding": [{ "system": "http://loinc.org", "code": "718-7" }] } });
        let coded = of(&said("Observation", value), &mut left);
        (coded[0].value, coded[0].unit.clone(), left.of(&Reason::NoNumber))
    };
    assert_eq!(observed(json!({ "value": 112, "unit": "g/l" })), (Some(112.0), "g/L".to_owned(), 0));
    assert_eq!(observed(json!({ "value": 11.2, "code": "g/dL" })), (Some(11.2), "g/dL".to_owned(), 0));
    assert_eq!(observed(json!({ "value": 5, "comparator": "<", "unit": "g/L" })), (None, String::new(), 1));
}

#[test]
fn a_medicine_counts_once_and_an_emergency_is_an_urgent_contact() {
    let medicine = json!({ "status": "active", "authoredOn": "2026-10-01", "medicationCodeableConcept": { "coding": [
        { "system": "https://dmd.nhs.uk", "code": "319775004" }, { "system": "http://snomed.info/sct", "code": "386864001" },
    ] } });
    assert_eq!(told(&said("MedicationRequest", medicine)).0, ["dmd 319775004 2026-10-01"]);
    let came = json!({ "status": "finished", "class": { "code": "EMER" }, "period": { "start": "2026-10-31T23:30:00Z" },
        "reasonCode": [{ "text": "Fell at home" }] });
    let (words, left) = told(&said("Encounter", came));
    assert_eq!(words, ["local fall 2026-10-31", "local urgent-contact 2026-10-31"]);
    assert_eq!(left, [Reason::WordsAlone]);
}

fn any_value() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "code",
        "coding",
        "system",
        "status",
        "value",
        "valueQuantity",
        "period",
        "start",
        "onsetDateTime",
        "component",
        "http://snomed.info/sct",
        "38341003",
        "2026-11-01",
        "EMER",
        "class",
        "\u{0}",
        "é",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_resource_is_it_is_read_or_counted_and_its_days_are_real(value in any_value(), kind in 0usize..10) {
        let kinds = ["Condition", "Observation", "MedicationRequest", "MedicationStatement", "Procedure", "Encounter", "Flag",
            "Immunization", "DiagnosticReport", "EpisodeOfCare"];
        let mut left = LeftOut::default();
        for coded in of(&said(kinds[kind], value), &mut left) {
            prop_assert!(coded.day >= UNDATED && coded.day.date().is_some());
            prop_assert!(coded.value.is_none_or(f32::is_finite));
            let again = coded.system.clean(&coded.code);
            prop_assert_eq!(again.as_ref(), Ok(&coded.code));
        }
    }
}

#[test]
fn a_problem_that_its_source_calls_over_still_counts_and_says_since_when() {
    let clinical = |status: &str| json!({ "coding": [{ "code": status }] });
    let resolved = |more: &Value| {
        let mut more = more.clone();
        more["clinicalStatus"] = clinical("resolved");
        told(&condition(&more))
    };
    let recorded = "snomed 38341003 2019-03-04".to_owned();
    for abated in [json!({ "abatementDateTime": "2021-05-06" }), json!({ "abatementPeriod": { "end": "2021-05-06" } })]
    {
        let (words, left) = resolved(&abated);
        assert_eq!(words, [recorded.clone(), "local over:snomed:38341003 2021-05-06".to_owned()]);
        assert_eq!(left, [Reason::Ended]);
        assert!(left[0].is_used());
    }
    // Without a day, with one that is yet to come, or only quiet: it counts as recorded, and that is told.
    for more in [json!({}), json!({ "abatementDateTime": "2027-01-01" }), json!({ "abatementString": "last spring" })] {
        assert_eq!(resolved(&more), (vec![recorded.clone()], vec![Reason::Quiet]), "{more}");
    }
    for status in ["inactive", "remission"] {
        let more = json!({ "clinicalStatus": clinical(status), "abatementDateTime": "2021-05-06" });
        assert_eq!(told(&condition(&more)), (vec![recorded.clone()], vec![Reason::Quiet]), "{status}");
    }
    for status in ["active", "recurrence", "relapse"] {
        let more = json!({ "clinicalStatus": clinical(status) });
        assert_eq!(told(&condition(&more)), (vec![recorded.clone()], vec![]), "{status}");
    }
}
