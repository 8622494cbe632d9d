//! What comes in is there to be asked, and what is taken back is not.

use super::*;
use crate::code::System;

fn event(person: u32, day: u16, record: u128) -> Event {
    Event { person, code: 0, day: Day(day), value: None, unit: NO_UNIT, source: 0, record }
}

fn events(list: Vec<Event>) -> Events {
    let mut codes = Codes::default();
    codes.number(System::Local, "x");
    Events::of(3, codes, Words::default(), Words::of(&["here".into()]), list).unwrap()
}

fn days(events: &Events, person: u32) -> Vec<u16> {
    let mut days = Vec::new();
    events.each(person, |fact| days.push(fact.day.0));
    days
}

#[test]
fn a_record_that_is_amended_says_only_what_it_says_last() {
    let mut events = events(vec![event(1, 5, 10), event(1, 9, 10), event(1, 7, 11)]);
    assert_eq!(events.withdraw(1, 10).unwrap(), 2);
    events.add(event(1, 6, 10)).unwrap();
    assert_eq!(days(&events, 1), [7, 6]);
    assert_eq!(events.withdraw(1, 10).unwrap(), 1);
    assert_eq!((days(&events, 1), days(&events, 0)), (vec![7], vec![]));
    assert_eq!(events.changed().collect::<Vec<_>>(), [1]);
}

#[test]
fn somebody_who_is_not_there_gets_no_event_until_there_is_room() {
    let mut events = events(Vec::new());
    assert!(matches!(events.add(event(3, 5, 1)), Err(ColumnsError::NoSuchPerson { person: 3, people: 3, .. })));
    events.make_room(4);
    events.add(event(3, 5, 1)).unwrap();
    assert_eq!(days(&events, 3), [5]);
    let mut codes = Codes::default();
    codes.number(System::Local, "x");
    assert!(Events::of(1, codes, Words::default(), Words::default(), vec![event(1, 5, 1)]).is_err());
}

#[test]
fn evidence_names_source_and_record_of_old_and_new() {
    let mut events = events(vec![event(2, 5, 77)]);
    events.add(event(2, 6, 78)).unwrap();
    let mut records = Vec::new();
    let mut places = Vec::new();
    events.each(2, |fact| places.push(fact.place));
    for place in places {
        records.push(events.origin_of(2, place).unwrap().record);
    }
    assert_eq!(records, [77, 78]);
}
