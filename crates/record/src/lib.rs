//! The person: who they are, what other systems say of them, and how that is shown in one place.
//!
//! Feeds come in (`feed`), each message is stored as it came and mapped to FHIR R4, the person index (`person`) finds or
//! makes the person, resources are kept in versions, and small *facts* (`fact`) are derived from them for the pages.
//! This crate must not know HTTP or HTML, and must not read the clock: time is an argument.

pub mod disagreement;
pub mod fact;
pub mod feed;
pub mod patient;
pub mod resource;
