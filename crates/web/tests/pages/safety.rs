//! The web's own safety: requests of other sites, haste, size, tricks with addresses, headers and cookies.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::SignedDuration;
use web::Rates;
use web::route::ROUTES;

use crate::house::House;

const FORM: &str = "application/x-www-form-urlencoded";

fn posts() -> impl Iterator<Item = String> {
    let id = "0198f0c2-77aa-7000-8000-000000000001";
    let filled = move |path: &str| {
        path.replace("{id}", id)
            .replace("{entry}", id)
            .replace("{person}", id)
            .replace("{specialty}", "endocrinology")
            .replace("{provider}", "nobody")
    };
    ROUTES.iter().filter(|(method, ..)| *method == "POST").map(move |(_, path, _)| filled(path))
}

#[test]
fn a_page_of_another_site_can_send_nothing_even_with_everybodys_token() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    let token = gp.token();
    let before = house.happened();
    for path in posts() {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
        {
            let request = gp.request("POST", &path).header(header::CONTENT_TYPE, FORM).header(name, value);
            let request = request.header(header::HOST, "weft.example");
            let answer = house.send(request.body(Body::from(format!("token={token}&persona=gp"))).unwrap());
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {name}: {value}");
            assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{path}");
        }
    }
    assert_eq!(house.happened(), before, "nothing was done, and nobody was signed in or out");
    assert_eq!(gp.get("/people").status, StatusCode::OK);
}

#[test]
fn whoever_tries_to_sign_in_too_often_waits_and_is_told_how_long() {
    let house = House::limited(Rates { sign_in: 3, search: 0 });
    let tried = |persona| house.anybody().post("/sign-in", &[("persona", persona)]);
    for _ in 0..3 {
        assert_eq!(tried("nobody").status, StatusCode::OK, "the page again, with what is wrong");
    }
    let refused = tried("gp");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.get(header::SET_COOKIE).is_none());
    let wait: i64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert!(refused.body.contains("That was too often"));
    house.pass(SignedDuration::from_secs(wait));
    assert_eq!(tried("gp").status, StatusCode::SEE_OTHER);
}

#[test]
fn whoever_searches_too_often_waits_on_the_pages_and_at_the_api() {
    let house = House::limited(Rates { sign_in: 0, search: 2 });
    let (gp, other) = (house.sign_in("gp"), house.sign_in("gp"));
    for _ in 0..2 {
        assert_eq!(gp.send("/people", &[("name", "Nobody")]).status, StatusCode::SEE_OTHER);
    }
    assert_eq!(gp.send("/people", &[("name", "Nobody")]).status, StatusCode::TOO_MANY_REQUESTS);
    let refused = gp.get("/fhir/Patient?family=Nobody");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "one session, one bucket");
    assert!(refused.body.contains("\"throttled\"") && refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(other.get("/fhir/Patient?family=Nobody").status, StatusCode::OK, "another session has its own");
    house.pass(SignedDuration::from_mins(1));
    assert_eq!(gp.send("/people", &[("name", "Nobody")]).status, StatusCode::SEE_OTHER);
}

#[test]
fn what_is_too_large_is_refused_whole() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    for path in posts() {
        // A message to be mended, and a question with pictures beside it, may be longer than a form.
        let question = path.starts_with("/advice/questions/") || path.ends_with("/advice/endocrinology");
        let most = match path.as_str() {
            path if path.starts_with("/quarantine") => 8 * 1024 * 1024,
            _ if question => 21 * 1024 * 1024,
            _ => 64 * 1024,
        };
        let request = gp.request("POST", &path).header(header::CONTENT_TYPE, FORM);
        let answer = house.send(request.body(Body::from("a".repeat(most + 1))).unwrap());
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    let long = format!("/people?{}", "a".repeat(9 * 1024));
    assert_eq!(gp.get(&long).status, StatusCode::URI_TOO_LONG);
    assert_eq!(gp.get(&format!("/fhir/Patient?family={}", "a".repeat(9 * 1024))).status, StatusCode::URI_TOO_LONG);
}

#[test]
fn tricks_with_addresses_lead_nowhere() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cwindows",
        "//evil.example/",
        "/people/..%2fquarantine",
        "/people/%00",
        "/people/0198f0c2-77aa-7000-8000-000000000001%0d%0aSet-Cookie:%20a=b",
        "/PEOPLE",
        "/people/{id}",
        "/.git/config",
        "/weft.db",
    ] {
        let answer = gp.get(path);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.headers.get(header::SET_COOKIE).is_none() && answer.headers.get(header::LOCATION).is_none());
        assert!(!answer.body.contains("passwd") && !answer.body.contains("[workspace]"), "{path}");
    }
}

#[test]
fn headers_that_lie_change_nothing() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    let plain = gp.get("/people");
    for (name, value) in [
        ("x-original-url", "/quarantine"),
        ("x-rewrite-url", "/quarantine"),
        ("x-forwarded-user", "admin"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-http-method-override", "POST"),
        ("x-real-ip", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1;host=evil.example"),
        ("x-forwarded-host", "evil.example"),
    ] {
        let answer = house.send(gp.request("GET", "/people").header(name, value).body(Body::empty()).unwrap());
        assert_eq!((answer.status, &answer.body), (plain.status, &plain.body), "{name}");
    }
    let evil = gp.request("GET", "/fhir/metadata").header(header::HOST, "evil.example\"><script>");
    let answer = house.send(evil.body(Body::empty()).unwrap());
    assert!(!answer.body.contains("<script>"));
}

#[test]
fn a_cookie_that_was_changed_is_nobodys() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    let good = gp.request("GET", "/people").body(Body::empty()).unwrap();
    let cookie = good.headers()[header::COOKIE].to_str().unwrap().to_owned();
    let (name, secret) = cookie.split_once('=').unwrap();
    let flipped: String = secret
        .char_indices()
        .map(|(at, letter)| if at == 5 { if letter == 'a' { 'b' } else { 'a' } } else { letter })
        .collect();
    for changed in [
        format!("{name}={flipped}"),
        format!("{name}={}", &secret[..secret.len() - 1]),
        format!("{name}={secret}0"),
        format!("{name}="),
        format!("{name}={}", secret.to_uppercase() + "x"),
        format!("other={secret}"),
        format!("{name}={secret}\u{1}").replace('\u{1}', "%01"),
        "a".repeat(100_000),
    ] {
        let request = Request::builder().uri("/people").header(header::COOKIE, changed.as_str());
        let answer = house.send(request.body(Body::empty()).unwrap());
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{changed:.60}");
        assert!(answer.body.is_empty());
    }
    let sent = |scheme: &str| {
        let request =
            Request::builder().uri("/fhir/Patient").header(header::AUTHORIZATION, format!("{scheme} {flipped}"));
        house.send(request.body(Body::empty()).unwrap()).status
    };
    assert_eq!(sent("Bearer"), StatusCode::UNAUTHORIZED);
    assert_eq!(sent("Basic"), StatusCode::UNAUTHORIZED);
}
