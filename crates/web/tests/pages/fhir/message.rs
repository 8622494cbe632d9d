//! Referrals that programs post: each becomes one ask, whole, or is kept with its reason and answered field by field.

use axum::body::Body;
use axum::http::StatusCode;
use proptest::prelude::*;
use record::views::message::{Counts, tallies};
use serde_json::{Value, json};

use super::client::Client;
use crate::house::{Answer, House};

const ADDRESS: &str = "/fhir/$process-message";

/// One of the invented messages beside this file.
pub(crate) fn invented(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/fhir/messages");
    serde_json::from_str(&std::fs::read_to_string(path.join(format!("{name}.json"))).unwrap()).unwrap()
}

/// What became of the messages so far; their sum is checked by the database itself.
fn counts(house: &House) -> Counts {
    let all = house.store.read(|tx| tallies(tx, house.now())).unwrap();
    all.into_iter().find(|tally| tally.feed == record::posted::FEED).map(|tally| tally.ever).unwrap_or_default()
}

fn asks(house: &House) -> usize {
    let mut begun = Vec::new();
    house
        .store
        .read(|tx| {
            begun.clear();
            store::log::walk(tx, 1, &mut |_, entry| {
                if entry.kind == "ask" && entry.event == "AskSubmitted" {
                    begun.push(entry.stream);
                }
                Ok(())
            })
        })
        .unwrap();
    begun.len()
}

/// Posts a message that is answered with a message; its header and its outcome.
fn answered(client: &Client<'_>, message: &Value) -> (StatusCode, Value, Value) {
    let answer = client.post(ADDRESS, message);
    let bundle = answer.json();
    assert_eq!(fhir::validate::resource(&bundle), [], "the answer is sound R4: {}", answer.body);
    assert_eq!(bundle["type"], "message", "{}", answer.body);
    (answer.status, bundle["entry"][0]["resource"].clone(), bundle["entry"][1]["resource"].clone())
}

/// The page of the ask that an answer names.
fn page(answer: &Answer) -> String {
    let bundle = answer.json();
    let focus =
        bundle["entry"][0]["resource"]["focus"][0]["reference"].as_str().unwrap_or_else(|| panic!("{}", answer.body));
    focus.replace("ServiceRequest/", "/asks/")
}

#[test]
fn a_referral_becomes_an_ask_on_the_desk_s_list_and_twice_is_once() {
    let house = House::open();
    let (gp, desk) = (house.client("gp"), house.sign_in("coordinator"));
    let first = gp.post(ADDRESS, &invented("referral"));
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let (_, header, outcome) = answered(&gp, &invented("referral"));
    assert_eq!(
        header["response"],
        json!({"identifier": "m-1-header", "code": "ok",
        "details": {"reference": format!("urn:uuid:{}", outcome["id"].as_str().unwrap())}})
    );
    assert_eq!(header["destination"][0]["endpoint"], "https://ambulance.example/fhir");
    house.pass(jiff::SignedDuration::from_mins(20));
    let again = gp.post(ADDRESS, &invented("referral"));
    assert_eq!((again.status, &again.body), (first.status, &first.body), "the same answer, to the byte");
    // Sent again as another message of its own, and in another order of its fields: still the same ask.
    let mut other = invented("referral");
    other["id"] = json!("m-1b");
    assert_eq!(page(&gp.post(ADDRESS, &other)), page(&first));
    assert_eq!(asks(&house), 1);
    assert_eq!(counts(&house), Counts { received: 4, applied: 2, duplicates: 2, quarantined: 0 });
    let ask = desk.get(&page(&first));
    for words in [
        "Fall, cannot get up",
        "On the kitchen floor since six",
        "Marcy Blake",
        "01632 960002",
        "A large dog",
        "Margaret",
    ] {
        assert!(ask.body.contains(words), "{words}: {}", ask.body);
    }
    assert!(desk.get("/asks").body.contains("Margaret Ashworth"));
    // With other words under the same name it changes nothing, says so, and is kept.
    let mut changed = invented("referral");
    changed["id"] = json!("m-1c");
    changed["entry"][1]["resource"]["reasonCode"][0]["text"] = json!("Chest pain");
    let (status, header, outcome) = answered(&gp, &changed);
    assert_eq!((status, &header["response"]["code"]), (StatusCode::CONFLICT, &json!("fatal-error")));
    assert_eq!(outcome["issue"][0]["code"], "duplicate");
    changed["id"] = json!("m-1");
    assert_eq!(answered(&gp, &changed).0, StatusCode::CONFLICT);
    assert_eq!(answered(&gp, &changed).0, StatusCode::CONFLICT);
    assert_eq!(counts(&house), Counts { received: 7, applied: 2, duplicates: 3, quarantined: 2 });
    assert!(!desk.get(&page(&first)).body.contains("Chest pain"));
    // Another client cannot take the referral's name: theirs is another ask.
    let theirs = house.client("district-nurse").post(ADDRESS, &invented("referral"));
    assert_ne!(page(&theirs), page(&first));
}

#[test]
fn an_update_adds_to_the_ask_and_a_cancelled_referral_is_taken_back() {
    let house = House::open();
    let (gp, desk) = (house.client("gp"), house.sign_in("coordinator"));
    // What comes before its referral is kept, and can be sent again.
    let (status, _, outcome) = answered(&gp, &invented("update"));
    assert_eq!((status, &outcome["issue"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("not-found")));
    assert_eq!(counts(&house).quarantined, 1);
    let ask = page(&gp.post(ADDRESS, &invented("referral")));
    assert_eq!(answered(&gp, &invented("update")).0, StatusCode::OK);
    assert_eq!(answered(&gp, &invented("update")).0, StatusCode::OK);
    assert_eq!(counts(&house), Counts { received: 4, applied: 2, duplicates: 2, quarantined: 0 }, "it waits no longer");
    let shown = desk.get(&ask).body;
    assert_eq!(shown.matches("Now short of breath as well.").count(), 1, "{shown}");
    assert!(shown.contains("Marple Bridge Surgery has it now."), "until the door has taken it: {shown}");
    assert_eq!(desk.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    let (status, header, _) = answered(&gp, &invented("cancel"));
    assert_eq!((status, &header["response"]["code"]), (StatusCode::OK, &json!("ok")));
    let shown = desk.get(&ask).body;
    assert!(shown.contains("Her daughter has helped her up.") && shown.contains("aken back"), "{shown}");
    // It still has its owner, who closes it with an outcome and an answer.
    assert!(shown.contains("Single point of access has it now."), "{shown}");
    // Taken back twice by two messages: the ask says so, and the second is kept.
    let mut twice = invented("cancel");
    twice["id"] = json!("m-3b");
    twice["entry"][1]["resource"]["note"][0]["text"] = json!("Another reason");
    let (status, _, outcome) = answered(&gp, &twice);
    assert_eq!((status, &outcome["issue"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("business-rule")));
}

#[test]
fn somebody_whom_nobody_finds_is_asked_for_all_the_same() {
    let house = House::open();
    let (gp, desk) = (house.client("gp"), house.sign_in("coordinator"));
    let sent = gp.post(ADDRESS, &invented("nobody-known"));
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    let ask = desk.get(&page(&sent));
    assert!(ask.body.contains("Nobody in the record yet: A man of about 70 in a grey coat"), "{}", ask.body);
    assert_eq!(gp.post(ADDRESS, &invented("nobody-known")).body, sent.body);
    // A number that is somebody's, with another's name and birth date, finds nobody: an ask is never put under the wrong person.
    let mut wrong = invented("referral");
    (wrong["id"], wrong["entry"][1]["resource"]["identifier"][0]["value"]) = (json!("m-9"), json!("R-2026-121"));
    wrong["entry"][2]["resource"]["name"] = json!([{"family": "Somebody", "given": ["Else"]}]);
    wrong["entry"][2]["resource"]["birthDate"] = json!("1971-01-01");
    let ask = desk.get(&page(&gp.post(ADDRESS, &wrong)));
    assert!(ask.body.contains("Nobody in the record yet: Else Somebody, born 1 January 1971"), "{}", ask.body);
    assert_eq!(asks(&house), 2);
}

#[test]
fn what_cannot_be_an_ask_is_kept_and_answered_field_by_field() {
    let house = House::open();
    let gp = house.client("gp");
    let (status, header, outcome) = answered(&gp, &invented("incomplete"));
    assert_eq!((status, &header["response"]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("fatal-error")));
    let places: Vec<&str> =
        outcome["issue"].as_array().unwrap().iter().filter_map(|issue| issue["expression"][0].as_str()).collect();
    assert_eq!(places, ["Patient.birthDate", "ServiceRequest.occurrencePeriod.end", "ServiceRequest.reasonCode"]);
    let (status, _, outcome) = answered(&gp, &invented("booking"));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(outcome["issue"][0]["diagnostics"].as_str().unwrap().contains("no slots are booked by message"));
    // No JSON, and no message: an outcome by itself.
    let broken = gp.ask("POST", ADDRESS, &[], "{\"resourceType\": \"Bundle\", ");
    assert_eq!((broken.status, broken.issue().0.as_str()), (StatusCode::BAD_REQUEST, "structure"));
    let other = gp.post(ADDRESS, &super::client::patient("Nobody"));
    assert_eq!((other.status, other.issue().1.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Bundle"));
    assert_eq!(gp.ask("POST", ADDRESS, &[], " ").status, StatusCode::BAD_REQUEST);
    assert_eq!(counts(&house), Counts { received: 4, applied: 0, duplicates: 0, quarantined: 4 });
    assert_eq!(asks(&house), 0);
    // Whoever minds the feeds finds them, with the reason and without a word of theirs; only their sender can mend them.
    let officer = house.sign_in("records-officer");
    let list = officer.get("/quarantine?feed=bars").body;
    assert!(
        list.contains("Patient.birthDate") && list.contains("It is no JSON.") && !list.contains("Ashworth"),
        "{list}"
    );
    let one = list.split("href=\"/quarantine/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let words = officer.get(&format!("/quarantine/{one}"));
    assert!(words.body.contains("R-2026-120"), "its words are kept: {}", words.body);
    let tried = officer.send(&format!("/quarantine/{one}"), &[("text", ""), ("note", "As it is")]);
    assert!(tried.body.contains("Only they can mend a referral"), "{}", tried.body);
    // Mended and sent again under the same id it is an ask, and what waited waits no longer.
    let mut mended = invented("referral");
    mended["id"] = json!("m-6");
    mended["entry"][1]["resource"]["identifier"][0]["value"] = json!("R-2026-120");
    assert_eq!(answered(&gp, &mended).0, StatusCode::OK);
    assert_eq!(counts(&house), Counts { received: 5, applied: 1, duplicates: 1, quarantined: 3 });
}

#[test]
fn whoever_makes_no_asks_sends_none_and_nothing_of_theirs_is_kept() {
    let house = House::open();
    for persona in
        ["receptionist", "records-officer", "privacy-officer", "analyst", "citizen", "carer", "care-home-manager"]
    {
        let tried = house.client(persona).post(ADDRESS, &invented("referral"));
        assert_eq!(tried.status, StatusCode::FORBIDDEN, "{persona}: {}", tried.body);
        assert!(!tried.body.contains("Ashworth"), "{persona}");
        // Not even what cannot be read is kept of theirs. A home may send for those who live there.
        if persona != "care-home-manager" {
            let unread = house.client(persona).ask("POST", ADDRESS, &[], "{");
            assert_eq!(unread.status, StatusCode::FORBIDDEN, "{persona}: {}", unread.body);
        }
        // Whoever may ask for help, but looks nobody up, hears how.
        let by_form = ["citizen", "carer"].contains(&persona);
        let words = "Nothing was kept. Ask by the form on Weft\u{2019}s pages, under Asks: it goes to the same desk";
        assert_eq!(tried.body.contains(words), by_form, "{persona}: {}", tried.body);
        assert_eq!(tried.json()["issue"].as_array().unwrap().len(), 1 + usize::from(by_form), "{persona}");
    }
    assert_eq!((counts(&house), asks(&house)), (Counts::default(), 0));
    assert_eq!(house.stranger().post(ADDRESS, &invented("referral")).status, StatusCode::UNAUTHORIZED);
    let gp = house.client("gp");
    assert_eq!(gp.get(ADDRESS).status, StatusCode::METHOD_NOT_ALLOWED);
    let form = gp.ask("POST", ADDRESS, &[("content-type", "text/plain")], invented("referral").to_string());
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let parameter = gp.post(&format!("{ADDRESS}?async=true"), &invented("referral"));
    assert_eq!(parameter.status, StatusCode::BAD_REQUEST, "an answer now is the only one there is");
}

#[test]
fn a_full_disk_keeps_nothing_and_says_that_nothing_was_kept() {
    let house = House::open();
    let gp = house.client("gp");
    let before = house.happened();
    house.full.store(true, std::sync::atomic::Ordering::Relaxed);
    let answer = gp.post(ADDRESS, &invented("referral"));
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    house.full.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!((house.happened(), asks(&house), counts(&house)), (before, 0, Counts::default()));
    assert_eq!(gp.post(ADDRESS, &invented("referral")).status, StatusCode::OK);
    assert_eq!(asks(&house), 1);
}

#[test]
fn what_the_law_restricts_comes_in_by_no_referral() {
    let house = House::open();
    let gp = house.client("gp");
    let mut message = invented("referral");
    message["entry"][1]["resource"]["meta"] = json!({"security": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HIV"}
    ]});
    let answer = gp.post(ADDRESS, &message);
    if answer.status == StatusCode::OK {
        panic!("a restricted message was taken: {}", answer.body);
    }
    assert_eq!((asks(&house), counts(&house).quarantined), (0, 1));
    let officer = house.sign_in("records-officer");
    let list = officer.get("/quarantine?feed=bars").body;
    let one = list.split("href=\"/quarantine/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!officer.get(&format!("/quarantine/{one}")).body.contains("Ashworth"));
}

/// Every place in a message.
fn every(value: &Value, path: String, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, one)| every(one, format!("{path}/{name}"), all)),
        Value::Array(some) => {
            some.iter().enumerate().for_each(|(place, one)| every(one, format!("{path}/{place}"), all));
        }
        _ => {}
    }
    all.push(path);
}

#[test]
fn a_spoilt_message_breaks_nothing_and_leaves_nothing_half_done() {
    let house = House::open();
    let gp = house.client("gp");
    let (whole, mut all) = (invented("referral"), Vec::new());
    every(&whole, String::new(), &mut all);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let instead = prop_oneof![
        Just(Value::Null),
        Just(json!(7)),
        Just(json!("x")),
        Just(json!([])),
        Just(json!({})),
        Just(json!("\u{0}")),
        "[a-z\\-:/ 0-9]{0,12}".prop_map(Value::from),
    ];
    let spoils = proptest::collection::vec((0..all.len(), instead), 1..4);
    let mut made = 0;
    for number in 0..120 {
        let mut spoilt = whole.clone();
        spoilt["id"] = json!(format!("f-{number}"));
        let tree = spoils.new_tree(&mut runner).unwrap();
        for (at, instead) in proptest::strategy::ValueTree::current(&tree) {
            if let Some(place) = spoilt.pointer_mut(&all[at]) {
                *place = instead;
            }
        }
        let (asked, kept) = (asks(&house), counts(&house));
        let answer = gp.post(ADDRESS, &spoilt);
        let now = counts(&house);
        assert!(answer.json()["resourceType"].is_string());
        assert_eq!(now.received, kept.received + 1, "each is kept once: {spoilt}");
        match answer.status {
            StatusCode::OK => made += asks(&house) - asked,
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT => {
                assert_eq!(asks(&house), asked, "{spoilt}");
            }
            other => panic!("{other}: {} for {spoilt}", answer.body),
        }
    }
    assert!(made > 0, "some of them are asks all the same");
    assert!(house.store.verify(None).unwrap().findings.is_empty());
    // Cut anywhere, it is no JSON, and kept.
    let text = whole.to_string();
    for end in (1..text.len()).step_by(997) {
        let cut = gp.ask("POST", ADDRESS, &[], Body::from(text.as_bytes()[..end].to_vec()));
        assert_eq!(cut.status, StatusCode::BAD_REQUEST, "{end}");
    }
}

#[test]
fn the_published_messages_are_taken_or_refused_by_name() {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!(
            "\n*** NOT RUN: set WEFT_SHARED_DATA to the folder of shared data to post the published messages ***\n"
        );
        return;
    };
    let house = House::open();
    let gp = house.client("gp");
    let folder = std::path::Path::new(&shared).join("fhir/bars");
    let (mut taken, mut kept) = (Vec::new(), 0);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let answer = gp.ask("POST", ADDRESS, &[], std::fs::read(&path).unwrap());
        let again = gp.ask("POST", ADDRESS, &[], std::fs::read(&path).unwrap());
        assert_eq!((again.status, &again.body), (answer.status, &answer.body), "{name}");
        let header = &answer.json()["entry"][0]["resource"];
        match answer.status {
            StatusCode::OK => taken.push(name),
            StatusCode::UNPROCESSABLE_ENTITY => {
                assert_eq!(header["response"]["code"], "fatal-error", "{name}");
                kept += 1;
            }
            other => panic!("{name}: {other} {}", answer.body),
        }
    }
    // The one referral among them; the others are bookings and answers.
    assert_eq!(taken, ["ValidationRequest__POST__"], "{kept} kept");
    assert_eq!(asks(&house), 1);
    assert!(kept >= 3, "{kept}");
}
