//! What the API answers with: FHIR JSON, and an OperationOutcome for everything that is refused. Must not decide anything.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::issue::{Code, Issue, outcome};
use store::Troubled as _;

/// The media type of every answer.
pub(super) const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json; charset=utf-8");

/// The OperationOutcome of some issues, each a whole sentence.
pub(super) fn told(issues: &[Issue]) -> String {
    let whole: Vec<Issue> =
        issues.iter().map(|issue| Issue { words: sentence(&issue.words), ..issue.clone() }).collect();
    outcome(&whole).to_string()
}

/// Words as a sentence that stands alone: a capital first, and an end.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let end = if words.ends_with(['.', '!', '?']) || words.is_empty() { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// JSON text; empty where there is no body.
    pub(super) body: String,
}

impl Answer {
    /// 200 with JSON.
    pub(super) fn of(body: String) -> Self {
        Self::with(StatusCode::OK, body)
    }

    /// A status with JSON.
    pub(super) fn with(status: StatusCode, body: String) -> Self {
        Self { status, headers: HeaderMap::new(), body }
    }

    /// An OperationOutcome.
    pub(super) fn outcome(status: StatusCode, issues: &[Issue]) -> Self {
        Self::with(status, told(issues))
    }

    /// The same with a header. A value that no header can carry is left out: it is one of ours, so there is none such.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// As the request wants it to look: with line ends for people (`_pretty=true`).
    pub(super) fn dressed(mut self, pretty: bool) -> Response {
        if pretty
            && !self.body.is_empty()
            && let Ok(value) = serde_json::from_str::<serde_json::Value>(&self.body)
            && let Ok(text) = serde_json::to_string_pretty(&value)
        {
            self.body = text;
        }
        self.into_response()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let empty = self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if !empty {
            response.headers_mut().insert(header::CONTENT_TYPE, FHIR_JSON);
        }
        response
    }
}

/// A request that is not done, and why: always an OperationOutcome.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) issues: Vec<Issue>,
    header: Option<(HeaderName, &'static str)>,
}

impl Refusal {
    /// With this status, for this one reason.
    pub(super) fn new(status: StatusCode, issue: Issue) -> Self {
        Self::of(status, vec![issue])
    }

    /// With this status, for these reasons.
    pub(super) fn of(status: StatusCode, issues: Vec<Issue>) -> Self {
        Self { status, issues, header: None }
    }

    /// 400, in a sentence.
    pub(super) fn bad(code: Code, words: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Issue::error(code, words))
    }

    /// 404: nothing is there, or nothing that this caller may know of. The same words for both.
    pub(super) fn not_found(kind: &str) -> Self {
        let words = format!("There is no {kind} with this id, or none that you may see.");
        Self::new(StatusCode::NOT_FOUND, Issue::error(Code::NotFound, words))
    }

    /// 429: too often in a short time.
    pub(super) fn too_fast() -> Self {
        let words = "This session has searched too often within a minute. Wait a minute and go on; fetch larger pages with \
                     _count rather than more of them.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, Issue::error(Code::Throttled, words)).header(header::RETRY_AFTER, "60")
    }

    /// 401: say who you are.
    pub(super) fn unknown_caller(words: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Issue::error(Code::Login, words))
            .header(header::WWW_AUTHENTICATE, "Bearer realm=\"Weft\"")
    }

    /// The same with a header.
    pub(super) fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    /// As an answer.
    pub(super) fn answer(self) -> Answer {
        let mut answer = Answer::outcome(self.status, &self.issues);
        if let Some((name, value)) = self.header {
            answer.headers.insert(name, HeaderValue::from_static(value));
        }
        answer
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        if error.is_passing() {
            tracing::warn!(%error, "an answer of the FHIR API had to be put off");
            let words =
                "The record cannot be read or written at the moment. Nothing was changed; try again in a few minutes.";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, Issue::error(Code::Exception, words))
                .header(header::RETRY_AFTER, "60");
        }
        Self::broken(&error.to_string())
    }
}

impl Refusal {
    /// 500: our own mistake. The number leads whoever runs the service to the line in the log.
    pub(super) fn broken(what: &str) -> Self {
        let digest = store::blob::sha256(what.as_bytes());
        let id = format!("{:02X}{:02X}-{:02X}{:02X}", digest[0], digest[1], digest[2], digest[3]);
        tracing::error!(error_id = id, what, "a request to the FHIR API failed");
        let words = format!(
            "The mistake is ours, not yours, and nothing was half saved. Tell whoever runs the service the number {id}."
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Issue::error(Code::Exception, words))
    }
}

impl From<access::Denied> for Refusal {
    fn from(denied: access::Denied) -> Self {
        match denied {
            access::Denied::Policy(reason) | access::Denied::Closed(reason) => {
                let words = format!("You may not do this: {reason}. That you asked has been written down.");
                Self::new(StatusCode::FORBIDDEN, Issue::error(Code::Forbidden, words))
            }
            // What cannot be written down is not shown; it is worth trying again.
            denied => match denied.trouble() {
                Some(error) => error.clone().into(),
                None => Self::broken("a look could not be written down"),
            },
        }
    }
}
