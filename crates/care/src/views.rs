//! The tables of the journey and the only SQL about them. Each is kept by one view from the log alone, and read through functions
//! that name the question and take a permit where the answer is about a person.

pub mod advice;
pub mod amendment;
pub mod ask;
pub mod call;
pub mod capacity;
pub mod crisis;
pub mod draft;
pub mod episode;
pub mod fall;
pub mod heard;
pub mod hop;
pub mod listed;
pub mod rota;
pub mod slot;
pub mod step;
pub mod whole;

#[cfg(test)]
mod tests;
