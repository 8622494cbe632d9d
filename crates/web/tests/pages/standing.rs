//! A record opens to whoever has a relationship to the person, for as long as it lasts, and to nobody else; and says so.

use access::sharing::{Choice, Command};
use access::{Role, Subject};
use axum::http::StatusCode;
use jiff::SignedDuration;
use store::Sql;
use uuid::Uuid;

use crate::hospital::{Patient, adt};
use crate::house::House;

static REFUSED: Sql = Sql::both("SELECT count(*) FROM look WHERE person = $1 AND allowed = 0");

fn refused(house: &House, person: Uuid) -> i64 {
    house.store.read(|tx| tx.first(&REFUSED, &[person.into()], |row| row.int(0))).unwrap().unwrap()
}

#[test]
fn a_record_is_closed_to_whom_nothing_ties_the_person_and_says_what_to_do() {
    let house = House::empty();
    let patient = Patient::new(2, "Spinner", "P88005");
    house.tell("a.hl7", &adt("A03", "I", &patient, "20261110120000", "20261120160000", "Fall"));
    let id = house.sign_in("gp").person("Spinner");
    let glass = format!("/people/{id}/glass");
    for (persona, may_break) in
        [("gp", true), ("district-nurse", true), ("care-home-manager", false), ("receptionist", false)]
    {
        for rest in ["", "/timeline"] {
            let before = refused(&house, id);
            let page = house.sign_in(persona).get(&format!("/people/{id}{rest}"));
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{persona}");
            assert!(page.body.contains("This record is closed to you"), "{persona}");
            assert!(page.body.contains("What you can do") && !page.body.contains("Spinner"), "{persona}");
            assert_eq!(page.body.contains(&glass), may_break, "{persona}");
            assert_eq!(refused(&house, id), before + 1, "{persona}: written down");
        }
    }
    let page = house.sign_in("privacy-officer").get(&format!("/people/{id}"));
    assert!(page.status == StatusCode::FORBIDDEN && !page.body.contains(&glass));
}

#[test]
fn a_record_is_open_to_the_hospital_until_thirty_days_after_the_stay() {
    let house = House::empty();
    let patient = Patient::new(2, "Spinner", "P88005");
    house.tell("a.hl7", &adt("A03", "I", &patient, "20261110120000", "20261120160000", "Fall"));
    let id = house.sign_in("consultant").person("Spinner");
    let open = || house.sign_in("consultant").get(&format!("/people/{id}")).status;
    assert_eq!(open(), StatusCode::OK);
    house.pass(SignedDuration::from_hours(24 * 28));
    assert_eq!(open(), StatusCode::OK);
    house.pass(SignedDuration::from_hours(24 * 3));
    assert_eq!(open(), StatusCode::FORBIDDEN);
}

#[test]
fn whoever_objects_is_shown_to_each_service_as_that_service_wrote_of_them() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    let page = |persona: &str| house.sign_in(persona).get(&format!("/people/{id}")).body;
    let said = "chosen not to share their record";
    assert!(page("district-nurse").contains("Allergy to penicillin") && !page("gp").contains(said));
    let by = Subject {
        id: "persona|citizen".to_owned(),
        name: "Margaret Ashworth".to_owned(),
        role: Role::Citizen,
        organisation: String::new(),
        own: Some(id),
        teams: Vec::new(),
        assured: true,
    };
    let (command, now) = (Command { by, person: id, choice: Choice::Object(String::new()) }, house.now());
    let done = house.store.write(move |write| {
        access::sharing::choose(write, &command, &[], "test", now).unwrap();
        Ok::<_, store::Error>(())
    });
    done.unwrap();
    for persona in ["gp", "district-nurse"] {
        assert!(page(persona).contains(said), "{persona}");
    }
    assert!(page("gp").contains("Allergy to penicillin"), "the practice's own");
    assert!(!page("district-nurse").contains("Allergy to penicillin"));
    let timeline = house.sign_in("district-nurse").get(&format!("/people/{id}/timeline")).body;
    assert!(timeline.contains(said) && !timeline.contains("penicillin"));
    let own = house.sign_in("citizen").get("/me").body;
    assert!(own.contains("Allergy to penicillin"), "what is hers she reads");
}
