//! A neighbourhood: the part of a borough in which one team looks after the people of its practices. Whose
//! neighbourhood it is follows the practice at which a person is registered, never the address.

use crate::Slug;
use serde::Deserialize;

/// A neighbourhood of the place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbourhood {
    /// Short name for files and addresses: `stepping-hill`.
    pub id: Slug,
    /// As people write it: `Stepping Hill`.
    pub name: String,
}
