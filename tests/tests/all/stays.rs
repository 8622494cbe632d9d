//! Stays, places and figures on both databases: what begins with an ask begins once and ends with it, nobody works what is not theirs,
//! and whatever is changed from outside is found.

use std::sync::{Arc, Barrier};

use access::{AskPermit, Asking, Gate, Purpose, Role, Subject};
use care::age::Age;
use care::ask::{Act, Ask, Asker, Command, Consent, Contact, Kind, Otherwise, Refusal, Request, Urgency, Visit, Whom};
use care::capacity::{self, Observe};
use care::clock::Clocks;
use care::episode::{self, Admission, Both, Command as Stay, NotDone, Outcome, Persons, Reached, Without};
use care::service::Step;
use care::slot::{self, Clinic, Clinics, NotBooked, NotHeld};
use care::triage::{Decision, Level, Offer, Triage};
use care::{Team, Words, views};
use jiff::Timestamp;
use place::Place;
use store::{Refused, Store};
use uuid::Uuid;
use weft_tests::{Database, at, on_both, outside};

const DOOR: &str = "desk:single-point-of-access";
const BEDS: &str = "service:active-recovery-beds";
const CRISIS: &str = "service:crisis-response";
const UNIT: &str = "service:ambulatory-care";
const PERSON: Uuid = Uuid::from_u128(84);

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn minute(minute: i64) -> Timestamp {
    at(60 * minute)
}

fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

fn somebody(id: &str, role: Role, of: &str) -> Subject {
    Subject {
        id: id.to_owned(),
        name: format!("{id} by name"),
        role,
        organisation: "An organisation".to_owned(),
        own: None,
        teams: vec![of.to_owned()],
        assured: true,
    }
}

pub(crate) fn nurse() -> Subject {
    somebody("triager", Role::DistrictNurse, DOOR)
}

pub(crate) fn beds() -> Subject {
    somebody("beds", Role::Therapist, BEDS)
}

pub(crate) fn request(person: Uuid) -> Request {
    Request {
        whom: Whom { person, described: None, age: Age::Known { years: 84, source: "the record".to_owned() } },
        kind: Kind::IntermediateCare,
        asked_by: Asker {
            name: words("Pat"),
            relation: words("Neighbour"),
            call_back: words("0161 496 0000"),
            team: None,
        },
        asked_for: team(DOOR),
        urgency: Urgency::SameDay,
        happened: words("Weak after an infection"),
        worries: words("The stairs"),
        otherwise: Otherwise::Admission,
        consent: Consent::Agrees {},
        visit: Visit::default(),
    }
}

fn accepted(service: &str) -> Act {
    let offer = Offer {
        service: team(service),
        level: Level::IntermediateNearby,
        fit: "near".to_owned(),
        free: None,
        observed_at: None,
        travel_minutes: None,
        clock_left: None,
    };
    let decision = Decision::Accepted { service: team(service), level: Level::IntermediateNearby };
    let (urgency, because) = (Urgency::SameDay, words("needs a bed"));
    Act::Decide {
        triage: Box::new(Triage { decision, urgency, because, offers: vec![offer], overridden: None }),
        warm: false,
    }
}

pub(crate) struct House {
    pub(crate) store: Arc<Store>,
    place: Arc<Place>,
    gate: Gate,
}

impl House {
    pub(crate) fn of(database: &Database) -> Self {
        let store = Arc::new(database.open());
        let gate = weft_tests::samples::gate(&store);
        Self { store, place: Arc::new(Place::built_in().unwrap()), gate }
    }

    pub(crate) fn act(&self, ask: Uuid, by: &Subject, act: Act, now: i64) -> Result<Ask, Refused<Refusal>> {
        let (place, command) = (self.place.clone(), Command { by: by.clone(), act });
        self.store.write(move |write| care::carry::carry(write, &place, ask, command.clone(), minute(now)))
    }

    /// An ask that a clinician of the door is deciding.
    fn deciding(&self, ask: Uuid, person: Uuid) {
        self.act(ask, &nurse(), Act::Submit(Box::new(request(person))), 0).unwrap();
        self.act(ask, &nurse(), Act::Receive, 1).unwrap();
        self.act(ask, &nurse(), Act::StartTriage, 2).unwrap();
    }

    /// The stay that was taken with an ask by the beds.
    pub(crate) fn taken(&self, ask: Uuid, person: Uuid) -> Uuid {
        self.deciding(ask, person);
        self.act(ask, &nurse(), accepted(BEDS), 3).unwrap();
        assert!(self.stays(ask).is_empty(), "an offer takes nothing");
        self.act(ask, &beds(), Act::AcceptHop, 4).unwrap();
        self.stays(ask)[0].id
    }

    fn stays(&self, ask: Uuid) -> Vec<views::episode::OfAsk> {
        self.store.read(|tx| views::episode::of_ask(tx, ask)).unwrap()
    }

    pub(crate) fn leave(&self, by: &Subject, person: Uuid) -> Option<Arc<AskPermit>> {
        let asking = Asking { subject: by, purpose: Purpose::DirectCare, at: minute(5) };
        wait(self.gate.work_ask(&asking, person)).ok().map(Arc::new)
    }

    pub(crate) fn admit(&self, permit: &Arc<AskPermit>, stay: Uuid, now: i64) -> Result<(), NotDone> {
        let clocks = Clocks::of(&self.place).unwrap();
        let cap = episode::cap(&clocks, minute(now)).unwrap();
        let (step, contact) = (Step::Up, Contact::Attendance);
        let how = Admission { step, goals: vec![words("the stairs")], at: minute(now), cap, contact };
        let permit = permit.clone();
        self.store.write(move |write| episode::admit(write, &permit, stay, how.clone(), minute(now)).map(|_| ()))
    }

    fn stay(&self, permit: &Arc<AskPermit>, stay: Uuid, command: Stay, now: i64) -> Result<(), NotDone> {
        let permit = permit.clone();
        self.store.write(move |write| episode::act(write, &permit, stay, command.clone(), minute(now)).map(|_| ()))
    }

    fn clinic(&self) -> Clinic {
        Clinics::of(&self.place).unwrap().all()[0].clone()
    }

    fn published(&self, count: i64) -> Vec<Uuid> {
        let (clinic, unit) = (self.clinic(), somebody("unit", Role::DistrictNurse, UNIT));
        let times: Vec<_> = (0..count).map(|number| (minute(600 + 30 * number), minute(630 + 30 * number))).collect();
        let places = vec!["Chair 1".to_owned()];
        self.store.write(move |write| slot::publish(write, &unit, &clinic, &times, &places, minute(0))).unwrap();
        let free = self.store.read(|tx| views::slot::free(tx, "ambulatory-care", minute(1))).unwrap();
        free.iter().map(|slot| slot.id).collect()
    }

    fn book(&self, permit: &Arc<AskPermit>, ask: Uuid, wanted: Uuid, now: i64) -> Result<(), NotBooked> {
        let (permit, clinic) = (permit.clone(), self.clinic());
        self.store.write(move |write| slot::book(write, &permit, &clinic, (ask, wanted), minute(now)).map(|_| ()))
    }

    fn head(&self) -> i64 {
        self.store.read(|tx| store::log::head(tx)).unwrap().seq
    }

    pub(crate) fn sound(&self) {
        let report = self.store.verify(None).unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        let tables = outside::view_tables();
        let before = outside::dump(&self.store, &tables, &[]);
        self.store.replay().unwrap();
        assert_eq!(outside::dump(&self.store, &tables, &[]), before, "made again from the log it is the same");
    }
}

#[test]
fn a_stay_begins_with_the_ask_once_and_goes_where_the_ask_goes() {
    on_both(|database| {
        let house = House::of(database);
        let ask = Uuid::from_u128(0xA1);
        house.taken(ask, PERSON);
        house.act(ask, &beds(), Act::AcceptHop, 5).unwrap();
        assert_eq!(house.stays(ask).len(), 1, "pressed twice");
        let to_crisis = Act::OfferHop { to: team(CRISIS), note: words("today"), warm: false };
        house.act(ask, &beds(), to_crisis.clone(), 6).unwrap();
        assert!(house.stays(ask)[0].ended.is_none(), "on offer it is still theirs");
        let crisis = somebody("responder", Role::Therapist, CRISIS);
        house.act(ask, &crisis, Act::AcceptHop, 7).unwrap();
        assert!(house.stays(ask)[0].ended.is_some(), "it went with the ask");
        // Crisis response has no stays.
        assert_eq!(house.stays(ask).len(), 1);
        // Somebody who was only described is found: the stay is theirs from then on.
        let (other, unknown, found) = (Uuid::from_u128(0xA2), Uuid::from_u128(900), Uuid::from_u128(901));
        house.taken(other, unknown);
        let find = Act::FindPerson { person: found, age: Age::Unknown {}, because: words("her bus pass") };
        house.act(other, &beds(), find, 8).unwrap();
        assert_eq!(house.stays(other)[0].person, found);
        house.sound();
    });
}

#[test]
fn whoever_is_admitted_has_been_seen_as_the_ask_knows_and_both_or_neither_is_written() {
    on_both(|database| {
        let house = House::of(database);
        let ask = Uuid::from_u128(0xA1);
        let stay = house.taken(ask, PERSON);
        let permit = house.leave(&beds(), PERSON).unwrap();
        // Before the ask was sent nobody can have been seen: the ask says no, and the stay has not begun.
        let (head, refused) = (house.head(), house.admit(&permit, stay, -10));
        assert!(refused.is_err());
        assert_eq!(house.head(), head, "{refused:?}");
        assert!(house.stays(ask)[0].started.is_none());
        house.admit(&permit, stay, 10).unwrap();
        let state = house.act(ask, &beds(), Act::AddWords { words: words("she is here") }, 11).unwrap().state();
        assert_eq!(state, care::ask::State::InTreatment);
        house.sound();
    });
}

#[test]
fn leave_for_one_person_or_one_service_works_no_other_stay() {
    on_both(|database| {
        let house = House::of(database);
        let (ask, theirs) = (Uuid::from_u128(0xA1), Uuid::from_u128(0xA2));
        let stay = house.taken(ask, PERSON);
        house.taken(theirs, Uuid::from_u128(85));
        let other = house.leave(&beds(), Uuid::from_u128(85)).unwrap();
        let head = house.head();
        assert!(matches!(house.admit(&other, stay, 10), Err(NotDone::NoLeave)));
        let review = Stay::Review { words: words("well"), by: "somebody".to_owned() };
        assert!(matches!(house.stay(&other, stay, review.clone(), 10), Err(NotDone::NoLeave)));
        // The door sent her there and may read it; the stay is not the door's to work.
        let door = house.leave(&nurse(), PERSON).unwrap();
        assert!(matches!(house.admit(&door, stay, 10), Err(NotDone::NotYours)));
        // A coordinator of the beds gives no care.
        let clerk = house.leave(&somebody("clerk", Role::Coordinator, BEDS), PERSON).unwrap();
        assert!(matches!(house.admit(&clerk, stay, 10), Err(NotDone::NotYourRole)));
        // Nobody begins, takes or moves a stay past the ask.
        let mine = house.leave(&beds(), PERSON).unwrap();
        assert!(matches!(house.stay(&mine, stay, Stay::Find(Uuid::from_u128(9)), 10), Err(NotDone::NoLeave)));
        assert!(house.leave(&somebody("unit", Role::DistrictNurse, UNIT), PERSON).is_none());
        assert!(house.store.read(|tx| views::episode::of_ask(tx, ask)).unwrap()[0].started.is_none());
        let stream = house.store.read(|tx| store::log::stream(tx, stay)).unwrap();
        assert_eq!((stream.len(), house.head() > head), (1, true), "looks alone were written");
    });
}

#[test]
fn of_two_asks_that_want_one_place_one_has_it_and_the_other_is_where_it_was() {
    on_both(|database| {
        let house = Arc::new(House::of(database));
        let asks: Vec<(Uuid, Uuid)> =
            (0..6).map(|one| (Uuid::from_u128(0xA0 + one), Uuid::from_u128(300 + one))).collect();
        asks.iter().for_each(|(ask, person)| house.deciding(*ask, *person));
        let slots = house.published(5);
        let ready = Arc::new(Barrier::new(asks.len()));
        let threads: Vec<_> = asks
            .iter()
            .map(|(ask, person)| {
                let permit = house.leave(&nurse(), *person).unwrap();
                let (house, ready, ask, wanted) = (house.clone(), ready.clone(), *ask, slots[2]);
                std::thread::spawn(move || {
                    ready.wait();
                    house.book(&permit, ask, wanted, 10)
                })
            })
            .collect();
        let outcomes: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for (outcome, (ask, _)) in outcomes.iter().zip(&asks) {
            let (kept, _) =
                house.store.read(|tx| store::aggregate::load::<Ask>(&store::log::stream(tx, *ask)?)).unwrap();
            match outcome {
                Ok(()) => assert_eq!(kept.open_hop().unwrap().to, team(UNIT)),
                Err(NotBooked::Slot(NotHeld::Gone { alternatives, .. })) => {
                    assert_eq!(alternatives.len(), 3);
                    assert!(alternatives.iter().all(|slot| slot.id != slots[2]));
                    assert_eq!((kept.state(), kept.open_hop()), (care::ask::State::Triaging, None));
                }
                Err(other) => panic!("{other}"),
            }
        }
        house.sound();
    });
}

#[test]
fn a_place_goes_back_when_the_ask_goes_elsewhere_and_nobody_books_for_anothers_ask() {
    on_both(|database| {
        let house = House::of(database);
        let ask = Uuid::from_u128(0xA1);
        house.deciding(ask, PERSON);
        let slots = house.published(3);
        let permit = house.leave(&nurse(), PERSON).unwrap();
        let free = || house.store.read(|tx| views::slot::free(tx, "ambulatory-care", minute(12))).unwrap().len();
        house.book(&permit, ask, slots[0], 10).unwrap();
        assert!(matches!(house.book(&permit, ask, slots[1], 11), Err(NotBooked::Already)));
        assert_eq!(free(), 2);
        house.act(ask, &nurse(), Act::TakeBackHop { because: words("another way") }, 12).unwrap();
        assert_eq!(free(), 3);
        // With leave for her, but the ask is not theirs.
        house.book(&permit, ask, slots[0], 13).unwrap();
        let unit = somebody("unit", Role::DistrictNurse, UNIT);
        house.act(ask, &unit, Act::AcceptHop, 14).unwrap();
        let (kept, _) = house.store.read(|tx| store::aggregate::load::<Ask>(&store::log::stream(tx, ask)?)).unwrap();
        assert_eq!(kept.state(), care::ask::State::Scheduled, "whoever takes the ask finds the time arranged");
        assert!(matches!(house.book(&permit, ask, slots[1], 15), Err(NotBooked::NoLeave)));
        house.sound();
    });
}

#[test]
fn only_somebody_of_a_service_says_how_much_room_it_has() {
    on_both(|database| {
        let house = House::of(database);
        let tell = |by: Subject, service: &'static str, free: u32| {
            let place = house.place.clone();
            house.store.write(move |write| {
                capacity::tell(write, &place, &by, (service, free, Some(60)), minute(5), minute(6)).map(|_| ())
            })
        };
        tell(beds(), "active-recovery-beds", 7).unwrap();
        let head = house.head();
        for refused in [
            tell(nurse(), "active-recovery-beds", 1),
            tell(beds(), "delirium-beds", 1),
            tell(beds(), "active-recovery-beds", 61),
            tell(Subject { assured: false, ..beds() }, "active-recovery-beds", 1),
        ] {
            assert!(matches!(refused, Err(Refused::Rules(_))), "{refused:?}");
        }
        assert_eq!(house.head(), head, "nothing was written");
        let told = house.store.read(|tx| views::capacity::history(tx, "active-recovery-beds", 10)).unwrap();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].figure.source, "beds by name, An organisation");
    });
}

#[test]
fn whatever_is_changed_from_outside_in_stays_places_and_figures_is_found() {
    on_both(|database| {
        let house = House::of(database);
        let stay = house.taken(Uuid::from_u128(0xA1), PERSON);
        let permit = house.leave(&beds(), PERSON).unwrap();
        house.admit(&permit, stay, 10).unwrap();
        let ended = house.taken(Uuid::from_u128(0xA3), Uuid::from_u128(86));
        let theirs = house.leave(&beds(), Uuid::from_u128(86)).unwrap();
        house.admit(&theirs, ended, 10).unwrap();
        let said = Both::of(Without::Hospital, "beds", "Beds", Persons::Said(Without::Nothing)).unwrap();
        let (goals, outcome) = (vec![Reached::Yes], Outcome::Independent);
        let day = "2026-11-21".parse().unwrap();
        house.stay(&theirs, ended, Stay::End { at: minute(20), day, outcome, goals, said }, 20).unwrap();
        house.deciding(Uuid::from_u128(0xA2), Uuid::from_u128(85));
        let slots = house.published(2);
        let booking = house.leave(&nurse(), Uuid::from_u128(85)).unwrap();
        house.book(&booking, Uuid::from_u128(0xA2), slots[0], 12).unwrap();
        let place = house.place.clone();
        let figure = Observe {
            service: "delirium-beds".to_owned(),
            free: 2,
            of: Some(12),
            observed_at: minute(1),
            source: "the ward".to_owned(),
        };
        house
            .store
            .write(move |write| capacity::observe(write, &place, figure.clone(), "the ward", minute(2)).map(|_| ()))
            .unwrap();
        assert!(house.store.verify(None).unwrap().findings.is_empty());
        drop(house);
        for (change, table) in [
            ("UPDATE episode SET until = '2030-01-01' WHERE until <> ''", "episode"),
            ("UPDATE episode SET service = 'delirium-beds'", "episode"),
            ("UPDATE episode SET professional = 'nothing' WHERE professional <> ''", "episode"),
            ("UPDATE episode SET ended = NULL WHERE ended IS NOT NULL", "episode"),
            ("DELETE FROM episode", "episode"),
            ("UPDATE slot_holder SET reader = 'somebody else'", "slot_holder"),
            ("DELETE FROM slot_holder", "slot_holder"),
            ("UPDATE slot SET withdrawn = 1", "slot"),
            ("UPDATE slot SET starts = starts + 1", "slot"),
            ("UPDATE capacity SET free = free + 1", "capacity"),
            ("UPDATE capacity_told SET free = free + 1", "capacity_told"),
            ("UPDATE log SET body = replace(body, '\"free\":2', '\"free\":9') WHERE kind = 'capacity'", "log"),
            ("UPDATE log SET body = replace(body, 'the stairs', 'the hills') WHERE kind = 'episode'", "log"),
        ] {
            let copy = database.copy();
            outside::run(&copy, change);
            let found = copy.open().verify(None).unwrap().findings;
            assert!(found.iter().any(|finding| finding.table == table), "{change}: {found:?}");
        }
    });
}
