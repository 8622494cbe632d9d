//! Somebody whose details are withheld (S-flag): whoever is signed in, by whatever route, form or search, nobody is sent where
//! they live, how they are reached or who looks after them; and a message about them that could not be taken in shows no words.

use axum::http::StatusCode;

use crate::hospital::{Patient, adt, appointment, community};
use crate::house::{House, STAFF};
use crate::reception::everything;

/// Parts of what is withheld; each stands in what the sources sent.
const HINTS: [&str; 6] = ["Hidden Bobbin", "SK6 6QZ", "SK66QZ", "0161 496 0123", "Zephyr Lane", "Zebedee"];

/// Somebody as their practice says they are, with everything that tells where they are; flagged or not.
fn located(patient: &Patient, flagged: bool) -> String {
    let flag =
        r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},"#;
    format!(
        r#"{{"resourceType":"Bundle","type":"transaction","identifier":{{"system":"https://gp.example/export","value":"where-{0}"}},
        "timestamp":"2026-11-22T06:30:00Z","entry":[
        {{"fullUrl":"https://gp.example/fhir/Patient/{0}","resource":{{"resourceType":"Patient","id":"{0}",{3}
          "identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{0}"}}],
          "name":[{{"family":"{1}","given":["Jo"]}}],"birthDate":"1940-01-05","gender":"female",
          "telecom":[{{"system":"phone","value":"0161 496 0123"}}],
          "address":[{{"line":["4 Hidden Bobbin Yard"],"city":"Marple","postalCode":"{4}"}}],
          "contact":[{{"name":{{"text":"Zebedee Ashworth"}}}}],
          "managingOrganization":{{"display":"Zephyr Lane Practice"}},
          "generalPractitioner":[{{"display":"Zephyr Lane Practice",
            "identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{2}"}}}}]}},
          "request":{{"method":"PUT","url":"Patient/{0}"}}}},
        {{"fullUrl":"https://gp.example/fhir/RelatedPerson/r-{0}","resource":{{"resourceType":"RelatedPerson","id":"r-{0}",
          "patient":{{"reference":"Patient/{0}"}},"name":[{{"text":"Zebedee Ashworth"}}]}},
          "request":{{"method":"PUT","url":"RelatedPerson/r-{0}"}}}},
        {{"fullUrl":"https://gp.example/fhir/Condition/c-{0}","resource":{{"resourceType":"Condition","id":"c-{0}",
          "subject":{{"reference":"Patient/{0}"}},"code":{{"text":"Asthma"}}}},
          "request":{{"method":"PUT","url":"Condition/c-{0}"}}}}]}}"#,
        patient.number,
        patient.family,
        patient.practice,
        if flagged { flag } else { "" },
        patient.postcode,
    )
}

/// A borough of one person, whom every service knows.
fn house(flagged: bool) -> (House, Patient) {
    let house = House::empty();
    let mut patient = Patient::new(31, "Ashworth", "P88002");
    (patient.address, patient.postcode) = ("4 Hidden Bobbin Yard", "SK6 6QZ");
    house.tell("a.json", &appointment(&patient, "one", "2026-11-22T10:20:00Z", "A talk"));
    house.tell("b.hl7", &adt("A01", "I", &patient, "20261121080000", "", "Fall"));
    house.tell("c.csv", &community(&patient, "Contact", "K1", "District nursing", "20/11/2026 09:00", "Seen"));
    house.tell("d.json", &located(&patient, flagged));
    // And one that cannot be taken in: an appointment of the same person that begins on a day that there is not.
    let broken = appointment(&patient, "two", "2026-02-31T10:20:00Z", "At 4 Hidden Bobbin Yard, SK6 6QZ");
    house.tell("e.json", &broken);
    (house, patient)
}

/// The first hint that an answer has in it, with the place.
fn told(sent: &[(String, String)]) -> Option<String> {
    let found = |(address, body): &(String, String)| {
        let hint = HINTS.iter().find(|hint| body.contains(*hint));
        let practice = address.starts_with("/fhir/Patient") && body.contains("P88002");
        hint.copied().or(practice.then_some("P88002")).map(|hint| format!("{address}: {hint}"))
    };
    sent.iter().find_map(found)
}

#[test]
fn no_route_tells_anybody_where_somebody_withheld_is() {
    let ((flagged, _), (open, _)) = (house(true), house(false));
    for persona in STAFF {
        let visitor = flagged.sign_in(persona);
        let sent = everything(&flagged, &visitor);
        assert!(sent.len() > 40, "{persona}: the crawler went somewhere: {}", sent.len());
        assert_eq!(told(&sent), None, "{persona}");
    }
    // Of somebody who is not withheld the same crawler is told plenty, or it would prove nothing.
    for persona in ["gp", "records-officer"] {
        assert!(told(&everything(&open, &open.sign_in(persona))).is_some(), "{persona}");
    }
}

#[test]
fn a_message_about_somebody_withheld_that_waits_shows_no_words() {
    let ((flagged, _), (open, _)) = (house(true), house(false));
    for (house, shown) in [(&flagged, false), (&open, true)] {
        let officer = house.sign_in("records-officer");
        let list = officer.get("/quarantine");
        let address = format!("/quarantine/{}", list.between("href=\"/quarantine/", "\""));
        let page = officer.get(&address);
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.contains("Hidden Bobbin"), shown, "{}", page.body);
        assert_eq!(page.body.contains("is shown to nobody here"), !shown);
        for fields in [vec![], vec![("text", "{}")], vec![("note", "tried again")]] {
            let answer = officer.send(&address, &fields);
            assert!(shown || !answer.body.contains("Hidden Bobbin"), "{}", answer.body);
        }
    }
}
