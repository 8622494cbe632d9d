//! Resources: the newest by the source's own time is current, in whatever order the versions come and however often.

use proptest::prelude::*;
use store::{Resource, Store, Stored};
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::samples::{reader, take};
use weft_tests::{at, on_both, outside};

/// A version: which resource, how new, and whether it has a name at all.
type Version = (u8, i64, bool);

fn resource((number, age, named): Version) -> Resource {
    let source_id = format!("p{number}");
    let name = if named { format!(r#","name":[{{"text":"Version {age} of {number}"}}]"#) } else { String::new() };
    let body = if number % 2 == 0 {
        format!(r#"{{"resourceType":"Practitioner","id":"{source_id}","extra":{age}{name}}}"#)
    } else {
        format!(
            r#"{{"resourceType":"Condition","id":"{source_id}","recordedDate":"20{:02}","code":{{"text":"Age {age}"}}}}"#,
            age + 10
        )
    };
    let kind = if number % 2 == 0 { "Practitioner" } else { "Condition" };
    Resource {
        id: store::resource::resource_id("gp", kind, &source_id),
        version: 0,
        person: Uuid::from_u128(7),
        kind: kind.to_owned(),
        feed: "gp".to_owned(),
        source_id,
        as_of: at(age),
        arrived: at(0),
        message: Uuid::nil(),
        hash: store::blob::sha256(body.as_bytes()),
        seq: 0,
        parsed: None,
        prepared: None,
        body,
    }
}

fn put(store: &Store, version: Version) -> Stored {
    store.write(move |write| write.put_resource(&mut resource(version))).unwrap()
}

fn sent() -> impl Strategy<Value = (Vec<Version>, u64)> {
    // One body for each (resource, age): a source that says two things at one moment is another test.
    let versions = proptest::collection::hash_map((0..4_u8, 0..6_i64), any::<bool>(), 1..10);
    (
        versions.prop_map(|all| all.into_iter().map(|((number, age), named)| (number, age, named)).collect()),
        any::<u64>(),
    )
}

#[test]
fn the_newest_wins_in_any_order_and_however_often_it_is_sent() {
    property_on_both(40, &sent(), |database, (versions, seed)| {
        let store = database.open();
        let mut ordered: Vec<Version> = versions.clone();
        ordered.sort_by_key(|(number, age, _)| (*number, *age));
        let mut shuffled: Vec<Version> = versions.iter().chain(&versions).copied().collect();
        weft_tests::Seeded::new(seed).shuffle(&mut shuffled);
        for version in &shuffled {
            put(&store, *version);
        }
        for number in 0..4 {
            let mine: Vec<Version> = ordered.iter().copied().filter(|version| version.0 == number).collect();
            let Some(newest) = mine.last() else { continue };
            let wanted = resource(*newest);
            let current = store.read(|tx| store::resource::current(tx, wanted.id)).unwrap().unwrap();
            prop_assert_eq!((current.as_of, &current.body), (wanted.as_of, &wanted.body));
            let kept = store.read(|tx| store::resource::versions(tx, wanted.id)).unwrap();
            prop_assert_eq!(kept.len(), mine.len(), "each version is kept once");
            let mut numbers: Vec<i64> = kept.iter().map(|version| version.version).collect();
            numbers.sort_unstable();
            prop_assert_eq!(numbers, (1..=mine.len() as i64).collect::<Vec<_>>());
        }
        // The rows of the views are those that the versions in their own order give.
        let other = weft_tests::Database::sqlite();
        let straight = other.open();
        for version in &ordered {
            put(&straight, *version);
        }
        let tables = outside::view_tables();
        prop_assert_eq!(
            outside::dump(&store, &tables, outside::PLACES),
            outside::dump(&straight, &tables, outside::PLACES)
        );
        Ok(())
    });
}

#[test]
fn late_goes_to_the_history_and_the_same_words_make_no_version() {
    on_both(|database| {
        let store = database.open();
        assert_eq!(put(&store, (1, 5, true)), Stored::Current);
        assert_eq!(put(&store, (1, 3, true)), Stored::Late);
        assert_eq!(put(&store, (1, 3, true)), Stored::Same);
        assert_eq!(put(&store, (1, 5, true)), Stored::Same);
        assert_eq!(put(&store, (1, 9, true)), Stored::Current);
        assert_eq!(put(&store, (1, 5, true)), Stored::Same);
        assert_eq!(outside::number(database, "SELECT count(*) FROM resource_history"), 2);
        assert_eq!(outside::number(database, "SELECT version FROM resource"), 3);
        assert_eq!(store.read(store::resource::count).unwrap(), 1);
    });
}

#[test]
fn messages_in_any_order_give_the_same_current_words_and_the_tally_adds_up() {
    let versions: Vec<String> = (0..4)
        .map(|age| {
            format!(
                r#"{{"resourceType":"Patient","id":"p1","meta":{{"lastUpdated":"2026-03-0{}T10:00:00Z"}},
                "name":[{{"family":"Spinner","given":["Ada"]}}],"birthDate":"195{age}-01-01"}}"#,
                age + 1
            )
        })
        .collect();
    property_on_both(12, &any::<u64>(), |database, seed| {
        let store = database.open();
        let gp = reader("gp");
        let mut order: Vec<&String> = versions.iter().chain(&versions).collect();
        weft_tests::Seeded::new(seed).shuffle(&mut order);
        for (number, words) in order.iter().enumerate() {
            let _ = take(&store, &gp, words.as_bytes(), at(number as i64));
        }
        let id = store::resource::resource_id("gp", "Patient", "p1");
        let current = store.read(|tx| store::resource::current(tx, id)).unwrap().unwrap();
        prop_assert!(current.body.contains("1953-01-01"), "{}", current.body);
        let tally = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap().remove(0).ever;
        prop_assert_eq!((tally.received, tally.applied, tally.duplicates, tally.quarantined), (8, 4, 4, 0));
        let report = store.verify(None).unwrap();
        prop_assert!(report.findings.is_empty(), "{:?}", report.findings);
        Ok(())
    });
}
