//! Sessions: how they begin, what their forms must carry, and when they end.

use axum::body::Body;
use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::house::House;

#[test]
fn a_form_without_the_token_of_its_session_changes_nothing() {
    let house = House::empty();
    let (gp, other) = (house.sign_in("gp"), house.sign_in("district-nurse"));
    let foreign = other.token();
    assert_ne!(foreign, gp.token());
    for fields in [vec![], vec![("token", "")], vec![("token", "wrong")], vec![("token", foreign.as_str())]] {
        for address in ["/people", "/sign-out", "/quarantine/0198f0c2-77aa-7000-8000-000000000001"] {
            let answer = gp.post(address, &fields);
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address} {fields:?}");
            assert!(answer.body.contains("not one of this session"), "{address}");
        }
    }
    assert_eq!(gp.get("/people").status, StatusCode::OK, "still signed in");
}

#[test]
fn nobody_is_signed_in_from_another_site() {
    let house = House::empty();
    for (site, status) in [
        ("cross-site", StatusCode::BAD_REQUEST),
        ("same-site", StatusCode::BAD_REQUEST),
        ("same-origin", StatusCode::SEE_OTHER),
        ("none", StatusCode::SEE_OTHER),
    ] {
        let request = house.anybody().request("POST", "/sign-in");
        let request = request.header("sec-fetch-site", site);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = house.send(request.body(Body::from("persona=gp")).unwrap());
        assert_eq!(answer.status, status, "{site}");
        assert_eq!(answer.headers.contains_key(header::SET_COOKIE), status == StatusCode::SEE_OTHER, "{site}");
    }
}

#[test]
fn the_cookie_is_for_the_browser_alone_and_new_each_time() {
    let house = House::empty();
    let cookie = || {
        house.anybody().post("/sign-in", &[("persona", "gp")]).headers[header::SET_COOKIE].to_str().unwrap().to_owned()
    };
    let first = cookie();
    assert!(first.contains("HttpOnly") && first.contains("SameSite=Strict") && first.contains("Path=/"), "{first}");
    assert!(first.len() > 64, "256 bits");
    assert_ne!(first, cookie());
}

#[test]
fn a_session_ends_when_unused_for_half_an_hour() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    house.pass(SignedDuration::from_mins(29));
    assert_eq!(gp.get("/feeds").status, StatusCode::OK);
    house.pass(SignedDuration::from_mins(29));
    assert_eq!(gp.get("/feeds").status, StatusCode::OK, "use keeps it");
    house.pass(SignedDuration::from_mins(31));
    assert_eq!(gp.get("/feeds").location(), "/");
    assert!(gp.get("/").body.contains("You have been signed out"));
    house.pass(SignedDuration::from_mins(-31));
    assert_eq!(gp.get("/feeds").location(), "/", "an ended session does not come back");
}

#[test]
fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    for _ in 0..(12 * 3 - 1) {
        house.pass(SignedDuration::from_mins(20));
        assert_eq!(gp.get("/feeds").status, StatusCode::OK);
    }
    house.pass(SignedDuration::from_mins(20));
    assert_eq!(gp.get("/feeds").location(), "/");
}

#[test]
fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    let answer = gp.send("/sign-out", &[]);
    assert_eq!(answer.location(), "/");
    assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(gp.get("/people").location(), "/", "the old cookie opens nothing");
}
