//! Whether a change is real, sustained and enough to act on: measures with honest intervals, control charts, and the gate before
//! any bed is closed.
//!
//! The arithmetic here is pure: no database, no clock, no randomness but from a seed that is an argument. It never decides for
//! people: the gate's own answer is NO until every refusal is answered, and says what would change it.

pub mod challenge;
pub mod chart;
pub mod demonstration;
pub mod distribution;
pub mod gate;
pub mod indicator;
pub mod its;
pub mod known;
pub mod measure;
pub mod sheet;
pub mod spc;
pub mod views;

/// The views to open a store with.
#[must_use]
pub fn views() -> Vec<Box<dyn store::View>> {
    vec![Box::new(views::gate::Gates), Box::new(views::indicator::Indicators), Box::new(views::challenge::Challenges)]
}

/// Every constant statement of this crate, for the test that prepares each against both databases.
#[must_use]
pub fn statements() -> Vec<&'static store::Sql> {
    [views::gate::STATEMENTS, views::indicator::STATEMENTS, views::challenge::STATEMENTS].concat()
}
