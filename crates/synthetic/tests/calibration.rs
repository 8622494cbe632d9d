//! The borough against the published facts.

use jiff::civil::date;
use place::Place;
use synthetic::{Borough, Settings, report};

fn borough(people: u32, seed: u64) -> Borough {
    Borough::of(&Place::built_in().unwrap(), Settings::new(people, seed, date(2026, 11, 2))).unwrap()
}

#[test]
fn twenty_thousand_people_meet_the_facts() {
    let start = std::time::Instant::now();
    let people = std::env::var("WEFT_PEOPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let b = borough(people, 1);
    println!("of {:?}", start.elapsed());
    let report = report::calibration(&b);
    println!("{report} {:?}", start.elapsed());
}
