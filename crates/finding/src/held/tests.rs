//! Keeping in step gives what building anew gives, whatever came in whichever order and whenever anybody looked.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use access::sharing::{self, Sharing};
use access::{Role, Subject};
use jiff::Timestamp;
use proptest::prelude::*;
use record::feeds::Feeds;
use record::ingest::{Arrival, receive};
use record::linkage::Weighed;
use store::{Location, Store};

use super::*;
use crate::dispute as said;
use crate::keeper::Keeper;
use crate::saved::{self, NotUsed, Saved};

struct Seeded(AtomicU64);

impl store::Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            let state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            *byte = ((state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 56) as u8;
        }
    }
}

/// The place in the binary, knowing some of the invented postcodes of the samples.
fn with_postcodes() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let rows = "postcode,area\nSK6 6XX,E01005746\nSK5 6XX,E01005743\nSK7 2XX,E01005744\n";
    std::fs::write(folder.path().join("invented_postcodes.csv"), rows).unwrap();
    let more = place::Folder::open(folder.path()).unwrap();
    place::Beside::of(&place::BuiltIn, more).and_then(|files| Place::read(&files)).unwrap()
}

/// A store, and the samples to be taken in.
pub(crate) struct House {
    pub(crate) store: Arc<Store>,
    pub(crate) place: Arc<Place>,
    feeds: Feeds,
    at: Timestamp,
    folder: tempfile::TempDir,
}

impl House {
    pub(crate) fn open() -> Self {
        let place = Arc::new(with_postcodes());
        let folder = tempfile::tempdir().unwrap();
        let views = record::views(&place).into_iter().chain(access::views()).chain(care::views()).chain(crate::views());
        let entropy = Box::new(Seeded(AtomicU64::new(3)));
        let store = Arc::new(Store::open(Location::in_folder(folder.path()), views.collect(), entropy).unwrap());
        let at = "2026-11-22T09:30:00Z".parse().unwrap();
        Self { store, feeds: Feeds::of(&place).unwrap(), place, at, folder }
    }

    pub(crate) fn samples() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/demo");
        let mut files = Vec::new();
        for folder in [root.join("gp"), root] {
            files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
        }
        files.retain(|path| path.is_file());
        files.sort();
        files
    }

    pub(crate) fn take(&mut self, file: &Path) {
        let (name, bytes) = (file.file_name().unwrap().to_string_lossy(), std::fs::read(file).unwrap());
        let Some(reader) = self.feeds.recognise(&name, &bytes) else { return };
        let index = Arc::new(Weighed::of(&self.feeds));
        for raw in reader.messages(&name, Box::new(bytes.as_slice())) {
            self.at = self.at.checked_add(jiff::SignedDuration::from_millis(1)).unwrap();
            let (arrival, index) = (Arrival::of(reader, &raw.unwrap(), self.at), index.clone());
            self.store.write(move |write| receive(write, index.as_ref(), &arrival)).unwrap();
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.at
    }

    pub(crate) fn keeper(&self) -> Arc<Keeper> {
        Keeper::new(self.store.clone(), self.place.clone(), None)
    }

    /// Where a population is saved.
    fn columns(&self) -> PathBuf {
        self.folder.path().join("population/columns")
    }

    /// One that saves, and uses what is saved.
    fn saving(&self) -> Arc<Keeper> {
        Keeper::new(self.store.clone(), self.place.clone(), Some(self.columns()))
    }

    /// Everything, as it is held after a start with what is saved.
    fn build(&self) -> saved::Built {
        saved::build(&self.store, &self.place, &self.columns(), &mut |_| ()).unwrap()
    }

    /// What is saved, where it may be used.
    fn usable(&self) -> Result<i64, NotUsed> {
        Saved::load(&self.columns(), 2)?.behind(&self.store, &self.place)
    }

    pub(crate) fn nurse() -> Subject {
        Subject {
            id: "nurse".to_owned(),
            name: "Ruth".to_owned(),
            role: Role::DistrictNurse,
            organisation: String::new(),
            own: None,
            teams: vec!["neighbourhood:marple".to_owned()],
            assured: true,
        }
    }

    fn dispute(&self, person: Uuid, part: &str) -> Uuid {
        let (at, part) = (self.at, part.to_owned());
        let command = said::Command::Say {
            by: Self::nurse(),
            person,
            instrument: "register-dementia".to_owned(),
            part,
            ground: "miscoded".to_owned(),
            reason: "It was delirium, not dementia".to_owned(),
        };
        self.store
            .write(move |write| {
                let id = write.new_id(at);
                match write.begin::<said::Dispute>(id, command.clone(), None, "nurse", at) {
                    Ok(_) => Ok(id),
                    Err(store::Refused::Store(error)) => Err(error),
                    Err(other) => panic!("{other}"),
                }
            })
            .unwrap()
    }

    fn refuse_planning(&self, person: Uuid) {
        let at = self.at;
        let by = Subject { role: Role::Citizen, own: Some(person), teams: Vec::new(), ..Self::nurse() };
        let event = sharing::Event::PlanningRefused { by, person };
        // As a person's own page has it; what may be chosen, `sharing` tests.
        self.store
            .write(move |write| match write.begin::<Written>(write_id(person), event.clone(), None, "citizen", at) {
                Ok(_) => Ok(()),
                Err(store::Refused::Store(error)) => Err(error),
                Err(other) => panic!("{other}"),
            })
            .unwrap();
    }
}

fn write_id(person: Uuid) -> Uuid {
    Uuid::from_u128(person.as_u128() ^ 1)
}

/// Writes a choice down as it stands.
#[derive(Default)]
struct Written;

impl store::Aggregate for Written {
    const KIND: &'static str = Sharing::KIND;
    type Command = sharing::Event;
    type Event = sharing::Event;
    type Refusal = std::fmt::Error;

    fn decide(&self, command: sharing::Event, _: Timestamp) -> Result<Vec<sharing::Event>, std::fmt::Error> {
        Ok(vec![command])
    }

    fn apply(&mut self, _: &sharing::Event) {}
}

type Event1 = (String, String, Day, Option<u32>, String, String, u128);

/// Everything that is held of a person, in words.
fn of_person(held: &Held, number: u32) -> (Vec<Event1>, Option<String>) {
    let mut events: Vec<Event1> = Vec::new();
    for event in held.records(number).unwrap().into_values().flatten() {
        let (system, code) = held.events.codes.get(event.code).unwrap();
        events.push((
            system.word().to_owned(),
            code.to_owned(),
            event.day,
            event.value.map(f32::to_bits),
            held.events.units.word(u32::from(event.unit)).to_owned(),
            held.events.sources.word(u32::from(event.source)).to_owned(),
            event.record,
        ));
    }
    events.sort();
    let person = held.people.list[number as usize];
    let who = format!(
        "{:?} {:?} {} {} {} {} {} {} {}",
        person.birth,
        person.sex,
        held.people.neighbourhoods.word(u32::from(person.neighbourhood)),
        held.people.ethnicities.word(u32::from(person.ethnicity)),
        person.is_registered,
        person.is_resident,
        person.quintile,
        held.people.systems.word(u32::from(person.system)),
        held.lives(number)
    );
    let left: Vec<_> = held.left_of.get(&number).into_iter().flat_map(LeftOut::iter).collect();
    (events, (held.lives(number) || !left.is_empty()).then(|| format!("{who} {left:?}")))
}

/// What is held of each person: the events, and who they are.
type People = BTreeMap<Uuid, (Vec<Event1>, Option<String>)>;

/// Everybody of whom anything is held, and whom each rule finds.
fn everything(held: &Held) -> (People, BTreeMap<String, BTreeSet<Uuid>>) {
    let numbers = 0..u32::try_from(held.people.len()).unwrap();
    let people = numbers.map(|number| (held.root(number).unwrap(), of_person(held, number)));
    let people = people.filter(|(_, (events, who))| !events.is_empty() || who.is_some()).collect();
    let day = Day::of(jiff::civil::date(2026, 11, 22)).unwrap();
    let standing = held.standing(day);
    // A score is made of everybody who needs nothing, so of who is not there any more, too: only the living are asked.
    let found = |members: &Bits| -> BTreeSet<Uuid> {
        members.iter().filter(|number| held.lives(*number)).map(|number| held.root(number).unwrap()).collect()
    };
    let rules = standing.answers.iter().map(|answer| (answer.id.clone(), found(&answer.members))).collect();
    (people, rules)
}

fn agree(house: &House, keeper: &Arc<Keeper>) {
    let kept = keeper.look(|held| (everything(held), held.left.clone(), held.opted_out())).unwrap().unwrap();
    let anew = house.keeper().look(|held| (everything(held), held.left.clone(), held.opted_out())).unwrap().unwrap();
    assert_eq!(kept, anew);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn keeping_in_step_is_building_anew(order in Just(House::samples()).prop_shuffle(), looks in prop::collection::vec(any::<bool>(), 64)) {
        let mut house = House::open();
        let keeper = house.keeper();
        for (file, look) in order.iter().zip(looks.iter().cycle()) {
            house.take(file);
            if *look {
                let head = house.store.read(|tx| store::log::head(tx)).unwrap().seq;
                prop_assert_eq!(keeper.look(|held| held.upto).unwrap(), Some(head), "nothing older than the last commit");
            }
        }
        let somebody = keeper.look(|held| held.root(0)).unwrap().flatten();
        if let Some(somebody) = somebody {
            house.refuse_planning(somebody);
            house.dispute(somebody, "register");
        }
        agree(&house, &keeper);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_saved_and_brought_in_step_is_what_is_built_anew(
        order in Just(House::samples()).prop_shuffle(),
        at in 0usize..20,
        again in 0usize..20,
        how in 0u8..3,
    ) {
        let mut house = House::open();
        let first = house.saving();
        for (number, file) in order.iter().enumerate() {
            house.take(file);
            let (built, looked) = (number == at, number == at + again);
            match how {
                // From the record, through the disk.
                0 if built => drop(house.build()),
                // What is held, with what came since it was made; and again, of columns that were themselves read from the disk.
                _ if (built && how > 0) || (looked && how == 2) => {
                    first.look(|_| ()).unwrap();
                    first.save().unwrap();
                }
                _ => {}
            }
        }
        let saved = order.len() > at;
        if let Some(somebody) = first.look(|held| held.root(0)).unwrap().flatten() {
            house.refuse_planning(somebody);
            house.dispute(somebody, "register");
        }
        let second = house.saving();
        if saved {
            prop_assert!(house.usable().is_ok(), "{:?}", house.usable());
        }
        agree(&house, &second);
        agree(&house, &first);
    }
}

/// Somebody's population, saved; and what a keeper says of it.
fn saved_house() -> (House, People) {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    house.build();
    let people = house.keeper().look(|held| everything(held).0).unwrap().unwrap();
    (house, people)
}

#[test]
fn a_save_that_is_torn_or_damaged_is_never_an_answer() {
    let (house, people) = saved_house();
    assert_eq!(house.usable().unwrap(), 0);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(house.columns()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 6);
    for file in files {
        let whole = std::fs::read(&file).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for bytes in [Some(&whole[..whole.len() / 2]), Some(&changed[..]), Some(&[][..]), None] {
            match bytes {
                Some(bytes) => std::fs::write(&file, bytes).unwrap(),
                None => std::fs::remove_file(&file).unwrap(),
            }
            let answered = house.saving().look(|held| everything(held).0).unwrap().unwrap();
            assert!(answered == people, "{} was damaged and used", file.display());
            std::fs::write(&file, &whole).unwrap();
        }
    }
    std::fs::remove_dir_all(house.columns()).unwrap();
    assert!(matches!(house.usable(), Err(NotUsed::Nothing(_))));
    assert_eq!(house.saving().look(|held| everything(held).0).unwrap().unwrap(), people);
}

#[test]
fn a_save_of_another_record_or_of_other_rules_is_told_and_not_used() {
    let (house, people) = saved_house();
    let mut other = House::open();
    std::fs::create_dir_all(other.columns()).unwrap();
    let copy = |from: &House, to: &House| {
        for entry in std::fs::read_dir(from.columns()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, to.columns().join(path.file_name().unwrap())).unwrap();
        }
    };
    copy(&house, &other);
    assert!(matches!(other.usable(), Err(NotUsed::OtherRecord(_))), "a log that is shorter: put back from a backup");
    let mut files = House::samples();
    files.reverse();
    files.iter().for_each(|file| other.take(file));
    assert!(matches!(other.usable(), Err(NotUsed::OtherRecord(_))), "a log as long, of other messages");
    let own = other.keeper().look(|held| everything(held).0).unwrap().unwrap();
    let answered = other.saving().look(|held| everything(held).0).unwrap().unwrap();
    assert!(answered == own && answered != people);

    let elsewhere = tempfile::tempdir().unwrap();
    let built_in = &house.place;
    for name in built_in.names() {
        let path = elsewhere.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, built_in.file(name).unwrap()).unwrap();
    }
    let usable = || {
        let place = Place::from_folder(elsewhere.path()).unwrap();
        Saved::load(&house.columns(), 1).unwrap().behind(&house.store, &place)
    };
    assert_eq!(usable().unwrap(), 0);
    std::fs::create_dir_all(elsewhere.path().join("finding")).unwrap();
    std::fs::write(elsewhere.path().join("finding/lists.csv"), "list,system,code\nplace/x,snomed,123456789\n").unwrap();
    assert_eq!(usable().unwrap(), 0, "rules are asked of the columns and are not in them");
    let practices = elsewhere.path().join("practices.csv");
    let text = std::fs::read_to_string(&practices).unwrap();
    std::fs::write(&practices, format!("{text}\n")).unwrap();
    assert!(matches!(usable(), Err(NotUsed::OtherRules)));
}

#[test]
fn invented_columns_are_no_record_s() {
    let (house, people) = saved_house();
    let wanted = population::invented::Wanted {
        people: 20,
        events: 200,
        seed: 1,
        today: Day::of(jiff::civil::date(2026, 11, 22)).unwrap(),
        neighbourhoods: vec!["Marple".to_owned()],
    };
    population::invented::build(&house.columns(), &wanted, |_| ()).unwrap();
    assert!(matches!(house.usable(), Err(NotUsed::Invented)));
    assert_eq!(house.saving().look(|held| everything(held).0).unwrap().unwrap(), people);
}

#[test]
fn where_nothing_can_be_written_it_is_held_in_memory_and_said() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    std::fs::write(house.folder.path().join("population"), "a file where a folder should be").unwrap();
    let keeper = house.saving();
    let people = house.keeper().look(|held| everything(held).0).unwrap().unwrap();
    assert_eq!(keeper.look(|held| everything(held).0).unwrap().unwrap(), people);
    assert!(keeper.save().is_err());
    assert_eq!(keeper.look(|held| everything(held).0).unwrap().unwrap(), people, "what was held is held on");
    assert!(saved::build(&house.store, &house.place, &house.columns(), &mut |_| ()).is_err());
}

#[test]
fn what_is_damaged_before_it_is_first_read_is_told_and_built_anew() {
    let (house, people) = saved_house();
    let held = Saved::load(&house.columns(), 1).unwrap().held(&house.store, &house.place, &[], 1).unwrap();
    // Where sources and record ids stand nothing has been read yet; the file is the one that is open.
    let events = house.columns().join("events.parquet");
    let bytes = std::fs::read(&events).unwrap();
    let half = bytes.len() / 2;
    let damaged: Vec<u8> = bytes.iter().zip(0..).map(|(byte, at)| if at > half { byte ^ 1 } else { *byte }).collect();
    std::fs::write(&events, damaged).unwrap();
    let has_any = |number: &u32| {
        let mut any = false;
        held.events.each(*number, |_| any = true);
        any
    };
    let somebody = (0u32..1_000).find(has_any).unwrap();
    assert!(held.records(somebody).is_err() && held.events.check().is_err());
    let keeper = house.saving();
    assert_eq!(keeper.look(|held| everything(held).0).unwrap().unwrap(), people);
    keeper.save().unwrap();
    assert_eq!(house.saving().look(|held| everything(held).0).unwrap().unwrap(), people);
}

#[test]
fn a_server_builds_saves_and_begins_again_with_what_is_saved() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let wait = |keeper: &Arc<Keeper>| {
        keeper.begin();
        while keeper.look(|_| ()).unwrap().is_none() {
            std::thread::yield_now();
        }
    };
    let first = house.saving();
    wait(&first);
    assert_eq!(house.usable().unwrap(), 0, "what was built is saved");
    let second = house.saving();
    wait(&second);
    let day = Day::of(jiff::civil::date(2026, 11, 23)).unwrap();
    let counts = |held: &Held| {
        let standing = held.standing(day);
        held.ground(&standing, day).overview(&[])
    };
    assert_eq!(second.look(counts).unwrap(), house.keeper().look(counts).unwrap());
    agree(&house, &second);
}

#[test]
fn people_live_here_by_their_own_postcode_and_not_by_their_practice() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let fifths = house.keeper().look(|held| {
        let people = held.people.list.iter().filter(|person| person.is_registered);
        people.map(|person| (person.is_resident, person.quintile)).collect::<BTreeSet<_>>()
    });
    let fifths = fifths.unwrap().unwrap();
    // The first of these postcodes lies in a most deprived tenth of 2025, the second in the seventh, the third in the third.
    assert_eq!(fifths, [(false, 0), (true, 1), (true, 2), (true, 4)].into());
}

#[test]
fn a_dispute_takes_somebody_off_a_register_and_says_so() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let keeper = house.keeper();
    let day = Day::of(jiff::civil::date(2026, 11, 23)).unwrap();
    let with_dementia = move |held: &Held| -> Vec<Uuid> {
        let standing = held.standing(day);
        let found = standing.find("register-dementia").unwrap();
        found.members.iter().filter(|number| held.lives(*number)).filter_map(|number| held.root(number)).collect()
    };
    let before = keeper.look(with_dementia).unwrap().unwrap();
    let somebody = *before.first().expect("the samples have somebody with dementia");
    house.dispute(somebody, "register");
    let after = keeper.look(with_dementia).unwrap().unwrap();
    assert_eq!(after, before[1..]);
    let explained = keeper.look(move |held| held.explain(somebody, &["register-dementia"], day, |_, _| true)).unwrap();
    let explained = explained.unwrap().unwrap().remove(0);
    assert_eq!(explained.value.as_deref(), Some("0"));
    assert!(explained.parts[0].disputed.as_deref().unwrap().ends_with("It was delirium, not dementia (Ruth)"));
    assert!(!explained.parts[0].evidence.is_empty(), "what was disputed can still be seen");
}

#[test]
fn what_a_reader_may_not_see_is_in_no_score_of_theirs() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let keeper = house.keeper();
    let day = Day::of(jiff::civil::date(2026, 11, 23)).unwrap();
    let check = move |held: &Held| {
        for number in 0..u32::try_from(held.people.len()).unwrap() {
            let (root, ids) =
                (held.root(number).unwrap(), held.plan.sets().map(|set| set.id.as_str()).collect::<Vec<_>>());
            let hidden = held.explain(root, &ids, day, |_, _| false).unwrap();
            assert!(hidden.iter().flat_map(|one| &one.parts).all(|part| part.evidence.is_empty()));
        }
        held.people.len()
    };
    assert!(keeper.look(check).unwrap().unwrap() > 0);
}

#[test]
fn who_is_found_to_be_another_leaves_nothing_behind() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let joined = house.store.read(|tx| {
        let mut joined = 0;
        store::log::walk(tx, 1, &mut |_, entry| {
            joined += i32::from(entry.kind == "person" && entry.event == "Joined");
            Ok(())
        })?;
        Ok::<_, store::Error>(joined)
    });
    assert!(joined.unwrap() > 0, "the samples have people whom two services know");
    let keeper = house.keeper();
    agree(&house, &keeper);
}
