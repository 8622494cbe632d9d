//! The tables of care and the only SQL about them. Each table is kept by one view and read through functions that name the
//! question, and that take a permit where the answer is about a person.

pub mod capacity;
pub mod crisis;
pub mod episode;
pub mod fall;
pub mod listed;
pub mod slot;
