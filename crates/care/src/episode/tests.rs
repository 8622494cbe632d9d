//! An episode from its beginning to both answers.

use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;

static CLOCKS: LazyLock<Clocks> = LazyLock::new(|| Clocks::of(&place::Place::built_in().unwrap()).unwrap());

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn start(when: &str) -> Command {
    let at = at(when);
    Command::Start {
        ask: None,
        person: Uuid::nil(),
        service: "recovery-at-home".to_owned(),
        step: Step::Up,
        goals: vec![words("walk to the shop")],
        at,
        cap: cap(&CLOCKS, at).unwrap(),
    }
}

fn end(when: &str, person: Persons) -> Command {
    let at = at(when);
    Command::End {
        at,
        day: at.to_zoned(CLOCKS.zone().clone()).date(),
        outcome: Outcome::Independent,
        goals: vec![Reached::Yes],
        said: Both::of(Without::Hospital, "reader:one", "Ruth One", person).unwrap(),
    }
}

fn done(commands: Vec<Command>, now: &str) -> Result<Episode, Refusal> {
    let mut episode = Episode::default();
    for command in commands {
        for event in episode.decide(command, at(now))? {
            // What is written down reads back as the same.
            let written = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event);
            episode.apply(&event);
        }
    }
    Ok(episode)
}

#[test]
fn an_episode_lasts_six_weeks_unless_it_is_extended_with_a_reason() {
    let begun = done(vec![start("2026-05-01T10:00Z")], "2026-05-01T11:00Z").unwrap();
    assert_eq!(begun.until(), Some(jiff::civil::date(2026, 6, 12)));
    let late = || end("2026-06-13T10:00Z", Persons::Said(Without::Nothing));
    let now = "2026-06-20T10:00Z";
    let refused = done(vec![start("2026-05-01T10:00Z"), late()], now).unwrap_err();
    assert_eq!(refused, Refusal::TooLong(jiff::civil::date(2026, 6, 12)));
    let extend =
        |day: &str| Command::Extend { until: day.parse().unwrap(), because: words("the stairs are not safe yet") };
    assert_eq!(
        done(vec![start("2026-05-01T10:00Z"), extend("2026-06-12")], now).unwrap_err(),
        Refusal::NotLonger(jiff::civil::date(2026, 6, 12))
    );
    let ended = done(vec![start("2026-05-01T10:00Z"), extend("2026-06-19"), late()], now).unwrap();
    assert!(!ended.is_open());
    let span = ended.span(&CLOCKS, at(now)).unwrap().unwrap();
    assert_eq!((span.policy.to_string().as_str(), span.breached), ("intermediate-stay@2026-1", true));
}

#[test]
fn a_stay_in_hospital_does_not_count_against_its_length() {
    let commands = vec![
        start("2026-05-01T10:00Z"),
        Command::Interrupt(at("2026-05-10T10:00Z")),
        Command::Resume(at("2026-05-20T10:00Z")),
        end("2026-06-20T10:00Z", Persons::Said(Without::Hospital)),
    ];
    let ended = done(commands, "2026-06-21T10:00Z").unwrap();
    let span = ended.span(&CLOCKS, at("2026-06-21T10:00Z")).unwrap().unwrap();
    assert_eq!((span.elapsed.number(), span.breached), (40, false));
}

#[test]
fn at_the_end_both_answer_and_who_could_not_be_asked_may_answer_later() {
    let now = "2026-06-01T10:00Z";
    let not_asked = || end("2026-05-20T10:00Z", Persons::NotAsked(words("asleep; the daughter will ring")));
    let mut ended = done(vec![start("2026-05-01T10:00Z"), not_asked()], now).unwrap();
    assert_eq!(
        ended.decide(Command::Answer(Persons::NotAsked(words("still asleep"))), at(now)),
        Err(Refusal::NoAnswer)
    );
    for event in ended.decide(Command::Answer(Persons::Said(Without::Ambulance)), at(now)).unwrap() {
        ended.apply(&event);
    }
    let again = Command::Answer(Persons::Said(Without::Nothing));
    assert_eq!(ended.decide(again, at(now)), Err(Refusal::AlreadyAnswered));
    assert_eq!(
        Both::of(Without::Hospital, " ", "", Persons::Said(Without::Unsure)),
        Err(NotTwo::Nobody),
        "somebody answers for the service"
    );
    let judged = match not_asked() {
        Command::End { at, day, outcome, said, .. } => Command::End { at, day, outcome, goals: Vec::new(), said },
        other => other,
    };
    assert_eq!(done(vec![start("2026-05-01T10:00Z"), judged], now).unwrap_err(), Refusal::GoalsUnjudged(1));
}

#[test]
fn two_different_people_say_what_would_have_happened() {
    let by = |name: &str| Persons::SaidFor { answer: Without::Hospital, by: words(name) };
    for same in ["Ruth One", "ruth  ONE", "reader:one"] {
        assert_eq!(Both::of(Without::Nothing, "reader:one", "Ruth One", by(same)), Err(NotTwo::Same), "{same}");
    }
    assert!(Both::of(Without::Nothing, "reader:one", "Ruth One", by("Ruth Ashworth, daughter")).is_ok());
    assert!(Both::of(Without::Nothing, "reader:one", "Ruth One", Persons::Said(Without::Nothing)).is_ok());
}

fn take() -> Command {
    let service = "recovery-at-home".to_owned();
    Command::Take { ask: Uuid::from_u128(1), person: Uuid::nil(), service, step: Step::Up }
}

#[test]
fn whoever_is_taken_is_expected_until_they_are_there_or_it_is_let_go() {
    let now = "2026-05-01T11:00Z";
    let expected = done(vec![take(), take()], now).unwrap();
    assert!(expected.is_expected() && !expected.is_open() && expected.moments().is_empty(), "no clock runs yet");
    assert_eq!(done(vec![take(), Command::AddGoal(words("cook"))], now).unwrap_err(), Refusal::NotStarted);
    let Command::Start { person, service, step, goals, at, cap, .. } = start("2026-05-01T10:00Z") else { return };
    let start = |ask: u128, service: &str| Command::Start {
        ask: Some(Uuid::from_u128(ask)),
        person,
        service: service.to_owned(),
        step,
        goals: goals.clone(),
        at,
        cap: cap.clone(),
    };
    assert_eq!(done(vec![take(), start(2, &service)], now).unwrap_err(), Refusal::Another);
    assert_eq!(done(vec![take(), start(1, "delirium-beds")], now).unwrap_err(), Refusal::Another);
    assert!(done(vec![take(), start(1, &service)], now).unwrap().is_open());
    let let_go = || Command::LetGo(words("went to hospital"));
    assert_eq!(done(vec![take(), start(1, &service), let_go()], now).unwrap_err(), Refusal::Begun);
    assert_eq!(done(vec![take(), let_go(), start(1, &service)], now).unwrap_err(), Refusal::Ended);
}

#[test]
fn its_length_grows_by_two_weeks_at_a_time_and_each_time_with_a_reason() {
    let extend = |day: &str| Command::Extend { until: day.parse().unwrap(), because: words("stairs") };
    let now = "2026-06-01T10:00Z";
    let started = || start("2026-05-01T10:00Z");
    let refused = done(vec![started(), extend("2026-06-27")], now).unwrap_err();
    assert_eq!(refused, Refusal::TooMuchLonger(jiff::civil::date(2026, 6, 26)));
    assert!(done(vec![started(), extend("2026-06-26"), extend("2026-07-10")], now).is_ok());
    // Where its length is long over, from today.
    assert!(done(vec![started(), extend("2026-09-10")], "2026-08-30T10:00Z").is_ok());
}

#[test]
fn goals_are_judged_on_the_way_and_again_at_the_end() {
    let now = "2026-06-01T10:00Z";
    let judge = |goal| Command::JudgeGoal { goal, reached: Reached::Partly };
    let review = || Command::Review { words: words("walks with a stick"), by: "Ruth One".to_owned() };
    let going = done(vec![start("2026-05-01T10:00Z"), judge(0), review()], now).unwrap();
    assert_eq!(going.judged(), [Some(Reached::Partly)]);
    assert_eq!(done(vec![start("2026-05-01T10:00Z"), judge(1)], now).unwrap_err(), Refusal::NoSuchGoal);
    let over = end("2026-05-20T10:00Z", Persons::Said(Without::Unsure));
    let ended = done(vec![start("2026-05-01T10:00Z"), judge(0), over], now).unwrap();
    assert_eq!(ended.judged(), [Some(Reached::Yes)]);
}

#[test]
fn an_episode_without_a_goal_or_out_of_turn_is_refused() {
    let now = "2026-06-01T10:00Z";
    let goalless = match start("2026-05-01T10:00Z") {
        Command::Start { ask, person, service, step, at, cap, .. } => {
            Command::Start { ask, person, service, step, goals: Vec::new(), at, cap }
        }
        other => other,
    };
    assert_eq!(done(vec![goalless], now).unwrap_err(), Refusal::NoGoal);
    assert_eq!(done(vec![start("2026-07-01T10:00Z")], now).unwrap_err(), Refusal::Time);
    let early = end("2026-04-30T10:00Z", Persons::Said(Without::Unsure));
    assert_eq!(done(vec![start("2026-05-01T10:00Z"), early], now).unwrap_err(), Refusal::Time);
    assert_eq!(done(vec![Command::AddGoal(words("cook"))], now).unwrap_err(), Refusal::NotStarted);
    let twice = vec![start("2026-05-01T10:00Z"), start("2026-05-01T10:00Z")];
    assert_eq!(done(twice, now).unwrap_err(), Refusal::AlreadyStarted);
}

proptest! {
    #[test]
    fn whatever_is_tried_an_ended_episode_has_both_answers_and_every_goal_judged(
        tries in prop::collection::vec((0_u8..7, 0_i64..60), 0..12),
    ) {
        let now = at("2026-08-01T10:00Z");
        let mut episode = Episode::default();
        for (what, day) in tries {
            let when = at("2026-05-01T10:00Z") + jiff::SignedDuration::from_hours(24 * day);
            let text = when.to_string();
            let command = match what {
                0 | 1 => start(&text),
                2 => Command::AddGoal(words("cook")),
                3 => Command::Interrupt(when),
                4 => Command::Resume(when),
                5 => end(&text, Persons::NotAsked(words("not there"))),
                _ => Command::Answer(Persons::Said(Without::Nothing)),
            };
            let before = episode.is_open();
            let Ok(events) = episode.decide(command, now) else { continue };
            for event in events {
                if let Event::EpisodeEnded { goals, professional_is, .. } = &event {
                    prop_assert!(before);
                    prop_assert_eq!(goals.len(), episode.goals().len());
                    prop_assert!(!professional_is.is_empty());
                }
                if let Event::PersonAnswered { answer } = &event {
                    prop_assert!(answer.answer().is_some() && !before);
                }
                episode.apply(&event);
            }
            let moments = episode.moments();
            prop_assert!(moments.windows(2).all(|pair| pair[0].at <= pair[1].at));
        }
    }
}
