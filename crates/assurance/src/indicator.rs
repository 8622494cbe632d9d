//! Indicators: what is measured, of whom, which way is better, and how an indicator comes to be used: long-listed by an expert
//! reference group, short-listed, adopted, given a baseline, "what good looks like" agreed, retired. Must not hold numbers of people:
//! a definition says how they are counted, and [`crate::measure`] works them out.

mod claim;
mod definition;
mod figures;
mod life;
pub mod reading;
pub mod standard;
mod table;

pub use claim::{Claim, ClaimError, Relation, Verdict, claims};
pub use definition::{
    Band, Bands, Definition, DefinitionError, Domain, Polarity, Split, Standardisation, Statistic, Target, of_place,
    read,
};
pub use figures::{Change, Figure, Figures, Refusal as FiguresRefusal, Report, Restated, Slice, Value};
pub use life::{Command, Event, Life, Refusal, Stage};
pub use table::of_csv;

#[cfg(test)]
mod tests;
