//! The demonstration from an empty folder: made, started again, moved on, and refused where it is asked for as another.

use jiff::civil::{Date, date};
use record::views::message::{Tally, tallies};
use synthetic::message::FEEDS;

use super::*;

/// A folder that goes away with the test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn settings(&self) -> Settings {
        settings(&self.0)
    }
}

/// Settings of a demonstration in a folder, and nothing else.
pub(crate) fn settings(folder: &std::path::Path) -> Settings {
    Settings {
        data: folder.to_owned(),
        location: store::Location::in_folder(folder),
        place: None,
        listen: None,
        mllp: None,
        address: None,
        idle_minutes: None,
        sign_in: Vec::new(),
        heads: None,
        head_key: folder.join("head-key"),
        tls: None,
        client_ids: false,
        proxies: Vec::new(),
        glass_minutes: None,
        telephony: None,
        rates: web::Rates::default(),
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn asked() -> arguments::Demo {
    arguments::Demo { no_serve: true, ..arguments::Demo::default() }
}

fn stand(settings: &Settings) -> (Vec<Tally>, Date) {
    let house = House::open(settings).unwrap();
    let at = house.clock.now();
    let stand = house.store.read(|tx| tallies(tx, at)).unwrap();
    let verified = house.store.verify(None).unwrap();
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    (stand, at.to_zoned(crate::borough::london()).date())
}

fn received(stand: &[Tally]) -> i64 {
    for tally in stand {
        let ever = tally.ever;
        assert_eq!(ever.received, ever.applied + ever.duplicates + ever.quarantined, "{}", tally.feed);
    }
    stand.iter().map(|tally| tally.ever.received).sum()
}

#[test]
fn a_borough_is_made_once_kept_and_moved_on() {
    let folder = Folder(std::env::temp_dir().join(format!("weft-demo-{}", std::process::id())));
    let settings = folder.settings();
    let made = arguments::Demo { people: Some(120), seed: Some(5), today: Some(date(2026, 3, 2)), ..asked() };
    run(&settings, &made).unwrap();

    let (first, day) = stand(&settings);
    assert_eq!(day, date(2026, 3, 2), "the borough's day, not the real one");
    for feed in FEEDS.into_iter().filter(|feed| *feed != synthetic::message::HOSPICE) {
        assert!(first.iter().any(|tally| tally.feed == feed && tally.ever.applied > 0), "{feed}");
    }
    let people = csv_lines(&folder.0.join("truth/people.csv"));
    assert_eq!(people, 120);

    // A second start takes nothing in again; what has fallen due in the meantime may come.
    run(&settings, &asked()).unwrap();
    let (second, _) = stand(&settings);
    let new = received(&second) - received(&first);
    assert!((0..30).contains(&new), "{new}");

    let other = arguments::Demo { people: Some(121), ..asked() };
    assert!(run(&settings, &other).unwrap_err().to_string().contains("--data"));

    run(&settings, &arguments::Demo { advance: Some(5), ..asked() }).unwrap();
    let (third, day) = stand(&settings);
    assert_eq!(day, date(2026, 3, 7));
    assert!(received(&third) > received(&second), "five days bring something");
    let last = third.iter().map(|tally| tally.last_received).max().unwrap();
    assert!(last > crate::borough::midnight(date(2026, 3, 3)), "received by the borough's clock");
    assert_eq!(csv_lines(&folder.0.join("truth/people.csv")), 120, "the truth is written once");
}

fn csv_lines(path: &std::path::Path) -> usize {
    std::fs::read_to_string(path).unwrap().lines().count() - 1
}
