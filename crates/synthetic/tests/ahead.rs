//! What lies ahead and what is left behind: what is announced falls due and is told of again, what is open is closed, and
//! nothing of the dead stays open unless the truth knows of it.

#![expect(clippy::unwrap_used, reason = "a test may stop where something is missing")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};
use place::Place;
use synthetic::message::{COMMUNITY, Oddity, PRACTICE, SOCIAL_CARE, Services, Window};
use synthetic::{Borough, Delivery, Person, Settings};

const TODAY: Date = date(2026, 11, 22);
const DAYS: i64 = 50;

fn after(days: i64) -> Date {
    TODAY.saturating_add(Span::new().days(days))
}

fn borough() -> &'static Borough {
    static BOROUGH: OnceLock<Borough> = OnceLock::new();
    BOROUGH.get_or_init(|| Borough::of(&Place::built_in().unwrap(), Settings::new(12_000, 5, TODAY)).unwrap())
}

/// People who have much to do with services, and people who die, with what is sent about them up to day 50.
fn sent() -> &'static Vec<(Person, Delivery)> {
    static SENT: OnceLock<Vec<(Person, Delivery)>> = OnceLock::new();
    SENT.get_or_init(|| {
        let borough = borough();
        let services = Services::of(borough.place(), borough.settings());
        let dies = |person: &Person| person.died.is_some_and(|died| died < after(DAYS));
        let known = |person: &Person| person.frailty > 0.3 || person.social_care || person.cares_hours >= 20;
        let chosen = borough.people().filter(dies).take(100);
        let chosen = chosen.chain(borough.people().filter(|person| !dies(person) && known(person)).take(700));
        let deliver = |person: &Person, window: Window| {
            let events = borough.events(person, services.needed(person, window));
            services.deliver(person, &events, window, &|_| None)
        };
        chosen
            .map(|person| {
                let mut all = deliver(&person, Window::First);
                for day in 0..DAYS {
                    let mut one = deliver(&person, Window::Day(after(day)));
                    all.messages.append(&mut one.messages);
                    all.odd.append(&mut one.odd);
                }
                (person, all)
            })
            .collect()
    })
}

/// A row by its columns, and when it arrived.
type Row = (Timestamp, BTreeMap<String, String>);

/// The rows of one extract, in order of their arrival, without those of which something odd is known.
fn rows(delivery: &Delivery, feed: &str, key: &str) -> BTreeMap<String, Vec<Row>> {
    let odd: BTreeSet<&str> =
        delivery.odd.iter().filter(|odd| odd.oddity != Oddity::LeftOpen).map(|odd| odd.name.as_str()).collect();
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for message in delivery.messages.iter().filter(|message| message.feed == feed) {
        // A broken row need not be a row.
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&message.bytes[..]);
        let Some(row) = reader.deserialize::<BTreeMap<String, String>>().filter_map(Result::ok).next() else {
            continue;
        };
        let Some(name) = row.get(key).filter(|name| !odd.contains(name.as_str())) else { continue };
        rows.entry(name.clone()).or_default().push((message.sent, row));
    }
    rows
}

#[test]
fn a_window_needs_no_more_than_it_asks_for() {
    let borough = borough();
    let services = Services::of(borough.place(), borough.settings());
    let whole = borough.settings().history_start()..after(DAYS + 60);
    for (person, _) in sent().iter().step_by(4) {
        let all = borough.events(person, whole.clone());
        let days = (0..DAYS).step_by(6).map(|day| Window::Day(after(day)));
        for window in [Window::First].into_iter().chain(days) {
            let asked = borough.events(person, services.needed(person, window));
            let (one, other) = (
                services.deliver(person, &asked, window, &|_| None),
                services.deliver(person, &all, window, &|_| None),
            );
            assert_eq!(one, other, "{} {window:?}", person.number);
        }
    }
}

fn day_of(text: &str) -> Date {
    Date::strptime("%d/%m/%Y", &text[..10]).unwrap()
}

#[test]
fn a_planned_visit_is_announced_once_and_its_outcome_follows() {
    let (mut due, mut ahead) = (0, 0);
    for (person, delivery) in sent() {
        for (name, told) in rows(delivery, COMMUNITY, "Activity ID").iter().filter(|(name, _)| name.starts_with("ACT"))
        {
            let outcomes: Vec<&str> = told.iter().map(|(_, row)| row["Outcome"].as_str()).collect();
            let visit = day_of(&told[0].1["Start"]);
            assert!(told.iter().all(|(_, row)| row["Start"] == told[0].1["Start"]), "{name}");
            assert!(told.iter().all(|(_, row)| row["Reason"] == told[0].1["Reason"]), "{name}");
            if outcomes[0] == "Planned" {
                let written = Date::strptime("%Y-%m-%d", &told[0].1["Last Updated"][..10]).unwrap();
                assert!(written < visit && visit <= written.saturating_add(Span::new().days(14)), "{name} {written}");
                assert!(told[0].1["End"].is_empty());
            }
            match outcomes[..] {
                // The last days' extracts have not come yet, some of them late.
                ["Planned"] if visit >= after(DAYS - 8) => ahead += 1,
                ["Planned", "Seen" | "No access" | "Cancelled"] => due += 1,
                ["Seen" | "No access" | "Cancelled"] => {}
                _ => panic!("{} {name} on {visit}: {outcomes:?}", person.number),
            }
        }
    }
    assert!(due > 200 && ahead > 20, "{due} fell due, {ahead} lie ahead");
}

#[test]
fn what_is_no_service_is_open_first_and_then_has_an_outcome() {
    let (mut closed, mut open) = (0, 0);
    for (person, delivery) in sent() {
        for (name, told) in rows(delivery, SOCIAL_CARE, "Event Reference") {
            let kinds: BTreeSet<&str> = told.iter().map(|(_, row)| row["Event Type"].as_str()).collect();
            assert_eq!(kinds.len(), 1, "{name}");
            if kinds.contains("Service") {
                continue;
            }
            let ends: Vec<bool> = told.iter().map(|(_, row)| !row["Event End Date"].is_empty()).collect();
            let left = delivery.odd.iter().any(|odd| odd.name == name && odd.oddity == Oddity::LeftOpen);
            let began = day_of(&told[0].1["Event Start Date"]);
            assert!(told.iter().all(|(_, row)| row["Event End Date"].is_empty() == row["Event Outcome"].is_empty()));
            match ends[..] {
                // What was over on the first day comes once.
                [true] => assert!(began < TODAY, "{} {name}", person.number),
                [false, true] => closed += 1,
                [false] if left || began > after(DAYS - 50) || person.died.is_some() => open += 1,
                _ => panic!("{} {name} since {began}: {ends:?}", person.number),
            }
        }
    }
    assert!(closed > 20 && open > 0, "{closed} closed, {open} open");
}

#[test]
fn nothing_of_the_dead_stays_open_that_the_truth_does_not_know() {
    let (mut died, mut left) = (0, 0);
    for (person, delivery) in sent() {
        let Some(day) = person.died.filter(|died| *died < after(DAYS - 45)) else { continue };
        let feeds =
            [(COMMUNITY, "Activity ID", "CSL", "End"), (SOCIAL_CARE, "Event Reference", "EV", "Event End Date")];
        for (feed, key, begins, end) in feeds {
            for (name, told) in rows(delivery, feed, key).iter().filter(|(name, _)| name.starts_with(begins)) {
                let last = &told.last().unwrap().1;
                if last[end].is_empty() {
                    let odd = delivery.odd.iter().find(|odd| odd.feed == feed && odd.name == *name);
                    assert!(odd.is_some_and(|odd| odd.oddity == Oddity::LeftOpen), "{} {name} {last:?}", person.number);
                    left += 1;
                } else {
                    assert!(day_of(&last[end]) <= day, "{} {name}", person.number);
                    died += u32::from(last.get("Discharge Reason").is_some_and(|why| why == "Died"));
                    died += u32::from(last.get("Event Outcome").is_some_and(|why| why == "NFA - Deceased"));
                }
            }
        }
    }
    assert!(died > 15 && left < died / 3, "{died} closed, {left} left open");
}

#[test]
fn an_appointment_is_booked_on_a_working_day_and_comes_to_something() {
    let calendar = borough().place().calendar();
    let (mut over, mut ahead) = (0, 0);
    for (person, delivery) in sent() {
        let broken: BTreeSet<Timestamp> =
            delivery.odd.iter().filter(|odd| odd.feed == PRACTICE).map(|odd| odd.sent).collect();
        let mut told: BTreeMap<String, Vec<(String, Timestamp)>> = BTreeMap::new();
        let practice = |message: &&synthetic::Message| message.feed == PRACTICE && !broken.contains(&message.sent);
        for message in delivery.messages.iter().filter(practice) {
            let bundle: serde_json::Value = serde_json::from_slice(&message.bytes).unwrap();
            for entry in bundle["entry"].as_array().unwrap() {
                let one = &entry["resource"];
                if one["resourceType"] != "Appointment" {
                    continue;
                }
                let text = |key: &str| one[key].as_str().unwrap().to_owned();
                let time = |key: &str| text(key).parse::<Timestamp>().unwrap();
                let booked = time("created").to_zoned(jiff::tz::TimeZone::UTC).date();
                assert!(calendar.is_working_day(booked).unwrap() && time("created") < time("start"), "{one}");
                assert!(time("start").duration_since(time("created")).as_hours() <= 24 * 12, "{one}");
                told.entry(text("id")).or_default().push((text("status"), time("start")));
            }
        }
        for (id, told) in told {
            let statuses: Vec<&str> = told.iter().map(|(status, _)| status.as_str()).collect();
            match statuses[..] {
                ["booked", "fulfilled" | "noshow" | "cancelled"] => over += 1,
                ["booked"] => ahead += 1,
                // The other half was odd.
                ["fulfilled" | "noshow" | "cancelled"] if !broken.is_empty() => {}
                _ => panic!("{} {id}: {statuses:?}", person.number),
            }
        }
    }
    assert!(over > 20 && ahead > 3 && ahead < over, "{over} over, {ahead} ahead");
}
