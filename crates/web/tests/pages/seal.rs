//! Sealing an entry: offered where it may be done, said in plain words, lifted only by who may.

use axum::http::StatusCode;
use uuid::Uuid;

use crate::house::{House, Visitor};
use crate::show::text;

const WISH: &str = "She said: only my own surgery is to read this";

/// The way to seal the first entry of a record's timeline of one kind.
fn first(reader: &Visitor<'_>, person: Uuid, kind: &str) -> String {
    let page = reader.get(&format!("/people/{person}/timeline?kind={kind}"));
    let rest = page.between(&format!("href=\"/people/{person}/seal/"), "\"").to_owned();
    format!("/people/{person}/seal/{rest}")
}

#[test]
fn an_entry_is_sealed_and_lifted_by_those_who_hold_it() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    let address = first(&gp, id, "problem");
    let page = gp.get(&address);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("aria-label=\"Whose record this is\"") && page.body.contains("such as an allergy"));
    insta::assert_snapshot!("seal", text(&page.body));
    for (fields, told) in [
        (vec![], "Choose how it should be sealed"),
        (vec![("level", "hidden")], "Choose whose wish it is"),
        (vec![("level", "hidden"), ("whose", "person"), ("reason", "wish")], "Say in at least 20 characters why"),
        (vec![("level", "harmful"), ("reason", WISH)], "Choose a day in the next year"),
    ] {
        let page = gp.send(&address, &fields).body;
        assert!(page.contains("There is a problem") && page.contains(told), "{told}");
    }
    let sealed = gp.send(&address, &[("level", "hidden"), ("whose", "person"), ("reason", WISH)]);
    assert_eq!((sealed.status, sealed.location()), (StatusCode::SEE_OTHER, format!("/people/{id}").as_str()));
    assert!(gp.get(&format!("/people/{id}/timeline?kind=problem")).body.contains(">Sealed</strong>"));
    let now = text(&gp.get(&address).body);
    assert!(now.contains("Sealed out of sight by Marple Bridge Surgery since 22 November 2026, at the person's wish."));
    // Counted for the officer, by whom and of which kind.
    let register = text(&house.sign_in("privacy-officer").get("/privacy/glass").body);
    let row = "Held by Marple Bridge Surgery Kind Sealed out of sight Whose decision The person's wish Entries 1";
    assert!(register.contains(row), "{register}");
    assert!(!register.contains("Ashworth"));
    let seal = gp.get(&address).between("name=\"lift\" value=\"", "\"").to_owned();
    for persona in ["district-nurse", "social-worker", "consultant", "privacy-officer"] {
        let other = house.sign_in(persona);
        let answer = other.send(&address, &[("lift", &seal), ("lift_reason", WISH)]);
        assert!(!answer.status.is_success() && answer.status != StatusCode::SEE_OTHER, "{persona}: {}", answer.status);
    }
    assert!(gp.get(&format!("/people/{id}/timeline?kind=problem")).body.contains(">Sealed</strong>"), "still sealed");
    assert!(
        gp.send(&address, &[("lift", &seal), ("lift_reason", "no")]).body.contains("Say in at least 20 characters")
    );
    assert_eq!(gp.send(&address, &[("lift", &seal), ("lift_reason", WISH)]).status, StatusCode::SEE_OTHER);
    assert!(!gp.get(&format!("/people/{id}/timeline?kind=problem")).body.contains(">Sealed</strong>"));
}

#[test]
fn the_person_lifts_what_was_their_wish_and_nothing_else() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    let me = house.sign_in("citizen");
    let address = first(&gp, id, "allergy");
    assert_eq!(me.get(&address).status, StatusCode::FORBIDDEN, "nothing of theirs to lift");
    let ours = [("level", "shown"), ("whose", "author"), ("reason", "Written by us and not yet told to her")];
    assert_eq!(gp.send(&address, &ours).status, StatusCode::SEE_OTHER);
    assert_eq!(me.get(&address).status, StatusCode::FORBIDDEN, "the author's");
    let wish = [("level", "shown"), ("whose", "person"), ("reason", WISH)];
    assert_eq!(gp.send(&address, &wish).status, StatusCode::SEE_OTHER);
    let timeline = format!("/people/{id}/timeline?kind=allergy");
    assert!(me.get(&timeline).body.contains("Sealed, as you wished"));
    let page = me.get(&address);
    assert!(text(&page.body).contains("Sealed by Marple Bridge Surgery since 22 November 2026, as you wished."));
    assert!(!page.body.contains("name=\"level\""), "lifting is all that is theirs");
    let seal = page.between("name=\"lift\" value=\"", "\"").to_owned();
    let lifted = me.send(&address, &[("lift", &seal), ("lift_reason", "I want the hospital to know of this again")]);
    assert_eq!(lifted.status, StatusCode::SEE_OTHER);
    assert!(!gp.get(&timeline).body.contains(">Sealed</strong>"));
}

#[test]
fn who_does_not_seal_is_offered_nothing() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let offered = house.sign_in("gp").get(&format!("/people/{id}/timeline")).body;
    assert!(offered.contains("/seal/"));
    for persona in ["coordinator", "care-home-manager", "receptionist", "citizen"] {
        let page = house.sign_in(persona).get(&format!("/people/{id}/timeline")).body;
        assert!(!page.contains("/seal/"), "{persona}");
    }
}

#[test]
fn a_sealed_entry_is_withheld_from_others_who_are_told_so_only_where_they_may_know() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    let record = format!("/people/{id}");
    let address = first(&gp, id, "allergy");
    let title = line(&gp.get(&address).body, "Entry");
    let timeline = format!("{record}/timeline?kind=allergy");
    let entry = format!("weft-entry__title\">{title}<");
    let sees = |persona: &str| house.sign_in(persona).get(&timeline).body.matches(&entry).count();
    let before = sees("district-nurse");
    assert!(before > 0, "{title}");
    let (own, nurse) = (sees("citizen"), house.sign_in("district-nurse"));
    let told = |words: &str| nurse.get(&record).body.contains(words);
    let seal = |level: &str| {
        let fields = [("level", level), ("whose", "person"), ("reason", WISH)];
        assert_eq!(gp.send(&address, &fields).status, StatusCode::SEE_OTHER);
    };
    seal("shown");
    assert_eq!((sees("gp"), sees("citizen"), sees("district-nurse")), (before, own, before - 1), "shown to be there");
    assert!(told("that you are not able to see") || told("You are not able to see these"));
    // Breaking the glass is for what is closed; nobody who may not see the entry seals or lifts it.
    assert_eq!(nurse.get(&address).status, StatusCode::NOT_FOUND);
    seal("hidden");
    assert_eq!((sees("gp"), sees("citizen"), sees("district-nurse")), (before, own, before - 1), "out of sight");
    assert!(!told("that you are not able to see") && !told("You are not able to see these"));
    let lift = gp.get(&address).between("name=\"lift\" value=\"", "\"").to_owned();
    gp.send(&address, &[("lift", &lift), ("lift_reason", WISH)]);
    assert_eq!(sees("district-nurse"), before);
    let harm = [("level", "harmful"), ("reason", WISH), ("day", "20"), ("month", "5"), ("year", "2027")];
    assert_eq!(gp.send(&address, &harm).status, StatusCode::SEE_OTHER);
    assert_eq!((sees("gp"), sees("citizen"), sees("district-nurse")), (before, own - 1, before), "kept from her alone");
}

/// What stands beneath a name in a list of facts.
fn line(page: &str, name: &str) -> String {
    let words = text(page);
    let mut lines = words.lines().skip_while(|line| *line != name);
    lines.nth(1).unwrap().to_owned()
}
