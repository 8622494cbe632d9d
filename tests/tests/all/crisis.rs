//! The crisis team's board and the falls on both databases: in the order of the time left, shut without a permit, the same when
//! made again, and with the person who goes on when two are found to be one.

mod carry;
mod replay;

use std::sync::Arc;

use access::{
    Asking, Class, Classes, DeskPermit, Gate, Level, Purpose, Role, Standing, Subject, Tie, Ties, WorklistPermit,
};
use care::clock::{Clocks, amendment};
use care::crisis::{self, Command, Onward, Response, Stage, by_time_left};
use care::episode::Without;
use care::fall::{self, Care, Fall, Known};
use care::views::listed::About;
use care::{Team, Words, views};
use jiff::Timestamp;
use place::Place;
use store::{Param, Refused, Sql, Store};
use uuid::Uuid;
use weft_tests::{at, on_both};

fn minute(minute: i64) -> Timestamp {
    at(60 * minute)
}

fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn subject(role: Role) -> Subject {
    let teams = vec!["service:crisis-response".to_owned()];
    let (name, organisation) = ("A. Tester".to_owned(), "The tests".to_owned());
    Subject { id: "tester".to_owned(), name, role, organisation, own: None, teams, assured: true }
}

/// The team has an ask of everybody but one.
struct AllBut(Uuid);

impl Standing for AllBut {
    fn of(&self, _: &mut dyn store::Tx, person: Uuid, _: &Subject, _: Timestamp) -> store::Result<Ties> {
        Ok(if person == self.0 { Ties::none() } else { Ties::none().with(Tie::Ask, Classes::ALL) })
    }

    fn feeds(&self, _: &Subject) -> access::Feeds {
        access::Feeds::default()
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn gate(store: &Arc<Store>) -> Gate {
    Gate::new(store.clone(), Arc::new(AllBut(person(4))))
}

fn asking(by: &Subject) -> Asking<'_> {
    let purpose = if by.role == Role::Receptionist { Purpose::Administration } else { Purpose::DirectCare };
    Asking { subject: by, purpose, at: minute(200) }
}

fn desk(store: &Arc<Store>, role: Role) -> DeskPermit {
    wait(gate(store).desk(&asking(&subject(role)))).unwrap()
}

fn permit(store: &Arc<Store>, role: Role, people: Vec<Uuid>) -> WorklistPermit {
    wait(gate(store).worklist(&asking(&subject(role)), people)).unwrap()
}

fn person(number: u128) -> Uuid {
    Uuid::from_u128(100 + number)
}

fn tell(store: &Store, id: u128, command: Command, now: i64) -> Result<Response, Refused<crisis::Refusal>> {
    let place = Place::built_in().unwrap();
    store.write(move |write| {
        crisis::accept(write, &place, Uuid::from_u128(id), command.clone(), "the team", minute(now))
    })
}

fn accept(number: u128, received: i64) -> Command {
    let (ask, person) = (Uuid::from_u128(1_000 + number), person(number));
    Command::Accept { ask, person, condition: "fall".to_owned(), received: minute(received) }
}

fn assign() -> Command {
    Command::Assign { responder: words("T. Shah"), equipment: None }
}

#[test]
fn the_board_shows_whose_time_is_up_first_and_nobody_without_a_permit() {
    on_both(|database| {
        let store = Arc::new(database.open());
        for (number, received) in [(1, 60), (2, 0), (3, 30), (4, 10)] {
            tell(&store, number, accept(number, received), 90).unwrap();
        }
        tell(&store, 2, assign(), 91).unwrap();
        tell(&store, 2, Command::Arrive(minute(95)), 100).unwrap();
        // Told after the arrival; the stage does not go back.
        tell(&store, 2, Command::SetOff(minute(92)), 101).unwrap();
        let unknown = match accept(9, 0) {
            Command::Accept { ask, person, received, .. } => {
                Command::Accept { ask, person, condition: "flood".to_owned(), received }
            }
            other => other,
        };
        assert!(matches!(tell(&store, 9, unknown, 90), Err(Refused::Rules(crisis::Refusal::NoCondition(_)))));

        let reception = desk(&store, Role::Receptionist);
        assert_eq!(reception.level(Class::Ask), Level::Hidden);
        assert!(store.read(|tx| views::crisis::open(tx, &reception, 100)).unwrap().is_empty());

        let nurse = desk(&store, Role::DistrictNurse);
        let listed = store.read(|tx| views::crisis::open(tx, &nurse, 100)).unwrap();
        assert_eq!(listed.len(), 4);
        let permit = permit(&store, Role::DistrictNurse, listed.people().collect());
        let opened = listed.open(&permit);
        assert_eq!((opened.rows.len(), opened.withheld), (3, 1), "the fourth stands in no relation to the reader");
        assert!(opened.rows.iter().all(|row| About::person(row) != Some(person(4))));
        let clocks = Clocks::of(&Place::built_in().unwrap()).unwrap();
        let board = by_time_left(opened.rows, &clocks, minute(130));
        let shown: Vec<_> =
            board.iter().map(|one| (one.line.id.as_u128(), one.line.stage, one.minutes_left())).collect();
        assert_eq!(
            shown,
            [(3, Stage::Accepted, Some(20)), (1, Stage::Accepted, Some(50)), (2, Stage::Arrived, Some(72 * 60 - 35)),]
        );
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_response_is_closed_when_somebody_by_name_has_the_person_and_one_ask_has_one_at_a_time() {
    on_both(|database| {
        let store = Arc::new(database.open());
        tell(&store, 1, accept(1, 0), 1).unwrap();
        let twice = tell(&store, 2, accept(1, 0), 2);
        assert!(matches!(twice, Err(Refused::Rules(crisis::Refusal::AlreadyAccepted))), "{twice:?}");
        // Past the rules, as a fault of the program would go.
        let command = accept(1, 0);
        let forced = store.write(move |write| {
            write.begin::<Response>(Uuid::from_u128(2), command.clone(), None, "the team", minute(2)).map(|_| ())
        });
        assert!(matches!(forced, Err(Refused::Store(store::Error::Constraint(_)))), "{forced:?}");
        tell(&store, 1, assign(), 3).unwrap();
        tell(&store, 1, Command::Arrive(minute(40)), 41).unwrap();
        let step = Command::Step { onward: Onward::Down, to: words("the neighbourhood"), at: minute(60) };
        tell(&store, 1, step, 61).unwrap();
        let hand_over = Command::HandOver {
            team: Team::try_from("neighbourhood:werneth".to_owned()).unwrap(),
            name: words("J. Ward"),
            at: minute(62),
            without: Without::Hospital,
        };
        tell(&store, 1, hand_over, 63).unwrap();
        let nurse = desk(&store, Role::DistrictNurse);
        assert!(store.read(|tx| views::crisis::open(tx, &nurse, 100)).unwrap().is_empty());
        // Closed, the ask may have another.
        tell(&store, 2, accept(1, 70), 71).unwrap();
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

static MINUTES: Sql = Sql::both("SELECT minutes FROM fall WHERE id = $1");

#[test]
fn whoever_lies_longest_on_the_floor_stands_first_until_somebody_has_helped_them_up() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let tell = |id: u128, command: fall::Command, now: i64| {
            let at = minute(now);
            store.write(move |write| write.execute::<Fall>(Uuid::from_u128(id), command.clone(), "desk", at)).unwrap();
        };
        let report = |number: u128, since: Option<i64>| fall::Command::Report {
            ask: None,
            person: person(number),
            place: words("the kitchen"),
            on_floor_since: since.map(minute),
            on_floor: true,
            alone: Known::Yes,
        };
        tell(1, report(1, Some(20)), 56);
        tell(2, report(2, None), 30);
        tell(3, report(3, Some(5)), 58);
        let on_floor = || {
            let nurse = desk(&store, Role::DistrictNurse);
            let listed = store.read(|tx| views::fall::on_the_floor(tx, &nurse, 100)).unwrap();
            let permit = permit(&store, Role::DistrictNurse, listed.people().collect());
            listed.open(&permit).rows.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(on_floor(), [3, 1, 2]);
        tell(3, fall::Command::HelpUp { at: minute(86), care: Care::Assessed }, 140);
        assert_eq!(on_floor(), [1, 2]);
        let minutes =
            store.read(|tx| tx.first(&MINUTES, &[Param::from(Uuid::from_u128(3))], |row| row.int(0))).unwrap();
        assert_eq!(minutes, Some(81));
        // Once up, somebody is to be asked how they are; asked, they are not, and those who still lie there are not yet.
        let to_ask = |since: i64| {
            let nurse = desk(&store, Role::DistrictNurse);
            let listed = store.read(|tx| views::fall::to_look_in(tx, &nurse, minute(since), 100)).unwrap();
            let permit = permit(&store, Role::DistrictNurse, listed.people().collect());
            listed.open(&permit).rows.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>()
        };
        tell(2, fall::Command::HelpUp { at: minute(90), care: Care::HelpedUp }, 141);
        assert_eq!((to_ask(0), to_ask(31)), (vec![2, 3], vec![3]), "by when it was reported");
        tell(2, fall::Command::LookIn { at: minute(150), again: Known::No, words: words("well") }, 151);
        assert_eq!(to_ask(0), [3]);
        let (subject, gate) = (subject(Role::DistrictNurse), gate(&store));
        let permit = wait(gate.record(&asking(&subject), person(3))).unwrap();
        let told = |now| store.read(|tx| views::fall::before_and_after(tx, &permit, minute(now))).unwrap();
        assert_eq!((told(50), told(59)), (Some((0, 1)), Some((1, 0))));
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn what_was_told_wrong_is_put_right_by_an_event_with_a_reason_and_both_stay() {
    on_both(|database| {
        let store = Arc::new(database.open());
        let place = Place::built_in().unwrap();
        let clocks = Clocks::of(&place).unwrap();
        tell(&store, 1, accept(1, 0), 1).unwrap();
        tell(&store, 1, assign(), 2).unwrap();
        tell(&store, 1, Command::Arrive(minute(130)), 131).unwrap();
        let amend = |signal: &str, at: i64, strike: bool, reason: &str| {
            let (about, signal, reason) = (Uuid::from_u128(1), signal.to_owned(), reason.to_owned());
            store.write(move |write| {
                let (signal, reason) = (signal.clone(), reason.clone());
                let said = amendment::Command { about, signal, at: minute(at), reason, strike };
                let id = write.new_id(minute(140));
                write.begin::<amendment::Amendment>(id, said, None, "the team's lead", minute(140)).map(|_| ())
            })
        };
        let span = || {
            let history = store.read(|tx| store::log::stream(tx, Uuid::from_u128(1))).unwrap();
            let (response, _) = store::aggregate::load::<Response>(&history).unwrap();
            let said = store.read(|tx| views::amendment::of(tx, Uuid::from_u128(1))).unwrap();
            let moments = amendment::amended(response.moments().to_vec(), &said);
            clocks.span(crisis::RESPONSE, &moments, minute(150)).unwrap().unwrap()
        };
        assert!(span().breached);
        assert!(matches!(amend("first-contact", 130, true, "no"), Err(Refused::Rules(amendment::Refusal::NoReason))));
        amend("first-contact", 130, true, "the phone was an hour and a half slow").unwrap();
        amend("first-contact", 40, false, "the crew's own log says 40 past").unwrap();
        assert_eq!((span().breached, span().elapsed.minutes()), (false, Some(40)));
        let log = store.read(|tx| store::log::stream(tx, Uuid::from_u128(1))).unwrap();
        assert_eq!(log.len(), 3, "what was said first stays said");
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}
