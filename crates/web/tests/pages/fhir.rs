//! The FHIR API by its routes, without a socket: who gets in, what the headers say, what is refused and in which words.
//! That real clients find their way is the journeys' (`tests/clients`).

mod ask;
mod audit;
pub(crate) mod client;
mod door;
mod hidden;
mod look;
pub(crate) mod message;
mod refusal;
mod version;
