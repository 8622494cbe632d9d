//! Slots, capacity and stays on both databases: a hundred desks want one slot and one has it; a fault of the program could not
//! give it to two; the tables are made again from the log.

use std::sync::{Arc, Barrier};

use care::capacity::{self, Observe};
use care::episode::{Both, Cap, Command as Episode, Outcome, Persons, Reached, Without};
use care::service::Step;
use care::slot::{self, Command, Holder, NotHeld, Refusal, Slot};
use care::{Words, views};
use jiff::{SignedDuration, Timestamp};
use place::Place;
use store::{Param, Refused, Sql, Store};
use uuid::Uuid;
use weft_tests::{at, on_both};

fn minute(minute: i64) -> Timestamp {
    at(60 * minute)
}

fn opened(store: &Store, place: &str, starts: i64) -> Result<Uuid, NotHeld> {
    let place = place.to_owned();
    store.write(move |write| {
        let command = Command::Open {
            service: "ambulatory-care".to_owned(),
            place: place.clone(),
            starts: minute(starts),
            ends: minute(starts + 15),
        };
        slot::open(write, command, "the unit", minute(0))
    })
}

fn holder(by: &str) -> Holder {
    Holder { by: by.to_owned(), ask: None, person: None }
}

fn hold(store: &Store, id: Uuid, by: &str, now: i64) -> Result<Slot, NotHeld> {
    let holder = holder(by);
    store.write(move |write| slot::hold(write, id, holder.clone(), minute(now)))
}

fn free(store: &Store, now: i64) -> Vec<Timestamp> {
    let slots = store.read(|tx| views::slot::free(tx, "ambulatory-care", minute(now))).unwrap();
    slots.into_iter().map(|slot| slot.starts).collect()
}

#[test]
fn a_hundred_desks_race_for_one_slot_and_one_has_it() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let wanted = opened(&store, "chair 1", 60).unwrap();
        for (place, starts) in [("chair 2", 60), ("chair 1", 75), ("chair 1", 45), ("chair 1", 240)] {
            opened(&store, place, starts).unwrap();
        }
        let ready = Arc::new(Barrier::new(100));
        let desks: Vec<_> = (0..100)
            .map(|desk| {
                let (store, ready) = (store.clone(), ready.clone());
                std::thread::spawn(move || {
                    ready.wait();
                    hold(&store, wanted, &format!("desk {desk}"), 0)
                })
            })
            .collect();
        let outcomes: Vec<_> = desks.into_iter().map(|desk| desk.join().unwrap()).collect();
        let mut winners = 0;
        for outcome in outcomes {
            match outcome {
                Ok(held) => {
                    assert!(held.holder(minute(1)).is_some());
                    winners += 1;
                }
                Err(error @ NotHeld::Gone { .. }) => {
                    assert_eq!(error.to_string(), "this was just taken");
                    let NotHeld::Gone { because, alternatives } = error else { continue };
                    assert_eq!(because, Refusal::JustTaken);
                    let offered: Vec<_> = alternatives.iter().map(|slot| slot.starts).collect();
                    assert_eq!(offered, [minute(60), minute(75), minute(45)], "the nearest three that are free");
                    assert!(alternatives.iter().all(|slot| slot.id != wanted));
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(winners, 1);
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_hold_is_over_by_the_time_alone_and_whoever_comes_next_has_it() {
    on_both(|database| {
        let store = database.open();
        let id = opened(&store, "chair 1", 60).unwrap();
        hold(&store, id, "one", 0).unwrap();
        assert_eq!(free(&store, 9), []);
        assert_eq!(free(&store, 10), [minute(60)], "nothing was written, and it is free");
        hold(&store, id, "two", 10).unwrap();
        assert!(matches!(hold(&store, id, "one", 11), Err(NotHeld::Gone { because: Refusal::JustTaken, .. })));
        let take = |by: &str, now| {
            let holder = holder(by);
            store.write(move |write| write.execute::<Slot>(id, Command::Take(holder.clone()), "desk", minute(now)))
        };
        assert!(matches!(take("one", 12), Err(Refused::Rules(Refusal::JustTaken))));
        take("two", 12).unwrap();
        assert_eq!(free(&store, 30), []);
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

static SECOND_HOLDER: Sql = Sql::both(
    "INSERT INTO slot_holder (slot, reader, person, ask, until) VALUES ($1, 'somebody else', NULL, NULL, NULL)",
);

#[test]
fn the_database_itself_refuses_a_second_holder_and_a_place_offered_twice() {
    on_both(|database| {
        let store = database.open();
        let id = opened(&store, "chair 1", 60).unwrap();
        hold(&store, id, "one", 0).unwrap();
        let params = [Param::from(id)];
        let written = store.write(move |write| write.tx().execute(&SECOND_HOLDER, &params).map(|_| ()));
        assert!(matches!(written, Err(store::Error::Constraint(_))), "{written:?}");
        let twice = opened(&store, "chair 1", 60);
        assert!(matches!(twice, Err(NotHeld::Rules(Refusal::AlreadyOffered))), "{twice:?}");
        // Past the rules, as a fault of the program would go.
        let (starts, ends) = (minute(60), minute(75));
        let forced = store.write(move |write| {
            let (service, place) = ("ambulatory-care".to_owned(), "chair 1".to_owned());
            let command = Command::Open { service, place, starts, ends };
            write.begin::<Slot>(Uuid::from_u128(9), command, None, "the unit", minute(1)).map(|_| ())
        });
        assert!(matches!(forced, Err(Refused::Store(store::Error::Constraint(_)))), "{forced:?}");
        assert!(store.verify(None).unwrap().findings.is_empty(), "what was refused left nothing");
        // Withdrawn, the place may be offered anew.
        let later = store.write(move |write| {
            let because = Words::try_from("the room is closed").unwrap();
            write.execute::<Slot>(id, Command::Withdraw(because), "the unit", minute(20))
        });
        later.unwrap();
        opened(&store, "chair 1", 60).unwrap();
    });
}

#[test]
fn a_figure_told_late_does_not_take_the_place_of_a_newer_one() {
    on_both(|database| {
        let store = database.open();
        let place = Arc::new(Place::built_in().unwrap());
        let told = |free, seen| {
            let place = place.clone();
            store.write(move |write| {
                let figure = Observe {
                    service: "delirium-beds".to_owned(),
                    free,
                    of: Some(12),
                    observed_at: minute(seen),
                    source: "the ward".to_owned(),
                };
                capacity::observe(write, &place, figure, "the ward", minute(100))
            })
        };
        told(3, 90).unwrap();
        told(9, 10).unwrap();
        let figures = store.read(views::capacity::figures).unwrap();
        assert_eq!((figures["delirium-beds"].free, figures["delirium-beds"].observed_at), (3, minute(90)));
        told(1, 99).unwrap();
        assert_eq!(store.read(views::capacity::figures).unwrap()["delirium-beds"].free, 1);
        let former = store.write({
            let place = place.clone();
            move |write| {
                let figure = Observe {
                    service: "night-sitting".to_owned(),
                    free: 1,
                    of: None,
                    observed_at: minute(1),
                    source: "the ward".to_owned(),
                };
                capacity::observe(write, &place, figure, "the ward", minute(100))
            }
        });
        assert!(matches!(former, Err(Refused::Rules(capacity::Refusal::NoService(_)))));
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn what_both_sides_said_of_a_stay_is_counted() {
    on_both(|database| {
        let store = database.open();
        let id = Uuid::from_u128(7);
        let tell = |command: Episode, now: i64| {
            store.write(move |write| write.execute::<care::episode::Episode>(id, command.clone(), "nurse", minute(now)))
        };
        let started = Episode::Start {
            ask: None,
            person: Uuid::from_u128(1),
            service: "recovery-at-home".to_owned(),
            step: Step::Up,
            goals: vec![Words::try_from("walk to the shop").unwrap()],
            at: minute(0),
            cap: Cap { until: "2027-01-02".parse().unwrap(), policy: "intermediate-stay@2026-1".to_owned() },
        };
        tell(started, 1).unwrap();
        let ended = Episode::End {
            at: minute(0) + SignedDuration::from_hours(240),
            day: "2026-12-01".parse().unwrap(),
            outcome: Outcome::Independent,
            goals: vec![Reached::Yes],
            said: Both::of(Without::Hospital, "reader:one", "", Persons::NotAsked(Words::try_from("asleep").unwrap()))
                .unwrap(),
        };
        tell(ended, 60 * 241).unwrap();
        let said = || {
            let said = store.read(|tx| views::episode::said(tx, minute(0), minute(60 * 24 * 30))).unwrap();
            said.into_iter().map(|one| (one.step, one.professional, one.person, one.count)).collect::<Vec<_>>()
        };
        assert_eq!(said(), [(Step::Up, Some(Without::Hospital), None, 1)]);
        tell(Episode::Answer(Persons::Said(Without::Ambulance)), 60 * 242).unwrap();
        assert_eq!(said(), [(Step::Up, Some(Without::Hospital), Some(Without::Ambulance), 1)]);
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}
