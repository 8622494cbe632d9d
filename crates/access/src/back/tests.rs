//! Rules of going back, with a slow and obvious account of the same beside them.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::role::Role;

const WORDS: &str = "A nurse visits each of them within a fortnight";

fn reader(id: &str, role: Role, team: &str) -> Subject {
    Subject {
        id: id.to_owned(),
        name: format!("{id} Example"),
        role,
        organisation: "Example".to_owned(),
        own: None,
        teams: vec![team.to_owned()],
        assured: true,
    }
}

fn analyst() -> Subject {
    reader("analyst", Role::Analyst, "")
}

fn officer() -> Subject {
    reader("officer", Role::PrivacyOfficer, "")
}

fn nurse() -> Subject {
    reader("nurse", Role::DistrictNurse, "neighbourhood:marple")
}

/// The pseudonym of a number.
fn word(number: usize) -> String {
    format!("{number:032x}")
}

fn wanted(pseudonyms: Vec<String>) -> Asking {
    Asking {
        by: analyst(),
        pseudonyms,
        purpose: Some(Purpose::DirectCare),
        neighbourhood: "marple".to_owned(),
        offer: WORDS.to_owned(),
        reason: WORDS.to_owned(),
        waiting: 0,
    }
}

fn ask(number: usize) -> Command {
    Command::Ask(wanted((0..number).map(word).collect()))
}

fn at(days: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * (20_000 + days))
}

/// What came of these, each on its day; the first refusal ends it.
fn done(commands: Vec<(i64, Command)>) -> Result<Back, Refusal> {
    let mut back = Back::default();
    for (day, command) in commands {
        for event in back.decide(command, at(day))? {
            back.apply(&event);
        }
    }
    Ok(back)
}

fn allow(by: Subject) -> Command {
    Command::Allow { by, words: WORDS.to_owned() }
}

fn refuse(by: Subject) -> Command {
    Command::Refuse { by, words: WORDS.to_owned() }
}

fn hand(by: Subject, people: &[u128]) -> Command {
    Command::HandOver { by, people: people.iter().map(|id| Uuid::from_u128(*id)).collect() }
}

fn take_on(by: Subject, person: u128) -> Command {
    Command::Decide {
        by,
        person: Uuid::from_u128(person),
        decision: Decision::TakenOn { relationship: Uuid::from_u128(99) },
    }
}

#[test]
fn whoever_asks_never_answers_whatever_role_they_take() {
    // Somebody who is an analyst on one day and an officer on another is one person.
    let both = Subject { id: "analyst".to_owned(), ..officer() };
    for command in [allow(both.clone()), refuse(both)] {
        assert_eq!(done(vec![(0, ask(3)), (1, command)]), Err(Refusal::TheirOwn));
    }
    assert!(done(vec![(0, ask(3)), (1, allow(officer()))]).is_ok());
    // Nor are they told by being of the team.
    let third = Subject { id: "analyst".to_owned(), ..nurse() };
    let told = done(vec![(0, ask(3)), (1, allow(officer())), (2, hand(third, &[1]))]);
    assert_eq!(told, Err(Refusal::NotTheirTeam));
}

#[test]
fn only_an_analyst_asks_and_only_a_privacy_officer_answers() {
    for role in Role::ALL {
        let by = reader("somebody", role, "neighbourhood:marple");
        let asked = done(vec![(0, Command::Ask(Asking { by: by.clone(), ..wanted(vec![word(1)]) }))]);
        assert_eq!(asked.is_ok(), role == Role::Analyst, "{role:?}");
        for command in [allow(by.clone()), refuse(by)] {
            let answered = done(vec![(0, ask(1)), (1, command)]);
            assert_eq!(answered.is_ok(), role == Role::PrivacyOfficer, "{role:?}");
        }
    }
    let unsure = |by: Subject| Subject { assured: false, ..by };
    let asked = Command::Ask(Asking { by: unsure(analyst()), ..wanted(vec![word(1)]) });
    assert_eq!(done(vec![(0, asked)]), Err(Refusal::NotAssured));
    assert_eq!(done(vec![(0, ask(1)), (1, allow(unsure(officer())))]), Err(Refusal::NotAssured));
    let told = done(vec![(0, ask(1)), (1, allow(officer())), (2, hand(unsure(nurse()), &[]))]);
    assert_eq!(told, Err(Refusal::NotAssured));
}

#[test]
fn only_who_gives_care_in_that_neighbourhoods_team_is_told() {
    for role in Role::ALL {
        for (team, theirs) in [("neighbourhood:marple", true), ("neighbourhood:victoria", false), ("ods:P88002", false)]
        {
            let by = reader("somebody", role, team);
            let told = done(vec![(0, ask(1)), (1, allow(officer())), (2, hand(by, &[1]))]);
            let gives_care = matches!(role, Role::Gp | Role::DistrictNurse | Role::Therapist | Role::SocialWorker);
            assert_eq!(told.is_ok(), theirs && gives_care, "{role:?} {team}");
        }
    }
}

#[test]
fn what_is_asked_for_is_for_care_of_a_few_and_says_why() {
    let refused = |asking: Asking| done(vec![(0, Command::Ask(asking))]).err();
    let one = || wanted(vec![word(1)]);
    assert_eq!(refused(one()), None);
    for purpose in [None, Some(Purpose::Planning), Some(Purpose::OwnRecord)] {
        assert_eq!(refused(Asking { purpose, ..one() }), Some(Refusal::NotForCare));
    }
    assert_eq!(refused(Asking { neighbourhood: String::new(), ..one() }), Some(Refusal::NoTeam));
    assert_eq!(refused(Asking { offer: "help".to_owned(), ..one() }), Some(Refusal::NoOffer));
    assert_eq!(refused(Asking { reason: "x".repeat(40), ..one() }), Some(Refusal::NoReason));
    assert_eq!(refused(Asking { reason: "ab cdefg ".repeat(200), ..one() }), Some(Refusal::TooLong));
    assert_eq!(refused(Asking { waiting: MOST_WAITING, ..one() }), Some(Refusal::TooManyWaiting));
    assert_eq!(refused(wanted(Vec::new())), Some(Refusal::Nobody));
    assert_eq!(refused(wanted(vec![" ".to_owned()])), Some(Refusal::Nobody));
    assert_eq!(refused(wanted(vec![word(1), String::new(), "999 000 1006".to_owned()])), Some(Refusal::Malformed(3)));
    assert_eq!(refused(wanted((0..MOST).map(word).collect())), None);
    assert_eq!(refused(wanted((0..=MOST).map(word).collect())), Some(Refusal::TooMany));
    // The same one twice, in other letters, is one.
    let twice = (0..MOST).chain(0..MOST).map(|number| word(number).to_uppercase()).collect();
    assert_eq!(refused(wanted(twice)), None);
    assert_eq!(done(vec![(0, ask(1)), (0, ask(1))]), Err(Refusal::AskedAlready));
    let silent = Command::Refuse { by: officer(), words: "no".to_owned() };
    assert_eq!(done(vec![(0, ask(1)), (1, silent)]), Err(Refusal::NoWords));
}

#[test]
fn what_nobody_answers_lapses_and_what_nobody_opens_expires() {
    let answered = |day| done(vec![(0, ask(2)), (day, allow(officer()))]).err();
    assert_eq!((answered(27), answered(28)), (None, Some(Refusal::NotWaiting)));
    let opened = |day| done(vec![(0, ask(2)), (1, allow(officer())), (day, hand(nurse(), &[1]))]).err();
    assert_eq!((opened(14), opened(15)), (None, Some(Refusal::NotAllowed)));
    let taken = |day| {
        let told = hand(nurse(), &[1]);
        done(vec![(0, ask(2)), (1, allow(officer())), (2, told), (day, take_on(nurse(), 1))]).err()
    };
    assert_eq!((taken(29), taken(30)), (None, Some(Refusal::NotToldOf)));
}

#[test]
fn a_team_decides_about_whom_it_was_told_of_and_takes_on_once() {
    let told = || vec![(0, ask(3)), (1, allow(officer())), (2, hand(nurse(), &[5, 4, 5]))];
    let then = |commands: Vec<Command>| {
        done(told().into_iter().chain(commands.into_iter().map(|command| (3, command))).collect()).err()
    };
    let leave = |reason: &str| Command::Decide {
        by: nurse(),
        person: Uuid::from_u128(4),
        decision: Decision::NotTakenOn { reason: reason.to_owned() },
    };
    assert_eq!(then(vec![take_on(nurse(), 4)]), None);
    assert_eq!(then(vec![take_on(nurse(), 6)]), Some(Refusal::NotToldOf));
    assert_eq!(then(vec![leave("no")]), Some(Refusal::NoDecision));
    assert_eq!(then(vec![leave("Visited every week already, she says"), take_on(nurse(), 4)]), None);
    assert_eq!(then(vec![take_on(nurse(), 4), leave("Visited every week already")]), Some(Refusal::TakenOn));
    let other = reader("other", Role::Therapist, "neighbourhood:victoria");
    assert_eq!(then(vec![take_on(other, 4)]), Some(Refusal::NotTheirTeam));
    assert_eq!(then(vec![hand(nurse(), &[4])]), Some(Refusal::NotAllowed), "it is opened once");
    let more = done(vec![(0, ask(2)), (1, allow(officer())), (2, hand(nurse(), &[1, 2, 3]))]);
    assert_eq!(more, Err(Refusal::MoreThanAsked));
}

#[test]
fn only_whoever_asked_takes_it_back_and_only_before_the_team_was_told() {
    let withdraw = |by| Command::Withdraw { by };
    assert_eq!(done(vec![(0, ask(1)), (1, withdraw(officer()))]), Err(Refusal::NotTheirs));
    assert!(done(vec![(0, ask(1)), (1, withdraw(analyst()))]).is_ok());
    assert!(done(vec![(0, ask(1)), (1, allow(officer())), (2, withdraw(analyst()))]).is_ok());
    let told = vec![(0, ask(1)), (1, allow(officer())), (2, hand(nurse(), &[])), (3, withdraw(analyst()))];
    assert_eq!(done(told), Err(Refusal::Over));
    let gone = vec![(0, ask(1)), (1, withdraw(analyst())), (2, allow(officer()))];
    assert_eq!(done(gone), Err(Refusal::NotWaiting));
}

#[test]
fn an_event_is_written_in_words_that_stay() {
    let event = &Back::default().decide(ask(1), at(0)).unwrap()[0];
    let written = serde_json::to_string(event).unwrap();
    assert!(
        written.starts_with(r#"{"BackAsked":{"by":"#) && written.contains(r#""purpose":"direct-care""#),
        "{written}"
    );
    assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), *event);
    let decided = Event::BackDecided {
        by: nurse(),
        person: Uuid::from_u128(1),
        decision: Decision::NotTakenOn { reason: "Already visited".to_owned() },
    };
    let written = serde_json::to_string(&decided).unwrap();
    assert!(written.contains(r#""decision":{"what":"not-taken-on","reason":"Already visited"}"#), "{written}");
    for state in State::ALL {
        assert_eq!(State::from_word(state.word()), Some(state));
    }
}

#[test]
fn a_stage_ends_at_its_moment_and_not_before() {
    for (state, before, after) in [
        (State::Asked, Stage::Waiting, Stage::Lapsed),
        (State::Allowed, Stage::Allowed, Stage::Expired),
        (State::Handed, Stage::Handed, Stage::Closed),
        (State::Refused, Stage::Refused, Stage::Refused),
        (State::Withdrawn, Stage::Withdrawn, Stage::Withdrawn),
    ] {
        let just = at(1) - SignedDuration::from_micros(1);
        assert_eq!((stage(state, at(1), just), stage(state, at(1), at(1))), (before, after));
    }
}

/// One thing that somebody tries.
#[derive(Debug, Clone, Copy)]
enum Try {
    Allow(bool),
    Refuse(bool),
    Withdraw(bool),
    Hand(bool, usize),
    TakeOn(bool, usize),
    Leave(bool, usize),
}

fn tries() -> impl Strategy<Value = Vec<(i64, Try)>> {
    let one = prop_oneof![
        prop::bool::weighted(0.8).prop_map(Try::Allow),
        prop::bool::weighted(0.8).prop_map(Try::Refuse),
        prop::bool::weighted(0.5).prop_map(Try::Withdraw),
        (prop::bool::weighted(0.9), 0_usize..5).prop_map(|(theirs, count)| Try::Hand(theirs, count)),
        (prop::bool::weighted(0.9), 0_usize..5).prop_map(|(theirs, person)| Try::TakeOn(theirs, person)),
        (prop::bool::weighted(0.9), 0_usize..5).prop_map(|(theirs, person)| Try::Leave(theirs, person)),
    ];
    prop::collection::vec((0_i64..16, one), 0..12)
}

/// How many pseudonyms the property's request has.
const ASKED: usize = 3;

/// The same rules as a diary: all that happened, with its day, looked through from the beginning each time.
fn allowed(diary: &[(i64, Try)], day: i64, next: Try) -> bool {
    let find = |is: fn(&Try) -> bool| diary.iter().find(|(_, done)| is(done)).map(|(day, _)| *day);
    let gone = find(|done| matches!(done, Try::Withdraw(_))).is_some();
    let refused = find(|done| matches!(done, Try::Refuse(_))).is_some();
    let allowed = find(|done| matches!(done, Try::Allow(_)));
    let handed = diary.iter().find_map(|(day, done)| match done {
        Try::Hand(_, count) => Some((*day, *count)),
        _ => None,
    });
    let waits = !gone && !refused && allowed.is_none() && day < 28;
    let open = !gone && handed.is_none() && allowed.is_some_and(|since| day < since + 14);
    let taken = |person: usize| diary.iter().any(|(_, done)| matches!(done, Try::TakeOn(_, one) if *one == person));
    match next {
        Try::Allow(theirs) | Try::Refuse(theirs) => theirs && waits,
        Try::Withdraw(theirs) => theirs && (waits || open),
        Try::Hand(theirs, count) => theirs && open && count <= ASKED,
        Try::TakeOn(theirs, person) | Try::Leave(theirs, person) => {
            theirs && handed.is_some_and(|(since, count)| day < since + 28 && person < count) && !taken(person)
        }
    }
}

fn command(one: Try) -> Command {
    let officer = |theirs| if theirs { officer() } else { Subject { id: "analyst".to_owned(), ..officer() } };
    let team = |theirs| if theirs { nurse() } else { reader("nurse", Role::DistrictNurse, "neighbourhood:victoria") };
    let person = |number: usize| Uuid::from_u128(number as u128 + 1);
    match one {
        Try::Allow(theirs) => allow(officer(theirs)),
        Try::Refuse(theirs) => refuse(officer(theirs)),
        Try::Withdraw(theirs) => Command::Withdraw { by: if theirs { analyst() } else { nurse() } },
        Try::Hand(theirs, count) => Command::HandOver { by: team(theirs), people: (0..count).map(person).collect() },
        Try::TakeOn(theirs, number) => Command::Decide {
            by: team(theirs),
            person: person(number),
            decision: Decision::TakenOn { relationship: Uuid::from_u128(77) },
        },
        Try::Leave(theirs, number) => Command::Decide {
            by: team(theirs),
            person: person(number),
            decision: Decision::NotTakenOn { reason: WORDS.to_owned() },
        },
    }
}

proptest! {
    #[test]
    fn the_rules_say_what_the_diary_says(tries in tries()) {
        let mut back = done(vec![(0, ask(ASKED))]).unwrap();
        let (mut diary, mut day) = (Vec::new(), 0);
        for (days, one) in tries {
            day += days;
            let decided = back.decide(command(one), at(day));
            prop_assert_eq!(decided.is_ok(), allowed(&diary, day, one), "{:?} on {} after {:?}: {:?}", one, day, diary, decided);
            if let Ok(events) = decided {
                events.iter().for_each(|event| back.apply(event));
                diary.push((day, one));
            }
        }
    }

    #[test]
    fn nobody_is_told_of_more_people_than_were_asked_for_and_the_order_says_nothing(
        count in 1_usize..=MOST, people in prop::collection::vec(0_u128..80, 0..80),
    ) {
        let back = done(vec![(0, ask(count)), (1, allow(officer()))]).unwrap();
        let different: BTreeSet<u128> = people.iter().copied().collect();
        match back.decide(hand(nurse(), &people), at(2)) {
            Ok(events) => {
                let [Event::BackHandedOver { people: told, left, .. }] = events.as_slice() else { panic!("told") };
                prop_assert!(told.is_sorted() && told.len() == different.len());
                prop_assert_eq!(usize::try_from(*left).unwrap() + told.len(), count);
            }
            Err(refusal) => {
                prop_assert_eq!(refusal, Refusal::MoreThanAsked);
                prop_assert!(different.len() > count);
            }
        }
    }

    #[test]
    fn a_pseudonym_is_what_the_file_has_and_nothing_else(typed in "[ 0-9a-gA-G]{30,34}") {
        let trimmed = typed.trim();
        let is = trimmed.len() == 32 && trimmed.chars().all(|letter| letter.is_ascii_hexdigit());
        prop_assert_eq!(pseudonym(&typed), is.then(|| trimmed.to_lowercase()));
    }
}
