//! The journey of an ask: somebody asks for help for a person; it gets one id and one owner, finds the right service at the right
//! level, and is closed by an outcome and an answer.
//!
//! Rules only: no SQL outside `views`, no page, no clock, no randomness. It knows nothing of how a record is kept.

pub mod team;

pub use team::Team;
