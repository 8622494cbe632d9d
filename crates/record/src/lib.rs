//! The person: who they are, what other systems say of them, and how that is shown in one place.
//!
//! Messages come in by a feed ([`feeds`], [`feed`]), are taken in whole or put in quarantine ([`ingest`]), the person index
//! ([`person`]) says whose they are, resources are kept in versions by the store, and small *facts* ([`mod@fact`]) are derived
//! from them for the pages ([`summary`]). This crate must not know HTTP or HTML, and must not read the clock: time is an
//! argument. Person data is read only with a permit from `access`.

mod audit_event;
pub mod disagreement;
pub mod fact;
pub mod feed;
pub mod feeds;
pub mod find;
pub mod happening;
pub mod identity;
pub mod ingest;
pub mod interaction;
pub mod linkage;
pub mod message;
pub mod oversight;
pub mod patient;
pub mod person;
pub mod posted;
pub mod pseudonym;
pub mod quarantine;
pub mod resource;
pub mod review;
pub mod search;
pub mod sensitivity;
pub mod sight;
pub mod standing;
pub mod summary;
pub mod views;
pub mod whole;
pub mod worklist;

/// The views to open a store with, for the organisations of a place. People come first: the others ask them whose is what.
#[must_use]
pub fn views(place: &place::Place) -> Vec<Box<dyn store::View>> {
    vec![
        Box::new(views::person::People),
        Box::new(views::message::Messages),
        Box::new(views::demographic::DemographicView),
        Box::new(views::linkage::Linkage),
        Box::new(views::fact::Facts),
        Box::new(views::search::Search::default()),
        Box::new(views::belonging::Belongings),
        Box::new(views::happening::Happenings),
        Box::new(views::oversight::Readers),
        Box::new(views::standing::StandingView::of(place)),
    ]
}

/// Every constant statement of this crate, for the test that prepares each against both databases.
#[must_use]
pub fn statements() -> Vec<&'static store::Sql> {
    [
        views::person::STATEMENTS,
        views::pseudonym::STATEMENTS,
        views::message::STATEMENTS,
        views::demographic::STATEMENTS,
        views::linkage::STATEMENTS,
        views::linkage::OF_ROWS,
        views::linkage::OF_PAIRS,
        views::fact::STATEMENTS,
        views::interaction::STATEMENTS,
        views::belonging::STATEMENTS,
        views::happening::STATEMENTS,
        views::oversight::STATEMENTS,
        views::standing::STATEMENTS,
        views::whole::STATEMENTS,
        views::search::STATEMENTS,
        views::search::rows::STATEMENTS,
        views::search::read::STATEMENTS,
    ]
    .concat()
}
