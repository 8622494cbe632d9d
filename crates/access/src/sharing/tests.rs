//! The rules of sharing: who may choose, for how long, and what of it stands at a moment.

use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::role::Class;

const ME: Uuid = Uuid::from_u128(7);

fn subject(role: Role, own: Option<Uuid>, assured: bool) -> Subject {
    Subject {
        id: "persona|me".to_owned(),
        name: "Ada Sample".to_owned(),
        role,
        organisation: String::new(),
        own,
        teams: Vec::new(),
        assured,
    }
}

fn command(choice: Choice) -> Command {
    Command { by: subject(Role::Citizen, Some(ME), true), person: ME, choice }
}

fn allow(reader: &str, until: Date, born: Option<Date>) -> Choice {
    Choice::AllowProxy {
        reader: format!("reader:{reader}"),
        name: "Ruth".to_owned(),
        classes: consent::classes(["medicines"]),
        until,
        born,
    }
}

fn now() -> Timestamp {
    "2026-11-22T09:30:00Z".parse().unwrap()
}

fn until(events: &[Event]) -> Timestamp {
    match events {
        [Event::ProxyAllowed { until, .. }] => *until,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_the_person_chooses_and_nobody_they_let_in() {
    let every = [
        Choice::Object(String::new()),
        Choice::WithdrawObjection,
        Choice::RefusePlanning,
        Choice::AllowPlanning,
        allow("a", date(2026, 12, 1), None),
        Choice::EndProxy("reader:a".to_owned()),
    ];
    let others =
        Role::ALL.map(|role| subject(role, Some(ME), true)).into_iter().filter(|one| one.role != Role::Citizen);
    let not_me = [
        subject(Role::Citizen, None, true),
        subject(Role::Citizen, Some(Uuid::from_u128(8)), true),
        subject(Role::Citizen, Some(ME), false),
    ];
    for by in others.chain(not_me) {
        for choice in every.clone() {
            let refused = Sharing::default().decide(Command { by: by.clone(), person: ME, choice }, now());
            assert_eq!(refused, Err(Refusal::NotTheirs), "{by:?}");
        }
    }
}

#[test]
fn a_choice_that_cannot_stand_is_refused_in_words() {
    let refused = |choice| Sharing::default().decide(command(choice), now()).unwrap_err();
    let with = |change: fn(&mut Choice)| {
        let mut choice = allow("a", date(2026, 12, 1), None);
        change(&mut choice);
        refused(choice)
    };
    assert_eq!(refused(allow("persona|me", date(2026, 12, 1), None)), Refusal::Yourself);
    assert_eq!(refused(allow("", date(2026, 12, 1), None)), Refusal::Nobody);
    assert_eq!(refused(allow("a", date(2026, 11, 21), None)), Refusal::Past);
    assert_eq!(refused(allow("a", date(2027, 11, 23), None)), Refusal::TooFar);
    assert_eq!(refused(Choice::WithdrawObjection), Refusal::SoAlready);
    assert_eq!(refused(Choice::Object("a".repeat(MOST_WORDS + 1))), Refusal::TooLong);
    let classes = |wanted: Classes| {
        let Choice::AllowProxy { reader, name, until, born, .. } = allow("a", date(2026, 12, 1), None) else {
            unreachable!()
        };
        refused(Choice::AllowProxy { reader, name, classes: wanted, until, born })
    };
    assert_eq!(classes(Classes::NONE), Refusal::NothingChosen);
    assert_eq!(classes(Classes::ALL), Refusal::CannotBeShared);
    assert_eq!(classes(Classes::of([Class::Looks])), Refusal::CannotBeShared);
    let nameless = with(|choice| {
        if let Choice::AllowProxy { name, .. } = choice {
            *name = "  ".to_owned();
        }
    });
    assert_eq!(nameless, Refusal::Nobody);
}

#[test]
fn today_lasts_until_midnight_in_england_and_a_year_is_the_most() {
    let day = |day| until(&Sharing::default().decide(command(allow("a", day, None)), now()).unwrap());
    assert_eq!(day(date(2026, 11, 22)), "2026-11-23T00:00:00Z".parse().unwrap());
    assert_eq!(day(date(2027, 7, 1)), "2027-07-01T23:00:00Z".parse().unwrap(), "summer time");
    assert_eq!(day(date(2027, 11, 22)), "2027-11-23T00:00:00Z".parse().unwrap());
}

#[test]
fn what_is_let_be_seen_of_a_child_ends_on_the_sixteenth_birthday() {
    let given = |born| until(&Sharing::default().decide(command(allow("a", date(2027, 11, 1), born)), now()).unwrap());
    let end: Timestamp = "2027-11-02T00:00:00Z".parse().unwrap();
    assert_eq!(given(None), end);
    assert_eq!(given(Some(date(1938, 3, 14))), end);
    assert_eq!(given(Some(date(2010, 11, 22))), end, "sixteen today");
    assert_eq!(given(Some(date(2010, 11, 23))), "2026-11-23T00:00:00Z".parse().unwrap(), "sixteen tomorrow");
    assert_eq!(given(Some(date(2011, 6, 5))), "2027-06-04T23:00:00Z".parse().unwrap());
    assert_eq!(given(Some(date(2015, 6, 5))), end, "eleven");
    // Born on a day that their sixteenth year does not have: 2027 is no leap year, but sixteen years after one is.
    assert_eq!(ends(date(2030, 1, 1), Some(date(2012, 2, 29)), now()), "2028-02-29T00:00:00Z".parse().ok());
}

#[test]
fn from_eleven_to_sixteen_it_is_shown_for_review() {
    let review = |born| to_review(Some(born), now());
    assert!(!review(date(2015, 11, 23)) && review(date(2015, 11, 22)));
    assert!(review(date(2010, 11, 23)) && !review(date(2010, 11, 22)));
    assert!(!to_review(None, now()) && !review(date(2030, 1, 1)));
}

#[test]
fn nobody_lets_in_more_than_so_many_at_a_time() {
    let mut sharing = Sharing::default();
    for number in 0..MOST_PROXIES {
        for event in sharing.decide(command(allow(&format!("r{number}"), date(2026, 12, 1), None)), now()).unwrap() {
            sharing.apply(&event);
        }
    }
    let more = |at| sharing.decide(command(allow("more", date(2027, 1, 1), None)), at);
    assert_eq!(more(now()), Err(Refusal::TooMany));
    assert!(sharing.decide(command(allow("r0", date(2027, 1, 1), None)), now()).is_ok(), "one of them anew");
    assert!(more(now() + SignedDuration::from_hours(24 * 20)).is_ok(), "they have all ended");
}

#[test]
fn the_stream_of_choices_is_one_for_a_person_and_not_the_persons_own() {
    assert_eq!(stream(ME), stream(ME));
    assert_ne!(stream(ME), stream(Uuid::from_u128(8)));
    assert_ne!(stream(ME), ME);
}

fn any_choice() -> impl Strategy<Value = Choice> {
    let reader = prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        Just(Choice::Object("because".to_owned())),
        Just(Choice::WithdrawObjection),
        Just(Choice::RefusePlanning),
        Just(Choice::AllowPlanning),
        reader.clone().prop_map(|reader| Choice::EndProxy(format!("reader:{reader}"))),
        (reader, 0_i64..420, prop::option::of(0_i64..20)).prop_map(|(reader, days, years)| {
            let today = date(2026, 11, 22);
            let born = years.map(|years| today.saturating_sub(years.years()));
            allow(reader, today.saturating_add(days.days()), born)
        }),
    ]
}

/// What stands, said the slow way: of all that happened, the last thing about it counts.
fn slowly(events: &[Event], reader: &str, at: Timestamp) -> Option<Timestamp> {
    let about = events.iter().rev().find(|event| match event {
        Event::ProxyAllowed { proxy_reader, .. } | Event::ProxyEnded { proxy_reader, .. } => proxy_reader == reader,
        _ => false,
    });
    match about {
        Some(Event::ProxyAllowed { until, .. }) if at < *until => Some(*until),
        _ => None,
    }
}

proptest! {
    #[test]
    fn what_stands_is_what_was_chosen_last(choices in prop::collection::vec((any_choice(), 0_i64..40), 0..25)) {
        let (mut sharing, mut events, mut at) = (Sharing::default(), Vec::new(), now());
        for (choice, days) in choices {
            at += SignedDuration::from_hours(24 * days);
            if let Ok(made) = sharing.decide(command(choice.clone()), at) {
                prop_assert_eq!(made.len(), 1);
                for event in made {
                    sharing.apply(&event);
                    if let Event::ProxyAllowed { until, .. } = &event {
                        let day = day_of(at).saturating_add(1.year()).saturating_add(1.day());
                        prop_assert!(*until > at, "it has not ended before it begins");
                        prop_assert!(day_of(*until) <= day, "and ends within a year");
                        if let Choice::AllowProxy { born: Some(born), .. } = choice
                            && age(born, day_of(at)).is_some_and(|years| years < OWN_AGE)
                        {
                            let last = day_of(*until - SignedDuration::from_secs(1));
                            prop_assert!(age(born, last).is_some_and(|years| years < OWN_AGE), "not at sixteen");
                        }
                    }
                    events.push(event);
                }
                // The same again is refused, but for what may be said anew.
                if !matches!(choice, Choice::AllowProxy { .. }) {
                    prop_assert_eq!(sharing.decide(command(choice), at), Err(Refusal::SoAlready));
                }
            }
            for reader in ["reader:a", "reader:b", "reader:c", "reader:d"] {
                prop_assert_eq!(sharing.allowed(reader, at).map(|one| one.until), slowly(&events, reader, at));
            }
        }
        // The log alone tells the same.
        let mut again = Sharing::default();
        events.iter().for_each(|event| again.apply(event));
        prop_assert_eq!(again, sharing);
    }
}
