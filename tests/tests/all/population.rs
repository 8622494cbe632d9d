//! Where people live and in which system they are coded, in what they are counted by: from the record, and in step with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use finding::Keeper;
use finding::coded;
use jiff::civil::{Date, date};
use place::{Beside, BuiltIn, Folder, Place};
use population::code::Codes;
use population::columns::{Event, Events, NO_UNIT};
use population::day::Day;
use population::dispute::Disputes;
use population::library::Library;
use population::people::{People, Person};
use population::plan::{Asked, Plan};
use population::words::Words;
use record::feeds::Feeds;
use record::whole::Said as Entry;
use serde_json::json;
use synthetic::person::{Condition, Person as Invented};
use synthetic::{Arrivals, Borough, Settings};
use uuid::Uuid;
use weft_tests::people::{MARGARET, Said};
use weft_tests::samples::{reader, take};
use weft_tests::{Database, at, on_both};

/// The place in the binary, with three invented postcodes: in the most deprived fifth, in the least, and nowhere here.
fn place() -> Arc<Place> {
    let place = Place::built_in().unwrap();
    let area = |quintile: u8| &place.areas().iter().find(|area| area.quintile() == quintile).unwrap().code;
    let folder = tempfile::tempdir().unwrap();
    let rows = format!("postcode,area\nSK6 6XX,{}\nSK8 1XX,{}\n", area(1), area(5));
    std::fs::write(folder.path().join("invented_postcodes.csv"), rows).unwrap();
    let more = Folder::open(folder.path()).unwrap();
    Arc::new(
        Beside::of(&BuiltIn, more)
            .and_then(|files| Place::read(&files))
            .unwrap_or_else(|problems| panic!("{problems}")),
    )
}

/// Quintile, whether they live here, and the system, of everybody who is registered or lives here.
fn told(keeper: &Arc<Keeper>) -> Vec<(u8, bool, String)> {
    let look = keeper.look(|held| {
        let people = held.people.list.iter().zip(0u32..).filter(|(_, number)| held.lives(*number));
        let word = |person: &Person| held.people.systems.word(u32::from(person.system)).to_owned();
        people.map(|(person, _)| (person.quintile, person.is_resident, word(person))).collect()
    });
    look.unwrap().unwrap()
}

#[test]
fn whoever_moves_is_counted_where_they_live_now() {
    on_both(|database: &Database| {
        let store = Arc::new(database.open());
        let place = place();
        let gp = reader("gp");
        let keeper = Keeper::new(store.clone(), place.clone(), None);
        let mut hour = 0;
        let mut says = |said: &Said| {
            hour += 1;
            let _ = take(&store, &gp, &said.message(), at(hour));
        };
        says(&MARGARET);
        let bobbin = "Bobbin (invented)".to_owned();
        assert_eq!(told(&keeper), [(1, true, bobbin.clone())]);
        let in_step = |expected: (u8, bool, String), what: &str| {
            assert_eq!(told(&keeper), std::slice::from_ref(&expected), "{what}");
            let anew = Keeper::new(store.clone(), place.clone(), None);
            assert_eq!(told(&anew), [expected], "{what}, anew");
        };
        says(&Said { postcode: "sk81xx", ..MARGARET });
        in_step((5, true, bobbin.clone()), "a move to the least deprived fifth");
        says(&Said { postcode: "M1 1AA", ..MARGARET });
        in_step((0, false, bobbin.clone()), "a move out of the borough");
        says(&Said { postcode: "ZZ99 3VZ", ..MARGARET });
        in_step((0, false, bobbin.clone()), "no fixed abode");
        says(&Said { practice: "P88005", ..MARGARET });
        in_step((1, true, "Shuttle (invented)".to_owned()), "another practice, with another system");
        says(&Said { practice: "", ..MARGARET });
        in_step((1, true, "no practice\u{2019}s record".to_owned()), "nobody says where she is registered");
        says(&Said { restricted: true, ..MARGARET });
        in_step((0, false, String::new()), "whoever asks that nobody be told where they live");
    });
}

#[test]
fn where_somebody_stays_for_a_while_is_not_where_they_are_counted() {
    on_both(|database: &Database| {
        let store = Arc::new(database.open());
        let keeper = Keeper::new(store.clone(), place(), None);
        let mut patient = MARGARET.patient();
        patient["address"][0]["use"] = json!("temp");
        let _ = take(&store, &reader("gp"), patient.to_string().as_bytes(), at(0));
        assert_eq!(
            told(&keeper),
            [(0, false, "Bobbin (invented)".to_owned())],
            "where somebody stays for a while is no home"
        );
    });
}

const TODAY: Date = date(2026, 11, 22);

/// What puts somebody on one of the lists, in truth; of all others nothing is read, which would take minutes.
fn needs_somebody(person: &Invented) -> bool {
    use Condition::{Falls, Housebound, LearningDisability, PalliativeCare, SevereMentalIllness};
    let states = [Falls, Housebound, LearningDisability, PalliativeCare, SevereMentalIllness];
    person.carer_coded || person.homeless.is_some() || states.into_iter().any(|state| person.has(state))
}

/// Everything that a borough's services say in codes of those people, in columns.
fn columns(place: &Place, borough: &Borough) -> (People, Events) {
    let (feeds, arrivals) = (Feeds::of(place).unwrap(), Arrivals::of(borough));
    let (mut codes, units, mut sources, mut events) =
        (Codes::default(), Words::default(), Words::default(), Vec::new());
    let mut people = People::default();
    for person in borough.people() {
        people.list.push(Person { birth: Day::of(person.born).unwrap(), is_registered: true, ..Person::default() });
        if !needs_somebody(&person) {
            continue;
        }
        for message in arrivals.first(&person).messages {
            // What cannot be understood waits, as it would.
            let Ok(mapped) = feeds.get(message.feed).unwrap().map(&message.bytes) else { continue };
            for resource in mapped.resources {
                let record = Uuid::from_u128(events.len() as u128 + 1);
                let said = Entry {
                    id: record,
                    kind: resource.resource_type,
                    feed: message.feed.to_owned(),
                    arrived: message.sent,
                    value: Arc::new(resource.value),
                    guarded: false,
                };
                if !matches!(said.kind.as_str(), "Condition" | "Encounter" | "Observation" | "Procedure" | "Flag") {
                    continue;
                }
                for coded in coded::of(&said, &mut finding::LeftOut::default()) {
                    let (code, source) = (codes.number(coded.system, &coded.code), sources.number(&coded.source));
                    let (source, person) = (u16::try_from(source).unwrap(), person.number);
                    events.push(Event {
                        person,
                        code,
                        day: coded.day,
                        value: None,
                        unit: NO_UNIT,
                        source,
                        record: record.as_u128(),
                    });
                }
            }
        }
    }
    let events = Events::of(people.len(), codes, units, sources, events).unwrap();
    (people, events)
}

#[test]
fn the_demonstration_has_somebody_on_every_list_of_people_who_need_somebody() {
    let place = Place::built_in().unwrap();
    let mut library = Library::shipped().unwrap();
    for name in place.names().filter(|name| name.starts_with("finding/")) {
        library.add(name, place.file(name).unwrap()).unwrap();
    }
    let lists = [
        "list-carers",
        "list-homeless",
        "list-housebound",
        "list-falls",
        "register-palliative-care",
        "register-learning-disability",
        "register-severe-mental-illness",
    ];
    for seed in [1, 23] {
        let borough = Borough::of(&place, Settings::new(6_000, seed, TODAY)).unwrap();
        let (people, events) = columns(&place, &borough);
        let plan = Plan::of(&library, &lists, &events.codes, &events.units).unwrap();
        let frame = plan.on(Asked { as_of: Day::of(TODAY).unwrap(), has_days: true });
        let standing = plan.everyone(&events, &plan.gather(&events), &people, &frame, &Disputes::default());
        let found = |id: &str| -> BTreeSet<u32> { standing.find(id).unwrap().members.iter().collect() };
        for list in lists {
            assert!(!found(list).is_empty(), "nobody is on {list} with the seed {seed}");
        }
        // Nobody stands on a list of whom it is not so, and a date long past is no present situation.
        let (carers, coded) = (found("list-carers"), borough.people().filter(|person| person.carer_coded).count());
        assert!(carers.iter().all(|number| borough.person(*number).carer_coded));
        assert!(carers.len() < coded && carers.len() * 2 > coded, "{} of {coded}", carers.len());
        assert!(found("list-homeless").iter().all(|number| borough.person(*number).homeless.is_some()));
    }
}
