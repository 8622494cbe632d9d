//! FHIR R4 (4.0.1) as data: what its types and search parameters are, whether a resource keeps to them, what a search asks
//! for, and what a search index must hold of a resource to answer it.
//!
//! Everything is a pure function over `serde_json::Value` and text; the definitions are compiled from HL7's own, fetched by
//! lockfile when this crate is built and never committed. This crate must not know a database, HTTP, or who asks.

pub mod capability;
pub mod definitions;
pub mod elements;
pub mod entry;
pub mod index;
pub mod issue;
pub mod moment;
pub mod parameter;
pub mod patch;
pub mod path;
pub mod query;
pub mod reference;
pub mod splice;
pub mod validate;
