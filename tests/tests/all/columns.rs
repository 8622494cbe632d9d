//! The columns of a population that were saved and brought in step are those that are built anew from either database, and a save of
//! another database is none of this one's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use finding::{Held, Keeper, NotUsed, Saved, saved};
use place::Place;
use population::day::Day;
use store::Store;
use uuid::Uuid;
use weft_tests::samples::{demo, take};
use weft_tests::{Database, at, on_both};

/// Everything of everybody, in words; what could not be used; and whom each rule finds of the living.
type Everything = (BTreeMap<Uuid, BTreeSet<String>>, String, BTreeMap<String, BTreeSet<Uuid>>);

fn everything(held: &Held) -> Everything {
    let mut people: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    for number in 0..u32::try_from(held.people.len()).unwrap() {
        if !held.lives(number) {
            continue;
        }
        let person = held.people.list[number as usize];
        let hood = held.people.neighbourhoods.word(u32::from(person.neighbourhood));
        let all = people.entry(held.root(number).unwrap()).or_default();
        all.insert(format!("{:?} {:?} {hood} {}", person.birth, person.sex, person.is_registered));
        for event in held.events.of_person(number).unwrap() {
            let (system, code) = held.events.codes.get(event.code).unwrap();
            let unit = held.events.units.word(u32::from(event.unit));
            let source = held.events.sources.word(u32::from(event.source));
            let (day, value, record) = (event.day, event.value, event.record);
            all.insert(format!("{} {code} {day} {value:?} {unit} {source} {record:x}", system.word()));
        }
    }
    let standing = held.standing(Day::of(jiff::civil::date(2026, 11, 22)).unwrap());
    let living = |number: &u32| held.lives(*number);
    let rules = standing.answers.iter().map(|answer| {
        let found = answer.members.iter().filter(living).map(|number| held.root(number).unwrap());
        (answer.id.clone(), found.collect())
    });
    (people, format!("{:?}", held.left), rules.collect())
}

fn keeper(store: &Arc<Store>, place: &Arc<Place>, database: &Database, saving: bool) -> Arc<Keeper> {
    let folder = saving.then(|| database.folder().join("population/columns"));
    Keeper::new(store.clone(), place.clone(), folder)
}

#[test]
fn columns_that_were_saved_and_brought_in_step_are_those_built_anew() {
    on_both(|database| {
        let (store, place) = (Arc::new(database.open()), Arc::new(Place::built_in().unwrap()));
        let samples = demo();
        let folder = database.folder().join("population/columns");
        let ask = |keeper: &Arc<Keeper>| keeper.look(everything).unwrap().unwrap();
        for (number, sample) in samples.iter().enumerate() {
            let _ = take(&store, &sample.reader, &sample.raw.bytes, at(number as i64));
            if number == samples.len() / 3 {
                let built = saved::build(&store, &place, &folder, &mut |_| ()).unwrap();
                assert!(built.people > 0 && built.upto == store.read(|tx| store::log::head(tx)).unwrap().seq);
            }
            if number == samples.len() * 2 / 3 {
                let again = keeper(&store, &place, database, true);
                ask(&again);
                again.save().unwrap();
            }
        }
        let behind = Saved::load(&folder, 2).unwrap().behind(&store, &place).unwrap();
        assert!(behind > 0, "a third of the samples came since");
        let anew = ask(&keeper(&store, &place, database, false));
        assert!(!anew.2["register-dementia"].is_empty());
        assert_eq!(ask(&keeper(&store, &place, database, true)), anew);
    });
}

#[test]
fn columns_of_another_database_are_told_and_not_used() {
    on_both(|database| {
        let place = Arc::new(Place::built_in().unwrap());
        let folder = database.folder().join("population/columns");
        {
            let another = Database::sqlite();
            let store = another.open();
            for (number, sample) in demo().iter().take(13).enumerate() {
                let _ = take(&store, &sample.reader, &sample.raw.bytes, at(number as i64));
            }
            saved::build(&store, &place, &folder, &mut |_| ()).unwrap();
        }
        let store = Arc::new(database.open());
        for (number, sample) in demo().iter().enumerate() {
            let _ = take(&store, &sample.reader, &sample.raw.bytes, at(100 + number as i64));
        }
        let found = Saved::load(&folder, 1).unwrap().behind(&store, &place);
        assert!(matches!(found, Err(NotUsed::OtherRecord(_))), "{found:?}");
        let ask = |saving: bool| keeper(&store, &place, database, saving).look(everything).unwrap().unwrap();
        assert_eq!(ask(true), ask(false));
    });
}
