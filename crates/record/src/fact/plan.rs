//! Plans, their goals, and wishes recorded in advance (CarePlan, Goal, Consent).

use serde_json::Value;

use super::draft::{all_at, concept_at, concepts_at, displays_at, joined, notes, plain_status, until};
use super::{Fact, Kind};
use crate::resource::{code, concept_text, has_code, plain_date, text};

pub(super) fn care_plan(value: &Value) -> Fact {
    let category = value.get("category").and_then(|categories| categories.get(0));
    let mut fact = Fact::coded(Kind::Plan, category, "Care plan");
    let mut sort = None;
    if let Some(title) = text(value, "title") {
        sort = category.and_then(concept_text);
        fact.title = title.to_owned();
    }
    let activities = all_at(value, "activity.detail").into_iter().filter_map(|detail| {
        text(detail, "description").map(str::to_owned).or_else(|| detail.get("code").and_then(concept_text))
    });
    let activities = joined(activities, ", ");
    fact.when(value, &["period.start", "created"])
        .by(value, &["author", "contributor"])
        .status(value, "status", &["active", "on-hold"])
        .detail([
            sort,
            text(value, "description").map(str::to_owned),
            activities,
            until(value, "period.end"),
            notes(value),
        ])
}

pub(super) fn goal(value: &Value) -> Fact {
    let achieved = value.get("achievementStatus").and_then(code).map(plain_status);
    let due = all_at(value, "target").into_iter().find_map(|target| text(target, "dueDate"));
    Fact::coded(Kind::Plan, value.get("description"), "Goal with no text")
        .when(value, &["startDate", "statusDate"])
        .by(value, &["expressedBy"])
        .status(value, "lifecycleStatus", &["proposed", "planned", "accepted", "active", "on-hold"])
        .detail([
            Some("Goal".to_owned()),
            achieved,
            due.map(|due| format!("by {}", plain_date(due))),
            displays_at(value, "addresses"),
            notes(value),
        ])
}

pub(super) fn consent(value: &Value) -> Fact {
    let scope = value.get("scope");
    // A decision in advance of treatment is a plan; a choice about sharing is not.
    let kind = if scope.is_some_and(|scope| has_code(scope, "adr") || has_code(scope, "treatment")) {
        Kind::Plan
    } else {
        Kind::Other
    };
    let category = value.get("category").and_then(|categories| categories.get(0));
    Fact::coded(kind, category.or(scope), "Consent")
        .when(value, &["dateTime", "provision.period.start"])
        .by(value, &["performer", "organization"])
        .status(value, "status", &["active"])
        .detail([
            concept_at(value, "scope"),
            text(value.get("provision").unwrap_or(&Value::Null), "type").map(plain_status),
            concepts_at(value, "policyRule"),
        ])
}
