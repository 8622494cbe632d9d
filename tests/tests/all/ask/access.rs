//! Who may ask, who may work an ask, and who may read what of it.

use ::access::Denied;
use care::draft::Draft;

use super::*;

fn reception() -> Subject {
    somebody("reception", Role::Receptionist, &[PRACTICE, DOOR])
}

#[test]
fn reception_reads_no_word_of_an_ask_and_neither_asks_nor_works() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        walked(&store, ASK, 2);
        let by = reception();
        assert!(matches!(wait(gate.make_ask(&asking(&by, 3), PERSON)), Err(Denied::Policy(_))));
        assert!(matches!(wait(gate.work_ask(&asking(&by, 3), PERSON)), Err(Denied::Policy(_))));
        assert!(matches!(wait(gate.draft(&asking(&by, 3))), Err(Denied::Policy(_))));
        let desk = wait(gate.desk(&asking(&by, 3))).unwrap();
        for list in care::worklist::List::ALL {
            let asked = store.read(|tx| care::worklist::ask(tx, &desk, &by, list, at(600), 10)).unwrap();
            assert!(asked.is_empty() && asked.total == 0, "{list:?}");
        }
    });
}

#[test]
fn an_ask_is_read_by_whoever_was_asked_and_by_the_person_and_by_nobody_else() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        walked(&store, ASK, 2);
        let line = |by: &Subject| {
            let permit = permit(&gate, by, 3)?;
            store.read(|tx| care::views::ask::of(tx, &permit, ASK)).unwrap().and_then(|line| line.shown)
        };
        for by in [gp(), coordinator(), triager(), citizen()] {
            assert_eq!(line(&by).unwrap().place.owner, team(DOOR), "{}", by.id);
        }
        // A coordinator of another desk sees who somebody is, and nothing of what was asked for them.
        let elsewhere = somebody("elsewhere", Role::Coordinator, &["neighbourhood:marple"]);
        assert!(permit(&gate, &elsewhere, 3).is_some());
        assert!(line(&elsewhere).is_none() && line(&responder()).is_none());
        // Another person's permit opens no line of this one.
        let other = Subject { own: Some(Uuid::from_u128(85)), ..citizen() };
        let theirs = wait(gate.record(&asking(&other, 3), Uuid::from_u128(85))).unwrap();
        assert!(store.read(|tx| care::views::ask::of(tx, &theirs, ASK)).unwrap().is_none());
        assert!(store.read(|tx| care::views::step::thread(tx, &theirs, ASK, &care::Team::said)).unwrap().is_none());
        assert!(store.read(|tx| care::views::hop::of(tx, &theirs, ASK)).unwrap().is_empty());
    });
}

#[test]
fn the_asks_for_a_person_come_the_oldest_first_and_a_program_reads_those_that_it_may() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        // Of two of one moment the one with the smaller id stands first, on either database.
        let ids = [0xC0_u128, 0x07, 0xFF00_0000_0000_0000_0000_0000_0000_0001, 0xA5].map(Uuid::from_u128);
        for (number, id) in ids.into_iter().enumerate() {
            carry(&store, id, &gp(), submit(request()), if number == 0 { 0 } else { 5 }).unwrap();
        }
        let listed = |most| store.read(|tx| care::views::ask::ids_of(tx, PERSON, most)).unwrap();
        assert_eq!(listed(usize::MAX), [ids[0], ids[1], ids[3], ids[2]]);
        assert_eq!(listed(2), [ids[0], ids[1]]);
        assert!(store.read(|tx| care::views::ask::ids_of(tx, Uuid::from_u128(85), 9)).unwrap().is_empty());
        let place = place::Place::built_in().unwrap();
        let standings = record::standing::Standings::of(&place);
        let reads = |by: &Subject| {
            let scope = gate.scope(&asking(by, 9)).unwrap();
            let mut ties = |tx: &mut dyn store::Tx, person| ::access::Standing::of(&standings, tx, person, by, at(540));
            let sealed = store.read(|tx| care::views::ask::whole(tx, &scope, &mut ties, ids[1])).unwrap();
            (
                sealed.people().to_vec(),
                wait(gate.open(&asking(by, 9), ::access::Action::ReadRecord, sealed)).unwrap().is_some(),
            )
        };
        for by in [gp(), triager(), citizen()] {
            assert_eq!(reads(&by), (vec![PERSON], true), "{}", by.id);
        }
        assert_eq!(reads(&responder()), (Vec::new(), false), "and of what they may not read nobody is looked at");
    });
}

#[test]
fn whoever_has_objected_to_sharing_can_still_be_helped_by_whoever_was_asked() {
    use ::access::sharing::{Choice, Command as Chosen};
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        let objecting = Chosen { by: citizen(), person: PERSON, choice: Choice::Object(String::new()) };
        store.write(move |write| ::access::sharing::choose(write, &objecting, &[], "test", at(0))).unwrap();
        walked(&store, ASK, 2);
        for by in [coordinator(), triager()] {
            let permit = permit(&gate, &by, 3).unwrap();
            let line = store.read(|tx| care::views::ask::of(tx, &permit, ASK)).unwrap().unwrap();
            assert!(line.shown.is_some(), "{}", by.id);
            assert!(permit.level_of(::access::Class::Problem) < ::access::Level::Full, "and nothing of the record");
        }
    });
}

#[test]
fn leave_to_ask_is_no_leave_to_work_and_leave_for_one_is_no_leave_for_another() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        let by = gp();
        let make = Arc::new(wait(gate.make_ask(&asking(&by, 0), PERSON)).unwrap());
        let with = |permit: &Arc<::access::AskPermit>, what: Act, minute: i64| {
            let permit = permit.clone();
            store.write(move |write| care::ask::act(write, &permit, ASK, what.clone(), at(60 * minute)))
        };
        let for_another = Whom { person: Uuid::from_u128(9), ..request().whom };
        let refused = with(&make, submit(Request { whom: for_another, ..request() }), 0).unwrap_err();
        assert!(matches!(refused, Refused::Rules(Refusal::NoLeave)), "{refused}");
        with(&make, submit(request()), 0).unwrap();
        let take_back = Act::TakeBackHop { because: words("She is up again") };
        let refused = with(&make, take_back.clone(), 1).unwrap_err();
        assert!(matches!(refused, Refused::Rules(Refusal::NoLeave)), "{refused}");
        with(&make, Act::AddWords { words: words("She is cold") }, 1).unwrap();
        let work = Arc::new(wait(gate.work_ask(&asking(&by, 1), PERSON)).unwrap());
        with(&work, take_back, 2).unwrap();
        // Whoever was not asked has no leave to work it.
        let denied = wait(gate.work_ask(&asking(&responder(), 2), PERSON));
        assert!(matches!(denied, Err(Denied::Closed(_))), "{denied:?}");
        // A citizen asks for themselves and for nobody else.
        let me = citizen();
        assert!(wait(gate.make_ask(&asking(&me, 2), PERSON)).is_ok());
        assert!(wait(gate.make_ask(&asking(&me, 2), Uuid::from_u128(9))).is_err());
        assert!(wait(gate.work_ask(&asking(&me, 2), PERSON)).is_err());
        // A home's manager asks for who lives there; this one lives nowhere that is known.
        let manager = somebody("manager", Role::CareHomeManager, &["home:bowerfield-house"]);
        assert!(matches!(wait(gate.make_ask(&asking(&manager, 2), PERSON)), Err(Denied::Closed(_))));
    });
}

#[test]
fn a_draft_is_seen_by_its_author_alone() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        let (by, other) = (gp(), somebody("other", Role::Gp, &[PRACTICE]));
        let mine = Arc::new(wait(gate.draft(&asking(&by, 0))).unwrap());
        let theirs = Arc::new(wait(gate.draft(&asking(&other, 0))).unwrap());
        let typed = Draft::of(None, [("happened".to_owned(), "Found on the fl".to_owned())]);
        let keep = |permit: &Arc<::access::DraftPermit>, by: &Subject, draft: Option<Draft>| {
            let (permit, by) = (permit.clone(), by.clone());
            store.write(move |write| care::ask::keep(write, &permit, &by, ASK, draft.clone(), at(0)))
        };
        keep(&mine, &by, Some(typed.clone())).unwrap();
        assert!(keep(&theirs, &other, Some(typed.clone())).is_err());
        assert!(keep(&theirs, &by, Some(typed.clone())).is_err(), "with another's leave");
        let of = |permit: &::access::DraftPermit| store.read(|tx| care::views::draft::of(tx, permit, 10)).unwrap();
        let one = |permit: &::access::DraftPermit| store.read(|tx| care::views::draft::one(tx, permit, ASK)).unwrap();
        assert_eq!((of(&mine).len(), one(&mine).unwrap().draft), (1, typed));
        assert!(of(&theirs).is_empty() && one(&theirs).is_none());
        keep(&mine, &by, None).unwrap();
        assert!(of(&mine).is_empty());
    });
}
