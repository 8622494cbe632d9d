//! Somebody who was let in: what was agreed and nothing else, never in secret, and not a day longer.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::house::House;

#[test]
fn whoever_was_let_in_sees_what_was_agreed_and_is_seen() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let (me, carer) = (house.sign_in("citizen"), house.sign_in("carer"));
    let address = format!("/me/proxy/{id}");
    me.send("/me/sharing/people", &[("reader", "persona|carer"), ("sees", "medicines"), ("months", "3")]);
    assert!(carer.get("/me/proxy").body.contains(&address));
    let page = carer.get(&address);
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "This is the record of Margaret Ashworth, not yours",
        "aria-label=\"Whose record this is\"",
        "Allergy to penicillin",
        "isoprolol",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    for words in ["id=\"problem\"", "id=\"result\"", "id=\"document\"", "id=\"social-care\"", "end-of-life", "eGFR"] {
        assert!(!page.body.contains(words), "{words}");
    }
    // By the other addresses of a record there is no more to be seen, and who looked is the person's alone.
    let timeline = carer.get(&format!("/people/{id}/timeline")).body;
    assert!(!timeline.contains("eart failure") && !timeline.contains("eGFR"));
    assert_eq!(carer.get(&format!("/people/{id}/access")).status, StatusCode::FORBIDDEN);
    assert_eq!(carer.get("/me").status, StatusCode::FORBIDDEN);
    assert_eq!(carer.get("/me/looks").status, StatusCode::FORBIDDEN);
    let looks = me.get("/me/looks").body;
    assert!(looks.contains("Ruth Ashworth, whom you let see your record, opened your record on their own page."));
    let officer = house.sign_in("privacy-officer").get(&format!("/people/{id}/access")).body;
    assert!(officer.contains("Somebody who was let see this record (Ruth Ashworth"), "the officer, too");
}

#[test]
fn whoever_was_not_let_in_or_no_longer_is_refused_and_the_person_sees_that_they_tried() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let (me, carer) = (house.sign_in("citizen"), house.sign_in("carer"));
    let address = format!("/me/proxy/{id}");
    let nobody = "/me/proxy/0198f0c2-77aa-7000-8000-000000000001";
    let same = || {
        let (here, nowhere) = (carer.get(&address), carer.get(nobody));
        assert_eq!(here.status, StatusCode::FORBIDDEN);
        assert_eq!((here.status, here.body), (nowhere.status, nowhere.body), "not told who is known");
    };
    same();
    me.send("/me/sharing/people", &[("reader", "persona|carer"), ("sees", "medicines"), ("months", "1")]);
    assert_eq!(carer.get(&address).status, StatusCode::OK);
    me.send("/me/sharing", &[("choice", "end"), ("reader", "reader:persona|carer")]);
    same();
    let looks = me.get("/me/looks").body;
    assert!(looks.contains("Ruth Ashworth, who works for no service, tried to open your record and was refused."));
    me.send("/me/sharing/people", &[("reader", "persona|carer"), ("sees", "medicines"), ("months", "1")]);
    house.pass(SignedDuration::from_hours(24 * 31));
    assert_eq!(house.sign_in("carer").get(&address).status, StatusCode::FORBIDDEN, "the month is over");
    assert_eq!(house.sign_in("gp").get(&address).status, StatusCode::FORBIDDEN, "these pages are for nobody's work");
}

#[test]
fn whoever_was_let_in_is_told_neither_what_was_chosen_nor_who_looked() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let (me, carer) = (house.sign_in("citizen"), house.sign_in("carer"));
    me.send("/me/sharing/people", &[("reader", "persona|carer"), ("sees", "everything"), ("months", "3")]);
    let address = format!("/me/proxy/{id}");
    let before = carer.get(&address);
    assert_eq!(before.status, StatusCode::OK);
    // Whatever else is chosen, their page stays as it was: there is nothing on it that could go.
    for choice in ["object", "refuse-planning"] {
        me.send("/me/sharing", &[("choice", choice)]);
        assert_eq!(carer.get(&address).body, before.body, "{choice}");
    }
    for words in ["When you looked", "objected", "planning", "under pressure", "Sharing</"] {
        assert!(!before.body.contains(words), "{words}");
    }
    assert_eq!(me.send("/me/sharing", &[("choice", "hide")]).status, StatusCode::BAD_REQUEST);
    assert!(me.get("/me/looks").body.contains("Ruth Ashworth, whom you let see"), "the person still sees them");
}
