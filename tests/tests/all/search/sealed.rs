//! What was found stays shut until the look is on the disk; one look covers a sitting.

use access::{Action, Asking, Denied, Purpose, Role, Sealed};
use jiff::SignedDuration;
use weft_tests::{at, on_both, outside};

use super::invented::World;
use super::{subject, wait};

#[test]
fn one_look_covers_a_sitting_and_a_refusal_opens_nothing() {
    on_both(|database| {
        let world = World::empty(database);
        let gate = super::gate(&world.store);
        let (gp, other) = (subject(Role::Gp, None), subject(Role::Consultant, None));
        let looks = |what: &str| {
            outside::number(database, &format!("SELECT count(*) FROM log WHERE kind = 'look' AND event = '{what}'"))
        };
        let open = |subject, minutes: i64, action, people: &[usize]| {
            let about = people.iter().map(|person| world.people[*person]).collect();
            let at = at(0) + SignedDuration::from_mins(minutes);
            let asking = Asking { subject, purpose: Purpose::DirectCare, at };
            wait(gate.open(&asking, action, Sealed::new(about, "found")))
        };
        for (people, minutes, looks_by_then) in [
            (&[0, 1][..], 0, 1),
            (&[1, 0, 0], 9, 1),
            (&[], 9, 1),
            // Somebody new, and only they.
            (&[0, 2], 9, 2),
            (&[0], 10, 3),
            (&[2], 10, 3),
        ] {
            assert_eq!(open(&gp, minutes, Action::ReadRecord, people).unwrap(), "found");
            assert_eq!(looks("Looked"), looks_by_then, "{people:?} {minutes}");
        }
        assert_eq!(open(&other, 10, Action::ReadRecord, &[0]).unwrap(), "found");
        assert_eq!(looks("Looked"), 4, "another reader has a sitting of their own");
        assert_eq!(outside::number(database, "SELECT count(*) FROM look WHERE allowed = 2"), 5);
        let analyst = subject(Role::Analyst, None);
        for people in [&[0][..], &[]] {
            assert!(matches!(open(&analyst, 10, Action::ReadRecord, people), Err(Denied::Policy(_))));
        }
        assert_eq!((looks("Looked"), looks("Refused")), (4, 1), "the refusal about somebody is written down");
        let asking = Asking { subject: &analyst, purpose: Purpose::DirectCare, at: at(0) };
        assert!(matches!(gate.scope(&asking), Err(Denied::Policy(_))));
    });
}
