//! The tables of case finding and the only SQL about them.

pub mod dispute;
pub mod list;
