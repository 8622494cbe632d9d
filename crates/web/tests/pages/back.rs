//! From pseudonyms to people by the pages: the analyst asks and learns nothing, somebody else allows it, the team is told, the person
//! reads it; and a pseudonym that leads nowhere says nothing of why.

use axum::http::StatusCode;
use jiff::SignedDuration;
use record::pseudonym::Key;
use store::Sql;
use uuid::Uuid;

use crate::house::{Answer, House, Visitor};

const WORDS: &str = "A nurse visits each of them within a fortnight";
static GONE_BACK: Sql = Sql::both("SELECT count(*) FROM audit WHERE action = 'go-back'");

/// The pseudonym of somebody, by the key of the tests.
pub(crate) fn pseudonym(person: Uuid) -> String {
    Key::new([5; 32]).pseudonym(person)
}

fn gone_back(house: &House) -> i64 {
    house.store.read(|tx| tx.first(&GONE_BACK, &[], |row| row.int(0))).unwrap().unwrap()
}

/// What an analyst sends to ask for these.
fn fields(pseudonyms: &str) -> Vec<(&'static str, String)> {
    vec![
        ("do", "ask".to_owned()),
        ("pseudonyms", pseudonyms.to_owned()),
        ("purpose", "direct-care".to_owned()),
        ("neighbourhood", "marple".to_owned()),
        ("offer", WORDS.to_owned()),
        ("reason", "They came to hospital three times and nobody visits them".to_owned()),
    ]
}

fn send(visitor: &Visitor<'_>, address: &str, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.send(address, &fields)
}

/// A request for these people, asked and waiting; its page for the officer.
pub(crate) fn asked(house: &House, people: &[Uuid]) -> String {
    let pseudonyms: Vec<String> = people.iter().map(|person| pseudonym(*person)).collect();
    let done = send(&house.sign_in("analyst"), "/pseudonyms/requests", &fields(&pseudonyms.join("\r\n")));
    assert_eq!(done.location(), "/pseudonyms/requests?done=ask", "{}", done.body);
    let list = house.sign_in("privacy-officer").get("/privacy/requests");
    format!("/privacy/requests/{}", list.between("href=\"/privacy/requests/", "\""))
}

/// The same, allowed; its page for the team.
pub(crate) fn allowed(house: &House, people: &[Uuid]) -> String {
    let request = asked(house, people);
    let done = house.sign_in("privacy-officer").send(&request, &[("do", "allow"), ("why", WORDS)]);
    assert_eq!(done.location(), "/privacy/requests?done=allow", "{}", done.body);
    request.replace("/privacy/requests/", "/handed/")
}

/// The same, opened by the team.
pub(crate) fn handed(house: &House, people: &[Uuid]) -> String {
    let request = allowed(house, people);
    let done = house.sign_in("district-nurse").send(&request, &[("do", "open")]);
    assert_eq!(done.location(), format!("{request}?done=open"), "{}", done.body);
    request
}

fn margaret(house: &House) -> Uuid {
    house.sign_in("gp").person("Margaret Ashworth")
}

#[test]
fn the_team_is_told_the_analyst_is_not_and_the_person_reads_who_asked_who_allowed_it_and_who_was_told() {
    let house = House::open();
    let person = margaret(&house);
    let request = allowed(&house, &[person]);
    let nurse = house.sign_in("district-nurse");
    let list = nurse.get("/handed");
    assert!(list.body.contains("Jonah Speight") && list.body.contains(&format!("href=\"{request}\"")), "{}", list.body);
    let before = nurse.get(&request);
    assert!(!before.body.contains("Ashworth") && before.body.contains("nobody has been told who they are"));
    assert_eq!(gone_back(&house), 0, "nobody is gone back to before the team opens it");
    assert_eq!(nurse.send(&request, &[("do", "open")]).location(), format!("{request}?done=open"));
    let page = nurse.get(&request);
    assert!(page.body.contains(&format!("href=\"/people/{person}\"")) && page.body.contains("Margaret Ashworth"));
    assert!(page.body.contains("Fewer than 8 of the people asked about could not be given"), "{}", page.body);
    house.pass(SignedDuration::from_secs(1));
    let looks = house.sign_in("citizen").get("/me/looks").body;
    for words in [
        "A district nurse (Ruth Oyelaran, Marple neighbourhood team) was led to your record by a pseudonym to give care",
        "an analyst (Jonah Speight, borough intelligence team) asked that the neighbourhood team be told",
        "A nurse visits each of them within a fortnight",
        "Helen Marchbank, a privacy officer, allowed it",
        "saw you on a list of their desk",
    ] {
        assert!(looks.contains(words), "{words}: {looks}");
    }
    for persona in ["analyst", "privacy-officer"] {
        let visitor = house.sign_in(persona);
        for address in ["/pseudonyms/requests", "/privacy/requests", &request.replace("/handed", "/privacy/requests")] {
            let answer = visitor.get(address);
            assert!(
                !answer.body.contains("Ashworth") && !answer.body.contains(&person.to_string()),
                "{persona} {address}"
            );
            assert!(!answer.body.contains(&pseudonym(person)), "{persona} {address}");
        }
    }
    let own = house.sign_in("analyst").get("/pseudonyms/requests").body;
    assert!(own.contains("Of fewer than 8 people, on 22 November 2026."), "{own}");
}

#[test]
fn what_the_analyst_reads_is_the_same_whether_a_pseudonym_was_anybodys() {
    // Two worlds: in one the team is told of Margaret, in the other of nobody.
    let told = |somebody: bool| {
        let house = House::open();
        let person = if somebody { margaret(&house) } else { Uuid::from_u128(1) };
        handed(&house, &[person]);
        let page = house.sign_in("analyst").get("/pseudonyms/requests");
        page.body.replace(page.between("name=\"token\" value=\"", "\""), "")
    };
    assert_eq!(told(true), told(false));
}

#[test]
fn whoever_refuses_or_objects_is_not_told_of_and_nobody_is_told_why() {
    let house = House::open();
    let person = margaret(&house);
    let request = allowed(&house, &[person]);
    house.sign_in("citizen").send("/me/sharing", &[("choice", "refuse-planning")]);
    let nurse = house.sign_in("district-nurse");
    nurse.send(&request, &[("do", "open")]);
    let page = nurse.get(&request);
    assert!(page.body.contains("There is nobody whom your team may be told of.") && !page.body.contains("Ashworth"));
    assert!(page.body.contains("Fewer than 8 of the people"), "{}", page.body);
    assert!(!house.sign_in("citizen").get("/me/looks").body.contains("pseudonym"));
}

#[test]
fn a_team_takes_somebody_on_or_says_why_not() {
    let house = House::open();
    let person = margaret(&house);
    let request = handed(&house, &[person]);
    let nurse = house.sign_in("district-nurse");
    let id = person.to_string();
    for (sent, words) in [
        (vec![("do", "take-on"), ("whom", "")], "Choose whom it is about."),
        (vec![("do", "leave"), ("person", &id), ("reason", "no")], "Say why they are not taken on"),
        (vec![("do", "take-on"), ("whom", "0198f0c2-77aa-7000-8000-000000000001")], "not told of this person"),
    ] {
        let answer = nurse.send(&request, &sent);
        assert!(answer.body.contains(words) || answer.status == StatusCode::NOT_FOUND, "{words}: {}", answer.body);
    }
    let reason = "She has a nurse who visits every week already";
    nurse.send(&request, &[("do", "leave"), ("person", &id), ("reason", reason)]);
    assert!(house.sign_in("therapist").get(&request).body.contains(reason));
    let done = nurse.send(&request, &[("do", "take-on"), ("whom", &id)]);
    assert_eq!(done.location(), format!("{request}?done=take-on"));
    assert!(nurse.get(&request).body.contains("Taken on by Ruth Oyelaran on 22 November 2026"));
    // After four weeks it stands on nobody's desk.
    house.pass(SignedDuration::from_hours(24 * 28));
    assert_eq!(house.sign_in("district-nurse").get(&request).status, StatusCode::NOT_FOUND);
    assert!(house.sign_in("district-nurse").get("/handed").body.contains("Your team is told of nobody now."));
}

#[test]
fn each_desk_is_its_own() {
    let house = House::open();
    let request = handed(&house, &[margaret(&house)]);
    let officers = request.replace("/handed", "/privacy/requests");
    for (persona, asks, answers, opens, goes) in [
        ("analyst", 200, 403, 403, 403),
        ("privacy-officer", 403, 200, 403, 403),
        ("district-nurse", 403, 403, 200, 200),
        ("social-worker", 403, 403, 200, 200),
        ("gp", 403, 403, 404, 200),
        ("consultant", 403, 403, 403, 403),
        ("coordinator", 403, 403, 403, 403),
        ("receptionist", 403, 403, 403, 403),
        ("commissioner", 403, 403, 403, 403),
        ("citizen", 403, 403, 403, 403),
    ] {
        let visitor = house.sign_in(persona);
        for (address, status) in [
            ("/pseudonyms/requests", asks),
            ("/privacy/requests", answers),
            (&officers, answers),
            ("/handed", opens),
            (&request, opens),
            ("/back", goes),
        ] {
            assert_eq!(visitor.get(address).status.as_u16(), status, "{persona} {address}");
        }
    }
    let nobodys =
        visitor_sends(&house, "analyst", "/pseudonyms/requests", "withdraw", "0198f0c2-77aa-7000-8000-000000000001");
    assert_eq!(nobodys.status, StatusCode::NOT_FOUND);
}

fn visitor_sends(house: &House, persona: &str, address: &str, deed: &str, request: &str) -> Answer {
    house.sign_in(persona).send(address, &[("do", deed), ("request", request)])
}

#[test]
fn what_is_wrong_with_a_request_is_said_and_nothing_is_lost() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    let good = pseudonym(Uuid::from_u128(1));
    assert!(analyst.get("/pseudonyms/requests").body.contains("Nothing yet."));
    assert!(house.sign_in("privacy-officer").get("/privacy/requests").body.contains("Nothing waits."));
    let with = |field: &str, value: &str| -> String {
        let mut fields = fields(&good);
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, kept)| *kept = value.to_owned());
        send(&analyst, "/pseudonyms/requests", &fields).body
    };
    let many: Vec<String> = (0..51).map(|number| format!("{number:032x}")).collect();
    for (field, value, words) in [
        ("pseudonyms", "", "Paste the pseudonyms, one on each line."),
        ("pseudonyms", "999 000 1006", "Line 1 is no pseudonym"),
        ("pseudonyms", &many.join("\n"), "at most 50 people at once"),
        ("purpose", "planning", "own care, and for nothing else"),
        ("purpose", "", "Choose what it is for."),
        ("neighbourhood", "nowhere", "Choose the neighbourhood"),
        ("offer", "help", "what the team will offer these people"),
        ("reason", "why not", "why these people"),
        ("do", "", "does not say what is to be done"),
    ] {
        let page = with(field, value);
        assert!(page.contains(words), "{field} {value}: {page}");
        assert!(
            field == "do" || page.contains("nobody visits them") || field == "reason",
            "what was typed stays: {field}"
        );
    }
    assert!(analyst.get("/pseudonyms/requests").body.contains("Nothing yet."), "none of it was kept");
    // Five wait; a sixth has to.
    for _ in 0..5 {
        assert_eq!(send(&analyst, "/pseudonyms/requests", &fields(&good)).status, StatusCode::SEE_OTHER);
    }
    assert!(with("do", "ask").contains("5 of your requests wait for an answer"));
    let page = analyst.get("/pseudonyms/requests");
    let id = page.between("name=\"request\" type=\"radio\" value=\"", "\"").to_owned();
    let done = analyst.send("/pseudonyms/requests", &[("do", "withdraw"), ("request", &id)]);
    assert_eq!(done.location(), "/pseudonyms/requests?done=withdraw");
    assert!(analyst.get("/pseudonyms/requests").body.contains("Taken back"));
}

#[test]
fn an_officer_answers_once_with_words_that_whoever_asked_reads() {
    let house = House::open();
    let request = asked(&house, &[margaret(&house)]);
    let officer = house.sign_in("privacy-officer");
    assert!(
        officer.get("/").body.contains("/privacy/requests")
            && officer.get("/privacy").body.contains("/privacy/requests")
    );
    let page = officer.get(&request);
    assert!(page.body.contains("1 pseudonym<") && page.body.contains(WORDS), "{}", page.body);
    assert!(
        officer
            .send(&request, &[("do", "refuse"), ("because", "no")])
            .body
            .contains("Say in at least 20 characters why.")
    );
    let why = "Their own practice has offered them this already";
    assert_eq!(
        officer.send(&request, &[("do", "refuse"), ("because", why)]).location(),
        "/privacy/requests?done=refuse"
    );
    let again = officer.send(&request, &[("do", "allow"), ("why", WORDS)]);
    assert!(again.body.contains("does not wait for an answer any more"), "{}", again.body);
    assert!(house.sign_in("analyst").get("/pseudonyms/requests").body.contains(why));
    assert_eq!(
        house.sign_in("district-nurse").get(&request.replace("/privacy/requests", "/handed")).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn a_request_that_nobody_answers_lapses_and_one_that_nobody_opens_expires() {
    let house = House::open();
    let person = margaret(&house);
    let waiting = asked(&house, &[person]);
    house.pass(SignedDuration::from_hours(24 * 28));
    let late = house.sign_in("privacy-officer").send(&waiting, &[("do", "allow"), ("why", WORDS)]);
    assert!(late.body.contains("does not wait for an answer any more"));
    assert!(
        house.sign_in("analyst").get("/pseudonyms/requests").body.contains("Nobody answered until 20 December 2026.")
    );
    let open = allowed(&house, &[person]);
    house.pass(SignedDuration::from_hours(24 * 14));
    let nurse = house.sign_in("district-nurse");
    assert_eq!(nurse.send(&open, &[("do", "open")]).status, StatusCode::NOT_FOUND);
    assert!(house.sign_in("analyst").get("/pseudonyms/requests").body.contains("and nobody was told."));
    assert_eq!(gone_back(&house), 0);
}

/// A page without what is another in every session, and without what was typed.
fn plain(answer: &Answer, typed: &str) -> (StatusCode, String) {
    (answer.status, answer.body.replace(answer.between("name=\"token\" value=\"", "\""), "").replace(typed, ""))
}

#[test]
fn a_pseudonym_leads_to_ones_own_patient_and_says_the_same_of_everybody_else_and_of_nobody() {
    let house = House::open();
    let person = margaret(&house);
    let (own, nobodys) = (pseudonym(person), pseudonym(Uuid::from_u128(1)));
    let goes = |persona: &str, pseudonym: &str, reason: &str| {
        house.sign_in(persona).send("/back", &[("pseudonym", pseudonym), ("reason", reason)])
    };
    for persona in ["gp", "district-nurse", "therapist", "social-worker"] {
        let led = goes(persona, &own, WORDS);
        assert_eq!(
            (led.status, led.location()),
            (StatusCode::SEE_OTHER, format!("/people/{person}").as_str()),
            "{persona}"
        );
    }
    let looks = house.sign_in("citizen").get("/me/looks").body;
    assert!(looks.contains("they held a pseudonym and gave this reason") && looks.contains(WORDS), "{looks}");
    // Somebody of another neighbourhood, and nobody: the same page, the same status, one entry of the log each.
    let elsewhere = house
        .store
        .read(|tx| tx.all(&Sql::both("SELECT DISTINCT p.root FROM demographic AS d JOIN person AS p ON p.id = d.person WHERE d.practice IS NOT NULL AND d.practice NOT IN ('P88002', 'P88623') ORDER BY 1"), &[], |row| row.uuid(0)))
        .unwrap();
    let other = elsewhere
        .into_iter()
        .find(|other| !goes("district-nurse", &pseudonym(*other), WORDS).location().starts_with("/people/"));
    let others = pseudonym(other.unwrap());
    let before = gone_back(&house);
    let (one, two) = (goes("district-nurse", &others, WORDS), goes("district-nurse", &nobodys, WORDS));
    assert_eq!(plain(&one, &others), plain(&two, &nobodys));
    assert!(one.status == StatusCode::OK && one.body.contains("This pseudonym leads you to nobody."));
    assert_eq!(gone_back(&house), before + 2);
    for (pseudonym, reason, words) in [
        ("999 000 1006", WORDS, "A pseudonym has 32 letters a to f and digits."),
        (own.as_str(), "because", "why you need to know whose this is"),
        (nobodys.as_str(), "because", "why you need to know whose this is"),
    ] {
        assert!(goes("gp", pseudonym, reason).body.contains(words), "{words}");
    }
    assert_eq!(gone_back(&house), before + 2, "nobody was asked for");
    // Whoever refuses the use for planning is behind no pseudonym, for their own practice neither.
    house.sign_in("citizen").send("/me/sharing", &[("choice", "refuse-planning")]);
    assert_eq!(plain(&goes("gp", &own, WORDS), &own), plain(&goes("gp", &nobodys, WORDS), &nobodys));
}

#[test]
fn pseudonyms_are_not_tried_one_after_another_and_nothing_leads_anywhere_unwritten() {
    let house = House::limited(web::Rates { sign_in: 0, search: 2 });
    let gp = house.sign_in("gp");
    let tries = || gp.send("/back", &[("pseudonym", &pseudonym(Uuid::from_u128(1))), ("reason", WORDS)]).status;
    assert_eq!([tries(), tries(), tries()], [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS]);
    let house = House::open();
    let person = margaret(&house);
    let request = allowed(&house, &[person]);
    let (gp, nurse) = (house.sign_in("gp"), house.sign_in("district-nurse"));
    let (one, two) = (gp.token(), nurse.token());
    house.full.store(true, std::sync::atomic::Ordering::Relaxed);
    let led = gp.post("/back", &[("token", &one), ("pseudonym", &pseudonym(person)), ("reason", WORDS)]);
    let opened = nurse.post(&request, &[("token", &two), ("do", "open")]);
    assert_eq!((led.status, opened.status), (StatusCode::SERVICE_UNAVAILABLE, StatusCode::SERVICE_UNAVAILABLE));
    assert!(led.location().is_empty() && !led.body.contains(&person.to_string()));
    house.full.store(false, std::sync::atomic::Ordering::Relaxed);
    assert!(nurse.get(&request).body.contains("nobody has been told who they are"));
}
