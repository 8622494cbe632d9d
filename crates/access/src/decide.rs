//! The decision: one pure function from who, what and why to how much may be seen. A small table of roles for now; the full
//! policy (relationship, seals, objection, glass) fills this same function. What the table does not name is hidden.

use serde::{Deserialize, Serialize};

use crate::role::{Action, Class, Purpose, Role};

/// How much may be seen, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Leaves no trace.
    Hidden,
    /// That there is something may be known, and nothing of it.
    ExistenceOnly,
    /// That there is something and when; not what.
    Masked,
    /// All of it.
    Full,
}

/// A level and why, in words for the person who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// How much.
    pub level: Level,
    /// Why.
    pub reason: &'static str,
}

const fn grant(level: Level, reason: &'static str) -> Decision {
    Decision { level, reason }
}

/// Whether a role may do an action for a purpose at all; the second half of the answer is the reason.
///
/// # Errors
/// The reason why not.
pub fn may(role: Role, action: Action, purpose: Purpose) -> Result<&'static str, &'static str> {
    use {Action as A, Purpose as P, Role as R};
    match (role, action, purpose) {
        (
            R::Gp
            | R::Consultant
            | R::DistrictNurse
            | R::Therapist
            | R::SocialWorker
            | R::Coordinator
            | R::CareHomeManager,
            A::FindPeople | A::ReadRecord | A::SeeLooks | A::SeeWorklist,
            P::DirectCare,
        ) => Ok("their role gives care"),
        (
            R::Gp | R::Consultant | R::DistrictNurse | R::Therapist | R::SocialWorker | R::Coordinator,
            A::WriteRecord,
            P::DirectCare,
        ) => Ok("their role writes what it does"),
        (R::Receptionist, A::FindPeople | A::ReadRecord | A::SeeWorklist, P::Administration) => {
            Ok("their role books and registers people")
        }
        (R::RecordsOfficer, A::ReadMessage | A::MendMessage, P::DataQuality) => Ok("their role mends messages"),
        (R::PrivacyOfficer, A::FindPeople | A::SeeLooks | A::ReviewLooks | A::SeeWorklist, P::Privacy) => {
            Ok("their role watches over who looks")
        }
        // Whose record it is, the gate sees to.
        (R::Citizen, A::ReadRecord | A::SeeLooks, P::OwnRecord) => Ok("it is their own record"),
        (R::Analyst, ..) => Err("an analyst works with counts and never sees a person"),
        (R::RecordsOfficer, ..) => Err("a records officer sees the messages that need mending, not people's records"),
        (R::PrivacyOfficer, ..) => Err("a privacy officer sees who looked, not what is in the record"),
        (R::Citizen, ..) => Err("you may read your own record and no other"),
        _ => Err("your role does not include this"),
    }
}

/// How much of a class of item a role may see, once it may do the action.
#[must_use]
pub fn decide(role: Role, action: Action, class: Class, purpose: Purpose) -> Decision {
    use {Class as C, Role as R};
    if let Err(reason) = may(role, action, purpose) {
        return grant(Level::Hidden, reason);
    }
    match (action, class) {
        (Action::FindPeople, C::Identity) => return grant(Level::Full, "to find the right person"),
        (Action::SeeLooks, C::Looks | C::Identity) => return grant(Level::Full, "to say who has looked"),
        (Action::ReviewLooks, C::Looks | C::Identity) => return grant(Level::Full, "to watch over who looks"),
        (Action::ReadMessage | Action::MendMessage, C::Message) => return grant(Level::Full, "to mend the message"),
        (Action::SeeWorklist, _) => return on_a_worklist(role, class),
        // Nobody writes what they may not read.
        (Action::ReadRecord | Action::WriteRecord, _) => {}
        _ => return grant(Level::Hidden, "this action does not need it"),
    }
    match (role, class) {
        (_, C::Message | C::Looks) => grant(Level::Hidden, "opening a record does not need it"),
        (_, C::Directory) => grant(Level::Full, "nobody's: places, and the people who work there"),
        (R::Gp | R::Consultant | R::DistrictNurse | R::Therapist | R::Coordinator, _) => {
            grant(Level::Full, "their role gives care")
        }
        (R::SocialWorker, C::Result | C::Document) => {
            grant(Level::ExistenceOnly, "not shared with social care by this role table")
        }
        (R::SocialWorker, _) => grant(Level::Full, "their role gives care"),
        (R::CareHomeManager, C::Identity | C::Alert | C::Allergy | C::Medicine | C::Plan | C::Contact) => {
            grant(Level::Full, "needed to look after a resident")
        }
        (R::CareHomeManager, _) => grant(Level::ExistenceOnly, "not needed to look after a resident"),
        // Reception sees who somebody is and how to reach them: nothing that hints at why they come. Contacts do hint: a key
        // worker's team is named after what it treats.
        (R::Receptionist, C::Identity) => grant(Level::Full, "needed to book and register"),
        (R::Citizen, _) => grant(Level::Full, "it is their own record"),
        _ => grant(Level::Hidden, "your role does not include this"),
    }
}

/// How much of a class of item a role's own worklists show: what its record shows or less, and never raw messages.
fn on_a_worklist(role: Role, class: Class) -> Decision {
    use {Class as C, Role as R};
    match (role, class) {
        (R::PrivacyOfficer, C::Looks) => grant(Level::Full, "to watch over who looks"),
        (R::PrivacyOfficer, _) | (_, C::Message | C::Looks) => grant(Level::Hidden, "a worklist does not need it"),
        (R::Receptionist, C::Identity) => grant(Level::Full, "needed to book and register"),
        (R::Receptionist, C::Booking) => grant(Level::Masked, "when somebody comes, never why"),
        (R::Gp | R::Consultant | R::DistrictNurse | R::Therapist | R::Coordinator, _) => {
            grant(Level::Full, "their role gives care")
        }
        (R::SocialWorker, C::Result | C::Document) => {
            grant(Level::ExistenceOnly, "not shared with social care by this role table")
        }
        (R::SocialWorker, _) => grant(Level::Full, "their role gives care"),
        (R::CareHomeManager, C::Identity) => grant(Level::Full, "needed to look after a resident"),
        // That a resident is in hospital and since when; not why, nor on which ward.
        (R::CareHomeManager, C::Encounter) => grant(Level::Masked, "needed to know who is away"),
        _ => grant(Level::Hidden, "your role does not include this"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PURPOSES: [Purpose; 6] = [
        Purpose::DirectCare,
        Purpose::Administration,
        Purpose::DataQuality,
        Purpose::Privacy,
        Purpose::Operation,
        Purpose::OwnRecord,
    ];
    const ACTIONS: [Action; 7] = [
        Action::FindPeople,
        Action::ReadRecord,
        Action::WriteRecord,
        Action::SeeLooks,
        Action::ReadMessage,
        Action::MendMessage,
        Action::SeeWorklist,
    ];
    const CLINICAL: [Class; 8] = [
        Class::Problem,
        Class::Allergy,
        Class::Medicine,
        Class::Result,
        Class::Encounter,
        Class::Procedure,
        Class::Document,
        Class::Plan,
    ];

    #[test]
    fn an_action_that_is_refused_shows_nothing() {
        for role in Role::ALL {
            for action in ACTIONS {
                for purpose in PURPOSES {
                    for class in Class::ALL {
                        if may(role, action, purpose).is_err() {
                            assert_eq!(
                                decide(role, action, class, purpose).level,
                                Level::Hidden,
                                "{role:?} {action:?} {class:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn reception_analysts_and_officers_never_see_anything_clinical() {
        for role in [Role::Receptionist, Role::Analyst, Role::PrivacyOfficer, Role::RecordsOfficer] {
            for action in ACTIONS {
                for purpose in PURPOSES {
                    for class in CLINICAL {
                        assert_eq!(
                            decide(role, action, class, purpose).level,
                            Level::Hidden,
                            "{role:?} {action:?} {class:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_search_shows_who_people_are_and_nothing_else() {
        for role in Role::ALL {
            for class in Class::ALL.into_iter().filter(|class| *class != Class::Identity) {
                for purpose in PURPOSES {
                    assert_eq!(decide(role, Action::FindPeople, class, purpose).level, Level::Hidden);
                }
            }
        }
    }

    #[test]
    fn a_worklist_never_shows_more_than_the_record_does() {
        for role in Role::ALL {
            let purpose = if role == Role::Receptionist { Purpose::Administration } else { Purpose::DirectCare };
            for class in Class::ALL.into_iter().filter(|class| *class != Class::Booking) {
                let (list, record) = (
                    decide(role, Action::SeeWorklist, class, purpose).level,
                    decide(role, Action::ReadRecord, class, purpose).level,
                );
                let away = role == Role::CareHomeManager && class == Class::Encounter;
                assert!(list <= record || away && list == Level::Masked, "{role:?} {class:?}");
            }
            if role == Role::Receptionist {
                assert_eq!(decide(role, Action::SeeWorklist, Class::Booking, purpose).level, Level::Masked);
            }
        }
    }

    #[test]
    fn a_citizen_reads_everything_of_their_own_but_raw_messages_and_lists_nobody() {
        for class in Class::ALL {
            let read = decide(Role::Citizen, Action::ReadRecord, class, Purpose::OwnRecord).level;
            let kept = matches!(class, Class::Message | Class::Looks);
            assert_eq!(read, if kept { Level::Hidden } else { Level::Full }, "{class:?}");
        }
        for action in [Action::FindPeople, Action::SeeWorklist, Action::ReadMessage, Action::MendMessage] {
            assert!(PURPOSES.into_iter().all(|purpose| may(Role::Citizen, action, purpose).is_err()));
        }
        assert!(may(Role::Citizen, Action::ReadRecord, Purpose::DirectCare).is_err());
    }

    #[test]
    fn nobody_writes_what_they_may_not_read_and_only_who_gives_care_writes() {
        for role in Role::ALL {
            for purpose in PURPOSES {
                let gives_care = may(role, Action::WriteRecord, purpose).is_ok();
                assert_eq!(
                    gives_care,
                    purpose == Purpose::DirectCare
                        && matches!(
                            role,
                            Role::Gp
                                | Role::Consultant
                                | Role::DistrictNurse
                                | Role::Therapist
                                | Role::SocialWorker
                                | Role::Coordinator
                        ),
                    "{role:?} {purpose:?}"
                );
                for class in Class::ALL {
                    let (write, read) = (
                        decide(role, Action::WriteRecord, class, purpose).level,
                        decide(role, Action::ReadRecord, class, purpose).level,
                    );
                    assert!(write <= read, "{role:?} {class:?}");
                }
            }
        }
        let results = decide(Role::SocialWorker, Action::WriteRecord, Class::Result, Purpose::DirectCare);
        assert_ne!(results.level, Level::Full);
        let messages = decide(Role::Gp, Action::WriteRecord, Class::Message, Purpose::DirectCare);
        assert_eq!(messages.level, Level::Hidden);
    }

    #[test]
    fn an_unknown_role_is_no_role() {
        assert_eq!(Role::from_word("superuser"), None);
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.word()), Some(role));
        }
    }
}
