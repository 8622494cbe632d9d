//! Versions by their headers: ETag, Last-Modified, Location, and the conditions made of them; what comes back of a write.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;

use crate::house::House;

use super::client::{patient, pulse};

#[test]
fn a_resource_from_its_first_version_to_its_last() {
    let house = House::empty();
    let gp = house.client("gp");
    let made = gp.post("/fhir/Patient", &patient("Version"));
    assert_eq!(made.status, StatusCode::CREATED);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.word("location"), format!("http://weft.example/fhir/Patient/{id}/_history/1"));
    assert_eq!((made.word("etag"), made.word("last-modified")), ("W/\"1\"", "Sun, 22 Nov 2026 09:30:00 GMT"));
    let address = format!("/fhir/Patient/{id}");
    for (name, value, status) in [
        ("if-none-match", "W/\"1\"", 304),
        ("if-none-match", "W/\"2\"", 200),
        ("if-modified-since", "Sun, 22 Nov 2026 09:30:00 GMT", 304),
        ("if-modified-since", "Sun, 22 Nov 2026 09:29:59 GMT", 200),
    ] {
        let answer = gp.ask("GET", &address, &[(name, value)], Body::empty());
        assert_eq!((answer.status.as_u16(), answer.body.is_empty()), (status, status == 304), "{name}: {value}");
    }
    let mut changed = patient("Version");
    changed["id"] = json!(id);
    changed["gender"] = json!("female");
    let second = gp.put(&address, &[("if-match", "W/\"1\"")], &changed);
    assert_eq!((second.status, second.word("etag")), (StatusCode::OK, "W/\"2\""), "{}", second.body);
    assert_eq!(gp.put(&address, &[("if-match", "W/\"1\"")], &changed).status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(gp.get(&format!("{address}/_history/1")).json().get("gender"), None);
    let gone = gp.ask("DELETE", &address, &[], Body::empty());
    assert_eq!((gone.status, gone.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(gp.get(&address).status, StatusCode::GONE);
    assert_eq!(gp.get(&format!("{address}/_history/2")).json()["gender"], "female");
    let history = gp.get(&format!("{address}/_history")).json();
    let methods: Vec<_> =
        history["entry"].as_array().unwrap().iter().map(|entry| entry["request"]["method"].clone()).collect();
    assert_eq!(methods, ["DELETE", "PUT", "PUT"]);
}

#[test]
fn what_comes_back_of_a_write_is_what_was_preferred() {
    let house = House::empty();
    let gp = house.client("gp");
    for (prefer, kind) in
        [("return=minimal", ""), ("return=representation", "Patient"), ("return=OperationOutcome", "OperationOutcome")]
    {
        let made = gp.ask("POST", "/fhir/Patient", &[("prefer", prefer)], patient("Prefer").to_string());
        assert_eq!(made.status, StatusCode::CREATED, "{prefer}");
        let found =
            if made.body.is_empty() { String::new() } else { made.json()["resourceType"].as_str().unwrap().to_owned() };
        assert_eq!(found, kind, "{prefer}");
        assert!(!made.word("location").is_empty(), "{prefer}");
    }
}

#[test]
fn digits_and_the_order_of_keys_come_back_as_they_were_sent() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Digits");
    let made = gp.post("/fhir/Observation", &pulse(&id, "72.50"));
    assert!(made.body.contains("72.50"), "{}", made.body);
    let found = gp.get(&format!("/fhir/Observation?patient={id}&value-quantity=72.50"));
    assert!(found.body.contains("\"value\":72.50"), "{}", found.body);
    let pretty = gp.get(&format!("/fhir/Observation?patient={id}&_pretty=true"));
    assert!(pretty.body.contains("\n  ") && pretty.body.contains("72.50"), "{}", pretty.body);
}

#[test]
fn a_form_asks_what_an_address_asks() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Former");
    gp.register("Other");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let byform = gp.ask("POST", "/fhir/Patient/_search?_count=5", &form, "family=Former&_format=json").json();
    let byaddress = gp.get("/fhir/Patient?_count=5&family=Former").json();
    assert_eq!(byform["entry"], byaddress["entry"]);
    assert_eq!(byform["entry"][0]["resource"]["id"], *id);
    assert_eq!(byform["entry"][0]["fullUrl"], format!("http://weft.example/fhir/Patient/{id}"));
    assert_eq!(byform["link"][0]["url"], "http://weft.example/fhir/Patient?_count=5&family=Former");
}
