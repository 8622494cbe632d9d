//! An ask from end to end on both databases: who has it, who can open the record of the person it is for, on whose list it
//! stands, and what the database itself will not let anybody write.

mod abuse;
mod access;
mod replay;

use std::sync::Arc;

use ::access::{Asking, Gate, Permit, Purpose, Role, Subject};
use care::age::Age;
use care::ask::{Act, Ask, Asker, Command, Consent, Ending, Kind, Otherwise, Refusal, Request, Urgency, Visit, Whom};
use care::triage::{Decision, Level, Offer, Triage};
use care::{Team, Words};
use store::{Refused, Store};
use uuid::Uuid;
use weft_tests::{at, on_both};

const PRACTICE: &str = "ods:P88002";
const DOOR: &str = "desk:single-point-of-access";
const CRISIS: &str = "service:crisis-response";
const ASK: Uuid = Uuid::from_u128(0xA5);
const PERSON: Uuid = Uuid::from_u128(84);

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

pub(crate) fn somebody(id: &str, role: Role, teams: &[&str]) -> Subject {
    Subject {
        id: id.to_owned(),
        name: format!("{id} by name"),
        role,
        organisation: "An organisation".to_owned(),
        own: None,
        teams: teams.iter().map(|team| (*team).to_owned()).collect(),
        assured: true,
    }
}

fn gp() -> Subject {
    somebody("gp", Role::Gp, &[PRACTICE])
}
fn coordinator() -> Subject {
    somebody("coordinator", Role::Coordinator, &[DOOR])
}
fn triager() -> Subject {
    somebody("triager", Role::DistrictNurse, &[DOOR])
}
fn responder() -> Subject {
    somebody("responder", Role::Therapist, &[CRISIS])
}
fn citizen() -> Subject {
    Subject { own: Some(PERSON), ..somebody("citizen", Role::Citizen, &[]) }
}

pub(crate) fn asking(by: &Subject, minute: i64) -> Asking<'_> {
    let purpose = match by.role {
        Role::Citizen => Purpose::OwnRecord,
        Role::Receptionist => Purpose::Administration,
        _ => Purpose::DirectCare,
    };
    Asking { subject: by, purpose, at: at(60 * minute) }
}

fn request() -> Request {
    Request {
        whom: Whom { person: PERSON, described: None, age: Age::Known { years: 84, source: "the record".to_owned() } },
        kind: Kind::Fall,
        asked_by: Asker {
            name: words("Dr Okafor"),
            relation: words("GP"),
            call_back: words("0161 496 0000"),
            team: Some(team(PRACTICE)),
        },
        asked_for: team(DOOR),
        urgency: Urgency::TwoHours,
        happened: words("Found on the floor by a neighbour"),
        worries: words("She cannot get up alone"),
        otherwise: Otherwise::Ambulance,
        consent: Consent::Agrees {},
        visit: Visit::default(),
    }
}

fn submit(request: Request) -> Act {
    Act::Submit(Box::new(request))
}

fn accepted() -> Act {
    let offer = Offer {
        service: team(CRISIS),
        level: Level::Home7Day,
        fit: "comes within two hours".to_owned(),
        free: Some(2),
        observed_at: Some(at(0)),
        travel_minutes: Some(9),
        clock_left: Some(95),
    };
    let decision = Decision::Accepted { service: team(CRISIS), level: Level::Home7Day };
    let because = words("Needs somebody now");
    let triage = Triage { decision, urgency: Urgency::TwoHours, because, offers: vec![offer], overridden: None };
    Act::Decide { triage: Box::new(triage), warm: true }
}

fn outcome() -> Act {
    Act::RecordOutcome { ending: Ending::HelpedAtHome, words: words("Up, fed and warm") }
}

fn answer() -> Act {
    Act::Answer { to: words("Dr Okafor"), how: words("on the line"), words: words("Somebody is on the way") }
}

fn close() -> Act {
    Act::Close { age: Age::Unknown {}, redirected: None }
}

/// The whole way of an ask, step by step.
fn way() -> Vec<(Subject, Act)> {
    vec![
        (gp(), submit(request())),
        (coordinator(), Act::Receive),
        (triager(), Act::StartTriage),
        (triager(), accepted()),
        (triager(), answer()),
        (responder(), Act::AcceptHop),
        (responder(), outcome()),
        (responder(), close()),
    ]
}

fn carry(store: &Store, id: Uuid, by: &Subject, act: Act, minute: i64) -> Result<Ask, Refused<Refusal>> {
    let command = Command { by: by.clone(), act };
    store.write(move |write| care::ask::carry(write, id, command.clone(), at(60 * minute)))
}

/// The first steps of the way, one a minute.
fn walked(store: &Store, id: Uuid, steps: usize) {
    for (minute, (by, act)) in way().into_iter().take(steps).enumerate() {
        carry(store, id, &by, act, minute as i64).unwrap();
    }
}

fn permit(gate: &Gate, by: &Subject, minute: i64) -> Option<Permit> {
    wait(gate.record(&asking(by, minute), PERSON)).ok()
}

#[test]
fn an_ask_ties_whoever_has_it_to_the_person_until_thirty_days_after_its_end() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        let sees = |by: &Subject, minute| permit(&gate, by, minute).is_some();
        assert!(!sees(&triager(), 0) && !sees(&gp(), 0));
        walked(&store, ASK, 1);
        assert!(sees(&gp(), 1), "who has it");
        assert!(sees(&triager(), 1), "to whom it is offered");
        assert!(!sees(&responder(), 1));
        for (minute, (by, act)) in way().into_iter().enumerate().skip(1).take(3) {
            carry(&store, ASK, &by, act, minute as i64).unwrap();
        }
        assert!(sees(&responder(), 4));
        let back = Act::ReturnHop { because: words("Nobody is free") };
        carry(&store, ASK, &responder(), back, 5).unwrap();
        assert!(!sees(&responder(), 6), "who gave it back");
        carry(&store, ASK, &triager(), accepted(), 7).unwrap();
        assert!(sees(&responder(), 8), "offered again");
        for (minute, (by, act)) in way().into_iter().enumerate().skip(4) {
            carry(&store, ASK, &by, act, 10 + minute as i64).unwrap();
        }
        let closed = 17;
        for by in [gp(), triager(), responder()] {
            assert!(sees(&by, closed + 1) && sees(&by, closed + 60 * 24 * 30 - 1), "{}", by.id);
            assert!(!sees(&by, closed + 60 * 24 * 30), "{}", by.id);
        }
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn each_step_is_told_in_words_and_stands_on_the_right_list() {
    use care::worklist::List;
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        let stands = |by: &Subject, list: List, minute: i64| {
            let desk = wait(gate.desk(&asking(by, minute))).unwrap();
            let now = at(60 * minute);
            let asked = store.read(|tx| care::worklist::ask(tx, &desk, by, list, now, 10)).unwrap();
            assert_eq!(asked.total, store.read(|tx| care::worklist::count(tx, &desk, by, list, now)).unwrap());
            let people: Vec<Uuid> = asked.people().collect();
            let permit = wait(gate.worklist(&asking(by, minute), people)).unwrap();
            care::worklist::open(&permit, asked)
        };
        let on = |by: &Subject, minute| {
            List::ALL.into_iter().filter(|list| !stands(by, *list, minute).is_empty()).collect::<Vec<_>>()
        };
        walked(&store, ASK, 1);
        assert_eq!(on(&gp(), 1), [List::Team, List::Unanswered, List::Waiting, List::Sent]);
        assert_eq!(on(&coordinator(), 1), [List::Offered]);
        let shown = stands(&coordinator(), List::Offered, 1)[0].shown.clone().unwrap();
        assert!(!shown.is_alarm(at(60 * 9)) && shown.is_alarm(at(60 * 10)), "ten minutes for what cannot wait");
        for (minute, (by, act)) in way().into_iter().enumerate().skip(1).take(2) {
            carry(&store, ASK, &by, act, minute as i64).unwrap();
        }
        assert_eq!(on(&triager(), 4), [List::Mine, List::Team]);
        assert_eq!(on(&coordinator(), 4), [List::Team], "whose colleague has taken it");
        assert_eq!(on(&coordinator(), 121), [List::Team, List::Late]);
        assert_eq!(on(&gp(), 4), [List::Waiting, List::Sent]);
        let question = Act::AskMore { question: words("Is anybody with her?") };
        carry(&store, ASK, &triager(), question, 5).unwrap();
        assert_eq!(on(&gp(), 6), [List::Waiting, List::Questions, List::Sent]);
        carry(&store, ASK, &gp(), Act::GiveInfo { words: words("Her son") }, 7).unwrap();
        for (minute, (by, act)) in way().into_iter().enumerate().skip(3) {
            carry(&store, ASK, &by, act, 10 + minute as i64).unwrap();
        }
        assert_eq!(on(&gp(), 20), [List::Sent]);
        assert!(on(&responder(), 20).is_empty() && on(&triager(), 20).is_empty());
        let permit = permit(&gate, &gp(), 20).unwrap();
        let whole = store.read(|tx| care::views::step::thread(tx, &permit, ASK, &care::Team::said)).unwrap().unwrap();
        let steps = &whole.steps;
        let told: Vec<String> = steps.iter().map(|step| format!("{} {}", step.who, step.words)).collect();
        assert_eq!(
            told[0],
            "gp by name asked the single point of access for a fall: Found on the floor by a neighbour"
        );
        assert!(
            told.contains(&"responder by name took it from the single point of access for crisis response".to_owned())
        );
        assert!(told.last().unwrap().contains("closed it"), "{told:?}");
        let hops = store.read(|tx| care::views::hop::of(tx, &permit, ASK)).unwrap();
        assert_eq!(hops.iter().map(|hop| hop.to.word()).collect::<Vec<_>>(), [DOOR, CRISIS]);
        assert_eq!(whole.ask.request(), Some(&request()));
        assert_eq!(whole.line, stands(&gp(), List::Sent, 20)[0].shown.clone().unwrap());
        let heard = ["received", "triaged", "hop-offered", "answer-sent", "hop-accepted"];
        assert!(heard.iter().all(|word| whole.moments.iter().any(|moment| moment.signal == *word)), "{whole:?}");
        crate::verify::changes_are_found(database, &store, &["ask"]);
    });
}

#[test]
fn an_ask_reads_as_sound_fhir_at_every_step() {
    on_both(|database| {
        let store = database.open();
        let mut steps = way();
        let question = Act::AskMore { question: words("Is anybody with her?") };
        steps.splice(3..3, [(triager(), question), (gp(), Act::GiveInfo { words: words("Her son") })]);
        let mut kinds = std::collections::BTreeMap::new();
        for (minute, (by, act)) in steps.into_iter().enumerate() {
            carry(&store, ASK, &by, act, minute as i64).unwrap();
            let history = store.read(|tx| store::log::stream(tx, ASK)).unwrap();
            for resource in care::ask::fhir::resources(ASK, Some(&PERSON.to_string()), &history, &Team::said).unwrap() {
                let issues = fhir::validate::resource(&resource);
                assert!(issues.is_empty(), "{issues:?}\n{resource:#}");
                *kinds.entry(resource["resourceType"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            }
        }
        assert_eq!(kinds.keys().collect::<Vec<_>>(), ["Communication", "ServiceRequest", "Task"]);
    });
}
