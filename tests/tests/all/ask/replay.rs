//! Whatever happens to asks and to the people they are for, the views are the same when they are made again, and say what the
//! asks themselves say.

use care::ask::State;
use proptest::prelude::*;
use record::person::{Command as Who, Ground, Person, join, leaf};
use weft_tests::database::property_on_both;
use weft_tests::outside;

use super::*;

const PEOPLE: usize = 4;

/// Something done, to whatever it can be done to.
#[derive(Debug, Clone)]
enum Happens {
    /// Somebody tries the next steps of the way with an ask.
    Steps { ask: usize, many: usize },
    /// Somebody tries one step out of order.
    Stray { ask: usize, step: usize },
    /// A hop is given back, or taken back.
    Back { ask: usize, taken: bool },
    /// Somebody else is found to be who it is for.
    Found { ask: usize, person: usize },
    /// Two people are found to be one.
    Joined { person: usize, into: usize },
    /// Somebody is found not to be whom they were joined to, with whoever was joined to them.
    Parted { person: usize },
    /// Somebody types.
    Typed { ask: usize, letters: usize },
}

fn happens() -> impl Strategy<Value = Happens> {
    let ask = || 0..3_usize;
    prop_oneof![
        4 => (ask(), 1..4_usize).prop_map(|(ask, many)| Happens::Steps { ask, many }),
        1 => (ask(), 0..8_usize).prop_map(|(ask, step)| Happens::Stray { ask, step }),
        1 => (ask(), any::<bool>()).prop_map(|(ask, taken)| Happens::Back { ask, taken }),
        1 => (ask(), 0..PEOPLE).prop_map(|(ask, person)| Happens::Found { ask, person }),
        2 => (0..PEOPLE, 0..PEOPLE).prop_map(|(person, into)| Happens::Joined { person, into }),
        1 => (0..PEOPLE).prop_map(|person| Happens::Parted { person }),
        1 => (ask(), 0..3_usize).prop_map(|(ask, letters)| Happens::Typed { ask, letters }),
    ]
}

#[test]
fn asks_are_the_same_when_they_are_made_again_and_follow_the_people_they_are_for() {
    property_on_both(40, &proptest::collection::vec(happens(), 1..25), |database, happens| {
        let store = Arc::new(database.open());
        let leaves: Vec<Uuid> = (0..PEOPLE)
            .map(|number| {
                store.write(move |write| leaf(write, "hospital", &number.to_string(), "test", at(0))).unwrap().0
            })
            .collect();
        let id = |ask: usize| Uuid::from_u128(0xA0 + ask as u128);
        let mut next = [0_usize; 3];
        let mut roots: Vec<usize> = (0..PEOPLE).collect();
        let mut joined_to: Vec<Option<usize>> = vec![None; PEOPLE];
        let mut minute = 0;
        for happens in happens {
            minute += 1;
            match happens {
                Happens::Steps { ask, many } => {
                    for _ in 0..many {
                        let Some((by, mut act)) = way().into_iter().nth(next[ask]) else { break };
                        if let Act::Submit(request) = &mut act {
                            request.whom.person = leaves[ask];
                        }
                        match carry(&store, id(ask), &by, act, minute) {
                            Ok(_) => next[ask] += 1,
                            Err(Refused::Rules(_)) => break,
                            Err(Refused::Store(error)) => panic!("{error}"),
                        }
                    }
                }
                Happens::Stray { ask, step } => {
                    let (by, act) = way().swap_remove(step);
                    if !matches!(act, Act::Submit(_)) && carry(&store, id(ask), &by, act, minute).is_ok() {
                        next[ask] = next[ask].max(step + 1);
                    }
                }
                Happens::Back { ask, taken } => {
                    let because = words("Not now");
                    for by in [responder(), coordinator(), gp()] {
                        let act = if taken {
                            Act::TakeBackHop { because: because.clone() }
                        } else {
                            Act::ReturnHop { because: because.clone() }
                        };
                        drop(carry(&store, id(ask), &by, act, minute));
                    }
                    // What was decided may have fallen through: it is decided again.
                    next[ask] = next[ask].min(3);
                }
                Happens::Found { ask, person } => {
                    let act =
                        Act::FindPerson { person: leaves[person], age: Age::Unknown {}, because: words("Her card") };
                    drop(carry(&store, id(ask), &coordinator(), act, minute));
                }
                Happens::Joined { person, into } => {
                    let (prior, surviving) = (leaves[person], leaves[into]);
                    store
                        .write(move |write| join(write, prior, surviving, Ground::Source, "test", at(60 * minute)))
                        .unwrap();
                    let (from, to) = (roots[person], roots[into]);
                    if from != to {
                        joined_to[from] = Some(to);
                    }
                    roots.iter_mut().filter(|root| **root == from).for_each(|root| *root = to);
                }
                Happens::Parted { person } if joined_to[person].is_none() => {}
                Happens::Parted { person } => {
                    let hangs =
                        |one: usize| std::iter::successors(Some(one), |at| joined_to[*at]).any(|at| at == person);
                    let goes: Vec<usize> = (0..PEOPLE).filter(|one| hangs(*one)).collect();
                    let (leaf, from) = (leaves[person], leaves[roots[person]]);
                    let mut with: Vec<Uuid> = goes.iter().map(|one| leaves[*one]).collect();
                    with.sort_unstable();
                    let part = Who::Part { from, with, ground: Ground::Steward, weights: None };
                    store
                        .write(move |write| write.execute::<Person>(leaf, part.clone(), "test", at(60 * minute)))
                        .unwrap();
                    joined_to[person] = None;
                    goes.into_iter().for_each(|one| roots[one] = person);
                }
                Happens::Typed { ask, letters } => {
                    let draft = care::draft::Draft::of(None, [("happened".to_owned(), "abc"[..letters].to_owned())]);
                    drop(carry(&store, id(ask), &gp(), Act::Draft(draft), minute));
                }
            }
        }
        for ask in 0..3 {
            let history = store.read(|tx| store::log::stream(tx, id(ask))).unwrap();
            let (itself, _) = store::aggregate::load::<Ask>(&history).unwrap();
            let stands = store.read(|tx| care::views::ask::person_of(tx, id(ask))).unwrap();
            if matches!(itself.state(), State::New | State::Draft) {
                prop_assert_eq!(stands, None);
                continue;
            }
            let person = leaves.iter().position(|leaf| *leaf == itself.person()).unwrap();
            prop_assert_eq!(stands, Some(leaves[roots[person]]), "it goes with the person");
            let row = |columns: &str| outside::number(database, &format!("SELECT count(*) FROM ask WHERE {columns}"));
            let state = itself.state().word();
            let owner = itself.owner().unwrap().word();
            let offered =
                itself.open_hop().map_or("offered IS NULL".to_owned(), |hop| format!("offered = '{}'", hop.to.word()));
            let answered = if itself.answered().is_some() { "answered IS NOT NULL" } else { "answered IS NULL" };
            let one = format!(
                "happened = 'Found on the floor by a neighbour' AND state = '{state}' AND owner = '{owner}' AND {offered} AND {answered}"
            );
            prop_assert!(row(&one) >= 1, "{one}");
        }
        let tables = outside::view_tables();
        let before = outside::dump(&store, &tables, &[]);
        store.replay().unwrap();
        prop_assert_eq!(outside::dump(&store, &tables, &[]), before);
        prop_assert!(store.verify(None).unwrap().findings.is_empty());
        Ok(())
    });
}

#[test]
fn an_ask_sent_under_an_id_that_was_joined_before_stands_under_who_goes_on() {
    on_both(|database| {
        let store = database.open();
        let person =
            |number: &'static str| store.write(move |write| leaf(write, "hospital", number, "test", at(0))).unwrap().0;
        let (was, is, later) = (person("1"), person("2"), person("3"));
        store.write(move |write| join(write, was, is, Ground::NhsNumber, "test", at(1))).unwrap();
        let whom = Whom { person: was, ..request().whom };
        carry(&store, ASK, &gp(), submit(Request { whom, ..request() }), 1).unwrap();
        let stands = || store.read(|tx| care::views::ask::person_of(tx, ASK)).unwrap();
        assert_eq!(stands(), Some(is));
        store.write(move |write| join(write, is, later, Ground::NhsNumber, "test", at(100))).unwrap();
        assert_eq!(stands(), Some(later));
        assert_eq!(store.read(|tx| care::views::ask::root(tx, was)).unwrap(), later);
    });
}
