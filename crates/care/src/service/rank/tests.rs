//! What is offered, in which order, and with which words.

use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;

static STOCKPORT: LazyLock<Place> = LazyLock::new(|| Place::built_in().unwrap());

fn zone() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn fall() -> Need {
    Need {
        level: Level::Home,
        step: Step::Up,
        age: Some(79),
        condition: Some("fall".to_owned()),
        spot: super::super::whereabouts(&STOCKPORT, None, Some("werneth")),
        due: Some(at("2026-11-24T11:56Z")),
    }
}

fn figure(free: u32, seen: &str) -> Figure {
    Figure { free, of: None, observed_at: at(seen), source: "the board".to_owned() }
}

fn figures(of: &[(&str, u32, &str)]) -> BTreeMap<String, Figure> {
    of.iter().map(|(service, free, seen)| ((*service).to_owned(), figure(*free, seen))).collect()
}

#[test]
fn a_fall_is_offered_what_is_made_for_it_with_the_words_why() {
    let now = at("2026-11-24T09:56Z");
    let seen = figures(&[("crisis-response", 2, "2026-11-24T09:40Z"), ("falls-service", 5, "2026-11-24T09:50Z")]);
    let offers = rank(&STOCKPORT, &zone(), &fall(), &seen, now);
    assert_eq!(offers.len(), 6, "all present services, none hidden");
    assert_eq!(offers[0].service, "falls-service");
    assert_eq!(offers[1].service, "crisis-response");
    assert_eq!(offers[0].minutes_left, Some(120));
    assert_eq!(offers[0].caution, "This is invented for the demonstration.");
    let words = offers[0].reasons.join(" ");
    for said in [
        "which is what is needed",
        "made for this: A fall",
        "5 people a day free, seen 6 minutes ago",
        "by a straight line",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let kept: Vec<_> = offers.iter().map(|offer| offer.kept().unwrap()).collect();
    assert_eq!(
        (kept[0].service.word(), kept[0].free, kept[0].clock_left),
        ("service:falls-service", Some(5), Some(120))
    );
    assert_eq!(kept[0].observed_at, Some(at("2026-11-24T09:50Z")));
    let (can, cannot): (Vec<_>, Vec<_>) = offers.iter().partition(|offer| offer.takes);
    assert_eq!(offers.iter().take(can.len()).filter(|offer| offer.takes).count(), can.len());
    let why = |service: &str| {
        cannot.iter().find(|offer| offer.service == service).map(|offer| offer.reasons.join(" ")).unwrap_or_default()
    };
    assert!(why("delirium-beds").contains("for other needs than this"));
    assert!(why("transfer-to-assess").contains("ends stays in hospital"));
}

#[test]
fn a_child_is_told_why_and_a_shut_service_when_it_opens() {
    let now = at("2026-11-24T22:30Z");
    let mut need = Need { age: Some(17), due: None, ..fall() };
    let offers = rank(&STOCKPORT, &zone(), &need, &BTreeMap::new(), now);
    assert!(offers.iter().all(|offer| !offer.takes));
    assert!(offers[0].reasons.iter().any(|why| why == "It takes people of 18 and over; they are 17."));
    need.age = None;
    need.due = Some(at("2026-11-25T00:30Z"));
    let offers = rank(&STOCKPORT, &zone(), &need, &BTreeMap::new(), now);
    let crisis = offers.iter().find(|offer| offer.service == "crisis-response").unwrap();
    assert!(crisis.takes && !crisis.open);
    assert_eq!(crisis.opens, Some(at("2026-11-25T08:00Z")));
    let words = crisis.reasons.join(" ");
    for said in ["opens at 08:00 on Wednesday", "after the time is up", "their age is not known", "Nobody has said"] {
        assert!(words.contains(said), "{said}: {words}");
    }
}

#[test]
fn what_is_full_is_last_with_its_reason_and_an_old_figure_says_how_old() {
    let now = at("2026-11-24T09:56Z");
    let full = figures(&[("falls-service", 0, "2026-11-24T09:50Z"), ("crisis-response", 4, "2026-11-24T02:56Z")]);
    let offers = rank(&STOCKPORT, &zone(), &fall(), &full, now);
    assert_eq!(offers[0].service, "crisis-response");
    assert!(offers[0].room.stale && offers[0].room.age_minutes == Some(420));
    assert!(offers[0].reasons.iter().any(|why| why.contains("the figure is old, seen 7 hours ago")));
    let falls = offers.iter().find(|offer| offer.service == "falls-service").unwrap();
    assert!(!falls.takes && falls.reasons.iter().any(|why| why == "It is full, seen 6 minutes ago."));
}

#[test]
fn an_old_name_leads_to_what_it_became() {
    let (present, former) = super::super::today(&STOCKPORT, "night sitting").unwrap();
    assert_eq!(
        (present.id.as_str(), former.map(|former| former.name.as_str())),
        ("crisis-response", Some("Night sitting"))
    );
    let (same, none) = super::super::today(&STOCKPORT, "crisis-response").unwrap();
    assert_eq!((same.id.as_str(), none), ("crisis-response", None));
    assert_eq!(super::super::today(&STOCKPORT, "no such thing"), None);
}

prop_compose! {
    fn situation()(
        level in 0_usize..3,
        up in any::<bool>(),
        age in prop::option::of(10_u8..100),
        condition in prop::option::of(prop::sample::select(vec!["fall", "confusion", "catheter", "unheard-of"])),
        neighbourhood in prop::option::of(prop::sample::select(vec!["marple", "werneth", "heatons"])),
        hour in 0_i64..168,
        left in prop::option::of(-60_i64..600),
        known in prop::collection::btree_map(
            prop::sample::select(vec![
                "crisis-response", "transfer-to-assess", "recovery-at-home", "active-recovery-beds", "delirium-beds", "falls-service",
            ]),
            (0_u32..9, 0_i64..600),
            0..6,
        ),
    ) -> (Need, BTreeMap<String, Figure>, Timestamp) {
        let now = at("2026-11-23T00:30Z") + SignedDuration::from_hours(hour);
        let need = Need {
            level: [Level::Home, Level::Intermediate, Level::Hospital][level],
            step: if up { Step::Up } else { Step::Down },
            age,
            condition: condition.map(str::to_owned),
            spot: super::super::whereabouts(&STOCKPORT, None, neighbourhood),
            due: left.map(|left| now + SignedDuration::from_mins(left)),
        };
        let figures = known.into_iter().map(|(service, (free, age))| {
            let seen = now - SignedDuration::from_mins(age);
            (service.to_owned(), Figure { free, of: None, observed_at: seen, source: "the board".to_owned() })
        }).collect();
        (need, figures, now)
    }
}

fn position(offers: &[Offer], service: &str) -> usize {
    offers.iter().position(|offer| offer.service == service).unwrap()
}

proptest! {
    #[test]
    fn nobody_is_hidden_and_whoever_cannot_take_the_person_is_last_with_a_reason((need, figures, now) in situation()) {
        let offers = rank(&STOCKPORT, &zone(), &need, &figures, now);
        prop_assert_eq!(offers.len(), 6);
        let first_no = offers.iter().position(|offer| !offer.takes).unwrap_or(offers.len());
        prop_assert!(offers[first_no..].iter().all(|offer| !offer.takes));
        for offer in &offers {
            prop_assert!(!offer.reasons.is_empty());
            prop_assert_eq!(offer.room.free.is_some(), offer.room.observed_at.is_some());
        }
    }

    #[test]
    fn more_room_never_ranks_lower((need, figures, now) in situation(), more in 1_u32..9) {
        for service in figures.keys() {
            let before = rank(&STOCKPORT, &zone(), &need, &figures, now);
            let mut freer = figures.clone();
            freer.get_mut(service).unwrap().free += more;
            let after = rank(&STOCKPORT, &zone(), &need, &freer, now);
            prop_assert!(position(&after, service) <= position(&before, service), "{service}");
        }
    }

    #[test]
    fn an_old_figure_never_ranks_above_the_same_figure_fresh((need, figures, now) in situation()) {
        for service in figures.keys() {
            let seen = |ago: SignedDuration| {
                let mut these = figures.clone();
                let figure = these.get_mut(service).unwrap();
                figure.observed_at = now - ago;
                // A fresh nought is known to be full; an old one may have changed.
                figure.free = figure.free.max(1);
                rank(&STOCKPORT, &zone(), &need, &these, now)
            };
            let (fresh, stale) = (seen(SignedDuration::from_mins(5)), seen(SignedDuration::from_hours(5)));
            prop_assert!(position(&fresh, service) <= position(&stale, service), "{service}");
        }
    }
}

#[test]
fn a_service_with_weekday_hours_is_shut_on_a_bank_holiday_and_says_when_it_opens() {
    let weekdays = |service: &&Service| service.hours.days == Days::Weekdays && service.hours.between.is_some();
    let service = STOCKPORT.services().iter().find(weekdays).unwrap();
    let (opens, shuts) = service.hours.between.unwrap();
    assert!(opens < shuts);
    let during = |day: jiff::civil::Date, time| day.to_datetime(time).to_zoned(zone()).unwrap().timestamp();
    let open = |day: jiff::civil::Date| opening(service, STOCKPORT.calendar(), &zone(), during(day, opens));
    let day = jiff::civil::date;
    assert_eq!(open(day(2026, 12, 24)), (true, None), "a Thursday");
    // Christmas Day is a Friday; Boxing Day a Saturday, kept on the Monday.
    let next = during(day(2026, 12, 29), opens);
    for shut in [day(2026, 12, 25), day(2026, 12, 26), day(2026, 12, 28)] {
        assert_eq!(open(shut), (false, Some(next)), "{shut}");
    }
    assert_eq!(open(day(2026, 12, 29)), (true, None));
    // Nobody has listed the bank holidays of that year yet: Monday to Friday, as written.
    let far = during(day(2099, 12, 25), opens);
    assert!(opening(service, STOCKPORT.calendar(), &zone(), far).0, "a Friday");
}
