//! What is hidden decides nothing: two worlds that differ only in what a caller may not see give the caller the same answers,
//! to the byte.

use access::Role;
use proptest::prelude::*;
use weft_tests::Database;
use weft_tests::database::property_on_both;

use super::Reader;
use super::invented::{self, Invented, KINDS, World};
use fhir::query::Query;

/// A world, other words for what is hidden in it, and questions.
fn worlds() -> impl Strategy<Value = (Vec<Invented>, Vec<Invented>, Vec<Query>)> {
    let queries = proptest::collection::vec(invented::query(), 16);
    (invented::resources(24), invented::resources(24), queries)
}

/// Everything an answer says, without what is never sent (the place in the order of arrival, the message).
pub(super) fn said(reader: &Reader, world: &World, query: &Query) -> String {
    let mut query = query.clone();
    let mut all = String::new();
    loop {
        match reader.search(&world.store, &query) {
            Err(trouble) => return format!("{all}{trouble}"),
            Ok(found) => {
                for resource in found.resources.iter().chain(&found.included) {
                    all.push_str(&format!("{} {} {}\n", resource.id, resource.version, resource.body));
                }
                all.push_str(&format!("{:?} {:?} {}\n", found.next, found.total, found.included.len()));
                match found.next {
                    Some(next) => query.cursor = Some(next),
                    None => return all,
                }
            }
        }
    }
}

/// The same world where what `hidden` names says something else, or is not there.
fn other(database: &Database, all: &[Invented], instead: &[Invented], hidden: &dyn Fn(&Invented) -> bool) -> World {
    let mut world = World::empty(database);
    for (at, invented) in all.iter().enumerate() {
        if !hidden(invented) {
            world.put(invented.resource(at, all, &world.people, "gp"));
        } else if let Some(instead) = instead.get(at) {
            let changed = Invented { kind: invented.kind, person: invented.person, ..instead.clone() };
            let mut resource = changed.resource(at, all, &world.people, "gp");
            resource.arrived = weft_tests::at(7);
            world.put(resource);
        }
    }
    world
}

#[test]
fn a_class_that_is_hidden_decides_nothing() {
    // A social worker may not see results: Observation here.
    property_on_both(12, &worlds(), |database, (resources, instead, queries)| {
        let reader = Reader::of(Role::SocialWorker);
        let one = World::make(database, &resources);
        let another = Database::sqlite();
        let two = other(&another, &resources, &instead, &|invented| KINDS[invented.kind] == "Observation");
        for query in &queries {
            prop_assert_eq!(said(&reader, &one, query), said(&reader, &two, query), "{:?}", query);
        }
        Ok(())
    });
}

#[test]
fn another_person_decides_nothing_of_what_a_citizen_finds() {
    property_on_both(12, &worlds(), |database, (resources, instead, queries)| {
        let one = World::make(database, &resources);
        let another = Database::sqlite();
        let two = other(&another, &resources, &instead, &|invented| {
            invented.person != 0 && KINDS[invented.kind] != "Organization"
        });
        let (first, second) = (Reader::citizen(one.people[0]), Reader::citizen(two.people[0]));
        for query in &queries {
            prop_assert_eq!(said(&first, &one, query), said(&second, &two, query), "{:?}", query);
        }
        Ok(())
    });
}
