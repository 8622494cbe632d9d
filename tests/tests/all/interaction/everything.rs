//! `$everything`: all sources of one person, and the directory they point at.

use access::Role;
use record::interaction::{self, Everything};
use serde_json::{Value, json};
use weft_tests::api::{Api, id, sent};
use weft_tests::people::{MARGARET, bundle as message};
use weft_tests::samples::{reader, take};
use weft_tests::{at, on_both};

use super::{condition, margaret};

fn kinds(found: &[store::Resource]) -> Vec<&str> {
    let mut kinds: Vec<&str> = found.iter().map(|one| one.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

/// Margaret by the practice's feed with a doctor, and by the API with a condition; who she is by the API.
fn told(api: &Api) -> String {
    let mut asthma = condition("Patient/m1", "Asthma");
    asthma["id"] = json!("c1");
    asthma["onsetDateTime"] = json!("2011-05-31");
    asthma["recorder"] = json!({"reference": "Practitioner/p1"});
    let doctor = json!({"resourceType": "Practitioner", "id": "p1", "name": [{"family": "Shah"}]});
    let other = json!({"resourceType": "Practitioner", "id": "p2", "name": [{"family": "Other"}]});
    let _ = take(&api.store, &reader("gp"), &message("1", &[MARGARET.patient(), asthma, doctor, other]), at(0));
    let patient = api.create(&margaret()).unwrap();
    let mut gout = condition(&format!("Patient/{}", id(&patient)), "Gout");
    gout["onsetDateTime"] = json!("2025-01-01");
    api.create(&gout).unwrap();
    id(&patient)
}

#[test]
fn all_sources_of_one_person_and_whom_they_point_at() {
    on_both(|database| {
        let api = Api::of(database.open());
        let patient = told(&api);
        let found = api.everything(&patient).unwrap();
        assert_eq!(kinds(&found.resources), ["Condition", "Condition", "Patient", "Patient"]);
        assert_eq!(kinds(&found.included), ["Practitioner"]);
        // Every reference of the feed leads to what is there under the API's ids.
        let asthma = found.resources.iter().find(|one| one.feed == "gp" && one.kind == "Condition").unwrap();
        let shown = sent(asthma);
        for element in ["subject", "recorder"] {
            let (kind, to) = shown[element]["reference"].as_str().unwrap().split_once('/').unwrap();
            assert_eq!(api.shown(kind, to)["resourceType"], kind);
        }
        assert_eq!(api.shown("Condition", shown["id"].as_str().unwrap()), shown);
        assert!(api.everything("nobody").is_none());
        let page = |ask: Everything| {
            let found = api.look(|tx, scope| interaction::everything(tx, scope, &patient, &ask)).unwrap().unwrap();
            (found.resources.len(), found.next)
        };
        let only = |kind: &str| Everything { kinds: vec![kind.to_owned()], ..Everything::default() };
        assert_eq!(page(only("Condition")), (2, None));
        assert_eq!(
            page(Everything { since: Some(at(0) + jiff::SignedDuration::from_millis(1)), ..Everything::default() }).0,
            2
        );
        let in_2025 = Everything { within: Some((1_735_600_000_000_000, 1_767_200_000_000_000)), ..only("Condition") };
        assert_eq!(page(in_2025), (1, None));
        let (first, next) = page(Everything { count: Some(3), ..Everything::default() });
        let (second, end) = page(Everything { count: Some(3), cursor: next, ..Everything::default() });
        assert_eq!((first, second, end), (3, 1, None));
    });
}

#[test]
fn everything_leaves_out_what_the_role_may_not_see() {
    on_both(|database| {
        let api = Api::of(database.open());
        let patient = told(&api);
        let subject = format!("Patient/{patient}");
        let mut sodium: Value = json!({"resourceType": "Observation", "status": "final", "code": {"text": "Sodium"}});
        sodium["subject"] = json!({"reference": subject});
        api.create(&sodium).unwrap();
        assert!(kinds(&api.everything(&patient).unwrap().resources).contains(&"Observation"));
        let worker = Api::over(&api.store, Role::SocialWorker).acting_for("neighbourhood:marple");
        let found = worker.everything(&patient).unwrap();
        assert_eq!(kinds(&found.resources), ["Condition", "Condition", "Patient", "Patient"]);
        let manager = Api::over(&api.store, Role::CareHomeManager);
        assert!(manager.everything(&patient).is_none(), "nobody of their home");
    });
}
