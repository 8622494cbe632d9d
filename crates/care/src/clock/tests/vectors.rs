//! The test vectors of the clocks, which are data of the place.

use super::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    vector: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    version: String,
    moments: Vec<Said>,
    now: Timestamp,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    at: Timestamp,
    signal: String,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    state: String,
    counted: i64,
    breached: bool,
    warns: bool,
    due: Option<Timestamp>,
}

/// The vectors of a clock; none where there is no file.
fn of(place: &Place, clock: &str) -> Vec<Vector> {
    let text = place.file(&format!("clocks/vectors/{clock}.toml"));
    text.map_or_else(Vec::new, |text| {
        toml::from_str::<Vectors>(text).unwrap_or_else(|bad| panic!("{clock}: {bad}")).vector
    })
}

/// Whether a night between two moments has more or fewer than 24 hours.
fn clocks_change(vector: &Vector) -> bool {
    let offset = |at: Timestamp| CLOCKS.zone().to_offset(at);
    let times = || vector.moments.iter().map(|moment| moment.at).chain([vector.now]);
    times().min().map(offset) != times().max().map(offset)
}

fn meets_a_bank_holiday(vector: &Vector, place: &Place) -> bool {
    let day = |at: Timestamp| at.to_zoned(CLOCKS.zone().clone()).date();
    let times = || vector.moments.iter().map(|moment| day(moment.at)).chain([day(vector.now)]);
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return false };
    place.calendar().holidays().any(|(holiday, _)| first <= holiday && holiday <= last)
}

#[test]
fn every_vector_of_every_clock_comes_out() {
    let place = Place::built_in().unwrap();
    let mut tried = 0;
    for clock in place.clocks() {
        for vector in of(&place, &clock.id) {
            let shown = format!("{}@{}: {}", clock.id, vector.version, vector.name);
            let rule = CLOCKS.rules_of(&clock.id).find(|rule| rule.version.version == *vector.version);
            let rule = rule.unwrap_or_else(|| panic!("{shown}: no such version"));
            let moments: Vec<Moment> =
                vector.moments.iter().map(|said| Moment::new(said.at, said.signal.clone())).collect();
            let span = rule.span(&moments, vector.now).unwrap();
            let counted = match span.elapsed {
                Amount::Time(time) => time.as_secs(),
                Amount::Days(days) | Amount::WorkingDays(days) => days,
            };
            let state = serde_json::to_value(span.state).unwrap().as_str().unwrap().to_owned();
            let found = Expected { state, counted, breached: span.breached, warns: span.warns, due: span.due };
            assert_eq!(found, vector.expect, "{shown}");
            assert_eq!(span.policy, rule.named(), "{shown}");
            tried += 1;
        }
    }
    assert!(tried >= 400, "{tried}");
}

#[test]
fn no_version_of_a_clock_is_without_vectors_where_they_matter() {
    let place = Place::built_in().unwrap();
    let mut missing = Vec::new();
    for clock in place.clocks() {
        let vectors = of(&place, &clock.id);
        for version in &clock.versions {
            let mine: Vec<&Vector> = vectors.iter().filter(|vector| version.version == *vector.version).collect();
            let mut want = |what: &str, there: bool| {
                if !there {
                    missing.push(format!("{}@{}: {what}", clock.id, version.version));
                }
            };
            want("three vectors", mine.len() >= 3);
            want("one that is late", mine.iter().any(|vector| vector.expect.breached));
            want(
                "one that is in time",
                mine.iter().any(|vector| vector.expect.state == "stopped" && !vector.expect.breached),
            );
            want("one over a night on which clocks change", mine.iter().any(|vector| clocks_change(vector)));
            want("one over a bank holiday", mine.iter().any(|vector| meets_a_bank_holiday(vector, &place)));
            want(
                "one that is void",
                version.void.is_empty() || mine.iter().any(|vector| vector.expect.state == "void"),
            );
            want(
                "one that waits",
                version.pause.is_empty() || mine.iter().any(|vector| vector.expect.state == "paused"),
            );
            if version.runs.between.is_some() {
                want("one out of hours", mine.iter().any(|vector| vector.expect.state == "out-of-hours"));
            }
        }
    }
    assert!(missing.is_empty(), "vectors are missing:\n{}", missing.join("\n"));
    let strays: Vec<String> = place
        .clocks()
        .iter()
        .flat_map(|clock| of(&place, &clock.id).into_iter().map(move |vector| (clock, vector)))
        .filter(|(clock, vector)| clock.versions.iter().all(|version| version.version != *vector.version))
        .map(|(clock, vector)| format!("{}@{}", clock.id, vector.version))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn a_rule_of_working_days_is_tried_over_every_kind_of_day_that_does_not_count() {
    let place = Place::built_in().unwrap();
    let (mut missing, mut rules) = (Vec::new(), 0);
    for clock in place.clocks() {
        let vectors = of(&place, &clock.id);
        let of_working_days = |version: &&place::ClockVersion| {
            version.within.unit == place::Unit::WorkingDays || version.runs.working_days
        };
        for version in clock.versions.iter().filter(of_working_days) {
            rules += 1;
            let mine: Vec<&Vector> = vectors.iter().filter(|vector| version.version == *vector.version).collect();
            let first = |vector: &Vector| vector.moments.iter().map(|moment| moment.at).min().unwrap();
            let offsets =
                |vector: &Vector| (CLOCKS.zone().to_offset(first(vector)), CLOCKS.zone().to_offset(vector.now));
            let day = |at: Timestamp| at.to_zoned(CLOCKS.zone().clone()).date();
            let over = |vector: &Vector, name: &str| {
                let (from, until) = (day(first(vector)), day(vector.now));
                place.calendar().holidays().any(|(day, said)| from < day && day < until && said.contains(name))
            };
            let mut want = |what: &str, there: &dyn Fn(&Vector) -> bool| {
                if !mine.iter().any(|vector| there(vector)) {
                    missing.push(format!("{}@{}: {what}", clock.id, version.version));
                }
            };
            want("one while the clocks go forward", &|vector| offsets(vector).0 < offsets(vector).1);
            want("one while the clocks go back", &|vector| offsets(vector).0 > offsets(vector).1);
            want("one over Easter", &|vector| over(vector, "Good Friday") && over(vector, "Easter Monday"));
            want("one over Christmas", &|vector| over(vector, "Christmas"));
            want("one that begins at a weekend", &|vector| {
                !place.calendar().is_working_day(day(first(vector))).unwrap()
                    && place.calendar().holiday(day(first(vector))).is_none()
            });
            want("one that begins on a bank holiday", &|vector| place.calendar().holiday(day(first(vector))).is_some());
        }
    }
    assert!(rules >= 7, "{rules}");
    assert!(missing.is_empty(), "vectors are missing:\n{}", missing.join("\n"));
}

#[test]
fn both_rule_sets_are_there_and_what_is_unverified_says_so() {
    let place = Place::built_in().unwrap();
    let mut sets = std::collections::BTreeMap::<String, usize>::new();
    for version in place.clocks().iter().flat_map(|clock| &clock.versions) {
        *sets.entry(version.rules.to_string()).or_default() += 1;
        assert_eq!(version.tag == place::Tag::Seen, version.tag.caution().is_empty());
        assert!(version.tag == place::Tag::Seen || version.caution().contains("Unverified"), "{}", version.source);
    }
    assert_eq!(sets.keys().map(String::as_str).collect::<Vec<_>>(), ["2016", "2026"]);
    assert!(sets.values().all(|count| *count >= 25), "{sets:?}");
}
