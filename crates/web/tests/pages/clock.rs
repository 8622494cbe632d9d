//! What Weft counts of itself, by its pages: a figure, its rule, what is behind it for those who have it, and nothing small for
//! anybody else.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::assurance::holds;
use crate::crisis::taken;
use crate::house::House;

const MONTH: &str = "/clocks/crisis-response/2026-11";

#[test]
fn a_figure_is_taken_apart_by_those_who_have_the_asks_behind_it() {
    let house = House::open();
    let (ask, ..) = taken(&house);
    let joel = house.sign_in("crisis-responder");
    holds("clocks", &joel.get("/clocks"));
    let before = house.happened();
    let page = joel.get(MONTH);
    holds("clock_month", &page);
    assert!(page.body.contains("Margaret Ashworth") && page.body.contains(&format!("href=\"{ask}\"")), "{}", page.body);
    assert!(page.body.contains("left, until") && page.body.contains("crisis-response@2026-1"));
    assert_eq!(house.happened(), before + 1, "a look is written down before anybody is shown");
    // Late by then, in the figure and behind it.
    house.pass(SignedDuration::from_hours(3));
    let late = house.sign_in("crisis-responder").get(MONTH).body;
    assert!(late.contains("minutes late") || late.contains("hour late"), "{late}");
    let analyst = house.sign_in("analyst");
    let page = analyst.get("/clocks/crisis-response");
    holds("clock", &page);
    assert!(page.body.contains("0% (0 to 79)") && page.body.contains("NHS England, urgent community response"));
    let file = analyst.get("/clocks/crisis-response/months.csv");
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    assert!(file.body.contains("\"2026-11\",\"crisis-response@2026-1\",0,1,0,0,"), "{}", file.body);
}

#[test]
fn whoever_has_none_of_the_asks_sees_the_figure_and_its_rule_and_no_small_count() {
    let house = House::open();
    taken(&house);
    let (before, analyst) = (house.happened(), house.sign_in("analyst").get(MONTH));
    assert!(analyst.body.contains("Your role sees the figure and its rule") && !analyst.body.contains("Margaret"));
    let social = house.sign_in("social-worker").get(MONTH);
    assert!(social.body.contains("None of the asks behind this figure is with your teams"), "{}", social.body);
    assert!(!social.body.contains("Margaret"));
    assert_eq!(house.happened(), before, "nobody was shown");
    for page in [
        house.sign_in("commissioner").get("/clocks/crisis-response"),
        house.anybody().get("/public/clocks/crisis-response"),
        house.anybody().get("/public/clocks/crisis-response/months.csv"),
    ] {
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Too few to be shown") && page.body.contains("Not shown"), "{}", page.body);
    }
    let open = house.anybody().get("/public/clocks/crisis-response");
    assert!(open.headers.get(header::SET_COOKIE).is_none() && !open.body.contains("2026-11\""), "not taken apart");
    holds("public_clock", &open);
    holds("public_clocks", &house.anybody().get("/public/clocks"));
}

#[test]
fn what_is_not_counted_here_is_not_there() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    for address in [
        "/clocks/referral-to-treatment",
        "/clocks/nothing",
        "/clocks/triage/2020-01",
        "/clocks/triage/2027-01",
        "/clocks/triage/never",
        "/clocks/nothing/months.csv",
    ] {
        assert_eq!(analyst.get(address).status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(house.anybody().get("/public/clocks/triage/2026-11").status, StatusCode::NOT_FOUND);
    assert!(analyst.get("/clocks/triage").body.contains("Nothing has started this clock yet"));
}
