//! Two places beside each other: the same rule, the same day, the same number of days.

use jiff::civil::date;
use population::code::System;
use population::library::Library;
use record::whole::Choices;
use uuid::Uuid;

use super::*;
use crate::coded::{Coded, local};
use crate::held::Gathered;
use crate::list::tests::definition;
use crate::make::{Counted, Made};

const FIRST: Date = date(2026, 3, 1);

fn from() -> Day {
    Day::of(FIRST).unwrap()
}

fn asked() -> Definition {
    Definition { instrument: "rule".to_owned(), ..definition() }
}

/// So many people in each neighbourhood, each with a fall that the rule finds, and with urgent contacts so many days from the first look.
fn held(people: &[(&str, usize, &[i32])]) -> Held {
    let mut library = Library::default();
    let head = "version = \"1\"\nkind = \"register\"\nsource = \"ours\"\nlicence = \"ours\"\n";
    let when = "when = { list = \"place/fall\" }\n";
    library.add("rule.toml", &format!("id = \"rule\"\ntitle = \"Rule\"\n{head}{when}")).unwrap();
    library.add("lists.csv", "list,system,code\nplace/fall,local,fall\n").unwrap();
    let (mut gathered, mut record) = (Gathered::default(), 1_000_u128);
    let mut person = 0_u128;
    for (neighbourhood, count, contacts) in people {
        for _ in 0..*count {
            person += 1;
            let mut coded = |code: &str, days: i32| {
                record += 1;
                Coded {
                    system: System::Local,
                    code: code.to_owned(),
                    day: Day(u16::try_from(i32::from(from().0) + days).unwrap()),
                    value: None,
                    unit: String::new(),
                    source: "gp".to_owned(),
                    record: Uuid::from_u128(record),
                }
            };
            let mut events = vec![coded("fall", -10)];
            events.extend(contacts.iter().map(|days| coded(local::URGENT_CONTACT, *days)));
            let traits = Counted { neighbourhood: (*neighbourhood).to_owned(), ..Counted::default() };
            let made = Made { traits: Some(traits), coded: events, ..Made::default() };
            gathered.take(Uuid::from_u128(person), made).unwrap();
        }
    }
    Held::of(gathered, library, Choices::default(), Vec::new(), 1).unwrap()
}

#[test]
fn the_same_people_by_the_same_rule_are_followed_here_and_where_no_list_looks() {
    // Ninety-one days after is too late to count, and so is ninety-one before.
    let held = held(&[("Marple", 10, &[-5, 3, 91]), ("Victoria", 20, &[-91, -90, -89, 5, 90]), ("Heatons", 40, &[1])]);
    let answer = |others: &[&str], days: u16| {
        let others: Vec<String> = others.iter().map(|name| (*name).to_owned()).collect();
        of(&held, &asked(), Some(FIRST), ("Marple", &others), Day(from().0 + days)).unwrap()
    };
    let Elsewhere::Beside { from, here, there } = answer(&["Victoria"], 90) else { panic!("both are large enough") };
    let about = Rounded::About;
    assert_eq!((from, here), (FIRST, Side { people: about(10), before: about(10), after: about(10) }));
    assert_eq!(there, Side { people: about(20), before: about(20), after: about(40) });
    assert_eq!((here.to_a_hundred(here.after), there.to_a_hundred(there.after)), (Some(100.0), Some(200.0)));
    assert_eq!(answer(&["Victoria"], 89), Elsewhere::TooSoon(date(2026, 5, 30)));
    assert_eq!(answer(&[], 90), Elsewhere::Everywhere);
    assert_eq!(of(&held, &asked(), None, ("Marple", &[]), Day(60_000)).unwrap(), Elsewhere::Never);
}

#[test]
fn few_people_on_either_side_are_not_shown() {
    for (here, there, is_shown) in [(7, 8, false), (8, 7, false), (8, 8, true), (0, 20, false)] {
        let held = held(&[("Marple", here, &[3]), ("Victoria", there, &[3])]);
        let others = ["Victoria".to_owned()];
        let answer = of(&held, &asked(), Some(FIRST), ("Marple", &others), Day(from().0 + 90)).unwrap();
        assert_eq!(matches!(answer, Elsewhere::Beside { .. }), is_shown, "{here} and {there}: {answer:?}");
        assert!(is_shown || answer == Elsewhere::TooFew);
    }
}
