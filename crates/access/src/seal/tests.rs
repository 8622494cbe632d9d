//! Rules of seals, held against what they say in words: the author's organisation or the person's wish sets one, and only its
//! holder or the person lifts it.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::relationship::{Classes, Tie};
use crate::role::Class;

const WORDS: &str = "She asked that only her own surgery reads this";

fn reader(id: &str, role: Role, team: &str) -> Subject {
    Subject {
        id: id.to_owned(),
        name: "Dr Example".to_owned(),
        role,
        organisation: "Marple Bridge Surgery".to_owned(),
        own: (role == Role::Citizen).then(|| Uuid::from_u128(1)),
        teams: vec![team.to_owned()],
        assured: true,
    }
}

fn setting(by: Subject, ours: bool, wanted: Wanted) -> Setting {
    Setting {
        holder: by.teams.first().cloned().unwrap_or_default(),
        by,
        purpose: Purpose::DirectCare,
        person: Uuid::from_u128(1),
        resource: Uuid::from_u128(2),
        item: Item { ours, ..Item::of(Class::Problem) },
        ties: Ties::none().with(Tie::Registration, Classes::ALL),
        wanted,
        reason: WORDS.to_owned(),
        today: date(2026, 11, 20),
    }
}

fn set(seal: &Sealing, setting: Setting) -> Result<Vec<Event>, Refusal> {
    seal.decide(Command::Set(Box::new(setting)), Timestamp::UNIX_EPOCH)
}

fn lift(seal: &Sealing, by: Subject) -> Result<Vec<Event>, Refusal> {
    let command = Command::Lift { by, person: Uuid::from_u128(1), reason: WORDS.to_owned() };
    seal.decide(command, Timestamp::UNIX_EPOCH)
}

fn sealed(level: Seal, wish: bool) -> Wanted {
    Wanted::Sealed { level, wish }
}

fn after(events: &[Event]) -> Sealing {
    let mut seal = Sealing::default();
    for event in events {
        seal.apply(event);
    }
    seal
}

#[test]
fn somebody_elses_entry_is_sealed_only_at_the_persons_wish() {
    let gp = || reader("a", Role::Gp, "ods:P88002");
    let none = Sealing::default();
    assert_eq!(set(&none, setting(gp(), false, sealed(Seal::Hidden, false))), Err(Refusal::NotTheAuthors));
    assert!(set(&none, setting(gp(), false, sealed(Seal::Hidden, true))).is_ok());
    assert!(set(&none, setting(gp(), true, sealed(Seal::Shown, false))).is_ok());
    assert_eq!(set(&none, setting(gp(), true, sealed(Seal::None, true))), Err(Refusal::NoLevel));
    // Without a relationship nobody seals anything, their own entry or not.
    for ours in [true, false] {
        let asked = Setting { ties: Ties::none(), ..setting(gp(), ours, sealed(Seal::Shown, true)) };
        assert_eq!(set(&none, asked), Err(Refusal::NotYours));
    }
    // What is sealed against them they do not seal: they may not know what it says.
    let mut asked = setting(gp(), false, sealed(Seal::Shown, true));
    asked.item.seal = Seal::Shown;
    assert_eq!(set(&none, asked), Err(Refusal::NotYours));
}

#[test]
fn only_who_gives_care_seals_and_only_clinicians_at_a_wish_or_for_harm() {
    let kept = || Wanted::KeptFromThem { review: date(2027, 2, 1) };
    for role in Role::ALL {
        let ask = |ours, wanted| set(&Sealing::default(), setting(reader("a", role, "ods:P88002"), ours, wanted));
        let clinician = CLINICIANS.contains(&role);
        assert_eq!(
            ask(true, sealed(Seal::Shown, false)).is_ok(),
            clinician || role == Role::SocialWorker,
            "{role:?} seals their own"
        );
        assert_eq!(ask(false, sealed(Seal::Shown, true)).is_ok(), clinician, "{role:?} at a wish");
        assert_eq!(ask(false, kept()).is_ok(), clinician, "{role:?} for harm");
    }
    let unproved = Subject { assured: false, ..reader("a", Role::Gp, "ods:P88002") };
    assert_eq!(set(&Sealing::default(), setting(unproved, true, kept())), Err(Refusal::NotYours));
}

#[test]
fn what_is_kept_from_the_person_is_looked_at_again_within_a_year() {
    let ask = |review| {
        let wanted = Wanted::KeptFromThem { review };
        set(&Sealing::default(), setting(reader("a", Role::Gp, "ods:P88002"), false, wanted))
    };
    assert_eq!(ask(date(2026, 11, 20)), Err(Refusal::NoReview));
    assert!(ask(date(2026, 11, 21)).is_ok());
    assert!(ask(date(2027, 11, 20)).is_ok());
    assert_eq!(ask(date(2027, 11, 21)), Err(Refusal::NoReview));
    let events = ask(date(2027, 1, 4)).unwrap();
    assert!(matches!(events.as_slice(), [Event::Set { level: Seal::None, harmful: true, wish: false, .. }]));
    // The person does not lift what is kept from them; whoever keeps it does.
    assert_eq!(lift(&after(&events), reader("c", Role::Citizen, "")), Err(Refusal::NotTheHolder));
    assert!(lift(&after(&events), reader("b", Role::DistrictNurse, "ods:P88002")).is_ok());
}

#[test]
fn a_seal_is_lifted_by_its_holder_or_by_the_person_whose_wish_it_was() {
    for (wish, by, may) in [
        (false, reader("b", Role::Gp, "ods:P88002"), true),
        (true, reader("b", Role::Gp, "ods:P88002"), true),
        (true, reader("b", Role::Gp, "ods:P88003"), false),
        (true, reader("b", Role::PrivacyOfficer, "organisation:council"), false),
        (true, reader("c", Role::Citizen, ""), true),
        (false, reader("c", Role::Citizen, ""), false),
        (true, Subject { own: Some(Uuid::from_u128(9)), ..reader("c", Role::Citizen, "") }, false),
        (true, Subject { own: None, ..reader("c", Role::Citizen, "") }, false),
        // Somebody of the surgery who reads their own record as a citizen is there as themselves.
        (false, reader("c", Role::Citizen, "ods:P88002"), false),
    ] {
        let gp = reader("a", Role::Gp, "ods:P88002");
        let seal = after(&set(&Sealing::default(), setting(gp, true, sealed(Seal::Hidden, wish))).unwrap());
        assert_eq!(lift(&seal, by.clone()).is_ok(), may, "{wish} {by:?}");
    }
    assert_eq!(lift(&Sealing::default(), reader("a", Role::Gp, "ods:P88002")), Err(Refusal::NotSealed));
}

#[test]
fn events_are_read_as_they_were_written() {
    let body = r#"{"Set":{"by":{"id":"a","name":"Dr A","role":"gp","organisation":"S"},"person":"00000000-0000-0000-0000-000000000001","resource":"00000000-0000-0000-0000-000000000002","holder":"ods:P88002","level":"hidden","wish":true,"harmful":false}}"#;
    let event: Event = serde_json::from_str(body).unwrap();
    assert!(matches!(event, Event::Set { level: Seal::Hidden, wish: true, review: None, .. }));
}

/// One random thing that somebody tries.
type Step = (u8, u8, bool, u8, bool);

proptest! {
    /// Whatever is tried, nobody but the holder changes a seal, and nobody but the holder or the person lifts it.
    #[test]
    fn no_history_leads_to_a_seal_changed_or_lifted_by_others(
        steps in proptest::collection::vec((0..4_u8, 0..3_u8, any::<bool>(), 0..3_u8, any::<bool>()), 1..25)
    ) {
        let mut seal = Sealing::default();
        let mut now: Option<(String, bool)> = None;
        for (who, what, ours, level, wish) in steps as Vec<Step> {
            let by = match who {
                0 => reader("a", Role::Gp, "ods:P88002"),
                1 => reader("b", Role::Consultant, "organisation:stockport-ft"),
                2 => reader("p", Role::PrivacyOfficer, "ods:P88002"),
                _ => reader("c", Role::Citizen, ""),
            };
            let answer = match what {
                0 => lift(&seal, by.clone()),
                1 => set(&seal, setting(by.clone(), ours, Wanted::KeptFromThem { review: date(2027, 1, 4) })),
                _ => {
                    let level = [Seal::None, Seal::Shown, Seal::Hidden][usize::from(level)];
                    set(&seal, setting(by.clone(), ours, sealed(level, wish)))
                }
            };
            let Ok(events) = answer else { continue };
            for event in &events {
                seal.apply(event);
                match event {
                    Event::Set { holder, wish, harmful, level, .. } => {
                        prop_assert!(by.teams.contains(holder));
                        prop_assert!(now.as_ref().is_none_or(|(held, _)| held == holder));
                        prop_assert!(ours || *wish || *harmful);
                        prop_assert_eq!(*harmful, *level == Seal::None);
                        now = Some((holder.clone(), *wish));
                    }
                    Event::Lifted { by, .. } => {
                        let (holder, wish) = now.take().expect("there was a seal");
                        prop_assert!(by.teams.contains(&holder) || (wish && by.own == Some(Uuid::from_u128(1))));
                    }
                }
            }
        }
    }
}
