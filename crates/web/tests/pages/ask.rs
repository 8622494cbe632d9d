//! The journey by its pages: from the one door to the answer, each step by whoever's it is, and nobody else's.

use axum::http::StatusCode;

use crate::house::{House, Visitor};

/// What a whole form says, but for what is changed.
const FORM: [(&str, &str); 13] = [
    ("do", "send"),
    ("kind", "fall"),
    ("happened", "Fell in the kitchen and cannot get up"),
    ("worries", "Alone and cold"),
    ("otherwise", "ambulance"),
    ("urgency", "two-hours"),
    ("consent", "agrees"),
    ("alone", "yes"),
    ("floor", "06:20"),
    ("name", "Pat Neighbour"),
    ("relation", "Neighbour"),
    ("call_back", "01632 960000"),
    ("described", "A man of about 70, grey coat"),
];

/// The hidden ids of a form that was opened.
fn ids(page: &str) -> (String, String) {
    let between = |before: &str| page.split(before).nth(1).unwrap().split('"').next().unwrap().to_owned();
    (between("name=\"id\" value=\""), between("name=\"person\" value=\""))
}

/// Sends the form for Margaret, as somebody; the address of the ask.
pub(crate) fn asked(by: &Visitor<'_>, margaret: &str) -> String {
    asked_on_floor(by, margaret, "06:20")
}

/// The same, on the floor since another time.
pub(crate) fn asked_on_floor(by: &Visitor<'_>, margaret: &str, since: &str) -> String {
    let form = by.get(&format!("/people/{margaret}/asks/new"));
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let (id, person) = ids(&form.body);
    let fields: Vec<(&str, &str)> = FORM
        .into_iter()
        .map(|(name, value)| (name, if name == "floor" { since } else { value }))
        .chain([("id", id.as_str()), ("person", person.as_str())])
        .collect();
    let sent = by.send("/asks/new/form", &fields);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    // Pressed twice: the same ask, and nothing more.
    assert_eq!(by.send("/asks/new/form", &fields).location(), sent.location());
    sent.location().split('?').next().unwrap().to_owned()
}

#[test]
fn an_ask_goes_from_the_door_to_its_answer_and_never_without_an_owner() {
    let house = House::open();
    let (gp, desk, nurse) = (house.sign_in("gp"), house.sign_in("coordinator"), house.sign_in("triage-nurse"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    let page = gp.get(&ask).body;
    assert!(page.contains("Marple Bridge Surgery has it now."), "{page}");
    assert!(page.contains("Single point of access was asked to take it"), "{page}");
    // The desk finds it offered, and takes it.
    let list = desk.get("/asks").body;
    assert!(list.contains("Margaret Ashworth") && list.contains(&format!("href=\"{ask}\"")));
    assert_eq!(desk.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    assert!(desk.get(&ask).body.contains("Single point of access has it now."));
    // A coordinator does not decide; a clinician of the same desk does.
    assert!(!desk.get(&ask).body.contains(&format!("{ask}/decline")));
    let decline = [("because", "No responder tonight"), ("urgency", "same-day")];
    assert!(desk.send(&format!("{ask}/start"), &[]).body.contains("There is a problem"));
    assert_eq!(nurse.send(&format!("{ask}/start"), &[]).status, StatusCode::SEE_OTHER);
    // The services, the best fit first; one that is not the first needs a reason, and a page that has grown old decides nothing.
    let offers = nurse.get(&format!("{ask}/triage"));
    let seen = offers.between("name=\"seen\" value=\"", "\"").to_owned();
    let second = offers.body.split("name=\"service\" value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let choose = |seen: &str, reason: &str| {
        nurse.send(
            &format!("{ask}/triage"),
            &[("service", &second), ("seen", seen), ("level", "home"), ("reason", reason)],
        )
    };
    assert!(choose("old", "continuity").body.contains("has changed since this page was opened"));
    assert!(choose(&seen, "").body.contains("Say why this one and not the first"));
    // A decline without an alternative and a name cannot be sent.
    let wrong = nurse.send(&format!("{ask}/decline"), &decline);
    assert_eq!(wrong.status, StatusCode::OK);
    assert_eq!(wrong.body.matches("nhsuk-error-message").count(), 4, "what, how, team and name: {}", wrong.body);
    assert!(wrong.body.contains("No responder tonight"), "what was typed stays");
    let advise = [("advice", "Call the falls pick-up"), ("because", "Not hurt"), ("urgency", "same-day")];
    assert_eq!(nurse.send(&format!("{ask}/advise"), &advise).status, StatusCode::SEE_OTHER);
    // It is not closed by being decided: an outcome and an answer first.
    let close = nurse.send(&format!("{ask}/close"), &[]);
    assert!(close.status == StatusCode::OK && close.body.contains("There is a problem"));
    let answer = [("to", "Pat"), ("how", "On the line"), ("words", "Pick-up comes at seven")];
    assert_eq!(nurse.send(&format!("{ask}/answer"), &answer).status, StatusCode::SEE_OTHER);
    let outcome = [("ending", "advice-given"), ("words", "Picked up, not hurt")];
    assert_eq!(nurse.send(&format!("{ask}/outcome"), &outcome).status, StatusCode::SEE_OTHER);
    assert_eq!(nurse.send(&format!("{ask}/close"), &[]).status, StatusCode::SEE_OTHER);
    let ended = gp.get(&ask).body;
    assert!(ended.contains("Single point of access had it last.") && ended.contains("It is closed: advice given."));
    assert!(ended.contains("triage@") && ended.contains("Done after"), "figures name their rule: {ended}");
    // The person can follow it, too.
    let mine = house.sign_in("citizen").get("/me/asks").body;
    assert!(mine.contains("A fall") && mine.contains("Closed"));
}

#[test]
fn nobody_s_draft_is_lost_and_nobody_else_sees_it() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let (id, person) = ids(&gp.get(&format!("/people/{margaret}/asks/new")).body);
    let kept = gp.send("/asks/new/form", &[("id", &id), ("person", &person), ("do", "keep"), ("happened", "She fe")]);
    assert!(kept.body.contains("Your draft was kept at") && kept.body.contains("value=\"She fe\""));
    assert!(gp.get("/asks/new").body.contains(&format!("/asks/draft/{id}")));
    assert!(gp.get(&format!("/asks/draft/{id}")).body.contains("value=\"She fe\""));
    let nurse = house.sign_in("district-nurse");
    assert!(!nurse.get("/asks/new").body.contains(&id));
    assert_eq!(nurse.get(&format!("/asks/draft/{id}")).status, StatusCode::NOT_FOUND);
    // What is wrong is said at its field, all at once, with what was typed still there.
    let wrong =
        gp.send("/asks/new/form", &[("id", &id), ("person", &person), ("do", "send"), ("happened", "She fell")]);
    assert!(wrong.body.contains("value=\"She fell\"") && wrong.body.matches("nhsuk-error-message").count() >= 6);
}

#[test]
fn what_is_being_typed_is_kept_without_a_page_and_never_over_what_was_sent() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let (id, person) = ids(&gp.get(&format!("/people/{margaret}/asks/new")).body);
    let at = format!("/asks/draft/{id}");
    let typed = [("id", id.as_str()), ("person", person.as_str()), ("happened", "She fe")];
    let kept = gp.send(&at, &typed);
    assert_eq!((kept.status, kept.body.as_str()), (StatusCode::OK, "{\"kept\":\"09:30\"}"));
    assert_eq!(kept.headers["content-type"], "application/json");
    assert!(gp.get(&at).body.contains("value=\"She fe\""), "the page at the same address is the draft");
    // Another form, another hand, another session's form: nothing is kept, and what there was stays.
    let nurse = house.sign_in("district-nurse");
    let theirs = nurse.send(&at, &typed);
    assert_eq!(theirs.status, StatusCode::CONFLICT);
    assert!(theirs.body.starts_with("{\"problem\":\"") && !theirs.body.contains("Margaret"), "{}", theirs.body);
    assert_eq!(gp.post(&at, &typed).status, StatusCode::BAD_REQUEST, "without the token");
    let other = [("id", margaret.as_str()), ("person", person.as_str())];
    assert_eq!(gp.send(&at, &other).status, StatusCode::BAD_REQUEST, "the form of another ask");
    let long = "é".repeat(8_001);
    let told = gp.send(&at, &[("id", id.as_str()), ("person", person.as_str()), ("happened", long.as_str())]);
    assert_eq!(told.status, StatusCode::CONFLICT, "{}", told.body);
    assert!(gp.get(&at).body.contains("value=\"She fe\""));
    // Once it is sent, what was on its way changes nothing.
    let fields: Vec<(&str, &str)> =
        FORM.into_iter().chain([("id", id.as_str()), ("person", person.as_str())]).collect();
    assert_eq!(gp.send("/asks/new/form", &fields).status, StatusCode::SEE_OTHER);
    assert_eq!(gp.send(&at, &typed).status, StatusCode::CONFLICT);
    assert!(!gp.get("/asks/new").body.contains(&at), "no draft is left of it");
}

#[test]
fn somebody_without_a_name_is_asked_for_by_what_they_look_like() {
    let house = House::open();
    let desk = house.sign_in("coordinator");
    let (id, person) = ids(&desk.get("/asks/new/unknown").body);
    let fields: Vec<(&str, &str)> =
        FORM.into_iter().chain([("id", id.as_str()), ("person", person.as_str())]).collect();
    let sent = desk.send("/asks/new/form", &fields);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = desk.get(sent.location()).body;
    assert!(page.contains("Nobody in the record yet: A man of about 70, grey coat"));
    assert!(desk.get("/asks").body.contains("A man of about 70, grey coat"));
}

#[test]
fn whoever_has_no_part_in_an_ask_reads_no_word_of_it() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    for persona in ["receptionist", "records-officer", "privacy-officer", "analyst", "carer", "crisis-responder"] {
        let other = house.sign_in(persona);
        for address in [ask.clone(), format!("{ask}/add"), "/asks".to_owned(), format!("/people/{margaret}/asks")] {
            let answer = other.get(&address);
            assert!(!answer.body.contains("kitchen"), "{persona} at {address}");
        }
        let tried = other.send(&format!("{ask}/accept"), &[]);
        assert!(tried.status != StatusCode::SEE_OTHER, "{persona}");
    }
}
