//! A person's own pages: their own record and nobody else's, whatever address they type.

use axum::http::StatusCode;
use store::Sql;
use uuid::Uuid;

use crate::house::House;

static REFUSED: Sql = Sql::both("SELECT count(*) FROM look WHERE person = $1 AND allowed = 0");

fn refused(house: &House, person: Uuid) -> i64 {
    house.store.read(|tx| tx.first(&REFUSED, &[person.into()], |row| row.int(0))).unwrap().unwrap()
}

#[test]
fn a_citizen_reads_their_own_record_in_plain_words() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    gp.get(&format!("/people/{id}"));
    let me = house.sign_in("citizen");
    assert_eq!(me.get("/").location(), "/me");
    let page = me.get("/me");
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Hello, Margaret Ashworth",
        "What you must not be given",
        "Allergy to penicillin",
        "Heart failure",
        "Marple Bridge Surgery",
        "last wrote about you on",
        "opened your record to give care",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    for address in [format!("/people/{id}"), format!("/people/{id}/timeline"), format!("/people/{id}/access")] {
        assert_eq!(me.get(&address).status, StatusCode::OK, "{address}");
    }
    let looks = me.get("/me/looks").body;
    assert!(looks.contains("A GP (Dr Priya Nair, Marple Bridge Surgery) opened your record to give care"));
    assert!(looks.contains("Ask why") && looks.contains("within ten working days"));
    assert!(!looks.contains("The person themselves (Margaret"), "her own looks are left out and counted");
    assert!(looks.contains("times yourself"));
}

#[test]
fn a_citizen_cannot_open_anybody_else_and_is_not_told_who_is_known() {
    let house = House::open();
    let harold = house.sign_in("gp").person("Harold Ashworth");
    let nobody: Uuid = "0198f0c2-77aa-7000-8000-000000000001".parse().unwrap();
    let me = house.sign_in("citizen");
    for rest in ["", "/timeline", "/access"] {
        let before = refused(&house, harold);
        let (here, nowhere) = (me.get(&format!("/people/{harold}{rest}")), me.get(&format!("/people/{nobody}{rest}")));
        assert_eq!(here.status, StatusCode::FORBIDDEN, "{rest}");
        assert_eq!((here.status, &here.body), (nowhere.status, &nowhere.body), "{rest}");
        assert!(!here.body.contains("Harold"), "{rest}");
        assert_eq!(refused(&house, harold), before + 1, "{rest}: written down");
    }
    // Nor by any other way.
    assert_eq!(me.get("/people").status, StatusCode::FORBIDDEN);
    assert_eq!(me.get("/lists/hospital").status, StatusCode::FORBIDDEN);
    let waiting = house.sign_in("records-officer").get("/quarantine").between("href=\"/quarantine/", "\"").to_owned();
    assert_eq!(me.get(&format!("/quarantine/{waiting}")).status, StatusCode::FORBIDDEN);
}

#[test]
fn an_id_that_was_joined_to_another_person_does_not_open_them() {
    let house = House::open();
    static LEAVES: Sql = Sql::both("SELECT id FROM person WHERE root <> id");
    let leaves = house.store.read(|tx| tx.all(&LEAVES, &[], |row| row.uuid(0))).unwrap();
    assert!(!leaves.is_empty());
    let me = house.sign_in("citizen");
    for leaf in leaves {
        assert_eq!(me.get(&format!("/people/{leaf}")).status, StatusCode::FORBIDDEN, "an older id is no way around");
    }
}

#[test]
fn these_pages_are_for_nobody_who_is_here_for_their_work() {
    let house = House::open();
    for persona in ["gp", "receptionist", "analyst", "privacy-officer"] {
        for address in ["/me", "/me/looks"] {
            assert_eq!(house.sign_in(persona).get(address).status, StatusCode::FORBIDDEN, "{persona} {address}");
        }
    }
}

#[test]
fn who_is_not_in_the_record_cannot_sign_in_and_is_told_so() {
    let house = House::empty();
    let answer = house.anybody().post("/sign-in", &[("persona", "citizen")]);
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.headers.get(axum::http::header::SET_COOKIE).is_none());
    assert!(answer.body.contains("Margaret Ashworth is not in this record"));
}
