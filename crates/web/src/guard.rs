//! What every request passes before any handler sees it: it must not have been sent by another site's page, nobody tries to
//! sign in without end, and a fault of the program becomes the page of one. Must not know any page.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::{State, Trouble};
use crate::rate::Turn;

/// Who is at the other end of the connection. Whoever serves puts it into the request; without it all share one address.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// Who sent a request that came from this address: the address itself, or, where it is that of a trusted proxy, the last one
    /// of `X-Forwarded-For` that is no trusted proxy. What stands before that one its sender may have written.
    #[must_use]
    pub fn behind(address: SocketAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> Self {
        if !trusted.contains(&address.ip().to_canonical()) {
            return Self(address);
        }
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let told = lines.flat_map(|line| line.to_str().unwrap_or("unreadable").rsplit(','));
        for word in told {
            match word.trim().parse::<IpAddr>() {
                Ok(known) if trusted.contains(&known.to_canonical()) => {}
                Ok(known) => return Self(SocketAddr::new(known, 0)),
                // Nobody can say whose word stands before what cannot be read.
                Err(_) => return Self(address),
            }
        }
        Self(address)
    }
}

/// True for a request that a page of another site made a browser send: browsers say where a request comes from, and what
/// changes anything has to come from here. A program says nothing of the kind.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    let word = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let elsewhere = word("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
    // "null" is the origin of a page without one (a file, a sandboxed frame), and of our own forms: our pages send no referrer, and
    // a browser then hides the origin as well. What it says of the site tells the two apart.
    let foreign = word("origin").is_some_and(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        let hidden = origin == "null" && word("sec-fetch-site") == Some("same-origin");
        !hidden && (host.is_none() || host != word("host"))
    });
    elsewhere || foreign
}

/// Refuses what changes something and comes from another site, whatever it carries.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && from_elsewhere(request.headers()) {
        return Trouble::BadRequest("It was sent from a page of another site. Open the page here and send it again.")
            .into_response();
    }
    next.run(request).await
}

/// Counts attempts to sign in, by the address they come from.
pub(crate) async fn sign_in_turns(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    // What a provider sends back or sends itself is no try of anybody's: it is bound to one that was counted, or signed.
    let path = request.uri().path();
    let tries = path.starts_with("/sign-in") && !path.ends_with("/return") && !path.ends_with("/logout");
    if tries {
        let peer = request.extensions().get::<Peer>().map_or_else(String::new, |peer| peer.0.ip().to_string());
        if let Err(wait) = state.take_turn(Turn::SignIn, peer.as_bytes()) {
            return Trouble::TooFast(wait).into_response();
        }
    }
    next.run(request).await
}

/// A handler that panics is a fault of ours: whoever asked is told so, as of any other fault, and nothing else.
pub(crate) async fn steady(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => Trouble::Broken("a handler stopped on a fault of the program".to_owned()).into_response(),
    }
}

/// What asks for too much in its head alone: more than anybody's browser sends.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// Refuses addresses longer than any of ours, before anything reads them.
pub(crate) async fn short_address(request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if length > LONGEST_ADDRESS {
        let mut response = Response::new(Body::from("The address is too long."));
        *response.status_mut() = StatusCode::URI_TOO_LONG;
        let plain = header::HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        return response;
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn whose_turn_it_is_behind_a_proxy_is_the_proxys_word_and_nobody_elses() {
        let at = |written: &str| SocketAddr::new(written.parse().unwrap(), 4_000);
        let trusted: Vec<IpAddr> = ["127.0.0.1", "10.0.0.2"].iter().map(|one| one.parse().unwrap()).collect();
        let of = |from: &str, lines: &[&'static str]| {
            let pairs: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, value.parse().unwrap());
            }
            Peer::behind(at(from), &headers, &trusted).0.ip().to_string()
        };
        assert_eq!(of("127.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(of("::ffff:127.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(of("127.0.0.1", &["198.51.100.1, 192.0.2.7"]), "192.0.2.7", "what its sender wrote is passed over");
        assert_eq!(of("127.0.0.1", &["198.51.100.1", "192.0.2.7, 10.0.0.2"]), "192.0.2.7");
        assert_eq!(of("127.0.0.1", &["192.0.2.7, not an address"]), "127.0.0.1");
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(of("203.0.113.5", &["192.0.2.7"]), "203.0.113.5", "nobody else's word is taken");
    }

    #[test]
    fn a_request_of_another_sites_page_is_known_by_what_the_browser_says() {
        let ours = [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://weft.example"), ("host", "weft.example")],
            &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080"), ("sec-fetch-site", "same-origin")],
            &[("origin", "null"), ("host", "weft.example"), ("sec-fetch-site", "same-origin")],
        ];
        let theirs = [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "null"), ("host", "weft.example")],
            &[("origin", "null"), ("host", "weft.example"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null"), ("host", "weft.example"), ("sec-fetch-site", "none")],
            &[("origin", "https://weft.example.evil.example"), ("host", "weft.example")],
            &[("origin", "https://evil.example"), ("host", "weft.example"), ("sec-fetch-site", "same-origin")],
            &[("origin", "https://weft.example")],
        ];
        assert!(!ours.into_iter().any(|pairs| from_elsewhere(&headers(pairs))));
        assert!(theirs.into_iter().all(|pairs| from_elsewhere(&headers(pairs))));
    }
}
