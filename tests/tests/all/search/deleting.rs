//! Changes and deletions: the index that was kept in step is the index made again.

use proptest::prelude::*;
use weft_tests::database::property_on_both;

use super::invented::{self, Invented, World};

/// What happens to one of the resources: it says something else, or is deleted.
fn changes() -> impl Strategy<Value = (Vec<Invented>, Vec<(usize, Option<usize>)>)> {
    let changed = (0..16_usize, prop::option::weighted(0.7, 0..16_usize));
    (invented::resources(16), proptest::collection::vec(changed, 0..24))
}

#[test]
fn an_index_kept_in_step_is_the_index_made_again() {
    property_on_both(24, &changes(), |database, (resources, changes)| {
        let mut world = World::make(database, &resources);
        for (moment, (which, says)) in changes.iter().enumerate() {
            let Some(first) = resources.get(*which) else { continue };
            let mut version = first.resource(*which, &resources, &world.people, "gp");
            // The words of another, under the type and id of this one; or no words at all.
            version.body = match says.and_then(|other| resources.get(other)) {
                Some(other) => Invented { kind: first.kind, ..other.clone() }.body(&resources),
                None => String::new(),
            };
            version.hash = store::blob::sha256(version.body.as_bytes());
            version.as_of = weft_tests::at(100 + moment as i64);
            version.arrived = version.as_of;
            world.put(version);
        }
        let report = world.store.verify(None).unwrap();
        let findings: Vec<_> = report.findings.iter().filter(|finding| finding.table.starts_with("search")).collect();
        prop_assert!(findings.is_empty(), "{:?}", findings);
        prop_assert!(report.findings.iter().all(|finding| finding.table == "resource"), "{:?}", report.findings);
        let rows = |table: &str| world.store.replay().unwrap().into_iter().find(|(name, _)| *name == table).unwrap().1;
        let mut current = std::collections::HashMap::new();
        for resource in &world.resources {
            current.insert(resource.id, resource.is_deleted());
        }
        prop_assert_eq!(rows("search_resource"), current.values().filter(|deleted| !**deleted).count() as i64);
        Ok(())
    });
}

#[test]
fn a_place_is_given_once_and_kept_by_every_version() {
    weft_tests::on_both(|database| {
        let mut world = World::empty(database);
        let invented = |present| Invented {
            kind: 1,
            person: 0,
            terms: vec![1],
            texts: Vec::new(),
            dates: Vec::new(),
            numbers: Vec::new(),
            links: Vec::new(),
            present,
            label: 0,
        };
        for number in 0..3 {
            world.put(invented(0).resource(number, &[], &world.people, "gp"));
        }
        let mut again = invented(1).resource(1, &[], &world.people, "gp");
        again.as_of = weft_tests::at(50);
        world.put(again);
        world.put(invented(0).resource(3, &[], &world.people, "gp"));
        let places: Vec<i64> = world.resources.iter().map(|resource| resource.seq).collect();
        assert_eq!(places, [1, 2, 3, 2, 4]);
        let id = world.resources[1].id;
        let versions = world.store.read(|tx| store::resource::versions(tx, id)).unwrap();
        assert_eq!(versions.iter().map(|version| (version.version, version.seq)).collect::<Vec<_>>(), [(2, 2), (1, 2)]);
    });
}
