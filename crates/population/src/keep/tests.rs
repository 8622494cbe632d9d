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
    writer.note("{\"said\":\"by whoever saved\"}".to_owned());
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

/// Everything there is, the origins too.
fn whole(place: &Path) -> Result<Vec<Event>, crate::columns::ColumnsError> {
    let events = load(place, 2)?.1;
    let mut all = Vec::new();
    for person in 0..50 {
        all.extend(events.of_person(person)?);
    }
    Ok(all)
}

#[test]
fn any_byte_that_is_cut_off_or_changed_is_told_before_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("columns");
    assert_eq!(some(&place).unwrap(), 5_000);
    let before = whole(&place).unwrap();
    assert_eq!(before.len(), 5_000);
    for name in [EVENTS, CODES, WORDS, PEOPLE, NOTE, sums::SUMS] {
        let path = place.join(name);
        let bytes = std::fs::read(&path).unwrap();
        for cut in [0, 4, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let note = Saved::open(&place).and_then(|saved| saved.note());
            assert!(if name == NOTE { note.is_err() } else { load(&place, 2).is_err() }, "{cut} bytes of {name}");
        }
        let mut used = 0;
        for at in (0..bytes.len()).step_by(bytes.len() / 200 + 1) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            std::fs::write(&path, &changed).unwrap();
            let note = Saved::open(&place).and_then(|saved| saved.note());
            match whole(&place) {
                Ok(_) if name == NOTE => assert!(note.is_err(), "byte {at} of the note"),
                // The column of people is for other engines: we know whose an event is from where it stands.
                Ok(found) => {
                    assert!(name == EVENTS && found == before, "byte {at} of {name} was changed and used");
                    used += 1;
                }
                Err(_) => {}
            }
        }
        assert!(used < 40, "{used} of 200 changed bytes of {name} were not looked at");
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(whole(&place).unwrap(), before);
}

#[test]
fn two_saves_are_never_mixed_and_who_asks_of_the_old_one_gets_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let (place, other) = (folder.path().join("columns"), folder.path().join("others"));
    some(&place).unwrap();
    let (_, old) = load(&place, 1).unwrap();
    let before = old.of_person(7).unwrap();
    let saved = Saved::open(&place).unwrap();
    assert!(!saved.is_past());
    let event =
        |person: u32| Event { person, code: 0, day: Day(20_001), value: None, unit: NO_UNIT, source: 0, record: 9 };
    let mut codes = crate::code::Codes::default();
    codes.number(System::Local, "x");
    let people = People { list: vec![Person { birth: Day(1), ..Person::default() }; 50], ..People::default() };
    let events = crate::columns::Events::of(
        50,
        codes,
        Words::default(),
        Words::of(&["here".into()]),
        (0..50).map(event).collect(),
    );
    let events = events.unwrap();
    save(&other, &events, &people, None).unwrap();
    for name in [EVENTS, CODES, PEOPLE, sums::SUMS] {
        let own = std::fs::read(place.join(name)).unwrap();
        std::fs::copy(other.join(name), place.join(name)).unwrap();
        assert!(load(&place, 1).is_err(), "{name} is of another save");
        std::fs::write(place.join(name), own).unwrap();
    }
    save(&place, &events, &people, None).unwrap();
    assert!(saved.is_past() && saved.load(1).is_err(), "what was opened is not there any more");
    assert_eq!(load(&place, 1).unwrap().1.of_person(7).unwrap(), [event(7)]);
    assert_eq!(old.of_person(7).unwrap(), before, "the rows of one save were looked up in another");
}

#[test]
fn nobody_but_the_owner_can_read_a_save_and_two_do_not_write_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("columns");
    some(&place).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o700);
        for entry in std::fs::read_dir(&place).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
    }
    let writer = Writer::begin(&place).unwrap();
    assert!(matches!(some(&place), Err(KeepError::Busy { .. })));
    drop(writer);
    some(&place).unwrap();
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
