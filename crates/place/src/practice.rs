//! A general practice: the list on which people are registered. Must not hold anything about the people on it.

use crate::rows::{date, optional_date, words};
use crate::{Basis, OdsCode, Postcode, Slug};
use jiff::civil::Date;
use serde::Deserialize;

/// A general practice with its list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// Its code in the NHS register: `P88002`.
    pub code: OdsCode,
    /// Its name in readable case.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// Where it stands, without the postcode.
    #[serde(deserialize_with = "words")]
    pub address: String,
    /// The postcode of its main site.
    pub postcode: Postcode,
    /// Degrees east of Greenwich (WGS 84).
    pub lon: f64,
    /// Degrees north of the equator (WGS 84).
    pub lat: f64,
    /// People registered, on `list_date`.
    pub list_size: u32,
    /// Of these, people of 18 and over.
    pub aged_18_over: u32,
    /// Of these, people of 65 and over.
    pub aged_65_over: u32,
    /// The day for which the list was counted.
    #[serde(deserialize_with = "date")]
    pub list_date: Date,
    /// What the register says of it.
    pub status: PracticeStatus,
    /// The day on which it closed.
    #[serde(default, deserialize_with = "optional_date")]
    pub closed: Option<Date>,
    /// The neighbourhood to which its people belong.
    pub neighbourhood: Slug,
    /// How we know the neighbourhood.
    pub neighbourhood_basis: Basis,
}

/// What the NHS register says of a practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PracticeStatus {
    /// It sees people.
    Active,
    /// It sees nobody, but the register keeps its code open.
    Dormant,
    /// It has closed; people's histories still name it.
    Closed,
}

impl Practice {
    /// Whether it is on the register as seeing people.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == PracticeStatus::Active
    }
}
