//! What is hidden decides nothing of an answer, its status and its headers among it: two houses that differ only in somebody of
//! another practice answer a client's every request about their ids alike, to the byte.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};
use store::resource::resource_id;

use super::client::{Client, patient};
use crate::hospital::{Patient, appointment};
use crate::house::House;

/// Everything of an answer.
fn said(client: &Client<'_>, method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> String {
    let answer = client.ask(method, address, headers, body.to_owned());
    let mut told: Vec<String> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    told.sort_unstable();
    format!("{method} {address} {headers:?}\n{}\n{}\n{}", answer.status, told.join("\n"), answer.body)
}

fn bundle(method: &str, url: &str, resource: Option<&Value>) -> String {
    let mut entry = json!({"request": {"method": method, "url": url}});
    if let Some(resource) = resource {
        entry["resource"] = resource.clone();
    }
    json!({"resourceType": "Bundle", "type": "batch", "entry": [entry]}).to_string()
}

/// Every way to name one resource by its id, answered.
fn asked_of(client: &Client<'_>, kind: &str, id: &str) -> Vec<String> {
    let address = format!("/fhir/{kind}/{id}");
    let mut body = patient("Probe");
    body["id"] = json!(id);
    if kind == "Appointment" {
        body = json!({"resourceType": "Appointment", "id": id, "status": "booked",
            "participant": [{"status": "accepted", "actor": {"display": "Nobody"}}]});
    }
    let (words, patch) = (body.to_string(), r#"[{"op": "test", "path": "/status", "value": "booked"}]"#);
    let json_patch = ("content-type", "application/json-patch+json");
    let seen = ("if-match", "W/\"1\"");
    let ask = |method: &str, address: &str, headers: &[(&str, &str)], body: &str| {
        said(client, method, address, headers, body)
    };
    vec![
        ask("GET", &address, &[], ""),
        ask("HEAD", &address, &[], ""),
        ask("GET", &address, &[("if-none-match", "W/\"1\"")], ""),
        ask("GET", &address, &[("if-modified-since", "Sun, 22 Nov 2037 09:30:00 GMT")], ""),
        ask("GET", &format!("{address}/_history"), &[], ""),
        ask("GET", &format!("{address}/_history/1"), &[], ""),
        ask("GET", &format!("{address}/$everything"), &[], ""),
        ask("GET", &format!("/fhir/{kind}?_id={id}&_total=accurate"), &[], ""),
        ask("GET", &format!("/fhir/Observation?subject={kind}/{id}"), &[], ""),
        ask("PUT", &address, &[], &words),
        ask("PUT", &address, &[seen], &words),
        ask("PUT", &format!("/fhir/{kind}?identifier=urn:none|none"), &[], &words),
        ask("PATCH", &address, &[json_patch], patch),
        ask("PATCH", &address, &[json_patch, seen], patch),
        ask("DELETE", &address, &[], ""),
        ask("DELETE", &address, &[seen], ""),
        ask("POST", "/fhir", &[], &bundle("GET", &format!("{kind}/{id}"), None)),
        ask("POST", "/fhir", &[], &bundle("PUT", &format!("{kind}/{id}"), Some(&body))),
        ask("POST", "/fhir", &[], &bundle("DELETE", &format!("{kind}/{id}"), None)),
        ask(
            "POST",
            &format!("/fhir/{kind}/_search"),
            &[("content-type", "application/x-www-form-urlencoded")],
            &format!("_id={id}"),
        ),
    ]
}

#[test]
fn two_houses_that_differ_in_what_is_hidden_answer_alike_to_the_last_header() {
    let stranger = Patient::new(77, "Quillfeather", "P88014");
    let ids = [
        ("Patient", resource_id("gp", "Patient", &stranger.number)),
        ("Appointment", resource_id("gp", "Appointment", "hidden")),
    ];
    let (with, without) = (House::empty(), House::empty());
    with.tell("a.json", &appointment(&stranger, "hidden", "2026-11-22T10:20:00Z", "A talk"));
    without.pass(with.now().duration_since(without.now()));
    for (_, id) in ids {
        assert!(with.store.read(|tx| store::resource::current(tx, id)).unwrap().is_some(), "it is there");
        assert!(without.store.read(|tx| store::resource::current(tx, id)).unwrap().is_none(), "and not there");
    }
    let (one, two) = (with.client("gp"), without.client("gp"));
    for (kind, id) in ids {
        let (first, second) = (asked_of(&one, kind, &id.to_string()), asked_of(&two, kind, &id.to_string()));
        for (first, second) in first.iter().zip(&second) {
            assert_eq!(first, second);
            assert!(!first.contains("Quillfeather"), "{first}");
        }
    }
}

#[test]
fn ids_are_given_here_unless_the_configuration_says_otherwise() {
    let house = House::empty();
    let gp = house.client("gp");
    let mut body = patient("Own");
    body["id"] = json!("mine");
    let refused = gp.put("/fhir/Patient/mine", &[], &body);
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{}", refused.body);
    assert!(refused.body.contains("create it with POST"));
    let statement = gp.get("/fhir/metadata").json();
    assert_eq!(statement["rest"][0]["resource"][0]["updateCreate"], json!(false));
    // What is theirs already is changed as ever, and so is what a search names without an id.
    let id = gp.post("/fhir/Patient", &patient("Own")).json()["id"].as_str().unwrap().to_owned();
    body["id"] = json!(id);
    assert_eq!(gp.put(&format!("/fhir/Patient/{id}"), &[], &body).status, StatusCode::OK);
    let new = gp.ask(
        "PUT",
        "/fhir/Practitioner?identifier=urn:staff|1",
        &[],
        Body::from(
            json!({"resourceType": "Practitioner", "identifier": [{"system": "urn:staff", "value": "1"}]}).to_string(),
        ),
    );
    assert_eq!(new.status, StatusCode::CREATED, "{}", new.body);
}
