//! Going back from pseudonyms to people, on both databases: an old pseudonym of somebody who was joined to another still leads to them,
//! whoever may not be given is given to nobody, the telling and the look are one, and the views of it are made again from the log.

use std::sync::Arc;

use access::sharing::{Choice, Command as Chosen};
use access::views::back as rows;
use access::{Action, Asking, BackPermit, Gate, NotBack, Purpose, Role, Standing as _, Subject, Tie, Wanted};
use jiff::SignedDuration;
use place::Place;
use record::ingest::Outcome;
use record::person::{Ground, join};
use record::pseudonym::{Key, back};
use record::standing::Standings;
use serde_json::{Value, json};
use store::Store;
use uuid::Uuid;
use weft_tests::people::{MARGARET, Said};
use weft_tests::samples::{reader, take};
use weft_tests::{Database, at, on_both, outside};

const WORDS: &str = "A nurse visits each of them within a fortnight";
const NUMBERS: [&str; 8] =
    ["9990006008", "9990006016", "9990006024", "9990006032", "9990006040", "9990006059", "9990006067", "9990006075"];

fn subject(id: &str, role: Role, teams: &[&str]) -> Subject {
    let teams = teams.iter().map(|team| (*team).to_owned()).collect();
    let (name, organisation) = (format!("{id} Tester"), "The tests".to_owned());
    Subject { id: id.to_owned(), name, role, organisation, own: None, teams, assured: true }
}

fn nurse() -> Subject {
    subject("nurse", Role::DistrictNurse, &["neighbourhood:marple"])
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn asking(by: &Subject, minutes: i64) -> Asking<'_> {
    let purpose = match by.role {
        Role::Analyst => Purpose::Planning,
        Role::PrivacyOfficer => Purpose::Privacy,
        _ => Purpose::DirectCare,
    };
    Asking { subject: by, purpose, at: at(0) + SignedDuration::from_mins(minutes) }
}

struct World {
    store: Arc<Store>,
    gate: Gate,
    place: Place,
    key: Key,
}

impl World {
    fn open(database: &Database) -> Self {
        let (store, place) = (Arc::new(database.open()), Place::built_in().unwrap());
        let gate = Gate::new(store.clone(), Arc::new(Standings::of(&place)));
        Self { store, gate, place, key: Key::new([5; 32]) }
    }

    /// Somebody whom a feed of FHIR messages names; their leaf.
    fn hears(&self, patient: &Value) -> Uuid {
        match take(&self.store, &reader("gp"), patient.to_string().as_bytes(), at(0)).outcome {
            Outcome::Applied(brought) => brought.people[0],
            other => panic!("{other:?}"),
        }
    }

    fn permit(&self, by: &Subject, action: Action) -> BackPermit {
        wait(self.gate.back(&asking(by, 0), action)).unwrap()
    }

    fn whose(&self, pseudonym: &str) -> Option<Uuid> {
        let (permit, key, pseudonym) = (self.permit(&nurse(), Action::GoBack), self.key.clone(), pseudonym.to_owned());
        self.store.read(move |tx| back::one(tx, &permit, &key, &pseudonym)).unwrap()
    }

    fn given(&self, pseudonyms: &[String]) -> Vec<Uuid> {
        let (permit, key, place) = (self.permit(&nurse(), Action::GoBack), self.key.clone(), self.place.clone());
        let pseudonyms = pseudonyms.to_vec();
        self.store.read(move |tx| back::given(tx, &permit, (&key, &place), &pseudonyms, "marple")).unwrap()
    }

    fn chooses(&self, person: Uuid, choice: Choice) {
        let by = Subject { own: Some(person), ..subject("themselves", Role::Citizen, &[]) };
        let command = Chosen { by, person, choice };
        self.store
            .write(move |write| match access::sharing::choose(write, &command, &[], "test", at(0)) {
                Ok(()) => Ok::<_, store::Error>(()),
                Err(refused) => panic!("{refused:?}"),
            })
            .unwrap();
    }

    /// A request for these, allowed.
    fn allowed(&self, pseudonyms: Vec<String>) -> Uuid {
        let (analyst, officer) =
            (subject("analyst", Role::Analyst, &[]), subject("officer", Role::PrivacyOfficer, &[]));
        let (offer, reason) = (WORDS.to_owned(), WORDS.to_owned());
        let purpose = Some(Purpose::DirectCare);
        let wanted = Wanted { pseudonyms, purpose, neighbourhood: "marple".to_owned(), offer, reason };
        let id = wait(self.gate.ask_back(&asking(&analyst, 1), wanted)).unwrap();
        wait(self.gate.answer_back(&asking(&officer, 2), id, true, WORDS.to_owned())).unwrap();
        id
    }
}

/// Somebody of Marple with a number of their own.
fn patient(number: usize) -> Value {
    let id: [&'static str; 8] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"];
    let given = ["Ann", "Beth", "Cath", "Dora", "Edie", "Fay", "Gwen", "Hope"];
    let birth = [
        "1931-01-01",
        "1932-02-02",
        "1933-03-03",
        "1934-04-04",
        "1935-05-05",
        "1936-06-06",
        "1937-07-07",
        "1938-08-08",
    ];
    let (id, given, birth) = (id[number], given[number], birth[number]);
    Said { id, number: Some(NUMBERS[number]), given, birth, postcode: "", ..MARGARET }.patient()
}

#[test]
fn an_old_pseudonym_of_somebody_who_was_joined_to_another_still_leads_to_them() {
    on_both(|database| {
        let world = World::open(database);
        let (first, second, third) = (world.hears(&patient(0)), world.hears(&patient(1)), world.hears(&patient(2)));
        let pseudonyms = [first, second, third].map(|person| world.key.pseudonym(person));
        for (pseudonym, person) in pseudonyms.iter().zip([first, second, third]) {
            assert_eq!(world.whose(pseudonym), Some(person));
        }
        assert_eq!(world.whose(&world.key.pseudonym(Uuid::from_u128(1))), None);
        assert_eq!(world.whose(&Key::new([6; 32]).pseudonym(first)), None, "another project's key leads nowhere");
        // One after another into the third: the first has been joined twice over.
        world.store.write(move |write| join(write, first, second, Ground::Source, "test", at(1))).unwrap();
        world.store.write(move |write| join(write, second, third, Ground::Source, "test", at(2))).unwrap();
        for pseudonym in &pseudonyms {
            assert_eq!(world.whose(pseudonym), Some(third));
        }
        assert_eq!(world.given(&pseudonyms), [third], "and they are one person, given once");
    });
}

#[test]
fn whoever_may_not_be_given_is_given_to_nobody() {
    on_both(|database| {
        let world = World::open(database);
        let mut dead = patient(1);
        dead["deceasedBoolean"] = json!(true);
        let elsewhere = Said {
            id: "e",
            practice: "P88007",
            number: Some(NUMBERS[2]),
            birth: "1940-02-03",
            given: "Olive",
            ..MARGARET
        };
        let withheld = Said {
            id: "w",
            restricted: true,
            number: Some(NUMBERS[3]),
            birth: "1941-02-03",
            given: "Wilma",
            ..MARGARET
        };
        let nowhere =
            Said { id: "n", practice: "", number: Some(NUMBERS[4]), birth: "1942-02-03", given: "Nora", ..MARGARET };
        let here = world.hears(&patient(0));
        let dead = world.hears(&dead);
        let [elsewhere, withheld, nowhere] = [elsewhere, withheld, nowhere].map(|said| world.hears(&said.patient()));
        let (refuses, objects) = (world.hears(&patient(5)), world.hears(&patient(6)));
        let all = [here, dead, elsewhere, withheld, nowhere, refuses, objects];
        let pseudonyms: Vec<String> = all.iter().map(|person| world.key.pseudonym(*person)).collect();
        let mut before = world.given(&pseudonyms);
        before.sort_unstable();
        let mut open = [here, refuses, objects];
        open.sort_unstable();
        assert_eq!(before, open, "until they choose");
        world.chooses(refuses, Choice::RefusePlanning);
        world.chooses(objects, Choice::Object("Mine alone".to_owned()));
        assert_eq!(world.given(&pseudonyms), [here]);
        // A pseudonym of somebody who has refused leads nobody anywhere, their own practice neither.
        assert_eq!(world.whose(&world.key.pseudonym(refuses)), None);
        assert_eq!(world.whose(&world.key.pseudonym(objects)), Some(objects));
    });
}

/// Looks by which somebody was told of people, with what they are offered.
fn looks(database: &Database) -> i64 {
    let said = "SELECT count(*) FROM look WHERE action = 'go-back' AND allowed = 1 AND because LIKE '%fortnight%'";
    outside::number(database, said)
}

#[test]
fn a_team_is_told_with_a_look_at_each_or_it_is_told_of_nobody() {
    on_both(|database| {
        let world = World::open(database);
        let people = [world.hears(&patient(0)), world.hears(&patient(1))];
        let pseudonyms: Vec<String> = people.iter().map(|person| world.key.pseudonym(*person)).collect();
        let id = world.allowed(pseudonyms.clone());
        let found = world.given(&pseudonyms);
        for table in ["back_request", "back_person", "look"] {
            outside::run(database, &format!("ALTER TABLE {table} RENAME TO away"));
            let answer = wait(world.gate.hand_over(&asking(&nurse(), 3), id, found.clone()));
            assert!(matches!(answer, Err(NotBack::Store(_))), "{table}: {answer:?}");
            outside::run(database, &format!("ALTER TABLE away RENAME TO {table}"));
            assert_eq!(outside::number(database, "SELECT count(*) FROM back_person"), 0, "{table}");
            assert_eq!(looks(database), 0, "{table}");
        }
        wait(world.gate.hand_over(&asking(&nurse(), 4), id, found)).unwrap();
        assert_eq!(outside::number(database, "SELECT count(*) FROM back_person"), 2);
        assert_eq!(looks(database), 2, "one for each, with what they are offered");
        assert_eq!(outside::number(database, "SELECT told + 10 * not_told FROM back_request"), 2);
        // No pseudonym stands in any table of it: whoever reads the tables cannot lay the two side by side.
        let tables = outside::view_tables();
        let dump = outside::dump(&world.store, &tables, &[]);
        assert!(!dump.iter().any(|row| pseudonyms.iter().any(|one| format!("{row:?}").contains(one.as_str()))));
        world.store.replay().unwrap();
        assert_eq!(outside::dump(&world.store, &tables, &[]), dump, "made again, the same");
        assert!(world.store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn what_is_asked_is_read_by_whoever_it_is_for_and_taking_on_opens_a_dated_relationship() {
    on_both(|database| {
        let world = World::open(database);
        let person = world.hears(&patient(0));
        let id = world.allowed(vec![world.key.pseudonym(person)]);
        let now = |minutes: i64| at(0) + SignedDuration::from_mins(minutes);
        let other = subject("other", Role::Therapist, &["neighbourhood:victoria"]);
        let stranger = subject("stranger", Role::Analyst, &[]);
        let reads = |by: &Subject, action: Action| {
            let permit = world.permit(by, action);
            world.store.read(move |tx| rows::one(tx, &permit, id)).unwrap().is_some()
        };
        assert!(reads(&nurse(), Action::GoBack) && !reads(&other, Action::GoBack));
        assert!(reads(&subject("analyst", Role::Analyst, &[]), Action::AskBack) && !reads(&stranger, Action::AskBack));
        let answer = wait(world.gate.hand_over(&asking(&other, 3), id, vec![person]));
        assert!(matches!(answer, Err(NotBack::Rules(access::back::Refusal::NotTheirTeam))), "{answer:?}");
        wait(world.gate.hand_over(&asking(&nurse(), 3), id, vec![person])).unwrap();
        let ties = |minutes: i64| {
            let (standings, by, at) = (Standings::of(&world.place), nurse(), now(minutes));
            world.store.read(move |tx| standings.of(tx, person, &by, at)).unwrap()
        };
        let caseload = |minutes: i64| ties(minutes).has(Tie::Caseload, access::Class::Identity);
        assert!(!caseload(4), "being told opens nothing");
        wait(world.gate.decide_back(&asking(&nurse(), 5), id, (person, person), None)).unwrap();
        let days = 24 * 60;
        assert!(caseload(6) && caseload(83 * days) && !caseload(85 * days));
        let again = wait(world.gate.decide_back(&asking(&nurse(), 7), id, (person, person), None));
        assert!(matches!(again, Err(NotBack::Rules(access::back::Refusal::TakenOn))), "{again:?}");
        // Whom the team's own list leaves out is told by nobody: the person is of the other team's neighbourhood now.
        let moved = Said {
            id: "p0",
            number: Some(NUMBERS[0]),
            given: "Ann",
            birth: "1931-01-01",
            practice: "P88007",
            ..MARGARET
        };
        assert_eq!(world.hears(&moved.patient()), person);
        assert_eq!(world.given(&[world.key.pseudonym(person)]), Vec::<Uuid>::new());
    });
}

#[test]
fn a_pseudonym_that_leads_nowhere_is_the_same_answer_and_the_same_entry_whyever() {
    on_both(|database| {
        let world = World::open(database);
        let person = world.hears(&patient(0));
        let stranger = subject("far", Role::Gp, &["ods:P88623"]);
        let goes = |by: &Subject, whose: Option<Uuid>, minutes: i64| {
            wait(world.gate.go_back(&asking(by, minutes), whose, WORDS)).unwrap()
        };
        assert_eq!(goes(&stranger, Some(person), 1), None);
        assert_eq!(goes(&stranger, None, 2), None);
        let said = "SELECT count(DISTINCT because) FROM audit WHERE action = 'go-back'";
        assert_eq!(outside::number(database, said), 1, "and both are written down alike");
        assert_eq!(outside::number(database, "SELECT count(*) FROM audit WHERE action = 'go-back'"), 2);
        assert_eq!(goes(&subject("own", Role::Gp, &["ods:P88002"]), Some(person), 3), Some(person));
        let short = wait(world.gate.go_back(&asking(&nurse(), 4), Some(person), "because"));
        assert!(matches!(short, Err(NotBack::Rules(access::back::Refusal::NoWay))), "{short:?}");
        let consultant = subject("consultant", Role::Consultant, &["organisation:stockport-ft"]);
        let refused = wait(world.gate.go_back(&asking(&consultant, 5), Some(person), WORDS));
        assert!(matches!(refused, Err(NotBack::Denied(_))), "{refused:?}");
    });
}
