//! Who may keep a cohort, what it must say, that its versions are told, and that the table is what the log says.

use population::code::Codes;
use population::library::Library;
use population::words::Words;
use store::{Refused, Write};
use uuid::Uuid;

use super::*;
use crate::held::tests::House;
use crate::views::cohort as rows;

pub(crate) fn asked(parts: &[(&str, How)]) -> Asked {
    let part = |(term, how): &(&str, How)| Part {
        term: Term::read(term),
        how: *how,
        version: "1".to_owned(),
        rules_hash: "rules".to_owned(),
        lists_hash: "lists".to_owned(),
    };
    Asked { parts: parts.iter().map(part).collect(), among: Among::Registered }
}

fn copd() -> Asked {
    asked(&[("register-copd", How::All), ("register-depression", How::Any), ("list-palliative", How::Not)])
}

fn analyst(id: &str) -> Subject {
    Subject { id: id.to_owned(), role: Role::Analyst, teams: Vec::new(), ..House::nurse() }
}

fn keep(by: Subject, asked: Asked) -> Command {
    let (name, why) = ("COPD and a low mood", "They come to hospital more than others");
    Command::Keep { by, name: name.to_owned(), why: why.to_owned(), asked }
}

fn done(cohort: &mut Cohort, command: Command) -> Result<(), Refusal> {
    cohort.decide(command, Timestamp::UNIX_EPOCH).map(|events| events.iter().for_each(|event| cohort.apply(event)))
}

fn kept(by: Subject) -> Cohort {
    let mut cohort = Cohort::default();
    done(&mut cohort, keep(by, copd())).unwrap();
    cohort
}

#[test]
fn planners_and_neighbourhood_teams_keep_cohorts_and_nobody_else_does() {
    for by in [analyst("a"), Subject { role: Role::Commissioner, ..analyst("c") }, House::nurse()] {
        assert_eq!(done(&mut Cohort::default(), keep(by, copd())), Ok(()));
    }
    for role in [Role::Gp, Role::PrivacyOfficer, Role::Citizen, Role::Provider, Role::RecordsOfficer] {
        let by = Subject { role, teams: vec!["ods:P88002".to_owned()], ..House::nurse() };
        assert_eq!(done(&mut Cohort::default(), keep(by, copd())), Err(Refusal::NotTheirs), "{role:?}");
    }
    let unproved = Subject { assured: false, ..analyst("a") };
    assert_eq!(done(&mut Cohort::default(), keep(unproved, copd())), Err(Refusal::NotAssured));
}

#[test]
fn a_cohort_says_what_it_is_called_and_why_and_asks_one_to_eight_things_each_once() {
    let many: Vec<String> = (0..=MOST).map(|number| format!("register-{number}")).collect();
    let many: Vec<(&str, How)> = many.iter().map(|term| (term.as_str(), How::Any)).collect();
    let twice = asked(&[("register-copd", How::All), ("register-copd", How::Not)]);
    for bad in [asked(&[]), asked(&many), twice] {
        assert_eq!(done(&mut Cohort::default(), keep(analyst("a"), bad)), Err(Refusal::NoQuestion));
    }
    assert_eq!(done(&mut Cohort::default(), keep(analyst("a"), asked(&many[..MOST]))), Ok(()));
    for (name, why) in [("COPD", "They come to hospital more than others"), ("COPD and a low mood", "  ")] {
        let bad = Command::Keep { by: analyst("a"), name: name.to_owned(), why: why.to_owned(), asked: copd() };
        assert!(matches!(done(&mut Cohort::default(), bad), Err(Refusal::NotSaid { .. })));
    }
}

#[test]
fn a_cohort_is_changed_by_those_who_keep_it_and_each_change_of_the_question_is_a_version() {
    let (nurse, reason) = (House::nurse(), "The register has moved on".to_owned());
    let colleague = Subject { id: "colleague".to_owned(), ..House::nurse() };
    let elsewhere =
        Subject { id: "other".to_owned(), teams: vec!["neighbourhood:victoria".to_owned()], ..House::nurse() };
    let revise = |by: Subject, parts| Command::Revise { by, asked: asked(parts), reason: reason.clone() };
    let less: &[(&str, How)] = &[("register-copd", How::All)];
    for (keeper, others, stranger) in
        [(nurse.clone(), colleague, elsewhere.clone()), (analyst("a"), analyst("b"), nurse.clone())]
    {
        let mut cohort = kept(keeper.clone());
        assert_eq!(done(&mut cohort, revise(stranger.clone(), less)), Err(Refusal::Others));
        assert_eq!(done(&mut cohort, revise(others, less)), Ok(()));
        assert_eq!((cohort.version(), cohort.asked()), (2, Some(&asked(less))));
        assert_eq!(done(&mut cohort, revise(keeper.clone(), less)), Err(Refusal::Same));
        let name = "COPD, however low the mood".to_owned();
        assert_eq!(done(&mut cohort, Command::Rename { by: keeper.clone(), name: name.clone() }), Ok(()));
        assert_eq!((cohort.name(), cohort.version()), (name.as_str(), 2));
        let withdraw = |by| Command::Withdraw { by, reason: reason.clone() };
        assert_eq!(done(&mut cohort, withdraw(stranger)), Err(Refusal::Others));
        assert_eq!(done(&mut cohort, withdraw(keeper.clone())), Ok(()));
        assert_eq!(done(&mut cohort, withdraw(keeper)), Err(Refusal::Withdrawn));
    }
}

#[test]
fn a_rule_or_a_list_that_has_changed_since_or_is_not_here_is_told() {
    let plan = |rule: &str, codes: &str| {
        let mut library = Library::default();
        let head = "version = \"1\"\nkind = \"register\"\nsource = \"ours\"\nlicence = \"ours\"\n";
        let text = format!("id = \"register-falls\"\ntitle = \"Falls\"\n{head}when = {rule}\n");
        library.add("rule.toml", &text).unwrap();
        library.add("lists.csv", &format!("list,system,code\n{codes}")).unwrap();
        Plan::of(&library, &["register-falls"], &Codes::default(), &Words::default()).unwrap()
    };
    let (falls, codes) = ("{ list = \"place/fall\" }", "place/fall,local,fall\n");
    let now = plan(falls, codes);
    let terms = vec![(Term::read("register-falls"), How::All)];
    let asked = Asked::of(&Question { terms, among: Among::Resident }, &now).unwrap();
    assert_eq!(asked.drifted(&now), []);
    for changed in [
        plan("{ list = \"place/fall\", at_least = 2 }", codes),
        plan(falls, "place/fall,local,fall\nplace/fall,local,slip\n"),
    ] {
        let drifted = asked.drifted(&changed);
        assert_eq!((drifted.len(), drifted[0].now.as_deref()), (1, Some("1")));
    }
    let gone =
        Asked { parts: vec![Part { term: Term::read("register-falls~often"), ..asked.parts[0].clone() }], ..asked };
    assert_eq!(gone.drifted(&now)[0].now, None);
    let unknown = Question { terms: vec![(Term::read("nobody"), How::All)], among: Among::Registered };
    assert_eq!(Asked::of(&unknown, &now), Err(Unanswered::Unknown(Term::read("nobody"))));
}

fn write(house: &House, id: Uuid, command: Command, at: Timestamp) {
    let writing = move |write: &mut Write<'_>| match write.execute::<Cohort>(id, command.clone(), "analyst", at) {
        Ok(_) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
        Err(other) => panic!("{other}"),
    };
    house.store.write(writing).unwrap();
}

#[test]
fn the_kept_cohorts_are_what_the_log_says_and_the_same_when_they_are_made_again() {
    let house = House::open();
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
    let by = || analyst("a");
    write(&house, one, keep(by(), copd()), at(1));
    write(&house, other, keep(House::nurse(), copd()), at(2));
    let (less, reason) = (asked(&[("register-copd", How::All)]), "The register has moved on".to_owned());
    write(&house, one, Command::Revise { by: by(), asked: less.clone(), reason: reason.clone() }, at(3));
    write(&house, one, Command::Rename { by: by(), name: "COPD, whatever the mood".to_owned() }, at(4));
    write(&house, other, Command::Withdraw { by: House::nurse(), reason }, at(5));
    let read = |tx: &mut dyn store::Tx| Ok::<_, store::Error>((rows::all(tx)?, rows::one(tx, other)?));
    let before = house.store.read(read).unwrap();
    let wanted = rows::Line {
        id: one,
        name: "COPD, whatever the mood".to_owned(),
        why: "They come to hospital more than others".to_owned(),
        asked: less,
        version: 2,
        who: "Ruth".to_owned(),
        at: at(1),
        changed: at(4),
    };
    assert_eq!(before, (vec![wanted], None));
    house.store.replay().unwrap();
    assert_eq!(house.store.read(read).unwrap(), before);
    // What was withdrawn, and every version, can still be told.
    let (cohort, events) = house.store.read(|tx| rows::told(tx, other)).unwrap().unwrap();
    assert!(!cohort.is_open() && events.len() == 2 && events[1].1.by().name == "Ruth");
    assert!(house.store.read(|tx| rows::told(tx, Uuid::from_u128(3))).unwrap().is_none());
    let verified = house.store.verify(None).unwrap();
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
}
