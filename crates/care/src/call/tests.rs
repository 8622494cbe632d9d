//! Calls: the order of the rota, signals in any order, both ends.

use access::Role;
use proptest::prelude::*;

use super::*;
use crate::advice::line::BadLine;
use crate::team::Team;
use crate::telephony::Telephony;
use crate::telephony::simulated::{Does, Manner, Simulated};

const NOON: i64 = 1_795_348_800;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(NOON + second).unwrap()
}

pub(crate) fn gp() -> Subject {
    Subject {
        id: "persona|gp".to_owned(),
        name: "Dr Priya Nair".to_owned(),
        role: Role::Gp,
        organisation: "Marple Bridge Surgery".to_owned(),
        own: None,
        teams: vec!["ods:P88002".to_owned()],
        assured: true,
    }
}

fn consultant(id: &str) -> Subject {
    let teams = vec!["organisation:stockport-ft".to_owned()];
    Subject { id: id.to_owned(), name: format!("Dr {id}"), role: Role::Consultant, teams, ..gp() }
}

fn who(id: &str) -> Who {
    Who { reader: id.to_owned(), name: format!("Dr {id}") }
}

fn practice() -> Team {
    Team::try_from("ods:P88002".to_owned()).unwrap()
}

fn start(on: &[&str]) -> Start {
    Start {
        by: gp(),
        team: practice(),
        specialty: "endocrinology".to_owned(),
        person: Some(Uuid::from_u128(11)),
        present: true,
        question: "Blood pressure falls on standing".to_owned(),
        journey: Uuid::from_u128(7),
        on: on.iter().map(|id| who(id)).collect(),
        ring_seconds: 18,
        rounds: 3,
    }
}

fn run(call: &mut Call, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let events = call.decide(command, at)?;
    for event in &events {
        call.apply(event);
    }
    Ok(events)
}

fn begun(on: &[&str]) -> Call {
    let mut call = Call::default();
    run(&mut call, Command::Start(Box::new(start(on))), at(0)).unwrap();
    call
}

fn id() -> Uuid {
    Uuid::from_u128(1)
}

fn signal(number: u32, ring: u32, what: What, second: i64) -> Signal {
    Signal { id: format!("s{number}"), call: id(), ring, what, at: at(second) }
}

/// Lets a call go on with an exchange, second by second, until nothing more happens of itself.
fn carry_on(call: &mut Call, exchange: &Simulated, seconds: i64) {
    let mut asked = std::collections::BTreeSet::new();
    for second in 0..seconds {
        for signal in exchange.signals(at(second)) {
            run(call, Command::Heard(signal), at(second)).unwrap();
        }
        run(call, Command::Pass, at(second)).unwrap();
        for order in call.orders(id()) {
            // An order is asked again now and then, as after a restart.
            if asked.insert(order.clone()) || second % 7 == 0 {
                drop(exchange.order(&order, at(second)));
            }
        }
    }
}

fn key(by: Subject, outcome: Outcome) -> Command {
    Command::Key { by, outcome, lines: Vec::new() }
}

#[test]
fn with_the_first_consultant_busy_the_second_answers_within_forty_seconds() {
    let exchange = Simulated::new(1, Manner { again_every: 2, late_by: 1 });
    exchange.plan("a", [Does::LetsItRing]);
    exchange.plan("b", [Does::PicksUp { after: 6, talk: 240 }]);
    let mut call = begun(&["a", "b", "c"]);
    carry_on(&mut call, &exchange, 400);
    assert_eq!(call.answered().map(|(who, _)| who.reader.as_str()), Some("b"));
    assert_eq!(call.connect(), Some(SignedDuration::from_secs(24)), "18 seconds for the first, 6 for the second");
    assert!(call.talk().is_some_and(|talk| (238..=242).contains(&talk.as_secs())), "{:?}", call.talk());
    assert_eq!(call.stands(), Stands::Ended);
}

#[test]
fn the_line_goes_round_in_the_order_of_the_rota_and_then_offers_writing() {
    let exchange = Simulated::new(1, Manner::default());
    for reader in ["a", "b", "c"] {
        exchange.plan(reader, [Does::LetsItRing, Does::LetsItRing, Does::LetsItRing]);
    }
    let mut call = begun(&["a", "b", "c"]);
    carry_on(&mut call, &exchange, 200);
    let rung: Vec<&str> = call.rings.iter().map(|ring| ring.who.reader.as_str()).collect();
    assert_eq!(rung, ["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
    let began: Vec<i64> = call.rings.iter().map(|ring| ring.at.as_second() - NOON).collect();
    assert_eq!(began, (0..9).map(|ring| ring * 18).collect::<Vec<_>>());
    assert_eq!((call.stands(), call.due()), (Stands::Unanswered, None));
    assert!(call.orders(id()).contains(&Order::HangUp { call: id() }));
    assert_eq!(run(&mut call, key(gp(), Outcome::Referred), at(300)), Err(Refusal::NotAnswered));
}

#[test]
fn a_late_tick_rings_the_next_from_then_on_and_skips_nobody() {
    let mut call = begun(&["a", "b"]);
    assert!(run(&mut call, Command::Pass, at(17)).unwrap().is_empty());
    run(&mut call, Command::Pass, at(500)).unwrap();
    let (ring, now) = call.ringing().unwrap();
    assert_eq!((ring, now.who.reader.as_str(), now.at), (2, "b", at(500)));
}

#[test]
fn busy_and_out_of_reach_go_on_at_once() {
    let mut call = begun(&["a", "b", "c"]);
    run(&mut call, Command::Heard(signal(1, 1, What::Busy, 1)), at(1)).unwrap();
    run(&mut call, Command::Heard(signal(2, 2, What::Failed, 2)), at(2)).unwrap();
    assert_eq!(call.ringing().unwrap().1.who.reader, "c");
    // Told again, and told late: nothing follows.
    assert!(run(&mut call, Command::Heard(signal(1, 1, What::Busy, 1)), at(3)).unwrap().is_empty());
    run(&mut call, Command::Heard(signal(3, 1, What::NotAnswered, 3)), at(3)).unwrap();
    assert_eq!(call.rung(), 3);
}

#[test]
fn who_picks_up_after_the_line_went_on_is_not_connected() {
    let mut call = begun(&["a", "b"]);
    run(&mut call, Command::Pass, at(18)).unwrap();
    run(&mut call, Command::Heard(signal(1, 1, What::Answered, 18)), at(19)).unwrap();
    assert_eq!((call.stands(), call.answered()), (Stands::Ringing, None));
    assert!(call.orders(id()).contains(&Order::Cancel { call: id(), ring: 1 }));
    run(&mut call, Command::Heard(signal(2, 2, What::Answered, 24)), at(25)).unwrap();
    assert_eq!(call.answered().map(|(who, at)| (who.reader.as_str(), at)), Some(("b", at(24))));
    let orders = call.orders(id());
    assert_eq!(orders, [Order::Cancel { call: id(), ring: 1 }, Order::Connect { call: id(), ring: 2 }]);
}

#[test]
fn a_caller_who_gives_up_is_never_connected() {
    for pressed in [true, false] {
        let mut call = begun(&["a", "b"]);
        if pressed {
            assert_eq!(run(&mut call, Command::GiveUp { by: consultant("a") }, at(4)), Err(Refusal::NotTheirs));
            run(&mut call, Command::GiveUp { by: gp() }, at(5)).unwrap();
            assert!(run(&mut call, Command::GiveUp { by: gp() }, at(6)).unwrap().is_empty(), "a double press");
        } else {
            run(&mut call, Command::Heard(signal(9, 1, What::CallerGone, 5)), at(5)).unwrap();
        }
        run(&mut call, Command::Heard(signal(1, 1, What::Answered, 6)), at(7)).unwrap();
        assert_eq!((call.stands(), call.answered(), call.due()), (Stands::GivenUp, None, None));
        assert!(call.orders(id()).contains(&Order::HangUp { call: id() }));
    }
}

#[test]
fn what_an_exchange_may_not_say_is_refused_in_words() {
    let mut call = begun(&["a"]);
    let told = |call: &mut Call, signal| run(call, Command::Heard(signal), at(9));
    assert_eq!(told(&mut call, signal(1, 4, What::Ringing, 1)), Err(Refusal::NoSuchRing(4)));
    assert_eq!(told(&mut call, signal(1, 0, What::Ringing, 1)), Err(Refusal::NoSuchRing(0)));
    told(&mut call, signal(1, 1, What::Ringing, 1)).unwrap();
    assert_eq!(told(&mut call, signal(1, 1, What::Answered, 1)), Err(Refusal::AnotherUnderOneId));
    let long = Signal { id: "x".repeat(101), ..signal(1, 1, What::Ringing, 1) };
    assert_eq!(told(&mut call, long), Err(Refusal::BadSignal));
    let mut none = Call::default();
    assert_eq!(told(&mut none, signal(1, 1, What::Ringing, 1)), Err(Refusal::NotStarted));
}

#[test]
fn a_call_needs_somebody_to_ring_a_proved_caller_and_a_fit_line() {
    let begin =
        |start: Start| Call::default().decide(Command::Start(Box::new(start)), at(0)).map(|events| events.len());
    assert_eq!(begin(start(&["a"])), Ok(2));
    assert_eq!(begin(start(&[])), Err(Refusal::NobodyOn));
    assert_eq!(begin(start(&["persona|gp"])), Err(Refusal::NobodyOn), "nobody rings themselves");
    let unproved = Subject { assured: false, ..gp() };
    assert_eq!(begin(Start { by: unproved, ..start(&["a"]) }), Err(Refusal::NotClinical));
    let reception = Subject { role: Role::Receptionist, ..gp() };
    assert_eq!(begin(Start { by: reception, ..start(&["a"]) }), Err(Refusal::NotClinical));
    for seconds in [14, 21] {
        assert_eq!(begin(Start { ring_seconds: seconds, ..start(&["a"]) }), Err(Refusal::BadSettings));
    }
    assert_eq!(begin(Start { rounds: 0, ..start(&["a"]) }), Err(Refusal::BadSettings));
    assert_eq!(begin(Start { person: None, ..start(&["a"]) }), Err(Refusal::NobodyPresent));
    assert_eq!(begin(Start { question: "x".repeat(301), ..start(&["a"]) }), Err(Refusal::TooLong));
    let mut twice = begun(&["a"]);
    assert_eq!(run(&mut twice, Command::Start(Box::new(start(&["a"]))), at(1)), Err(Refusal::StartedAlready));
}

fn answered() -> Call {
    let mut call = begun(&["a", "b"]);
    run(&mut call, Command::Heard(signal(1, 1, What::Answered, 9)), at(9)).unwrap();
    run(&mut call, Command::Heard(signal(2, 1, What::Ended, 200)), at(200)).unwrap();
    call
}

#[test]
fn only_the_two_ends_key_what_came_of_it_and_each_once() {
    let mut call = answered();
    assert_eq!(run(&mut call, key(consultant("b"), Outcome::Referred), at(210)), Err(Refusal::NotTheirs));
    let colleague = Subject { id: "another".to_owned(), ..gp() };
    let reception = Subject { role: Role::Receptionist, ..colleague.clone() };
    assert_eq!(run(&mut call, key(reception, Outcome::Referred), at(210)), Err(Refusal::NotTheirs));
    run(&mut call, key(colleague, Outcome::TestsInPractice), at(210)).unwrap();
    assert!(run(&mut call, key(gp(), Outcome::TestsInPractice), at(211)).unwrap().is_empty(), "a double press");
    assert_eq!(run(&mut call, key(gp(), Outcome::Referred), at(212)), Err(Refusal::KeyedAlready));
    assert_eq!(call.settled(), Settled::Waits(End::Consultant));
    run(&mut call, key(consultant("a"), Outcome::TestsInPractice), at(213)).unwrap();
    assert_eq!(call.settled(), Settled::Agreed(Outcome::TestsInPractice));
    assert_eq!(call.due(), None);
}

#[test]
fn an_end_that_keys_nothing_for_a_day_is_written_down_as_missing_and_may_still_come() {
    let day = 24 * 60 * 60;
    let mut call = answered();
    assert!(run(&mut call, Command::Pass, at(10 * day)).unwrap().is_empty(), "neither has keyed anything: it waits");
    run(&mut call, key(consultant("a"), Outcome::ManagedInPractice), at(300)).unwrap();
    assert!(run(&mut call, Command::Pass, at(300 + day - 1)).unwrap().is_empty());
    let events = run(&mut call, Command::Pass, at(300 + day)).unwrap();
    assert_eq!(events, [Event::CallOutcomeMissing { end: End::Gp }]);
    assert_eq!(call.settled(), Settled::Missing(End::Gp, Outcome::ManagedInPractice));
    assert!(run(&mut call, Command::Pass, at(300 + 2 * day)).unwrap().is_empty(), "said once");
    run(&mut call, key(gp(), Outcome::Referred), at(300 + 3 * day)).unwrap();
    let expected = Settled::Disagreed { gp: Outcome::Referred, consultant: Outcome::ManagedInPractice };
    assert_eq!(call.settled(), expected, "neither is chosen over the other");
}

#[test]
fn what_was_promised_has_an_owner_and_a_day_that_is_to_come() {
    let line = |what: &str, by| Line { what: what.to_owned(), owner: practice(), by };
    let mut call = answered();
    let over = Some(jiff::civil::date(2026, 11, 21));
    let keyed = |lines| Command::Key { by: gp(), outcome: Outcome::TestsInPractice, lines };
    assert_eq!(run(&mut call, keyed(vec![line("Bloods", over)]), at(300)), Err(Refusal::Line(BadLine::Over)));
    assert_eq!(run(&mut call, keyed(vec![line("  ", None)]), at(300)), Err(Refusal::Line(BadLine::Words)));
    assert_eq!(run(&mut call, keyed(vec![line("x", None); 13]), at(300)), Err(Refusal::Line(BadLine::TooMany)));
    let good = vec![line(" Bloods on Friday ", Some(jiff::civil::date(2026, 11, 27))), line("Ring her back", None)];
    run(&mut call, keyed(good), at(300)).unwrap();
    assert_eq!(call.lines().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["Bloods on Friday", "Ring her back"]);
}

#[test]
fn an_event_reads_again_as_it_was_written() {
    let mut call = Call::default();
    let mut events = run(&mut call, Command::Start(Box::new(start(&["a", "b"]))), at(0)).unwrap();
    events.extend(run(&mut call, Command::Heard(signal(1, 1, What::Busy, 1)), at(1)).unwrap());
    events.extend(run(&mut call, Command::Heard(signal(2, 2, What::Answered, 4)), at(4)).unwrap());
    events.extend(run(&mut call, key(gp(), Outcome::Referred), at(9)).unwrap());
    let again: Vec<Event> =
        events.iter().map(|event| serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap()).collect();
    assert_eq!(again, events);
}

/// What stays of a call in the end.
fn facts(call: &Call) -> (Stands, Option<(String, Timestamp)>, Option<SignedDuration>, Settled) {
    let answered = call.answered().map(|(who, at)| (who.reader.clone(), at));
    (call.stands(), answered, call.talk(), call.settled())
}

proptest! {
    #[test]
    fn signals_in_any_order_and_told_any_number_of_times_come_to_the_same(
        order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(),
        again in proptest::collection::vec(0..4_usize, 0..6),
    ) {
        // The second ring: what the exchange says of it and, late, of the first; each is told twice.
        let told = [
            signal(10, 1, What::Ringing, 1),
            signal(11, 2, What::Ringing, 19),
            signal(12, 2, What::Answered, 25),
            signal(13, 2, What::Ended, 265),
        ];
        let mut call = begun(&["a", "b"]);
        run(&mut call, Command::Pass, at(18)).unwrap();
        for index in order.into_iter().map(|index| index % 4).chain(again) {
            run(&mut call, Command::Heard(told[index].clone()), at(300)).unwrap();
        }
        let expected = (
            Stands::Ended,
            Some(("b".to_owned(), at(25))),
            Some(SignedDuration::from_secs(240)),
            Settled::Neither,
        );
        prop_assert_eq!(facts(&call), expected);
    }

    #[test]
    fn both_ends_come_to_the_same_in_any_order_with_time_going_by_between(
        gp_first in any::<bool>(),
        gp_says in 0..6_usize,
        consultant_says in 0..6_usize,
        hours in 0..60_i64,
        passes in proptest::collection::vec(0..60_i64, 0..6),
    ) {
        let mut call = answered();
        let mut keys =
            vec![key(gp(), Outcome::ALL[gp_says]), key(consultant("a"), Outcome::ALL[consultant_says])];
        if !gp_first {
            keys.reverse();
        }
        let hour = |hours: i64| at(1_000 + hours * 3_600);
        let mut passes = passes;
        passes.sort_unstable();
        let (before, after): (Vec<i64>, Vec<i64>) = passes.into_iter().partition(|pass| *pass < hours);
        run(&mut call, keys.remove(0), hour(0)).unwrap();
        for pass in &before {
            run(&mut call, Command::Pass, hour(*pass)).unwrap();
        }
        let missing = before.iter().any(|pass| *pass >= 24);
        prop_assert_eq!(matches!(call.settled(), Settled::Missing(..)), missing);
        run(&mut call, keys.remove(0), hour(hours)).unwrap();
        for pass in after {
            run(&mut call, Command::Pass, hour(pass)).unwrap();
        }
        let (gp, consultant) = (Outcome::ALL[gp_says], Outcome::ALL[consultant_says]);
        let expected =
            if gp == consultant { Settled::Agreed(gp) } else { Settled::Disagreed { gp, consultant } };
        prop_assert_eq!(call.settled(), expected);
        prop_assert_eq!(call.due(), None);
    }

    #[test]
    fn whatever_the_exchange_does_each_ring_is_the_next_on_the_rota_and_every_call_comes_to_an_end(
        seed in any::<u64>(),
        people in 1..5_usize,
        again_every in 0..4_u64,
        late_by in 0..4_i64,
    ) {
        let on: Vec<String> = (0..people).map(|number| format!("r{number}")).collect();
        let on: Vec<&str> = on.iter().map(String::as_str).collect();
        let exchange = Simulated::new(seed, Manner { again_every, late_by });
        let mut call = begun(&on);
        carry_on(&mut call, &exchange, 600);
        for (number, ring) in call.rings.iter().enumerate() {
            prop_assert_eq!(ring.who.reader.as_str(), on[number % people]);
        }
        prop_assert!(call.rings.len() <= people * 3);
        let over = matches!(call.stands(), Stands::Ended | Stands::Unanswered);
        prop_assert!(over, "{:?}", call.stands());
        for pair in call.rings.windows(2) {
            prop_assert!(pair[1].at.duration_since(pair[0].at) <= SignedDuration::from_secs(18));
        }
        if let Some((_, answered)) = call.answered() {
            let last = call.rings.last().unwrap();
            prop_assert!(answered >= last.at && answered.duration_since(last.at) <= SignedDuration::from_secs(18));
        }
    }
}
