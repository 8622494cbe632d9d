//! `$validate`: whether a resource keeps to R4's own definitions, sent or stored, without anything being kept. The answer is
//! 200 whatever is found: the question was answered.

use fhir::issue::{Code, Issue, Severity};
use record::interaction::{Body, Read};
use serde_json::Value;

use super::answer::{Answer, Refusal};
use super::asked::Asked;
use super::read::{gone, stored as standing};
use super::wish::{Sent, sent as is_sent};

/// `POST /fhir/{type}/$validate` and `POST /fhir/{type}/{id}/$validate`: the resource, alone or in Parameters.
pub(super) async fn sent(asked: Asked<'_>, kind: &str, id: Option<&str>) -> Result<Answer, Refusal> {
    asked.only_parameters(&["mode", "profile"])?;
    refuse_profile(&asked)?;
    is_sent(asked.headers, Sent::Json)?;
    let body = match Body::parse(&asked.body) {
        Ok(body) => body,
        // Broken JSON is an answer to the question, too.
        Err(refusal) => return Ok(Answer::outcome(axum::http::StatusCode::OK, &refusal.issues)),
    };
    let (resource, mode) = wanted(body.value())?;
    let mode = mode.or(asked.parameter("mode")?);
    if let Some(mode) = mode.filter(|mode| !["create", "update", "delete"].contains(mode)) {
        let shown: String = mode.chars().filter(|letter| !letter.is_control()).take(40).collect();
        return Err(Refusal::bad(
            Code::NotSupported,
            format!("mode is create, update or delete, not \u{201c}{shown}\u{201d}."),
        ));
    }
    let mut issues = Vec::new();
    let said = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    if said != kind {
        let words = format!("The resource should be a {kind}, as the address says.");
        issues.push(Issue::error(Code::Invalid, words).at("resourceType"));
    }
    if let Some(id) = id.filter(|id| resource.get("id").and_then(Value::as_str) != Some(*id)) {
        let words = format!("The resource should have the id of the address, {id}.");
        issues.push(Issue::error(Code::Value, words).at("id"));
    }
    issues.extend(fhir::validate::resource(resource));
    Ok(told(issues))
}

/// `GET /fhir/{type}/{id}/$validate`: what is stored.
pub(super) async fn stored(asked: Asked<'_>, kind: String, id: String) -> Result<Answer, Refusal> {
    asked.only_parameters(&["profile"])?;
    refuse_profile(&asked)?;
    match standing(&asked, kind.clone(), id).await? {
        Read::Found(resource) => Ok(told(fhir::validate::resource(resource.json()?.as_ref()))),
        Read::Gone { version, at } => Err(gone(&kind, version, at)),
        Read::Unknown => Err(Refusal::not_found(&kind)),
    }
}

fn refuse_profile(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.parameters.iter().any(|(name, _)| name == "profile") {
        return Err(Refusal::bad(
            Code::NotSupported,
            "Resources are held against base R4 only; validation against a profile is not built yet.",
        ));
    }
    Ok(())
}

/// The resource to look at, and the mode, where they came as Parameters.
fn wanted(sent: &Value) -> Result<(&Value, Option<&str>), Refusal> {
    if sent.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
        return Ok((sent, None));
    }
    let items = sent.get("parameter").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let named = |name: &str| items.iter().find(|item| item.get("name").and_then(Value::as_str) == Some(name));
    if named("profile").is_some() {
        return Err(Refusal::bad(
            Code::NotSupported,
            "Resources are held against base R4 only; validation against a profile is not built yet.",
        ));
    }
    let mode = named("mode").and_then(|item| item.get("valueCode")).and_then(Value::as_str);
    match named("resource").and_then(|item| item.get("resource")) {
        Some(resource) => Ok((resource, mode)),
        None => Err(Refusal::bad(
            Code::Required,
            "Parameters of $validate need a parameter named resource, with the resource in it.",
        )),
    }
}

fn told(mut issues: Vec<Issue>) -> Answer {
    if issues.is_empty() {
        issues.push(Issue {
            severity: Severity::Information,
            code: Code::Informational,
            words: "Nothing is wrong: the resource keeps to FHIR R4 as far as it is checked here.".to_owned(),
            at: None,
        });
    }
    Answer::outcome(axum::http::StatusCode::OK, &issues)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resource_comes_alone_or_in_parameters() {
        let patient = json!({"resourceType": "Patient"});
        assert_eq!(wanted(&patient).unwrap(), (&patient, None));
        let sent = json!({"resourceType": "Parameters", "parameter": [
            {"name": "mode", "valueCode": "create"}, {"name": "resource", "resource": patient}
        ]});
        assert_eq!(wanted(&sent).unwrap(), (&patient, Some("create")));
        assert!(wanted(&json!({"resourceType": "Parameters"})).is_err());
        assert!(wanted(&json!({"resourceType": "Parameters", "parameter": [{"name": "profile"}]})).is_err());
    }
}
