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
    // The question in writing belongs to the same journey as the call.
    let onward = format!("{form}?journey={}", page.between(&format!("href=\"{form}?journey="), "\""));
    let shown = gp.get(&onward);
    assert!(shown.body.contains(&format!("name=\"journey\" value=\"{}", onward.split('=').nth(1).unwrap())));
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

/// A picture of one point.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

#[test]
fn pictures_and_letters_beside_a_question_are_had_by_both_ends_and_by_nobody_else() {
    let house = House::open();
    publish(&house);
    let (gp, consultant) = (house.sign_in("gp"), house.sign_in("consultant"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let form = format!("/people/{margaret}/advice/endocrinology");
    let shown = gp.get(&form);
    assert!(shown.body.contains("enctype=\"multipart/form-data\"") && shown.body.contains("type=\"file\""));
    let id = shown.between("name=\"id\" value=\"", "\"").to_owned();
    let fields = [("id", id.as_str()), ("question", "What is this rash?"), ("agreed", "yes")];
    // What is no picture is refused by what is in it, whatever it is called, and nothing is sent.
    for (bytes, words) in [
        (&b"MZ\x90\0"[..], "is not a JPEG or PNG picture, a PDF or plain text"),
        (&b"<html><script>alert(1)</script>"[..], "is not a JPEG or PNG picture, a PDF or plain text"),
        (&b""[..], "is empty"),
        (&vec![b'a'; 5 * 1024 * 1024 + 1][..], "is larger than 5 MB"),
    ] {
        let wrong = gp.send_files(&form, &fields, &[("good.png", PICTURE), ("rash.png", bytes)]).body;
        assert!(wrong.contains(words) && wrong.contains("What is this rash?") && wrong.contains(&id), "{words}");
        assert!(wrong.contains("Choose the files again"));
    }
    let nine: Vec<(&str, &[u8])> = vec![("a.png", PICTURE); 9];
    assert!(gp.send_files(&form, &fields, &nine).body.contains("question has at most 8 files"), "too many");
    let five = vec![b'a'; 5 * 1024 * 1024];
    let most: Vec<(&str, &[u8])> = vec![("a.txt", five.as_slice()); 5];
    assert!(gp.send_files(&form, &fields, &most).body.contains("more than 20 MB together"));
    let address = format!("/advice/questions/{id}");
    assert_eq!(gp.get(&address).status, StatusCode::NOT_FOUND, "nothing was sent");
    let head = house.head();
    let none = gp.post(&form, &[("id", id.as_str()), ("question", "x")]);
    assert_eq!((none.status, house.head()), (StatusCode::BAD_REQUEST, head), "without the session's token");

    let files: [(&str, &[u8]); 2] =
        [("C:\\clinic\\r\u{e4}sh \u{202e}1.png", PICTURE), ("letter.txt", b"Seen in March.\n")];
    assert_eq!(gp.send_files(&form, &fields, &files).location(), address);
    assert!(consultant.get(&address).body.contains("r\u{e4}sh 1.png (picture, 1 KB)"));
    let file = format!("{address}/files/1");
    let kept = |visitor: &Visitor<'_>, file: &str| {
        let request = visitor.request("GET", file).body(Body::empty()).unwrap();
        let response = house.begun(request);
        let (head, body) = response.into_parts();
        (head.status, head.headers, house.run(axum::body::to_bytes(body, usize::MAX)).unwrap())
    };
    for end in [&gp, &consultant] {
        let before = house.happened();
        let (status, headers, bytes) = kept(end, &file);
        assert_eq!((status, &bytes[..]), (StatusCode::OK, PICTURE));
        assert_eq!(headers["content-type"], "image/png", "by its bytes, not by its sender's word");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let saved = headers["content-disposition"].to_str().unwrap();
        assert!(
            saved.starts_with("attachment; filename=\"r_sh 1.png\"; filename*=UTF-8''r%C3%A4sh%201.png"),
            "{saved}"
        );
        assert!(house.happened() > before, "the look is written down");
    }
    for persona in ["district-nurse", "receptionist", "coordinator", "privacy-officer", "citizen"] {
        let other = house.sign_in(persona);
        assert_ne!(kept(&other, &file).0, StatusCode::OK, "{persona}");
    }
    for nothing in ["/files/0", "/files/3", "/files/x", "/files/-1"] {
        assert_eq!(gp.get(&format!("{address}{nothing}")).status, StatusCode::NOT_FOUND, "{nothing}");
    }
    // A reply brings one more; as a referral, all of them go with it.
    let reply = [("do", "reply"), ("reply", "And on the back")];
    assert_eq!(gp.send_files(&address, &reply, &[("back.png", PICTURE)]).location(), address);
    assert_eq!(consultant.send(&address, &[("do", "refer"), ("because", "To be seen")]).location(), address);
    let asks = gp.get(&format!("/people/{margaret}/asks"));
    let ask = format!("/asks/{}", asks.between("href=\"/asks/", "\""));
    for end in [&gp, &consultant] {
        let page = end.get(&ask).body;
        assert!(page.contains("letter.txt (text, 1 KB)") && page.contains("back.png (picture, 1 KB)"), "{page}");
    }
    assert!(house.store.verify(None).unwrap().findings.is_empty());
}

#[test]
fn advice_asked_from_an_ask_belongs_to_it_and_its_referral_is_a_hop_of_it() {
    let house = House::open();
    publish(&house);
    let (gp, desk, consultant) = (house.sign_in("gp"), house.sign_in("coordinator"), house.sign_in("consultant"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = crate::ask::asked(&gp, &margaret);
    let page = gp.get(&ask).body;
    let journey = ask.trim_start_matches("/asks/");
    assert!(page.contains(&format!("/people/{margaret}/advice?journey={journey}")), "{page}");
    assert!(!desk.get(&ask).body.contains("/advice?journey="), "who may not ask is not offered it");
    let choice = gp.get(&format!("/people/{margaret}/advice?journey={journey}")).body;
    let form = format!("/people/{margaret}/advice/endocrinology");
    assert!(choice.contains(&format!("{form}?journey={journey}")));
    let question = gp.get(&format!("{form}?journey={journey}")).between("name=\"id\" value=\"", "\"").to_owned();
    let fields = [("id", question.as_str()), ("journey", journey), ("question", "Stop it?"), ("agreed", "yes")];
    let address = format!("/advice/questions/{question}");
    assert_eq!(gp.send(&form, &fields).location(), address);
    assert!(gp.get(&address).body.contains("<strong>Written advice</strong>"), "its clock stands on its page");
    // The desk was offered the ask and has not answered: the specialty cannot be offered it as well, and is told why.
    let refer = [("do", "refer"), ("because", "A tilt test")];
    assert!(consultant.send(&address, &refer).body.contains("The referral could not be sent"));
    assert_eq!(desk.send(&format!("{ask}/return"), &[("because", "For the hospital")]).status, StatusCode::SEE_OTHER);
    assert_eq!(consultant.send(&address, &refer).location(), address);
    let page = gp.get(&ask).body;
    assert!(page.contains("Offered it to") && page.contains("A tilt test"), "{page}");
    assert!(!page.contains("practice P88002") && page.contains("Marple Bridge Surgery"), "teams by their names");
    let asks = gp.get(&format!("/people/{margaret}/asks")).body;
    assert_eq!(asks.matches("href=\"/asks/").count(), 1, "one ask, one number: {asks}");
}

#[test]
fn a_general_question_is_about_nobody_and_opens_no_record() {
    let house = House::open();
    publish(&house);
    let (gp, consultant) = (house.sign_in("gp"), house.sign_in("consultant"));
    assert!(gp.get("/advice").body.contains("href=\"/advice/general\""));
    let form = gp.get("/advice/general");
    assert!(!form.body.contains("in writing") && form.body.contains("without anybody"));
    let id = form.between("name=\"id\" value=\"", "\"").to_owned();
    let fields = [("id", id.as_str()), ("specialty", "endocrinology"), ("question", "Which test first?")];
    let address = format!("/advice/calls/{id}");
    for _ in 0..2 {
        assert_eq!(gp.send("/advice/general", &fields).location(), address);
    }
    told(&house, &id, "g1", 1, "busy");
    pass(&house, 2);
    told(&house, &id, "g2", 2, "answered");
    let page = consultant.get(&address);
    assert!(page.status == StatusCode::OK && !page.body.contains("Open the record"), "{}", page.body);
    assert!(house.sign_in("receptionist").get("/advice/general").status == StatusCode::FORBIDDEN);
}

#[test]
fn a_rota_is_kept_by_its_team_and_is_not_published_with_a_gap() {
    let house = House::open();
    let (gp, consultant) = (house.sign_in("gp"), house.sign_in("consultant"));
    assert!(consultant.get("/advice").body.contains("href=\"/advice/rota\""));
    assert!(!gp.get("/advice").body.contains("href=\"/advice/rota\""));
    let at = "/advice/rota/endocrinology";
    for persona in ["gp", "receptionist", "analyst"] {
        let other = house.sign_in(persona);
        assert_eq!(other.get(at).status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(other.send(at, &[("do", "publish")]).status, StatusCode::FORBIDDEN, "{persona}");
    }
    assert_eq!(consultant.get("/advice/rota/cardiology").status, StatusCode::NOT_FOUND);
    let empty = consultant.get(at).body;
    assert!(
        empty.contains("There is no rota for today or later") && empty.contains("Monday to Friday, 09:00 to 17:00")
    );
    // What cannot be a rota is said, and what was chosen stays.
    let me = "persona|consultant";
    let wrong = consultant.send(at, &[("do", "draft"), ("from", "soon"), ("mon-1", me)]).body;
    assert!(wrong.contains("First day: write a day") && wrong.contains("Last day: write a day"));
    assert!(wrong.contains("<option value=\"persona|consultant\" selected>"), "{wrong}");
    // Every weekday but Tuesday: it can be kept as a draft, the gaps are named, and it is not published.
    let days = [("do", "draft"), ("from", "23 11 2026"), ("until", "4 12 2026")];
    let but_tuesday = ["mon-1", "wed-1", "thu-1", "fri-1"].map(|field| (field, me));
    let draft: Vec<(&str, &str)> = days.into_iter().chain(but_tuesday).collect();
    assert_eq!(consultant.send(at, &draft).location(), format!("{at}?done=draft"));
    let gap = "from Tuesday 24 November 2026 09:00 to 17:00";
    let page = consultant.get(at).body;
    assert!(page.contains("Not to be published") && page.contains(gap), "{page}");
    let refused = consultant.send(at, &[("do", "publish")]).body;
    assert!(refused.contains("so the rota is not published") && refused.contains(gap), "{refused}");
    assert!(consultant.get("/advice/rota").body.contains("No rota is published. A draft waits"));
    // Somebody new is added by their sign-in; then the week is whole.
    let whole: Vec<(&str, &str)> = draft
        .into_iter()
        .chain([("tue-1", me), ("other", "https://nhs.example|42"), ("other_name", "Dr Ada Quill")])
        .collect();
    assert_eq!(consultant.send(at, &whole).location(), format!("{at}?done=draft"));
    assert_eq!(consultant.send(at, &[("do", "publish")]).location(), format!("{at}?done=published"));
    assert!(consultant.send(at, &[("do", "publish")]).body.contains("There is no new draft"));
    assert!(consultant.get("/advice/rota").body.contains("Published until 4 December 2026"));
    house.pass(SignedDuration::from_hours(24));
    let consultant = house.sign_in("consultant");
    let today = consultant.get(at).body;
    let order = "1. Dr Ewan Tarrant, 09:00 to 17:00";
    assert!(today.contains(order) && today.contains("2. Dr Ada Quill, 09:00 to 17:00"), "{today}");
    // The line is open now, and whoever keeps it is first.
    let gp = house.sign_in("gp");
    assert!(gp.get("/advice").body.contains("Dr Ewan Tarrant, Dr Ada Quill"));
}
