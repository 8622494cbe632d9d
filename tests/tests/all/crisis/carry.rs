//! An ask that the crisis team takes, to its end: one response and one fall, begun and ended with the ask in one transaction,
//! however often and in whatever order anybody presses.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use access::{AskPermit, Role, Subject};
use care::age::Age;
use care::ask::{self, Ask, Asker, Consent, Ending, Kind, Otherwise, Request, State, Urgency, Visit, Whom};
use care::clock::{Clocks, State as Stands};
use care::crisis::{self, Act, Measure, Onward, RESPONSE, Refusal, Response, Stage, TEAM, Void};
use care::episode::Without;
use care::fall::{self, About, Care, Fall, Injury, Known, Reason, Route, Screen};
use care::{Team, views};
use place::Place;
use proptest::prelude::*;
use store::{Refused, Store};
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::{Database, on_both, outside};

use super::{asking, gate, minute, person, wait, words};

const ASK: Uuid = Uuid::from_u128(0xA5);
const DOOR: &str = "desk:single-point-of-access";
const WERNETH: &str = "neighbourhood:werneth";

fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

fn somebody(role: Role, team: &str) -> Subject {
    let (id, organisation) = (format!("one of {team}"), "The tests".to_owned());
    Subject { name: id.clone(), id, role, organisation, own: None, teams: vec![team.to_owned()], assured: true }
}

fn handler() -> Subject {
    somebody(Role::Coordinator, DOOR)
}

fn responder() -> Subject {
    somebody(Role::Therapist, TEAM)
}

/// Harold Bright, on the floor since the 20th minute.
fn request() -> Request {
    Request {
        whom: Whom {
            person: person(1),
            described: None,
            age: Age::Known { years: 79, source: "the record".to_owned() },
        },
        kind: Kind::Fall,
        asked_by: Asker {
            name: words("The lifting service"),
            relation: words("Falls pendant"),
            call_back: words("0161 496 0000"),
            team: Some(team(DOOR)),
        },
        asked_for: team(TEAM),
        urgency: Urgency::TwoHours,
        happened: words("Fell in the kitchen"),
        worries: words("He cannot get up"),
        otherwise: Otherwise::Ambulance,
        consent: Consent::Agrees {},
        visit: Visit { on_floor_since: Some(minute(20)), alone: Some(true), ..Visit::default() },
    }
}

fn say(store: &Store, by: &Subject, act: ask::Act, now: i64) -> Result<Ask, Refused<ask::Refusal>> {
    let command = ask::Command { by: by.clone(), act };
    store.write(move |write| ask::carry(write, ASK, command.clone(), minute(now)))
}

fn leave(store: &Arc<Store>, by: &Subject) -> AskPermit {
    wait(gate(store).work_ask(&asking(by), person(1))).unwrap()
}

fn does(store: &Arc<Store>, act: Act, now: i64) -> Result<Response, Refused<Refusal>> {
    let (permit, place) = (leave(store, &responder()), Place::built_in().unwrap());
    let id = response(store).unwrap();
    store.write(move |write| crisis::act(write, &place, &permit, id, act.clone(), minute(now)))
}

fn falls(store: &Arc<Store>, act: fall::Act, now: i64) -> Result<Fall, Refused<fall::Refusal>> {
    let permit = leave(store, &responder());
    let id = store.read(|tx| views::fall::of_ask(tx, ASK)).unwrap().unwrap();
    store.write(move |write| fall::act(write, &permit, id, act.clone(), minute(now)))
}

fn response(store: &Store) -> Option<Uuid> {
    store.read(|tx| views::crisis::of_ask(tx, ASK)).unwrap()
}

fn loaded<A: store::Aggregate>(store: &Store, id: Uuid) -> A {
    store::aggregate::load::<A>(&store.read(|tx| store::log::stream(tx, id)).unwrap()).unwrap().0
}

/// How much was written down, besides the looks that a gate writes itself.
fn written(store: &Store) -> i64 {
    let mut count = 0;
    let walked = store.read(|tx| {
        count = 0;
        store::log::walk(tx, 1, &mut |_, entry| {
            count += i64::from(entry.kind != "look");
            Ok::<_, store::Error>(())
        })
    });
    walked.unwrap();
    count
}

/// Sent in the 56th minute and taken by the crisis team in the 58th.
fn taken(store: &Store, request: Request) {
    say(store, &handler(), ask::Act::Submit(Box::new(request)), 56).unwrap();
    say(store, &responder(), ask::Act::AcceptHop, 58).unwrap();
}

const CLEAR: Screen = Screen {
    lost_consciousness: Known::No,
    head: Known::No,
    blood_thinner: Known::No,
    injury: Injury::None,
    can_get_up: Known::No,
};

fn assign() -> Act {
    Act::Assign { condition: None, responder: words("T. Shah, nurse"), equipment: Some(words("raiser")) }
}

fn hand_on(at: i64, told: Option<&str>) -> Act {
    Act::HandOn {
        onward: Onward::Down,
        team: team(WERNETH),
        name: words("J. Ward"),
        at: minute(at),
        without: Without::Hospital,
        told: told.map(words),
    }
}

#[test]
fn an_ask_that_the_crisis_team_takes_begins_one_response_and_one_fall_on_the_clock_of_the_ask() {
    on_both(|database| {
        let store = Arc::new(database.open());
        say(&store, &handler(), ask::Act::Submit(Box::new(request())), 56).unwrap();
        assert_eq!(response(&store), None, "offered is not taken");
        let takers: Vec<_> = (0..6)
            .map(|_| {
                let store = store.clone();
                std::thread::spawn(move || say(&store, &responder(), ask::Act::AcceptHop, 58).is_ok())
            })
            .collect();
        let took = takers.into_iter().map(|taker| taker.join().unwrap()).filter(|took| *took).count();
        assert!(took >= 1);
        assert_eq!(outside::number(database, "SELECT count(*) FROM crisis"), 1);
        assert_eq!(outside::number(database, "SELECT count(*) FROM fall WHERE on_floor = 1"), 1);
        let begun: Response = loaded(&store, response(&store).unwrap());
        assert_eq!((begun.ask(), begun.condition(), begun.stage()), (ASK, Some("fall"), Stage::Accepted));
        let clocks = Clocks::of(&Place::built_in().unwrap()).unwrap();
        let span = clocks.span(RESPONSE, begun.moments(), minute(60)).unwrap().unwrap();
        assert_eq!(span.started, Some(minute(56)), "when it was sent, not when it was taken");
        // Taking what one was asked for by name is deciding it.
        let ask: Ask = loaded(&store, ASK);
        assert_eq!((ask.state(), ask.owner()), (State::Decided, Some(&team(TEAM))));
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn what_was_asked_without_haste_is_counted_from_when_it_was_offered_to_the_crisis_team() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let request = Request {
            kind: Kind::Crisis,
            asked_for: team("service:intermediate-care"),
            urgency: Urgency::Routine,
            visit: Visit::default(),
            ..request()
        };
        say(&store, &handler(), ask::Act::Submit(Box::new(request)), 10).unwrap();
        let back = ask::Act::TakeBackHop { because: words("She is worse") };
        say(&store, &handler(), back, 69).unwrap();
        let offer = ask::Act::OfferHop { to: team(TEAM), note: words("Now"), warm: true };
        say(&store, &handler(), offer, 70).unwrap();
        say(&store, &responder(), ask::Act::AcceptHop, 80).unwrap();
        let begun: Response = loaded(&store, response(&store).unwrap());
        assert_eq!(begun.moments()[0].at, minute(70));
        assert_eq!((begun.condition(), outside::number(database, "SELECT count(*) FROM fall")), (None, 0));
        // Which of the nine it is, whoever sends somebody says.
        let unnamed = does(&store, assign(), 81).unwrap_err();
        assert!(matches!(unnamed, Refused::Rules(Refusal::NoConditionYet)), "{unnamed}");
        let named = |condition: &str| Act::Assign {
            condition: Some(condition.to_owned()),
            responder: words("T. Shah"),
            equipment: None,
        };
        assert!(does(&store, named("flood"), 81).unwrap_err().to_string().contains("none of the conditions"));
        assert_eq!(does(&store, named("confusion"), 82).unwrap().condition(), Some("confusion"));
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn nobody_is_sent_before_the_five_questions_and_a_red_flag_is_for_999() {
    on_both(|database| {
        let store = Arc::new(database.open());
        taken(&store, request());
        let head = || written(&store);
        let before = head();
        assert!(does(&store, assign(), 59).unwrap_err().to_string().contains("ask first"));
        falls(&store, fall::Act::Screen(Screen { lost_consciousness: Known::Yes, ..CLEAR }), 60).unwrap();
        assert!(does(&store, assign(), 61).unwrap_err().to_string().contains("lost consciousness"));
        let visit = |despite: Option<&str>| fall::Act::Route {
            route: Route::Visit,
            because: words("A paramedic is there"),
            despite: despite.map(words),
        };
        assert!(falls(&store, visit(None), 62).unwrap_err().to_string().contains("for 999"));
        let away = fall::Act::Route { route: Route::Ambulance, because: words("999 rung"), despite: None };
        falls(&store, away, 62).unwrap();
        assert!(does(&store, assign(), 63).unwrap_err().to_string().contains("an ambulance goes"));
        assert_eq!(head(), before + 2, "what was refused left nothing");
        falls(&store, visit(Some("Dr Okafor has examined him")), 64).unwrap();
        does(&store, assign(), 65).unwrap();
        let sent = head();
        does(&store, assign(), 66).unwrap();
        assert_eq!(head(), sent, "pressed twice");
        // Asked again with another answer, what was decided on the first stands no more.
        falls(&store, fall::Act::Screen(Screen { injury: Injury::Serious, ..CLEAR }), 67).unwrap();
        let other = Act::Assign { condition: None, responder: words("B. Lund"), equipment: None };
        assert!(does(&store, other, 68).unwrap_err().to_string().contains("serious injury"));
    });
}

#[test]
fn what_is_said_of_the_response_is_said_of_the_ask_to_its_end_and_a_refusal_leaves_nothing() {
    on_both(|database| {
        let store = Arc::new(database.open());
        taken(&store, request());
        falls(&store, fall::Act::Screen(CLEAR), 59).unwrap();
        does(&store, assign(), 60).unwrap();
        does(&store, Act::SetOff(minute(61)), 62).unwrap();
        does(&store, Act::Arrive(minute(101)), 140).unwrap();
        does(&store, Act::Arrive(minute(101)), 141).unwrap();
        let ask = || loaded::<Ask>(&store, ASK);
        assert_eq!(ask().state(), State::Attended);
        let measured = Act::Measure { values: vec![(Measure::FourAt, 0), (Measure::News2, 1)], at: minute(105) };
        does(&store, measured.clone(), 142).unwrap();
        does(&store, measured, 143).unwrap();
        does(&store, Act::Stabilise { at: minute(110), plan: words("Hazard visit this week") }, 144).unwrap();
        let head = || written(&store);
        let before = head();
        let refused = does(&store, hand_on(150, Some("on the line")), 150).unwrap_err();
        assert!(matches!(refused, Refused::Rules(Refusal::OnTheFloor)), "{refused}");
        falls(&store, fall::Act::HelpUp { at: minute(101), care: Care::Assessed }, 151).unwrap();
        let refused = does(&store, hand_on(150, None), 152).unwrap_err();
        assert!(matches!(refused, Refused::Rules(Refusal::NotTold)), "{refused}");
        assert_eq!((head(), ask().ending()), (before + 1, None), "all of it or nothing");
        // By the ask's own page the board would not know.
        let permit = leave(&store, &responder());
        let outcome = ask::Act::RecordOutcome { ending: Ending::NoNeed, words: words("Well") };
        let past = store.write(move |write| ask::act(write, &permit, ASK, outcome.clone(), minute(153)).map(|_| ()));
        assert!(past.unwrap_err().to_string().contains("say on the crisis page"));
        let closed = does(&store, hand_on(150, Some("on the line")), 154).unwrap();
        assert_eq!(closed.stage(), Stage::Closed);
        assert_eq!((ask().state(), ask().ending()), (State::Closed, Some(Ending::Neighbourhood)));
        assert_eq!(ask().answered(), Some(ask::Answered::Sent));
        let ended = head();
        does(&store, hand_on(150, Some("on the line")), 155).unwrap();
        assert_eq!(head(), ended, "pressed twice");
        assert!(does(&store, assign(), 156).unwrap_err().to_string().contains("closed"));
        // The reason for a full assessment, and the long lie.
        let harold = About {
            age: Some(79),
            long_term_condition: false,
            falls_in_a_year: 1,
            frailty: false,
            gait_or_balance: false,
        };
        let fallen = falls(&store, fall::Act::Need(harold), 157).unwrap();
        assert_eq!((fallen.reasons(), fallen.minutes_on_floor()), ([Reason::CouldNotGetUp].as_slice(), Some(81)));
        assert!(store.verify(None).unwrap().findings.is_empty());
        crate::verify::changes_are_found(database, &store, &["crisis", "fall"]);
    });
}

#[test]
fn what_ends_an_ask_ends_its_response_and_the_other_way_round() {
    on_both(|database| {
        for (act, why) in [
            (ask::Act::Withdraw { because: words("Her daughter came") }, Stands::Void),
            (ask::Act::NoteDeath { source: words("The GP") }, Stands::Void),
        ] {
            let another = Database::sqlite();
            let store = Arc::new(another.open());
            taken(&store, request());
            say(&store, &responder(), act, 60).unwrap();
            let ended: Response = loaded(&store, response(&store).unwrap());
            assert_eq!(ended.stage(), Stage::Closed);
            let clocks = Clocks::of(&Place::built_in().unwrap()).unwrap();
            assert_eq!(clocks.span(RESPONSE, ended.moments(), minute(300)).unwrap().unwrap().state, why);
        }
        let store = Arc::new(database.open());
        taken(&store, request());
        falls(&store, fall::Act::Screen(CLEAR), 59).unwrap();
        does(&store, assign(), 60).unwrap();
        does(&store, Act::Arrive(minute(70)), 71).unwrap();
        let void = |why: Void| Act::Void { why, because: words("As told") };
        let refused = does(&store, void(Void::WithdrawnBeforeContact), 72).unwrap_err();
        assert!(refused.to_string().contains("arrived already"), "{refused}");
        assert_eq!(loaded::<Ask>(&store, ASK).state(), State::Attended, "nothing was said of the ask");
        say(&store, &handler(), ask::Act::Withdraw { because: words("He wants nobody") }, 73).unwrap();
        let still: Response = loaded(&store, response(&store).unwrap());
        assert_eq!(still.stage(), Stage::Arrived, "somebody is there, and stays until somebody has him");
        does(&store, void(Void::Died), 74).unwrap();
        does(&store, void(Void::Died), 75).unwrap();
        let ask: Ask = loaded(&store, ASK);
        assert_eq!((ask.state(), ask.ending()), (State::OutcomeRecorded, Some(Ending::Died)));
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn only_the_team_that_has_the_ask_says_anything_of_its_response() {
    on_both(|database| {
        let store = Arc::new(database.open());
        taken(&store, request());
        let (id, place) = (response(&store).unwrap(), Place::built_in().unwrap());
        let tried = |permit: AskPermit| {
            let place = place.clone();
            store
                .write(move |write| {
                    crisis::act(write, &place, &permit, id, Act::SetOff(minute(60)), minute(60)).map(|_| ())
                })
                .unwrap_err()
                .to_string()
        };
        assert!(tried(leave(&store, &handler())).contains("has this ask"));
        let other = wait(gate(&store).work_ask(&asking(&responder()), person(2))).unwrap();
        assert!(tried(other).contains("needs leave"));
        let makes = wait(gate(&store).make_ask(&asking(&responder()), person(1))).unwrap();
        assert!(tried(makes).contains("needs leave"));
        // What a table may not hold, and what is found that may be and did not happen.
        let lets = |sql: &str| catch_unwind(AssertUnwindSafe(|| outside::run(database, sql))).is_ok();
        for sql in [
            "UPDATE crisis SET stage = 'closed'",
            "UPDATE crisis SET closed = 1",
            "UPDATE crisis SET closed = 1, stage = 'closed'",
            "UPDATE crisis SET arrived = 1",
            "UPDATE crisis SET stepped = 1",
            "UPDATE fall SET on_floor = 2",
            "UPDATE fall SET up = 1",
            "UPDATE fall SET minutes = 1",
        ] {
            assert!(!lets(sql), "{sql}");
        }
        for sql in ["UPDATE crisis SET received = received + 1", "UPDATE fall SET since = NULL"] {
            assert!(lets(sql), "{sql}");
            assert!(!store.verify(None).unwrap().findings.is_empty(), "{sql}");
            store.replay().unwrap();
            assert!(store.verify(None).unwrap().findings.is_empty());
        }
    });
}

/// Something pressed.
#[derive(Debug, Clone)]
enum Presses {
    Ask(usize),
    Crisis(usize),
    Fall(usize),
}

fn presses() -> impl Strategy<Value = Presses> {
    prop_oneof![
        2 => (0..11_usize).prop_map(Presses::Ask),
        4 => (0..10_usize).prop_map(Presses::Crisis),
        2 => (0..5_usize).prop_map(Presses::Fall),
    ]
}

fn ask_act(which: usize) -> (Subject, ask::Act) {
    match which {
        0 | 1 => (responder(), ask::Act::AcceptHop),
        2 => (responder(), ask::Act::ReturnHop { because: words("Nobody is free") }),
        3 | 4 => (handler(), ask::Act::OfferHop { to: team(TEAM), note: words("Now"), warm: true }),
        5 => (responder(), ask::Act::OfferHop { to: team(DOOR), note: words("Not for us"), warm: false }),
        6 => (handler(), ask::Act::AcceptHop),
        7 => (responder(), ask::Act::RecordOutcome { ending: Ending::NoNeed, words: words("Well") }),
        8 => {
            let (to, how) = (words("The lifting service"), words("on the line"));
            (responder(), ask::Act::Answer { to, how, words: words("Somebody comes") })
        }
        9 => (responder(), ask::Act::Withdraw { because: words("Not wanted") }),
        _ => (responder(), ask::Act::CannotContact { tried: words("Knocked twice") }),
    }
}

fn crisis_act(which: usize, now: i64) -> Act {
    match which {
        0 | 1 => assign(),
        2 => Act::SetOff(minute(now - 1)),
        3 | 4 => Act::Arrive(minute(now - 1)),
        5 => Act::Stabilise { at: minute(now), plan: words("A plan") },
        6 => hand_on(now, None),
        7 => hand_on(now, Some("on the line")),
        8 => Act::Void { why: Void::ALL[usize::try_from(now).unwrap() % 4], because: words("As told") },
        _ => Act::Measure { values: vec![(Measure::News2, 1)], at: minute(now) },
    }
}

fn fall_act(which: usize, now: i64) -> fall::Act {
    match which {
        0 | 1 => fall::Act::Screen(CLEAR),
        2 => fall::Act::Screen(Screen { injury: Injury::Serious, ..CLEAR }),
        3 => fall::Act::Route { route: Route::Visit, because: words("Near"), despite: Some(words("Dr Okafor")) },
        _ => fall::Act::HelpUp { at: minute(now), care: Care::HelpedUp },
    }
}

#[test]
fn however_anybody_presses_no_ask_ends_with_somebody_on_the_way_and_no_response_is_without_its_ask() {
    property_on_both(16, &proptest::collection::vec(presses(), 1..40), |database, presses| {
        let store = Arc::new(database.open());
        say(&store, &handler(), ask::Act::Submit(Box::new(request())), 56).unwrap();
        let mut now = 58;
        for press in presses {
            now += 1;
            let before = written(&store);
            let refused = match press.clone() {
                Presses::Ask(which) => {
                    let (by, act) = ask_act(which);
                    let works = leave(&store, &by);
                    let told =
                        store.write(move |write| ask::act(write, &works, ASK, act.clone(), minute(now)).map(|_| ()));
                    ruled(told)?
                }
                Presses::Crisis(which) if response(&store).is_some() => {
                    ruled(does(&store, crisis_act(which, now), now).map(|_| ()))?
                }
                Presses::Fall(which) if store.read(|tx| views::fall::of_ask(tx, ASK)).unwrap().is_some() => {
                    ruled(falls(&store, fall_act(which, now), now).map(|_| ()))?
                }
                Presses::Crisis(_) | Presses::Fall(_) => true,
            };
            prop_assert!(!refused || written(&store) == before, "a refusal leaves nothing: {press:?}");
            let ask: Ask = loaded(&store, ASK);
            let open = store.read(|tx| views::crisis::open_for(tx, ASK)).unwrap();
            let on_the_way = open.map(|id| loaded::<Response>(&store, id));
            if let Some(response) = &on_the_way {
                prop_assert!(response.stage() != Stage::Closed && response.ask() == ASK);
                prop_assert_eq!(ask.owner().map(Team::word), Some(TEAM));
                prop_assert!(ask.ending().is_none() && ask.state() != State::Closed);
                let sent = response.stage() >= Stage::Assigned;
                let fallen: Fall = loaded(&store, store.read(|tx| views::fall::of_ask(tx, ASK)).unwrap().unwrap());
                prop_assert!(!sent || fallen.screen().is_some(), "nobody was sent unasked");
            }
            prop_assert!(outside::number(database, "SELECT count(*) FROM crisis WHERE closed IS NULL") <= 1);
            prop_assert!(outside::number(database, "SELECT count(*) FROM fall") <= 1);
        }
        let tables = outside::view_tables();
        let before = outside::dump(&store, &tables, &[]);
        store.replay().unwrap();
        prop_assert_eq!(outside::dump(&store, &tables, &[]), before);
        prop_assert!(store.verify(None).unwrap().findings.is_empty());
        Ok(())
    });
}

/// Whether the rules refused it; the store's trouble fails the test.
fn ruled<R: std::error::Error>(outcome: Result<(), Refused<R>>) -> Result<bool, TestCaseError> {
    match outcome {
        Ok(()) => Ok(false),
        Err(Refused::Rules(_)) => Ok(true),
        Err(Refused::Store(error)) => Err(TestCaseError::fail(error.to_string())),
    }
}
