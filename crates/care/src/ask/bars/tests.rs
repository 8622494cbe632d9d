//! How a booking-and-referral message is read, and what it is refused for; no real message stands here.

use serde_json::json;

use super::answer::Went;
use super::envelope::{Envelope, Wish};
use super::*;

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// A referral of an invented person by an invented service, in the shape of the published examples.
fn message() -> Value {
    let entry = |name: &str, resource: Value| json!({"fullUrl": format!("urn:uuid:{name}"), "resource": resource});
    let reference = |name: &str| json!({"reference": format!("urn:uuid:{name}")});
    json!({"resourceType": "Bundle", "type": "message", "id": "b1", "entry": [
        entry("header", json!({"resourceType": "MessageHeader",
            "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": "servicerequest-request"},
            "sender": reference("sender"),
            "source": {"name": "Emergency service", "contact": {"system": "phone", "value": "0161 496 0003"}},
            "reason": {"coding": [{"code": "new"}]}, "focus": [reference("request")]})),
        entry("request", json!({"resourceType": "ServiceRequest", "status": "active", "intent": "plan",
            "subject": reference("patient"), "requester": reference("role"), "locationReference": [reference("place")],
            "occurrencePeriod": {"start": "2026-11-22T10:00:00+00:00", "end": "2026-11-22T11:30:00+00:00"},
            "reasonCode": [{"text": "Fall, cannot get up"}],
            "note": [{"text": "On the floor since 09:20, alone, not hurt."}]})),
        entry("patient", json!({"resourceType": "Patient", "birthDate": "1947-05-04",
            "identifier": [{"system": NHS_NUMBER, "value": "999 000 1006"}],
            "name": [{"family": "Bright", "given": ["Harold"]}], "address": [{"postalCode": "SK6 1AA"}]})),
        entry("sender", json!({"resourceType": "Organization", "name": "The ambulance service",
            "identifier": [{"system": "https://fhir.nhs.uk/id/ods-organization-code", "value": "RX7"}]})),
        entry("role", json!({"resourceType": "PractitionerRole", "practitioner": reference("crew")})),
        entry("crew", json!({"resourceType": "Practitioner", "name": [{"family": "Blake", "given": ["Marcy"]}],
            "telecom": [{"system": "phone", "value": "0161 496 0002"}]})),
        entry("place", json!({"resourceType": "Location", "name": "Bus shelter", "address": {"city": "Stockport"}})),
        entry("flag", json!({"resourceType": "Flag", "status": "active", "code": {"coding": [{"display": "A large dog"}]}})),
        entry("consent", json!({"resourceType": "Consent", "status": "active", "policyRule": {"coding": [{"code": "OPTIN"}]}})),
    ]})
}

fn places(wrong: &[NotRead]) -> Vec<&str> {
    wrong.iter().map(|one| one.place).collect()
}

#[test]
fn a_referral_becomes_an_ask_with_its_senders_words() {
    let read_once = read(&message(), now()).unwrap();
    assert_eq!(read_once, read(&message(), now()).unwrap(), "the same message is the same ask");
    assert_eq!(read_once.person.nhs_number.as_deref(), Some("9990001006"));
    assert_eq!(read_once.person.said(), "Harold Bright, born 4 May 1947, SK6 1AA");
    let age = Age::Known { years: 79, source: "the message".to_owned() };
    let door = Team::single_point_of_access();
    let found = read_once.clone().request(Uuid::from_u128(79), true, age.clone(), door.clone(), None);
    assert_eq!((found.urgency, found.happened.as_str()), (Urgency::TwoHours, "Fall, cannot get up"));
    assert_eq!(found.worries.as_str(), "On the floor since 09:20, alone, not hurt.");
    assert_eq!((found.asked_by.name.as_str(), found.asked_by.call_back.as_str()), ("Marcy Blake", "0161 496 0002"));
    assert_eq!(found.visit.hazards.as_ref().map(Words::as_str), Some("A large dog"));
    assert_eq!(found.visit.place.as_ref().map(Words::as_str), Some("Bus shelter, Stockport"));
    assert_eq!((found.consent.clone(), found.is_described()), (Consent::Agrees {}, false));
    let mut mistyped = message();
    mistyped["entry"][2]["resource"]["identifier"][0]["value"] = json!("9990001007");
    let mistyped = read(&mistyped, now()).unwrap().person;
    assert!(mistyped.nhs_number.is_none() && mistyped.said().ends_with("the NHS number sent for them is not valid"));
    let unknown = read_once.request(Uuid::from_u128(1), false, age, door, None);
    assert!(unknown.is_described());
    // Another message of the same referral, sent again with another number of its own, is the same ask.
    let ask = |message: &Value, client: &str| Envelope::of(message).ask(client).unwrap();
    let mut again = message();
    again["id"] = json!("b2");
    assert_eq!(ask(&again, "gp:one"), ask(&message(), "gp:one"));
    let mut other = message();
    other["entry"][3]["resource"]["identifier"][0]["value"] = json!("RX8");
    assert_ne!(ask(&other, "gp:one"), ask(&message(), "gp:one"));
    assert_ne!(ask(&message(), "gp:two"), ask(&message(), "gp:one"), "nobody takes the id of another client's");
}

#[test]
fn a_message_says_what_it_wants_of_a_referral() {
    let wish = |reason: Value, status: &str| {
        let mut changed = message();
        changed["entry"][0]["resource"]["reason"]["coding"][0]["code"] = reason;
        changed["entry"][1]["resource"]["status"] = json!(status);
        Envelope::of(&changed).wish().map_err(|wrong| wrong[0].place)
    };
    assert_eq!(wish(json!("new"), "active"), Ok(Wish::New));
    assert_eq!(wish(Value::Null, "active"), Ok(Wish::New));
    assert_eq!(wish(json!("update"), "active"), Ok(Wish::Update));
    assert_eq!(wish(json!("update"), "revoked"), Ok(Wish::Cancel));
    assert_eq!(wish(json!("update"), "entered-in-error"), Ok(Wish::Cancel));
    assert_eq!(wish(json!("new"), "revoked"), Err("ServiceRequest.status"));
    assert_eq!(wish(json!("delete"), "active"), Err("MessageHeader.reason.coding.code"));
    assert_eq!(Envelope::of(&json!([])).wish().map_err(|wrong| wrong[0].place), Err("Bundle"));
    let mut event = message();
    event["entry"][0]["resource"]["eventCoding"]["code"] = json!("booking-request");
    assert!(Envelope::of(&event).wish().unwrap_err()[0].why.contains("no slots are booked by message"));
}

#[test]
fn an_answer_is_sound_and_the_same_each_time() {
    let outcome =
        json!({"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational"}]});
    let went = Went {
        message: Uuid::from_u128(7),
        at: now(),
        ask: Some(Uuid::from_u128(9)),
        outcome: &outcome,
        endpoint: "https://here.example/fhir/$process-message",
    };
    let said = answer::answer(&Envelope::of(&message()), &went);
    assert_eq!(said, answer::answer(&Envelope::of(&message()), &went));
    let header = &said["entry"][0]["resource"];
    assert_eq!(header["response"]["identifier"], "header");
    assert_eq!(header["response"]["code"], "ok");
    assert_eq!(header["focus"][0]["reference"], format!("ServiceRequest/{}", Uuid::from_u128(9)));
    let refused = answer::answer(&Envelope::of(&json!({"id": "not sound!"})), &Went { ask: None, ..went });
    let header = &refused["entry"][0]["resource"];
    assert_eq!(header["response"]["identifier"], Uuid::from_u128(7).to_string());
    assert_eq!(header["response"]["code"], "fatal-error");
}

#[test]
fn every_field_that_cannot_be_used_is_named_at_once() {
    for (spoil, place) in [
        ("/entry/0/resource/focus/0/reference", "MessageHeader.focus"),
        ("/entry/0/resource/sender/reference", "MessageHeader.sender"),
        ("/entry/1/resource/subject/reference", "ServiceRequest.subject"),
        ("/entry/1/resource/occurrencePeriod/end", "ServiceRequest.occurrencePeriod.end"),
        ("/entry/2/resource/birthDate", "Patient.birthDate"),
        ("/entry/3/resource/identifier/0/value", "MessageHeader.sender (Organization.identifier.value)"),
    ] {
        let mut spoilt = message();
        *spoilt.pointer_mut(spoil).unwrap() =
            if spoil.ends_with("0/value") && spoil.contains("/3/") { json!(" ") } else { json!("31 February") };
        let wrong = read(&spoilt, now()).unwrap_err();
        assert_eq!(places(&wrong), [place], "{wrong:?}");
    }
    let mut much = message();
    for spoil in ["/entry/0/resource/sender", "/entry/1/resource/reasonCode", "/entry/1/resource/occurrencePeriod"] {
        *much.pointer_mut(spoil).unwrap() = Value::Null;
    }
    assert_eq!(read(&much, now()).unwrap_err().len(), 3);
    assert_eq!(places(&read(&json!([]), now()).unwrap_err()), ["Bundle.type"]);
    assert_eq!(
        places(&read(&json!({"resourceType": "Bundle", "type": "message"}), now()).unwrap_err()),
        ["Bundle.entry[0]"]
    );
}

#[test]
fn the_sooner_of_priority_and_period_is_how_soon() {
    let with = |priority: Value, end: Value| {
        let mut changed = message();
        changed["entry"][1]["resource"]["priority"] = priority;
        changed["entry"][1]["resource"]["occurrencePeriod"]["end"] = end;
        read(&changed, now()).map(|referral| referral.urgency)
    };
    assert_eq!(with(json!("routine"), json!("2026-11-22T23:00:00Z")), Ok(Urgency::SameDay));
    assert_eq!(with(json!("stat"), json!("2026-12-22T23:00:00Z")), Ok(Urgency::TwoHours));
    assert_eq!(with(Value::Null, json!("2026-11-23T23:00:00Z")), Ok(Urgency::TwoDays));
    assert_eq!(
        with(Value::Null, json!("2026-11-20T23:00:00Z")),
        Ok(Urgency::TwoHours),
        "what has gone by is as soon as can be"
    );
    assert_eq!(with(json!("routine"), Value::Null), Ok(Urgency::Routine));
    assert!(with(Value::Null, Value::Null).is_err() && with(json!("soon"), Value::Null).is_err());
}

#[test]
fn a_long_story_is_cut_and_says_so() {
    let mut long = message();
    long["entry"][1]["resource"]["note"][0]["text"] = json!("é".repeat(9_000));
    let read = read(&long, now()).unwrap();
    assert!(read.worries.as_str().ends_with("(the message goes on)"));
    assert_eq!(read.worries.as_str().chars().count(), MOST);
}

#[test]
fn whatever_stands_where_a_field_should_be_nothing_breaks() {
    // Every value in the message, in the place of every other kind of value.
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
    let (whole, mut all) = (message(), Vec::new());
    every(&whole, String::new(), &mut all);
    assert!(all.len() > 80);
    for path in all {
        for instead in [Value::Null, json!(7), json!("x"), json!([]), json!({}), json!(["x", 7])] {
            let mut spoilt = whole.clone();
            *spoilt.pointer_mut(&path).unwrap() = instead;
            let envelope = Envelope::of(&spoilt);
            assert!(
                envelope.wish().is_ok_and(|_| true) || envelope.wish().is_err_and(|wrong| !wrong.is_empty()),
                "{path}"
            );
            if let Err(wrong) = read(&spoilt, now()) {
                assert!(!wrong.is_empty() && wrong.iter().all(|one| !one.why.is_empty()), "{path}");
            }
        }
    }
}

#[test]
fn the_published_examples_are_read_or_refused_by_name() {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!(
            "\n*** NOT RUN: set WEFT_SHARED_DATA to the folder of shared data to read the published messages ***\n"
        );
        return;
    };
    let folder = std::path::Path::new(&shared).join("fhir/bars");
    let example =
        |name: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap() };
    let moment = "2021-11-26T15:00:00Z".parse().unwrap();
    let referral = read(&example("ValidationRequest__POST__.json"), moment).unwrap();
    assert_eq!((referral.urgency, referral.sender.as_str()), (Urgency::TwoHours, "RND"));
    assert!(referral.happened.as_str().contains("breathlessness"));
    // The number in it fails its own check digit: the person is looked for by name, and that is said.
    assert!(referral.person.number_wrong && referral.person.nhs_number.is_none());
    assert_eq!((referral.person.family.as_str(), referral.asked_by.name.as_str()), ("Jones", "Marcy BLAKE"));
    for (name, place) in [
        ("POST-body.json", "MessageHeader.eventCoding.code"),
        ("Booking__POST_.json", "MessageHeader.eventCoding.code"),
        ("ValidationResponse__POST__.json", "MessageHeader.eventCoding.code"),
    ] {
        assert_eq!(places(&Envelope::of(&example(name)).wish().unwrap_err()), [place], "{name}");
    }
    assert_eq!(Envelope::of(&example("ValidationRequest__POST__.json")).wish(), Ok(Wish::New));
}
