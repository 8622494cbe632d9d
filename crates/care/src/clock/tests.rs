//! The clocks of the place held against their vectors, and the arithmetic against a slow count.

mod properties;
mod vectors;

use super::*;
use std::sync::LazyLock;

static CLOCKS: LazyLock<Clocks> = LazyLock::new(|| Clocks::of(&Place::built_in().unwrap()).unwrap());

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn said(moments: &[(&str, &str)]) -> Vec<Moment> {
    moments.iter().map(|(time, signal)| Moment::new(at(time), *signal)).collect()
}

#[test]
fn a_clock_follows_the_rule_of_the_day_on_which_it_started() {
    let span = |day: &str| {
        let moments = said(&[(&format!("{day}T10:00Z"), "crisis-referral-received")]);
        CLOCKS.span("crisis-response", &moments, at(&format!("{day}T10:30Z"))).unwrap().unwrap()
    };
    assert_eq!(span("2016-06-14").policy.to_string(), "crisis-response@2016-1");
    assert_eq!(span("2026-03-31").policy.to_string(), "crisis-response@2016-1");
    assert_eq!(span("2026-04-01").policy.to_string(), "crisis-response@2026-1");
    // What started under one rule ends under it.
    let moments = said(&[("2026-03-31T21:30Z", "crisis-referral-received"), ("2026-04-01T08:00Z", "first-contact")]);
    let over = CLOCKS.span("crisis-response", &moments, at("2026-05-01T00:00Z")).unwrap().unwrap();
    assert_eq!(over.policy.to_string(), "crisis-response@2016-1");
    assert_eq!(CLOCKS.span("no-such-clock", &moments, at("2026-05-01T00:00Z")), Ok(None));
}

#[test]
fn the_same_case_is_counted_as_it_was_and_as_it_is() {
    let early = said(&[("2026-11-22T07:56Z", "crisis-referral-received"), ("2026-11-22T08:41Z", "first-contact")]);
    let later = said(&[("2026-11-22T09:56Z", "crisis-referral-received"), ("2026-11-22T10:41Z", "first-contact")]);
    let now = at("2026-11-22T12:00Z");
    let minutes = |rules, moments: &[Moment]| {
        CLOCKS.rule_in("crisis-response", rules).unwrap().span(moments, now).unwrap().elapsed.minutes().unwrap()
    };
    assert_eq!([minutes("2016", &later), minutes("2026", &later)], [45, 45]);
    assert_eq!([minutes("2016", &early), minutes("2026", &early)], [41, 45]);
}

#[test]
fn what_does_not_fit_is_told_and_not_counted() {
    let rule = CLOCKS.rule_in("crisis-response", "2026").unwrap();
    let mut moments = said(&[
        ("2026-11-22T09:00Z", "first-contact"),
        ("2026-11-22T09:56Z", "crisis-referral-received"),
        ("2026-11-22T10:00Z", "crisis-referral-received"),
        ("2026-11-22T10:41Z", "first-contact"),
        ("2026-11-22T10:50Z", "withdrawn-before-contact"),
        ("2026-11-23T10:50Z", "first-contact"),
    ]);
    moments[1].told = at("2026-11-22T10:20Z");
    let span = rule.span(&moments, at("2026-11-22T11:00Z")).unwrap();
    assert_eq!((span.state, span.elapsed.minutes()), (State::Stopped, Some(45)));
    let told = |signal: &str, time: &str| (signal.to_owned(), at(time));
    let found: Vec<(&str, (String, Timestamp))> = span
        .oddities
        .iter()
        .map(|oddity| match oddity.clone() {
            Oddity::BeforeStart { signal, at } => ("before", (signal, at)),
            Oddity::StartedAgain { signal, at } => ("again", (signal, at)),
            Oddity::SaidTwice { signal, at } => ("twice", (signal, at)),
            Oddity::AfterEnd { signal, at } => ("after", (signal, at)),
            Oddity::Ahead { signal, at } => ("ahead", (signal, at)),
            Oddity::ToldLate { signal, at, .. } => ("late", (signal, at)),
        })
        .collect();
    assert_eq!(
        found,
        [
            ("before", told("first-contact", "2026-11-22T09:00Z")),
            ("again", told("crisis-referral-received", "2026-11-22T10:00Z")),
            ("after", told("withdrawn-before-contact", "2026-11-22T10:50Z")),
            ("ahead", told("first-contact", "2026-11-23T10:50Z")),
            ("late", told("crisis-referral-received", "2026-11-22T09:56Z")),
        ]
    );
}

#[test]
fn a_clock_of_the_night_has_the_hours_that_the_night_has() {
    let mut version = CLOCKS.rule_in("crisis-response", "2026").unwrap().version.clone();
    version.runs = "every day 22:00-07:00".to_owned().try_into().unwrap();
    let rule = Rule { version: &version, ..CLOCKS.rule_in("crisis-response", "2026").unwrap() };
    for (evening, hours) in [("2027-03-26", 9), ("2027-03-27", 8), ("2026-10-24", 10)] {
        let start = at(&format!("{evening}T20:00Z"));
        let moments = [Moment::new(start, "crisis-referral-received")];
        let noon = start.checked_add(jiff::SignedDuration::from_hours(16)).unwrap();
        assert_eq!(rule.span(&moments, noon).unwrap().elapsed.minutes(), Some(hours * 60), "{evening}");
    }
}

#[test]
fn a_year_without_its_bank_holidays_is_refused_and_not_guessed() {
    let rule = CLOCKS.rule_in("advice-written", "2026").unwrap();
    let moments = said(&[("2030-12-30T10:00Z", "advice-asked")]);
    assert!(rule.span(&moments, at("2030-12-30T12:00Z")).unwrap_err().to_string().contains("2031 are not listed"));
}

#[test]
fn every_figure_names_its_rule_and_figures_of_two_rules_are_never_added() {
    let now = at("2026-11-22T12:00Z");
    let late = said(&[("2026-11-22T08:00Z", "crisis-referral-received")]);
    let good = said(&[("2026-11-22T08:00Z", "crisis-referral-received"), ("2026-11-22T09:00Z", "first-contact")]);
    let void = said(&[("2026-11-22T08:00Z", "crisis-referral-received"), ("2026-11-22T09:00Z", "died")]);
    let [was, is] = ["2016", "2026"].map(|rules| CLOCKS.rule_in("crisis-response", rules).unwrap());
    let spans: Vec<Span> = [(&was, &late), (&is, &late), (&is, &good), (&is, &good), (&is, &void)]
        .map(|(rule, moments)| rule.span(moments, now).unwrap())
        .into();
    let shares = Share::of(&spans);
    assert_eq!(shares.len(), 2);
    assert_eq!(shares[&was.named()], Share { late: 1, ..Share::default() });
    assert_eq!(shares[&is.named()], Share { in_time: 2, late: 1, void: 1, ..Share::default() });
    assert_eq!((shares[&is.named()].percent(), Share::default().percent()), (Some(66), None));
    let written = serde_json::to_value(&spans).unwrap();
    for span in written.as_array().unwrap() {
        assert!(span["policy"]["clock"].is_string() && span["policy"]["version"].is_string(), "{span}");
    }
}

#[test]
fn nobody_edits_a_clock_but_an_event_with_a_reason_is_heard() {
    use super::amendment::{Amendment, Command, Event, Refusal, Said, amended};
    use store::Aggregate;
    let now = at("2026-11-22T12:00Z");
    let command = |reason: &str, signal: &str, time: &str, strike| Command {
        about: uuid::Uuid::nil(),
        signal: signal.to_owned(),
        at: at(time),
        reason: reason.to_owned(),
        strike,
    };
    let decide = |command| Amendment::default().decide(command, now);
    let known = "the crew's own log says so";
    assert_eq!(decide(command("  because ", "first-contact", "2026-11-22T10:41Z", false)), Err(Refusal::NoReason));
    assert_eq!(
        decide(command(known, "First contact", "2026-11-22T10:41Z", false)),
        Err(Refusal::NoWord("First contact".to_owned()))
    );
    assert_eq!(decide(command(known, "first-contact", "2026-11-22T12:41Z", false)), Err(Refusal::Ahead));

    let mut events: Vec<Event> = decide(command(known, "first-contact", "2026-11-22T11:50Z", true)).unwrap();
    events.extend(decide(command(known, "first-contact", "2026-11-22T10:41Z", false)).unwrap());
    let mut one = Amendment::default();
    one.apply(&events[0]);
    let again = command(known, "first-contact", "2026-11-22T10:41Z", false);
    assert_eq!(one.decide(again, now), Err(Refusal::AlreadySaid));

    let first = said(&[("2026-11-22T09:56Z", "crisis-referral-received"), ("2026-11-22T11:50Z", "first-contact")]);
    let heard: Vec<Said> = events
        .iter()
        .map(|event| match event.clone() {
            Event::MomentAdded { signal, at, .. } => Said { signal, at, told: now, struck: false },
            Event::MomentStruck { signal, at, .. } => Said { signal, at, told: now, struck: true },
        })
        .collect();
    let moments = amended(first, &heard);
    let span = CLOCKS.span("crisis-response", &moments, now).unwrap().unwrap();
    assert_eq!(span.elapsed.minutes(), Some(45));
    assert_eq!(moments[1].told, now, "it is known that this was said later");
}

#[test]
fn the_clocks_of_an_ask_hear_its_events_and_each_offer_is_a_clock_of_its_own() {
    use super::journey::{heard, since_last};
    use crate::ask::Event;
    use crate::{Team, Words};
    let by = access::Subject {
        id: "one".to_owned(),
        name: "A. Tester".to_owned(),
        role: access::Role::Coordinator,
        organisation: "The tests".to_owned(),
        own: None,
        teams: Vec::new(),
        assured: true,
    };
    let words = || Words::try_from("who is with her?").unwrap();
    let (from, to) = (Team::single_point_of_access(), Team::try_from("service:crisis-response".to_owned()).unwrap());
    let offered =
        || Event::HopOffered { by: by.clone(), from: from.clone(), to: to.clone(), note: words(), warm: false };
    let events = [
        (Event::AskReceived { by: by.clone() }, "09:00"),
        (Event::MoreInfoAsked { by: by.clone(), question: words() }, "09:05"),
        (Event::MoreInfoGiven { by: by.clone(), words: words() }, "10:00"),
        (offered(), "10:01"),
        (Event::HopReturned { by: by.clone(), from: from.clone(), to: to.clone(), because: words() }, "10:03"),
        (offered(), "10:04"),
    ];
    let time = |clock: &str| at(&format!("2026-11-24T{clock}Z"));
    let moments: Vec<Moment> = events.iter().flat_map(|(event, clock)| heard(event, time(clock))).collect();
    let triage = CLOCKS.span("triage", &moments, time("10:04")).unwrap().unwrap();
    assert_eq!((triage.state, triage.elapsed.minutes()), (State::Running, Some(9)));
    let hop = |moments: &[Moment]| CLOCKS.span("hop-answer", moments, time("10:14")).unwrap().unwrap();
    assert_eq!((hop(&moments).state, hop(&moments).elapsed.minutes()), (State::Stopped, Some(2)), "the first offer");
    let last = since_last(&moments, "hop-offered");
    assert_eq!((hop(last).state, hop(last).elapsed.minutes()), (State::Running, Some(10)));
    assert!(since_last(&moments, "never-said").is_empty());
}
