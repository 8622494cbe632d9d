//! The security headers of every page: a content security policy without inline script or style, no framing, no
//! referrer, no caching of pages. Must not be weakened for one page: what a page cannot do under it, it does another way.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The content security policy. `require-trusted-types-for` holds because none of our pages asks the design system to
/// sort a table in the browser, which is the one thing in it that writes markup.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
];

/// Middleware (`axum::middleware::from_fn(headers::secure)`): sets the headers on every answer, and `no-store` on every
/// answer that does not say how long it may be kept.
pub async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    apply(&mut response);
    response
}

/// The same for an answer that no middleware sees (a panic, a refused connection).
pub fn apply(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;

    #[test]
    fn pages_are_not_stored_and_allow_nothing_inline() {
        let mut response = "page".into_response();
        apply(&mut response);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"));
        assert_eq!(response.headers().len(), ALWAYS.len() + 2, "content type, cache control and the seven");
    }

    #[test]
    fn an_answer_that_may_be_kept_keeps_its_own_word() {
        let mut response = ([(header::CACHE_CONTROL, "public, max-age=31536000, immutable")], "asset").into_response();
        apply(&mut response);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    }
}
