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

/// What a role is shown of a class for an action, at most and at a relationship.
fn levels(role: Role, action: Action, purpose: Purpose, class: Class) -> Vec<Level> {
    let rules = rules::of(&subject(role, true), action, purpose);
    let items = [Item::of(class), Item { ours: true, ..Item::of(class) }];
    every_way().flat_map(|ties| items.map(|item| rules.level(&item, &ties))).collect()
}

#[test]
fn reception_analysts_and_officers_never_see_anything_clinical() {
    for role in [
        Role::Receptionist,
        Role::Analyst,
        Role::Commissioner,
        Role::Provider,
        Role::PrivacyOfficer,
        Role::RecordsOfficer,
    ] {
        // Pseudonyms are of nobody: what kind of thing happened may be known, to an analyst.
        for action in Action::ALL.into_iter().filter(|action| *action != Action::ReadPseudonyms) {
            for purpose in Purpose::ALL {
                for class in SEALED.into_iter().filter(|class| *class != Class::Contact) {
                    let shown = levels(role, action, purpose, class);
                    assert!(shown.iter().all(|level| *level == Level::Hidden), "{role:?} {action:?} {class:?}");
                }
            }
        }
    }
}

#[test]
fn a_worklist_never_shows_more_than_the_record_does() {
    for role in Role::ALL {
        let purpose = if role == Role::Receptionist { Purpose::Administration } else { Purpose::DirectCare };
        for class in Class::ALL.into_iter().filter(|class| *class != Class::Booking) {
            let list = levels(role, Action::SeeWorklist, purpose, class);
            let record = levels(role, Action::ReadRecord, purpose, class);
            for (list, record) in list.into_iter().zip(record) {
                // That a resident is in hospital and since when; not why, nor on which ward.
                let away = role == Role::CareHomeManager && class == Class::Encounter;
                assert!(list <= record || away && list == Level::Masked, "{role:?} {class:?}");
            }
        }
    }
    let booked = levels(Role::Receptionist, Action::SeeWorklist, Purpose::Administration, Class::Booking);
    assert_eq!(booked.into_iter().max(), Some(Level::Masked), "when somebody comes, never why");
}

#[test]
fn nobody_writes_what_they_may_not_read_and_only_who_gives_care_writes() {
    for role in Role::ALL {
        for purpose in Purpose::ALL {
            let gives_care = matches!(
                role,
                Role::Gp
                    | Role::Consultant
                    | Role::DistrictNurse
                    | Role::Therapist
                    | Role::SocialWorker
                    | Role::Coordinator
            );
            if !gives_care || purpose != Purpose::DirectCare {
                assert!(!may(&subject(role, true), Action::WriteRecord, purpose), "{role:?} {purpose:?}");
            }
            for class in Class::ALL {
                let write = levels(role, Action::WriteRecord, purpose, class);
                let read = levels(role, Action::ReadRecord, purpose, class);
                for (write, read) in write.into_iter().zip(read) {
                    assert!(write < Level::Full || read == Level::Full, "{role:?} {class:?}");
                }
            }
        }
    }
    for class in [Class::Message, Class::Looks] {
        let written = levels(Role::Gp, Action::WriteRecord, Purpose::DirectCare, class);
        assert!(written.into_iter().all(|level| level == Level::Hidden), "{class:?}");
    }
}
