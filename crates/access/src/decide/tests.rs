//! What the decision has to hold whatever the rules say.

use super::*;
use crate::role::Purpose;

fn subject(role: Role, assured: bool) -> Subject {
    Subject {
        id: "somebody".to_owned(),
        name: "Somebody".to_owned(),
        role,
        organisation: String::new(),
        own: None,
        teams: Vec::new(),
        assured,
    }
}

/// What somebody may do to a person who stands to them like this.
fn verdict(by: &Subject, action: Action, purpose: Purpose, ties: &Ties) -> Result<&'static str, Not> {
    ever(by, action, purpose).and_then(|rules| decide(by, action, &rules, ties))
}

#[test]
fn what_is_refused_shows_nothing_of_anybody() {
    for role in Role::ALL {
        let by = subject(role, true);
        for action in Action::ALL {
            for purpose in Purpose::ALL {
                let rules = rules::of(&by, action, purpose);
                for ties in every_way() {
                    if verdict(&by, action, purpose, &ties).is_ok() {
                        continue;
                    }
                    for class in Class::ALL.into_iter().filter(|class| *class != Class::Directory) {
                        let level = rules.level(&Item::of(class), &ties);
                        assert_eq!(level, Level::Hidden, "{role:?} {action:?} {purpose:?} {class:?} {ties:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn nobody_opens_a_record_without_a_relationship() {
    for role in Role::ALL {
        let by = subject(role, true);
        for purpose in Purpose::ALL {
            for action in [Action::ReadRecord, Action::WriteRecord, Action::Seal] {
                let opened = verdict(&by, action, purpose, &Ties::none()).is_ok();
                // The single point of access has to tell whom a call is about, and whether somebody is in danger; no more.
                assert_eq!(opened, role == Role::Coordinator && may(&by, action, purpose), "{role:?} {action:?}");
                let rules = rules::of(&by, action, purpose);
                for class in [Class::Problem, Class::Medicine, Class::Result, Class::Document, Class::SocialCare] {
                    let level = rules.level(&Item::of(class), &Ties::none());
                    assert!(level < Level::Masked, "{role:?} {action:?} {class:?}");
                }
            }
        }
    }
}

#[test]
fn who_is_not_known_well_enough_does_nothing() {
    for role in Role::ALL {
        let by = subject(role, false);
        for action in Action::ALL {
            for purpose in Purpose::ALL {
                assert!(!may(&by, action, purpose), "{role:?} {action:?} {purpose:?}");
            }
        }
    }
}

#[test]
fn the_reason_given_is_a_relationship_that_is_there() {
    let gp = subject(Role::Gp, true);
    let both = Ties::none().with(Tie::Neighbourhood, Classes::ALL).with(Tie::Caseload, Classes::ALL);
    let because = |ties: &Ties| verdict(&gp, Action::ReadRecord, Purpose::DirectCare, ties);
    assert_eq!(because(&both), Ok(Tie::Neighbourhood.said()));
    assert_eq!(because(&both.with(Tie::Glass, Classes::ALL)), Ok(Tie::Glass.said()), "a broken glass is always told");
    // A relationship that opens nothing for this role is no reason.
    let lives = Ties::none().with(Tie::Residence, Classes::ALL);
    assert!(matches!(because(&lives), Err(Not::Here(_))));
    assert_eq!(because(&lives.with(Tie::Caseload, Classes::ALL)), Ok(Tie::Caseload.said()));
}

#[test]
fn a_citizen_is_told_the_same_of_everybody_else() {
    let mut citizen = subject(Role::Citizen, true);
    citizen.own = Some(Uuid::from_u128(1));
    let other = verdict(&citizen, Action::ReadRecord, Purpose::OwnRecord, &Ties::none());
    assert_eq!(other, Err(Not::Ever(NOT_OWN)));
    let own = Ties::none().with(Tie::Own, Classes::ALL);
    assert_eq!(verdict(&citizen, Action::ReadRecord, Purpose::OwnRecord, &own), Ok(Tie::Own.said()));
    let proxy = Ties::none().with(Tie::Proxy, Classes::of([Class::Identity, Class::Medicine]));
    assert_eq!(verdict(&citizen, Action::ReadRecord, Purpose::OwnRecord, &proxy), Ok(Tie::Proxy.said()));
    assert!(verdict(&citizen, Action::SeeLooks, Purpose::OwnRecord, &proxy).is_err());
}

#[test]
fn what_may_be_offered_is_what_some_relationship_allows() {
    for role in Role::ALL {
        let by = subject(role, true);
        for action in Action::ALL {
            for purpose in Purpose::ALL {
                let some = every_way().any(|ties| verdict(&by, action, purpose, &ties).is_ok());
                assert_eq!(may(&by, action, purpose), some, "{role:?} {action:?} {purpose:?}");
            }
        }
    }
}
