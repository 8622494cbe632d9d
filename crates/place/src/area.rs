//! Small areas of a place and how deprived they are, for equity and for maps. Must not be used to say to which
//! neighbourhood a person belongs: that follows the practice.

use crate::rows::words;
use crate::{Basis, Slug};
use serde::Deserialize;

/// A lower layer super output area of 2021: about 1,500 people. Deprivation is that of the area, not of a person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The ONS code: `E01005743`.
    #[serde(deserialize_with = "words")]
    pub code: String,
    /// The ONS name: `Stockport 009A`.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// The ONS code of its ward (2024).
    #[serde(deserialize_with = "words")]
    pub ward_code: String,
    /// The name of its ward (2024).
    #[serde(deserialize_with = "words")]
    pub ward: String,
    /// The neighbourhood in which most of it lies.
    pub neighbourhood: Slug,
    /// How we know the neighbourhood.
    pub neighbourhood_basis: Basis,
    /// Index of Multiple Deprivation 2025: the tenth of England's areas, 1 the most deprived.
    pub imd2025_decile: u8,
    /// The same, as a rank among England's areas, 1 the most deprived.
    pub imd2025_rank: u32,
    /// The same, as a score; higher is more deprived.
    pub imd2025_score: f64,
    /// Index of Multiple Deprivation 2019: the tenth of England's areas, 1 the most deprived.
    pub imd2019_decile: u8,
    /// The same, as a rank among England's areas, 1 the most deprived.
    pub imd2019_rank: u32,
}

impl Area {
    /// Which fifth of England's areas it is among by deprivation, 1 the most deprived: two tenths of the Index of Multiple Deprivation
    /// 2025 make a fifth. The index is the English Indices of Deprivation 2025 (Ministry of Housing, Communities and Local Government),
    /// over the areas of all England and not over those of the place. It says how deprived an area is and nothing of one person in it.
    #[must_use]
    pub const fn quintile(&self) -> u8 {
        self.imd2025_decile.div_ceil(2)
    }
}

#[cfg(test)]
mod tests {
    use crate::Place;

    #[test]
    fn two_tenths_are_a_fifth_and_the_most_deprived_is_the_first() {
        let place = Place::built_in().unwrap();
        let mut seen = [false; 6];
        for area in place.areas() {
            let fifth = match area.imd2025_decile {
                1 | 2 => 1,
                3 | 4 => 2,
                5 | 6 => 3,
                7 | 8 => 4,
                _ => 5,
            };
            assert_eq!(area.quintile(), fifth, "{}", area.code);
            seen[usize::from(fifth)] = true;
            // England has 33,755 areas, so a fifth has 6,751.
            assert_eq!(u32::from(fifth), (area.imd2025_rank - 1) / 6_751 + 1, "{}", area.code);
        }
        assert_eq!(seen, [false, true, true, true, true, true], "the borough has areas of every fifth");
    }
}
