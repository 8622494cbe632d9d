//! The population in counts: who may count, what is written down, and that the address holds the question alone.

use axum::http::StatusCode;

use crate::house::House;

#[test]
fn an_analyst_and_a_commissioner_count_people_and_each_view_is_written_down() {
    let house = House::open();
    for persona in ["analyst", "commissioner"] {
        let planner = house.sign_in(persona);
        assert!(planner.get("/").body.contains("href=\"/population\""), "{persona}");
        for (address, says) in [
            ("/population", "People in counts"),
            ("/population?register-depression=all", "Registered with a practice here"),
            ("/population?register-depression=any&register-copd=any&among=resident", "Living in the borough"),
            ("/population/equity", "What is coded, and what is known from elsewhere"),
            ("/population/equity?of=register-dementia", "By neighbourhood"),
        ] {
            let before = house.happened();
            let page = planner.get(address);
            assert_eq!((page.status, house.happened()), (StatusCode::OK, before + 1), "{persona} {address}");
            assert!(page.body.contains(says), "{address}: {says}");
            assert!(page.body.contains("rounded to the nearest five"), "{address}");
        }
    }
}

#[test]
fn nobody_else_counts_people() {
    let house = House::open();
    for persona in ["gp", "privacy-officer", "citizen", "records-officer", "coordinator", "receptionist"] {
        let other = house.sign_in(persona);
        assert!(!other.get("/").body.contains("href=\"/population\""), "{persona}");
        for address in ["/population", "/population?register-copd=all", "/population/equity"] {
            assert_eq!(other.get(address).status, StatusCode::FORBIDDEN, "{persona} {address}");
        }
    }
}

#[test]
fn what_a_form_leaves_alone_does_not_stay_in_the_address() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    let sent = "/population?among=registered&register-copd=all&register-dementia=&hfrs~high=";
    let answer = analyst.get(sent);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/population?among=registered&register-copd=all");
    let page = analyst.get("/population?nobody=all");
    assert!(page.status == StatusCode::OK && page.body.contains("cannot be answered"), "told, and nothing counted");
    assert_eq!(analyst.get("/population/equity?of=nobody").status, StatusCode::NOT_FOUND);
}
