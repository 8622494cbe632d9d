//! What a list must say before it looks for anybody, and whose it is.

use population::explore::How;

use super::*;
use crate::held::tests::House;

pub(crate) fn by_rule(instrument: &str, least: Option<&str>) -> By {
    By::Rule {
        instrument: instrument.to_owned(),
        version: "1".to_owned(),
        rules_hash: String::new(),
        least: least.map(str::to_owned),
    }
}

pub(crate) fn by_cohort(asked: Asked) -> By {
    let name = "Falls, and a low mood".to_owned();
    By::Cohort { cohort: Chosen { id: Uuid::from_u128(7), version: 2, name, asked } }
}

pub(crate) fn definition() -> Definition {
    Definition {
        title: "Two falls and nobody has assessed why".to_owned(),
        by: by_rule("register-dementia", None),
        neighbourhood: "marple".to_owned(),
        reason: "Falls come again where nobody looks why".to_owned(),
        offer: "A full assessment at home within two weeks".to_owned(),
        effect: "Fewer urgent contacts in the three months after".to_owned(),
    }
}

fn define(definition: Definition, by: Subject) -> Result<Vec<Event>, Refusal> {
    CaseList::default().decide(Command::Define { by, definition }, Timestamp::UNIX_EPOCH)
}

fn open() -> CaseList {
    let mut list = CaseList::default();
    for event in define(definition(), House::nurse()).unwrap() {
        list.apply(&event);
    }
    list
}

fn run(found: Vec<Found>) -> Run {
    Run {
        as_of: jiff::civil::date(2026, 11, 22),
        instrument: "register-dementia@1".to_owned(),
        lists_hash: String::new(),
        found,
        more: 0,
        by_age_alone: 0,
    }
}

#[test]
fn a_list_says_why_what_is_offered_and_what_should_change_before_it_looks() {
    assert!(define(definition(), House::nurse()).is_ok());
    for bad in [
        Definition { reason: "why not".to_owned(), ..definition() },
        Definition { offer: "   ".to_owned(), ..definition() },
        Definition { effect: String::new(), ..definition() },
        Definition { title: "Falls".to_owned(), ..definition() },
    ] {
        assert!(matches!(define(bad, House::nurse()), Err(Refusal::NotSaid { .. })));
    }
    for least in ["0", "-1", "many"] {
        let bad = Definition { by: by_rule("hfrs", Some(least)), ..definition() };
        assert_eq!(define(bad, House::nurse()), Err(Refusal::NoLimit));
    }
}

#[test]
fn a_list_from_a_cohort_that_asks_for_nothing_anybody_has_is_not_begun() {
    let by = |how| by_cohort(crate::cohort::tests::asked(&[("register-dementia", how)]));
    assert!(define(Definition { by: by(How::Any), ..definition() }, House::nurse()).is_ok());
    let lacking = Definition { by: by(How::Not), ..definition() };
    assert_eq!(define(lacking, House::nurse()), Err(Refusal::NothingSought));
}

#[test]
fn a_list_that_was_defined_before_there_were_cohorts_is_read_as_it_was_and_written_in_the_same_words() {
    let old = r#"{"title":"Two falls and nobody has assessed why","instrument":"hfrs","version":"1","rules_hash":"ab","least":"5","neighbourhood":"marple","reason":"Falls come again","offer":"An assessment","effect":"Fewer urgent contacts"}"#;
    let read: Definition = serde_json::from_str(old).unwrap();
    let by = By::Rule {
        instrument: "hfrs".to_owned(),
        version: "1".to_owned(),
        rules_hash: "ab".to_owned(),
        least: Some("5".to_owned()),
    };
    assert_eq!(read.by, by);
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
    let cohort = by_cohort(crate::cohort::tests::asked(&[("hfrs~high", How::All), ("register-copd", How::Not)]));
    let new = Definition { by: cohort, ..read };
    assert_eq!(serde_json::from_str::<Definition>(&serde_json::to_string(&new).unwrap()).unwrap(), new);
}

#[test]
fn only_the_neighbourhoods_own_team_begins_runs_and_ends_its_lists() {
    let other = Subject { teams: vec!["neighbourhood:victoria".to_owned()], ..House::nurse() };
    assert_eq!(define(definition(), other.clone()), Err(Refusal::NotTheirs));
    let unproved = Subject { assured: false, ..House::nurse() };
    assert_eq!(define(definition(), unproved), Err(Refusal::NotAssured));
    let (list, at) = (open(), Timestamp::UNIX_EPOCH);
    let reason = "Nothing to offer any more".to_owned();
    for command in [Command::Run { by: other.clone(), run: run(Vec::new()) }, Command::Close { by: other, reason }] {
        assert_eq!(list.decide(command, at), Err(Refusal::NotTheirs));
    }
}

#[test]
fn nobody_is_put_on_a_list_without_an_entry_that_says_why() {
    let (list, at) = (open(), Timestamp::UNIX_EPOCH);
    let because = vec![Because { record: Uuid::from_u128(9), day: None, done_here: false }];
    let found = |because: &[Because]| vec![Found { person: Uuid::from_u128(1), because: because.to_vec() }];
    let by = House::nurse;
    assert!(list.decide(Command::Run { by: by(), run: run(found(&because)) }, at).is_ok());
    assert_eq!(list.decide(Command::Run { by: by(), run: run(found(&[])) }, at), Err(Refusal::NoReason));
    let many = (0..=MOST as u128).map(|number| Found { person: Uuid::from_u128(number), because: because.clone() });
    assert_eq!(list.decide(Command::Run { by: by(), run: run(many.collect()) }, at), Err(Refusal::NoReason));
}

#[test]
fn what_is_closed_looks_for_nobody() {
    let (mut list, at) = (open(), Timestamp::UNIX_EPOCH);
    let close = Command::Close { by: House::nurse(), reason: "Nothing to offer any more".to_owned() };
    for event in list.decide(close, at).unwrap() {
        list.apply(&event);
    }
    assert_eq!(list.decide(Command::Run { by: House::nurse(), run: run(Vec::new()) }, at), Err(Refusal::Closed));
}
