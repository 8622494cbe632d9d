//! Rules of the glass, with a slow and obvious account of the same beside them (I53: an hour at most, one person, reviewed by
//! somebody else within five working days).

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::sync::LazyLock;

use super::*;
use crate::role::Role;

static ENGLAND: LazyLock<Calendar> = LazyLock::new(|| place::Place::built_in().unwrap().calendar().clone());
const WORDS: &str = "Found on the floor at home, not making sense";

fn reader(id: &str, role: Role) -> Subject {
    let organisation = "Marple Bridge Surgery".to_owned();
    let teams = vec!["ods:P88002".to_owned()];
    Subject { id: id.to_owned(), name: "Dr Example".to_owned(), role, organisation, own: None, teams, assured: true }
}

fn breaking(by: Subject) -> Breaking {
    Breaking {
        by,
        purpose: Purpose::DirectCare,
        person: Uuid::from_u128(1),
        why: Why::Emergency,
        reason: WORDS.to_owned(),
        harm: None,
        signed_in: None,
        fresh: FRESH,
        open_until: None,
        length: LONGEST,
    }
}

fn reviewing(by: Subject, outcome: Outcome) -> Command {
    Command::Review(Reviewing { by, purpose: Purpose::Privacy, outcome, words: WORDS.to_owned(), harm: None })
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(24_000_000 + minutes)
}

fn after(events: &[Event]) -> Glass {
    let mut glass = Glass::default();
    for event in events {
        glass.apply(event);
    }
    glass
}

#[test]
fn only_roles_that_give_care_break_it_and_only_to_give_care() {
    for role in Role::ALL {
        for purpose in Purpose::ALL {
            let asked = Breaking { purpose, ..breaking(reader("a", role)) };
            let may = purpose == Purpose::DirectCare
                && matches!(
                    role,
                    Role::Gp | Role::Consultant | Role::DistrictNurse | Role::Therapist | Role::SocialWorker
                );
            let answer = Glass::default().decide(Command::Break(asked), at(0));
            assert_eq!(answer.is_ok(), may, "{role:?} {purpose:?}");
            assert!(may || answer == Err(Refusal::NotYourRole));
        }
    }
}

#[test]
fn without_a_proved_and_fresh_sign_in_nothing_opens() {
    let unproved = Subject { assured: false, ..reader("a", Role::Gp) };
    let ask = |asked| Glass::default().decide(Command::Break(asked), at(0));
    assert_eq!(ask(breaking(unproved)), Err(Refusal::NotAssured));
    let since = |minutes| Breaking { signed_in: Some(at(minutes)), ..breaking(reader("a", Role::Gp)) };
    assert!(ask(since(-5)).is_ok());
    assert_eq!(ask(since(-6)), Err(Refusal::SignInAgain));
    assert_eq!(ask(since(1)), Err(Refusal::SignInAgain), "a sign-in of the future");
}

#[test]
fn a_reason_says_something() {
    for words in [
        "",
        "needed",
        "aaaaaaaaaaaaaaaaaaaaaaaaa",
        "                                x",
        "need      it      now",
        "hhhhhh eeeeee llllll pppppp",
        "ababababababababababababab",
        "abcdefghijklmnopqrstuvwxyz",
        "one two one two one two",
    ] {
        let asked = Breaking { reason: words.to_owned(), ..breaking(reader("a", Role::Gp)) };
        let answer = Glass::default().decide(Command::Break(asked), at(0));
        assert_eq!(answer, Err(Refusal::ReasonTooShort), "{words}");
    }
    let long = Breaking { reason: format!("{WORDS} ").repeat(40), ..breaking(reader("a", Role::Gp)) };
    assert_eq!(Glass::default().decide(Command::Break(long), at(0)), Err(Refusal::TooLong));
    let secret = Breaking { harm: Some("because".to_owned()), ..breaking(reader("a", Role::Gp)) };
    assert_eq!(Glass::default().decide(Command::Break(secret), at(0)), Err(Refusal::HarmWithoutReason));
}

#[test]
fn only_another_privacy_officer_reviews_it_once_it_has_closed() {
    let broken = Glass::default().decide(Command::Break(breaking(reader("a", Role::Gp))), at(0)).unwrap();
    let glass = after(&broken);
    let review = |by, minutes| glass.decide(reviewing(by, Outcome::Appropriate), at(minutes));
    for role in Role::ALL {
        assert_eq!(review(reader("b", role), 60).is_ok(), role == Role::PrivacyOfficer, "{role:?}");
    }
    // Somebody who has two roles does not review what they did in the other.
    assert_eq!(review(reader("a", Role::PrivacyOfficer), 60), Err(Refusal::TheirOwn));
    assert_eq!(review(reader("b", Role::PrivacyOfficer), 59), Err(Refusal::StillOpen));
    let unproved = Subject { assured: false, ..reader("b", Role::PrivacyOfficer) };
    assert_eq!(review(unproved, 60), Err(Refusal::NotAReviewer));
}

#[test]
fn events_are_read_as_they_were_written() {
    let body = r#"{"Broken":{"by":{"id":"a","name":"Dr A","role":"gp","organisation":"S"},"person":"00000000-0000-0000-0000-000000000001","reason_code":"person-asked","reason":"r","until":"2026-11-20T11:14:00Z","harm":false}}"#;
    let event: Event = serde_json::from_str(body).unwrap();
    let Event::Broken { reason_code, harm_because, .. } = &event else { panic!("another event") };
    assert_eq!((*reason_code, harm_because.as_str()), (Why::PersonAsked, ""));
    for why in Why::ALL {
        assert_eq!(serde_json::to_value(why).unwrap(), why.word());
    }
    for outcome in Outcome::ALL {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.word());
    }
}

#[test]
fn a_review_is_due_over_weekends_bank_holidays_and_changes_of_the_clock() {
    let broken = |text: &str| text.parse::<jiff::Zoned>().unwrap().timestamp();
    for (when, day) in [
        // A plain Monday.
        ("2026-11-16T10:14[Europe/London]", date(2026, 11, 23)),
        // A Friday night, and the same night after midnight.
        ("2026-11-20T23:59[Europe/London]", date(2026, 11, 27)),
        ("2026-11-21T00:01[Europe/London]", date(2026, 11, 27)),
        // Christmas 2026: Friday 25th, Monday 28th (for Saturday 26th), and 1 January.
        ("2026-12-23T09:00[Europe/London]", date(2027, 1, 4)),
        // Easter 2026: Good Friday 3 April, Easter Monday 6 April.
        ("2026-04-01T09:00[Europe/London]", date(2026, 4, 10)),
        // Five to midnight, in summer time.
        ("2026-07-01T23:55[Europe/London]", date(2026, 7, 8)),
        // The night on which the clocks go forward (29 March 2026) and back (25 October 2026).
        ("2026-03-29T00:30[Europe/London]", date(2026, 4, 7)),
        ("2026-10-25T01:30[Europe/London]", date(2026, 10, 30)),
    ] {
        assert_eq!(due(broken(when), &ENGLAND), day, "{when}");
    }
    // Midnight by the clock of England, whatever UTC says: 23:30 UTC on a summer Tuesday is Wednesday there.
    assert_eq!(due("2026-06-30T23:30:00Z".parse().unwrap(), &ENGLAND), date(2026, 7, 8));
    // Beyond the calendar only weekends are left out.
    assert_eq!(due(broken("2041-12-24T10:00[Europe/London]"), &ENGLAND), date(2041, 12, 31));
}

/// Whether a review may come on a day, by counting on a wall calendar: no more than five days on which offices work have begun
/// since the day of the breaking.
fn in_time(broken: Date, today: Date) -> bool {
    let mut worked = 0;
    let mut day = broken;
    while day < today {
        day = day.tomorrow().unwrap();
        worked += i32::from(ENGLAND.is_working_day(day).unwrap());
    }
    worked < 5 || (worked == 5 && ENGLAND.is_working_day(today).unwrap())
}

/// What is asked of a glass in a random history.
#[derive(Debug, Clone)]
enum Step {
    Break { reader: u8, minutes: i64, open: bool },
    End { reader: u8 },
    Review { reader: u8, officer: bool, outcome: Outcome },
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let outcome = prop_oneof![Just(Outcome::Appropriate), Just(Outcome::NotAppropriate), Just(Outcome::FollowUp)];
    let step = prop_oneof![
        (0..3_u8, -5..500_i64, any::<bool>()).prop_map(|(reader, minutes, open)| Step::Break { reader, minutes, open }),
        (0..3_u8).prop_map(|reader| Step::End { reader }),
        (0..3_u8, any::<bool>(), outcome).prop_map(|(reader, officer, outcome)| Step::Review {
            reader,
            officer,
            outcome
        }),
    ];
    proptest::collection::vec((0..50_i64, step), 1..30)
}

proptest! {
    #[test]
    fn it_is_open_for_an_hour_at_most_by_one_reader_and_reviewed_once_by_another(steps in steps()) {
        let mut glass = Glass::default();
        let mut now = 0;
        // The slow account: everything that happened, with when.
        let mut told: Vec<(i64, Event)> = Vec::new();
        for (later, step) in steps {
            now += later;
            let name = |reader: u8| format!("reader-{reader}");
            let command = match step {
                Step::Break { reader: who, minutes, open } => Command::Break(Breaking {
                    length: SignedDuration::from_mins(minutes),
                    open_until: open.then(|| at(now + 1)),
                    ..breaking(reader(&name(who), Role::Gp))
                }),
                Step::End { reader: who } => Command::End { by: reader(&name(who), Role::Gp) },
                Step::Review { reader: who, officer, outcome } => {
                    let role = if officer { Role::PrivacyOfficer } else { Role::Gp };
                    reviewing(reader(&name(who), role), outcome)
                }
            };
            let Ok(events) = glass.decide(command, at(now)) else { continue };
            for event in events {
                glass.apply(&event);
                told.push((now, event));
            }
        }
        let broken: Vec<_> = told
            .iter()
            .filter_map(|(when, event)| match event {
                Event::Broken { by, until, .. } => Some((*when, by.id.clone(), *until)),
                _ => None,
            })
            .collect();
        prop_assert!(broken.len() <= 1);
        let Some((begun, breaker, until)) = broken.first().cloned() else {
            prop_assert!(told.is_empty());
            return Ok(());
        };
        prop_assert!(until > at(begun) && until <= at(begun) + SignedDuration::from_mins(60));
        let ended = told.iter().find(|(_, event)| matches!(event, Event::Ended { .. })).map(|(when, _)| at(*when));
        for minute in begun..begun + 200 {
            let open = at(minute) < until && ended.is_none_or(|ended| at(minute) < ended);
            // As it stood at the end of the story, it is open at a later moment only if it never ended.
            prop_assert_eq!(glass.is_open(at(minute)), open && ended.is_none());
        }
        let mut reviews = Vec::new();
        for (when, event) in &told {
            match event {
                Event::Broken { .. } => {}
                Event::Ended { by } => prop_assert!(by.id == breaker && at(*when) < until),
                Event::Reviewed { by, outcome, .. } => {
                    prop_assert!(by.id != breaker && by.role == Role::PrivacyOfficer);
                    prop_assert!(at(*when) >= until || ended.is_some_and(|ended| ended <= at(*when)));
                    reviews.push(*outcome);
                }
            }
        }
        // Only a review that asks for more is followed by another.
        let settled = reviews.iter().position(|outcome| *outcome != Outcome::FollowUp);
        prop_assert!(settled.is_none_or(|settled| settled + 1 == reviews.len()));
    }

    #[test]
    fn the_clock_of_a_review_is_what_counting_on_a_wall_calendar_says(
        second in 1_451_606_400_i64..1_860_000_000,
        later in 0..20_i64,
        seconds in 0..86_400_i64,
    ) {
        let broken = Timestamp::from_second(second).unwrap();
        let now = broken + SignedDuration::from_hours(24 * later) + SignedDuration::from_secs(seconds);
        let closes = broken + LONGEST;
        let day = |at: Timestamp| at.in_tz("Europe/London").unwrap().date();
        let expected = if now < closes {
            Stage::Open
        } else if in_time(day(broken), day(now)) {
            Stage::Due
        } else {
            Stage::Overdue
        };
        prop_assert_eq!(stage(broken, closes, false, &ENGLAND, now), expected);
        prop_assert_eq!(stage(broken, closes, true, &ENGLAND, now), Stage::Reviewed);
        // The due day itself is in time, and the day after it is not.
        prop_assert!(in_time(day(broken), due(broken, &ENGLAND)));
        prop_assert!(!in_time(day(broken), due(broken, &ENGLAND).tomorrow().unwrap()));
    }

    #[test]
    fn what_is_typed_counts_only_for_what_it_says(words in "[a-c \\t]{0,60}") {
        prop_assert!(!tells(&words), "too few different letters: {words}");
    }
}
