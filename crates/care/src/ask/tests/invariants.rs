//! Whatever anybody tries in whatever order: what an ask allows is what the plain statement allows, and what has happened keeps
//! the promises of the journey.

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::plain::Plain;
use super::*;
use crate::reciprocal::{Reciprocal, Reply};

/// Whoever might try something.
fn everybody() -> Vec<Subject> {
    vec![
        gp(),
        coordinator(),
        triager(),
        responder(),
        citizen(),
        somebody("manager", Role::CareHomeManager, &[HOME]),
        somebody("of two", Role::SocialWorker, &[DOOR, CRISIS]),
        somebody("reception", Role::Receptionist, &[PRACTICE, DOOR]),
        somebody("analyst", Role::Analyst, &[DOOR]),
        Subject { assured: false, ..triager() },
    ]
}

fn requests() -> Vec<Request> {
    let home = Asker { team: Some(team(HOME)), ..request().asked_by };
    let unknown =
        Whom { person: Uuid::from_u128(1), described: Some(words("A man in a red hat")), age: Age::Unknown {} };
    let child = Whom { age: known(12), ..request().whom };
    vec![
        request(),
        from_home(request()),
        Request { asked_by: home, ..request() },
        Request { asked_for: team(CRISIS), ..from_home(request()) },
        Request { whom: unknown, ..from_home(request()) },
        Request { whom: child, ..request() },
        Request { whom: Whom { person: Uuid::nil(), ..request().whom }, ..request() },
        Request { visit: Visit { on_floor_since: Some(at(30)), ..Visit::default() }, ..request() },
    ]
}

fn triages() -> Vec<Triage> {
    let second = Decision::Accepted { service: team("service:falls"), level: Level::Home7Day };
    let own = Decision::Accepted { service: team(DOOR), level: Level::Advice };
    let why = |codes: &[OverrideCode]| Some(Override { codes: codes.to_vec(), words: None });
    let redirected = |team| Decision::Redirected { to: destination(team), why: words("They are right for it") };
    let late = vec![Offer { observed_at: Some(at(30)), ..offer(CRISIS, Level::Home7Day) }];
    let ageless = vec![Offer { observed_at: None, ..offer(CRISIS, Level::Home7Day) }];
    vec![
        triage(accepted()),
        triage(second.clone()),
        Triage { overridden: why(&[OverrideCode::Continuity]), ..triage(second.clone()) },
        Triage { overridden: why(&[OverrideCode::Other]), ..triage(second.clone()) },
        Triage { overridden: why(&[]), ..triage(second) },
        Triage { overridden: why(&[OverrideCode::NothingOffered]), offers: Vec::new(), ..triage(own.clone()) },
        Triage { offers: Vec::new(), ..triage(own) },
        Triage { offers: late, ..triage(accepted()) },
        Triage { offers: ageless, ..triage(accepted()) },
        triage(declined()),
        Triage { because: words("She is out of area"), ..triage(declined()) },
        triage(redirected(Some(team(CRISIS)))),
        triage(redirected(None)),
        triage(Decision::AdviceOnly { advice: words("Rest") }),
    ]
}

fn day(minute: i64, later: i64) -> jiff::civil::Date {
    crate::reciprocal::today(at(minute + later * 24 * 60))
}

fn asked_next_door(neighbour: &str, minute: i64, days: i64) -> Act {
    Act::AskNeighbour(Box::new(Reciprocal {
        neighbour: team(neighbour),
        named: words("Ann Peel"),
        contact: words("01632 960077"),
        by: day(minute, days),
        what: words("Care at home from Monday"),
    }))
}

/// Everything anybody might try at a minute.
fn everything(minute: i64) -> Vec<Act> {
    let because = || words("because");
    let ages = || [known(84), known(12), Age::Unknown {}, Age::Estimated { years: 19, source: "by eye".to_owned() }];
    let mut acts = vec![
        Act::Draft(Draft::of(None, [("happened".to_owned(), "she".to_owned())])),
        Act::Draft(Draft::of(None, [("happened".to_owned(), format!("she fell {minute}"))])),
        Act::Draft(Draft::of(None, [("happened".to_owned(), "x".repeat(8_001))])),
        Act::Discard,
        Act::Receive,
        Act::AcceptHop,
        Act::StartTriage,
        Act::AskMore { question: words("Who is with her?") },
        Act::GiveInfo { words: words("Her son") },
        Act::AddWords { words: words("She is cold") },
        Act::ReturnHop { because: because() },
        Act::ReturnHop { because: words("Not our patient") },
        asked_next_door("organisation:derbyshire-council", minute, 2),
        asked_next_door("organisation:derbyshire-council", minute, -2),
        asked_next_door(CRISIS, minute, 2),
        Act::NeighbourReplied(Reply::Accepted { who: words("Ann Peel"), starts: day(minute, 1) }),
        Act::NeighbourReplied(Reply::Accepted { who: words("Ann Peel"), starts: day(minute, -3) }),
        Act::NeighbourReplied(Reply::Refused {
            because: because(),
            escalated: Owner { team: team(DOOR), name: words("Sam Lee") },
        }),
        Act::TakeBackHop { because: because() },
        Act::Schedule { when: at(minute + 60), what: words("a visit") },
        Act::Schedule { when: at(minute - 1), what: words("a visit") },
        answer(),
        Act::CannotAnswer { because: because() },
        Act::Withdraw { because: because() },
        Act::CannotContact { tried: because() },
        Act::NoteDeath { source: because() },
    ];
    acts.extend(requests().into_iter().map(submit));
    acts.extend(triages().into_iter().map(|triage| Act::Decide { triage: Box::new(triage), warm: true }));
    for to in [DOOR, CRISIS, PRACTICE] {
        acts.push(Act::OfferHop { to: team(to), note: words("Please"), warm: false });
    }
    for when in [minute - 90, minute - 1, minute, minute + 1] {
        acts.push(Act::StartContact { when: at(when), contact: Contact::Telephone });
        acts.extend([true, false].map(|goes_on| Act::EndContact { when: at(when), goes_on }));
    }
    acts.extend([Ending::HelpedAtHome, Ending::Died, Ending::NotReached].map(outcome));
    for age in ages() {
        acts.push(close(age.clone()));
        acts.push(Act::Close { age, redirected: Some(destination(None)) });
    }
    for (person, age) in [(1, 3), (84, 0), (0, 0), (7, 1)] {
        let age = ages()[age].clone();
        acts.push(Act::FindPerson { person: Uuid::from_u128(person), age, because: because() });
    }
    acts
}

/// What has happened keeps the promises, whoever looks.
fn promises(history: &Plain) -> Result<(), TestCaseError> {
    let mut told = Plain::default();
    let mut ids = Vec::new();
    for event in &history.events {
        let stood = told.stands();
        let before = stood.owner.cloned();
        let offers: Vec<Team> = stood.offers.into_iter().cloned().collect();
        let closed = stood.state == State::Closed;
        told.events.push(event.clone());
        let stands = told.stands();
        let after = stands.owner.cloned();
        prop_assert!(!closed, "nothing happens to a closed ask: {event:?}");
        match event {
            Event::AskSubmitted { .. } => prop_assert!(before.is_none() && after.is_some()),
            Event::HopAccepted { by, to, from } => {
                prop_assert_eq!(before.as_ref(), Some(from));
                prop_assert_eq!(after.as_ref(), Some(to));
                prop_assert_eq!(&offers, &vec![to.clone()]);
                prop_assert!(by.holders().any(|one| one == to.word()), "I2");
            }
            _ => prop_assert_eq!(&before, &after, "I2: {:?}", event),
        }
        if stands.state.is_open() {
            prop_assert!(after.is_some(), "I1");
        }
        prop_assert!(stands.offers.len() <= 1);
        if let Event::TriageDecided { triage, .. } = event {
            if let Decision::Accepted { service, level } = &triage.decision {
                let first = triage.offers.first().is_some_and(|one| one.service == *service && one.level == *level);
                prop_assert!(first || !triage.overridden.as_ref().unwrap().codes.is_empty(), "I8");
            }
            prop_assert!(triage.offers.iter().all(|one| one.free.is_some() == one.observed_at.is_some()), "I9");
        }
        if let Event::AskClosed { age, redirected, .. } = event {
            let is = |wanted: fn(&Event) -> bool| history.events.iter().any(wanted);
            prop_assert!(told.stands().neighbour.is_none(), "a neighbour's answer is not forgotten");
            prop_assert!(is(|event| matches!(event, Event::OutcomeRecorded { .. })), "I4");
            prop_assert!(is(|event| matches!(event, Event::AnswerSent { .. } | Event::AnswerNotSent { .. })), "I4");
            prop_assert!(age.child() == crate::age::Child::No || redirected.is_some(), "I6");
            prop_assert!(stands.offers.is_empty());
        }
        ids.extend(stands.person);
    }
    ids.dedup();
    let finds = history.events.iter().filter(|event| matches!(event, Event::PersonFound { .. })).count();
    prop_assert!(ids.len() <= finds + 1, "I5: only who it is for can be found out, and only by saying so");
    Ok(())
}

#[test]
fn whatever_anybody_tries_an_ask_keeps_its_promises_and_says_what_the_plain_statement_says() {
    static CLOSED: AtomicUsize = AtomicUsize::new(0);
    static ALLOWED: AtomicUsize = AtomicUsize::new(0);
    static REFUSED: AtomicUsize = AtomicUsize::new(0);
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    // Mostly something that the statement allows, or nobody would ever get far; now and then anything.
    let tries = proptest::collection::vec((0..10_u8, any::<u32>()), 1..40);
    let outcome = runner.run(&tries, |tries| {
        let (mut ask, mut history) = (Ask::default(), Plain::default());
        for (minute, (blindly, pick)) in tries.into_iter().enumerate() {
            let now = at(minute as i64);
            let all: Vec<(Subject, Act)> = everybody()
                .into_iter()
                .flat_map(|by| everything(minute as i64).into_iter().map(move |act| (by.clone(), act)))
                .collect();
            let stands = history.stands();
            let sensible: Vec<&(Subject, Act)> = all.iter().filter(|(by, act)| stands.allows(by, act, now)).collect();
            let (by, act) = match sensible.get(pick as usize % sensible.len().max(1)) {
                Some(one) if blindly > 1 => (*one).clone(),
                _ => all[pick as usize % all.len()].clone(),
            };
            let command = Command { by: by.clone(), act: act.clone() };
            let allowed = stands.allows(&by, &act, now);
            match ask.decide(command.clone(), now) {
                // The same as what was done last: nothing happens, and nobody is told off for a double click.
                Ok(events) if events.is_empty() => {}
                Ok(events) => {
                    prop_assert!(allowed, "{} may not {:?} in {:?}", by.id, act, ask.state());
                    ALLOWED.fetch_add(1, Ordering::Relaxed);
                    for event in events {
                        let said = serde_json::to_string(&event).unwrap();
                        prop_assert_eq!(&serde_json::from_str::<Event>(&said).unwrap(), &event);
                        prop_assert!(!event.told_with(&Team::said).is_empty());
                        ask.apply(&event);
                        history.events.push(event);
                    }
                    prop_assert_eq!(
                        ask.decide(command, now),
                        Ok(Vec::new()),
                        "a second time nothing happens: {:?}",
                        act
                    );
                }
                Err(refusal) => {
                    prop_assert!(!allowed, "{} may {act:?} in {:?}, but: {refusal}", by.id, ask.state());
                    REFUSED.fetch_add(1, Ordering::Relaxed);
                }
            }
            let stands = history.stands();
            prop_assert_eq!(ask.owner(), stands.owner);
            prop_assert_eq!(ask.state(), stands.state);
            prop_assert_eq!(ask.open_hop().map(|hop| &hop.to), stands.offers.last().copied());
            prop_assert!(stands.person.is_none_or(|person| person == ask.person()));
        }
        promises(&history)?;
        CLOSED.fetch_add(usize::from(ask.state() == State::Closed), Ordering::Relaxed);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let [closed, allowed, refused] = [&CLOSED, &ALLOWED, &REFUSED].map(|count| count.load(Ordering::Relaxed));
    assert!(closed > 10 && allowed > 1_000 && refused > 200, "{closed} closed, {allowed} allowed, {refused} refused");
}

proptest! {
    #[test]
    fn the_id_of_an_ask_from_elsewhere_is_its_own(one in ("[a-z]{0,6}", "[a-z]{0,6}"), two in ("[a-z]{0,6}", "[a-z]{0,6}")) {
        let id = |(sender, identifier): &(String, String)| id_of("gp:one", sender, identifier);
        prop_assert_eq!(one == two, id(&one) == id(&two));
        prop_assert_ne!(id(&one), id_of("gp:two", &one.0, &one.1));
        prop_assert_ne!(nobody_of(id(&one)), id(&one));
    }
}
