//! `Patient/$match`: who a set of demographics may mean, with how sure the record is of each.

use access::Action;
use axum::http::StatusCode;
use fhir::issue::{Code, Issue};
use record::interaction::{self, Body, logical_id, served};
use serde_json::Value;

use super::answer::{Answer, Refusal};
use super::asked::Asked;
use super::bundle::{Bundle, Entry, Kind, Search};
use super::wish::{Sent, sent};

/// The most that are shown where it is not said, and at all.
const SHOWN: u32 = 10;
const MOST: u32 = 100;

/// What was sent, understood.
#[derive(Debug)]
struct Wanted {
    patient: Value,
    only_certain: bool,
    count: u32,
}

/// `POST /fhir/Patient/$match`.
pub(super) async fn people(asked: Asked<'_>) -> Result<Answer, Refusal> {
    asked.only_parameters(&[])?;
    sent(asked.headers, Sent::Json)?;
    let body = Body::parse(&asked.body)?;
    let wanted = wanted(body.value())?;
    let scope = asked.scope()?;
    let index = asked.state.parts().index.clone();
    let sealed = asked
        .read(false, move |tx| {
            interaction::matching(tx, index.as_ref(), &scope, &wanted.patient, wanted.only_certain, wanted.count)
        })
        .await?;
    let matches = asked.open(Action::FindPeople, sealed).await?;
    let this = format!("{}/Patient/$match", asked.base);
    let total = u64::try_from(matches.len()).ok();
    let mut bundle = Bundle::begin(Kind::Searchset, asked.who.at, total, &[("self", &this)]);
    for found in &matches {
        let url = asked.url_of("Patient", &logical_id(&found.resource));
        let body = served(&found.resource);
        let search =
            Search { mode: "match", score: Some(f64::from(found.score) / 100.0), grade: Some(found.grade.word()) };
        bundle.add(&Entry { full_url: Some(&url), resource: Some(&body), search: Some(search), ..Entry::default() });
    }
    Ok(Answer::of(bundle.end()))
}

fn wanted(sent: &Value) -> Result<Wanted, Refusal> {
    let bad = |words: String, at: &str| {
        Refusal::new(StatusCode::BAD_REQUEST, Issue::error(Code::Structure, words).at(at.to_owned()))
    };
    if sent.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
        let words = "Send a Parameters resource: resource (a Patient), onlyCertainMatches and count.";
        return Err(bad(words.to_owned(), "resourceType"));
    }
    let mut wanted = Wanted { patient: Value::Null, only_certain: false, count: SHOWN };
    let items = sent.get("parameter").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, item) in items.iter().enumerate() {
        let at = format!("Parameters.parameter[{index}]");
        match item.get("name").and_then(Value::as_str) {
            Some("resource") => match item.get("resource") {
                Some(patient) if patient.get("resourceType").and_then(Value::as_str) == Some("Patient") => {
                    wanted.patient = patient.clone();
                }
                _ => return Err(bad("The parameter resource holds a Patient.".to_owned(), &at)),
            },
            Some("onlyCertainMatches") => match item.get("valueBoolean").and_then(Value::as_bool) {
                Some(only) => wanted.only_certain = only,
                None => return Err(bad("onlyCertainMatches has a valueBoolean.".to_owned(), &at)),
            },
            Some("count") => {
                let count =
                    item.get("valueInteger").and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok());
                match count.filter(|count| (1..=MOST).contains(count)) {
                    Some(count) => wanted.count = count,
                    None => return Err(bad(format!("count has a valueInteger from 1 to {MOST}."), &at)),
                }
            }
            _ => {
                return Err(bad("$match takes the parameters resource, onlyCertainMatches and count.".to_owned(), &at));
            }
        }
    }
    if wanted.patient.is_null() {
        return Err(bad("There is no parameter resource with a Patient in it.".to_owned(), "Parameters.parameter"));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_are_read_or_refused_with_their_place() {
        let patient = json!({"name": "resource", "resource": {"resourceType": "Patient"}});
        let of = |items: Value| wanted(&json!({"resourceType": "Parameters", "parameter": items}));
        let read = of(json!([patient, {"name": "onlyCertainMatches", "valueBoolean": true}, {"name": "count", "valueInteger": 3}])).unwrap();
        assert_eq!((read.only_certain, read.count), (true, 3));
        for (items, place) in [
            (json!([]), "Parameters.parameter"),
            (json!([{"name": "resource", "resource": {"resourceType": "Person"}}]), "Parameters.parameter[0]"),
            (json!([patient, {"name": "count", "valueInteger": 0}]), "Parameters.parameter[1]"),
            (json!([patient, {"name": "sure", "valueBoolean": true}]), "Parameters.parameter[1]"),
        ] {
            assert_eq!(of(items).unwrap_err().issues[0].at.as_deref(), Some(place));
        }
        assert!(wanted(&json!({"resourceType": "Patient"})).is_err());
    }
}
