//! Stays in words: how one stands, which day it is, each thing that happened. Every sentence about a stay that more than one page says
//! stands here.

use care::episode::{Episode, Event, Persons, Without};
use care::views::episode::{Happened, Line};
use care::views::step::Step as Told;
use jiff::Timestamp;

use crate::components::{Colour, Tag};
use crate::desk::ask::words::{when, who};
use crate::desk::person::capital;
use crate::pages::ask::Step;
use crate::pages::ask::clock::Standing;
use crate::words::{london_date, uk_date, uk_datetime};

/// Which day of the stay it is; the day of admission is the first.
pub(super) fn day_of(started: Timestamp, now: Timestamp) -> i32 {
    let (first, today) = (london_date(started), london_date(now));
    first.until(today).map_or(1, |span| span.get_days() + 1)
}

fn days(count: i32) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
}

/// What is left of its length, how it stands, and how much is gone of 100.
pub(super) fn left(line: &Line, now: Timestamp) -> (String, Standing, u8) {
    let (Some(started), Some(until)) = (line.started, line.until) else { return (String::new(), Standing::Void, 100) };
    if line.interrupted {
        return ("Its length rests".to_owned(), Standing::Resting, 50);
    }
    let today = london_date(now);
    let left = today.until(until).map_or(0, |span| span.get_days());
    if left < 0 {
        return (format!("{} over", days(-left)), Standing::Late, 100);
    }
    let whole = london_date(started).until(until).map_or(1, |span| span.get_days()).max(1);
    let gone = u8::try_from(((whole - left).max(0) * 100 / whole).min(100)).unwrap_or(100);
    (format!("{} left", days(left)), if gone >= 80 { Standing::Soon } else { Standing::Running }, gone)
}

/// How it stands, for the eye.
pub(super) fn tag(stay: &Episode, over: bool) -> Tag {
    let (words, colour) = match () {
        () if stay.is_expected() => ("Expected", Colour::Yellow),
        () if stay.is_interrupted() => ("In hospital", Colour::Orange),
        () if over => ("Over its length", Colour::Red),
        () if stay.is_open() => ("With us", Colour::Blue),
        () if stay.waits_for_the_person() => ("Ended, one answer missing", Colour::Orange),
        () => ("Ended", Colour::Green),
    };
    Tag::new(words).coloured(colour)
}

fn started(happened: &[Happened]) -> Option<Timestamp> {
    happened.iter().find_map(|(_, event)| match event {
        Event::EpisodeStarted { at, .. } => Some(*at),
        _ => None,
    })
}

/// Which day it is, and what comes next.
pub(super) fn lead(stay: &Episode, happened: &[Happened], now: Timestamp) -> String {
    let step = stay.step().map(|step| format!(", {}", step.said())).unwrap_or_default();
    match (started(happened), stay.until()) {
        (None, _) if stay.is_expected() => {
            format!("They are expected{step}. Next, they are admitted with at least one goal.")
        }
        (None, _) => "They did not come.".to_owned(),
        (Some(at), Some(until)) if stay.is_open() => {
            format!("Day {}{step}. It may last until {}.", day_of(at, now), uk_date(until))
        }
        (Some(_), _) if stay.waits_for_the_person() => {
            "It has ended. The person has not said yet what would have happened without it.".to_owned()
        }
        (Some(_), _) => "It has ended, and both sides have said what would have happened without it.".to_owned(),
    }
}

/// Its length is over.
pub(super) fn over(stay: &Episode) -> String {
    let until = stay.until().map(uk_date).unwrap_or_default();
    format!("Its length ended on {until}. Make it longer with a reason, or end it.")
}

/// Each goal and how far it is reached.
pub(super) fn goals(stay: &Episode) -> Vec<(String, String)> {
    let judged = |number: usize| stay.judged().get(number).copied().flatten();
    let each = stay.goals().iter().enumerate().map(|(number, goal)| {
        (goal.to_string(), judged(number).map_or_else(|| "Not judged yet".to_owned(), |one| capital(one.said())))
    });
    each.collect()
}

fn person_said(person: &Persons) -> String {
    match person {
        Persons::Said(answer) => capital(answer.said()),
        Persons::SaidFor { answer, by } => format!("{}, as {by} says", capital(answer.said())),
        Persons::NotAsked(because) => format!("Not asked: {because}"),
    }
}

fn answer(without: Without) -> String {
    capital(without.said())
}

/// What is known of it.
pub(super) fn facts(happened: &[Happened], service: &str) -> Vec<(String, String)> {
    let mut rows = vec![("Service", service.to_owned())];
    let mut until = None;
    for (told, event) in happened {
        match event {
            Event::StayTaken { step, .. } => {
                rows.push(("Which way", capital(step.said())));
                rows.push(("Taken over", uk_datetime(told.at)));
            }
            Event::EpisodeStarted { at, cap, policy, step, .. } => {
                rows.retain(|(key, _)| *key != "Which way");
                rows.push(("Which way", capital(step.said())));
                rows.push(("Admitted", uk_datetime(*at)));
                rows.push(("By which rule", policy.clone()));
                until = Some(*cap);
            }
            Event::EpisodeExtended { until: later, .. } => until = Some(*later),
            Event::EpisodeEnded { at, outcome, professional, person, .. } => {
                rows.push(("Ended", uk_datetime(*at)));
                rows.push(("How it ended", capital(outcome.said())));
                rows.push(("Without it, as the service says", answer(*professional)));
                rows.push(("Without it, as the person says", person_said(person)));
            }
            Event::PersonAnswered { answer } => {
                rows.retain(|(key, _)| *key != "Without it, as the person says");
                rows.push(("Without it, as the person says", person_said(answer)));
            }
            _ => {}
        }
    }
    if let Some(until) = until {
        rows.push(("May last until", uk_date(until)));
    }
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// One thing that happened.
pub(super) fn step(stay: &Episode, told: &Told, event: &Event, now: Timestamp) -> Step {
    let goal = |number: usize| stay.goals().get(number).map(ToString::to_string).unwrap_or_default();
    let (what, said) = match event {
        Event::StayTaken { .. } => ("The service took it over with the ask".to_owned(), None),
        Event::StayLetGo { because, .. } => ("It was let go before they came".to_owned(), Some(because.to_string())),
        Event::StayFound { .. } => ("Somebody said who the person is".to_owned(), None),
        Event::EpisodeStarted { at, .. } => (format!("They were admitted {}", when(*at, now)), None),
        Event::GoalAdded { goal } => ("A goal was added".to_owned(), Some(goal.to_string())),
        Event::GoalJudged { goal: number, reached, .. } => {
            (format!("A goal was judged: {}", reached.said()), Some(goal(*number)))
        }
        Event::EpisodeReviewed { words, by, .. } => (format!("{by} looked at how it goes"), Some(words.to_string())),
        Event::EpisodeExtended { until, because } => {
            (format!("It was made longer, until {}", uk_date(*until)), Some(because.to_string()))
        }
        Event::EpisodeInterrupted { at } => (format!("They went into hospital {}", when(*at, now)), None),
        Event::EpisodeResumed { at } => (format!("They were back {}", when(*at, now)), None),
        Event::EpisodeEnded { at, outcome, .. } => (format!("It ended {}: {}", when(*at, now), outcome.said()), None),
        Event::PersonAnswered { answer } => ("The person\u{2019}s side answered".to_owned(), Some(person_said(answer))),
    };
    Step { when: when(told.at, now), what, who: who(told), words: said, seen: Vec::new() }
}
