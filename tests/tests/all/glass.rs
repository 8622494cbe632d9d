//! Breaking the glass, on both databases: the look, the breaking and the alert are one; it ends within the hour; the views of it
//! are made again from the log. And the table of seals as the index of the record reads it.

use std::sync::Arc;

use access::glass::{Outcome, Refusal, Why};
use access::permit::Entry;
use access::seal::Wanted;
use access::views::{glass, seal};
use access::{
    Asking, Class, Classes, Finding, Gate, NotDone, Purpose, Role, Seal, Sensitivity, Standing, Stated, Subject, Tie,
    Ties,
};
use jiff::{SignedDuration, Timestamp};
use store::Store;
use uuid::Uuid;
use weft_tests::database::Database;
use weft_tests::{at, on_both, outside};

const WORDS: &str = "Found on the floor at home, not making sense";

fn subject(id: &str, role: Role) -> Subject {
    let teams = vec!["ods:P88002".to_owned()];
    let (name, organisation) = ("A. Tester".to_owned(), "The tests".to_owned());
    Subject { id: id.to_owned(), name, role, organisation, own: None, teams, assured: true }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// Everybody is registered with every reader, who wrote everything: what these tests are about is something else.
struct Everybody;

impl Standing for Everybody {
    fn of(&self, _: &mut dyn store::Tx, _: Uuid, _: &Subject, _: Timestamp) -> store::Result<Ties> {
        Ok(Ties::none().with(Tie::Registration, Classes::ALL))
    }

    fn feeds(&self, _: &Subject) -> access::Feeds {
        access::Feeds { own: vec!["gp".to_owned()], of_registered: Vec::new() }
    }
}

fn gate_of(store: &Arc<Store>) -> Gate {
    Gate::new(store.clone(), Arc::new(Everybody))
}

fn stated() -> Stated {
    Stated { why: Why::Emergency, reason: WORDS.to_owned(), harm: None, signed_in: None, fresh: access::glass::FRESH }
}

fn care(by: &Subject, minutes: i64) -> Asking<'_> {
    Asking { subject: by, purpose: Purpose::DirectCare, at: at(0) + SignedDuration::from_mins(minutes) }
}

fn open(store: &Store, by: &Subject, person: Uuid, at: Timestamp) -> Option<glass::Open> {
    let id = by.id.clone();
    store.read(|tx| glass::open(tx, &id, &[person], at)).unwrap()
}

/// Everything that says that something happened.
fn traces(database: &Database) -> Vec<i64> {
    ["log", "glass", "alert", "look", "glass_look", "look_day"]
        .map(|table| outside::number(database, &format!("SELECT count(*) FROM {table}")))
        .to_vec()
}

#[test]
fn if_any_part_of_breaking_a_glass_cannot_be_written_nothing_opens() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = gate_of(&store);
        let gp = subject("gp", Role::Gp);
        let person = Uuid::from_u128(7);
        let before = traces(database);
        // The register, the alert, the look itself, its place among those made through the glass, and the day's count.
        for table in ["glass", "alert", "look", "glass_look", "look_day"] {
            outside::run(database, &format!("ALTER TABLE {table} RENAME TO away"));
            let answer = wait(gate.break_glass(&care(&gp, 0), person, Vec::new(), stated()));
            assert!(matches!(answer, Err(NotDone::Store(_))), "{table}: {answer:?}");
            outside::run(database, &format!("ALTER TABLE away RENAME TO {table}"));
            assert_eq!(traces(database), before, "{table}");
            assert_eq!(open(&store, &gp, person, at(0)), None, "{table}");
        }
        // With all of them there it opens, and everything is written.
        wait(gate.break_glass(&care(&gp, 0), person, Vec::new(), stated())).unwrap();
        let after: Vec<i64> = traces(database).iter().zip(&before).map(|(now, then)| now - then).collect();
        assert_eq!(after, [2, 1, 1, 1, 1, 1], "the breaking and the look; one row each");
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_glass_is_open_to_one_reader_for_one_person_until_it_ends() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = gate_of(&store);
        let (gp, other) = (subject("gp", Role::Gp), subject("other", Role::Gp));
        let (person, nobody) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let now = |minutes: i64| at(0) + SignedDuration::from_mins(minutes);
        let broken = wait(gate.break_glass(&care(&gp, 0), person, Vec::new(), stated())).unwrap();
        assert_eq!((broken.since, broken.until), (now(0), now(60)));
        assert_eq!(open(&store, &gp, person, now(59)), Some(broken));
        for (by, whom, minutes) in [(&gp, person, 60), (&other, person, 1), (&gp, nobody, 1)] {
            assert_eq!(open(&store, by, whom, now(minutes)), None);
        }
        // Again extends nothing, under whatever id the person has been known.
        for (whom, known_as) in [(person, Vec::new()), (nobody, vec![person])] {
            let again = wait(gate.break_glass(&care(&gp, 30), whom, known_as, stated()));
            assert!(matches!(again, Err(NotDone::Rules(Refusal::OpenAlready(until))) if until == now(60)));
        }
        let nothing = wait(gate.close_glass(&care(&other, 30), person, Vec::new()));
        assert!(matches!(nothing, Err(NotDone::Rules(Refusal::Closed))), "somebody else has none to close");
        wait(gate.close_glass(&care(&gp, 31), person, Vec::new())).unwrap();
        assert_eq!(open(&store, &gp, person, now(32)), None);
        // Somebody whose role breaks none: refused, written down, and there is nothing.
        let clerk = subject("clerk", Role::Receptionist);
        let refused = wait(gate.break_glass(&care(&clerk, 33), person, Vec::new(), stated()));
        assert!(matches!(refused, Err(NotDone::Rules(Refusal::NotYourRole))));
        assert_eq!(
            outside::number(database, "SELECT count(*) FROM look WHERE allowed = 0 AND action = 'break-glass'"),
            1
        );
        assert_eq!(outside::number(database, "SELECT count(*) FROM glass"), 1);
        // The officer reviews it, and the views are made again from the log as they stand.
        let officer = subject("officer", Role::PrivacyOfficer);
        let privacy = Asking { subject: &officer, purpose: Purpose::Privacy, at: now(90) };
        let permit = wait(gate.glass(&privacy, broken.id)).unwrap();
        assert_eq!(permit.person(), person);
        let finding = Finding { outcome: Outcome::Appropriate, words: WORDS.to_owned(), harm: None };
        wait(gate.review_glass(&privacy, &permit, finding)).unwrap();
        let whole = store.read(|tx| glass::one(tx, &permit)).unwrap().unwrap();
        assert_eq!((whole.line.outcome, whole.looks), (Some(Outcome::Appropriate), 1));
        assert_eq!((whole.line.closes, whole.line.ended), (now(31), true));
        let desk = wait(gate.desk(&privacy)).unwrap();
        assert!(store.read(|tx| glass::alerts(tx, &desk, 9)).unwrap().is_empty(), "answered");
        let tables = outside::view_tables();
        let before = outside::dump(&store, &tables, &[]);
        store.replay().unwrap();
        assert_eq!(outside::dump(&store, &tables, &[]), before);
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_seal_counts_for_whoever_does_not_hold_it_and_has_the_index_s_half() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let gate = gate_of(&store);
        let gp = subject("gp", Role::Gp);
        let (person, resource) = (Uuid::from_u128(7), Uuid::from_u128(0x0198_f0c2_77aa_8000_8123_4567_89ab_cdef));
        let entry = Entry {
            person,
            resource,
            class: Class::Problem,
            feed: "gp".to_owned(),
            sensitivity: Sensitivity::Ordinary,
        };
        let today = jiff::civil::date(2026, 11, 22);
        let seal = |wanted| {
            let holder = "ods:P88002".to_owned();
            wait(gate.seal(&care(&gp, 0), entry.clone(), holder, wanted, WORDS.to_owned(), today)).unwrap();
        };
        let against = |holder: &str| {
            let holders = vec![holder.to_owned()];
            store.read(|tx| seal::against(tx, &[resource, person], &holders)).unwrap()
        };
        assert!(against("ods:P88003").is_empty());
        seal(Wanted::Sealed { level: Seal::Hidden, wish: true });
        assert_eq!(against("ods:P88003")[&resource].seal, Seal::Hidden);
        assert_eq!((against("ods:P88002")[&resource].seal, against("ods:P88002")[&resource].held), (Seal::None, true));
        // A change of level is the same seal; keeping it from the person is another.
        seal(Wanted::Sealed { level: Seal::Shown, wish: true });
        seal(Wanted::KeptFromThem { review: jiff::civil::date(2027, 1, 4) });
        let state = against("ods:P88003")[&resource];
        assert_eq!((state.seal, state.harmful, state.wish), (Seal::Shown, true, true));
        assert_eq!(outside::number(database, "SELECT count(*) FROM seal"), 2);
        let half = fhir::entry::half(*resource.as_bytes());
        assert_eq!(outside::number(database, "SELECT min(half) FROM seal"), half);
        assert_eq!(outside::number(database, "SELECT max(half) FROM seal"), half);
        let seals = store.read(|tx| seal::of_resource(tx, resource)).unwrap();
        for one in seals {
            wait(gate.lift_seal(&care(&gp, 1), person, one.source, WORDS.to_owned())).unwrap();
        }
        assert!(against("ods:P88003").is_empty());
        let seals = outside::number(database, "SELECT count(*) FROM look WHERE action = 'seal' AND allowed = 1");
        assert_eq!(seals, 5, "each is a look at the person");
    });
}
