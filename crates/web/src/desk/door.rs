//! The door: the page to sign in from, sign-in by persona for the demonstration, sign-out, and each role's first page.

use access::Role;
use access::session::{How, Why};
use axum::Form;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use place::NhsNumber;
use serde_json::{Value, json};

use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::sign_in;
use crate::personas::{self, role_words};
use crate::session::{Fields, Proved, Sent, Who, has_cookie, same_site, set_cookie, unset_cookie};

/// The first page: sign in, or the home of the role.
pub(crate) async fn home(Shared(state): Shared<State>, headers: HeaderMap, who: Result<Who, Trouble>) -> Response {
    match who {
        // Somebody without a record of their own is here for what others let them see.
        Ok(who) if who.subject.role == Role::Citizen && who.subject.own.is_none() => {
            Redirect::to("/me/proxy").into_response()
        }
        Ok(who) if who.subject.role == Role::Citizen => Redirect::to("/me").into_response(),
        Ok(who) => super::home::page(&state, &who).await.into_response(),
        Err(Trouble::SignedOut) => {
            let ended = has_cookie(&headers, &state).then_some("You have been signed out. Sign in to go on.");
            Html(sign_in::render(&sign_in_view(&state, ended))).into_response()
        }
        Err(other) => other.into_response(),
    }
}

fn sign_in_view(state: &State, notice: Option<&str>) -> sign_in::View {
    let demo = state.parts().demo_sign_in;
    let personas = personas::ALL.iter().filter(|_| demo).map(|persona| sign_in::Persona {
        id: persona.id.to_owned(),
        name: persona.name.to_owned(),
        role: role_words(persona.role).to_owned(),
        organisation: super::person::capital(persona.organisation),
        sees: persona.sees.to_owned(),
    });
    let providers: Vec<_> = match &state.parts().door.providers {
        Some(providers) => providers.names().map(|(id, name)| (id.to_owned(), name.to_owned())).collect(),
        None => Vec::new(),
    };
    let closed = "Nobody can sign in here yet: no sign-in provider is configured. Whoever runs this service finds how in the manual, under signing in.";
    sign_in::View {
        shell: Shell::new("Sign in", Section::None),
        personas: personas.collect(),
        notice: notice.map(str::to_owned).or_else(|| (!demo && providers.is_empty()).then(|| closed.to_owned())),
        providers,
    }
}

pub(crate) async fn sign_in(
    Shared(state): Shared<State>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    if !state.parts().demo_sign_in {
        if wants_json(&headers) {
            return Ok(no_token(&::sign_in::Refusal::Programs.to_string()));
        }
        return Err(Trouble::NotFound);
    }
    if !same_site(&headers) {
        return Err(Trouble::BadRequest("Signing in starts from this service's own page."));
    }
    let program = wants_json(&headers);
    match personas::ALL.iter().find(|persona| persona.id == fields.get("persona")) {
        None if program => {
            let words: Vec<&str> = personas::ALL.iter().map(|persona| persona.id).collect();
            Ok(no_token(&format!("persona is one of {}", words.join(", "))))
        }
        Some(persona) => {
            let own = match persona.number.and_then(|number| NhsNumber::parse(number).ok()) {
                Some(number) => state.read(move |tx| record::find::own(tx, number)).await?,
                None => None,
            };
            if persona.number.is_some() && own.is_none() {
                let missing = format!(
                    "{0} is not in this record, so nobody can sign in as {0}. The demonstration's sample feeds bring that record.",
                    persona.name
                );
                if program {
                    return Ok(no_token(&missing));
                }
                return Ok(Html(sign_in::render(&sign_in_view(&state, Some(&missing)))).into_response());
            }
            let proved = |how| Proved { subject: persona.subject(own), how, provider: None, sid: None };
            if program {
                let token = state.sessions().begin(proved(How::Program), &headers, &state).await?;
                let lives = state.parts().door.idle.as_secs();
                let given = json!({ "access_token": token, "token_type": "Bearer", "expires_in": lives });
                return Ok(as_json(StatusCode::OK, &given));
            }
            // A new session each time, so that nobody can have prepared it.
            let secret = state.sessions().begin(proved(How::Persona), &headers, &state).await?;
            Ok(([(header::SET_COOKIE, set_cookie(&secret, &state))], Redirect::to("/")).into_response())
        }
        None => {
            let view = sign_in_view(&state, Some("Choose one of the people below."));
            Ok(Html(sign_in::render(&view)).into_response())
        }
    }
}

/// True for a program, which asks for its token as JSON; a browser asks for a page.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// A program that gets no token, as OAuth 2.0 words it.
fn no_token(why: &str) -> Response {
    as_json(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_request", "error_description": why }))
}

fn as_json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// Ends the session everywhere, and leads to the provider to be signed out there, too, where it has a place for that.
pub(crate) async fn sign_out(Shared(state): Shared<State>, Sent { who, .. }: Sent) -> Result<Response, Trouble> {
    let actor = who.subject.actor();
    state.sessions().end(vec![who.session], Why::SignedOut, actor, &state).await?;
    let providers = state.parts().door.providers.as_ref();
    let farewell = providers.zip(who.provider.as_ref()).and_then(|(providers, id)| providers.farewell(id));
    let mut answer = match farewell {
        Some(farewell) => Html(sign_in::render_onward(&sign_in::Onward::signed_out(&farewell.name, &farewell.address)))
            .into_response(),
        None => Redirect::to("/signed-out").into_response(),
    };
    if let Ok(cookie) = unset_cookie(&state).parse() {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if state.parts().door.secure {
        let everything = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
        answer.headers_mut().insert("clear-site-data", everything);
    }
    Ok(answer)
}

/// After a sign-out, here or at the provider.
pub(crate) async fn signed_out() -> Html<String> {
    Html(sign_in::render_onward(&sign_in::Onward::gone()))
}
