//! Taking messages in: once, whole or not at all, and never lost.

use record::feed::RawMessage;
use record::ingest::{Arrival, Outcome, Received};
use record::message::Refusal;
use serde_json::json;
use store::{Refused, Store};
use weft_tests::people::{MARGARET, bundle};
use weft_tests::samples::{demo, reader, take};
use weft_tests::{at, on_both, outside};

fn condition(id: &str, subject: &str, words: &str) -> serde_json::Value {
    json!({"resourceType": "Condition", "id": id, "subject": {"reference": subject}, "code": {"text": words}})
}

fn whole(message_id: &str, words: &str) -> Vec<u8> {
    bundle(message_id, &[MARGARET.patient(), condition("c1", "Patient/m1", words)])
}

fn mend(store: &Store, message: uuid::Uuid, bytes: &[u8], note: &str) -> Result<Received, Refused<Refusal>> {
    let arrival = Arrival::of(&reader("gp"), &RawMessage { bytes: bytes.to_vec(), line: None }, at(900));
    let note = note.to_owned();
    store.write(move |write| {
        record::ingest::replay(write, &*weft_tests::samples::INDEX, message, &arrival, &note, "records-officer:test")
    })
}

fn code(received: &Received) -> &str {
    match &received.outcome {
        Outcome::Quarantined(reason) => &reason.code,
        other => panic!("{other:?}"),
    }
}

fn applied(received: &Received) -> bool {
    matches!(received.outcome, Outcome::Applied(_))
}

/// Received, applied, duplicates, quarantined; checked to add up, and the database to agree with itself.
fn tally(store: &Store) -> (i64, i64, i64, i64) {
    let ever = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap().remove(0).ever;
    assert_eq!(ever.received, ever.applied + ever.duplicates + ever.quarantined);
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    (ever.received, ever.applied, ever.duplicates, ever.quarantined)
}

#[test]
fn the_same_message_twice_is_a_duplicate_by_id_and_by_content() {
    on_both(|database| {
        let store = database.open();
        let gp = reader("gp");
        for words in [whole("1", "Asthma"), whole("", "Gout"), b"{not json".to_vec()] {
            let first = take(&store, &gp, &words, at(0));
            let second = take(&store, &gp, &words, at(1));
            assert_eq!(second.outcome, Outcome::Duplicate(first.message));
        }
        assert_eq!(tally(&store), (6, 2, 3, 1));
        // Another feed's message with the same id is another message.
        assert_eq!(outside::number(database, "SELECT count(*) FROM resource WHERE type = 'Patient'"), 1);
    });
}

#[test]
fn an_id_used_before_for_other_words_waits_and_changes_nothing() {
    on_both(|database| {
        let store = database.open();
        let gp = reader("gp");
        let first = take(&store, &gp, &whole("1", "Asthma"), at(0));
        let other = take(&store, &gp, &whole("1", "Gout"), at(1));
        assert_eq!(code(&other), "id-used-before");
        // Both come again: neither is taken in a second time, and the id still belongs to the first.
        assert_eq!(take(&store, &gp, &whole("1", "Asthma"), at(2)).outcome, Outcome::Duplicate(first.message));
        assert_eq!(take(&store, &gp, &whole("1", "Gout"), at(3)).outcome, Outcome::Duplicate(other.message));
        assert_eq!(tally(&store), (4, 1, 2, 1));
        // Replayed as it was it has to wait on; with an id of its own it is taken in.
        let again = mend(&store, other.message, &whole("1", "Gout"), "nothing, tried again").unwrap();
        assert_eq!(code(&again), "id-used-before");
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact WHERE title = 'Gout'"), 0);
        assert!(applied(&mend(&store, other.message, &whole("2", "Gout"), "gave it an id of its own").unwrap()));
        assert_eq!(tally(&store), (4, 2, 2, 0));
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact WHERE title = 'Gout'"), 1);
        // What the source sends once more in its own words is known.
        assert_eq!(take(&store, &gp, &whole("1", "Gout"), at(4)).outcome, Outcome::Duplicate(other.message));
    });
}

#[test]
fn a_mend_says_what_was_done_and_happens_once() {
    on_both(|database| {
        let store = database.open();
        let gp = reader("gp");
        let broken = take(&store, &gp, b"{\"resourceType\":\"Patient\",", at(0));
        let refused = mend(&store, broken.message, &MARGARET.message(), "  ");
        assert!(matches!(refused, Err(Refused::Rules(Refusal::NoteMissing))), "{refused:?}");
        assert_eq!(tally(&store), (1, 0, 0, 1));
        assert!(applied(&mend(&store, broken.message, &MARGARET.message(), "closed the brackets").unwrap()));
        assert_eq!(tally(&store), (1, 1, 0, 0));
        let late = mend(&store, broken.message, &MARGARET.message(), "closed the brackets, too");
        assert!(matches!(late, Err(Refused::Rules(Refusal::NotInQuarantine))), "{late:?}");
        // Another broken message mended to the same words is a duplicate of the first.
        let second = take(&store, &gp, b"{\"resourceType\":", at(1));
        let ended = mend(&store, second.message, &MARGARET.message(), "took the words of the other").unwrap();
        assert_eq!(ended.outcome, Outcome::Duplicate(broken.message));
        assert_eq!(tally(&store), (2, 1, 1, 0));
        // The broken words come once more: they are the message that was mended.
        let again = take(&store, &gp, b"{\"resourceType\":\"Patient\",", at(2));
        assert_eq!(again.outcome, Outcome::Duplicate(broken.message));
    });
}

#[test]
fn what_speaks_of_somebody_unknown_waits_until_they_come() {
    on_both(|database| {
        let store = database.open();
        let gp = reader("gp");
        let orphan = condition("c9", "Patient/m1", "Asthma").to_string().into_bytes();
        let waiting = take(&store, &gp, &orphan, at(0));
        assert_eq!(code(&waiting), "unknown-person");
        assert_eq!(outside::number(database, "SELECT count(*) FROM person"), 0);
        let still = mend(&store, waiting.message, &orphan, "tried again").unwrap();
        assert_eq!(code(&still), "unknown-person");
        assert!(applied(&take(&store, &gp, &MARGARET.message(), at(1))));
        assert!(applied(&mend(&store, waiting.message, &orphan, "the patient has come").unwrap()));
        assert_eq!(outside::number(database, "SELECT count(*) FROM fact WHERE title = 'Asthma'"), 1);
        assert_eq!(tally(&store), (2, 2, 0, 0));
        let opened = outside::number(database, "SELECT mends FROM message WHERE mends > 0");
        assert_eq!(opened, 2);
    });
}

#[test]
fn a_message_that_fails_half_way_leaves_nothing() {
    on_both(|database| {
        let store = database.open();
        let gp = reader("gp");
        let half = bundle(
            "1",
            &[MARGARET.patient(), condition("c1", "Patient/m1", "Gout"), condition("c2", "Patient/who", "Asthma")],
        );
        let waiting = take(&store, &gp, &half, at(0));
        assert!(matches!(waiting.outcome, Outcome::Quarantined(_)), "{waiting:?}");
        for table in ["person", "person_identity", "resource", "demographic", "fact"] {
            assert_eq!(outside::number(database, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
        }
        assert_eq!(outside::number(database, "SELECT count(*) FROM log"), 1, "only its quarantine");
        assert_eq!(outside::number(database, "SELECT count(*) FROM blob"), 1, "and its words");
        assert_eq!(tally(&store), (1, 0, 0, 1));
    });
}

#[test]
fn what_one_database_cannot_keep_is_refused_by_both() {
    on_both(|database| {
        let store = database.open();
        let gp = reader("gp");
        let nul = whole("1", "Asthma")
            .iter()
            .map(|byte| *byte as char)
            .collect::<String>()
            .replace("Asthma", "As\\u0000thma");
        assert_eq!(code(&take(&store, &gp, nul.as_bytes(), at(0))), "nul-character");
        let escaped = nul.replace("\\u0000", "\\\\u0000");
        assert!(applied(&take(&store, &gp, escaped.as_bytes(), at(1))), "a backslash is no NUL");
        let long = String::from_utf8(whole("2", "Gout")).unwrap().replace("m1", &noise(6_000));
        assert_eq!(code(&take(&store, &gp, long.as_bytes(), at(2))), "id-too-long");
        let name =
            String::from_utf8(whole("3", "Gout")).unwrap().replace("Ashworth", &noise(6_000)).replace("m1", "m2");
        assert!(
            applied(&take(&store, &gp, name.as_bytes(), at(3))),
            "a long name is only shortened where it is looked up"
        );
        assert_eq!(tally(&store), (4, 2, 0, 2));
    });
}

/// Letters that no database packs small.
fn noise(length: usize) -> String {
    let mut seeded = weft_tests::Seeded::new(5);
    (0..length).map(|_| char::from(b'a' + seeded.below(26) as u8)).collect()
}

fn hl7(id: &str, time: &str, kind: &str, rest: &str) -> Vec<u8> {
    format!("MSH|^~\\&|PAS|RWJ|WEFT|BOROUGH|{time}||{kind}|{id}|P|2.4\r{rest}").into_bytes()
}

#[test]
fn the_source_may_say_that_two_are_one() {
    on_both(|database| {
        let store = database.open();
        let hospital = reader("hospital");
        let person = |local: &str, name: &str| format!("PID|1||{local}^^^RWJ^MR||{name}^Ada||19500101|F\r");
        let one = hl7("1", "20260101100000", "ADT^A28", &person("S1", "Spinner"));
        let two = hl7("2", "20260101110000", "ADT^A28", &person("S2", "Weaver"));
        for (number, words) in [one, two].iter().enumerate() {
            assert!(applied(&take(&store, &hospital, words, at(number as i64))));
        }
        assert_eq!(store.read(record::views::person::count).unwrap(), 2);
        let merge = format!("{}MRG|S1^^^RWJ^MR\r", person("S2", "Weaver"));
        let merge = hl7("3", "20260101120000", "ADT^A40^ADT_A39", &merge);
        let received = take(&store, &hospital, &merge, at(5));
        assert!(applied(&received), "{received:?}");
        assert_eq!(store.read(record::views::person::count).unwrap(), 1);
        tally(&store);
    });
}

#[test]
fn a_merge_of_two_nhs_numbers_waits_and_joins_nobody() {
    on_both(|database| {
        let store = database.open();
        let hospital = reader("hospital");
        let person = |local: &str, number: &str, name: &str| {
            format!("PID|1||{local}^^^RWJ^MR~{number}^^^NHS^NH||{name}^Ada||19500101|F\r")
        };
        let one = hl7("1", "20260101100000", "ADT^A28", &person("S1", "9990001006", "Spinner"));
        let two = hl7("2", "20260101110000", "ADT^A28", &person("S2", "9990002371", "Weaver"));
        for (number, words) in [one, two].iter().enumerate() {
            assert!(applied(&take(&store, &hospital, words, at(number as i64))));
        }
        let merge = format!("{}MRG|S1^^^RWJ^MR\r", person("S2", "9990002371", "Weaver"));
        let merge = hl7("3", "20260101120000", "ADT^A40^ADT_A39", &merge);
        let Outcome::Quarantined(reason) = take(&store, &hospital, &merge, at(5)).outcome else {
            panic!("two numbers are two people")
        };
        assert_eq!(reason.code, "merge-conflict");
        assert_eq!(store.read(record::views::person::count).unwrap(), 2);
        tally(&store);
    });
}

#[test]
fn a_discharge_that_comes_before_its_admission_still_ends_the_stay() {
    let harold: Vec<_> = demo()
        .into_iter()
        .filter(|sample| {
            let words = String::from_utf8_lossy(&sample.raw.bytes).into_owned();
            words.contains("DEMO00006") || words.contains("DEMO00007")
        })
        .collect();
    assert_eq!(harold.len(), 2);
    on_both(|database| {
        let stays: Vec<Vec<String>> = [[0, 1], [1, 0]]
            .iter()
            .map(|order| {
                let copy = if order[0] == 0 { None } else { Some(weft_tests::Database::sqlite()) };
                let store = copy.as_ref().unwrap_or(database).open();
                for (number, which) in order.iter().enumerate() {
                    let sample = &harold[*which];
                    assert!(applied(&take(&store, &sample.reader, &sample.raw.bytes, at(number as i64))));
                }
                tally(&store);
                let fact: Vec<&'static store::Table> =
                    outside::view_tables().into_iter().filter(|table| table.name == "fact").collect();
                outside::dump(&store, &fact, &["fact.person", "fact.arrived"])
            })
            .collect();
        assert!(
            stays[0].iter().any(|line| line.contains("kind=encounter") && line.contains("status=finished")),
            "{stays:?}"
        );
        assert_eq!(stays[0], stays[1]);
    });
}
