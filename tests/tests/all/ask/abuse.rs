//! Somebody with other tools than ours, and somebody in a hurry: what the database does not take, and what two at once come to.

use std::panic::{AssertUnwindSafe, catch_unwind};

use weft_tests::{Database, outside};

use super::*;

/// Whether the database lets anybody do this by SQL.
fn lets(database: &Database, sql: &str) -> bool {
    catch_unwind(AssertUnwindSafe(|| outside::run(database, sql))).is_ok()
}

#[test]
fn the_database_takes_no_ask_without_an_owner_and_no_end_without_outcome_and_answer() {
    on_both(|database| {
        let store = database.open();
        walked(&store, ASK, 4);
        for sql in [
            // I1: one owner, and one.
            "UPDATE ask SET owner = NULL",
            "UPDATE ask SET owner = ''",
            "UPDATE ask SET owner = 'nobody'",
            "INSERT INTO ask SELECT * FROM ask",
            // I2: one hop at a time, and never to whoever has it.
            "INSERT INTO hop SELECT ask, offered_at, number + 1, source, 'service:falls', offered_by, note, warm, NULL, NULL, NULL, NULL FROM hop WHERE answer IS NULL",
            "UPDATE ask SET offered = owner",
            "UPDATE hop SET answer = 'lost', answered_at = 1",
            "UPDATE hop SET answer = 'returned', answered_at = 1, because = NULL",
            // I3: a decline with an alternative and a name.
            "UPDATE ask SET decision = 'declined'",
            "UPDATE ask SET decision = 'declined', alternative = 'the clinic'",
            "UPDATE ask SET decision = 'declined', answerable = 'Sam Lee'",
            // I4: an end with an outcome and an answer.
            "UPDATE ask SET state = 'closed'",
            "UPDATE ask SET closed = 1",
            "UPDATE ask SET state = 'closed', closed = 1, ending = NULL",
            "UPDATE ask SET state = 'closed', closed = 1, ending = 'helped-at-home', answered = NULL, answer = NULL",
            // I6: a child goes on somewhere.
            "UPDATE ask SET child = 1, state = 'closed', closed = 1, ending = 'no-need', answered = 1, answer = 'sent'",
            "UPDATE ask SET child = 2",
            // I7: a level of need that there is.
            "UPDATE ask SET level = 'penthouse'",
            // A neighbour's answer is not forgotten, and has its day.
            "UPDATE ask SET neighbour = 'Ann Peel'",
            "UPDATE ask SET neighbour_by = 1",
        ] {
            assert!(!lets(database, sql), "{sql}");
        }
        assert!(lets(database, "UPDATE ask SET state = 'decided'"), "and what may be may be");
        assert!(store.verify(None).unwrap().findings.is_empty());
        // What is allowed by every rule of a table and did not happen is found.
        outside::run(database, "UPDATE ask SET owner = 'service:elsewhere'");
        assert!(!store.verify(None).unwrap().findings.is_empty());
        store.replay().unwrap();
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn what_no_rule_of_a_table_can_see_is_found_by_holding_it_against_the_log() {
    on_both(|database| {
        let store = database.open();
        walked(&store, ASK, 4);
        for sql in [
            // I2: an owner who never said yes.
            "UPDATE ask SET owner = 'service:elsewhere'",
            // I5: another id; another person.
            "UPDATE ask SET id = person",
            "UPDATE ask SET person = id",
            // I7: another level than was decided.
            "UPDATE ask SET level = 'community'",
        ] {
            outside::run(database, sql);
            assert!(!store.verify(None).unwrap().findings.is_empty(), "{sql}");
            store.replay().unwrap();
            assert!(store.verify(None).unwrap().findings.is_empty(), "{sql}");
        }
        // I8, I9: why another than the first, and what was on the screen, stand in the log alone; and that is a chain.
        let rewritten = lets(database, "UPDATE log SET body = replace(body, 'observed_at', 'observed_by')");
        assert!(!rewritten || !store.verify(None).unwrap().findings.is_empty(), "the log was rewritten unseen");
    });
}

#[test]
fn of_two_who_take_it_at_once_one_has_it_and_the_other_is_told() {
    on_both(|database| {
        let store = Arc::new(database.open());
        walked(&store, ASK, 1);
        let takers: Vec<_> = (0..12)
            .map(|number| {
                let store = store.clone();
                std::thread::spawn(move || {
                    let by = somebody(&format!("taker {number}"), Role::Coordinator, &[DOOR]);
                    carry(&store, ASK, &by, Act::Receive, 1).map(|ask| ask.owner().cloned())
                })
            })
            .collect();
        let took: Vec<_> = takers.into_iter().map(|taker| taker.join().unwrap()).collect();
        let (mut had, mut told) = (0, 0);
        for one in took {
            match one {
                Ok(owner) => {
                    had += 1;
                    assert_eq!(owner, Some(team(DOOR)));
                }
                Err(Refused::Rules(refusal)) => {
                    told += 1;
                    assert!(refusal.to_string().contains("not offered to any team now"), "{refusal}");
                }
                Err(Refused::Store(error)) => panic!("{error}"),
            }
        }
        assert_eq!((had, told), (1, 11));
    });
}

#[test]
fn a_message_sent_twice_is_one_ask_and_a_draft_survives_a_lost_connection() {
    on_both(|database| {
        let store = database.open();
        let rows = || outside::number(database, "SELECT count(*) FROM log");
        let typed = care::draft::Draft::of(Some(PERSON), [("happened".to_owned(), "Found on the fl".to_owned())]);
        carry(&store, ASK, &gp(), Act::Draft(typed.clone()), 0).unwrap();
        let kept = rows();
        carry(&store, ASK, &gp(), Act::Draft(typed), 1).unwrap();
        assert_eq!(rows(), kept, "what has not changed is not kept twice");
        assert_eq!(outside::number(database, "SELECT count(*) FROM ask_draft"), 1);
        drop(store);
        let store = database.open();
        carry(&store, ASK, &gp(), submit(request()), 2).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM ask_draft"), 0);
        let sent = rows();
        carry(&store, ASK, &gp(), submit(request()), 3).unwrap();
        assert_eq!((rows(), outside::number(database, "SELECT count(*) FROM ask")), (sent, 1));
        let other = Request { urgency: Urgency::Routine, ..request() };
        let refused = carry(&store, ASK, &gp(), submit(other), 4).unwrap_err();
        assert!(refused.to_string().contains("Nothing of the ask that was sent has changed"), "{refused}");
        assert_eq!(rows(), sent);
        // An id that belongs to something else is no ask's.
        let taken = store.write(|write| record::person::leaf(write, "hospital", "1", "test", at(0))).unwrap().0;
        let refused = carry(&store, taken, &gp(), submit(request()), 5).unwrap_err();
        assert!(matches!(refused, Refused::Rules(Refusal::TakenId)), "{refused}");
    });
}
