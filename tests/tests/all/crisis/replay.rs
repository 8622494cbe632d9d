//! Responses, falls, stays, slots and figures in any order, with people who are found to be one: the tables that grew and the
//! tables made again are the same, on both databases.

use std::sync::Arc;

use care::capacity::{self, Observe};
use care::crisis::{Command as Crisis, Measure, Onward, Response, Void};
use care::episode::{Both, Cap, Command as Stay, Episode, Outcome, Persons, Reached, Without};
use care::fall::{Care, Command as Falls, Fall, Known, Reason};
use care::service::Step;
use care::slot::{self, Command as Slots, Disposition, Holder, Slot, Step as Visit};
use place::Place;
use proptest::prelude::*;
use record::person::{Ground, join, leaf};
use store::{Aggregate, Refused, Store};
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::{at, outside};

use super::{minute, words};

const PEOPLE: usize = 4;

#[derive(Debug, Clone)]
enum Happens {
    Crisis(usize, usize),
    Fall(usize, usize),
    Stay(usize, usize),
    Slot(usize, usize, usize),
    Figure(usize, u32, i64),
    Joined(usize, usize),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        4 => (0..3_usize, 0..8_usize).prop_map(|(which, what)| Happens::Crisis(which, what)),
        3 => (0..3_usize, 0..7_usize).prop_map(|(which, what)| Happens::Fall(which, what)),
        3 => (0..3_usize, 0..12_usize).prop_map(|(which, what)| Happens::Stay(which, what)),
        4 => (0..2_usize, 0..8_usize, 0..PEOPLE).prop_map(|(which, what, who)| Happens::Slot(which, what, who)),
        2 => (0..2_usize, 0..5_u32, 0..300_i64).prop_map(|(which, free, ago)| Happens::Figure(which, free, ago)),
        1 => (0..PEOPLE, 0..PEOPLE).prop_map(|(person, into)| Happens::Joined(person, into)),
    ]
}

/// Tries it; what the rules refuse did not happen.
fn tried<A>(store: &Store, id: u128, command: A::Command, now: i64) -> Result<(), TestCaseError>
where
    A: Aggregate + 'static,
    A::Command: Clone + Send + 'static,
    A::Refusal: Send,
{
    let id = Uuid::from_u128(id);
    let told = store.write(move |write| write.execute::<A>(id, command.clone(), "test", minute(now)).map(|_| ()));
    match told {
        // One open response an ask is the database's own rule.
        Ok(()) | Err(Refused::Rules(_) | Refused::Store(store::Error::Constraint(_))) => Ok(()),
        Err(Refused::Store(error)) => Err(TestCaseError::fail(error.to_string())),
    }
}

fn crisis(which: usize, what: usize, person: Uuid, now: i64) -> Crisis {
    let when = minute(now - 1);
    match what {
        0 => {
            let ask = Uuid::from_u128(0xA5 + which as u128);
            Crisis::Accept { ask, person, condition: "fall".to_owned(), received: minute(0) }
        }
        1 => Crisis::Assign { responder: words("T. Shah"), equipment: None },
        2 => Crisis::SetOff(when),
        3 => Crisis::Arrive(when),
        4 => Crisis::Measure { measure: Measure::News2, value: 1, at: when },
        5 => Crisis::Step { onward: Onward::Up, to: words("the unit"), at: when },
        6 => {
            let team = care::Team::single_point_of_access();
            Crisis::HandOver { team, name: words("J. Ward"), at: when, without: Without::Unsure }
        }
        _ => Crisis::Void { why: Void::Died, because: words("died"), at: when },
    }
}

fn fall(what: usize, person: Uuid, now: i64) -> Falls {
    match what {
        0 => Falls::Report {
            ask: None,
            person,
            place: words("the hall"),
            on_floor_since: Some(minute(0)),
            on_floor: true,
            alone: Known::No,
        },
        1 => Falls::HelpUp { at: minute(now - 1), care: Care::HelpedUp },
        2 => Falls::AskAssessment(vec![Reason::GaitOrBalance]),
        3 => Falls::BookHazardVisit("2026-11-27".parse().unwrap()),
        4 => Falls::BookStrength { on: "2026-12-08".parse().unwrap(), place: words("the baths") },
        5 => Falls::LookIn { at: minute(now - 1), again: Known::No, words: words("well") },
        _ => Falls::FollowUp { at: minute(now - 1), words: words("well") },
    }
}

fn stay(what: usize, person: Uuid, now: i64) -> Stay {
    let until = "2027-01-02".parse().unwrap();
    match what {
        0 => Stay::Start {
            ask: None,
            person,
            service: "recovery-at-home".to_owned(),
            step: Step::Down,
            goals: vec![words("the stairs")],
            at: minute(now - 1),
            cap: Cap { until, policy: "intermediate-stay@2026-1".to_owned() },
        },
        1 => Stay::Interrupt(minute(now - 1)),
        2 => Stay::Resume(minute(now - 1)),
        3 => Stay::Extend { until: "2027-01-09".parse().unwrap(), because: words("the stairs") },
        4 => Stay::End {
            at: minute(now - 1),
            day: "2026-11-21".parse().unwrap(),
            outcome: Outcome::HomeWithSupport,
            goals: vec![Reached::Partly],
            said: Both::of(Without::Hospital, "one", "", Persons::NotAsked(words("asleep"))).unwrap(),
        },
        5 => Stay::Answer(Persons::Said(Without::Nothing)),
        6 => {
            let service = "recovery-at-home".to_owned();
            Stay::Take { ask: Uuid::from_u128(0xA5), person, service, step: Step::Up }
        }
        7 => Stay::LetGo(words("went elsewhere")),
        8 => Stay::Find(person),
        9 => Stay::AddGoal(words("cook")),
        10 => Stay::JudgeGoal { goal: 0, reached: Reached::Yes },
        _ => Stay::Review { words: words("well"), by: "somebody".to_owned() },
    }
}

fn slot_command(what: usize, who: usize, person: Uuid, now: i64) -> Slots {
    let holder = Holder { by: format!("desk {who}"), ask: None, person: Some(person) };
    match what {
        0 | 1 => Slots::Hold(holder),
        2 => Slots::Take(holder),
        3 => Slots::Release { by: holder.by },
        4 => Slots::Free(words("better")),
        5 => Slots::Visit { step: Visit::Arrived, at: minute(now - 1) },
        6 => Slots::Visit { step: Visit::Disposed(Disposition::Home), at: minute(now - 1) },
        _ => Slots::Withdraw(words("shut")),
    }
}

#[test]
fn what_is_told_of_crises_falls_stays_and_slots_is_the_same_when_it_is_made_again() {
    let place = Arc::new(Place::built_in().unwrap());
    property_on_both(20, &proptest::collection::vec(happens(), 1..40), |database, happens| {
        let store = Arc::new(database.open());
        let leaves: Vec<Uuid> = (0..PEOPLE)
            .map(|number| {
                store.write(move |write| leaf(write, "hospital", &number.to_string(), "test", at(0))).unwrap().0
            })
            .collect();
        let mut roots: Vec<usize> = (0..PEOPLE).collect();
        let open = |chair: &str| Slots::Open {
            service: "ambulatory-care".to_owned(),
            place: chair.to_owned(),
            starts: minute(20),
            ends: minute(35),
        };
        let chairs = ["one", "two"].map(|chair| {
            let command = open(chair);
            store.write(move |write| slot::open(write, command.clone(), "test", minute(0))).unwrap()
        });
        let mut now = 1;
        for happens in happens {
            now += 1;
            match happens {
                Happens::Crisis(which, what) => {
                    tried::<Response>(&store, 0xC0 + which as u128, crisis(which, what, leaves[which], now), now)?;
                }
                Happens::Fall(which, what) => {
                    tried::<Fall>(&store, 0xF0 + which as u128, fall(what, leaves[which], now), now)?;
                }
                Happens::Stay(which, what) => {
                    tried::<Episode>(&store, 0xE0 + which as u128, stay(what, leaves[which], now), now)?;
                }
                Happens::Slot(which, what, who) => {
                    let command = slot_command(what, who, leaves[who], now);
                    tried::<Slot>(&store, chairs[which].as_u128(), command, now)?;
                }
                Happens::Figure(which, free, ago) => {
                    let figure = Observe {
                        service: ["delirium-beds", "falls-service"][which].to_owned(),
                        free,
                        of: None,
                        observed_at: minute(now - ago),
                        source: "the ward".to_owned(),
                    };
                    let place = place.clone();
                    let told = store.write(move |write| {
                        capacity::observe(write, &place, figure.clone(), "the ward", minute(now)).map(|_| ())
                    });
                    prop_assert!(told.is_ok());
                }
                Happens::Joined(person, into) => {
                    let (prior, surviving) = (leaves[person], leaves[into]);
                    store
                        .write(move |write| join(write, prior, surviving, Ground::Source, "test", minute(now)))
                        .unwrap();
                    let (from, to) = (roots[person], roots[into]);
                    roots.iter_mut().filter(|root| **root == from).for_each(|root| *root = to);
                }
            }
        }
        let tables = outside::view_tables();
        let before = outside::dump(&store, &tables, &[]);
        // Nobody stands anywhere who goes on under another id.
        for (was, root) in leaves.iter().zip(&roots).filter(|(was, root)| **was != leaves[**root]) {
            let left = store.read(|tx| care::views::ask::root(tx, *was)).unwrap();
            prop_assert_eq!(left, leaves[*root]);
            for table in [
                &store::Sql::both("SELECT count(*) FROM crisis WHERE person = $1"),
                &store::Sql::both("SELECT count(*) FROM fall WHERE person = $1"),
                &store::Sql::both("SELECT count(*) FROM episode WHERE person = $1"),
                &store::Sql::both("SELECT count(*) FROM slot_holder WHERE person = $1"),
            ] {
                let rows = store.read(|tx| tx.first(table, &[(*was).into()], |row| row.int(0))).unwrap();
                prop_assert_eq!(rows, Some(0), "{:?}", table);
            }
        }
        store.replay().unwrap();
        prop_assert_eq!(outside::dump(&store, &tables, &[]), before);
        prop_assert!(store.verify(None).unwrap().findings.is_empty());
        Ok(())
    });
}
