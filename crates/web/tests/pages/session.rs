//! One's own sessions: seen and ended by whoever they are of; and a sign-in that is too old for a closed record.

use axum::body::Body;
use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::house::House;
use crate::show::text;

#[test]
fn whoever_is_signed_in_twice_sees_both_and_ends_the_other() {
    let house = House::empty();
    let (one, other, nurse) = (house.sign_in("gp"), house.sign_in("gp"), house.sign_in("district-nurse"));
    house.pass(SignedDuration::from_mins(1));
    let page = one.get("/sessions");
    let words = text(&page.body);
    assert!(words.contains("This one, as") && words.contains("A browser, as"), "{words}");
    assert_eq!(page.body.matches("name=\"session\"").count(), 1, "their own two, and no button at this one");
    let id = page.between("name=\"session\" value=\"", "\"").to_owned();
    // Nobody ends another's.
    assert_eq!(nurse.send("/sessions", &[("session", &id)]).location(), "/sessions");
    assert_eq!(other.get("/sessions").status, StatusCode::OK);
    assert_eq!(one.post("/sessions", &[("session", &id)]).status, StatusCode::BAD_REQUEST, "without the token");
    assert_eq!(one.send("/sessions", &[("session", &id)]).location(), "/sessions?done=yes");
    assert_eq!(other.get("/sessions").location(), "/", "it has ended");
    assert_eq!(nurse.get("/sessions").status, StatusCode::OK);
    let page = one.get("/sessions?done=yes");
    assert!(page.body.contains("Whoever used it has to sign in again") && !page.body.contains("name=\"session\""));
}

#[test]
fn all_others_end_at_once_a_program_among_them() {
    let house = House::empty();
    let one = house.sign_in("gp");
    let browser = house.sign_in("gp");
    let asked = house.anybody().request("POST", "/sign-in").header(header::ACCEPT, "application/json");
    let asked = asked.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = house.send(asked.body(Body::from("persona=gp")).unwrap());
    let token = answer.between("\"access_token\":\"", "\"").to_owned();
    assert!(one.get("/sessions").body.contains("A program, as"));
    assert_eq!(one.send("/sessions", &[("others", "yes")]).location(), "/sessions?done=yes");
    assert_eq!(browser.get("/sessions").location(), "/");
    let request = house.anybody().request("GET", "/fhir/Organization");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap();
    assert_eq!(house.send(request).status, StatusCode::UNAUTHORIZED);
    assert_eq!(one.get("/sessions").status, StatusCode::OK);
}

#[test]
fn a_session_that_nobody_came_back_to_is_not_shown_as_one() {
    let house = House::empty();
    let _left = house.sign_in("gp");
    house.pass(SignedDuration::from_mins(31));
    let page = house.sign_in("gp").get("/sessions");
    assert!(!page.body.contains("name=\"session\""), "{}", page.body);
}

#[test]
fn whoever_signed_in_long_ago_signs_in_again_before_a_closed_record_opens() {
    let house = House::open();
    let strict = house.again(web::Door { glass: Some(SignedDuration::from_mins(20)), ..web::Door::default() });
    let reader = house.sign_in("consultant");
    let id = reader.person("Margaret Ashworth");
    let address = format!("/people/{id}/glass");
    let fields = format!("why=emergency&reason=Brought%20in%20by%20ambulance%2C%20confused&token={}", reader.token());
    let ask = |method: &str, body: &str| {
        let request = reader.request(method, &address);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        strict.send(request.body(Body::from(body.to_owned())).unwrap())
    };
    assert_eq!(ask("GET", "").status, StatusCode::OK);
    house.pass(SignedDuration::from_mins(21));
    let before = house.happened();
    for (method, body) in [("GET", ""), ("POST", fields.as_str())] {
        let answer = ask(method, body);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method}");
        assert!(answer.body.contains("ou signed in a while ago"), "{method}: {}", answer.body);
    }
    assert!(house.happened() > before, "that they tried is written down");
    let register = house.sign_in("privacy-officer").get("/privacy/glass");
    assert!(!register.body.contains("href=\"/privacy/glass/"), "nothing was opened");
    // Signed in anew it opens.
    let again = house.sign_in("consultant");
    let fields = fields.replace(&reader.token(), &again.token());
    let request = again.request("POST", &address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = strict.send(request.body(Body::from(fields)).unwrap());
    assert_eq!(answer.location(), format!("/people/{id}"), "{}", answer.body);
}

#[test]
fn the_privacy_officer_reads_the_rules_and_nobody_else() {
    let house = House::open();
    let page = house.sign_in("privacy-officer").get("/privacy/rules");
    let fingerprint = access::policy::fingerprint();
    for word in [&fingerprint[..8], "clinicians-record", "it is sealed", "weft.cedarschema", "forbids.cedar"] {
        assert!(page.body.contains(word), "{word}");
    }
    for stated in access::policy::stated() {
        assert!(page.body.contains(&stated.id), "{}", stated.id);
    }
    for persona in ["gp", "citizen", "records-officer", "analyst"] {
        assert_eq!(house.sign_in(persona).get("/privacy/rules").status, StatusCode::FORBIDDEN, "{persona}");
    }
    let status = text(&house.anybody().get("/status").body);
    assert!(status.contains("Every decision could be made.") && status.contains("None has found what its reader"));
}
