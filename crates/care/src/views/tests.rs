//! Story S1 on a database, and what its tables may not hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use access::{Role, Subject, Tie};
use jiff::civil::{date, time};
use jiff::{SignedDuration, Timestamp};
use store::{Entropy, Location, Refused, Store, Table, View};
use uuid::Uuid;

use crate::advice::refer::{self, Decided, NotReferred};
use crate::advice::{Advice, Answer, Attachment, Kind, Line, Question};
use crate::call::drive::Driver;
use crate::call::{Call, Command, Outcome, Stands, Start, act};
use crate::rota::hours::{Days, Edge, moment};
use crate::rota::{self, Covered, Draft, Entry, Rota};
use crate::team::Team;
use crate::telephony::What;
use crate::telephony::simulated::{Does, Manner, Simulated};
use crate::views::{advice, call, rota as rotas};

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        for (byte, from) in bytes.iter_mut().zip(number.iter().cycle()) {
            *byte = *from;
        }
    }
}

struct House {
    store: Arc<Store>,
    folder: tempfile::TempDir,
}

fn views() -> Vec<Box<dyn View>> {
    access::views().into_iter().chain(crate::views()).collect()
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let entropy = Box::new(Counting(AtomicU64::new(1)));
    let store = Arc::new(Store::open(Location::in_folder(folder.path()), views(), entropy).unwrap());
    House { store, folder }
}

/// Monday 7 December 2026, 10:00, and so many seconds.
fn at(second: i64) -> Timestamp {
    moment(date(2026, 12, 7).at(10, 0, 0, 0), Edge::From) + SignedDuration::from_secs(second)
}

fn subject(id: &str, role: Role, team: &str) -> Subject {
    let teams = vec![team.to_owned()];
    let (id, name) = (id.to_owned(), format!("Dr {id}"));
    Subject { id, name, role, organisation: String::new(), own: None, teams, assured: true }
}

fn gp() -> Subject {
    subject("okafor", Role::Gp, "ods:P88002")
}

fn consultant(id: &str) -> Subject {
    subject(id, Role::Consultant, "organisation:stockport-ft")
}

fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

fn ada() -> Uuid {
    Uuid::from_u128(11)
}

fn publish(house: &House, version: i8, order: &[&str]) {
    let entry = |(place, reader): (usize, &&str)| Entry {
        reader: (*reader).to_owned(),
        name: format!("Dr {reader}"),
        from: moment(date(2026, 12, 7).at(9, 0, 0, 0), Edge::From),
        until: moment(date(2026, 12, 7).at(17, 0, 0, 0), Edge::Until),
        order: u32::try_from(place).unwrap(),
    };
    let hours =
        Covered { days: Days::Weekdays, from: time(9, 0, 0, 0), until: time(17, 0, 0, 0), bank_holidays: false };
    let draft = Draft {
        specialty: "endocrinology".to_owned(),
        from: date(2026, 12, 7),
        until: date(2026, 12, 7),
        covered: vec![hours],
        entries: order.iter().enumerate().map(entry).collect(),
    };
    let (by, team) = (consultant("lead"), team("organisation:stockport-ft"));
    let calendar = Box::new(place::Place::built_in().unwrap().calendar().clone());
    let before = at(-86_400 + i64::from(version));
    for command in [
        rota::Command::Draft { by: by.clone(), team: team.clone(), draft },
        rota::Command::Publish { by, team, calendar },
    ] {
        house
            .store
            .write(move |write| {
                let id = rota::stream("endocrinology");
                write.execute::<Rota>(id, command.clone(), "consultant:lead", before).map(|_| ())
            })
            .unwrap();
    }
}

fn ask(house: &House, id: Uuid, command: Command, now: Timestamp) -> Result<Call, Refused<crate::call::Refusal>> {
    house.store.write(move |write| act::ask(write, id, command.clone(), "gp:okafor", now))
}

fn start(house: &House, id: Uuid, journey: Uuid) -> Command {
    let on = house.store.read(|tx| rotas::on(tx, "endocrinology", at(0))).unwrap();
    Command::Start(Box::new(Start {
        by: gp(),
        team: team("ods:P88002"),
        specialty: "endocrinology".to_owned(),
        person: Some(ada()),
        present: true,
        question: String::new(),
        journey: if journey.is_nil() { Uuid::from_u128(id.as_u128() + 1_000) } else { journey },
        on,
        ring_seconds: 18,
        rounds: 3,
    }))
}

/// Lets a call go on, second by second, as the running service does.
fn carry_on(house: &House, exchange: &Simulated, id: Uuid, from: i64, seconds: i64) -> Call {
    let mut driver = Driver::default();
    for second in from..from + seconds {
        driver.step(&house.store, exchange, at(second)).unwrap();
        if second % 50 == 0 {
            // As after a restart: everything is asked of the exchange again.
            driver = Driver::default();
        }
    }
    let history = house.store.read(|tx| store::log::stream(tx, id)).unwrap();
    store::aggregate::load::<Call>(&history).unwrap().0
}

/// The relationships that were opened: who holds each, and for how long.
fn opened(house: &House) -> Vec<(String, SignedDuration)> {
    let mut opened = Vec::new();
    house
        .store
        .read(|tx| {
            opened.clear();
            store::log::walk(tx, 1, &mut |_, entry| {
                if entry.kind == "relationship"
                    && let access::tie::Event::Opened { tie, holder, until, person, .. } =
                        store::aggregate::read::<access::tie::Relationship>(&entry)?
                {
                    assert_eq!((tie, person), (Tie::Ask, ada()));
                    opened.push((holder, until.duration_since(entry.at)));
                }
                Ok(())
            })
        })
        .unwrap();
    opened
}

fn key(by: Subject, outcome: Outcome, lines: Vec<Line>) -> Command {
    Command::Key { by, outcome, lines }
}

#[test]
fn advice_while_the_person_is_in_the_room() {
    let house = house();
    publish(&house, 1, &["a", "b", "c"]);
    let exchange = Simulated::new(3, Manner { again_every: 2, late_by: 1 });
    exchange.plan("a", [Does::LetsItRing]);
    exchange.plan("b", [Does::PicksUp { after: 6, talk: 240 }]);
    let id = Uuid::from_u128(1);
    ask(&house, id, start(&house, id, Uuid::nil()), at(0)).unwrap();
    let call = carry_on(&house, &exchange, id, 0, 300);
    let connect = call.connect().unwrap();
    assert!(connect <= SignedDuration::from_secs(40), "{connect:?}");
    // Whoever was rung could look while it rang; whoever answered, for three days; nobody else on the rota, ever.
    let seconds = SignedDuration::from_secs(23);
    let expected = [("reader:a", seconds), ("reader:b", seconds), ("reader:b", act::AFTERWARDS)];
    let opened: Vec<_> = opened(&house);
    assert_eq!(opened.iter().map(|(holder, long)| (holder.as_str(), *long)).collect::<Vec<_>>(), expected);
    let line = |what: &str, owner: &str| Line { what: what.to_owned(), owner: team(owner), by: None };
    let lines = vec![line("Bloods on Friday", "ods:P88002"), line("Ring back with them", "ods:P88002")];
    ask(&house, id, key(consultant("b"), Outcome::TestsInPractice, lines), at(320)).unwrap();
    ask(&house, id, key(gp(), Outcome::TestsInPractice, Vec::new()), at(330)).unwrap();
    let (from, until) = (at(-3_600), at(3_600));
    let report = house.store.read(|tx| call::report(tx, "endocrinology", from, until)).unwrap();
    let expected = call::Report {
        calls: 1,
        answered: 1,
        episodes: 1,
        advised: 1,
        connect: Some(connect),
        ..call::Report::default()
    };
    assert_eq!(report, expected);
    assert_eq!(report.share_answered(), Some(1_000));
    let usually = |house: &House| house.store.read(|tx| call::usually(tx, "endocrinology", from, until)).unwrap();
    assert_eq!(usually(&house), None, "one call is too few to say how long it usually takes");
}

#[test]
fn an_exchange_out_of_reach_loses_no_call_and_ends_in_the_offer_to_write() {
    let house = house();
    publish(&house, 1, &["a", "b"]);
    let exchange = Simulated::new(3, Manner::default());
    exchange.out_of_reach(true);
    let id = Uuid::from_u128(1);
    ask(&house, id, start(&house, id, Uuid::nil()), at(0)).unwrap();
    let call = carry_on(&house, &exchange, id, 0, 30);
    assert_eq!((call.stands(), call.rung()), (Stands::Unanswered, 6));
    exchange.out_of_reach(false);
    // And back again: the next one is answered.
    exchange.plan("a", [Does::PicksUp { after: 2, talk: 30 }]);
    let id = Uuid::from_u128(2);
    ask(&house, id, start(&house, id, Uuid::nil()), at(100)).unwrap();
    assert_eq!(carry_on(&house, &exchange, id, 100, 60).stands(), Stands::Ended);
}

#[test]
fn of_a_ring_that_nobody_answered_no_table_says_whom_it_rang() {
    let house = house();
    publish(&house, 1, &["nameless", "b"]);
    let exchange = Simulated::new(3, Manner::default());
    exchange.plan("nameless", [Does::LetsItRing, Does::IsBusy, Does::IsOutOfReach]);
    exchange.plan("b", [Does::LetsItRing, Does::PicksUp { after: 5, talk: 60 }]);
    let id = Uuid::from_u128(1);
    ask(&house, id, start(&house, id, Uuid::nil()), at(0)).unwrap();
    carry_on(&house, &exchange, id, 0, 300);
    let calls: &[&Table] = call::Calls.tables();
    let advice: &[&Table] = advice::Questions.tables();
    let mut rows = Vec::new();
    for table in calls.iter().chain(advice) {
        let texts = table.columns.iter().enumerate().filter(|(_, column)| column.holds == store::table::Type::Text);
        let texts: Vec<usize> = texts.map(|(index, _)| index).collect();
        let read = |row: &dyn store::Row| texts.iter().map(|index| row.string(*index)).collect::<Result<Vec<_>, _>>();
        rows.extend(house.store.read(|tx| tx.all(&table.walk(), &[], read)).unwrap());
    }
    assert_eq!(rows.len(), 1);
    assert!(rows[0].contains(&"Dr b".to_owned()), "{rows:?}");
    assert!(!rows.iter().flatten().any(|text| text.contains("nameless")), "{rows:?}");
}

#[test]
fn activity_is_counted_in_journeys_and_not_in_calls_or_messages() {
    let house = house();
    publish(&house, 1, &["b"]);
    let exchange = Simulated::new(3, Manner::default());
    exchange.plan("b", [Does::PicksUp { after: 5, talk: 60 }, Does::PicksUp { after: 5, talk: 60 }]);
    let journey = Uuid::from_u128(77);
    for number in [1, 2] {
        let id = Uuid::from_u128(number);
        let begins = i64::try_from(number).unwrap() * 1_000;
        ask(&house, id, start(&house, id, journey), at(begins)).unwrap();
        carry_on(&house, &exchange, id, begins, 100);
    }
    let report = house.store.read(|tx| call::report(tx, "endocrinology", at(0), at(10_000))).unwrap();
    assert_eq!((report.answered, report.episodes, report.neither), (2, 1, 2));
    let (id, question) = (Uuid::from_u128(9), question(Vec::new()));
    advise(&house, id, crate::advice::Command::Ask(question), at(3_000)).unwrap();
    for number in 0..5 {
        let back = crate::advice::Command::AskBack { by: consultant("b"), words: "And?".to_owned() };
        let words = "More".to_owned();
        let reply = crate::advice::Command::Reply { by: gp(), words, attachments: Vec::new() };
        advise(&house, id, back, at(3_001 + 2 * number)).unwrap();
        advise(&house, id, reply, at(3_002 + 2 * number)).unwrap();
    }
    let report = house.store.read(|tx| advice::report(tx, "endocrinology", at(0), at(10_000))).unwrap();
    let expected = advice::Report { questions: 1, messages: 11, open: 1, ..advice::Report::default() };
    assert_eq!(report, expected);
}

fn question(attachments: Vec<Attachment>) -> Question {
    Question {
        by: gp(),
        team: team("ods:P88002"),
        specialty: "endocrinology".to_owned(),
        to: team("organisation:stockport-ft"),
        person: ada(),
        kind: Kind::Management,
        question: "What next?".to_owned(),
        tried: String::new(),
        attachments,
        conversion_agreed: true,
        journey: Uuid::from_u128(9),
    }
}

fn advise(
    house: &House,
    id: Uuid,
    command: crate::advice::Command,
    now: Timestamp,
) -> Result<Advice, Refused<crate::advice::Refusal>> {
    house.store.write(move |write| write.execute::<Advice>(id, command.clone(), "gp:okafor", now))
}

#[test]
fn the_tables_made_again_from_the_log_are_the_same_and_the_kept_files_are_known() {
    let house = house();
    publish(&house, 1, &["a", "b"]);
    publish(&house, 2, &["b"]);
    let on = house.store.read(|tx| rotas::on(tx, "endocrinology", at(0))).unwrap();
    assert_eq!(on.iter().map(|who| who.reader.as_str()).collect::<Vec<_>>(), ["b"], "the later version is in force");
    let mine = |reader: &str| house.store.read(|tx| rotas::mine(tx, reader, at(0))).unwrap().len();
    assert_eq!((mine("a"), mine("b")), (0, 1), "what a later version took the place of is nobody's");
    let next = house.store.read(|tx| rotas::next(tx, "endocrinology", at(-7_200))).unwrap();
    assert_eq!(next, Some(at(-3_600)));
    let exchange = Simulated::new(5, Manner { again_every: 3, late_by: 2 });
    exchange.plan("b", [Does::PicksUp { after: 5, talk: 60 }]);
    let id = Uuid::from_u128(1);
    ask(&house, id, start(&house, id, Uuid::nil()), at(0)).unwrap();
    carry_on(&house, &exchange, id, 0, 120);
    ask(&house, id, key(gp(), Outcome::Referred, Vec::new()), at(130)).unwrap();
    let day = 24 * 3_600;
    assert_eq!(house.store.read(|tx| call::due(tx, at(130 + day), 10)).unwrap(), [id]);
    ask(&house, id, Command::Pass, at(130 + day)).unwrap();
    assert!(house.store.read(|tx| call::due(tx, at(999 * day), 10)).unwrap().is_empty());
    let (file, blob) = Attachment::of("rash.jpg", &[0xFF, 0xD8, 0xFF, 0xE0, 7]).unwrap();
    let (asked, asking) = (question(vec![file]), Uuid::from_u128(9));
    house
        .store
        .write(move |write| {
            write.put_blob(&blob)?;
            let command = crate::advice::Command::Ask(asked.clone());
            write.execute::<Advice>(asking, command, "gp:okafor", at(200)).map(|_| ())
        })
        .unwrap();
    let answer = Answer {
        plan: "Stop the doxazosin".to_owned(),
        safety_net: "A fall: ring".to_owned(),
        lines: vec![Line { what: "Measure again".to_owned(), owner: team("ods:P88002"), by: Some(date(2026, 12, 14)) }],
        in_practice: true,
    };
    let answer = crate::advice::Command::Answer { by: consultant("b"), answer };
    advise(&house, asking, answer, at(400)).unwrap();
    let verification = house.store.verify(None).unwrap();
    assert!(verification.findings.is_empty(), "{:?}", verification.findings);
    // A log that speaks of a file that was never kept does not verify.
    let (lost, _) = Attachment::of("lost.txt", b"never kept").unwrap();
    let asked = crate::advice::Command::Ask(question(vec![lost]));
    advise(&house, Uuid::from_u128(10), asked, at(500)).unwrap();
    assert!(!house.store.verify(None).unwrap().findings.is_empty());
    assert!(house.folder.path().exists());
}

#[test]
fn what_the_clocks_hear_is_what_their_files_listen_for() {
    let house = house();
    publish(&house, 1, &["b"]);
    let exchange = Simulated::new(5, Manner::default());
    exchange.plan("b", [Does::PicksUp { after: 5, talk: 60 }]);
    let id = Uuid::from_u128(1);
    ask(&house, id, start(&house, id, Uuid::nil()), at(0)).unwrap();
    carry_on(&house, &exchange, id, 0, 120);
    ask(&house, id, key(gp(), Outcome::Referred, Vec::new()), at(130)).unwrap();
    ask(&house, id, key(consultant("b"), Outcome::Referred, Vec::new()), at(140)).unwrap();
    let history = house.store.read(|tx| store::log::stream(tx, id)).unwrap();
    let events: Vec<_> = history.iter().map(|entry| store::aggregate::read::<Call>(entry).unwrap()).collect();
    let expected = [(0, "call-placed"), (5, "call-answered"), (65, "call-ended"), (140, "call-outcomes-complete")];
    let expected: Vec<_> = expected.into_iter().map(|(second, word)| (at(second), word)).collect();
    assert_eq!(crate::advice::moment::of_call(&events), expected);
    assert!(events.iter().any(|event| matches!(event, crate::call::Event::CallHeard { what: What::Answered, .. })));
}

#[test]
fn a_question_of_an_ask_that_goes_on_becomes_a_hop_of_it_and_no_second_ask() {
    use crate::ask::tests::{request, submit};
    use crate::ask::{self, Act};
    let house = house();
    let journey = Uuid::from_u128(77);
    let carry = |by: Subject, act: Act, second: i64| {
        let command = ask::Command { by, act };
        house.store.write(move |write| ask::carry(write, journey, command.clone(), at(second))).unwrap()
    };
    let mut wanted = request();
    wanted.whom.person = ada();
    wanted.asked_by.team = Some(question(Vec::new()).team);
    wanted.asked_for = question(Vec::new()).team;
    carry(gp(), submit(wanted), 0);
    let refer = |id: Uuid, by: Subject, person: Uuid, second: i64| {
        let age = crate::age::Age::Known { years: 84, source: "the record".to_owned() };
        let decided = Decided { by, because: "Needs a tilt test".to_owned(), age, person };
        house.store.write(move |write| refer::refer(write, id, decided.clone(), at(second)))
    };
    let asked = |id: u128| {
        let asked = Question { journey, ..question(Vec::new()) };
        advise(&house, Uuid::from_u128(id), crate::advice::Command::Ask(asked), at(1)).unwrap();
        Uuid::from_u128(id)
    };
    // With leave, in one press: the ask that there is goes on to the specialty, in the name of the team that has it.
    let (_, ask) = refer(asked(20), consultant("b"), ada(), 2).unwrap();
    assert_eq!(ask.open_hop().map(|hop| &hop.to), Some(&question(Vec::new()).to));
    assert_eq!(ask.owner(), Some(&question(Vec::new()).team), "until they have taken it");
    let (_, taken) = (asked(21), carry(consultant("b"), Act::AcceptHop, 3));
    assert_eq!(taken.owner(), Some(&question(Vec::new()).to));
    // The specialty has it already: what was decided is added to it.
    let (_, added) = refer(asked(22), consultant("b"), ada(), 4).unwrap();
    assert!(added.open_hop().is_none());
    // Somebody else's ask under that number is left alone.
    let (_, other) = refer(asked(23), consultant("b"), Uuid::from_u128(4_711), 5).unwrap();
    assert_eq!(other.hops().len(), 1);
    let kept = house.store.read(|tx| store::log::stream(tx, journey)).unwrap();
    let said: Vec<&str> = kept.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(said.iter().filter(|event| **event == "AskSubmitted").count(), 1, "{said:?}");
    assert_eq!(said.iter().filter(|event| **event == "HopOffered").count(), 1, "{said:?}");
    assert_eq!(said.iter().filter(|event| **event == "WordsAdded").count(), 1, "{said:?}");
}

#[test]
fn a_question_becomes_a_referral_in_one_press_with_everything_that_was_written() {
    let house = house();
    let (id, asked) = (Uuid::from_u128(10), question(Vec::new()));
    advise(&house, id, crate::advice::Command::Ask(asked.clone()), at(0)).unwrap();
    let refer = |by: Subject, second: i64| {
        let age = crate::age::Age::Known { years: 84, source: "the record".to_owned() };
        let decided = Decided { by, because: "Needs a tilt test".to_owned(), age, person: ada() };
        house.store.write(move |write| refer::refer(write, id, decided.clone(), at(second)))
    };
    assert!(matches!(refer(gp(), 10), Err(Refused::Rules(NotReferred::Advice(_)))), "not answered yet");
    let (advice, ask) = refer(consultant("b"), 20).unwrap();
    assert_eq!(advice.stands(), crate::advice::Stands::Converted);
    let request = ask.request().unwrap();
    assert_eq!((request.kind, request.happened.as_str()), (crate::ask::Kind::Referral, asked.question.as_str()));
    assert_eq!(request.consent, crate::ask::Consent::Agrees {});
    assert_eq!(ask.owner(), Some(&asked.team), "whoever asked has it until the specialty has taken it");
    assert_eq!(ask.open_hop().map(|hop| &hop.to), Some(&asked.to));
    let kept = house.store.read(|tx| store::log::stream(tx, asked.journey)).unwrap();
    assert!(kept.iter().all(|entry| entry.kind == "ask"), "the ask has the journey's number");
    // Where the ask cannot be sent, the question is not converted either.
    let (other, taken) = (Uuid::from_u128(12), Question { journey: asked.journey, ..asked });
    advise(&house, other, crate::advice::Command::Ask(taken), at(30)).unwrap();
    let age = crate::age::Age::Unknown {};
    let decided = Decided { by: consultant("b"), because: "Again".to_owned(), age, person: ada() };
    let refused = house.store.write(move |write| refer::refer(write, other, decided.clone(), at(40)));
    assert!(matches!(refused, Err(Refused::Rules(NotReferred::Ask(_)))));
    let (still, _) =
        store::aggregate::load::<Advice>(&house.store.read(|tx| store::log::stream(tx, other)).unwrap()).unwrap();
    assert_eq!(still.stands(), crate::advice::Stands::WithSpecialty);
}
