//! The log: gapless, chained, whole or not at all, and kept before anybody is told so.

use proptest::prelude::*;
use store::{Error, Refused, Store, Write};
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::lamp::{Ask, Lamp, SoAlready, lamps};
use weft_tests::{at, on_both};

type Answer<T = ()> = Result<T, Refused<SoAlready>>;

fn lamp(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn ask(store: &Store, number: u8, ask: Ask) -> Answer {
    store.write(move |write| write.execute::<Lamp>(lamp(number), ask, "test", at(0)).map(|_| ()))
}

fn entries(store: &Store) -> Vec<store::Entry> {
    let mut found = Vec::new();
    store
        .read(|tx| {
            found.clear();
            store::log::walk(tx, 1, &mut |_, entry| {
                found.push(entry);
                Ok(())
            })
        })
        .unwrap();
    found
}

#[derive(Debug, Clone)]
enum Step {
    /// One command in a write of its own.
    Ask(u8, u8),
    /// A write whose part fails after it has appended, and which then goes on with another lamp.
    FailedPart(u8, u8),
    /// A write that appends and then fails.
    FailedWrite(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..5_u8, 0..3_u8).prop_map(|(lamp, ask)| Step::Ask(lamp, ask)),
        2 => (0..5_u8, 0..5_u8).prop_map(|(one, other)| Step::FailedPart(one, other)),
        1 => (0..5_u8).prop_map(Step::FailedWrite),
    ];
    proptest::collection::vec(step, 1..25)
}

fn command(number: u8) -> Ask {
    [Ask::Light, Ask::PutOut, Ask::Flash][usize::from(number % 3)]
}

#[test]
fn whatever_is_asked_the_log_has_no_gaps_and_the_chain_holds() {
    property_on_both(48, &steps(), |database, steps| {
        let store = database.open_with(lamps());
        let mut expected = 0;
        for step in steps {
            match step {
                Step::Ask(number, which) => {
                    if ask(&store, number, command(which)).is_ok() {
                        expected += if which % 3 == 2 { 2 } else { 1 };
                    }
                }
                Step::FailedPart(one, other) => {
                    let done: Answer<bool> = store.write(move |write| {
                        let part: Answer = write.part(|write| {
                            write.execute::<Lamp>(lamp(one), Ask::Flash, "test", at(0))?;
                            Err(Refused::Rules(SoAlready))
                        });
                        assert!(part.is_err());
                        Ok(write.execute::<Lamp>(lamp(other), Ask::Light, "test", at(0)).is_ok())
                    });
                    expected += i64::from(done.unwrap());
                }
                Step::FailedWrite(number) => {
                    let done: Answer = store.write(move |write| {
                        drop(write.execute::<Lamp>(lamp(number), Ask::Flash, "test", at(0)));
                        Err(Refused::Rules(SoAlready))
                    });
                    prop_assert!(done.is_err());
                }
            }
        }
        let found = entries(&store);
        prop_assert_eq!(found.len() as i64, expected);
        let mut versions = std::collections::HashMap::<Uuid, i64>::new();
        for (number, entry) in found.iter().enumerate() {
            prop_assert_eq!(entry.seq, number as i64 + 1);
            let version = versions.entry(entry.stream).or_default();
            *version += 1;
            prop_assert_eq!(entry.version, *version);
        }
        let report = store.verify(found.last().map(|entry| store::Head { seq: entry.seq, hash: entry.hash })).unwrap();
        prop_assert!(report.findings.is_empty(), "{:?}", report.findings);
        prop_assert_eq!(report.entries, expected);
        Ok(())
    });
}

#[test]
fn a_stale_version_is_a_conflict_and_leaves_nothing() {
    on_both(|database| {
        let store = database.open_with(lamps());
        ask(&store, 0, Ask::Flash).unwrap();
        let stale: Answer = store.write(|write: &mut Write<'_>| {
            // As somebody who read the lamp after its first event and never saw the second.
            let seen = Lamp { lit: 1, burns: true };
            write.follow(seen, 1, lamp(0), Ask::PutOut, None, "test", at(1)).map(|_| ())
        });
        match stale {
            Err(Refused::Store(Error::Conflict { kind, stream, expected, found })) => {
                assert_eq!((kind.as_str(), stream, expected, found), ("lamp", lamp(0), 1, 2));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(entries(&store).len(), 2);
        ask(&store, 0, Ask::Light).unwrap();
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_refused_command_leaves_nothing() {
    on_both(|database| {
        let store = database.open_with(lamps());
        assert!(matches!(ask(&store, 0, Ask::PutOut), Err(Refused::Rules(SoAlready))));
        assert_eq!(store.read(|tx| store::log::head(tx)).unwrap(), store::Head::default());
    });
}

#[test]
fn a_fault_in_one_write_harms_neither_the_writer_nor_the_others() {
    on_both(|database| {
        let store = database.open_with(lamps());
        ask(&store, 0, Ask::Light).unwrap();
        let before = store.submit(|write| write.execute::<Lamp>(lamp(1), Ask::Light, "test", at(0)));
        let fault = store.submit(|write| -> Answer {
            write.execute::<Lamp>(lamp(2), Ask::Light, "test", at(0))?;
            write.part(|write| -> Answer {
                write.execute::<Lamp>(lamp(3), Ask::Light, "test", at(0))?;
                panic!("a fault of the program, made by a test")
            })
        });
        let after = store.submit(|write| write.execute::<Lamp>(lamp(4), Ask::Light, "test", at(0)));
        assert!(before.blocking_recv().unwrap().is_ok());
        let told = fault.blocking_recv().unwrap().unwrap_err().to_string();
        assert!(told.contains("nothing of it was kept"), "{told}");
        assert!(after.blocking_recv().unwrap().is_ok());
        let streams: Vec<Uuid> = entries(&store).iter().map(|entry| entry.stream).collect();
        assert_eq!(streams, [lamp(0), lamp(1), lamp(4)]);
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_fault_in_a_read_does_not_spoil_its_connection() {
    on_both(|database| {
        let store = database.open_with(lamps());
        for _ in 0..3 {
            let fault = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                store.read(|_| -> Result<(), Error> { panic!("a fault of the program, made by a test") })
            }));
            assert!(fault.is_err());
        }
        ask(&store, 0, Ask::Light).unwrap();
        assert_eq!(store.read(|tx| store::log::head(tx)).unwrap().seq, 1);
    });
}

#[test]
fn a_failed_statement_that_was_passed_over_harms_nobody_else() {
    static NONSENSE: store::Sql = store::Sql::both("INSERT INTO lamp (id, events) VALUES ($1, NULL)");
    on_both(|database| {
        let store = database.open_with(lamps());
        let before = store.submit(|write| write.execute::<Lamp>(lamp(1), Ask::Light, "test", at(0)));
        let hidden = store.submit(|write| -> Answer {
            write.execute::<Lamp>(lamp(2), Ask::Light, "test", at(0))?;
            drop(write.tx().execute(&NONSENSE, &[lamp(2).into()]));
            Ok(())
        });
        let after = store.submit(|write| write.execute::<Lamp>(lamp(3), Ask::Light, "test", at(0)));
        assert!(before.blocking_recv().unwrap().is_ok());
        let kept = hidden.blocking_recv().unwrap().is_ok();
        assert!(after.blocking_recv().unwrap().is_ok());
        let stands = entries(&store).iter().any(|entry| entry.stream == lamp(2));
        assert_eq!(stands, kept, "what was acknowledged is there, and what was not is not");
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn many_writers_each_land_exactly_once_and_are_there_after_reopening() {
    const THREADS: u8 = 8;
    const EACH: u8 = 40;
    on_both(|database| {
        let store = database.open_with(lamps());
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let store = &store;
                scope.spawn(move || {
                    for turn in 0..EACH {
                        let which = if turn % 2 == 0 { Ask::Light } else { Ask::PutOut };
                        ask(store, thread, which).unwrap();
                    }
                });
            }
        });
        drop(store);
        let store = database.open_with(lamps());
        assert!(store.remade().is_empty());
        assert_eq!(entries(&store).len(), usize::from(THREADS) * usize::from(EACH));
        for thread in 0..THREADS {
            let history = store.read(|tx| store::log::stream(tx, lamp(thread))).unwrap();
            let versions: Vec<i64> = history.iter().map(|entry| entry.version).collect();
            assert_eq!(versions, (1..=i64::from(EACH)).collect::<Vec<_>>());
        }
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn what_is_in_hand_is_kept_when_the_store_is_dropped() {
    on_both(|database| {
        let store = database.open_with(lamps());
        let answers: Vec<_> = (0..100_u8)
            .map(|number| store.submit(move |write| write.execute::<Lamp>(lamp(number), Ask::Light, "test", at(0))))
            .collect();
        drop(store);
        assert!(answers.into_iter().all(|answer| answer.blocking_recv().unwrap().is_ok()));
        assert_eq!(entries(&database.open_with(lamps())).len(), 100);
    });
}
