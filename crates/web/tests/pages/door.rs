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
    assert_eq!(answer.location(), "/signed-out");
    assert!(gp.get("/signed-out").body.contains("You have been signed out"));
    assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(gp.get("/people").location(), "/", "the old cookie opens nothing");
}

#[test]
fn a_session_outlives_the_server_and_its_end_is_known_to_every_other() {
    let house = House::empty();
    let (gp, nurse) = (house.sign_in("gp"), house.sign_in("district-nurse"));
    let other = house.again(web::Door::default());
    for visitor in [&gp, &nurse] {
        let page = other.send(visitor.request("GET", "/feeds").body(Body::empty()).unwrap());
        assert_eq!(page.status, StatusCode::OK, "what is stored is enough");
    }
    gp.send("/sign-out", &[]);
    let third = house.again(web::Door::default());
    let status = |visitor: &crate::house::Visitor<'_>| {
        third.send(visitor.request("GET", "/feeds").body(Body::empty()).unwrap()).status
    };
    assert_eq!((status(&gp), status(&nurse)), (StatusCode::SEE_OTHER, StatusCode::OK));
    assert!(house.store.verify(None).unwrap().findings.is_empty(), "the table is what the log says");
}

#[test]
fn beginning_use_and_end_are_in_the_log_and_no_secret_is() {
    let house = House::empty();
    let answer = house.anybody().post("/sign-in", &[("persona", "gp")]);
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    let secret = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let gp = house.sign_in("gp");
    for _ in 0..20 {
        house.pass(SignedDuration::from_mins(1));
        assert_eq!(gp.get("/feeds").status, StatusCode::OK);
    }
    gp.send("/sign-out", &[]);
    let mut events = Vec::new();
    let walked = house.store.read(|tx| {
        events.clear();
        store::log::walk(tx, 1, &mut |_, entry| {
            assert!(!entry.body.contains(&secret), "{}", entry.body);
            events.push(format!("{} {}", entry.kind, entry.event));
            Ok(())
        })
    });
    walked.unwrap();
    let count = |event: &str| events.iter().filter(|one| *one == event).count();
    assert_eq!((count("session Began"), count("session Ended")), (2, 1), "{events:?}");
    assert_eq!(count("session Used"), 4, "every five minutes and no oftener: {events:?}");
}

#[test]
fn signing_in_again_ends_the_session_before_it() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    let answer = gp.post("/sign-in", &[("persona", "district-nurse")]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(gp.get("/feeds").location(), "/", "the old secret opens nothing");
}

#[test]
fn behind_tls_the_cookie_is_for_tls_and_this_host_alone() {
    let house = House::empty();
    let door = web::Door { secure: true, ..web::Door::default() };
    let secure = house.again(door);
    let request = house.anybody().request("POST", "/sign-in");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = secure.send(request.body(Body::from("persona=gp")).unwrap());
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-weft-session=") && cookie.ends_with("; Secure"), "{cookie}");
    let (pair, _) = cookie.split_once(';').unwrap();
    let ask = |pair: &str| {
        let request = house.anybody().request("GET", "/about").header(header::COOKIE, pair);
        secure.send(request.body(Body::empty()).unwrap())
    };
    let page = ask(pair);
    assert!(page.body.contains("Sign out"));
    let plain = pair.replace("__Host-", "");
    assert!(!ask(&plain).body.contains("Sign out"), "the plain name is not taken there");
    let token = page.between("name=\"token\" value=\"", "\"");
    let request = house.anybody().request("POST", "/sign-out").header(header::COOKIE, pair);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = secure.send(request.body(Body::from(format!("token={token}"))).unwrap());
    assert_eq!(answer.location(), "/signed-out");
    assert!(answer.headers["clear-site-data"].to_str().unwrap().contains("cookies"));
}

#[test]
fn a_browsers_secret_is_no_token_of_a_program_nor_the_other_way_round() {
    let house = House::empty();
    let cookie =
        house.anybody().post("/sign-in", &[("persona", "gp")]).headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    let browser = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let asked = house.anybody().request("POST", "/sign-in").header(header::ACCEPT, "application/json");
    let asked = asked.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = house.send(asked.body(Body::from("persona=gp")).unwrap());
    let program = answer.between("\"access_token\":\"", "\"").to_owned();
    let ask = |name, value: String| {
        let request = house.anybody().request("GET", "/fhir/Organization").header(name, value);
        house.send(request.body(Body::empty()).unwrap()).status
    };
    assert_eq!(ask(header::AUTHORIZATION, format!("Bearer {program}")), StatusCode::OK);
    assert_eq!(ask(header::AUTHORIZATION, format!("Bearer {browser}")), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(header::COOKIE, format!("weft-session={browser}")), StatusCode::OK);
    assert_eq!(ask(header::COOKIE, format!("weft-session={program}")), StatusCode::UNAUTHORIZED);
}

#[test]
fn nobody_is_signed_in_whose_session_cannot_be_written_down() {
    let house = House::empty();
    house.full.store(true, std::sync::atomic::Ordering::Relaxed);
    let answer = house.anybody().post("/sign-in", &[("persona", "gp")]);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
}
