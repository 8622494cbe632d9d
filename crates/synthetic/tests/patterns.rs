//! The patterns that later evaluations lean on: weekdays, frailty, and people who come again and again.

#![expect(clippy::unwrap_used, reason = "a test may stop where something is missing")]

use jiff::civil::{Date, Weekday, date};
use place::Place;
use std::sync::OnceLock;
use synthetic::event::{Admission, Event, Held, Team, What};
use synthetic::person::Condition;
use synthetic::{Borough, Person, Settings};

const TODAY: Date = date(2026, 11, 2);

/// A borough, and everybody with a year of events.
type Year = (Borough, Vec<(Person, Vec<Event>)>);

fn year() -> &'static Year {
    static YEAR: OnceLock<Year> = OnceLock::new();
    YEAR.get_or_init(|| {
        let borough = Borough::of(&Place::built_in().unwrap(), Settings::new(15_000, 11, TODAY)).unwrap();
        let days = borough.settings().history_start()..TODAY;
        let people = borough.people().map(|person| {
            let events = borough.events(&person, days.clone());
            (person, events)
        });
        let people = people.collect();
        (borough, people)
    })
}

fn is_emergency(event: &Event) -> bool {
    matches!(event.what, What::Stay { how: Admission::Emergency, .. })
}

#[test]
fn clinics_keep_the_calendar_and_emergencies_do_not() {
    let (borough, people) = year();
    let calendar = borough.place().calendar();
    let mut emergencies = [0_u32; 7];
    for event in people.iter().flat_map(|(_, events)| events) {
        let day = event.at.date();
        let weekday = day.weekday();
        match &event.what {
            What::Outpatient { .. } | What::Stay { how: Admission::Planned, .. } => {
                assert!(weekday != Weekday::Sunday && calendar.holiday(day).is_none(), "{event:?}");
            }
            What::Contact { team: Team::Podiatry | Team::HealthVisiting, .. } => {
                assert!(!matches!(weekday, Weekday::Saturday | Weekday::Sunday), "{event:?}");
            }
            _ if is_emergency(event) => emergencies[weekday.to_monday_zero_offset() as usize] += 1,
            _ => {}
        }
    }
    assert!(emergencies.iter().all(|count| *count > 150), "{emergencies:?}");
    assert!(emergencies[0] > emergencies[6], "Mondays bring more than Sundays: {emergencies:?}");
}

#[test]
fn the_frail_and_those_who_came_before_come_more_often() {
    let (_, people) = year();
    let half = date(2026, 5, 2);
    let (mut fit, mut frail) = ((0.0, 0.0), (0.0, 0.0));
    let (mut came, mut others) = ((0.0, 0.0), (0.0, 0.0));
    for (person, events) in people.iter().filter(|(person, _)| person.age_on(TODAY) >= 70 && person.lives_on(TODAY)) {
        let count = |after: bool| events.iter().filter(|e| is_emergency(e) && (e.at.date() >= half) == after).count();
        let group = if person.frailty > 0.24 { &mut frail } else { &mut fit };
        group.0 += (count(false) + count(true)) as f64;
        group.1 += 1.0;
        let group = if count(false) > 0 { &mut came } else { &mut others };
        group.0 += count(true) as f64;
        group.1 += 1.0;
    }
    assert!(frail.0 / frail.1 > 1.6 * fit.0 / fit.1, "frail {frail:?}, fit {fit:?}");
    assert!(came.0 / came.1 > 1.4 * others.0 / others.1, "came before {came:?}, others {others:?}");
}

#[test]
fn district_nurses_go_to_few_people_often() {
    let (_, people) = year();
    let visits = |events: &[Event]| {
        let seen = |e: &&Event| matches!(e.what, What::Contact { team: Team::DistrictNursing, held: Held::Seen, .. });
        events.iter().filter(seen).count()
    };
    let counts: Vec<usize> = people.iter().map(|(_, events)| visits(events)).filter(|count| *count > 0).collect();
    let share = counts.len() as f64 / people.len() as f64;
    let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    assert!((0.01..0.06).contains(&share) && mean > 15.0, "{share} of people, {mean} visits each");
    let housebound = people.iter().filter(|(person, _)| person.has(Condition::Housebound));
    let nursed = housebound.clone().filter(|(_, events)| visits(events) > 0).count() as f64 / housebound.count() as f64;
    assert!(nursed > 8.0 * share, "{nursed} of the housebound, {share} of all");
}

#[test]
fn who_needs_is_not_always_who_is_known() {
    let (_, people) = year();
    let people = || people.iter().map(|(person, _)| person);
    let carers = people().filter(|person| person.cares_hours > 0);
    let coded = carers.clone().filter(|person| person.carer_coded).count() as f64 / carers.count() as f64;
    assert!((0.38..0.42).contains(&coded), "{coded}");
    assert!(people().all(|person| person.cares_hours > 0 || !person.carer_coded));
    let problem = |condition| people().filter_map(move |person| person.problem(condition));
    for (condition, low, high) in [(Condition::Falls, 0.42, 0.48), (Condition::Dementia, 0.68, 0.76)] {
        let share = problem(condition).filter(|p| p.coded).count() as f64 / problem(condition).count() as f64;
        assert!((low..high).contains(&share), "{condition:?}: {share}");
    }
}
