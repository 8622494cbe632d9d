//! A person's scores by their pages: taken apart down to the entry, disputed and counted again, and shown to nobody as a verdict.

use axum::http::StatusCode;

use crate::house::House;

const RULE: &str = "register-heart-failure";

#[test]
fn a_score_is_taken_apart_down_to_the_entry_that_it_rests_on() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let margaret = nurse.person("Margaret Ashworth");
    let list = nurse.get(&format!("/people/{margaret}/scores"));
    assert_eq!(list.status, StatusCode::OK);
    let href = format!("/people/{margaret}/scores/{RULE}");
    assert!(list.body.contains(&format!("href=\"{href}\"")), "{}", list.body);
    let page = nurse.get(&href);
    assert!(page.body.contains("On this register.") && page.body.contains("snomed 84114007"), "{}", page.body);
    assert!(page.body.contains("Not for:") && page.body.contains("Fingerprint of its lists of codes"));
    let entry = page.between(&format!("href=\"/people/{margaret}/timeline?entry="), "#").to_owned();
    let timeline = nurse.get(&format!("/people/{margaret}/timeline?entry={entry}"));
    let line = timeline.between(&format!("<li class=\"weft-entry\" id=\"entry-{entry}\">"), "</li>");
    assert!(line.to_lowercase().contains("heart failure"), "the link leads to the entry itself: {line}");
}

#[test]
fn what_is_disputed_does_not_count_at_the_next_reading_and_counts_again_once_taken_back() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let href = format!("/people/{}/scores/{RULE}", nurse.person("Margaret Ashworth"));
    let dispute = |reason: &str| {
        nurse.send(&href, &[("do", "dispute"), ("part", "register"), ("ground", "miscoded"), ("reason", reason)])
    };
    assert!(dispute("no").body.contains("Say why in at least 10 characters"));
    let done = dispute("The echo of last May was normal");
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("{href}?done=dispute").as_str()));
    // By whoever looks next, and with the entry still to be seen.
    let page = house.sign_in("therapist").get(&href);
    assert!(
        page.body.contains("Not on this register.") && page.body.contains("Disputed: not counted"),
        "{}",
        page.body
    );
    assert!(page.body.contains("The echo of last May was normal (Ruth Oyelaran)"));
    assert!(page.body.contains("snomed 84114007"));
    assert!(dispute("The echo of last May was normal").body.contains("Somebody has said so already."));
    let standing = page.between("name=\"dispute\" type=\"radio\" value=\"", "\"").to_owned();
    nurse.send(&href, &[("do", "withdraw"), ("dispute", &standing), ("why", "It was another person\u{2019}s echo")]);
    assert!(nurse.get(&href).body.contains("On this register."));
}

#[test]
fn a_score_is_no_verdict_to_the_person_and_nothing_to_whoever_gives_no_care() {
    let house = House::open();
    let margaret = house.sign_in("gp").person("Margaret Ashworth");
    for (persona, status) in [
        ("citizen", StatusCode::NOT_FOUND),
        ("receptionist", StatusCode::NOT_FOUND),
        ("care-home-manager", StatusCode::NOT_FOUND),
        ("analyst", StatusCode::FORBIDDEN),
        ("commissioner", StatusCode::FORBIDDEN),
    ] {
        for address in [format!("/people/{margaret}/scores"), format!("/people/{margaret}/scores/{RULE}")] {
            assert_eq!(house.sign_in(persona).get(&address).status, status, "{persona} {address}");
        }
    }
    // Nobody of another team: the record is closed, and so is what is made of it.
    let consultant = house.sign_in("crisis-responder").get(&format!("/people/{margaret}/scores"));
    assert_eq!(consultant.status, StatusCode::FORBIDDEN);
}

#[test]
fn what_a_role_may_not_see_is_in_no_score_of_theirs_and_the_page_says_so() {
    let house = House::open();
    let worker = house.sign_in("social-worker");
    let margaret = worker.person("Margaret Ashworth");
    let page = worker.get(&format!("/people/{margaret}/scores"));
    assert!(page.body.contains("There are entries that you are not able to see."), "{}", page.body);
}
