//! Story S2 as the rules tell it, and what is out of turn.

use super::*;
use crate::clock::{Clocks, State};
use crate::episode::Without;
use crate::views::crisis::Line;
use std::sync::LazyLock;

static CLOCKS: LazyLock<Clocks> = LazyLock::new(|| Clocks::of(&Place::built_in().unwrap()).unwrap());

fn at(time: &str) -> Timestamp {
    let time = if time.contains('T') { time.to_owned() } else { format!("2026-11-24T{time}Z") };
    time.parse().unwrap()
}

fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

fn accept(received: &str) -> Command {
    let (ask, person) = (Uuid::from_u128(1), Uuid::from_u128(2));
    Command::Accept { ask, person, condition: "fall".to_owned(), received: at(received) }
}

fn assign() -> Command {
    Command::Assign { responder: words("T. Shah, nurse"), equipment: Some(words("raiser")) }
}

fn step(onward: Onward, time: &str) -> Command {
    Command::Step { onward, to: words("the neighbourhood's therapist"), at: at(time) }
}

fn hand_over(word: &str, time: &str) -> Command {
    let name = words("J. Ward, community matron");
    Command::HandOver { team: team(word), name, at: at(time), without: Without::Hospital }
}

fn void(time: &str) -> Command {
    Command::Void { why: Void::WithdrawnBeforeContact, because: words("the daughter came"), at: at(time) }
}

/// Each command at the time at which it is told.
fn told(commands: Vec<(Command, &str)>) -> Result<Response, Refusal> {
    let mut response = Response::default();
    for (command, now) in commands {
        for event in response.decide(command, at(now))? {
            let written = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event);
            response.apply(&event);
        }
    }
    Ok(response)
}

#[test]
fn from_the_warm_transfer_to_the_door_are_45_minutes_although_it_was_told_later() {
    let mut commands = vec![
        (accept("09:56"), "09:58"),
        (assign(), "10:01"),
        // No signal in the house: all of it is told an hour later, and the setting off last.
        (Command::Arrive(at("10:41")), "11:45"),
        (Command::SetOff(at("10:02")), "11:46"),
        (Command::Measure { measure: Measure::FourAt, value: 0, at: at("10:50") }, "11:47"),
        (Command::Measure { measure: Measure::News2, value: 1, at: at("10:50") }, "11:47"),
        (Command::Stabilise { at: at("11:00"), plan: words("hazard visit this week") }, "11:48"),
    ];
    let response = told(commands.clone()).unwrap();
    assert_eq!(response.stage(), Stage::Stabilising);
    let now = at("12:00");
    let span = CLOCKS.span(RESPONSE, response.moments(), now).unwrap().unwrap();
    assert_eq!((span.state, span.elapsed.minutes(), span.breached), (State::Stopped, Some(45), false));
    assert_eq!(span.policy.to_string(), "crisis-response@2026-1");
    let stabilise = CLOCKS.span(STABILISE, response.moments(), now).unwrap().unwrap();
    assert_eq!((stabilise.state, stabilise.due), (State::Running, Some(at("2026-11-27T10:41Z"))));

    commands.push((step(Onward::Down, "2026-11-26T09:00Z"), "2026-11-26T09:05Z"));
    let refused = |word: &str| {
        let mut more = commands.clone();
        more.push((hand_over(word, "2026-11-26T09:10Z"), "2026-11-26T09:10Z"));
        told(more)
    };
    assert_eq!(refused("ods:P88002").unwrap_err(), Refusal::NotANeighbourhood);
    let closed = refused("neighbourhood:werneth").unwrap();
    assert_eq!(closed.stage(), Stage::Closed);
    let now = at("2026-12-01T09:00Z");
    let span = CLOCKS.span(STABILISE, closed.moments(), now).unwrap().unwrap();
    assert_eq!((span.state, span.breached), (State::Stopped, false));
}

#[test]
fn what_is_out_of_turn_is_refused_in_words() {
    let begun = || vec![(accept("09:56"), "09:58")];
    let then = |more: Vec<(Command, &'static str)>| {
        let mut all = begun();
        all.extend(more);
        told(all).unwrap_err().to_string()
    };
    assert_eq!(told(vec![(assign(), "10:00")]).unwrap_err(), Refusal::NotAccepted);
    assert_eq!(told(vec![(accept("10:56"), "09:58")]).unwrap_err(), Refusal::Time);
    assert!(then(vec![(accept("09:56"), "10:00")]).contains("taken already"));
    assert!(then(vec![(Command::Arrive(at("10:41")), "10:41")]).contains("say first who goes"));
    assert!(then(vec![(assign(), "10:00"), (Command::Arrive(at("10:50")), "10:41")]).contains("does not fit"));
    assert!(then(vec![(assign(), "10:00"), (Command::Arrive(at("09:50")), "10:41")]).contains("before the referral"));
    assert!(then(vec![(assign(), "10:00"), (step(Onward::Down, "10:41"), "10:41")]).contains("nobody has arrived"));
    let arrived =
        |command: Command| then(vec![(assign(), "10:00"), (Command::Arrive(at("10:41")), "10:41"), (command, "11:00")]);
    assert!(arrived(assign()).contains("arrived already"));
    assert!(arrived(void("10:50")).contains("arrived already"));
    assert!(arrived(Command::SetOff(at("10:45"))).contains("arrived before"));
    assert!(
        arrived(Command::Measure { measure: Measure::FourAt, value: 13, at: at("10:50") }).contains("between 0 and 12")
    );
    assert!(arrived(hand_over("neighbourhood:werneth", "10:50")).contains("where they go on to"));
    let void = told(vec![(accept("09:56"), "09:58"), (void("10:30"), "10:31")]).unwrap();
    assert_eq!(void.stage(), Stage::Closed);
    assert_eq!(CLOCKS.span(RESPONSE, void.moments(), at("15:00")).unwrap().unwrap().state, State::Void);
}

#[test]
fn the_board_is_in_order_of_the_time_left_and_not_of_coming() {
    let line = |number: u128, received: &str, arrived: Option<&str>| Line {
        id: Uuid::from_u128(number),
        ask: Uuid::from_u128(number),
        person: Uuid::from_u128(number),
        condition: "fall".to_owned(),
        received: at(received),
        stage: Stage::Accepted,
        responder: String::new(),
        set_off: None,
        arrived: arrived.map(at),
        stepped: None,
    };
    let lines = vec![
        line(1, "10:30", None),
        line(2, "08:10", Some("09:00")),
        line(3, "09:15", None),
        line(4, "08:05", Some("2026-11-22T09:00Z")),
        line(5, "07:30", None),
    ];
    let board = by_time_left(lines, &CLOCKS, at("11:00"));
    let order: Vec<u128> = board.iter().map(|one| one.line.id.as_u128()).collect();
    assert_eq!(order, [5, 3, 1, 4, 2]);
    assert_eq!(board[0].minutes_left(), Some(-90));
    assert_eq!(board[1].minutes_left(), Some(15));
    assert!(board[1].span.as_ref().unwrap().warns && board[0].span.as_ref().unwrap().breached);
}

#[test]
fn the_conditions_of_the_place_are_the_nine() {
    let place = Place::built_in().unwrap();
    assert_eq!(place.conditions().len(), 9);
    let crisis = place.service("crisis-response").unwrap();
    assert!(place.conditions().iter().all(|condition| crisis.conditions.contains(&condition.id)));
}

#[test]
fn a_time_written_to_the_minute_is_not_before_what_happened_in_that_minute() {
    let second = |time: &str| format!("2026-11-20T{time}Z").parse::<Timestamp>().unwrap();
    let received = second("10:00:40");
    let response = Response { received: Some(received), ..Response::default() };
    assert_eq!(response.within_the_minute(second("10:00:00")), received);
    assert_eq!(response.within_the_minute(second("10:00:50")), second("10:00:50"));
    // Another minute is another time, and is refused as before.
    assert_eq!(response.within_the_minute(second("09:59:00")), second("09:59:00"));
    let response = Response { arrived: Some(second("10:20:30")), ..response };
    assert_eq!(response.within_the_minute(second("10:20:00")), second("10:20:30"));
    assert_eq!(response.within_the_minute(second("10:21:00")), second("10:21:00"));
}
