//! The journey of an ask: somebody asks for help for a person; it gets one id and one owner, finds the right service at the right
//! level, and is closed by an outcome and an answer.
//!
//! Rules only: no SQL outside `views`, no page, no clock, no randomness. It knows nothing of how a record is kept.

pub mod advice;
pub mod age;
pub mod ask;
pub mod call;
pub mod capacity;
pub mod carry;
pub mod clock;
pub mod crisis;
pub mod draft;
pub mod episode;
pub mod fall;
pub mod hop;
pub mod notice;
pub mod reciprocal;
pub mod rota;
pub mod service;
pub mod slot;
pub mod team;
pub mod telephony;
pub mod triage;
pub mod views;
pub mod words;
pub mod worklist;

pub use ask::Ask;
pub use team::Team;
pub use words::Words;

/// The views to open a store with, after those of the record.
#[must_use]
pub fn views() -> Vec<Box<dyn store::View>> {
    vec![
        Box::new(views::ask::Asks),
        Box::new(views::hop::Hops),
        Box::new(views::heard::Moments),
        Box::new(views::draft::Drafts),
        Box::new(views::amendment::Amendments),
        Box::new(views::capacity::Figures),
        Box::new(views::episode::Episodes),
        Box::new(views::slot::Slots),
        Box::new(views::crisis::Responses),
        Box::new(views::fall::Falls),
        Box::new(views::rota::Rotas),
        Box::new(views::call::Calls),
        // After the calls: a promise on a line is about whom its call is about.
        Box::new(views::advice::Questions),
    ]
}

/// Every constant statement of this crate, for the test that prepares each against both databases.
#[must_use]
pub fn statements() -> Vec<&'static store::Sql> {
    [
        views::ask::STATEMENTS,
        views::ask::read::STATEMENTS,
        views::hop::STATEMENTS,
        views::heard::STATEMENTS,
        views::draft::STATEMENTS,
        views::amendment::STATEMENTS,
        views::capacity::STATEMENTS,
        views::episode::STATEMENTS,
        views::slot::STATEMENTS,
        views::crisis::STATEMENTS,
        views::fall::STATEMENTS,
        views::rota::STATEMENTS,
        views::call::STATEMENTS,
        views::advice::STATEMENTS,
        views::whole::STATEMENTS,
    ]
    .concat()
}
