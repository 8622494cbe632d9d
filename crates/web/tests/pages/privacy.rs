//! The privacy officer's pages: looks found in every way, patterns with the looks behind them, reviews, a file for a spreadsheet.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::house::{Answer, House, Visitor, everybody};

fn found(officer: &Visitor<'_>, fields: &[(&str, &str)]) -> Answer {
    assert_eq!(officer.send("/privacy/looks", fields).location(), "/privacy/looks");
    let page = officer.get("/privacy/looks");
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

fn rows(page: &Answer) -> usize {
    page.body.matches("<tr").count().saturating_sub(1)
}

#[test]
fn looks_are_found_by_who_what_why_and_whether_they_might() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    gp.get(&format!("/people/{id}"));
    house.sign_in("analyst").get(&format!("/people/{id}"));
    let officer = house.sign_in("privacy-officer");
    let page = found(&officer, &[("reader", "priya")]);
    assert!(page.body.contains("Dr Priya Nair") && page.body.contains("Opened a record to give care"), "{}", page.body);
    assert!(!page.body.contains("Refused: "));
    let page = found(&officer, &[("outcome", "refused")]);
    assert!(page.body.contains("Jonah Speight") && page.body.contains("Refused: opened a record"), "{}", page.body);
    assert_eq!(rows(&found(&officer, &[("role", "gp"), ("action", "read-record")])), 1);
    assert_eq!(
        rows(&found(
            &officer,
            &[("purpose", "direct-care"), ("organisation", "Marple Bridge Surgery"), ("action", "read-record")]
        )),
        1
    );
    assert_eq!(rows(&found(&officer, &[("reader", "persona|gp"), ("action", "read-record")])), 1);
    let day = [("until[day]", "21"), ("until[month]", "11"), ("until[year]", "2026")];
    assert!(found(&officer, &day).body.contains("No look fits"));
    let nobody = found(&officer, &[("reader", "Nobodyhasthisname")]);
    assert!(nobody.body.contains("Nobody of this name or id has looked") && nobody.body.contains("Error: "));
    let one = officer.get(&format!("/privacy/looks?person={id}"));
    assert!(one.body.contains("Margaret Ashworth") && one.body.contains("Dr Priya Nair"), "{}", one.body);
    let access = officer.get(&format!("/people/{id}/access"));
    assert!(access.body.contains(&format!("/privacy/looks?person={id}")), "and the way there is offered");
}

#[test]
fn a_search_of_the_looks_is_a_look_even_where_it_finds_nobody() {
    let house = House::open();
    let officer = house.sign_in("privacy-officer");
    for _ in 0..2 {
        let before = house.happened();
        found(&officer, &[("role", "therapist")]);
        assert_eq!(house.happened(), before + 1);
    }
    let page = found(&officer, &[("action", "review-looks")]);
    assert_eq!(rows(&page), 2, "the officer's own searches stand there, too: {}", page.body);
}

#[test]
fn older_looks_follow_page_by_page_without_a_gap() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    for _ in 0..120 {
        house.pass(SignedDuration::from_secs(1));
        assert_eq!(gp.get(&format!("/people/{id}")).status, StatusCode::OK);
    }
    let officer = house.sign_in("privacy-officer");
    let mut page = found(&officer, &[("reader", "nair"), ("action", "read-record")]);
    let mut counts = vec![rows(&page)];
    while page.body.contains(">Older looks<") {
        let href = page.between("<a href=\"/privacy/looks?", "\"").replace("&#38;", "&");
        page = officer.get(&format!("/privacy/looks?{href}"));
        counts.push(rows(&page));
    }
    assert_eq!(counts, [50, 50, 20]);
}

#[test]
fn a_pattern_leads_to_its_looks_and_leaves_the_list_when_it_was_looked_into() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    let id = house.sign_in("gp").person("Margaret Ashworth");
    for _ in 0..6 {
        analyst.get(&format!("/people/{id}"));
    }
    let officer = house.sign_in("privacy-officer");
    let home = officer.get("/privacy");
    assert!(
        home.body.contains("Jonah Speight, an analyst (borough intelligence team), was refused 6 times"),
        "{}",
        home.body
    );
    let href = format!("/privacy/patterns/{}", home.between("href=\"/privacy/patterns/", "\""));
    let page = officer.get(&href);
    assert!(page.body.contains("6 looks are behind it.") && rows(&page) == 6, "{}", page.body);
    let short = officer.send(&href, &[("words", "ok")]);
    assert!(
        short.body.contains("Say in a sentence what you found") && short.body.contains("ok</textarea>"),
        "{}",
        short.body
    );
    let done = officer.send(&href, &[("words", "He pressed the wrong link six times; I have asked him.")]);
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/privacy"));
    let home = officer.get("/privacy");
    assert!(!home.body.contains("was refused 6 times") && home.body.contains("I have asked him."), "{}", home.body);
    assert!(officer.get(&href).body.contains("nothing newer has come since"));
    // Something newer is a pattern again; what was looked into is not counted with it.
    house.pass(SignedDuration::from_hours(2));
    let (analyst, officer) = (house.sign_in("analyst"), house.sign_in("privacy-officer"));
    for _ in 0..5 {
        analyst.get(&format!("/people/{id}"));
    }
    assert!(officer.get("/privacy").body.contains("Jonah Speight, an analyst"));
    assert!(house.store.verify(None).unwrap().findings.is_empty(), "and made again it is the same");
}

#[test]
fn the_file_is_a_table_of_looks_and_opens_no_formula() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    gp.get(&format!("/people/{id}"));
    let officer = house.sign_in("privacy-officer");
    found(&officer, &[("reader", "nair")]);
    let before = house.happened();
    let file = officer.get("/privacy/looks.csv");
    assert_eq!(house.happened(), before + 1, "taking it away is a look");
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    assert!(file.body.starts_with("\"when\",\"reader\",\"name\""), "{}", file.body);
    assert!(file.body.contains("\"persona|gp\",\"Dr Priya Nair\",\"gp\"") && file.body.contains(&id.to_string()));
    assert!(!file.body.contains("Ashworth"), "people stand in it by id alone");
    for line in file.body.lines() {
        let cells: Vec<&str> = line.split("\",\"").collect();
        assert_eq!(cells.len(), 11, "{line}");
        assert!(cells.iter().all(|cell| !cell.trim_start_matches('"').starts_with(['=', '+', '-', '@'])), "{line}");
    }
}

#[test]
fn nobody_else_gets_in_and_what_they_tried_is_written_down() {
    let house = House::open();
    let addresses =
        ["/privacy", "/privacy/looks", "/privacy/looks.csv", "/privacy/patterns/0198f0c2-77aa-7000-8000-000000000001"];
    for persona in everybody().into_iter().filter(|persona| *persona != "privacy-officer") {
        let visitor = house.sign_in(persona);
        for address in addresses {
            let before = house.happened();
            assert_eq!(visitor.get(address).status, StatusCode::FORBIDDEN, "{persona} {address}");
            assert_eq!(house.happened(), before + 1, "{persona} {address}");
        }
        assert_eq!(visitor.send("/privacy/looks", &[]).status, StatusCode::FORBIDDEN, "{persona}");
    }
    let officer = house.sign_in("privacy-officer");
    assert_eq!(officer.get(addresses[3]).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_missing_second_place_is_an_alarm_for_the_officer_and_on_the_page_of_health() {
    let house = House::open();
    let officer = house.sign_in("privacy-officer");
    assert!(!officer.get("/privacy").body.contains("not kept safe"));
    assert!(house.anybody().get("/status").body.contains("Kept in a second place"));
    let since = house.now();
    for (heads, words) in [
        (web::Heads::Nowhere, "kept nowhere else"),
        (web::Heads::Failing { since, why: "The disk is full.".to_owned() }, "The disk is full."),
        (
            web::Heads::Disagree { what: "it was cut short".to_owned() },
            "not the one whose heads were kept: it was cut short",
        ),
    ] {
        *house.heads.lock().unwrap() = heads;
        let page = officer.get("/privacy");
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(words) && page.body.contains("not kept safe"), "{}", page.body);
        let status = house.anybody().get("/status");
        assert!(status.body.contains(words) && status.body.contains("Something needs a look."), "{}", status.body);
    }
}
