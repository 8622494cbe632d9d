//! Who needs help next, and why. Things that happened to people lie in columns (who, which code, on which day, what value, said
//! by whom); rules that are data (registers, scores, segments) are asked of one person or of everybody; every answer can say
//! which records it rests on. Made for reading: it knows no database, no page and no event, reads no clock and draws nothing.

pub mod bits;
pub mod code;
pub mod cohort;
pub mod columns;
pub mod day;
pub mod decimal;
pub mod dispute;
pub mod equity;
pub mod everyone;
pub mod explore;
pub mod fault;
pub mod input;
pub mod instrument;
pub mod invented;
pub mod keep;
pub mod library;
pub mod one;
pub mod people;
pub mod plan;
pub mod release;
pub mod rule;
pub mod unit;
pub mod words;

/// The text of what decides here how a code, a unit and a day are read. Whoever keeps events makes them anew where this has changed.
pub const MEANING: &[&str] = &[include_str!("code.rs"), include_str!("unit.rs"), include_str!("day.rs")];
