//! A demonstration's people live somewhere whose deprivation is known, and every command over the same folder knows it.

use jiff::civil::date;

use super::*;
use crate::arguments;
use crate::demo;

fn postcode(text: &str) -> Postcode {
    Postcode::parse(text).unwrap()
}

#[test]
fn a_demonstration_s_postcodes_are_kept_beside_its_data_and_are_those_of_its_people() {
    let folder = tempfile::tempdir().unwrap();
    let settings = demo::tests::settings(folder.path());
    assert_eq!(place(&settings).unwrap().postcodes(), 0, "no postcode of the world comes with Weft");
    let asked = arguments::Demo { people: Some(60), seed: Some(5), no_serve: true, ..arguments::Demo::default() };
    let made = arguments::Demo { today: Some(date(2026, 3, 2)), ..asked };
    demo::run(&settings, &made).unwrap();

    let known = place(&settings).unwrap();
    assert!(known.has_invented_postcodes());
    let kept = Kept::read(folder.path()).unwrap().unwrap();
    let borough = Borough::of(&known, kept.settings()).unwrap();
    for person in borough.people() {
        let area = known.area_of(&postcode(&person.address.postcode)).unwrap();
        assert!(area.code == person.address.area || person.address.care_home.is_some());
    }
    assert!(
        OF_SAMPLES.iter().all(|one| known.area_of(&postcode(one)).is_some()),
        "the people of the tour live here too"
    );

    // The counts are told of: nearly everybody lives here, in fifths and in more than one system.
    let house = House::open(&settings).unwrap();
    let keeper = finding::Keeper::new(house.store.clone(), house.place.clone(), None);
    let (people, systems) =
        keeper.look(|held| (held.people.list.clone(), held.people.systems.clone())).unwrap().unwrap();
    let registered: Vec<_> = people.iter().filter(|person| person.is_registered).collect();
    let here = registered.iter().filter(|person| person.is_resident && (1..=5).contains(&person.quintile)).count();
    assert!(registered.len() >= 60 && here * 10 > registered.len() * 9, "{here} of {}", registered.len());
    let in_use: std::collections::BTreeSet<&str> =
        registered.iter().map(|person| systems.word(u32::from(person.system))).collect();
    assert!(in_use.is_superset(&["Bobbin (invented)", "Shuttle (invented)"].into()), "{in_use:?}");

    // What a borough left behind is no other borough's.
    let before = std::fs::read_to_string(super::folder(folder.path()).join(INVENTED)).unwrap();
    let mut house = house;
    lay(&mut house, &settings, &Kept { told: 0, people: 6_000, seed: 6, ..kept.clone() }).unwrap();
    let after = std::fs::read_to_string(super::folder(folder.path()).join(INVENTED)).unwrap();
    assert_ne!(before, after);
    lay(&mut house, &settings, &kept).unwrap();
    assert_eq!(
        std::fs::read_to_string(super::folder(folder.path()).join(INVENTED)).unwrap(),
        after,
        "and is kept from then on"
    );
}
