//! AuditEvent: every look for a privacy officer, one's own for a person, none for anybody else; never written.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::House;

use super::client::pulse;

fn events(bundle: &Value) -> Vec<Value> {
    bundle["entry"].as_array().into_iter().flatten().map(|entry| entry["resource"].clone()).collect()
}

#[test]
fn an_officer_finds_looks_by_person_time_reader_action_and_outcome() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Watched");
    gp.get(&format!("/fhir/Patient/{id}"));
    house.client("analyst").get(&format!("/fhir/Patient/{id}"));
    let officer = house.client("privacy-officer");
    let found = |query: &str| {
        let answer = officer.get(&format!("/fhir/AuditEvent?{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        events(&answer.json())
    };
    let all = found(&format!("patient=Patient/{id}"));
    assert!(!all.is_empty());
    for event in &all {
        assert_eq!(fhir::validate::resource(event), [], "{event}");
        assert!(
            event["entity"].as_array().unwrap().iter().any(|one| one["what"]["reference"] == format!("Patient/{id}"))
        );
        let read = officer.get(&format!("/fhir/AuditEvent/{}", event["id"].as_str().unwrap()));
        assert_eq!(&read.json(), event, "read by itself it is the same");
    }
    let by_gp = found(&format!("patient={id}&agent-name=nair&action=R"));
    assert!(by_gp.iter().all(|event| event["agent"][0]["altId"] == "persona|gp") && !by_gp.is_empty());
    assert_eq!(found("agent-role=gp&subtype=read-record").len(), by_gp.len());
    assert!(found("outcome=4").iter().all(|event| event["outcome"] == "4"));
    assert_eq!(found("date=lt2026-11-22").len(), 0);
    assert!(!found("date=ge2026-11-22&type=rest").is_empty());
    for nothing in
        ["type=login", "outcome=12", "agent-role=root", "patient=nobody", "agent-name=Nobodyatall", "action=C"]
    {
        assert_eq!(found(nothing), Vec::<Value>::new(), "{nothing}");
    }
}

#[test]
fn pages_follow_the_newest_first_without_a_gap() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Paged");
    for _ in 0..7 {
        house.pass(jiff::SignedDuration::from_mins(11));
        gp.get(&format!("/fhir/Patient/{id}"));
    }
    let officer = house.client("privacy-officer");
    let mut address = format!("/fhir/AuditEvent?patient={id}&action=R&_count=3");
    let mut times = Vec::new();
    loop {
        let page = officer.get(&address).json();
        times
            .push(events(&page).iter().map(|event| event["recorded"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
        let next = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next");
        let Some(next) = next else { break };
        address = next["url"].as_str().unwrap().split_once("weft.example").unwrap().1.to_owned();
    }
    let sizes: Vec<usize> = times.iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 3, 1]);
    let flat: Vec<String> = times.into_iter().flatten().collect();
    assert!(flat.is_sorted_by(|one, next| one > next), "{flat:?}");
}

#[test]
fn a_person_reads_the_looks_at_themselves_and_at_nobody_else() {
    let house = House::open();
    let gp = house.client("gp");
    let found = gp.get("/fhir/Patient?family=Ashworth").json();
    let patients: Vec<String> = events(&found).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert!(patients.len() > 1);
    let me = house.client("citizen");
    let mine = events(&me.get("/fhir/AuditEvent?_count=200").json());
    assert!(!mine.is_empty());
    for event in &mine {
        assert_eq!(event["entity"].as_array().unwrap().len(), 1, "nobody else stands in it: {event}");
        assert!(event["agent"][0].get("altId").is_none());
        assert_eq!(fhir::validate::resource(event), []);
    }
    let own = mine[0]["entity"][0]["what"]["reference"].as_str().unwrap().to_owned();
    assert!(mine.iter().all(|event| event["entity"][0]["what"]["reference"] == own));
    for patient in patients.iter().filter(|patient| format!("Patient/{patient}") != own) {
        let answer = me.get(&format!("/fhir/AuditEvent?patient={patient}"));
        let others = events(&answer.json());
        assert!(others.iter().all(|event| event["entity"][0]["what"]["reference"] == own), "{}", answer.body);
    }
    // A look at somebody else is not there for them by its id either.
    let stranger = gp.register("Stranger");
    assert_eq!(gp.get(&format!("/fhir/Patient/{stranger}")).status, 200);
    let officer = house.client("privacy-officer");
    let all = events(&officer.get("/fhir/AuditEvent?agent-role=gp&_count=200").json());
    let is_mine = |event: &Value| {
        event["entity"].as_array().into_iter().flatten().any(|person| person["what"]["reference"] == own)
    };
    let stranger = all.iter().find(|event| event.get("entity").is_some() && !is_mine(event)).unwrap();
    assert_eq!(me.get(&format!("/fhir/AuditEvent/{}", stranger["id"].as_str().unwrap())).status, 404);
    assert_eq!(me.get("/fhir/AuditEvent?agent-name=nair").status, 400);
}

#[test]
fn nobody_else_reads_and_nobody_writes() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Written");
    gp.post("/fhir/Observation", &pulse(&id, "72"));
    for persona in ["gp", "consultant", "receptionist", "records-officer", "analyst"] {
        let client = house.client(persona);
        for address in ["/fhir/AuditEvent".to_owned(), format!("/fhir/AuditEvent/{id}")] {
            let before = house.happened();
            assert_eq!(client.get(&address).status, 403, "{persona} {address}");
            assert_eq!(house.happened(), before + 1, "{persona} {address}: written down");
        }
    }
    let event = json!({ "resourceType": "AuditEvent", "id": "a" });
    for client in [&gp, &house.client("privacy-officer")] {
        for (method, address) in [
            ("POST", "/fhir/AuditEvent"),
            ("PUT", "/fhir/AuditEvent/a"),
            ("DELETE", "/fhir/AuditEvent/a"),
            ("PATCH", "/fhir/AuditEvent/a"),
            ("GET", "/fhir/AuditEvent/a/_history"),
        ] {
            let body = if matches!(method, "POST" | "PUT") { event.to_string() } else { String::new() };
            let answer = client.ask(method, address, &[], body);
            assert_eq!(answer.status, 405, "{method} {address}: {}", answer.body);
            assert!(answer.issue().2.contains("AuditEvent"), "{}", answer.body);
        }
    }
    let bundle = json!({
        "resourceType": "Bundle", "type": "transaction",
        "entry": [{ "resource": { "resourceType": "AuditEvent" }, "request": { "method": "POST", "url": "AuditEvent" } }]
    });
    let answer = gp.post("/fhir", &bundle);
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(answer.issue().2.contains("cannot be written"), "{}", answer.body);
}

#[test]
fn the_capability_statement_says_what_can_be_asked_and_no_more() {
    let house = House::empty();
    let statement = house.stranger().get("/fhir/metadata").json();
    assert_eq!(fhir::validate::resource(&statement), []);
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    let said: Vec<&Value> = resources.iter().filter(|one| one["type"] == "AuditEvent").collect();
    assert_eq!(said.len(), 1);
    let codes: Vec<&str> =
        said[0]["interaction"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["read", "search-type"]);
    let officer = house.client("privacy-officer");
    for parameter in said[0]["searchParam"].as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        let value = if name == "date" { "2026" } else { "x" };
        assert_eq!(officer.get(&format!("/fhir/AuditEvent?{name}={value}")).status, 200, "{name}");
    }
    assert_eq!(officer.get("/fhir/AuditEvent?entity=x").status, 400);
    assert!(resources.iter().all(|one| {
        let reverse = one["searchRevInclude"].as_array();
        reverse.into_iter().flatten().all(|word| !word.as_str().unwrap_or_default().starts_with("AuditEvent:"))
    }));
}

#[test]
fn a_reader_with_the_persons_name_is_worth_a_look_and_not_accused() {
    let house = House::empty();
    let patient = serde_json::json!({
        "resourceType": "Patient", "name": [{ "family": "Nair", "given": ["Asha"] }], "birthDate": "1950-02-03"
    });
    let gp = house.client("gp");
    let made = gp.post("/fhir/Patient", &patient);
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(gp.get(&format!("/fhir/Patient/{id}")).status, StatusCode::OK);
    let home = house.sign_in("privacy-officer").get("/privacy");
    assert!(home.body.contains("opened the record of Asha Nair, who has the same family name."), "{}", home.body);
    for word in ["suspicious", "breach", "misuse", "snoop", "violation", "offence"] {
        assert!(!home.body.to_lowercase().contains(word), "{word}");
    }
}
