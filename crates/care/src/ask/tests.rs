//! What the tests of the ask share: who acts, for which team, what is asked and decided. The expectations stand in the parts.

use access::{Role, Subject};
use proptest::prelude::*;

use super::*;
use crate::triage::{Alternative, Level, Offer, Override, OverrideCode, Owner};
use crate::words::Words;

mod invariants;
mod plain;
mod way;

pub(crate) fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

pub(crate) fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + 60 * minute).unwrap()
}

fn somebody(id: &str, role: Role, teams: &[&str]) -> Subject {
    Subject {
        id: id.to_owned(),
        name: format!("{id} by name"),
        role,
        organisation: String::new(),
        own: None,
        teams: teams.iter().map(|team| (*team).to_owned()).collect(),
        assured: true,
    }
}

const PRACTICE: &str = "ods:P88002";
pub(crate) const DOOR: &str = "desk:single-point-of-access";
pub(crate) const CRISIS: &str = "service:crisis-response";
const HOME: &str = "home:bowerfield-house";

pub(crate) fn gp() -> Subject {
    somebody("gp", Role::Gp, &[PRACTICE])
}
pub(crate) fn coordinator() -> Subject {
    somebody("coordinator", Role::Coordinator, &[DOOR])
}
pub(crate) fn triager() -> Subject {
    somebody("triager", Role::DistrictNurse, &[DOOR])
}
pub(crate) fn responder() -> Subject {
    somebody("responder", Role::Therapist, &[CRISIS])
}
pub(crate) fn person() -> Uuid {
    Uuid::from_u128(84)
}
fn citizen() -> Subject {
    Subject { own: Some(person()), ..somebody("citizen", Role::Citizen, &[]) }
}

pub(crate) fn known(years: u8) -> Age {
    Age::Known { years, source: "the record".to_owned() }
}

/// What a practice asks of the door for somebody of 84.
pub(crate) fn request() -> Request {
    Request {
        whom: Whom { person: person(), described: None, age: known(84) },
        kind: Kind::Crisis,
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

fn from_home(request: Request) -> Request {
    let asked_by = Asker { team: None, ..request.asked_by.clone() };
    Request { asked_by, ..request }
}

fn offer(service: &str, level: Level) -> Offer {
    Offer {
        service: team(service),
        level,
        fit: "comes within two hours".to_owned(),
        free: Some(2),
        observed_at: Some(at(0)),
        travel_minutes: Some(9),
        clock_left: Some(95),
    }
}

pub(crate) fn triage(decision: Decision) -> Triage {
    Triage {
        decision,
        urgency: Urgency::TwoHours,
        because: words("Needs somebody today"),
        offers: vec![offer(CRISIS, Level::Home7Day), offer("service:falls", Level::Home7Day)],
        overridden: None,
    }
}

pub(crate) fn accepted() -> Decision {
    Decision::Accepted { service: team(CRISIS), level: Level::Home7Day }
}

pub(crate) fn declined() -> Decision {
    Decision::Declined {
        reason: words("Not for this team"),
        alternative: Alternative { what: words("The falls clinic"), how: words("They will ring") },
        owner: Owner { team: team(CRISIS), name: words("Sam Lee") },
    }
}

fn destination(team: Option<Team>) -> Destination {
    Destination { team, name: words("The children's community team"), contact: words("0161 496 0001") }
}

/// An ask to which some things were done, one a minute; each has to be allowed.
fn done(acts: impl IntoIterator<Item = (Subject, Act)>) -> Ask {
    let mut ask = Ask::default();
    for (minute, (by, act)) in acts.into_iter().enumerate() {
        let said = format!("{} {act:?}", by.id);
        let events =
            ask.decide(Command { by, act }, at(minute as i64)).unwrap_or_else(|error| panic!("{said}: {error}"));
        for event in &events {
            ask.apply(event);
        }
    }
    ask
}

pub(crate) fn submit(request: Request) -> Act {
    Act::Submit(Box::new(request))
}

pub(crate) fn decide(decision: Decision) -> Act {
    Act::Decide { triage: Box::new(triage(decision)), warm: false }
}

fn refused(ask: &Ask, by: Subject, act: Act) -> Refusal {
    ask.decide(Command { by, act }, at(1_000)).unwrap_err()
}

pub(crate) fn outcome(ending: Ending) -> Act {
    Act::RecordOutcome { ending, words: words("Up, fed and warm") }
}

pub(crate) fn answer() -> Act {
    Act::Answer { to: words("Dr Okafor"), how: words("on the line"), words: words("A therapist is on the way") }
}

pub(crate) fn close(age: Age) -> Act {
    Act::Close { age, redirected: None }
}
