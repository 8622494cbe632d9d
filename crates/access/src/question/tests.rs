//! The rules of questions: who asks, who answers, one at a time, by when.

use jiff::SignedDuration;
use jiff::civil::{Weekday, date};
use place::{Holiday, Place};
use proptest::prelude::*;

use super::*;

const ME: Uuid = Uuid::from_u128(7);

fn subject(role: Role, own: Option<Uuid>, assured: bool) -> Subject {
    Subject {
        id: "persona|x".to_owned(),
        name: "Ada Sample".to_owned(),
        role,
        organisation: String::new(),
        own,
        teams: Vec::new(),
        assured,
    }
}

fn ask(by: Subject, words: &str) -> Command {
    Command::Ask { by, person: ME, looked_at: ME, look_seq: 3, words: words.to_owned() }
}

fn answer(by: Subject, looked: &str) -> Command {
    Command::Answer { by, looked: looked.to_owned(), words: "So.".to_owned() }
}

fn me() -> Subject {
    subject(Role::Citizen, Some(ME), true)
}

fn officer() -> Subject {
    subject(Role::PrivacyOfficer, None, true)
}

#[test]
fn only_the_person_asks_and_only_the_officer_answers() {
    let at = Timestamp::UNIX_EPOCH;
    let mut open = Question::default();
    for event in open.decide(ask(me(), "Why?"), at).unwrap() {
        open.apply(&event);
    }
    for role in Role::ALL {
        for (own, assured) in [(Some(ME), true), (None, true), (Some(Uuid::nil()), true), (Some(ME), false)] {
            let by = subject(role, own, assured);
            let asked = Question::default().decide(ask(by.clone(), "Why?"), at);
            assert_eq!(asked.is_ok(), role == Role::Citizen && own == Some(ME) && assured, "{by:?}");
            let answered = open.decide(answer(by.clone(), "persona|gp"), at);
            assert_eq!(answered.is_ok(), role == Role::PrivacyOfficer && assured, "{by:?}");
        }
    }
}

#[test]
fn nobody_answers_for_their_own_look() {
    let mut open = Question::default();
    open.apply(&open.decide(ask(me(), "Why?"), Timestamp::UNIX_EPOCH).unwrap()[0]);
    let decide = |looked: &str| open.decide(answer(officer(), looked), Timestamp::UNIX_EPOCH);
    assert_eq!(decide(&officer().id), Err(Refusal::OwnLook));
    assert!(decide("persona|another").is_ok());
}

#[test]
fn no_words_and_too_many_are_refused() {
    let asked = |words: &str| Question::default().decide(ask(me(), words), Timestamp::UNIX_EPOCH);
    assert_eq!(asked(" \n "), Err(Refusal::NoWords));
    assert_eq!(asked(&"é".repeat(MOST_ASKED + 1)), Err(Refusal::TooLong));
    assert!(asked(&"é".repeat(MOST_ASKED)).is_ok());
}

#[test]
fn ten_working_days_pass_over_weekends_and_bank_holidays() {
    let place = Place::built_in().unwrap();
    let due = |at: &str| due(at.parse().unwrap(), place.calendar()).unwrap();
    assert_eq!(due("2026-11-22T09:30:00Z"), date(2026, 12, 4), "asked on a Sunday");
    assert_eq!(due("2026-12-18T23:30:00Z"), date(2027, 1, 6), "Christmas, its substitute day and New Year between");
    // Half past eleven in the evening by Greenwich is the next day in summer.
    assert_eq!(due("2026-06-01T23:30:00Z"), date(2026, 6, 16));
    let at = |text: &str| text.parse().unwrap();
    let stands = |now| clock(at("2026-11-22T09:30:00Z"), at(now), place.calendar());
    assert_eq!(stands("2026-12-04T23:59:59Z"), Clock::Due(date(2026, 12, 4)));
    assert_eq!(stands("2026-12-05T00:00:00Z"), Clock::Overdue(date(2026, 12, 4)));
    assert_eq!(clock(at("2199-01-01T00:00:00Z"), at("2199-01-02T00:00:00Z"), place.calendar()), Clock::Unknown);
}

proptest! {
    #[test]
    fn a_day_too_early_is_never_overdue_and_the_day_is_counted_right(
        day in 0_i64..1_000, holidays in prop::collection::btree_set(0_i64..1_100, 0..40),
    ) {
        let first = date(2026, 1, 1);
        let off: Vec<Date> = holidays.into_iter().map(|days| first.saturating_add(jiff::Span::new().days(days))).collect();
        let listed = off.iter().map(|date| Holiday { date: *date, name: "A day off".to_owned() });
        let calendar = Calendar::new(2026..=2029, listed);
        let asked = first.saturating_add(jiff::Span::new().days(day));
        let at = asked.at(12, 0, 0, 0).in_tz("Europe/London").unwrap().timestamp();
        // The slow way: walk and count.
        let (mut walked, mut left) = (asked, WORKING_DAYS);
        while left > 0 {
            walked = walked.tomorrow().unwrap();
            let rest = matches!(walked.weekday(), Weekday::Saturday | Weekday::Sunday) || off.contains(&walked);
            left -= u32::from(!rest);
        }
        prop_assert_eq!(due(at, &calendar), Ok(walked));
        let evening = walked.at(23, 59, 0, 0).in_tz("Europe/London").unwrap().timestamp();
        prop_assert_eq!(clock(at, evening, &calendar), Clock::Due(walked));
        prop_assert_eq!(clock(at, evening + SignedDuration::from_mins(1), &calendar), Clock::Overdue(walked));
    }

    #[test]
    fn questions_and_answers_take_turns(commands in prop::collection::vec(any::<bool>(), 0..20)) {
        let (mut question, mut events) = (Question::default(), Vec::new());
        for asks in commands {
            let waits = matches!(events.last(), Some(Event::Asked { .. }));
            let command = if asks { ask(me(), "Why?") } else { answer(officer(), "persona|gp") };
            match question.decide(command, Timestamp::UNIX_EPOCH) {
                Ok(made) => {
                    prop_assert_ne!(asks, waits);
                    made.iter().for_each(|event| question.apply(event));
                    events.extend(made);
                }
                Err(refusal) => prop_assert_eq!(refusal, if asks { Refusal::AskedAlready } else { Refusal::NothingToAnswer }),
            }
        }
    }
}
