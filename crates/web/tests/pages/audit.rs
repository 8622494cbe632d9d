//! Every address that can show a person, walked by everybody: the log has a look at exactly those who were shown, and where the
//! look cannot be written nobody is shown. What stands in an answer is found by name, by number and by id, not by asking the
//! code that made it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use access::look::Event;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::Sql;
use uuid::Uuid;
use web::app::ADDRESSES;
use web::route::ROUTES;

use crate::house::{Answer, House, everybody};

static PEOPLE: Sql = Sql::both("SELECT id, root FROM person");
/// What is done for whom: its id leads to a person.
static WORK: Sql = Sql::both(
    "SELECT id, person FROM ask UNION SELECT id, person FROM episode UNION SELECT id, person FROM crisis
     UNION SELECT id, person FROM fall UNION SELECT slot, person FROM slot_holder WHERE person IS NOT NULL
     UNION SELECT q.id, p.root FROM linkage_pair AS q JOIN person AS p ON p.id = q.one
     UNION SELECT q.id, p.root FROM linkage_pair AS q JOIN person AS p ON p.id = q.other",
);
static RESOURCES: Sql =
    Sql::both("SELECT r.id, p.root, r.type, r.body FROM resource AS r JOIN person AS p ON p.id = r.person");

/// By what each person can be told.
#[derive(Default)]
struct Known {
    ids: BTreeMap<Uuid, Uuid>,
    /// By what is done for them: an ask, a stay, a place; and both of a pair that a steward decides.
    work: Vec<(Uuid, Uuid)>,
    words: BTreeMap<String, Uuid>,
    /// Names that stand in the record of somebody else, too: as a contact, a carer, another of the same name. Where one is read,
    /// it need not be that person who was shown.
    shared: BTreeSet<String>,
}

impl Known {
    fn of(house: &House) -> Self {
        let mut known = Self::default();
        let mut bodies = Vec::new();
        house
            .store
            .read(|tx| {
                known.ids.extend(tx.all(&PEOPLE, &[], |row| Ok((row.uuid(0)?, row.uuid(1)?)))?);
                known.work.extend(tx.all(&WORK, &[], |row| Ok((row.uuid(0)?, row.uuid(1)?)))?);
                for (id, root, kind, body) in
                    tx.all(&RESOURCES, &[], |row| Ok((row.uuid(0)?, row.uuid(1)?, row.string(2)?, row.string(3)?)))?
                {
                    known.ids.insert(id, root);
                    if kind == "Patient" {
                        known.name(&serde_json::from_str(&body).unwrap(), root);
                    }
                    bodies.push((root, body));
                }
                Ok::<_, store::Error>(())
            })
            .unwrap();
        for (word, person) in &known.words {
            let parts: Vec<&str> = word.split(' ').collect();
            if bodies.iter().any(|(root, body)| root != person && parts.iter().all(|part| body.contains(part))) {
                known.shared.insert(word.clone());
            }
        }
        assert!(known.words.len() > 10 && known.ids.len() > 100, "there are people to be told");
        known
    }

    fn name(&mut self, patient: &Value, root: Uuid) {
        for name in patient["name"].as_array().into_iter().flatten() {
            let given: Vec<&str> = name["given"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if let (Some(family), false) = (name["family"].as_str(), given.is_empty()) {
                self.words.insert(format!("{} {family}", given.join(" ")), root);
            }
        }
        for identifier in patient["identifier"].as_array().into_iter().flatten() {
            let number = identifier["value"].as_str().unwrap_or_default();
            if number.len() == 10 && number.bytes().all(|digit| digit.is_ascii_digit()) {
                self.words.insert(number.to_owned(), root);
                self.words.insert(format!("{} {} {}", &number[..3], &number[3..6], &number[6..]), root);
            }
        }
    }

    /// Who can be told from an answer, besides whoever is signed in and is named at the top of every page.
    fn shown(&self, answer: &Answer, address: &str) -> BTreeSet<Uuid> {
        self.read(answer, address, &self.shared)
    }

    /// The same, and everybody whose name alone stands in it, whoever's record it stands in.
    fn named(&self, answer: &Answer, address: &str) -> BTreeSet<Uuid> {
        self.read(answer, address, &BTreeSet::new())
    }

    fn read(&self, answer: &Answer, address: &str, but: &BTreeSet<String>) -> BTreeSet<Uuid> {
        let body = match (answer.body.find("<header"), answer.body.find("</header>")) {
            (Some(from), Some(until)) => format!("{}{}", &answer.body[..from], &answer.body[until..]),
            _ => answer.body.clone(),
        };
        // An id that was asked for and comes back in a link or a form tells nothing that was not known.
        let asked = address.split(['/', '=', '&', '?']).filter(|part| part.len() == 36);
        let body = asked.fold(body, |body, id| body.replace(id, ""));
        let mut shown: BTreeSet<Uuid> = self
            .words
            .iter()
            .filter(|(word, _)| !but.contains(*word) && body.contains(word.as_str()))
            .map(|(_, root)| *root)
            .collect();
        shown.extend(self.ids_in(&body));
        shown
    }

    /// Whose ids, or whose resources' ids, stand in a text.
    fn ids_in(&self, text: &str) -> BTreeSet<Uuid> {
        ids(text).filter_map(|id| self.ids.get(&id).copied()).collect()
    }

    /// Who was asked for by an address: by their own id, or that of what is done for them.
    fn asked_by(&self, address: &str) -> BTreeSet<Uuid> {
        let of = |id: Uuid| self.work.iter().filter(move |(work, _)| *work == id).map(|(_, person)| *person);
        ids(address).flat_map(of).chain(self.ids_in(address)).collect()
    }
}

fn ids(text: &str) -> impl Iterator<Item = Uuid> {
    let part = |letter: char| !(letter.is_ascii_hexdigit() || letter == '-');
    text.split(part).filter(|word| word.len() == 36).filter_map(|word| word.parse().ok())
}

/// Whom the looks after `since` are at that were allowed, by root.
fn looked(house: &House, known: &Known, since: i64) -> BTreeSet<Uuid> {
    let mut people = BTreeSet::new();
    house
        .store
        .read(|tx| {
            store::log::walk(tx, since + 1, &mut |_, entry| {
                if let Some(Event::Looked { people: at, .. }) = access::look::of(&entry)? {
                    people.extend(at.into_iter().map(|id| known.ids.get(&id).copied().unwrap_or(id)));
                }
                Ok(())
            })
        })
        .unwrap();
    people
}

/// Every address that is read, with ids in it that lead somewhere.
fn addresses(house: &House) -> Vec<String> {
    let gp = house.sign_in("gp");
    let people: Vec<String> = ["Margaret Ashworth", "Harold Ashworth"].map(|name| gp.person(name).to_string()).to_vec();
    let waiting = house.sign_in("records-officer").get("/quarantine").between("href=\"/quarantine/", "\"").to_owned();
    let pair = crate::identity::waits(house).replace("/identity/", "");
    let mut addresses = Vec::new();
    for (_, path, _) in ROUTES.iter().filter(|(method, path, _)| *method == "GET" && *path != "/fhir") {
        let ids: Vec<&str> = match *path {
            "/quarantine/{id}" => vec![&waiting],
            "/identity/{id}" => vec![&pair],
            "/neighbourhoods/{id}" => vec!["marple"],
            path if path.starts_with("/clocks/") => vec!["triage", "crisis-response"],
            path if path.contains("{id}") => people.iter().map(String::as_str).collect(),
            _ => vec![""],
        };
        for id in ids {
            addresses.push(
                path.replace("{id}", id)
                    .replace("{list}", "hospital")
                    .replace("{specialty}", "endocrinology")
                    .replace("{table}", "months.csv")
                    .replace("{month}", "2026-11")
                    .replace("{instrument}", "register-heart-failure")
                    .replace("{code}", "delirium-beds"),
            );
        }
    }
    let nurse = house.sign_in("district-nurse");
    let list = crate::finding::begun(&nurse);
    addresses.extend([crate::finding::first(&list, &nurse.get(&list)), list, "/finding".to_owned()]);
    let told = crate::back::handed(house, &[gp.person("Margaret Ashworth")]);
    addresses.extend([told.replace("/handed", "/privacy/requests"), told]);
    let (ask, stay, visit) = on_the_way(house);
    addresses.extend([format!("{ask}/slots"), format!("{stay}/admit"), stay, format!("{visit}/arrive"), visit, ask]);
    addresses.push(format!("/privacy/looks?person={}", people[0]));
    addresses.push(format!("/privacy/looks.csv?person={}", people[0]));
    let (_, crisis, fall) = crate::crisis::taken(house);
    addresses.extend([crisis.clone(), format!("{crisis}/assign"), fall.clone(), format!("{fall}/questions")]);
    let patient = house
        .store
        .read(|tx| {
            tx.first(
                &Sql::both("SELECT d.id FROM demographic AS d JOIN person AS p ON p.id = d.person WHERE p.root = $1 ORDER BY d.id"),
                &[people[0].parse::<Uuid>().unwrap().into()],
                |row| row.uuid(0),
            )
        })
        .unwrap()
        .unwrap();
    for (_, path) in ADDRESSES.iter().filter(|(method, _)| *method == "GET") {
        for kind in ["Patient", "Observation", "AuditEvent"] {
            let address = path.replace("{type}", kind).replace("{id}", &patient.to_string()).replace("{version}", "1");
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    addresses.push("/fhir/Patient?family=Ashworth".to_owned());
    addresses.push(format!("/fhir/Condition?patient={patient}&_include=*"));
    addresses.push(format!("/fhir/AuditEvent?patient={patient}"));
    addresses
}

/// An ask that is being decided, a stay that is expected and a place that is booked, each for Margaret.
fn on_the_way(house: &House) -> (String, String, String) {
    let (_, stay) = crate::stay::taken(house);
    let ask = crate::stay::triaged(house);
    let slots = crate::stay::published(house, &ask);
    let booked = crate::stay::triaged(house);
    house.sign_in("triage-nurse").send(&format!("{booked}/slots"), &[("slot", &slots[0])]);
    (ask, stay, format!("/slots/{}", slots[0]))
}

/// What a request is answered where nothing can be written, and after it where it can be. The order is this one so that no sitting
/// covers either: a look that could not be written has begun none.
fn unwritten_then_written(house: &House, send: impl Fn() -> Answer) -> (Answer, Answer) {
    house.full.store(true, Ordering::Relaxed);
    let unwritten = send();
    house.full.store(false, Ordering::Relaxed);
    (unwritten, send())
}

#[test]
fn the_log_has_a_look_at_exactly_those_who_are_shown_whoever_asks() {
    let house = House::open();
    let addresses = addresses(&house);
    let known = Known::of(&house);
    let mut showed: BTreeMap<String, usize> = BTreeMap::new();
    for persona in everybody() {
        for address in &addresses {
            // No sitting covers it.
            house.pass(SignedDuration::from_mins(11));
            let visitor = house.sign_in(persona);
            let head = house.head();
            let (unwritten, answer) = unwritten_then_written(&house, || visitor.get(address));
            let (shown, looked) = (known.shown(&answer, address), looked(&house, &known, head));
            if address.starts_with("/quarantine/") && answer.status == StatusCode::OK {
                // Whose a message is that could not be taken in, nobody knows yet, whatever names stand in it: the look says that
                // a message was read, and at whom only where that is known.
                assert_eq!(house.happened_after(head), 1, "{persona} {address}");
                assert!(!known.named(&answer, address).is_empty());
                assert_eq!(unwritten.status, StatusCode::SERVICE_UNAVAILABLE);
                *showed.entry(address.clone()).or_default() += 1;
                continue;
            }
            // Nobody is shown without a look; and nobody is in the log who was neither shown nor asked for by an id.
            assert!(shown.is_subset(&looked), "{persona} {address} {}: {shown:?} {looked:?}", answer.status);
            // A list of asks tells people by their names alone, and one who shares theirs is told by it, too.
            let told = known.named(&answer, address);
            let more: BTreeSet<Uuid> = looked.difference(&told).copied().collect();
            let asked = known.asked_by(address);
            assert!(more.is_subset(&asked), "{persona} {address} {}: {shown:?} {looked:?}", answer.status);
            if !told.is_empty() {
                *showed.entry(address.clone()).or_default() += 1;
            }
            // And where it could not be written, nobody was shown.
            assert_eq!(known.named(&unwritten, address), BTreeSet::new(), "{persona} {address} {}", unwritten.status);
            if !shown.is_empty() {
                assert_eq!(unwritten.status, StatusCode::SERVICE_UNAVAILABLE, "{persona} {address}");
            }
        }
    }
    // The walk walked through doors that were open.
    for word in [
        "/people/",
        "/timeline",
        "/access",
        "/me",
        "/privacy",
        "/fhir/Patient",
        "/fhir/AuditEvent",
        "/quarantine/",
        "/identity/",
        "/board/crisis",
        "/crisis/",
        "/falls/",
        "/finding/",
        "/handed/",
        "/scores/",
    ] {
        assert!(showed.keys().any(|address| address.contains(word)), "{word} showed nobody to anybody: {showed:?}");
    }
}

/// Every form that can show a person, filled in so that it is sent back with what is wrong, or done: address and fields.
fn forms(house: &House) -> Vec<(String, Vec<(&'static str, String)>)> {
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let page = gp.get(&format!("/people/{margaret}/timeline?kind=problem"));
    let entry = page.between(&format!("href=\"/people/{margaret}/seal/"), "\"").to_owned();
    let consultant = house.sign_in("consultant");
    let reason = [("why", "emergency"), ("reason", "Brought in by ambulance, confused; she cannot say")];
    consultant.send(&format!("/people/{margaret}/glass"), &reason);
    let officer = house.sign_in("privacy-officer");
    let glass = officer.get("/privacy/glass").between("href=\"/privacy/glass/", "\"").to_owned();
    let me = house.sign_in("citizen");
    let look = me.get("/me/looks").between("name=\"look\" value=\"", "\"").to_owned();
    me.send("/me/looks", &[("look", &look), ("words", "Why?")]);
    let question = officer.get("/privacy/questions").between("href=\"/privacy/questions/", "\"").to_owned();
    let waiting = house.sign_in("records-officer").get("/quarantine").between("href=\"/quarantine/", "\"").to_owned();
    let no = String::new;
    let pair = crate::identity::waits(house);
    let ask = crate::ask::asked(&gp, &margaret);
    let (_, crisis, fall) = crate::crisis::taken(house);
    let (deciding, stay, visit) = on_the_way(house);
    crate::advice::publish(house);
    let (call, _) = crate::advice::ask(&gp, &margaret);
    let written = format!("/people/{margaret}/advice/endocrinology");
    let question_id = gp.get(&written).between("name=\"id\" value=\"", "\"").to_owned();
    let fields = [("id", question_id.as_str()), ("kind", "management"), ("question", "What next?"), ("agreed", "yes")];
    gp.send(&written, &fields);
    let list = crate::finding::begun(&house.sign_in("district-nurse"));
    let told = crate::back::handed(house, &[gp.person("Margaret Ashworth")]);
    let waiting_back = crate::back::asked(house, &[gp.person("Margaret Ashworth")]);
    let pseudonym = crate::back::pseudonym(gp.person("Margaret Ashworth"));
    let (new, id) = ("0198f0c2-77aa-7000-8000-000000000009".to_owned(), margaret.clone());
    vec![
        ("/people".to_owned(), vec![("name", "Ashworth".to_owned())]),
        (format!("/people/{margaret}/glass"), vec![("why", "emergency".to_owned()), ("reason", no())]),
        (format!("/people/{margaret}/glass/close"), vec![]),
        (format!("/people/{margaret}/seal/{entry}"), vec![("level", "hidden".to_owned())]),
        (format!("/people/{margaret}/scores/register-heart-failure"), vec![("do", "dispute".to_owned())]),
        ("/finding".to_owned(), vec![("do", "begin".to_owned())]),
        (list.clone(), vec![("do", "close".to_owned())]),
        (format!("{list}/{margaret}"), vec![("do", "decline".to_owned())]),
        ("/pseudonyms/requests".to_owned(), vec![("do", "ask".to_owned()), ("pseudonyms", pseudonym.clone())]),
        (waiting_back, vec![("do", "allow".to_owned()), ("why", no())]),
        (told, vec![("do", "leave".to_owned()), ("person", margaret.clone()), ("reason", no())]),
        ("/back".to_owned(), vec![("pseudonym", pseudonym), ("reason", no())]),
        (format!("/privacy/glass/{glass}"), vec![("words", no())]),
        (format!("/privacy/questions/{question}"), vec![("words", no())]),
        ("/privacy/looks".to_owned(), vec![("person", margaret)]),
        ("/me/looks".to_owned(), vec![("look", look), ("words", no())]),
        ("/me/sharing".to_owned(), vec![("choice", "nothing".to_owned())]),
        ("/me/sharing/people".to_owned(), vec![("name", no())]),
        (format!("/quarantine/{waiting}"), vec![("note", no())]),
        (pair, vec![("verdict", "same".to_owned()), ("note", no())]),
        (call, vec![("do", "key".to_owned())]),
        (format!("/advice/questions/{question_id}"), vec![("do", "reply".to_owned()), ("reply", no())]),
        (format!("/people/{id}/advice"), vec![("specialty", "none".to_owned())]),
        (written, vec![("id", question_id), ("question", no())]),
        ("/advice/rota/endocrinology".to_owned(), vec![("do", "draft".to_owned())]),
        ("/advice/general".to_owned(), vec![("specialty", "none".to_owned())]),
        ("/asks/new".to_owned(), vec![("name", "Ashworth".to_owned())]),
        (format!("/asks/draft/{new}"), vec![("id", new.clone()), ("person", id.clone()), ("happened", no())]),
        ("/asks/new/form".to_owned(), vec![("id", new), ("person", id), ("happened", no())]),
        (format!("{ask}/triage"), vec![("service", no())]),
        (format!("{ask}/hand-on"), vec![("team", no())]),
        (format!("{crisis}/assign"), vec![("responder", no())]),
        (format!("{fall}/questions"), vec![("head", no())]),
        (format!("{deciding}/slots"), vec![("slot", "0198f0c2-77aa-7000-8000-00000000000a".to_owned())]),
        (format!("{stay}/admit"), vec![("goals", no())]),
        (format!("{visit}/give-back"), vec![("because", no())]),
        ("/slots/new".to_owned(), vec![("day", no())]),
        ("/services/active-recovery-beds".to_owned(), vec![("free", no())]),
    ]
}

fn filled<'f>(fields: &'f [(&'static str, String)]) -> Vec<(&'static str, &'f str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn whatever_a_form_shows_of_anybody_is_a_look() {
    let house = House::open();
    let forms = forms(&house);
    // Every form there is, but for those that show nobody.
    // Measures, decisions about beds and challenges are about nobody.
    let about_nobody = ["/measures", "/gate", "/challenges", "/methods"];
    let silent = ["/telephony", "/sign-in", "/sign-out", "/sessions", "/privacy/patterns"];
    let silent: Vec<&str> = silent.into_iter().chain(about_nobody).collect();
    for (_, path, _) in ROUTES.iter().filter(|(method, ..)| *method == "POST") {
        let begins = path.split("{").next().unwrap().trim_end_matches('/');
        let walked = forms.iter().any(|(address, _)| address.starts_with(begins));
        assert!(walked || silent.iter().any(|one| path.starts_with(one)), "{path} is walked");
    }
    let known = Known::of(&house);
    let mut showed: BTreeSet<&str> = BTreeSet::new();
    for persona in everybody() {
        for (address, fields) in &forms {
            house.pass(SignedDuration::from_mins(11));
            let visitor = house.sign_in(persona);
            let token = visitor.token();
            let fields: Vec<(&str, &str)> = std::iter::once(("token", token.as_str())).chain(filled(fields)).collect();
            let head = house.head();
            let (unwritten, answer) = unwritten_then_written(&house, || visitor.post(address, &fields));
            assert_eq!(known.named(&unwritten, address), BTreeSet::new(), "{persona} {address} {}", unwritten.status);
            if address.starts_with("/quarantine/") && answer.status == StatusCode::OK {
                // Whose it is, nobody knows yet: the look says that a message was read.
                assert!(house.happened_after(head) > 0, "{persona} {address}");
                showed.insert(address);
            } else {
                let (shown, looked) = (known.shown(&answer, address), looked(&house, &known, head));
                // A name that was typed and comes back tells nothing.
                assert!(shown.is_subset(&looked), "{persona} {address} {}: {shown:?} {looked:?}", answer.status);
                if !shown.is_empty() {
                    showed.insert(address);
                }
            }
        }
    }
    for word in ["/glass", "/seal/", "/privacy/questions/", "/me/", "/quarantine/", "/identity/", "/handed/"] {
        assert!(showed.iter().any(|address| address.contains(word)), "{word} showed nobody to anybody: {showed:?}");
    }
}

#[test]
fn whatever_a_program_is_sent_for_what_it_posts_is_a_look() {
    let house = House::open();
    let known = Known::of(&house);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let entry = |url: &str| json!({"request": {"method": "GET", "url": url}});
    let batch = |kind: &str| {
        let entries = [entry("Patient?family=Ashworth"), entry("Condition?_include=*&_count=50")];
        json!({"resourceType": "Bundle", "type": kind, "entry": entries}).to_string()
    };
    let matching = json!({"resourceType": "Parameters", "parameter": [{"name": "resource", "resource":
        {"resourceType": "Patient", "name": [{"family": "Ashworth", "given": ["Margaret"]}], "birthDate": "1938-03-14"}}]});
    type Asked<'a> = (&'a str, Vec<(&'a str, &'a str)>, String);
    let asked: [Asked<'_>; 5] = [
        ("/fhir/Patient/_search", vec![form], "family=Ashworth".to_owned()),
        ("/fhir/Condition/_search", vec![form], "_include=*&_count=50".to_owned()),
        ("/fhir/Patient/$match", vec![], matching.to_string()),
        ("/fhir", vec![], batch("batch")),
        ("/fhir", vec![], batch("transaction")),
    ];
    let mut showed = 0;
    for persona in everybody() {
        for (address, headers, body) in &asked {
            house.pass(SignedDuration::from_mins(11));
            let client = house.client(persona);
            let head = house.head();
            let (unwritten, answer) =
                unwritten_then_written(&house, || client.ask("POST", address, headers, body.clone()));
            let (shown, looked) = (known.shown(&answer, address), looked(&house, &known, head));
            assert!(shown.is_subset(&looked), "{persona} {address} {}: {shown:?} {looked:?}", answer.status);
            showed += usize::from(!shown.is_empty());
            assert_eq!(known.named(&unwritten, address), BTreeSet::new(), "{persona} {address} {}", unwritten.status);
        }
    }
    assert!(showed > 20, "{showed}: somebody was shown");
}
