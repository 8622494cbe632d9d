//! Alerts: what a reader must know before anything else (FHIR Flag).

use serde_json::Value;

use super::draft::{concepts_at, until};
use super::{Fact, Kind};

pub(super) fn flag(value: &Value) -> Fact {
    Fact::coded(Kind::Alert, value.get("code"), "Alert with no text")
        .when(value, &["period.start"])
        .by(value, &["author"])
        .status(value, "status", &["active"])
        .detail([concepts_at(value, "category"), until(value, "period.end")])
}
