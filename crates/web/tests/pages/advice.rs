//! Story S1 by its pages: a GP asks with the person in the room, the exchange tells what happens by its signed door, both ends say
//! what came of it; and a written question becomes a referral with nothing typed again.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use care::call::drive::Driver;
use care::rota::hours::{Edge, moment};
use care::rota::{Command, Draft, Entry, Rota, stream};
use care::team::Team;
use care::telephony::signature::Key;
use jiff::civil::{Time, date};
use jiff::{SignedDuration, Timestamp};

use crate::house::{Answer, EXCHANGE, House, Visitor};

fn london(day: i8, time: Time) -> Timestamp {
    moment(date(2026, 11, day).to_datetime(time), Edge::From)
}

/// A rota for the tests' Sunday and the days after: somebody invented first, then the demonstration's consultant.
pub(crate) fn publish(house: &House) {
    let specialty = "endocrinology";
    let place = place::Place::built_in().unwrap();
    let team = Team::try_from("organisation:stockport-ft".to_owned()).unwrap();
    let by = access::Subject {
        id: "lead".to_owned(),
        name: "Dr Lead".to_owned(),
        role: access::Role::Consultant,
        organisation: String::new(),
        own: None,
        teams: vec![team.word().to_owned()],
        assured: true,
    };
    let entry = |order, reader: &str, name: &str| Entry {
        reader: reader.to_owned(),
        name: name.to_owned(),
        from: london(22, Time::midnight()),
        until: london(28, Time::midnight()),
        order,
    };
    let entries = vec![entry(1, "invented|a", "Dr Judith Marlowe"), entry(2, "persona|consultant", "Dr Ewan Tarrant")];
    let specialties = care::advice::Specialties::read(place.file("advice.toml").unwrap()).unwrap();
    let covered = specialties.get(specialty).unwrap().covered.clone();
    let (from, until) = (date(2026, 11, 22), date(2026, 11, 27));
    let draft = Draft { specialty: specialty.to_owned(), from, until, covered, entries };
    let calendar = Box::new(place.calendar().clone());
    let at = house.now();
    for command in
        [Command::Draft { by: by.clone(), team: team.clone(), draft }, Command::Publish { by, team, calendar }]
    {
        house
            .store
            .write(move |write| {
                write.execute::<Rota>(stream(specialty), command.clone(), "consultant:lead", at).map(|_| ())
            })
            .unwrap();
    }
}

/// What the exchange sends, signed at a moment with a key.
fn told_with(house: &House, key: [u8; 32], signed: Timestamp, body: &str) -> Answer {
    let (time, signature) = Key::new(key.to_vec()).unwrap().sign(body.as_bytes(), signed);
    let request = Request::builder().method("POST").uri("/telephony/signals");
    let request = request.header("weft-time", time).header("weft-signature", signature);
    house.send(request.body(Body::from(body.to_owned())).unwrap())
}

fn told(house: &House, call: &str, id: &str, ring: u32, what: &str) -> Answer {
    let at = house.now();
    let body = format!(r#"{{"signals":[{{"id":"{id}","call":"{call}","ring":{ring},"what":"{what}","at":"{at}"}}]}}"#);
    told_with(house, EXCHANGE, at, &body)
}

struct Silent;

impl care::telephony::Telephony for Silent {
    fn order(&self, _: &care::telephony::Order, _: Timestamp) -> Result<(), care::telephony::Unreachable> {
        Ok(())
    }

    fn signals(&self, _: Timestamp) -> Vec<care::telephony::Signal> {
        Vec::new()
    }
}

/// Seconds go by, and the running service does what is due.
fn pass(house: &House, seconds: i64) {
    let mut driver = Driver::default();
    for _ in 0..seconds {
        house.pass(SignedDuration::from_secs(1));
        driver.step(&house.store, &Silent, house.now()).unwrap();
    }
}

/// The GP presses "ask now"; the address of the call and its id.
pub(crate) fn ask(gp: &Visitor<'_>, person: &str) -> (String, String) {
    let page = gp.get(&format!("/people/{person}/advice"));
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Ask Endocrinology and diabetes now"));
    let id = page.between("name=\"id\" value=\"", "\"").to_owned();
    let fields = [("id", id.as_str()), ("specialty", "endocrinology"), ("present", "yes")];
    let pressed = gp.send(&format!("/people/{person}/advice"), &fields);
    assert_eq!((pressed.status, pressed.location()), (StatusCode::SEE_OTHER, format!("/advice/calls/{id}").as_str()));
    // A double press begins one call.
    assert_eq!(gp.send(&format!("/people/{person}/advice"), &fields).location(), pressed.location());
    (format!("/advice/calls/{id}"), id)
}

#[test]
fn advice_while_the_person_is_in_the_room() {
    let house = House::open();
    publish(&house);
    let gp = house.sign_in("gp");
    let consultant = house.sign_in("consultant");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let (address, id) = ask(&gp, &margaret);
    let ringing = gp.get(&address);
    assert!(ringing.body.contains("Ringing Dr Judith Marlowe") && ringing.body.contains("Number 1 of 2 on the rota"));
    assert!(ringing.body.contains("http-equiv=\"refresh\"") && !ringing.body.contains("Ashworth"));
    assert_eq!(consultant.get(&address).status, StatusCode::NOT_FOUND, "who is not rung knows nothing of it");
    assert_eq!(told(&house, &id, "e1", 1, "ringing").status, StatusCode::OK);
    pass(&house, 18);
    assert!(gp.get(&address).body.contains("Ringing Dr Ewan Tarrant"));
    // Whoever is rung finds the call on their page, and may look while it rings.
    assert!(consultant.get("/advice").body.contains(&format!("href=\"{address}\"")));
    assert!(consultant.get(&address).body.contains("Margaret Ashworth"));
    pass(&house, 6);
    for _ in 0..2 {
        let heard = told(&house, &id, "e2", 2, "answered");
        assert_eq!((heard.status, heard.body.as_str()), (StatusCode::OK, r#"{"heard":1,"refused":[]}"#));
    }
    pass(&house, 200);
    told(&house, &id, "e3", 2, "ended");
    let page = gp.get(&address);
    for words in ["Margaret Ashworth", "Dr Ewan Tarrant", "24 seconds", "What came of it?"] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(!page.body.contains("Marlowe"), "nobody is told who did not answer");
    // Two presses each; without a choice it is said.
    assert!(gp.send(&address, &[("do", "key")]).body.contains("Choose what came of it"));
    let lines = "Bloods on Friday\nRing back with them";
    let keyed = [("do", "key"), ("outcome", "tests-in-practice"), ("promised", lines), ("owner", "ods:P88002")];
    assert_eq!(gp.send(&address, &keyed).location(), address);
    assert!(consultant.get("/advice").body.contains("The other end has said it"));
    assert_eq!(consultant.send(&address, &[("do", "key"), ("outcome", "tests-in-practice")]).location(), address);
    let page = gp.get(&address).body;
    assert!(page.contains("Both ends say the same") && page.contains("Bloods on Friday; Ring back with them"));
    let home = gp.get("/advice").body;
    assert!(home.contains("No call waits for you") && home.contains("01632 960200") && home.contains("100%"));
    assert!(!gp.get("/me/looks").body.contains("Marlowe"));
}

#[test]
fn nobody_answers_and_the_question_goes_in_writing_and_becomes_a_referral() {
    let house = House::open();
    publish(&house);
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let (address, id) = ask(&gp, &margaret);
    for ring in 1..=6 {
        assert_eq!(told(&house, &id, &format!("b{ring}"), ring, "busy").status, StatusCode::OK);
    }
    let page = gp.get(&address);
    assert!(page.body.contains("send it in writing"));
    let form = format!("/people/{margaret}/advice/endocrinology");
    assert!(page.body.contains(&format!("href=\"{form}\"")));
    let shown = gp.get(&form);
    let question = shown.between("name=\"id\" value=\"", "\"").to_owned();
    let words = "Her pressure falls by 40 on <standing>. What next?";
    let empty = [("id", question.as_str()), ("question", " "), ("agreed", "yes"), ("tried", "Salt")];
    let wrong = gp.send(&form, &empty).body;
    assert!(wrong.contains("Write a few words") && wrong.contains("Salt") && wrong.contains(&question), "kept");
    let fields = [("id", question.as_str()), ("kind", "management"), ("question", words), ("agreed", "yes")];
    let address = format!("/advice/questions/{question}");
    for _ in 0..2 {
        assert_eq!(gp.send(&form, &fields).location(), address, "a double press asks once");
    }
    assert!(gp.get(&address).body.contains("on &#60;standing&#62;"));
    let consultant = house.sign_in("consultant");
    assert!(consultant.get("/advice").body.contains(&format!("href=\"{address}\"")));
    let refused = consultant.send(&address, &[("do", "answer"), ("plan", ""), ("safety", "x")]);
    assert!(refused.body.contains("a list of tests alone is no answer"));
    assert_eq!(consultant.send(&address, &[("do", "refer"), ("because", "A tilt test")]).location(), address);
    let page = gp.get(&address).body;
    assert!(page.contains("Referred") && page.contains("A tilt test"));
    let asks = house.store.read(|tx| {
        let mut sent = Vec::new();
        store::log::walk(tx, 1, &mut |_, entry| {
            if entry.event == "AskSubmitted" {
                sent.push(entry.body.clone());
            }
            Ok(())
        })?;
        Ok::<_, store::Error>(sent)
    });
    let asks = asks.unwrap();
    assert!(asks.len() == 1 && asks[0].contains("Her pressure falls by 40"), "{asks:?}");
}

#[test]
fn the_door_of_the_exchange_believes_only_what_is_signed_and_new_and_about_a_call() {
    let house = House::open();
    publish(&house);
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let (_, id) = ask(&gp, &margaret);
    let now = house.now();
    let body = format!(r#"{{"signals":[{{"id":"x","call":"{id}","ring":1,"what":"answered","at":"{now}"}}]}}"#);
    let head = house.head();
    let unsigned = Request::builder().method("POST").uri("/telephony/signals").body(Body::from(body.clone())).unwrap();
    assert_eq!(house.send(unsigned).status, StatusCode::BAD_REQUEST);
    assert_eq!(told_with(&house, [1; 32], now, &body).status, StatusCode::UNAUTHORIZED, "another key");
    let old = now - SignedDuration::from_mins(6);
    assert_eq!(told_with(&house, EXCHANGE, old, &body).status, StatusCode::UNAUTHORIZED, "a replay, too late");
    for malformed in ["", "{}", r#"{"signals":[]}"#, r#"{"signals":[{"id":"x"}]}"#, "[1]", "{\"signals\":1}"] {
        assert_eq!(told_with(&house, EXCHANGE, now, malformed).status, StatusCode::BAD_REQUEST, "{malformed}");
    }
    assert_eq!(house.head(), head, "nothing of it was written");
    let nowhere = body.replace(&id, "0198f0c2-77aa-7000-8000-000000000001");
    let aside = told_with(&house, EXCHANGE, now, &nowhere);
    assert_eq!(aside.status, StatusCode::OK);
    assert!(aside.body.contains("there is no such call") && aside.body.contains("\"heard\":0"));
    // The whole message sent again within its time: known, and nothing follows from it.
    assert_eq!(told_with(&house, EXCHANGE, now, &body).status, StatusCode::OK);
    let head = house.head();
    assert_eq!(told_with(&house, EXCHANGE, now, &body).body, r#"{"heard":1,"refused":[]}"#);
    assert_eq!(house.head(), head);
    let other = body.replace("answered", "ended");
    assert!(told_with(&house, EXCHANGE, now, &other).body.contains("two different things under one id"));
}

#[test]
fn nobody_but_clinicians_asks_and_nobody_else_sees_a_call() {
    let house = House::open();
    publish(&house);
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let (address, _) = ask(&gp, &margaret);
    for persona in ["receptionist", "coordinator", "social-worker", "care-home-manager", "analyst", "citizen"] {
        let visitor = house.sign_in(persona);
        let fields = [("id", "0198f0c2-77aa-7000-8000-000000000009"), ("specialty", "endocrinology")];
        assert_eq!(visitor.get(&address).status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(visitor.send(&address, &[("do", "stop")]).status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(
            visitor.send(&format!("/people/{margaret}/advice"), &fields).status,
            StatusCode::FORBIDDEN,
            "{persona}"
        );
        assert_eq!(visitor.get("/advice").status, StatusCode::FORBIDDEN, "{persona}");
    }
    let nurse = house.sign_in("district-nurse");
    assert_eq!(nurse.get(&address).status, StatusCode::NOT_FOUND, "another team's call");
    assert!(gp.get(&address).body.contains("Ringing"), "nobody has stopped it");
    assert_eq!(gp.send(&address, &[("do", "stop")]).location(), address);
    assert!(gp.get(&address).body.contains("stopped before anybody answered"));
}
