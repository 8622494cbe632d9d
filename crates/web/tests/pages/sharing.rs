//! How a record is shared: the person chooses and nobody else, and what was chosen is shown and can be taken back.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::house::House;

#[test]
fn a_person_objects_with_what_it_does_before_them_and_can_take_it_back() {
    let house = House::open();
    let me = house.sign_in("citizen");
    let page = me.get("/me/sharing").body;
    for words in ["Your record is shared", "each organisation sees only what it wrote itself", "in an emergency"] {
        assert!(page.contains(words), "{words}");
    }
    let done = me.send("/me/sharing", &[("choice", "object"), ("words", "A neighbour works there.")]);
    assert_eq!(done.location(), "/me/sharing?done=object");
    let page = me.get(done.location()).body;
    assert!(page.contains("You have stopped it, since 22 November 2026") && page.contains("A neighbour works there."));
    assert!(page.contains("no longer shared between organisations"));
    // Sent twice: it stands as they wanted it.
    assert_eq!(me.send("/me/sharing", &[("choice", "object")]).status, StatusCode::SEE_OTHER);
    me.send("/me/sharing", &[("choice", "withdraw")]);
    assert!(me.get("/me/sharing").body.contains("Your record is shared</strong>"));
    let long = "a".repeat(2_001);
    let wrong = me.send("/me/sharing", &[("choice", "object"), ("words", &long)]).body;
    assert!(wrong.contains("There is a problem") && wrong.contains("Write at most 2,000 characters"));
}

#[test]
fn planning_is_refused_and_taken_back() {
    let house = House::open();
    let me = house.sign_in("citizen");
    let stands = "Your record is not used for planning, since 22 November 2026";
    assert!(!me.get("/me/sharing").body.contains(stands));
    me.send("/me/sharing", &[("choice", "refuse-planning")]);
    assert!(me.get("/me/sharing").body.contains(stands), "refused");
    me.send("/me/sharing", &[("choice", "allow-planning")]);
    assert!(!me.get("/me/sharing").body.contains(stands), "taken back");
    assert_eq!(me.send("/me/sharing", &[("choice", "everything")]).status, StatusCode::BAD_REQUEST);
}

#[test]
fn somebody_is_let_in_for_a_while_and_shown_the_door() {
    let house = House::open();
    let (me, carer) = (house.sign_in("citizen"), house.sign_in("carer"));
    assert_eq!(carer.get("/").location(), "/me/proxy");
    assert!(carer.get("/me/proxy").body.contains("Nobody has let you see their record"));
    let form = [("reader", "persona|carer"), ("sees", "medicines"), ("sees", "appointments"), ("months", "3")];
    let done = me.send("/me/sharing/people", &form);
    assert_eq!(done.location(), "/me/sharing?done=let-in", "{}", done.body);
    let page = me.get("/me/sharing").body;
    assert!(page.contains("From 22 November 2026 until the end of 22 February 2027."));
    assert!(page.contains("End what Ruth Ashworth can see"));
    let list = carer.get("/me/proxy").body;
    for words in ["Margaret Ashworth", "until the end of 22 February 2027", "Medicines and allergies", "Appointments"] {
        assert!(list.contains(words), "{words}");
    }
    assert!(!list.contains("Results and measurements") && list.contains("always tell their care team"));
    // It ends by itself.
    house.pass(SignedDuration::from_hours(24 * 93));
    let (me, carer) = (house.sign_in("citizen"), house.sign_in("carer"));
    assert!(carer.get("/me/proxy").body.contains("Nobody has let you see their record"));
    let page = me.get("/me/sharing").body;
    assert!(page.contains("Over</strong>") && !page.contains("End what Ruth"));
    // And when the person ends it.
    me.send("/me/sharing/people", &form);
    assert!(carer.get("/me/proxy").body.contains("Margaret Ashworth"));
    me.send("/me/sharing", &[("choice", "end"), ("reader", "reader:persona|carer")]);
    assert!(carer.get("/me/proxy").body.contains("Nobody has let you see their record"));
}

#[test]
fn a_form_that_cannot_stand_says_what_to_do_and_keeps_what_was_chosen() {
    let house = House::open();
    let me = house.sign_in("citizen");
    let wrong = |form: &[(&str, &str)]| me.send("/me/sharing/people", form).body;
    let nobody = wrong(&[("reader", "persona|gp"), ("sees", "results"), ("months", "3")]);
    assert!(nobody.contains("href=\"#reader\"") && nobody.contains("Say who it is"));
    let nothing = wrong(&[("reader", "persona|carer"), ("months", "3")]);
    assert!(nothing.contains("href=\"#sees\"") && nothing.contains("Choose at least one thing"));
    let never = wrong(&[("reader", "persona|carer"), ("sees", "results"), ("months", "36")]);
    assert!(never.contains("href=\"#months\"") && never.contains("Choose for how long"));
    assert!(never.contains("value=\"results\" checked"));
    assert!(me.get("/me/sharing").body.contains("You have let nobody see your record"));
}

#[test]
fn only_the_person_chooses_and_nobody_they_let_in() {
    let house = House::open();
    let me = house.sign_in("citizen");
    me.send("/me/sharing/people", &[("reader", "persona|carer"), ("sees", "everything"), ("months", "12")]);
    for persona in ["carer", "gp", "privacy-officer", "analyst"] {
        let visitor = house.sign_in(persona);
        assert_eq!(visitor.get("/me/sharing").status, StatusCode::FORBIDDEN, "{persona}");
        for form in [&[("choice", "object")][..], &[("choice", "end"), ("reader", "reader:persona|carer")]] {
            assert_eq!(visitor.send("/me/sharing", form).status, StatusCode::FORBIDDEN, "{persona}");
        }
        let form = [("reader", "persona|citizen"), ("sees", "everything"), ("months", "12")];
        assert_eq!(visitor.send("/me/sharing/people", &form).status, StatusCode::FORBIDDEN, "{persona}");
    }
    let page = me.get("/me/sharing").body;
    assert!(page.contains("End what Ruth Ashworth can see") && page.contains("Everything but what is sealed"));
}

#[test]
fn a_choice_without_the_sessions_token_is_not_taken() {
    let house = House::open();
    let me = house.sign_in("citizen");
    for (address, form) in [
        ("/me/sharing", [("choice", "object"), ("words", "")]),
        ("/me/sharing/people", [("reader", "persona|carer"), ("sees", "everything")]),
        ("/me/looks", [("look", "1"), ("words", "Why?")]),
    ] {
        assert_eq!(me.post(address, &form).status, StatusCode::BAD_REQUEST, "{address}");
    }
    assert!(me.get("/me/sharing").body.contains("Your record is shared</strong>"));
}
