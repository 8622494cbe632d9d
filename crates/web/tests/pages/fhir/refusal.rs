//! What is refused: the status, the code, the place and the words of each, kept as a list that a reader can judge.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;

use crate::house::House;

use super::client::{patient, pulse};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const PATCH: (&str, &str) = ("content-type", "application/json-patch+json");

/// Method, address, headers and body.
type Ask<'a> = (&'a str, String, Vec<(&'a str, &'a str)>, String);

#[test]
fn every_refusal_says_what_where_and_what_to_do() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Refused");
    let of = |text: &str| text.replace("ID", &id);
    let deep = format!("{{\"resourceType\":\"Patient\",\"extension\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let nan = patient("X").to_string().replace("1950-06-01", "1950-02-30");
    let twice = "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"gender\":\"female\"}";
    let bundle = |kind: &str, entry: serde_json::Value| {
        json!({"resourceType": "Bundle", "type": kind, "entry": entry}).to_string()
    };
    let post = |resource: serde_json::Value| {
        let url = resource["resourceType"].clone();
        json!({"resource": resource, "request": {"method": "POST", "url": url}})
    };
    let dangling = json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000000"}});
    let asks: Vec<Ask<'_>> = vec![
        ("GET", "/fhir/Patient?surname=x".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?family:sounds=x".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?birthdate=about1950".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?birthdate=zz1950".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?_count=-1".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?_include=Patient:nothing".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?surname=x".to_owned(), vec![("prefer", "handling=lenient")], String::new()),
        ("GET", "/fhir/Patient?family=%FF".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient?_cursor=nonsense".to_owned(), vec![], String::new()),
        ("POST", "/fhir/Patient/_search".to_owned(), vec![], "{}".to_owned()),
        ("POST", "/fhir/Patient/_search".to_owned(), vec![FORM], "familly=x".to_owned()),
        ("GET", "/fhir/Pateint/1".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient/no_such".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient/nobody".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient/nobody/_history/2".to_owned(), vec![], String::new()),
        ("GET", of("/fhir/Patient/ID?_pretty=perhaps"), vec![], String::new()),
        ("GET", of("/fhir/Patient/ID?verbose=true"), vec![], String::new()),
        ("GET", of("/fhir/Patient/ID/_history?_since=yesterday"), vec![], String::new()),
        ("GET", of("/fhir/Patient/ID/$everything?_type=Nonsense"), vec![], String::new()),
        ("GET", of("/fhir/Patient/ID/$everything?start=2026-02-30"), vec![], String::new()),
        ("GET", "/fhir/Patient/$export".to_owned(), vec![], String::new()),
        ("GET", "/fhir/_history".to_owned(), vec![], String::new()),
        ("GET", "/fhir?_type=Patient".to_owned(), vec![], String::new()),
        ("GET", "/fhir/Patient/1/2/3/4".to_owned(), vec![], String::new()),
        ("POST", "/fhir/metadata".to_owned(), vec![], String::new()),
        ("POST", of("/fhir/Patient/ID"), vec![], String::new()),
        ("GET", of("/fhir/Patient/ID"), vec![("accept", "application/fhir+xml")], String::new()),
        ("GET", of("/fhir/Patient/ID?_format=ttl"), vec![], String::new()),
        ("POST", "/fhir/Patient".to_owned(), vec![("content-type", "application/fhir+xml")], "<Patient/>".to_owned()),
        (
            "POST",
            "/fhir/Patient".to_owned(),
            vec![("content-type", "application/json; charset=latin1")],
            "{}".to_owned(),
        ),
        ("POST", "/fhir/Patient".to_owned(), vec![], String::new()),
        ("POST", "/fhir/Patient".to_owned(), vec![], "{\"resourceType\":\"Patient\",".to_owned()),
        ("POST", "/fhir/Patient".to_owned(), vec![], "[]".to_owned()),
        ("POST", "/fhir/Patient".to_owned(), vec![], deep),
        ("POST", "/fhir/Patient".to_owned(), vec![], twice.to_owned()),
        ("POST", "/fhir/Patient".to_owned(), vec![], nan),
        ("POST", "/fhir/Patient".to_owned(), vec![], json!({"resourceType": "Patient", "height": 3}).to_string()),
        (
            "POST",
            "/fhir/Patient".to_owned(),
            vec![],
            json!({"resourceType": "Patient", "gender": "unclear"}).to_string(),
        ),
        ("POST", "/fhir/Patient".to_owned(), vec![], json!({"resourceType": "Observation"}).to_string()),
        ("POST", "/fhir/Patient?active=true".to_owned(), vec![], patient("X").to_string()),
        ("POST", "/fhir/Parameters".to_owned(), vec![], json!({"resourceType": "Parameters"}).to_string()),
        ("POST", "/fhir/Observation".to_owned(), vec![], pulse("nobody", "72").to_string()),
        ("POST", "/fhir/Patient".to_owned(), vec![("if-none-exist", "sirname=x")], patient("X").to_string()),
        ("PUT", of("/fhir/Patient/ID"), vec![], json!({"resourceType": "Patient", "id": "another"}).to_string()),
        ("PUT", of("/fhir/Patient/ID"), vec![("if-match", "1")], patient("X").to_string()),
        ("PUT", of("/fhir/Patient/ID"), vec![("if-match", "W/\"7\"")], patient("X").to_string()),
        ("PUT", of("/fhir/Patient/ID"), vec![("if-none-match", "*")], patient("X").to_string()),
        ("PUT", "/fhir/Patient".to_owned(), vec![], patient("X").to_string()),
        ("PATCH", of("/fhir/Patient/ID"), vec![("content-type", "application/json")], "{}".to_owned()),
        ("PATCH", of("/fhir/Patient/ID"), vec![PATCH], "[{\"op\":\"move\"}]".to_owned()),
        (
            "PATCH",
            of("/fhir/Patient/ID"),
            vec![PATCH],
            "[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"x\"}]".to_owned(),
        ),
        ("PATCH", "/fhir/Patient/nobody".to_owned(), vec![PATCH], "[]".to_owned()),
        ("DELETE", "/fhir/Patient".to_owned(), vec![], String::new()),
        ("DELETE", of("/fhir/Patient/ID"), vec![], "{}".to_owned()),
        ("POST", "/fhir".to_owned(), vec![], patient("X").to_string()),
        ("POST", "/fhir".to_owned(), vec![], bundle("collection", json!([]))),
        ("POST", "/fhir".to_owned(), vec![], bundle("transaction", json!([post(patient("X")), post(dangling)]))),
        ("POST", "/fhir".to_owned(), vec![], bundle("transaction", json!([{"resource": patient("X")}]))),
        ("POST", "/fhir/Patient/$validate?profile=http://x.example".to_owned(), vec![], patient("X").to_string()),
        ("POST", "/fhir/Patient/$match".to_owned(), vec![], patient("X").to_string()),
    ];
    let mut told = String::new();
    for (method, address, headers, body) in asks {
        let answer = gp.ask(method, &address, &headers, body);
        assert!(answer.status.is_client_error(), "{method} {address}: {} {}", answer.status, answer.body);
        let (code, place, words) = answer.issue();
        let headers: String = headers.iter().map(|(name, value)| format!(" [{name}: {value}]")).collect();
        let allowed = Some(answer.word("allow"))
            .filter(|word| !word.is_empty())
            .map_or_else(String::new, |word| format!(" Allow: {word}"));
        writeln!(
            told,
            "{method} {}{headers}\n    {} {code}{allowed} {place}\n    {words}",
            address.replace(&id, "ID"),
            answer.status.as_u16()
        )
        .unwrap();
    }
    assert!(!told.contains("panick"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn nothing_of_a_refused_transaction_is_kept() {
    let house = House::empty();
    let gp = house.client("gp");
    let before = house.happened();
    let entry = |resource: serde_json::Value, url: &str| json!({"resource": resource, "request": {"method": "POST", "url": url}});
    let broken = json!({"resourceType": "Observation", "status": "perhaps", "code": {"text": "x"}});
    let sent = json!({"resourceType": "Bundle", "type": "transaction", "entry": [entry(patient("Gone"), "Patient"), entry(broken, "Observation")]});
    let answer = gp.post("/fhir", &sent);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.issue().1.starts_with("Bundle.entry[1].resource"), "{}", answer.body);
    assert_eq!(house.happened(), before, "no entry in the log");
    assert_eq!(gp.get("/fhir/Patient?family=Gone&_summary=count").json()["total"], 0);
}

#[test]
fn ten_megabytes_and_no_more() {
    let house = House::empty();
    let gp = house.client("gp");
    let answer = gp.ask("POST", "/fhir/Patient", &[], vec![b' '; 10 * 1024 * 1024 + 1]);
    assert_eq!((answer.status, answer.issue().0.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too-long"));
    let answer = gp.ask("POST", "/fhir/Patient", &[], vec![b' '; 10 * 1024 * 1024]);
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "large enough to be read, and no JSON");
}

#[test]
fn a_full_disk_is_a_503_and_shows_nobody() {
    let house = House::open();
    let gp = house.client("gp");
    let id = gp.register("Full");
    // Another person's first look has to be written down.
    let nurse = house.client("district-nurse");
    house.full.store(true, std::sync::atomic::Ordering::Relaxed);
    for answer in [
        nurse.get(&format!("/fhir/Patient/{id}")),
        nurse.get("/fhir/Patient?family=Full"),
        gp.post("/fhir/Patient", &patient("More")),
    ] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
        assert_eq!(answer.word("retry-after"), "60");
        assert!(!answer.body.contains("Full"), "{}", answer.body);
    }
    house.full.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(nurse.get(&format!("/fhir/Patient/{id}")).status, StatusCode::OK);
}

#[test]
fn a_head_has_the_headers_and_no_body() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Header");
    let answer = gp.ask("HEAD", &format!("/fhir/Patient/{id}"), &[], Body::empty());
    assert_eq!((answer.status, answer.word("etag"), answer.body.as_str()), (StatusCode::OK, "W/\"1\"", ""));
}
