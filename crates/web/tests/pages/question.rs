//! Asking why: the person beside the look, the officer with the clock, both with the answer.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::house::{House, Visitor};

/// Margaret's GP has opened her record; the number of that look on her list.
fn looked(house: &House) -> (Visitor<'_>, String) {
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    gp.get(&format!("/people/{id}"));
    let me = house.sign_in("citizen");
    let page = me.get("/me/looks");
    let number = page.between("name=\"look\" value=\"", "\"").to_owned();
    (me, number)
}

#[test]
fn a_question_goes_to_the_officer_and_its_answer_comes_back_beside_the_look() {
    let house = House::open();
    let (me, look) = looked(&house);
    let officer = house.sign_in("privacy-officer");
    assert!(officer.get("/").body.contains("No question waits"));
    let asked = me.send("/me/looks", &[("look", &look), ("words", "I was not <there> that day. Why?")]);
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/me/looks"));
    let page = me.get("/me/looks").body;
    assert!(page.contains("I was not &#60;there&#62; that day. Why?"));
    assert!(page.contains("Answer due by 4 December 2026"));
    // The officer sees it, with the same day; who asked is not on the list.
    let home = officer.get("/").body;
    assert!(home.contains("Asked on 22 November 2026") && home.contains("Answer due by 4 December 2026"));
    let list = officer.get("/privacy/questions");
    assert!(list.body.contains("1 question waits") && !list.body.contains("Ashworth"));
    let address = format!("/privacy/questions/{}", list.between("href=\"/privacy/questions/", "\""));
    let before = house.happened();
    let one = officer.get(&address);
    assert_eq!(house.happened(), before + 1, "who asked is shown, so it is a look");
    for words in ["Margaret Ashworth", "I was not &#60;there&#62;", "Dr Priya Nair", &look] {
        assert!(one.body.contains(words), "{words}");
    }
    assert!(!one.body.contains("eart failure"), "nothing of the record");
    // An answer without words is not one.
    let empty = officer.send(&address, &[("words", "  ")]);
    assert!(empty.body.contains("There is a problem") && empty.body.contains("Write a few words"));
    let answered = officer.send(&address, &[("words", "She read your blood test, as you had asked.")]);
    assert_eq!(answered.status, StatusCode::SEE_OTHER);
    assert!(officer.get(answered.location()).body.contains("Your answer is written down"));
    let page = me.get("/me/looks").body;
    assert!(page.contains("Helen Marchbank answered:") && page.contains("She read your blood test, as you had asked."));
    assert!(page.contains("Answered on 22 November 2026") && page.contains("Ask again"));
    assert!(officer.get("/privacy/questions").body.contains("No question waits"));
    // Twice the same answer: there is nothing to answer any more.
    assert!(officer.send(&address, &[("words", "Again.")]).body.contains("answered already"));
}

#[test]
fn an_officer_answers_nothing_about_their_own_look() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let officer = house.sign_in("privacy-officer");
    assert_eq!(officer.get(&format!("/people/{id}/access")).status, StatusCode::OK);
    let me = house.sign_in("citizen");
    let page = me.get("/me/looks");
    assert!(page.body.contains("rivacy officer"), "theirs is the latest look");
    let number = page.between("name=\"look\" value=\"", "\"").to_owned();
    me.send("/me/looks", &[("look", &number), ("words", "Why did you look?")]);
    let list = officer.get("/privacy/questions");
    let address = format!("/privacy/questions/{}", list.between("href=\"/privacy/questions/", "\""));
    let refused = officer.send(&address, &[("words", "Because I am the officer.")]);
    assert!(refused.body.contains("This was your own look; a colleague has to answer for it"), "{}", refused.body);
    assert!(officer.get("/privacy/questions").body.contains("1 question waits"));
}

#[test]
fn a_question_that_waits_too_long_is_overdue_to_both() {
    let house = House::open();
    let (me, look) = looked(&house);
    me.send("/me/looks", &[("look", &look), ("words", "Why?")]);
    let red = "nhsuk-tag--red\">Overdue since 4 December 2026";
    for (days, overdue) in [(12, false), (13, true)] {
        house.pass(
            SignedDuration::from_hours(24 * days) - SignedDuration::from_hours(if overdue { 24 * 12 } else { 0 }),
        );
        let (me, officer) = (house.sign_in("citizen"), house.sign_in("privacy-officer"));
        assert_eq!(me.get("/me/looks").body.contains(red), overdue, "{days}");
        assert_eq!(officer.get("/privacy/questions").body.contains(red), overdue, "{days}");
        assert_eq!(officer.get("/").body.contains(red), overdue, "{days}");
    }
}

#[test]
fn one_question_a_look_and_only_about_looks_of_others_at_oneself() {
    let house = House::open();
    let (me, look) = looked(&house);
    for _ in 0..2 {
        assert_eq!(me.send("/me/looks", &[("look", &look), ("words", "Why?")]).location(), "/me/looks");
    }
    let officer = house.sign_in("privacy-officer");
    assert!(officer.get("/privacy/questions").body.contains("1 question waits"));
    assert_eq!(me.get("/me/looks").body.matches("Why?").count(), 1);
    // Without words it is said beside the look.
    let other = me.get("/me/looks").between("name=\"look\" value=\"", "\"").to_owned();
    assert_ne!(other, look);
    let wrong = me.send("/me/looks", &[("look", &other), ("words", "")]).body;
    assert!(wrong.contains(&format!("href=\"#why-{other}\"")) && wrong.contains("Write a few words"));
    // Another's look, and none at all, are answered alike.
    house.sign_in("gp").person("Harold Ashworth");
    let last = house.head().to_string();
    let (theirs, none) = (
        me.send("/me/looks", &[("look", &last), ("words", "Why?")]),
        me.send("/me/looks", &[("look", "999999"), ("words", "Why?")]),
    );
    assert_eq!(theirs.status, StatusCode::BAD_REQUEST);
    assert_eq!((theirs.status, theirs.body), (none.status, none.body));
    for persona in ["gp", "carer", "privacy-officer"] {
        let refused = house.sign_in(persona).send("/me/looks", &[("look", &look), ("words", "Why?")]);
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{persona}");
    }
}

#[test]
fn nobody_but_the_officer_reads_or_answers_questions() {
    let house = House::open();
    let (me, look) = looked(&house);
    me.send("/me/looks", &[("look", &look), ("words", "Why?")]);
    let list = house.sign_in("privacy-officer").get("/privacy/questions");
    let address = format!("/privacy/questions/{}", list.between("href=\"/privacy/questions/", "\""));
    for persona in ["gp", "analyst", "records-officer", "citizen", "carer", "receptionist"] {
        let visitor = house.sign_in(persona);
        assert_eq!(visitor.get("/privacy/questions").status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(visitor.get(&address).status, StatusCode::FORBIDDEN, "{persona}");
        let answer = visitor.send(&address, &[("words", "Because.")]);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{persona}");
    }
    assert!(house.sign_in("citizen").get("/me/looks").body.contains("Answer due by"));
}
