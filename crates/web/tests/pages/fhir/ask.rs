//! Asks for help by the API: what whoever may open one by its page reads of it here, and nobody else.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::client::Client;
use crate::ask::asked;
use crate::house::{House, everybody};

/// A house with one ask for Margaret by her GP; the id of the ask and of her Patient.
fn one_ask(house: &House) -> (String, String) {
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret).replace("/asks/", "");
    let read = house.client("gp").get(&format!("/fhir/ServiceRequest/{ask}"));
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    let patient = read.json()["subject"]["reference"].as_str().unwrap().replace("Patient/", "");
    (ask, patient)
}

/// The ids of the matches of a search, and its total.
fn found(client: &Client<'_>, address: &str) -> (Vec<String>, Option<u64>) {
    let answer = client.get(address);
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let matches = entries.iter().filter(|entry| entry["search"]["mode"] == "match");
    let ids = matches.map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect();
    (ids, bundle["total"].as_u64())
}

#[test]
fn an_ask_is_a_request_with_its_tasks_and_what_was_said() {
    let house = House::open();
    let (ask, patient) = one_ask(&house);
    let (desk, nurse) = (house.sign_in("coordinator"), house.sign_in("triage-nurse"));
    let gp = house.client("gp");
    let read = gp.get(&format!("/fhir/ServiceRequest/{ask}"));
    assert_eq!(fhir::validate::resource(&read.json()), [], "{}", read.body);
    assert_eq!(gp.get(&format!("/fhir/Patient/{patient}")).status, StatusCode::OK, "its subject leads somewhere");
    assert_eq!(read.word("etag"), "W/\"2\"");
    let unchanged =
        gp.ask("GET", &format!("/fhir/ServiceRequest/{ask}"), &[("if-none-match", "W/\"2\"")], Body::empty());
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    assert_eq!(desk.send(&format!("/asks/{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(nurse.send(&format!("/asks/{ask}/start"), &[]).status, StatusCode::SEE_OTHER);
    let question = [("words", "Who is with her?")];
    assert_eq!(nurse.send(&format!("/asks/{ask}/more"), &question).status, StatusCode::SEE_OTHER);
    let tasks = found(&gp, &format!("/fhir/Task?focus=ServiceRequest/{ask}")).0;
    assert_eq!(tasks.len(), 2, "the work, and the hop: {tasks:?}");
    for id in &tasks {
        let task = gp.get(&format!("/fhir/Task/{id}"));
        assert_eq!((task.status, fhir::validate::resource(&task.json())), (StatusCode::OK, vec![]), "{}", task.body);
    }
    let said = found(&gp, &format!("/fhir/Communication?based-on=ServiceRequest/{ask}")).0;
    let said = gp.get(&format!("/fhir/Communication/{}", said[0]));
    assert_eq!(said.json()["payload"][0]["contentString"], "Who is with her?");
    assert_eq!(fhir::validate::resource(&said.json()), []);
    for (address, many) in [
        (format!("ServiceRequest?patient={patient}"), 1),
        (format!("ServiceRequest?subject=Patient/{patient}&status=active"), 1),
        (format!("ServiceRequest?subject=Patient/{patient}&status=completed,revoked"), 0),
        (format!("ServiceRequest?patient={patient}&authored=ge2026-11-22&priority=stat"), 1),
        (format!("ServiceRequest?patient={patient}&authored=lt2026-11-22"), 0),
        (format!("ServiceRequest?patient={patient}&category=fall"), 1),
        (format!("ServiceRequest?patient={patient}&category:not=fall"), 0),
        (format!("ServiceRequest?identifier=https://weft.example/id/ask|{ask}"), 1),
        (format!("ServiceRequest?_id={ask}&patient={patient}"), 1),
        (format!("ServiceRequest?_id={ask}&patient=nobody"), 0),
        (format!("Task?patient={patient}"), 2),
        (format!("Task?patient={patient}&status=on-hold"), 1),
        (format!("Task?patient={patient}&status=accepted"), 1),
        (format!("Task?_id={}&business-status=more-info-asked", tasks[0]), 1),
        (format!("Communication?patient={patient}&status=completed"), 1),
        (format!("Communication?subject=Patient/{patient}&sent=lt2020"), 0),
    ] {
        let (ids, total) = found(&gp, &format!("/fhir/{address}&_total=accurate"));
        // Her practice has sent a request of its own, which stands beside them.
        assert_eq!(ids.iter().filter(|id| id.starts_with(&ask)).count(), many, "{address}");
        assert_eq!(total, Some(ids.len() as u64), "{address}");
        assert_eq!(found(&gp, &format!("/fhir/{address}&_summary=count")).1, total, "{address}");
        let form = gp.ask(
            "POST",
            &format!("/fhir/{}/_search", address.split('?').next().unwrap()),
            &[("content-type", "application/x-www-form-urlencoded")],
            address.split('?').nth(1).unwrap().to_owned(),
        );
        assert_eq!(form.json()["entry"].as_array().map_or(0, Vec::len), ids.len(), "{address}");
    }
    assert_eq!(
        gp.get(&format!("/fhir/ServiceRequest?patient={patient}&stauts=active")).status,
        StatusCode::BAD_REQUEST
    );
    // What is not looked for among asks is said, and not passed over.
    for address in ["Task?status=requested".to_owned(), format!("ServiceRequest?patient={patient}&_sort=authored")] {
        let bundle = gp.get(&format!("/fhir/{address}")).json();
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(entries.last().unwrap()["search"]["mode"], "outcome", "{address}");
        assert!(
            entries.last().unwrap()["resource"]["issue"][0]["diagnostics"]
                .as_str()
                .unwrap()
                .contains("Asks for help are not among these")
        );
        assert_eq!(fhir::validate::resource(&bundle), [], "{address}");
    }
    let statement = gp.get("/fhir/metadata").json();
    let of = statement["rest"][0]["resource"].as_array().unwrap().iter().find(|one| one["type"] == "Task").unwrap();
    assert!(of["documentation"].as_str().unwrap().contains("ask for help"));
}

#[test]
fn pages_run_through_the_asks_and_then_through_what_others_sent() {
    let house = House::open();
    let (_, patient) = one_ask(&house);
    let margaret = house.sign_in("gp").person("Margaret Ashworth").to_string();
    for _ in 0..3 {
        asked(&house.sign_in("gp"), &margaret);
        house.pass(jiff::SignedDuration::from_mins(1));
    }
    let gp = house.client("gp");
    for number in 0..3 {
        let made = gp.post(
            "/fhir/ServiceRequest",
            &json!({"resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": {"text": format!("Test {number}")},
                "subject": {"reference": format!("Patient/{patient}")}}),
        );
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    }
    let (whole, total) = found(&gp, &format!("/fhir/ServiceRequest?patient={patient}&_total=accurate"));
    // Four asks, what her practice sent, and the three.
    assert_eq!((whole.len(), total), (8, Some(8)));
    for size in 1..9 {
        let mut address = format!("/fhir/ServiceRequest?patient={patient}&_count={size}&_total=accurate");
        let mut seen = Vec::new();
        for _ in 0..10 {
            let page = gp.get(&address).json();
            let entries = page["entry"].as_array().cloned().unwrap_or_default();
            assert!(entries.len() <= size, "{size}");
            assert_eq!(page["total"], 8, "{size}");
            seen.extend(entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()));
            let next = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next");
            let Some(next) = next else { break };
            address = next["url"].as_str().unwrap().replace("http://weft.example", "");
        }
        assert_eq!(seen, whole, "in pages of {size}");
    }
    let strange = gp.get(&format!("/fhir/ServiceRequest?patient={patient}&_cursor=ask.x.y"));
    assert_eq!(strange.status, StatusCode::BAD_REQUEST);
}

/// The ids of what matches, page after page, each of at most so many; and how many pages there were.
fn every_page(client: &Client<'_>, address: &str, most: usize) -> (Vec<String>, usize) {
    let (mut address, mut seen) = (address.to_owned(), Vec::new());
    for pages in 1..300 {
        let answer = client.get(&address);
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
        let page = answer.json();
        let entries = page["entry"].as_array().cloned().unwrap_or_default();
        let matches = entries.iter().filter(|entry| entry["search"]["mode"] == "match");
        let ids: Vec<String> = matches.map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect();
        assert!(ids.len() <= most, "{address}");
        seen.extend(ids);
        let next = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next");
        let Some(next) = next else { return (seen, pages) };
        address = next["url"].as_str().unwrap().replace("http://weft.example", "");
    }
    panic!("the pages of {address} have no end");
}

#[test]
fn everything_of_a_person_has_their_asks_behind_what_the_record_holds() {
    let house = House::open();
    let (ask, patient) = one_ask(&house);
    let desk = house.sign_in("gp");
    let margaret = desk.person("Margaret Ashworth").to_string();
    let mut asks = vec![ask];
    for _ in 0..2 {
        house.pass(jiff::SignedDuration::from_mins(1));
        asks.push(asked(&desk, &margaret).replace("/asks/", ""));
    }
    let gp = house.client("gp");
    let address = format!("/fhir/Patient/{patient}/$everything");
    let (whole, pages) = every_page(&gp, &address, 5_000);
    assert_eq!(pages, 1);
    let of_an_ask = |id: &String| asks.iter().any(|ask| id.starts_with(ask.as_str()));
    let begins = whole.iter().position(of_an_ask).unwrap();
    assert!(begins > 10, "the record stands first: {begins}");
    // Of each its request, the work on it and the offer to the desk, the oldest ask first.
    let wanted: Vec<String> =
        asks.iter().flat_map(|ask| [ask.clone(), format!("{ask}.work-0"), format!("{ask}.hop-2")]).collect();
    assert_eq!(&whole[begins..], wanted);
    let entry = gp.get(&address).json()["entry"].as_array().unwrap()[begins].clone();
    assert_eq!(entry["resource"], gp.get(&format!("/fhir/ServiceRequest/{}", asks[0])).json());
    for size in [1, 2, 7, begins, begins + 1, whole.len() - 1, whole.len()] {
        let (seen, pages) = every_page(&gp, &format!("{address}?_count={size}"), size);
        assert_eq!((seen, pages), (whole.clone(), whole.len().div_ceil(size)), "in pages of {size}");
    }
    let tasks = every_page(&gp, &format!("{address}?_type=Task&_count=2"), 2).0;
    assert_eq!(tasks.iter().filter(|id| of_an_ask(id)).count(), 6);
    let since = house.now() - jiff::SignedDuration::from_secs(30);
    let latest = every_page(&gp, &format!("{address}?_since={since}"), 99).0;
    assert_eq!(latest, wanted[6..], "only the last ask has changed in the last half minute");
    let today = every_page(&gp, &format!("{address}?_type=ServiceRequest&start=2026-11-22&end=2026-11-22"), 99).0;
    assert_eq!(today.iter().filter(|id| of_an_ask(id)).count(), 3);
    let later = every_page(&gp, &format!("{address}?_type=ServiceRequest&start=2026-11-23"), 99).0;
    assert!(!later.iter().any(of_an_ask), "{later:?}");
    let body =
        json!({"resourceType": "Parameters", "parameter": [{"name": "_type", "valueString": "Communication,Task"}]});
    let posted = gp.post(&address, &body).json();
    assert_eq!(
        posted["entry"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["resource"]["id"].as_str().is_some_and(|id| of_an_ask(&id.to_owned())))
            .count(),
        6
    );
    assert_eq!(fhir::validate::resource(&gp.get(&format!("{address}?_type=Task,Communication")).json()), []);
    for strange in ["ask.x.y", "ask.1", "ask.", "0198"] {
        assert_eq!(gp.get(&format!("{address}?_cursor={strange}")).status, StatusCode::BAD_REQUEST, "{strange}");
    }
    // The citizen reads their own; whoever may open none is told of none (see below).
    let own = every_page(&house.client("citizen"), &address, 5_000).0;
    assert_eq!(own.iter().filter(|id| of_an_ask(id)).count(), 9);
}

/// Every way to come by an ask, answered.
fn asked_of(client: &Client<'_>, ask: &str, patient: &str) -> Vec<(StatusCode, String)> {
    let bundle = |method: &str, url: &str| {
        json!({"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": method, "url": url}}]})
            .to_string()
    };
    let mut all = Vec::new();
    let mut say = |method: &str, address: &str, body: String| {
        let answer = client.ask(method, address, &[], body);
        all.push((answer.status, answer.body));
    };
    for (kind, id) in [
        ("ServiceRequest", ask.to_owned()),
        ("Task", format!("{ask}.work-0")),
        ("Task", format!("{ask}.hop-2")),
        ("Communication", format!("{ask}.communication-3")),
    ] {
        let address = format!("/fhir/{kind}/{id}");
        say("GET", &address, String::new());
        say("GET", &format!("{address}/_history"), String::new());
        say("GET", &format!("/fhir/{kind}?_id={id}&_total=accurate"), String::new());
        say("GET", &format!("/fhir/{kind}?_id={id}&_summary=count"), String::new());
        say("PUT", &address, json!({"resourceType": kind, "id": id}).to_string());
        say("DELETE", &address, String::new());
        say("POST", "/fhir", bundle("GET", &format!("{kind}/{id}")));
        say("POST", "/fhir", bundle("DELETE", &format!("{kind}/{id}")));
    }
    for query in [
        format!("ServiceRequest?patient={patient}&_total=accurate"),
        format!("ServiceRequest?patient={patient}&_count=0"),
        format!("ServiceRequest?patient={patient}&_sort=-authored"),
        format!("ServiceRequest?patient={patient}&_include=ServiceRequest:patient&_revinclude=Task:focus"),
        format!("ServiceRequest?identifier=https://weft.example/id/ask|{ask}"),
        format!("Task?focus=ServiceRequest/{ask}&_total=accurate"),
        format!("Task?patient={patient}&status:not=draft"),
        format!("Task?focus:missing=false&patient={patient}"),
        format!("Communication?based-on=ServiceRequest/{ask}"),
        format!("Patient?_has:ServiceRequest:patient:status=active&_id={patient}"),
        format!("Task?focus:ServiceRequest.status=active&patient={patient}"),
        format!("ServiceRequest?_cursor=ask.1.{}.0&patient={patient}", ask.replace('-', "")),
        format!("Patient/{patient}/$everything"),
        format!("Patient/{patient}/$everything?_count=1&_type=ServiceRequest,Task,Communication"),
        format!("Patient/{patient}/$everything?_count=1&_cursor=ask.first"),
        format!("Patient/{patient}/$everything?_cursor=ask.1.{}.0", ask.replace('-', "")),
    ] {
        say("GET", &format!("/fhir/{query}"), String::new());
    }
    all
}

#[test]
fn whoever_cannot_open_an_ask_by_its_page_cannot_tell_by_the_api_that_it_is_there() {
    let (with, without) = (House::open(), House::open());
    let (ask, patient) = one_ask(&with);
    without.pass(with.now().duration_since(without.now()));
    let mut shut = 0;
    for persona in everybody() {
        let opens = with.sign_in(persona).get(&format!("/asks/{ask}")).body.contains("kitchen");
        let client = with.client(persona);
        let read = client.get(&format!("/fhir/ServiceRequest/{ask}"));
        assert_eq!(read.status == StatusCode::OK, opens, "{persona}: {}", read.body);
        if opens {
            continue;
        }
        shut += 1;
        let (one, two) = (asked_of(&client, &ask, &patient), asked_of(&without.client(persona), &ask, &patient));
        for (number, (one, two)) in one.iter().zip(&two).enumerate() {
            // The address of a page and the moment of an answer are all that may differ: both houses stand at the same moment.
            assert_eq!(one, two, "{persona}, {number}");
            assert!(!one.1.contains("kitchen"), "{persona}");
        }
    }
    assert!(shut >= 6, "{shut}");
}

#[test]
fn each_look_at_an_ask_is_written_down_and_one_that_finds_nothing_is_not() {
    let house = House::open();
    let (ask, patient) = one_ask(&house);
    house.pass(jiff::SignedDuration::from_mins(11));
    let gp = house.client("gp");
    let looks = || {
        let mut looks: Vec<Value> = Vec::new();
        let walked = house.store.read(|tx| {
            looks.clear();
            store::log::walk(tx, 1, &mut |_, entry| {
                if entry.kind == "look" {
                    looks.push(serde_json::from_str(&entry.body).unwrap_or_default());
                }
                Ok(())
            })
        });
        walked.unwrap();
        looks.len()
    };
    let before = looks();
    assert_eq!(gp.get(&format!("/fhir/ServiceRequest?patient={patient}&status=completed")).status, StatusCode::OK);
    assert_eq!(looks(), before, "nothing was found, nobody was looked at");
    assert_eq!(gp.get(&format!("/fhir/ServiceRequest/{ask}")).status, StatusCode::OK);
    assert_eq!(looks(), before + 1);
    assert_eq!(gp.get(&format!("/fhir/Task?focus=ServiceRequest/{ask}")).status, StatusCode::OK);
    assert_eq!(looks(), before + 1, "one sitting");
    house.pass(jiff::SignedDuration::from_mins(11));
    assert_eq!(gp.get(&format!("/fhir/Task?focus=ServiceRequest/{ask}")).status, StatusCode::OK);
    assert_eq!(looks(), before + 2);
}

#[test]
fn an_ask_is_never_changed_as_if_it_were_a_resource() {
    let house = House::open();
    let (ask, patient) = one_ask(&house);
    let gp = house.client("gp");
    let before = gp.get(&format!("/fhir/ServiceRequest/{ask}"));
    let mut changed = before.json();
    changed["status"] = json!("completed");
    let patch = [("content-type", "application/json-patch+json")];
    let closed = r#"[{"op": "replace", "path": "/status", "value": "completed"}]"#;
    let address = format!("/fhir/ServiceRequest/{ask}");
    for refused in [
        gp.put(&address, &[], &changed),
        gp.put(&address, &[("if-match", "W/\"2\"")], &changed),
        gp.ask("PATCH", &address, &patch, closed),
        gp.ask("DELETE", &address, &[], Body::empty()),
        gp.ask("DELETE", &format!("/fhir/Task/{ask}.hop-2"), &[], Body::empty()),
    ] {
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{}", refused.body);
        assert!(refused.issue().2.contains("$process-message"));
    }
    for (method, url) in [("PUT", format!("ServiceRequest/{ask}")), ("DELETE", format!("ServiceRequest/{ask}"))] {
        let entry = json!({"request": {"method": method, "url": url}, "resource": changed});
        gp.post("/fhir", &json!({"resourceType": "Bundle", "type": "batch", "entry": [entry]}));
    }
    // One of the same patient, with the ask's own identifier, is another resource and no ask.
    changed.as_object_mut().unwrap().remove("id");
    gp.post("/fhir/ServiceRequest", &changed);
    assert_eq!(gp.get(&address).body, before.body);
    assert!(patient.len() > 8);
}
