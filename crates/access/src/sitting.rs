//! Sittings: for ten minutes from a look, what the same reader sees of the same person for the same reason is covered by that
//! look, so that a client that asks for one record in fifty requests leaves one line and not fifty. Kept in memory only:
//! forgetting one costs another look and never hides one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::permit::Asking;
use crate::role::{Action, Purpose, Role};

/// How long a look covers what follows it.
pub const LENGTH: SignedDuration = SignedDuration::from_mins(10);

/// The most that are remembered: some 20 MB. More, and all are forgotten, which costs each its next look.
const MOST: usize = 100_000;

type Key = (String, Role, Purpose, Action, Uuid);

/// The sittings of a gate.
#[derive(Debug, Default)]
pub struct Sittings {
    begun: Mutex<HashMap<Key, Timestamp>>,
}

fn key(asking: &Asking<'_>, action: Action, person: Uuid) -> Key {
    (asking.subject.id.clone(), asking.subject.role, asking.purpose, action, person)
}

impl Sittings {
    /// Those of these people whom no sitting of this reader covers.
    pub(crate) fn uncovered(&self, asking: &Asking<'_>, action: Action, people: &[Uuid]) -> Vec<Uuid> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let covered = |person: &Uuid| {
            begun.get(&key(asking, action, *person)).is_some_and(|at| {
                let gone = asking.at.duration_since(*at);
                // A clock that was put back covers nothing.
                !gone.is_negative() && gone < LENGTH
            })
        };
        people.iter().copied().filter(|person| !covered(person)).collect()
    }

    /// A look at these people is on the disk.
    pub(crate) fn begin(&self, asking: &Asking<'_>, action: Action, people: &[Uuid]) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() + people.len() > MOST {
            begun.retain(|_, at| asking.at.duration_since(*at) < LENGTH);
            if begun.len() + people.len() > MOST {
                begun.clear();
            }
        }
        for person in people.iter().take(MOST) {
            begun.insert(key(asking, action, *person), asking.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Subject;

    fn subject(id: &str, role: Role) -> Subject {
        Subject {
            id: id.to_owned(),
            name: "Dr Example".to_owned(),
            role,
            organisation: String::new(),
            own: None,
            teams: Vec::new(),
            assured: true,
        }
    }

    #[test]
    fn a_sitting_covers_the_same_reader_reason_and_person_for_ten_minutes() {
        let (sittings, gp, at) = (Sittings::default(), subject("a", Role::Gp), Timestamp::UNIX_EPOCH);
        let asking = |subject, minutes: i64| Asking {
            subject,
            purpose: Purpose::DirectCare,
            at: at + SignedDuration::from_mins(minutes),
        };
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        sittings.begin(&asking(&gp, 0), Action::ReadRecord, &[one]);
        let left = |subject, minutes, action| sittings.uncovered(&asking(subject, minutes), action, &[one, two]);
        assert_eq!(left(&gp, 9, Action::ReadRecord), [two]);
        assert_eq!(left(&gp, 10, Action::ReadRecord), [one, two], "the time is up");
        assert_eq!(left(&gp, -1, Action::ReadRecord), [one, two], "the clock was put back");
        assert_eq!(left(&gp, 1, Action::WriteRecord), [one, two], "another action");
        let (other, promoted) = (subject("b", Role::Gp), subject("a", Role::Coordinator));
        assert_eq!(left(&other, 1, Action::ReadRecord), [one, two], "another reader");
        assert_eq!(left(&promoted, 1, Action::ReadRecord), [one, two], "another role");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (sittings, gp) = (Sittings::default(), subject("a", Role::Gp));
        let asking = Asking { subject: &gp, purpose: Purpose::DirectCare, at: Timestamp::UNIX_EPOCH };
        for block in 0..3_u128 {
            let people: Vec<Uuid> = (0..60_000).map(|number| Uuid::from_u128(block << 64 | number)).collect();
            sittings.begin(&asking, Action::ReadRecord, &people);
            assert!(sittings.begun.lock().unwrap().len() <= MOST);
            assert!(sittings.uncovered(&asking, Action::ReadRecord, &people).is_empty());
        }
    }
}
