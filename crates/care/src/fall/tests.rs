//! Story S2 on the floor, and that there is no number for how likely somebody is to fall.

use super::*;
use proptest::prelude::*;
use store::View;

fn at(time: &str) -> Timestamp {
    format!("2026-11-24T{time}Z").parse().unwrap()
}

fn words(text: &str) -> Words {
    Words::try_from(text).unwrap()
}

fn report(since: Option<&str>) -> Command {
    Command::Report {
        ask: Some(Uuid::from_u128(1)),
        person: Uuid::from_u128(2),
        place: words("the kitchen"),
        on_floor_since: since.map(at),
        on_floor: true,
        alone: Known::Yes,
    }
}

const CLEAR: Screen = Screen {
    lost_consciousness: Known::No,
    head: Known::No,
    blood_thinner: Known::Unknown,
    injury: Injury::None,
    can_get_up: Known::No,
};

const HAROLD: About =
    About { age: Some(79), long_term_condition: false, falls_in_a_year: 1, frailty: false, gait_or_balance: false };

fn route(route: Route) -> Command {
    Command::Route { route, because: words("alone and cannot rise"), despite: None }
}

fn told(commands: Vec<(Command, &str)>) -> Result<Fall, Refusal> {
    let mut fall = Fall::default();
    for (command, now) in commands {
        for event in fall.decide(command, at(now))? {
            let written = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event);
            fall.apply(&event);
        }
    }
    Ok(fall)
}

#[test]
fn on_the_floor_since_twenty_past_nine_is_a_lie_of_81_minutes() {
    let begun =
        vec![(report(Some("09:20")), "09:56"), (Command::Screen(CLEAR), "09:58"), (route(Route::Visit), "09:59")];
    let fall = told(begun.clone()).unwrap();
    assert_eq!(fall.on_floor_for(at("10:00")), Some(SignedDuration::from_mins(40)));
    let mut all = begun;
    all.push((Command::HelpUp { at: at("10:41"), care: Care::Assessed }, "11:40"));
    all.push((Command::AskAssessment(needs_assessment(&HAROLD, &CLEAR)), "11:41"));
    let fall = told(all).unwrap();
    assert_eq!(fall.minutes_on_floor(), Some(81));
    assert!(SignedDuration::from_mins(81) > LONG_LIE);
    assert_eq!(fall.on_floor_for(at("12:00")), None);
    assert_eq!(fall.reasons(), [Reason::CouldNotGetUp]);
    assert_eq!(fall.reasons()[0].said(), "they could not get up");
}

#[test]
fn thirty_days_on_somebody_asks_how_they_are_once_they_are_up_and_the_clock_hears_it() {
    let ask =
        |at_time: &str, again| Command::LookIn { at: at(at_time), again, words: words("Well, and out every day") };
    let begun = [(report(Some("09:20")), "09:56")];
    let with = |more: Vec<(Command, &'static str)>| told(begun.iter().cloned().chain(more).collect());
    assert_eq!(with(vec![(ask("10:00", Known::No), "10:00")]).unwrap_err(), Refusal::OnTheFloor);
    let up = (Command::HelpUp { at: at("10:41"), care: Care::ByOthers }, "10:42");
    assert_eq!(with(vec![up.clone(), (ask("10:40", Known::No), "11:00")]).unwrap_err(), Refusal::Time);
    assert_eq!(with(vec![up.clone(), (ask("11:01", Known::No), "11:00")]).unwrap_err(), Refusal::Time);
    let twice =
        with(vec![up.clone(), (ask("11:00", Known::Yes), "11:00"), (ask("11:00", Known::Yes), "11:01")]).unwrap();
    assert!(matches!(twice.looked_in(), Some((when, Known::Yes, _)) if *when == at("11:00")));
    assert_eq!(twice.followed_up(), None, "the year is another thing");
    // What its clock hears, and nothing else of a fall.
    let reported = Event::FallReported {
        ask: None,
        person: Uuid::from_u128(2),
        place: words("the kitchen"),
        on_floor_since: None,
        on_floor: false,
        alone: Known::Unknown,
    };
    let looked_in = Event::LookedInOn { at: at("12:30"), again: Known::No, words: words("Well") };
    let followed_up = Event::FollowedUp { at: at("11:00"), words: words("Well") };
    let heard: Vec<_> =
        [&reported, &looked_in, &followed_up].into_iter().filter_map(|event| event.heard(at("12:00"))).collect();
    let clocks = crate::clock::Clocks::of(&place::Place::built_in().unwrap()).unwrap();
    let span = clocks.span(FOLLOW_UP, &heard, at("13:00")).unwrap().unwrap();
    assert_eq!((heard.len(), span.state, span.breached), (2, crate::clock::State::Stopped, false), "{span:?}");
    let span = clocks.span(FOLLOW_UP, &heard[..1], at("13:00")).unwrap().unwrap();
    assert_eq!((span.state, span.left.to_string()), (crate::clock::State::Running, "30 days".to_owned()));
}

#[test]
fn a_red_flag_is_for_999_and_nobody_is_sent_before_the_questions() {
    assert_eq!(told(vec![(report(None), "09:56"), (route(Route::Visit), "09:57")]).unwrap_err(), Refusal::NotScreened);
    for (screen, flag) in [
        (Screen { lost_consciousness: Known::Yes, ..CLEAR }, "lost consciousness"),
        (Screen { injury: Injury::Serious, ..CLEAR }, "serious injury"),
        (Screen { head: Known::Yes, ..CLEAR }, "thins the blood"),
    ] {
        let with = |to| told(vec![(report(None), "09:56"), (Command::Screen(screen), "09:57"), (route(to), "09:58")]);
        for to in [Route::Visit, Route::Advice] {
            assert!(with(to).unwrap_err().to_string().contains(flag));
        }
        with(Route::Ambulance).unwrap();
        let seen = Some(words("Dr Okafor is with her and has examined her"));
        let despite = Command::Route { route: Route::Visit, because: words("safe at home"), despite: seen };
        told(vec![(report(None), "09:56"), (Command::Screen(screen), "09:57"), (despite, "09:58")]).unwrap();
    }
    let bump = Screen { head: Known::Yes, blood_thinner: Known::No, ..CLEAR };
    assert!(bump.red_flags().is_empty());
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    assert_eq!(told(vec![(Command::Screen(CLEAR), "09:56")]).unwrap_err(), Refusal::NotReported);
    assert_eq!(told(vec![(report(None), "09:56"), (report(None), "09:57")]).unwrap_err(), Refusal::AlreadyReported);
    assert_eq!(told(vec![(report(Some("10:20")), "09:56")]).unwrap_err(), Refusal::Time);
    let then = |command| told(vec![(report(Some("09:20")), "09:56"), (command, "10:00")]).unwrap_err();
    assert_eq!(then(Command::HelpUp { at: at("09:10"), care: Care::HelpedUp }), Refusal::Time);
    assert_eq!(then(Command::HelpUp { at: at("10:10"), care: Care::HelpedUp }), Refusal::Time);
    assert_eq!(then(Command::AskAssessment(Vec::new())), Refusal::NoReason);
    assert_eq!(then(Command::Assess { at: at("09:59"), findings: Vec::new() }), Refusal::NothingFound);
    let finding = || Finding { topic: Topic::Feet, found: words("slippers"), action: None };
    assert_eq!(then(Command::Assess { at: at("09:59"), findings: vec![finding(), finding()] }), Refusal::TopicTwice);
    let up = |time: &str| Command::HelpUp { at: at(time), care: Care::HelpedUp };
    let twice = |again: &str| told(vec![(report(None), "09:56"), (up("09:59"), "10:00"), (up(again), "10:01")]);
    assert_eq!(twice("09:58").unwrap_err(), Refusal::NotOnFloor);
    assert!(twice("09:59").is_ok(), "the same, pressed twice, changes nothing");
}

/// One of everything that can be written down about a fall.
fn everything() -> Vec<Event> {
    let finding = |topic| Finding { topic, found: words("seen"), action: Some(words("done")) };
    let topics = [
        Topic::Medicines,
        Topic::StandingBloodPressure,
        Topic::GaitAndBalance,
        Topic::Vision,
        Topic::Feet,
        Topic::HomeHazards,
        Topic::FearOfFalling,
        Topic::BoneHealth,
        Topic::Memory,
        Topic::Continence,
    ];
    vec![
        Event::FallReported {
            ask: Some(Uuid::nil()),
            person: Uuid::nil(),
            place: words("the kitchen"),
            on_floor_since: Some(at("09:20")),
            on_floor: true,
            alone: Known::Unknown,
        },
        Event::FallScreened { screen: CLEAR },
        Event::FallRouted {
            route: Route::Visit,
            because: words("alone"),
            despite: Some(words("a paramedic is there")),
        },
        Event::HelpedUp { at: at("10:41"), care: Care::Assessed, minutes_on_floor: Some(81) },
        Event::AssessmentAsked { reasons: Reason::ALL.into() },
        Event::FallAssessed { at: at("10:50"), findings: topics.map(finding).into() },
        Event::HazardVisitBooked { on: jiff::civil::date(2026, 11, 27) },
        Event::StrengthPlaceBooked { on: jiff::civil::date(2026, 12, 8), place: words("the baths") },
        Event::LookedInOn { at: at("10:50"), again: Known::No, words: words("well") },
        Event::FollowedUp { at: at("10:50"), words: words("well") },
    ]
}

/// The number of a variant, so that a new one cannot be left out of [`everything`].
const fn number(event: &Event) -> usize {
    match event {
        Event::FallReported { .. } => 0,
        Event::FallScreened { .. } => 1,
        Event::FallRouted { .. } => 2,
        Event::HelpedUp { .. } => 3,
        Event::AssessmentAsked { .. } => 4,
        Event::FallAssessed { .. } => 5,
        Event::HazardVisitBooked { .. } => 6,
        Event::StrengthPlaceBooked { .. } => 7,
        Event::LookedInOn { .. } => 8,
        Event::FollowedUp { .. } => 9,
    }
}

/// Every key and every word of a JSON value.
fn walk(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                into.push(key.clone());
                walk(value, into);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, into)),
        serde_json::Value::String(text) => into.push(text.clone()),
        _ => {}
    }
}

#[test]
fn there_is_no_score_and_no_word_of_one_in_anything_kept_of_a_fall_or_a_crisis() {
    use crate::crisis;
    let all = everything();
    assert_eq!(all.iter().map(number).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    let mut found = Vec::new();
    walk(&serde_json::to_value(&all).unwrap(), &mut found);
    let measures = [
        crisis::Measure::News2,
        crisis::Measure::FourAt,
        crisis::Measure::ClinicalFrailty,
        crisis::Measure::StandingDrop,
    ];
    let measured = measures.map(|measure| crisis::Event::Measured { measure, value: 1, at: at("10:50") });
    walk(&serde_json::to_value(measured).unwrap(), &mut found);
    for table in [crate::views::fall::Falls.tables(), crate::views::crisis::Responses.tables()].concat() {
        found.push(table.name.to_owned());
        found.extend(table.columns.iter().map(|column| column.name.to_owned()));
    }
    assert!(found.len() > 80, "{}", found.len());
    let scores: Vec<&String> = found
        .iter()
        .filter(|word| {
            let word = word.to_lowercase();
            ["score", "risk", "likelihood", "probability", "points", "rating"].iter().any(|bad| word.contains(bad))
        })
        .collect();
    assert!(scores.is_empty(), "{scores:?}");
    // The walk would find one.
    let mut planted = Vec::new();
    walk(&serde_json::json!({"a": [{"fallRiskScore": 7}]}), &mut planted);
    assert!(planted.iter().any(|word| word.to_lowercase().contains("risk")));
}

fn known() -> impl Strategy<Value = Known> {
    prop::sample::select(vec![Known::Yes, Known::No, Known::Unknown])
}

proptest! {
    #[test]
    fn a_full_assessment_has_a_reason_that_is_so_and_nobody_of_65_with_one_is_passed_over(
        age in prop::option::of(18_u8..105),
        condition in any::<bool>(),
        falls in 1_u16..5,
        frailty in any::<bool>(),
        gait in any::<bool>(),
        lost in known(),
        up in known(),
        injury in prop::sample::select(vec![Injury::None, Injury::Minor, Injury::Serious, Injury::Unknown]),
    ) {
        let about = About { age, long_term_condition: condition, falls_in_a_year: falls, frailty, gait_or_balance: gait };
        let screen = Screen { lost_consciousness: lost, can_get_up: up, injury, ..CLEAR };
        let reasons = needs_assessment(&about, &screen);
        let any = falls >= 2 || frailty || gait || lost == Known::Yes || up == Known::No
            || injury == Injury::Minor || injury == Injury::Serious;
        let of_age = age.is_none_or(|age| age >= 65 || (age >= 50 && condition));
        prop_assert_eq!(!reasons.is_empty(), any && of_age);
    }
}
