//! Written questions: who does what, leave to refer, limits.

use access::Role;
use proptest::prelude::*;

use super::*;
use crate::team::Team;

const NOON: i64 = 1_795_348_800;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(NOON + second).unwrap()
}

fn subject(id: &str, role: Role, team: &str) -> Subject {
    Subject {
        id: id.to_owned(),
        name: format!("Dr {id}"),
        role,
        organisation: String::new(),
        own: None,
        teams: vec![team.to_owned()],
        assured: true,
    }
}

fn gp() -> Subject {
    subject("gp", Role::Gp, "ods:P88002")
}

fn consultant() -> Subject {
    subject("consultant", Role::Consultant, "organisation:stockport-ft")
}

fn team(word: &str) -> Team {
    Team::try_from(word.to_owned()).unwrap()
}

fn question(conversion_agreed: bool) -> Question {
    let (picture, _) = Attachment::of("rash.jpg", &[0xFF, 0xD8, 0xFF, 0xE0]).unwrap();
    Question {
        by: gp(),
        team: team("ods:P88002"),
        specialty: "endocrinology".to_owned(),
        to: team("organisation:stockport-ft"),
        person: Uuid::from_u128(11),
        kind: Kind::Management,
        question: " Falls on standing; salt and stockings have not helped. What next? ".to_owned(),
        tried: "Salt, stockings".to_owned(),
        attachments: vec![picture],
        conversion_agreed,
        journey: Uuid::from_u128(7),
    }
}

fn answer() -> Answer {
    Answer {
        plan: "Stop the doxazosin, measure again in a week".to_owned(),
        safety_net: "A fall or a faint: ring us".to_owned(),
        lines: vec![Line { what: "Measure again".to_owned(), owner: team("ods:P88002"), by: None }],
        in_practice: true,
    }
}

fn run(advice: &mut Advice, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let events = advice.decide(command, at)?;
    for event in &events {
        advice.apply(event);
    }
    Ok(events)
}

fn asked(conversion_agreed: bool) -> Advice {
    let mut advice = Advice::default();
    run(&mut advice, Command::Ask(question(conversion_agreed)), at(0)).unwrap();
    advice
}

fn convert(by: Subject) -> Command {
    Command::Convert { by, because: "Needs a tilt test".to_owned() }
}

fn ask_back() -> Command {
    Command::AskBack { by: consultant(), words: "Which tablets?".to_owned() }
}

fn reply(words: &str) -> Command {
    Command::Reply { by: gp(), words: words.to_owned(), attachments: Vec::new() }
}

#[test]
fn a_question_goes_there_and_back_and_is_answered_with_a_plan_and_a_safety_net() {
    let mut advice = asked(false);
    assert_eq!(advice.stands(), Stands::WithSpecialty);
    run(&mut advice, ask_back(), at(10)).unwrap();
    assert_eq!(advice.stands(), Stands::WithAsker);
    assert_eq!(run(&mut advice, ask_back(), at(11)), Err(Refusal::WithTheAsker));
    run(&mut advice, reply("Doxazosin 4 mg"), at(20)).unwrap();
    assert_eq!(advice.stands(), Stands::WithSpecialty);
    let only_tests = Answer { plan: "  ".to_owned(), ..answer() };
    let refused =
        |advice: &Advice, answer| advice.decide(Command::Answer { by: consultant(), answer }, at(30)).unwrap_err();
    assert_eq!(refused(&advice, only_tests), Refusal::NoPlan);
    assert_eq!(refused(&advice, Answer { safety_net: String::new(), ..answer() }), Refusal::NoSafetyNet);
    run(&mut advice, Command::Answer { by: consultant(), answer: answer() }, at(30)).unwrap();
    let close = || Command::Close { by: gp(), outcome: Outcome::ManagedInPractice };
    run(&mut advice, close(), at(40)).unwrap();
    assert_eq!(advice.stands(), Stands::Closed);
    assert!(run(&mut advice, close(), at(41)).unwrap().is_empty(), "a double press");
    assert_eq!(run(&mut advice, reply("One more thing"), at(50)), Err(Refusal::Over));
}

#[test]
fn only_the_askers_ask_and_only_the_specialty_answers() {
    let mut advice = asked(true);
    let other = subject("other", Role::Gp, "ods:P88006");
    let answering = |by| Command::Answer { by, answer: answer() };
    assert_eq!(run(&mut advice, answering(gp()), at(1)), Err(Refusal::NotTheSpecialist));
    assert_eq!(run(&mut advice, answering(other.clone()), at(1)), Err(Refusal::NotTheSpecialist));
    let unproved = Subject { assured: false, ..consultant() };
    assert_eq!(run(&mut advice, answering(unproved), at(1)), Err(Refusal::NotTheSpecialist));
    let close = Command::Close { by: consultant(), outcome: Outcome::NoHelp };
    assert_eq!(run(&mut advice, close, at(1)), Err(Refusal::NotTheAsker));
    assert_eq!(run(&mut advice, convert(other), at(1)), Err(Refusal::NotTheSpecialist));
    assert_eq!(run(&mut advice, Command::Ask(question(true)), at(1)), Err(Refusal::AskedAlready));
    assert_eq!(run(&mut Advice::default(), reply("x"), at(1)), Err(Refusal::NotAsked));
    let unproved = Question { by: Subject { assured: false, ..gp() }, ..question(true) };
    assert_eq!(run(&mut Advice::default(), Command::Ask(unproved), at(1)), Err(Refusal::NotTheAsker));
}

#[test]
fn a_specialist_refers_only_with_leave_and_nothing_is_typed_again() {
    let mut without = asked(false);
    assert_eq!(run(&mut without, convert(consultant()), at(5)), Err(Refusal::NotAuthorised));
    let mut advice = asked(true);
    run(&mut advice, ask_back(), at(5)).unwrap();
    run(&mut advice, reply("Doxazosin 4 mg"), at(6)).unwrap();
    run(&mut advice, convert(consultant()), at(7)).unwrap();
    let referral = advice.referral().unwrap();
    let asked = question(true);
    assert_eq!((referral.journey, referral.person), (asked.journey, asked.person));
    assert_eq!(referral.question, asked.question.trim());
    assert_eq!((&referral.tried, &referral.to, &referral.asked_for), (&asked.tried, &asked.to, &asked.team));
    assert_eq!(referral.attachments, asked.attachments);
    let said: Vec<&str> = referral.said.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(said, ["Which tablets?", "Doxazosin 4 mg"]);
    assert_eq!(referral.authorised, Some(at(0)));
    assert_eq!(run(&mut advice, convert(consultant()), at(8)), Err(Refusal::Over), "once");
}

#[test]
fn leave_after_the_specialist_has_written_is_too_late_and_the_asker_refers_instead() {
    let mut advice = asked(false);
    run(&mut advice, ask_back(), at(5)).unwrap();
    let leave = |agrees| Command::Authorise { by: gp(), person_agrees: agrees };
    assert_eq!(run(&mut advice, leave(true), at(6)), Err(Refusal::TooLate));
    run(&mut advice, reply("Doxazosin 4 mg"), at(7)).unwrap();
    assert_eq!(run(&mut advice, leave(true), at(8)), Err(Refusal::TooLate));
    assert_eq!(run(&mut advice, convert(consultant()), at(8)), Err(Refusal::NotAuthorised));
    assert_eq!(run(&mut advice, convert(gp()), at(8)), Err(Refusal::NotAnswered));
    run(&mut advice, Command::Answer { by: consultant(), answer: answer() }, at(9)).unwrap();
    run(&mut advice, convert(gp()), at(10)).unwrap();
    let referral = advice.referral().unwrap();
    assert_eq!((referral.authorised, referral.advice.as_deref()), (None, Some(answer().plan.as_str())));
}

#[test]
fn nobody_is_referred_without_knowing() {
    let mut advice = asked(false);
    let leave = |agrees| Command::Authorise { by: gp(), person_agrees: agrees };
    assert_eq!(run(&mut advice, leave(false), at(1)), Err(Refusal::PersonNotTold));
    run(&mut advice, leave(true), at(1)).unwrap();
    assert!(run(&mut advice, leave(true), at(2)).unwrap().is_empty(), "a double press");
    run(&mut advice, Command::Withdraw { by: gp() }, at(3)).unwrap();
    assert_eq!(run(&mut advice, convert(consultant()), at(4)), Err(Refusal::NotAuthorised));
}

#[test]
fn files_and_messages_have_their_limits_in_words() {
    let (file, _) = Attachment::of("a.txt", b"words").unwrap();
    let many = Question { attachments: vec![file.clone(); 9], ..question(true) };
    let refused = Advice::default().decide(Command::Ask(many), at(0)).unwrap_err();
    assert_eq!(refused.to_string(), "a question has at most 8 files");
    let large = Attachment { size: 11 * 1024 * 1024, ..file };
    let much = Question { attachments: vec![large; 2], ..question(true) };
    let refused = Advice::default().decide(Command::Ask(much), at(0)).unwrap_err();
    assert_eq!(refused.to_string(), "the files of a question have at most 20 MB together");
    let long = Question { question: "x".repeat(4_001), ..question(true) };
    assert_eq!(Advice::default().decide(Command::Ask(long), at(0)), Err(Refusal::TooLong));
    let mut advice = asked(true);
    for number in 0..40 {
        run(&mut advice, reply("More"), at(number)).unwrap();
    }
    assert_eq!(run(&mut advice, reply("More"), at(41)), Err(Refusal::TooManyMessages));
}

/// What somebody tries.
#[derive(Debug, Clone, Copy)]
enum Try {
    Authorise,
    Withdraw,
    AskBack,
    Reply,
    Answer,
    ConvertBySpecialist,
    ConvertByAsker,
    Close,
}

fn command(one: Try) -> Command {
    match one {
        Try::Authorise => Command::Authorise { by: gp(), person_agrees: true },
        Try::Withdraw => Command::Withdraw { by: gp() },
        Try::AskBack => ask_back(),
        Try::Reply => reply("More"),
        Try::Answer => Command::Answer { by: consultant(), answer: answer() },
        Try::ConvertBySpecialist => convert(consultant()),
        Try::ConvertByAsker => convert(gp()),
        Try::Close => Command::Close { by: gp(), outcome: Outcome::ManagedInPractice },
    }
}

fn any_try() -> impl Strategy<Value = Try> {
    proptest::sample::select(vec![
        Try::Authorise,
        Try::Withdraw,
        Try::AskBack,
        Try::Reply,
        Try::Answer,
        Try::ConvertBySpecialist,
        Try::ConvertByAsker,
        Try::Close,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_specialist_converts_only_where_leave_stood_before_anything_of_theirs(
        agreed in any::<bool>(),
        tries in proptest::collection::vec(any_try(), 0..14),
    ) {
        let mut advice = asked(agreed);
        let mut log = Vec::new();
        for (second, one) in tries.into_iter().enumerate() {
            log.extend(run(&mut advice, command(one), at(second as i64)).unwrap_or_default());
        }
        let conversions = log.iter().filter(|event| matches!(event, Event::AdviceConverted { .. })).count();
        prop_assert!(conversions <= 1);
        let Some(turn) = log.iter().position(|event| matches!(event, Event::AdviceConverted { .. })) else { return Ok(()) };
        let Event::AdviceConverted { by, .. } = &log[turn] else { return Ok(()) };
        // Told from the events alone, slowly: was leave standing at the specialist's first word, and not taken back since?
        let theirs = |event: &&Event| {
            matches!(event, Event::AdviceAskedBack { .. } | Event::AdviceAnswered { .. } | Event::AdviceConverted { .. })
        };
        let first = log.iter().position(|event| theirs(&event)).unwrap_or(turn);
        let mut leave = agreed;
        for event in &log[..first] {
            match event {
                Event::AdviceAuthorised { .. } => leave = true,
                Event::AdviceAuthorityWithdrawn { .. } => leave = false,
                _ => {}
            }
        }
        let later = &log[first..turn];
        let given = later.iter().any(|event| matches!(event, Event::AdviceAuthorised { .. }));
        prop_assert!(!given, "never given afterwards");
        let taken_back = later.iter().any(|event| matches!(event, Event::AdviceAuthorityWithdrawn { .. }));
        if by.id == "consultant" {
            prop_assert!(leave && !taken_back);
        } else {
            let answered = log[..turn].iter().any(|event| matches!(event, Event::AdviceAnswered { .. }));
            prop_assert!(answered);
        }
    }

    #[test]
    fn events_read_again_come_to_the_same(agreed in any::<bool>(), tries in proptest::collection::vec(any_try(), 0..14)) {
        let mut advice = Advice::default();
        let mut log = run(&mut advice, Command::Ask(question(agreed)), at(0)).unwrap();
        for (second, one) in tries.into_iter().enumerate() {
            log.extend(run(&mut advice, command(one), at(second as i64)).unwrap_or_default());
        }
        let mut again = Advice::default();
        for event in &log {
            again.apply(&serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap());
        }
        prop_assert_eq!(again, advice);
    }
}
