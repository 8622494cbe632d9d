//! The list of routes against the router's own words, and what holds of each of them.

use axum::http::StatusCode;
use web::route::{Needs, ROUTES};

use crate::house::House;

/// An address with an id in it that leads nowhere.
fn anywhere(path: &str) -> String {
    path.replace("{id}", "0198f0c2-77aa-7000-8000-000000000001")
        .replace("{list}", "hospital")
        .replace("{specialty}", "endocrinology")
        .replace("{provider}", "nobody")
        .replace("{number}", "1")
        .replace("{table}", "months.csv")
        .replace("{month}", "2026-11")
        .replace("{page}", "asks")
        .replace("{proof}", "0")
        .replace("{instrument}", "hfrs")
        .replace("{person}", "0198f0c2-77aa-7000-8000-000000000003")
        .replace("{entry}", "0198f0c2-77aa-7000-8000-000000000002")
}

#[test]
fn the_list_of_routes_is_the_router() {
    let source = include_str!("../../src/app.rs");
    let (_, router) = source.split_once("pub fn app(").unwrap();
    let mut found = Vec::new();
    for part in router.split(".route(").skip(1) {
        let part = part.split(".fallback(").next().unwrap();
        let path = part.split('"').nth(1).unwrap();
        found.extend(
            // What stands under `/fhir` has a list of its own, but for the page there.
            [("GET", "get("), ("POST", "post("), ("GET", "any(fhir::front)")]
                .iter()
                .filter(|(_, word)| part.contains(word))
                .map(|(method, _)| (*method, path)),
        );
    }
    let mut listed: Vec<(&str, &str)> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    found.sort_unstable();
    listed.sort_unstable();
    assert_eq!(found, listed);
}

#[test]
fn without_a_session_only_the_open_pages_answer() {
    let house = House::empty();
    for (method, path, needs) in ROUTES {
        let visitor = house.anybody();
        let answer = if *method == "GET" { visitor.get(&anywhere(path)) } else { visitor.post(&anywhere(path), &[]) };
        if *needs == Needs::Nothing {
            // Where nobody's provider is configured, the ways to one lead nowhere, and there is no role to choose.
            let status = match *path {
                "/sign-in/role" => StatusCode::FORBIDDEN,
                path if path.contains("{provider}") => StatusCode::NOT_FOUND,
                // Nothing of this id is there to be shown.
                path if path.starts_with("/public/") && path.contains("{id}") => StatusCode::NOT_FOUND,
                // It answers programs that sign what they send.
                "/telephony/signals" => StatusCode::BAD_REQUEST,
                _ => StatusCode::OK,
            };
            assert_eq!(answer.status, status, "{method} {path}");
        } else {
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{method} {path}");
            assert!(answer.body.is_empty(), "{method} {path}");
        }
    }
}

#[test]
fn every_answer_has_the_security_headers() {
    let house = House::empty();
    let (gp, nobody) = (house.sign_in("gp"), house.anybody());
    let mut answers: Vec<_> = ROUTES.iter().map(|(_, path, _)| gp.get(&anywhere(path))).collect();
    answers.extend(ROUTES.iter().map(|(_, path, _)| nobody.post(&anywhere(path), &[])));
    answers.extend(["/no-such-page", "/people/no-id", "/assets/none.css"].map(|path| gp.get(path)));
    for answer in answers {
        let word = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        assert_eq!(word("content-security-policy"), web::headers::CONTENT_SECURITY_POLICY, "{answer:?}");
        assert_eq!(word("x-content-type-options"), "nosniff", "{answer:?}");
        assert_eq!(word("referrer-policy"), "no-referrer", "{answer:?}");
        assert_eq!(word("cache-control"), "no-store", "{answer:?}");
        assert!(!word("strict-transport-security").is_empty(), "{answer:?}");
    }
}
