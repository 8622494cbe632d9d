//! The invented asks: every state is there, everything hangs together, and at any hour of a day.

use std::collections::BTreeSet;
use std::sync::Arc;

use care::ask::{Ask, State};
use care::crisis::Response;
use care::episode::Episode;
use care::slot::Slot;
use store::{Aggregate, Store};

use super::*;

struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn somebody(number: u128) -> Somebody {
    Somebody { root: Uuid::from_u128(0xB0 + number), years: 80, of_the_gp: number < 6 }
}

/// Streams of a kind, each made again from its events.
fn all<A: Aggregate + Default>(store: &Store) -> Vec<A> {
    let mut ids = BTreeSet::new();
    store
        .read(|tx| {
            store::log::walk(tx, 1, &mut |_, entry| {
                if entry.kind == A::KIND {
                    ids.insert(entry.stream);
                }
                Ok(())
            })
        })
        .unwrap();
    ids.into_iter()
        .map(|id| {
            store
                .read(|tx| Ok::<_, store::Error>(store::aggregate::load::<A>(&store::log::stream(tx, id)?)?.0))
                .unwrap()
        })
        .collect()
}

#[test]
fn every_state_is_there_at_any_hour_and_what_was_made_verifies() {
    let place = Arc::new(place::Place::built_in().unwrap());
    for (number, hour) in ["00:05", "03:40", "09:30", "13:00", "19:50", "23:59"].into_iter().enumerate() {
        let folder = Folder(std::env::temp_dir().join(format!("weft-journey-{}-{number}", std::process::id())));
        std::fs::create_dir_all(&folder.0).unwrap();
        let views = crate::house::views(&place);
        let store = Store::open(store::Location::in_folder(&folder.0), views, Box::new(crate::house::System)).unwrap();
        let now: Timestamp = format!("2026-11-24T{hour}:00Z").parse().unwrap();
        let people: Vec<Somebody> = (0..20).map(somebody).collect();
        let of = place.clone();
        let count = store
            .write(move |write| {
                let staff = Staff::new();
                scenes::play(&mut acts::Stage::new(write, &of, &staff, now), &people)
            })
            .unwrap();
        let asks = all::<Ask>(&store);
        assert_eq!(asks.len(), count);
        let states: BTreeSet<State> = asks.iter().map(Ask::state).collect();
        let wanted = State::ALL.into_iter().filter(|state| *state != State::New);
        // At night nobody is in the unit, so that nobody has been seen there today.
        let missing: Vec<State> = wanted.filter(|state| !states.contains(state)).collect();
        assert!(missing.iter().all(|state| *state == State::Attended), "{hour}: {missing:?}");
        assert!(missing.is_empty() || !("09:00".."20:00").contains(&hour), "{hour}");
        assert!(all::<Episode>(&store).len() >= 12 && all::<Response>(&store).len() >= 5);
        assert!(all::<Slot>(&store).iter().filter(|slot| slot.holder(now).is_some()).count() >= 8, "{hour}");
        let report = store.verify(None).unwrap();
        assert!(report.findings.is_empty(), "{hour}: {:?}", report.findings);
    }
}
