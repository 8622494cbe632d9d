//! Every look is accounted for, at the API as on the pages.

use jiff::SignedDuration;

use crate::house::House;

use super::client::pulse;

#[test]
fn a_sitting_is_one_look_and_ten_minutes_later_there_is_another() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Looked");
    let nurse = house.client("district-nurse");
    let looks = || house.happened();
    let before = looks();
    for address in [
        format!("/fhir/Patient/{id}"),
        "/fhir/Patient?family=Looked".to_owned(),
        format!("/fhir/Patient/{id}/$everything"),
    ] {
        assert_eq!(nurse.get(&address).status, 200, "{address}");
    }
    assert_eq!(looks(), before + 1, "one sitting");
    house.pass(SignedDuration::from_mins(11));
    nurse.get(&format!("/fhir/Patient/{id}"));
    assert_eq!(looks(), before + 2, "the sitting has ended");
    nurse.get("/fhir/Patient?family=Nobody");
    nurse.get("/fhir/Patient?family=Looked&_summary=count");
    assert_eq!(looks(), before + 2, "nobody was shown");
}

#[test]
fn the_person_can_read_who_looked_by_the_api() {
    let house = House::empty();
    let gp = house.client("gp");
    let id = gp.register("Reader");
    gp.post("/fhir/Observation", &pulse(&id, "72"));
    house.client("district-nurse").get(&format!("/fhir/Patient/{id}/$everything"));
    let officer = house.sign_in("privacy-officer");
    let found = officer.find("Test Reader");
    let address = found.between("<a href=\"/people/", "\"");
    let page = officer.get(&format!("/people/{address}"));
    assert!(page.body.contains("Ruth Oyelaran"), "{}", page.body);
}
