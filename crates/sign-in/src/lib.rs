//! Signing in by OpenID Connect: a provider of one's own organisation says who somebody is, and what it says becomes an
//! [`access::Subject`] or nothing. This crate must not know what anybody may see, nor how a page looks; time and randomness
//! are arguments.
//!
//! - [`provider`]: what a deployment says of each provider. [`roles`]: what the words of a provider mean here, as data.
//! - [`Providers`]: the one door: begin a sign-in, finish it, hear that somebody signed out elsewhere.

mod assertion;
mod base64;
mod claims;
mod discovery;
mod outside;
mod pending;
pub mod provider;
mod providers;
mod refusal;
pub mod roles;
mod token;

pub use claims::{Arrived, Person};
pub use outside::{Answer, Outside, Web};
pub use provider::{Kind, Provider, Written};
pub use providers::{Begun, Farewell, Gone, Providers, Returned};
pub use refusal::Refusal;
pub use roles::RoleMap;
