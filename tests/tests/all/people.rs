//! Who is who: the exact index joins where it may, says so where it is in doubt, and never joins two numbers.

use proptest::prelude::*;
use record::ingest::Outcome;
use store::Store;
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::people::{MARGARET, Said};
use weft_tests::samples::{Sample, demo, reader, take};
use weft_tests::{Seeded, at, on_both, outside};

/// Takes somebody in by a feed of FHIR messages and returns their leaf.
fn hears(store: &Store, said: &Said) -> Uuid {
    match take(store, &reader("gp"), &said.message(), at(0)).outcome {
        Outcome::Applied(brought) => brought.people[0],
        other => panic!("{other:?}"),
    }
}

fn one(store: &Store, people: &[Uuid]) -> bool {
    let roots: std::collections::BTreeSet<Uuid> = people.iter().map(|leaf| root(store, *leaf)).collect();
    roots.len() == 1
}

fn root(store: &Store, leaf: Uuid) -> Uuid {
    store.read(|tx| record::views::person::root(tx, leaf)).unwrap()
}

fn disputes(database: &weft_tests::Database) -> i64 {
    outside::number(database, "SELECT count(*) FROM person_dispute")
}

#[test]
fn a_number_joins_with_an_agreeing_birth_date_or_name() {
    on_both(|database| {
        let store = database.open();
        let first = hears(&store, &MARGARET);
        let by_birth = hears(&store, &Said { id: "m2", family: "Shuttle", given: "Peggy", postcode: "", ..MARGARET });
        let by_name = hears(&store, &Said { id: "m3", birth: "1983-03-14", given: "MARGARET", ..MARGARET });
        assert!(one(&store, &[first, by_birth, by_name]));
        assert_eq!(disputes(database), 0);
    });
}

#[test]
fn a_number_alone_is_disputed_and_not_joined() {
    on_both(|database| {
        let store = database.open();
        let first = hears(&store, &MARGARET);
        let other = hears(&store, &Said { id: "x", family: "Loom", given: "Albert", birth: "1950-05-05", ..MARGARET });
        assert!(!one(&store, &[first, other]));
        assert_eq!(disputes(database), 2, "written down on both sides");
        let again = hears(&store, &Said { id: "x", family: "Loom", given: "Bert", birth: "1950-05-05", ..MARGARET });
        assert_eq!((again, disputes(database)), (other, 2), "and once");
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_number_that_is_not_traced_joins_only_with_birth_date_and_given_name() {
    on_both(|database| {
        let store = database.open();
        // An index that takes no feed's numbers for traced, whichever side they stand on.
        let hears = |said: Said| {
            let arrival = record::ingest::Arrival::of(
                &reader("gp"),
                &record::feed::RawMessage { bytes: said.message(), line: None },
                at(0),
            );
            let index = record::person::exact::Exact::default();
            match store.write(move |write| record::ingest::receive(write, &index, &arrival)).unwrap().outcome {
                Outcome::Applied(brought) => brought.people[0],
                other => panic!("{other:?}"),
            }
        };
        let first = hears(MARGARET);
        // A twin whose row was given the wrong number: same birth date and family name, another given name.
        let twin = hears(Said { id: "twin", given: "Mary", ..MARGARET });
        assert!(!one(&store, &[first, twin]));
        assert_eq!(disputes(database), 2, "and somebody is told");
        let same = hears(Said { id: "same", family: "Shuttle", postcode: "", ..MARGARET });
        assert!(one(&store, &[first, same]));
    });
}

#[test]
fn two_numbers_are_never_one_person() {
    on_both(|database| {
        let store = database.open();
        let first = hears(&store, &MARGARET);
        let other = hears(&store, &Said { id: "m2", number: Some("9990002371"), ..MARGARET });
        assert!(!one(&store, &[first, other]));
        assert_eq!(disputes(database), 2);
        // Somebody without a number who looks like both belongs to neither.
        let third = hears(&store, &Said { id: "m3", number: None, ..MARGARET });
        assert!(!one(&store, &[first, third]) && !one(&store, &[other, third]));
    });
}

#[test]
fn demographics_join_only_where_they_name_one_person_at_one_postcode() {
    on_both(|database| {
        let store = database.open();
        let nobody = Said { number: None, ..MARGARET };
        let first = hears(&store, &MARGARET);
        let same = hears(&store, &Said { id: "m2", family: "ASHWORTH", postcode: "sk66xx", ..nobody.clone() });
        assert!(one(&store, &[first, same]));
        for (id, other) in [
            ("m3", Said { postcode: "SK1 1XX", ..nobody.clone() }),
            ("m4", Said { postcode: "", ..nobody.clone() }),
            ("m5", Said { birth: "1938-03-15", ..nobody.clone() }),
            ("m6", Said { birth: "", ..nobody.clone() }),
            ("m7", Said { sex: "male", ..nobody.clone() }),
            ("m8", Said { given: "Maggie", ..nobody.clone() }),
        ] {
            let apart = hears(&store, &Said { id, ..other });
            assert!(!one(&store, &[first, apart]), "{id}");
        }
    });
}

#[test]
fn twins_stay_apart() {
    on_both(|database| {
        let store = database.open();
        let jean = Said {
            id: "t1",
            number: Some("9990011966"),
            family: "Fairclough",
            given: "Jean",
            birth: "1950-08-08",
            ..MARGARET
        };
        let june = Said { id: "t2", number: None, given: "June", ..jean.clone() };
        let (jean, june) = (hears(&store, &jean), hears(&store, &june));
        assert!(!one(&store, &[jean, june]));
    });
}

#[test]
fn pseudonyms_are_never_joined() {
    on_both(|database| {
        let store = database.open();
        let samples = weft_tests::samples::of_path(&weft_tests::samples::folder().join("hes"));
        let few: Vec<Sample> = samples.into_iter().step_by(4).collect();
        let _ = weft_tests::samples::take_all(&store, &few);
        assert!(outside::number(database, "SELECT count(*) FROM person") > 10);
        assert_eq!(outside::number(database, "SELECT count(*) FROM person WHERE id <> root"), 0);
        assert_eq!(disputes(database), 0);
    });
}

/// The sets of local ids that are one person.
fn clusters(store: &Store, heard: &[(String, Uuid)]) -> std::collections::BTreeSet<std::collections::BTreeSet<String>> {
    let mut by_root = std::collections::BTreeMap::<Uuid, std::collections::BTreeSet<String>>::new();
    for (local, leaf) in heard {
        by_root.entry(root(store, *leaf)).or_default().insert(local.clone());
    }
    by_root.into_values().collect()
}

/// The demonstration's people as its feeds tell of them, each Patient a message of its own.
fn patients() -> Vec<Sample> {
    let mut seen = std::collections::BTreeSet::new();
    let mut patients = Vec::new();
    for sample in demo() {
        let Ok(mapped) = sample.reader.map(&sample.raw.bytes) else { continue };
        let merges = !mapped.merges.is_empty();
        for resource in mapped.resources.iter().filter(|resource| resource.resource_type == "Patient") {
            let feed = sample.reader.feed().id.to_string();
            if !merges && seen.insert((feed, resource.source_id.clone())) {
                patients.push(sample.clone());
            }
        }
    }
    patients
}

#[test]
fn the_order_of_arrival_does_not_decide_who_is_who() {
    let patients = patients();
    assert!(patients.len() > 20, "{}", patients.len());
    let straight = weft_tests::Database::sqlite();
    let store = straight.open();
    let expected = arrive(&store, &patients);
    assert!(expected.len() > 8 && expected.iter().any(|cluster| cluster.len() > 3), "{expected:#?}");
    property_on_both(12, &any::<u64>(), |database, seed| {
        let mut order = patients.clone();
        Seeded::new(seed).shuffle(&mut order);
        let store = database.open();
        prop_assert_eq!(arrive(&store, &order), expected.clone());
        let numbers = "SELECT count(*) FROM (SELECT p.root FROM demographic d JOIN person p ON p.id = d.person
                       WHERE d.nhs_number IS NOT NULL GROUP BY p.root HAVING count(DISTINCT d.nhs_number) > 1) x";
        prop_assert_eq!(outside::number(database, numbers), 0);
        Ok(())
    });
}

/// Takes only the Patients of these messages in, as messages of their own feed, and returns who is one person.
fn arrive(store: &Store, patients: &[Sample]) -> std::collections::BTreeSet<std::collections::BTreeSet<String>> {
    let mut heard = Vec::new();
    for (number, sample) in patients.iter().enumerate() {
        let mapped = sample.reader.map(&sample.raw.bytes).unwrap();
        for patient in mapped.resources.iter().filter(|resource| resource.resource_type == "Patient") {
            let (feed, local, when) =
                (sample.reader.feed().id.to_string(), patient.source_id.clone(), at(number as i64));
            let name = format!("{feed} {local}");
            let (value, body) = (patient.value.clone(), patient.body.clone());
            let pseudonymous = sample.reader.feed().pseudonymous;
            let leaf = store
                .write(move |write| {
                    let claim = record::person::Claim {
                        feed: &feed,
                        local: &local,
                        demographics: &record::patient::Demographics::from_patient(&value),
                        pseudonymous,
                        actor: "test",
                        at: when,
                    };
                    let leaf = record::person::PersonIndex::resolve(&*weft_tests::samples::INDEX, write, &claim)?;
                    let mut resource = store::Resource {
                        id: store::resource::resource_id(&feed, "Patient", &local),
                        version: 0,
                        person: leaf,
                        kind: "Patient".to_owned(),
                        feed: feed.clone(),
                        source_id: local.clone(),
                        as_of: when,
                        arrived: when,
                        message: Uuid::nil(),
                        hash: store::blob::sha256(body.as_bytes()),
                        seq: 0,
                        parsed: None,
                        prepared: None,
                        body: body.clone(),
                    };
                    write.put_resource(&mut resource)?;
                    Ok::<_, store::Error>(leaf)
                })
                .unwrap();
            heard.push((name, leaf));
        }
    }
    clusters(store, &heard)
}
