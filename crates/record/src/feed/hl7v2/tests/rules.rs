//! Single rules, each with the smallest message that shows it.

use serde_json::json;

use super::*;
use crate::feed::Merge;
use crate::feed::hl7v2::{map, messages};

fn adt(event: &str, rest: &[&str]) -> Vec<u8> {
    let header = format!("{HEADER}ADT^{event}|C1|P|2.4");
    lines(&[&[header.as_str()], rest].concat())
}

fn oru(rest: &[&str]) -> Mapped {
    let header = format!("{HEADER}ORU^R01|C1|P|2.4");
    let mapped = map(&lines(&[&[header.as_str(), "PID|1||S1^^^RWJ^MR"], rest].concat())).unwrap();
    holds(&mapped);
    mapped
}

fn code_of(raw: &[u8]) -> (String, String) {
    let reason = map(raw).unwrap_err();
    (reason.code, reason.location.unwrap_or_default())
}

#[test]
fn a_bad_date_is_named_by_its_field_and_not_repeated() {
    let raw = adt("A31", &["PID|1||S1||A^B||19580231"]);
    let reason = map(&raw).unwrap_err();
    assert_eq!((reason.code.as_str(), reason.location.as_deref()), ("bad-date", Some("PID-7")));
    assert!(!reason.sentence.contains("19580231"));
    assert_eq!(code_of(&adt("A31", &["EVN|A31|tomorrow", "PID|1||S1"])).1, "EVN-2");
}

#[test]
fn without_an_identifier_nobody_is_guessed() {
    for pid in ["PID|1||", "PID|1||^^^RWJ^MR", "PID|1||\"\"", "PID|1||9990001007^^^NHS^NH", "PID"] {
        assert_eq!(code_of(&adt("A31", &[pid])), ("no-identifier".to_owned(), "PID-3".to_owned()), "{pid}");
    }
    assert_eq!(code_of(&adt("A31", &["EVN|A31|20260101"])).0, "no-identifier");
    assert_eq!(code_of(&adt("A40", &["PID|1||S1"])), ("no-identifier".to_owned(), "MRG-1".to_owned()));
    assert_eq!(code_of(&adt("A31", &["PID|1||S1", "PID|2||S2"])).0, "several-people");
}

#[test]
fn the_local_id_is_the_senders_own() {
    for (pid, local) in [
        ("PID|1||9990001006^^^NHS^NH~A7^^^RWJ^PI~S1^^^RWJ^MR", "S1"),
        ("PID|1||9990001006^^^NHS^NH~A7^^^RWJ^PI", "A7"),
        ("PID|1||123^^^USSSA^SS~X9", "X9"),
        ("PID|1||999 000 1006^^^NHS^NH", "nhs-number-9990001006"),
        ("PID|1||999-000-1006^^^&2.16.840.1.113883.2.1.4.1&ISO", "nhs-number-9990001006"),
        // A hospital's own number under "NHS", and a number of ten valid digits that nobody calls an NHS number.
        ("PID|1||4567^^^NHS^MR", "4567"),
        ("PID|1||9990001006^^^RWJ^MR", "9990001006"),
    ] {
        assert_eq!(only(&map(&adt("A31", &[pid])).unwrap(), "Patient")["id"], local, "{pid}");
    }
}

#[test]
fn an_nhs_number_that_cannot_be_one_is_kept_but_not_believed() {
    let mapped = map(&adt("A31", &["PID|1||S1^^^RWJ^MR~9990001007^^^NHS^NH"])).unwrap();
    let identifier = &only(&mapped, "Patient")["identifier"][1];
    assert_eq!(identifier["value"], "9990001007");
    assert!(identifier.get("system").is_none());
    assert!(identifier["type"]["text"].as_str().unwrap().contains("check digit is wrong"));
}

#[test]
fn the_state_of_a_visit_follows_the_event() {
    let visit = |event: &str, end: &str| {
        let pv1 = format!("PV1|1|I|W1|||||||||||||||||||||||||||||||||||||||||20260101|{end}").replacen(
            "W1||||||||||||||||",
            "W1||||||||||||||||V1",
            1,
        );
        let mapped = map(&adt(event, &["EVN||20260103", "PID|1||S1", &pv1])).unwrap();
        let encounter = only(&mapped, "Encounter").clone();
        assert_eq!(encounter["id"], "V1");
        let end = encounter["period"].get("end").map_or("", |end| end.as_str().unwrap()).to_owned();
        (encounter["status"].as_str().unwrap().to_owned(), end)
    };
    let pair = |status: &str, end: &str| (status.to_owned(), end.to_owned());
    assert_eq!(visit("A01", ""), pair("in-progress", ""));
    assert_eq!(visit("A08", "20260102"), pair("finished", "2026-01-02"));
    assert_eq!(visit("A03", "20260102"), pair("finished", "2026-01-02"));
    assert_eq!(visit("A03", ""), pair("finished", "2026-01-03"));
    assert_eq!(visit("A11", ""), pair("cancelled", ""));
    assert_eq!(visit("A13", "20260102"), pair("in-progress", ""));
    // What is about the person must not open the stay again.
    for event in ["A28", "A31"] {
        assert!(of(&map(&adt(event, &["PID|1||S1", "PV1|1|I|W1"])).unwrap(), "Encounter").is_empty());
    }
    assert!(of(&map(&adt("A08", &["PID|1||S1", "PV1|1|N"])).unwrap(), "Encounter").is_empty());
}

#[test]
fn a_visit_without_a_number_is_known_by_its_admission() {
    let id = |event: &str, admitted: &str| {
        let pv1 = format!("PV1|1|E{}{admitted}", "|".repeat(42));
        let mapped = map(&adt(event, &["EVN||20260103", "PID|1||S1", &pv1])).unwrap();
        only(&mapped, "Encounter")["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(id("A04", "202601011000"), id("A03", "202601011000+0000"));
    assert_ne!(id("A04", "202601011000"), id("A04", "202601021000"));
}

#[test]
fn a_repeated_snapshot_is_the_same_and_a_second_allergy_is_another() {
    let raw = adt("A08", &["PID|1||S1", "AL1|1|DA|1^Penicillin^L", "AL1|2|DA|1^Penicillin^L|SV", "AL1|3|FA|2^Nuts^L"]);
    let ids = |raw: &[u8]| -> Vec<String> {
        of(&map(raw).unwrap(), "AllergyIntolerance").iter().map(|one| one.source_id.clone()).collect()
    };
    assert_eq!(ids(&raw), ids(&raw));
    let found = ids(&raw);
    assert_eq!(found.len(), 3);
    assert_eq!(found[1], format!("{}-2", found[0]), "a differing second one must not hide the first");
    // Set ids move when a sender leaves one out; the allergy stays itself.
    assert_eq!(ids(&adt("A08", &["PID|1||S1", "AL1|1|FA|2^Nuts^L"]))[0], found[2]);
}

#[test]
fn merges_name_every_prior_of_the_senders_own() {
    let raw = adt(
        "A40",
        &["PID|1||S1^^^RWJ^MR", "MRG|S2^^^RWJ^MR~9990001006^^^NHS^NH~S3^^^RWJ^PI~V1^^^RWJ^VN", "PID|2||S8", "MRG|S9"],
    );
    let mapped = map(&raw).unwrap();
    let merge = |prior: &str, surviving: &str| Merge { prior: prior.to_owned(), surviving: surviving.to_owned() };
    assert_eq!(mapped.merges, [merge("S2", "S1"), merge("S3", "S1"), merge("S9", "S8")]);
    assert_eq!(of(&mapped, "Patient").len(), 2);
}

#[test]
fn values_keep_what_was_sent() {
    for (obx, key, value) in [
        (
            "NM|c||007.50|g",
            "valueQuantity",
            json!({"value": serde_json::from_str::<Value>("7.50").unwrap(), "unit": "g"}),
        ),
        ("NM|c||>=1000|g", "valueQuantity", json!({"value": 1000, "comparator": ">=", "unit": "g"})),
        ("NM|c||haemolysed|g", "valueString", json!("haemolysed g")),
        ("ST|c||5", "valueString", json!("5")),
        (
            "ST|c||4.2|mmol/L^^UCUM",
            "valueQuantity",
            json!({"value": serde_json::from_str::<Value>("4.2").unwrap(), "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}),
        ),
        ("SN|c||^1^:^128", "valueRatio", json!({"numerator": {"value": 1}, "denominator": {"value": 128}})),
        ("SN|c||^2^-^4|g", "valueRange", json!({"low": {"value": 2, "unit": "g"}, "high": {"value": 4, "unit": "g"}})),
        ("SN|c||^3^+", "valueString", json!("3 +")),
        ("SN|c||<^5", "valueQuantity", json!({"value": 5, "comparator": "<"})),
        ("DT|c||20260102", "valueDateTime", json!("2026-01-02")),
        ("TS|c||202601020930", "valueDateTime", json!("2026-01-02T09:30:00+00:00")),
        ("DT|c||sometime", "valueString", json!("sometime")),
        ("TM|c||0930", "valueTime", json!("09:30:00")),
        ("TM|c||2530", "valueString", json!("2530")),
        (
            "CE|c||1^One^L~2^Two^L",
            "valueCodeableConcept",
            json!({"coding": [
            {"system": "urn:hl7v2:coding-system:L", "code": "1", "display": "One"},
            {"system": "urn:hl7v2:coding-system:L", "code": "2", "display": "Two"}], "text": "One; Two"}),
        ),
        (r"FT|c||one\.br\two \T\ three\X0D0A\four", "valueString", json!("one\ntwo & three\r\nfour")),
        (r"ST|c||C:\temp\file", "valueString", json!(r"C:\temp\file")),
        ("XX|c||a^b", "valueString", json!("a^b")),
    ] {
        let mapped = oru(&["OBR|1||F1|p^Panel^L", &format!("OBX|1|{obx}")]);
        assert_eq!(only(&mapped, "Observation")[key], value, "{obx}");
    }
}

#[test]
fn ranges_are_read_where_they_can_be() {
    for (text, low, high) in
        [("3.5-5.3", "3.5", "5.3"), ("-2--1", "-2", "-1"), ("<5", "", "5"), (">=60", "60", ""), ("see note", "", "")]
    {
        let mapped = oru(&["OBR|1||F1|p", &format!("OBX|1|NM|c||4||{text}")]);
        let range = &only(&mapped, "Observation")["referenceRange"][0];
        let end = |key: &str| range[key].get("value").map(ToString::to_string).unwrap_or_default();
        assert_eq!((range["text"].as_str().unwrap(), end("low").as_str(), end("high").as_str()), (text, low, high));
    }
}

#[test]
fn lines_of_one_text_are_one_result_and_notes_stay_with_theirs() {
    let mapped = oru(&[
        "OBR|1||F1|p^Report^L",
        "NTE|1||above",
        "OBX|1|TX|c^Comment^L|1|first",
        "OBX|2|TX|c^Comment^L|1|",
        "OBX|3|TX|c^Comment^L|1|third~  indented",
        "NTE|1||below~and more",
        "OBX|4|TX|c^Comment^L|2|other",
    ]);
    let found = of(&mapped, "Observation");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].value["valueString"], "first\n\nthird\n  indented");
    assert_eq!(found[0].value["note"], json!([{ "text": "below\nand more" }]));
    assert_eq!(only(&mapped, "DiagnosticReport")["conclusion"], "above");
}

#[test]
fn who_read_the_result_is_named_in_the_old_way_and_the_new() {
    for person in ["&CYTO&JANE^20141006", "7^CYTO^JANE"] {
        let obr = format!("OBR|1||F1|p{}{person}", "|".repeat(28));
        let mapped = oru(&[&obr]);
        let report = only(&mapped, "DiagnosticReport").clone();
        assert_eq!(report["resultsInterpreter"][0]["display"], "JANE CYTO");
    }
}

#[test]
fn a_correction_is_the_next_version_and_another_order_is_another() {
    let id = |filler: &str, value: &str| {
        of(&oru(&[&format!("OBR|1||{filler}|p"), &format!("OBX|1|NM|c||{value}|g|||||C")]), "Observation")[0]
            .source_id
            .clone()
    };
    assert_eq!(id("F1", "1"), id("F1", "2"));
    assert_ne!(id("F1", "1"), id("F2", "1"));
}

#[test]
fn two_people_in_one_result_message_never_mix() {
    let header = format!("{HEADER}ORU^R01|C1|P|2.4");
    let raw = lines(&[&header, "PID|1||S1", "OBR|1|||p", "OBX|1|NM|c||1", "PID|2||S2", "OBR|1|||p", "OBX|1|NM|c||2"]);
    let mapped = map(&raw).unwrap();
    holds(&mapped);
    let whose: Vec<&str> =
        of(&mapped, "Observation").iter().map(|one| one.value["subject"]["reference"].as_str().unwrap()).collect();
    assert_eq!(whose, ["Patient/S1", "Patient/S2"]);
}

#[test]
fn letters_of_old_machines_are_read() {
    for bytes in [b"Si\xE2n".as_slice(), "Siân".as_bytes()] {
        let raw = [adt("A31", &["PID|1||S1||O\\T\\Brien^"]), bytes.to_vec()].concat();
        let mapped = map(&raw).unwrap();
        assert_eq!(only(&mapped, "Patient")["name"][0], json!({ "family": "O&Brien", "given": ["Siân"] }));
    }
    let stated = b"MSH|^~\\&|A|B|||20260105||ADT^A31|1|P|2.4||||||8859/1\rPID|1||S1||O\x92Neill^Zo\xEB";
    assert_eq!(only(&map(stated).unwrap(), "Patient")["name"][0]["family"], "O\u{2019}Neill");
}

#[test]
fn other_separators_and_line_ends_serve_as_well() {
    let raw = b"\xEF\xBB\xBF\nMSH*!~\\&*A*B***20260105**ADT!A31*1*P*2.4\r\n PID*1**S1!!!RWJ!MR**Ash|worth!Ann\n\n";
    let mapped = map(raw).unwrap();
    assert_eq!(only(&mapped, "Patient")["name"][0]["family"], "Ash|worth");
    assert_eq!(mapped.message_id.unwrap(), "A|B|ADT^A31|1|20260105");
}

#[test]
fn an_event_that_only_evn_names_is_taken() {
    let raw = lines(&["MSH|^~\\&|A|B|||20260105||ADT|1|P|2.1", "EVN|A08|20260104", "PID|1||S1"]);
    assert_eq!(map(&raw).unwrap().kind, "ADT^A08");
}

#[test]
fn a_message_without_a_control_id_is_known_by_its_content() {
    let raw = lines(&["MSH|^~\\&|A|B|||20260105||ADT^A31||P|2.4", "PID|1||S1"]);
    assert_eq!(map(&raw).unwrap().message_id, None);
}

#[test]
fn a_file_is_cut_and_nothing_is_lost() {
    let file = b"\xEF\xBB\xBFstray\r\nline\nFHS|^~\\&|x\rBHS|^~\\&\rMSH|^~\\&|1\r\nPID|1\r\n\r\n\x0BMSH|^~\\&|2\nPID|2\n\x1C\rBTS|2\rFTS\rafter\n";
    let cut: Vec<(String, u64)> = messages(file.as_slice())
        .map(|raw| raw.unwrap())
        .map(|raw| (String::from_utf8(raw.bytes).unwrap().replace("\r\n", "/").replace('\n', "/"), raw.line.unwrap()))
        .collect();
    let expected = [("\u{feff}stray/line", 1), ("MSH|^~\\&|1/PID|1", 5), ("MSH|^~\\&|2/PID|2", 8), ("after", 13)];
    assert_eq!(cut, expected.map(|(text, line)| (text.to_owned(), line)));
    assert_eq!(messages(b"\r\n \n\x0B\x1C\r".as_slice()).count(), 0);
}
