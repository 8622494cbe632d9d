//! Where two rows live, compared: postcode and address line together, for one says little without the other.

use crate::distance::{edits, jaro_winkler, within_one};
use crate::roll::{Roll, Row};

/// How two addresses stand to each other: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum HomeLevel {
    /// Neither postcodes nor address lines can be compared.
    Missing = 0,
    /// The same line and postcode.
    Same = 1,
    /// The same postcode, and lines that differ by a slip that touches no number.
    SameNearly = 2,
    /// The same postcode; a line is missing.
    PostcodeOnly = 3,
    /// The same line; the postcodes are one slip apart, or one is missing.
    LineOnly = 4,
    /// The same postcode and another line: neighbours.
    Neighbours = 5,
    /// The same line under another postcode, or line and postcode each a slip apart.
    Doubtful = 6,
    /// The same district.
    District = 7,
    /// Another district.
    Different = 8,
    /// Other lines, where a postcode is missing.
    DifferentLine = 9,
}

impl HomeLevel {
    /// How many levels there are.
    pub const COUNT: usize = 10;
}

/// Compares where two rows live.
#[must_use]
pub fn compare(roll: &Roll, one: &Row, other: &Row) -> HomeLevel {
    let lines = one.address != 0 && other.address != 0;
    let same_line = lines && one.address == other.address;
    if one.postcode == 0 || other.postcode == 0 {
        return match (lines, same_line) {
            (false, _) => HomeLevel::Missing,
            (true, true) => HomeLevel::LineOnly,
            (true, false) => HomeLevel::DifferentLine,
        };
    }
    if one.postcode == other.postcode {
        return if same_line {
            HomeLevel::Same
        } else if !lines {
            HomeLevel::PostcodeOnly
        } else if near(roll.addresses.text(one.address), roll.addresses.text(other.address)) {
            HomeLevel::SameNearly
        } else {
            HomeLevel::Neighbours
        };
    }
    let slip = || within_one(roll.postcodes.text(one.postcode), roll.postcodes.text(other.postcode));
    if same_line {
        return if slip() { HomeLevel::LineOnly } else { HomeLevel::Doubtful };
    }
    let district = |row: &Row| roll.districts.get(row.postcode as usize);
    if lines && slip() && near(roll.addresses.text(one.address), roll.addresses.text(other.address)) {
        HomeLevel::Doubtful
    } else if district(one) == district(other) {
        HomeLevel::District
    } else {
        HomeLevel::Different
    }
}

/// True for lines that are alike and have the same numbers in them: 12 and 13 High Road are two homes.
fn near(one: &str, other: &str) -> bool {
    let numbers = |text: &str| {
        text.bytes().filter(u8::is_ascii_digit).fold(0u64, |sum, digit| sum * 11 + u64::from(digit - b'0' + 1))
    };
    numbers(one) == numbers(other) && (edits(one, other, 2) <= 2 || jaro_winkler(one, other) >= 0.93)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::Claim;
    use crate::schema::Schema;

    #[test]
    fn homes_are_told_apart_by_line_and_postcode() {
        let mut roll = Roll::new(Schema::default(), true);
        let mut row = |address, postcode| roll.read(&Claim { address, postcode, ..Claim::default() }).0;
        let home = row("12 High Road", "SK4 1AA");
        let others = [
            (row("12, high road", "sk41aa"), HomeLevel::Same),
            (row("12 hihg road", "SK4 1AA"), HomeLevel::SameNearly),
            (row("13 High Road", "SK4 1AA"), HomeLevel::Neighbours),
            (row("", "SK4 1AA"), HomeLevel::PostcodeOnly),
            (row("12 High Road", "SK4 1AB"), HomeLevel::LineOnly),
            (row("12 High Road", ""), HomeLevel::LineOnly),
            (row("12 High Road", "M20 2AA"), HomeLevel::Doubtful),
            (row("9 Mill Lane", "SK4 9ZZ"), HomeLevel::District),
            (row("9 Mill Lane", "M20 2AA"), HomeLevel::Different),
            (row("9 Mill Lane", ""), HomeLevel::DifferentLine),
            (row("no fixed abode", "ZZ99 3VZ"), HomeLevel::Missing),
        ];
        for (other, expected) in others {
            assert_eq!(compare(&roll, &home, &other), expected);
            assert_eq!(compare(&roll, &other, &home), expected, "the other way round");
        }
    }

    #[test]
    fn a_withheld_address_takes_no_part() {
        let mut roll = Roll::new(Schema::default(), true);
        let claim = Claim { address: "12 High Road", postcode: "SK4 1AA", ..Claim::default() };
        let (open, _) = roll.read(&claim);
        let (withheld, _) = roll.read(&Claim { withheld: true, ..claim });
        assert_eq!(compare(&roll, &open, &withheld), HomeLevel::Missing);
    }
}
