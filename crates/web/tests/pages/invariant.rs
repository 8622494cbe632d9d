//! A client that tries to break each promise of the journey by the API and by forms of its own making. The rules themselves are
//! tested with the ask (`care`), the database's with it (`tests/all/ask`); here nothing but requests is sent. Which test tries which promise by
//! which way stands in docs/clinical-safety/invariants.md.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::ask::asked;
use crate::fhir::client::Client;
use crate::fhir::message::invented;
use crate::house::{House, Visitor};

/// An ask for Margaret that the desk has taken; its id.
fn taken(house: &House) -> String {
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    assert_eq!(house.sign_in("coordinator").send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    ask.replace("/asks/", "")
}

/// The ask with all its resources, but for when they changed.
fn whole(client: &Client<'_>, ask: &str) -> Vec<Value> {
    let mut all = vec![client.get(&format!("/fhir/ServiceRequest/{ask}")).json()];
    for search in [format!("Task?focus=ServiceRequest/{ask}"), format!("Communication?based-on=ServiceRequest/{ask}")] {
        let page = client.get(&format!("/fhir/{search}")).json();
        all.extend(page["entry"].as_array().into_iter().flatten().map(|entry| entry["resource"].clone()));
    }
    all
}

/// Tries to have a resource of an ask say something else, by every interaction there is.
fn forced(client: &Client<'_>, resource: &Value, path: &str, value: &Value) {
    let (kind, id) = (resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    let address = format!("/fhir/{kind}/{id}");
    let mut changed = resource.clone();
    match changed.pointer_mut(path) {
        Some(place) => *place = value.clone(),
        None => changed[path.trim_start_matches('/')] = value.clone(),
    }
    let patch = json!([{"op": "add", "path": path, "value": value}]).to_string();
    let version = resource["meta"]["versionId"].as_str().unwrap();
    let seen = format!("W/\"{version}\"");
    for answer in [
        client.put(&address, &[], &changed),
        client.put(&address, &[("if-match", &seen)], &changed),
        client.ask("PATCH", &address, &[("content-type", "application/json-patch+json")], patch),
        client.ask("DELETE", &address, &[], Body::empty()),
    ] {
        assert!(answer.status.is_client_error(), "{kind} {path}: {} {}", answer.status, answer.body);
    }
    for kind_of in ["transaction", "batch"] {
        let entry = json!({"request": {"method": "PUT", "url": format!("{kind}/{id}")}, "resource": changed});
        client.post("/fhir", &json!({"resourceType": "Bundle", "type": kind_of, "entry": [entry]}));
    }
    // A resource of one's own that says so beside it.
    changed.as_object_mut().unwrap().remove("id");
    client.post(&format!("/fhir/{kind}"), &changed);
}

#[test]
fn no_write_of_a_resource_moves_an_ask_or_ends_it() {
    let house = House::open();
    let ask = taken(&house);
    let (gp, nurse) = (house.client("gp"), house.client("triage-nurse"));
    let before = whole(&gp, &ask);
    let request = before[0].clone();
    let hop = before.iter().find(|one| one["id"].as_str().unwrap().contains(".hop-")).unwrap().clone();
    let work = before.iter().find(|one| one["id"].as_str().unwrap().contains(".work-")).unwrap().clone();
    let elsewhere = json!({"identifier": {"system": care::ask::fhir::TEAM_ID, "value": "service:crisis-response"}});
    for client in [&gp, &nurse] {
        // I1: nobody has it, or two have it.
        forced(client, &request, "/performer", &json!([]));
        forced(client, &request, "/performer", &json!([elsewhere, elsewhere]));
        // I2: it is somebody's who has not said yes.
        forced(client, &work, "/owner", &elsewhere);
        forced(client, &hop, "/owner", &elsewhere);
        forced(client, &hop, "/status", &json!("rejected"));
        // I3: declined, with nothing instead.
        forced(client, &request, "/status", &json!("revoked"));
        forced(client, &work, "/status", &json!("rejected"));
        // I4, I6: ended, with no outcome and no answer.
        forced(client, &request, "/status", &json!("completed"));
        forced(client, &work, "/status", &json!("completed"));
        // I5: another id, another person.
        forced(client, &request, "/identifier", &json!([{"system": care::ask::fhir::ASK_ID, "value": "1"}]));
        forced(client, &request, "/subject", &json!({"display": "Somebody else"}));
    }
    let after = whole(&gp, &ask);
    let own = |all: Vec<Value>| -> Vec<Value> {
        all.into_iter().filter(|one| one["id"].as_str().unwrap().starts_with(&ask)).collect()
    };
    assert_eq!(own(after), own(before), "nothing of the ask has changed");
    assert!(house.store.verify(None).unwrap().findings.is_empty());
}

#[test]
fn a_message_never_closes_an_ask_nor_moves_it_to_another_person() {
    let house = House::open();
    let (gp, desk) = (house.client("gp"), house.sign_in("coordinator"));
    let sent = gp.post("/fhir/$process-message", &invented("referral"));
    let reference = sent.json()["entry"][0]["resource"]["focus"][0]["reference"].as_str().unwrap().to_owned();
    let ask = reference.replace("ServiceRequest/", "");
    let read = || gp.get(&format!("/fhir/{reference}")).json();
    assert_eq!(desk.send(&format!("/asks/{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    let before = read();
    // I5: an update that speaks of somebody else adds its words, to the same ask for the same person.
    let mut other = invented("update");
    other["entry"][2]["resource"]["identifier"][0]["value"] = json!("9990002371");
    other["entry"][2]["resource"]["name"] = json!([{"family": "Else", "given": ["Somebody"]}]);
    assert_eq!(gp.post("/fhir/$process-message", &other).status, StatusCode::OK);
    assert_eq!((&read()["id"], &read()["subject"]), (&before["id"], &before["subject"]));
    // I1, I4: taken back by its sender it is still somebody's, and open until there are an outcome and an answer.
    assert_eq!(gp.post("/fhir/$process-message", &invented("cancel")).status, StatusCode::OK);
    let after = read();
    assert_eq!((&after["status"], &after["performer"]), (&json!("revoked"), &before["performer"]));
    let page = desk.get(&format!("/asks/{ask}")).body;
    assert!(page.contains("It stays open until there is an outcome and whoever asked is told."), "{page}");
}

/// A form that a program fills in, with the session's own token.
fn refused(by: &Visitor<'_>, address: &str, fields: &[(&str, &str)], words: &str) {
    let answer = by.send(address, fields);
    assert_ne!(answer.status, StatusCode::SEE_OTHER, "{address} {fields:?}");
    assert!(answer.body.contains(words), "{address} {fields:?}: no {words} in {}", answer.body);
}

#[test]
fn a_form_of_ones_own_making_breaks_no_promise() {
    let house = House::open();
    let ask = format!("/asks/{}", taken(&house));
    let at = |deed: &str| format!("{ask}/{deed}");
    let (gp, nurse, responder) =
        (house.sign_in("gp"), house.sign_in("triage-nurse"), house.sign_in("crisis-responder"));
    // I2: taken by somebody to whom it was not offered; by the sender, who no longer has it.
    assert_eq!(responder.send(&at("accept"), &[]).status, StatusCode::NOT_FOUND);
    refused(&gp, &at("accept"), &[], "There is a problem");
    assert_eq!(nurse.send(&at("start"), &[]).status, StatusCode::SEE_OTHER);
    // I3: a decline without what instead, without a name, without a team that there is.
    let full = [
        ("because", "No responder tonight"),
        ("what", "The clinic"),
        ("how", "They ring"),
        ("team", "service:crisis-response"),
        ("name", "Sam Lee"),
        ("urgency", "same-day"),
    ];
    for (left_out, _) in full {
        let fields: Vec<_> = full.into_iter().filter(|(name, _)| *name != left_out).collect();
        refused(&nurse, &at("decline"), &fields, "nhsuk-error-message");
        let blank: Vec<_> =
            full.into_iter().map(|(name, value)| (name, if name == left_out { " \u{200b}" } else { value })).collect();
        refused(&nurse, &at("decline"), &blank, "nhsuk-error-message");
    }
    // I7, I8, I9: a level that there is none of, another than the first without a reason, figures that were not on the screen.
    let offers = nurse.get(&at("triage"));
    let seen = offers.between("name=\"seen\" value=\"", "\"").to_owned();
    let second = offers.body.split("name=\"service\" value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let triage = |seen: &str, level: &str, reason: &str, words: &str| {
        let fields = [
            ("service", second.as_str()),
            ("seen", seen),
            ("level", level),
            ("reason", reason),
            ("because", "Known to them"),
        ];
        refused(&nurse, &at("triage"), &fields, words);
    };
    triage(&seen, "home", "", "Say why this one and not the first");
    triage(&seen, "home", "whim", "Say why this one and not the first");
    for forged in ["", "1", "0000000000000000000000000000000000000000000000000000000000000000"] {
        triage(forged, "home", "continuity", "has changed since this page was opened");
    }
    // I4: closed at once; with an answer alone; with an outcome alone.
    refused(&nurse, &at("close"), &[], "There is a problem");
    let advise = [("advice", "Call the pick-up"), ("because", "Not hurt"), ("urgency", "same-day")];
    assert_eq!(nurse.send(&at("advise"), &advise).status, StatusCode::SEE_OTHER);
    refused(&nurse, &at("close"), &[], "There is a problem");
    let outcome = [("ending", "advice-given"), ("words", "Picked up")];
    assert_eq!(nurse.send(&at("outcome"), &outcome).status, StatusCode::SEE_OTHER);
    refused(&nurse, &at("close"), &[], "There is a problem");
    // I1: while it is open it is offered to one and kept by one; a second offer, and one to nobody, are refused.
    let owner =
        house.client("gp").get(&format!("/fhir/ServiceRequest/{}", ask.replace("/asks/", ""))).json()["performer"]
            .clone();
    assert_eq!(owner.as_array().map(Vec::len), Some(1));
    refused(&nurse, &at("hand-on"), &[("team", ""), ("note", "Please"), ("warm", "no")], "nhsuk-error-message");
}

#[test]
fn a_level_that_there_is_none_of_is_no_level() {
    let house = House::open();
    let ask = format!("/asks/{}", taken(&house));
    let nurse = house.sign_in("triage-nurse");
    assert_eq!(nurse.send(&format!("{ask}/start"), &[]).status, StatusCode::SEE_OTHER);
    let offers = nurse.get(&format!("{ask}/triage"));
    let seen = offers.between("name=\"seen\" value=\"", "\"").to_owned();
    let first = offers.body.split("name=\"service\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [
        ("service", first.as_str()),
        ("seen", seen.as_str()),
        ("level", "penthouse"),
        ("reason", ""),
        ("because", "Because"),
    ];
    nurse.send(&format!("{ask}/triage"), &fields);
    // Whatever was made of it, what stands is one of the five.
    let levels = care::triage::Level::ALL.map(care::triage::Level::word);
    let mut decided = Vec::new();
    house
        .store
        .read(|tx| {
            decided.clear();
            store::log::walk(tx, 1, &mut |_, entry| {
                if entry.event == "TriageDecided" {
                    decided.push(entry.body.clone());
                }
                Ok(())
            })
        })
        .unwrap();
    for body in decided {
        assert!(!body.contains("penthouse") && levels.iter().any(|level| body.contains(level)), "{body}");
    }
}

#[test]
fn a_child_meets_no_dead_end_by_message_or_form() {
    let house = House::open();
    let (gp, desk, nurse) = (house.client("gp"), house.sign_in("coordinator"), house.sign_in("triage-nurse"));
    let mut child = invented("referral");
    let patient = &mut child["entry"][2]["resource"];
    (patient["birthDate"], patient["name"]) = (json!("2018-04-02"), json!([{"family": "Young", "given": ["Ada"]}]));
    patient.as_object_mut().unwrap().remove("identifier");
    let sent = gp.post("/fhir/$process-message", &child);
    let reference = sent.json()["entry"][0]["resource"]["focus"][0]["reference"]
        .as_str()
        .unwrap_or_else(|| panic!("{}", sent.body))
        .to_owned();
    let at = |deed: &str| format!("{}/{deed}", reference.replace("ServiceRequest/", "/asks/"));
    assert_eq!(desk.send(&at("accept"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(nurse.send(&at("start"), &[]).status, StatusCode::SEE_OTHER);
    let advise = [("advice", "Rest"), ("because", "Not hurt"), ("urgency", "same-day")];
    assert_eq!(nurse.send(&at("advise"), &advise).status, StatusCode::SEE_OTHER);
    let answer = [("to", "The crew"), ("how", "On the line"), ("words", "Rest")];
    assert_eq!(nurse.send(&at("answer"), &answer).status, StatusCode::SEE_OTHER);
    assert_eq!(
        nurse.send(&at("outcome"), &[("ending", "advice-given"), ("words", "Better")]).status,
        StatusCode::SEE_OTHER
    );
    // I6: the last step, by a form without anywhere to go on to, and by the API.
    refused(&nurse, &at("close"), &[], "nhsuk-error-message");
    refused(&nurse, &at("close"), &[("name", "Her school"), ("contact", "")], "nhsuk-error-message");
    let request = gp.get(&format!("/fhir/{reference}")).json();
    forced(&gp, &request, "/status", &json!("completed"));
    assert_eq!(gp.get(&format!("/fhir/{reference}")).json()["status"], "active");
    let on = [("name", "The children\u{2019}s community team"), ("contact", "01632 960055")];
    assert_eq!(nurse.send(&at("close"), &on).status, StatusCode::SEE_OTHER);
}
