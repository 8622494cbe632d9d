//! Tickets, counts and places; what goes over the wire is tested from outside (`tests/pages/live.rs`).

use super::*;

fn live() -> Live {
    let (_told, grown) = watch::channel(7);
    Live::new(grown, &|bytes| bytes.fill(3))
}

#[test]
fn a_ticket_is_for_one_session_and_one_page() {
    let live = live();
    let (mine, theirs) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let proof = live.proof(mine, "asks");
    assert_eq!(proof, live.proof(mine, "asks"));
    for other in [live.proof(theirs, "asks"), live.proof(mine, "advice"), live.proof(mine, "asks2")] {
        assert_ne!(proof, other);
    }
    let (_told, grown) = watch::channel(7);
    let restarted = Live::new(grown, &|bytes| bytes.fill(4));
    assert_ne!(proof, restarted.proof(mine, "asks"), "a ticket ends with the process that gave it");
}

#[test]
fn every_page_has_one_word_and_nothing_else_is_one() {
    let id = Uuid::from_u128(9);
    use Page::*;
    let lists = [Asks, Advice, CrisisBoard, Stays, Slots, Services];
    for page in lists.into_iter().chain([Ask(id), AsksFor(id), Call(id), Question(id), Stay(id), Visit(id)]) {
        assert_eq!(Page::from_word(&page.word()), Some(page));
    }
    let upper = Ask(id).word().to_uppercase();
    for wrong in ["", "ask", "ask.", "asks.1", "ask.1", "everything", "call.x", upper.as_str()] {
        assert_eq!(Page::from_word(wrong), None, "{wrong}");
    }
    let bare = format!("ask.{}", id.simple());
    assert_eq!(Page::from_word(&bare), None, "the same id written otherwise");
}

#[test]
fn a_standing_is_read_as_it_was_written() {
    let standing = Standing { era: 0xfeed_0001, number: 12 };
    assert_eq!(Standing::read(&standing.word()), Some(standing));
    for wrong in ["", "12", "x-1", "1-x", "-", "1-2-3"] {
        assert_eq!(Standing::read(wrong), None, "{wrong}");
    }
}

#[test]
fn a_session_has_so_many_streams_and_a_place_that_is_left_is_free_again() {
    let live = live();
    let (mine, theirs) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert!((0..STREAMS).all(|_| live.admit(mine)));
    assert!(!live.admit(mine));
    assert!(live.admit(theirs), "each has their own");
    live.leave(mine);
    assert!(live.admit(mine) && !live.admit(mine));
    (0..STREAMS).for_each(|_| live.leave(mine));
    live.leave(theirs);
    assert!(live.open.lock().unwrap().is_empty(), "nothing is remembered of sessions without streams");
}

#[test]
fn a_number_counts_the_changes_of_what_is_shown_and_of_nothing_else() {
    let live = live();
    let (mine, other) = (Topic::Asks("ods:P88002".to_owned()), Topic::Asks("ods:P88009".to_owned()));
    let before = live.standing(std::slice::from_ref(&mine));
    live.counts().of.insert(other, 40);
    assert_eq!(live.standing(std::slice::from_ref(&mine)), before);
    live.counts().of.insert(mine.clone(), 1);
    assert_eq!(live.standing(&[mine]).number, before.number + 1);
}
