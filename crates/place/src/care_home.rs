//! A care home and the practice that looks after its residents. Must not hold anything about the residents.

use crate::rows::words;
use crate::{Basis, OdsCode, Postcode, Slug};
use serde::Deserialize;

/// A care home.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareHome {
    /// Short name within the place: `bruce-lodge`.
    pub id: Slug,
    /// Its name in readable case.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// With nurses or without.
    pub kind: HomeKind,
    /// Where it stands, without the postcode.
    #[serde(deserialize_with = "words")]
    pub address: String,
    /// Its postcode.
    pub postcode: Postcode,
    /// Degrees east of Greenwich (WGS 84).
    pub lon: f64,
    /// Degrees north of the equator (WGS 84).
    pub lat: f64,
    /// The neighbourhood in which it stands.
    pub neighbourhood: Slug,
    /// How we know the neighbourhood.
    pub neighbourhood_basis: Basis,
    /// The practice that makes its weekly round.
    pub practice: OdsCode,
    /// How we know the practice.
    pub practice_basis: Basis,
}

/// Whether a home has nurses of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HomeKind {
    /// With registered nurses day and night.
    Nursing,
    /// Personal care only; nurses come from outside.
    Residential,
}
