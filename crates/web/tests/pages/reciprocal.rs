//! Somebody who is another borough's, by practice or by home: they are helped, the borough next door is asked by name and by a day,
//! and what is late stands on the list of whoever asked.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use crate::ask::asked;
use crate::house::House;

/// Somebody of the GP's practice, who lives at this postcode; their id.
fn registered(house: &House, family: &str, postcode: &str) -> String {
    let surgery = json!({"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"});
    let made = house.client("gp").post(
        "/fhir/Patient",
        &json!({"resourceType": "Patient", "name": [{"family": family, "given": ["Jo"]}], "birthDate": "1950-06-01",
            "address": [{"line": ["3 Loom Street"], "postalCode": postcode}], "generalPractitioner": [{"identifier": surgery}]}),
    );
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    house.sign_in("gp").person(&format!("Jo {family}")).to_string()
}

#[test]
fn somebody_of_the_borough_next_door_is_asked_for_there_by_name_and_by_a_day() {
    let house = House::open();
    let (gp, desk, nurse) = (house.sign_in("gp"), house.sign_in("coordinator"), house.sign_in("triage-nurse"));
    let person = registered(&house, "Hillwalker", "SK22 4XX");
    // The form says whose they are, and why, before anything is asked.
    let form = gp.get(&format!("/people/{person}/asks/new")).body;
    for words in [
        "Marple neighbourhood team: they are registered with Marple Bridge Surgery",
        "Derbyshire County Council: they live at SK22. Help now",
    ] {
        assert!(form.contains(words), "{words}: {form}");
    }
    let ask = asked(&gp, &person);
    assert_eq!(desk.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    let page = desk.get(&ask).body;
    assert!(
        page.contains("Derbyshire County Council: they live at SK22") && page.contains(&format!("{ask}/neighbour"))
    );
    // A name and a day: no request without both.
    let form =
        [("neighbour", "organisation:derbyshire-council"), ("contact", "01629 000000"), ("what", "Care at home")];
    let wrong = desk.send(&format!("{ask}/neighbour"), &form);
    assert_eq!(
        (wrong.status, wrong.body.matches("nhsuk-error-message").count()),
        (StatusCode::OK, 2),
        "{}",
        wrong.body
    );
    assert!(wrong.body.contains("Care at home"), "what was typed stays");
    let with = |day: &str| {
        let named = [("name", "Ann Peel"), ("day", day)];
        desk.send(&format!("{ask}/neighbour"), &form.iter().chain(&named).copied().collect::<Vec<_>>())
    };
    assert!(with("21 11 2026").body.contains("cannot be in the past"));
    assert_eq!(with("23 11 2026").status, StatusCode::SEE_OTHER);
    // It stays here, and stands on the list of whoever asked.
    let page = desk.get(&ask).body;
    assert!(page.contains("Single point of access has it now.") && page.contains("Asked Ann Peel of"), "{page}");
    let listed = desk.get("/asks").body;
    assert!(
        listed.contains("Asked of a neighbour borough")
            && listed.contains("Asked Ann Peel of Derbyshire County Council by 23 November")
    );
    assert!(!listed.contains("23 November: late"));
    house.pass(SignedDuration::from_hours(48));
    let (desk, nurse2) = (house.sign_in("coordinator"), house.sign_in("triage-nurse"));
    assert!(desk.get("/asks").body.contains("by 23 November: late"));
    assert!(desk.get(&ask).body.contains("Ann Peel of Derbyshire County Council has not answered in time"));
    // Nobody is turned away for it.
    drop(nurse);
    assert_eq!(nurse2.send(&format!("{ask}/start"), &[]).status, StatusCode::SEE_OTHER);
    let decline = [
        ("because", "Out of area, not our patient"),
        ("what", "Ring Derbyshire"),
        ("how", "By telephone"),
        ("team", "service:crisis-response"),
        ("name", "Sam Lee"),
        ("urgency", "routine"),
    ];
    let refused = nurse2.send(&format!("{ask}/decline"), &decline);
    assert!(
        refused.status == StatusCode::OK && refused.body.contains("nobody is") || refused.body.contains("Nobody is"),
        "{}",
        refused.body
    );
    // A no has somebody here who takes it further; a yes has a name and a day.
    let no = nurse2
        .send(&format!("{ask}/neighbour-answer"), &[("accepted", "no"), ("name", "Sam Lee"), ("because", "Full")]);
    assert!(no.body.contains("nhsuk-error-message"), "which team takes it further? {}", no.body);
    let yes = [("accepted", "yes"), ("name", "Ann Peel"), ("day", "26 11 2026")];
    assert_eq!(nurse2.send(&format!("{ask}/neighbour-answer"), &yes).status, StatusCode::SEE_OTHER);
    assert!(!desk.get("/asks").body.contains("Asked Ann Peel"));
}

#[test]
fn whose_somebody_is_follows_practice_and_home_and_nobody_of_ours_is_sent_next_door() {
    let house = House::open();
    let (gp, desk) = (house.sign_in("gp"), house.sign_in("coordinator"));
    // Ours in both.
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    desk.send(&format!("{ask}/accept"), &[]);
    let page = desk.get(&ask).body;
    assert!(page.contains("Stockport Metropolitan Borough Council: they live at SK6"), "{page}");
    assert!(!page.contains(&format!("{ask}/neighbour\"")));
    // Lives here, registered with a practice of the next borough.
    let mut away = crate::hospital::Patient::new(91, "Wayfarer", "C81999");
    away.postcode = "SK6 6ZZ";
    house.tell("a.hl7", &crate::hospital::adt("A01", "I", &away, "20261121090000", "", "Fall"));
    let person = desk.person("Wayfarer").to_string();
    let form = desk.get(&format!("/people/{person}/asks/new")).body;
    assert!(form.contains("The team of another place: they are registered with practice C81999"), "{form}");
    assert!(form.contains("Stockport Metropolitan Borough Council: they live at SK6"), "{form}");
}
