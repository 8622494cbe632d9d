//! Hand-made people through the services: what is sent, when, and that the truth knows of it.

use std::collections::BTreeMap;

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, date};
use place::{NhsNumber, OdsCode, Place};

use super::*;
use crate::event::{Admission, Held as Kept, Medium, Reason, Support, Team, Test, What};
use crate::person::{Address, Condition, Problem, Sex};
use crate::settings::Settings;

const TODAY: Date = date(2026, 11, 22);
static PLACE: LazyLock<Place> = LazyLock::new(|| Place::built_in().unwrap());
static NUMBERS: LazyLock<Vec<NhsNumber>> = LazyLock::new(|| {
    let valid = (0..).filter_map(|at| (0..10).find_map(|check| NhsNumber::parse(&format!("999{at:06}{check}")).ok()));
    valid.take(200).collect()
});

fn number(n: u32) -> NhsNumber {
    NUMBERS[n as usize]
}

fn settings() -> Settings {
    Settings::new(1000, 7, TODAY)
}

fn person(n: u32) -> Person {
    let address = |line: &str, postcode: &str| Address {
        line: line.to_owned(),
        town: "Marple".to_owned(),
        postcode: postcode.to_owned(),
        area: "E01005743".to_owned(),
        imd_decile: 5,
        neighbourhood: PLACE.neighbourhoods()[0].id.clone(),
        care_home: None,
    };
    Person {
        number: n,
        nhs_number: number(n),
        sex: Sex::Female,
        born: date(1941, 3, 9),
        title: "Mrs",
        given: vec!["Margaret".to_owned(), "Ann".to_owned()],
        family: "O'Heddle".to_owned(),
        former_family: Some("Spindle".to_owned()),
        renamed: Some(date(2026, 1, 9)),
        household: n,
        lives_alone: true,
        address: address("3 Loom Street", "SK6 6XX"),
        moves: Some((date(2026, 10, 20), address("9 Bobbin Row", "SK6 5XX"))),
        telephone: Some("07700 900123".to_owned()),
        practice: OdsCode::parse("P88002").unwrap(),
        twin: None,
        ethnicity: "White: English",
        problems: vec![
            Problem { condition: Condition::HeartFailure, since: date(2019, 5, 4), coded: true },
            Problem { condition: Condition::Falls, since: date(2025, 5, 4), coded: false },
        ],
        frailty: 0.4,
        cares_hours: 40,
        carer_coded: true,
        homeless: Some(date(2025, 9, 1)),
        social_care: true,
        mental_health: false,
        died: None,
    }
}

fn events() -> Vec<Event> {
    let at = |month: i8, day: i8, hour: i8| -> DateTime { date(2026, month, day).at(hour, 5, 0, 0) };
    let list = [
        (
            at(2, 3, 9),
            What::Stay { how: Admission::Emergency, until: at(2, 9, 15), reason: Reason::Pneumonia, avoidable: true },
        ),
        (at(11, 2, 9), What::Attendance { until: at(11, 2, 13), reason: Reason::ChestPain, stay: Some(3) }),
        (
            at(11, 2, 13),
            What::Stay {
                how: Admission::Emergency,
                until: at(11, 25, 11),
                reason: Reason::Worsening(Condition::HeartFailure),
                avoidable: true,
            },
        ),
        (at(11, 3, 8), What::Result { test: Test::Haemoglobin, value: 98.2, second: None, in_hospital: true }),
        (at(6, 1, 9), What::Result { test: Test::BloodPressure, value: 141.0, second: Some(82.0), in_hospital: false }),
        (
            at(10, 9, 10),
            What::Contact { team: Team::HeartFailure, minutes: 30, medium: Medium::Home, held: Kept::Seen },
        ),
        (at(3, 9, 10), What::Contact { team: Team::Falls, minutes: 30, medium: Medium::Home, held: Kept::Seen }),
        (at(11, 21, 10), What::Caseload { team: Team::DistrictNursing, until: None }),
        (at(9, 9, 10), What::MentalHealth { first: true, medium: Medium::Clinic, held: Kept::Missed }),
        (at(9, 1, 10), What::SocialCare { support: Support::HomeCare, until: None }),
        (at(10, 1, 10), What::Outpatient { specialty: "Heart medicine", held: Kept::Seen }),
        (at(11, 22, 9), What::Medicine { condition: Condition::HeartFailure, choice: 1 }),
        (at(11, 1, 9), What::Hospice),
    ];
    list.into_iter().enumerate().map(|(n, (at, what))| Event { number: n as u64 + 1, at, what }).collect()
}

/// A seed with nothing odd in it for this person would prove little; so many people share these events.
fn all(window: Window) -> Vec<(Person, Delivery)> {
    let services = Services::of(&PLACE, &settings());
    (0..150)
        .map(|n| {
            let person = person(n);
            let needed = services.needed(&person, window);
            let events: Vec<Event> = events()
                .into_iter()
                .filter(|event| needed.contains(&event.at.date()))
                .map(|event| Event { number: event.number + 100 * u64::from(n), ..event })
                .collect();
            let delivery = services.deliver(&person, &events, window, &|n| Some(number(n)));
            (person, delivery)
        })
        .collect()
}

fn kinds(delivery: &Delivery, feed: &str) -> Vec<String> {
    let texts = delivery.messages.iter().filter(|one| one.feed == feed).map(|one| String::from_utf8_lossy(&one.bytes));
    texts.map(|text| text.split('|').nth(8).unwrap_or_default().to_owned()).collect()
}

fn plain(all: Vec<(Person, Delivery)>) -> Delivery {
    all.into_iter()
        .find(|(_, one)| one.odd.is_empty() && one.known.iter().all(|known| known.held == Held::Right))
        .unwrap()
        .1
}

#[test]
fn the_first_load_condenses_what_is_old_and_tells_all_of_what_is_new() {
    let first = plain(all(Window::First));
    let hospital = kinds(&first, HOSPITAL);
    let count = |kind: &str| hospital.iter().filter(|one| one.starts_with(kind)).count();
    assert_eq!((count("ADT^A01"), count("ADT^A04"), count("ORU^R01"), count("MDM^T02")), (1, 1, 1, 1), "{hospital:?}");
    assert!(first.messages.iter().filter(|one| one.feed == COMMUNITY).count() == 1, "the contact of March is not sent");
    assert_eq!(first.messages.iter().filter(|one| one.feed == PRACTICE).count(), 1);
    for feed in FEEDS {
        assert!(first.messages.iter().any(|one| one.feed == feed), "{feed} sends something");
    }
}

#[test]
fn days_send_what_falls_due_on_them() {
    let today = plain(all(Window::Day(TODAY)));
    assert!(today.messages.iter().any(|one| one.feed == PRACTICE), "the medicine of the day");
    assert!(today.messages.iter().any(|one| one.feed == COMMUNITY), "the caseload of the day before");
    let discharge = all(Window::Day(date(2026, 11, 25)));
    assert!(discharge.iter().any(|(_, one)| kinds(one, HOSPITAL).iter().any(|kind| kind.starts_with("ADT^A03"))));
    let services = Services::of(&PLACE, &settings());
    let zone = calendar::london();
    for (_, one) in all(Window::Day(TODAY)) {
        assert!(one.messages.iter().all(|message| message.sent.to_zoned(zone.clone()).date() == TODAY));
    }
    assert_eq!(services.needed(&person(3), Window::Day(TODAY)).end, date(2026, 12, 7));
}

#[test]
fn nothing_falls_between_the_first_load_and_the_days_after() {
    let services = Services::of(&PLACE, &settings());
    let person = person(3);
    let evening = date(2026, 11, 21).at(20, 30, 0, 0);
    let events = [
        Event { number: 901, at: evening, what: What::Medicine { condition: Condition::HeartFailure, choice: 0 } },
        Event {
            number: 902,
            at: evening,
            what: What::Attendance { until: date(2026, 11, 22).at(0, 10, 0, 0), reason: Reason::ChestPain, stay: None },
        },
        Event { number: 903, at: evening, what: What::Caseload { team: Team::Falls, until: None } },
    ];
    let mut texts = Vec::new();
    let days = (0..9).map(|after| Window::Day(calendar::days(TODAY, after)));
    for window in [Window::First].into_iter().chain(days) {
        let needed = services.needed(&person, window);
        let told: Vec<Event> = events.iter().filter(|event| needed.contains(&event.at.date())).cloned().collect();
        let delivery = services.deliver(&person, &told, window, &|_| None);
        texts.extend(delivery.messages.iter().map(|one| String::from_utf8_lossy(&one.bytes).into_owned()));
    }
    for wanted in ["EM1000003-385", "ADT^A04", "ADT^A03", "CSL387"] {
        assert!(texts.iter().any(|text| text.contains(wanted)), "{wanted}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let one: Vec<Delivery> = all(Window::First).into_iter().map(|(_, one)| one).collect();
    let other: Vec<Delivery> = all(Window::First).into_iter().map(|(_, one)| one).collect();
    assert_eq!(one, other);
    let bytes = one.iter().flat_map(|one| &one.messages).flat_map(|message| message.bytes.iter());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    assert_ne!(hash, 0xcbf2_9ce4_8422_2325);
}

#[test]
fn no_name_is_sent_that_the_truth_does_not_know() {
    let mut held = BTreeMap::new();
    for (person, delivery) in all(Window::First) {
        for message in &delivery.messages {
            let text = String::from_utf8_lossy(&message.bytes);
            let known = delivery.known.iter().filter(|known| known.feed == message.feed);
            let broken = delivery.odd.iter().any(|odd| odd.feed == message.feed && odd.sent == message.sent);
            assert!(broken || known.clone().any(|known| text.contains(&known.local)), "{text}");
        }
        for known in &delivery.known {
            assert_eq!(known.person, person.number);
            *held.entry((known.feed, format!("{:?}", known.held))).or_insert(0) += 1;
        }
    }
    let missing = held.get(&(SOCIAL_CARE, "Missing".to_owned())).copied().unwrap_or(0);
    assert!((8..40).contains(&missing), "of 150 about 22 have no number at the council: {missing}");
}

#[test]
fn the_practice_is_silent_about_what_it_has_not_coded() {
    let first = plain(all(Window::First));
    let bundle = first.messages.iter().find(|one| one.feed == PRACTICE).unwrap();
    let text = String::from_utf8(bundle.bytes.clone()).unwrap();
    assert!(text.contains("84114007") && text.contains("224484003"));
    assert!(!text.contains("161898004"), "the fall is true and not coded");
    assert!(!text.contains('\n'));
}

#[test]
fn the_truth_is_written_under_its_headers() {
    use std::sync::{Arc, Mutex};
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let kept: Vec<Kept> = (0..5).map(|_| Kept::default()).collect();
    let mut at = kept.iter();
    let mut truth = crate::truth::Truth::begin(|_| Ok((Box::new(at.next().unwrap().clone()) as _, true))).unwrap();
    for (person, delivery) in all(Window::First) {
        truth.person(&person).unwrap();
        truth.delivery(&delivery).unwrap();
    }
    let home = &PLACE.care_homes()[0];
    truth.home(&home.id, &home.practice, None, &settings()).unwrap();
    truth.flush().unwrap();
    let rows: Vec<usize> = kept
        .iter()
        .map(|file| {
            let bytes = file.0.lock().unwrap().clone();
            csv::Reader::from_reader(&bytes[..]).records().map(Result::unwrap).count()
        })
        .collect();
    assert_eq!((rows[0], rows[1], rows[4]), (150, 300, 1));
    assert!(rows[2] >= 900 && rows[3] > 10, "{rows:?}");
}
