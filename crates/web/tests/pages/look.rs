//! Looks: written down once each, before anything is shown, and not shown at all where they cannot be.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use store::Sql;
use uuid::Uuid;

use crate::house::House;

static LOOKS: Sql = Sql::both("SELECT COUNT(*) FROM look WHERE person = $1");

fn looks(house: &House, person: Uuid) -> i64 {
    house.store.read(|tx| tx.first(&LOOKS, &[person.into()], |row| row.int(0))).unwrap().unwrap()
}

#[test]
fn every_page_about_a_person_is_one_look() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    for rest in ["", "/timeline", "/timeline?kind=result&page=2", "/access"] {
        let (before, written) = (looks(&house, id), house.happened());
        assert_eq!(gp.get(&format!("/people/{id}{rest}")).status, StatusCode::OK);
        assert_eq!(looks(&house, id), before + 1, "{rest}");
        assert_eq!(house.happened(), written + 1, "{rest}: and nothing else was written");
    }
}

#[test]
fn a_list_is_a_look_at_everybody_on_it() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let page = gp.find("Ashworth");
    let found: Vec<Uuid> = page
        .body
        .split("<a href=\"/people/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(found.len(), 2, "Margaret and Harold");
    let before: Vec<i64> = found.iter().map(|person| looks(&house, *person)).collect();
    assert_eq!(before, [1, 1]);
    gp.get("/people");
    assert_eq!(found.iter().map(|person| looks(&house, *person)).collect::<Vec<_>>(), [2, 2]);
    let written = house.happened();
    assert!(gp.find("Nobodyhasthisname").body.contains("No one found"));
    assert_eq!(house.happened(), written, "nobody shown, nothing written");
}

#[test]
fn a_refusal_is_written_down_too() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let analyst = house.sign_in("analyst");
    let before = looks(&house, id);
    assert_eq!(analyst.get(&format!("/people/{id}")).status, StatusCode::FORBIDDEN);
    assert_eq!(looks(&house, id), before + 1);
    let told = house.sign_in("privacy-officer").get(&format!("/people/{id}/access")).body;
    assert!(told.contains("An analyst") && told.contains("tried and was refused"));
}

#[test]
fn where_the_look_cannot_be_written_nothing_is_shown() {
    let house = House::open();
    let (gp, officer) = (house.sign_in("gp"), house.sign_in("records-officer"));
    let id = gp.person("Margaret Ashworth");
    let waiting = officer.get("/quarantine").between("href=\"/quarantine/", "\"").to_owned();
    house.full.store(true, Ordering::Relaxed);
    for rest in ["", "/timeline", "/access"] {
        let answer = gp.get(&format!("/people/{id}{rest}"));
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{rest}");
        assert!(answer.body.contains("The disk that holds the database is full."), "{rest}");
        assert!(!answer.body.contains("Ashworth") && answer.body.contains("Sign out"), "{rest}");
    }
    assert_eq!(gp.get("/people").status, StatusCode::SERVICE_UNAVAILABLE, "the list of who was found");
    assert_eq!(officer.get(&format!("/quarantine/{waiting}")).status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(gp.get("/feeds").status, StatusCode::OK, "what is about nobody still answers");
    house.full.store(false, Ordering::Relaxed);
    assert_eq!(gp.get(&format!("/people/{id}")).status, StatusCode::OK, "and all is as before");
}
