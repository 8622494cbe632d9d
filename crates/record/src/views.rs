//! The tables of the record and the only SQL about them. Each table is kept by one view and read through functions that
//! name the question, and that take a permit where the answer is about a person.

pub mod belonging;
pub mod demographic;
pub mod fact;
pub mod happening;
pub mod interaction;
pub mod linkage;
pub mod message;
pub mod oversight;
pub mod person;
pub mod pseudonym;
pub mod search;
pub mod standing;
pub mod whole;
