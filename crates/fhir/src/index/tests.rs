//! What the index holds of small resources and of HL7's examples.

use serde_json::json;

use super::*;
use crate::entry::{parameter, term as hashed, with_unit};
use crate::moment::stretch;

fn resolve(kind: &str, id: &str) -> i64 {
    hashed(kind, id, "row", "")
}

#[test]
fn every_search_parameter_of_r4_can_be_read() {
    assert_eq!(plan::refused(), []);
    let planned: usize = crate::definitions::resources().filter_map(plan::of).map(<[_]>::len).sum();
    assert!(planned > 2_000, "{planned}");
}

#[test]
fn an_observation() {
    let body = json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": "http://cat.example", "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}, {"code": "HB"}], "text": "Haemoglobin"},
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "https://elsewhere.example/fhir/Encounter/9"},
        "performer": [{"identifier": {"system": "s", "value": "V"}}],
        "effectiveDateTime": "2024-03-01",
        "valueQuantity": {"value": 5.40, "unit": "gram", "system": "http://unitsofmeasure.org", "code": "g"},
        "meta": {"tag": [{"system": "t", "code": "x"}], "profile": ["http://p.example"]}
    });
    let index = of("Observation", &body, &resolve);
    let holds = |code: &str, form: &str, value: &str| {
        index.entries.contains(&Entry::Term(hashed("Observation", code, form, value)))
    };
    assert!(holds("status", term::CODE, "final") && holds("status", term::CODE_ALONE, "final"));
    assert!(holds("code", term::CODE, "718-7") && holds("code", term::CODE_OF, "http://loinc.org|718-7"));
    assert!(holds("code", term::SYSTEM, "http://loinc.org") && !holds("code", term::CODE_ALONE, "718-7"));
    assert!(holds("code", term::CODE_ALONE, "hb"));
    assert!(holds("encounter", term::REFERENCE, "https://elsewhere.example/fhir/Encounter/9"));
    assert!(holds("performer", "identifier-system-code", "s|v"));
    assert!(holds("_tag", term::CODE_OF, "t|x") && holds("_profile", term::URI, "http://p.example"));
    assert!(!holds("combo-code", term::CODE, "718-7"), "answered from code and component-code");
    let target = resolve("Patient", "p1");
    let links: Vec<_> = index.entries.iter().filter(|entry| matches!(entry, Entry::Link { .. })).collect();
    assert_eq!(links, [&Entry::Link { parameter: parameter("Observation", "subject"), target }]);
    let (low, high) = stretch("2024-03-01").unwrap();
    assert!(index.entries.contains(&Entry::Date { parameter: parameter("Observation", "date"), low, high }));
    let (low, high) = point(5.4);
    for unit in ["g", "http://unitsofmeasure.org|g", "gram"] {
        let parameter = with_unit("Observation", "value-quantity", unit);
        assert!(index.entries.contains(&Entry::Number { parameter, low, high }), "{unit}");
    }
    for (code, there) in
        [("subject", true), ("patient", true), ("combo-code", true), ("device", false), ("value-concept", false)]
    {
        let bit = crate::parameter::find("Observation", code).unwrap().bit;
        assert_eq!(index.present >> bit & 1 == 1, there, "{code}");
    }
    assert!(index.entries.is_sorted());
}

#[test]
fn a_patient_by_the_parts_of_name_and_address() {
    let body = json!({
        "resourceType": "Patient",
        "name": [{"family": "Ó Súilleabháin", "given": ["Zoë", "Ann"], "use": "official"}],
        "address": [{"line": ["1 High St"], "city": "Stockport", "postalCode": "SK1 1AA"}],
        "telecom": [{"system": "phone", "value": "0161"}],
        "birthDate": "1980",
        "deceasedDateTime": "2024"
    });
    let index = of("Patient", &body, &resolve);
    let texts = |code: &str| -> Vec<&str> {
        let wanted = parameter("Patient", code);
        index
            .entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Text { parameter, text } if *parameter == wanted => Some(text.as_str()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(texts("name"), ["ann", "o suilleabhain", "zoe"]);
    assert_eq!(texts("address"), ["1 high st", "sk1 1aa", "stockport"]);
    assert_eq!(texts("address-city"), ["stockport"]);
    let holds = |code: &str, form: &str, value: &str| {
        index.entries.contains(&Entry::Term(hashed("Patient", code, form, value)))
    };
    assert!(
        holds("given", term::EXACT, "Zoë")
            && holds("phone", term::CODE, "0161")
            && holds("deceased", term::CODE, "true")
    );
    assert!(!holds("email", term::CODE, "0161"));
}

#[test]
fn numbers_keep_the_precision_they_are_asked_with() {
    let decimal = |written: &str| Decimal::parse(written).map(|found| (found.low, found.value, found.high));
    assert_eq!(decimal("5.40"), Some((5.395, 5.4, 5.405)));
    assert_eq!(decimal("100"), Some((99.5, 100.0, 100.5)));
    assert_eq!(decimal("1e2"), Some((95.0, 100.0, 105.0)));
    assert_eq!(decimal("-0.5"), Some((-0.55, -0.5, -0.45)));
    for bad in ["", "-", "1.", ".5", "+1", "1e", "0x1", "NaN", "inf", "1_0", "1e999", "１"] {
        assert_eq!(decimal(bad), None, "{bad}");
    }
    assert!(point(-0.0) == point(0.0) && point(-1.0) < point(0.0) && point(1.0) < point(1.000_000_1));
}

#[test]
fn other_people_s_rubbish_is_indexed_without_a_panic() {
    for body in [
        json!(null),
        json!([]),
        json!({"name": 3, "birthDate": {"a": []}, "identifier": [null, {"value": {}}], "link": [[[]]]}),
    ] {
        let _ = of("Patient", &body, &resolve);
    }
    assert_eq!(of("Nothing", &json!({}), &resolve), Index::default());
}

/// JSON with the names of FHIR in it, but otherwise anything.
fn rubbish() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "[ -~é#/|:T0-9]{0,12}".prop_map(Value::from),
        Just(json!("2024-02-30")),
        Just(json!("Patient/1")),
    ];
    let name = prop::sample::select(vec![
        "identifier",
        "system",
        "value",
        "code",
        "coding",
        "name",
        "family",
        "given",
        "_given",
        "birthDate",
        "subject",
        "reference",
        "valueQuantity",
        "valueString",
        "low",
        "high",
        "effectivePeriod",
        "start",
        "end",
        "component",
        "extension",
        "url",
        "meta",
        "tag",
        "contained",
        "resourceType",
        "id",
        "category",
        "comparator",
        "event",
        "repeat",
        "deceasedBoolean",
        "type",
        "text",
    ]);
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()),
        ]
    })
}

proptest::proptest! {
    #[test]
    fn anything_at_all_is_indexed_in_order_and_judged(body in rubbish(), kind in "Patient|Observation|Encounter|Bundle|Questionnaire") {
        let index = of(&kind, &body, &resolve);
        proptest::prop_assert!(index.entries.windows(2).all(|pair| pair[0] < pair[1]));
        let mut body = body;
        if let Some(fields) = body.as_object_mut() {
            fields.insert("resourceType".to_owned(), Value::from(kind));
        }
        let _ = crate::validate::invariants(&body);
    }
}
