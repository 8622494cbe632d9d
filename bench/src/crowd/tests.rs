//! The crowd is the same every time, sound, and of the size that real records have.

use std::collections::HashSet;

use super::*;

#[test]
fn the_same_crowd_every_time() {
    let text = || Crowd::of(3, 50).unwrap().map(|(_, entries)| bundle(&entries)).collect::<String>();
    assert_eq!(text(), text());
}

#[test]
fn every_resource_is_json_of_a_usual_size_with_an_id_of_its_own() {
    let mut ids = HashSet::new();
    let (mut count, mut bytes) = (0, 0);
    for (person, entries) in Crowd::of(40, 50).unwrap() {
        assert_eq!(entries.len(), 50);
        assert!(person.nhs_number.as_str().starts_with("999"));
        for entry in &entries {
            let value: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
            assert_eq!(value["resourceType"], entry.kind);
            assert_eq!(value["id"], entry.id.as_str());
            assert!(ids.insert(entry.id.clone()));
            assert!((500..2_000).contains(&entry.body.len()), "{} bytes: {}", entry.body.len(), entry.body);
            (count, bytes) = (count + 1, bytes + entry.body.len());
        }
        let whole: serde_json::Value = serde_json::from_str(&bundle(&entries)).unwrap();
        assert_eq!(whole["entry"].as_array().unwrap().len(), 50);
    }
    assert!((700..1_200).contains(&(bytes / count)), "{} bytes on average", bytes / count);
}

#[test]
fn all_kinds_are_there_even_in_a_small_record() {
    let (_, entries) = Crowd::of(1, 25).unwrap().next().unwrap();
    let kinds: HashSet<&str> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds.len(), 9, "{kinds:?}");
}
