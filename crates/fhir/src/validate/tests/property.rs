//! What must hold of any text and any JSON.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

/// A resource with a bit of everything, to be broken at random places.
fn sound() -> Value {
    json!({
        "resourceType": "Observation", "id": "a", "meta": {"profile": ["http://a.example/p"], "tag": [{"code": "t"}]},
        "text": {"status": "generated", "div": "<div><p>a</p></div>"},
        "contained": [{"resourceType": "Practitioner", "id": "p", "name": [{"given": ["A", null], "_given": [null, {"id": "g"}]}]}],
        "extension": [{"url": "http://a.example/x", "extension": [{"url": "y", "valueDecimal": 1}]}],
        "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": "Patient/1", "display": "A"}, "performer": [{"reference": "#p"}],
        "effectiveDateTime": "2026-01-02", "_effectiveDateTime": {"extension": [{"url": "http://a.example/z", "valueCode": "c"}]},
        "valueQuantity": {"value": 1.5, "unit": "mm"}, "component": [{"code": {"text": "c"}, "valueString": "v"}],
    })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,6})?(e-?[0-9]{1,3})?"
            .prop_map(|number| serde_json::from_str(&number).unwrap()),
        any::<String>().prop_map(Value::from),
        "[#/:.?=a-zA-Z0-9T+-]{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let key = prop_oneof![
            "[a-z]{1,6}",
            any::<String>(),
            Just("url".to_owned()),
            Just("id".to_owned()),
            Just("_id".to_owned()),
            Just("reference".to_owned()),
            Just("extension".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Every place in a value, as JSON pointers.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| pointers(item, &format!("{here}/{at}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, item)| pointers(item, &format!("{here}/{key}"), found));
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn the_strict_reader_reads_what_any_reader_does(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        prop_assert_eq!(super::super::text(&text).unwrap(), value);
    }

    #[test]
    fn the_strict_reader_reads_nothing_that_no_reader_does(text in "[{}\\[\\]\",:\\\\a\u{e9}1.e+-tfn \n\u{0}]{0,60}") {
        if let Ok(value) = super::super::text(&text) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        }
    }

    #[test]
    fn no_json_makes_it_panic(value in any_json(), at in any::<prop::sample::Index>()) {
        let _ = resource(&value);
        let mut broken = sound();
        let mut places = Vec::new();
        pointers(&broken, "", &mut places);
        let at: &String = at.get(&places);
        if let Some(place) = broken.pointer_mut(at) {
            *place = value;
        }
        for issue in resource(&broken) {
            prop_assert!(issue.at.is_some_and(|at| !at.is_empty()) && issue.words.len() < 2_000);
        }
        let _ = invariants(&broken);
    }
}

#[test]
fn the_resource_that_is_broken_is_sound_before() {
    assert_eq!(resource(&sound()), []);
}
