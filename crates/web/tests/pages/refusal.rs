//! What is refused is refused in a page: no bare text, nothing said of who is there.

use axum::body::Body;
use axum::http::{StatusCode, header};

use crate::house::House;

#[test]
fn an_address_of_nobody_is_the_page_of_no_page() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let nothing = gp.get("/no-such-page");
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(nothing.body.contains("Page not found") && nothing.body.contains("Sign out"), "in the signed-in shell");
    for address in [
        "/people/0198f0c2-77aa-7000-8000-000000000001",
        "/people/0198f0c2-77aa-7000-8000-000000000001/access",
        "/people/no-id",
        "/people/%FF/timeline",
        "/neighbourhoods/nowhere",
        "/assets/none.css",
    ] {
        let answer = gp.get(address);
        assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &nothing.body), "{address}");
    }
    let officer = house.sign_in("records-officer");
    assert_eq!(officer.get("/quarantine/no-id").body, officer.get("/no-such-page").body);
    let outside = house.anybody().get("/no-such-page");
    assert!(outside.body.contains("Page not found") && !outside.body.contains("Sign out"));
}

#[test]
fn what_axum_refuses_is_a_page_as_well() {
    let house = House::empty();
    let gp = house.sign_in("gp");
    let long = "x".repeat(70 * 1024);
    let plain = |kind: &str, body: &'static str| {
        house.send(gp.request("POST", "/people").header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap())
    };
    for (answer, status) in [
        (gp.post("/people", &[("name", &long)]), StatusCode::PAYLOAD_TOO_LARGE),
        (plain("text/plain", "name=x"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (gp.post("/feeds", &[]), StatusCode::METHOD_NOT_ALLOWED),
        (gp.get("/quarantine?feed=%FF%FE&page=%"), StatusCode::OK),
        (gp.get("/quarantine?page=99999999999999999999"), StatusCode::OK),
    ] {
        assert_eq!(answer.status, status);
        assert!(answer.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{answer:?}");
        assert!(answer.body.contains("<h1") && answer.body.contains("Demonstration data"), "{answer:?}");
    }
    let message = "/quarantine/0198f0c2-77aa-7000-8000-000000000001";
    assert_ne!(
        gp.send(message, &[("text", &long)]).status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "a message may be larger than a form"
    );
    let huge = "x".repeat(9 * 1024 * 1024);
    assert_eq!(gp.post(message, &[("text", &huge)]).status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn a_mistyped_number_is_told_and_kept() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let answer = gp.send("/people", &[("nhs_number", "999 123 4561")]);
    assert_eq!(answer.location(), "/people", "and not in the address");
    let page = gp.get("/people").body;
    assert!(page.contains("There is a problem") && page.contains("value=\"999 123 4561\""));
}
