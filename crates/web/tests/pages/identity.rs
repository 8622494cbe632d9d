//! The identity steward's pages: what waits, a pair side by side, two people for a risky join, undoing, and the old id that leads on.

use axum::http::StatusCode;
use record::linkage::{Roll, RollClaim, Schema, adopt, from_roll};

use crate::house::{House, Visitor};
use crate::show::text;

const FIRST: &str = "0198f0c2-77aa-7000-8000-000000000001";

/// A house in which something has been learnt.
fn learnt() -> House {
    let house = House::empty();
    learn(&house);
    house
}

/// Learns from six hundred invented rows.
fn learn(house: &House) {
    let mut roll = Roll::new(Schema::default(), true);
    let families = ["Ashworth", "Barlow", "Cropper", "Dunkerley", "Entwistle", "Fielden", "Greenhalgh", "Howarth"];
    let given = ["Ann", "Brian", "Carol", "Derek", "Edith", "Frank", "Gillian", "Harold", "Irene", "James"];
    for number in 0u64..320 {
        let at = |many: u64, step: u64| usize::try_from(number / step % many).unwrap();
        let born = format!("{}-{:02}-{:02}", 1930 + number % 71, 1 + number % 12, 1 + number % 28);
        let line = format!("{} {} Road", 1 + number / 3, families[at(8, 5)]);
        let claim = RollClaim {
            given_name: given[at(10, 1)],
            surname: families[at(8, 3)],
            dob: &born,
            address: &line,
            postcode: ["SK6 1AA", "SK7 2BB", "SK1 3DD"][at(3, 9)],
            ..RollClaim::default()
        };
        for copy in 0..2 {
            let (row, _) = roll.read(&claim);
            roll.push(row, number * 2 + copy);
        }
    }
    let learned = from_roll(1, roll).unwrap();
    let at = house.now();
    house.store.write(move |write| adopt(write, &learned, "test", at)).unwrap();
}

/// In a house with people in it a pair that waits, with somebody who lives beside one of the two, each of another name; its address.
pub(crate) fn waits(house: &House) -> String {
    learn(house);
    told(house);
    let also = patient("e1", "9997700015", "3 Bobbin Row", false).replacen("[\"Edith\"]", "[\"Edith\",\"May\"]", 1);
    house.tell("may.fhir.json", &also);
    house.tell("beside.fhir.json", &beside("Walter", "1941-02-03", "3 Bobbin Row", false));
    waiting(&house.sign_in("identity-steward"))
}

/// Somebody else of that family.
fn beside(given: &str, born: &str, line: &str, restricted: bool) -> String {
    let mut patient = serde_json::json!({
        "resourceType": "Patient", "id": format!("{given}-{born}"), "gender": "male", "birthDate": born,
        "name": [{"use": "official", "family": "Entwistle", "given": [given]}],
        "address": [{"line": [line], "postalCode": "SK6 1AA"}],
        "generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"}}],
    });
    if restricted {
        let system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
        patient["meta"] = serde_json::json!({"security": [{"system": system, "code": "R"}]});
    }
    patient.to_string()
}

fn patient(id: &str, number: &str, line: &str, dead: bool) -> String {
    let mut patient = serde_json::json!({
        "resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1944-05-17",
        "name": [{"use": "official", "family": "Entwistle", "given": ["Edith"]}],
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}],
        "address": [{"line": [line], "postalCode": "SK6 1AA"}],
        "generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"}}],
    });
    if dead {
        patient["deceasedBoolean"] = serde_json::json!(true);
    }
    patient.to_string()
}

/// Two records of one name and birth date with two numbers: only stewards can say.
fn told(house: &House) {
    house.tell("one.fhir.json", &patient("e1", "9997700015", "3 Bobbin Row", false));
    house.tell("two.fhir.json", &patient("e2", "9997700023", "8 Shuttle Street", false));
}

fn waiting(steward: &Visitor<'_>) -> String {
    let list = steward.get("/identity");
    assert_eq!(list.status, StatusCode::OK);
    format!("/identity/{}", list.between("href=\"/identity/", "\""))
}

#[test]
fn nothing_is_judged_before_anything_was_learnt_and_by_nobody_else_ever() {
    let house = House::empty();
    let steward = house.sign_in("identity-steward");
    assert!(steward.get("/identity").body.contains("Nothing has been learnt yet"));
    for persona in ["gp", "records-officer", "privacy-officer", "analyst", "receptionist"] {
        let visitor = house.sign_in(persona);
        assert_eq!(visitor.get("/identity").status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(visitor.get(&format!("/identity/{FIRST}")).status, StatusCode::FORBIDDEN, "{persona}");
    }
    assert_eq!(steward.get(&format!("/identity/{FIRST}")).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_risky_join_wants_two_stewards_can_be_taken_back_and_every_look_is_written_down() {
    let house = learnt();
    told(&house);
    let (one, two) = (house.sign_in("identity-steward"), house.sign_in("second-steward"));
    let address = waiting(&one);
    insta::assert_snapshot!("identity-list", text(&one.get("/identity").body));
    let before = house.happened();
    let page = one.get(&address);
    assert_eq!(page.status, StatusCode::OK);
    assert!(house.happened() > before, "a look at both");
    for part in
        ["This is a risky join: the NHS numbers speak against it", "<svg class=\"weft-waterfall\"", "weft-differs"]
    {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(!address.contains("999"), "no number in an address");
    insta::assert_snapshot!("identity-pair", text(&page.body));
    let same = [("verdict", "same"), ("note", "Both practices rang her; it is one lady")];
    let unsaid = one.send(&address, &[("verdict", "same"), ("note", "")]);
    assert!(unsaid.body.contains("Say in a few words how you know"), "{}", unsaid.body);
    assert_eq!(one.send(&address, &same).location(), "/identity?done=another");
    assert!(one.send(&address, &same).body.contains("somebody else has to agree"));
    assert_eq!(two.send(&address, &same).location(), "/identity?done=same");
    // The id that went leads to the one that goes on.
    let gp = house.sign_in("gp");
    let ids = people(&house);
    let answers: Vec<_> = ids.iter().map(|id| gp.get(&format!("/people/{id}"))).collect();
    let on = answers.iter().find(|answer| answer.status.is_redirection()).expect("an old id leads on");
    assert!(ids.iter().any(|id| on.location().contains(id)), "{}", on.location());
    assert_eq!(
        one.send(&address, &[("verdict", "undo"), ("undo", "The second practice was wrong")]).location(),
        "/identity?done=undo"
    );
    assert!(
        ids.iter().all(|id| !gp.get(&format!("/people/{id}")).status.is_redirection()),
        "both have their own again"
    );
    assert_eq!(
        one.send(&address, &[("verdict", "not-same"), ("note", "Two ladies")]).location(),
        "/identity?done=not-same"
    );
    let list = one.get("/identity?done=not-same");
    assert!(list.body.contains("kept apart from now on") && list.body.contains("Two people"), "{}", list.body);
}

/// The two leaves.
fn people(house: &House) -> Vec<String> {
    static IDS: store::Sql = store::Sql::both("SELECT id FROM person ORDER BY id");
    house.store.read(|tx| tx.all(&IDS, &[], |row| Ok(row.uuid(0)?.to_string()))).unwrap()
}

#[test]
fn a_withheld_address_stands_on_neither_side() {
    let house = learnt();
    told(&house);
    let flagged = patient("e1", "9997700015", "3 Bobbin Row", false).replacen(
        '{',
        "{\"meta\":{\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}]},",
        1,
    );
    house.tell("again.fhir.json", &flagged);
    let steward = house.sign_in("identity-steward");
    let page = steward.get(&waiting(&steward));
    assert!(page.body.contains("withheld") && page.body.contains("where one of them lives is withheld"));
    assert!(!page.body.contains("Bobbin Row") && page.body.contains("Shuttle Street"), "{}", page.body);
}

#[test]
fn who_else_lives_there_is_named_and_looked_at_but_nobody_whose_address_is_withheld_and_no_crowd() {
    let house = learnt();
    told(&house);
    house.tell("a.fhir.json", &beside("Walter", "1941-02-03", "3 Bobbin Row", false));
    house.tell("b.fhir.json", &beside("Edith", "2001-09-09", "3 Bobbin Row", false));
    house.tell("c.fhir.json", &beside("Nora", "1970-10-10", "3 Bobbin Row", true));
    let residents = ["Ada", "Boris", "Clement", "Dora", "Enoch", "Flora", "Gideon", "Hilda", "Ivor"];
    for (number, given) in residents.iter().enumerate() {
        let born = format!("19{}-0{}-1{number}", 20 + 7 * number, number + 1);
        house.tell("d.fhir.json", &beside(given, &born, "8 Shuttle Street", false));
    }
    let steward = house.sign_in("identity-steward");
    let address = waiting(&steward);
    let page = steward.get(&address);
    let around = page.between("Who else lives there", "What a join would change");
    assert!(
        around.contains("At the address of the first record") || around.contains("At the address of the second record")
    );
    assert!(around.contains("Walter Entwistle") && around.contains("neither birth date nor given name"), "{around}");
    assert!(around.contains("the same given name as both records"), "a namesake stands out: {around}");
    assert!(around.contains("9 others are known there"), "{around}");
    assert!(!around.contains("Clement") && !around.contains("Nora"), "{around}");
    let looks = house.sign_in("privacy-officer");
    let walter = house.sign_in("gp").person("Walter Entwistle");
    let seen = looks.get(&format!("/privacy/looks?person={walter}"));
    assert!(
        seen.body.contains("identity") || seen.body.contains("Identity"),
        "he can read of it: {}",
        text(&seen.body)
    );
    // Once the address of one of the two is withheld, nobody beside them is told either.
    let flagged = patient("e1", "9997700015", "3 Bobbin Row", false).replacen(
        '{',
        "{\"meta\":{\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}]},",
        1,
    );
    house.tell("again.fhir.json", &flagged);
    let page = steward.get(&address);
    let around = page.between("Who else lives there", "What a join would change");
    assert!(!around.contains("Walter") && around.contains("9 others"), "{around}");
}

#[test]
fn the_next_pair_is_a_link_and_keys_are_an_aid_that_is_off_until_it_is_wanted() {
    let house = learnt();
    told(&house);
    let steward = house.sign_in("identity-steward");
    let first = waiting(&steward);
    let page = steward.get(&first);
    let next = page.between("rel=\"next\" href=\"", "\"").to_owned();
    assert_eq!(steward.get(&next).location(), "/identity", "no other waits");
    assert_eq!(
        steward.get(&format!("/identity?after={FIRST}")).location(),
        first,
        "one that waits no more leads to the first"
    );
    assert_eq!(house.sign_in("gp").get(&next).status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("data-keys hidden") && page.body.contains("/assets/keys."), "{}", page.body);
    for key in ["<kbd>J</kbd> join", "<kbd>N</kbd> not the same", "<kbd>U</kbd> not sure", "<kbd>X</kbd> next pair"] {
        assert!(page.body.contains(key), "{key}");
    }
}
