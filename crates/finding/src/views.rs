//! The tables of case finding and the only SQL about them.

pub mod cohort;
pub mod dispute;
pub mod list;
