//! The policy in the statement is the policy: whoever asks, and however people stand to them, a search finds what a walk over
//! everything finds that asks the policy of each resource; and what may not be seen changes no answer, whatever is asked.

use std::cell::RefCell;

use access::{Action, Purpose, Role, Scope, Sealed};
use fhir::query::Query;
use proptest::prelude::*;
use record::interaction::{self, Everything, Failed, Read};
use store::resource::resource_id;
use store::{Resource, Tx};
use uuid::Uuid;
use weft_tests::Database;
use weft_tests::database::property_on_both;

use super::invented::{self, Facts, HOLDERS, Invented, KINDS, World};
use super::{Reader, every_page, gate, leak, oracle, wait};

/// The most resources in a world that is asked everything.
const MOST: usize = 14;
/// How many readers there are.
const READERS: usize = 7;

/// Everybody who may read anything by this way.
fn readers(people: &[Uuid]) -> Vec<Reader> {
    let care = [Role::Gp, Role::DistrictNurse, Role::SocialWorker, Role::Coordinator, Role::CareHomeManager];
    let mut readers: Vec<Reader> = care.into_iter().map(Reader::of).collect();
    let mut reception = Reader::of(Role::Receptionist);
    reception.purpose = Purpose::Administration;
    readers.push(reception);
    // The citizen is somebody's proxy, too, where a relationship is held by `reader:citizen`.
    readers.push(Reader::citizen(people[0]));
    readers
}

#[test]
fn a_search_finds_what_the_policy_allows_whoever_asks_and_however_people_stand_to_them() {
    let asked = (invented::resources(20), invented::facts(20), proptest::collection::vec(invented::query(), 6));
    property_on_both(24, &asked, |database, (resources, facts, queries)| {
        let mut world = World::standing(database, &resources, &facts);
        for (at, invented) in resources.iter().enumerate() {
            world.put(invented.resource(at, &resources, &world.people, "gp"));
        }
        let whole: Vec<Query> =
            KINDS.iter().map(|kind| Query { kind: (*kind).to_owned(), ..Query::default() }).collect();
        // Then it turns out that one person is another, after everything of theirs has been written.
        for joined in [None, Some((1, 0))] {
            if let Some((one, into)) = joined {
                world.join(one, into);
            }
            for reader in readers(&world.people) {
                let scope = reader.scope(&world.store);
                for query in whole.iter().chain(&queries) {
                    let expected = oracle::matches(&world, &scope, query).matches;
                    prop_assert_eq!(&every_page(&reader, &world.store, query).unwrap(), &expected, "{:?}", query);
                    let first = reader.search(&world.store, query).unwrap();
                    prop_assert_eq!(first.total, query.total.then_some(expected.len() as u64));
                    let page: Vec<Uuid> = first.resources.iter().map(|resource| resource.id).collect();
                    let mut included: Vec<Uuid> = first.included.iter().map(|resource| resource.id).collect();
                    included.sort_unstable();
                    prop_assert_eq!(included, oracle::included(&world, &scope, query, &page));
                }
            }
        }
        prop_assert_eq!(record::sight::disagreements(), 0);
        Ok(())
    });
}

/// What is sent of a resource, and what stands beside it on the way out.
fn sent(resource: &Resource) -> String {
    format!("{} {} {}\n", resource.version, resource.arrived, interaction::served(resource))
}

/// What an answer says, or why there is none.
fn told<T>(
    reader: &Reader,
    world: &World,
    ask: impl Fn(&mut dyn Tx, &Scope) -> Result<Sealed<T>, Failed>,
    say: impl Fn(&T) -> String,
) -> String {
    let scope = reader.scope(&world.store);
    match world.store.read(|tx| ask(tx, &scope)) {
        Err(failed) => format!("{failed:?}"),
        Ok(sealed) => {
            let people = sealed.people().to_vec();
            let opened = wait(gate(&world.store).open(&reader.asking(), Action::ReadRecord, sealed));
            format!("{people:?} {}", opened.map_or_else(|denied| denied.to_string(), |answer| say(&answer)))
        }
    }
}

/// Everything that can be asked besides a search of one of these ids, answered.
fn asked_of(reader: &Reader, world: &World, kind: &'static str, id: &str) -> String {
    let mut all = String::new();
    let say = |read: &Read| match read {
        Read::Found(resource) => sent(resource),
        other => format!("{other:?}"),
    };
    all += &told(reader, world, |tx, scope| Ok(interaction::read(tx, scope, kind, id)?), say);
    for version in 1..4 {
        all += &told(reader, world, |tx, scope| Ok(interaction::vread(tx, scope, kind, id, version)?), say);
    }
    let pages = |cursor: Option<&str>, id: Option<&str>| {
        let next = RefCell::new(None);
        let words = told(
            reader,
            world,
            |tx, scope| interaction::history(tx, scope, kind, id, None, 2, cursor),
            |found| {
                let Some(found) = found else { return "nothing".to_owned() };
                next.replace(found.next.clone());
                format!("{:?} {:?}", found.versions.iter().map(sent).collect::<Vec<_>>(), found.next)
            },
        );
        (words, next.into_inner())
    };
    for id in [Some(id), None] {
        let mut cursor: Option<String> = None;
        loop {
            let (words, next) = pages(cursor.as_deref(), id);
            all += &words;
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
    }
    let mut cursor: Option<String> = None;
    loop {
        let ask = Everything { count: Some(2), cursor: cursor.clone(), ..Everything::default() };
        let next = RefCell::new(None);
        all += &told(
            reader,
            world,
            |tx, scope| interaction::everything(tx, scope, id, &ask),
            |found| {
                let Some(found) = found else { return "nothing".to_owned() };
                next.replace(found.next.clone());
                let sent: Vec<String> = found.resources.iter().chain(&found.included).map(sent).collect();
                format!("{sent:?} {:?}", found.next)
            },
        );
        cursor = next.into_inner();
        if cursor.is_none() {
            break;
        }
    }
    // A place that names this resource is one only for whoever has seen it.
    let forged = Everything { cursor: Some(id.replace('-', "")), ..Everything::default() };
    for at in 0..3 {
        let patient = resource_id("gp", "Patient", &invented::source_id(at)).hyphenated().to_string();
        let ask = |tx: &mut dyn Tx, scope: &Scope| interaction::everything(tx, scope, &patient, &forged);
        let seen = told(reader, world, ask, |found| {
            found.as_ref().map_or(String::new(), |found| found.resources.iter().map(sent).collect::<String>())
        });
        all += &seen;
    }
    all
}

/// A world, what stands in the other in the place of what is hidden in it, and questions.
fn worlds() -> impl Strategy<Value = (Vec<Invented>, Vec<Invented>, Facts, Facts, Vec<Query>)> {
    let queries = proptest::collection::vec(invented::query(), 8);
    (invented::resources(MOST), invented::resources(MOST), invented::facts(MOST), invented::facts(MOST), queries)
}

/// The same world for a reader, other words and other seals where they may not look, and what is hidden from them in it.
fn another(
    database: &Database,
    reader: &Reader,
    one: &World,
    all: &[Invented],
    instead: &[Invented],
    others: &Facts,
) -> World {
    let hidden = |at: usize| {
        let resource = &one.resources[at];
        !oracle::may_see(one, &reader.scope(&one.store), resource)
    };
    let mut facts = one.facts.clone();
    // Seals of others on what is hidden already, and relationships that are not the reader's.
    let theirs: Vec<String> = reader.subject.holders().collect();
    let not_theirs = |holder: usize| !theirs.iter().any(|held| held == HOLDERS[holder]);
    facts.seals.extend(
        others
            .seals
            .iter()
            .filter(|(of, holder, ..)| one.resources.get(*of).is_some() && hidden(*of) && not_theirs(*holder)),
    );
    facts.held.extend(others.held.iter().filter(|(_, _, holder, ..)| not_theirs(*holder)));
    let mut world = World::standing(database, all, &facts);
    for (at, invented) in all.iter().enumerate() {
        if !hidden(at) {
            world.put(invented.resource(at, all, &world.people, "gp"));
        } else if let Some(instead) = instead.get(at) {
            let changed = Invented { kind: invented.kind, ..instead.clone() };
            let mut resource = changed.resource(at, all, &world.people, "gp");
            resource.arrived = weft_tests::at(7);
            // Some other words would not be hidden; then nothing stands there.
            if !oracle::may_see(&world, &reader.scope(&world.store), &resource) {
                world.put(resource);
            }
        }
    }
    world
}

#[test]
fn what_may_not_be_seen_changes_no_answer() {
    property_on_both(24, &(worlds(), 0..READERS), |database, ((resources, instead, facts, others, queries), who)| {
        let mut one = World::standing(database, &resources, &facts);
        for (at, invented) in resources.iter().enumerate() {
            one.put(invented.resource(at, &resources, &one.people, "gp"));
        }
        for reader in readers(&one.people).into_iter().skip(who).take(1) {
            let beside = Database::sqlite();
            let two = another(&beside, &reader, &one, &resources, &instead, &others);
            for query in &queries {
                let (said_of_one, said_of_two) = (leak::said(&reader, &one, query), leak::said(&reader, &two, query));
                prop_assert_eq!(said_of_one, said_of_two, "{:?}", query);
            }
            // Every id that is in either world, under each type.
            for (at, invented) in resources.iter().enumerate() {
                let id = resource_id("gp", invented.kind(), &invented::source_id(at)).hyphenated().to_string();
                for kind in KINDS.into_iter().filter(|kind| *kind == invented.kind() || *kind == "Patient") {
                    prop_assert_eq!(
                        asked_of(&reader, &one, kind, &id),
                        asked_of(&reader, &two, kind, &id),
                        "{:?} {} {}",
                        reader.subject.role,
                        kind,
                        id
                    );
                }
            }
        }
        Ok(())
    });
}

#[test]
fn what_is_hidden_is_read_like_what_is_not_there() {
    property_on_both(12, &(worlds(), 0..READERS), |database, ((resources, _, facts, ..), who)| {
        let mut world = World::standing(database, &resources, &facts);
        for (at, invented) in resources.iter().enumerate() {
            world.put(invented.resource(at, &resources, &world.people, "gp"));
        }
        for reader in readers(&world.people).into_iter().skip(who).take(1) {
            let scope = reader.scope(&world.store);
            for resource in world.resources.iter().filter(|resource| !oracle::may_see(&world, &scope, resource)) {
                let kind = KINDS.into_iter().find(|kind| *kind == resource.kind).unwrap();
                let hidden = interaction::logical_id(resource);
                let nowhere = Uuid::from_u128(resource.id.as_u128() ^ 1).hyphenated().to_string();
                prop_assert_eq!(
                    asked_of(&reader, &world, kind, &hidden),
                    asked_of(&reader, &world, kind, &nowhere),
                    "{} {}",
                    kind,
                    hidden
                );
            }
        }
        Ok(())
    });
}
