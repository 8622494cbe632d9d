//! What references mean in a request, and that text and value are rewritten alike.

use serde_json::json;

use super::*;

fn neighbours() -> Neighbours {
    let mut neighbours = Neighbours::default();
    assert!(neighbours.add("urn:uuid:a", 0));
    assert!(neighbours.add("http://else.example/fhir/Patient/1", 1));
    assert!(!neighbours.add("urn:uuid:a", 2));
    neighbours
}

fn around(neighbours: &Neighbours) -> Around<'_> {
    Around {
        neighbours,
        full_url: Some("http://else.example/fhir/Observation/9"),
        reading: Limits::new(Some("https://weft.example/fhir"), jiff::Timestamp::UNIX_EPOCH),
        transaction: true,
    }
}

fn turned(written: &str) -> String {
    let neighbours = neighbours();
    match around(&neighbours).turned("reference", written) {
        Ok(None) => "stays".to_owned(),
        Ok(Some(To::Entry(entry))) => format!("entry {entry}"),
        Ok(Some(To::Local(local))) => local,
        Ok(Some(To::Search(_))) => "search".to_owned(),
        Err(_) => "refused".to_owned(),
    }
}

#[test]
fn a_reference_means_an_entry_something_here_or_something_elsewhere() {
    for (written, meant) in [
        ("urn:uuid:a", "entry 0"),
        ("urn:uuid:b", "refused"),
        ("http://else.example/fhir/Patient/1", "entry 1"),
        ("http://else.example/fhir/Patient/1/_history/3", "entry 1"),
        ("Patient/1", "entry 1"),
        ("Patient/2", "stays"),
        ("Patient/2/_history/1", "stays"),
        ("https://weft.example/fhir/Patient/7", "Patient/7"),
        ("https://other.example/fhir/Patient/7", "stays"),
        ("#p1", "stays"),
        ("patient/1", "refused"),
        ("Patient/", "refused"),
        ("Patient/a b", "refused"),
        ("Patiënt/1", "refused"),
        ("Patient/1/2", "refused"),
        ("javascript:alert(1)", "refused"),
        ("1", "refused"),
        ("", "refused"),
    ] {
        assert_eq!(turned(written), meant, "{written}");
    }
}

#[test]
fn the_place_of_a_bad_reference_is_exact() {
    let neighbours = neighbours();
    let value = json!({"result": [{"reference": "urn:uuid:a"}, {"reference": "nonsense"}]});
    let (mentions, issues) = around(&neighbours).mentions(&value);
    assert_eq!(mentions.len(), 1);
    assert_eq!(issues[0].at.as_deref(), Some("result[1].reference"));
}

#[test]
fn text_and_value_are_rewritten_alike_and_nothing_else_moves() {
    let text = r#"{"subject":{"reference":"urn:uuid:a","display":"urn:uuid:a"},"value":1.50,"note":"\":\"reference\":\"urn:uuid:a\"","content":{"attachment":{"url":"urn:uuid:a"}},"identifier":{"value":"urn:uuid:a"}}"#;
    let mut value: Value = serde_json::from_str(text).unwrap();
    let mut out = text.to_owned();
    rewrite(&mut out, &mut value, &HashMap::from([("urn:uuid:a", "Patient/5".to_owned())]));
    assert_eq!(out.matches("Patient/5").count(), 2, "{out}");
    assert!(out.contains("\"value\":1.50") && out.contains(r#""value":"urn:uuid:a""#));
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), value);
}

proptest::proptest! {
    /// Whatever a resource holds, its text and its value say the same after a rewriting.
    #[test]
    fn text_and_value_never_come_apart(texts in proptest::collection::vec("[\"\\\\:{},a/P#é]{0,8}", 1..6)) {
        let value = json!({"a": [{"reference": texts[0], "display": texts[0]}], "b": texts, "url": texts[0], "x": {"reference": "P/1"}});
        let (mut text, mut turned) = (value.to_string(), value.clone());
        let names = HashMap::from([(texts[0].as_str(), "Patient/5".to_owned()), ("P/1", "Patient/6".to_owned())]);
        rewrite(&mut text, &mut turned, &names);
        proptest::prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), turned);
    }
}
