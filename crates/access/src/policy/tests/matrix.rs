//! Every question there is, asked three ways: of the statement, of the conditions compiled from the policies, and (of as many
//! as there is time for) of Cedar itself.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::decide::Level;
use crate::judge::judge;
use crate::look::Subject;
use crate::role::{Action, Purpose, Role};
use crate::rules::Rules;

fn reader(role: Role, assured: bool) -> Subject {
    Subject {
        id: "issuer|reader".to_owned(),
        name: "A Reader".to_owned(),
        role,
        organisation: String::new(),
        own: None,
        teams: Vec::new(),
        assured,
    }
}

fn rules(role: Role, action: Action, purpose: Purpose) -> Arc<Rules> {
    policies().unwrap().compiled(role, true, action, purpose).rules
}

/// What Cedar itself says, evaluated now.
fn cedar(reader: &Subject, action: Action, purpose: Purpose, item: &Item, standing: &Ties) -> Verdict {
    policies().unwrap().decide(&Question::new(reader.role, reader.assured, action, purpose, *item, standing))
}

fn kinds() -> impl Iterator<Item = (Role, Action, Purpose)> {
    Role::ALL.into_iter().flat_map(|role| {
        Action::ALL
            .into_iter()
            .flat_map(move |action| Purpose::ALL.into_iter().map(move |purpose| (role, action, purpose)))
    })
}

/// Those of which the statement says that anything is ever shown.
fn open_kinds() -> Vec<(Role, Action, Purpose)> {
    let all = ties(&Tie::ALL);
    let opens = |&(role, action, purpose): &(Role, Action, Purpose)| {
        Class::ALL
            .into_iter()
            .any(|class| statement::level(role, action, purpose, &Item::of(class), &all) > Level::Hidden)
    };
    kinds().filter(opens).collect()
}

#[test]
fn the_conditions_say_what_the_statement_says_for_every_question() {
    let (items, some_ties, open) = (every_item(), every_tie(), open_kinds());
    let mut asked = 0_u64;
    for (role, action, purpose) in kinds() {
        let rules = rules(role, action, purpose);
        assert_eq!(rules.is_nothing(), !open.contains(&(role, action, purpose)), "{role:?} {action:?} {purpose:?}");
        if rules.is_nothing() {
            continue;
        }
        for standing in &some_ties {
            for standing in [*standing, standing.objecting()] {
                for item in &items {
                    let (says, stated) =
                        (rules.level(item, &standing), statement::level(role, action, purpose, item, &standing));
                    assert_eq!(says, stated, "{role:?} {action:?} {purpose:?} {item:?} {standing:?}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 3_000_000, "{asked}");
    assert_eq!(alarms(), 0);
}

#[test]
fn what_the_statement_never_opens_it_opens_for_no_entry() {
    // `open_kinds` looks at plain entries only: nothing special opens what is closed to those.
    let (items, open) = (every_item(), open_kinds());
    for (role, action, purpose) in kinds().filter(|kind| !open.contains(kind)) {
        for standing in Tie::ALL.map(|tie| ties(&[tie])).into_iter().chain([Ties::none(), ties(&Tie::ALL)]) {
            let shown = |item| statement::level(role, action, purpose, item, &standing) > Level::Hidden;
            assert!(!items.iter().any(shown), "{role:?} {action:?} {purpose:?}");
        }
    }
}

#[test]
fn whoever_is_not_assured_sees_nothing() {
    let all = ties(&Tie::ALL);
    for (role, action, purpose) in open_kinds() {
        assert!(policies().unwrap().compiled(role, false, action, purpose).rules.is_nothing(), "{role:?} {action:?}");
        for class in [Class::Identity, Class::Plan, Class::Looks, Class::Message] {
            let (reader, item) = (reader(role, false), Item::of(class));
            assert_eq!(cedar(&reader, action, purpose, &item, &all).level, Level::Hidden);
            assert_eq!(judge(&reader, action, purpose, &item, &all).level, Level::Hidden);
        }
    }
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

#[test]
fn cedar_itself_says_what_the_statement_says() {
    let (items, some_ties, mut numbers) = (every_item(), every_tie(), Numbers(4));
    for (role, action, purpose) in open_kinds() {
        let reader = reader(role, true);
        let ask = |item: &Item, standing: &Ties| {
            let stated = statement::level(role, action, purpose, item, standing);
            let verdict = cedar(&reader, action, purpose, item, standing);
            assert_eq!(verdict.level, stated, "{role:?} {action:?} {purpose:?} {item:?} {standing:?}");
            let compiled = crate::rules::compiled(&reader, action, purpose).verdict(item, standing);
            assert_eq!(compiled, verdict, "{role:?} {action:?} {purpose:?} {item:?} {standing:?}");
            let said = judge(&reader, action, purpose, item, standing);
            let policy = verdict.policy.map_or("", |place| &policies().unwrap().stated()[place].id);
            assert_eq!((said.level, said.policy), (stated, policy), "{item:?} {standing:?}");
            assert_eq!(said, judge(&reader, action, purpose, item, standing), "remembered");
            assert!(said.level == Level::Hidden || !said.policy.is_empty(), "what is shown says why: {item:?}");
        };
        for class in Class::ALL {
            ask(&Item::of(class), &Ties::none());
            ask(&Item::of(class), &ties(&[Tie::ALL[numbers.below(Tie::ALL.len())]]));
        }
        for _ in 0..40 {
            let standing = some_ties[numbers.below(some_ties.len())];
            let standing = if numbers.below(4) == 0 { standing.objecting() } else { standing };
            ask(&items[numbers.below(items.len())], &standing);
        }
    }
    assert_eq!(alarms(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_condition_holds_where_cedar_allows(
        kind in 0_usize..usize::MAX, class in 0..Class::ALL.len(), sensitivity in 0_usize..3, seal in 0_usize..3,
        flags in 0_u8..16, held in proptest::array::uniform10(0_i64..1 << 18),
    ) {
        let open = open_kinds();
        let (role, action, purpose) = open[kind % open.len()];
        let item = Item {
            class: Class::ALL[class],
            ours: flags & 1 != 0,
            sensitivity: Sensitivity::ALL[sensitivity],
            seal: Seal::ALL[seal],
            harmful: flags & 2 != 0,
        };
        let held = Tie::ALL.into_iter().zip(held);
        let mut standing = held.fold(Ties::none(), |ties, (tie, classes)| ties.with(tie, Classes::from_number(classes)));
        standing.objected = flags & 4 != 0;
        let reader = reader(role, flags & 8 == 0);
        let rules = crate::rules::of(&reader, action, purpose);
        let verdict = cedar(&reader, action, purpose, &item, &standing);
        prop_assert_eq!(rules.level(&item, &standing), verdict.level);
        prop_assert_eq!(crate::rules::compiled(&reader, action, purpose).verdict(&item, &standing), verdict);
        prop_assert_eq!(judge(&reader, action, purpose, &item, &standing).level, verdict.level);
    }

    #[test]
    fn every_question_has_a_number_of_its_own(
        one in (0..Class::ALL.len(), 0_i64..1024, 0_usize..3, 0_usize..3),
        two in (0..Class::ALL.len(), 0_i64..1024, 0_usize..3, 0_usize..3),
    ) {
        let question = |(class, held, sensitivity, seal): (usize, i64, usize, usize)| {
            let item = Item { sensitivity: Sensitivity::ALL[sensitivity], seal: Seal::ALL[seal], ..Item::of(Class::ALL[class]) };
            let held = Tie::ALL.into_iter().filter(|tie| held & (1 << *tie as i64) != 0).collect::<Vec<_>>();
            Question::new(Role::Citizen, true, Action::ReadPseudonyms, Purpose::Planning, item, &ties(&held))
        };
        let (one, two) = (question(one), question(two));
        prop_assert_eq!(one == two, one.code() == two.code());
        prop_assert!(one.code() < 1 << 36);
    }
}

#[test]
fn who_asks_what_and_for_what_makes_another_number_each_time() {
    let mut codes = std::collections::BTreeSet::new();
    let mut asked = 0;
    for (role, action, purpose) in kinds() {
        for assured in [false, true] {
            for standing in [Ties::none(), ties(&Tie::ALL).objecting()] {
                for item in [Item::of(Class::ALL[0]), every_item().pop().unwrap()] {
                    let code = Question::new(role, assured, action, purpose, item, &standing).code();
                    assert!(code < 1 << 36, "{role:?} {action:?} {purpose:?}");
                    codes.insert(code);
                    asked += 1;
                }
            }
        }
    }
    assert_eq!(codes.len(), asked, "an answer to one question is never taken for the answer to another");
}

const fn letter(level: Level) -> &'static str {
    match level {
        Level::Full => "whole",
        Level::Masked => "when",
        Level::ExistenceOnly => "there",
        Level::Hidden => "-",
    }
}

/// What each role reads for the purpose that is its own.
fn reads() -> impl Iterator<Item = (Role, Action, Purpose)> {
    Role::ALL.into_iter().map(|role| match role {
        Role::Receptionist => (role, Action::ReadRecord, Purpose::Administration),
        Role::RecordsOfficer => (role, Action::ReadMessage, Purpose::DataQuality),
        Role::IdentitySteward => (role, Action::JudgeIdentity, Purpose::DataQuality),
        Role::PrivacyOfficer => (role, Action::ReviewLooks, Purpose::Privacy),
        Role::Analyst => (role, Action::ReadPseudonyms, Purpose::Planning),
        Role::Citizen => (role, Action::ReadRecord, Purpose::OwnRecord),
        _ => (role, Action::ReadRecord, Purpose::DirectCare),
    })
}

#[test]
fn what_opens_what_can_be_read_and_signed() {
    let mut table = String::from("role,class,no tie");
    for tie in Tie::ALL {
        write!(table, ",{}", tie.word()).unwrap();
    }
    table.push('\n');
    for (role, action, purpose) in reads() {
        let rules = rules(role, action, purpose);
        for class in Class::ALL {
            let levels = std::iter::once(Ties::none()).chain(Tie::ALL.map(|tie| ties(&[tie])));
            let levels: Vec<&str> = levels.map(|ties| letter(rules.level(&Item::of(class), &ties))).collect();
            if levels.iter().any(|level| *level != "-") {
                writeln!(table, "{},{},{}", role.word(), words::class(class), levels.join(",")).unwrap();
            }
        }
    }
    insta::assert_snapshot!("what_opens_what", table);
}

#[test]
fn what_is_special_can_be_read_and_signed() {
    let plain = Item::of(Class::Problem);
    let with = |change: fn(&mut Item)| {
        let mut item = plain;
        change(&mut item);
        item
    };
    let special = [
        ("ordinary", plain, false),
        ("sensitive", with(|item| item.sensitivity = Sensitivity::Sensitive), false),
        ("restricted", with(|item| item.sensitivity = Sensitivity::Restricted), false),
        ("restricted and ours", with(|item| (item.sensitivity, item.ours) = (Sensitivity::Restricted, true)), false),
        ("sealed", with(|item| item.seal = Seal::Shown), false),
        ("sealed out of sight", with(|item| item.seal = Seal::Hidden), false),
        ("objected", plain, true),
        ("objected and ours", with(|item| item.ours = true), true),
        ("harmful", with(|item| item.harmful = true), false),
    ];
    let mut table = format!("role,tie,{}\n", special.map(|(name, ..)| name).join(","));
    for (role, action, purpose) in reads() {
        let rules = rules(role, action, purpose);
        for tie in Tie::ALL {
            let levels = special.map(|(_, item, objected)| {
                let standing = ties(&[tie]);
                letter(rules.level(&item, &if objected { standing.objecting() } else { standing }))
            });
            if levels.iter().any(|level| *level != "-") {
                writeln!(table, "{},{},{}", role.word(), tie.word(), levels.join(",")).unwrap();
            }
        }
    }
    insta::assert_snapshot!("a_problem_that_is_special", table);
}
