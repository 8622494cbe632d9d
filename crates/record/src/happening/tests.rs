//! What stands on a list and what does not.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn told(kind: &str, value: &Value) -> Option<Happening> {
    derive(kind, value, "2026-11-22T09:00:00Z".parse().unwrap())
}

fn line(kind: &str, value: &Value) -> Listed {
    match told(kind, value) {
        Some(Happening::Listed(line)) => line,
        other => panic!("{value}: {other:?}"),
    }
}

fn stay(class: &str, status: &str, end: Option<&str>) -> Value {
    let mut period = json!({ "start": "2026-11-18T10:00:00Z" });
    if let Some(end) = end {
        period["end"] = end.into();
    }
    json!({ "status": status, "class": { "code": class }, "period": period,
            "reasonCode": [{ "text": "Fall" }], "location": [{ "location": { "display": "C3" } }] })
}

#[test]
fn a_stay_is_on_one_list_at_a_time() {
    let inside = line("Encounter", &stay("IMP", "in-progress", None));
    assert_eq!(
        (inside.list, inside.reason.as_deref(), inside.by.as_deref()),
        (List::InHospital, Some("Fall"), Some("C3"))
    );
    let left = line("Encounter", &stay("IMP", "finished", Some("2026-11-21T16:00:00Z")));
    assert_eq!((left.list, left.at), (List::LeftHospital, instant("2026-11-21T16:00:00Z").unwrap()));
    for (class, status) in [("IMP", "cancelled"), ("IMP", "planned"), ("IMP", "finished"), ("IMP", "entered-in-error")]
    {
        assert_eq!(told("Encounter", &stay(class, status, None)), None, "{class} {status}");
    }
    assert_eq!(line("Encounter", &stay("EMER", "finished", None)).list, List::Emergency);
}

#[test]
fn whoever_died_did_not_come_home() {
    for (outcome, list) in [
        (json!({ "coding": [{ "code": "04", "display": "Died" }] }), List::DiedInHospital),
        (json!({ "coding": [{ "code": "exp" }] }), List::DiedInHospital),
        (json!({ "text": "Usual place of residence" }), List::LeftHospital),
        (json!({ "text": "Wife of a studied case" }), List::LeftHospital),
    ] {
        let mut stay = stay("IMP", "finished", Some("2026-11-21T16:00:00Z"));
        stay["hospitalization"] = json!({ "dischargeDisposition": outcome });
        assert_eq!(line("Encounter", &stay).list, list, "{stay}");
    }
}

#[test]
fn a_stay_without_a_beginning_is_not_lost() {
    let mut stay = stay("IMP", "in-progress", None);
    stay["period"] = json!({});
    assert_eq!(line("Encounter", &stay).at, instant("2026-11-22T09:00:00Z").unwrap());
}

#[test]
fn what_was_held_is_a_contact_and_what_was_missed_is_none() {
    let at = instant("2026-11-18T10:00:00Z").unwrap();
    assert_eq!(told("Encounter", &stay("HH", "finished", None)), Some(Happening::Contact(at)));
    assert_eq!(told("Encounter", &stay("HH", "cancelled", None)), None);
    assert_eq!(told("Encounter", &stay("HH", "unknown", None)), None);
}

#[test]
fn planned_visits_and_caseloads_go_by_craft() {
    let visit = |service: &str, who: &str| {
        let mut visit = stay("HH", "planned", None);
        visit["serviceType"] = json!({ "text": service });
        visit["participant"] = json!([{ "individual": { "display": who } }]);
        line("Encounter", &visit).list
    };
    assert_eq!(visit("District nursing", "Sister C. Sample, District nurse"), List::NursingVisit);
    assert_eq!(visit("Occupational therapy", "OT V. Sample"), List::TherapyVisit);
    assert_eq!(visit("Intermediate care at home", "Physio L. Sample, Physiotherapist"), List::TherapyVisit);
    assert_eq!(visit("Podiatry", "Podiatrist W. Test, Podiatrist"), List::Visit);
    let caseload = |status: &str| {
        json!({ "status": status, "type": [{ "text": "District nursing caseload: Leg ulcer" }],
                "period": { "start": "2026-08-12" }, "managingOrganization": { "display": "Marple district nurses" } })
    };
    let open = line("EpisodeOfCare", &caseload("active"));
    assert_eq!(
        (open.list, open.timed, open.by.as_deref()),
        (List::NursingCaseload, false, Some("Marple district nurses"))
    );
    assert_eq!(told("EpisodeOfCare", &caseload("finished")), None);
}

#[test]
fn social_care_is_known_by_its_mark() {
    let task = |status: &str, code: &str, tagged: bool| {
        let tag = if tagged { json!([{ "system": KIND_TAG, "code": "social-care" }]) } else { json!([]) };
        json!({ "meta": { "tag": tag }, "status": status, "code": { "text": code },
                "executionPeriod": { "start": "2026-05-01", "end": "2026-05-09" } })
    };
    assert_eq!(line("Task", &task("in-progress", "Review: planned", true)).list, List::CareReview);
    let held = line("Task", &task("completed", "Review: planned", true));
    assert_eq!((held.list, held.at), (List::CareReviewed, instant("2026-05-09").unwrap()));
    assert_eq!(line("Task", &task("in-progress", "Assessment", true)).list, List::CareAssessment);
    assert_eq!(told("Task", &task("completed", "Assessment", true)), None);
    assert_eq!(told("Task", &task("in-progress", "Review: planned", false)), None);
}

#[test]
fn an_appointment_that_was_cancelled_is_on_no_list() {
    let booked = |status: &str| json!({ "status": status, "start": "2026-11-22T10:10:00Z" });
    assert_eq!(line("Appointment", &booked("booked")).list, List::Appointment);
    for status in ["cancelled", "noshow", "fulfilled", "entered-in-error"] {
        assert_eq!(told("Appointment", &booked(status)), None, "{status}");
    }
}

#[test]
fn every_list_has_a_word_of_its_own() {
    for list in List::ALL {
        assert_eq!(List::from_word(list.word()), Some(list));
    }
}

proptest! {
    #[test]
    fn nothing_that_comes_stops_it(status in "\\PC{0,12}", class in "\\PC{0,6}", when in "\\PC{0,24}", odd in any::<bool>()) {
        let value = json!({ "status": status, "class": { "code": class }, "start": when,
                            "period": { "start": when, "end": when }, "type": if odd { json!({}) } else { json!([1, null]) } });
        for kind in ["Encounter", "Appointment", "EpisodeOfCare", "ServiceRequest", "Task", "DiagnosticReport", "Other"] {
            let _ = told(kind, &value);
        }
    }
}
