//! What stood before: one version, the history of a resource, the history of a type in pages.

use record::interaction::{self, History, Read};
use serde_json::json;
use store::Resource;
use weft_tests::api::{Api, refusal};
use weft_tests::{at, on_both};

use super::{condition, margaret, with_id};

fn words(versions: &[Resource]) -> Vec<(i64, bool)> {
    versions.iter().map(|version| (version.version, version.is_deleted())).collect()
}

#[test]
fn every_version_stands_and_a_deletion_is_one() {
    on_both(|database| {
        let api = Api::of(database.open());
        let mut patient = with_id(margaret(), "m-1");
        api.put(&patient, None).unwrap();
        patient["address"][0]["city"] = json!("Romiley");
        api.put(&patient, None).unwrap();
        api.delete("Patient", "m-1", None).unwrap();
        api.put(&patient, None).unwrap();
        let history = api.history("Patient", "m-1").unwrap();
        assert_eq!(words(&history.versions), [(4, false), (3, true), (2, false), (1, false)]);
        assert!(api.history("Patient", "nobody").is_none());
        assert!(api.history("Observation", "m-1").is_none());
        let version =
            |number| api.look(|tx, scope| Ok(interaction::vread(tx, scope, "Patient", "m-1", number)?)).unwrap();
        assert!(matches!(version(1), Read::Found(one) if one.body.contains("Marple")));
        assert!(matches!(version(3), Read::Gone { version: 3, .. }));
        assert!(matches!(version(5), Read::Unknown));
        let since = |from| {
            let all =
                api.look(|tx, scope| interaction::history(tx, scope, "Patient", Some("m-1"), Some(from), 50, None));
            words(&all.unwrap().unwrap().versions)
        };
        assert_eq!(since(history.versions[1].arrived), [(4, false), (3, true)]);
        assert_eq!(since(at(1_000_000)), []);
    });
}

#[test]
fn the_history_of_a_type_comes_in_pages_without_a_gap() {
    on_both(|database| {
        let api = Api::of(database.open());
        api.put(&with_id(margaret(), "m-1"), None).unwrap();
        for number in 0..7 {
            let mut gout = with_id(condition("Patient/m-1", "Gout"), &format!("c-{number}"));
            api.put(&gout, None).unwrap();
            gout["code"]["text"] = json!("Gout of the toe");
            api.put(&gout, None).unwrap();
        }
        api.delete("Condition", "c-3", None).unwrap();
        let page = |cursor: Option<String>| -> History {
            let asked =
                api.look(|tx, scope| interaction::history(tx, scope, "Condition", None, None, 4, cursor.as_deref()));
            asked.unwrap().unwrap()
        };
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let one = page(cursor.take());
            assert!(one.versions.len() <= 4);
            seen.extend(one.versions);
            pages += 1;
            cursor = one.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!((pages, seen.len()), (4, 15));
        assert!(seen[0].is_deleted() && seen[0].source_id == "c-3");
        assert!(seen.is_sorted_by(|one, next| one.arrived >= next.arrived));
        let bad = api.look(|tx, scope| interaction::history(tx, scope, "Condition", None, None, 4, Some("nonsense")));
        assert_eq!(refusal(bad).0, 400);
    });
}
