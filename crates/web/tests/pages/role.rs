//! Who gets which page: every one of the demonstration's people at every route.

use std::fmt::Write as _;

use web::route::ROUTES;

use crate::house::{House, everybody};

#[test]
fn everybody_at_every_route() {
    let house = House::open();
    let page = house.anybody().get("/");
    assert_eq!(page.body.matches("name=\"persona\"").count(), everybody().len(), "all of them are on the sign-in page");
    let margaret = house.sign_in("gp").person("Margaret Ashworth").to_string();
    let waiting = house.sign_in("records-officer").get("/quarantine").between("href=\"/quarantine/", "\"").to_owned();
    // One entry of her record, and one closed record that was opened.
    let gp = house.sign_in("gp");
    let page = gp.get(&format!("/people/{margaret}/timeline?kind=problem"));
    let entry = page.between(&format!("href=\"/people/{margaret}/seal/"), "\"").to_owned();
    let stated = [("why", "other"), ("reason", "A test of who gets which page in this house")];
    gp.send(&format!("/people/{margaret}/glass"), &stated);
    let officer = house.sign_in("privacy-officer");
    let glass = officer.get("/privacy/glass").between("href=\"/privacy/glass/", "\"").to_owned();
    let mut matrix = format!("{:32}", "");
    for persona in everybody() {
        write!(matrix, " {persona:>18}").unwrap();
    }
    // Signing out comes last, or there is nobody left.
    let mut routes: Vec<_> = ROUTES.to_vec();
    routes.sort_by_key(|(_, path, _)| *path == "/sign-out");
    let visitors = everybody().into_iter().map(|persona| house.sign_in(persona)).collect::<Vec<_>>();
    for (method, path, _) in routes {
        let id = match path.split('/').nth(1).unwrap() {
            "people" | "me" => &margaret,
            "quarantine" => &waiting,
            "privacy" if path.contains("glass") => &glass,
            "privacy" => "0198f0c2-77aa-7000-8000-000000000001",
            "clocks" => "triage",
            _ => "bramhall",
        };
        write!(matrix, "\n{:32}", format!("{method} {path}")).unwrap();
        for visitor in &visitors {
            let address = path
                .replace("{id}", id)
                .replace("{list}", "in-hospital")
                .replace("{specialty}", "endocrinology")
                .replace("{table}", "months.csv")
                .replace("{month}", "2026-11")
                .replace("{provider}", "nobody");
            let address = address.replace("{entry}", &entry);
            let answer =
                if method == "GET" { visitor.get(&address) } else { visitor.send(&address, &[("name", "Ashworth")]) };
            let to = answer.location().replace(id, "{id}");
            write!(matrix, " {:>18}", format!("{} {to}", answer.status.as_u16()).trim()).unwrap();
        }
    }
    insta::assert_snapshot!(matrix);
}

#[test]
fn reception_is_sent_nothing_of_care_and_no_service_that_knows_somebody() {
    let house = House::open();
    let reception = house.sign_in("receptionist");
    let id = reception.person("Margaret Ashworth");
    for address in
        [format!("/people/{id}"), format!("/people/{id}/timeline"), format!("/people/{id}/timeline?kind=problem")]
    {
        let page = reception.get(&address).body;
        assert!(page.contains("Margaret Ashworth") && page.contains("Your role shows"), "{address}");
        for word in [
            "eart failure",
            "isoprolol",
            "enicillin",
            "ospice",
            "end-of-life",
            "CPR",
            "Social care",
            "Adult social",
            "No alert",
            "key worker",
        ] {
            assert!(!page.contains(word), "{address}: {word}");
        }
    }
    let record = reception.get(&format!("/people/{id}")).body;
    assert!(record.contains("How to reach them") && record.contains("01632 960101"), "the telephone");
    assert!(!record.contains("/timeline\"") && !record.contains("/access\""), "no link to what the role does not see");
}

#[test]
fn who_watches_over_looks_goes_to_them_and_not_to_the_record() {
    let house = House::open();
    let officer = house.sign_in("privacy-officer");
    let found = officer.find("Margaret Ashworth");
    let address = found.between("<a href=\"/people/", "\"");
    assert!(address.ends_with("/access"), "{address}");
    let page = officer.get(&format!("/people/{address}"));
    assert!(page.body.contains("aria-label=\"Whose record this is\"") && page.body.contains("Back to find a person"));
    assert!(!page.body.contains("eart failure"));
}

#[test]
fn a_role_that_opens_no_record_is_not_told_who_is_known() {
    let house = House::open();
    let known = house.sign_in("gp").person("Margaret Ashworth").to_string();
    let unknown = "0198f0c2-77aa-7000-8000-000000000001";
    for persona in ["analyst", "records-officer", "privacy-officer"] {
        let visitor = house.sign_in(persona);
        for rest in ["", "/timeline"] {
            let (here, nowhere) =
                (visitor.get(&format!("/people/{known}{rest}")), visitor.get(&format!("/people/{unknown}{rest}")));
            assert_eq!(here.status, 403, "{persona} {rest}");
            assert_eq!((here.status, &here.body), (nowhere.status, &nowhere.body), "{persona} {rest}");
        }
    }
}
