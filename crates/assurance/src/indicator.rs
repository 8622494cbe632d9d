//! Indicators: what is measured, of whom, which way is better, and how an indicator comes to be used: long-listed by an expert
//! reference group, short-listed, adopted, given a baseline, "what good looks like" agreed, retired. Must not hold numbers of people:
//! a definition says how they are counted, and [`crate::measure`] works them out.

mod claim;
mod definition;
mod life;

pub use claim::{Claim, ClaimError, Relation, Verdict};
pub use definition::{Definition, DefinitionError, Domain, Polarity, Split, Standardisation, Statistic, Target, read};
pub use life::{Command, Event, Life, Refusal, Stage};

#[cfg(test)]
mod tests;
