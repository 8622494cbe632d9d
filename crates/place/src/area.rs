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
