//! A full disk: writes say so, reads go on, and once there is room again writes go on, too. On a small disk in memory.

use std::path::{Path, PathBuf};
use std::process::Command;

use store::{Error, Location, Store};
use weft_tests::database::views;
use weft_tests::people::{MARGARET, bundle};
use weft_tests::samples::reader;
use weft_tests::{Seeded, at, left_out};

/// A disk of a few megabytes, gone at the end.
struct SmallDisk(PathBuf, #[expect(dead_code, reason = "its folder goes away with it")] tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::create_dir(&path).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=10m", "tmpfs"]).arg(&path).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            Some(Self(path, folder))
        } else {
            left_out("a full disk needs a small one, and only root may mount it");
            None
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).output());
    }
}

/// A message of about sixteen kilobytes that nothing packs smaller.
fn message(number: usize) -> Vec<u8> {
    let mut seeded = Seeded::new(number as u64);
    let words: String =
        (0..16_000).map(|_| char::from(b'0' + seeded.below(75) as u8)).filter(|c| c.is_alphanumeric()).collect();
    let letter = serde_json::json!({"resourceType": "DocumentReference", "id": format!("d{number}"), "status": "current",
        "subject": {"reference": "Patient/m1"}, "description": words});
    bundle(&number.to_string(), &[MARGARET.patient(), letter])
}

/// Takes many in at once; the numbers that were acknowledged, and the errors.
fn send(store: &Store, numbers: std::ops::Range<usize>) -> (Vec<usize>, Vec<Error>) {
    let gp = reader("gp");
    let answers: Vec<_> = numbers
        .map(|number| {
            let raw = record::feed::RawMessage { bytes: message(number), line: None };
            let arrival = record::ingest::Arrival::of(&gp, &raw, at(number as i64));
            (number, store.submit(move |write| record::ingest::receive(write, &*weft_tests::samples::INDEX, &arrival)))
        })
        .collect();
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for (number, answer) in answers {
        match answer.blocking_recv().unwrap() {
            Ok(_) => kept.push(number),
            Err(error) => refused.push(error),
        }
    }
    (kept, refused)
}

fn holds_exactly(store: &Store, kept: &[usize]) {
    for number in 0..kept.iter().max().unwrap() + 60 {
        let id = store::resource::resource_id("gp", "DocumentReference", &format!("d{number}"));
        let there = store.read(|tx| store::resource::current(tx, id)).unwrap().is_some();
        assert_eq!(there, kept.contains(&number), "message {number}");
    }
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

fn fill(file: &Path) {
    std::fs::write(file, vec![0_u8; 4_000_000]).unwrap();
}

#[test]
fn writes_say_that_the_disk_is_full_and_go_on_when_it_is_not() {
    let Some(disk) = SmallDisk::new() else { return };
    let filler = disk.0.join("filler");
    fill(&filler);
    let store = Store::open(Location::in_folder(&disk.0), views(), Box::new(Seeded::new(9))).unwrap();
    let (mut kept, mut next) = (Vec::new(), 0);
    for round in 0..3 {
        let before = kept.len();
        let mut refused = Vec::new();
        while refused.is_empty() {
            assert!(next < 2_000, "a disk of ten megabytes never filled");
            let (more, errors) = send(&store, next..next + 7);
            next += 7;
            kept.extend(more);
            refused = errors;
        }
        assert!(round > 0 || kept.len() > before + 10, "something was kept before it was full");
        for error in &refused {
            assert!(matches!(error, Error::Full(_)), "{error:?}");
            assert!(error.to_string().contains("Free some space"), "{error}");
        }
        let (more, errors) = send(&store, next..next + 12);
        next += 12;
        kept.extend(more);
        assert!(errors.iter().all(|error| matches!(error, Error::Full(_))), "{errors:?}");
        // Reads go on, and see what was acknowledged and nothing else.
        holds_exactly(&store, &kept);
        if round == 2 {
            break;
        }
        if round == 0 {
            std::fs::remove_file(&filler).unwrap();
            let (more, errors) = send(&store, next..next + 12);
            next += 12;
            assert!(errors.is_empty(), "there is room again: {errors:?}");
            kept.extend(more);
            holds_exactly(&store, &kept);
        }
    }
    // The process is started anew on the full disk: it opens, and reads.
    drop(store);
    let store = Store::open(Location::in_folder(&disk.0), views(), Box::new(Seeded::new(10))).unwrap();
    holds_exactly(&store, &kept);
}
