//! Case finding: who needs help next, and why, from the record. The columns of the population are kept here in step with what
//! arrives, so that every rule can be asked of everybody in milliseconds and of one person at once; on them stand scores that can
//! be taken apart, disputes, and lists with their reasons, decisions and what came of them. A list is never made of an age alone,
//! and a score is never a verdict. This crate must not know HTTP or HTML, and must not read the clock; what it shows of one
//! person, a permit of `access` has been asked for.

pub mod cascade;
pub mod case;
mod change;
pub mod coded;
pub mod dispute;
mod done;
pub mod effect;
pub mod elsewhere;
mod held;
mod keeper;
pub mod left;
pub mod list;
mod make;
pub mod run;
pub mod saved;
pub mod views;
pub mod words;

pub use coded::Coded;
pub use done::SOURCE;
pub use held::{Held, NotHeld};
pub use keeper::{Keeper, Trouble, threads};
pub use left::{LeftOut, Reason};
pub use saved::{NotUsed, Saved};

/// The views to open a store with, after those of the record and of care.
#[must_use]
pub fn views() -> Vec<Box<dyn store::View>> {
    vec![Box::new(views::dispute::Disputes), Box::new(views::list::Lists)]
}

/// Every constant statement of this crate, for the test that prepares each against both databases.
#[must_use]
pub fn statements() -> Vec<&'static store::Sql> {
    [views::dispute::STATEMENTS, views::list::STATEMENTS].concat()
}
