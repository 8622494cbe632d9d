//! Signing in by a provider: there, back again, a role chosen where there are several; and hearing that somebody signed out at
//! the provider. Decides nothing: `sign_in` says who somebody is or why not, and `access` keeps the session.

use access::session::{How, Why};
use access::views::session as kept;
use access::{Role, Subject};
use axum::Form;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use sign_in::{Arrived, Person, Providers, Refusal, Returned};

use crate::app::{State, Trouble, told};
use crate::choice::Choice;
use crate::layout::{Section, Shell};
use crate::pages::{problem, sign_in as pages};
use crate::personas::role_words;
use crate::session::{Fields, Proved, cookie_named, random, same_site, set_cookie};

/// The cookie of a sign-in on its way. `Lax`, because the provider sends the browser back from its own site; it opens nothing.
fn name(state: &State) -> &'static str {
    if state.parts().door.secure { "__Host-weft-sign-in" } else { "weft-sign-in" }
}

fn on_its_way(secret: &str, seconds: u32, state: &State) -> String {
    let secure = if state.parts().door.secure { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(state))
}

/// Asks the providers on a thread that may wait: they are other people's servers.
async fn ask<T: Send + 'static>(
    state: &State,
    what: impl FnOnce(&Providers, &State) -> T + Send + 'static,
) -> Result<Option<T>, Trouble> {
    let Some(providers) = state.parts().door.providers.clone() else { return Ok(None) };
    let state = state.clone();
    let asked = tokio::task::spawn_blocking(move || what(&providers, &state)).await;
    asked
        .map(Some)
        .map_err(|_| Trouble::Broken("asking a sign-in provider stopped on a fault of the program".to_owned()))
}

/// To the provider.
pub(crate) async fn begin(
    Shared(state): Shared<State>,
    Path(provider): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if !same_site(&headers) {
        return Err(Trouble::BadRequest("Signing in starts from this service's own page."));
    }
    let begun = ask(&state, move |providers, state| {
        providers.begin(&provider, state.now(), &|bytes| (state.parts().randomness)(bytes))
    });
    Ok(match begun.await?.unwrap_or(Err(Refusal::NoProvider)) {
        Ok(begun) => {
            let cookie = on_its_way(&begun.secret, 600, &state);
            ([(header::SET_COOKIE, cookie)], Redirect::to(&begun.address)).into_response()
        }
        Err(refusal) => refused(refusal),
    })
}

/// Back from the provider.
pub(crate) async fn finish(
    Shared(state): Shared<State>,
    Path(provider): Path<String>,
    Query(fields): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let secret = cookie_named(&headers, name(&state)).unwrap_or_default().to_owned();
    let (asked, returned) = (provider.clone(), Returned { fields, secret });
    let arrived = ask(&state, move |providers, state| {
        providers.finish(&asked, &returned, state.now(), &|bytes| (state.parts().randomness)(bytes))
    });
    let mut answer = match arrived.await?.unwrap_or(Err((Refusal::NoProvider, false))) {
        Ok(arrived) => match enter(&state, arrived, &headers).await? {
            Ok(answer) => return Ok(answer),
            Err(refusal) => turned_away(&state, &provider, refusal, true).await,
        },
        Err((refusal, begun)) => turned_away(&state, &provider, refusal, begun).await,
    };
    forget(&mut answer, &state);
    Ok(answer)
}

/// A refusal that is written down: in the log where this browser had begun the sign-in, as a line otherwise.
async fn turned_away(state: &State, provider: &str, refusal: Refusal, begun: bool) -> Response {
    tracing::warn!(why = refusal.word(), "a sign-in was refused");
    if begun {
        let (provider, now) = (provider.to_owned(), state.now());
        let writing =
            move |write: &mut store::Write<'_>| access::session::refused(write, &provider, refusal.word(), now);
        if let Err(error) = state.parts().store.write_async(writing).await {
            tracing::error!(%error, "a refused sign-in could not be written down");
        }
    }
    refused(refusal)
}

fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::NoProvider => Trouble::NotFound.into_response(),
        Refusal::Unreachable | Refusal::Discovery => {
            told(StatusCode::SERVICE_UNAVAILABLE, problem::View::not_signed_in(&refusal.to_string()))
        }
        _ => told(StatusCode::FORBIDDEN, problem::View::not_signed_in(&refusal.to_string())),
    }
}

fn forget(answer: &mut Response, state: &State) {
    if let Ok(cookie) = on_its_way("", 0, state).parse() {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Whoever has arrived gets a session, or the choice of a role.
async fn enter(state: &State, arrived: Arrived, headers: &HeaderMap) -> Result<Result<Response, Refusal>, Trouble> {
    let Arrived { provider, sid, person, .. } = arrived;
    let mut subjects = match person {
        Person::Staff(subjects) => subjects,
        Person::Citizen { mut subject, number } => {
            let own = state.read(move |tx| record::find::own(tx, number)).await?;
            if own.is_none() {
                return Ok(Err(Refusal::NoRecord));
            }
            subject.own = own;
            vec![subject]
        }
    };
    if subjects.len() > 1 {
        let secret = random(state);
        let page = pages::render_roles(&roles(&subjects));
        state.choices().put(&secret, Choice { subjects, provider, sid, at: state.now() });
        return Ok(Ok(([(header::SET_COOKIE, on_its_way(&secret, 600, state))], Html(page)).into_response()));
    }
    match subjects.pop() {
        Some(subject) => welcome(state, subject, provider, sid, headers).await.map(Ok),
        None => Ok(Err(Refusal::NoRole)),
    }
}

/// A session, and the page that leads on: the first request that brings its strict cookie must come from us.
async fn welcome(
    state: &State,
    subject: Subject,
    provider: String,
    sid: Option<String>,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let proved = Proved { subject, how: How::Provider, provider: Some(provider), sid };
    let secret = state.sessions().begin(proved, headers, state).await?;
    let mut answer = Html(pages::render_onward(&pages::Onward::signed_in())).into_response();
    forget(&mut answer, state);
    if let Ok(cookie) = set_cookie(&secret, state).parse() {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

fn roles(subjects: &[Subject]) -> pages::Roles {
    let words = |subject: &Subject| {
        let organisation = super::person::capital(&subject.organisation);
        if subject.role == Role::Citizen {
            organisation
        } else {
            format!("{}, {organisation}", role_words(subject.role))
        }
    };
    let choices = subjects.iter().enumerate().map(|(number, subject)| (number.to_string(), words(subject)));
    pages::Roles { shell: Shell::new("Choose a role", Section::None), roles: choices.collect() }
}

/// The role that somebody chose.
pub(crate) async fn choose(
    Shared(state): Shared<State>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    if !same_site(&headers) {
        return Err(Trouble::BadRequest("A role is chosen on this service's own page."));
    }
    let secret = cookie_named(&headers, name(&state)).unwrap_or_default();
    let choice = state.choices().take(secret, state.now());
    let chosen = choice.and_then(|mut choice| {
        let number: usize = Fields(fields).get("role").parse().ok()?;
        (number < choice.subjects.len()).then(|| (choice.subjects.swap_remove(number), choice))
    });
    match chosen {
        Some((subject, choice)) => welcome(&state, subject, choice.provider, choice.sid, &headers).await,
        None => {
            let mut answer = refused(Refusal::Unasked);
            forget(&mut answer, &state);
            Ok(answer)
        }
    }
}

/// A provider says that somebody signed out there.
pub(crate) async fn logout(
    Shared(state): Shared<State>,
    Path(provider): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (asked, token) = (provider.clone(), Fields(fields).get("logout_token").to_owned());
    let heard = ask(&state, move |providers, state| providers.logout(&asked, &token, state.now()));
    let gone = match heard.await?.unwrap_or(Err(Refusal::NoProvider)) {
        Ok(gone) => gone,
        Err(Refusal::NoProvider) => return Err(Trouble::NotFound),
        Err(refusal) => {
            tracing::warn!(why = refusal.word(), "a logout token was refused");
            let (status, word) = match refusal {
                Refusal::Unreachable | Refusal::Discovery => {
                    (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
                }
                _ => (StatusCode::BAD_REQUEST, "invalid_request"),
            };
            let body = serde_json::json!({ "error": word, "error_description": refusal.to_string() }).to_string();
            return Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response());
        }
    };
    let reader = gone.sub.as_ref().map(|sub| format!("{}|{sub}", gone.issuer));
    state.choices().forget(reader.as_deref(), gone.sid.as_deref());
    let ids = state.read(move |tx| {
        let mut ids = match &gone.sid {
            Some(sid) => kept::of_sid(tx, &provider, sid)?,
            None => Vec::new(),
        };
        // A session that knows of none of the provider's own ends with all of theirs: rather one too many.
        if let Some(reader) = reader.as_ref().filter(|_| ids.is_empty()) {
            ids = kept::of_reader(tx, reader)?;
        }
        Ok(ids)
    });
    let ids = ids.await?;
    if !ids.is_empty() {
        state.sessions().end(ids, Why::Provider, "sign-in".to_owned(), &state).await?;
    }
    Ok(StatusCode::OK.into_response())
}
