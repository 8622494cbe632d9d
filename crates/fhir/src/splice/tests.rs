//! Text in, text out: the same edit made on the tree is what every answer is held against.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn at() -> Timestamp {
    "2026-11-22T10:11:12.345678Z".parse().unwrap()
}

fn upper(reference: &str) -> Option<String> {
    reference.starts_with('P').then(|| format!("New/\"{reference}\""))
}

fn run(body: &str) -> String {
    served(body, "x-1", 7, at(), &upper)
}

#[test]
fn id_and_meta_are_put_after_the_type() {
    assert_eq!(
        run(r#"{ "resourceType" : "Patient", "active":true}"#),
        r#"{ "resourceType" : "Patient","id":"x-1","meta":{"versionId":"7","lastUpdated":"2026-11-22T10:11:12.345678Z"}, "active":true}"#
    );
}

#[test]
fn what_is_there_is_replaced_and_the_rest_of_meta_stays() {
    assert_eq!(
        run(
            r#"{"resourceType":"A","id":"old","meta":{"tag":[{"code":"c"}],"lastUpdated":"2001-01-01T00:00:00Z"},"n":1.50}"#
        ),
        r#"{"resourceType":"A","id":"x-1","meta":{"versionId":"7","tag":[{"code":"c"}],"lastUpdated":"2026-11-22T10:11:12.345678Z"},"n":1.50}"#
    );
    assert!(run(r#"{"meta":{},"resourceType":"A"}"#).starts_with(r#"{"meta":{"versionId":"7","lastUpdated":"2026"#));
}

#[test]
fn references_are_rewritten_where_the_key_says_so_and_nowhere_else() {
    let body = r##"{"resourceType":"A","id":"a","meta":{"reference":"P0"},"reference":"P1","s":[{"reference" : "P\/2"},{"x":"reference"},{"\u0072eference":"P3"},
        {"reference":"#P4"},{"reference":{"reference":"P5"}},{"display":"\"reference\":\"P6\""},{"reference":5},["reference"],{"reference":"Q7"}]}"##;
    let after: Value = serde_json::from_str(&run(body)).unwrap();
    assert_eq!(after["reference"], "New/\"P1\"");
    assert_eq!(after["meta"]["reference"], "P0", "meta holds no references");
    assert_eq!(after["s"][0]["reference"], "New/\"P/2\"");
    assert_eq!(after["s"][1]["x"], "reference");
    assert_eq!(after["s"][2]["reference"], "New/\"P3\"");
    assert_eq!(after["s"][3]["reference"], "#P4");
    assert_eq!(after["s"][4]["reference"]["reference"], "New/\"P5\"");
    assert_eq!(after["s"][5]["display"], "\"reference\":\"P6\"");
    assert_eq!(after["s"][8]["reference"], "Q7");
}

#[test]
fn digits_stay() {
    let after = run(r#"{"resourceType":"A","a":1.50,"b":-0.0,"c":1e400,"d":12345678901234567890.10}"#);
    for digits in ["1.50", "-0.0", "1e400", "12345678901234567890.10"] {
        assert!(after.contains(digits), "{after}");
    }
}

#[test]
fn what_is_no_object_comes_back() {
    for body in ["", "[]", "null", "\"", "{", "{\"a\"", "{\"a\":", "{\"a\":{", "{\"a\":[\"", "{\"meta\":{\"x\""] {
        assert_eq!(run(body), body);
    }
}

/// Any JSON, with the words that matter often among the keys.
fn json(depth: u32) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[P#a\"\\\\\n\u{e9}\u{1f600} :,{}\\[\\]]{0,12}".prop_map(Value::from),
        "-?[1-9][0-9]{0,20}\\.[0-9]{1,8}".prop_map(|number| serde_json::from_str(&number).unwrap()),
    ];
    let key = prop_oneof![
        4 => Just("reference".to_owned()),
        2 => Just("meta".to_owned()),
        2 => Just("id".to_owned()),
        1 => Just("resourceType".to_owned()),
        1 => Just("versionId".to_owned()),
        1 => Just("lastUpdated".to_owned()),
        3 => "[a-r\"\\\\]{0,10}",
    ];
    leaf.prop_recursive(depth, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
    .boxed()
}

/// The edit, on the tree.
fn edited(value: &Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(walk),
            Value::Object(members) => {
                for (key, value) in members {
                    match value {
                        Value::String(text) if key == "reference" && !text.starts_with('#') => {
                            if let Some(new) = upper(text) {
                                *text = new;
                            }
                        }
                        value => walk(value),
                    }
                }
            }
            _ => {}
        }
    }
    let mut value = value.clone();
    let Value::Object(members) = &mut value else { return value };
    for (key, value) in members.iter_mut() {
        match (key.as_str(), &mut *value) {
            ("meta" | "id" | "resourceType", _) => {}
            ("reference", Value::String(text)) if !text.starts_with('#') => {
                if let Some(new) = upper(text) {
                    *text = new;
                }
            }
            (_, value) => walk(value),
        }
    }
    members.insert("id".to_owned(), json!("x-1"));
    let meta = members.entry("meta").or_insert_with(|| json!({}));
    if !meta.is_object() {
        *meta = json!({});
    }
    meta["versionId"] = json!("7");
    meta["lastUpdated"] = json!("2026-11-22T10:11:12.345678Z");
    value
}

proptest! {
    #[test]
    fn the_text_edit_is_the_tree_edit(value in json(5), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let after: Value = serde_json::from_str(&run(&text)).unwrap();
        prop_assert_eq!(after, edited(&value));
    }

    #[test]
    fn the_order_of_keys_stays(value in json(4)) {
        let (Value::Object(before), Ok(Value::Object(after))) = (&value, serde_json::from_str(&run(&value.to_string()))) else { return Ok(()) };
        let put = |key: &&String| !matches!(key.as_str(), "id" | "meta");
        prop_assert_eq!(before.keys().filter(put).collect::<Vec<_>>(), after.keys().filter(put).collect::<Vec<_>>());
    }

    #[test]
    fn compact_text_is_the_same_json(value in json(5)) {
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(compact(&pretty), value.to_string());
    }

    #[test]
    fn nothing_makes_it_panic(text in "[{}\\[\\]\",:\\\\a\u{e9}1 ]{0,60}") {
        let _ = run(&text);
        let _ = compact(&text);
    }
}
