//! Everything we have, through the one door: received = applied + duplicates + quarantined for every feed, the database
//! agrees with itself afterwards, and the same again changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use record::ingest::Outcome;
use weft_tests::samples::{Sample, of_path, samples, take_all};
use weft_tests::{Database, at, on_both};

/// Takes them in twice; the counts of the first time, by feed.
fn twice(database: &Database, samples: &[Sample]) -> BTreeMap<String, [i64; 4]> {
    let store = database.open();
    let first = take_all(&store, samples);
    let mut counted = BTreeMap::<String, [i64; 4]>::new();
    for (sample, received) in samples.iter().zip(&first) {
        let counts = counted.entry(sample.reader.feed().id.to_string()).or_default();
        counts[0] += 1;
        counts[match &received.outcome {
            Outcome::Applied(_) => 1,
            Outcome::Duplicate(_) => 2,
            Outcome::Quarantined(reason) => {
                assert!(reason.sentence.len() > 10 && !reason.code.is_empty(), "{reason:?}");
                3
            }
        }] += 1;
    }
    let tallies = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap();
    assert_eq!(tallies.len(), counted.len());
    for tally in tallies {
        let ever = tally.ever;
        assert_eq!(
            [ever.received, ever.applied, ever.duplicates, ever.quarantined],
            counted[&tally.feed],
            "{}",
            tally.feed
        );
        assert_eq!(ever.received, ever.applied + ever.duplicates + ever.quarantined, "{}", tally.feed);
    }
    let resources = store.read(store::resource::count).unwrap();
    let second = take_all(&store, samples);
    assert!(second.iter().all(|received| matches!(received.outcome, Outcome::Duplicate(_))), "the same again is known");
    assert_eq!(store.read(store::resource::count).unwrap(), resources);
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    counted
}

#[test]
fn the_repositorys_samples() {
    let samples = samples();
    assert!(samples.len() > 250, "{}", samples.len());
    on_both(|database| {
        let counted = twice(database, &samples);
        assert_eq!(counted.len(), 9, "every feed of the place has samples: {counted:?}");
        assert!(counted["social-care"][3] >= 5, "the broken rows wait: {counted:?}");
    });
}

#[test]
fn the_large_public_samples() {
    // They are not in the repository: CONTRIBUTING says where they come from and how to point at them.
    let Some(folder) = std::env::var_os("WEFT_SHARED_DATA") else { return };
    let clinical = Path::new(&folder).join("clinical");
    let mut all = Vec::new();
    for part in ["synthea", "hl7v2", "artificial_hes_ae_0708_truncated.csv", "artificial_hes_apc_0102_truncated.csv"] {
        all.extend(of_path(&clinical.join(part)));
    }
    assert!(all.len() > 2_000, "{}", all.len());
    on_both(|database| {
        let counted = twice(database, &all);
        assert!(counted.values().map(|counts| counts[1]).sum::<i64>() > 2_000, "{counted:?}");
    });
}
