//! The tables of assurance and the only SQL about them.

pub mod gate;
