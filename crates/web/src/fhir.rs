//! The FHIR R4 API under `/fhir`: addresses and headers in, FHIR JSON out. What is read, searched and written is the record's
//! (`record::interaction`, `record::search`); what R4 says is the `fhir` crate's; who may is the gate's. This module turns one
//! into the other and decides nothing of its own. No part of an address or a body is ever logged: both may name a person.

mod address;
mod answer;
mod ask;
mod asked;
mod audit;
mod body;
mod bundle;
mod caller;
mod capability;
mod everything;
mod form;
mod history;
mod matching;
mod message;
mod read;
mod search;
mod validate;
mod wish;
mod write;

use axum::extract::{Request, State as Shared};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fhir::issue::{Code, Issue};

use crate::app::State;
use crate::desk;
use crate::session::Who;
pub use address::ADDRESSES;
use address::{Interaction, Nothing};
use answer::{Answer, Refusal};
use asked::Asked;
use wish::Wish;

/// `GET /fhir`: the page for people, unless a program asks, by asking for JSON or searching.
pub(crate) async fn front(
    Shared(state): Shared<State>,
    who: Result<Who, crate::app::Trouble>,
    request: Request,
) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || request.uri().query().is_some() || (accept.contains("json") && !accept.contains("text/html")) {
        return answer(Shared(state), request).await;
    }
    let base = asked::base(request.headers());
    desk::api::page(&state, who, base).into_response()
}

/// A handler that panics is a fault of ours, and told as one.
pub(crate) async fn steady(request: Request, next: axum::middleware::Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            Refusal::broken("a request of the FHIR API stopped on a fault of the program").answer().dressed(false)
        }
    }
}

/// Everything else under `/fhir`.
pub(crate) async fn answer(Shared(state): Shared<State>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut parameters = match form::pairs(parts.uri.query().unwrap_or_default()) {
        Ok(parameters) => parameters,
        Err(issue) => return Refusal::new(StatusCode::BAD_REQUEST, issue).answer().dressed(false),
    };
    let wish = match Wish::take(&parts.headers, &mut parameters) {
        Ok(wish) => wish,
        Err(refusal) => {
            body::drain(body).await;
            return refusal.answer().dressed(false);
        }
    };
    // Read to its end before anything is refused, so that the sender is still there to hear why.
    let sent = body::whole(body).await;
    let mut word = "none";
    let told = async {
        let interaction =
            address::read(&parts.method, parts.uri.path(), fhir::definitions::is_resource).map_err(nothing)?;
        word = interaction.word();
        let base = asked::base(&parts.headers);
        if interaction == Interaction::Capabilities {
            return capability::statement(&base, state.parts().client_ids);
        }
        let who = caller::caller(&state, &parts.method, &parts.headers).await?;
        let asked = Asked { state: &state, who, base, headers: &parts.headers, wish, parameters, body: sent? };
        interact(asked, interaction, &parts.method).await
    };
    let mut response = told.await.unwrap_or_else(Refusal::answer).dressed(wish.pretty);
    // What was asked for and how it ended; never the address, which may name somebody.
    tracing::debug!(fhir.interaction = word, status = response.status().as_u16(), "a FHIR request was answered");
    if parts.method == Method::HEAD {
        *response.body_mut() = axum::body::Body::empty();
    }
    response
}

async fn interact(asked: Asked<'_>, interaction: Interaction, method: &Method) -> Result<Answer, Refusal> {
    if *method != Method::POST && *method != Method::PUT && *method != Method::PATCH && !asked.body.is_empty() {
        return Err(Refusal::bad(
            Code::Invalid,
            "This request has a body, which its method does not have in FHIR. Nothing was done.",
        ));
    }
    if interaction.is_search() {
        let wait = asked.state.take_turn(crate::rate::Turn::Search, asked.who.key());
        wait.map_err(|_| Refusal::too_fast())?;
    }
    if audit::is_about(&interaction) {
        return audit::answer(asked, interaction).await;
    }
    if let Some(answer) = ask::answer(&asked, &interaction).await? {
        return Ok(answer);
    }
    match interaction {
        Interaction::Capabilities => capability::statement(&asked.base, asked.state.parts().client_ids),
        Interaction::SearchAll => Err(across("Search", "/fhir/{type}")),
        Interaction::HistoryAll => Err(across("History", "/fhir/{type}/_history")),
        Interaction::Bundle => write::bundle(asked).await,
        Interaction::Search(kind) => search::by_address(asked, kind).await,
        Interaction::SearchForm(kind) => search::by_form(asked, kind).await,
        Interaction::Create(kind) => write::create(asked, kind).await,
        Interaction::Update(kind, id) => write::update(asked, kind, Some(id)).await,
        Interaction::UpdateWhere(kind) => write::update(asked, kind, None).await,
        Interaction::Patch(kind, id) => write::patch(asked, kind, Some(id)).await,
        Interaction::PatchWhere(kind) => write::patch(asked, kind, None).await,
        Interaction::Delete(kind, id) => write::delete(asked, kind, Some(id)).await,
        Interaction::DeleteWhere(kind) => write::delete(asked, kind, None).await,
        Interaction::Read(kind, id) => read::current(asked, kind, id).await,
        Interaction::Version(kind, id, version) => read::version(asked, kind, id, &version).await,
        Interaction::History(kind, id) => history::page(asked, kind, Some(id)).await,
        Interaction::HistoryOf(kind) => history::page(asked, kind, None).await,
        Interaction::Everything(id) => everything::by_address(asked, id).await,
        Interaction::EverythingForm(id) => everything::by_body(asked, id).await,
        Interaction::Validate(kind, id) => validate::sent(asked, &kind, id.as_deref()).await,
        Interaction::ValidateStored(kind, id) => validate::stored(asked, kind, id).await,
        Interaction::Match => matching::people(asked).await,
        Interaction::Message => message::process(asked).await,
    }
}

fn nothing(nothing: Nothing) -> Refusal {
    match nothing {
        Nothing::NotHere(issue) => Refusal::new(StatusCode::NOT_FOUND, issue),
        Nothing::Unreadable(issue) => Refusal::new(StatusCode::BAD_REQUEST, issue),
        Nothing::OtherMethod(allowed) => {
            let words = format!("This address is not asked by this method. It takes {allowed}.");
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, Issue::error(Code::NotSupported, words))
                .header(header::ALLOW, allowed)
        }
    }
}

fn across(what: &str, instead: &str) -> Refusal {
    let words = format!(
        "{what} across types is not offered. Ask for one type: {instead}; or for one person: /fhir/Patient/{{id}}/$everything."
    );
    Refusal::new(StatusCode::NOT_FOUND, Issue::error(Code::NotSupported, words))
}
