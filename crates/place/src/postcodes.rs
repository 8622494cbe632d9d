//! In which small area a postcode lies, from the place's own list: the only way from where somebody lives to how deprived it is.
//! A place without the list knows it of nobody. Must not guess: a postcode that is not listed lies nowhere here.

use crate::rows::{Row, Table, words};
use crate::{Area, Postcode, Problems};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// The list of a place, from the postcode directory of the Office for National Statistics.
pub const LISTED: &str = "postcodes.csv";
/// A list beside it whose postcodes are nobody's: those of a demonstration's invented streets.
pub const INVENTED: &str = "invented_postcodes.csv";

/// A row of either file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    postcode: Postcode,
    /// The code of the area: `E01005743`.
    #[serde(deserialize_with = "words")]
    area: String,
}

/// Postcodes and the areas in which they lie: eight bytes each, found by halving.
#[derive(Debug, Clone, Default)]
pub(crate) struct Postcodes {
    /// The postcode above, the place of its area among the areas below; in order.
    packed: Vec<u64>,
    /// Whether any of them is invented.
    pub(crate) is_invented: bool,
}

/// Bits for the place of an area among the areas.
const AREA: u32 = 20;

/// A postcode as a number: seven letters and digits at most, to the base 36 with a place for nothing.
fn number(postcode: &Postcode) -> u64 {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => u64::from(byte - b'0') + 1,
        _ => u64::from(byte.wrapping_sub(b'A').min(25)) + 11,
    };
    postcode.as_str().bytes().filter(|byte| *byte != b' ').fold(0, |number, byte| number * 37 + digit(byte))
}

impl Postcodes {
    /// Of both files. What is wrong in them is told by file and line; a row that is wrong is in no list.
    pub(crate) fn of(listed: &[&Table<Listed>], areas: &Table<Area>, problems: &mut Problems) -> Self {
        let codes: HashMap<&str, u64> = areas.rows.iter().map(|row| row.value.code.as_str()).zip(0..).collect();
        let mut first: BTreeMap<u64, (&str, Option<u64>)> = BTreeMap::new();
        let mut packed = Vec::new();
        for table in listed {
            for row in &table.rows {
                let number = number(&row.value.postcode);
                let line = row.line_of("postcode");
                if let Some((file, other)) = first.get(&number) {
                    let other = other.map_or_else(String::new, |line| format!(", line {line}"));
                    let message = format!(
                        "postcode: it stands already in {file}{other}; a postcode lies in one area, so remove one"
                    );
                    problems.add(&table.file, line, message);
                    continue;
                }
                first.insert(number, (&table.file, line));
                match codes.get(row.value.area.as_str()) {
                    Some(area) => packed.push(number << AREA | area),
                    None => unknown(table, row, areas, problems),
                }
            }
        }
        packed.sort_unstable();
        let is_invented = listed.iter().any(|table| table.file == INVENTED && !table.rows.is_empty());
        Self { packed, is_invented }
    }

    /// The place of its area among the areas.
    pub(crate) fn find(&self, postcode: &Postcode) -> Option<usize> {
        let number = number(postcode);
        let at = self.packed.partition_point(|packed| packed >> AREA < number);
        let packed = self.packed.get(at).filter(|packed| **packed >> AREA == number)?;
        usize::try_from(packed & ((1 << AREA) - 1)).ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.packed.len()
    }
}

fn unknown(table: &Table<Listed>, row: &Row<Listed>, areas: &Table<Area>, problems: &mut Problems) {
    let area = &row.value.area;
    // Where areas.csv could not be read to its end nothing can be called missing from it.
    if !areas.knows(area) {
        let message =
            format!("area: \"{area}\" is not in {}; list postcodes of the place's own areas alone", areas.file);
        problems.add(&table.file, row.line_of("area"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn postcode() -> impl Strategy<Value = Postcode> {
        "([A-Z][0-9]|[A-Z][0-9][0-9]|[A-Z][A-Z][0-9]|[A-Z][A-Z][0-9][0-9]|[A-Z][0-9][A-Z]|[A-Z][A-Z][0-9][A-Z])[0-9][A-Z][A-Z]"
            .prop_map(|text| Postcode::parse(&text).unwrap())
    }

    proptest! {
        #[test]
        fn a_list_in_numbers_finds_what_a_list_in_words_finds(
            listed in prop::collection::btree_map(postcode(), 0u64..300, 0..60),
            others in prop::collection::vec(postcode(), 20),
        ) {
            let mut packed: Vec<u64> = listed.iter().map(|(postcode, area)| number(postcode) << AREA | area).collect();
            packed.sort_unstable();
            let postcodes = Postcodes { packed, is_invented: false };
            for postcode in listed.keys().chain(&others) {
                let found = postcodes.find(postcode).map(|area| area as u64);
                prop_assert_eq!(found, listed.get(postcode).copied(), "{}", postcode);
            }
        }
    }
}
