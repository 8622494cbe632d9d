//! What each part of the mapping language does to a row, and how a row that cannot be understood is refused.

use super::super::{Mapping, map};
use super::{one, small};
use crate::feed::{Reason, Subject};
use serde_json::json;

fn refused(mapping: &str, csv: &[u8]) -> Reason {
    let mapping = Mapping::parse(mapping, "small.toml").unwrap();
    map(csv, &mapping).unwrap_err()
}

#[test]
fn a_value_that_cannot_be_read_is_kept_as_text() {
    let text = small("\"effectiveDateTime\" = { column = \"When\", date = [\"DD/MM/YYYY\"] }");
    let resource = one(&text, "P,When\n1,31/02/2024\n").unwrap();
    assert_eq!(resource.value.get("effectiveDateTime"), None);
    assert_eq!(
        resource.value["extension"][0],
        json!({"url": "https://weft.example/fhir/unread-value", "extension": [
            {"url": "column", "valueString": "When"},
            {"url": "element", "valueString": "effectiveDateTime"},
            {"url": "text", "valueString": "31/02/2024"}]})
    );
}

#[test]
fn a_required_value_that_cannot_be_read_refuses_the_row_and_names_its_column() {
    let date = small("\"effectiveDateTime\" = { column = \"When\", date = [\"DD/MM/YYYY\"], required = true }");
    let reason = refused(&date, b"P,When\n1,31/02/2024");
    assert_eq!((reason.code.as_str(), reason.location.as_deref()), ("bad-date", Some("column When")));
    assert!(reason.sentence.contains("31/02/2024"));
    assert_eq!(refused(&date, b"P,When\n1, ").code, "missing-value");
    let values = small("\"status\" = { column = \"When\", values = { a = \"final\" }, required = true }");
    assert_eq!(refused(&values, b"P,When\n1,b").code, "unknown-value");
}

#[test]
fn numbers_keep_their_digits_and_other_results_stay_text() {
    let text = small("\"valueQuantity.value\" = { column = \"V\", number = true, or_text = \"valueString\" }");
    let number = one(&text, "P,V\n1,161.70\n").unwrap();
    assert!(number.body.contains("\"value\":161.70"), "{}", number.body);
    let words = one(&text, "P,V\n1,<3\n").unwrap();
    assert_eq!(words.value["valueString"], "<3");
    assert_eq!(words.value.get("extension"), None);
}

#[test]
fn texts_leave_out_what_is_not_said() {
    let text = small("\"code.text\" = { text = \"{A}[: {B}]\" }");
    assert_eq!(one(&text, "P,A,B\n1,Bath,daily\n").unwrap().value["code"]["text"], "Bath: daily");
    assert_eq!(one(&text, "P,A,B\n1,Bath,\n").unwrap().value["code"]["text"], "Bath");
    assert_eq!(one(&text, "P,A,B\n1,,daily\n").unwrap().value.get("code"), None);
}

#[test]
fn a_coding_without_code_is_words_only() {
    let text = small("\"code\" = { coding = { system = \"http://snomed.info/sct\", code = \"C\", display = \"D\" } }");
    let both = one(&text, "P,C,D\n1,38341003,High blood pressure\n").unwrap();
    let coding = json!({"system": "http://snomed.info/sct", "code": "38341003", "display": "High blood pressure"});
    assert_eq!(both.value["code"], json!({"coding": [coding], "text": "High blood pressure"}));
    let words = one(&text, "P,C,D\n1,,High blood pressure\n").unwrap();
    assert_eq!(words.value["code"], json!({"text": "High blood pressure"}));
    assert_eq!(one(&text, "P,C,D\n1,,\n").unwrap().value.get("code"), None);
}

#[test]
fn dates_and_times_of_two_columns_are_one() {
    let fields = "\"effectiveDateTime\" = { column = \"D\", date = [\"DD/MM/YYYY\"], time_column = \"T\", time = [\"hhmm\"], nulls = [\"4000\"] }";
    let read = |row: &str| one(&small(fields), &format!("P,D,T\n{row}\n")).unwrap().value;
    assert_eq!(read("1,01/07/2024,0905")["effectiveDateTime"], "2024-07-01T09:05:00+01:00");
    assert_eq!(read("1,01/07/2024,4000")["effectiveDateTime"], "2024-07-01");
    assert_eq!(read("1,01/07/2024,2561")["extension"][0]["extension"][2]["valueString"], "01/07/2024 2561");
}

#[test]
fn ids_are_valid_in_fhir_and_never_made_one() {
    let text = small("\"status\" = { constant = \"final\" }")
        .replace("id = [\"P\"]\n[resource", "id = [\"P\", \"Q\"]\nid_prefix = \"x-\"\n[resource");
    let id = |row: &str| one(&text, &format!("P,Q\n{row}\n")).unwrap().source_id;
    assert_eq!(id("12,34"), "x-12-34");
    assert_ne!(id("1-2,3"), id("1,2-3"));
    assert_eq!(id("a/b,é"), "x-a.2f.b-.e9.");
    let resource = one(&text, "P,Q\nC 1,2\n").unwrap();
    assert_eq!(resource.subject, Subject::Person("C.20.1".to_owned()));
    assert_eq!(resource.value["subject"]["reference"], "Patient/C.20.1");
}

#[test]
fn rows_that_are_not_whole_are_refused_with_their_reason() {
    let text = small("\"code.text\" = \"A\"");
    let code = |csv: &[u8]| refused(&text, csv).code;
    assert_eq!(code(b"P,A\n1,2,3"), "wrong-number-of-columns");
    assert_eq!(code(b"P,A\n1"), "wrong-number-of-columns");
    assert_eq!(code(b"P,A\n1,\"x"), "unclosed-quote");
    assert_eq!(code(b"P,A\n,x"), "no-identifier");
    assert_eq!(code(b"P,A\n"), "no-row");
    assert_eq!(code(b""), "no-row");
    assert_eq!(code(b"P,A\n1,2\n3,4\n"), "more-than-one-row");
    assert_eq!(code(b"A,B\n1,2"), "missing-column");
    assert_eq!(code(b"P,A,Z\n1,2,3"), "unmapped-column");
    assert_eq!(code(b"P,A,A\n1,2,3"), "repeated-column");
    assert_eq!(code(b"P,\xE9\n1,2"), "not-utf8");
    let reason = refused(&text, b"P,A\n1,caf\xE9");
    assert_eq!((reason.code.as_str(), reason.location.as_deref()), ("not-utf8", Some("column A")));
}

#[test]
fn a_mended_row_may_end_in_line_ends_and_carry_carriage_returns() {
    let text = small("\"code.text\" = \"A\"");
    let resource = one(&text, "\u{FEFF}P,A\r\n1,\"two\r\nlines\"\r\n\r\n").unwrap();
    assert_eq!(resource.value["code"]["text"], "two\r\nlines");
}

#[test]
fn a_row_that_would_say_nothing_is_refused() {
    let text = small("\"code.text\" = \"A\"")
        .replace("id = [\"P\"]\n[resource", "id = [\"P\"]\nwhen = { column = \"A\", in = [\"x\"] }\n[resource");
    assert_eq!(refused(&text, b"P,A\n1,y").code, "nothing-applies");
    assert!(one(&text, "P,A\n1,X\n").is_ok());
}

#[test]
fn who_the_person_is_never_stands_in_a_reason() {
    let text = small("\"code.text\" = \"A\"")
        .replace("id = \"P\"", "id = \"P\"\nbirth_date = { column = \"B\", date = [\"YYYY-MM-DD\"], required = true }");
    let reason = refused(&text, b"P,A,B\n1,2,1938/03/14");
    assert!(!reason.sentence.contains("1938"), "{reason}");
}

#[test]
fn one_mapping_reads_files_with_differing_headers() {
    let text = small("\"code.text\" = \"A\"\n\"note[0].text\" = \"B\"");
    let mapping = Mapping::parse(&text, "small.toml").unwrap();
    for (csv, note) in [("P,A,B\n1,x,y", json!("y")), ("B,P,A\ny,1,x", json!("y")), ("P,A\n1,x", json!(null))] {
        let mapped = map(csv.as_bytes(), &mapping).unwrap();
        assert_eq!(mapped.resources[1].value["code"]["text"], "x");
        assert_eq!(mapped.resources[1].value["note"][0]["text"], note);
    }
    assert!(mapping.matches(b"\xEF\xBB\xBF\"P\",A\r\n") && !mapping.matches(b"A,B\n") && !mapping.matches(b""));
}

#[test]
fn words_outside_the_list_may_become_a_sentence() {
    let text =
        small("\"code.text\" = { column = \"C\", values = { a = \"Apple\" }, otherwise = \"Fruit {C}[ of {D}]\" }");
    for (row, words) in [("1,A,", "Apple"), ("1,b,", "Fruit b"), ("1,b,May", "Fruit b of May")] {
        assert_eq!(one(&text, &format!("P,C,D\n{row}\n")).unwrap().value["code"]["text"], words);
    }
}

#[test]
fn the_message_id_is_all_its_columns_or_none() {
    let text = small("\"code.text\" = \"A\"").replace("[person]", "message_id = [\"A\", \"B\"]\n[person]");
    let mapping = Mapping::parse(&text, "small.toml").unwrap();
    let id = |row: &str| map(format!("P,A,B\n{row}\n").as_bytes(), &mapping).unwrap().message_id;
    assert_eq!(id("1,G-1,01/02/2024").unwrap(), "G-1|01/02/2024");
    assert_ne!(id("1,a|b,c"), id("1,a,b|c"));
    assert_eq!(id("1,a,"), None);
}
