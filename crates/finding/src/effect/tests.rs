//! Before and after, counted over the same number of days, and never before the days are over.

use population::code::System;
use population::library::Library;
use record::whole::Choices;
use uuid::Uuid;

use super::*;
use crate::coded::{Coded, local};
use crate::held::Gathered;
use crate::make::{Counted, Made};

fn at(day: Day) -> Timestamp {
    date::midnight(day.date().unwrap()).unwrap()
}

fn held(days: &[u16]) -> Held {
    let coded = days.iter().zip(1u128..).map(|(day, record)| Coded {
        system: System::Local,
        code: local::URGENT_CONTACT.to_owned(),
        day: Day(*day),
        value: None,
        unit: String::new(),
        source: "hospital".to_owned(),
        record: Uuid::from_u128(record),
    });
    let made = Made { traits: Some(Counted::default()), coded: coded.collect(), ..Made::default() };
    let mut gathered = Gathered::default();
    gathered.take(Uuid::from_u128(1), made).unwrap();
    Held::of(gathered, Library::default(), Choices::default(), Vec::new(), 1).unwrap()
}

fn listed(state: State, decided: Day) -> Listed {
    Listed {
        found: Uuid::from_u128(1),
        person: Uuid::from_u128(1),
        now: true,
        because: Vec::new(),
        state,
        decided: Some(at(decided)),
        words: String::new(),
        who: String::new(),
    }
}

#[test]
fn contacts_are_counted_by_days_before_the_decision_and_after_it() {
    let decided = Day(45_000);
    // Ninety-one days before, ninety-one days after, and two on one day are: not, not, and one.
    let held = held(&[44_909, 44_911, 44_990, 44_990, 45_000, 45_001, 45_090, 45_091]);
    let effect = of(&held, &[listed(State::Accepted, decided)], Day(45_200));
    assert_eq!(effect.accepted, Group { people: 1, before: 3, after: 2, too_soon: 0 });
    assert_eq!(effect.declined, Group::default());
}

#[test]
fn who_was_decided_about_too_lately_is_not_counted_yet() {
    let (decided, held) = (Day(45_000), held(&[44_990, 45_001]));
    for (as_of, people) in [(45_089, 0), (45_090, 1)] {
        let effect = of(&held, &[listed(State::Declined, decided)], Day(as_of));
        assert_eq!((effect.declined.people, effect.declined.too_soon), (people, 1 - people));
    }
    let waiting = [listed(State::Open, decided), listed(State::Later, decided)];
    assert_eq!(of(&held, &waiting, Day(46_000)), Effect::default());
}
