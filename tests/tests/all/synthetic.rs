//! The synthetic borough's messages at the real doors: what is whole is understood, what is broken waits with a reason, and the
//! truth knows of both.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use place::Place;
use record::feeds::Feeds;
use synthetic::message::{FEEDS, HOSPICE, Oddity};
use synthetic::person::Condition;
use synthetic::{Arrivals, Borough, Delivery, Settings};

const TODAY: Date = date(2026, 11, 22);

fn borough(people: u32) -> (Place, Borough) {
    let place = Place::built_in().unwrap();
    let borough = Borough::of(&place, Settings::new(people, 11, TODAY)).unwrap();
    (place, borough)
}

/// Maps everything of a delivery, and gives how many resources each feed brought.
fn mapped(feeds: &Feeds, delivery: &Delivery, counts: &mut BTreeMap<&'static str, (usize, usize, usize)>) {
    let broken: BTreeSet<_> = delivery
        .odd
        .iter()
        .filter(|odd| matches!(odd.oddity, Oddity::Broken(_)))
        .map(|odd| (odd.feed, odd.person, odd.sent))
        .collect();
    let mut found = BTreeSet::new();
    for message in &delivery.messages {
        let told = message.person.map(|person| (message.feed, person, message.sent));
        let text = || String::from_utf8_lossy(&message.bytes).replace('\r', "\n");
        let count = counts.entry(message.feed).or_default();
        count.0 += 1;
        match feeds.get(message.feed).unwrap().map(&message.bytes) {
            Ok(mapped) => {
                assert!(!mapped.resources.is_empty(), "{}", text());
                count.1 += mapped.resources.len();
            }
            Err(reason) => {
                let told = told.filter(|told| broken.contains(told));
                assert!(
                    told.is_some(),
                    "{reason} at {:?}, which the truth does not know of:\n{}",
                    reason.location,
                    text()
                );
                found.extend(told);
                count.2 += 1;
            }
        }
    }
    let missed: Vec<_> = delivery
        .odd
        .iter()
        .filter(|odd| matches!(odd.oddity, Oddity::Broken(_)) && !found.contains(&(odd.feed, odd.person, odd.sent)))
        .collect();
    assert!(missed.is_empty(), "broken in truth, and understood all the same: {missed:?}");
}

#[test]
fn every_whole_message_is_understood_and_every_broken_one_waits() {
    let (place, borough) = borough(1500);
    let feeds = Feeds::of(&place).unwrap();
    let arrivals = Arrivals::of(&borough);
    let mut counts = BTreeMap::new();
    for message in arrivals.practices() {
        assert!(feeds.get(message.feed).unwrap().map(&message.bytes).is_ok());
    }
    for person in borough.people() {
        let delivery = arrivals.first(&person);
        mapped(&feeds, &delivery, &mut counts);
        for message in &delivery.messages {
            let known = delivery.known.iter().any(|known| known.feed == message.feed && known.person == person.number);
            assert!(known, "the truth has an id of {} for each message", message.feed);
        }
    }
    let (messages, resources) = counts.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    // What the demonstration is built for: what it brings must stay within what it takes a minute to take in.
    assert!(messages < 8 * 1500 && resources < 20 * 1500, "{messages} messages, {resources} resources");
    for feed in FEEDS.into_iter().filter(|feed| *feed != HOSPICE) {
        assert!(counts.contains_key(feed), "{feed} sends nothing");
    }
    for day in 0..5 {
        let delivery = arrivals.day(TODAY.checked_add(jiff::Span::new().days(day)).unwrap());
        assert!(delivery.messages.is_sorted_by_key(|message| message.sent));
        mapped(&feeds, &delivery, &mut counts);
    }
    assert!(counts.values().map(|one| one.2).sum::<usize>() > 5, "something is broken: {counts:?}");
}

#[test]
fn the_hospices_register_is_understood() {
    // So few are on it that a whole borough of them has to be looked through.
    let (place, borough) = borough(12_000);
    let feeds = Feeds::of(&place).unwrap();
    let arrivals = Arrivals::of(&borough);
    let mut counts = BTreeMap::new();
    for person in borough.people().filter(|person| person.has(Condition::PalliativeCare)) {
        mapped(&feeds, &arrivals.first(&person), &mut counts);
    }
    assert!(counts.get(HOSPICE).is_some_and(|(messages, ..)| *messages > 3), "{counts:?}");
}

#[test]
fn a_day_made_alone_is_the_same_day() {
    let (_, one) = borough(400);
    let (_, other) = borough(400);
    let day = date(2026, 11, 24);
    assert_eq!(Arrivals::of(&one).day(day), Arrivals::of(&other).day(day));
    let person = one.person(17);
    assert_eq!(Arrivals::of(&one).first(&person), Arrivals::of(&other).first(&person));
}
