//! One slot and those who want it.

use super::*;
use proptest::prelude::*;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_795_262_400 + 60 * minute).unwrap()
}

fn holder(by: &str) -> Holder {
    Holder { by: by.to_owned(), ask: None, person: None }
}

fn because(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn opened() -> Slot {
    let mut slot = Slot::default();
    let open = Command::Open {
        service: "ambulatory-care".to_owned(),
        place: "chair 1".to_owned(),
        starts: at(60),
        ends: at(75),
    };
    must(&mut slot, open, 0);
    slot
}

fn must(slot: &mut Slot, command: Command, minute: i64) -> usize {
    let events = slot.decide(command, at(minute)).unwrap();
    for event in &events {
        let written = serde_json::to_string(event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), *event);
        slot.apply(event);
    }
    events.len()
}

#[test]
fn a_hold_ends_by_itself_after_ten_minutes() {
    let mut slot = opened();
    must(&mut slot, Command::Hold(holder("one")), 0);
    assert_eq!(slot.holder(at(9)), Some(&holder("one")));
    assert_eq!(slot.decide(Command::Hold(holder("two")), at(9)), Err(Refusal::JustTaken));
    assert_eq!(slot.decide(Command::Take(holder("two")), at(9)), Err(Refusal::JustTaken));
    assert_eq!(slot.decide(Command::Hold(holder("one")), at(9)), Ok(Vec::new()), "a double click is one hold");
    // Nothing has to happen: the time alone sets it free.
    assert!(slot.holder(at(10)).is_none() && slot.is_free(at(10)));
    assert_eq!(slot.decide(Command::Take(holder("one")), at(10)), Err(Refusal::NotHeld));
    assert_eq!(must(&mut slot, Command::Hold(holder("two")), 10), 2, "that the first ran out is written down, too");
    must(&mut slot, Command::Take(holder("two")), 12);
    assert_eq!(slot.decide(Command::Hold(holder("one")), at(30)), Err(Refusal::JustTaken));
    assert_eq!(slot.decide(Command::Take(holder("two")), at(30)), Ok(Vec::new()));
}

#[test]
fn a_hold_never_lasts_beyond_the_beginning_and_what_is_over_is_not_held() {
    let mut slot = opened();
    must(&mut slot, Command::Hold(holder("one")), 55);
    assert!(slot.holder(at(60)).is_none());
    assert_eq!(slot.decide(Command::Hold(holder("two")), at(60)), Err(Refusal::Past));
    assert_eq!(Slot::default().decide(Command::Hold(holder("one")), at(0)), Err(Refusal::NotOffered));
    must(&mut slot, Command::Withdraw(because("the room is closed")), 61);
    assert_eq!(slot.decide(Command::Hold(holder("two")), at(62)), Err(Refusal::NotOffered));
}

#[test]
fn a_visit_has_its_times_in_order_and_none_that_is_to_come() {
    let mut slot = opened();
    let visit = |step, minute| Command::Visit { step, at: at(minute) };
    assert_eq!(slot.decide(visit(Step::Arrived, 58), at(58)), Err(Refusal::NotTaken));
    must(&mut slot, Command::Hold(holder("one")), 50);
    must(&mut slot, Command::Take(holder("one")), 51);
    let refused = |slot: &Slot, step, minute, now| slot.decide(visit(step, minute), at(now)).unwrap_err().to_string();
    assert_eq!(refused(&slot, Step::Initial, 58, 58), "they have not come yet");
    must(&mut slot, visit(Step::Arrived, 58), 60);
    assert!(refused(&slot, Step::Initial, 57, 60).contains("before what happened already"));
    assert!(refused(&slot, Step::Initial, 61, 60).contains("not come yet"));
    assert!(refused(&slot, Step::Disposed(Disposition::Home), 59, 60).contains("senior clinician"));
    assert!(slot.decide(Command::Free(because("they rang")), at(60)).is_err());
    must(&mut slot, visit(Step::Initial, 70), 70);
    must(&mut slot, visit(Step::Senior, 110), 110);
    must(&mut slot, visit(Step::Disposed(Disposition::Return), 130), 130);
    assert_eq!(refused(&slot, Step::Senior, 131, 131), "this visit is over");

    let place = place::Place::built_in().unwrap();
    let clocks = crate::clock::Clocks::of(&place).unwrap();
    let span = |clock| clocks.span(clock, &slot.moments(), at(200)).unwrap().unwrap();
    assert_eq!((span("ambulatory-initial").elapsed.minutes(), span("ambulatory-initial").breached), (Some(12), false));
    assert_eq!((span("ambulatory-senior").elapsed.minutes(), span("ambulatory-senior").breached), (Some(52), false));
}

#[test]
fn what_is_given_back_is_offered_on() {
    let mut slot = opened();
    must(&mut slot, Command::Hold(holder("one")), 0);
    must(&mut slot, Command::Take(holder("one")), 1);
    must(&mut slot, Command::Free(because("they rang that they are better")), 20);
    assert!(slot.is_free(at(20)));
    must(&mut slot, Command::Hold(holder("two")), 21);
    must(&mut slot, Command::Release { by: "two".to_owned() }, 22);
    assert!(slot.is_free(at(22)));
}

proptest! {
    #[test]
    fn two_never_have_it_at_once(tries in prop::collection::vec((0_usize..4, 0_u8..5, 0_i64..9), 1..40)) {
        let mut slot = opened();
        let (mut now, mut has): (i64, Option<(String, bool, i64)>) = (0, None);
        for (who, what, later) in tries {
            now += later;
            let name = ["one", "two", "three", "four"][who];
            let live = has.clone().filter(|(_, taken, since)| *taken || now < (since + 10).min(60));
            let command = match what {
                0 | 1 => Command::Hold(holder(name)),
                2 => Command::Take(holder(name)),
                3 => Command::Release { by: name.to_owned() },
                _ => Command::Free(because("given back")),
            };
            let outcome = slot.decide(command.clone(), at(now));
            // A plain account of who has it, kept beside.
            match (&command, &outcome) {
                (Command::Hold(_), Ok(events)) => {
                    prop_assert!(live.as_ref().is_none_or(|(mine, ..)| mine == name), "two have it");
                    if !events.is_empty() {
                        has = Some((name.to_owned(), false, now));
                    }
                }
                (Command::Take(_), Ok(_)) => {
                    prop_assert_eq!(live.map(|(mine, ..)| mine), Some(name.to_owned()));
                    has = has.map(|(mine, _, since)| (mine, true, since));
                }
                (Command::Release { .. }, Ok(events)) if !events.is_empty() => has = None,
                (Command::Free(_), Ok(_)) => has = None,
                _ => {}
            }
            for event in outcome.unwrap_or_default() {
                slot.apply(&event);
            }
            let shown = slot.holder(at(now)).map(|holder| holder.by.clone());
            prop_assert_eq!(shown, has.clone().filter(|(_, taken, since)| *taken || now < (since + 10).min(60)).map(|(mine, ..)| mine));
        }
    }
}
