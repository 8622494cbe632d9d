//! Read and vread: the path that has to be quickest. One row by its key, the look, and the text with its id, version and time
//! put in; nothing is parsed.

use access::Action;
use axum::http::{StatusCode, header};
use fhir::issue::{Code, Issue};
use record::interaction::{self, Read};
use store::Resource;

use super::answer::{Answer, Refusal};
use super::asked::Asked;
use super::wish::{etag, has_it, http_date};

/// `GET /fhir/{type}/{id}`.
pub(super) async fn current(asked: Asked<'_>, kind: String, id: String) -> Result<Answer, Refusal> {
    asked.only_parameters(&["_summary", "_elements"])?;
    let found = stored(&asked, kind.clone(), id).await?;
    shown(&asked, &kind, found, true)
}

/// What stands under an id, opened.
pub(super) async fn stored(asked: &Asked<'_>, kind: String, id: String) -> Result<Read, Refusal> {
    let scope = asked.scope()?;
    let sealed = asked.read(true, move |tx| interaction::read(tx, &scope, &kind, &id)).await?;
    asked.open(Action::ReadRecord, sealed).await
}

/// `GET /fhir/{type}/{id}/_history/{version}`.
pub(super) async fn version(asked: Asked<'_>, kind: String, id: String, version: &str) -> Result<Answer, Refusal> {
    asked.only_parameters(&["_summary", "_elements"])?;
    let Some(number) = version.parse::<i64>().ok().filter(|number| *number > 0) else {
        return Err(Refusal::not_found(&kind));
    };
    let scope = asked.scope()?;
    let of = kind.clone();
    let sealed = asked.read(true, move |tx| interaction::vread(tx, &scope, &of, &id, number)).await?;
    let found = asked.open(Action::ReadRecord, sealed).await?;
    shown(&asked, &kind, found, false)
}

fn shown(asked: &Asked<'_>, kind: &str, found: Read, conditional: bool) -> Result<Answer, Refusal> {
    match found {
        Read::Found(resource) => {
            if conditional && has_it(asked.headers, resource.version, resource.arrived) {
                return Ok(versioned(Answer::with(StatusCode::NOT_MODIFIED, String::new()), &resource));
            }
            let part = asked.part()?;
            Ok(versioned(Answer::of(part.of(&resource)), &resource))
        }
        Read::Gone { version, at } => Err(gone(kind, version, at)),
        Read::Unknown => Err(Refusal::not_found(kind)),
    }
}

/// 410: it was deleted.
pub(super) fn gone(kind: &str, version: i64, at: jiff::Timestamp) -> Refusal {
    let words = format!(
        "This {kind} was deleted on {} (version {version}). Its history still stands at /_history.",
        http_date(at)
    );
    Refusal::new(StatusCode::GONE, Issue::error(Code::Deleted, words))
}

/// The headers that say which version it is.
pub(super) fn versioned(answer: Answer, resource: &Resource) -> Answer {
    answer.header(header::ETAG, &etag(resource.version)).header(header::LAST_MODIFIED, &http_date(resource.arrived))
}
