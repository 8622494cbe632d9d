//! A message that holds what the law restricts: the records officer sees that it waits and what to do, and none of its words.

use axum::http::StatusCode;

use crate::house::House;

const WORDS: &str = r#"{"resourceType":"Bundle","type":"collection","identifier":{"system":"urn:test","value":"r-1"},"entry":[
    {"resource":{"resourceType":"Patient","id":"p1","name":[{"family":"Zyzzyva","given":["Quentin"]}],"birthDate":"1970-01-01"}},
    {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},
      "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"N98.1"}],"text":"Quagmire clinic"}}}]}"#;

#[test]
fn a_restricted_message_shows_its_envelope_and_none_of_its_words() {
    let house = House::empty();
    house.tell("restricted.json", WORDS);
    let officer = house.sign_in("records-officer");
    let list = officer.get("/quarantine");
    assert!(list.body.contains("holds an entry that the law lets few people see"), "{}", list.body);
    let address = format!("/quarantine/{}", list.between("href=\"/quarantine/", "\""));
    let page = officer.get(&address);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("is shown to nobody here") && page.body.contains("with the mark of lawful sharing"));
    assert!(!page.body.contains("name=\"text\""), "there is nothing to change by hand");
    let tried = officer.send(&address, &[("text", ""), ("note", "the practice was asked")]);
    assert!(tried.body.contains("still cannot be applied"), "{}", tried.body);
    let changed = officer.send(&address, &[("text", "{\"resourceType\":\"Patient\"}"), ("note", "guessed")]);
    for answer in [&list, &page, &tried, &changed] {
        for hint in ["Zyzzyva", "Quentin", "N98", "Quagmire", "ertilis", "Condition", "icd-10"] {
            assert!(!answer.body.contains(hint), "{hint} in {}", answer.body);
        }
    }
    assert!(house.sign_in("gp").find("Zyzzyva").body.contains("found"), "nobody of the message is known");
    house.tell("again.json", &WORDS.replace("N98.1", "J45.9"));
    let tried = officer.send(&address, &[("note", "it has come again")]);
    assert!(tried.body.contains("known already"), "{}", tried.body);
    assert!(!officer.get("/quarantine").body.contains("few people see"), "it has left the list");
}
