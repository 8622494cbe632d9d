//! A save is whole or not at all, and a file that was cut or changed is told.

use super::*;
use crate::code::System;
use crate::columns::{Event, NO_UNIT};
use crate::day::Day;
use crate::people::{People, Person};
use crate::words::Words;

fn some(folder: &Path) -> Result<u64, KeepError> {
    let mut codes = crate::code::Codes::default();
    for code in 0..300 {
        codes.number(System::Local, &format!("x{code}"));
    }
    let people = People { list: vec![Person { birth: Day(20_000), ..Person::default() }; 50], ..People::default() };
    let mut writer = Writer::begin(folder)?;
    for person in 0..50u32 {
        let event = |day: u16| Event {
            person,
            code: u32::from(day) % 300,
            day: Day(day),
            value: day.is_multiple_of(3).then_some(f32::from(day)),
            unit: if day.is_multiple_of(3) { 0 } else { NO_UNIT },
            source: 0,
            record: u128::from(day),
        };
        writer.person(&(30_000..30_100).map(event).collect::<Vec<_>>())?;
    }
    writer.finish(&people, &codes, &Words::of(&["kg".into()]), &Words::of(&["here".into()]))
}

#[test]
fn any_byte_that_is_cut_off_or_changed_gives_an_error_or_the_same_columns_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("columns");
    assert_eq!(some(&place).unwrap(), 5_000);
    assert_eq!(load(&place, 2).unwrap().1.rows(), 5_000);
    let path = place.join(EVENTS);
    let whole = std::fs::read(&path).unwrap();
    for cut in [0, 4, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        assert!(load(&place, 2).is_err(), "{cut} of {} bytes", whole.len());
    }
    let mut refused = 0;
    for at in (0..whole.len()).step_by(whole.len() / 150) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, &bytes).unwrap();
        refused += usize::from(load(&place, 2).is_err());
    }
    assert!(refused > 0, "no change was noticed");
}

#[test]
fn a_save_that_ends_half_way_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("columns");
    some(&place).unwrap();
    let mut writer = Writer::begin(&place).unwrap();
    writer.person(&[]).unwrap();
    drop(writer);
    assert_eq!(load(&place, 1).unwrap().1.rows(), 5_000);
    some(&place).unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["columns"]);
}

#[test]
fn events_without_a_day_or_of_somebody_else_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::begin(&folder.path().join("columns")).unwrap();
    let event = Event { person: 0, code: 0, day: Day::NONE, value: None, unit: NO_UNIT, source: 0, record: 1 };
    assert!(matches!(writer.person(&[event]), Err(KeepError::NotKept(_))));
    assert!(matches!(writer.person(&[Event { day: Day(5), person: 1, ..event }]), Err(KeepError::NotKept(_))));
}
