//! Handlers: one module a noun, as in `pages`. Each gathers what its page shows, with a permit where it is about a person.

pub(crate) mod about;
pub(crate) mod advice;
pub(crate) mod api;
pub(crate) mod ask;
pub(crate) mod challenge;
pub(crate) mod clock;
pub(crate) mod crisis;
pub(crate) mod deed;
pub(crate) mod door;
pub(crate) mod fall;
pub(crate) mod feeds;
pub(crate) mod find;
pub(crate) mod finding;
pub(crate) mod gate;
pub(crate) mod glass;
pub(crate) mod home;
pub(crate) mod identity;
pub(crate) mod looks;
pub(crate) mod me;
pub(crate) mod measure;
pub(crate) mod method;
pub(crate) mod neighbourhoods;
pub(crate) mod person;
pub(crate) mod population;
pub(crate) mod privacy;
pub(crate) mod proxy;
pub(crate) mod pseudonyms;
pub(crate) mod public;
pub(crate) mod quarantine;
pub(crate) mod questions;
pub(crate) mod record;
pub(crate) mod ribbon;
pub(crate) mod rules;
pub(crate) mod score;
pub(crate) mod seal;
pub(crate) mod services;
pub(crate) mod sessions;
pub(crate) mod sharing;
pub(crate) mod sign_in;
pub(crate) mod slot;
pub(crate) mod stay;
mod table;
pub(crate) mod telephony;
pub(crate) mod timeline;

/// A page as an answer.
pub(crate) type Page = Result<axum::response::Html<String>, crate::app::Trouble>;
