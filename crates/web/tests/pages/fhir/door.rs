//! Who gets in, and how far.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use web::app::ADDRESSES;

use crate::house::{House, everybody};

use super::client::{patient, pulse};

fn anywhere(address: &str) -> String {
    address.replace("{type}", "Observation").replace("{id}", "nobody").replace("{version}", "1")
}

#[test]
fn without_a_token_only_the_capability_statement_answers() {
    let house = House::empty();
    let stranger = house.stranger();
    for (method, address) in ADDRESSES {
        let answer = stranger.ask(method, &anywhere(address), &[], Body::empty());
        if *address == "/fhir/metadata" {
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.json()["implementation"]["url"], "http://weft.example/fhir");
            continue;
        }
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {address}");
        assert!(answer.word("www-authenticate").starts_with("Bearer"), "{method} {address}");
        assert_eq!(answer.issue().0, "login", "{method} {address}");
    }
}

#[test]
fn every_answer_of_the_api_has_the_security_headers_and_is_fhir() {
    let house = House::empty();
    let (gp, stranger) = (house.client("gp"), house.stranger());
    for (method, address) in ADDRESSES {
        for answer in [
            gp.ask(method, &anywhere(address), &[], Body::empty()),
            stranger.ask(method, &anywhere(address), &[], Body::empty()),
        ] {
            assert_eq!(
                answer.word("content-security-policy"),
                web::headers::CONTENT_SECURITY_POLICY,
                "{method} {address}"
            );
            assert_eq!(answer.word("x-content-type-options"), "nosniff", "{method} {address}");
            let kept = if *address == "/fhir/metadata" { "public, max-age=300" } else { "no-store" };
            assert_eq!(answer.word("cache-control"), kept, "{method} {address}");
            assert!(!answer.headers.contains_key("access-control-allow-origin"), "{method} {address}");
            if answer.status != StatusCode::NO_CONTENT {
                assert_eq!(answer.word("content-type"), "application/fhir+json; charset=utf-8", "{method} {address}");
                assert!(answer.json()["resourceType"].is_string(), "{method} {address}");
            }
        }
    }
}

#[test]
fn a_browsers_cookie_reads_and_never_writes() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    assert_eq!(gp.get("/fhir/Patient/nobody").status, StatusCode::NOT_FOUND);
    for (method, address) in ADDRESSES.iter().filter(|(method, _)| *method != "GET") {
        let request = gp.request(method, &anywhere(address)).header(header::CONTENT_TYPE, "application/fhir+json");
        let answer = house.send(request.body(Body::from(patient("Cookie").to_string())).unwrap());
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {address}");
    }
}

#[test]
fn a_token_ends_when_unused_and_a_wrong_one_opens_nothing() {
    let house = House::empty();
    let gp = house.client("gp");
    assert_eq!(gp.get("/fhir/Patient/nobody").status, StatusCode::NOT_FOUND);
    house.pass(SignedDuration::from_mins(31));
    assert_eq!(gp.get("/fhir/Patient/nobody").status, StatusCode::UNAUTHORIZED);
    for wrong in ["Bearer nonsense", "Bearer ", "Basic Z3A6Z3A="] {
        let answer = house.stranger().ask("GET", "/fhir/Patient/nobody", &[("authorization", wrong)], Body::empty());
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
}

#[test]
fn a_program_that_asks_for_nobodys_token_is_told_whose_there_are() {
    let house = House::empty();
    let request = house.anybody().request("POST", "/sign-in").header(header::ACCEPT, "application/json");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = house.send(request.body(Body::from("persona=nobody")).unwrap());
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("invalid_request") && answer.body.contains("district-nurse"), "{}", answer.body);
}

#[test]
fn everybody_at_every_kind_of_request() {
    let house = House::open();
    let gp = house.client("gp");
    let id = gp.register("Matrix");
    let made = gp.post("/fhir/Observation", &pulse(&id, "72"));
    let observation = made.json()["id"].as_str().unwrap().to_owned();
    let asks: [(&str, String, Option<serde_json::Value>); 9] = [
        ("GET", format!("/fhir/Patient/{id}"), None),
        ("GET", format!("/fhir/Observation/{observation}"), None),
        ("GET", "/fhir/Patient?family=Matrix".to_owned(), None),
        ("GET", format!("/fhir/Observation?patient={id}"), None),
        ("GET", "/fhir/Patient?family=Matrix&_has:Observation:patient:value-quantity=72".to_owned(), None),
        ("GET", format!("/fhir/Patient/{id}/$everything"), None),
        ("GET", format!("/fhir/Observation/{observation}/_history"), None),
        ("POST", "/fhir/Observation".to_owned(), Some(pulse(&id, "73"))),
        ("POST", "/fhir/Patient/$validate".to_owned(), Some(patient("Matrix"))),
    ];
    let people = everybody();
    let mut matrix = format!("{:72}", "");
    for persona in &people {
        write!(matrix, " {persona:>17}").unwrap();
    }
    let clients: Vec<_> = people.into_iter().map(|persona| house.client(persona)).collect();
    for (method, address, body) in &asks {
        let shown = address.replace(&id, "{id}").replace(&observation, "{observation}");
        write!(matrix, "\n{:72}", format!("{method} {shown}")).unwrap();
        for client in &clients {
            let answer = client.ask(method, address, &[], body.as_ref().map(ToString::to_string).unwrap_or_default());
            let entries = answer.json()["entry"].as_array().map_or(0, Vec::len);
            let many = if answer.json()["resourceType"] == "Bundle" { format!(" ({entries})") } else { String::new() };
            write!(matrix, " {:>17}", format!("{}{many}", answer.status.as_u16())).unwrap();
        }
    }
    insta::assert_snapshot!(matrix);
}
