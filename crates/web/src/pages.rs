//! One module a page: a view model of ready-made strings, and `render`. Must not read the store, the clock or the
//! request: handlers gather, these show.

pub mod about;
pub mod advice;
pub mod api;
pub mod ask;
pub mod back;
pub mod cascade;
pub mod challenge;
pub mod clock;
pub mod deed;
pub mod entry;
pub mod feeds;
pub mod find;
pub mod finding;
pub mod gate;
pub mod glass;
pub mod home;
pub mod identity;
pub mod me;
pub mod measure;
pub mod method;
pub mod neighbourhoods;
pub mod population;
pub mod privacy;
pub mod problem;
pub mod proxy;
pub mod pseudonym;
pub mod public;
pub mod quarantine;
pub mod question;
pub mod record;
pub mod rota;
pub mod rules;
pub mod score;
pub mod seal;
pub mod service;
pub mod sessions;
pub mod sharing;
pub mod sign_in;
pub mod slot;
pub mod status;
pub mod stay;
pub mod timeline;
pub mod who_looked;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
