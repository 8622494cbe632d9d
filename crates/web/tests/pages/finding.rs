//! Case finding by its pages: a team begins a list, it looks, each person stands there with a reason, and the team decides. What it
//! shows is a look; whose it is not has nothing there.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::house::{Answer, House, Visitor};

/// What a list needs to say.
pub(crate) const LIST: [(&str, &str); 7] = [
    ("do", "begin"),
    ("title", "Heart failure, and nobody visits"),
    ("rule", "register-heart-failure"),
    ("neighbourhood", "marple"),
    ("reason", "They come to hospital when nobody weighs them"),
    ("offer", "A nurse who visits every week for a month"),
    ("effect", "Fewer urgent contacts in three months"),
];

/// Begins a list and looks; its address.
pub(crate) fn begun(nurse: &Visitor<'_>) -> String {
    let begun = nurse.send("/finding", &LIST);
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let list = begun.location().to_owned();
    let looked = nurse.send(&list, &[("do", "look")]);
    assert_eq!(looked.status, StatusCode::SEE_OTHER, "{}", looked.body);
    list
}

/// The page of the first person on a list.
pub(crate) fn first(list: &str, page: &Answer) -> String {
    format!("{list}/{}", page.between(&format!("href=\"{list}/"), "\""))
}

#[test]
fn a_list_says_why_somebody_is_on_it_and_is_a_look_that_they_can_read() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let page = nurse.get(&list);
    assert!(
        page.body.contains("Margaret Ashworth") && page.body.contains("What this list is not for"),
        "{}",
        page.body
    );
    let row = page.between("Margaret Ashworth</a>", "</tr>");
    assert!(row.to_lowercase().contains("heart failure"), "the reason stands beside the name: {row}");
    house.pass(SignedDuration::from_secs(1));
    let looks = house.sign_in("citizen").get("/me/looks");
    assert!(looks.body.contains("on a list of their desk"), "{}", looks.body);
}

#[test]
fn who_is_taken_on_comes_onto_the_teams_caseload_by_one_press() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let case = first(&list, &nurse.get(&list));
    let page = nurse.get(&case);
    assert!(page.body.contains("weft-person") || page.body.contains("NHS number"), "the page shows whose it is");
    assert!(page.body.contains("taken apart for this person"));
    let done = nurse.send(&case, &[("do", "accept")]);
    assert_eq!(done.location(), format!("{list}?done=accept"));
    let page = house.sign_in("therapist").get(&list);
    assert!(page.body.contains("On your team\u{2019}s caseload. Taken on by Ruth Oyelaran"), "{}", page.body);
    let again = nurse.send(&case, &[("do", "accept")]);
    assert!(again.body.contains("This person has been taken on from this list already."), "{}", again.body);
}

#[test]
fn declining_wants_a_reason_and_later_wants_a_day() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let case = first(&list, &nurse.get(&list));
    assert!(nurse.send(&case, &[("do", "decline"), ("reason", "no")]).body.contains("Say why they are not taken on"));
    assert!(nurse.send(&case, &[("do", "later"), ("until", "2026-11-22")]).body.contains("Choose a day after today"));
    assert!(nurse.send(&case, &[("do", "later"), ("until", "soon")]).body.contains("Give the day as"));
    nurse.send(&case, &[("do", "later"), ("until", "2026-11-25")]);
    assert!(nurse.get(&list).body.contains("Put off until 25 November 2026 by Ruth Oyelaran"));
    // When the day has come they are to be decided about again.
    house.pass(SignedDuration::from_hours(24 * 3));
    let nurse = house.sign_in("district-nurse");
    let waiting = nurse.get(&list);
    assert!(waiting.between("To decide</h2>", "<h2").contains("Put off until 25 November 2026"), "{}", waiting.body);
    nurse.send(&case, &[("do", "decline"), ("reason", "Already with the heart failure nurse")]);
    let page = nurse.get(&list);
    assert!(page.body.contains("Already with the heart failure nurse") && page.body.contains("What came after"));
    assert!(page.body.contains("do not say what the list achieved"));
}

#[test]
fn a_list_is_its_neighbourhood_teams_and_nobody_elses() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let case = first(&list, &nurse.get(&list));
    for (persona, status) in [
        ("gp", StatusCode::NOT_FOUND),
        ("consultant", StatusCode::NOT_FOUND),
        ("receptionist", StatusCode::NOT_FOUND),
        ("citizen", StatusCode::FORBIDDEN),
        ("analyst", StatusCode::FORBIDDEN),
        ("commissioner", StatusCode::FORBIDDEN),
    ] {
        for address in ["/finding", &list, &case] {
            let answer = house.sign_in(persona).get(address);
            assert_eq!(answer.status, status, "{persona} {address}");
            assert!(!answer.body.contains("Margaret Ashworth") || persona == "citizen", "{persona} {address}");
        }
    }
    let elsewhere: Vec<(&str, &str)> =
        LIST.iter().map(|(name, value)| (*name, if *name == "neighbourhood" { "victoria" } else { *value })).collect();
    assert!(nurse.send("/finding", &elsewhere).body.contains("Choose one of your own neighbourhoods."));
}

#[test]
fn a_list_that_does_not_say_what_it_offers_is_not_begun() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let without = |field: &str| -> Answer {
        let fields: Vec<(&str, &str)> =
            LIST.iter().map(|(name, value)| (*name, if *name == field { "" } else { *value })).collect();
        nurse.send("/finding", &fields)
    };
    for (field, words) in [
        ("title", "what the list is called"),
        ("rule", "Choose the rule by which people are found."),
        ("reason", "why people are looked for"),
        ("offer", "what they are offered"),
        ("effect", "what should change by it"),
    ] {
        assert!(without(field).body.contains(words), "{field}");
    }
    assert!(nurse.get("/finding").body.contains("Your team has no list yet."));
}
