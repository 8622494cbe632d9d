//! The practices' feed: one FHIR transaction a person when the practice is first connected, then a small one for each thing
//! that happens. What a practice has not coded it does not send, however true it is.

mod appointments;
mod clinical;
mod patient;

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};
use place::OdsCode;
use serde_json::{Value, json};

use super::calendar::{days, fhir, instant, minutes};
use super::chance::Chance;
use super::identity::Identity;
use super::post::{Post, Written};
use super::staff::{Member, member};
use super::{Message, PRACTICE, Services, Window};
use crate::event::{Event, What};

/// How a practice's system calls what it exports.
const BASE: &str = "https://gp.example/fhir";
/// How many clinicians a practice has in its messages.
const CLINICIANS: u64 = 3;

/// What the practices say of themselves.
pub(super) fn themselves(services: &Services) -> Vec<Message> {
    let evening = days(services.settings.today, -1).to_datetime(Time::constant(13, 0, 0, 0));
    let codes = services.practices.keys();
    codes
        .map(|code| {
            let mut resources = vec![json!({
                "resourceType": "Organization", "id": code.to_string(),
                "identifier": [{ "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": code.to_string() }],
                "name": services.practice_name(code),
            })];
            for number in 0..CLINICIANS {
                let one = clinician(services, code, number);
                let title = if number == CLINICIANS - 1 { "Sister" } else { "Dr" };
                resources.push(json!({
                    "resourceType": "Practitioner", "id": one.0,
                    "name": [{ "use": "official", "family": one.1.family, "given": [one.1.given], "prefix": [title] }],
                }));
            }
            let written = transaction(services, &format!("{code}-staff"), evening, &resources);
            let sent = instant(evening, &services.zone);
            Message { feed: PRACTICE, sent, person: None, bytes: written.bytes }
        })
        .collect()
}

/// A clinician of a practice: the id in its system, and who it is.
fn clinician(services: &Services, practice: &OdsCode, number: u64) -> (String, Member) {
    let draw = Chance::of(services.settings.seed, "clinician").and(practice.as_str()).with(number);
    (format!("{practice}-clinician-{number}"), member(draw))
}

/// A reference to somebody who works at the practice.
fn author(services: &Services, practice: &OdsCode, draw: Chance, nurse: bool) -> Value {
    let number = if nurse { CLINICIANS - 1 } else { draw.below(CLINICIANS - 1) };
    let (id, one) = clinician(services, practice, number);
    let title = if nurse { "Sister" } else { "Dr" };
    json!({ "reference": format!("Practitioner/{id}"), "display": format!("{title} {}", one.plain()) })
}

/// What is sent about one person. `ahead` has the events that lie ahead too, for the diary.
pub(super) fn write(post: &mut Post<'_>, events: &[Event], ahead: &[Event]) {
    let connected = connected(post);
    if post.window == Window::First {
        first(post, events, ahead, connected);
    }
    since(post, events, connected);
    appointments::write(post, ahead, connected);
}

/// When the practice sends what it has of this person: on the eve of the first day.
fn connected(post: &Post<'_>) -> DateTime {
    let eve = days(post.services.settings.today, -1).to_datetime(Time::constant(14, 0, 0, 0));
    minutes(eve, post.chance("practice-first").and("minute").between(0, 200))
}

/// Everything the practice has.
fn first(post: &mut Post<'_>, events: &[Event], ahead: &[Event], at: DateTime) {
    let services = post.services;
    let identity = post.identity(PRACTICE);
    let draw = post.chance("practice-first");
    let key = draw.and("message");
    post.send_promptly(PRACTICE, key, at, || {
        let mut resources = vec![patient::patient(services, &identity, at)];
        let writer = clinical::Writer { services, identity: &identity, at };
        resources.extend(writer.problems());
        resources.extend(writer.allergy());
        resources.extend(writer.repeats(events));
        resources.extend(writer.latest_results(events));
        resources.extend(writer.immunisations(events));
        resources.extend(patient::contact(&identity));
        resources.extend(appointments::diary(services, &identity, ahead, at));
        transaction(services, &format!("{}-{}", identity.local, at.date()), at, &resources)
    });
}

/// What happened since, each with what happened in the same minute.
fn since(post: &mut Post<'_>, events: &[Event], connected: DateTime) {
    let (services, person) = (post.services, post.person);
    let today = services.settings.today;
    let mut together: BTreeMap<DateTime, Vec<&Event>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.at >= connected && clinical::is_of_practice(event)) {
        together.entry(event.at).or_default().push(event);
    }
    for (at, events) in together {
        let identity = post.identity(PRACTICE);
        let Some(number) = events.first().map(|event| event.number) else { continue };
        let key = post.chance("practice-event").with(number);
        // The death reaches the practice the day after; the rest is sent when the consultation ends.
        let died = events.iter().any(|event| matches!(event.what, What::Death));
        let sent = if died { days(at.date(), 1).to_datetime(Time::constant(9, 30, 0, 0)) } else { minutes(at, 12) };
        post.send(PRACTICE, key, sent, || {
            let writer = clinical::Writer { services, identity: &identity, at: sent };
            let mut resources = vec![patient::patient(services, &identity, sent)];
            resources.extend(events.iter().filter_map(|event| writer.of_event(event)));
            transaction(services, &format!("{}-{number:X}", identity.local), sent, &resources)
        });
    }
    // A move or a new name that the practice learns of after the first day.
    let identity = post.identity(PRACTICE);
    for learned in identity.learns().into_iter().flatten().filter(|learned| *learned >= today) {
        let at = minutes(learned.to_datetime(Time::constant(9, 0, 0, 0)), i64::from(person.number % 480));
        let key = post.chance("practice-learns").and(&learned.to_string());
        post.send(PRACTICE, key, at, || {
            let resources = [patient::patient(services, &identity, at)];
            transaction(services, &format!("{}-changed-{learned}", identity.local), at, &resources)
        });
    }
}

/// A transaction that puts each resource under its own id.
fn transaction(services: &Services, name: &str, at: DateTime, resources: &[Value]) -> Written {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| {
            let part = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
            let address = format!("{}/{}", part("resourceType"), part("id"));
            json!({
                "fullUrl": format!("{BASE}/{address}"),
                "resource": resource,
                "request": { "method": "PUT", "url": address },
            })
        })
        .collect();
    let bundle = json!({
        "resourceType": "Bundle", "type": "transaction",
        "identifier": { "system": "https://gp.example/export", "value": name },
        "timestamp": fhir(at, &services.zone),
        "entry": entries,
    });
    Written { name: name.to_owned(), bytes: bundle.to_string().into_bytes() }
}

/// `{"reference": "Patient/EM1000007"}`.
fn subject(identity: &Identity<'_>) -> Value {
    json!({ "reference": format!("Patient/{}", identity.local) })
}
