//! Rows under pseudonyms: of use to whoever plans, and of nobody. The crawl opens everything that an analyst can open, with the
//! whole of the samples inside, and looks in every answer for anything that could say who somebody is.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use store::Sql;
use uuid::Uuid;
use web::route::{Needs, ROUTES};

use crate::house::House;

static PATIENTS: Sql = Sql::both("SELECT body FROM resource WHERE type = 'Patient'");
static RESOURCES: Sql = Sql::both("SELECT id FROM resource");
static PEOPLE: Sql = Sql::both("SELECT id FROM person");

/// What names people: whole names, numbers, birth dates, postcodes, lines of addresses, telephones.
fn telling(house: &House) -> BTreeSet<String> {
    let bodies = house.store.read(|tx| tx.all(&PATIENTS, &[], |row| row.string(0))).unwrap();
    let mut words = BTreeSet::new();
    for body in bodies {
        let patient: serde_json::Value = serde_json::from_str(&body).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let each = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
        for name in each(&patient["name"]) {
            words.insert(text(&name["family"]));
            for given in each(&name["given"]) {
                words.insert(format!("{} {}", text(&given), text(&name["family"])));
            }
        }
        words.extend(each(&patient["identifier"]).iter().map(|one| text(&one["value"])));
        words.extend(each(&patient["telecom"]).iter().map(|one| text(&one["value"])));
        for address in each(&patient["address"]) {
            words.insert(text(&address["postalCode"]));
            words.insert(text(&address["text"]));
            words.extend(each(&address["line"]).iter().map(text));
        }
        let born = text(&patient["birthDate"]);
        if let Ok(day) = born.parse::<jiff::civil::Date>() {
            words.insert(web::words::uk_date(day));
            words.insert(day.strftime("%d/%m/%Y").to_string());
        }
        words.insert(born);
    }
    // Too short to be looked for: a year alone is no birth date.
    words.retain(|word| word.chars().count() >= 5);
    words
}

fn ids(house: &House) -> BTreeSet<Uuid> {
    let all = |sql: &'static Sql| house.store.read(|tx| tx.all(sql, &[], |row| row.uuid(0))).unwrap();
    all(&RESOURCES).into_iter().chain(all(&PEOPLE)).collect()
}

/// What of these words and ids stands in an answer. A word counts where no letter or digit goes before it or after it.
fn found(body: &str, words: &BTreeSet<String>, ids: &BTreeSet<Uuid>) -> Vec<String> {
    let edge = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    let mut found: Vec<String> = words
        .iter()
        .filter(|word| {
            body.match_indices(word.as_str())
                .any(|(at, _)| edge(body[..at].chars().next_back()) && edge(body[at + word.len()..].chars().next()))
        })
        .cloned()
        .collect();
    let hex: Vec<&str> = body.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-').collect();
    found.extend(
        hex.into_iter()
            .filter_map(|word| word.parse::<Uuid>().ok())
            .filter(|id| ids.contains(id))
            .map(|id| id.to_string()),
    );
    // A number may stand with spaces in it.
    let digits: String = body.chars().filter(|letter| *letter != ' ').collect();
    let numbers = words.iter().filter(|word| word.len() == 10 && word.bytes().all(|byte| byte.is_ascii_digit()));
    found.extend(numbers.filter(|number| digits.contains(number.as_str())).cloned());
    found
}

#[test]
fn an_analyst_finds_nobody_wherever_they_look() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let person = gp.person("Margaret Ashworth");
    gp.get(&format!("/people/{person}"));
    let (words, ids) = (telling(&house), ids(&house));
    assert!(
        words.contains("Margaret Ashworth") && words.len() > 60 && ids.len() > 300,
        "{} {}",
        words.len(),
        ids.len()
    );
    // The check finds what is there.
    let record = gp.get(&format!("/people/{person}")).body;
    for word in ["Margaret Ashworth", "9990001006", "14 March 1938", &person.to_string()] {
        assert!(found(&record, &words, &ids).iter().any(|one| one == word), "{word}");
    }
    let analyst = house.sign_in("analyst");
    let waiting = house.sign_in("records-officer").get("/quarantine").between("href=\"/quarantine/", "\"").to_owned();
    let mut opened = 0;
    for (_, path, needs) in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
        let ids_here: Vec<String> = match path.split('/').nth(1).unwrap() {
            "quarantine" => vec![waiting.clone()],
            "neighbourhoods" => ["bramhall", "marple", "cheadle", "werneth"].map(str::to_owned).to_vec(),
            _ => vec![person.to_string()],
        };
        for id in ids_here {
            for page in ["", "?page=1", "?page=2"] {
                let address = format!(
                    "{}{page}",
                    path.replace("{id}", &id).replace("{list}", "in-hospital").replace("{specialty}", "endocrinology")
                );
                let answer = analyst.get(&address);
                opened += usize::from(answer.status == StatusCode::OK);
                // What stands on a page for anybody, as the example of the API's page does, is not said of a person.
                let public = *needs == Needs::Nothing && *path != "/";
                let open = if public { house.anybody().get(&address).body } else { String::new() };
                let mut found = found(&answer.body, &words, &ids);
                found.retain(|word| !address.contains(word.as_str()) && !open.contains(word.as_str()));
                assert!(found.is_empty(), "{address}: {found:?}");
            }
        }
    }
    assert!(opened > 20, "{opened}");
    // Nor through the API.
    for address in ["/fhir/Patient", "/fhir/Condition", "/fhir/AuditEvent", &format!("/fhir/Patient/{person}")] {
        let answer = analyst.get(address);
        assert_ne!(answer.status, StatusCode::OK, "{address}");
        assert!(found(&answer.body, &words, &ids).is_empty(), "{address}");
    }
}

#[test]
fn rows_say_what_happened_in_the_order_of_pseudonyms_and_each_use_is_written_down() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    assert!(analyst.get("/").body.contains("href=\"/pseudonyms\""));
    let before = house.happened();
    let page = analyst.get("/pseudonyms");
    assert_eq!((page.status, house.happened()), (StatusCode::OK, before + 1));
    assert!(page.body.contains("The first rows of this part"));
    let file = analyst.get("/pseudonyms.csv");
    assert_eq!((file.status, house.happened()), (StatusCode::OK, before + 2));
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines[0], "pseudonym,age,sex,neighbourhood,class,code,month");
    assert!(lines.len() > 100, "{}", lines.len());
    let mut sorted = lines[1..].to_vec();
    sorted.sort_unstable();
    assert_eq!(
        sorted.iter().map(|line| &line[..32]).collect::<Vec<_>>(),
        lines[1..].iter().map(|line| &line[..32]).collect::<Vec<_>>()
    );
    for class in ["identity", "contact", "document"] {
        assert!(!file.body.contains(&format!(",{class},")), "{class}");
    }
    // So few people live in the samples that no neighbourhood may be told.
    for hood in ["Marple", "Bramhall", "Cheadle", "Werneth"] {
        assert!(!file.body.contains(hood), "{hood}");
    }
    assert_eq!(analyst.get("/pseudonyms.csv?page=2").body.lines().count(), 1, "past the end");
    for persona in ["gp", "privacy-officer", "citizen", "records-officer", "coordinator"] {
        for address in ["/pseudonyms", "/pseudonyms.csv"] {
            assert_eq!(house.sign_in(persona).get(address).status, StatusCode::FORBIDDEN, "{persona} {address}");
        }
    }
}

#[test]
fn whoever_refuses_planning_or_objects_has_no_rows() {
    let house = House::open();
    let (me, analyst) = (house.sign_in("citizen"), house.sign_in("analyst"));
    let pseudonyms = || -> BTreeSet<String> {
        let file = analyst.get("/pseudonyms.csv").body;
        file.lines().skip(1).map(|line| line[..32].to_owned()).collect()
    };
    let all = pseudonyms();
    for (choice, back) in [("refuse-planning", "allow-planning"), ("object", "withdraw")] {
        me.send("/me/sharing", &[("choice", choice)]);
        let left = pseudonyms();
        assert_eq!(all.difference(&left).count(), 1, "{choice}");
        assert!(left.is_subset(&all));
        me.send("/me/sharing", &[("choice", back)]);
        assert_eq!(pseudonyms(), all, "{back}");
    }
}

#[test]
fn where_the_look_cannot_be_written_no_row_is_given_out() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    house.full.store(true, std::sync::atomic::Ordering::Relaxed);
    for address in ["/pseudonyms", "/pseudonyms.csv"] {
        let answer = analyst.get(address);
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        assert!(!answer.body.contains("problem,"));
    }
}
