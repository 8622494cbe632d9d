//! Each state in the words of FHIR; what is allowed at all is tested with the ask itself.

use store::Aggregate;

use super::super::tests::*;
use super::*;
use crate::ask::{Act, Command, Ending};

const ID: Uuid = Uuid::from_u128(0xA5);

/// The history of an ask to which some things were done, one a minute.
fn history(acts: impl IntoIterator<Item = (access::Subject, Act)>) -> Vec<Entry> {
    let (mut ask, mut entries) = (Ask::default(), Vec::new());
    for (minute, (by, act)) in acts.into_iter().enumerate() {
        for event in ask.decide(Command { by, act }, at(minute as i64)).unwrap() {
            ask.apply(&event);
            let version = entries.len() as i64 + 1;
            entries.push(Entry {
                seq: version,
                at: at(minute as i64),
                kind: Ask::KIND.to_owned(),
                stream: ID,
                version,
                event: String::new(),
                actor: String::new(),
                body: serde_json::to_string(&event).unwrap(),
                covers: None,
                hash: [0; 32],
            });
        }
    }
    entries
}

fn made(acts: impl IntoIterator<Item = (access::Subject, Act)>) -> Vec<Value> {
    resources(ID, Some(&person().to_string()), &history(acts), &Team::said).unwrap()
}

fn of<'a>(all: &'a [Value], kind: &str) -> Vec<&'a Value> {
    all.iter().filter(|one| one["resourceType"] == kind).collect()
}

fn statuses(all: &[Value]) -> Vec<&str> {
    all.iter().map(|one| one["status"].as_str().unwrap()).collect()
}

fn way() -> Vec<(access::Subject, Act)> {
    vec![
        (gp(), submit(request())),
        (coordinator(), Act::Receive),
        (triager(), Act::StartTriage),
        (triager(), decide(accepted())),
        (triager(), answer()),
        (responder(), Act::AcceptHop),
        (responder(), outcome(Ending::HelpedAtHome)),
        (responder(), close(known(84))),
    ]
}

#[test]
fn each_state_has_its_word_in_fhir() {
    // The request, the work on it, then the hops and the communications.
    for (steps, expected) in [
        (1, vec!["active", "requested", "requested"]),
        (2, vec!["active", "received", "accepted"]),
        (3, vec!["active", "in-progress", "accepted"]),
        (4, vec!["active", "in-progress", "accepted", "requested"]),
        (5, vec!["active", "in-progress", "accepted", "requested", "completed"]),
        (6, vec!["active", "in-progress", "accepted", "accepted", "completed"]),
        (8, vec!["completed", "completed", "completed", "completed", "completed"]),
    ] {
        let all = made(way().into_iter().take(steps));
        assert_eq!(statuses(&all), expected, "{steps} steps");
    }
    let begun = Act::Draft(crate::draft::Draft::of(None, [("happened".to_owned(), "she".to_owned())]));
    assert!(made([(gp(), begun)]).is_empty(), "a draft is nobody's but its author's");
}

#[test]
fn a_hop_given_back_is_rejected_and_a_question_holds_the_work() {
    let back = Act::ReturnHop { because: words("Nobody is free") };
    let all = made(way().into_iter().take(4).chain([(responder(), back)]));
    let hop = of(&all, "Task")[2];
    assert_eq!(
        (hop["status"].as_str(), hop["statusReason"]["text"].as_str()),
        (Some("rejected"), Some("Nobody is free"))
    );
    assert_eq!(of(&all, "Task")[0]["owner"]["identifier"]["value"], DOOR, "who has it still has it");
    let asked = [
        (triager(), Act::AskMore { question: words("Who is with her?") }),
        (gp(), Act::GiveInfo { words: words("Her son") }),
    ];
    let all = made(way().into_iter().take(3).chain(asked.clone().into_iter().take(1)));
    assert_eq!(
        (of(&all, "Task")[0]["status"].as_str(), statuses(&all).last().copied()),
        (Some("on-hold"), Some("completed"))
    );
    let all = made(way().into_iter().take(3).chain(asked));
    let said = of(&all, "Communication");
    let question = format!("Communication/{}", said[0]["id"].as_str().unwrap());
    assert_eq!(said[1]["inResponseTo"][0]["reference"], question.as_str());
}

#[test]
fn a_decline_is_revoked_and_carries_what_instead() {
    let all = made(way().into_iter().take(3).chain([(triager(), decide(declined()))]));
    assert_eq!(all[0]["status"], "revoked");
    let told = of(&all, "Communication")[0];
    assert_eq!(told["status"], "preparation", "nobody has been told yet");
    let words = told["payload"][0]["contentString"].as_str().unwrap();
    assert!(words.contains("The falls clinic") && words.contains("Sam Lee"), "{words}");
    let all = made(way().into_iter().take(3).chain([(triager(), decide(declined())), (triager(), answer())]));
    assert!(of(&all, "Communication").iter().all(|one| one["status"] == "completed"));
}

#[test]
fn whoever_cannot_be_told_is_a_communication_not_done() {
    let cannot = Act::CannotAnswer { because: words("The number does not exist") };
    let all = made(way().into_iter().take(4).chain([(triager(), cannot)]));
    let told = of(&all, "Communication")[0];
    assert_eq!((told["status"].as_str(), told["sent"].as_str()), (Some("not-done"), None));
}

#[test]
fn the_ids_are_the_same_each_time_and_every_reference_leads_somewhere() {
    let (one, two) = (made(way()), made(way()));
    assert_eq!(one, two);
    let here: Vec<String> = one
        .iter()
        .map(|all| format!("{}/{}", all["resourceType"].as_str().unwrap(), all["id"].as_str().unwrap()))
        .collect();
    let said = serde_json::to_string(&one).unwrap();
    let mut asked = 0;
    for reference in said.split(r#""reference":""#).skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(reference.starts_with("Patient/") || here.iter().any(|one| one == reference), "{reference}");
        asked += 1;
    }
    assert!(asked > 8);
    assert_eq!(one[0]["subject"]["reference"], format!("Patient/{}", person()).as_str());
    assert_eq!(one[0]["performer"][0]["identifier"]["value"], CRISIS);
    for one in &one {
        let (kind, id) = (one["resourceType"].as_str().unwrap(), one["id"].as_str().unwrap());
        assert_eq!(ask_of(kind, id), Some(ID), "{kind}/{id} leads back to its ask");
        assert_eq!(ask_of("Patient", id), None);
        assert_eq!(one["meta"]["versionId"], history(way()).len().to_string());
    }
    assert_eq!(ask_of("Task", &ID.to_string()), None);
    assert_eq!(ask_of("ServiceRequest", "short"), None);
    assert!(!said.contains("0161 496 0000"), "how whoever asked is reached stays here");
}
