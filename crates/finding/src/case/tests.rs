//! What a team can decide about somebody on its list, and that taking them on is a relationship.

use access::{Class, Standing as _};
use store::Refused;

use super::*;
use crate::held::tests::House;
use crate::list::{Because, Command as OnList, Found, Run, tests::definition};

const TODAY: Date = jiff::civil::date(2026, 11, 22);

fn command(decision: Decision) -> Command {
    let (list, person, relationship) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    Command { by: House::nurse(), list, person, decision, relationship, today: TODAY }
}

fn decided(case: &Case, decision: Decision) -> Result<Vec<Event>, Refusal> {
    case.decide(command(decision), Timestamp::UNIX_EPOCH)
}

#[test]
fn declining_says_why_and_putting_off_says_until_when() {
    let case = Case::default();
    assert!(decided(&case, Decision::Decline("Already with the heart failure nurse".to_owned())).is_ok());
    assert_eq!(decided(&case, Decision::Decline("no".to_owned())), Err(Refusal::NoReason));
    for (days, is_good) in [(0, false), (1, true), (PUT_OFF, true), (PUT_OFF + 1, false), (-3, false)] {
        let until = TODAY.checked_add(jiff::Span::new().days(days)).unwrap();
        assert_eq!(decided(&case, Decision::Later(until)).is_ok(), is_good, "{days} days");
    }
}

#[test]
fn who_was_declined_can_still_be_taken_on_and_who_was_taken_on_is() {
    let mut case = Case::default();
    for decision in [Decision::Decline("Not now, she says".to_owned()), Decision::Accept] {
        for event in decided(&case, decision).unwrap() {
            case.apply(&event);
        }
    }
    for decision in [Decision::Accept, Decision::Decline("Changed our minds".to_owned())] {
        assert_eq!(decided(&case, decision), Err(Refusal::TakenOn));
    }
}

/// A list of the nurse's with one person on it.
fn listed(house: &House, person: Uuid) -> Uuid {
    let at = house.now();
    let because = vec![Because { record: Uuid::from_u128(9), day: Some(TODAY), done_here: false }];
    let run = Run {
        as_of: TODAY,
        instrument: "register-dementia@1".to_owned(),
        lists_hash: String::new(),
        found: vec![Found { person, because }],
        more: 0,
        by_age_alone: 0,
    };
    let done = house.store.write(move |write| {
        let id = write.new_id(at);
        let define = OnList::Define { by: House::nurse(), definition: definition() };
        write.execute::<CaseList>(id, define, "nurse", at)?;
        write.execute::<CaseList>(id, OnList::Run { by: House::nurse(), run: run.clone() }, "nurse", at)?;
        Ok::<_, Refused<crate::list::Refusal>>(id)
    });
    done.unwrap()
}

fn team(by: &Subject) -> Decider<'_> {
    Decider { by, registered: false }
}

#[test]
fn the_persons_own_practice_decides_against_or_later_and_the_team_alone_takes_on() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let person = house.keeper().look(|held| held.root(0)).unwrap().flatten().unwrap();
    let (list, at) = (listed(&house, person), house.now());
    let gp = Subject { teams: vec!["ods:P88002".to_owned()], role: access::Role::Gp, ..House::nurse() };
    let decided = |registered: bool, decision: Decision| {
        let by = gp.clone();
        let decider = move |write: &mut Write<'_>| {
            decide(write, (Decider { by: &by, registered }, list), (person, person), &decision, TODAY, at)
        };
        house.store.write(decider)
    };
    let reason = || Decision::Decline("She is in hospital until Friday".to_owned());
    let others = decided(false, reason());
    assert!(
        matches!(others, Err(Refused::Rules(Refusal::List(list::Refusal::NotTheirs)))),
        "another practice\u{2019}s"
    );
    assert!(matches!(decided(true, Decision::Accept), Err(Refused::Rules(Refusal::TeamsOwn))));
    assert!(!ties(&house, person, &House::nurse()).has(Tie::Caseload, Class::Identity));
    decided(true, Decision::Later(jiff::civil::date(2026, 11, 27))).unwrap();
    decided(true, reason()).unwrap();
}

fn ties(house: &House, person: Uuid, by: &Subject) -> access::Ties {
    let (standings, by, at) = (record::standing::Standings::of(&house.place), by.clone(), house.now());
    house.store.read(move |tx| standings.of(tx, person, &by, at)).unwrap()
}

#[test]
fn who_is_taken_on_is_on_the_teams_caseload_and_on_no_other() {
    let mut house = House::open();
    House::samples().iter().for_each(|file| house.take(file));
    let person = house.keeper().look(|held| held.root(0)).unwrap().flatten().unwrap();
    let list = listed(&house, person);
    let at = house.now();
    let by = |team: &str| Subject { teams: vec![team.to_owned()], ..House::nurse() };
    let decide_as = |by: Subject, about: Uuid, decision: Decision| {
        house.store.write(move |write| decide(write, (team(&by), list), (about, about), &decision, TODAY, at))
    };
    let other = by("neighbourhood:victoria");
    let refused = decide_as(other.clone(), person, Decision::Accept);
    assert!(matches!(refused, Err(Refused::Rules(Refusal::List(crate::list::Refusal::NotTheirs)))));
    let stranger = decide_as(House::nurse(), Uuid::from_u128(77), Decision::Accept);
    assert!(matches!(stranger, Err(Refused::Rules(Refusal::NotFound))));
    assert!(!ties(&house, person, &House::nurse()).has(Tie::Caseload, Class::Identity));
    decide_as(House::nurse(), person, Decision::Accept).unwrap();
    assert!(ties(&house, person, &House::nurse()).has(Tie::Caseload, Class::Identity));
    assert!(!ties(&house, person, &other).has(Tie::Caseload, Class::Identity));
}
