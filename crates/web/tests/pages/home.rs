//! The homes of the roles: who stands on whose list, what of them is shown, and what is written down of it.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::hospital::{Patient, adt, appointment, community};
use crate::house::{Answer, House, STAFF};

/// The part of a page under the heading with this id, up to the end of its section.
fn section<'a>(page: &'a Answer, id: &str) -> &'a str {
    page.between(&format!("id=\"{id}\""), "</section>")
}

fn names(part: &str) -> Vec<&str> {
    let names = part.split("<p class=\"weft-work__name\">").skip(1);
    names.map(|rest| rest.split("</p>").next().unwrap()).map(|name| name.rsplit("\">").next().unwrap()).collect()
}

#[test]
fn every_home_answers_with_nobody_in_it_and_says_what_would_be_there_and_what_is_not_built() {
    let house = House::empty();
    for persona in STAFF {
        let answer = house.sign_in(persona).get("/");
        assert_eq!(answer.status, StatusCode::OK, "{persona}");
        assert!(answer.body.contains("<h1 class=\"nhsuk-heading-l\">Home</h1>"), "{persona}");
        // Those who plan and decide have no lists of people.
        let listless = ["analyst", "commissioner", "councillor", "hospital-director", "community-director"];
        let empty = answer.body.contains("weft-empty");
        assert!(empty || listless.contains(&persona), "{persona}: an empty list says so");
        assert!(answer.body.contains("Not here yet"), "{persona}");
        let finds = answer.body.contains("Find a person by name");
        let no_finders = ["records-officer", "identity-steward", "second-steward"];
        assert_eq!(finds, !listless.contains(&persona) && !no_finders.contains(&persona), "{persona}");
    }
}

#[test]
fn a_gp_sees_those_of_the_practice_who_came_out_and_nobody_elses() {
    let house = House::empty();
    let (own, other) = (Patient::new(1, "Weaver", "P88002"), Patient::new(2, "Spinner", "P88005"));
    let old = Patient::new(3, "Carder", "P88002");
    for patient in [&own, &other] {
        house.tell("a.hl7", &adt("A03", "I", patient, "20261110120000", "20261120160000", "Fall"));
    }
    house.tell("b.hl7", &adt("A03", "I", &old, "20261001120000", "20261010160000", "Fall"));
    house.tell("c.hl7", &adt("A04", "E", &own, "20261121220000", "", "Chest pain"));
    let gp = house.sign_in("gp");
    let page = gp.get("/");
    let came = section(&page, "hospital");
    assert_eq!(names(came), ["Jo Weaver</a>", "Jo Weaver</a>"], "the attendance and the discharge, the newest first");
    assert!(came.contains("Left hospital 1 day ago") && came.contains("Fall") && came.contains("Chest pain"));
    assert!(came.contains("Stepping Hill Hospital, last heard just now"), "its source and its age");
    assert!(!page.body.contains("Spinner") && !page.body.contains("Carder"));
    // Each on the list is a look, and nobody else is.
    let id = gp.person("Jo Weaver");
    let told = house.sign_in("privacy-officer").get(&format!("/people/{id}/access")).body;
    assert!(told.contains("saw this person on a list of their desk"));
    let spinner = gp.person("Jo Spinner");
    let told = house.sign_in("privacy-officer").get(&format!("/people/{spinner}/access")).body;
    assert!(!told.contains("on a list of their desk"));
}

#[test]
fn who_changes_practice_changes_lists_and_takes_along_what_happened() {
    let house = House::empty();
    let mut patient = Patient::new(1, "Weaver", "P88002");
    house.tell("a.hl7", &adt("A03", "I", &patient, "20261110120000", "20261120160000", "Fall"));
    assert!(house.sign_in("gp").get("/").body.contains("Jo Weaver"));
    patient.practice = "P88005";
    house.tell("b.hl7", &adt("A08", "I", &patient, "20261110120000", "20261120170000", "Fall"));
    assert!(!house.sign_in("gp").get("/").body.contains("Jo Weaver"));
    assert!(house.store.verify(None).unwrap().findings.is_empty(), "and made again it is the same");
}

#[test]
fn a_list_that_cannot_be_written_down_is_not_shown() {
    let house = House::empty();
    let patient = Patient::new(1, "Weaver", "P88002");
    house.tell("a.hl7", &adt("A03", "I", &patient, "20261110120000", "20261120160000", "Fall"));
    let gp = house.sign_in("gp");
    house.full.store(true, Ordering::Relaxed);
    for address in ["/", "/lists/hospital"] {
        let answer = gp.get(address);
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        assert!(!answer.body.contains("Weaver"), "{address}");
    }
    house.full.store(false, Ordering::Relaxed);
    assert!(gp.get("/").body.contains("Weaver"));
}

#[test]
fn reception_sees_who_comes_and_when_and_nothing_of_why() {
    let house = House::empty();
    let (own, other) = (Patient::new(1, "Weaver", "P88002"), Patient::new(2, "Spinner", "P88005"));
    house.tell("a.json", &appointment(&own, "one", "2026-11-22T10:20:00Z", "Smear test"));
    house.tell("b.json", &appointment(&own, "two", "2026-11-23T10:20:00Z", "Smear test"));
    house.tell("c.json", &appointment(&other, "three", "2026-11-22T11:20:00Z", "Smear test"));
    let page = house.sign_in("receptionist").get("/");
    let today = section(&page, "appointments");
    assert_eq!(names(today), ["Jo Weaver</a>"]);
    assert!(today.contains("<p class=\"weft-work__what\">10:20</p>"), "{today}");
    for word in ["Smear", "Nurse D. Sample", "Spinner", "weft-work__detail"] {
        assert!(!page.body.contains(word), "{word}");
    }
}

#[test]
fn reception_is_not_told_of_appointments_elsewhere() {
    let house = House::empty();
    let own = Patient::new(1, "Weaver", "P88002");
    house.tell("a.csv", &community(&own, "Contact", "V1", "Sexual health", "22/11/2026 15:00", "Planned"));
    house.tell("b.hl7", &adt("A03", "I", &own, "20261110120000", "20261120160000", "Fall"));
    assert!(!house.sign_in("receptionist").get("/").body.contains("Weaver"));
}

#[test]
fn a_nurse_has_visits_by_time_and_the_team_s_caseload() {
    let house = House::empty();
    let patients =
        [1, 2, 3].map(|index| Patient::new(index, ["", "Weaver", "Spinner", "Carder"][index as usize], "P88006"));
    let [first, second, therapy] = &patients;
    house.tell("a.csv", &community(first, "Contact", "V1", "District nursing", "22/11/2026 15:00", "Planned"));
    house.tell("b.csv", &community(second, "Contact", "V2", "District nursing", "22/11/2026 08:00", "Planned"));
    house.tell("c.csv", &community(first, "Contact", "V3", "District nursing", "24/11/2026 09:00", "Planned"));
    house.tell("d.csv", &community(second, "Caseload", "V4", "District nursing", "01/10/2026", ""));
    house.tell("e.csv", &community(therapy, "Contact", "V5", "Physiotherapy", "22/11/2026 09:00", "Planned"));
    let page = house.sign_in("district-nurse").get("/");
    assert_eq!(names(section(&page, "today")), ["Jo Spinner</a>", "Jo Weaver</a>"]);
    assert_eq!(names(section(&page, "next")), ["Jo Weaver</a>"]);
    let caseload = section(&page, "caseload");
    assert!(caseload.contains("District nursing caseload: Wound") && caseload.contains("Since 1 October 2026"));
    assert!(!page.body.contains("Carder"));
    let page = house.sign_in("therapist").get("/");
    assert_eq!(names(section(&page, "visits")), ["Jo Carder</a>"]);
}

#[test]
fn a_therapist_sees_falls_and_not_every_attendance() {
    let house = House::empty();
    let (fell, pain) = (Patient::new(1, "Weaver", "P88006"), Patient::new(2, "Spinner", "P88006"));
    house.tell("a.hl7", &adt("A04", "E", &fell, "20261121220000", "", "Fall at home"));
    house.tell("b.hl7", &adt("A04", "E", &pain, "20261121220000", "", "Chest pain"));
    let page = house.sign_in("therapist").get("/");
    assert_eq!(names(section(&page, "falls")), ["Jo Weaver</a>"]);
}

#[test]
fn whoever_has_been_seen_since_hospital_leaves_the_coordinator_s_list() {
    let house = House::empty();
    let (alone, seen) = (Patient::new(1, "Weaver", "P88002"), Patient::new(2, "Spinner", "P88005"));
    for patient in [&alone, &seen] {
        house.tell("a.hl7", &adt("A03", "I", patient, "20261110120000", "20261120160000", "Fall"));
    }
    let coordinator = house.sign_in("coordinator");
    let page = coordinator.get("/");
    assert_eq!(names(section(&page, "unseen")).len(), 2);
    assert!(section(&page, "unseen").contains("By neighbourhood") && section(&page, "unseen").contains("Tame Valley"));
    // A visit that is only planned is no visit, and one before the discharge does not count.
    house.tell("b.csv", &community(&seen, "Contact", "V1", "District nursing", "24/11/2026 09:00", "Planned"));
    house.tell("c.csv", &community(&seen, "Contact", "V2", "District nursing", "19/11/2026 09:00", "Seen"));
    assert_eq!(names(section(&coordinator.get("/"), "unseen")).len(), 2);
    house.tell("d.csv", &community(&seen, "Contact", "V3", "District nursing", "21/11/2026 09:00", "Seen"));
    assert_eq!(names(section(&coordinator.get("/"), "unseen")), ["Jo Weaver</a>"]);
    // Back in hospital is nobody's to visit at home.
    house.tell("e.hl7", &adt("A01", "I", &alone, "20261122080000", "", "Fall"));
    assert!(section(&coordinator.get("/"), "unseen").contains("weft-empty"));
}

#[test]
fn whoever_died_in_hospital_is_told_to_the_practice_and_sent_to_nobody_to_visit() {
    let house = House::empty();
    let patient = Patient::new(1, "Weaver", "P88002");
    let left = adt("A03", "I", &patient, "20261110120000", "20261121160000", "Pneumonia");
    // PV1-36 stands eight fields before the admission.
    house.tell("a.hl7", &left.replace("||||||||20261110120000|", "04^Died||||||||20261110120000|"));
    assert!(section(&house.sign_in("gp").get("/"), "hospital").contains("Died in hospital 17 hours ago"));
    for persona in ["coordinator", "district-nurse", "therapist"] {
        assert!(!house.sign_in(persona).get("/").body.contains("Weaver"), "{persona}");
    }
}

#[test]
fn a_consultant_sees_the_longest_stay_first() {
    let house = House::empty();
    let (long, short) = (Patient::new(1, "Weaver", "P88002"), Patient::new(2, "Spinner", "P88005"));
    house.tell("a.hl7", &adt("A01", "I", &short, "20261120120000", "", "Fall"));
    house.tell("b.hl7", &adt("A01", "I", &long, "20261101120000", "", "Pneumonia"));
    let page = house.sign_in("consultant").get("/");
    let inside = section(&page, "in-hospital");
    assert_eq!(names(inside), ["Jo Weaver</a>", "Jo Spinner</a>"]);
    assert!(inside.contains("In hospital for 21 nights") && inside.contains("Tame Valley"));
    house.tell("c.hl7", &adt("A03", "I", &long, "20261101120000", "20261122080000", "Pneumonia"));
    let page = house.sign_in("consultant").get("/");
    assert_eq!(names(section(&page, "in-hospital")), ["Jo Spinner</a>"]);
    assert_eq!(names(section(&page, "left")), ["Jo Weaver</a>"]);
}

#[test]
fn a_home_has_its_residents_and_not_the_neighbours_and_is_not_told_why_they_are_away() {
    let house = House::empty();
    let at =
        |index, family, address| Patient { address, postcode: "SK12 2NJ", ..Patient::new(index, family, "P88015") };
    let resident = at(1, "Weaver", "Bowerfield House");
    let (away, neighbour) = (at(2, "Spinner", "1 Broadwood Close"), at(3, "Carder", "3 Broadwood Close"));
    for patient in [&resident, &neighbour] {
        house.tell("a.hl7", &adt("A03", "I", patient, "20261001120000", "20261010160000", "Fall"));
    }
    house.tell("b.hl7", &adt("A01", "I", &away, "20261120120000", "", "Overdose"));
    let page = house.sign_in("care-home-manager").get("/");
    let residents = section(&page, "residents");
    assert_eq!(names(residents), ["Jo Spinner</a>", "Jo Weaver</a>"], "who is away comes first");
    assert!(residents.contains("In hospital for 2 nights") && residents.contains("1 person shares the home"));
    for word in ["Overdose", "C3", "Bed 04", "Carder"] {
        assert!(!page.body.contains(word), "{word}");
    }
}

#[test]
fn a_long_list_says_how_many_and_shows_the_rest_page_by_page() {
    let house = House::empty();
    let mut told = String::new();
    for index in 0..60 {
        told.push_str(&adt(
            "A03",
            "I",
            &Patient::new(index, "Weaver", "P88002"),
            "20261110120000",
            "20261120160000",
            "Fall",
        ));
    }
    house.tell("a.hl7", &told);
    let gp = house.sign_in("gp");
    let page = gp.get("/");
    assert_eq!(names(section(&page, "hospital")).len(), 8);
    assert!(section(&page, "hospital").contains("<a href=\"/lists/hospital\">Show all 60<"));
    let (first, second) = (gp.get("/lists/hospital"), gp.get("/lists/hospital?page=2"));
    assert_eq!((names(&first.body).len(), names(&second.body).len()), (50, 10));
    assert!(first.body.contains("1 to 50 of 60.") && second.body.contains("51 to 60 of 60."));
    assert_eq!(gp.get("/lists/nothing").status, StatusCode::NOT_FOUND);
    assert_eq!(gp.get("/lists/residents").status, StatusCode::NOT_FOUND, "another desk's list");
    for persona in ["analyst", "records-officer"] {
        assert_eq!(house.sign_in(persona).get("/lists/hospital").status, StatusCode::FORBIDDEN, "{persona}");
    }
}

#[test]
fn an_analyst_sees_counts_and_no_person_and_no_small_count() {
    let house = House::empty();
    let mut told = String::new();
    for index in 0..30 {
        let practice = if index < 3 {
            "P88006"
        } else if index < 12 {
            "P88002"
        } else {
            "P88005"
        };
        told.push_str(&adt(
            "A03",
            "I",
            &Patient::new(index, "Weaver", practice),
            "20261110120000",
            "20261120160000",
            "Fall",
        ));
    }
    house.tell("a.hl7", &told);
    let page = house.sign_in("analyst").get("/");
    let row = |id: &str, name: &str| {
        let part = section(&page, id);
        let rest = part.split(name).nth(1).unwrap_or_else(|| panic!("{name} in {part}"));
        let cells = rest.split("</tr>").next().unwrap();
        let mut text = String::new();
        for piece in cells.split('<').skip(1) {
            text.push_str(piece.split_once('>').map_or("", |(_, words)| words).trim());
            text.push(' ');
        }
        text
    };
    assert!(row("people", "Tame Valley").contains("18") && row("people", "Everybody known").contains("30"));
    assert!(row("people", "Bramhall").contains("Fewer than 7"));
    // With Marple's count the few elsewhere would be known to be none.
    assert!(row("people", "Marple").contains("Not shown") && row("practices", "Marple Bridge").contains("Not shown"));
    assert!(row("practices", "Marple Cottage Surgery").contains("Not shown"));
    let page_text = section(&page, "practices");
    assert!(!page.body.contains("Weaver") && !page_text.contains("/people/"));
}

#[test]
fn an_officer_sees_how_much_is_looked_and_what_was_refused() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    for _ in 0..3 {
        gp.get(&format!("/people/{id}"));
    }
    house.sign_in("analyst").get(&format!("/people/{id}"));
    let officer = house.sign_in("privacy-officer");
    let page = officer.get("/");
    let refused = section(&page, "refused");
    assert!(refused.contains("Jonah Speight") && refused.contains("To open a record"));
    let most = section(&page, "most");
    assert!(most.contains(&format!("href=\"/people/{id}/access\"")) && most.contains(">3<"), "{most}");
    assert!(!page.body.contains("Ashworth"), "an id and no name");
    house.pass(SignedDuration::from_hours(25));
    let later = house.sign_in("privacy-officer").get("/");
    assert!(
        later.body.contains("Nobody was refused in the last 24 hours.")
            && later.body.contains("No record has been opened")
    );
}

#[test]
fn a_records_officer_sees_what_waits_by_feed() {
    let house = House::open();
    let page = house.sign_in("records-officer").get("/");
    let waiting = section(&page, "waiting");
    assert!(waiting.contains("href=\"/quarantine?feed=social-care\"") && waiting.contains("just now"), "{waiting}");
}

#[test]
fn a_withheld_address_is_on_the_practice_s_list_and_at_no_home() {
    let house = House::empty();
    let hidden = Patient { address: "Bowerfield House", postcode: "SK12 2NJ", ..Patient::new(1, "Weaver", "P88002") };
    house.tell("a.hl7", &adt("A03", "I", &hidden, "20261110120000", "20261120160000", "Fall"));
    let silent = appointment(&hidden, "one", "2026-11-22T10:20:00Z", "Talk").replacen(
        "\"resourceType\":\"Patient\",",
        "\"resourceType\":\"Patient\",\"meta\":{\"security\":[{\"code\":\"R\"}]},",
        1,
    );
    house.tell("b.json", &silent);
    assert!(!house.sign_in("care-home-manager").get("/").body.contains("Weaver"));
    assert!(house.sign_in("gp").get("/").body.contains("Weaver"), "her own practice does not lose her");
    let wide = house.sign_in("coordinator").get("/");
    assert!(section(&wide, "unseen").contains("Address and practice withheld"));
}
