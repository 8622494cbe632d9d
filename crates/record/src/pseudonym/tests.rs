//! That nobody can be told from a pseudonymised row.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use place::suppression::LEAST;

#[test]
fn a_pseudonym_is_the_same_for_a_person_and_another_for_another_key() {
    let (one, other) = (Key::new([1; 32]), Key::new([2; 32]));
    let (person, neighbour) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(one.pseudonym(person), one.pseudonym(person));
    assert_ne!(one.pseudonym(person), one.pseudonym(neighbour));
    assert_ne!(one.pseudonym(person), other.pseudonym(person));
    assert_eq!(one.pseudonym(person).len(), 32);
    assert_eq!(format!("{one:?}"), "Key(…)", "nor does a log line show the key");
}

#[test]
fn a_pseudonym_is_the_hmac_of_the_standard() {
    // HMAC by its definition (RFC 2104), with nothing but SHA-256: the slow, obvious version.
    use sha2::Digest as _;
    let (key, person) = ([7_u8; 32], Uuid::from_u128(99));
    let padded = |mark: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ mark).collect() };
    let inner = Sha256::digest([padded(0x36), b"weft-pseudonym-1".to_vec(), person.as_bytes().to_vec()].concat());
    let outer = Sha256::digest([padded(0x5c), inner.to_vec()].concat());
    let hex: String = outer.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(Key::new(key).pseudonym(person), hex);
}

#[test]
fn ages_stand_in_tens_and_all_from_ninety_together() {
    let on = |born| band(Some(born), date(2026, 11, 22));
    assert_eq!(on(date(1936, 11, 22)), "90 and over");
    assert_eq!(on(date(1936, 11, 23)), "80 to 89");
    assert_eq!((on(date(1900, 1, 1)), on(date(2026, 11, 22))), ("90 and over", "0 to 9"));
    assert_eq!((on(date(2027, 1, 1)), band(None, date(2026, 1, 1))), (UNKNOWN, UNKNOWN));
}

#[test]
fn words_and_numbers_of_people_are_no_codes() {
    for fit in ["http://snomed.info/sct|84114007", "http://hl7.org/fhir/sid/icd-10|I50.0", "http://loinc.org|8480-6"] {
        assert_eq!(code(fit), Some(fit));
    }
    for unfit in [
        "|84114007",
        "http://snomed.info/sct|",
        "http://example.org|Margaret Ashworth",
        "http://example.org|ASHWORTH",
        "http://example.org|9990001006",
        "http://example.org|999 000 1006",
        "urn:weft:feed|1",
        "Margaret|1",
        "no bar",
    ] {
        assert_eq!(code(unfit), None, "{unfit}");
    }
    assert_eq!((month("2026-03-14T10:00:00Z"), month("2026-03")), (Some("2026-03"), Some("2026-03")));
    assert_eq!((month("2026"), month("a text of words"), month("2026-13-01")), (None, None, None));
}

#[test]
fn a_spreadsheet_calculates_nothing() {
    for (text, cell) in [
        ("=1+1", "\"'=1+1\""),
        ("+44", "\"'+44\""),
        ("-2", "\"'-2\""),
        ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("a,b", "\"a,b\""),
        ("say \"so\"", "\"say \"\"so\"\"\""),
        ("plain", "plain"),
    ] {
        assert_eq!(cell_text(text), cell);
    }
    assert_eq!(csv(&[]).lines().count(), 1);
}

fn any_person() -> impl Strategy<Value = Cell> {
    let hood = prop::sample::select(vec![Some("Marple"), Some("Werneth"), Some("Cheadle"), None]);
    (prop::sample::select(vec!["70 to 79", "90 and over"]), prop::sample::select(vec!["female", "male"]), hood)
        .prop_map(|(age, sex, hood)| Cell { age, sex, neighbourhood: hood.map(str::to_owned) })
}

proptest! {
    #[test]
    fn no_neighbourhood_is_told_of_fewer_than_seven_nor_can_be_worked_out(
        people in prop::collection::vec((any_person(), 1_usize..12), 0..14),
    ) {
        let people: Vec<Cell> = people.into_iter().flat_map(|(cell, times)| vec![cell; times]).collect();
        let told = told(&people);
        let count = |cell: &Cell| people.iter().filter(|one| *one == cell).count() as i64;
        for cell in &told {
            prop_assert!(cell.neighbourhood.is_some(), "nobody's whose place must not be told");
            prop_assert!(count(cell) >= LEAST, "{cell:?}");
        }
        // Whoever knows all neighbourhoods, and sees which are told, must not be left with one for those that are not.
        let hoods: BTreeSet<&String> = people.iter().filter_map(|cell| cell.neighbourhood.as_ref()).collect();
        let groups: BTreeSet<_> = people.iter().map(|cell| (cell.age, cell.sex)).collect();
        for (age, sex) in groups {
            let of = |hood: &str| Cell { age, sex, neighbourhood: Some(hood.to_owned()) };
            let hidden: Vec<_> = hoods.iter().filter(|hood| !told.contains(&of(hood))).collect();
            let in_hidden: i64 = hidden.iter().map(|hood| count(&of(hood))).sum();
            if in_hidden > 0 && hoods.len() > 1 {
                prop_assert!(hidden.len() > 1, "{age} {sex}: the one that is left is {hidden:?}");
            }
        }
    }
}
