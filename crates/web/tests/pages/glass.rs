//! Opening a closed record: said before, told at once, open for an hour to one reader, reviewed, and seen by the person.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::hospital::{Patient, adt};
use crate::house::{Answer, House, Visitor};
use crate::show::text;

const REASON: &str = "Brought in by ambulance, confused; I need her medicines";
const FOUND: &str = "Spoke to the practice: a real emergency, rightly opened";

fn open(reader: &Visitor<'_>, person: Uuid, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("why", "emergency"), ("reason", REASON)];
    fields.extend(more);
    reader.send(&format!("/people/{person}/glass"), &fields)
}

/// The words of a page on one line.
fn line(page: &str) -> String {
    text(page).replace('\n', " ")
}

/// The address of the first entry of the register.
fn entry(officer: &Visitor<'_>) -> String {
    let id = officer.get("/privacy/glass").between("href=\"/privacy/glass/", "\"").to_owned();
    format!("/privacy/glass/{id}")
}

#[test]
fn what_happens_is_said_before_anybody_opens_a_closed_record() {
    let house = House::open();
    let reader = house.sign_in("consultant");
    let id = reader.person("Margaret Ashworth");
    let page = reader.get(&format!("/people/{id}/glass"));
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("aria-label=\"Whose record this is\"") && page.body.contains("Margaret Ashworth"));
    assert!(!page.body.contains("eart failure"), "who it is, and nothing of the record");
    insta::assert_snapshot!("glass", text(&page.body));
}

#[test]
fn a_reason_that_says_nothing_opens_nothing() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    let address = format!("/people/{id}/glass");
    let written = house.happened();
    for (fields, told) in [
        (vec![("why", "emergency"), ("reason", "urgent")], "Say in at least 20 characters, in your own words"),
        (vec![("why", "emergency"), ("reason", "aaaaaaaaaaaaaaaaaaaaaaaaaaa")], "in your own words, why"),
        (vec![("why", ""), ("reason", REASON)], "Choose what sort of reason it is"),
        (
            vec![("why", "emergency"), ("reason", REASON), ("secret", "yes")],
            "would put somebody at risk of serious harm",
        ),
    ] {
        let page = reader.send(&address, &fields);
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("There is a problem") && page.body.contains(told), "{told}");
        assert!(page.body.contains(fields[1].1), "what was typed is still there");
        assert!(!reader.get(&format!("/people/{id}/timeline")).body.contains("You opened this closed record"));
    }
    // Four looks at who she is, for the form's banner, four at her record; and no glass.
    assert_eq!(house.happened(), written + 8);
    assert!(house.sign_in("privacy-officer").get("/privacy/glass").body.contains("Nothing waits."));
}

#[test]
fn an_open_record_says_so_on_every_page_of_that_person_for_an_hour() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let (margaret, harold) = (reader.person("Margaret Ashworth"), reader.person("Harold Ashworth"));
    let done = open(&reader, margaret, &[]);
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("/people/{margaret}").as_str()));
    let said = "You opened this closed record at 09:30. It closes at 10:30.";
    for rest in ["", "/timeline"] {
        assert!(reader.get(&format!("/people/{margaret}{rest}")).body.contains(said), "{rest}");
        assert!(!reader.get(&format!("/people/{harold}{rest}")).body.contains("closed record"), "one person only");
    }
    assert!(!house.sign_in("district-nurse").get(&format!("/people/{margaret}")).body.contains("closed record"));
    // Again extends nothing, and leads to the record.
    house.pass(SignedDuration::from_mins(20));
    let written = house.happened();
    assert_eq!(open(&reader, margaret, &[]).location(), format!("/people/{margaret}"));
    assert_eq!(reader.get(&format!("/people/{margaret}/glass")).location(), format!("/people/{margaret}"));
    assert_eq!(house.happened(), written, "no second glass");
    house.pass(SignedDuration::from_mins(20));
    let again = house.sign_in("gp");
    assert!(again.get(&format!("/people/{margaret}")).body.contains(said), "another session of the same reader");
    house.pass(SignedDuration::from_mins(20));
    assert!(!house.sign_in("gp").get(&format!("/people/{margaret}")).body.contains("closed record"), "it has ended");
}

#[test]
fn the_reader_closes_it_before_its_time_and_nobody_else_does() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    open(&reader, id, &[]);
    let close = format!("/people/{id}/glass/close");
    house.sign_in("district-nurse").send(&close, &[]);
    assert!(reader.get(&format!("/people/{id}")).body.contains("Close it now"));
    assert_eq!(reader.post(&close, &[]).status, StatusCode::BAD_REQUEST, "a form of somebody else's page");
    assert_eq!(reader.send(&close, &[]).location(), "/people");
    assert!(!reader.get(&format!("/people/{id}")).body.contains("closed record"));
    let page = house.sign_in("privacy-officer");
    assert!(line(&page.get(&entry(&page)).body).contains("Closed Sunday 22 November 2026 at 09:30, by the reader"));
}

#[test]
fn the_officer_is_told_at_once_and_of_whom_only_on_opening_the_entry() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    open(&reader, id, &[]);
    let officer = house.sign_in("privacy-officer");
    for address in ["/", "/privacy/glass"] {
        let page = officer.get(address).body;
        assert!(page.contains("Dr Priya Nair") && page.contains("An emergency") && page.contains("Open"), "{address}");
        for word in ["Ashworth", "ambulance", "999 000", &id.to_string()] {
            assert!(!page.contains(word), "{address}: {word}");
        }
    }
    let told = text(&officer.get("/privacy/glass").body);
    assert!(told.contains("A GP of Marple Bridge Surgery opened a closed record on Sunday 22 November 2026 at 09:30."));
    insta::assert_snapshot!("glass-register", told);
    let (address, written) = (entry(&officer), house.happened());
    let page = officer.get(&address).body;
    // The look at the entry, and the one at who the person is.
    assert_eq!(house.happened(), written + 2);
    assert!(page.contains("Margaret Ashworth") && page.contains("ambulance"));
    assert!(page.contains("The record is still open. Review it once it has closed"));
    insta::assert_snapshot!("glass-entry", text(&page));
    // To everybody else there is no register.
    for persona in ["gp", "analyst", "citizen", "records-officer"] {
        let visitor = house.sign_in(persona);
        assert_eq!(visitor.get("/privacy/glass").status, StatusCode::FORBIDDEN, "{persona}");
        let nowhere = "/privacy/glass/0198f0c2-77aa-7000-8000-000000000001";
        let (here, there) = (visitor.get(&address), visitor.get(nowhere));
        assert_eq!(
            (here.status, &here.body),
            (there.status, &there.body),
            "{persona} is not told whether there is one"
        );
    }
}

#[test]
fn a_review_is_due_in_five_working_days_and_closes_the_entry() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    open(&reader, id, &[]);
    // Sunday 22 November; the fifth working day is Friday 27.
    house.pass(SignedDuration::from_hours(24));
    let state = |house: &House| {
        let officer = house.sign_in("privacy-officer");
        text(&officer.get("/privacy/glass").body)
    };
    assert!(state(&house).contains("Due by 27 November 2026"));
    house.pass(SignedDuration::from_hours(4 * 24));
    assert!(state(&house).contains("Due by 27 November 2026"), "on the day itself");
    house.pass(SignedDuration::from_hours(24));
    assert!(state(&house).contains("Overdue was due by 27 November 2026"));
    let officer = house.sign_in("privacy-officer");
    let address = entry(&officer);
    let send = |fields: &[(&str, &str)]| officer.send(&address, fields).body;
    assert!(send(&[]).contains("Choose whether the person is told"));
    assert!(send(&[("outcome", "appropriate"), ("told", "yes"), ("words", "fine")]).contains("what you found"));
    let secret = send(&[("outcome", "appropriate"), ("told", "no"), ("words", FOUND)]);
    assert!(secret.contains("would put somebody at risk of serious harm"));
    let saved = send(&[("outcome", "appropriate"), ("told", "yes"), ("words", FOUND)]);
    assert!(saved.contains("Your review has been written down.") && saved.contains("This has been reviewed."));
    let again = send(&[("outcome", "not-appropriate"), ("told", "yes"), ("words", FOUND)]);
    assert!(again.contains("This has been reviewed already."));
    let list = state(&house);
    assert!(list.contains("Nothing waits.") && list.contains("Appropriate 28 November 2026"));
    assert!(officer.get("/").body.contains("Nothing waits. A closed record"));
}

#[test]
fn the_person_sees_that_it_was_opened_and_what_sort_of_reason_was_given() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    open(&reader, id, &[]);
    for address in ["/me", "/me/looks"] {
        let page = house.sign_in("citizen").get(address).body;
        assert!(page.contains("gave a reason to open"), "{address}");
        assert!(page.contains("because they said it was an emergency"), "{address}");
        assert!(!page.contains("ambulance"), "{address}: the words are for the officer");
    }
}

#[test]
fn what_would_put_somebody_at_risk_is_kept_from_the_person_until_a_review_says_otherwise() {
    let house = House::open();
    let reader = house.sign_in("social-worker");
    let id = reader.person("Margaret Ashworth");
    let looks = |house: &House| house.sign_in("citizen").get("/me/looks").body.matches("Callum Wray").count();
    reader.get(&format!("/people/{id}"));
    let before = looks(&house);
    assert!(before > 0);
    open(&reader, id, &[("secret", "yes"), ("secret_because", "A man in her home reads her letters and has hurt her")]);
    reader.get(&format!("/people/{id}"));
    assert_eq!(looks(&house), before, "neither the opening nor what was looked at through it");
    let officer = house.sign_in("privacy-officer");
    let page = line(&officer.get(&entry(&officer)).body);
    assert!(page.contains("The person is told No: Callum Wray decided so. A man in her home reads her letters"));
    assert!(officer.get(&format!("/people/{id}/access")).body.contains("gave a reason to open"), "the officer sees it");
    house.pass(SignedDuration::from_mins(61));
    let officer = house.sign_in("privacy-officer");
    officer.send(&entry(&officer), &[("outcome", "appropriate"), ("told", "yes"), ("words", FOUND)]);
    assert!(looks(&house) >= before + 2, "told after all");
}

#[test]
fn where_it_cannot_be_written_down_nothing_opens() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    house.full.store(true, Ordering::Relaxed);
    let written = house.happened();
    assert_eq!(open(&reader, id, &[]).status, StatusCode::SERVICE_UNAVAILABLE);
    house.full.store(false, Ordering::Relaxed);
    assert_eq!(house.happened(), written);
    assert!(!reader.get(&format!("/people/{id}")).body.contains("closed record"));
    assert!(house.sign_in("privacy-officer").get("/privacy/glass").body.contains("Nothing waits."));
}

#[test]
fn whoever_is_signed_in_is_the_actor_of_everything_they_do() {
    let house = House::open();
    let reader = house.sign_in("gp");
    let id = reader.person("Margaret Ashworth");
    let journey = |visitor: &Visitor<'_>, actor: &str, id: &str, run: &dyn Fn(&Visitor<'_>)| {
        let from = house.head() + 1;
        run(visitor);
        let mut seen = 0;
        house
            .store
            .read(|tx| {
                store::log::walk(tx, from, &mut |_, entry| {
                    // Sessions of sign-in have a log of their own before anybody is known.
                    if ["look", "glass", "seal"].contains(&entry.kind.as_str()) {
                        assert_eq!(entry.actor, actor, "{} {}", entry.kind, entry.event);
                        let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
                        assert_eq!(body[&entry.event]["by"]["id"], id, "{} {}", entry.kind, entry.event);
                        seen += 1;
                    }
                    Ok(())
                })
            })
            .unwrap();
        assert!(seen >= 4, "{actor}: {seen}");
    };
    journey(&reader, "gp:persona|gp", "persona|gp", &|reader| {
        reader.get(&format!("/people/{id}"));
        // Whatever a form says of who sends it, the session says who did.
        open(reader, id, &[("by", "persona|privacy-officer"), ("subject", "persona|district-nurse")]);
        reader.get(&format!("/people/{id}/timeline"));
        reader.send(&format!("/people/{id}/glass/close"), &[("reader", "persona|consultant")]);
    });
    journey(
        &house.sign_in("privacy-officer"),
        "privacy-officer:persona|privacy-officer",
        "persona|privacy-officer",
        &|officer| {
            let address = entry(officer);
            officer
                .send(&address, &[("outcome", "appropriate"), ("told", "yes"), ("words", FOUND), ("by", "persona|gp")]);
        },
    );
}

#[test]
fn a_record_that_is_closed_opens_for_an_hour_is_reviewed_and_closes() {
    let house = House::open();
    let other = Patient::new(2, "Spinner", "P88005");
    house.tell("a.hl7", &adt("A03", "I", &other, "20261110120000", "20261120160000", "Fall"));
    let reader = house.sign_in("gp");
    let id = reader.person("Spinner");
    let record = format!("/people/{id}");
    let closed = reader.get(&record);
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.body.contains("This record is closed to you") && !closed.body.contains("Fall"));
    let form = closed.between(&format!("href=\"{record}"), "\"").to_owned();
    assert_eq!(form, "/glass", "the refusal leads to the form");
    assert!(reader.get(&format!("{record}/glass")).body.contains("Spinner"), "whose record it would open");
    assert_eq!(open(&reader, id, &[]).location(), record);
    for rest in ["", "/timeline"] {
        let page = reader.get(&format!("{record}{rest}"));
        assert_eq!(page.status, StatusCode::OK, "{rest}");
        assert!(page.body.contains("Fall") && page.body.contains("It closes at 10:30."), "{rest}");
    }
    // To another of the same practice it is as closed as before, and so is everybody else to this reader.
    assert_eq!(house.sign_in("receptionist").get(&record).status, StatusCode::FORBIDDEN);
    house.pass(SignedDuration::from_mins(29));
    reader.get("/about");
    house.pass(SignedDuration::from_mins(29));
    assert_eq!(reader.get(&record).status, StatusCode::OK, "58 minutes");
    house.pass(SignedDuration::from_mins(2));
    assert_eq!(reader.get(&record).status, StatusCode::FORBIDDEN, "the hour is over, in the middle of a session");
    let officer = house.sign_in("privacy-officer");
    let address = entry(&officer);
    let page = line(&officer.get(&address).body);
    assert!(page.contains("Spinner") && page.contains("Looks made through it 4"), "{page}");
    let review = [("outcome", "appropriate"), ("told", "yes"), ("words", FOUND)];
    assert!(officer.send(&address, &review).body.contains("Your review has been written down."));
    let looks = officer.get(&format!("{record}/access")).body;
    assert!(looks.contains("because they gave a reason to open a record that is closed to them"));
    assert!(looks.contains("tried and was refused"));
}

#[test]
fn what_is_closed_before_its_time_is_closed() {
    let house = House::open();
    let other = Patient::new(2, "Spinner", "P88005");
    house.tell("a.hl7", &adt("A03", "I", &other, "20261110120000", "20261120160000", "Fall"));
    let reader = house.sign_in("gp");
    let id = reader.person("Spinner");
    open(&reader, id, &[]);
    assert_eq!(reader.get(&format!("/people/{id}")).status, StatusCode::OK);
    reader.send(&format!("/people/{id}/glass/close"), &[]);
    assert_eq!(reader.get(&format!("/people/{id}")).status, StatusCode::FORBIDDEN);
}
