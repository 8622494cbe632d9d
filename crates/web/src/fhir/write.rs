//! Create, update, patch, delete, their conditional forms, and Bundles of them: read here, prepared off the writer's thread,
//! written by the record in one transaction. Must not answer before the commit is on the disk, and does not.

use access::Action;
use axum::http::{StatusCode, header};
use fhir::issue::{Code, Issue, Severity};
use fhir::query::Query;
use record::interaction::{self, Body, Content, Do, Done, Door, Failed, Prepared, Request, Task, Which, served};
use store::Troubled as _;
use uuid::Uuid;

use super::answer::{Answer, Refusal, told as outcome};
use super::asked::Asked;
use super::bundle::{Bundle, Entry, Kind, Response};
use super::form::pairs;
use super::search;
use super::wish::{Return, Sent, etag, http_date, if_match, sent};

/// Bodies up to here are prepared at once; larger ones on a thread that may take its time.
const SMALL: usize = 16 * 1024;

/// `POST /fhir/{type}`, with `If-None-Exist` where it is conditional.
pub(super) async fn create(asked: Asked<'_>, kind: String) -> Result<Answer, Refusal> {
    asked.only_parameters(&[])?;
    sent(asked.headers, Sent::Json)?;
    let if_none_exist = match asked.headers.get("if-none-exist") {
        None => None,
        Some(words) => {
            let words = words.to_str().unwrap_or_default();
            let parameters =
                pairs(words.trim_start_matches('?')).map_err(|issue| Refusal::new(StatusCode::BAD_REQUEST, issue))?;
            Some(Box::new(search::query(&asked, &kind, &parameters)?))
        }
    };
    let body = Body::parse(&asked.body)?;
    one(&asked, Task { interaction: Do::Create { if_none_exist }, kind, body: Some(body), full_url: None }).await
}

/// `PUT /fhir/{type}/{id}`, or `PUT /fhir/{type}?...`.
pub(super) async fn update(asked: Asked<'_>, kind: String, id: Option<String>) -> Result<Answer, Refusal> {
    sent(asked.headers, Sent::Json)?;
    let which = which(&asked, &kind, id)?;
    let if_match = condition(&asked)?;
    let body = Body::parse(&asked.body)?;
    one(&asked, Task { interaction: Do::Update { which, if_match }, kind, body: Some(body), full_url: None }).await
}

/// `PATCH /fhir/{type}/{id}`, or `PATCH /fhir/{type}?...`.
pub(super) async fn patch(asked: Asked<'_>, kind: String, id: Option<String>) -> Result<Answer, Refusal> {
    sent(asked.headers, Sent::Patch)?;
    let which = which(&asked, &kind, id)?;
    let if_match = condition(&asked)?;
    let patch = serde_json::from_slice(&asked.body).map_err(|error| {
        let words = format!("The patch is not JSON (line {}, column {}).", error.line(), error.column());
        Refusal::bad(Code::Structure, words)
    })?;
    one(&asked, Task { interaction: Do::Patch { which, patch, if_match }, kind, body: None, full_url: None }).await
}

/// `DELETE /fhir/{type}/{id}`, or `DELETE /fhir/{type}?...`.
pub(super) async fn delete(asked: Asked<'_>, kind: String, id: Option<String>) -> Result<Answer, Refusal> {
    let which = which(&asked, &kind, id)?;
    let if_match = condition(&asked)?;
    one(&asked, Task { interaction: Do::Delete { which, if_match }, kind, body: None, full_url: None }).await
}

/// `POST /fhir`: a transaction or a batch.
pub(super) async fn bundle(asked: Asked<'_>) -> Result<Answer, Refusal> {
    asked.only_parameters(&[])?;
    sent(asked.headers, Sent::Json)?;
    let raw = asked.body.clone();
    let (whole, done) = perform(&asked, asked.body.len(), move |door| Request::bundle(&raw, door)).await?;
    Ok(Answer::of(responses(&asked, whole, &done)))
}

fn which(asked: &Asked<'_>, kind: &str, id: Option<String>) -> Result<Which, Refusal> {
    if let Some(id) = id {
        asked.only_parameters(&[])?;
        return Ok(Which::Id(id));
    }
    if asked.parameters.is_empty() {
        let words =
            format!("Say which {kind} is meant: by its id in the address, or by a search after a question mark.");
        return Err(Refusal::bad(Code::Required, words));
    }
    let query: Query = search::query(asked, kind, &asked.parameters)?;
    Ok(Which::Matching(Box::new(query)))
}

/// `If-Match`; `If-None-Match` on a write has no meaning here, and is refused before it is passed over.
fn condition(asked: &Asked<'_>) -> Result<Option<i64>, Refusal> {
    if asked.headers.contains_key(header::IF_NONE_MATCH) {
        let words =
            "If-None-Match is a condition of reads. Create with POST and If-None-Exist, or update with If-Match.";
        return Err(Refusal::bad(Code::NotSupported, words));
    }
    if_match(asked.headers)
}

async fn one(asked: &Asked<'_>, task: Task) -> Result<Answer, Refusal> {
    let raw = asked.body.clone();
    let (_, done) = perform(asked, raw.len(), move |_| Ok(Request::one(task, &raw))).await?;
    match done.into_iter().next() {
        Some(done) => told(asked, done),
        None => Err(Refusal::broken("a write was done and has no outcome")),
    }
}

/// Prepares and does; what came of each task, and whether it was a transaction.
async fn perform(
    asked: &Asked<'_>,
    size: usize,
    make: impl FnOnce(&Door) -> Result<Request, Failed> + Send + 'static,
) -> Result<(bool, Vec<Done>), Refusal> {
    let scope = asked.scope()?;
    let door = door(asked);
    let at_door = door.clone();
    let prepare = move || {
        let request = make(&at_door)?;
        let whole = request.is_whole();
        Ok::<_, Failed>((whole, Prepared::of(request, &at_door)?))
    };
    let (whole, prepared) = if size <= SMALL {
        prepare()?
    } else {
        let fault = |_| Refusal::broken("preparing a write stopped on a fault of the program");
        tokio::task::spawn_blocking(prepare).await.map_err(fault)??
    };
    if prepared.reads_only() {
        let sealed = asked.read(false, move |tx| interaction::answer(tx, &scope, &prepared)).await?;
        return Ok((whole, asked.open(Action::ReadRecord, sealed).await?));
    }
    let written =
        asked.state.parts().store.write_async(move |write| interaction::apply(write, &door, &scope, &prepared));
    let sealed = written.await.inspect_err(|failed| {
        if let Some(error) = failed.trouble() {
            tracing::warn!(%error, "a write by the FHIR API could not be stored");
        }
    })?;
    Ok((whole, asked.open(Action::WriteRecord, sealed).await?))
}

fn door(asked: &Asked<'_>) -> Door {
    let mut bytes = [0; 16];
    (asked.state.parts().randomness)(&mut bytes);
    Door {
        subject: asked.who.subject.clone(),
        purpose: asked.who.purpose(),
        at: asked.who.at,
        seed: Uuid::from_bytes(bytes),
        base: asked.base.clone(),
        index: asked.state.parts().index.clone(),
        limits: asked.state.limits(),
        client_ids: asked.state.parts().client_ids,
    }
}

/// The answer to one write.
fn told(asked: &Asked<'_>, done: Done) -> Result<Answer, Refusal> {
    let status = StatusCode::from_u16(done.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_client_error() || status.is_server_error() {
        return Err(Refusal::of(status, done.issues));
    }
    let gone = status == StatusCode::NO_CONTENT;
    let (status, body) = match asked.wish.returning {
        Some(Return::Outcome) => {
            // 204 has no body by definition; an outcome makes it 200.
            let status = if gone { StatusCode::OK } else { status };
            (status, outcome(&[said(&done)]))
        }
        Some(Return::Minimal) => (status, String::new()),
        Some(Return::Representation) | None => (status, resource(&done).unwrap_or_default()),
    };
    let mut answer = Answer::with(status, body);
    if let Some((version, updated)) = done.version {
        answer = answer.header(header::ETAG, &etag(version)).header(header::LAST_MODIFIED, &http_date(updated));
        if let (Some(id), StatusCode::CREATED) = (&done.id, status) {
            let location = format!("{}/_history/{version}", asked.url_of(&done.kind, id));
            answer = answer.header(header::LOCATION, &location);
        }
    }
    Ok(answer)
}

fn resource(done: &Done) -> Option<String> {
    match &done.content {
        Content::Resource(resource) if !resource.is_deleted() => Some(served(resource)),
        _ => None,
    }
}

/// What was done, in a sentence.
fn said(done: &Done) -> Issue {
    let what = match done.status {
        201 => "was created",
        204 => "was deleted",
        _ => "stands as it should",
    };
    let version = done.version.map_or_else(String::new, |(version, _)| format!(", version {version}"));
    let id = done.id.as_deref().map_or_else(String::new, |id| format!("/{id}"));
    let words = format!("{}{id} {what}{version}.", done.kind);
    Issue { severity: Severity::Information, code: Code::Informational, words, at: None }
}

/// The Bundle that answers a Bundle: an entry for each, in their order. Resources that were written come back where they
/// were asked for (`Prefer: return=representation`); what was read always does.
fn responses(asked: &Asked<'_>, whole: bool, done: &[Done]) -> String {
    let kind = if whole { Kind::TransactionResponse } else { Kind::BatchResponse };
    let mut bundle = Bundle::begin(kind, asked.who.at, None, &[]);
    for one in done {
        let status = StatusCode::from_u16(one.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let words = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
        let url = one.id.as_deref().map(|id| asked.url_of(&one.kind, id));
        let location = match (&one.id, one.version) {
            (Some(id), Some((version, _))) if status.is_success() => {
                Some(format!("{}/{id}/_history/{version}", one.kind))
            }
            _ => None,
        };
        let shown = match &one.content {
            Content::Page { query, found } => Some(search::written(asked, query, found)),
            Content::Resource(_) if one.was_read || asked.wish.returning == Some(Return::Representation) => {
                resource(one)
            }
            _ => None,
        };
        let told = match asked.wish.returning {
            _ if !one.issues.is_empty() => Some(outcome(&one.issues)),
            Some(Return::Outcome) => Some(outcome(&[said(one)])),
            _ => None,
        };
        bundle.add(&Entry {
            full_url: url.as_deref().filter(|_| shown.is_some()),
            resource: shown.as_deref(),
            response: Some(Response {
                status: &words,
                location: location.as_deref(),
                version: one.version.map(|(version, _)| version),
                updated: one.version.map(|(_, updated)| updated),
                outcome: told.as_deref(),
            }),
            ..Entry::default()
        });
    }
    bundle.end()
}
