//! Parts of resources.

use super::*;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"a","text":{"status":"generated","div":"<div/>"},"active":true,
 "extension":[{"url":"http://a.example/x","valueDecimal":1.50}],"modifierExtension":[{"url":"http://a.example/y","valueBoolean":true}],
 "name":[{"family":"Birch","_family":{"id":"f"},"extension":[{"url":"http://a.example/z","valueCode":"b"}]}],"birthDate":"1950-01-01","_birthDate":{"id":"b"},
 "multipleBirthInteger":2,"contact":[{"gender":"female"}],"link":[{"other":{"reference":"Patient/b","display":"B"},"type":"seealso"}]}"#;

fn parsed(keep: Keep<'_>) -> Value {
    serde_json::from_str(&only(PATIENT, keep)).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn named_elements_stay_with_their_companions_and_what_changes_meaning() {
    let names = ["birthDate", "multipleBirth"].map(str::to_owned);
    let part = parsed(Keep::Elements(&names));
    assert_eq!(
        keys(&part),
        [
            "resourceType",
            "id",
            "meta",
            "active",
            "modifierExtension",
            "birthDate",
            "_birthDate",
            "multipleBirthInteger",
            "link"
        ]
    );
    assert_eq!(part["meta"]["tag"][0]["code"], "SUBSETTED");
}

#[test]
fn a_summary_has_what_is_marked_at_every_level() {
    let part = parsed(Keep::Summary(Summary::True));
    assert_eq!(
        keys(&part),
        ["resourceType", "id", "meta", "active", "modifierExtension", "name", "birthDate", "_birthDate", "link"]
    );
    assert_eq!(keys(&part["name"][0]), ["family", "_family"]);
    assert_eq!(keys(&part["link"][0]), ["other", "type"]);
}

#[test]
fn text_and_data_are_each_others_rest() {
    assert_eq!(keys(&parsed(Keep::Summary(Summary::Text)))[3..], ["text", "active", "modifierExtension", "link"]);
    let data = only(PATIENT, Keep::Summary(Summary::Data));
    assert!(!data.contains("\"text\"") && data.contains("1.50"));
}

#[test]
fn the_whole_is_not_marked_and_the_mark_is_put_once() {
    assert_eq!(only(PATIENT, Keep::Summary(Summary::False)), PATIENT);
    let once = only(PATIENT, Keep::Summary(Summary::Data));
    assert_eq!(only(&once, Keep::Summary(Summary::Data)), once);
    assert_eq!(only("[1", Keep::Summary(Summary::True)), "[1");
}
