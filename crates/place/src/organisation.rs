//! The partner organisations of a place, their sites and the days between which they stood. Must not decide who may
//! see what; that is `access`.

use crate::rows::{optional_date, words};
use crate::{Basis, OdsCode, Postcode, Slug};
use jiff::civil::Date;
use serde::Deserialize;

/// A partner organisation.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Short name within the place: `stockport-ft`.
    pub id: Slug,
    /// Its full name.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// Its code in the NHS register, where it has one that we are sure of.
    pub ods: Option<OdsCode>,
    /// What sort of organisation it is.
    pub kind: OrganisationKind,
    /// What it does here, in a sentence.
    #[serde(deserialize_with = "words")]
    pub role: String,
    /// Its first day, where we are sure of it.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    /// Its last day.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// Who took its work over, where it has ended.
    pub successor: Option<Slug>,
    /// How we know.
    pub basis: Basis,
    /// Where it works.
    #[serde(default, rename = "site")]
    pub sites: Vec<Site>,
}

/// One place of work.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Short name within the place: `stepping-hill-hospital`.
    pub id: Slug,
    /// As people call it.
    #[serde(deserialize_with = "words")]
    pub name: String,
    /// Its code in the NHS register, where we are sure of it.
    pub ods: Option<OdsCode>,
    /// Where it stands, without the postcode.
    #[serde(deserialize_with = "words")]
    pub address: String,
    /// Its postcode.
    pub postcode: Postcode,
    /// Degrees east of Greenwich (WGS 84), where known; never without `lat`.
    pub lon: Option<f64>,
    /// Degrees north of the equator (WGS 84), where known; never without `lon`.
    pub lat: Option<f64>,
}

/// What sort of organisation a partner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// Buys health care for the people of the place.
    Commissioner,
    /// A hospital trust.
    Hospital,
    /// A mental health trust.
    MentalHealth,
    /// The local authority of the place.
    Council,
    /// General practices, named together.
    GeneralPractice,
    /// A federation of general practices.
    Federation,
    /// Primary care when practices are closed.
    OutOfHours,
    /// A hospice.
    Hospice,
    /// A charity, or voluntary organisations together.
    Voluntary,
    /// Several partners under one name.
    Partnership,
    /// The council of a neighbouring area.
    Neighbour,
    /// A body for the whole country.
    National,
}

impl Organisation {
    /// Whether it stood on that day, as far as we know: an unknown first day counts as long ago.
    #[must_use]
    pub fn stood_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}
