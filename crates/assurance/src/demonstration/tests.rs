//! The demonstration is refused by nothing, and what it invents can be seen as invented.

use store::{Entropy, Location, Store};

use super::*;
use crate::gate::calibrate::{Calibration, calibrate};
use crate::gate::decision::Decision;
use crate::gate::refusal::Stage;
use crate::indicator::of_place;

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
        self.0 = self.0.wrapping_add(1);
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn begun(folder: &std::path::Path, now: Timestamp) -> Store {
    let place = place::Place::built_in().unwrap();
    let definitions = of_place(&place).unwrap();
    let names: Vec<String> = place.neighbourhoods().iter().map(|one| one.name.clone()).collect();
    let store = Store::open(Location::in_folder(folder), crate::views(), Box::new(Counting(1))).unwrap();
    store.write(move |write| begin(write, &definitions, &names, now)).unwrap();
    store
}

#[test]
fn on_any_day_it_is_taken_in_marked_as_invented_and_ready_to_be_signed() {
    for day in ["2026-11-22T09:30:00Z", "2027-03-03T00:10:00Z"] {
        let (folder, now) = (tempfile::tempdir().unwrap(), at(day));
        let store = begun(folder.path(), now);
        let gates = store.read(|tx| crate::views::gate::all(tx)).unwrap();
        assert!(gates.iter().all(|gate| gate.title.ends_with(INVENTED)));
        let looks = store.read(|tx| crate::views::gate::looks(tx, gates[0].id)).unwrap();
        let said: Vec<(u32, Stage)> = looks.iter().map(|row| (row.look.number, row.look.stage)).collect();
        assert!(said.len() >= 5 && looks.iter().any(|row| row.instead_of.is_some()), "{said:?}");
        let entries = store.read(|tx| store::log::stream(tx, gates[0].id)).unwrap();
        let (decision, _) = store::aggregate::load::<Decision>(&entries).unwrap();
        let (yes, answer) = decision.answer(now);
        assert!(!yes && answer.contains("0 of at least 2 commissioners"), "{day}: {answer}");
        assert!(entries.iter().all(|entry| entry.at <= now), "nothing is in the future");
        let challenges = store.read(|tx| crate::views::challenge::all(tx)).unwrap();
        assert_eq!(challenges.iter().map(|row| row.verdict.is_some()).collect::<Vec<_>>(), [true, false]);
        assert!(challenges.iter().all(|row| row.title.ends_with(INVENTED)));
        let stages = store.read(|tx| crate::views::indicator::all(tx)).unwrap();
        assert!(stages.iter().any(|row| row.stage == "agreed what good looks like") && stages.len() > 10);
    }
}

#[test]
fn the_tables_are_made_again_from_the_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = begun(folder.path(), at("2026-11-22T09:30:00Z"));
    let read = || {
        let of = |tx: &mut dyn store::Tx| {
            let life = crate::views::indicator::life(tx, "four-hours", 1)?;
            Ok::<_, store::Error>((crate::views::indicator::all(tx)?, crate::views::challenge::all(tx)?, life))
        };
        store.read(of).unwrap()
    };
    let before = read();
    assert_eq!(before.2.1.len(), 5);
    store.replay().unwrap();
    assert_eq!(read(), before);
}

#[test]
fn its_threshold_is_the_one_that_calibration_finds() {
    let protocol = gate::protocol("2027-04".parse().unwrap());
    let kept: Calibration = serde_json::from_str(gate::THRESHOLD).unwrap();
    let found = calibrate(&protocol.evidence().unwrap(), protocol.plan, 2).unwrap();
    assert_eq!(found.plan, kept.plan);
    assert!((found.log_threshold - kept.log_threshold).abs() < 1e-9, "{}", serde_json::to_string(&found).unwrap());
    for (found, kept) in found.quantiles.iter().zip(&kept.quantiles) {
        assert!((found - kept).abs() < 1e-9);
    }
}
