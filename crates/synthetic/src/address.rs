//! Invented addresses and telephone numbers. Streets are invented; postcodes have a real sector and end in a pair of
//! letters that is never used, so that no letter can arrive anywhere; telephones are from the ranges that Ofcom keeps for
//! drama. Must not use the address of anybody but a care home, which is public.

use place::{CareHome, Place};

use crate::draw::Draw;
use crate::ground::{Ground, STREETS};
use crate::person::Address;

/// Letters that the second half of a postcode never has.
const NEVER: &[u8] = b"CIKMOV";

const FIRST: [&str; 46] = [
    "Alder", "Ash", "Bobbin", "Brook", "Canal", "Carder", "Chapel", "Clough", "Clover", "Copper", "Cotton", "Dale",
    "Dyer", "Elm", "Fern", "Fuller", "Garnet", "Hatter", "Hawthorn", "Hazel", "Heather", "Holly", "Ivy", "Juniper",
    "Kestrel", "Kiln", "Larch", "Linen", "Lock", "Maple", "Meadow", "Mill", "Oak", "Orchard", "Plane", "Quarry",
    "Rowan", "Ropewalk", "Shuttle", "Silk", "Spindle", "Thorn", "Viaduct", "Weaver", "Willow", "Wool",
];
const SECOND: [&str; 6] = ["bank", " Hatters", "croft", " Spinners", "field", " Weavers"];
const KIND: [&str; 6] = ["Street", "Road", "Avenue", "Close", "Lane", "Drive"];

/// The two last letters of the postcode of a sector's street.
fn letters(street: u32) -> [char; 2] {
    let pairs = (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| (a, b)));
    let mut never = pairs.filter(|(a, b)| NEVER.contains(a) || NEVER.contains(b));
    let (a, b) = never.nth((street % STREETS) as usize).unwrap_or((b'C', b'C'));
    [char::from(a), char::from(b)]
}

/// The street of a sector. Neighbouring sectors use the words in other orders.
fn street(sector: &str, street: u32) -> String {
    let turn: u32 = sector.bytes().fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 9973);
    // Multiplying by a number without a factor in common with the count keeps streets of one sector apart.
    let count = (FIRST.len() * SECOND.len()) as u32;
    let place = (street % STREETS * 125 + turn) % count;
    let (first, second) = (FIRST[(place % 46) as usize], SECOND[(place / 46) as usize % 6]);
    format!("{first}{second} {}", KIND[((place + turn) % 6) as usize])
}

/// A house of an area, by its place among its houses.
pub(crate) fn house(ground: &Ground, house: u32) -> Address {
    let number = ground.first_street + house / ground.houses;
    let [a, b] = letters(number);
    Address {
        // House numbers of a street are scattered, for only some of its houses are ours; below 98, each once.
        line: format!("{} {}", (house % ground.houses * 37 + number * 11) % 97 + 1, street(&ground.sector, number)),
        town: ground.town.clone(),
        postcode: format!("{}{a}{b}", ground.sector),
        area: ground.code.clone(),
        imd_decile: ground.decile,
        neighbourhood: ground.neighbourhood.clone(),
        care_home: None,
    }
}

/// The postcodes of an area's streets, each of them never in use and in no other area.
pub(crate) fn postcodes(ground: &Ground) -> impl Iterator<Item = String> {
    let streets = ground.households.div_ceil(ground.houses).max(1);
    (0..streets).map(|number| {
        let [a, b] = letters(ground.first_street + number);
        format!("{}{a}{b}", ground.sector)
    })
}

/// Somewhere in an area that nobody lived in on the first day.
pub(crate) fn elsewhere(ground: &Ground, draw: &mut Draw) -> Address {
    let streets = ground.households.div_ceil(ground.houses).max(1);
    let beyond = 101 + draw.below(90);
    let mut address = house(ground, draw.below(streets as usize) as u32 * ground.houses);
    if let Some((_, street)) = address.line.split_once(' ') {
        address.line = format!("{beyond} {street}");
    }
    address
}

/// A care home's own address.
pub(crate) fn care_home(home: &CareHome, ground: &Ground, place: &Place) -> Address {
    let (line, town) = home.address.rsplit_once(", ").unwrap_or((home.address.as_str(), place.about().name.as_str()));
    Address {
        line: format!("{}, {line}", home.name),
        town: town.to_owned(),
        postcode: home.postcode.to_string(),
        area: ground.code.clone(),
        imd_decile: ground.decile,
        neighbourhood: home.neighbourhood.clone(),
        care_home: Some(home.id.clone()),
    }
}

/// A telephone number that can never ring.
pub(crate) fn telephone(mobile: bool, draw: &mut Draw) -> String {
    let last = draw.below(1000);
    if mobile { format!("07700 900{last:03}") } else { format!("0161 496 0{last:03}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use place::Postcode;
    use std::collections::BTreeSet;

    #[test]
    fn streets_and_postcodes_of_a_sector_differ_and_are_never_in_use() {
        let streets: BTreeSet<String> = (0..STREETS).map(|number| street("SK6 6", number)).collect();
        assert_eq!(streets.len(), STREETS as usize);
        let pairs: BTreeSet<[char; 2]> = (0..STREETS).map(letters).collect();
        assert_eq!(pairs.len(), STREETS as usize);
        for pair in pairs {
            assert!(pair.iter().any(|letter| NEVER.contains(&(*letter as u8))), "{pair:?}");
            assert!(Postcode::parse(&format!("SK6 6{}{}", pair[0], pair[1])).is_ok());
        }
    }
}
