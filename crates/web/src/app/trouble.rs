//! How trouble becomes a page: why there is no ordinary answer, its status and its words. Must not tell more than whoever asked may know.

use access::Denied;
use axum::extract::{Request, State as Shared};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use jiff::SignedDuration;
use store::Troubled;

use super::State;
use crate::pages::problem;

/// Why there is no ordinary answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The reader may not; why, in a sentence.
    Forbidden(&'static str),
    /// The record is closed to this reader: nothing ties the person to them.
    Closed {
        /// Why, in a sentence.
        reason: &'static str,
        /// Where they may give a reason to open it all the same, if their role may.
        glass: Option<String>,
    },
    /// Nothing is there, or nothing the reader may know of.
    NotFound,
    /// The request makes no sense.
    BadRequest(&'static str),
    /// It could not be saved or read just now.
    Unavailable(store::Error),
    /// Our own mistake.
    Broken(String),
    /// Asked too often; how long until it may be asked again.
    TooFast(SignedDuration),
    /// Nobody is signed in (any more).
    SignedOut,
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        if error.is_passing() { Self::Unavailable(error) } else { Self::Broken(error.to_string()) }
    }
}

impl From<Denied> for Trouble {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Policy(reason) => Self::Forbidden(reason),
            Denied::Closed(reason) => Self::Closed { reason, glass: None },
            // Unwritten looks are never shown, whatever the reason: 503, not 500, so that the reader tries again.
            Denied::NotAudited(error) => match error.trouble() {
                Some(error) => Self::Unavailable(error.clone()),
                None => Self::Broken("a look could not be written down".to_owned()),
            },
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, view) = match self {
            Self::SignedOut => return axum::response::Redirect::to("/").into_response(),
            Self::Forbidden(reason) => (StatusCode::FORBIDDEN, problem::View::forbidden(&sentence(reason))),
            Self::Closed { reason, glass } => {
                (StatusCode::FORBIDDEN, problem::View::closed(&sentence(reason), glass.as_deref()))
            }
            Self::TooFast(wait) => {
                let mut response = told(StatusCode::TOO_MANY_REQUESTS, problem::View::too_fast());
                let seconds = wait.as_secs().saturating_add(1).max(1).to_string();
                if let Ok(seconds) = seconds.parse() {
                    response.headers_mut().insert(header::RETRY_AFTER, seconds);
                }
                return response;
            }
            Self::NotFound => (StatusCode::NOT_FOUND, problem::View::not_found()),
            Self::BadRequest(what) => (StatusCode::BAD_REQUEST, problem::View::bad_request(what)),
            Self::Unavailable(error) => {
                tracing::warn!(%error, "an answer had to be put off");
                let why = match error {
                    store::Error::Full(_) => "The disk that holds the database is full.",
                    store::Error::Busy(_) => "The database is busy with something else.",
                    _ => "The database does not answer at the moment.",
                };
                (StatusCode::SERVICE_UNAVAILABLE, problem::View::unavailable(why))
            }
            Self::Broken(what) => {
                // The same words give the same number, so that whoever runs the service finds the line in the log.
                let digest = store::blob::sha256(what.as_bytes());
                let id = format!("{:02X}{:02X}-{:02X}{:02X}", digest[0], digest[1], digest[2], digest[3]);
                tracing::error!(error_id = id, what, "a request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, problem::View::broken(&id))
            }
        };
        told(status, view)
    }
}

pub(crate) fn told(status: StatusCode, view: problem::View) -> Response {
    let mut response = (status, Html(problem::render(&view))).into_response();
    response.extensions_mut().insert(view);
    response
}

/// Gives every refusal the page of a problem, in the shell of whoever is signed in. What axum itself refuses (a form too
/// large, an address that is none) would otherwise be bare text.
pub(super) async fn problems(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let status = response.status();
    // A program that asked for a token is answered as programs are.
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if is_json || (!status.is_client_error() && !status.is_server_error()) {
        return response;
    }
    let mut view = match response.extensions_mut().remove::<problem::View>() {
        Some(view) => view,
        None => match status {
            StatusCode::NOT_FOUND => problem::View::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                problem::View::bad_request("This address is not one that a form is sent to.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                problem::View::bad_request("What was sent is larger than this page takes.")
            }
            status if status.is_client_error() => {
                problem::View::bad_request("The address or the form is not complete.")
            }
            _ => problem::View::broken("none"),
        },
    };
    if let Ok(Some(who)) = state.sessions().who(&headers, &state).await {
        view.shell = who.shell(&view.shell.title.clone(), crate::layout::Section::None);
    }
    let mut page = Html(problem::render(&view)).into_response();
    *page.status_mut() = status;
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// A reason as a sentence of its own: `their role gives care` reads on; this stands alone.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
